//! Whole files of items and customers, from the command line and over HTTP by one path: table, rows by column, what
//! the shop has already, what the books refuse, and then the commands.

mod columns;
mod customers;
mod fault;
mod items;
mod report;
pub mod table;

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use diario_commands::{Answer, CommandError, Commands, Key, Rendered, Request};
use diario_domain::{BranchId, Command, EmployeeId, Refusal, TenantId, command::Issued};
use diario_projections::Projections;
use diario_store::{Database, Log, StoreError};
use jiff::Timestamp;

use crate::http::write::Caller;

pub use fault::{Fault, RowError};
pub use report::Report;

/// Rows of one file: deciding and writing so many at once takes about two seconds, and the shop's other writes wait
/// for it. `docs/import.md` has the measurement.
pub const ROWS_MAX: usize = 20_000;
/// Rows that go into one append where bad rows may stay out.
const CHUNK: usize = 500;

/// What a file is a list of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// Items with prices and opening stock.
    Items,
    /// Customers.
    Customers,
}

/// What happens where some rows are bad.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Nothing.
    #[default]
    AllOrNothing,
    /// The good ones are created.
    GoodRows,
}

impl Mode {
    /// The modes' names.
    pub const NAMES: &'static [&'static str] = &["all_or_nothing", "good_rows"];

    /// The name in requests and answers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AllOrNothing => Self::NAMES[0],
            Self::GoodRows => Self::NAMES[1],
        }
    }
}

/// How to import.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// What the file is a list of.
    pub what: What,
    /// What happens where some rows are bad.
    pub mode: Mode,
    /// Only tell what would happen.
    pub dry_run: bool,
    /// More rows are refused.
    pub rows_max: usize,
    /// How long the read models may take to come up with the log.
    pub patience: Duration,
}

/// Whose file it is, and what it is imported with.
pub struct Desk<'a> {
    /// Read models.
    pub db: &'a Database,
    /// Documents.
    pub log: &'a Log,
    /// The writers.
    pub commands: &'a Commands,
    /// Who keeps the read models up.
    pub projections: &'a Projections,
    /// The shop, and what is stored with the events.
    pub caller: Caller,
    /// Where the shop is: ISO 3166-1 alpha-2.
    pub country: &'a str,
    /// Who imports.
    pub by: EmployeeId,
    /// Where rows belong that name no branch.
    pub branch: BranchId,
    /// Answers the first answer again.
    pub key: Option<Key>,
}

/// Who imports in a shop may find nothing there that another has found missing as well: one after another.
#[derive(Debug, Default)]
pub struct Turns(Mutex<HashMap<TenantId, Arc<tokio::sync::Mutex<()>>>>);

impl Turns {
    /// Waits for the shop's turn, and has it until the guard is dropped.
    pub async fn wait(&self, tenant: TenantId) -> tokio::sync::OwnedMutexGuard<()> {
        let turn = {
            let mut turns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(turns.entry(tenant).or_default())
        };
        turn.lock_owned().await
    }
}

/// What an import came to.
#[derive(Debug)]
pub enum Outcome {
    /// This.
    Report(Report),
    /// What the first request with the same key was answered.
    Replayed(Rendered),
}

/// Why there is no outcome. In `good_rows`, some rows may be in the books all the same: the same file again skips
/// them.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The writer.
    #[error(transparent)]
    Command(#[from] CommandError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The read models do not come up with the log.
    #[error("the read models do not follow the log; `diario status` shows which, `diario verify` why")]
    Lagging,
}

/// A row that can be asked for.
struct Planned {
    row: u64,
    command: Command,
}

/// A file's rows as they look before the books are asked.
#[derive(Default)]
struct Plan {
    planned: Vec<Planned>,
    skipped: u64,
    rejected: u64,
    errors: Vec<RowError>,
}

impl Plan {
    fn reject(&mut self, errors: Vec<RowError>) {
        self.rejected += 1;
        self.errors.extend(errors);
    }
}

/// The row that was first in the file with this key, where it was not this one.
fn earlier<K: Hash + Eq>(seen: &mut HashMap<K, u64>, key: K, row: u64) -> Option<u64> {
    let first = *seen.entry(key).or_insert(row);
    (first != row).then_some(first)
}

/// Imports a file.
pub async fn run(mut desk: Desk<'_>, options: Options, bytes: Vec<u8>) -> Result<Outcome, ImportError> {
    // A dry run does nothing, so there is nothing that a key could keep from being done twice.
    desk.key = desk.key.filter(|_| !options.dry_run);
    if let Some(replayed) = replayed(&desk).await? {
        return Ok(Outcome::Replayed(replayed));
    }
    let mut report = Report::new(options);
    let drafts = match drafts(options, bytes).await {
        Ok(drafts) => drafts,
        Err((rows, errors)) => {
            report.rows = rows;
            report.rejected = rows;
            report.errors = errors;
            report.is_no_file = true;
            return Ok(Outcome::Report(report));
        }
    };
    report.rows = drafts.len() as u64;
    catch_up(&desk, options.patience).await?;
    let mut plan = match options.what {
        What::Items => items::plan(&desk, drafts).await?,
        What::Customers => customers::plan(&desk, drafts).await?,
    };
    let commands = plan.planned.iter().map(|planned| issue(&desk, planned.command.clone())).collect();
    let refusals = desk.commands.rehearse(desk.caller.tenant, commands).await?;
    let mut good = Vec::with_capacity(plan.planned.len());
    for (planned, refusal) in std::mem::take(&mut plan.planned).into_iter().zip(refusals) {
        match refusal {
            None => good.push(planned),
            Some(refusal) => plan.reject(vec![refused(planned.row, refusal)]),
        }
    }
    report.accepted = good.len() as u64;
    report.skipped = plan.skipped;
    report.rejected = plan.rejected;
    report.errors = plan.errors;
    report.errors.sort_by_key(|error| error.row);
    if options.dry_run || report.failed() {
        return Ok(Outcome::Report(report));
    }
    match options.mode {
        Mode::AllOrNothing => all(&desk, report, good).await,
        Mode::GoodRows => good_rows(&desk, report, good).await,
    }
}

/// What the key's first request was answered, if there was one.
async fn replayed(desk: &Desk<'_>) -> Result<Option<Rendered>, ImportError> {
    let Some(key) = &desk.key else { return Ok(None) };
    let answered = desk.log.answered(desk.caller.tenant, std::slice::from_ref(&key.scope)).await?;
    let Some(row) = answered.get(&key.scope) else { return Ok(None) };
    if row.body_hash != key.body_hash {
        return Err(CommandError::KeyReused.into());
    }
    let status = u16::try_from(row.status).unwrap_or(500);
    Ok(Some(Rendered { status, body: row.response.clone() }))
}

/// Reads a file on a thread where it keeps nobody waiting; or what is wrong with it as a whole, and its rows.
async fn drafts(options: Options, bytes: Vec<u8>) -> Result<Vec<columns::Draft>, (u64, Vec<RowError>)> {
    let known = match options.what {
        What::Items => items::COLUMNS,
        What::Customers => customers::COLUMNS,
    };
    let read = tokio::task::spawn_blocking(move || {
        let table = table::read(&bytes, options.rows_max).map_err(|error| (0, vec![error]))?;
        let rows = table.rows.len() as u64;
        columns::drafts(table, known).map_err(|errors| (rows, errors))
    });
    // A workbook that its reader stumbles over is no workbook.
    read.await.unwrap_or_else(|_| Err((0, vec![RowError::of_row(1, Fault::NotSpreadsheet)])))
}

/// Waits until what is in the log can be read: rows are held against it.
async fn catch_up(desk: &Desk<'_>, patience: Duration) -> Result<(), ImportError> {
    let tenant = desk.caller.tenant;
    desk.projections.ensure(tenant);
    let head = desk.log.head(tenant).await?.map_or(0, |head| head.position);
    if desk.projections.caught_up(tenant, head, patience).await { Ok(()) } else { Err(ImportError::Lagging) }
}

fn issue(desk: &Desk<'_>, command: Command) -> Issued<Command> {
    let at: Timestamp = desk.commands.now();
    Issued { by: desk.by, branch: desk.branch, at, command }
}

fn refused(row: u64, refusal: Refusal) -> RowError {
    RowError { row, column: column_of(&refusal).map(str::to_owned), fault: Fault::Refused(refusal) }
}

/// The column that a refusal is about.
const fn column_of(refusal: &Refusal) -> Option<&'static str> {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "what creates items and customers is refused for no other"
    )]
    match refusal {
        Refusal::DuplicateSku(_) => Some("part_number"),
        Refusal::DuplicateBarcode(_) => Some("barcode"),
        Refusal::DuplicateRfc(_) => Some("rfc"),
        Refusal::UnknownBranch(_) => Some("branch_id"),
        Refusal::NotStocked { .. } | Refusal::AmountTooLarge => Some("initial_stock"),
        Refusal::Invalid { field, .. } => Some(field),
        _ => None,
    }
}

/// Has commands decided as one request.
async fn execute(
    desk: &Desk<'_>,
    key: Option<Key>,
    commands: Vec<Issued<Command>>,
    render: diario_commands::Render,
) -> Result<Answer, CommandError> {
    let mut metadata = desk.caller.metadata.clone();
    metadata.idempotency_key = key.as_ref().map(|key| key.scope.clone());
    let request = Request { commands, metadata, key, secret: None, render };
    desk.commands.execute(desk.caller.tenant, request).await
}

/// Creates all rows in one append, or none.
async fn all(desk: &Desk<'_>, mut report: Report, good: Vec<Planned>) -> Result<Outcome, ImportError> {
    if good.is_empty() && desk.key.is_none() {
        return Ok(Outcome::Report(report));
    }
    let commands = good.iter().map(|planned| issue(desk, planned.command.clone())).collect();
    report.created = report.accepted;
    let decided = Arc::new(move |refusal: Option<&Refusal>| match refusal {
        None => report.clone(),
        Some(refusal) => overtaken(report.clone(), &good, refusal),
    });
    let render = Arc::clone(&decided);
    let render = Box::new(move |outcome: diario_commands::Outcome<'_>| render(outcome.err()).rendered());
    let answer = execute(desk, desk.key.clone(), commands, render).await?;
    if answer.replayed {
        return Ok(Outcome::Replayed(answer.rendered));
    }
    Ok(Outcome::Report(decided(answer.refusal.as_ref())))
}

/// The report where something was created between the rehearsal and the append, so that nothing is appended.
fn overtaken(mut report: Report, good: &[Planned], refusal: &Refusal) -> Report {
    let meets = |planned: &&Planned| match (&planned.command, refusal) {
        (Command::CreateItem(item), Refusal::DuplicateSku(sku)) => item.sku == *sku,
        (Command::CreateItem(item), Refusal::DuplicateBarcode(barcode)) => {
            item.barcode.as_ref() == Some(barcode)
        }
        (Command::RegisterCustomer(customer), Refusal::DuplicateRfc(rfc)) => {
            customer.details.rfc.as_ref() == Some(rfc)
        }
        _ => false,
    };
    report.created = 0;
    report.accepted -= 1;
    report.rejected += 1;
    let row = good.iter().find(meets).map_or(0, |planned| planned.row);
    report.errors.push(refused(row, refusal.clone()));
    report
}

/// Creates what can be created, some hundred rows an append.
async fn good_rows(desk: &Desk<'_>, mut report: Report, good: Vec<Planned>) -> Result<Outcome, ImportError> {
    let silent =
        || -> diario_commands::Render { Box::new(|_| Rendered { status: 201, body: String::new() }) };
    for chunk in good.chunks(CHUNK) {
        let commands = chunk.iter().map(|planned| issue(desk, planned.command.clone())).collect();
        if execute(desk, None, commands, silent()).await?.refusal.is_none() {
            report.created += chunk.len() as u64;
            continue;
        }
        // Something was created since the rehearsal: only the row that it meets stays out.
        for planned in chunk {
            let command = vec![issue(desk, planned.command.clone())];
            match execute(desk, None, command, silent()).await?.refusal {
                None => report.created += 1,
                Some(refusal) => {
                    report.accepted -= 1;
                    report.rejected += 1;
                    report.errors.push(refused(planned.row, refusal));
                }
            }
        }
    }
    report.errors.sort_by_key(|error| error.row);
    if desk.key.is_none() {
        return Ok(Outcome::Report(report));
    }
    // The rows are in several appends; their answer is kept by one of its own.
    let kept = report.clone();
    let answer = execute(desk, desk.key.clone(), Vec::new(), Box::new(move |_| kept.rendered())).await?;
    Ok(if answer.replayed { Outcome::Replayed(answer.rendered) } else { Outcome::Report(report) })
}
