//! Gestion Nube fashion: contract section 4. This table is the surface.

mod caller;
mod inventory_detail;
mod inventory_list;
mod limited;
pub mod openapi;
mod page;
mod ping;
mod price_lists;
mod prices_demo;
mod prices_list;
mod prices_set;
mod products_detail;
mod products_export;
mod products_list;
mod products_prices;
mod products_update;
pub mod render;
mod sheet;
mod token_create;
mod tokens_list;
mod tokens_revoke;
mod tokens_revoke_current;
mod user;
mod views;

use axum::{
    Router,
    routing::{delete, get, post, put},
};

use crate::http::App;

pub use openapi::OpenApi;

/// The surface's routes.
pub fn routes() -> Router<App> {
    Router::new()
        // Tokens: the document names all three paths (G-1)
        .route("/api/sanctum/token", post(token_create::handle))
        .route("/sanctum/token", post(token_create::handle))
        .route("/api/v1/sanctum/token", post(token_create::handle))
        .route("/api/v1/tokens", get(tokens_list::handle))
        .route("/api/v1/tokens/current", delete(tokens_revoke_current::handle))
        .route("/api/v1/tokens/{token_id}", delete(tokens_revoke::handle))
        // Session
        .route("/api/v1/usuario", get(user::handle))
        .route("/api/v1/ping", get(ping::handle))
        .route("/api/v1/precios/demo", get(prices_demo::handle))
        // Price lists
        .route("/api/v1/precios/obtener", get(prices_list::handle))
        .route("/api/v1/precios/listas", get(price_lists::handle))
        .route("/api/v1/precios/{lista_id}/producto/{product_id}", put(prices_set::handle))
        // Products
        .route("/api/v1/productos/obtener", get(products_list::handle))
        .route("/api/v1/productos/ver/{id}", get(products_detail::handle))
        .route("/api/v1/productos/exportar", get(products_export::handle))
        .route("/api/v1/productos/{id}", put(products_update::handle).patch(products_update::patch))
        .route("/api/v1/productos/{id}/precios", put(products_prices::handle).patch(products_prices::patch))
        // Inventory
        .route("/api/v1/inventario/obtener", get(inventory_list::handle))
        .route("/api/v1/inventario/{product_id}", get(inventory_detail::handle))
        .route_layer(axum::middleware::from_fn(limited::around))
}
