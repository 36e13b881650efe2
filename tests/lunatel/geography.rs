use std::collections::BTreeSet;

use diario_tests::{both_engines, int};
use serde_json::json;

use crate::company::{Company, failed};

both_engines! {
    async fn the_whole_country_can_be_walked(shop: Shop) {
        let company = Company::new(&shop, "ege").await;
        let cities = company.call("/v1/Address/GetCitys", json!({})).await.expect(200);
        let cities = cities["list"].as_array().unwrap().clone();
        assert_eq!(cities.len(), 81);
        let mut seen = BTreeSet::new();
        let mut towns_seen = 0;
        for city in &cities {
            let towns = company.call("/v1/Address/GetTowns", json!({"cityId": city["id"]})).await.expect(200);
            let towns = towns["list"].as_array().unwrap().clone();
            assert!(!towns.is_empty(), "{city}");
            towns_seen += towns.len();
            for town in &towns {
                assert_eq!(town["cityId"], city["id"]);
                let body = json!({"townId": town["id"]});
                let answer = company.call("/v1/Address/GetNeighborhood", body).await.expect(200);
                for row in answer["list"].as_array().unwrap() {
                    assert_eq!((&row["townID"], &row["townId"]), (&town["id"], &town["id"]));
                    assert_eq!(row["neigborhoodName"], row["neighborhoodName"]);
                    let zip = row["zipCode"].as_str().unwrap();
                    assert!(zip.len() == 5 && zip.starts_with(&format!("{:02}", int(&city["id"]))), "{row}");
                    assert!(seen.insert(int(&row["id"])), "{row} is there twice");
                }
            }
        }
        assert_eq!((towns_seen, seen.len()), (973, 73_305));
        let izmir = cities.iter().find(|city| city["id"] == 35).unwrap();
        assert_eq!(izmir["cityName"], "İzmir");
    }

    async fn a_city_or_town_that_is_none_is_said(shop: Shop) {
        let company = Company::new(&shop, "ege").await;
        for (path, field) in [("/v1/Address/GetTowns", "cityId"), ("/v1/Address/GetNeighborhood", "townId")] {
            failed(&company.call(path, json!({})).await, 422, field);
            failed(&company.call(path, json!({field: "x"})).await, 422, field);
            failed(&company.get(&format!("{path}?{field}=x")).await, 400, field);
            for none in [0, -1, 99_999] {
                failed(&company.call(path, json!({field: none})).await, 404, "");
            }
        }
    }
}
