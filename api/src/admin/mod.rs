//! Our own surface: what the shop's people set up and the contracts have no operation for. Employees come in with the
//! tokens of their tills; reading needs `config.view`, writing `config.edit`. This table is the surface.

mod company_prices_list;
mod company_prices_remove;
mod company_prices_set;
mod item_ordering_get;
mod item_ordering_set;
mod keys_create;
pub mod keys_list;
mod keys_revoke;
pub mod openapi;
mod ordering_get;
mod ordering_set;
mod orders_cancel;
mod orders_confirm;
mod orders_list;
mod plan_get;
mod plan_set;
pub mod render;
mod users_create;
mod users_list;
pub mod users_password;

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
        // What the shop has subscribed to
        .route("/admin/v1/plan", get(plan_get::handle).put(plan_set::handle))
        // What companies order
        .route("/admin/v1/ordering", get(ordering_get::handle).put(ordering_set::handle))
        .route("/admin/v1/customers/{customer_id}/prices", get(company_prices_list::handle))
        .route(
            "/admin/v1/customers/{customer_id}/prices/{item_id}",
            put(company_prices_set::handle).delete(company_prices_remove::handle),
        )
        .route(
            "/admin/v1/items/{item_id}/ordering",
            get(item_ordering_get::handle).put(item_ordering_set::handle),
        )
        .route("/admin/v1/orders", get(orders_list::handle))
        .route("/admin/v1/orders/{order_id}/confirm", post(orders_confirm::handle))
        .route("/admin/v1/orders/{order_id}/cancel", post(orders_cancel::handle))
}
