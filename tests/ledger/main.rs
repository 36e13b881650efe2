//! What the ledger promises under load, under violence and under tampering, and what outside judges say of
//! its journal.

mod append_only;
mod catalog_import;
mod contabilidad;
mod import_files;
mod judges;
mod kill;
mod last_unit;
mod offline;
mod program;
mod real_days;
mod rebuild;
mod reports;
mod schema;
mod tampering;
mod two_servers;

use diario_tests::{ABILITIES, Shop, dec, fresh_pin, int, num, year_and_month};
use reqwest::Method;
use rust_decimal::Decimal;
use serde_json::json;

/// Some of everything, so that no read model is left empty.
async fn mixed_history(shop: &Shop) {
    till_history(shop).await;
    let north = shop.open_branch("Norte").await;
    let customer = shop.create_customer("5000.00").await;
    stockroom_history(shop, north).await;
    quotation_history(shop, customer).await;
    layaway_history(shop, customer).await;
    customer_history(shop, customer).await;
    optician_history(shop).await;
    product_history(shop).await;
    access_history(shop).await;
    books_history(shop).await;
    ordering_history(shop).await;
    webhook_history(shop).await;
}

/// An endpoint that changes and gets another secret, and one that goes. Neither is told anything: no tenant is founded.
async fn webhook_history(shop: &Shop) {
    let hook = json!({"url": "https://tienda.example/", "events": ["tenant.created"], "delivery": "durable"});
    let one = shop.post("/admin/v1/webhooks", hook.clone()).await.expect(201).int("id");
    let two = shop.post("/admin/v1/webhooks", hook).await.expect(201).int("id");
    let path = format!("/admin/v1/webhooks/{one}");
    shop.request(Method::PATCH, &path, Some(&json!({"ordered": true}))).await.expect(200);
    shop.post(&format!("{path}/rotate-secret"), json!({})).await.expect(200);
    shop.request(Method::DELETE, &format!("/admin/v1/webhooks/{two}"), None).await.expect(200);
}

/// Sales of every kind, a purchase, adjustments, returns, a cancellation, payments, cash movements and two cuts
/// that do not fit.
async fn till_history(shop: &Shop) {
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

/// A category, a barcode, transfers that arrived at once, arrived short and are on their way, and two counts of
/// which one is approved.
async fn stockroom_history(shop: &Shop, north: i64) {
    let inventory = |rest: &str| format!("/pos/api/inventory/{rest}");
    let motors = shop.post(&inventory("categories"), json!({"name": "Motores"})).await.expect(201).int("id");
    let starters = json!({"name": "Marchas", "parent_id": motors});
    let starters = shop.post(&inventory("categories"), starters).await.expect(201).int("id");
    let item = shop
        .create_item_with(json!({
            "name": "Marcha", "brand": "Bosch", "category_id": starters, "cost": num("123.457"),
            "initial_stock": 60, "min_stock": 5, "max_stock": 80
        }))
        .await;
    shop.post(&inventory("generate-barcode"), json!({"inventory_id": item})).await.expect(200);

    shop.transfer(shop.branch_id, north, item, "11", "immediate").await;
    for received in [None, Some(num("2.5")), Some(json!(0))] {
        let transfer = shop.transfer(shop.branch_id, north, item, "3", "in_transit").await;
        if let Some(quantity) = received {
            let arrived = json!({
                "items": [{"inventory_id": item, "quantity": quantity}], "reason": "Se rompió en el camino"
            });
            shop.post(&inventory(&format!("transfers/{transfer}/receive")), arrived).await.expect(200);
        }
    }
    for (branch, counted) in [(shop.branch_id, 38), (north, 15), (north, 13)] {
        let body =
            json!({"branch_id": branch, "items": [{"inventory_id": item, "counted_quantity": counted}]});
        let count = shop.post(&inventory("physical-count/start"), body).await.expect(201).int("count_id");
        if counted != 13 {
            shop.post(&inventory("physical-count/approve"), json!({"count_id": count})).await.expect(200);
        }
    }
}

/// A quotation that was sold by another employee, one taken back and one that stands.
async fn quotation_history(shop: &Shop, customer: i64) {
    let cashier =
        shop.hire_with("cashier", json!({"email": "juan@correo.com", "max_discount_pct": 10})).await;
    let register = cashier.open_register_number(2, "300.00").await;
    let item = shop.create_item("119.99", 30).await;
    let mut offered = Vec::new();
    for quantity in ["2", "3", "4"] {
        let body = json!({
            "items": [shop.line(item, quantity, "119.99")], "customer_id": customer, "valid_days": 3
        });
        offered.push(cashier.post("/pos/api/quotations", body).await.expect(201).int("quotation_id"));
    }
    let paid = json!({"payment_method": "efectivo", "register_id": register, "amount_paid": 300});
    cashier.post(&format!("/pos/api/quotations/{}/convert", offered[0]), paid).await.expect(201);
    let reason = json!({"reason": "Encontró más barato"});
    shop.put(&format!("/pos/api/quotations/{}/cancel", offered[1]), reason).await.expect(200);
}

/// Layaways: one completed, one given up with a penalty, one open with deposits; and store credit that is spent.
async fn layaway_history(shop: &Shop, customer: i64) {
    let register = shop.open_register("50.00").await;
    let item = shop.create_item("777.77", 20).await;
    let at = |layaway: i64, what: &str| format!("/pos/api/layaways/{layaway}/{what}");
    let by_cash =
        |amount: &str| json!({"amount": num(amount), "payment_method": "efectivo", "register_id": register});

    let completed = shop.set_aside(customer, item, "2", "777.77", "333.33").await;
    shop.post(&at(completed, "payment"), by_cash("500.00")).await.expect(201);
    let rest = json!({"amount": num("971.10"), "payment_method": "transferencia", "reference": "SPEI-7"});
    shop.post(&at(completed, "payment"), rest).await.expect(201);
    shop.post(&at(completed, "complete"), json!({})).await.expect(200);

    let cancelled = shop.set_aside(customer, item, "1", "777.77", "900.01").await;
    let given_up = json!({"reason": "Ya no lo quiere", "penalty": num("90.01")});
    shop.put(&at(cancelled, "cancel"), given_up).await.expect(200);

    let open = shop.set_aside(customer, item, "3", "777.77", "100.00").await;
    shop.post(&at(open, "payment"), by_cash("33.33")).await.expect(201);
    let by_credit = json!({"amount": num("10.00"), "payment_method": "saldo_a_favor"});
    shop.post(&at(open, "payment"), by_credit).await.expect(201);

    let mut spent = shop.sale(register, item, "1", "500.00");
    spent["customer_id"] = json!(customer);
    spent["payment_method"] = json!("saldo_a_favor");
    shop.sell(spent).await;
}

/// A customer whose data change, a vehicle that stays and one that goes, and a debt that is partly paid.
async fn access_history(shop: &Shop) {
    let mut keys = Vec::new();
    for name in ["Sitio web", "Perdida"] {
        let body = json!({"surface": "lunara", "name": name, "scopes": ["read:inventario"]});
        keys.push(int(&shop.post("/admin/v1/keys", body).await.expect(201)["id"]));
    }
    shop.request(Method::DELETE, &format!("/admin/v1/keys/{}", keys[1]), None).await.expect(200);
    let user = json!({"email": "ana@tienda.com", "name": "Ana", "password": "muy secreta"});
    shop.post("/admin/v1/users", user).await.expect(201);
    shop.put("/admin/v1/plan", json!({"plan": "pro"})).await.expect(200);
    let path = format!("/admin/v1/employees/{}", shop.hire("cashier").await.employee_id);
    shop.put(&format!("{path}/pin"), json!({"pin": fresh_pin()})).await.expect(200);
    shop.put(&path, json!({"name": "Rosa", "is_active": false})).await.expect(200);
}

async fn customer_history(shop: &Shop, customer: i64) {
    let changed = json!({"phone": "555-0009", "credit_days": 45, "price_tier": "taller"});
    shop.put(&format!("/pos/api/customers/{customer}"), changed).await.expect(200);
    let vehicles = format!("/pos/api/customers/{customer}/vehicles");
    let mut added = Vec::new();
    for plate in ["ABC-123", "XYZ-987"] {
        let body = json!({"plate": plate, "brand": "Toyota", "model": "Hilux", "year": 2019});
        let answer = shop.post(&vehicles, body).await.expect(201);
        added.push(int(&answer["id"]));
    }
    shop.request(Method::DELETE, &format!("{vehicles}/{}", added[1]), None).await.expect(200);
    let item = shop.create_item("88.88", 20).await;
    shop.sell_on_credit(customer, item, "7", "88.88").await;
    let body = json!({"amount": num("123.45"), "payment_method": "tarjeta"});
    shop.post(&format!("/pos/api/customers/{customer}/payment"), body).await.expect(201);
}

/// Patients of whom one changes, prescriptions, two orders of which one is ready, and a sale paid by a brand.
async fn optician_history(shop: &Shop) {
    let admin = |rest: &str| format!("/admin/v1/{rest}");
    let mut patients = Vec::new();
    for (dni, name) in [("70123456", "María"), ("70123457", "José")] {
        let body =
            json!({"dni": dni, "nombre": name, "apellidos": "Quispe Mamani", "telefono": "+51999123456"});
        patients.push(shop.post(&admin("patients"), body).await.expect(201).int("id"));
    }
    let married = json!({"apellidos": "Quispe de Rojas", "dni": "70123458"});
    shop.put(&admin(&format!("patients/{}", patients[0])), married).await.expect(200);
    for patient in &patients {
        let eye = json!({"esfera": num("-2.25"), "cilindro": num("-0.25"), "eje": 85});
        let body = json!({"customer_id": patient, "od": eye, "oi": {"esfera": 0}, "add": num("1.50")});
        shop.post(&admin("prescriptions"), body).await.expect(201);
        let body = json!({"customer_id": patient, "sale_id": 1});
        shop.post(&admin("workshop-orders"), body).await.expect(201);
    }
    shop.post(&admin("workshop-orders/1/ready"), json!({})).await.expect(200);
    let item = shop.create_item("310.00", 5).await;
    let mut sale = shop.sale(0, item, "1", "310.00");
    sale.as_object_mut().unwrap().remove("register_id");
    sale["payment_method"] = json!("transferencia");
    sale["payment_brand"] = json!("YAPE");
    shop.sell(sale).await;
}

/// Accounts of the shop's own, rules of posting of which one is taken back, entries by hand, one of them reversed,
/// a supplier that is paid in part, cards that are settled, an expense, and a year and a month that are closed.
async fn books_history(shop: &Shop) {
    let accounting = |rest: &str| format!("/pos/api/accounting/{rest}");
    let (this_year, _) = year_and_month(&shop.today().await);
    let rent = shop.create_account("601.84.01", "601.84").await;
    let cards = shop.create_account("107.05.01", "107.05").await;
    let from = shop.account("107.05").await;
    for (event, to) in [(Some("sale.completed"), Some(cards)), (None, Some(cards)), (None, None)] {
        let rule = json!({"account_id": from, "event_type": event, "to_account_id": to});
        shop.put(&accounting("posting-map"), rule).await.expect(200);
    }
    let item = shop.create_item("99.99", 30).await;
    let mut by_card = shop.sale(0, item, "3", "99.99");
    by_card["payment_method"] = json!("tarjeta");
    by_card.as_object_mut().unwrap().remove("register_id");
    shop.sell(by_card).await;
    let settled = json!({"amount": num("100.00"), "commission": num("2.50"), "tax": num("0.40")});
    shop.post(&accounting("card-settlements"), settled).await.expect(201);
    let bought = json!({
        "supplier": "Distribuidora Central", "items": [{"inventory_id": item, "quantity": 9, "unit_cost": num("33.33")}]
    });
    let purchase = shop.post("/pos/api/inventory/purchase", bought).await.expect(201).int("purchase_id");
    let paid = json!({"purchase_id": purchase, "amount": num("100.01"), "payment_method": "transferencia"});
    shop.post(&accounting("supplier-payments"), paid).await.expect(201);
    let register = shop.get("/pos/api/register/current").await.expect(200).int("register_id");
    let spent = json!({
        "register_id": register, "type": "out", "amount": num("11.60"), "reason": "Hielo", "account_id": rent,
        "tax": num("1.60")
    });
    shop.post("/pos/api/register/movement", spent).await.expect(201);

    // The year before the last: whatever the month, the last one stays open.
    let december = format!("{}-12-05", this_year - 2);
    let earned = [("102.01", "500.00"), ("401.02", "-431.03"), ("208.01", "-68.97")];
    shop.post_entry(&december, &earned).await;
    let entry = shop.post_entry(&december, &[("601.84.01", "70.07"), ("102.01", "-70.07")]).await;
    let reversal = json!({"date": december, "description": "Duplicada"});
    shop.post(&accounting(&format!("entries/{entry}/reverse")), reversal).await.expect(201);
    for month in [12, 13] {
        shop.close(this_year - 2, month).await.expect(200);
    }
}

/// Products in sizes, one of which moves to another product; price lists, and prices written at Gestion Nube's door.
async fn product_history(shop: &Shop) {
    let (shirt, _) = shop.product("REM-001", "Remera", "100.00", &[("S", 4), ("M", 7)]).await;
    let (_, others) = shop.product("REM-002", "Remera larga", "120.00", &[("L", 1), ("M", 0)]).await;
    let changed = json!({"provider": "Textiles SRL", "description": "Algodon", "active": false});
    shop.put(&format!("/admin/v1/product-groups/{shirt}"), changed).await.expect(200);
    let moved = format!("/admin/v1/product-groups/{shirt}/variants/{}", others[0]);
    shop.put(&moved, json!({"size": "XL"})).await.expect(200);
    for percent in [num("-15"), num("7.5")] {
        let list = json!({"descripcion": "Mayorista", "variacion": percent});
        shop.post("/admin/v1/price-lists", list).await.expect(201);
    }
    shop.put("/admin/v1/price-lists/2", json!({"active": false})).await.expect(200);
    let nube = shop.nube(&ABILITIES).await;
    let prices = json!({"price": num("99.90"), "aditional_price": num("89.90")});
    nube.write(&format!("/api/v1/precios/1/producto/{shirt}"), prices).await.expect(200);
    nube.write(&format!("/api/v1/productos/{shirt}"), json!({"wholesaler_price": 80})).await.expect(200);
}

/// A company that signs up, changes its addresses, likes an item, has a price of its own, and orders: sold at once,
/// set aside, confirmed and given up.
async fn ordering_history(shop: &Shop) {
    let item = shop.create_item("64.37", 40).await;
    let key = json!({"surface": "lunatel", "name": "B2B"});
    let key = shop.post("/admin/v1/keys", key).await.expect(201)["key"].clone();
    let sign_up = json!({
        "apiKey": key, "companyName": "Ege", "companyTitle": "Ege Ltd. Şti.", "name": "Ayşe", "surname": "Yılmaz",
        "userName": "ege", "email": "ayse@ege.com.tr", "phone": "1", "taxNumber": "1234567890", "taxUnit": "Konak",
        "deliveryAddress": "Atatürk Cad. 1", "password": "çok gizli", "passwordRetry": "çok gizli", "cityId": 1,
        "districtId": 1, "neighborhoodId": 1, "ipAdress": "192.0.2.1"
    });
    shop.post("/v1/Auth/SignUp", sign_up).await.expect(200);
    let login = json!({"apiKey": key, "username": "ege", "password": "çok gizli"});
    let token =
        shop.post("/v1/Auth/Login", login).await.expect(200)["authToken"].as_str().unwrap().to_owned();
    let call = async |path: &str, body: serde_json::Value| {
        shop.send(&Method::POST, path, &[("authorization", &token)], Some(body.to_string())).await.expect(200)
    };
    let address = json!({
        "addressTitle": "Depo", "fullAdress": "Sanayi 5", "cityID": 1, "townID": 1, "neighborhoodID": 2, "name": "Ali",
        "phoneNumber": "2", "taxNumber": "3", "taxUnit": "4", "commercialTitle": "5", "email": "6"
    });
    let second = call("/v1/Address/Create", address.clone()).await.int("id");
    let mut edited = address;
    edited["addressId"] = json!(second);
    edited["invoiceAddress"] = json!("Başka");
    call("/v1/Address/Edit", edited).await;
    call("/v1/Address/Delete", json!({"addressId": second})).await;
    let listed = call("/v1/Address/GetAddress", json!({})).await;
    let (first, company) =
        (int(&listed["addressList"][0]["id"]), int(&listed["addressList"][0]["companyId"]));
    call("/v1/Product/favoriteToggle", json!({"productId": item})).await;

    let own = json!({"price": num("61.13"), "discount_pct": num("2.5")});
    shop.put(&format!("/admin/v1/customers/{company}/prices/{item}"), own).await.expect(200);
    shop.put(&format!("/admin/v1/items/{item}/ordering"), json!({"order_min": 2})).await.expect(200);
    let order = json!({
        "deliveryAddressId": first, "ipAddress": "192.0.2.1", "note": "Acil",
        "orderItems": [{"productId": item, "quantity": 3}]
    });
    call("/v1/Order/postOrder", order.clone()).await;
    shop.put("/admin/v1/ordering", json!({"auto_confirm": false})).await.expect(200);
    for end in ["confirm", "cancel", ""] {
        let number = call("/v1/Order/postOrder", order.clone()).await.int("orderNo");
        if !end.is_empty() {
            shop.post(&format!("/admin/v1/orders/{number}/{end}"), json!({})).await.expect(200);
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
