use diario_tests::{assert_shape, both_engines, diario};
use serde_json::{Value, json};

fn words(output: &std::process::Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[tokio::test]
async fn every_command_explains_itself() {
    for command in [
        vec![],
        vec!["serve"],
        vec!["tenant"],
        vec!["tenant", "create"],
        vec!["import"],
        vec!["import", "sales"],
        vec!["catalog"],
        vec!["catalog", "import"],
        vec!["import", "items"],
        vec!["import", "customers"],
        vec!["demo"],
        vec!["verify"],
        vec!["rebuild"],
        vec!["replay"],
        vec!["export"],
        vec!["export", "events"],
        vec!["export", "journal"],
    ] {
        let mut arguments = command;
        arguments.push("--help");
        let output = diario(&arguments).await;
        assert!(output.status.success(), "{arguments:?}: {}", words(&output));
        assert!(output.stdout.len() > 100, "{arguments:?}: {}", words(&output));
    }
    for arguments in
        [&["nada"][..], &["serve", "--nada"], &["tenant", "create"], &["verify", "--database", "x:y"]]
    {
        assert!(!diario(arguments).await.status.success(), "{arguments:?}");
    }
}

both_engines! {
    async fn creating_a_tenant_prints_what_was_made(shop: Shop) {
        assert_shape(&shop.created, &json!({
            "tenant_id": "int", "slug": "string", "organization_id": "string", "branch_id": "int",
            "owner_employee_id": "int"
        }));
        assert_eq!(shop.created["slug"], json!(shop.slug));
        assert_eq!(shop.created["organization_id"].as_str().unwrap().len(), 36);
    }

    async fn a_tenant_that_cannot_be_made_is_refused(shop: Shop) {
        let create = async |slug: &str, pin: &str, more: &[&str]| {
            let mut arguments = vec!["tenant", "create", "--slug", slug, "--name", "X", "--owner", "Ana"];
            arguments.extend(["--pin", pin, "--json", "--database", &shop.database]);
            arguments.extend(more);
            diario(&arguments).await
        };
        let tenants = "SELECT CAST(COUNT(*) AS TEXT) FROM tenants WHERE slug IN ('Con Espacio', 'corto', 'zona')";
        for (slug, pin, more) in [
            (shop.slug.as_str(), "4321", &[][..]),
            ("Con Espacio", "4321", &[]),
            ("corto", "12", &[]),
            ("corto", "abcd", &[]),
            ("zona", "4321", &["--timezone", "Marte/Olimpo"]),
        ] {
            let output = create(slug, pin, more).await;
            assert!(!output.status.success(), "{slug} {pin} {more:?}: {}", words(&output));
        }
        assert_eq!(shop.sql().integer(tenants).await, 0);
    }

    async fn an_unknown_tenant_is_named(shop: Shop) {
        for command in [
            &["verify"][..], &["export", "events"], &["export", "journal", "--format", "hledger"], &["replay"],
        ] {
            let mut arguments = command.to_vec();
            arguments.extend(["--tenant", "no-existe", "--database", &shop.database]);
            let output = diario(&arguments).await;
            assert!(!output.status.success(), "{arguments:?}");
            assert!(words(&output).contains("no-existe"), "{arguments:?}: {}", words(&output));
        }
    }

    async fn the_whole_log_is_exported_in_order(shop: Shop) {
        crate::mixed_history(&shop).await;
        let output = shop.command(&["export", "events", "--format", "jsonl"]).await;
        assert!(output.status.success(), "{}", words(&output));
        let text = String::from_utf8(output.stdout).unwrap();
        let mut count = 0;
        for (index, line) in text.lines().enumerate() {
            let event: Value = serde_json::from_str(line).unwrap();
            assert_eq!(event["position"], json!(index + 1), "{line}");
            assert!(event["event_type"].is_string() && event["payload"].is_object(), "{line}");
            count += 1;
        }
        assert_eq!(count, shop.events().await);
    }

    async fn a_replay_answers_as_it_was(shop: Shop) {
        let item = shop.create_item("350.00", 10).await;
        let before = shop.events().await.to_string();
        let then = shop.command(&["replay", "--json", "--to", &before]).await;
        assert!(then.status.success(), "{}", words(&then));
        let register = shop.open_register("0.00").await;
        shop.sell_cash(register, item, "2", "350.00").await;
        let again = shop.command(&["replay", "--json", "--to", &before]).await;
        let now = shop.command(&["replay", "--json"]).await;
        assert_eq!(words(&then), words(&again));
        assert_ne!(words(&then), words(&now));
        serde_json::from_slice::<Value>(&now.stdout).unwrap();
    }
}
