//! The surface's `OpenAPI` document, made of what stands at each handler.

use utoipa::{
    Modify,
    openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
};

use super::{
    accounts_list, auth_employees, auth_login, auth_me, catalog_brands, catalog_categories, catalog_engines,
    catalog_groups, catalog_models, catalog_part, catalog_parts, catalog_search, catalog_years,
    customers_create, customers_detail, customers_list, customers_payment, entries_detail, entries_list,
    health, inventory_adjustment, inventory_purchase, inventory_return, items_create, items_detail,
    items_history, items_list, items_update, register_current, register_cut_x, register_cut_z,
    register_daily_summary, register_history, register_movement, register_open, sales_cancel, sales_create,
    sales_detail, sales_last, sales_list, trial_balance,
};

/// See the module.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Diario: Nexus Autoparts POS",
        description = "Every write may carry `Idempotency-Key`: the same key with the same body answers the first \
                       answer again, for ever. Errors are `{\"error\": \"…\"}`."
    ),
    paths(
        accounts_list::handle, auth_employees::handle, auth_login::handle, auth_me::handle,
        catalog_brands::handle, catalog_categories::handle, catalog_engines::handle, catalog_groups::handle, catalog_models::handle, catalog_part::handle, catalog_parts::handle, catalog_search::handle, catalog_years::handle,
        customers_create::handle, customers_detail::handle, customers_list::handle, customers_payment::handle,
        entries_detail::handle, entries_list::handle, health::handle, inventory_adjustment::handle,
        inventory_purchase::handle, inventory_return::handle, items_create::handle, items_detail::handle,
        items_history::handle, items_list::handle, items_update::handle, register_current::handle,
        register_cut_x::handle, register_cut_z::handle, register_daily_summary::handle, register_history::handle,
        register_movement::handle, register_open::handle, sales_cancel::handle, sales_create::handle,
        sales_detail::handle, sales_last::handle, sales_list::handle, trial_balance::handle,
    ),
    modifiers(&Bearer),
    security(("token" = []))
)]
pub struct OpenApi;

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
        document
            .components
            .get_or_insert_with(Default::default)
            .add_security_scheme("token", SecurityScheme::Http(scheme));
    }
}
