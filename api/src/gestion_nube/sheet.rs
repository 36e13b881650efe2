//! A table as a file: CSV that a spreadsheet opens without running anything in it, or a workbook.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, XlsxError};

/// A cell.
#[derive(Clone)]
pub enum Cell {
    /// Words.
    Text(String),
    /// A number's digits.
    Number(String),
}

/// CSV as RFC 4180 has it, in UTF-8 with the mark that Excel looks for. Words that a spreadsheet would take for a
/// formula begin with an apostrophe; numbers are what they are.
pub fn csv(head: &[&str], lines: &[Vec<Cell>]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(head)?;
    for line in lines {
        writer.write_record(line.iter().map(|cell| match cell {
            Cell::Text(text) => harmless(text),
            Cell::Number(digits) => digits.clone(),
        }))?;
    }
    writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))
}

fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// An Excel workbook; its words are words, whatever they begin with.
pub fn xlsx(head: &[&str], lines: &[Vec<Cell>]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // The library would write the time of day into the file, and the same list would never be the same bytes.
    let epoch = ExcelDateTime::from_ymd(2000, 1, 1)?;
    book.set_properties(&DocProperties::new().set_title("Productos").set_creation_datetime(&epoch));
    let bold = Format::new().set_bold();
    let sheet = book.add_worksheet();
    sheet.set_name("Productos")?;
    for (place, name) in (0_u16..).zip(head) {
        sheet.write_string_with_format(0, place, *name, &bold)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    for (number, line) in (1_u32..).zip(lines) {
        for (place, cell) in (0_u16..).zip(line) {
            match cell {
                Cell::Text(text) if text.is_empty() => {}
                // A cell of a workbook holds no more.
                Cell::Text(text) => {
                    sheet.write_string(number, place, text.chars().take(32_767).collect::<String>())?;
                }
                Cell::Number(digits) => {
                    sheet.write_number(number, place, digits.parse::<f64>().unwrap_or(f64::NAN))?;
                }
            }
        }
    }
    book.save_to_buffer()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_run_nothing_and_files_are_the_same_twice() {
        let lines = vec![vec![
            Cell::Text("=HYPERLINK(\"http://malo\")".to_owned()),
            Cell::Text("Año, \"nuevo\"\ny más".to_owned()),
            Cell::Number("-3.50".to_owned()),
            Cell::Text("-5".to_owned()),
        ]];
        let text = String::from_utf8(csv(&["a", "b", "c", "d"], &lines).unwrap()).unwrap();
        assert_eq!(
            text,
            "\u{feff}a,b,c,d\r\n\"'=HYPERLINK(\"\"http://malo\"\")\",\"Año, \"\"nuevo\"\"\ny más\",-3.50,'-5\r\n"
        );
        assert_eq!(
            xlsx(&["a", "b", "c", "d"], &lines).unwrap(),
            xlsx(&["a", "b", "c", "d"], &lines).unwrap()
        );
    }
}
