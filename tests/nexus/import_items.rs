use diario_tests::{Answer, Shop, assert_shape, both_engines, dec, guarded, int, money, refused};
use futures_util::future::join_all;
use reqwest::Method;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use serde_json::{Value, json};

const PATH: &str = "/pos/api/import/items";
const ITEMS: &str = "/pos/api/inventory/items";

const FILE: &str = "\
part_number,name,barcode,brand,unit,cost,price_1,price_2,price_3,tax_rate,min_stock,max_stock,location,initial_stock
04465-02220,Pastillas de freno delanteras,7501234567890,Toyota,PZA,150.00,350.00,300,280.5,0.16,5,50,A-3-2,10
A-2,\"Filtro de aceite, chico\",,,,20.123456,55,,,,,,,
";

async fn item(shop: &Shop, part: &str) -> Value {
    let rows = shop.all(ITEMS).await;
    rows.into_iter().find(|row| row["part_number"] == part).unwrap_or_else(|| panic!("no {part}"))
}

fn counts(answer: &Answer) -> [i64; 5] {
    ["rows", "accepted", "created", "skipped", "rejected"].map(|field| answer.int(field))
}

/// Row and column of each error.
fn places(answer: &Answer) -> Vec<(i64, String)> {
    let errors = answer["errors"].as_array().unwrap();
    errors
        .iter()
        .map(|error| (int(&error["row"]), error["column"].as_str().unwrap_or("-").to_owned()))
        .collect()
}

/// What one error says.
fn message(answer: &Answer, index: usize) -> &str {
    answer["errors"][index]["message"].as_str().unwrap()
}

fn workbook(fill: impl FnOnce(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
    let mut workbook = Workbook::new();
    fill(workbook.add_worksheet());
    workbook.add_worksheet().write(0, 0, "otra hoja").unwrap();
    workbook.save_to_buffer().unwrap()
}

both_engines! {
    async fn creates_items_from_csv(shop: Shop) {
        let answer = shop.upload(PATH, FILE, &[]).await.expect(200);
        assert_shape(&answer, &json!({"dry_run": false, "mode": "all_or_nothing", "rows": 2, "accepted": 2,
            "created": 2, "skipped": 0, "rejected": 0, "errors": "array"}));
        assert!(answer.body.get("error").is_none());
        let first = item(&shop, "04465-02220").await;
        assert_eq!((&first["barcode"], &first["brand"]), (&json!("7501234567890"), &json!("Toyota")));
        assert_eq!((money(&first["price_3"]), money(&first["max_stock"])), (dec("280.5"), dec("50")));
        assert_eq!(money(&first["stock"]), dec("10"));
        let second = item(&shop, "A-2").await;
        assert_eq!(second["name"], "Filtro de aceite, chico");
        assert_eq!((money(&second["tax_rate"]), &second["unit"]), (dec("0.16"), &json!("PZA")));
        assert_eq!(shop.balances().await.of("115.01"), dec("1500"));
    }

    async fn takes_separators_marks_spanish_headers_and_any_alphabet(shop: Shop) {
        let file = "\u{feff}Número de Parte;NOMBRE;Precio 1;Existencia;Código de barras\r\n\
                    ñ-1;\"Filtro; \"\"fino\"\"\";+10.50;3;\r\n\r\n;;;;\r\nЖ-2;滤清器 ٣;.5;007;é\r\n";
        let answer = shop.upload(PATH, file, &[]).await.expect(200);
        assert_eq!(counts(&answer), [2, 2, 2, 0, 0]);
        assert_eq!(item(&shop, "ñ-1").await["name"], "Filtro; \"fino\"");
        let other = item(&shop, "Ж-2").await;
        assert_eq!((&other["name"], &other["barcode"]), (&json!("滤清器 ٣"), &json!("é")));
        assert_eq!((money(&other["price_1"]), money(&other["stock"])), (dec("0.5"), dec("7")));
        let tabs = shop.upload(PATH, "clave\tnombre\tcosto\nT-1\ta,b;c\t1\n", &[]).await.expect(200);
        assert_eq!(counts(&tabs), [1, 1, 1, 0, 0]);
        assert_eq!(item(&shop, "T-1").await["name"], "a,b;c");
    }

    async fn creates_items_from_xlsx_and_keeps_the_digits(shop: Shop) {
        let file = workbook(|sheet| {
            for (column, name) in ["clave", "nombre", "codigo_de_barras", "price_1", "cost", "initial_stock"].iter().enumerate() {
                sheet.write(1, u16::try_from(column).unwrap(), *name).unwrap();
            }
            sheet.write(2, 0, 4465).unwrap().write(2, 1, "Balata").unwrap();
            sheet.write(2, 2, 7_501_234_567_890_i64).unwrap();
            sheet.write(2, 3, 0.300_000_000_000_000_04).unwrap().write(2, 4, 1.234_567).unwrap().write(2, 5, 10).unwrap();
            sheet.write(4, 0, "0042").unwrap().write(4, 1, "Bujía").unwrap();
            sheet.write_formula(4, 3, rust_xlsxwriter::Formula::new("=100*1.1").set_result("110.00000000000001")).unwrap();
        });
        let answer = shop.upload(PATH, file.clone(), &[]).await.expect(200);
        assert_eq!(counts(&answer), [2, 2, 2, 0, 0]);
        let first = item(&shop, "4465").await;
        assert_eq!((&first["barcode"], money(&first["price_1"])), (&json!("7501234567890"), dec("0.3")));
        let second = item(&shop, "0042").await;
        assert_eq!((&second["name"], money(&second["price_1"])), (&json!("Bujía"), dec("110")));
        assert_eq!(counts(&shop.upload(PATH, file, &[]).await.expect(200)), [2, 0, 0, 2, 0]);
    }

    async fn cells_that_excel_has_changed_are_named(shop: Shop) {
        let before = shop.events().await;
        let file = workbook(|sheet| {
            for (column, name) in ["part_number", "name", "barcode", "price_1"].iter().enumerate() {
                sheet.write(0, u16::try_from(column).unwrap(), *name).unwrap();
            }
            let date = ExcelDateTime::from_ymd(2026, 2, 1).unwrap();
            sheet.write_with_format(1, 0, &date, &Format::new().set_num_format("d-mmm")).unwrap();
            sheet.write(1, 1, "Uno").unwrap();
            sheet.write(2, 0, "B").unwrap().write(2, 1, "Dos").unwrap().write(2, 2, 12_345_678_901_234_567_i64).unwrap();
            sheet.write(3, 0, "C").unwrap().write(3, 1, "Tres").unwrap();
            sheet.write_formula(3, 3, rust_xlsxwriter::Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
            sheet.write(4, 0, "D").unwrap().write(4, 1, "Cuatro").unwrap().write(4, 9, "suelto").unwrap();
        });
        let answer = shop.upload(PATH, file, &[]).await.expect(400);
        let expected = [(2, "part_number"), (3, "barcode"), (4, "price_1"), (5, "-")];
        assert_eq!(places(&answer), expected.map(|(row, column)| (row, column.to_owned())));
        assert!(message(&answer, 0).contains("fecha") && message(&answer, 1).contains("15 cifras"), "{:#}", *answer);
        assert_eq!(shop.events().await, before);
    }

    /// What is behind such a quote would be read as a part of its value: rows would vanish without a word.
    async fn a_quote_that_does_not_close_with_its_value_refuses_the_file(shop: Shop) {
        let before = shop.events().await;
        for (file, row) in [
            ("part_number,name,description\nA,Uno,\nB,Dos,\"sin cerrar\nC,Tres,\nD,Cuatro,\n", 3),
            ("part_number,name,description\nA,\"Uno,\nB,\"Dos\",\n", 2),
            ("part_number,name\nA,\"Uno\" x\n", 2),
        ] {
            for mode in ["", "?mode=good_rows"] {
                let answer = shop.upload(&format!("{PATH}{mode}"), file, &[]).await.expect(400);
                assert_eq!(places(&answer), [(row, "-".to_owned())], "{file}");
                assert!(message(&answer, 0).contains("comillas"), "{:#}", *answer);
            }
        }
        assert_eq!(shop.events().await, before);
        let pulgadas = "part_number,name\nA,Llave 4\" x 2\"\nB,\"Llave de 1/2\"\"\"\n";
        assert_eq!(counts(&shop.upload(PATH, pulgadas, &[]).await.expect(200)), [2, 2, 2, 0, 0]);
        assert_eq!(item(&shop, "A").await["name"], "Llave 4\" x 2\"");
        assert_eq!(item(&shop, "B").await["name"], "Llave de 1/2\"");
    }

    async fn every_error_names_row_and_column_and_nothing_is_created(shop: Shop) {
        shop.post(ITEMS, json!({"part_number": "YA-1", "name": "Ya está", "barcode": "999"})).await.expect(201);
        let before = shop.events().await;
        let file = "\
part_number,name,barcode,kind,branch_id,category_id,cost,price_1,tax_rate,min_stock,max_stock,unit,initial_stock
OK-1,Bueno,,,,,1,1,,,,,
,Sin clave,,,,,,,,,,,
B-2,,,,,,,,,,,,
B-3,Tres,,caja,,1.5,mucho,-1,16,-2,x,,-3
B-4,Cuatro,,,987654,,,,,,,,
ok-1,Repetido,,,,,,,,,,,
B-5,Cinco,111,,,,,,,,,,
B-6,Seis,111,,,,,,,,,,
B-7,Siete,999,,,,,,,,,,
B-8,Ocho,,service,,,,,,,,,5
B-9,Nueve,,,,,,\"350,00\",,,,,
B-10,Diez,,,,,,1.1234567,,,,,
B-11,Once,,,,,,1e30,,,,,
B-12,Doce,,,,,,,,,,,,,de más
";
        let answer = shop.upload(PATH, file, &[]).await.expect(400);
        assert_eq!(counts(&answer), [14, 2, 0, 0, 12]);
        let expected = [
            (3, "part_number"), (4, "name"),
            (5, "kind"), (5, "category_id"), (5, "cost"), (5, "price_1"), (5, "min_stock"), (5, "max_stock"),
            (5, "initial_stock"),
            (6, "branch_id"), (7, "part_number"), (9, "barcode"), (10, "barcode"), (11, "initial_stock"),
            (12, "price_1"), (13, "price_1"), (14, "price_1"), (15, "-"),
        ];
        let mut found = places(&answer);
        found.sort();
        let mut expected = expected.map(|(row, column)| (row, column.to_owned())).to_vec();
        expected.sort();
        assert_eq!(found, expected, "{:#}", *answer);
        for error in answer["errors"].as_array().unwrap() {
            let (column, message) = (error["column"].as_str().unwrap_or_default(), error["message"].as_str().unwrap());
            assert!(message.contains(column) || column == "initial_stock", "{error}");
        }
        assert!(answer.error().contains("fila 3") && answer.error().contains("part_number"), "{}", answer.error());
        assert_eq!(shop.events().await, before);
        assert_eq!(shop.all(ITEMS).await.len(), 1);
    }

    async fn a_dry_run_tells_the_same_and_changes_nothing(shop: Shop) {
        let before = shop.events().await;
        let key = [("idempotency-key", "ensayo")];
        let answer = shop.upload(&format!("{PATH}?dry_run=true"), FILE, &key).await.expect(200);
        assert_eq!(answer["dry_run"], true);
        assert_eq!(counts(&answer), [2, 2, 0, 0, 0]);
        let bad = format!("{FILE}a-2,Otra vez,,,,,,,,,,,,\nB,Tasa,,,,,,,,7,,,,\nC,Mal,,,,x,,,,,,,,\n");
        let wrong = shop.upload(&format!("{PATH}?dry_run=true"), bad.clone(), &[]).await.expect(400);
        assert_eq!(counts(&wrong), [5, 2, 0, 0, 3]);
        let rest = shop.upload(&format!("{PATH}?dry_run=1&mode=good_rows"), bad, &[]).await.expect(200);
        // The tax rate is refused by the books themselves.
        let expected = [(4, "part_number"), (5, "tax_rate"), (6, "cost")];
        assert_eq!(places(&wrong), expected.map(|(row, column)| (row, column.to_owned())));
        assert_eq!((counts(&rest), places(&rest)), ([5, 2, 0, 0, 3], places(&wrong)));
        assert_eq!(shop.events().await, before);
        // The key was not used up.
        assert_eq!(counts(&shop.upload(PATH, FILE, &key).await.expect(200)), [2, 2, 2, 0, 0]);
    }

    async fn good_rows_go_in_where_others_are_bad(shop: Shop) {
        let file = "part_number,name,branch_id,price_1\nA,Uno,,1\nB,Dos,987654,1\nC,Tres,,x\nD,Cuatro,,4\n";
        let answer = shop.upload(&format!("{PATH}?mode=good_rows"), file, &[]).await.expect(200);
        assert_eq!((answer["mode"].as_str(), counts(&answer)), (Some("good_rows"), [4, 2, 2, 0, 2]));
        assert_eq!(places(&answer), [(3, "branch_id".to_owned()), (4, "price_1".to_owned())]);
        assert_eq!(shop.all(ITEMS).await.len(), 2);
        let again = shop.upload(&format!("{PATH}?mode=good_rows"), file, &[]).await.expect(200);
        assert_eq!(counts(&again), [4, 0, 0, 2, 2]);
    }

    async fn the_same_again_is_skipped_and_other_data_is_an_error(shop: Shop) {
        shop.upload(PATH, FILE, &[]).await.expect(200);
        let after = shop.events().await;
        assert_eq!(counts(&shop.upload(PATH, FILE, &[]).await.expect(200)), [2, 0, 0, 2, 0]);
        for (column, from, to) in [
            ("price_1", "350.00", "351"), ("name", "delanteras", "traseras"), ("barcode", "7501234567890", "7"),
            ("brand", "Toyota", "TRW"), ("cost", "150.00", "151"), ("initial_stock", "A-3-2,10", "A-3-2,11"),
            ("location", "A-3-2", "A-3-3"), ("max_stock", ",50,", ",51,"), ("tax_rate", "0.16", "0.08"),
        ] {
            let answer = shop.upload(PATH, FILE.replace(from, to), &[]).await.expect(400);
            assert_eq!(places(&answer), [(2, column.to_owned())], "{:#}", *answer);
        }
        // The part number's case does not count, an empty cell says nothing, and 350 is 350.00.
        let less = "part_number,name,brand,price_1\n04465-02220,Pastillas de freno delanteras,,350\na-2,\"Filtro de aceite, chico\",,\n";
        assert_eq!(counts(&shop.upload(PATH, less, &[]).await.expect(200)), [2, 0, 0, 2, 0]);
        assert_eq!(shop.events().await, after);
    }

    async fn what_was_sold_and_bought_since_does_not_count(shop: Shop) {
        shop.upload(PATH, FILE, &[]).await.expect(200);
        let id = int(&item(&shop, "04465-02220").await["id"]);
        let body = json!({"supplier": "X", "items": [{"inventory_id": id, "quantity": 7, "unit_cost": 163}]});
        shop.post("/pos/api/inventory/purchase", body).await.expect(201);
        assert_eq!(counts(&shop.upload(PATH, FILE, &[]).await.expect(200)), [2, 0, 0, 2, 0]);
    }

    async fn a_key_makes_it_once(shop: Shop) {
        for (mode, file) in [("all_or_nothing", FILE.to_owned()), ("good_rows", format!("{FILE}X,,,,,,,,,,,,,\n"))] {
            let path = format!("{PATH}?mode={mode}");
            let key = [("idempotency-key", mode)];
            let first = shop.upload(&path, file.clone(), &key).await.expect(200);
            let after = shop.events().await;
            let again = shop.upload(&path, file.clone(), &key).await.expect(200);
            assert_eq!((again.text(), again.header("idempotent-replayed")), (first.text(), Some("true")));
            refused(&shop.upload(&path, "part_number,name\nZ,Zeta\n", &key).await, 422, "");
            let other = if mode == "good_rows" { PATH.to_owned() } else { format!("{PATH}?mode=good_rows") };
            refused(&shop.upload(&other, file, &key).await, 422, "");
            assert_eq!(shop.events().await, after);
        }
        assert_eq!(shop.all(ITEMS).await.len(), 2);
    }

    async fn two_at_once_create_it_once(shop: Shop) {
        let (one, other) = tokio::join!(shop.upload(PATH, FILE, &[]), shop.upload(PATH, FILE, &[]));
        assert_eq!(one.body["created"].as_i64().unwrap_or(0) + other.body["created"].as_i64().unwrap_or(0), 2);
        for answer in [one, other] {
            assert!([200, 400].contains(&answer.status), "{}", answer.text());
        }
        assert_eq!(shop.all(ITEMS).await.len(), 2);
    }

    async fn a_file_that_is_none_is_refused(shop: Shop) {
        let before = shop.events().await;
        let zip = workbook(|sheet| {
            sheet.write(0, 0, "part_number").unwrap();
        });
        for (file, word) in [
            (Vec::new(), "vacío"),
            (b" \r\n,,\n".to_vec(), "vacío"),
            (b"part_number,name\nA,Pi\xf1ata\n".to_vec(), "UTF-8"),
            (b"\xff\xfep\0a\0r\0t\0".to_vec(), "UTF-8"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec(), "UTF-8"),
            (b"PK\x03\x04 y nada de un libro".to_vec(), "XLSX"),
            (zip[..zip.len() / 2].to_vec(), "XLSX"),
            (zip, "name"),
            (b"{\"part_number\": \"A\"}".to_vec(), "desconocida"),
            (b"part_number;name;color\nA;B;rojo\n".to_vec(), "color"),
            (b"part_number,price_1\nA,1\n".to_vec(), "name"),
            (b"part_number,name,clave\nA,B,C\n".to_vec(), "part_number"),
            (format!("part_number,name\n{}", "A,B\n".repeat(20_001)).into_bytes(), "20000"),
        ] {
            let shown = String::from_utf8_lossy(&file[..file.len().min(40)]).into_owned();
            for mode in ["all_or_nothing", "good_rows"] {
                let answer = shop.upload(&format!("{PATH}?mode={mode}"), file.clone(), &[]).await;
                assert_eq!(answer.status, 400, "{shown}: {}", answer.text());
                assert!(answer.error().contains(word), "{shown}: {}", answer.error());
                assert!(message(&answer, 0).contains(word), "{shown}: {}", answer.text());
                assert_eq!(answer.int("created"), 0);
            }
        }
        refused(&shop.upload(&format!("{PATH}?mode=todo"), FILE, &[]).await, 400, "mode");
        refused(&shop.upload(&format!("{PATH}?dry_run=quizas"), FILE, &[]).await, 400, "dry_run");
        assert_eq!(shop.events().await, before);
    }

    async fn a_file_may_be_larger_than_other_bodies(shop: Shop) {
        use std::fmt::Write as _;
        let mut file = String::from("part_number,name,description\n");
        for number in 0..2_600 {
            writeln!(file, "P-{number},Parte {number},{}", "x".repeat(1_900)).unwrap();
        }
        assert!(file.len() > 4_500_000);
        let answer = shop.upload(PATH, file, &[]).await.expect(200);
        assert_eq!(counts(&answer), [2_600, 2_600, 2_600, 0, 0]);
    }

    async fn a_shop_knows_nothing_of_its_neighbours_items(shop: Shop) {
        shop.neighbour().await.upload(PATH, FILE, &[]).await.expect(200);
        assert_eq!(counts(&shop.upload(PATH, FILE, &[]).await.expect(200)), [2, 2, 2, 0, 0]);
    }

    /// A click too many, or a retry while the first is still under way.
    async fn the_same_file_at_the_same_time_is_imported_once(shop: Shop) {
        use std::fmt::Write as _;
        let mut file = String::from("part_number,name\n");
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
        assert_eq!((created, shop.all(ITEMS).await.len()), (200, 200));
        let file = file.replace("Uno", "Dos");
        let key = [("idempotency-key", "a-la-vez")];
        let answers = join_all((0..4).map(|_| shop.upload(PATH, file.clone(), &key))).await;
        let texts: Vec<_> = answers.into_iter().map(|answer| answer.expect(200).text()).collect();
        assert!(texts.iter().all(|text| *text == texts[0]), "{texts:?}");
        assert_eq!(shop.all(ITEMS).await.len(), 400);
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::POST, PATH, Some(json!({"part_number": "A"}))).await;
    }
}
