//! The surface's `OpenAPI` document, made of what stands at each handler.

use crate::http::openapi::Bearer;

/// See the module.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(title = "Diario: Lummy invoicing customers", description = "Contract section 6."),
    paths(),
    modifiers(&Bearer),
    security(("token" = []))
)]
pub struct OpenApi;
