//! The surface's `OpenAPI` document, made of what stands at each handler.

use super::{clientes, inventario, recetas};
use crate::http::openapi::Bearer;

/// See the module.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(title = "Diario: LUNARA opticians", description = "Contract section 3."),
    paths(clientes::handle, recetas::handle, inventario::handle),
    modifiers(&Bearer),
    security(("token" = []))
)]
pub struct OpenApi;
