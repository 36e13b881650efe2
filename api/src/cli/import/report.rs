//! What an import came to.

use std::{fmt::Write as _, time::Duration};

use serde_json::{Value, json};

use super::file::Problem;
use crate::cli::text;

/// Problems that are shown one by one to people; JSON has them all.
const SHOWN_MAX: usize = 50;

/// See the module. What was booked by an earlier run is counted in `replayed` and nowhere else.
#[derive(Debug, Default)]
pub(crate) struct Report {
    pub(super) tenant: String,
    /// Rows under the header.
    pub(super) rows: u64,
    /// Invoices.
    pub(super) documents: u64,
    pub(super) sales: u64,
    pub(super) returns: u64,
    pub(super) cancellations: u64,
    pub(super) adjustments: u64,
    /// Rows that were booked.
    pub(super) lines: u64,
    /// Rows of price 0 that name a service: neither money nor goods.
    pub(super) skipped_lines: u64,
    pub(super) items: u64,
    pub(super) customers: u64,
    pub(super) purchases: u64,
    /// Invoices that were booked before.
    pub(super) replayed: u64,
    /// Invoices of which nothing was booked, for a reason.
    pub(super) refused: u64,
    pub(super) problems: Vec<Problem>,
    /// Whether goods were sold that nobody had received.
    pub(super) short_of_stock: bool,
    pub(super) events: i64,
    pub(super) elapsed: Duration,
}

impl Report {
    /// Whether every document of the file is in the books.
    pub(crate) fn is_complete(&self) -> bool {
        self.refused == 0 && self.problems.is_empty()
    }

    /// Events that were appended.
    pub(crate) fn events(&self) -> i64 {
        self.events
    }

    /// Events that were appended in a second.
    pub(crate) fn events_per_second(&self) -> i64 {
        text::per_second(self.events, self.elapsed)
    }

    /// For programs.
    pub(crate) fn as_value(&self) -> Value {
        json!({
            "tenant": self.tenant,
            "rows": self.rows,
            "documents": self.documents,
            "sales": self.sales,
            "returns": self.returns,
            "cancellations": self.cancellations,
            "adjustments": self.adjustments,
            "lines": self.lines,
            "skipped_lines": self.skipped_lines,
            "items": self.items,
            "customers": self.customers,
            "opening_purchases": self.purchases,
            "replayed": self.replayed,
            "refused": self.refused,
            "problems": self.problems.iter().map(|problem| json!({
                "line": problem.line, "invoice": problem.invoice, "field": problem.field, "reason": problem.reason,
            })).collect::<Vec<_>>(),
            "events": self.events,
            "milliseconds": u64::try_from(self.elapsed.as_millis()).unwrap_or(u64::MAX),
            "events_per_second": self.events_per_second(),
        })
    }

    /// For people.
    pub(crate) fn words(&self) -> String {
        let n = |count: u64| text::count(i64::try_from(count).unwrap_or(i64::MAX));
        let mut out = format!("{}: {} invoices in {} rows\n", self.tenant, n(self.documents), n(self.rows));
        let _ = writeln!(
            out,
            "  booked now      {} sales, {} cancellations, {} returns, {} stock adjustments ({} lines)",
            n(self.sales),
            n(self.cancellations),
            n(self.returns),
            n(self.adjustments),
            n(self.lines)
        );
        let _ = writeln!(
            out,
            "  made for them   {} items, {} customers, {} opening purchases",
            n(self.items),
            n(self.customers),
            n(self.purchases)
        );
        let _ = writeln!(out, "  booked before   {} invoices", n(self.replayed));
        if self.skipped_lines > 0 {
            let _ = writeln!(out, "  skipped         {} lines of services at price 0", n(self.skipped_lines));
        }
        let _ = writeln!(out, "  refused         {} invoices", n(self.refused));
        let _ = writeln!(
            out,
            "  {} events in {}.{:03} s, {} a second",
            text::count(self.events),
            self.elapsed.as_secs(),
            self.elapsed.subsec_millis(),
            text::count(self.events_per_second())
        );
        for Problem { line, invoice, field, reason } in self.problems.iter().take(SHOWN_MAX) {
            let invoice = if invoice.is_empty() { "no invoice" } else { invoice.as_str() };
            let _ = writeln!(out, "  line {line} ({invoice}): {field} {reason}");
        }
        if self.problems.len() > SHOWN_MAX {
            let _ = writeln!(
                out,
                "  … and {} more; --json names them all",
                text::len(self.problems.len() - SHOWN_MAX)
            );
        }
        if self.short_of_stock {
            out.push_str("  `--opening-stock auto` first receives what the file will need; import it again with that\n");
        }
        out
    }
}
