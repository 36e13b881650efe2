//! Products as files.

use std::fmt::Write as _;

use diario_tests::{ABILITIES, Answer, both_engines};
use serde_json::json;

use crate::refused;

const PATH: &str = "/api/v1/productos/exportar";

/// The lines of a CSV file, its head among them.
fn lines(answer: &Answer) -> Vec<Vec<String>> {
    assert_eq!(answer.header("content-type"), Some("text/csv; charset=utf-8"));
    assert_eq!(answer.header("content-disposition"), Some("attachment; filename=\"productos.csv\""));
    let text = answer.text();
    let text = text.strip_prefix('\u{feff}').expect("the mark that Excel looks for");
    assert!(text.ends_with("\r\n"));
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|record| record.unwrap().iter().map(ToOwned::to_owned).collect()).collect()
}

both_engines! {
    // products_export: the list as CSV or as a workbook, with its filters, and nothing in it runs.
    async fn products_are_exported(shop: Shop) {
        let evil = json!({"code": "=1+1", "name": "@SUM(A1), \"rara\"\ny larga", "description": "-2", "provider": "+54 11"});
        let evil = shop.post("/admin/v1/product-groups", evil).await.expect(201).int("id");
        let north = shop.open_branch("Norte").await;
        let (group, items) = shop.product("REM-001", "Remera Ñandú", "16999.50", &[("M", 5), ("L", 0)]).await;
        shop.transfer(shop.branch_id, north, items[0], "2", "immediate").await;
        let nube = shop.nube(&ABILITIES).await;

        let found = lines(&nube.read(PATH).await.expect(200));
        assert_eq!(found[0], ["id", "code", "name", "description", "category", "provider", "active", "retailer_price", "wholesaler_price", "unit_cost"]);
        assert_eq!(found[1], [&evil.to_string(), "'=1+1", "'@SUM(A1), \"rara\"\ny larga", "'-2", "", "'+54 11", "1", "0.00", "0.00", "0.00"]);
        assert_eq!(found[2], [&group.to_string(), "REM-001", "Remera Ñandú", "", "", "", "1", "16999.50", "0.00", "150.00"]);
        assert_eq!(found.len(), 3);

        let found = lines(&nube.read(&format!("{PATH}?q=remera&include_stock=1&include_variants=1")).await.expect(200));
        assert_eq!(found[0][10..], ["stock_total", "size_id", "size", "barcode", "sku", "store_id", "store_name", "stock_disponible"]);
        let told: Vec<_> = found[1..].iter().map(|line| (line[10].as_str(), line[12].as_str(), line[14].as_str(), line[17].as_str())).collect();
        assert_eq!(told, [("5", "M", "REM-001-M", "3"), ("5", "M", "REM-001-M", "2"), ("5", "L", "REM-001-L", "0")]);

        for (query, accept) in [("?format=xlsx", "*/*"), ("", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")] {
            let answer = nube.ask_with(reqwest::Method::GET, &format!("{PATH}{query}"), None, &[("accept", accept)]).await.expect(200);
            assert!(answer.bytes.starts_with(b"PK"), "a workbook is a ZIP file");
            assert_eq!(answer.header("content-disposition"), Some("attachment; filename=\"productos.xlsx\""));
        }
        refused(&nube.read(&format!("{PATH}?format=pdf")).await, 400, "format");
        refused(&nube.read(&format!("{PATH}?active=quizas")).await, 400, "active");
    }

    async fn more_than_one_read_of_products_comes_out_whole(shop: Shop) {
        let mut file = "part_number,name,price_1\n".to_owned();
        for number in 0..2_105 {
            let _ = writeln!(file, "X-{number},Gorra {number},10.00");
        }
        shop.upload("/pos/api/import/items", file, &[]).await.expect(200);
        let nube = shop.nube(&ABILITIES).await;
        let found = lines(&nube.read(PATH).await.expect(200));
        let mut ids: Vec<i64> = found[1..].iter().map(|line| line[0].parse().unwrap()).collect();
        assert!(ids.is_sorted());
        ids.dedup();
        assert_eq!(ids.len(), 2_105);
    }
}
