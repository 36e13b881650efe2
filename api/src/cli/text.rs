//! What the tools print for people: tables, grouped digits, progress.

use std::{
    io::{ErrorKind, Write as _},
    time::Duration,
};

use diario_domain::{Cents, Quantity};
use indicatif::{ProgressBar, ProgressStyle};
use rust_decimal::Decimal;
use serde::Serialize;

use super::Failure;

/// Letters of a name in a table.
const NAME_MAX: usize = 40;

/// Writes to standard output. A reader that has seen enough (`| head`) is no failure.
pub fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Writes a value as JSON, in one line.
pub fn print_json(value: &impl Serialize) -> Result<(), Failure> {
    let mut text = serde_json::to_string(value)?;
    text.push('\n');
    print(&text)
}

/// A bar on standard error for a number of steps; nothing where standard error is no terminal.
pub fn progress(what: &str, steps: i64) -> ProgressBar {
    let bar = ProgressBar::new(steps.unsigned_abs());
    if let Ok(style) =
        ProgressStyle::with_template("{msg} [{bar:40}] {human_pos}/{human_len} {elapsed_precise} eta {eta}")
    {
        bar.set_style(style.progress_chars("=> "));
    }
    bar.set_message(what.to_owned());
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

/// Digits in threes: `1,234,567.89`.
pub fn grouped(value: Decimal) -> String {
    let text = value.to_string();
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |rest| ("-", rest));
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(a, b)| (a, Some(b)));
    let mut out = String::from(sign);
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

/// An amount for people.
pub fn money(amount: Cents) -> String {
    grouped(amount.to_decimal())
}

/// A quantity for people: no fraction where it has none.
pub fn quantity(quantity: Quantity) -> String {
    grouped(quantity.to_decimal().normalize())
}

/// A count for people.
pub fn count(count: i64) -> String {
    grouped(Decimal::from(count))
}

/// The length of a list for people.
pub fn len(count: usize) -> String {
    grouped(Decimal::from(count))
}

/// A name that fits beside numbers.
pub fn short(name: &str) -> String {
    if name.chars().count() <= NAME_MAX {
        return name.to_owned();
    }
    let kept: String = name.chars().take(NAME_MAX - 1).collect();
    format!("{}…", kept.trim_end())
}

/// So many a second, without a fraction.
pub fn per_second(count: i64, elapsed: Duration) -> i64 {
    let millis = i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX).max(1);
    count.saturating_mul(1_000) / millis
}

/// Where a column's text stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// A table in columns as wide as their widest cell, two spaces apart, with a rule under the heads; the rows behind
/// `body` are totals and stand under a rule of their own.
pub fn table(heads: &[(&str, Align)], rows: &[Vec<String>], body: usize) -> String {
    let mut widths: Vec<usize> = heads.iter().map(|(head, _)| head.chars().count()).collect();
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let line = |cells: &[String]| {
        let mut text = String::from(" ");
        for ((cell, (_, align)), width) in cells.iter().zip(heads).zip(&widths) {
            let gap = " ".repeat(width.saturating_sub(cell.chars().count()));
            text.push(' ');
            match align {
                Align::Left => text.extend([cell.as_str(), &gap]),
                Align::Right => text.extend([gap.as_str(), cell]),
            }
            text.push(' ');
        }
        let mut text = text.trim_end().to_owned();
        text.push('\n');
        text
    };
    let rule: Vec<String> = widths.iter().map(|width| "─".repeat(*width)).collect();
    let mut out = line(&heads.iter().map(|(head, _)| (*head).to_owned()).collect::<Vec<_>>());
    out.push_str(&line(&rule));
    for (number, row) in rows.iter().enumerate() {
        if number == body && body > 0 {
            out.push_str(&line(&rule));
        }
        out.push_str(&line(row));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_grouped_in_threes() {
        for (cents, text) in [
            (0, "0.00"),
            (99_999, "999.99"),
            (100_000, "1,000.00"),
            (-123_456_789, "-1,234,567.89"),
            (-10_000, "-100.00"),
        ] {
            assert_eq!(money(Cents(cents)), text);
        }
        assert_eq!(quantity(Quantity(1_500_500_000)), "1,500.5");
        assert_eq!(count(4_498), "4,498");
    }

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = vec![vec!["a".to_owned(), "1,000".to_owned()], vec!["total".to_owned(), "7".to_owned()]];
        let text = table(&[("código", Align::Left), ("n", Align::Right)], &rows, 1);
        assert_eq!(
            text,
            "  código      n\n  ──────  ─────\n  a       1,000\n  ──────  ─────\n  total       7\n"
        );
    }
}
