//! `diario export`.

mod contabilidad;

use std::{
    io::{BufWriter, ErrorKind, Stdout, Write as _, stdout},
    process::ExitCode,
};

use clap::ValueEnum;
use diario_projections::export::{self, ExportError, Format};

pub use contabilidad::ExportContabilidad;

use super::{Common, Context, Failure};

/// Write every event as it is stored, one JSON object a line, in the order of the log.
///
/// Payload and metadata are the exact bytes that were hashed; `docs/hash-chain.md` says how to check the chain with
/// `scripts/verify_chain.py`, which needs nothing of this program.
#[derive(clap::Args)]
pub struct ExportEvents {
    /// Whose (slug or id)
    #[arg(long)]
    tenant: String,
    /// How
    #[arg(long, value_enum, default_value_t = EventFormat::Jsonl)]
    format: EventFormat,
}

/// How events are written.
#[derive(Clone, Copy, ValueEnum)]
enum EventFormat {
    /// One JSON object a line
    Jsonl,
}

/// Write every journal entry by date, in a form that other programs check.
///
/// hledger: `diario export journal --tenant S | hledger -f - check -s ordereddates`;
/// beancount: write to a file and run `bean-check --no-cache FILE`.
#[derive(clap::Args)]
pub struct ExportJournal {
    /// Whose (slug or id)
    #[arg(long)]
    tenant: String,
    /// How
    #[arg(long, value_enum, default_value_t = JournalFormat::Hledger)]
    format: JournalFormat,
}

/// How the journal is written.
#[derive(Clone, Copy, ValueEnum)]
enum JournalFormat {
    /// One JSON object a line, amounts in centavos, debit positive
    Jsonl,
    /// A journal for hledger, with balance assertions at the end of each month
    Hledger,
    /// A ledger for beancount, with exact balance assertions at the end of each month
    Beancount,
}

impl ExportEvents {
    /// Writes them.
    pub async fn run(self, common: &Common) -> Result<ExitCode, Failure> {
        let EventFormat::Jsonl = self.format;
        let mut out = BufWriter::new(stdout());
        let written = Context::with(common, false, async |context| {
            let tenant = context.tenant(&self.tenant).await?;
            let sink = &mut |text: &str| out.write_all(text.as_bytes());
            Ok(export::events(&context.log, tenant.tenant_id, sink).await)
        })
        .await?;
        finish(out, written)
    }
}

impl ExportJournal {
    /// Writes it.
    pub async fn run(self, common: &Common) -> Result<ExitCode, Failure> {
        let format = match self.format {
            JournalFormat::Jsonl => Format::Jsonl,
            JournalFormat::Hledger => Format::Hledger,
            JournalFormat::Beancount => Format::Beancount,
        };
        let mut out = BufWriter::new(stdout());
        let written = Context::with(common, false, async |context| {
            let tenant = context.tenant(&self.tenant).await?;
            let sink = &mut |text: &str| out.write_all(text.as_bytes());
            Ok(export::journal(&context.log, tenant.tenant_id, &tenant.currency, format, sink).await)
        })
        .await?;
        finish(out, written)
    }
}

/// The status that a shell reports of a program that its reader left (128 + SIGPIPE): quiet, and no success.
const READER_GONE: u8 = 141;

fn finish(mut out: BufWriter<Stdout>, written: Result<(), ExportError>) -> Result<ExitCode, Failure> {
    match written.and_then(|()| out.flush().map_err(ExportError::from)) {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(ExportError::Write(error)) if error.kind() == ErrorKind::BrokenPipe => {
            // What is still buffered has nowhere to go.
            drop(out.into_parts());
            Ok(ExitCode::from(READER_GONE))
        }
        Err(error) => Err(error.into()),
    }
}
