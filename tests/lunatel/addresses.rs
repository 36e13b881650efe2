use diario_tests::{both_engines, int, long_text, without};
use serde_json::{Value, json};

use crate::company::{Company, address, failed};

const CREATE: &str = "/v1/Address/Create";
const EDIT: &str = "/v1/Address/Edit";
const DELETE: &str = "/v1/Address/Delete";
const LIST: &str = "/v1/Address/GetAddress";

async fn list(company: &Company) -> Vec<Value> {
    company.call(LIST, json!({})).await.expect(200)["addressList"].as_array().unwrap().clone()
}

both_engines! {
    async fn an_address_is_entered_changed_and_taken_off_the_list(shop: Shop) {
        let company = Company::new(&shop, "ege").await;
        let id = company.call(CREATE, address()).await.expect(200).int("id");
        let row = list(&company).await.into_iter().find(|row| int(&row["id"]) == id).unwrap();
        let expected = json!({
            "id": id, "companyId": company.customer, "title": "Depo", "fullAddress": "Sanayi Sitesi 5", "cityId": 1,
            "townId": 1, "neighborhoodId": 2, "cityname": "Adana", "townname": "Aladağ",
            "neighborhoodname": "Akpınar Mah", "zipCode": "01720", "name": "Mehmet Demir",
            "commericalTitle": "Ege Telefon Ltd. Şti.", "phoneNumber": "+90 322 111 11 11", "eMail": "depo@ege.com.tr",
            "taxNumber": "1234567890", "taxUnit": "Seyhan", "invoiceAddress": "İnönü Cad. 2",
            "isDifferentInvoiceAddress": false
        });
        assert_eq!(row, expected);

        // The spellings of the answers are taken too.
        let edited = json!({
            "addressId": id, "title": "Şube", "fullAddress": "Yeni Cad. 9", "cityId": 1, "districtId": 1,
            "neighborhoodId": 1, "name": "Ali", "phoneNumber": "1", "taxNumber": "2", "taxUnit": "3",
            "commericalTitle": "4", "eMail": "5"
        });
        assert_eq!(company.call(EDIT, edited).await.expect(200).int("id"), id);
        let row = list(&company).await.into_iter().find(|row| int(&row["id"]) == id).unwrap();
        assert_eq!((&row["title"], &row["zipCode"], &row["invoiceAddress"]), (&json!("Şube"), &json!("01722"), &json!("")));

        assert_eq!(company.call(DELETE, json!({"addressId": id})).await.expect(200).int("id"), id);
        assert!(list(&company).await.iter().all(|row| int(&row["id"]) != id));
        failed(&company.call(DELETE, json!({"addressId": id})).await, 404, &id.to_string());
    }

    async fn wrong_fields_are_named_and_change_nothing(shop: Shop) {
        let company = Company::new(&shop, "ege").await;
        let before = shop.events().await;
        let mut edit = address();
        edit["addressId"] = json!(company.address);
        for (path, good) in [(CREATE, address()), (EDIT, edit)] {
            for field in good.as_object().unwrap().keys() {
                if ["invoiceAddress", "isDifferentInvoiceAddress"].contains(&field.as_str()) {
                    continue;
                }
                failed(&company.call(path, without(&good, &format!("/{field}"))).await, 422, field);
            }
            for (field, value) in [
                ("addressTitle", json!(7)), ("addressTitle", json!("")), ("fullAdress", long_text()),
                ("cityID", json!(82)), ("townID", json!(973)), ("townID", json!("x")), ("neighborhoodID", json!(0)),
                ("neighborhoodID", json!(73_305)), ("isDifferentInvoiceAddress", json!("no")), ("email", json!("a\u{0}")),
            ] {
                let mut body = good.clone();
                body[field] = value;
                failed(&company.call(path, body).await, 422, field);
            }
        }
        failed(&company.call(DELETE, json!({})).await, 422, "addressId");
        failed(&company.call(DELETE, json!({"addressId": "1"})).await, 422, "addressId");
        assert_eq!(shop.events().await, before);
    }

    async fn anothers_address_is_not_there(shop: Shop) {
        let company = Company::new(&shop, "ege").await;
        let neighbour = Company::with_key(&shop, "ada", &company.key).await;
        let foreign = Company::new(&shop.neighbour().await, "ege").await;
        for _ in 0..3 {
            foreign.call(CREATE, address()).await.expect(200);
        }
        let before = shop.events().await;
        let item = shop.create_item("10.00", 5).await;
        let made = shop.events().await - before;
        for id in [neighbour.address, 4, 999_999, 0, -1] {
            let mut body = address();
            body["addressId"] = json!(id);
            failed(&company.call(EDIT, body).await, 404, "");
            failed(&company.call(DELETE, json!({"addressId": id})).await, 404, "");
            let mut order = company.order_of(item, "1");
            order["deliveryAddressId"] = json!(id);
            failed(&company.call("/v1/Order/postOrder", order).await, 404, "");
        }
        assert_eq!(shop.events().await, before + made);
        assert_eq!(list(&neighbour).await.len(), 1);
    }

    async fn a_key_writes_once(shop: Shop) {
        let company = Company::new(&shop, "ege").await;
        let key = [("idempotency-key", "bir")];
        let first = company.call_with(CREATE, &key, address()).await.expect(200);
        let after = shop.events().await;
        let again = company.call_with(CREATE, &key, address()).await.expect(200);
        assert_eq!((first.text(), again.header("idempotent-replayed")), (again.text(), Some("true")));
        failed(&company.call_with(CREATE, &key, json!({"name": "x"})).await, 422, "");
        assert_eq!(shop.events().await, after);
    }
}
