use diario_tests::{Answer, both_engines, dec, guarded, int, money, refused};
use futures_util::future::join_all;
use reqwest::Method;
use rust_xlsxwriter::Workbook;
use serde_json::json;

const PATH: &str = "/pos/api/import/customers";
const CUSTOMERS: &str = "/pos/api/customers";

const FILE: &str = "\
name,rfc,razon_social,regimen_fiscal,codigo_postal,uso_cfdi,email,phone,address,price_tier,credit_limit,credit_days
Taller Pérez,pegj800101ab1,Taller Mecánico Pérez SA de CV,601,06600,G03,taller@correo.com,555-9876,Calle Reforma 50,Taller,50000.00,45
Público en general,XAXX010101000,,,,,,,,,,
Juana,,,,,,,555-1111,,,,
";

fn counts(answer: &Answer) -> [i64; 5] {
    ["rows", "accepted", "created", "skipped", "rejected"].map(|field| answer.int(field))
}

/// Row and column of each error.
fn places(answer: &Answer) -> Vec<(i64, &str)> {
    let errors = answer["errors"].as_array().unwrap();
    errors.iter().map(|error| (int(&error["row"]), error["column"].as_str().unwrap_or("-"))).collect()
}

both_engines! {
    async fn creates_customers_from_csv(shop: Shop) {
        assert_eq!(counts(&shop.upload(PATH, FILE, &[]).await.expect(200)), [3, 3, 3, 0, 0]);
        let customers = shop.all(CUSTOMERS).await;
        assert_eq!(customers.len(), 3);
        let first = &customers[0];
        assert_eq!((&first["rfc"], &first["codigo_postal"]), (&json!("PEGJ800101AB1"), &json!("06600")));
        assert_eq!((&first["price_tier"], money(&first["credit_limit"])), (&json!("taller"), dec("50000")));
        assert_eq!(first["credit_days"], 45);
        assert_eq!((&customers[2]["price_tier"], &customers[2]["rfc"]), (&json!("mostrador"), &json!(null)));
    }

    async fn creates_customers_from_xlsx_with_spanish_headers(shop: Shop) {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet();
        for (column, name) in ["Nombre", "Teléfono", "Límite de crédito", "CP", "Lista de precios"].iter().enumerate() {
            sheet.write(0, u16::try_from(column).unwrap(), *name).unwrap();
        }
        sheet.write(1, 0, "Мастерская Ёлка").unwrap().write(1, 1, 5_551_234_567_i64).unwrap();
        sheet.write(1, 2, 1234.5).unwrap().write(1, 3, "06600").unwrap().write(1, 4, "MAYOREO").unwrap();
        let file = workbook.save_to_buffer().unwrap();
        assert_eq!(counts(&shop.upload(PATH, file.clone(), &[]).await.expect(200)), [1, 1, 1, 0, 0]);
        let customer = &shop.all(CUSTOMERS).await[0];
        assert_eq!((&customer["name"], &customer["phone"]), (&json!("Мастерская Ёлка"), &json!("5551234567")));
        assert_eq!((money(&customer["credit_limit"]), &customer["codigo_postal"]), (dec("1234.5"), &json!("06600")));
        assert_eq!(counts(&shop.upload(PATH, file, &[]).await.expect(200)), [1, 0, 0, 1, 0]);
    }

    async fn every_error_names_row_and_column_and_nothing_is_created(shop: Shop) {
        shop.post(CUSTOMERS, json!({"name": "Gómez", "rfc": "GOMA800101AB1", "phone": "1"})).await.expect(201);
        let before = shop.events().await;
        let file = "\
name;rfc;phone;price_tier;credit_limit;credit_days;branch_id
Bueno;;;;;;
;AAAA800101AB1;;;;;
Malo;;;vip;-1;4000;x
Sin sucursal;;;;;;987654
Uno;BBBB800101AB1;;;;;
Dos;bbbb800101ab1;;;;;
bueno;;;;;;
Gómez;goma800101ab1;2;;;;
Caro;;;;1e30;;
Largo;CCCC800101AB1CCCC800101AB1;;;1.234;;
";
        let answer = shop.upload(PATH, file, &[]).await.expect(400);
        let mut found = places(&answer);
        found.sort_unstable();
        assert_eq!(found, [
            (3, "name"), (4, "branch_id"), (4, "credit_days"), (4, "credit_limit"), (4, "price_tier"),
            (5, "branch_id"), (7, "rfc"), (8, "name"), (9, "phone"), (10, "credit_limit"), (11, "credit_limit"),
            (11, "rfc"),
        ], "{:#}", *answer);
        assert_eq!(counts(&answer), [10, 2, 0, 0, 8]);
        refused(&answer, 400, "fila 3");
        assert_eq!(shop.events().await, before);
    }

    async fn good_rows_go_in_and_a_dry_run_changes_nothing(shop: Shop) {
        let before = shop.events().await;
        let file = format!("{FILE}Juana,,,,,,,555-2222,,,,\n,,,,,,x@y.z,,,,,\n");
        let dry = shop.upload(&format!("{PATH}?dry_run=true&mode=good_rows"), file.clone(), &[]).await.expect(200);
        assert_eq!((counts(&dry), places(&dry)), ([5, 3, 0, 0, 2], vec![(5, "name"), (6, "name")]));
        assert_eq!(shop.events().await, before);
        let done = shop.upload(&format!("{PATH}?mode=good_rows"), file, &[]).await.expect(200);
        assert_eq!((counts(&done), places(&done)), ([5, 3, 3, 0, 2], places(&dry)));
    }

    async fn the_same_again_is_skipped_and_other_data_is_an_error(shop: Shop) {
        shop.upload(PATH, FILE, &[]).await.expect(200);
        let after = shop.events().await;
        assert_eq!(counts(&shop.upload(PATH, FILE, &[]).await.expect(200)), [3, 0, 0, 3, 0]);
        for (row, column, from, to) in [
            (2, "name", "Taller Pérez", "Taller López"), (2, "phone", "555-9876", "555-0000"),
            (2, "price_tier", ",Taller,", ",mayoreo,"), (2, "credit_limit", "50000.00", "50000.01"),
            (2, "credit_days", ",45", ",30"), (4, "phone", "555-1111", "555-2222"),
        ] {
            let answer = shop.upload(PATH, FILE.replace(from, to), &[]).await.expect(400);
            assert_eq!(places(&answer), [(row, column)], "{:#}", *answer);
        }
        assert_eq!(shop.events().await, after);
    }

    async fn several_of_one_name_are_told_apart_by_what_the_row_says(shop: Shop) {
        for phone in ["1", "2"] {
            shop.post(CUSTOMERS, json!({"name": "Juan", "phone": phone})).await.expect(201);
        }
        let again = shop.upload(PATH, "name,phone\nJuan,2\n", &[]).await.expect(200);
        assert_eq!(counts(&again), [1, 0, 0, 1, 0]);
        let third = shop.upload(PATH, "name,phone\nJuan,3\n", &[]).await.expect(400);
        assert_eq!(places(&third), [(2, "phone")]);
    }

    async fn a_key_makes_it_once(shop: Shop) {
        let key = [("x-idempotency", "clientes-1")];
        let first = shop.upload(PATH, FILE, &key).await.expect(200);
        let again = shop.upload(PATH, FILE, &key).await.expect(200);
        assert_eq!((again.text(), again.header("idempotent-replayed")), (first.text(), Some("true")));
        refused(&shop.upload(PATH, "name\nOtro\n", &key).await, 422, "");
        assert_eq!(shop.all(CUSTOMERS).await.len(), 3);
    }

    async fn a_file_that_is_none_is_refused(shop: Shop) {
        for (file, word) in [
            (&b""[..], "vacío"), (b"PK\x03\x04", "XLSX"), (b"name\n\xe9\n", "UTF-8"), (b"nada\n1\n", "desconocida"),
            (b"rfc\nX\n", "name"),
        ] {
            refused(&shop.upload(PATH, file, &[]).await, 400, word);
        }
    }

    /// A click too many, or a retry while the first is still under way.
    async fn the_same_file_at_the_same_time_is_imported_once(shop: Shop) {
        use std::fmt::Write as _;
        let mut file = String::from("name,phone\n");
        for row in 0..200 {
            writeln!(file, "Uno {row},{row}").unwrap();
        }
        let modes = ["all_or_nothing", "good_rows", "all_or_nothing", "good_rows"];
        let answers = join_all(modes.map(|mode| {
            let (shop, file) = (&shop, file.clone());
            async move { shop.upload(&format!("{PATH}?mode={mode}"), file, &[]).await.expect(200) }
        }))
        .await;
        let created: i64 = answers.iter().map(|answer| answer.int("created")).sum();
        assert_eq!((created, shop.all(CUSTOMERS).await.len()), (200, 200));
        let file = file.replace("Uno", "Dos");
        let key = [("idempotency-key", "a-la-vez")];
        let answers = join_all((0..4).map(|_| shop.upload(PATH, file.clone(), &key))).await;
        let texts: Vec<_> = answers.into_iter().map(|answer| answer.expect(200).text()).collect();
        assert!(texts.iter().all(|text| *text == texts[0]), "{texts:?}");
        assert_eq!(shop.all(CUSTOMERS).await.len(), 400);
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::POST, PATH, Some(json!({"name": "A"}))).await;
    }
}
