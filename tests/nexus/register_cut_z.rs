use diario_tests::{assert_shape, both_engines, dec, guarded, idempotent, num, refuses, refuses_fields};
use reqwest::Method;
use serde_json::{Value, json};

const PATH: &str = "/pos/api/register/cut-z";

fn sample(register: i64, counted: &str) -> Value {
    json!({"register_id": register, "counted_amount": num(counted)})
}

both_engines! {
    async fn closes_short(shop: Shop) {
        let register = shop.open_register("2000.00").await;
        let item = shop.create_item("350.00", 10).await;
        shop.sell_cash(register, item, "2", "350.00").await;
        let before = shop.balances().await;
        let answer = shop.post(PATH, sample(register, "2792.00")).await.expect(200);
        assert_shape(&answer, &json!({
            "register_id": register, "expected_cash": "number", "counted_amount": "number",
            "difference": "number", "closed_at": "time",
            "summary": {
                "register_id": register, "opening_amount": "number", "sales_cash": "number",
                "sales_card": "number", "sales_transfer": "number", "movements_in": "number",
                "movements_out": "number", "expected_cash": "number", "sales_count": 1,
                "total_sales": "number"
            }
        }));
        assert_eq!(answer.money("expected_cash"), dec("2812"));
        assert_eq!(answer.money("difference"), dec("-20"));
        shop.assert_moved(&before, &[("107.01", "20"), ("101.01", "-20")]).await;
    }

    async fn closes_over(shop: Shop) {
        let register = shop.open_register("2000.00").await;
        let before = shop.balances().await;
        let answer = shop.post(PATH, sample(register, "2000.75")).await.expect(200);
        assert_eq!(answer.money("difference"), dec("0.75"));
        shop.assert_moved(&before, &[("101.01", "0.75"), ("704.23", "-0.75")]).await;
    }

    async fn closes_even(shop: Shop) {
        let register = shop.open_register("2000.00").await;
        let before = shop.balances().await;
        let answer = shop.post(PATH, sample(register, "2000.00")).await.expect(200);
        assert_eq!(answer.money("difference"), dec("0"));
        shop.assert_moved(&before, &[]).await;
    }

    async fn closes_once(shop: Shop) {
        let register = shop.open_register("0.00").await;
        shop.post(PATH, sample(register, "0.00")).await.expect(200);
        refuses(&shop, Method::POST, PATH, sample(register, "0.00"), 400, "").await;
    }

    async fn refuses_bad_fields(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let required = ["/register_id", "/counted_amount"];
        refuses_fields(&shop, Method::POST, PATH, &sample(register, "0.00"), &required, &[
            ("/register_id", json!("uno")),
            ("/register_id", json!(null)),
            ("/counted_amount", json!(-1)),
            ("/counted_amount", json!("x")),
            ("/counted_amount", num("1e30")),
            ("/counted_amount", num("0.001")),
        ]).await;
    }

    async fn refuses_an_unknown_or_foreign_register(shop: Shop) {
        let other = shop.neighbour().await;
        let foreign = other.open_register("0.00").await;
        for id in [foreign, 999_999] {
            refuses(&shop, Method::POST, PATH, sample(id, "0.00"), [400, 404], "").await;
        }
        other.get("/pos/api/register/current").await.expect(200);
    }

    async fn a_key_closes_once(shop: Shop) {
        let register = shop.open_register("0.00").await;
        idempotent(&shop, Method::POST, PATH, sample(register, "0.00"), sample(register, "1.00")).await;
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::POST, PATH, Some(sample(1, "0.00"))).await;
    }
}
