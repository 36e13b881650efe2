use diario_tests::{
    Answer, Shop, assert_shape, both_engines, dec, guarded, idempotent, int, long_text, money, num,
    plus_days, refused, refuses, refuses_fields,
};
use reqwest::Method;
use serde_json::{Value, json};

const PATH: &str = "/pos/api/sync/batch";

fn command(client: &str, operation: &str, body: Value) -> Value {
    json!({"client_id": client, "operation": operation, "body": body})
}

/// A sale of one piece by card, which needs no register.
fn sale(client: &str, item: i64) -> Value {
    command(
        client,
        "sales_create",
        json!({
            "items": [{"inventory_id": item, "quantity": 1}], "payment_method": "tarjeta", "sale_type": "cash"
        }),
    )
}

fn batch(commands: &[Value]) -> Value {
    json!({"commands": commands})
}

async fn sync(shop: &Shop, commands: &[Value]) -> Answer {
    let answer = shop.post(PATH, batch(commands)).await.expect(200);
    let results = answer["results"].as_array().unwrap();
    assert_eq!(results.len(), commands.len());
    for (result, command) in results.iter().zip(commands) {
        assert_eq!(result["client_id"], command["client_id"], "answers come in the order of the commands");
    }
    answer
}

fn statuses(answer: &Answer) -> Vec<i64> {
    answer["results"].as_array().unwrap().iter().map(|result| int(&result["status"])).collect()
}

fn reference(client: &str, field: &str) -> Value {
    json!({"ref": client, "field": field})
}

both_engines! {
    async fn does_a_tills_morning_in_order(shop: Shop) {
        let item = shop.create_item("350.00", 10).await;
        let customer = json!({"name": "Taller Perez", "credit_limit": 50000});
        let commands = [
            command("c1", "register_open", json!({"register_number": 3, "opening_amount": 100})),
            command("c2", "customers_create", customer),
            command("c3", "sales_create", json!({
                "items": [{"inventory_id": item, "quantity": 2, "unit_price": 350, "tax_rate": num("0.16")}],
                "customer_id": reference("c2", "id"), "payment_method": "efectivo", "sale_type": "cash",
                "register_id": reference("c1", "register_id"), "amount_paid": 812
            })),
            json!({
                "client_id": "c4", "operation": "sales_cancel", "body": {"reason": "Error"},
                "params": {"sale_id": reference("c3", "sale_id")}
            }),
            command("c5", "register_movement", json!({
                "register_id": reference("c1", "register_id"), "type": "out", "amount": 50, "reason": "Hielo"
            })),
            command("c6", "register_cut_z", json!({
                "register_id": reference("c1", "register_id"), "counted_amount": 50
            })),
        ];
        let answer = sync(&shop, &commands).await;
        assert_shape(&answer, &json!({"results": [{
            "client_id": "string", "status": "int", "replayed": false, "body": "object"
        }]}));
        assert_eq!(statuses(&answer), [201, 201, 201, 200, 201, 200]);
        assert_shape(&answer["results"][2]["body"], &json!({
            "sale_id": "int", "folio": "V-0001", "total": "number", "change": "number", "items_count": 1
        }));
        assert_eq!(money(&answer["results"][5]["body"]["difference"]), dec("0"));
        assert_eq!(shop.stock(item).await, dec("10"));
        let sale = int(&answer["results"][2]["body"]["sale_id"]);
        let detail = shop.get(&format!("/pos/api/sales/{sale}")).await.expect(200);
        assert_eq!(detail["status"], "cancelled");
        assert_eq!(detail["customer"]["id"], answer["results"][1]["body"]["id"]);
    }

    async fn what_is_sent_again_is_answered_again(shop: Shop) {
        let item = shop.create_item("350.00", 10).await;
        let commands = [sale("s1", item), sale("s2", item), sale("s3", item)];
        let first = sync(&shop, &commands).await;
        assert_eq!(statuses(&first), [201, 201, 201]);
        let before = shop.events().await;
        let [one, two, three] = commands;
        for order in [[&one, &two, &three], [&three, &one, &two]] {
            let commands: Vec<Value> = order.into_iter().cloned().collect();
            let again = sync(&shop, &commands).await;
            for result in again["results"].as_array().unwrap() {
                assert_eq!(result["replayed"], json!(true), "{result:#}");
                let rows = first["results"].as_array().unwrap();
                let old = rows.iter().find(|row| row["client_id"] == result["client_id"]).unwrap();
                assert_eq!(result["body"], old["body"]);
                assert_eq!(result["status"], old["status"]);
            }
            assert_eq!(shop.events().await, before, "a command was done twice");
        }
        assert_eq!(shop.stock(item).await, dec("7"));
        let part = sync(&shop, &[sale("s4", item), sale("s1", item)]).await;
        let replayed: Vec<&Value> =
            part["results"].as_array().unwrap().iter().map(|result| &result["replayed"]).collect();
        assert_eq!(replayed, [&json!(false), &json!(true)]);
        assert_eq!(shop.stock(item).await, dec("6"));
    }

    async fn the_same_id_with_other_content_is_422_and_stops_nothing_else(shop: Shop) {
        let item = shop.create_item("350.00", 10).await;
        sync(&shop, &[sale("s1", item)]).await;
        let mut other = sale("s1", item);
        other["body"]["items"][0]["quantity"] = json!(2);
        let renamed = command("s1", "customers_create", json!({"name": "Perez"}));
        let answer = sync(&shop, &[other, sale("s2", item)]).await;
        assert_eq!(statuses(&answer), [422, 201]);
        assert!(answer["results"][0]["body"]["error"].is_string(), "{:#}", *answer);
        assert_eq!(statuses(&sync(&shop, &[renamed]).await), [422]);
        assert_eq!(shop.stock(item).await, dec("8"));
        assert_eq!(shop.all("/pos/api/customers").await.len(), 0);
    }

    async fn a_refused_command_costs_only_itself(shop: Shop) {
        let item = shop.create_item("350.00", 2).await;
        let unknown = sale("s2", 999_999);
        let mut bad = sale("s3", item);
        bad["body"]["items"][0]["quantity"] = json!(-1);
        let missing = json!({
            "client_id": "s4", "operation": "sales_cancel", "params": {"sale_id": 999_999},
            "body": {"reason": "Error"}
        });
        let commands = [sale("s1", item), unknown, bad, missing, sale("s5", item), sale("s6", item)];
        let answer = sync(&shop, &commands).await;
        assert_eq!(statuses(&answer), [201, 400, 400, 404, 201, 400]);
        for at in [1, 2, 3, 5] {
            assert!(answer["results"][at]["body"]["error"].is_string(), "{:#}", *answer);
        }
        assert!(answer["results"][2]["body"]["error"].as_str().unwrap().contains("quantity"));
        assert_eq!(shop.stock(item).await, dec("0"));
        // What was refused by a rule stays refused, whatever has changed since.
        let back = json!({"inventory_id": item, "quantity": 5, "reason": "Llegó más"});
        shop.post("/pos/api/inventory/adjustment", back).await.expect(201);
        let again = sync(&shop, &[sale("s6", item)]).await;
        assert_eq!(statuses(&again), [400]);
        assert_eq!(again["results"][0]["replayed"], json!(true));
    }

    async fn a_reference_to_what_was_not_done_waits(shop: Shop) {
        let item = shop.create_item("350.00", 10).await;
        let cancel = json!({
            "client_id": "k1", "operation": "sales_cancel", "body": {"reason": "Error"},
            "params": {"sale_id": reference("s1", "sale_id")}
        });
        let first = sync(&shop, std::slice::from_ref(&cancel)).await;
        assert_eq!(statuses(&first), [424]);
        assert_eq!(first["results"][0]["replayed"], json!(false));
        let error = first["results"][0]["body"].get("error").or_else(|| first["results"][0].get("error"));
        assert!(error.is_some_and(Value::is_string), "{:#}", *first);
        assert_eq!(statuses(&sync(&shop, &[sale("s1", item)]).await), [201]);
        let then = sync(&shop, std::slice::from_ref(&cancel)).await;
        assert_eq!(statuses(&then), [200], "it was not remembered: an earlier batch has done what it needs");
        assert_eq!(shop.stock(item).await, dec("10"));
        let again = sync(&shop, &[cancel]).await;
        assert_eq!(statuses(&again), [200]);
        assert_eq!(again["results"][0]["replayed"], json!(true));
    }

    async fn a_reference_to_a_refused_command_waits_and_one_to_a_missing_field_is_refused(shop: Shop) {
        let item = shop.create_item("350.00", 10).await;
        let cancel = |client: &str, of: &str, field: &str| json!({
            "client_id": client, "operation": "sales_cancel", "body": {"reason": "Error"},
            "params": {"sale_id": reference(of, field)}
        });
        let answer = sync(&shop, &[sale("s1", 999_999), cancel("k1", "s1", "sale_id"), sale("s2", item)]).await;
        assert_eq!(statuses(&answer), [400, 424, 201]);
        let answer = sync(&shop, &[cancel("k2", "s2", "no_such_field")]).await;
        assert_eq!(statuses(&answer), [400], "that command was applied: waiting would bring no such field");
        assert!(answer.text().contains("no_such_field"), "{}", answer.text());
        // A command does not wait for one that comes after it.
        let answer = sync(&shop, &[cancel("k3", "s3", "sale_id"), sale("s3", item)]).await;
        assert_eq!(statuses(&answer), [424, 201]);
        assert_eq!(shop.stock(item).await, dec("8"));
    }

    async fn references_stand_anywhere_in_a_body(shop: Shop) {
        let create = command("i1", "items_create", json!({
            "part_number": "SY-1", "name": "Balatas", "cost": 150, "price_1": 350, "initial_stock": 10
        }));
        let mut sell = sale("s1", 0);
        sell["body"]["items"][0]["inventory_id"] = reference("i1", "id");
        let count = command("n1", "count_start", json!({
            "items": [{"inventory_id": reference("i1", "id"), "counted_quantity": 9}]
        }));
        let approve = command("n2", "count_approve", json!({"count_id": reference("n1", "count_id")}));
        let answer = sync(&shop, &[create, sell, count, approve]).await;
        assert_eq!(statuses(&answer), [201, 201, 201, 200]);
        assert_eq!(shop.stock(int(&answer["results"][0]["body"]["id"])).await, dec("9"));
    }

    async fn every_kind_of_write_goes_through(shop: Shop) {
        let north = shop.open_branch("Norte").await;
        let item = shop.create_item("350.00", 50).await;
        let line = shop.line(item, "1", "350.00");
        let at = |mut command: Value, name: &str, id: Value| {
            command["params"] = json!({name: id});
            command
        };
        let perez = reference("a", "id");
        let by_transfer = |amount: i64| json!({"amount": amount, "payment_method": "transferencia"});
        let layaway = |down: i64| json!({
            "items": [line], "customer_id": perez, "down_payment": down, "payment_method": "tarjeta"
        });
        let mut removed = command("x", "vehicles_remove", json!({}));
        removed["params"] = json!({"customer_id": perez, "vehicle_id": reference("c", "id")});
        let commands = [
            command("a", "customers_create", json!({"name": "Perez", "credit_limit": 5000})),
            at(command("b", "customers_update", json!({"phone": "555"})), "customer_id", perez.clone()),
            at(command("c", "vehicles_add", json!({"plate": "ABC-1"})), "customer_id", perez.clone()),
            command("d", "quotations_create", json!({"items": [line], "customer_id": perez})),
            at(
                command("e", "quotations_convert", json!({"payment_method": "tarjeta"})),
                "quot_id",
                reference("d", "quotation_id"),
            ),
            command("f", "layaways_create", layaway(206)),
            at(command("g", "layaways_payment", by_transfer(200)), "layaway_id", reference("f", "layaway_id")),
            at(command("h", "layaways_complete", json!({})), "layaway_id", reference("f", "layaway_id")),
            command("i", "inventory_return", json!({
                "sale_id": reference("h", "sale_id"), "items": [{"inventory_id": item, "quantity": 1}],
                "reason": "Mala"
            })),
            command("j", "inventory_adjustment", json!({
                "inventory_id": item, "quantity": -1, "reason": "Merma"
            })),
            command("k", "inventory_purchase", json!({
                "supplier": "X", "invoice_number": "F-1",
                "items": [{"inventory_id": item, "quantity": 1, "unit_cost": 150}]
            })),
            command("l", "inventory_transfer", json!({
                "from_branch_id": shop.branch_id, "to_branch_id": north, "mode": "in_transit",
                "items": [{"inventory_id": item, "quantity": 2}]
            })),
            at(command("m", "transfers_receive", json!({})), "transfer_id", reference("l", "transfer_id")),
            command("n", "sales_create", json!({
                "items": [line], "customer_id": perez, "payment_method": "efectivo", "sale_type": "credit"
            })),
            at(command("o", "customers_payment", by_transfer(406)), "customer_id", perez.clone()),
            at(command("p", "items_update", json!({"location": "A-1"})), "item_id", json!(item)),
            command("q", "generate_barcode", json!({"inventory_id": item})),
            command("r", "categories_create", json!({"name": "Frenos"})),
            command("s", "quotations_create", json!({"items": [line]})),
            at(command("t", "quotations_cancel", json!({})), "quot_id", reference("s", "quotation_id")),
            command("u", "layaways_create", layaway(0)),
            at(
                command("v", "layaways_cancel", json!({"reason": "No"})),
                "layaway_id",
                reference("u", "layaway_id"),
            ),
            command("w", "config_branches_create", json!({"name": "Sur"})),
            removed,
            command("y", "config_employees_create", json!({
                "name": "Luz", "role": "cashier", "pin": "90817263"
            })),
        ];
        let answer = sync(&shop, &commands).await;
        let failed: Vec<&Value> = answer["results"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|result| int(&result["status"]) >= 300)
            .collect();
        assert!(failed.is_empty(), "{failed:#?}");
        shop.assert_held(item, shop.branch_id, ["46", "0", "46", "0"]).await;
        shop.assert_held(item, north, ["2", "0", "2", "0"]).await;
        shop.log_in_with("90817263").await;
        let before = shop.events().await;
        sync(&shop, &commands).await;
        assert_eq!(shop.events().await, before);
    }

    async fn a_command_needs_the_permission_of_its_operation(shop: Shop) {
        let item = shop.create_item("350.00", 10).await;
        let cashier = shop.hire("cashier").await;
        let merma = command("a", "inventory_adjustment", json!({
            "inventory_id": item, "quantity": -1, "reason": "Merma"
        }));
        let answer = sync(&cashier, &[merma, sale("b", item)]).await;
        assert_eq!(statuses(&answer), [403, 201]);
        assert_eq!(shop.stock(item).await, dec("9"));
        let warehouse = shop.hire("warehouse").await;
        assert_eq!(statuses(&sync(&warehouse, &[sale("c", item)]).await), [403]);
    }

    async fn ids_of_two_tenants_do_not_meet(shop: Shop) {
        for shop in [shop.clone(), shop.neighbour().await] {
            let item = shop.create_item("350.00", 10).await;
            let answer = sync(&shop, &[sale("la-misma", item)]).await;
            assert_eq!(statuses(&answer), [201]);
            assert_eq!(answer["results"][0]["replayed"], json!(false));
        }
    }

    async fn the_clients_time_is_when_it_happened(shop: Shop) {
        let item = shop.create_item("350.00", 10).await;
        let today = shop.today().await;
        let day = plus_days(&today, -3);
        // Mexico City is six hours behind UTC the whole year round.
        for (client, time, shown) in [
            ("a", format!("{day}T10:30:00"), format!("{day}T10:30:00")),
            ("b", format!("{day}T10:30:00-06:00"), format!("{day}T10:30:00")),
            ("c", format!("{day}T23:30:00Z"), format!("{day}T17:30:00")),
            ("d", format!("{day}T03:30:00Z"), format!("{}T21:30:00", plus_days(&day, -1))),
        ] {
            let mut sell = sale(client, item);
            sell["client_time"] = json!(time);
            let answer = sync(&shop, &[sell]).await;
            assert_eq!(statuses(&answer), [201], "{:#}", *answer);
            let id = int(&answer["results"][0]["body"]["sale_id"]);
            let detail = shop.get(&format!("/pos/api/sales/{id}")).await.expect(200);
            assert_eq!(detail["created_at"], json!(shown), "{time}");
        }
        let listed = shop.get(&format!("/pos/api/sales?date_from={day}&date_to={day}")).await.expect(200);
        assert_eq!(listed["pagination"]["total"], json!(3));
        let listed = shop.get(&format!("/pos/api/sales?date_from={today}")).await.expect(200);
        assert_eq!(listed["pagination"]["total"], json!(0));
        for row in shop.all("/pos/api/accounting/entries?type=sale").await {
            assert!(row["date"].as_str().unwrap() < today.as_str(), "{row}");
        }
    }

    async fn a_time_far_off_is_refused(shop: Shop) {
        let item = shop.create_item("350.00", 10).await;
        let today = shop.today().await;
        for time in [
            format!("{}T12:00:00", plus_days(&today, 2)),
            format!("{}T12:00:00", plus_days(&today, -368)),
            "ayer".to_owned(),
            String::new(),
            "2026-02-30T12:00:00".to_owned(),
            "9999-12-31T23:59:59Z".to_owned(),
            "-9999-01-01T00:00:00Z".to_owned(),
            "x".repeat(20_000),
        ] {
            let mut sell = sale("s1", item);
            sell["client_time"] = json!(time);
            let before = shop.events().await;
            let answer = shop.post(PATH, batch(&[sell])).await;
            let refused = answer.status == 400 || answer["results"][0]["status"] == json!(400);
            assert!(refused, "{}: {}", answer.request, answer.text());
            assert!(answer.text().contains("client_time"), "{}: {}", answer.request, answer.text());
            assert_eq!(shop.events().await, before);
        }
        let mut sell = sale("s2", item);
        sell["client_time"] = json!(format!("{}T12:00:00", plus_days(&today, -360)));
        assert_eq!(statuses(&sync(&shop, &[sell.clone()]).await), [201]);
        // A queue that is sent again a month later hears what it heard.
        sell["client_time"] = json!(format!("{}T12:00:00", plus_days(&today, -390)));
        let again = sync(&shop, &[sell]).await;
        assert_eq!(statuses(&again), [201]);
        assert_eq!(again["results"][0]["replayed"], json!(true));
    }

    async fn a_batch_that_cannot_be_read_does_nothing(shop: Shop) {
        let item = shop.create_item("350.00", 10).await;
        let good = sale("bien", item);
        let with = |field: &str, value: Value| {
            let mut bad = sale("mal", item);
            bad[field] = value;
            bad
        };
        let mut nameless = sale("mal", item);
        nameless.as_object_mut().unwrap().remove("client_id");
        let mut idle = sale("mal", item);
        idle.as_object_mut().unwrap().remove("operation");
        for (bad, word) in [
            (nameless, "client_id"),
            (with("client_id", json!("")), "client_id"),
            (with("client_id", json!("  ")), "client_id"),
            (with("client_id", json!(7)), "client_id"),
            (with("client_id", long_text()), "client_id"),
            (sale("bien", item), "client_id"),
            (idle, "operation"),
            (with("operation", json!("sales_steal")), "operation"),
            (with("operation", json!("sales_list")), "operation"),
            (with("operation", json!("auth_login")), "operation"),
            (with("operation", json!("sync_batch")), "operation"),
            (with("operation", json!(1)), "operation"),
            (json!("nada"), "commands"),
        ] {
            refuses(&shop, Method::POST, PATH, batch(&[good.clone(), bad]), 400, word).await;
        }
        let many: Vec<Value> = (0..501).map(|at| sale(&format!("s{at}"), item)).collect();
        refuses(&shop, Method::POST, PATH, batch(&many), 400, "commands").await;
        assert_eq!(shop.stock(item).await, dec("10"));
        assert_eq!(statuses(&sync(&shop, &[good]).await), [201]);
    }

    async fn a_body_or_params_of_another_kind_are_refused(shop: Shop) {
        let item = shop.create_item("350.00", 10).await;
        for (field, value) in [
            ("body", json!("texto")), ("body", json!([])), ("body", json!(7)),
            ("params", json!("texto")), ("params", json!([])), ("params", json!(7)),
        ] {
            let mut bad = sale("mal", item);
            bad[field] = value;
            let before = shop.events().await;
            let answer = shop.post(PATH, batch(&[bad])).await;
            let refused = answer.status == 400 || answer["results"][0]["status"] == json!(400);
            assert!(refused && answer.text().contains(field), "{}: {}", answer.request, answer.text());
            assert_eq!(shop.events().await, before);
        }
        let mut cancel = command("k", "sales_cancel", json!({"reason": "Error"}));
        for params in [json!({}), json!({"sale_id": "uno"}), json!({"sale_id": null}), json!({"sale_id": [1]})] {
            cancel["params"] = params;
            let answer = shop.post(PATH, batch(std::slice::from_ref(&cancel))).await;
            assert!(answer.status == 400 || [400, 404].contains(&statuses(&answer)[0]), "{}", answer.text());
        }
    }

    async fn an_empty_batch_is_answered_or_refused_and_does_nothing(shop: Shop) {
        let before = shop.events().await;
        let answer = shop.post(PATH, batch(&[])).await;
        assert!([200, 400].contains(&answer.status), "{}", answer.text());
        assert_eq!(shop.events().await, before);
    }

    async fn refuses_bad_fields(shop: Shop) {
        let item = shop.create_item("350.00", 10).await;
        refuses_fields(&shop, Method::POST, PATH, &batch(&[sale("s1", item)]), &["/commands"], &[
            ("/commands", json!("todo")), ("/commands", json!({})), ("/commands", json!(null)),
            ("/commands", json!(7)),
        ]).await;
    }

    async fn five_hundred_sales_cut_off_and_sent_again_shuffled_are_five_hundred(shop: Shop) {
        let item = shop.create_item("350.00", 1000).await;
        let all: Vec<Value> = (0..500).map(|at| sale(&format!("venta-{at}"), item)).collect();
        // The till gets through with the first part, and never hears of it.
        shop.post(PATH, batch(&all[..217])).await.expect(200);
        let mut random = diario_tests::Random::from_environment();
        let mut shuffled = all.clone();
        for at in (1..shuffled.len()).rev() {
            let other = usize::try_from(random.between(0, at as u64 + 1)).unwrap();
            shuffled.swap(at, other);
        }
        let both = [shop.post(PATH, batch(&all)), shop.post(PATH, batch(&shuffled))];
        for answer in futures_util::future::join_all(both).await {
            // Two batches at once may meet in a command that still runs: that one is asked for again.
            let answer = answer.expect(200);
            assert!(statuses(&answer).iter().all(|status| [201, 409].contains(status)), "{:#}", *answer);
        }
        let last = sync(&shop, &shuffled).await;
        assert!(statuses(&last).iter().all(|status| *status == 201));
        assert_eq!(shop.stock(item).await, dec("500"));
        let listed = shop.get("/pos/api/sales?per_page=1").await.expect(200);
        assert_eq!(listed["pagination"]["total"], json!(500));
        let mut ids: Vec<i64> =
            last["results"].as_array().unwrap().iter().map(|result| int(&result["body"]["sale_id"])).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 500);
    }

    async fn a_key_takes_a_batch_once(shop: Shop) {
        let item = shop.create_item("350.00", 10).await;
        let (one, two) = (batch(&[sale("s1", item)]), batch(&[sale("s2", item)]));
        idempotent(&shop, Method::POST, PATH, one, two).await;
        assert_eq!(shop.stock(item).await, dec("9"));
    }

    async fn a_key_does_not_keep_what_is_to_be_sent_again(shop: Shop) {
        let item = shop.create_item("350.00", 10).await;
        let mut early = batch(&[command("c", "sales_cancel", json!({"reason": "Error"}))]);
        early["commands"][0]["params"] = json!({"sale_id": {"ref": "s1", "field": "sale_id"}});
        let key = [("idempotency-key", "lote-1")];
        for status in [424, 200] {
            let answer = shop.keyed(Method::POST, PATH, Some(&early), &key).await.expect(200);
            assert_eq!(statuses(&answer), [status]);
            assert_eq!(answer.header("idempotent-replayed"), None);
            sync(&shop, &[sale("s1", item)]).await;
        }
        let again = shop.keyed(Method::POST, PATH, Some(&early), &key).await.expect(200);
        assert_eq!(again.header("idempotent-replayed"), Some("true"));
        assert_eq!(shop.stock(item).await, dec("10"));
    }

    async fn a_command_is_its_senders(shop: Shop) {
        let item = shop.create_item("350.00", 10).await;
        let cashier = shop.hire("cashier").await;
        sync(&cashier, &[sale("s1", item)]).await;
        let last = cashier.get("/pos/api/sales/last").await.expect(200);
        assert_eq!(last["employee_id"], json!(cashier.employee_id));
        refused(&shop.get("/pos/api/sales/last").await, 404, "");
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::POST, PATH, Some(batch(&[sale("s1", 1)]))).await;
    }
}
