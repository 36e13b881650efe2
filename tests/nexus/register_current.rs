use diario_tests::{assert_shape, both_engines, dec, guarded, refused};
use reqwest::Method;
use serde_json::json;

both_engines! {
    async fn shows_the_callers_open_session(shop: Shop) {
        let register = shop.open_register("2000.00").await;
        let item = shop.create_item("350.00", 10).await;
        shop.sell_cash(register, item, "2", "350.00").await;
        let mut card = shop.sale(register, item, "1", "350.00");
        card["payment_method"] = json!("tarjeta");
        shop.sell(card).await;
        let answer = shop.get("/pos/api/register/current").await.expect(200);
        assert_shape(&answer, &json!({
            "register_id": register, "register_number": 1, "opened_at": "time", "opening_amount": "number",
            "current_cash": "number", "sales_count": 2, "sales_total": "number"
        }));
        assert_eq!(answer.money("current_cash"), dec("2812"));
        assert_eq!(answer.money("sales_total"), dec("1218"));
    }

    async fn is_404_without_one(shop: Shop) {
        refused(&shop.get("/pos/api/register/current").await, 404, "");
        let register = shop.open_register("0.00").await;
        let cut = json!({"register_id": register, "counted_amount": 0});
        shop.post("/pos/api/register/cut-z", cut).await.expect(200);
        refused(&shop.get("/pos/api/register/current").await, 404, "");
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::GET, "/pos/api/register/current", None).await;
    }
}
