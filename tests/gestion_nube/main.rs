//! The Gestion Nube surface against its contract (section 4).

mod admin;
mod coverage;
mod export;
mod guards;
mod inventory;
mod limits;
mod prices;
mod printed_samples;
mod products;
mod tokens;

use diario_tests::{Answer, assert_shape};
use reqwest::Method;
use serde_json::{Value, json};

/// An operation of the surface: its name, its method, its path with `{id}` for a product's id, the ability it needs,
/// and a body that it takes.
pub struct Operation {
    pub name: &'static str,
    pub method: &'static str,
    pub path: &'static str,
    pub ability: Option<&'static str>,
    pub body: Option<&'static str>,
}

const fn op(
    name: &'static str,
    method: &'static str,
    path: &'static str,
    ability: Option<&'static str>,
    body: Option<&'static str>,
) -> Operation {
    Operation { name, method, path, ability, body }
}

const PRICES: Option<&str> = Some(r#"{"retailer_price": 18500, "wholesaler_price": 13000}"#);

/// Everything behind a token.
#[rustfmt::skip]
pub const OPERATIONS: &[Operation] = &[
    op("tokens_list", "GET", "/api/v1/tokens", None, None),
    op("tokens_revoke_current", "DELETE", "/api/v1/tokens/current", None, None),
    op("tokens_revoke", "DELETE", "/api/v1/tokens/{token_id}", None, None),
    op("user", "GET", "/api/v1/usuario", None, None),
    op("ping", "GET", "/api/v1/ping", None, None),
    op("prices_demo", "GET", "/api/v1/precios/demo", Some("prices:read"), None),
    op("prices_list", "GET", "/api/v1/precios/obtener", Some("prices:read"), None),
    op("price_lists", "GET", "/api/v1/precios/listas", Some("prices:read"), None),
    op("prices_set", "PUT", "/api/v1/precios/1/producto/{id}", Some("prices:write"), Some(r#"{"price": 2500.00}"#)),
    op("products_list", "GET", "/api/v1/productos/obtener", Some("products:read"), None),
    op("products_detail", "GET", "/api/v1/productos/ver/{id}", Some("products:read"), None),
    op("products_export", "GET", "/api/v1/productos/exportar", Some("products:read"), None),
    op("products_update", "PUT", "/api/v1/productos/{id}", Some("products:write"), PRICES),
    op("products_update_patch", "PATCH", "/api/v1/productos/{id}", Some("products:write"), PRICES),
    op("products_prices", "PUT", "/api/v1/productos/{id}/precios", Some("prices:write"), PRICES),
    op("products_prices_patch", "PATCH", "/api/v1/productos/{id}/precios", Some("prices:write"), PRICES),
    op("inventory_list", "GET", "/api/v1/inventario/obtener", Some("inventory:read"), None),
    op("inventory_detail", "GET", "/api/v1/inventario/{id}", Some("inventory:read"), None),
];

impl Operation {
    pub fn verb(&self) -> Method {
        self.method.parse().unwrap()
    }

    pub fn at(&self, id: &str) -> String {
        self.path.replace("{id}", id).replace("{token_id}", id)
    }

    pub fn json(&self) -> Option<Value> {
        self.body.map(|text| serde_json::from_str(text).unwrap())
    }
}

/// What is wrong with an answer that should be a refusal in the surface's shape, if anything is.
pub fn fault(answer: &Answer, status: u16) -> Option<String> {
    let message = answer.body["message"].as_str().unwrap_or_default();
    let errors = answer.body.get("errors").is_none_or(|errors| {
        errors.as_object().is_some_and(|map| {
            !map.is_empty()
                && map.values().all(|list| list.as_array().is_some_and(|list| list[0].is_string()))
        })
    });
    let known = answer.header("content-type") == Some("application/json");
    let id = answer.header("x-request-id").is_some();
    if answer.status == status && !message.is_empty() && errors && known && id {
        return None;
    }
    Some(format!("{} answered {} instead of {status}: {}", answer.request, answer.status, answer.text()))
}

/// Holds an answer to being a refusal that names `word`.
#[track_caller]
pub fn refused(answer: &Answer, status: u16, word: &str) {
    if let Some(fault) = fault(answer, status) {
        panic!("{fault}");
    }
    assert!(answer.text().contains(word), "{} says nothing of {word}: {}", answer.request, answer.text());
}

/// Holds an answer to the documented paging: `meta`, `links` and headers agree.
#[track_caller]
pub fn paged(answer: &Answer, page: i64, per_page: i64, total: i64) {
    let last = ((total + per_page - 1) / per_page).max(1);
    let shown = i64::try_from(answer["data"].as_array().unwrap().len()).unwrap();
    let first = (page - 1) * per_page + 1;
    assert_shape(
        &answer["meta"],
        &json!({
            "current_page": page, "per_page": per_page, "total": total, "last_page": last,
            "from": if shown == 0 { Value::Null } else { json!(first) },
            "to": if shown == 0 { Value::Null } else { json!(first + shown - 1) },
            "has_more_pages": page < last, "path": "string"
        }),
    );
    assert_eq!(shown, (total - first + 1).clamp(0, per_page), "{}", answer.text());
    for (name, value) in
        [("x-total-count", total), ("x-per-page", per_page), ("x-current-page", page), ("x-last-page", last)]
    {
        assert_eq!(answer.header(name), Some(value.to_string().as_str()), "{name} of {}", answer.request);
    }
    let links = &answer["links"];
    let of = |name: &str| links[name].as_str().unwrap_or_else(|| panic!("no {name} in {links}")).to_owned();
    let base = answer["meta"]["path"].as_str().unwrap();
    assert!(of("first").starts_with(base) && of("first").ends_with("page=1"));
    assert!(of("last").ends_with(&format!("page={last}")));
    assert_eq!(links["prev"].is_null(), page == 1, "{links}");
    assert_eq!(links["next"].is_null(), page >= last, "{links}");
}
