//! The surface's `OpenAPI` document, made of what stands at each handler.

use super::{
    address_create, address_delete, address_edit, address_list, auth_login, auth_sign_up, cities,
    favourite_toggle, neighbourhoods, order_history, order_post, product_masters, products,
    products_of_category, products_of_master, sub_categories, towns,
};
use crate::http::openapi::Bearer;

/// See the module.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Diario: Lunatel B2B ordering",
        description = "Contract section 7. Every operation is a POST; what reads takes a GET too, with its arguments in the query, \
                       Address/Edit a PUT and Address/Delete a DELETE. Paths are found in any case, fields in any case and spelling \
                       of the document."
    ),
    paths(
        auth_login::handle, auth_sign_up::handle, address_create::handle, address_edit::handle,
        address_delete::handle, address_list::handle, cities::handle, towns::handle, neighbourhoods::handle,
        sub_categories::handle, product_masters::handle, products::handle, products_of_master::handle,
        products_of_category::handle, favourite_toggle::handle, order_post::handle, order_history::handle,
    ),
    modifiers(&Bearer),
    security(("token" = []))
)]
pub struct OpenApi;
