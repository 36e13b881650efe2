//! The surface's `OpenAPI` document, made of what stands at each handler.

use super::{
    deliveries_detail, deliveries_list, deliveries_resend, keys_create, keys_list, keys_revoke, plan_get,
    plan_set, users_create, users_list, users_password, webhooks_create, webhooks_delete, webhooks_enable,
    webhooks_list, webhooks_replay, webhooks_rotate, webhooks_update,
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
        deliveries_detail::handle, deliveries_list::handle, deliveries_resend::handle, webhooks_create::handle, webhooks_delete::handle, webhooks_enable::handle, webhooks_list::handle, webhooks_replay::handle, webhooks_rotate::handle, webhooks_update::handle,
        keys_create::handle, keys_list::handle, keys_revoke::handle, plan_get::handle, plan_set::handle,
        users_create::handle, users_list::handle, users_password::handle,
    ),
    modifiers(&Bearer),
    security(("token" = []))
)]
pub struct OpenApi;
