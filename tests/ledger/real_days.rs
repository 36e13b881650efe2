//! A real shop's ten days, imported by the program and added up here from the file itself.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use diario_tests::{Database, dec, diario, each_engine};
use rust_decimal::Decimal;
use serde_json::Value;

use crate::{contabilidad, judges::Books};

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

fn days_file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../api/data/online-retail-2010-12-01_10.csv")
}

fn file() -> File {
    let mut read = csv::Reader::from_path(days_file()).unwrap();
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
    /// SAT's schemas begin in 2015, so the days are ten years later here.
    async fn sats_schemas_take_the_real_days(engine: Engine) {
        let database = Database::fresh(engine).await;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("days.csv");
        let days = std::fs::read_to_string(days_file()).unwrap().replace("/12/2010 ", "/12/2020 ");
        std::fs::write(&file, days).unwrap();
        let run = async |arguments: &[&str]| {
            let output = diario(&[arguments, &["--database", &database.url]].concat()).await;
            assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        };
        run(&["tenant", "create", "--slug", "real", "--name", "Real", "--owner", "Ana", "--pin", "4321"]).await;
        let import = ["import", "sales", "--tenant", "real", "--format", "online-retail", "--opening-stock", "auto"];
        run(&[import.as_slice(), &[file.to_str().unwrap()]].concat()).await;
        run(&["close", "--tenant", "real", "--month", "2020-12"]).await;
        let mut written = Vec::new();
        for out in ["first", "rebuilt"] {
            let out = folder.path().join(out);
            let export = ["export", "contabilidad", "--tenant", "real", "--month", "2020-12", "--out"];
            run(&[export.as_slice(), &[out.to_str().unwrap()]].concat()).await;
            let read = |letters: &str| std::fs::read_to_string(out.join(format!("XAXX010101000202012{letters}.xml"))).unwrap();
            written.push(["CT", "BN", "PL"].map(read));
            run(&["rebuild"]).await;
        }
        assert!(written[0] == written[1], "a closed month has other bytes after the rebuild");
        let [catalogo, balanza, polizas] = &written[0];
        contabilidad::tie(catalogo, balanza, polizas);
        assert!(polizas.matches("<PLZ:Poliza ").count() > 1_000, "fewer pólizas than are written at once");
        if let Some(schemas) = contabilidad::Schemas::find() {
            schemas.take(&written[0]);
        }
    }
}
