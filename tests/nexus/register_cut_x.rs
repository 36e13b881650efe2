use diario_tests::{assert_shape, both_engines, dec, guarded, refused};
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

    async fn is_404_without_a_session(shop: Shop) {
        refused(&shop.get(PATH).await, 404, "");
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::GET, PATH, None).await;
    }
}
