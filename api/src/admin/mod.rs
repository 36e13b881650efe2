//! Our own surface: what the shop's people set up and the contracts have no operation for. Employees come in with the
//! tokens of their tills; reading needs `config.view`, writing `config.edit`. This table is the surface.

mod keys_create;
pub mod keys_list;
mod keys_revoke;
pub mod openapi;
mod plan_get;
mod plan_set;
pub mod render;
mod users_create;
mod users_list;
pub mod users_password;

use axum::{
    Router,
    routing::{delete, get, put},
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
}
