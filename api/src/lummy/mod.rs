//! Lummy invoicing customers: contract section 6. This table is the surface. Every path is served with `/v1` before it
//! and without (Y-2), and the answers name it without (Y-3).

pub mod auth_login;
mod client;
mod customers_create;
mod customers_detail;
mod customers_list;
mod customers_update;
mod envelope;
mod ids;
pub mod openapi;
pub mod render;
mod view;

use axum::{
    Router,
    routing::{get, post},
};

use crate::http::App;

pub use openapi::OpenApi;

/// Where people log in, in exactly this case: in any other it is Lunatel's (Y-7, C-4).
pub const LOGIN: &str = "/v1/auth/login";

/// The surface's routes.
pub fn routes() -> Router<App> {
    let customers = || get(customers_list::handle).post(customers_create::handle);
    let customer = || get(customers_detail::handle).patch(customers_update::handle);
    Router::new()
        .route("/v1/customers", customers())
        .route("/customers", customers())
        .route("/v1/customers/{id}", customer())
        .route("/customers/{id}", customer())
        .route(LOGIN, post(auth_login::handle_shared))
        .route("/auth/login", post(auth_login::handle))
}
