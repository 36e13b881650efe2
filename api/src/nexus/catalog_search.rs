//! `GET /pos/api/catalog/search` (contract 5.4): parts by number or by words, the best first.

use axum::{Json, extract::State};
use diario_projections::catalog::{self, Match, PARTS_MAX};
use serde_json::{Value, json};

use super::{
    catalog_parts,
    session::{CatalogView, May},
};
use crate::{
    error::{Problem, Rule},
    http::{App, Params},
};

/// The shortest text that is searched.
const TEXT_MIN: usize = 2;
/// The longest.
const TEXT_MAX: usize = 200;

/// Parts by number or text.
#[utoipa::path(get, path = "/pos/api/catalog/search", operation_id = "nexus.catalog_search", tag = "Catalog",
    security(("token" = ["catalog.view"])),
    params(("q" = String, Query, description = "At least two characters: a part number with or without dashes, spaces \
            and dots, its beginning, a cross reference, or words"),
        ("limit" = Option<i64>, Query, description = "50, at most 200"), ("branch_id" = Option<i64>, Query)),
    responses((status = 200, example = json!({"data": [{"id": 12_345, "part_number": "04465-02220", "name": "Pastillas de freno",
        "manufacturer": "TOYOTA", "local_stock": 5, "local_price": 350.00, "alternatives_count": 3, "inventory_id": 1,
        "match": "number"}]}))))]
pub async fn handle(
    State(app): State<App>,
    session: May<CatalogView>,
    params: Params,
) -> Result<Json<Value>, Problem> {
    let text = params.opt_text("q").ok_or_else(|| Problem::field("q", Rule::Required))?.trim();
    let length = text.chars().count();
    if length < TEXT_MIN {
        return Err(Problem::field("q", Rule::TextFrom(TEXT_MIN)));
    }
    if length > TEXT_MAX {
        return Err(Problem::field("q", Rule::TextUpTo(TEXT_MAX)));
    }
    let limit = params.opt_int("limit")?.unwrap_or(50).min(PARTS_MAX);
    if limit < 1 {
        return Err(Problem::field("limit", Rule::IntegerFrom(1)));
    }
    let found = catalog::find_by_text(&app.db, catalog_parts::asker(&session, &params)?, text, limit).await?;
    let data: Vec<_> = found
        .iter()
        .map(|(why, row)| {
            let mut view = catalog_parts::view(row);
            view.insert("match".to_owned(), word(*why).into());
            view
        })
        .collect();
    Ok(Json(json!({"data": data})))
}

const fn word(why: Match) -> &'static str {
    match why {
        Match::Number => "number",
        Match::CrossReference => "cross_reference",
        Match::NumberPrefix => "number_prefix",
        Match::Words => "words",
    }
}
