//! What one door does, every other door sees at its next read: goods, prices, customers (contract 8.2 C-20, section 9).

use std::time::Duration;

use diario_tests::{ABILITIES, Answer, Nube, Receiver, Shop, both_engines, dec, int, money, num};
use futures_util::future::{BoxFuture, FutureExt as _, join_all};
use reqwest::Method;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::company::{Company, failed};

/// Longer than a webhook waits before it tries again.
const PAST_A_RETRY: Duration = Duration::from_secs(7);

/// A shop with one item, known to all its doors, each of them open.
struct Doors {
    shop: Shop,
    item: i64,
    register: i64,
    lunara: String,
    nube: Nube,
    lummy: String,
    company: Company,
    receiver: Receiver,
}

/// What the doors say of the item's stock.
#[derive(Debug, PartialEq)]
struct Stock {
    nexus: Decimal,
    nexus_available: Decimal,
    lunara: Decimal,
    /// `available_quantity` in the list and in the detail of the inventory, `stock_total`, `stock_disponible`.
    nube: [Decimal; 4],
    /// The most that may be ordered.
    lunatel: Decimal,
}

impl Stock {
    /// So much lies there, and so much of it may be promised.
    fn of(on_hand: &str, available: &str) -> Self {
        let (on_hand, available) = (dec(on_hand), dec(available));
        Self {
            nexus: on_hand,
            nexus_available: available,
            lunara: on_hand,
            nube: [available; 4],
            lunatel: available,
        }
    }
}

fn row(answer: &Answer, rows: &str, field: &str, id: i64) -> Value {
    let rows = answer[rows].as_array().unwrap();
    rows.iter()
        .find(|row| row[field] == json!(id))
        .unwrap_or_else(|| panic!("{id} is not in {rows:?}"))
        .clone()
}

impl Doors {
    /// Ten units of cost 150.00 at 350.00, and every door's credentials. Webhooks of customers and sales are told.
    async fn open(shop: &Shop) -> Self {
        let endless = json!({"credit_limit": num("99999999.00")});
        shop.put("/admin/v1/ordering", endless).await.expect(200);
        let company = Company::new(shop, "ege").await;
        let receiver = Receiver::start().await;
        let hook = json!({
            "url": receiver.url("/hook"), "events": ["venta.cerrada", "cliente.creado"], "delivery": "durable"
        });
        shop.post("/admin/v1/webhooks", hook).await.expect(201);
        Self {
            item: shop.create_item("350.00", 10).await,
            register: shop.open_register("0.00").await,
            lunara: shop.key("lunara", "*").await,
            nube: shop.nube(&ABILITIES).await,
            lummy: shop.key("lummy", "").await,
            shop: shop.clone(),
            company,
            receiver,
        }
    }

    async fn lunara(&self, path: &str) -> Answer {
        self.shop.bearing(&self.lunara, Method::GET, path, &[], None).await.expect(200)
    }

    async fn lummy(&self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        let organization = self.shop.created["organization_id"].as_str().unwrap();
        let mut headers = vec![("x-organization-id", organization)];
        if method != Method::GET {
            headers.push(("x-idempotency", "9a1f0c3e-5b7d-4e2a-8c6f-000000000001"));
        }
        self.shop.bearing(&self.lummy, method, path, &headers, body).await
    }

    /// The most that Lunatel lets a company order: it says so where that is not enough.
    async fn orderable(&self) -> Decimal {
        let refused = self.company.order(self.item, "1000").await;
        failed(&refused, 422, "adet var");
        let message = refused["errorResponse"]["message"].as_str().unwrap();
        dec(message.split(" adet var").next().unwrap().rsplit(' ').next().unwrap())
    }

    /// What each door answers now, asked once.
    async fn stock(&self) -> Stock {
        let item = self.item;
        let nexus = self.shop.get(&format!("/pos/api/inventory/items/{item}")).await.expect(200);
        let lunara = self.lunara("/api/v1/inventario").await;
        let listed =
            self.nube.read(&format!("/api/v1/inventario/obtener?product_id={item}")).await.expect(200);
        let detail = self.nube.read(&format!("/api/v1/inventario/{item}")).await.expect(200);
        let product = format!("/api/v1/productos/ver/{item}?include_stock=1&include_variants=1");
        let product = self.nube.read(&product).await.expect(200);
        let stored = &detail["variantes"][0]["stock_por_tienda"][0];
        assert_eq!(stored["available_quantity"], detail["stock_total"], "{}", detail.text());
        Stock {
            nexus: nexus.money("stock"),
            nexus_available: money(&nexus["stock_by_branch"][0]["available"]),
            lunara: money(&row(&lunara, "items", "id", item)["stock"]),
            nube: [
                &row(&listed, "data", "product_id", item)["available_quantity"],
                &stored["available_quantity"],
                &product["stock_total"],
                &product["variantes"][0]["stock_por_tienda"][0]["stock_disponible"],
            ]
            .map(money),
            lunatel: self.orderable().await,
        }
    }

    /// Everything that was told of under a name, once it is certain that nothing more comes.
    async fn told(&self, name: &str, count: usize) -> Vec<Value> {
        let of_name = || -> Vec<_> {
            let all = self.receiver.at("/hook");
            all.into_iter().filter(|one| one.header("x-lunara-event") == name).map(|one| one.json()).collect()
        };
        for _ in 0..1_500 {
            if of_name().len() >= count {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        tokio::time::sleep(PAST_A_RETRY).await;
        let found = of_name();
        assert_eq!(found.len(), count, "{name}: {found:?}");
        found
    }

    /// A customer as Lummy enters it; answers its row.
    async fn lummy_customer(&self) -> Answer {
        let body = json!({
            "rfc": "ECL010101AB1", "legalName": "Empresa Cliente S.A. de C.V.", "fiscalRegime": "601",
            "fiscalZipCode": "06500", "email": "facturacion@cliente.com", "phone": "+525512345678"
        });
        self.lummy(Method::POST, "/v1/customers", Some(&body)).await.expect(201)
    }

    /// The customer that Nexus finds by a text, which is one.
    async fn nexus_customer(&self, text: &str) -> Value {
        let found = self.shop.get(&format!("/pos/api/customers?q={text}")).await.expect(200);
        assert_eq!(found["data"].as_array().unwrap().len(), 1, "{}", found.text());
        found["data"][0].clone()
    }

    async fn cancel(&self, sale: i64) {
        let reason = json!({"reason": "Se equivocó"});
        self.shop.put(&format!("/pos/api/sales/{sale}/cancel"), reason).await.expect(200);
    }
}

both_engines! {
    async fn a_sale_at_the_till_is_seen_through_every_door(shop: Shop) {
        let doors = Doors::open(&shop).await;
        doors.lummy_customer().await;
        let customer = doors.nexus_customer("ECL010101AB1").await;
        assert_eq!(doors.stock().await, Stock::of("10", "10"));
        let before = shop.balances().await;

        let mut body = shop.sale(doors.register, doors.item, "2", "350.00");
        body["customer_id"] = customer["id"].clone();
        let sold = shop.sell(body).await;
        // The very next reads.
        assert_eq!(doors.stock().await, Stock::of("8", "8"));
        shop.assert_moved(&before, &[
            ("101.01", "812"), ("401.02", "-700"), ("208.01", "-112"), ("501.01", "300"), ("115.01", "-300"),
        ]).await;
        // Lummy shows no balances (9.4): its customer stays as it was, one of two with the company that orders.
        let listed = doors.lummy(Method::GET, "/v1/customers?search=ECL", None).await.expect(200);
        assert_eq!((listed.int("total"), listed["data"][0]["rfc"].as_str()), (1, Some("ECL010101AB1")));
        assert_eq!(doors.lummy(Method::GET, "/v1/customers", None).await.expect(200).int("total"), 2);
        let again = shop.get(&format!("/pos/api/customers/{}", customer["id"])).await.expect(200);
        assert_eq!(again.money("balance"), dec("0"), "it was paid");

        // What lay there before is more than may be ordered, what lies there now is not.
        failed(&doors.company.order(doors.item, "9").await, 422, "8");
        let told = doors.told("venta.cerrada", 1).await;
        assert_eq!(told[0]["data"], json!({
            "folio": format!("B001-{:04}", sold.int("sale_id")), "cliente_dni": "ECL010101AB1", "total": num("812.00"),
            "metodo_pago": "EFECTIVO"
        }));
        assert_eq!(told[0]["tenant"], shop.slug.as_str());
    }

    async fn an_order_is_seen_through_every_door(shop: Shop) {
        let doors = Doors::open(&shop).await;
        let before = shop.balances().await;
        let order = doors.company.order(doors.item, "2").await.expect(200).int("orderNo");
        assert_eq!(doors.stock().await, Stock::of("8", "8"));
        shop.assert_moved(&before, &[
            ("105.01", "812"), ("401.03", "-700"), ("209.01", "-112"), ("501.01", "300"), ("115.01", "-300"),
        ]).await;
        let sales = shop.get("/pos/api/sales").await.expect(200);
        assert_eq!(sales["data"].as_array().unwrap().len(), 1);
        assert_eq!(int(&sales["data"][0]["customer_id"]), doors.company.customer);
        let sale = int(&sales["data"][0]["id"]);
        let detail = shop.get(&format!("/pos/api/sales/{sale}")).await.expect(200);
        assert_eq!((&detail["origin"], detail.money("total")), (&json!({"type": "order", "id": order}), dec("812.00")));
        let owes = shop.get(&format!("/pos/api/customers/{}", doors.company.customer)).await.expect(200);
        assert_eq!(owes.money("balance"), dec("812.00"));
        let told = doors.told("venta.cerrada", 1).await;
        assert_eq!(told[0]["data"]["folio"], format!("B001-{sale:04}"));
        assert_eq!(money(&told[0]["data"]["total"]), dec("812.00"));
    }

    async fn an_order_that_waits_is_promised_at_every_door_and_sold_when_it_is_confirmed(shop: Shop) {
        let doors = Doors::open(&shop).await;
        shop.put("/admin/v1/ordering", json!({"auto_confirm": false})).await.expect(200);
        let before = shop.balances().await;
        let kept = doors.company.order(doors.item, "2").await.expect(200).int("orderNo");
        let freed = doors.company.order(doors.item, "3").await.expect(200).int("orderNo");
        // LUNARA and Nexus tell what lies there, the others what may be promised (C-16).
        assert_eq!(doors.stock().await, Stock::of("10", "5"));
        assert_eq!(shop.balances().await, before, "an order that waits is no sale");
        assert_eq!(shop.get("/pos/api/sales").await.expect(200)["data"], json!([]));
        let six = shop.sale(doors.register, doors.item, "6", "350.00");
        assert_eq!(shop.post("/pos/api/sales", six).await.status, 400, "what is promised was sold");
        doors.told("venta.cerrada", 0).await;

        shop.post(&format!("/admin/v1/orders/{freed}/cancel"), json!({})).await.expect(200);
        assert_eq!(doors.stock().await, Stock::of("10", "8"));
        let sale = shop.post(&format!("/admin/v1/orders/{kept}/confirm"), json!({})).await.expect(200).int("sale_id");
        assert_eq!(doors.stock().await, Stock::of("8", "8"));
        shop.assert_moved(&before, &[
            ("105.01", "812"), ("401.03", "-700"), ("209.01", "-112"), ("501.01", "300"), ("115.01", "-300"),
        ]).await;
        let told = doors.told("venta.cerrada", 1).await;
        assert_eq!(told[0]["data"]["folio"], format!("B001-{sale:04}"));
    }

    async fn a_price_written_on_gestion_nube_is_charged_at_every_door(shop: Shop) {
        let doors = Doors::open(&shop).await;
        let (item, nube) = (doors.item, &doors.nube);
        let less = json!({"descripcion": "Mayorista", "variacion": num("-15")});
        let less = shop.post("/admin/v1/price-lists", less).await.expect(201).int("id");
        let written = nube.write(&format!("/api/v1/precios/1/producto/{item}"), json!({"price": num("401.50")})).await.expect(200);
        assert_eq!(written.money("price"), dec("401.50"));

        // The very next reads.
        let till = shop.get(&format!("/pos/api/inventory/items/{item}")).await.expect(200);
        assert_eq!(till.money("price_1"), dec("401.50"));
        let shown = doors.lunara("/api/v1/inventario").await;
        assert_eq!(money(&row(&shown, "items", "id", item)["precio"]), dec("401.50"));
        for (list, price) in [(1, "401.50"), (less, "341.28")] {
            let prices = nube.read(&format!("/api/v1/precios/obtener?lista_id={list}")).await.expect(200);
            assert_eq!(money(&row(&prices, "data", "id", item)["price"]), dec(price), "list {list}");
        }
        let product = nube.read(&format!("/api/v1/productos/ver/{item}")).await.expect(200);
        assert_eq!(product.money("retailer_price"), dec("401.50"));
        let ordered = async || {
            let asked = json!({"productIds": item.to_string()});
            let answer = doors.company.call("/v1/Product/getProduct", asked).await.expect(200);
            let model = &answer["productModel"][0];
            assert_eq!(model["isHasCompanyPrice"], false);
            (money(&model["listPrice"]), money(&model["price"]))
        };
        assert_eq!(ordered().await, (dec("401.50"), dec("401.50")), "a tier without a price pays the base");

        // The till charges it where it is told no price, and so does an order.
        let mut sale = json!({
            "items": [{"inventory_id": item, "quantity": 1}], "payment_method": "efectivo", "sale_type": "cash",
            "register_id": doors.register, "amount_paid": num("465.74")
        });
        assert_eq!(shop.sell(sale.clone()).await.money("total"), dec("465.74"));
        doors.company.order(item, "1").await.expect(200);
        let owes = shop.get(&format!("/pos/api/customers/{}", doors.company.customer)).await.expect(200);
        assert_eq!(owes.money("balance"), dec("465.74"));

        // The price for resellers is another one (G-5), and that of companies that order.
        let both = json!({"wholesaler_price": num("300.00"), "retailer_price": num("410.00")});
        nube.write(&format!("/api/v1/productos/{item}"), both).await.expect(200);
        assert_eq!(ordered().await, (dec("410.00"), dec("300.00")));
        let till = shop.get(&format!("/pos/api/inventory/items/{item}")).await.expect(200);
        assert_eq!((till.money("price_1"), till.money("price_3")), (dec("410.00"), dec("300.00")));
        sale["amount_paid"] = num("475.60");
        assert_eq!(shop.sell(sale).await.money("total"), dec("475.60"));
        doors.company.order(item, "1").await.expect(200);
        let owes = shop.get(&format!("/pos/api/customers/{}", doors.company.customer)).await.expect(200);
        assert_eq!(owes.money("balance"), dec("465.74") + dec("348.00"));
        assert_eq!(doors.stock().await, Stock::of("6", "6"));

        // And back: what the till writes, Gestion Nube shows.
        shop.put(&format!("/pos/api/inventory/items/{item}"), json!({"price_1": num("99.99")})).await.expect(200);
        for (list, price) in [(1, "99.99"), (less, "84.99")] {
            let prices = nube.read(&format!("/api/v1/precios/obtener?lista_id={list}")).await.expect(200);
            assert_eq!(money(&row(&prices, "data", "id", item)["price"]), dec(price), "list {list}");
        }
        assert_eq!(ordered().await, (dec("99.99"), dec("300.00")));
        doors.told("venta.cerrada", 4).await;
    }

    async fn a_customer_entered_at_one_door_is_known_at_the_others(shop: Shop) {
        let doors = Doors::open(&shop).await;
        let entered = doors.lummy_customer().await;
        let till = doors.nexus_customer("ECL010101AB1").await;
        for (field, value) in [
            ("rfc", "ECL010101AB1"), ("razon_social", "Empresa Cliente S.A. de C.V."), ("regimen_fiscal", "601"),
            ("codigo_postal", "06500"), ("email", "facturacion@cliente.com"), ("phone", "+525512345678"),
        ] {
            assert_eq!(till[field], value, "{till}");
        }
        let patient = doors.lunara("/api/v1/clientes?q=ECL010101AB1").await;
        assert_eq!((patient.int("total"), &patient["items"][0]["dni"]), (1, &json!("ECL010101AB1")));
        assert_eq!(patient["items"][0]["telefono"], "+525512345678");
        let told = doors.told("cliente.creado", 1).await;
        assert_eq!(told[0]["data"], patient["items"][0], "what is told is the item of the list (3.5)");

        // From the till, from opticians, from a company that signs up: each is told of once and known everywhere.
        let body = json!({
            "name": "Taller Pérez", "rfc": "PEPJ800101AB1", "razon_social": "Juan Pérez", "regimen_fiscal": "612",
            "codigo_postal": "44100", "phone": "3312345678"
        });
        let perez = shop.post("/pos/api/customers", body).await.expect(201).int("id");
        let optician = json!({"dni": "70123456", "nombre": "María", "apellidos": "Quispe Mamani", "telefono": "+51999123456"});
        shop.post("/admin/v1/patients", optician).await.expect(201);
        Company::with_key(&shop, "ada", &doors.company.key).await;
        for (text, name, dni) in [
            ("Juan", "Juan Pérez", "PEPJ800101AB1"), ("Quispe", "María Quispe Mamani", "70123456"),
            ("ada Telefon", "ada Telefon Ltd. Şti.", ""),
        ] {
            let text = text.replace(' ', "%20");
            let listed = doors.lummy(Method::GET, &format!("/v1/customers?search={text}"), None).await.expect(200);
            assert_eq!((listed.int("total"), listed["data"][0]["legalName"].as_str()), (1, Some(name)), "{}", listed.text());
            if !dni.is_empty() {
                let found = doors.lunara(&format!("/api/v1/clientes?q={dni}")).await;
                assert_eq!((found.int("total"), found["items"][0]["dni"].as_str()), (1, Some(dni)));
            }
        }
        doors.nexus_customer("ada%20Telefon").await;
        assert_eq!(doors.nexus_customer("Mamani").await["name"], "María Quispe Mamani");
        doors.told("cliente.creado", 4).await;

        // Changed at one door, it is changed at the others, and nobody is created.
        shop.put(&format!("/pos/api/customers/{perez}"), json!({"phone": "3300000000"})).await.expect(200);
        let listed = doors.lummy(Method::GET, "/v1/customers?search=PEPJ800101AB1", None).await.expect(200);
        assert_eq!(listed["data"][0]["phone"], "3300000000");
        let path = format!("/v1/customers/{}", entered["data"]["id"].as_str().or(entered["id"].as_str()).unwrap());
        let organization = shop.created["organization_id"].as_str().unwrap();
        let headers = [("x-organization-id", organization), ("x-idempotency", "9a1f0c3e-5b7d-4e2a-8c6f-000000000002")];
        let change = json!({"phone": "5500000000"});
        shop.bearing(&doors.lummy, Method::PATCH, &path, &headers, Some(&change)).await.expect(200);
        assert_eq!(doors.nexus_customer("ECL010101AB1").await["phone"], "5500000000");
        assert_eq!(doors.lunara("/api/v1/clientes?q=5500000000").await.int("total"), 1);
        doors.told("cliente.creado", 4).await;
    }

    async fn a_sale_that_is_cancelled_puts_everything_back_at_every_door(shop: Shop) {
        let doors = Doors::open(&shop).await;
        let before = shop.balances().await;
        let sold = shop.sell_cash(doors.register, doors.item, "2", "350.00").await;
        doors.company.order(doors.item, "3").await.expect(200);
        let ordered = int(&shop.get("/pos/api/sales").await.expect(200)["data"][0]["id"]);
        assert_eq!(doors.stock().await, Stock::of("5", "5"));
        doors.cancel(sold).await;
        assert_eq!(doors.stock().await, Stock::of("7", "7"));
        doors.cancel(ordered).await;
        assert_eq!(doors.stock().await, Stock::of("10", "10"));
        // A cancellation is the mirror of its sale.
        shop.assert_moved(&before, &[]).await;
        doors.company.order(doors.item, "10").await.expect(200);
        doors.told("venta.cerrada", 3).await;
    }

    async fn of_the_last_units_no_more_go_than_there_are_through_all_doors_at_once(shop: Shop) {
        let doors = Doors::open(&shop).await;
        let customer = shop.create_customer("0.00").await;
        let asked: Vec<BoxFuture<'_, (&str, Answer)>> = (0..50)
            .map(|number| match number % 3 {
                0 => async { ("order", doors.company.order(doors.item, "1").await) }.boxed(),
                1 => async {
                    let body = shop.sale(doors.register, doors.item, "1", "350.00");
                    ("sale", shop.post("/pos/api/sales", body).await)
                }.boxed(),
                _ => async {
                    let body = shop.layaway(customer, doors.item, "1", "350.00", "406.00");
                    ("layaway", shop.post("/pos/api/layaways", body).await)
                }.boxed(),
            })
            .collect();
        let answers = join_all(asked).await;
        let of = |kind: &str| answers.iter().filter(|(own, answer)| *own == kind && answer.status < 300).count();
        let (sales, orders, layaways) = (of("sale"), of("order"), of("layaway"));
        println!("{sales} sales, {orders} orders and {layaways} layaways of 10 units");
        assert_eq!(sales + orders + layaways, 10);
        for (kind, answer) in &answers {
            let refused = if *kind == "order" { 422 } else { 400 };
            assert!(answer.status < 300 || answer.status == refused, "{kind}: {} {}", answer.status, answer.text());
        }
        assert_eq!(doors.stock().await, Stock::of(&layaways.to_string(), "0"));
        assert_eq!(shop.all("/pos/api/sales").await.len(), sales + orders);
        // What was set aside is sold as well, and then there is nothing left.
        for layaway in shop.all("/pos/api/layaways?status=active").await {
            shop.post(&format!("/pos/api/layaways/{}/complete", layaway["id"]), json!({})).await.expect(200);
        }
        assert_eq!(doors.stock().await, Stock::of("0", "0"));
        let told = doors.told("venta.cerrada", 10).await;
        let mut folios: Vec<_> = told.iter().map(|one| one["data"]["folio"].to_string()).collect();
        folios.sort();
        folios.dedup();
        assert_eq!(folios.len(), 10, "a sale was told of twice");
    }
}
