//! What an import came to, for programs and for people.

use std::fmt::Write as _;

use diario_commands::Rendered;
use serde_json::{Value, json};

use super::{Mode, Options, RowError};
use crate::nexus::messages;

/// Errors that are shown one by one to people; JSON has them all.
const SHOWN_MAX: usize = 50;

/// See the module. Every row is accepted, skipped or rejected.
#[derive(Clone, Debug)]
pub struct Report {
    dry_run: bool,
    mode: Mode,
    /// Rows under the header that hold something.
    pub rows: u64,
    /// Rows that can be created.
    pub accepted: u64,
    /// Rows that were.
    pub created: u64,
    /// Rows that the shop has already.
    pub skipped: u64,
    /// Rows with something wrong.
    pub rejected: u64,
    /// What is wrong, by row.
    pub errors: Vec<RowError>,
    /// Whether the file as a whole cannot be read, so that no row of it can be good.
    pub is_no_file: bool,
}

impl Report {
    /// Of a file that nothing is known of yet.
    pub const fn new(options: Options) -> Self {
        Self {
            dry_run: options.dry_run,
            mode: options.mode,
            rows: 0,
            accepted: 0,
            created: 0,
            skipped: 0,
            rejected: 0,
            errors: Vec::new(),
            is_no_file: false,
        }
    }

    /// Whether nothing is created because of what is wrong.
    pub fn failed(&self) -> bool {
        self.is_no_file || (self.mode == Mode::AllOrNothing && !self.errors.is_empty())
    }

    /// Whether every row of the file is in the books or could be.
    pub const fn is_complete(&self) -> bool {
        self.errors.is_empty()
    }

    /// For programs.
    pub fn as_value(&self) -> Value {
        let errors: Vec<_> = self.errors.iter().map(error).collect();
        let mut value = json!({
            "dry_run": self.dry_run,
            "mode": self.mode.name(),
            "rows": self.rows,
            "accepted": self.accepted,
            "created": self.created,
            "skipped": self.skipped,
            "rejected": self.rejected,
            "errors": errors,
        });
        if let Some(first) = self.errors.first().filter(|_| self.failed()) {
            value["error"] = json!(messages::import_failed(self.rejected, self.rows, first));
        }
        value
    }

    /// As an answer.
    pub fn rendered(&self) -> Rendered {
        Rendered { status: if self.failed() { 400 } else { 200 }, body: self.as_value().to_string() }
    }

    /// For people.
    pub fn words(&self, tenant: &str) -> String {
        let created = if self.dry_run {
            format!("{} would be created", if self.failed() { 0 } else { self.accepted })
        } else {
            format!("{} created", self.created)
        };
        let mut out = format!(
            "{tenant}: {} rows: {created}, {} already there, {} rejected\n",
            self.rows, self.skipped, self.rejected
        );
        for error in self.errors.iter().take(SHOWN_MAX) {
            let _ = match error.row {
                0 => writeln!(out, "  {}", messages::import(error)),
                row => writeln!(out, "  row {row}: {}", messages::import(error)),
            };
        }
        if self.errors.len() > SHOWN_MAX {
            let _ = writeln!(out, "  … and {} more; --json names them all", self.errors.len() - SHOWN_MAX);
        }
        if self.failed() {
            out.push_str("  nothing was created; --good-rows creates those that are good\n");
        }
        out
    }
}

fn error(error: &RowError) -> Value {
    let row = Some(error.row).filter(|row| *row > 0);
    json!({"row": row, "column": error.column, "message": messages::import(error)})
}
