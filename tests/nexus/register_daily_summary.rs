use diario_tests::{both_engines, guarded, refuses_query};
use reqwest::Method;

const PATH: &str = "/pos/api/register/daily-summary";

both_engines! {
    async fn sums_all_registers_of_the_day_up(shop: Shop) {
        let register = shop.open_register("100.00").await;
        let item = shop.create_item("350.00", 10).await;
        shop.sell_cash(register, item, "2", "350.00").await;
        let answer = shop.get(PATH).await.expect(200);
        assert!(answer.body.is_object(), "{}", answer.text());
        assert!(answer.text().contains("812"), "the day's sales are in it: {}", answer.text());
        let past = shop.get(&format!("{PATH}?date=2020-01-01")).await.expect(200);
        assert!(!past.text().contains("812"), "{}", past.text());
    }

    async fn refuses_a_bad_date(shop: Shop) {
        refuses_query(&shop, PATH, &["date=ayer", "date=2026-02-30"]).await;
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::GET, PATH, None).await;
    }
}
