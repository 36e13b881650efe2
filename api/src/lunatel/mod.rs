//! Lunatel B2B ordering: contract section 7. This table is the surface. The document names no method: every operation
//! is a POST, what reads is a GET too (T-1). Paths come in any case (T-3): `paths` brings them into this one.

mod address_create;
mod address_delete;
mod address_edit;
mod address_list;
pub mod args;
pub mod auth_login;
mod auth_sign_up;
mod cities;
mod favourite_toggle;
mod geography;
mod messages;
mod neighbourhoods;
pub mod openapi;
mod order_history;
mod order_post;
pub mod paths;
mod product;
mod product_masters;
mod products;
mod products_of_category;
mod products_of_master;
pub mod render;
mod session;
mod sub_categories;
mod towns;

use axum::{
    Router,
    routing::{get, post},
};

use crate::http::App;

pub use openapi::OpenApi;

/// The surface's routes.
pub fn routes() -> Router<App> {
    Router::new()
        // Who orders
        .route("/v1/Auth/Login", post(auth_login::handle))
        .route("/v1/Auth/SignUp", post(auth_sign_up::handle))
        // Where it goes
        .route("/v1/Address/Create", post(address_create::handle))
        .route("/v1/Address/Edit", post(address_edit::handle).put(address_edit::handle))
        .route("/v1/Address/Delete", post(address_delete::handle).delete(address_delete::handle))
        .route("/v1/Address/GetAddress", get(address_list::handle).post(address_list::handle))
        .route("/v1/Address/GetCitys", get(cities::handle).post(cities::handle))
        .route("/v1/Address/GetTowns", get(towns::handle).post(towns::handle))
        .route("/v1/Address/GetNeighborhood", get(neighbourhoods::handle).post(neighbourhoods::handle))
        // What there is
        .route("/v1/Category/getSubCategories", get(sub_categories::handle).post(sub_categories::handle))
        .route(
            "/v1/ProductMaster/getProductMasters",
            get(product_masters::handle).post(product_masters::handle),
        )
        .route("/v1/Product/getProduct", get(products::handle).post(products::handle))
        .route(
            "/v1/Product/getProductWithProductMaster",
            get(products_of_master::handle).post(products_of_master::handle),
        )
        .route(
            "/v1/Product/getProductWithSubCategory",
            get(products_of_category::handle).post(products_of_category::handle),
        )
        .route("/v1/Product/favoriteToggle", post(favourite_toggle::handle))
        // Orders
        .route("/v1/Order/postOrder", post(order_post::handle))
        .route("/v1/OrderHistory/getOrderHistory", get(order_history::handle).post(order_history::handle))
        .route_layer(axum::middleware::from_fn(render::as_accepted))
}
