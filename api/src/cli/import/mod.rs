//! `diario import sales`: a shop's history through the same commands as HTTP; items and customers beside it.

mod file;
mod items;
mod lists;
mod pipe;
mod report;
mod run;
mod session;
mod sold;

use std::{
    io::Read as _,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::ValueEnum;
use diario_domain::{Rate, money::MICRO};
use diario_store::tenants::Tenant;
use rust_decimal::Decimal;

use super::{Common, Context, Failure, text};

pub use lists::{ImportCustomers, ImportItems};
pub(super) use report::Report;

/// Import sales, returns and stock corrections.
///
/// Invoices become sales paid in cash; invoices that begin with C become cancellations or returns; lines of price 0
/// become stock adjustments. Each day of the file is a session of register 1, closed with a Z cut. Every row lands,
/// with its own date as business time.
///
/// A row that cannot be read is named (line, field, reason) and nothing of its invoice is booked; the exit code is 1
/// then, and the others are booked. The same file again books nothing twice, so a corrected file may simply be
/// imported again.
#[derive(clap::Args)]
pub struct ImportSales {
    /// Into whose books (slug or id)
    #[arg(long)]
    tenant: String,
    /// Of which shape the file is
    #[arg(long, value_enum)]
    format: Shape,
    /// Tax on every line, as a fraction
    #[arg(long, default_value = "0.16", value_parser = fraction)]
    tax_rate: Rate,
    /// `auto`: first receive what the file will need, at 60 % of the price
    #[arg(long, value_enum, default_value_t = OpeningStock::None)]
    opening_stock: OpeningStock,
    /// The file; `-` reads standard input
    file: PathBuf,
}

/// Shapes of files.
#[derive(Clone, Copy, ValueEnum)]
#[expect(clippy::doc_markdown, reason = "it is shown as help")]
enum Shape {
    /// CSV with the columns InvoiceNo, StockCode, Description, Quantity, InvoiceDate, UnitPrice, CustomerID, Country
    OnlineRetail,
}

/// What to do about goods that the file sells and nobody has received.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum OpeningStock {
    /// Nothing: such sales are refused, unless the tenant allows negative stock
    None,
    /// Receive them first
    Auto,
}

/// How to import.
#[derive(Clone, Copy)]
pub(super) struct Options {
    pub(super) tax_rate: Rate,
    pub(super) opening_stock: OpeningStock,
}

fn fraction(value: &str) -> Result<Rate, String> {
    let rate = value.parse::<Decimal>().ok().and_then(Rate::from_decimal);
    rate.filter(|rate| !rate.is_negative() && rate.0 <= MICRO)
        .ok_or_else(|| "a fraction between 0 and 1 with at most 6 decimals, like 0.16".to_owned())
}

impl ImportSales {
    /// Imports.
    pub async fn run(self, common: &Common) -> Result<ExitCode, Failure> {
        let Shape::OnlineRetail = self.format;
        let bytes = read(&self.file)?;
        let options = Options { tax_rate: self.tax_rate, opening_stock: self.opening_stock };
        let report = Context::with(common, false, async |context| {
            let tenant = context.tenant(&self.tenant).await?;
            import(context, &tenant, &bytes, options).await
        })
        .await?;
        if common.json {
            text::print_json(&report.as_value())?;
        } else {
            text::print(&report.words())?;
        }
        Ok(if report.is_complete() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

/// A file's bytes; `-` is standard input.
fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    if file.as_os_str() == "-" {
        let mut bytes = Vec::new();
        std::io::stdin().lock().read_to_end(&mut bytes)?;
        return Ok(bytes);
    }
    std::fs::read(file).map_err(|error| format!("cannot read {}: {error}", file.display()).into())
}

/// Imports a file's bytes, with a progress bar on a terminal.
pub(super) async fn import(
    context: &Context,
    tenant: &Tenant,
    bytes: &[u8],
    options: Options,
) -> Result<Report, Failure> {
    let file = file::read(bytes, options.tax_rate)?;
    run::run(context, tenant, file, options).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tax_rate_is_a_fraction() {
        assert_eq!(fraction("0.16"), Ok(Rate(160_000)));
        assert_eq!(fraction("0"), Ok(Rate::ZERO));
        for wrong in ["16", "-0.1", "0.1234567", "16%", ""] {
            assert!(fraction(wrong).is_err(), "{wrong}");
        }
    }
}
