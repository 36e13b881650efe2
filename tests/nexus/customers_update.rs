use diario_tests::{
    assert_shape, both_engines, dec, guarded, idempotent, long_text, missing_ids, num, refused, refuses,
    refuses_fields,
};
use reqwest::Method;
use serde_json::json;

fn path(customer: i64) -> String {
    format!("/pos/api/customers/{customer}")
}

both_engines! {
    async fn changes_only_what_is_given(shop: Shop) {
        let customer = shop.post("/pos/api/customers", json!({
            "name": "Taller Perez", "phone": "555-9876", "credit_limit": num("50000.00")
        })).await.expect(201).int("id");
        let body = json!({"phone": "555-0000", "email": "taller@correo.com", "credit_days": 15});
        let answer = shop.put(&path(customer), body).await.expect(200);
        assert_shape(&answer, &json!({"id": customer, "message": "Customer updated"}));
        let detail = shop.get(&path(customer)).await.expect(200);
        assert_shape(&detail, &json!({
            "name": "Taller Perez", "phone": "555-0000", "email": "taller@correo.com", "credit_days": 15,
            "price_tier": "mostrador", "is_active": true
        }));
        assert_eq!(detail.money("credit_limit"), dec("50000"));
    }

    async fn changes_every_field(shop: Shop) {
        let customer = shop.create_customer("0.00").await;
        let north = shop.open_branch("Norte").await;
        let body = json!({
            "name": "Refaccionaria Núñez", "rfc": "NUMA800101AB1", "razon_social": "Núñez SA de CV",
            "regimen_fiscal": "601", "codigo_postal": "06600", "uso_cfdi": "G03",
            "email": "n@correo.com", "phone": "555-1", "address": "Reforma 50", "price_tier": "mayoreo",
            "credit_limit": 1000, "credit_days": 60, "branch_id": north, "is_active": false
        });
        shop.put(&path(customer), body.clone()).await.expect(200);
        let detail = shop.get(&path(customer)).await.expect(200);
        for (field, value) in body.as_object().unwrap() {
            if field == "credit_limit" {
                assert_eq!(detail.money(field), dec("1000"));
            } else {
                assert_eq!(&detail[field], value, "{field}");
            }
        }
    }

    async fn the_next_sale_goes_by_what_was_changed(shop: Shop) {
        let item = shop.create_item_with(json!({"price_1": 350, "price_2": 300})).await;
        let customer = shop.create_customer("0.00").await;
        let on_credit = shop.credit_sale(customer, item, "1", "300.00");
        refuses(&shop, Method::POST, "/pos/api/sales", on_credit, 400, "").await;
        shop.put(&path(customer), json!({"price_tier": "taller", "credit_limit": 348})).await.expect(200);
        let mut on_credit = shop.credit_sale(customer, item, "1", "300.00");
        on_credit["items"][0].as_object_mut().unwrap().remove("unit_price");
        assert_eq!(shop.sell(on_credit).await.money("total"), dec("348"));
        let detail = shop.get(&path(customer)).await.expect(200);
        assert_eq!(detail.money("balance"), dec("348"));
    }

    async fn an_rfc_is_one_customers_and_may_be_sent_again(shop: Shop) {
        let rfc = json!({"name": "Perez", "rfc": "PEGJ800101AB1"});
        let first = shop.post("/pos/api/customers", rfc.clone()).await.expect(201).int("id");
        let second = shop.create_customer("0.00").await;
        refuses(&shop, Method::PUT, &path(second), rfc.clone(), 400, "rfc").await;
        shop.put(&path(first), rfc).await.expect(200);
        for customer in [first, second] {
            shop.put(&path(customer), json!({"rfc": "XAXX010101000"})).await.expect(200);
        }
        shop.put(&path(second), json!({"rfc": "PEGJ800101AB1"})).await.expect(200);
    }

    async fn refuses_bad_fields(shop: Shop) {
        let customer = shop.create_customer("0.00").await;
        refuses_fields(&shop, Method::PUT, &path(customer), &json!({"name": "Otro"}), &[], &[
            ("/name", json!("")),
            ("/name", json!(5)),
            ("/name", long_text()),
            ("/rfc", json!(5)),
            ("/rfc", long_text()),
            ("/razon_social", long_text()),
            ("/email", json!([])),
            ("/phone", json!(5_559_876)),
            ("/address", long_text()),
            ("/price_tier", json!("vip")),
            ("/price_tier", json!(2)),
            ("/credit_limit", json!(-1)),
            ("/credit_limit", json!("mucho")),
            ("/credit_limit", num("1e30")),
            ("/credit_days", json!(-1)),
            ("/credit_days", json!("treinta")),
            ("/credit_days", num("1.5")),
            ("/branch_id", json!("centro")),
            ("/branch_id", json!(987_654)),
            ("/is_active", json!("sí")),
            ("/is_active", json!(1)),
        ]).await;
    }

    async fn needs_customers_edit(shop: Shop) {
        let customer = shop.create_customer("0.00").await;
        let cashier = shop.hire("cashier").await;
        refused(&cashier.put(&path(customer), json!({"name": "Otro"})).await, 403, "customers.edit");
    }

    async fn a_foreign_or_unknown_customer_is_404(shop: Shop) {
        let other = shop.neighbour().await;
        let foreign = other.create_customer("0.00").await;
        let path = |id: &str| format!("/pos/api/customers/{id}");
        missing_ids(&shop, Method::PUT, path, foreign, Some(json!({"name": "Mío"}))).await;
        let theirs = other.get(&format!("/pos/api/customers/{foreign}")).await.expect(200);
        assert_eq!(theirs["name"], "Taller Perez");
    }

    async fn a_key_changes_it_once(shop: Shop) {
        let customer = shop.create_customer("0.00").await;
        idempotent(&shop, Method::PUT, &path(customer), json!({"name": "Uno"}), json!({"name": "Dos"})).await;
        assert_eq!(shop.get(&path(customer)).await.expect(200)["name"], "Uno");
    }

    async fn is_guarded(shop: Shop) {
        let customer = shop.create_customer("0.00").await;
        guarded(&shop, Method::PUT, &path(customer), Some(json!({"name": "Otro"}))).await;
    }
}
