//! `POST /pos/api/import/customers`: customers from a file.

use axum::{extract::State, response::Response};

use super::{
    session::{CustomersCreate, May},
    upload::{self, Upload},
};
use crate::{
    error::Problem,
    http::{App, Params},
    import::What,
};

/// Creates the customers of a CSV or XLSX file; the body is the file.
#[utoipa::path(post, path = "/pos/api/import/customers", operation_id = "nexus.import_customers", tag = "Import",
    security(("token" = ["customers.create"])),
    description = "The body is the file itself, CSV in UTF-8 or XLSX, of at most 16 MB and 20,000 rows. \
        `errors` name row and column; a row is the file's line, the header is row 1.",
    params(("dry_run" = Option<bool>, Query), ("mode" = Option<String>, Query, description = "`all_or_nothing` or `good_rows`")),
    request_body(content = String, content_type = "text/csv",
        example = "name,rfc,phone,credit_limit\nTaller Perez,PEGJ800101AB1,555-9876,50000.00\n"),
    responses((status = 200, example = json!({"dry_run": false, "mode": "all_or_nothing", "rows": 1, "accepted": 1,
        "created": 1, "skipped": 0, "rejected": 0, "errors": []})), (status = 400)))]
pub async fn handle(
    State(app): State<App>,
    session: May<CustomersCreate>,
    params: Params,
    file: Upload,
) -> Result<Response, Problem> {
    upload::import(&app, &session, &params, What::Customers, file).await
}
