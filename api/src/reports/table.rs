//! A report in rows, for every form that has rows.

use diario_domain::Cents;

use crate::cli::text;

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    Blank,
    /// Words.
    Text(String),
    /// A part of the report: its name for programs, and its words.
    Word(&'static str, &'static str),
    /// A number that names something.
    Number(i64),
    /// An amount.
    Money(Cents),
}

impl Cell {
    /// Whether it stands at the right of its column.
    pub fn is_number(&self) -> bool {
        matches!(self, Self::Number(_) | Self::Money(_))
    }

    /// Its words for people; an amount has its thousands apart.
    pub fn words(&self) -> String {
        match self {
            Self::Blank => String::new(),
            Self::Text(text) => text.clone(),
            Self::Word(_, words) => (*words).to_owned(),
            Self::Number(number) => number.to_string(),
            Self::Money(amount) => text::money(*amount),
        }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<Cents> for Cell {
    fn from(amount: Cents) -> Self {
        Self::Money(amount)
    }
}

/// A column.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its name for programs: the first row of a CSV file.
    pub name: &'static str,
    /// Its head for people.
    pub head: &'static str,
    /// Its part of a page's width, in letters.
    pub width: u16,
}

impl Column {
    /// A column of words.
    pub const fn words(name: &'static str, head: &'static str, width: u16) -> Self {
        Self { name, head, width }
    }

    /// A column of amounts.
    pub const fn money(name: &'static str, head: &'static str) -> Self {
        Self { name, head, width: 15 }
    }
}

/// A row.
#[derive(Clone, Debug)]
pub struct Row {
    /// One cell for each column.
    pub cells: Vec<Cell>,
    /// Whether it is a sum of others.
    pub total: bool,
}

/// A report in rows.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// Whose it is.
    pub shop: String,
    /// What it is.
    pub title: &'static str,
    /// Its days, branch and position.
    pub notes: Vec<String>,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<Row>,
}

impl Table {
    /// A table without rows.
    pub fn new(title: &'static str, note: String, columns: &[Column]) -> Self {
        Self { title, notes: vec![note], columns: columns.to_vec(), ..Self::default() }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: Vec<Cell>) {
        self.rows.push(Row { cells, total: false });
    }

    /// Adds a sum of rows.
    pub fn total(&mut self, cells: Vec<Cell>) {
        self.rows.push(Row { cells, total: true });
    }
}
