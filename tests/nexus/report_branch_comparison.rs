use diario_tests::{assert_shape, both_engines, dec, guarded, money, refused, refuses_query};
use reqwest::Method;
use serde_json::json;

const PATH: &str = "/pos/api/inventory/reports/branch-comparison";

both_engines! {
    async fn sets_the_branches_side_by_side(shop: Shop) {
        let north = shop.open_branch("Norte").await;
        let item = shop.create_item_with(json!({"part_number": "BC-1", "name": "Balatas"})).await;
        let other = shop.create_item("10.00", 3).await;
        let customer = shop.create_customer("0.00").await;
        shop.transfer(shop.branch_id, north, item, "4", "immediate").await;
        shop.set_aside(customer, item, "1", "350.00", "0.00").await;
        let all = shop.get(PATH).await.expect(200);
        assert_shape(&all, &json!({"data": [{
            "inventory_id": "int", "part_number": "string", "name": "string", "total": "number",
            "branches": [{
                "branch_id": "int", "branch_name": "string", "stock": "number", "available": "number"
            }]
        }]}));
        assert_eq!(all["data"].as_array().unwrap().len(), 2);
        let answer = shop.get(&format!("{PATH}?inventory_id={item}")).await.expect(200);
        assert_eq!(answer["data"].as_array().unwrap().len(), 1);
        let row = &answer["data"][0];
        assert_eq!(row["part_number"], "BC-1");
        assert_eq!(money(&row["total"]), dec("10"));
        let branch = |id: i64| {
            let found = row["branches"].as_array().unwrap().iter().find(|row| row["branch_id"] == json!(id));
            ["stock", "available"].map(|field| money(&found.unwrap()[field]))
        };
        assert_eq!(branch(shop.branch_id), [dec("6"), dec("5")]);
        assert_eq!(branch(north), [dec("4"), dec("4")]);
        let answer = shop.get(&format!("{PATH}?inventory_id={other}")).await.expect(200);
        assert_eq!(money(&answer["data"][0]["total"]), dec("3"));
    }

    async fn an_unknown_or_foreign_item_is_404(shop: Shop) {
        let other = shop.neighbour().await;
        shop.create_item("1.00", 1).await;
        other.create_item("1.00", 1).await;
        let foreign = other.create_item("1.00", 1).await;
        for id in [foreign, 999_999] {
            refused(&shop.get(&format!("{PATH}?inventory_id={id}")).await, 404, "");
        }
    }

    async fn refuses_bad_queries(shop: Shop) {
        refuses_query(&shop, PATH, &["inventory_id=x", "inventory_id=1.5"]).await;
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::GET, PATH, None).await;
    }
}
