//! `GET /api/v1/productos/exportar` (contract 4.7, G-18, G-19).

use axum::{
    extract::{FromRequestParts, State},
    http::{
        HeaderMap, HeaderValue,
        header::{ACCEPT, CONTENT_DISPOSITION, CONTENT_TYPE},
        request::Parts,
    },
    response::Response,
};
use diario_projections::{Begin, Page, products};

use super::{
    caller::{Caller, ProductsRead},
    limited,
    sheet::{self, Cell},
    views::{self, Size, Wanted},
};
use crate::{
    error::Problem,
    http::{
        App, Params,
        json::{cost, price, quantity},
    },
};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// Products that are read at once.
const AT_ONCE: i64 = 2_000;

/// A caller whose request is counted among the exports too.
pub struct Counted(Caller<ProductsRead>);

impl std::ops::Deref for Counted {
    type Target = Caller<ProductsRead>;

    fn deref(&self) -> &Caller<ProductsRead> {
        &self.0
    }
}

impl FromRequestParts<App> for Counted {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let caller = Caller::<ProductsRead>::from_request_parts(parts, app).await?;
        let bucket = format!("exports/{}/{}", caller.tenant, caller.token.key_id);
        limited::take(app, &parts.extensions, &bucket, limited::EXPORTS)?;
        Ok(Self(caller))
    }
}

/// Products as a file: CSV, or an Excel workbook where `format` or `Accept` asks for one. With `include_variants`
/// there is a line for each size in each store.
#[utoipa::path(get, path = "/api/v1/productos/exportar", operation_id = "gestion_nube.products_export", tag = "Products",
    security(("token" = ["products:read"])),
    params(("format" = Option<String>, Query), ("q" = Option<String>, Query), ("code" = Option<String>, Query),
        ("category_id" = Option<i64>, Query), ("provider_id" = Option<i64>, Query), ("active" = Option<bool>, Query),
        ("include_stock" = Option<bool>, Query), ("include_variants" = Option<bool>, Query)),
    responses((status = 200, content_type = "text/csv", description = "A file"), (status = 400), (status = 401), (status = 403), (status = 429)))]
pub async fn handle(
    State(app): State<App>,
    caller: Counted,
    headers: HeaderMap,
    params: Params,
) -> Result<Response, Problem> {
    let wanted = Wanted::of(&params)?;
    let filter = views::filter(&params)?;
    let format = params.opt_word("format", &["csv", "xlsx"]).map_err(Problem::in_query)?;
    let accepts = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let workbook = format.map_or_else(|| accepts.contains(XLSX), |format| format == "xlsx");
    let mut head = vec![
        "id",
        "code",
        "name",
        "description",
        "category",
        "provider",
        "active",
        "retailer_price",
        "wholesaler_price",
        "unit_cost",
    ];
    if wanted.stock {
        head.push("stock_total");
    }
    if wanted.variants {
        head.extend(["size_id", "size", "barcode", "sku", "store_id", "store_name", "stock_disponible"]);
    }
    let mut lines = Vec::new();
    let mut begin = Begin::After(None);
    loop {
        let page = Page { begin, limit: AT_ONCE };
        let found = products::list(&app.db, caller.tenant, &filter, page).await?;
        let ids: Vec<_> = found.rows.iter().map(|row| row.product_id).collect();
        let mut sizes = if wanted.stock || wanted.variants {
            views::sizes(&app, caller.tenant, &ids).await?
        } else {
            std::collections::HashMap::new()
        };
        for row in &found.rows {
            let sizes = sizes.remove(&row.product_id).unwrap_or_default();
            let mut line = vec![
                Cell::Number(row.product_id.to_string()),
                Cell::Text(row.code.clone()),
                Cell::Text(row.name.clone()),
                Cell::Text(row.description.clone().unwrap_or_default()),
                Cell::Text(views::category(row).unwrap_or_default()),
                Cell::Text(row.provider.clone().unwrap_or_default()),
                Cell::Number(i64::from(row.is_active).to_string()),
                Cell::Number(price(row.retailer_price).to_string()),
                Cell::Number(price(row.wholesaler_price).to_string()),
                Cell::Number(cost(row.unit_cost).to_string()),
            ];
            if wanted.stock {
                line.push(Cell::Number(quantity(views::stock_total(&sizes)).to_string()));
            }
            if wanted.variants {
                lines.extend(by_size(&line, &sizes));
            } else {
                lines.push(line);
            }
        }
        match found.next {
            Some(cursor) => begin = Begin::After(Some(cursor)),
            None => break,
        }
    }
    if workbook {
        let bytes =
            sheet::xlsx(&head, &lines).map_err(|error| Problem::Internal(std::sync::Arc::new(error)))?;
        return Ok(file(bytes, XLSX, "productos.xlsx"));
    }
    let bytes = sheet::csv(&head, &lines).map_err(|error| Problem::Internal(std::sync::Arc::new(error)))?;
    Ok(file(bytes, "text/csv; charset=utf-8", "productos.csv"))
}

/// A product's line for each size in each store; one with nothing behind it where there are none.
fn by_size(line: &[Cell], sizes: &[Size]) -> Vec<Vec<Cell>> {
    let mut lines = Vec::new();
    let mut add = |more: [Cell; 7]| lines.push(line.iter().cloned().chain(more).collect());
    let none = || Cell::Text(String::new());
    for size in sizes {
        let variant = &size.variant;
        let own = || {
            (
                Cell::Number(variant.size_id.to_string()),
                Cell::Text(variant.size.clone()),
                Cell::Text(variant.barcode.clone()),
                Cell::Text(variant.sku.clone()),
            )
        };
        for row in &size.stores {
            let (id, name, barcode, sku) = own();
            let store = Cell::Number(row.store_id.to_string());
            let available = Cell::Number(quantity(row.available()).to_string());
            add([id, name, barcode, sku, store, Cell::Text(row.store_name.clone()), available]);
        }
        if size.stores.is_empty() {
            let (id, name, barcode, sku) = own();
            add([id, name, barcode, sku, none(), none(), none()]);
        }
    }
    if sizes.is_empty() {
        add([none(), none(), none(), none(), none(), none(), none()]);
    }
    lines
}

fn file(bytes: Vec<u8>, kind: &'static str, name: &'static str) -> Response {
    let mut response = Response::new(bytes.into());
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        response.headers_mut().insert(CONTENT_DISPOSITION, value);
    }
    response
}
