//! Nexus Autoparts POS (contract section 5): its route table. Each route is the file of its name.

mod accounts_create;
mod accounts_list;
mod aging;
mod auth_employees;
mod auth_login;
mod auth_me;
mod balance_sheet;
mod brands_list;
mod card_settlements_create;
mod catalog_brands;
mod catalog_categories;
mod catalog_engines;
mod catalog_groups;
mod catalog_models;
mod catalog_part;
mod catalog_parts;
mod catalog_search;
mod catalog_years;
mod categories_create;
mod categories_list;
mod config_branches_create;
mod config_branches_list;
pub mod config_employees_create;
mod config_employees_list;
mod config_theme;
mod count_approve;
mod count_detail;
mod count_start;
pub mod customers_create;
mod customers_detail;
mod customers_list;
mod customers_payment;
mod customers_statement;
mod customers_update;
mod dashboard_employees;
mod dashboard_stats;
mod electronic;
mod entries_create;
mod entries_detail;
mod entries_list;
mod entries_reverse;
mod generate_barcode;
mod health;
mod import_customers;
mod import_items;
mod income_statement;
mod inventory_adjustment;
mod inventory_alerts;
mod inventory_purchase;
mod inventory_return;
mod inventory_transfer;
pub mod items_create;
mod items_detail;
mod items_history;
mod items_list;
mod items_update;
mod layaways_cancel;
mod layaways_complete;
mod layaways_create;
mod layaways_detail;
mod layaways_list;
mod layaways_payment;
mod ledger_lines;
pub mod messages;
mod openapi;
mod periods_close;
mod periods_list;
mod posting_map_get;
mod posting_map_set;
mod quotations_cancel;
mod quotations_convert;
mod quotations_create;
mod quotations_detail;
mod quotations_list;
mod register_current;
mod register_cut_x;
mod register_cut_z;
mod register_daily_summary;
mod register_history;
mod register_movement;
mod register_open;
pub mod render;
mod report;
mod report_abc;
mod report_branch_comparison;
mod report_low_stock;
mod report_no_movement;
mod report_valuation;
mod sales_cancel;
mod sales_create;
mod sales_detail;
mod sales_last;
mod sales_list;
mod selling;
pub mod session;
mod stock_by_branch;
mod supplier_demand;
mod supplier_payments_create;
mod supplier_top_parts;
mod sync_batch;
mod transfers_detail;
mod transfers_list;
mod transfers_receive;
mod trial_balance;
mod upload;
mod vehicles_add;
mod vehicles_list;
mod vehicles_remove;
pub mod views;

use axum::{
    Router,
    routing::{delete, get, post, put},
};

use crate::http::App;

pub use openapi::OpenApi;

/// Paths with their methods.
#[expect(clippy::too_many_lines, reason = "the table of the surface")]
pub fn routes() -> Router<App> {
    Router::new()
        .route("/pos/health", get(health::handle))
        .route("/pos/api/health", get(health::handle))
        // Section 1: who works here
        .route("/pos/api/auth/login", post(auth_login::handle))
        .route("/pos/api/auth/employees/{tenant_id}", get(auth_employees::handle))
        .route("/pos/api/auth/me", get(auth_me::handle))
        // Section 2: the shop itself
        .route(
            "/pos/api/config/branches",
            get(config_branches_list::handle).post(config_branches_create::handle),
        )
        .route(
            "/pos/api/config/employees",
            get(config_employees_list::handle).post(config_employees_create::handle),
        )
        .route("/pos/api/config/theme", get(config_theme::handle))
        // Section 3: what is sold and where it lies
        .route("/pos/api/inventory/items", get(items_list::handle).post(items_create::handle))
        .route("/pos/api/inventory/items/{item_id}", get(items_detail::handle).put(items_update::handle))
        .route("/pos/api/inventory/items/{item_id}/history", get(items_history::handle))
        .route("/pos/api/inventory/purchase", post(inventory_purchase::handle))
        .route("/pos/api/inventory/adjustment", post(inventory_adjustment::handle))
        .route("/pos/api/inventory/return", post(inventory_return::handle))
        .route("/pos/api/inventory/transfer", post(inventory_transfer::handle))
        .route("/pos/api/inventory/transfers", get(transfers_list::handle))
        .route("/pos/api/inventory/transfers/{transfer_id}", get(transfers_detail::handle))
        .route("/pos/api/inventory/transfers/{transfer_id}/receive", post(transfers_receive::handle))
        .route("/pos/api/inventory/physical-count/start", post(count_start::handle))
        .route("/pos/api/inventory/physical-count/approve", post(count_approve::handle))
        .route("/pos/api/inventory/physical-count/{count_id}", get(count_detail::handle))
        .route("/pos/api/inventory/categories", get(categories_list::handle).post(categories_create::handle))
        .route("/pos/api/inventory/brands", get(brands_list::handle))
        .route("/pos/api/inventory/stock-by-branch", get(stock_by_branch::handle))
        .route("/pos/api/inventory/alerts", get(inventory_alerts::handle))
        .route("/pos/api/inventory/reports/valuation", get(report_valuation::handle))
        .route("/pos/api/inventory/reports/abc", get(report_abc::handle))
        .route("/pos/api/inventory/reports/no-movement", get(report_no_movement::handle))
        .route("/pos/api/inventory/reports/low-stock", get(report_low_stock::handle))
        .route("/pos/api/inventory/reports/branch-comparison", get(report_branch_comparison::handle))
        .route("/pos/api/inventory/generate-barcode", post(generate_barcode::handle))
        // Section 5: sales, quotations, layaways
        // Section 4: the vehicle catalogue
        .route("/pos/api/catalog/brands", get(catalog_brands::handle))
        .route("/pos/api/catalog/models", get(catalog_models::handle))
        .route("/pos/api/catalog/years", get(catalog_years::handle))
        .route("/pos/api/catalog/engines", get(catalog_engines::handle))
        .route("/pos/api/catalog/categories", get(catalog_categories::handle))
        .route("/pos/api/catalog/groups", get(catalog_groups::handle))
        .route("/pos/api/catalog/parts", get(catalog_parts::handle))
        .route("/pos/api/catalog/part/{part_id}", get(catalog_part::handle))
        .route("/pos/api/catalog/search", get(catalog_search::handle))
        // Section 5: sales
        .route("/pos/api/sales", get(sales_list::handle).post(sales_create::handle))
        .route("/pos/api/sales/last", get(sales_last::handle))
        .route("/pos/api/sales/{sale_id}", get(sales_detail::handle))
        .route("/pos/api/sales/{sale_id}/cancel", put(sales_cancel::handle))
        .route("/pos/api/quotations", get(quotations_list::handle).post(quotations_create::handle))
        .route("/pos/api/quotations/{quot_id}", get(quotations_detail::handle))
        .route("/pos/api/quotations/{quot_id}/convert", post(quotations_convert::handle))
        .route("/pos/api/quotations/{quot_id}/cancel", put(quotations_cancel::handle))
        .route("/pos/api/layaways", get(layaways_list::handle).post(layaways_create::handle))
        .route("/pos/api/layaways/{layaway_id}", get(layaways_detail::handle))
        .route("/pos/api/layaways/{layaway_id}/payment", post(layaways_payment::handle))
        .route("/pos/api/layaways/{layaway_id}/complete", post(layaways_complete::handle))
        .route("/pos/api/layaways/{layaway_id}/cancel", put(layaways_cancel::handle))
        // Section 6: customers
        .route("/pos/api/customers", get(customers_list::handle).post(customers_create::handle))
        .route(
            "/pos/api/customers/{customer_id}",
            get(customers_detail::handle).put(customers_update::handle),
        )
        .route("/pos/api/customers/{customer_id}/statement", get(customers_statement::handle))
        .route(
            "/pos/api/customers/{customer_id}/vehicles",
            get(vehicles_list::handle).post(vehicles_add::handle),
        )
        .route("/pos/api/customers/{customer_id}/vehicles/{vehicle_id}", delete(vehicles_remove::handle))
        .route("/pos/api/customers/{customer_id}/payment", post(customers_payment::handle))
        // Section 7: cash registers
        .route("/pos/api/register/open", post(register_open::handle))
        .route("/pos/api/register/current", get(register_current::handle))
        .route("/pos/api/register/movement", post(register_movement::handle))
        .route("/pos/api/register/cut-x", get(register_cut_x::handle))
        .route("/pos/api/register/cut-z", post(register_cut_z::handle))
        .route("/pos/api/register/history", get(register_history::handle))
        .route("/pos/api/register/daily-summary", get(register_daily_summary::handle))
        // Our own: tills that were cut off
        .route("/pos/api/sync/batch", post(sync_batch::handle))
        // Section 9: the books
        .route("/pos/api/accounting/accounts", get(accounts_list::handle).post(accounts_create::handle))
        .route("/pos/api/accounting/entries", get(entries_list::handle).post(entries_create::handle))
        .route("/pos/api/accounting/entries/{entry_id}", get(entries_detail::handle))
        .route("/pos/api/accounting/entries/{entry_id}/reverse", post(entries_reverse::handle))
        .route("/pos/api/accounting/trial-balance", get(trial_balance::handle))
        .route("/pos/api/accounting/income-statement", get(income_statement::handle))
        .route("/pos/api/accounting/balance-sheet", get(balance_sheet::handle))
        .route("/pos/api/accounting/aging", get(aging::handle))
        .route("/pos/api/accounting/electronic", get(electronic::handle))
        .route("/pos/api/accounting/ledger", get(ledger_lines::handle))
        .route("/pos/api/accounting/periods", get(periods_list::handle))
        .route("/pos/api/accounting/periods/close", post(periods_close::handle))
        .route("/pos/api/accounting/posting-map", get(posting_map_get::handle).put(posting_map_set::handle))
        .route("/pos/api/accounting/supplier-payments", post(supplier_payments_create::handle))
        .route("/pos/api/accounting/card-settlements", post(card_settlements_create::handle))
        // Section 14: what suppliers see
        .route("/pos/api/supplier-portal/demand", get(supplier_demand::handle))
        .route("/pos/api/supplier-portal/top-parts", get(supplier_top_parts::handle))
        // Section 15: the dashboard
        .route("/pos/api/dashboard/stats", get(dashboard_stats::handle))
        .route("/pos/api/dashboard/stats/employees", get(dashboard_employees::handle))
        // Ours: whole files
        .route("/pos/api/import/items", post(import_items::handle).layer(upload::limit()))
        .route("/pos/api/import/customers", post(import_customers::handle).layer(upload::limit()))
}
