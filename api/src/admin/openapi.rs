//! The surface's `OpenAPI` document, made of what stands at each handler.

use super::{
    company_prices_list, company_prices_remove, company_prices_set, deliveries_detail, deliveries_list,
    deliveries_resend, employees_pin, employees_update, item_ordering_get, item_ordering_set, keys_create,
    keys_list, keys_revoke, ordering_get, ordering_set, orders_cancel, orders_confirm, orders_list,
    patients_create, patients_update, plan_get, plan_set, prescriptions_create, prescriptions_list,
    price_lists_create, price_lists_list, price_lists_update, product_groups_create, product_groups_list,
    product_groups_update, product_variants_put, users_create, users_list, users_password, webhooks_create,
    webhooks_delete, webhooks_enable, webhooks_list, webhooks_replay, webhooks_rotate, webhooks_update,
    workshop_orders_create, workshop_orders_list, workshop_orders_ready,
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
        company_prices_list::handle, company_prices_remove::handle, company_prices_set::handle,
        deliveries_detail::handle, deliveries_list::handle, deliveries_resend::handle,
        employees_pin::handle, employees_update::handle,
        item_ordering_get::handle, item_ordering_set::handle, keys_create::handle, keys_list::handle,
        keys_revoke::handle, ordering_get::handle, ordering_set::handle, orders_cancel::handle,
        orders_confirm::handle, orders_list::handle, patients_create::handle, patients_update::handle,
        plan_get::handle, plan_set::handle, prescriptions_create::handle, prescriptions_list::handle,
        price_lists_create::handle, price_lists_list::handle, price_lists_update::handle,
        product_groups_create::handle, product_groups_list::handle, product_groups_update::handle,
        product_variants_put::handle, users_create::handle, users_list::handle, users_password::handle,
        webhooks_create::handle, webhooks_delete::handle, webhooks_enable::handle, webhooks_list::handle,
        webhooks_replay::handle, webhooks_rotate::handle, webhooks_update::handle,
        workshop_orders_create::handle, workshop_orders_list::handle, workshop_orders_ready::handle,
    ),
    modifiers(&Bearer),
    security(("token" = []))
)]
pub struct OpenApi;
