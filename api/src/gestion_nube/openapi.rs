//! The surface's `OpenAPI` document, made of what stands at each handler.

use super::{
    inventory_detail, inventory_list, ping, price_lists, prices_demo, prices_list, prices_set,
    products_detail, products_export, products_list, products_prices, products_update, token_create,
    tokens_list, tokens_revoke, tokens_revoke_current, user,
};
use crate::http::openapi::Bearer;

/// See the module.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Diario: Gestion Nube fashion",
        description = "Contract section 4. 60 requests a minute for each token; exports 10, logins 5 for each address and e-mail."
    ),
    paths(
        token_create::handle, tokens_list::handle, tokens_revoke_current::handle, tokens_revoke::handle,
        user::handle, ping::handle, prices_demo::handle,
        prices_list::handle, price_lists::handle, prices_set::handle,
        products_list::handle, products_detail::handle, products_export::handle,
        products_update::handle, products_update::patch, products_prices::handle, products_prices::patch,
        inventory_list::handle, inventory_detail::handle,
    ),
    modifiers(&Bearer),
    security(("token" = []))
)]
pub struct OpenApi;
