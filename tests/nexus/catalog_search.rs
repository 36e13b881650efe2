use diario_tests::{
    assert_shape, both_engines, catalog, dec, guarded, int, money, num, refused, refuses_query,
};
use reqwest::Method;
use serde_json::{Value, json};

const PATH: &str = "/pos/api/catalog/search";

fn rows(answer: &Value) -> &Vec<Value> {
    answer["data"].as_array().unwrap()
}

both_engines! {
    async fn finds_a_number_however_it_is_written(shop: Shop) {
        catalog(&shop).await;
        for q in ["04465-02220", "0446502220", "04465%2002220", "04465.02220", "%2004465-02220%20"] {
            let answer = shop.get(&format!("{PATH}?q={q}")).await.expect(200);
            assert_shape(&answer, &json!({"data": [{
                "id": "int", "part_number": "string", "name": "string", "manufacturer": "string",
                "local_stock": "number", "local_price": "?number", "alternatives_count": "int",
                "inventory_id": "?int", "match": "string"
            }]}));
            let found = rows(&answer);
            assert_eq!((&found[0]["id"], &found[0]["match"]), (&json!(1), &json!("number")), "{q}: {:#}", *answer);
            // The parts that name the number in a cross reference come next.
            for row in &found[1..4] {
                assert_eq!(row["match"], "cross_reference", "{q}: {:#}", *answer);
            }
        }
    }

    async fn finds_the_beginning_of_a_number_and_letters_of_either_case(shop: Shop) {
        catalog(&shop).await;
        let answer = shop.get(&format!("{PATH}?q=0446502")).await.expect(200);
        assert_eq!((&rows(&answer)[0]["id"], &rows(&answer)[0]["match"]), (&json!(1), &json!("number_prefix")));
        for q in ["te-7645.45", "TE7645", "Te%207645"] {
            let answer = shop.get(&format!("{PATH}?q={q}")).await.expect(200);
            assert_eq!(rows(&answer)[0]["part_number"], "TE-7645.45", "{q}");
        }
    }

    async fn finds_words_by_their_beginnings_without_case_or_accents(shop: Shop) {
        catalog(&shop).await;
        for q in ["pastillas%20corolla", "COROLLA%20Past", "paStíllas%20coró", "freno%20corolla%20tecni", "tecnimex%20past%20del"] {
            let answer = shop.get(&format!("{PATH}?q={q}")).await.expect(200);
            let found = rows(&answer).iter().find(|row| row["part_number"] == "TE-7645.45");
            assert_eq!(found.map(|row| &row["match"]), Some(&json!("words")), "{q}: {:#}", *answer);
        }
        // A word and the beginning of a number.
        let answer = shop.get(&format!("{PATH}?q=pastillas%2004465-02")).await.expect(200);
        assert_eq!(rows(&answer)[0]["id"], json!(1), "{:#}", *answer);
        for q in ["astillas", "pastillas%20zzzz", "%25%25", "__", "''", "--", "%00%00", "no-existe"] {
            let answer = shop.get(&format!("{PATH}?q={q}")).await.expect(200);
            assert_eq!(answer.body, json!({"data": []}), "{q}");
        }
    }

    async fn whole_words_go_before_beginnings(shop: Shop) {
        catalog(&shop).await;
        let answer = shop.get(&format!("{PATH}?q=filtro&limit=200")).await.expect(200);
        let has = |row: &Value| row["name"].as_str().unwrap().to_lowercase().split(' ').any(|word| word == "filtro");
        let whole: Vec<_> = rows(&answer).iter().map(has).collect();
        assert!(whole.is_sorted_by_key(|whole| !whole), "{:#}", *answer);
        assert!(whole.contains(&true));
    }

    async fn shows_the_shops_own_stock_and_no_other(shop: Shop) {
        catalog(&shop).await;
        let other = shop.neighbour().await;
        other.create_item_with(json!({"part_number": "04465-02220", "catalog_part_id": 1})).await;
        let first = async |query: &str| {
            let answer = shop.get(&format!("{PATH}?q=04465-02220{query}")).await.expect(200);
            rows(&answer)[0].clone()
        };
        let row = first("").await;
        assert_eq!((&row["inventory_id"], &row["local_price"]), (&json!(null), &json!(null)));
        let item = shop.create_item_with(json!({
            "part_number": "04465 02220", "price_1": num("350.00"), "initial_stock": 5
        })).await;
        let row = first("").await;
        assert_eq!((int(&row["inventory_id"]), money(&row["local_stock"])), (item, dec("5")));
        assert_eq!(money(&row["local_price"]), dec("350"));
        assert_eq!(money(&first("&branch_id=999999").await["local_stock"]), dec("0"));
    }

    async fn gives_at_most_what_is_asked_for(shop: Shop) {
        catalog(&shop).await;
        for (query, most) in [("q=de", 50), ("q=de&limit=7", 7), ("q=de&limit=200", 200), ("q=de&limit=5000", 200)] {
            let answer = shop.get(&format!("{PATH}?{query}")).await.expect(200);
            assert!(!rows(&answer).is_empty() && rows(&answer).len() <= most, "{query}: {}", rows(&answer).len());
        }
        assert_eq!(rows(&shop.get(&format!("{PATH}?q=de&limit=7")).await.expect(200).body).len(), 7);
    }

    async fn refuses_bad_queries(shop: Shop) {
        let long = format!("q={}", "x".repeat(201));
        refuses_query(&shop, PATH, &[
            "q=", "q=a", "q=%20a%20", "q=%C3%B1", &long, "limit=0&q=ab", "limit=-1&q=ab", "limit=x&q=ab",
            "branch_id=centro&q=ab",
        ]).await;
        refused(&shop.get(PATH).await, 400, "q");
        shop.get(&format!("{PATH}?q={}", "a%20".repeat(100))).await.expect(200);
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::GET, &format!("{PATH}?q=ab"), None).await;
    }
}
