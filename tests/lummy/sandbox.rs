use diario_tests::both_engines;
use serde_json::{Value, json};

use crate::{Client, organization, refused, sample};

const HOST: Option<&str> = Some("sandbox.lummy.io");

both_engines! {
    async fn the_sandbox_is_a_twin_with_books_of_its_own(shop: Shop) {
        let twin = shop.sandbox().await;
        let their_organization = twin["organization_id"].as_str().unwrap().to_owned();
        assert_ne!(their_organization, organization(&shop));
        assert_eq!(twin["slug"], format!("{}-sandbox", shop.slug));
        let live = Client::of(&shop).await;
        let made = shop.command(&["key", "create", "--surface", "lummy", "--sandbox", "--json"]).await;
        let made: Value = serde_json::from_slice(&made.stdout).unwrap();
        let token = made["key"].as_str().unwrap().to_owned();
        assert!(token.starts_with("lm_test_"), "{token}");
        let test = Client { shop: &shop, token: token.clone(), organization: their_organization.clone(), host: None };

        live.post("/customers", sample()).await.expect(201);
        assert_eq!(test.get("/customers").await.expect(200).int("total"), 0);
        let before = shop.events().await;
        let mut body = sample();
        body["legalName"] = json!("De prueba");
        let theirs = test.post("/customers", body).await.expect(201);
        assert_eq!(shop.events().await, before, "the sandbox wrote into the books");

        // The host addresses the twin too, with the organization's id or the twin's; the credential may be either's.
        let id = theirs["data"]["id"].as_str().unwrap();
        for (organization, rfc) in [(organization(&shop), "ABC010101AA1"), (their_organization.clone(), "ABC010101AA2")] {
            let hosted = Client { shop: &shop, token: live.token.clone(), organization, host: HOST };
            let listed = hosted.get("/customers").await.expect(200);
            assert_eq!(listed["data"][0]["legalName"], "De prueba");
            let mut body = sample();
            body["rfc"] = json!(rfc);
            hosted.post("/v1/customers", body).await.expect(201);
            hosted.patch(&format!("/customers/{id}"), json!({"phone": rfc})).await.expect(200);
        }
        refused(&live.get(&format!("/customers/{id}")).await, 404, "NotFoundException", "");
        assert_eq!(shop.events().await, before);
        let hosted = Client { shop: &shop, token: token.clone(), organization: their_organization.clone(), host: HOST };
        hosted.get("/v1/customers").await.expect(200);
        // The twin's key does not open the books, nor the books' key the twin elsewhere than at its host.
        let wrong = Client { shop: &shop, token, organization: organization(&shop), host: None };
        refused(&wrong.get("/customers").await, 403, "ForbiddenException", "");
        let wrong = Client { shop: &shop, token: live.token.clone(), organization: their_organization, host: None };
        refused(&wrong.get("/customers").await, 403, "ForbiddenException", "");
        assert_eq!(live.get("/customers").await.expect(200).int("total"), 1);
    }

    async fn who_has_no_sandbox_has_none(shop: Shop) {
        let client = Client { host: HOST, ..Client::of(&shop).await };
        refused(&client.get("/customers").await, 403, "ForbiddenException", "");
        let founded = shop.command(&["tenant", "sandbox", "--pin", "8765"]).await;
        assert!(founded.status.success());
        client.get("/customers").await.expect(200);
        let slug = format!("{}-sandbox", shop.slug);
        for arguments in [
            vec!["tenant", "sandbox", "--pin", "8765", "--tenant", &slug],
            vec!["tenant", "create", "--slug", "otra-sandbox", "--name", "x", "--owner", "y", "--pin", "1234"],
        ] {
            let arguments = [arguments, vec!["--database", &shop.database]].concat();
            let output = diario_tests::diario(&arguments).await;
            assert!(!output.status.success() && String::from_utf8_lossy(&output.stderr).contains("sandbox"));
        }
    }

    async fn the_sandboxs_people_log_in_there(shop: Shop) {
        shop.sandbox().await;
        let twin = format!("{}-sandbox", shop.slug);
        let email = format!("ana@{}.mx", shop.slug);
        for tenant in [&shop.slug, &twin] {
            let output = diario_tests::diario(&[
                "user", "create", "--email", &email, "--password", "muy secreta", "--tenant", tenant, "--database",
                &shop.database,
            ]).await;
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
        Client::of(&shop).await.post("/customers", sample()).await.expect(201);
        let body = json!({"email": email, "password": "muy secreta"}).to_string();
        for (host, total) in [("api.lummy.io", 1), ("sandbox.lummy.io", 0)] {
            let headers = [("host", host)];
            let answer = shop.send(&reqwest::Method::POST, "/v1/auth/login", &headers, Some(body.clone())).await.expect(200);
            let token = answer["accessToken"].as_str().unwrap();
            let organization = if total == 1 { organization(&shop) } else {
                let query = format!("SELECT organization_id FROM tenants WHERE slug = '{twin}'");
                shop.sql().rows(&query).await[0][0].clone().unwrap()
            };
            let headers = [("x-organization-id", organization.as_str())];
            let answer = shop.bearing(token, reqwest::Method::GET, "/customers", &headers, None).await.expect(200);
            assert_eq!(answer.int("total"), total, "{host}");
        }
    }
}
