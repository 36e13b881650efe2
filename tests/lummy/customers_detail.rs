use diario_tests::{assert_shape, both_engines};
use serde_json::json;

use crate::{Client, enveloped, guarded, refused, sample, shape};

both_engines! {
    async fn shows_one_customer(shop: Shop) {
        let client = Client::of(&shop).await;
        shop.create_customer("0.00").await;
        let created = client.post("/customers", sample()).await.expect(201);
        let id = created["data"]["id"].as_str().unwrap();
        for path in ["/v1/customers", "/customers"] {
            let answer = client.get(&format!("{path}/{id}")).await.expect(200);
            enveloped(&answer, &format!("/customers/{id}"), "GET");
            assert_shape(&answer["data"], &shape());
            assert_eq!(answer["data"], created["data"]);
        }
    }

    async fn an_id_of_nobodys_or_a_neighbours_is_not_found(shop: Shop) {
        let client = Client::of(&shop).await;
        let neighbour = shop.neighbour().await;
        let theirs = Client::of(&neighbour).await.post("/customers", sample()).await.expect(201);
        let foreign = theirs["data"]["id"].as_str().unwrap();
        client.post("/customers", sample()).await.expect(201);
        for id in [foreign, "550e8400-e29b-41d4-a716-446655440000"] {
            refused(&client.get(&format!("/v1/customers/{id}")).await, 404, "NotFoundException", "");
        }
        for id in ["1", "abc", "%27", "%00"] {
            let answer = client.get(&format!("/v1/customers/{id}")).await.expect(400);
            assert_eq!(answer["error"], json!({
                "message": answer["error"]["message"], "code": "ValidationError", "status": 400
            }));
        }
    }

    async fn is_guarded(shop: Shop) {
        let client = Client::of(&shop).await;
        let created = client.post("/customers", sample()).await.expect(201);
        let path = format!("/customers/{}", created["data"]["id"].as_str().unwrap());
        guarded(&shop, reqwest::Method::GET, &path, None).await;
    }
}
