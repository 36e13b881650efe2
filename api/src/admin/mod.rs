//! Our own surface: what the shop's people set up and the contracts have no operation for. Employees come in with the
//! tokens of their tills; reading needs `config.view`, writing `config.edit`. This table is the surface.

mod keys_create;
pub mod keys_list;
mod keys_revoke;
pub mod openapi;
mod patients_create;
mod patients_update;
mod plan_get;
mod plan_set;
mod prescriptions_create;
mod prescriptions_list;
mod price_lists_create;
mod price_lists_list;
mod price_lists_update;
mod product_groups_create;
mod product_groups_list;
mod product_groups_update;
mod product_variants_put;
pub mod render;
mod users_create;
mod users_list;
pub mod users_password;
mod workshop_orders_create;
mod workshop_orders_list;
mod workshop_orders_ready;

use axum::{
    Router,
    routing::{delete, get, post, put},
};

use crate::http::App;

pub use openapi::OpenApi;

/// The surface's routes.
pub fn routes() -> Router<App> {
    Router::new()
        // Programs and people
        .route("/admin/v1/keys", get(keys_list::handle).post(keys_create::handle))
        .route("/admin/v1/keys/{key_id}", delete(keys_revoke::handle))
        .route("/admin/v1/users", get(users_list::handle).post(users_create::handle))
        .route("/admin/v1/users/{user_id}/password", put(users_password::handle))
        // Opticians
        .route("/admin/v1/patients", post(patients_create::handle))
        .route("/admin/v1/patients/{patient_id}", put(patients_update::handle))
        .route("/admin/v1/prescriptions", get(prescriptions_list::handle).post(prescriptions_create::handle))
        .route(
            "/admin/v1/workshop-orders",
            get(workshop_orders_list::handle).post(workshop_orders_create::handle),
        )
        .route("/admin/v1/workshop-orders/{order_id}/ready", post(workshop_orders_ready::handle))
        // What the shop has subscribed to
        .route("/admin/v1/plan", get(plan_get::handle).put(plan_set::handle))
        // Products in sizes, and price lists
        .route(
            "/admin/v1/product-groups",
            get(product_groups_list::handle).post(product_groups_create::handle),
        )
        .route("/admin/v1/product-groups/{group_id}", put(product_groups_update::handle))
        .route("/admin/v1/product-groups/{group_id}/variants/{item_id}", put(product_variants_put::handle))
        .route("/admin/v1/price-lists", get(price_lists_list::handle).post(price_lists_create::handle))
        .route("/admin/v1/price-lists/{list_id}", put(price_lists_update::handle))
}
