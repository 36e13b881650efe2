//! The samples of the document: every printed body is sent as it is printed, to a shop in which what it names has the
//! printed numbers, and every printed answer is compared, value by value where the shop could be made so.

use std::fmt::Write as _;

use diario_tests::{
    Answer, Database, Printed, Server, Shop, assert_like, assert_says, corolla, diario, each_engine, int,
    named, num, plus_days,
};
use reqwest::Method;
use serde_json::{Value, json};

/// The documents' shop; the first of a server is tenant 1.
async fn shop_of(database: &Database, server: &Server) -> Shop {
    let options = ["--branch", "Sucursal Centro"];
    Shop::as_printed(database.engine, &server.base, &database.url, &options).await
}

/// Sends the printed body of an operation.
async fn send(printed: &Printed, shop: &Shop, method: Method, path: &str, name: &str) -> Answer {
    shop.request(method, &format!("/pos/api{path}"), Some(&printed.request(name))).await
}

async fn post(printed: &Printed, shop: &Shop, path: &str, name: &str) -> Answer {
    send(printed, shop, Method::POST, path, name).await
}

/// Goods without tax for 1.00 apiece.
async fn pennies(shop: &Shop) -> i64 {
    let item = json!({"price_1": 1, "cost": num("0.50"), "tax_rate": 0, "initial_stock": 100_000});
    shop.create_item_with(item).await
}

/// A sale by card, which needs no register: the body.
fn by_card(item: i64, quantity: i64) -> Value {
    json!({
        "items": [{"inventory_id": item, "quantity": quantity}], "payment_method": "tarjeta", "sale_type": "cash"
    })
}

/// As many sales of one piece.
async fn sell_many(shop: &Shop, item: i64, count: i64) {
    let command = |number| json!({"client_id": format!("venta-{number}"), "operation": "sales_create", "body": by_card(item, 1)});
    let commands: Vec<Value> = (0..count).map(command).collect();
    let answer = shop.post("/pos/api/sync/batch", json!({"commands": commands})).await.expect(200);
    assert!(
        answer["results"].as_array().unwrap().iter().all(|result| result["status"] == 201),
        "{}",
        answer.text()
    );
}

/// Sells so much without tax, for a means of payment.
async fn take(shop: &Shop, item: i64, amount: i64, method: &str) {
    let mut body = by_card(item, amount);
    body["payment_method"] = json!(method);
    body["register_id"] = json!(1);
    body["amount_paid"] = json!(amount);
    shop.sell(body).await;
}

/// Customers with the numbers from 1 on.
async fn customers(shop: &Shop, count: i64) {
    for number in 1..=count {
        assert_eq!(shop.create_customer("50000.00").await, number);
    }
}

/// A sale on credit: the body.
fn on_credit(customer: i64, item: i64, amount: i64) -> Value {
    let mut body = by_card(item, amount);
    body["payment_method"] = json!("efectivo");
    body["sale_type"] = json!("credit");
    body["customer_id"] = json!(customer);
    body["amount_paid"] = json!(0);
    body
}

async fn auth(printed: &Printed, shop: &Shop) {
    assert_eq!(shop.tenant_id, 1);
    let body = printed.text("auth_login.request.json", &[]);
    let answer = shop.send(&Method::POST, "/pos/api/auth/login", &[], Some(body)).await.expect(200);
    assert_says(&answer, &printed.response("auth_login"), &["token"]);
    let token = answer["token"].as_str().unwrap();
    let header = printed.headers("authorization.http", &[("eyJhbGciOi...", token)]);
    let header: Vec<_> = header.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let answer = shop.send(&Method::GET, "/pos/api/auth/me", &header, None).await.expect(200);
    assert_says(&answer, &printed.response("auth_me"), &[]);
    let answer = shop.send(&Method::GET, "/pos/api/auth/employees/1", &[], None).await.expect(200);
    assert_says(&answer, &printed.response("auth_employees"), &[]);
}

async fn config(printed: &Printed, shop: &Shop) {
    let answer = post(printed, shop, "/config/branches", "config_branches_create").await.expect(201);
    assert_says(&answer, &printed.response("config_branches_create"), &[]);
    // The first branch comes with the shop, which is founded without an address.
    let answer = shop.get("/pos/api/config/branches").await.expect(200);
    let differ = ["?data.0.address", "?data.0.phone"];
    assert_says(&answer, &printed.response("config_branches_list"), &differ);
    let answer = shop.get("/pos/api/config/employees").await.expect(200);
    assert_says(&answer, &printed.response("config_employees_list"), &[]);
    let answer = post(printed, shop, "/config/employees", "config_employees_create").await.expect(201);
    assert_says(&answer, &printed.response("config_employees_create"), &[]);
    let answer = shop.get("/pos/api/config/theme").await.expect(200);
    assert_says(&answer, &printed.response("config_theme"), &[]);
}

async fn inventory(printed: &Printed, shop: &Shop) {
    for number in 1..=5 {
        let category = json!({"name": format!("Categoría {number}")});
        assert_eq!(shop.post("/pos/api/inventory/categories", category).await.expect(201).int("id"), number);
    }
    let answer = post(printed, shop, "/inventory/items", "items_create").await.expect(201);
    assert_says(&answer, &printed.response("items_create"), &["barcode"]);

    // 1,234 items, and of the first the printed stock.
    let mut file = "part_number,name,price_1\n".to_owned();
    for number in 2..=1_234 {
        let _ = writeln!(file, "X-{number},Filtro {number},10.00");
    }
    shop.upload("/pos/api/import/items", file, &[]).await.expect(200);
    let found = json!({"inventory_id": 1, "quantity": 13, "reason": "Apareció"});
    shop.post("/pos/api/inventory/adjustment", found).await.expect(201);
    shop.put("/pos/api/inventory/items/1", json!({"barcode": "7501234567890"})).await.expect(200);
    let answer = shop.get("/pos/api/inventory/items").await.expect(200);
    let unsaid = [
        "?data.*.description",
        "?data.*.category_id",
        "?data.*.brand",
        "?data.*.max_stock",
        "?data.*.location",
        "?data.*.catalog_part_id",
    ];
    assert_says(&answer, &printed.response("items_list"), &unsaid);
    // A change takes the fields of a creation.
    send(printed, shop, Method::PUT, "/inventory/items/1", "items_create").await.expect(200);

    post(printed, shop, "/inventory/purchase", "inventory_purchase").await.expect(201);
    post(printed, shop, "/inventory/adjustment", "inventory_adjustment").await.expect(201);
    assert_eq!(shop.open_branch("Sucursal Norte").await, 2);
    post(printed, shop, "/inventory/transfer", "inventory_transfer").await.expect(201);

    let many = pennies(shop).await;
    sell_many(shop, many, 122).await;
    // What is brought back is paid back from a drawer.
    shop.open_register("2000.00").await;
    assert_eq!(shop.sell(by_card(1, 1)).await.int("sale_id"), 123);
    post(printed, shop, "/inventory/return", "inventory_return").await.expect(201);

    let answer = post(printed, shop, "/inventory/physical-count/start", "count_start").await.expect(201);
    assert_says(&answer, &printed.response("count_start"), &[]);
    post(printed, shop, "/inventory/physical-count/approve", "count_approve").await.expect(200);
    assert_eq!(shop.held(1, 1).await[0], diario_tests::dec("22"));

    let answer = shop.get("/pos/api/inventory/alerts").await.expect(200);
    assert_says(&answer, &printed.response("inventory_alerts"), &[]);
    let answer = shop.get("/pos/api/inventory/reports/valuation").await.expect(200);
    let totals = ["total_cost_value", "total_sale_value", "item_count"];
    assert_says(&answer, &printed.response("report_valuation"), &totals);
    let answer = shop.post("/pos/api/inventory/generate-barcode", json!({})).await.expect(200);
    assert_says(&answer, &printed.response("generate_barcode"), &["barcode"]);
}

async fn catalog(printed: &Printed, shop: &Shop) {
    let output = diario(&["catalog", "import", "--fixture", "--database", &shop.database]).await;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let item = json!({"part_number": "04465-02220", "price_1": num("350.00"), "initial_stock": 5});
    shop.create_item_with(item).await;
    let answer = shop.get("/pos/api/catalog/brands").await.expect(200);
    assert_like(&answer, &printed.response("catalog_brands"));
    let brand = named(&answer, "TOYOTA");
    assert_says(brand, &printed.response("catalog_brands")["data"][0], &["~id", "part_count"]);
    let (mye, _, group) = corolla(shop).await;
    let path = format!("/pos/api/catalog/parts?mye_id={mye}&group_id={group}");
    let answer = shop.get(&path).await.expect(200);
    let shown = printed.response("catalog_parts");
    // Parts that the shop does not have are without a price.
    assert_says(&answer, &shown, &["~data", "?data.*.local_price", "~pagination.total"]);
    let rows = answer["data"].as_array().unwrap();
    let row = rows.iter().find(|row| row["part_number"] == "04465-02220").unwrap();
    assert_says(row, &shown["data"][0], &["id", "name"]);
}

async fn sales(printed: &Printed, shop: &Shop) {
    assert_eq!(shop.create_item("350.00", 50).await, 1);
    assert_eq!(shop.open_register("2000.00").await, 1);
    customers(shop, 5).await;
    let answer = post(printed, shop, "/sales", "sales_create").await.expect(201);
    assert_says(&answer, &printed.response("sales_create"), &[]);
    let mut mixed = printed.request("sales_create");
    mixed["payment_method"] = json!("mixto");
    mixed["payment_details"] = printed.json("sales_create.payment_details.json");
    shop.sell(mixed).await;
    send(printed, shop, Method::PUT, "/sales/1/cancel", "sales_cancel").await.expect(200);

    let answer = post(printed, shop, "/quotations", "quotations_create").await.expect(201);
    assert_eq!(answer.int("quotation_id"), 1);
    post(printed, shop, "/quotations/1/convert", "quotations_convert").await.expect(201);

    // The printed day of a layaway has passed.
    let mut layaway = printed.request("layaways_create");
    let today = shop.today().await;
    if layaway["due_date"].as_str().unwrap() < today.as_str() {
        let answer = shop.post("/pos/api/layaways", layaway.clone()).await.expect(400);
        assert!(answer.error().contains("due_date"), "{}", answer.text());
        layaway["due_date"] = json!(plus_days(&today, 29));
    }
    let answer = shop.post("/pos/api/layaways", layaway).await.expect(201);
    assert_eq!(answer.int("layaway_id"), 1);
    post(printed, shop, "/layaways/1/payment", "layaways_payment").await.expect(201);
    send(printed, shop, Method::PUT, "/layaways/1/cancel", "layaways_cancel").await.expect(200);
}

async fn customer_accounts(printed: &Printed, shop: &Shop) {
    customers(shop, 4).await;
    assert_eq!(post(printed, shop, "/customers/", "customers_create").await.expect(201).int("id"), 5);
    let item = pennies(shop).await;
    // 45 sales and 12 payments, the last of each the printed ones.
    sell_many(shop, item, 42).await;
    shop.sell(on_credit(4, item, 11)).await;
    shop.sell(on_credit(5, item, 10_500)).await;
    let pay = async |customer: i64, amount: i64| {
        let body = json!({"amount": amount, "payment_method": "transferencia"});
        shop.post(&format!("/pos/api/customers/{customer}/payment"), body).await.expect(201);
    };
    for _ in 0..11 {
        pay(4, 1).await;
    }
    pay(5, 3_000).await;
    shop.sell(on_credit(5, item, 5_000)).await;
    let answer = shop.get("/pos/api/customers/5/statement").await.expect(200);
    assert_says(&answer, &printed.response("customers_statement"), &["transactions.*.date"]);
    post(printed, shop, "/customers/5/payment", "customers_payment").await.expect(201);
}

async fn register(printed: &Printed, shop: &Shop) {
    let item = pennies(shop).await;
    let answer = post(printed, shop, "/register/open", "register_open").await.expect(201);
    assert_says(&answer, &printed.response("register_open"), &["opened_at"]);
    for _ in 0..10 {
        take(shop, item, 350, "efectivo").await;
    }
    take(shop, item, 2_100, "tarjeta").await;
    take(shop, item, 1_150, "transferencia").await;
    post(printed, shop, "/register/movement", "register_movement").await.expect(201);
    let answer = shop.get("/pos/api/register/cut-x").await.expect(200);
    assert_says(&answer, &printed.response("register_cut_x"), &[]);
    let answer = post(printed, shop, "/register/cut-z", "register_cut_z").await.expect(200);
    assert_says(&answer, &printed.response("register_cut_z"), &["closed_at"]);
}

/// Another moment than the cuts (contract N-23): the same number of sales, other sums.
async fn open_register(printed: &Printed, shop: &Shop) {
    let item = pennies(shop).await;
    post(printed, shop, "/register/open", "register_open").await.expect(201);
    for _ in 0..10 {
        take(shop, item, 343, "efectivo").await;
    }
    for _ in 0..2 {
        take(shop, item, 2_660, "tarjeta").await;
    }
    let answer = shop.get("/pos/api/register/current").await.expect(200);
    assert_says(&answer, &printed.response("register_current"), &["opened_at"]);
}

async fn accounting(printed: &Printed, shop: &Shop) {
    let answer = shop.get("/pos/api/accounting/accounts").await.expect(200);
    assert_says(&answer, &printed.response("accounts_list"), &[]);
    // The chart is SAT's, which has 100.01 already and other numbers (contract N-45).
    let mut account = printed.request("accounts_create");
    let refused = shop.post("/pos/api/accounting/accounts", account.clone()).await.expect(400);
    assert!(refused.error().contains("100.01"), "{}", refused.text());
    account["code"] = json!("101.01.01");
    account["sat_code"] = json!("101.01");
    account["parent_id"] = json!(shop.account("101.01").await);
    shop.post("/pos/api/accounting/accounts", account).await.expect(201);
    let mut entry = printed.request("entries_create");
    shop.post("/pos/api/accounting/entries", entry.clone()).await.expect(400);
    entry["lines"][0]["account_id"] = json!(shop.account("601.84").await);
    entry["lines"][1]["account_id"] = json!(shop.account("102.01").await);
    shop.post("/pos/api/accounting/entries", entry).await.expect(201);

    assert_eq!(shop.create_item("350.00", 50).await, 1);
    assert_eq!(shop.open_register("2000.00").await, 1);
    shop.sell_cash(1, 1, "2", "350.00").await;
    let entries = shop.all("/pos/api/accounting/entries?type=sale").await;
    let mut shown = Value::Null;
    for entry in &entries {
        let detail =
            shop.get(&format!("/pos/api/accounting/entries/{}", int(&entry["id"]))).await.expect(200);
        // What was sold, and what it cost, are two entries (contract N-28).
        if detail["lines"].as_array().unwrap().len() == 3 {
            shown = detail.body;
        }
    }
    let differ = [
        "id",
        "date",
        "reference",
        "~description",
        "lines.*.account_id",
        "lines.*.account_code",
        "lines.*.account_name",
    ];
    assert_says(&shown, &printed.response("entries_detail"), &differ);

    let get = async |path: &str| shop.get(&format!("/pos/api/accounting/{path}")).await.expect(200);
    let answer = get("trial-balance?date_from=2026-04-01&date_to=2026-04-30").await;
    assert_says(&answer, &printed.response("trial_balance"), &["accounts", "totals"]);
    let answer = get("income-statement?date_from=2026-04-01").await;
    let differ = [
        "~period.to",
        "income",
        "cost_of_sales",
        "expenses",
        "gross_profit",
        "operating_profit",
        "net_income",
    ];
    assert_says(&answer, &printed.response("income_statement"), &differ);
    let differ = ["~date", "assets", "liabilities", "equity", "total_assets", "total_liabilities_equity"];
    assert_says(&get("balance-sheet").await.body, &printed.response("balance_sheet"), &differ);
    let answer = shop.get("/pos/api/dashboard/stats").await.expect(200);
    assert_says(&answer, &printed.response("dashboard_stats"), &["today", "month"]);
}

async fn periods(printed: &Printed, shop: &Shop) {
    for date in ["2026-03-15", "2026-04-15"] {
        shop.post_entry(date, &[("601.84", "100.00"), ("102.01", "-100.00")]).await;
    }
    post(printed, shop, "/accounting/periods/close", "periods_close").await.expect(200);
    let shown = printed.response("periods_list");
    let answer = shop.get("/pos/api/accounting/periods").await.expect(200);
    // Later months come before the printed ones.
    let mut rows = answer["data"].as_array().unwrap().clone();
    rows.retain(|row| int(&row["year"]) == 2026 && int(&row["month"]) <= 4);
    assert_says(&json!({"data": rows}), &shown, &["data.1.closed_at"]);
}

/// What each owes is so many days old that it falls into the printed columns.
async fn aging(printed: &Printed, shop: &Shop) {
    let item = json!({
        "part_number": "AN-1", "name": "Balatas", "cost": num("0.50"), "price_1": 1, "initial_stock": 100_000,
        "tax_rate": 0
    });
    let item = int(&shop.days_ago(300, "items_create", json!({}), item).await["id"]);
    customers(shop, 6).await;
    for (customer, days, amount) in [
        (5, 0, 5_000),
        (5, 40, 3_000),
        (5, 70, 2_000),
        (6, 0, 10_000),
        (6, 40, 5_000),
        (6, 70, 1_000),
        (6, 100, 1_000),
        (6, 130, 500),
    ] {
        let body = on_credit(customer, item, amount);
        if days == 0 {
            shop.sell(body).await;
        } else {
            shop.days_ago(days, "sales_create", json!({}), body).await;
        }
    }
    let answer = shop.get("/pos/api/accounting/aging").await.expect(200);
    assert_says(&answer, &printed.response("aging"), &["date"]);
}

async fn common(printed: &Printed, shop: &Shop) {
    let answer = shop.send(&Method::GET, "/pos/health", &[], None).await.expect(200);
    assert_eq!(*answer, printed.response("health"));
    let answer = shop.get("/pos/api/sales/999").await.expect(404);
    assert_says(&answer, &printed.response("error"), &["error"]);
}

/// The operations of sections 8 and 11 to 13 are not served yet: whoever serves one finds its samples here.
async fn not_served_yet(printed: &Printed, shop: &Shop) {
    for (method, path, name) in [
        (Method::POST, "/invoicing/invoice", "invoices_create"),
        (Method::POST, "/invoicing/cancel/1", "invoices_cancel"),
        (Method::POST, "/bnpl/applications", "bnpl_applications_create"),
        (Method::POST, "/erp/sync", "erp_sync"),
        (Method::POST, "/whatsapp-cloud/messages", "whatsapp_messages"),
    ] {
        let answer = send(printed, shop, method, path, name).await.expect(404);
        assert_says(&answer, &printed.response("error"), &["error"]);
    }
    shop.get("/pos/api/bnpl/providers").await.expect(404);
    assert_eq!(printed.response("bnpl_providers")["providers"].as_array().unwrap().len(), 3);
    assert!(printed.response("invoices_create")["uuid"].is_null());
}

each_engine! {
    async fn every_sample_runs(engine: Engine) {
        let printed = Printed::of("nexus");
        let database = Database::fresh(engine).await;
        let server = Server::start(&database);
        let shop = async || shop_of(&database, &server).await;
        let first = shop().await;
        auth(&printed, &first).await;
        config(&printed, &first).await;
        let mut shops = vec![first];
        macro_rules! section {
            ($($section:ident)+) => { $(
                let next = shop().await;
                $section(&printed, &next).await;
                shops.push(next);
            )+ };
        }
        section!(inventory catalog sales customer_accounts register open_register accounting periods aging common not_served_yet);
        printed.finish();
        for shop in shops {
            shop.assert_books_tie().await;
        }
    }
}
