//! What an import of the catalogue came to.

use std::{fmt::Write as _, time::Duration};

use serde_json::{Value, json};

use crate::cli::text::{self, Align::Left, Align::Right};

/// Problems that are shown one by one to people; JSON has them all.
const SHOWN_MAX: usize = 50;

/// Why a row was not loaded.
#[derive(Debug)]
pub(super) struct Problem {
    pub(super) file: String,
    /// The line it begins at; the header is line 1.
    pub(super) row: u64,
    pub(super) column: &'static str,
    pub(super) reason: String,
}

/// One file's rows.
#[derive(Debug)]
pub(super) struct FileReport {
    pub(super) name: String,
    /// Under the header.
    pub(super) rows: u64,
    /// New, or other than before.
    pub(super) changed: u64,
    pub(super) refused: u64,
}

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Report {
    pub(super) files: Vec<FileReport>,
    pub(super) problems: Vec<Problem>,
    pub(super) elapsed: Duration,
}

impl Report {
    /// Whether every row of every file is in the catalogue.
    pub(crate) fn is_complete(&self) -> bool {
        self.problems.is_empty()
    }

    fn rows(&self) -> u64 {
        self.files.iter().map(|file| file.rows).sum()
    }

    fn rows_per_second(&self) -> i64 {
        text::per_second(i64::try_from(self.rows()).unwrap_or(i64::MAX), self.elapsed)
    }

    /// For programs.
    pub(crate) fn as_value(&self) -> Value {
        json!({
            "files": self.files.iter().map(|file| json!({
                "file": file.name,
                "rows": file.rows,
                "loaded": file.rows - file.refused,
                "changed": file.changed,
                "refused": file.refused,
            })).collect::<Vec<_>>(),
            "rows": self.rows(),
            "refused": self.files.iter().map(|file| file.refused).sum::<u64>(),
            "problems": self.problems.iter().map(|problem| json!({
                "file": problem.file, "row": problem.row, "column": problem.column, "reason": problem.reason,
            })).collect::<Vec<_>>(),
            "milliseconds": u64::try_from(self.elapsed.as_millis()).unwrap_or(u64::MAX),
            "rows_per_second": self.rows_per_second(),
        })
    }

    /// For people.
    pub(crate) fn words(&self) -> String {
        let n = |count: u64| text::count(i64::try_from(count).unwrap_or(i64::MAX));
        let rows: Vec<Vec<String>> = self
            .files
            .iter()
            .map(|file| {
                vec![
                    file.name.clone(),
                    n(file.rows),
                    n(file.rows - file.refused),
                    n(file.changed),
                    n(file.refused),
                ]
            })
            .collect();
        let heads = [
            ("file", Left),
            ("rows", Right),
            ("loaded", Right),
            ("of them new or changed", Right),
            ("refused", Right),
        ];
        let mut out = text::table(&heads, &rows, 0);
        let _ = writeln!(
            out,
            "{} rows in {}.{:03} s, {} a second",
            n(self.rows()),
            self.elapsed.as_secs(),
            self.elapsed.subsec_millis(),
            text::count(self.rows_per_second())
        );
        for Problem { file, row, column, reason } in self.problems.iter().take(SHOWN_MAX) {
            let _ = writeln!(out, "  {file} row {row}: {column} {reason}");
        }
        if self.problems.len() > SHOWN_MAX {
            let _ = writeln!(
                out,
                "  … and {} more; --json names them all",
                text::len(self.problems.len() - SHOWN_MAX)
            );
        }
        out
    }
}
