//! Electronic accounting: what SAT's own schemas say of the files, that the files tie, and that a closed month has
//! the same bytes for ever. `DIARIO_SAT_PYTHON` names a Python that has lxml and satcfdi.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Command, Output};

use diario_tests::{Database, Server, Shop, both_engines, dec, diario, each_engine, int, money, plus_days};
use rust_decimal::Decimal;
use serde_json::{Value, json};

const PATH: &str = "/pos/api/accounting/electronic";
const RFC: &str = "ÑAM010101AA1";
const ORDER: &str = "tipo_solicitud=AF&num_orden=ABC1234567/26";

/// Holds documents to the schema of their namespace; nothing is fetched.
const CHECK: &str = "
import importlib.util, os, sys
from lxml import etree
package = importlib.util.find_spec('satcfdi').submodule_search_locations[0]
schemas = os.path.join(package, 'transform/schemas/www.sat.gob.mx/esquemas/ContabilidadE/1_3')
parser = etree.XMLParser(no_network=True)
if sys.argv[1] == 'codes':
    catalogue = etree.parse(os.path.join(schemas, 'CatalogosParaEsqContE/CatalogosParaEsqContE.xsd'), parser)
    path = '//*[@name=\"c_CodAgrup\"]//*[local-name()=\"enumeration\"]/@value'
    print(*catalogue.xpath(path), sep='\\n')
    sys.exit()
for path in sys.argv[1:]:
    document = etree.parse(path, parser)
    name = etree.QName(document.getroot()).namespace.rsplit('/', 1)[1]
    schema = etree.XMLSchema(etree.parse(os.path.join(schemas, name, name + '_1_3.xsd'), parser))
    schema.assertValid(document)
";

/// SAT's schemas, where they are at hand.
pub struct Schemas(String);

impl Schemas {
    pub fn find() -> Option<Self> {
        let python = std::env::var("DIARIO_SAT_PYTHON").unwrap_or_else(|_| "python3".to_owned());
        let schemas = Self(python);
        let there = schemas.run(&["codes"]).is_ok_and(|output| output.status.success());
        if !there {
            println!(
                "skipped: there is no Python with lxml and satcfdi, so nothing is held to SAT's schemas"
            );
        }
        there.then_some(schemas)
    }

    fn run(&self, arguments: &[&str]) -> std::io::Result<Output> {
        Command::new(&self.0).args(["-c", CHECK]).args(arguments).output()
    }

    /// What they say against a file; nothing where they take it.
    fn against(&self, file: &str) -> Option<String> {
        let output = self.run(&[file]).unwrap();
        (!output.status.success()).then(|| String::from_utf8_lossy(&output.stderr).into_owned())
    }

    pub fn take(&self, texts: &[String]) {
        let folder = tempfile::tempdir().unwrap();
        for (number, text) in texts.iter().enumerate() {
            let fault = self.against(&put(folder.path(), number, text));
            assert!(fault.is_none(), "{}{}", fault.unwrap_or_default(), &text[..text.len().min(1_000)]);
        }
    }
}

fn put(folder: &Path, number: usize, text: &str) -> String {
    let path = folder.join(format!("{number}.xml"));
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

type Row = BTreeMap<String, String>;

/// The attributes of every element of a name, an element a line.
fn rows(text: &str, name: &str) -> Vec<Row> {
    let begins = format!("<{name} ");
    text.lines().filter_map(|line| line.trim_start().strip_prefix(&begins)).map(attributes).collect()
}

fn attributes(line: &str) -> Row {
    let mut row = Row::new();
    let mut parts = line.split('"');
    while let (Some(name), Some(value)) = (parts.next(), parts.next()) {
        let mut value = value.to_owned();
        for (entity, letter) in
            [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")]
        {
            value = value.replace(entity, letter);
        }
        row.insert(name.trim().trim_end_matches('=').to_owned(), value);
    }
    row
}

fn amount(row: &Row, name: &str) -> Decimal {
    let text = &row[name];
    assert!(text.rsplit_once('.').is_some_and(|(_, cents)| cents.len() == 2), "{name} is {text}");
    dec(text)
}

/// What must hold between the three documents of a month: the same accounts, each group the sum of what is below it,
/// and the entries' debits and credits those of the balances.
pub fn tie(catalogo: &str, balanza: &str, polizas: &str) {
    let accounts = rows(catalogo, "catalogocuentas:Ctas");
    let balances: BTreeMap<String, Row> =
        rows(balanza, "BCE:Ctas").into_iter().map(|row| (row["NumCta"].clone(), row)).collect();
    assert_eq!(accounts.len(), balances.len());
    let known: BTreeMap<&str, &Row> = accounts.iter().map(|row| (row["NumCta"].as_str(), row)).collect();
    let signed = |code: &str, name: &str| {
        let value = amount(&balances[code], name);
        if known[code]["Natur"] == "D" { value } else { -value }
    };
    let mut below: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (code, account) in &known {
        let level: usize = account["Nivel"].parse().unwrap();
        match account.get("SubCtaDe") {
            Some(above) => {
                let upper: usize = known[above.as_str()]["Nivel"].parse().unwrap();
                assert_eq!(level, upper + 1, "{account:?}");
                below.entry(above).or_default().push(code);
            }
            None => assert_eq!(level, 1, "{account:?}"),
        }
        let (debit, credit) = (amount(&balances[*code], "Debe"), amount(&balances[*code], "Haber"));
        assert_eq!(signed(code, "SaldoIni") + debit - credit, signed(code, "SaldoFin"), "{code}");
    }
    let numbers: Vec<String> =
        rows(polizas, "PLZ:Poliza").into_iter().map(|row| row["NumUnIdenPol"].clone()).collect();
    assert_eq!(numbers.iter().collect::<BTreeSet<_>>().len(), numbers.len(), "a póliza's number is its own");
    let mut posted: BTreeMap<String, (Decimal, Decimal)> = BTreeMap::new();
    for line in rows(polizas, "PLZ:Transaccion") {
        let (debit, credit) = (amount(&line, "Debe"), amount(&line, "Haber"));
        assert!(debit.is_zero() != credit.is_zero(), "{line:?}");
        let sums = posted.entry(line["NumCta"].clone()).or_default();
        *sums = (sums.0 + debit, sums.1 + credit);
    }
    for (code, row) in &balances {
        // What was posted to the account itself, besides what is below it: rules go on with SAT's account until they
        // are mapped to the tenant's own below it.
        let (debit, credit) = posted.remove(code).unwrap_or_default();
        let below = below.get(code.as_str()).map_or(&[][..], Vec::as_slice);
        let sum = |of: &dyn Fn(&str) -> Decimal| below.iter().map(|code| of(code)).sum::<Decimal>();
        let debits = debit + sum(&|code| amount(&balances[code], "Debe"));
        let credits = credit + sum(&|code| amount(&balances[code], "Haber"));
        assert_eq!(
            (amount(row, "Debe"), amount(row, "Haber")),
            (debits, credits),
            "{code}: balances and entries differ"
        );
        let own = |name: &str| signed(code, name) - sum(&|code| signed(code, name));
        assert_eq!(own("SaldoIni") + debit - credit, own("SaldoFin"), "{code}");
        assert!(
            code.contains('.') || (own("SaldoIni").is_zero() && own("SaldoFin").is_zero()),
            "{code} is a group"
        );
    }
    assert!(posted.is_empty(), "entries of accounts that have no balance: {posted:?}");
}

/// The month of a day, and its first day.
fn month_of(day: &str) -> (i64, i64, String) {
    let (year, month) = (day[..4].parse().unwrap(), day[5..7].parse().unwrap());
    (year, month, format!("{}-01", &day[..7]))
}

async fn get(shop: &Shop, (year, month): (i64, i64), document: &str, more: &str) -> String {
    let path = format!("{PATH}?year={year}&month={month}&document={document}&rfc={RFC}&{more}");
    let answer = shop.get(&path).await.expect(200);
    String::from_utf8(answer.bytes.clone()).unwrap()
}

/// Catálogo, Balanza and Pólizas of a month.
async fn documents(shop: &Shop, month: (i64, i64)) -> Vec<String> {
    let mut documents = Vec::new();
    for (document, more) in [("catalogo", ""), ("balanza", ""), ("polizas", ORDER)] {
        documents.push(get(shop, month, document, more).await);
    }
    documents
}

async fn account(shop: &Shop, code: &str) -> i64 {
    let accounts = shop.get("/pos/api/accounting/accounts").await.expect(200);
    let found = accounts["data"].as_array().unwrap().iter().find(|row| row["code"] == code).cloned();
    int(&found.unwrap_or_else(|| panic!("no account {code}"))["id"])
}

async fn own(shop: &Shop, above: &str, code: &str, name: &str) -> i64 {
    let body = json!({"code": code, "name": name, "parent_id": account(shop, above).await});
    shop.post("/pos/api/accounting/accounts", body).await.expect(201).int("id")
}

/// A manual entry: accounts by code, debit positive.
async fn post(shop: &Shop, date: &str, words: &str, lines: &[(i64, &str)], thirteenth: bool) {
    let line = |(id, amount): &(i64, &str)| {
        let value = dec(amount);
        let (debit, credit) = (value.max(Decimal::ZERO), (-value).max(Decimal::ZERO));
        json!({"account_id": id, "debit": diario_tests::num(&debit.to_string()), "credit": diario_tests::num(&credit.to_string())})
    };
    let lines: Vec<Value> = lines.iter().map(line).collect();
    let body = json!({"date": date, "description": words, "lines": lines, "period13": thirteenth});
    shop.post("/pos/api/accounting/entries", body).await.expect(201);
}

async fn close(shop: &Shop, year: i64, month: i64) {
    shop.post("/pos/api/accounting/periods/close", json!({"year": year, "month": month})).await.expect(200);
}

/// What a document must not be: a change that the schema refuses.
const WRONG: [(&str, &str); 6] = [
    (" Natur=\"D\"", " Natur=\"X\""),
    (" CodAgrup=\"101.01\"", " CodAgrup=\"101.99\""),
    (".00\" SaldoFin", ".001\" SaldoFin"),
    (" TipoEnvio=\"N\"", ""),
    ("ABC1234567/26", "ABC123456/26"),
    (" Fecha=\"20", " Fecha=\"x20"),
];

const NAME: &str = "Café & \"Té\" <Ñandú>\u{9}'ácido'";

both_engines! {
    async fn a_mixed_history_is_what_sats_schemas_take_and_it_ties(shop: Shop) {
        let today = shop.today().await;
        let (year, month, first) = month_of(&today);
        let before = plus_days(&first, -3);
        crate::mixed_history(&shop).await;
        let coffee = own(&shop, "601.84", "601.84-01", NAME).await;
        let snacks = own(&shop, "601.84", "601.84-02", &"ñ&".repeat(150)).await;
        own(&shop, "601", "601-NADA", "Nadie la usa").await;
        let (bank, loss) = (account(&shop, "102.01").await, account(&shop, "171.05").await);
        post(&shop, &before, "El mes anterior", &[(bank, "500.00"), (loss, "-500.00")], false).await;
        post(&shop, &today, NAME, &[(coffee, "116.00"), (snacks, "0.01"), (bank, "-116.01")], false).await;

        let texts = documents(&shop, (year, month)).await;
        tie(&texts[0], &texts[1], &texts[2]);
        let accounts = rows(&texts[0], "catalogocuentas:Ctas");
        let find = |code: &str| accounts.iter().find(|row| row["NumCta"] == code);
        let row = find("601.84-01").unwrap();
        assert_eq!(row["Desc"], NAME.replace('\u{9}', " "));
        assert_eq!((row["CodAgrup"].as_str(), row["SubCtaDe"].as_str(), row["Nivel"].as_str()), ("601.84", "601.84", "3"));
        assert_eq!(find("601.84-02").unwrap()["Desc"].chars().count(), 300);
        assert_eq!(find("171.05").unwrap()["Natur"], "A");
        assert!(find("601-NADA").is_none() && find("100").is_none());
        let lines = rows(&texts[2], "PLZ:Transaccion");
        let long = lines.iter().find(|row| row["NumCta"] == "601.84-02").unwrap();
        assert_eq!(long["DesCta"].chars().count(), 100);
        assert!(!texts[2].contains("El mes anterior"));

        // The leaves are the rows of the trial balance.
        let balance = shop.trial_balance().await;
        let balanza = rows(&texts[1], "BCE:Ctas");
        for row in balance["accounts"].as_array().unwrap() {
            let code = row["code"].as_str().unwrap();
            if accounts.iter().any(|account| account.get("SubCtaDe").is_some_and(|above| above == code)) {
                continue;
            }
            let ours = balanza.iter().find(|ours| ours["NumCta"] == code).unwrap();
            assert_eq!(amount(ours, "Debe"), money(&row["period_debit"]), "{row}");
            assert_eq!(amount(ours, "Haber"), money(&row["period_credit"]), "{row}");
            let natural = if find(&ours["NumCta"]).unwrap()["Natur"] == "D" { Decimal::ONE } else { -Decimal::ONE };
            for (name, side) in [("SaldoIni", "opening"), ("SaldoFin", "closing")] {
                let net = money(&row[format!("{side}_debit")]) - money(&row[format!("{side}_credit")]);
                assert_eq!(amount(ours, name), net * natural, "{row}");
            }
        }
        let complementary = get(&shop, (year, month), "balanza", &format!("tipo_envio=C&fecha_mod_bal={today}")).await;
        let refund = get(&shop, (year, month), "polizas", "tipo_solicitud=DE&num_tramite=AB123456789012").await;

        let Some(schemas) = Schemas::find() else { return };
        schemas.take(&texts);
        schemas.take(&[complementary, refund]);
        let folder = tempfile::tempdir().unwrap();
        for (right, wrong) in WRONG {
            let text = texts.iter().find(|text| text.contains(right)).unwrap_or_else(|| panic!("no {right}"));
            let file = put(folder.path(), 0, &text.replacen(right, wrong, 1));
            assert!(schemas.against(&file).is_some(), "the schema takes {wrong}");
        }
    }

    async fn the_thirteenth_period_has_a_balanza_and_changes_none_that_is_closed(shop: Shop) {
        let (this_year, _, _) = month_of(&shop.today().await);
        let year = this_year - 1;
        let day = format!("{year}-12-31");
        let mut ids = BTreeMap::new();
        for code in ["102.01", "401.01", "601.84", "603.82"] {
            ids.insert(code, account(&shop, code).await);
        }
        post(&shop, &day, "Venta", &[(ids["102.01"], "1000.00"), (ids["401.01"], "-1000.00")], false).await;
        post(&shop, &day, "Gasto", &[(ids["601.84"], "300.00"), (ids["102.01"], "-300.00")], false).await;
        close(&shop, year, 12).await;
        close(&shop, this_year, 1).await;
        let january = get(&shop, (this_year, 1), "balanza", "").await;
        let december = documents(&shop, (year, 12)).await;
        post(&shop, &day, "Ajuste", &[(ids["603.82"], "50.00"), (ids["102.01"], "-50.00")], true).await;
        let open = get(&shop, (year, 13), "balanza", "").await;
        close(&shop, year, 13).await;
        let closed = get(&shop, (year, 13), "balanza", "").await;
        assert_ne!(open, closed);
        assert_eq!(get(&shop, (this_year, 1), "balanza", "").await, january);
        assert_eq!(documents(&shop, (year, 12)).await, december);
        tie(&december[0], &december[1], &december[2]);

        let balances: BTreeMap<String, Row> =
            rows(&closed, "BCE:Ctas").into_iter().map(|row| (row["NumCta"].clone(), row)).collect();
        for (code, expected) in [
            ("102.01", ["700.00", "0.00", "50.00", "650.00"]),
            ("305.01", ["0.00", "0.00", "650.00", "650.00"]),
            ("401.01", ["1000.00", "1000.00", "0.00", "0.00"]),
            ("601.84", ["300.00", "0.00", "300.00", "0.00"]),
            ("603.82", ["0.00", "50.00", "50.00", "0.00"]),
        ] {
            let row = &balances[code];
            assert_eq!(["SaldoIni", "Debe", "Haber", "SaldoFin"].map(|name| row[name].as_str()), expected, "{code}");
        }
        for document in ["catalogo", "polizas"] {
            let path = format!("{PATH}?year={year}&month=13&document={document}&rfc={RFC}&{ORDER}");
            assert!(shop.get(&path).await.expect(400).error().contains("month"));
        }
        let Some(schemas) = Schemas::find() else { return };
        schemas.take(&[january, open, closed]);
        schemas.take(&december);
    }

    async fn the_chart_is_sats(shop: Shop) {
        let Some(schemas) = Schemas::find() else { return };
        let printed = schemas.run(&["codes"]).unwrap().stdout;
        let theirs: BTreeSet<String> = String::from_utf8(printed).unwrap().lines().map(str::to_owned).collect();
        let accounts = shop.get("/pos/api/accounting/accounts").await.expect(200);
        let ours: BTreeSet<String> = accounts["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["code"].as_str().unwrap().to_owned())
            .collect();
        assert!(ours.len() > 1_000 && ours.is_subset(&theirs));
        // The code of banks, and four of which the list that the chart is made of has no name.
        let missing: Vec<&str> = theirs.difference(&ours).map(String::as_str).collect();
        assert_eq!(missing, ["000", "401.39", "401.40", "401.41", "402.05"]);
    }
}

each_engine! {
    async fn a_closed_month_has_the_same_bytes_for_ever(engine: Engine) {
        let database = Database::fresh(engine).await;
        let server = Server::start(&database);
        let shop = Shop::create(engine, &server.base, &database.url, &[]).await;
        let today = shop.today().await;
        let (year, month, first) = month_of(&today);
        let before = plus_days(&first, -3);
        let (closed_year, closed_month, _) = month_of(&before);
        crate::mixed_history(&shop).await;
        let coffee = own(&shop, "601.84", "601.84-01", NAME).await;
        let bank = account(&shop, "102.01").await;
        shop.close_through(&plus_days(&month_of(&before).2, -1)).await;
        for amount in ["0.01", "116.37", "99999.99"] {
            post(&shop, &before, NAME, &[(coffee, amount), (bank, &format!("-{amount}"))], false).await;
        }
        close(&shop, closed_year, closed_month).await;
        let asked = (closed_year, closed_month);
        let texts = documents(&shop, asked).await;
        tie(&texts[0], &texts[1], &texts[2]);

        let open = {
            post(&shop, &first, "El mes siguiente", &[(coffee, "5.00"), (bank, "-5.00")], false).await;
            documents(&shop, (year, month)).await
        };
        own(&shop, "601.84", "601.84-02", "Otra").await;
        let item = shop.create_item("99.99", 30).await;
        let customer = shop.create_customer("9000.00").await;
        shop.sell_on_credit(customer, item, "3", "99.99").await;
        post(&shop, &today, "Hoy", &[(coffee, "5.00"), (bank, "-5.00")], false).await;
        assert_eq!(documents(&shop, asked).await, texts);
        assert_ne!(documents(&shop, (year, month)).await, open);

        tokio::task::spawn_blocking(move || drop(server)).await.unwrap();
        let output = diario(&["rebuild", "--json", "--database", &database.url]).await;
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let folder = tempfile::tempdir().unwrap();
        let period = format!("{closed_year}-{closed_month:02}");
        let out = folder.path().display().to_string();
        let arguments = [
            "export", "contabilidad", "--month", &period, "--rfc", RFC, "--tipo-solicitud", "AF",
            "--num-orden", "ABC1234567/26", "--out", &out,
        ];
        let output = shop.command(&arguments).await;
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        for (text, letters) in texts.iter().zip(["CT", "BN", "PL"]) {
            let name = format!("{RFC}{closed_year}{closed_month:02}{letters}.xml");
            let written = std::fs::read_to_string(folder.path().join(&name)).unwrap();
            assert!(written == *text, "{name} has other bytes after the rebuild");
        }
        if let Some(schemas) = Schemas::find() {
            schemas.take(&texts);
        }
    }
}
