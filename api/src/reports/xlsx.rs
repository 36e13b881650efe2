//! A report as an Excel workbook: one sheet, amounts as numbers that can be added up.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, XlsxError};

use super::{Cell, Table};

/// The file.
pub fn write(table: &Table) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // The library would write the time of day into the file, and the same report would never be the same bytes.
    let epoch = ExcelDateTime::from_ymd(2000, 1, 1)?;
    book.set_properties(&DocProperties::new().set_title(table.title).set_creation_datetime(&epoch));
    let plain = Format::new();
    let bold = Format::new().set_bold();
    let title = Format::new().set_bold().set_font_size(14);
    let head = Format::new().set_bold().set_border_bottom(FormatBorder::Thin);
    let head_right = head.clone().set_align(FormatAlign::Right);
    let amount = Format::new().set_num_format("#,##0.00");
    let amount_bold = amount.clone().set_bold().set_border_top(FormatBorder::Thin);
    let sheet = book.add_worksheet();
    sheet.set_name(sheet_name(table.title))?;
    let mut line = 0;
    for (text, format) in [(table.shop.as_str(), &bold), (table.title, &title)] {
        sheet.write_string_with_format(line, 0, text, format)?;
        line += 1;
    }
    for note in &table.notes {
        sheet.write_string(line, 0, note)?;
        line += 1;
    }
    line += 1;
    for (place, column) in (0_u16..).zip(&table.columns) {
        let numbers =
            table.rows.iter().any(|row| row.cells.get(usize::from(place)).is_some_and(Cell::is_number));
        let format = if numbers { &head_right } else { &head };
        sheet.write_string_with_format(line, place, column.head, format)?;
        sheet.set_column_width(place, f64::from(column.width))?;
    }
    sheet.set_freeze_panes(line + 1, 0)?;
    sheet.set_repeat_rows(line, line)?;
    sheet.set_print_fit_to_pages(1, 0);
    for row in &table.rows {
        line += 1;
        for (place, cell) in (0_u16..).zip(&row.cells) {
            match cell {
                Cell::Blank => {}
                Cell::Text(_) | Cell::Word(..) => {
                    let format = if row.total { &bold } else { &plain };
                    sheet.write_string_with_format(line, place, cell.words(), format)?;
                }
                Cell::Number(number) => {
                    sheet.write_number(line, place, as_written(&number.to_string()))?;
                }
                Cell::Money(money) => {
                    let format = if row.total { &amount_bold } else { &amount };
                    sheet.write_number_with_format(line, place, as_written(&money.to_string()), format)?;
                }
            }
        }
    }
    book.save_to_buffer()
}

/// The number that these digits are. The format's numbers are binary; up to fifteen digits come out as they went in,
/// which is what the program that opens the file shows, and nothing is computed with them here.
fn as_written(digits: &str) -> f64 {
    digits.parse().unwrap_or(f64::NAN)
}

/// A sheet's name has at most 31 letters.
fn sheet_name(title: &str) -> String {
    title.chars().take(31).collect()
}
