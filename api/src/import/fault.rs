//! What is wrong with a file, by row and column. Surfaces word it.

use diario_domain::Refusal;

use crate::error::Problem;

/// Something wrong at a place of the file.
#[derive(Clone, Debug)]
pub struct RowError {
    /// The line of the file, or the row of the sheet; the header is the first. 0 where no row is to blame.
    pub row: u64,
    /// The contract's name of the column; of an unknown column, its name in the file.
    pub column: Option<String>,
    /// What is wrong.
    pub fault: Fault,
}

impl RowError {
    /// Wrong in one column.
    pub fn at(row: u64, column: impl Into<String>, fault: Fault) -> Self {
        Self { row, column: Some(column.into()), fault }
    }

    /// Wrong with a whole row, or with the file.
    pub const fn of_row(row: u64, fault: Fault) -> Self {
        Self { row, column: None, fault }
    }
}

/// What can be wrong.
#[derive(Clone, Debug)]
pub enum Fault {
    /// The file holds nothing.
    Empty,
    /// The file is neither a spreadsheet nor text in UTF-8.
    NotText,
    /// The file begins like a spreadsheet and is none that can be read.
    NotSpreadsheet,
    /// The spreadsheet unpacks to more than is taken.
    TooLarge,
    /// A quote that is never closed, or that something follows: where a row ends is anybody's guess.
    Misquoted,
    /// More rows than are taken at once.
    TooManyRows(usize),
    /// More columns than any such file has.
    TooManyColumns(usize),
    /// A column that means nothing here, and those that do.
    UnknownColumn(Vec<&'static str>),
    /// A column without a name that holds values.
    UnnamedColumn,
    /// A column that must be there.
    MissingColumn,
    /// A second column of the same meaning.
    RepeatedColumn,
    /// A row of another width than the header.
    Width { found: usize, header: usize },
    /// A cell that Excel has turned into a date.
    DateCell,
    /// A cell that holds an error, like `#N/A`.
    ErrorCell(String),
    /// A number of more digits than a spreadsheet keeps.
    LongNumber,
    /// The value is not what the field takes; the value where it is short enough to be shown.
    Value { problem: Problem, found: Option<String> },
    /// Another row of the file says the same of itself.
    Repeated { row: u64 },
    /// The shop has it already, and otherwise.
    Differs { there: String, here: String },
    /// The books refuse it.
    Refused(Refusal),
}
