//! Reading the file: rows into documents, and what is wrong with a row, by line, field and reason.

use std::collections::HashMap;

use diario_domain::{
    Rate, UnitPrice,
    money::{MICRO, UNITS_MAX},
};
use jiff::civil::DateTime;
use rust_decimal::Decimal;
use sha2::{Digest as _, Sha256};

use crate::{cli::Failure, import::table::line_of};

/// The columns that must be there, by name and in any order.
const COLUMNS: [&str; 8] = [
    "InvoiceNo",
    "StockCode",
    "Description",
    "Quantity",
    "InvoiceDate",
    "UnitPrice",
    "CustomerID",
    "Country",
];

/// A row that can be booked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// The line in the file; the header is line 1.
    pub(super) number: u64,
    /// The item's code in capitals: the file writes one item both ways.
    pub(super) code: String,
    pub(super) description: String,
    /// Whole units, signed as in the file.
    pub(super) quantity: i64,
    pub(super) unit_price: UnitPrice,
}

/// All rows of one invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Document {
    pub(super) invoice: String,
    /// Local time of its first row.
    pub(super) at: DateTime,
    pub(super) customer: Option<String>,
    pub(super) country: String,
    pub(super) lines: Vec<Line>,
    /// SHA-256 of its rows as they are in the file, and of the tax rate.
    pub(super) hash: Vec<u8>,
}

impl Document {
    /// Whether it takes back what another sold.
    pub(super) fn is_credit(&self) -> bool {
        self.invoice.starts_with('C')
    }

    /// The line in the file that it begins at.
    pub(super) fn first_line(&self) -> u64 {
        self.lines.first().map_or(0, |line| line.number)
    }
}

/// Why something of the file is not booked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) line: u64,
    pub(super) invoice: String,
    pub(super) field: &'static str,
    pub(super) reason: String,
}

/// A file that was read.
#[derive(Debug, Default)]
pub(super) struct File {
    /// Rows under the header.
    pub(super) rows: u64,
    /// Invoices that can be booked, in the order of their first rows.
    pub(super) documents: Vec<Document>,
    /// Rows that cannot.
    pub(super) problems: Vec<Problem>,
    /// Invoices with such rows, and rows that name no invoice.
    pub(super) refused: u64,
}

/// What is wrong with a field.
type Wrong = (&'static str, String);

/// An invoice while its rows are being read.
#[derive(Default)]
struct Draft {
    invoice: String,
    at: Option<DateTime>,
    customer: Option<(u64, Option<String>)>,
    country: String,
    lines: Vec<Line>,
    hash: Sha256,
    is_bad: bool,
}

/// Reads a file.
///
/// # Errors
/// It is no such file at all; what is wrong with single rows is in the answer.
pub(super) fn read(bytes: &[u8], tax_rate: Rate) -> Result<File, Failure> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let header = reader.headers().map_err(|error| format!("line 1 is no header: {error}"))?.clone();
    let mut places = [0; COLUMNS.len()];
    for (place, name) in places.iter_mut().zip(COLUMNS) {
        *place = header
            .iter()
            .position(|column| column.trim() == name)
            .ok_or_else(|| format!("line 1 has no column {name}; it needs {}", COLUMNS.join(", ")))?;
    }
    let mut file = File::default();
    let mut drafts: Vec<Draft> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    let mut record = csv::ByteRecord::new();
    while reader.read_byte_record(&mut record).map_err(|error| format!("the file cannot be read: {error}"))? {
        let number = line_of(&record, bytes);
        file.rows += 1;
        let text: Vec<_> = record.iter().map(String::from_utf8_lossy).collect();
        let field = |index: usize| text.get(places[index]).map_or("", |field| field.trim());
        let invoice = field(0);
        if invoice.is_empty() {
            file.refused += 1;
            file.problems.push(Problem {
                line: number,
                invoice: String::new(),
                field: COLUMNS[0],
                reason: "is empty".to_owned(),
            });
            continue;
        }
        let index = *known.entry(invoice.to_owned()).or_insert_with(|| {
            drafts.push(Draft { invoice: invoice.to_owned(), ..Draft::default() });
            drafts.len() - 1
        });
        let draft = &mut drafts[index];
        for raw in &record {
            draft.hash.update((raw.len() as u64).to_be_bytes());
            draft.hash.update(raw);
        }
        let wrong = if text.len() == header.len() {
            match std::str::from_utf8(record.as_slice()) {
                Ok(_) => draft.row(number, field),
                Err(_) => vec![("row", "is not UTF-8 text".to_owned())],
            }
        } else {
            vec![("row", format!("has {} fields, the header has {}", text.len(), header.len()))]
        };
        draft.is_bad |= !wrong.is_empty();
        let named = |(field, reason)| Problem { line: number, invoice: invoice.to_owned(), field, reason };
        file.problems.extend(wrong.into_iter().map(named));
    }
    for draft in drafts {
        match draft.finish(tax_rate) {
            Some(document) => file.documents.push(document),
            None => file.refused += 1,
        }
    }
    Ok(file)
}

impl Draft {
    /// Takes a row in, or tells what is wrong with it.
    fn row<'a>(&mut self, number: u64, field: impl Fn(usize) -> &'a str) -> Vec<Wrong> {
        let mut wrong = Vec::new();
        let code = field(1).to_uppercase();
        if code.is_empty() {
            wrong.push((COLUMNS[1], "is empty".to_owned()));
        }
        let unit_price = note(&mut wrong, COLUMNS[5], price(field(5)));
        let quantity = note(&mut wrong, COLUMNS[3], whole(field(3)));
        let at = note(&mut wrong, COLUMNS[4], date(field(4)));
        if let (Some(quantity), Some(price)) = (quantity, unit_price)
            && let Err(why) = sign(quantity, price, self.invoice.starts_with('C'))
        {
            wrong.push((COLUMNS[3], why.to_owned()));
        }
        let customer = Some(field(6)).filter(|id| !id.is_empty()).map(str::to_owned);
        match &self.customer {
            None => self.customer = Some((number, customer)),
            Some((line, first)) if *first != customer => {
                wrong.push((COLUMNS[6], format!("is not that of line {line} of the same invoice")));
            }
            Some(_) => {}
        }
        if self.country.is_empty() {
            field(7).clone_into(&mut self.country);
        }
        self.at = self.at.or(at);
        if let (Some(quantity), Some(unit_price), true) = (quantity, unit_price, wrong.is_empty()) {
            let description = field(2).to_owned();
            self.lines.push(Line { number, code, description, quantity, unit_price });
        }
        wrong
    }

    fn finish(mut self, tax_rate: Rate) -> Option<Document> {
        self.hash.update(tax_rate.0.to_be_bytes());
        let at = self.at.filter(|_| !self.is_bad)?;
        Some(Document {
            invoice: self.invoice,
            at,
            customer: self.customer.and_then(|(_, id)| id),
            country: self.country,
            lines: self.lines,
            hash: self.hash.finalize().to_vec(),
        })
    }
}

fn note<T>(wrong: &mut Vec<Wrong>, field: &'static str, value: Result<T, String>) -> Option<T> {
    value.map_err(|why| wrong.push((field, why))).ok()
}

fn whole(text: &str) -> Result<i64, String> {
    let quantity = text.parse::<i64>().map_err(|_| format!("{text:?} is not a whole number"))?;
    if quantity == 0 {
        return Err("is 0".to_owned());
    }
    if !(-UNITS_MAX..=UNITS_MAX).contains(&quantity) {
        return Err(format!("{text} is more than 100 million"));
    }
    Ok(quantity)
}

fn price(text: &str) -> Result<UnitPrice, String> {
    let value = text.parse::<Decimal>().map_err(|_| format!("{text:?} is not a decimal number"))?;
    if value.is_sign_negative() && !value.is_zero() {
        return Err(format!("{text} is less than 0"));
    }
    if value > Decimal::from(UNITS_MAX) {
        return Err(format!("{text} is more than 100 million"));
    }
    UnitPrice::from_decimal(value).ok_or_else(|| format!("{text} has more than 6 decimals"))
}

fn date(text: &str) -> Result<DateTime, String> {
    DateTime::strptime("%d/%m/%Y %H:%M", text)
        .map_err(|_| format!("{text:?} is not a date like 01/12/2010 08:26"))
}

fn sign(quantity: i64, price: UnitPrice, is_credit: bool) -> Result<(), &'static str> {
    if is_credit && quantity > 0 {
        return Err("is more than 0 in an invoice that begins with C");
    }
    if !is_credit && quantity < 0 && price.is_positive() {
        return Err("is less than 0 in a sale (an invoice that takes back begins with C)");
    }
    Ok(())
}

/// Whether a code is that of a service: postage, fees, discounts and vouchers have no four digits in a row.
pub(super) fn is_service(code: &str) -> bool {
    let digits = code.as_bytes().windows(4).any(|window| window.iter().all(u8::is_ascii_digit));
    !digits || code.to_ascii_lowercase().starts_with("gift_")
}

/// A document's quantity in millionths, as commands take it.
pub(super) const fn micro(quantity: i64) -> diario_domain::Quantity {
    diario_domain::Quantity(quantity * MICRO)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str =
        "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";

    fn read_rows(rows: &str) -> File {
        read(format!("{HEADER}{rows}").as_bytes(), Rate(160_000)).unwrap()
    }

    #[test]
    fn rows_of_an_invoice_make_one_document_with_the_time_of_the_first() {
        let file = read_rows(
            "536365,85123a,WHITE HANGING HEART,6,01/12/2010 08:26,2.55,17850,United Kingdom\n\
             536366,22633,HAND WARMER,6,01/12/2010 08:28,1.85,,EIRE\n\
             536365,71053,\"LANTERN, \"\"WHITE\"\"\",6,01/12/2010 08:27,3.39,17850,United Kingdom\n",
        );
        assert_eq!((file.rows, file.refused), (3, 0));
        let [first, second] = &file.documents[..] else { panic!("{file:?}") };
        assert_eq!(first.at.to_string(), "2010-12-01T08:26:00");
        assert_eq!(first.customer.as_deref(), Some("17850"));
        assert_eq!(first.lines.len(), 2);
        assert_eq!(first.lines[0].code, "85123A");
        assert_eq!(first.lines[1].description, "LANTERN, \"WHITE\"");
        assert_eq!(first.lines[1].number, 4);
        assert_eq!(first.lines[1].unit_price, UnitPrice(3_390_000));
        assert_eq!((second.customer.as_deref(), second.country.as_str()), (None, "EIRE"));
    }

    #[test]
    fn a_bad_row_is_named_and_takes_its_invoice_with_it() {
        let good = "1,10002,A,1,01/12/2010 08:26,2.55,,X\n";
        for (row, field, reason) in [
            ("2,,A,1,01/12/2010 08:26,2.55,,X", "StockCode", "is empty"),
            ("2,10002,A,0,01/12/2010 08:26,2.55,,X", "Quantity", "is 0"),
            ("2,10002,A,1.5,01/12/2010 08:26,2.55,,X", "Quantity", "whole"),
            ("2,10002,A,-1,01/12/2010 08:26,2.55,,X", "Quantity", "less than 0"),
            ("C2,10002,A,1,01/12/2010 08:26,2.55,,X", "Quantity", "more than 0"),
            ("2,10002,A,200000000,01/12/2010 08:26,2.55,,X", "Quantity", "100 million"),
            ("2,10002,A,1,31/02/2010 08:26,2.55,,X", "InvoiceDate", "date"),
            ("2,10002,A,1,2010-12-01 08:26,2.55,,X", "InvoiceDate", "date"),
            ("2,10002,A,1,01/12/2010 08:26,dos,,X", "UnitPrice", "decimal"),
            ("2,10002,A,1,01/12/2010 08:26,-2,,X", "UnitPrice", "less than 0"),
            ("2,10002,A,1,01/12/2010 08:26,1.0000001,,X", "UnitPrice", "6 decimals"),
            ("2,10002,A,1,01/12/2010 08:26,2.55,X", "row", "7 fields"),
            (",10002,A,1,01/12/2010 08:26,2.55,,X", "InvoiceNo", "is empty"),
        ] {
            let second = row.replacen("10002", "10003", 1);
            let file = read_rows(&format!("{good}\n{row}\n{}", second.replace("dos", "2")));
            let problem = &file.problems[0];
            assert_eq!((problem.line, problem.field), (4, field), "{row}: {problem:?}");
            assert!(problem.reason.contains(reason), "{row}: {problem:?}");
            assert_eq!(file.documents.len(), 1, "{row}");
            assert_eq!(file.documents[0].invoice, "1", "{row}");
            assert!(file.refused >= 1, "{row}");
        }
    }

    #[test]
    fn a_file_of_another_shape_is_refused_whole() {
        for bytes in [&b"a,b\n1,2\n"[..], b"", b"\xff\xfe"] {
            assert!(read(bytes, Rate::ZERO).is_err());
        }
        let marked = format!("\u{feff}{HEADER}");
        assert!(read(marked.as_bytes(), Rate::ZERO).unwrap().documents.is_empty());
    }

    #[test]
    fn a_document_is_known_by_its_rows_and_the_tax() {
        let row = "1,10002,A,1,01/12/2010 08:26,2.55,,X\n";
        let hash = |rows: &str, rate| {
            read(format!("{HEADER}{rows}").as_bytes(), rate).unwrap().documents[0].hash.clone()
        };
        let first = hash(row, Rate(160_000));
        assert_eq!(first, hash(&format!("{row}2,10002,A,1,01/12/2010 08:26,2.55,,X\n"), Rate(160_000)));
        assert_ne!(first, hash(row, Rate::ZERO));
        assert_ne!(first, hash(&row.replace("2.55", "2.56"), Rate(160_000)));
    }

    #[test]
    fn codes_without_four_digits_and_vouchers_are_services() {
        for code in [
            "POST",
            "DOT",
            "M",
            "D",
            "C2",
            "S",
            "BANK CHARGES",
            "AMAZONFEE",
            "CRUK",
            "PADS",
            "B",
            "gift_0001_20",
        ] {
            assert!(is_service(code), "{code}");
        }
        for code in ["85123A", "10002", "DCGS0003", "15056BL"] {
            assert!(!is_service(code), "{code}");
        }
    }
}
