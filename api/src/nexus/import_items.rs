//! `POST /pos/api/import/items`: items with prices and opening stock from a file.

use axum::{extract::State, response::Response};

use super::{
    session::{InventoryCreate, May},
    upload::{self, Upload},
};
use crate::{
    error::Problem,
    http::{App, Params},
    import::What,
};

/// Creates the items of a CSV or XLSX file; the body is the file.
#[utoipa::path(post, path = "/pos/api/import/items", operation_id = "nexus.import_items", tag = "Import",
    security(("token" = ["inventory.create"])),
    description = "The body is the file itself, CSV in UTF-8 or XLSX, of at most 16 MB and 20,000 rows. \
        `errors` name row and column; a row is the file's line, the header is row 1.",
    params(("dry_run" = Option<bool>, Query), ("mode" = Option<String>, Query, description = "`all_or_nothing` or `good_rows`")),
    request_body(content = String, content_type = "text/csv",
        example = "part_number,name,cost,price_1,initial_stock\n04465-02220,Pastillas de freno,150.00,350.00,10\n"),
    responses((status = 200, example = json!({"dry_run": false, "mode": "all_or_nothing", "rows": 1, "accepted": 1,
        "created": 1, "skipped": 0, "rejected": 0, "errors": []})), (status = 400)))]
pub async fn handle(
    State(app): State<App>,
    session: May<InventoryCreate>,
    params: Params,
    file: Upload,
) -> Result<Response, Problem> {
    upload::import(&app, &session, &params, What::Items, file).await
}
