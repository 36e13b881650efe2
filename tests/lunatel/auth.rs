use diario_tests::{Database, Server, Shop, both_engines, each_engine, long_text, without};
use reqwest::Method;
use serde_json::{Value, json};

use crate::company::{Company, PASSWORD, failed, key, send, sign_up};

const SIGN_UP: &str = "/v1/Auth/SignUp";
const LOGIN: &str = "/v1/Auth/Login";

const REQUIRED: &[&str] = &[
    "companyName",
    "companyTitle",
    "name",
    "surname",
    "userName",
    "email",
    "phone",
    "taxNumber",
    "taxUnit",
    "deliveryAddress",
    "password",
    "passwordRetry",
    "cityId",
    "districtId",
    "neighborhoodId",
    "ipAdress",
];

both_engines! {
    async fn a_company_signs_up_whole_and_is_a_customer_of_the_shop(shop: Shop) {
        let company = Company::new(&shop, "ege").await;
        let customer = shop.get(&format!("/pos/api/customers/{}", company.customer)).await.expect(200);
        assert_eq!(customer["name"], "ege Telefon");
        assert_eq!(customer["razon_social"], "ege Telefon Ltd. Şti.");
        assert_eq!(customer["price_tier"], "mayoreo");
        assert_eq!(customer.money("credit_limit"), diario_tests::dec("100000.00"));
        let exported = shop.command(&["export", "events"]).await;
        let log = String::from_utf8(exported.stdout).unwrap();
        for kind in ["customer.registered", "customer.signed_up", "user.created", "address.created"] {
            assert!(log.contains(kind), "{kind}");
        }
        assert!(log.contains("192.0.2.1") && !log.contains(PASSWORD) && !log.contains("argon2"));
    }

    async fn a_missing_or_wrong_field_is_named_and_changes_nothing(shop: Shop) {
        let key = key(&shop).await;
        let headers = [("x-api-key", key.as_str())];
        let before = shop.events().await;
        for field in REQUIRED {
            let body = without(&sign_up("ege"), &format!("/{field}"));
            failed(&send(&shop, SIGN_UP, &headers, &body).await, 422, field);
        }
        for (field, value) in [
            ("companyName", json!(7)), ("companyName", json!(" ")), ("phone", long_text()), ("email", json!("nobody")),
            ("password", json!("short")), ("passwordRetry", json!("another one")), ("isPerson", json!("yes")),
            ("cityId", json!(0)), ("cityId", json!("1")), ("districtId", json!(900)), ("neighborhoodId", json!(70_000)),
            ("userContract", json!(1)),
        ] {
            let mut body = sign_up("ege");
            body[field] = value;
            if field == "password" {
                body["passwordRetry"] = body["password"].clone();
            }
            failed(&send(&shop, SIGN_UP, &headers, &body).await, 422, field);
        }
        let mut person = sign_up("ege");
        person["isPerson"] = json!(true);
        for number in [json!("string"), json!(""), Value::Null, json!("10000000147")] {
            person["identificationNumber"] = number;
            failed(&send(&shop, SIGN_UP, &headers, &person).await, 422, "identificationNumber");
        }
        assert_eq!(shop.events().await, before);
        person["identificationNumber"] = json!("10000000146");
        send(&shop, SIGN_UP, &headers, &person).await.expect(200);
    }

    async fn a_login_and_a_tax_number_are_one_companys(shop: Shop) {
        let company = Company::new(&shop, "ege").await;
        let headers = [("apiKey", company.key.as_str())];
        let before = shop.events().await;
        let taken = sign_up("ege");
        for (field, word) in [("userName", "ege"), ("email", "ege@ege.com.tr"), ("taxNumber", "taxNumber")] {
            let mut body = sign_up("ada");
            body[field] = taken[field].clone();
            failed(&send(&shop, SIGN_UP, &headers, &body).await, 422, word);
        }
        assert_eq!(shop.events().await, before, "half a sign-up was written");
        // In another shop both are free.
        Company::new(&shop.neighbour().await, "ege").await;
    }

    async fn which_shop_it_is_must_be_said(shop: Shop) {
        let key = key(&shop).await;
        failed(&send(&shop, SIGN_UP, &[], &sign_up("ege")).await, 422, "apiKey");
        failed(&send(&shop, SIGN_UP, &[("apiKey", "lt_live_none")], &sign_up("ege")).await, 401, "");
        let mut body = sign_up("ege");
        body["APIKEY"] = json!(key);
        send(&shop, SIGN_UP, &[], &body).await.expect(200);
        send(&shop, &format!("{SIGN_UP}?apiKey={key}"), &[], &sign_up("ada")).await.expect(200);
    }

    async fn a_key_signs_up_once(shop: Shop) {
        let key = key(&shop).await;
        let headers = [("apiKey", key.as_str()), ("idempotency-key", "bir")];
        let first = send(&shop, SIGN_UP, &headers, &sign_up("ege")).await.expect(200);
        let after = shop.events().await;
        let again = send(&shop, SIGN_UP, &headers, &sign_up("ege")).await.expect(200);
        assert_eq!((again.text(), again.header("idempotent-replayed")), (first.text(), Some("true")));
        failed(&send(&shop, SIGN_UP, &headers, &sign_up("ada")).await, 422, "Idempotency-Key");
        assert_eq!(shop.events().await, after);
    }

    async fn a_login_needs_key_name_and_password(shop: Shop) {
        let company = Company::new(&shop, "ege").await;
        let good = json!({"username": "ege", "password": PASSWORD, "apiKey": company.key});
        for field in ["username", "password", "apiKey"] {
            let answer = send(&shop, LOGIN, &[], &without(&good, &format!("/{field}"))).await;
            failed(&answer, 422, field);
            assert_eq!(answer["authenticateResult"], false);
        }
        let other = key(&shop.neighbour().await).await;
        for (field, value) in [
            ("username", "nobody"), ("password", "wrong password"), ("apiKey", "lt_live_none"), ("apiKey", other.as_str()),
            ("apiKey", company.token.as_str()),
        ] {
            let mut body = good.clone();
            body[field] = json!(value);
            let answer = send(&shop, LOGIN, &[], &body).await;
            failed(&answer, 401, "");
            assert_eq!((&answer["authenticateResult"], &answer["authToken"]), (&json!(false), &json!("")));
        }
        // By address, by the name of the document's table, and with the key in the header.
        for name in ["EGE@ege.com.tr", "Ege"] {
            let body = json!({"usurname": name, "password": PASSWORD});
            let answer = send(&shop, LOGIN, &[("apiKey", &company.key)], &body).await.expect(200);
            let until = answer["accessTokenExpireDate"].as_str().unwrap();
            assert!(until.len() == 24 && until.ends_with('Z'), "{until}");
        }
    }

    async fn the_path_in_small_letters_is_told_by_its_body(shop: Shop) {
        let company = Company::new(&shop, "ege").await;
        for path in ["/v1/auth/login", "/v1/auth/login/", "/V1/AUTH/LOGIN"] {
            let body = json!({"username": "ege", "password": PASSWORD, "apiKey": company.key});
            let answer = send(&shop, path, &[], &body).await.expect(200);
            assert_eq!(answer["authenticateResult"], true);
        }
        let theirs = send(&shop, "/v1/auth/login", &[], &json!({"email": "a@b.de", "password": PASSWORD})).await;
        assert!(theirs["errorResponse"].is_null(), "{}", theirs.text());
        failed(&send(&shop, "/v1/auth/login", &[], &json!({"apiKey": company.key})).await, 422, "username");
    }

    async fn a_changed_password_counts_at_once(shop: Shop) {
        let company = Company::new(&shop, "ege").await;
        let users = shop.get("/admin/v1/users").await.expect(200);
        let path = format!("/admin/v1/users/{}/password", users["data"][0]["id"]);
        shop.put(&path, json!({"password": "yeni parola"})).await.expect(200);
        let mut body = json!({"username": "ege", "password": PASSWORD, "apiKey": company.key});
        failed(&send(&shop, LOGIN, &[], &body).await, 401, "");
        // Whoever came in with the old one is out.
        failed(&company.call("/v1/Address/GetAddress", json!({})).await, 401, "");
        body["password"] = json!("yeni parola");
        let token = send(&shop, LOGIN, &[], &body).await.expect(200)["authToken"].as_str().unwrap().to_owned();
        let company = Company { token, ..company };
        company.call("/v1/Address/GetAddress", json!({})).await.expect(200);
    }
}

each_engine! {
    async fn a_server_may_have_a_tenant_for_who_names_none(engine: Engine) {
        let database = Database::fresh(engine).await;
        let server = Server::start(&database);
        let shop = Shop::create(engine, &server.base, &database.url, &[]).await;
        drop(server);
        let server = Server::start_with(&database, &["--default-tenant", &shop.slug]);
        let shop = shop.at(&server.base).await;
        send(&shop, SIGN_UP, &[], &sign_up("ege")).await.expect(200);
        let list = shop.request(Method::GET, "/pos/api/customers", None).await.expect(200);
        assert_eq!(list["data"][0]["name"], "ege Telefon");
    }
}
