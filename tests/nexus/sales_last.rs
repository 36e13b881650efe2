use diario_tests::{both_engines, dec, guarded, refused};
use reqwest::Method;
use serde_json::json;

both_engines! {
    async fn answers_the_last_sale(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let item = shop.create_item("350.00", 10).await;
        shop.sell_cash(register, item, "1", "350.00").await;
        let last = shop.sell_cash(register, item, "2", "350.00").await;
        let answer = shop.get("/pos/api/sales/last").await.expect(200);
        assert_eq!(answer["folio"], "V-0002");
        assert_eq!(answer.money("total"), dec("812"));
        let detail = shop.get(&format!("/pos/api/sales/{last}")).await.expect(200);
        assert_eq!(answer["items"], detail["items"]);
        assert_eq!(answer["status"], json!("completed"));
    }

    async fn is_404_before_the_first(shop: Shop) {
        refused(&shop.get("/pos/api/sales/last").await, 404, "");
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::GET, "/pos/api/sales/last", None).await;
    }
}
