//! The surface's `OpenAPI` document, made of what stands at each handler.

use super::{
    company_prices_list, company_prices_remove, company_prices_set, item_ordering_get, item_ordering_set,
    keys_create, keys_list, keys_revoke, ordering_get, ordering_set, orders_cancel, orders_confirm,
    orders_list, plan_get, plan_set, users_create, users_list, users_password,
};

use crate::http::openapi::Bearer;

/// See the module.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Diario: administration",
        description = "Our own surface. Errors are problem details (RFC 9457). The token is an employee's (Nexus login)."
    ),
    paths(
        keys_create::handle, keys_list::handle, keys_revoke::handle, plan_get::handle, plan_set::handle,
        users_create::handle, users_list::handle, users_password::handle,
        ordering_get::handle, ordering_set::handle, company_prices_list::handle, company_prices_set::handle,
        company_prices_remove::handle, item_ordering_get::handle, item_ordering_set::handle, orders_list::handle,
        orders_confirm::handle, orders_cancel::handle,
    ),
    modifiers(&Bearer),
    security(("token" = []))
)]
pub struct OpenApi;
