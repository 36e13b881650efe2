use diario_tests::{assert_shape, both_engines, guarded};
use reqwest::Method;
use serde_json::json;

const PATH: &str = "/pos/api/accounting/posting-map";

both_engines! {
    async fn shows_what_is_in_force(shop: Shop) {
        assert_eq!(shop.get(PATH).await.expect(200).body, json!({"data": []}));
        let own = shop.create_account("107.05.01", "107.05").await;
        let cards = shop.account("107.05").await;
        let rule = json!({"account_id": cards, "event_type": "sale.completed", "to_account_id": own});
        shop.put(PATH, rule).await.expect(200);
        let since = shop.events().await;
        let answer = shop.get(PATH).await.expect(200);
        assert_shape(&answer, &json!({"data": [{
            "account_id": cards, "account_code": "107.05", "event_type": "sale.completed", "to_account_id": own,
            "to_account_code": "107.05.01", "since": since
        }]}));
        shop.put(PATH, json!({"account_id": cards, "to_account_id": own})).await.expect(200);
        assert_eq!(shop.get(PATH).await.expect(200)["data"].as_array().unwrap().len(), 2);
        assert_eq!(shop.neighbour().await.get(PATH).await.expect(200).body, json!({"data": []}));
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::GET, PATH, None).await;
    }
}
