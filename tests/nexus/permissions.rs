//! Who may do what: every operation with the permission that the contract gives it.

use std::fmt::Write as _;

use diario_tests::{Answer, Shop, both_engines};
use reqwest::Method;
use serde_json::{Value, json};

/// Who may use an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Anybody, without a token.
    Public,
    /// Every employee.
    Employee,
    /// Those whose role has this permission.
    May(&'static str),
}

use Who::{Employee, May, Public};

/// An operation of the surface: its name (that of its file), its method, its path, and who may use it.
pub struct Operation {
    pub name: &'static str,
    pub method: &'static str,
    pub path: &'static str,
    pub who: Who,
}

const fn op(name: &'static str, method: &'static str, path: &'static str, who: Who) -> Operation {
    Operation { name, method, path, who }
}

#[rustfmt::skip]
pub const OPERATIONS: &[Operation] = &[
    op("health", "get", "/pos/health", Public),
    // Section 1
    op("auth_login", "post", "/pos/api/auth/login", Public),
    op("auth_employees", "get", "/pos/api/auth/employees/{tenant_id}", Public),
    op("auth_me", "get", "/pos/api/auth/me", Employee),
    // Section 2
    op("config_branches_list", "get", "/pos/api/config/branches", Employee),
    op("config_branches_create", "post", "/pos/api/config/branches", May("config.edit")),
    op("config_employees_list", "get", "/pos/api/config/employees", May("config.view")),
    op("config_employees_create", "post", "/pos/api/config/employees", May("config.edit")),
    op("config_theme", "get", "/pos/api/config/theme", Employee),
    // Section 3
    op("items_list", "get", "/pos/api/inventory/items", May("inventory.view")),
    op("items_detail", "get", "/pos/api/inventory/items/{item_id}", May("inventory.view")),
    op("items_create", "post", "/pos/api/inventory/items", May("inventory.create")),
    op("items_update", "put", "/pos/api/inventory/items/{item_id}", May("inventory.edit")),
    op("items_history", "get", "/pos/api/inventory/items/{item_id}/history", May("inventory.view")),
    op("inventory_purchase", "post", "/pos/api/inventory/purchase", May("inventory.create")),
    op("inventory_adjustment", "post", "/pos/api/inventory/adjustment", May("inventory.adjust")),
    op("inventory_transfer", "post", "/pos/api/inventory/transfer", May("inventory.transfer")),
    op("inventory_return", "post", "/pos/api/inventory/return", May("inventory.create")),
    op("count_start", "post", "/pos/api/inventory/physical-count/start", May("inventory.adjust")),
    op("count_approve", "post", "/pos/api/inventory/physical-count/approve", May("inventory.adjust")),
    op("inventory_alerts", "get", "/pos/api/inventory/alerts", May("inventory.view")),
    op("report_valuation", "get", "/pos/api/inventory/reports/valuation", May("inventory.view")),
    op("report_abc", "get", "/pos/api/inventory/reports/abc", May("inventory.view")),
    op("report_no_movement", "get", "/pos/api/inventory/reports/no-movement", May("inventory.view")),
    op("report_low_stock", "get", "/pos/api/inventory/reports/low-stock", May("inventory.view")),
    op("report_branch_comparison", "get", "/pos/api/inventory/reports/branch-comparison", May("inventory.view")),
    op("categories_list", "get", "/pos/api/inventory/categories", May("inventory.view")),
    op("brands_list", "get", "/pos/api/inventory/brands", May("inventory.view")),
    op("generate_barcode", "post", "/pos/api/inventory/generate-barcode", May("inventory.create")),
    // Section 3, beyond the document
    op("count_detail", "get", "/pos/api/inventory/physical-count/{count_id}", May("inventory.view")),
    op("stock_by_branch", "get", "/pos/api/inventory/stock-by-branch", May("inventory.view")),
    op("transfers_list", "get", "/pos/api/inventory/transfers", May("inventory.view")),
    op("transfers_detail", "get", "/pos/api/inventory/transfers/{transfer_id}", May("inventory.view")),
    op("transfers_receive", "post", "/pos/api/inventory/transfers/{transfer_id}/receive", May("inventory.transfer")),
    op("categories_create", "post", "/pos/api/inventory/categories", May("inventory.create")),
    // Section 4
    op("catalog_brands", "get", "/pos/api/catalog/brands", May("catalog.view")),
    op("catalog_models", "get", "/pos/api/catalog/models", May("catalog.view")),
    op("catalog_years", "get", "/pos/api/catalog/years", May("catalog.view")),
    op("catalog_engines", "get", "/pos/api/catalog/engines", May("catalog.view")),
    op("catalog_categories", "get", "/pos/api/catalog/categories", May("catalog.view")),
    op("catalog_groups", "get", "/pos/api/catalog/groups", May("catalog.view")),
    op("catalog_parts", "get", "/pos/api/catalog/parts", May("catalog.view")),
    op("catalog_part", "get", "/pos/api/catalog/part/{part_id}", May("catalog.view")),
    op("catalog_search", "get", "/pos/api/catalog/search", May("catalog.view")),
    // Section 5
    op("sales_create", "post", "/pos/api/sales", May("pos.sell")),
    op("sales_list", "get", "/pos/api/sales", May("pos.view")),
    op("sales_detail", "get", "/pos/api/sales/{sale_id}", May("pos.view")),
    op("sales_cancel", "put", "/pos/api/sales/{sale_id}/cancel", May("pos.cancel")),
    op("sales_last", "get", "/pos/api/sales/last", May("pos.sell")),
    op("quotations_create", "post", "/pos/api/quotations", May("pos.sell")),
    op("quotations_list", "get", "/pos/api/quotations", May("pos.view")),
    op("quotations_detail", "get", "/pos/api/quotations/{quot_id}", May("pos.view")),
    op("quotations_convert", "post", "/pos/api/quotations/{quot_id}/convert", May("pos.sell")),
    op("quotations_cancel", "put", "/pos/api/quotations/{quot_id}/cancel", May("pos.cancel")),
    op("layaways_create", "post", "/pos/api/layaways", May("pos.sell")),
    op("layaways_list", "get", "/pos/api/layaways", May("pos.view")),
    op("layaways_detail", "get", "/pos/api/layaways/{layaway_id}", May("pos.view")),
    op("layaways_payment", "post", "/pos/api/layaways/{layaway_id}/payment", May("pos.sell")),
    op("layaways_complete", "post", "/pos/api/layaways/{layaway_id}/complete", May("pos.sell")),
    op("layaways_cancel", "put", "/pos/api/layaways/{layaway_id}/cancel", May("pos.cancel")),
    // Section 6
    op("customers_list", "get", "/pos/api/customers", May("customers.view")),
    op("customers_detail", "get", "/pos/api/customers/{customer_id}", May("customers.view")),
    op("customers_create", "post", "/pos/api/customers", May("customers.create")),
    op("customers_update", "put", "/pos/api/customers/{customer_id}", May("customers.edit")),
    op("customers_statement", "get", "/pos/api/customers/{customer_id}/statement", May("customers.view")),
    op("customers_payment", "post", "/pos/api/customers/{customer_id}/payment", May("customers.edit")),
    op("vehicles_list", "get", "/pos/api/customers/{customer_id}/vehicles", May("customers.view")),
    // Section 6, beyond the document
    op("vehicles_add", "post", "/pos/api/customers/{customer_id}/vehicles", May("customers.edit")),
    op("vehicles_remove", "delete", "/pos/api/customers/{customer_id}/vehicles/{vehicle_id}", May("customers.edit")),
    // Section 7
    op("register_open", "post", "/pos/api/register/open", May("pos.sell")),
    op("register_current", "get", "/pos/api/register/current", May("pos.sell")),
    op("register_movement", "post", "/pos/api/register/movement", May("pos.sell")),
    op("register_cut_x", "get", "/pos/api/register/cut-x", May("pos.sell")),
    op("register_cut_z", "post", "/pos/api/register/cut-z", May("pos.sell")),
    op("register_history", "get", "/pos/api/register/history", May("pos.sell")),
    op("register_daily_summary", "get", "/pos/api/register/daily-summary", May("pos.sell")),
    // Section 9
    op("accounts_list", "get", "/pos/api/accounting/accounts", May("accounting.view")),
    op("entries_list", "get", "/pos/api/accounting/entries", May("accounting.view")),
    op("entries_detail", "get", "/pos/api/accounting/entries/{entry_id}", May("accounting.view")),
    op("accounts_create", "post", "/pos/api/accounting/accounts", May("accounting.create")),
    op("entries_create", "post", "/pos/api/accounting/entries", May("accounting.create")),
    op("trial_balance", "get", "/pos/api/accounting/trial-balance", May("accounting.view")),
    op("electronic", "get", "/pos/api/accounting/electronic", May("accounting.view")),
    op("income_statement", "get", "/pos/api/accounting/income-statement", May("accounting.view")),
    op("balance_sheet", "get", "/pos/api/accounting/balance-sheet", May("accounting.view")),
    op("aging", "get", "/pos/api/accounting/aging", May("accounting.view")),
    op("periods_list", "get", "/pos/api/accounting/periods", May("accounting.view")),
    op("periods_close", "post", "/pos/api/accounting/periods/close", May("accounting.create")),
    // Section 9, beyond the document
    op("entries_reverse", "post", "/pos/api/accounting/entries/{entry_id}/reverse", May("accounting.create")),
    op("ledger_lines", "get", "/pos/api/accounting/ledger", May("accounting.view")),
    op("posting_map_get", "get", "/pos/api/accounting/posting-map", May("accounting.view")),
    op("posting_map_set", "put", "/pos/api/accounting/posting-map", May("accounting.create")),
    op("supplier_payments_create", "post", "/pos/api/accounting/supplier-payments", May("accounting.create")),
    op("card_settlements_create", "post", "/pos/api/accounting/card-settlements", May("accounting.create")),
    // Sections 14 and 15 (N-43)
    op("supplier_demand", "get", "/pos/api/supplier-portal/demand", May("inventory.view")),
    op("supplier_top_parts", "get", "/pos/api/supplier-portal/top-parts", May("inventory.view")),
    op("dashboard_stats", "get", "/pos/api/dashboard/stats", May("pos.view")),
    op("dashboard_employees", "get", "/pos/api/dashboard/stats/employees", May("pos.view")),
    // Beyond the document; each command of a batch needs the permission of its own operation
    op("sync_batch", "post", "/pos/api/sync/batch", Employee),
    op("import_items", "post", "/pos/api/import/items", May("inventory.create")),
    op("import_customers", "post", "/pos/api/import/customers", May("customers.create")),
];

/// What each role may do (contract 5.0); an owner may do everything.
fn permissions(role: &str) -> &'static [&'static str] {
    match role {
        "cashier" => &[
            "pos.sell",
            "pos.view",
            "pos.discount",
            "catalog.view",
            "customers.view",
            "customers.create",
            "inventory.view",
            "invoicing.create",
            "invoicing.view",
        ],
        "warehouse" => &[
            "inventory.view",
            "inventory.create",
            "inventory.edit",
            "inventory.adjust",
            "inventory.transfer",
            "catalog.view",
        ],
        "accountant" => &[
            "accounting.view",
            "accounting.create",
            "invoicing.create",
            "invoicing.view",
            "invoicing.cancel",
            "pos.view",
            "customers.view",
            "inventory.view",
        ],
        _ => panic!("{role}"),
    }
}

/// One of everything that a path can name.
struct Things(Vec<(&'static str, i64)>);

impl Things {
    async fn of(shop: &Shop) -> Self {
        let north = shop.open_branch("Norte").await;
        let item = shop.create_item("350.00", 100).await;
        let customer = shop.create_customer("50000.00").await;
        let vehicle = shop
            .post(&format!("/pos/api/customers/{customer}/vehicles"), json!({"plate": "ABC-1"}))
            .await
            .expect(201)
            .int("id");
        let count = json!({"items": [{"inventory_id": item, "counted_quantity": 100}]});
        let count = shop.post("/pos/api/inventory/physical-count/start", count).await.expect(201);
        // By hand, so that it may be taken back.
        let entry = shop.post_entry(&shop.today().await, &[("102.01", "1.00"), ("306.01", "-1.00")]).await;
        Self(vec![
            ("{tenant_id}", shop.tenant_id),
            ("{item_id}", item),
            ("{customer_id}", customer),
            ("{vehicle_id}", vehicle),
            ("{sale_id}", shop.sell_on_credit(customer, item, "1", "350.00").await),
            ("{quot_id}", shop.quote(item, "1", "350.00").await),
            ("{layaway_id}", shop.set_aside(customer, item, "1", "350.00", "0.00").await),
            ("{transfer_id}", shop.transfer(shop.branch_id, north, item, "1", "in_transit").await),
            ("{count_id}", count.int("count_id")),
            ("{entry_id}", entry),
            ("{part_id}", 1),
        ])
    }

    fn path(&self, operation: &Operation) -> String {
        let mut path = operation.path.to_owned();
        for (name, id) in &self.0 {
            path = path.replace(name, &id.to_string());
        }
        assert!(!path.contains('{'), "{path} names something that the test does not know");
        path
    }
}

fn method(operation: &Operation) -> Method {
    Method::from_bytes(operation.method.to_uppercase().as_bytes()).unwrap()
}

async fn ask(shop: &Shop, operation: &Operation, path: &str, body: &Value) -> Answer {
    let body = (operation.method != "get").then_some(body);
    shop.request(method(operation), path, body).await
}

/// A body with which nothing but the id in the path can be wrong.
fn body(operation: &str) -> Value {
    match operation {
        "items_update" | "customers_update" => json!({"name": "Mío"}),
        "sales_cancel" | "layaways_cancel" => json!({"reason": "Error"}),
        "quotations_convert" => json!({"payment_method": "tarjeta"}),
        "layaways_payment" | "customers_payment" => json!({"amount": 1, "payment_method": "tarjeta"}),
        "vehicles_add" => json!({"plate": "ABC-1"}),
        _ => json!({}),
    }
}

both_engines! {
    async fn each_role_may_do_what_it_may_and_nothing_else(shop: Shop) {
        let things = Things::of(&shop).await;
        let mut faults = String::new();
        for role in ["cashier", "warehouse", "accountant", "admin", "owner"] {
            let employee = if role == "owner" { shop.clone() } else { shop.hire(role).await };
            let mut before = shop.events().await;
            for operation in OPERATIONS {
                let granted = match operation.who {
                    Public => continue,
                    Employee => true,
                    May(name) => ["admin", "owner"].contains(&role) || permissions(role).contains(&name),
                };
                let answer = ask(&employee, operation, &things.path(operation), &json!({})).await;
                let after = shop.events().await;
                let name = operation.name;
                if granted && ([401, 403, 405].contains(&answer.status) || answer.status >= 500) {
                    let _ = writeln!(faults, "  {role} may {name}, yet: {} {}", answer.status, answer.text());
                }
                if !granted {
                    let error = answer.body.get("error").and_then(Value::as_str).unwrap_or_default();
                    if answer.status != 403 || error.is_empty() {
                        let _ = writeln!(faults, "  {role} may not {name}, yet: {} {}", answer.status, answer.text());
                    }
                    if after != before {
                        let _ = writeln!(faults, "  {role} was refused {name}, and it changed something");
                    }
                }
                before = after;
            }
        }
        assert!(faults.is_empty(), "\n{faults}");
    }

    async fn nothing_of_another_tenant_is_found(shop: Shop) {
        let things = Things::of(&shop).await;
        let other = shop.neighbour().await;
        let (mine, theirs) = (shop.events().await, other.events().await);
        let mut faults = String::new();
        for operation in OPERATIONS {
            // The catalogue is the same for all tenants.
            if operation.who == Public || !operation.path.contains('{') || operation.path.contains("/catalog/") {
                continue;
            }
            let answer = ask(&other, operation, &things.path(operation), &body(operation.name)).await;
            if answer.status != 404 || !answer.body["error"].is_string() {
                let _ = writeln!(faults, "  {}: {} {}", operation.name, answer.status, answer.text());
            }
        }
        assert!(faults.is_empty(), "\n{faults}");
        assert_eq!((shop.events().await, other.events().await), (mine, theirs));
    }

    async fn nothing_is_answered_without_a_token(shop: Shop) {
        let things = Things::of(&shop).await;
        let mut faults = String::new();
        for operation in OPERATIONS.iter().filter(|operation| operation.who != Public) {
            let text = (operation.method != "get").then(|| "{}".to_owned());
            let answer = shop.send(&method(operation), &things.path(operation), &[], text).await;
            if answer.status != 401 || !answer.body["error"].is_string() {
                let _ = writeln!(faults, "  {}: {} {}", operation.name, answer.status, answer.text());
            }
        }
        assert!(faults.is_empty(), "\n{faults}");
    }

    async fn an_employee_of_one_tenant_is_nobody_in_another(shop: Shop) {
        let other = shop.neighbour().await;
        let item = other.create_item("350.00", 10).await;
        let cashier = shop.hire("cashier").await;
        let answer = cashier.get("/pos/api/inventory/items").await.expect(200);
        assert_eq!(answer["data"], json!([]));
        assert_eq!(cashier.get(&format!("/pos/api/inventory/items/{item}")).await.status, 404);
    }
}
