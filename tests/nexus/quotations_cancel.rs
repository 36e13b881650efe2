use diario_tests::{
    Shop, assert_shape, both_engines, guarded, idempotent, long_text, missing_ids, refused, refuses,
    refuses_fields,
};
use reqwest::Method;
use serde_json::json;

const PATH: &str = "/pos/api/quotations";

fn path(quotation: i64) -> String {
    format!("{PATH}/{quotation}/cancel")
}

async fn quoted(shop: &Shop) -> i64 {
    let item = shop.create_item("350.00", 10).await;
    shop.quote(item, "2", "350.00").await
}

both_engines! {
    async fn cancels_with_and_without_a_reason(shop: Shop) {
        for body in [json!({}), json!({"reason": "Compró en otra parte"})] {
            let quotation = quoted(&shop).await;
            let answer = shop.put(&path(quotation), body).await.expect(200);
            assert_shape(&answer, &json!({
                "quotation_id": quotation, "status": "cancelled", "message": "string"
            }));
            let detail = shop.get(&format!("{PATH}/{quotation}")).await.expect(200);
            assert_eq!(detail["status"], "cancelled");
        }
        let quotation = quoted(&shop).await;
        shop.request(Method::PUT, &path(quotation), None).await.expect(200);
    }

    async fn is_cancelled_once(shop: Shop) {
        let quotation = quoted(&shop).await;
        shop.put(&path(quotation), json!({})).await.expect(200);
        refuses(&shop, Method::PUT, &path(quotation), json!({}), 400, "").await;
    }

    async fn a_converted_one_is_not_cancelled(shop: Shop) {
        let quotation = quoted(&shop).await;
        let body = json!({"payment_method": "tarjeta"});
        shop.post(&format!("{PATH}/{quotation}/convert"), body).await.expect(201);
        refuses(&shop, Method::PUT, &path(quotation), json!({}), 400, "").await;
    }

    async fn needs_pos_cancel(shop: Shop) {
        let quotation = quoted(&shop).await;
        let cashier = shop.hire("cashier").await;
        refused(&cashier.put(&path(quotation), json!({})).await, 403, "pos.cancel");
        let detail = shop.get(&format!("{PATH}/{quotation}")).await.expect(200);
        assert_eq!(detail["status"], "active");
    }

    async fn refuses_bad_fields(shop: Shop) {
        let quotation = quoted(&shop).await;
        refuses_fields(&shop, Method::PUT, &path(quotation), &json!({"reason": "Error"}), &[], &[
            ("/reason", json!(5)), ("/reason", json!([])), ("/reason", long_text()),
        ]).await;
    }

    async fn a_foreign_or_unknown_quotation_is_404(shop: Shop) {
        let other = shop.neighbour().await;
        let foreign = quoted(&other).await;
        missing_ids(&shop, Method::PUT, |id: &str| format!("{PATH}/{id}/cancel"), foreign, Some(json!({}))).await;
        let theirs = other.get(&format!("{PATH}/{foreign}")).await.expect(200);
        assert_eq!(theirs["status"], "active");
    }

    async fn a_key_cancels_once(shop: Shop) {
        let quotation = quoted(&shop).await;
        idempotent(&shop, Method::PUT, &path(quotation), json!({}), json!({"reason": "Otra"})).await;
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::PUT, &path(1), Some(json!({}))).await;
    }
}
