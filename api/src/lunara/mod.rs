//! LUNARA opticians: contract section 3. This table is the surface.

pub mod clientes;
mod door;
mod inventario;
pub mod openapi;
pub mod recetas;
pub mod render;

use axum::{Router, routing::get};

use crate::http::App;

pub use openapi::OpenApi;

/// The surface's routes.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/clientes", get(clientes::handle))
        .route("/api/v1/recetas", get(recetas::handle))
        .route("/api/v1/inventario", get(inventario::handle))
}
