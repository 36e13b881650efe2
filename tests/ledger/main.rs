//! What the ledger promises under load, under violence and under tampering, and what outside judges say of
//! its journal.

mod append_only;
mod catalog_import;
mod import_files;
mod judges;
mod kill;
mod last_unit;
mod program;
mod real_days;
mod rebuild;
mod schema;
mod tampering;
mod two_servers;

use diario_tests::{Shop, dec, num};
use rust_decimal::Decimal;
use serde_json::json;

/// Some of everything: sales of every kind, a purchase, adjustments, returns, a cancellation, payments, cash
/// movements and two cuts that do not fit.
async fn mixed_history(shop: &Shop) {
    let register = shop.open_register("1500.00").await;
    let brake = shop.create_item("350.00", 40).await;
    let odd = shop
        .create_item_with(json!({
            "name": "Tornillo", "cost": num("0.333333"), "price_1": num("1.05"), "initial_stock": 1000
        }))
        .await;
    let customer = shop.create_customer("90000.00").await;

    shop.sell_cash(register, brake, "2", "350.00").await;
    let returned = shop.sell_cash(register, odd, "7", "1.05").await;
    let cancelled = shop.sell_cash(register, brake, "1", "349.99").await;
    let owed = shop.sell_on_credit(customer, brake, "5", "333.33").await;
    for method in ["tarjeta", "transferencia"] {
        let mut body = shop.sale(register, odd, "13", "1.05");
        body["payment_method"] = json!(method);
        shop.sell(body).await;
    }
    let mut mixed = shop.sale(register, brake, "3", "350.00");
    mixed["sale_type"] = json!("mixed");
    mixed["customer_id"] = json!(customer);
    mixed["amount_paid"] = num("100.01");
    shop.sell(mixed).await;

    shop.post(
        "/pos/api/inventory/purchase",
        json!({
            "supplier": "Distribuidora Central", "invoice_number": "FAC-1",
            "items": [
                {"inventory_id": brake, "quantity": 7, "unit_cost": num("161.37")},
                {"inventory_id": odd, "quantity": 333, "unit_cost": num("0.41")}
            ]
        }),
    )
    .await
    .expect(201);
    for (item, quantity) in [(brake, "-1"), (odd, "-17"), (odd, "4")] {
        let body = json!({"inventory_id": item, "quantity": num(quantity), "reason": "Conteo"});
        shop.post("/pos/api/inventory/adjustment", body).await.expect(201);
    }
    shop.put(&format!("/pos/api/sales/{cancelled}/cancel"), json!({"reason": "Error"})).await.expect(200);
    for (sale, item, quantity) in [(returned, odd, 3), (owed, brake, 1)] {
        shop.post("/pos/api/inventory/return", json!({
            "sale_id": sale, "items": [{"inventory_id": item, "quantity": quantity}], "reason": "Equivocada"
        })).await.expect(201);
    }
    for amount in ["77.77", "1000.00"] {
        let body = json!({"amount": num(amount), "payment_method": "transferencia", "reference": "SPEI"});
        shop.post(&format!("/pos/api/customers/{customer}/payment"), body).await.expect(201);
    }
    let out = json!({"register_id": register, "type": "out", "amount": 200, "reason": "A la caja fuerte"});
    shop.post("/pos/api/register/movement", out).await.expect(201);
    for counted in ["1999.50", "12.00"] {
        let register = shop.get("/pos/api/register/current").await.expect(200).int("register_id");
        let cut = json!({"register_id": register, "counted_amount": num(counted)});
        shop.post("/pos/api/register/cut-z", cut).await.expect(200);
        if counted == "1999.50" {
            shop.open_register("10.00").await;
        }
    }
}

/// A shop that is ready to sell one item many times.
struct Counter {
    register: i64,
    item: i64,
}

impl Counter {
    async fn open(shop: &Shop, stock: i64) -> Self {
        Self { register: shop.open_register("0.00").await, item: shop.create_item("350.00", stock).await }
    }

    fn sale(&self, shop: &Shop) -> serde_json::Value {
        shop.sale(self.register, self.item, "1", "350.00")
    }

    /// All that must hold when exactly these sales of one unit have been made of this stock: each is listed
    /// once, and stock, cash and cost are those of so many sales.
    async fn assert_sold(&self, shop: &Shop, stock: i64, sales: &[i64]) {
        let mut expected = sales.to_vec();
        expected.sort_unstable();
        let count = expected.len();
        expected.dedup();
        assert_eq!(expected.len(), count, "two requests were answered with the same sale");
        let mut listed = Vec::new();
        let mut folios = Vec::new();
        for row in shop.all("/pos/api/sales").await {
            listed.push(sale_id(&row));
            folios.push(row["folio"].as_str().unwrap().to_owned());
        }
        listed.sort_unstable();
        assert_eq!(listed, expected, "the sales that are listed are not those that were made");
        folios.sort_unstable();
        folios.dedup();
        assert_eq!(folios.len(), count, "two sales have the same folio");

        let count = Decimal::from(count);
        assert_eq!(shop.stock(self.item).await, Decimal::from(stock) - count);
        let balances = shop.balances().await;
        assert_eq!(balances.of("101.01"), count * dec("406"));
        assert_eq!(balances.of("501.01"), count * dec("150"));
        let cut = shop.get("/pos/api/register/cut-x").await.expect(200);
        assert_eq!(cut.money("expected_cash"), count * dec("406"));
        assert_eq!(Decimal::from(cut.int("sales_count")), count);
        self.assert_gapless(shop).await;
        shop.assert_books_tie().await;
    }

    async fn assert_gapless(&self, shop: &Shop) {
        let id = shop.tenant_id;
        let of = |what: &str| format!("SELECT CAST({what} AS TEXT) FROM events WHERE tenant_id = {id}");
        let sql = shop.sql();
        let events = sql.integer(&of("COUNT(*)")).await;
        assert_eq!(sql.integer(&of("MIN(position)")).await, 1);
        assert_eq!(sql.integer(&of("MAX(position)")).await, events, "the positions have gaps");
        assert_eq!(sql.integer(&of("COUNT(DISTINCT position)")).await, events);
    }
}

/// The list names a sale's id like the creation does, or just `id`.
fn sale_id(row: &serde_json::Value) -> i64 {
    row.get("sale_id").or_else(|| row.get("id")).and_then(serde_json::Value::as_i64).unwrap()
}
