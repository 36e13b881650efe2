//! `GET /admin/v1/workshop-orders`: what is being made and what is ready, newest first.

use axum::{Json, extract::State};
use diario_projections::workshop::{self, WorkshopFilter};
use serde_json::{Value, json};

use crate::{
    error::Problem,
    http::{App, Params},
    nexus::{
        session::{CustomersView, May},
        views,
    },
};

const STATES: &[&str] = &["open", "ready"];

/// Workshop orders, of one patient or of all.
#[utoipa::path(get, path = "/admin/v1/workshop-orders", operation_id = "admin.workshop_orders_list", tag = "Opticians",
    security(("token" = ["customers.view"])),
    params(("status" = Option<String>, Query), ("customer_id" = Option<i64>, Query), ("page" = Option<i64>, Query),
        ("per_page" = Option<i64>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, example = json!({"data": [{"id": 1, "order": "OT-0001", "customer_id": 1,
        "customer_name": "María Quispe Mamani", "dni": "70123456", "folio": "B001-1234", "notes": null, "status": "ready",
        "opened_at": "2026-05-12T18:42:11Z", "ready_at": "2026-05-14T18:42:11Z"}],
        "pagination": {"page": 1, "per_page": 50, "total": 1, "total_pages": 1, "next_cursor": null}}))))]
pub async fn handle(
    State(app): State<App>,
    session: May<CustomersView>,
    params: Params,
) -> Result<Json<Value>, Problem> {
    let asked = params.page(50, 200)?;
    let filter = WorkshopFilter {
        ready: params.opt_word("status", STATES)?.map(|status| status == "ready"),
        customer_id: params.opt_int("customer_id")?,
    };
    let found = workshop::list(&app.db, session.tenant, filter, asked.page).await?;
    Ok(Json(views::list(&asked, &found, |row| {
        json!({
            "id": row.order_id.0,
            "order": row.number,
            "customer_id": row.customer_id.0,
            "customer_name": row.customer_name,
            "dni": row.dni,
            "folio": row.folio,
            "notes": row.notes,
            "status": if row.ready_at.is_some() { "ready" } else { "open" },
            "opened_at": row.opened_at.to_string(),
            "ready_at": row.ready_at.map(|at| at.to_string()),
        })
    })))
}
