//! `diario webhook`.

use diario_tests::{Receiver, Reply, both_engines, diario};
use serde_json::{Value, json};

use crate::{Hook, customer};

both_engines! {
    async fn the_command_line_does_what_the_surface_does(shop: Shop) {
        let tenant = ["--tenant", &shop.slug, "--database", &shop.database, "--json"];
        let run = async |arguments: &[&str]| {
            let output = diario(&[arguments, &tenant].concat()).await;
            assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
            serde_json::from_slice::<Value>(&output.stdout).unwrap()
        };
        let receiver = Receiver::start().await;
        receiver.reply("/hook", Reply::status(500));
        let url = receiver.url("/hook");
        let made = run(&["webhook", "create", "--url", &url, "--events", "cliente.creado,venta.cerrada"]).await;
        assert_eq!(made.as_object().unwrap().len(), 2, "{made}");
        assert!(made["secret"].as_str().unwrap().starts_with("whsec_"));
        let hook = Hook { id: made["id"].as_i64().unwrap(), secret: String::new() };
        let listed = run(&["webhook", "list"]).await;
        assert_eq!(listed["webhooks"][0]["events"], json!(["cliente.creado", "venta.cerrada"]));
        assert_eq!(listed["webhooks"][0]["delivery"], "once");
        assert!(!listed.to_string().contains("whsec_"));
        // The server, another process, hears of it.
        customer(&shop, "Ana").await;
        receiver.wait("/hook", 1).await;
        hook.settled(&shop).await;
        let deliveries = run(&["webhook", "deliveries"]).await;
        assert_eq!(deliveries["deliveries"][0]["state"], "failed");
        let id = deliveries["deliveries"][0]["id"].as_str().unwrap().to_owned();
        receiver.reply("/hook", Reply::status(200));
        run(&["webhook", "resend", &id]).await;
        receiver.wait("/hook", 2).await;
        hook.settled(&shop).await;
        run(&["webhook", "replay", "--from", "1"]).await;
        receiver.wait("/hook", 3).await;
        let id = hook.id.to_string();
        run(&["webhook", "replay", &id, "--from", "1"]).await;
        receiver.wait("/hook", 4).await;
        hook.settled(&shop).await;
        assert_eq!(run(&["webhook", "deliveries", &id, "--state", "delivered"]).await["deliveries"][0]["attempts"], 4);
        for wrong in [
            &["webhook", "create", "--url", "https://tienda.example/", "--events", "venta.abierta"][..],
            &["webhook", "create", "--url", "http://tienda.example/", "--events", "*"],
            &["webhook", "replay", "--from", "0"],
            &["webhook", "replay", "99", "--from", "1"],
            &["webhook", "resend", "1-99999"],
            &["webhook", "resend", "x"],
            &["webhook", "deliveries", "99"],
        ] {
            let output = diario(&[wrong, &tenant].concat()).await;
            assert!(!output.status.success(), "{wrong:?}");
            assert!(!output.stderr.is_empty(), "{wrong:?}");
        }
        // In a person's words.
        let output = shop.command(&["webhook", "list"]).await;
        assert!(String::from_utf8(output.stdout).unwrap().contains(&url));
        let output = shop.command(&["webhook", "deliveries"]).await;
        assert!(String::from_utf8(output.stdout).unwrap().contains("cliente.creado"));
    }
}
