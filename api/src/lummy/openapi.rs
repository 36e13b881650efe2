//! The surface's `OpenAPI` document, made of what stands at each handler.

use super::{auth_login, customers_create, customers_detail, customers_list, customers_update};
use crate::http::openapi::Bearer;

/// See the module.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(title = "Diario: Lummy invoicing customers", description = "Contract section 6."),
    paths(
        customers_list::handle, customers_create::handle, customers_detail::handle, customers_update::handle,
        auth_login::handle,
    ),
    modifiers(&Bearer),
    security(("token" = []))
)]
pub struct OpenApi;
