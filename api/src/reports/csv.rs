//! A report as CSV (RFC 4180): a row of names, then the rows; amounts with two decimals.

use super::{Cell, Table};

/// The file.
pub fn write(table: &Table) -> String {
    let mut text = String::new();
    line(&mut text, table.columns.iter().map(|column| column.name.to_owned()));
    for row in &table.rows {
        line(&mut text, row.cells.iter().map(cell));
    }
    text
}

fn line(text: &mut String, cells: impl Iterator<Item = String>) {
    for (place, cell) in cells.enumerate() {
        if place > 0 {
            text.push(',');
        }
        if cell.contains(['"', ',', '\n', '\r']) {
            text.push('"');
            text.push_str(&cell.replace('"', "\"\""));
            text.push('"');
        } else {
            text.push_str(&cell);
        }
    }
    text.push_str("\r\n");
}

fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Blank => String::new(),
        Cell::Word(name, _) => (*name).to_owned(),
        Cell::Number(number) => number.to_string(),
        Cell::Money(amount) => amount.to_string(),
        // What a spreadsheet would take for a formula is made text.
        Cell::Text(text) if text.starts_with(['=', '+', '-', '@', '\t', '\r']) => format!("'{text}"),
        Cell::Text(text) => text.clone(),
    }
}

#[cfg(test)]
mod tests {
    use diario_domain::Cents;

    use super::{super::Column, *};

    #[test]
    fn a_cell_is_no_formula_and_amounts_are_amounts() {
        let columns = [Column::words("name", "Nombre", 10), Column::money("amount", "Importe")];
        let mut table = Table::new("Prueba", String::new(), &columns);
        table.row(vec!["=1+1".into(), Cents(-1_250).into()]);
        table.row(vec!["a,\"b\"".into(), Cell::Blank]);
        assert_eq!(write(&table), "name,amount\r\n'=1+1,-12.50\r\n\"a,\"\"b\"\"\",\r\n");
    }
}
