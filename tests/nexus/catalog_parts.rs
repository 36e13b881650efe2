use diario_tests::{
    assert_shape, both_engines, catalog, corolla, dec, guarded, int, money, num, refused, refuses_query,
    walks,
};
use reqwest::Method;
use serde_json::{Value, json};

const PATH: &str = "/pos/api/catalog/parts";

fn numbered<'a>(answer: &'a Value, number: &str) -> &'a Value {
    answer["data"].as_array().unwrap().iter().find(|row| row["part_number"] == json!(number)).unwrap()
}

both_engines! {
    async fn lists_a_groups_parts_with_the_shops_own_stock(shop: Shop) {
        catalog(&shop).await;
        let (mye, _, group) = corolla(&shop).await;
        let path = format!("{PATH}?mye_id={mye}&group_id={group}");
        let answer = shop.get(&path).await.expect(200);
        assert_shape(&answer, &json!({
            "data": [{
                "id": "int", "part_number": "string", "name": "string", "manufacturer": "string",
                "local_stock": "number", "local_price": "?number", "alternatives_count": "int", "inventory_id": "?int"
            }],
            "pagination": {"page": 1, "per_page": 30, "total": "int", "total_pages": 1}
        }));
        let row = numbered(&answer, "04465-02220");
        assert_eq!((&row["local_stock"], &row["local_price"], &row["inventory_id"]), (&json!(0), &json!(null), &json!(null)));
        // The three that other makers sell in its place name its number.
        assert_eq!(int(&row["alternatives_count"]), 3);

        let item = shop.create_item_with(json!({
            "part_number": "04465.02220", "price_1": num("350.00"), "initial_stock": 5
        })).await;
        let answer = shop.get(&path).await.expect(200);
        let row = numbered(&answer, "04465-02220");
        assert_eq!(row["inventory_id"], json!(item));
        assert_eq!(row["local_stock"].to_string(), "5");
        assert_eq!(row["local_price"].to_string(), "350.00");
    }

    async fn an_item_that_names_the_part_goes_before_one_that_has_its_number(shop: Shop) {
        catalog(&shop).await;
        let (mye, _, group) = corolla(&shop).await;
        shop.create_item_with(json!({"part_number": "04465-02220", "initial_stock": 5})).await;
        let linked = shop.create_item_with(json!({"catalog_part_id": 1, "initial_stock": 3})).await;
        let answer = shop.get(&format!("{PATH}?mye_id={mye}&group_id={group}")).await.expect(200);
        let row = numbered(&answer, "04465-02220");
        assert_eq!((&row["id"], &row["inventory_id"]), (&json!(1), &json!(linked)));
        assert_eq!(money(&row["local_stock"]), dec("3"));
    }

    async fn local_is_the_branch_that_is_asked_for(shop: Shop) {
        catalog(&shop).await;
        let (mye, _, group) = corolla(&shop).await;
        shop.create_item_with(json!({"part_number": "04465-02220", "initial_stock": 5})).await;
        for (branch, stock) in [(shop.branch_id, "5"), (999_999, "0")] {
            let path = format!("{PATH}?mye_id={mye}&group_id={group}&branch_id={branch}");
            let answer = shop.get(&path).await.expect(200);
            assert_eq!(numbered(&answer, "04465-02220")["local_stock"].to_string(), stock);
        }
    }

    async fn nothing_of_another_tenant_shows(shop: Shop) {
        catalog(&shop).await;
        let (mye, _, group) = corolla(&shop).await;
        let other = shop.neighbour().await;
        other.create_item_with(json!({"part_number": "04465-02220", "catalog_part_id": 1})).await;
        let answer = shop.get(&format!("{PATH}?mye_id={mye}&group_id={group}")).await.expect(200);
        for row in answer["data"].as_array().unwrap() {
            assert_eq!((&row["local_stock"], &row["inventory_id"]), (&json!(0), &json!(null)), "{row}");
        }
    }

    async fn pages_and_clamps(shop: Shop) {
        catalog(&shop).await;
        let (mye, _, group) = corolla(&shop).await;
        let path = format!("{PATH}?mye_id={mye}&group_id={group}");
        let all = shop.get(&path).await.expect(200);
        let total = int(&all["pagination"]["total"]);
        let mut seen = Vec::new();
        for page in 1..=total {
            let answer = shop.get(&format!("{path}&page={page}&per_page=1")).await.expect(200);
            assert_eq!(answer["pagination"]["total_pages"], json!(total));
            seen.push(answer["data"][0].clone());
        }
        assert_eq!(&seen, all["data"].as_array().unwrap());
        let clamped = shop.get(&format!("{path}&per_page=5000")).await.expect(200);
        assert_eq!(clamped["pagination"]["per_page"], json!(200));
        let none = shop.get(&format!("{PATH}?mye_id=999999&group_id=1")).await.expect(200);
        assert_eq!(none["data"], json!([]));
        assert_shape(&none["pagination"], &json!({"page": 1, "per_page": 30, "total": 0, "total_pages": 0}));
    }

    async fn is_walked_by_cursor(shop: Shop) {
        catalog(&shop).await;
        let (mye, _, group) = corolla(&shop).await;
        walks(&shop, &format!("{PATH}?mye_id={mye}&group_id={group}"), "id", async || {}).await;
    }

    async fn refuses_bad_queries(shop: Shop) {
        refuses_query(&shop, PATH, &[
            "mye_id=x&group_id=1", "group_id=x&mye_id=1", "page=0&mye_id=1&group_id=1", "per_page=0&mye_id=1&group_id=1",
            "branch_id=centro&mye_id=1&group_id=1",
        ]).await;
        refused(&shop.get(&format!("{PATH}?mye_id=1")).await, 400, "group_id");
        refused(&shop.get(&format!("{PATH}?group_id=1")).await, 400, "mye_id");
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::GET, &format!("{PATH}?mye_id=1&group_id=1"), None).await;
    }
}
