//! The surface's `OpenAPI` document, made of what stands at each handler.

use super::{
    accounts_create, accounts_list, aging, auth_employees, auth_login, auth_me, balance_sheet, brands_list,
    card_settlements_create, catalog_brands, catalog_categories, catalog_engines, catalog_groups,
    catalog_models, catalog_part, catalog_parts, catalog_search, catalog_years, categories_create,
    categories_list, config_branches_create, config_branches_list, config_employees_create,
    config_employees_list, config_theme, count_approve, count_detail, count_start, customers_create,
    customers_detail, customers_list, customers_payment, customers_statement, customers_update,
    dashboard_employees, dashboard_stats, electronic, entries_create, entries_detail, entries_list,
    entries_reverse, generate_barcode, health, import_customers, import_items, income_statement,
    inventory_adjustment, inventory_alerts, inventory_purchase, inventory_return, inventory_transfer,
    items_create, items_detail, items_history, items_list, items_update, layaways_cancel, layaways_complete,
    layaways_create, layaways_detail, layaways_list, layaways_payment, ledger_lines, periods_close,
    periods_list, posting_map_get, posting_map_set, quotations_cancel, quotations_convert, quotations_create,
    quotations_detail, quotations_list, register_current, register_cut_x, register_cut_z,
    register_daily_summary, register_history, register_movement, register_open, report_abc,
    report_branch_comparison, report_low_stock, report_no_movement, report_valuation, sales_cancel,
    sales_create, sales_detail, sales_last, sales_list, stock_by_branch, supplier_demand,
    supplier_payments_create, supplier_top_parts, sync_batch, transfers_detail, transfers_list,
    transfers_receive, trial_balance, vehicles_add, vehicles_list, vehicles_remove,
};
use crate::http::openapi::Bearer;

/// See the module.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Diario: Nexus Autoparts POS",
        description = "Every write may carry `Idempotency-Key`: the same key with the same body answers the first \
                       answer again, for ever. Errors are `{\"error\": \"…\"}`."
    ),
    paths(
        accounts_create::handle, accounts_list::handle, aging::handle, auth_employees::handle,
        auth_login::handle, auth_me::handle, balance_sheet::handle, brands_list::handle,
        card_settlements_create::handle, catalog_brands::handle, catalog_categories::handle,
        catalog_engines::handle, catalog_groups::handle, catalog_models::handle, catalog_part::handle,
        catalog_parts::handle, catalog_search::handle, catalog_years::handle, categories_create::handle,
        categories_list::handle, config_branches_create::handle, config_branches_list::handle,
        config_employees_create::handle, config_employees_list::handle, config_theme::handle,
        count_approve::handle, count_detail::handle, count_start::handle, customers_create::handle,
        customers_detail::handle, customers_list::handle, customers_payment::handle,
        customers_statement::handle, customers_update::handle, dashboard_employees::handle,
        dashboard_stats::handle, electronic::handle, entries_create::handle, entries_detail::handle, entries_list::handle,
        entries_reverse::handle, generate_barcode::handle, health::handle, import_customers::handle,
        import_items::handle, income_statement::handle, inventory_adjustment::handle,
        inventory_alerts::handle, inventory_purchase::handle, inventory_return::handle,
        inventory_transfer::handle, items_create::handle, items_detail::handle, items_history::handle,
        items_list::handle, items_update::handle, layaways_cancel::handle, layaways_complete::handle,
        layaways_create::handle, layaways_detail::handle, layaways_list::handle, layaways_payment::handle,
        ledger_lines::handle, periods_close::handle, periods_list::handle, posting_map_get::handle,
        posting_map_set::handle, quotations_cancel::handle, quotations_convert::handle,
        quotations_create::handle, quotations_detail::handle, quotations_list::handle,
        register_current::handle, register_cut_x::handle, register_cut_z::handle,
        register_daily_summary::handle, register_history::handle, register_movement::handle,
        register_open::handle, report_abc::handle, report_branch_comparison::handle,
        report_low_stock::handle, report_no_movement::handle, report_valuation::handle,
        sales_cancel::handle, sales_create::handle, sales_detail::handle, sales_last::handle,
        sales_list::handle, stock_by_branch::handle, supplier_demand::handle,
        supplier_payments_create::handle, supplier_top_parts::handle, sync_batch::handle,
        transfers_detail::handle, transfers_list::handle, transfers_receive::handle, trial_balance::handle,
        vehicles_add::handle, vehicles_list::handle, vehicles_remove::handle,
    ),
    modifiers(&Bearer),
    security(("token" = []))
)]
pub struct OpenApi;
