//! Nexus Autoparts POS (contract section 5): its route table. Each route is the file of its name.

mod accounts_list;
mod auth_employees;
mod auth_login;
mod auth_me;
mod catalog_brands;
mod catalog_categories;
mod catalog_engines;
mod catalog_groups;
mod catalog_models;
mod catalog_part;
mod catalog_parts;
mod catalog_search;
mod catalog_years;
mod customers_create;
mod customers_detail;
mod customers_list;
mod customers_payment;
mod entries_detail;
mod entries_list;
mod health;
mod inventory_adjustment;
mod inventory_purchase;
mod inventory_return;
mod items_create;
mod items_detail;
mod items_history;
mod items_list;
mod items_update;
mod messages;
mod openapi;
mod register_current;
mod register_cut_x;
mod register_cut_z;
mod register_daily_summary;
mod register_history;
mod register_movement;
mod register_open;
pub mod render;
mod sales_cancel;
mod sales_create;
mod sales_detail;
mod sales_last;
mod sales_list;
mod session;
mod trial_balance;
mod views;

use axum::{
    Router,
    routing::{get, post, put},
};

use crate::http::App;

pub use openapi::OpenApi;

/// Paths with their methods.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/pos/health", get(health::handle))
        .route("/pos/api/health", get(health::handle))
        // Section 1: who works here
        .route("/pos/api/auth/login", post(auth_login::handle))
        .route("/pos/api/auth/employees/{tenant_id}", get(auth_employees::handle))
        .route("/pos/api/auth/me", get(auth_me::handle))
        // Section 3: what is sold and where it lies
        .route("/pos/api/inventory/items", get(items_list::handle).post(items_create::handle))
        .route("/pos/api/inventory/items/{item_id}", get(items_detail::handle).put(items_update::handle))
        .route("/pos/api/inventory/items/{item_id}/history", get(items_history::handle))
        .route("/pos/api/inventory/purchase", post(inventory_purchase::handle))
        .route("/pos/api/inventory/adjustment", post(inventory_adjustment::handle))
        .route("/pos/api/inventory/return", post(inventory_return::handle))
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
        // Section 6: customers
        .route("/pos/api/customers", get(customers_list::handle).post(customers_create::handle))
        .route("/pos/api/customers/{customer_id}", get(customers_detail::handle))
        .route("/pos/api/customers/{customer_id}/payment", post(customers_payment::handle))
        // Section 7: cash registers
        .route("/pos/api/register/open", post(register_open::handle))
        .route("/pos/api/register/current", get(register_current::handle))
        .route("/pos/api/register/movement", post(register_movement::handle))
        .route("/pos/api/register/cut-x", get(register_cut_x::handle))
        .route("/pos/api/register/cut-z", post(register_cut_z::handle))
        .route("/pos/api/register/history", get(register_history::handle))
        .route("/pos/api/register/daily-summary", get(register_daily_summary::handle))
        // Section 9: the books
        .route("/pos/api/accounting/accounts", get(accounts_list::handle))
        .route("/pos/api/accounting/entries", get(entries_list::handle))
        .route("/pos/api/accounting/entries/{entry_id}", get(entries_detail::handle))
        .route("/pos/api/accounting/trial-balance", get(trial_balance::handle))
}
