//! A file's columns by the contract's names, and its rows as the fields of a request.

use diario_projections::search;
use serde_json::{Map, Number, Value};

use super::{
    fault::{Fault, RowError},
    table::{Cell, Row, Table},
};
use crate::{
    error::{Problem, Rule},
    http::Fields,
};

/// The longest value that a message repeats.
const SHOWN_MAX: usize = 60;

/// What the cells of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cells {
    /// Text, also where a spreadsheet holds a number.
    Text,
    /// One of some words, without regard to case.
    Word,
    /// A number.
    Number,
}

/// A column that a file may have.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// The contract's name.
    pub name: &'static str,
    /// What stands in it.
    pub cells: Cells,
    /// Whether each row needs it.
    pub required: bool,
    /// Its other names, folded.
    pub synonyms: &'static [&'static str],
}

/// A column that may be left out.
pub const fn optional(name: &'static str, cells: Cells, synonyms: &'static [&'static str]) -> Column {
    Column { name, cells, required: false, synonyms }
}

/// A column that must be there.
pub const fn required(name: &'static str, cells: Cells, synonyms: &'static [&'static str]) -> Column {
    Column { name, cells, required: true, synonyms }
}

/// A row while it is being read.
#[derive(Debug)]
pub struct Draft {
    /// Its number in the file.
    pub row: u64,
    /// Its values by column.
    values: Map<String, Value>,
    /// What is wrong with it so far.
    wrong: Vec<RowError>,
    columns: &'static [Column],
}

/// A header's name as it is looked up: small letters, no accents, `_` between words.
fn folded(name: &str) -> String {
    let spaced: String =
        search::fold(name).chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join("_")
}

fn find(columns: &'static [Column], name: &str) -> Option<&'static Column> {
    let name = folded(name);
    columns.iter().find(|column| column.name == name || column.synonyms.contains(&name.as_str()))
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= SHOWN_MAX {
        return text.to_owned();
    }
    text.chars().take(SHOWN_MAX - 1).chain(['…']).collect()
}

/// The known column at each place of the header.
fn places(header: &Row, columns: &'static [Column]) -> Result<Vec<Option<&'static Column>>, Vec<RowError>> {
    let mut places: Vec<Option<&'static Column>> = Vec::with_capacity(header.cells.len());
    let mut errors = Vec::new();
    for cell in &header.cells {
        let (name, place) = match cell {
            Cell::Empty => (String::new(), None),
            Cell::Text(name) => (shortened(name), find(columns, name)),
            Cell::Date | Cell::Error(_) | Cell::LongNumber => ("?".to_owned(), None),
        };
        match place {
            Some(column) if places.iter().flatten().any(|other| other.name == column.name) => {
                errors.push(RowError::at(header.number, column.name, Fault::RepeatedColumn));
            }
            None if !name.is_empty() => {
                let known = columns.iter().map(|column| column.name).collect();
                errors.push(RowError::at(header.number, name, Fault::UnknownColumn(known)));
            }
            Some(_) | None => {}
        }
        places.push(place);
    }
    for column in columns.iter().filter(|column| column.required) {
        if !places.iter().flatten().any(|place| place.name == column.name) {
            errors.push(RowError::at(header.number, column.name, Fault::MissingColumn));
        }
    }
    if errors.is_empty() { Ok(places) } else { Err(errors) }
}

/// A file's rows by these columns; or what is wrong with its header.
pub fn drafts(table: Table, columns: &'static [Column]) -> Result<Vec<Draft>, Vec<RowError>> {
    let places = places(&table.header, columns)?;
    Ok(table.rows.into_iter().map(|row| draft(row, &places, columns)).collect())
}

fn draft(row: Row, places: &[Option<&'static Column>], columns: &'static [Column]) -> Draft {
    let mut draft = Draft { row: row.number, values: Map::new(), wrong: Vec::new(), columns };
    let held = row.cells.iter().rposition(|cell| *cell != Cell::Empty).map_or(0, |last| last + 1);
    if held > places.len() {
        let fault = Fault::Width { found: held, header: places.len() };
        draft.wrong.push(RowError::of_row(draft.row, fault));
        return draft;
    }
    for (cell, place) in row.cells.into_iter().zip(places) {
        let Some(column) = place else {
            if cell != Cell::Empty {
                draft.wrong.push(RowError::of_row(draft.row, Fault::UnnamedColumn));
            }
            continue;
        };
        let fault = match cell {
            Cell::Empty => continue,
            Cell::Text(text) => {
                draft.values.insert(column.name.to_owned(), value(column.cells, text));
                continue;
            }
            Cell::Date => Fault::DateCell,
            Cell::Error(error) => Fault::ErrorCell(error),
            Cell::LongNumber => Fault::LongNumber,
        };
        draft.blame(column.name, fault);
    }
    draft
}

fn value(cells: Cells, text: String) -> Value {
    match cells {
        Cells::Text => Value::String(text),
        Cells::Word => Value::String(text.to_lowercase()),
        Cells::Number => number(&text).map_or(Value::String(text), Value::Number),
    }
}

/// A number with its digits. People and programs also write `+5`, `.5` and `007`, which JSON does not.
fn number(text: &str) -> Option<Number> {
    text.parse().ok().or_else(|| {
        let digits = text.strip_prefix('+').unwrap_or(text);
        let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |digits| ("-", digits));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let plain = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
        if !plain(whole) || !plain(fraction) || whole.len() + fraction.len() == 0 {
            return None;
        }
        let whole = whole.trim_start_matches('0');
        let whole = if whole.is_empty() { "0" } else { whole };
        let fraction = if fraction.is_empty() { String::new() } else { format!(".{fraction}") };
        format!("{sign}{whole}{fraction}").parse().ok()
    })
}

impl Draft {
    /// Whether the row holds something in a column.
    pub fn says(&self, column: &str) -> bool {
        self.values.contains_key(column)
    }

    /// Notes what is wrong in a column, and reads on as if it were empty.
    fn blame(&mut self, column: &str, fault: Fault) {
        self.wrong.push(RowError::at(self.row, column, fault));
        if self.columns.iter().any(|known| known.name == column && known.required) {
            self.values.insert(column.to_owned(), Value::String("-".to_owned()));
        } else {
            self.values.remove(column);
        }
    }

    /// Reads the row by the rules of a request; everything that is wrong with it is told at once.
    pub fn read<T>(&mut self, read: impl Fn(&Fields) -> Result<T, Problem>) -> Result<T, Vec<RowError>> {
        // A row that was not even cut into its cells has no values that could be told anything about.
        if self.wrong.iter().any(|error| error.column.is_none()) {
            return Err(std::mem::take(&mut self.wrong));
        }
        for _ in 0..=self.columns.len() {
            match read(&Fields::of(self.values.clone())) {
                Ok(value) if self.wrong.is_empty() => return Ok(value),
                Ok(_) => break,
                Err(Problem::Field { name, rule }) => {
                    let found = self.values.get(&name).map(shown).filter(|_| rule != Rule::Required);
                    let problem = Problem::Field { name: name.clone(), rule };
                    self.blame(&name, Fault::Value { problem, found });
                }
                Err(problem) => {
                    self.wrong.push(RowError::of_row(self.row, Fault::Value { problem, found: None }));
                    break;
                }
            }
        }
        Err(std::mem::take(&mut self.wrong))
    }
}

fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| shortened(&value.to_string()), shortened)
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: &[Column] = &[
        required("part_number", Cells::Text, &["numero_de_parte"]),
        optional("price_1", Cells::Number, &["precio_1"]),
        optional("kind", Cells::Word, &[]),
    ];

    #[test]
    fn headers_are_known_without_case_and_accents() {
        for name in ["part_number", " Número de Parte* ", "NUMERO-DE-PARTE"] {
            assert_eq!(find(COLUMNS, name).map(|column| column.name), Some("part_number"), "{name}");
        }
        assert!(find(COLUMNS, "parte").is_none());
    }

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for (text, digits) in
            [("350.00", "350.00"), ("+5", "5"), (".5", "0.5"), ("-.5", "-0.5"), ("007", "7"), ("5.", "5")]
        {
            assert_eq!(number(text).map(|number| number.to_string()).as_deref(), Some(digits), "{text}");
        }
        for text in ["", "-", ".", "1,5", "1 000", "$5", "5%", "1_0", "NaN", "x", "٣"] {
            assert!(number(text).is_none(), "{text}");
        }
    }

    #[test]
    fn everything_wrong_with_a_row_is_told_at_once() {
        let file = "precio_1,numero de parte,kind\nmucho,,KG\n1,A,STOCKED,\n2,B,,x\n";
        let table = super::super::table::read(file.as_bytes(), 9).unwrap();
        let mut drafts = drafts(table, COLUMNS).unwrap();
        let read = |fields: &Fields| {
            let part = fields.text_up_to("part_number", 9)?;
            fields.opt_price("price_1")?;
            fields.opt_word("kind", &["stocked"])?;
            Ok(part)
        };
        let wrong = drafts[0].read(read).unwrap_err();
        let named: Vec<_> = wrong.iter().map(|error| (error.row, error.column.as_deref().unwrap())).collect();
        assert_eq!(named, [(2, "part_number"), (2, "price_1"), (2, "kind")]);
        assert_eq!(drafts[1].read(read).unwrap(), "A");
        let wide = drafts[2].read(read).unwrap_err();
        assert!(matches!(wide[0].fault, Fault::Width { found: 4, header: 3 }));
    }
}
