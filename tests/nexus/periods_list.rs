use diario_tests::{assert_shape, both_engines, guarded, int, months_before, year_and_month};
use reqwest::Method;
use serde_json::json;

const PATH: &str = "/pos/api/accounting/periods";

both_engines! {
    async fn lists_the_months_since_the_first_posting_newest_first(shop: Shop) {
        let today = shop.today().await;
        let (year, month) = year_and_month(&today);
        let answer = shop.get(PATH).await.expect(200);
        assert_eq!(answer["data"].as_array().unwrap().len(), 1, "a new shop has the running month");
        assert_shape(&answer, &json!({
            "data": [{"year": year, "month": month, "status": "open", "closed_at": null, "closed_by": null}]
        }));
        shop.post_entry(&months_before(&today, 15), &[("102.01", "1.00"), ("306.01", "-1.00")]).await;
        let rows = shop.get(PATH).await.expect(200)["data"].as_array().unwrap().clone();
        let found: Vec<_> = rows.iter().map(|row| (int(&row["year"]), int(&row["month"]))).collect();
        let expected: Vec<_> = (0..=15).map(|months| year_and_month(&months_before(&today, months))).collect();
        assert_eq!(found, expected);
    }

    async fn a_closed_month_tells_when_by_whom_and_of_what(shop: Shop) {
        let today = shop.today().await;
        shop.post_entry(&months_before(&today, 2), &[("102.01", "1.00"), ("306.01", "-1.00")]).await;
        let (year, month) = year_and_month(&months_before(&today, 2));
        let accountant = shop.hire("accountant").await;
        let closed = accountant.close(year, month).await.expect(200);
        let answer = shop.get(PATH).await.expect(200);
        let rows = answer["data"].as_array().unwrap();
        // Above a December that is closed stands the year's thirteenth period.
        assert_eq!(rows.len(), if month == 12 { 4 } else { 3 });
        let (oldest, newer) = rows.split_last().unwrap();
        assert_shape(oldest, &json!({
            "year": year, "month": month, "status": "closed", "closed_at": "time", "closed_by": "Juan Lopez",
            "digest": closed["digest"], "entries": 1
        }));
        assert!(oldest["closed_at"].as_str().unwrap().starts_with(&today));
        assert!(newer.iter().all(|row| row["status"] == "open" && row["closed_at"].is_null()));
    }

    async fn a_year_whose_december_is_closed_has_a_thirteenth_period(shop: Shop) {
        let (year, _) = year_and_month(&shop.today().await);
        shop.post_entry(&format!("{}-12-15", year - 1), &[("102.01", "1.00"), ("306.01", "-1.00")]).await;
        let thirteenth = async || {
            let answer = shop.get(PATH).await.expect(200);
            let rows = answer["data"].as_array().unwrap().clone();
            let at = rows.iter().position(|row| row["month"] == json!(13));
            at.map(|at| (rows.len() - at, rows[at]["year"].clone(), rows[at]["status"].clone()))
        };
        assert_eq!(thirteenth().await, None);
        shop.close(year - 1, 12).await.expect(200);
        // Above its December, which is the last row.
        assert_eq!(thirteenth().await, Some((2, json!(year - 1), json!("open"))));
        shop.close(year - 1, 13).await.expect(200);
        assert_eq!(thirteenth().await, Some((2, json!(year - 1), json!("closed"))));
    }

    async fn another_tenants_closes_are_not_ours(shop: Shop) {
        let (year, month) = year_and_month(&shop.today().await);
        shop.neighbour().await.close(year, month).await.expect(200);
        let answer = shop.get(PATH).await.expect(200);
        assert_eq!(answer["data"][0]["status"], "open");
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::GET, PATH, None).await;
    }
}
