//! Gestion Nube fashion: contract section 4. This table is the surface.

pub mod openapi;
pub mod render;

use axum::Router;

use crate::http::App;

pub use openapi::OpenApi;

/// The surface's routes.
pub fn routes() -> Router<App> {
    Router::new()
}
