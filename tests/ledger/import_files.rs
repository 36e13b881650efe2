//! `diario import items` and `diario import customers`: what the command line prints, and its exit codes.

use std::process::Output;

use diario_tests::{Shop, both_engines, dec};
use rust_xlsxwriter::Workbook;
use serde_json::{Value, json};
use tempfile::TempDir;

const ITEMS: &str =
    "part_number,name,cost,price_1,initial_stock\nA-1,Balata,150,350.00,4\nA-2,Bujía,20,55,\n";

struct Files(TempDir);

impl Files {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn put(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.0.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path.display().to_string()
    }
}

async fn import(shop: &Shop, what: &str, file: &str, more: &[&str]) -> Output {
    let mut arguments = vec!["import", what, "--file", file];
    arguments.extend(more);
    shop.command(&arguments).await
}

fn report(output: &Output) -> Value {
    let text = String::from_utf8_lossy(&output.stdout);
    serde_json::from_str(text.trim())
        .unwrap_or_else(|error| panic!("{error} in {text}{}", String::from_utf8_lossy(&output.stderr)))
}

fn counts(report: &Value) -> [i64; 5] {
    ["rows", "accepted", "created", "skipped", "rejected"].map(|field| report[field].as_i64().unwrap())
}

both_engines! {
    async fn items_from_csv_and_again(shop: Shop) {
        let files = Files::new();
        let file = files.put("items.csv", ITEMS);
        let before = shop.events().await;
        let dry = import(&shop, "items", &file, &["--dry-run", "--json"]).await;
        assert!(dry.status.success());
        assert_eq!((counts(&report(&dry)), &report(&dry)["dry_run"]), ([2, 2, 0, 0, 0], &json!(true)));
        assert_eq!(shop.events().await, before);
        let first = import(&shop, "items", &file, &["--json"]).await;
        assert!(first.status.success());
        assert_eq!(counts(&report(&first)), [2, 2, 2, 0, 0]);
        let again = import(&shop, "items", &file, &[]).await;
        assert!(again.status.success());
        let text = String::from_utf8_lossy(&again.stdout);
        assert!(text.contains("0 created, 2 already there, 0 rejected"), "{text}");
        assert_eq!(shop.all("/pos/api/inventory/items").await.len(), 2);
        assert_eq!(shop.balances().await.of("115.01"), dec("600"));
        shop.assert_books_tie().await;
    }

    async fn bad_rows_are_named_and_only_good_rows_goes_on(shop: Shop) {
        let files = Files::new();
        let file = files.put("items.csv", format!("{ITEMS}A-3,,1,,\nA-4,Malo,1,gratis,\n"));
        let before = shop.events().await;
        let all = import(&shop, "items", &file, &[]).await;
        assert_eq!(all.status.code(), Some(1));
        let text = String::from_utf8_lossy(&all.stdout);
        for part in ["row 4: Falta el campo name", "row 5: price_1 debe ser un número; dice «gratis»", "--good-rows"] {
            assert!(text.contains(part), "{part:?} is not in {text}");
        }
        assert_eq!(shop.events().await, before);
        let good = import(&shop, "items", &file, &["--good-rows", "--json"]).await;
        assert_eq!(good.status.code(), Some(1), "what is not in the books is no success");
        assert_eq!(counts(&report(&good)), [4, 2, 2, 0, 2]);
        assert_eq!(report(&good)["errors"][1], json!({
            "row": 5, "column": "price_1", "message": "price_1 debe ser un número; dice «gratis»"
        }));
    }

    async fn customers_from_xlsx(shop: Shop) {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet();
        sheet.write(0, 0, "nombre").unwrap().write(0, 1, "telefono").unwrap();
        sheet.write(1, 0, "Taller Pérez").unwrap().write(1, 1, 5_559_876).unwrap();
        let files = Files::new();
        let file = files.put("clientes.xlsx", workbook.save_to_buffer().unwrap());
        let output = import(&shop, "customers", &file, &["--json"]).await;
        assert!(output.status.success());
        assert_eq!(counts(&report(&output)), [1, 1, 1, 0, 0]);
        let customers = shop.all("/pos/api/customers").await;
        assert_eq!((&customers[0]["name"], &customers[0]["phone"]), (&json!("Taller Pérez"), &json!("5559876")));
    }

    async fn a_missing_file_and_an_unknown_tenant_are_named(shop: Shop) {
        let missing = import(&shop, "items", "/no/existe.csv", &[]).await;
        assert!(!missing.status.success());
        assert!(String::from_utf8_lossy(&missing.stderr).contains("/no/existe.csv"));
        let files = Files::new();
        let file = files.put("items.csv", ITEMS);
        let arguments = ["import", "items", "--file", &file, "--tenant", "no-existe", "--database", &shop.database];
        let unknown = diario_tests::diario(&arguments).await;
        assert!(!unknown.status.success());
        assert!(String::from_utf8_lossy(&unknown.stderr).contains("no-existe"));
    }

    async fn sales_of_a_closed_month_are_refused_each_by_name(shop: Shop) {
        let negative = Shop::create(shop.engine, &shop.base, &shop.database, &["--allow-negative-stock"]).await;
        let files = Files::new();
        let file = files.put("sales.csv", "\
InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
536365,85123A,HEART,6,30/12/2010 08:26,2.55,17850,United Kingdom
536366,85123A,HEART,2,31/12/2010 08:26,2.55,17850,United Kingdom
536367,85123A,HEART,2,02/01/2011 08:26,2.55,17850,United Kingdom
");
        let closed = negative.command(&["close", "--month", "2010-12"]).await;
        assert!(closed.status.success(), "{}", String::from_utf8_lossy(&closed.stderr));
        let arguments =
            ["import", "sales", "--format", "online-retail", &file, "--json"];
        let output = negative.command(&arguments).await;
        assert_eq!(output.status.code(), Some(1));
        let report = report(&output);
        assert_eq!((&report["refused"], &report["sales"]), (&json!(2), &json!(1)), "{report:#}");
        for (problem, invoice) in report["problems"].as_array().unwrap().iter().zip(["536365", "536366"]) {
            assert_eq!(problem["invoice"], invoice);
            let reason = problem["reason"].as_str().unwrap();
            assert!(reason.contains("2010-12 is closed") && reason.contains("an open one"), "{reason}");
        }
        let entries = "/pos/api/accounting/entries";
        assert_eq!(negative.all(&format!("{entries}?date_to=2010-12-31")).await.len(), 0);
        assert!(!negative.all(&format!("{entries}?date_to=2011-01-31&type=sale")).await.is_empty());

        // Nor does the stock come in that the file would need.
        let strict = shop.neighbour().await;
        assert!(strict.command(&["close", "--month", "2010-12"]).await.status.success());
        let mut with_stock = arguments.to_vec();
        with_stock.extend(["--opening-stock", "auto"]);
        let output = strict.command(&with_stock).await;
        assert_eq!(output.status.code(), Some(1));
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains("2010-12 is closed"), "{said}");
        assert!(strict.all(entries).await.is_empty());
    }
}
