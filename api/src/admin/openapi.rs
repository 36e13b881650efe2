//! The surface's `OpenAPI` document, made of what stands at each handler.

use super::{
    keys_create, keys_list, keys_revoke, plan_get, plan_set, price_lists_create, price_lists_list,
    price_lists_update, product_groups_create, product_groups_list, product_groups_update,
    product_variants_put, users_create, users_list, users_password,
};
use super::{
    patients_create, patients_update, prescriptions_create, prescriptions_list, workshop_orders_create,
    workshop_orders_list, workshop_orders_ready,
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
        price_lists_create::handle, price_lists_list::handle, price_lists_update::handle,
        product_groups_create::handle, product_groups_list::handle, product_groups_update::handle, product_variants_put::handle,
        users_create::handle, users_list::handle, users_password::handle,
        patients_create::handle, patients_update::handle, prescriptions_create::handle, prescriptions_list::handle,
        workshop_orders_create::handle, workshop_orders_list::handle, workshop_orders_ready::handle,
    ),
    modifiers(&Bearer),
    security(("token" = []))
)]
pub struct OpenApi;
