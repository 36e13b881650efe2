//! A real shop's ten days, imported by the program and added up here from the file itself.

use std::{collections::BTreeMap, path::Path};

use diario_tests::{Database, dec, diario, each_engine};
use rust_decimal::Decimal;
use serde_json::Value;

use crate::judges::Books;

/// What the file says, without the program.
#[derive(Default)]
struct File {
    rows: i64,
    /// Invoices with at least one line that has a price.
    sales: usize,
    /// Net of what was sold and of what came back.
    sold: Decimal,
    back: Decimal,
}

fn file() -> File {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../api/data/online-retail-2010-12-01_10.csv");
    let mut read = csv::Reader::from_path(path).unwrap();
    let mut file = File::default();
    let mut priced: BTreeMap<String, bool> = BTreeMap::new();
    for row in read.records() {
        let row = row.unwrap();
        let (invoice, quantity, price) = (&row[0], dec(&row[3]), dec(&row[5]));
        file.rows += 1;
        if invoice.starts_with('C') {
            file.back -= quantity * price;
        } else {
            file.sold += quantity * price;
            *priced.entry(invoice.to_owned()).or_default() |= !price.is_zero();
        }
    }
    file.sales = priced.values().filter(|priced| **priced).count();
    file
}

async fn demo(database: &Database) -> Value {
    let output = diario(&["demo", "--once", "--json", "--database", &database.url]).await;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn amount(value: &Value) -> Decimal {
    dec(&value.to_string())
}

each_engine! {
    async fn every_line_lands_the_books_tie_and_a_second_run_books_nothing(engine: Engine) {
        let database = Database::fresh(engine).await;
        let (first, file) = (demo(&database).await, file());
        let (import, summary) = (&first["import"], &first["summary"]);
        assert_eq!((import["rows"].as_i64(), import["refused"].as_i64()), (Some(file.rows), Some(0)));
        assert_eq!(import["lines"].as_i64(), Some(file.rows));
        let sales = import["sales"].as_u64().unwrap();
        assert_eq!(usize::try_from(sales).unwrap(), file.sales);

        let accounts = summary["trial_balance"]["accounts"].as_array().unwrap();
        let of = |code: &str, side: &str| -> Decimal {
            accounts.iter().filter(|row| row["code"] == code).map(|row| amount(&row[side])).sum()
        };
        assert_eq!(of("401.02", "credit"), file.sold);
        assert_eq!(of("401.02", "debit") + of("402.01", "debit"), file.back);
        let total = |side: &str| -> Decimal { accounts.iter().map(|row| amount(&row[side])).sum() };
        assert_eq!(total("debit"), total("credit"));
        assert_eq!(amount(&summary["inventory_account"]), amount(&summary["stock_value"]));
        assert_eq!(of("115.01", "balance"), amount(&summary["stock_value"]));

        let verified = diario(&["verify", "--json", "--database", &database.url]).await;
        assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));

        let again = demo(&database).await;
        assert_eq!(again["summary"]["head_hash"], summary["head_hash"], "the second run booked something");
        assert_eq!(again["import"]["replayed"], import["documents"]);

        Books { tenant: "demo", database: &database.url, days: ("2010-12-01", "2010-12-31") }.judge().await;
    }
}
