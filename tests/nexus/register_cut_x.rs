use diario_tests::{assert_shape, both_engines, dec, guarded, money, refused};
use reqwest::Method;
use serde_json::json;

const PATH: &str = "/pos/api/register/cut-x";

both_engines! {
    async fn sums_the_session_up_and_leaves_it_open(shop: Shop) {
        let register = shop.open_register("2000.00").await;
        let item = shop.create_item("350.00", 50).await;
        shop.sell_cash(register, item, "2", "350.00").await;
        for method in ["tarjeta", "transferencia"] {
            let mut body = shop.sale(register, item, "1", "350.00");
            body["payment_method"] = json!(method);
            shop.sell(body).await;
        }
        let mut several = shop.sale(register, item, "2", "350.00");
        several["payment_method"] = json!("mixto");
        several["payment_details"] =
            json!([{"method": "efectivo", "amount": 500}, {"method": "tarjeta", "amount": 312}]);
        shop.sell(several).await;
        let before = shop.events().await;
        for _ in 0..2 {
            let answer = shop.get(PATH).await.expect(200);
            assert_shape(&answer, &json!({
                "register_id": register, "opening_amount": "number", "sales_cash": "number",
                "sales_card": "number", "sales_transfer": "number", "movements_in": "number",
                "movements_out": "number", "expected_cash": "number", "sales_count": 4,
                "total_sales": "number"
            }));
            for (field, amount) in [
                ("opening_amount", "2000"), ("sales_cash", "1312"), ("sales_card", "718"),
                ("sales_transfer", "406"), ("movements_in", "0"), ("movements_out", "0"),
                ("expected_cash", "3312"), ("total_sales", "2436"),
            ] {
                assert_eq!(answer.money(field), dec(amount), "{field}");
            }
        }
        assert_eq!(shop.events().await, before, "a cut X only looks");
    }

    async fn store_credit_stands_beside_the_sales(shop: Shop) {
        let customer = shop.create_customer_with_credit("500.00").await;
        let register = shop.open_register("100.00").await;
        let item = shop.create_item("350.00", 50).await;
        let mut several = shop.sale(register, item, "2", "350.00");
        several["customer_id"] = json!(customer);
        several["payment_method"] = json!("mixto");
        several["payment_details"] =
            json!([{"method": "efectivo", "amount": 412}, {"method": "saldo_a_favor", "amount": 400}]);
        shop.sell(several).await;
        let layaway = shop.set_aside(customer, item, "1", "350.00", "406.00").await;
        let cut = shop.get(PATH).await.expect(200);
        assert_eq!(cut.money("sales_store_credit"), dec("400"), "a deposit is no sale yet");
        shop.post(&format!("/pos/api/layaways/{layaway}/complete"), json!({})).await.expect(200);
        let cut = shop.get(PATH).await.expect(200);
        for (field, amount) in [
            ("sales_store_credit", "806"), ("sales_cash", "412"), ("sales_card", "0"),
            ("sales_transfer", "0"), ("sales_credit", "0"), ("total_sales", "412"),
            ("expected_cash", "512"),
        ] {
            assert_eq!(cut.money(field), dec(amount), "{field}");
        }
        let body = json!({"register_id": register, "counted_amount": 512});
        let closed = shop.post("/pos/api/register/cut-z", body).await.expect(200);
        assert_eq!(money(&closed["summary"]["sales_store_credit"]), dec("806"));
        let history = shop.get("/pos/api/register/history").await.expect(200);
        assert_eq!(money(&history["data"][0]["sales_store_credit"]), dec("806"));
        let day = shop.get("/pos/api/register/daily-summary").await.expect(200);
        assert_eq!(day.money("sales_store_credit"), dec("806"));
    }

    async fn cash_of_layaways_is_in_the_drawer_and_no_sale(shop: Shop) {
        let register = shop.open_register("100.00").await;
        let item = shop.create_item("350.00", 50).await;
        let customer = shop.create_customer("0.00").await;
        let mut body = shop.layaway(customer, item, "2", "350.00", "200.00");
        body["payment_method"] = json!("efectivo");
        body["register_id"] = json!(register);
        let layaway = shop.post("/pos/api/layaways", body).await.expect(201).int("layaway_id");
        let payment = json!({"amount": 50, "payment_method": "efectivo", "register_id": register});
        shop.post(&format!("/pos/api/layaways/{layaway}/payment"), payment).await.expect(201);
        let cut = shop.get(PATH).await.expect(200);
        assert_eq!(cut.money("expected_cash"), dec("350"));
        assert_eq!(cut.money("total_sales"), dec("0"));
        assert_eq!(cut["sales_count"], json!(0));
    }

    async fn a_session_is_its_employees(shop: Shop) {
        let cashier = shop.hire("cashier").await;
        let (own, other) =
            (shop.open_register("10.00").await, cashier.open_register_number(2, "20.00").await);
        assert_eq!(shop.get(PATH).await.expect(200)["register_id"], json!(own));
        assert_eq!(cashier.get(PATH).await.expect(200)["register_id"], json!(other));
        let named = shop.get(&format!("{PATH}?register_id={other}")).await.expect(200);
        assert_eq!(named["register_id"], json!(other));
    }

    async fn is_404_without_a_session(shop: Shop) {
        refused(&shop.get(PATH).await, 404, "");
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::GET, PATH, None).await;
    }
}
