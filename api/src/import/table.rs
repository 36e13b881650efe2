//! A file as a table: CSV in UTF-8, or the first sheet of an XLSX workbook.

use std::{
    collections::BTreeMap,
    io::{Cursor, Read as _},
};

use calamine::{DataRef, Reader as _, Xlsx};
use rust_decimal::Decimal;

use super::fault::{Fault, RowError};

/// What an XLSX file begins with, being a ZIP archive.
const XLSX: &[u8] = b"PK\x03\x04";
/// A workbook of 16 MB may unpack to a thousand times that; no list of a shop does.
const UNPACKED_MAX: u64 = 256 * 1024 * 1024;
/// More columns than a file of this kind can have.
const COLUMNS_MAX: usize = 100;
/// Digits of a number that a spreadsheet keeps.
const DIGITS: usize = 15;

/// A cell as the file has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Text without blanks around it; the digits of a number.
    Text(String),
    /// A date: Excel makes one of a code like `1-2`.
    Date,
    /// `#N/A` and its like.
    Error(String),
    /// A number of which the spreadsheet has lost digits.
    LongNumber,
}

impl Cell {
    fn text(text: &str) -> Self {
        let text = text.trim();
        if text.is_empty() { Self::Empty } else { Self::Text(text.to_owned()) }
    }
}

/// A row with its cells under the header's columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The line of the file, or the row of the sheet, from 1.
    pub number: u64,
    /// As many as the file has.
    pub cells: Vec<Cell>,
}

/// A file's rows; those without any value are left out.
#[derive(Debug, PartialEq, Eq)]
pub struct Table {
    /// The names of the columns.
    pub header: Row,
    /// What stands under them.
    pub rows: Vec<Row>,
}

/// Reads a file of at most so many rows under its header.
pub fn read(bytes: &[u8], rows_max: usize) -> Result<Table, RowError> {
    let rows = if bytes.starts_with(XLSX) { sheet(bytes, rows_max)? } else { csv(bytes, rows_max)? };
    let mut rows = rows.into_iter();
    let header = rows.next().ok_or(RowError::of_row(1, Fault::Empty))?;
    Ok(Table { header, rows: rows.collect() })
}

fn too_many(row: u64, rows_max: usize) -> RowError {
    RowError::of_row(row, Fault::TooManyRows(rows_max))
}

fn csv(bytes: &[u8], rows_max: usize) -> Result<Vec<Row>, RowError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        RowError::of_row(1 + newlines(before), Fault::NotText)
    })?;
    let separator = separator(text);
    if let Some(line) = misquoted(bytes, separator) {
        return Err(RowError::of_row(line, Fault::Misquoted));
    }
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).has_headers(false).delimiter(separator).from_reader(bytes);
    let mut record = csv::ByteRecord::new();
    let mut rows = Vec::new();
    while reader.read_byte_record(&mut record).map_err(|_| RowError::of_row(1, Fault::NotText))? {
        let cells: Vec<_> = record.iter().map(|cell| Cell::text(&String::from_utf8_lossy(cell))).collect();
        let number = line_of(&record, bytes);
        if cells.iter().all(|cell| *cell == Cell::Empty) {
            continue;
        }
        if rows.len() > rows_max {
            return Err(too_many(number, rows_max));
        }
        rows.push(Row { number, cells });
    }
    Ok(rows)
}

/// The separator that the header has most of, outside quotes.
fn separator(text: &str) -> u8 {
    let header = text.trim_start().lines().next().unwrap_or_default();
    let mut counts = [(b',', 0_usize), (b';', 0), (b'\t', 0)];
    let mut quoted = false;
    for byte in header.bytes() {
        quoted ^= byte == b'"';
        if let Some((_, count)) = counts.iter_mut().find(|(separator, _)| !quoted && *separator == byte) {
            *count += 1;
        }
    }
    let mut best = counts[0];
    for candidate in counts {
        if candidate.1 > best.1 {
            best = candidate;
        }
    }
    best.0
}

/// The line of the first quote that is not closed, or that more than blanks follow before the value ends. The reader
/// lets both pass, and the rows behind such a quote would end in its value, unseen.
fn misquoted(bytes: &[u8], separator: u8) -> Option<u64> {
    #[derive(PartialEq)]
    enum At {
        Start,
        Plain,
        Quoted,
        Closed,
        Behind,
    }
    let (mut at, mut line, mut opened) = (At::Start, 1, 1);
    for byte in bytes {
        at = match (at, byte) {
            (At::Quoted, b'"') => At::Closed,
            (At::Quoted, _) => At::Quoted,
            (_, b'\n' | b'\r') => At::Start,
            (_, byte) if *byte == separator => At::Start,
            (At::Start, b'"') => {
                opened = line;
                At::Quoted
            }
            // A doubled quote stands for one.
            (At::Closed, b'"') => At::Quoted,
            (At::Closed | At::Behind, b' ' | b'\t') => At::Behind,
            (At::Closed | At::Behind, _) => return Some(opened),
            (At::Start | At::Plain, _) => At::Plain,
        };
        line += u64::from(*byte == b'\n');
    }
    (at == At::Quoted).then_some(opened)
}

/// The line that a record begins at. The reader's own count stands before blank lines that it skips.
pub fn line_of(record: &csv::ByteRecord, bytes: &[u8]) -> u64 {
    let Some(position) = record.position() else { return 0 };
    let from = usize::try_from(position.byte()).unwrap_or(bytes.len());
    let rest = bytes.get(from..).unwrap_or_default();
    let blank = rest.iter().position(|byte| !matches!(byte, b'\n' | b'\r')).unwrap_or(rest.len());
    position.line() + newlines(&rest[..blank])
}

fn newlines(bytes: &[u8]) -> u64 {
    bytes.iter().map(|byte| u64::from(*byte == b'\n')).sum()
}

fn sheet(bytes: &[u8], rows_max: usize) -> Result<Vec<Row>, RowError> {
    let unreadable = || RowError::of_row(1, Fault::NotSpreadsheet);
    if !unpacks_within(bytes, UNPACKED_MAX).ok_or_else(unreadable)? {
        return Err(RowError::of_row(1, Fault::TooLarge));
    }
    let mut workbook = Xlsx::new(Cursor::new(bytes)).map_err(|_| unreadable())?;
    let first = workbook.sheet_names().into_iter().next().ok_or_else(unreadable)?;
    let mut cells = workbook.worksheet_cells_reader(&first).map_err(|_| unreadable())?;
    // Cell by cell, and only those that hold something: what a sheet says of its own size is not to be trusted.
    let mut rows: BTreeMap<u32, Vec<Cell>> = BTreeMap::new();
    while let Some(found) = cells.next_cell().map_err(|_| unreadable())? {
        let (row, column) = found.get_position();
        let cell = cell(found.get_value());
        if cell == Cell::Empty {
            continue;
        }
        let number = u64::from(row) + 1;
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        if column >= COLUMNS_MAX {
            return Err(RowError::of_row(number, Fault::TooManyColumns(COLUMNS_MAX)));
        }
        let cells = rows.entry(row).or_default();
        if cells.len() <= column {
            cells.resize(column + 1, Cell::Empty);
        }
        cells[column] = cell;
        if rows.len() > rows_max + 1 {
            return Err(too_many(number, rows_max));
        }
    }
    Ok(rows.into_iter().map(|(row, cells)| Row { number: u64::from(row) + 1, cells }).collect())
}

/// Whether an archive's files come to no more than so many bytes, whatever it says of their size; nothing where it
/// cannot be read.
fn unpacks_within(bytes: &[u8], max: u64) -> Option<bool> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
    let mut left = max;
    for index in 0..archive.len() {
        let file = archive.by_index(index).ok()?;
        let read = std::io::copy(&mut file.take(left + 1), &mut std::io::sink()).ok()?;
        if read > left {
            return Some(false);
        }
        left -= read;
    }
    Some(true)
}

fn cell(value: &DataRef<'_>) -> Cell {
    match value {
        DataRef::Empty => Cell::Empty,
        DataRef::String(text) => Cell::text(text),
        DataRef::SharedString(text) => Cell::text(text),
        DataRef::Int(number) => Cell::Text(number.to_string()),
        DataRef::Float(number) => digits(*number),
        DataRef::Bool(value) => Cell::Text(value.to_string()),
        DataRef::DateTime(_) | DataRef::DateTimeIso(_) | DataRef::DurationIso(_) => Cell::Date,
        DataRef::Error(error) => Cell::Error(error.to_string()),
    }
}

/// A number's digits as a spreadsheet shows them: whole numbers in full, others to 15 digits, so that the sum of
/// 0.1 and 0.2 is 0.3. Whole numbers of more digits have been rounded before they were saved.
fn digits(number: f64) -> Cell {
    let text = number.to_string();
    if !number.is_finite() || text.trim_start_matches('-').split('.').next().map_or(0, str::len) > DIGITS {
        return Cell::LongNumber;
    }
    if !text.contains('.') {
        return Cell::Text(if text == "-0" { "0".to_owned() } else { text });
    }
    match Decimal::from_scientific(&format!("{number:.*e}", DIGITS - 1)) {
        Ok(rounded) => Cell::Text(rounded.normalize().to_string()),
        // Finer than a decimal holds; the field's own rule refuses it.
        Err(_) => Cell::Text(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(row: &Row) -> Vec<&str> {
        row.cells.iter().map(|cell| if let Cell::Text(text) = cell { text.as_str() } else { "" }).collect()
    }

    #[test]
    fn separators_quotes_marks_and_blank_lines() {
        for text in [
            "a,b\n1,\"x, y\"\n\n,\n2,z\n",
            "\u{feff}a;b\r\n1;x, y\r\n\r\n;\r\n2;z",
            "\n\"a,;,;,;\"\tb\n1\tx, y\n\t\n2\tz\n",
        ] {
            let table = read(text.as_bytes(), 10).unwrap();
            assert_eq!(table.rows.len(), 2, "{text:?}");
            assert_eq!(texts(&table.rows[0]), ["1", "x, y"], "{text:?}");
            assert_eq!(table.rows[1].number, 5, "{text:?}");
        }
    }

    #[test]
    fn rows_are_counted_and_what_is_no_text_is_named() {
        assert!(read(b"a\n1\n2\n", 2).is_ok());
        let many = read(b"a\n1\n2\n3\n", 2).unwrap_err();
        assert!(matches!((many.row, many.fault), (4, Fault::TooManyRows(2))));
        let latin = read(b"a\n1\nPi\xf1ata\n", 9).unwrap_err();
        assert!(matches!((latin.row, latin.fault), (3, Fault::NotText)));
        assert!(matches!(read(b" \n\n", 9).unwrap_err().fault, Fault::Empty));
        assert!(matches!(read(b"PK\x03\x04nada", 9).unwrap_err().fault, Fault::NotSpreadsheet));
    }

    #[test]
    fn quotes_must_close_with_their_value() {
        let line = |text: &str| misquoted(text.as_bytes(), b',');
        for good in [
            "",
            "a,b",
            "\"a\",\"b\"",
            "\"\"",
            "\"a \"\"b\"\"\",c",
            "\"a\nb\" ,c\r\n",
            "4\" x 2\",5",
            "\"a\"\t\n",
        ] {
            assert_eq!(line(good), None, "{good}");
        }
        for (bad, opened) in [
            ("a\n\"b", 2),
            ("\"a\nb\nc", 1),
            ("a,\"b\nc,\"d\"\n", 1),
            ("a\n\n\"b\"c\n", 3),
            ("\"\"\"", 1),
            ("\"a\" \"b\"", 1),
        ] {
            assert_eq!(line(bad), Some(opened), "{bad}");
        }
    }

    #[test]
    fn numbers_of_a_sheet_keep_their_digits() {
        let text = |text: &str| Cell::Text(text.to_owned());
        assert_eq!(digits(350.0), text("350"));
        assert_eq!(digits(-0.0), text("0"));
        assert_eq!(digits(0.300_000_000_000_000_04), text("0.3"));
        assert_eq!(digits(1.1), text("1.1"));
        assert_eq!(digits(7_501_234_567_890.0), text("7501234567890"));
        assert_eq!(digits(1e16), Cell::LongNumber);
        assert_eq!(digits(f64::NAN), Cell::LongNumber);
        assert_eq!(digits(0.000_001), text("0.000001"));
    }

    #[test]
    fn an_archive_is_measured_by_what_comes_out_of_it() {
        use std::io::Write as _;
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        writer.start_file("a", zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(&vec![0; 100_000]).unwrap();
        let bytes = writer.finish().unwrap().into_inner();
        assert!(bytes.len() < 2_000);
        assert_eq!(unpacks_within(&bytes, 100_000), Some(true));
        assert_eq!(unpacks_within(&bytes, 99_999), Some(false));
        assert_eq!(unpacks_within(&bytes[..50], 99_999), None);
    }
}
