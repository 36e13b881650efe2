//! Checks a tenant's log and read models against each other, trusting neither.
//!
//! The hash chain is recomputed from the stored bytes. The log is folded from its first event, by the same code
//! but into a scratch database of its own, and every row of every live read model is compared with the scratch
//! row. The live database is only read. The Book's snapshot is compared with the fold as well.

use std::{collections::BTreeMap, path::Path};

use diario_domain::{Book, Event, TenantId, book::BOOK_VERSION, event::Recorded, tenant::TenantCreated};
use diario_store::{
    Database, Log, Row, StoreError, Value,
    hash::{GENESIS, Hash, Hashed, chain},
    models::{Batch, Table},
};

use crate::{ALL, Projection, runner::fold};

/// Events folded at once.
const PAGE: i64 = 1_000;
/// Rows compared at once.
const ROWS: i64 = 2_000;
/// How long a read model that is behind may take to follow.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(2);
/// Differences that are told one by one; the rest is counted.
const TOLD_MAX: usize = 20;

/// A place where log and stored state part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The first event that is concerned.
    pub position: i64,
    /// The table or `events` or `book_snapshots`.
    pub table: String,
    /// The row's key behind the tenant.
    pub key: Vec<i64>,
    /// What differs.
    pub what: String,
}

/// What a verification came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Events whose hash was recomputed.
    pub events: i64,
    /// Rows of read models that were compared.
    pub rows: i64,
    /// The hash of the last event, in hex.
    pub head_hash: String,
    /// Places where they part, the first event first.
    pub differences: Vec<Difference>,
    /// All of them.
    pub difference_count: usize,
}

impl Report {
    /// Whether everything agrees.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.difference_count == 0
    }

    fn note(&mut self, position: i64, table: &str, key: &[i64], what: String) {
        self.difference_count += 1;
        self.differences.push(Difference { position, table: table.to_owned(), key: key.to_vec(), what });
        self.differences.sort_by_key(|difference| difference.position);
        self.differences.truncate(TOLD_MAX);
    }
}

/// Tells how far a long run is: events done, events in all.
pub type Progress<'a> = &'a (dyn Fn(i64, i64) + Send + Sync);

/// A database of its own in a folder, holding a tenant's read models as the log says they are.
pub(crate) struct Scratch {
    pub(crate) db: Database,
    pub(crate) position: i64,
    pub(crate) book: Book,
    hash: Hash,
    founded: Option<TenantCreated>,
}

impl Scratch {
    pub(crate) async fn open(folder: &Path) -> Result<Self, StoreError> {
        let db = Database::connect(&format!("sqlite:{}", folder.join("scratch.db").display())).await?;
        db.migrate().await?;
        Ok(Self { db, position: 0, book: Book::default(), hash: GENESIS, founded: None })
    }

    /// Follows the log up to a position, checking the chain on the way. An event that cannot be followed is
    /// noted and ends the fold.
    pub(crate) async fn follow(
        &mut self,
        log: &Log,
        tenant: TenantId,
        to: i64,
        report: &mut Report,
        progress: Progress<'_>,
    ) -> Result<(), StoreError> {
        let snapshot = log.snapshot(tenant, BOOK_VERSION).await?;
        if self.position == 0 {
            for projection in ALL {
                self.db.checkpoint(tenant, projection.name).await?;
            }
        }
        while self.position < to {
            let rows = log.read_stored(tenant, self.position, PAGE.min(to - self.position)).await?;
            if rows.is_empty() {
                report.note(
                    self.position + 1,
                    "events",
                    &[self.position + 1],
                    "the event is missing".to_owned(),
                );
                return Ok(());
            }
            let mut events = Vec::with_capacity(rows.len());
            for row in &rows {
                let Some(event) = self.check(tenant, row, report)? else { return Ok(()) };
                self.book.apply(&event);
                if let Event::TenantCreated(created) = &event.event {
                    self.founded = Some((**created).clone());
                }
                if let Some((at, text)) = &snapshot
                    && *at == event.position
                    && serde_json::from_str::<Book>(text)
                        .ok()
                        .is_none_or(|book| book.without_zone() != self.book.without_zone())
                {
                    report.note(
                        *at,
                        "book_snapshots",
                        &[],
                        "the snapshot is not what the log folds to".to_owned(),
                    );
                }
                events.push(event);
            }
            self.fold(tenant, &events, report).await?;
            progress(self.position, to);
        }
        report.head_hash = hex(&self.hash);
        Ok(())
    }

    async fn fold(
        &mut self,
        tenant: TenantId,
        events: &[Recorded],
        report: &mut Report,
    ) -> Result<(), StoreError> {
        let events: Vec<&Recorded> = events.iter().collect();
        let Some(last) = events.last() else { return Ok(()) };
        let mut batch = Batch::new(tenant);
        for projection in ALL {
            batch.checkpoint(projection.name, self.position, last.position);
            if let Err((position, why)) = fold(projection, &events, &mut batch) {
                report.note(position, projection.name, &[], format!("cannot be followed: {why}"));
            }
        }
        if self.db.write_models(batch).await?.is_err() {
            return Err(StoreError::Closed);
        }
        self.position = last.position;
        Ok(())
    }

    /// Recomputes an event's hash and reads it.
    fn check(
        &mut self,
        tenant: TenantId,
        row: &Row,
        report: &mut Report,
    ) -> Result<Option<Recorded>, StoreError> {
        let position = row.int(0)?;
        let expected = report.events + 1;
        if position != expected {
            report.note(
                expected,
                "events",
                &[expected],
                format!("the log goes on at {position}: events are missing"),
            );
            return Ok(None);
        }
        report.events += 1;
        let (stream, event_type, payload, metadata) =
            (row.text(1)?, row.text(3)?, row.text(5)?, row.text(6)?);
        let hash = chain(
            &self.hash,
            &Hashed {
                tenant_id: tenant.0,
                position,
                stream: &stream,
                version: row.int(2)?,
                event_type: &event_type,
                schema_version: row.int(4)?,
                payload: &payload,
                metadata: &metadata,
                occurred_at: row.int(7)?,
                recorded_at: row.int(8)?,
            },
        );
        if row.bytes(9)? != self.hash {
            report.note(
                position,
                "events",
                &[position],
                "prev_hash is not the hash of the event before".to_owned(),
            );
        }
        let stored = row.bytes(10)?;
        if stored != hash {
            let what = "the stored hash is not that of the stored event: one of them was changed".to_owned();
            report.note(position, "events", &[position], what);
        }
        // Goes on from what is stored, so that one changed event is one difference and not all after it.
        self.hash = stored.try_into().unwrap_or(hash);
        match diario_store::log::recorded(tenant, row) {
            Ok(event) => Ok(Some(event)),
            Err(error) => {
                report.note(position, "events", &[position], error.to_string());
                Ok(None)
            }
        }
    }
}

/// Verifies a tenant: chain, Book and every read model up to where they stand now.
pub async fn verify(log: &Log, tenant: TenantId, progress: Progress<'_>) -> Result<Report, StoreError> {
    let folder = tempfile::tempdir().map_err(|_| StoreError::Closed)?;
    let mut scratch = Scratch::open(folder.path()).await?;
    let mut report = Report::default();
    let Some(head) = log.head(tenant).await? else { return Ok(report) };
    let mut checkpoints = BTreeMap::new();
    for projection in ALL {
        checkpoints.insert(projection.name, log.database().checkpoint(tenant, projection.name).await?);
    }
    scratch.follow(log, tenant, head.position, &mut report, progress).await?;
    if report.is_clean() && report.head_hash != hex(&head.hash) {
        report.note(head.position, "tenants", &[], "head_hash is not the hash of the last event".to_owned());
    }
    directory(log, tenant, &scratch, &mut report).await?;
    let mut ahead = Vec::new();
    if scratch.position == head.position {
        for projection in ALL {
            let upto = checkpoints.get(projection.name).copied().unwrap_or(0);
            if upto < head.position {
                let what = format!("stands at {upto}, the log at {}", head.position);
                // A shop that is being written to is a little behind; one that has stopped stays behind.
                let now = patiently(log, tenant, projection, head.position).await?;
                if now < head.position {
                    report.note(now + 1, projection.name, &[], what);
                    continue;
                }
            }
            ahead.extend(compare(log.database(), &scratch, tenant, projection, &mut report).await?);
        }
    }
    // A shop that is being written to is ahead of the fold by now. Nothing of it is ahead of its log.
    let snapshot = log.snapshot(tenant, BOOK_VERSION).await?.map_or(0, |(at, _)| at);
    let end = log.head(tenant).await?.map_or(0, |head| head.position);
    for (_, row) in ahead.into_iter().filter(|(position, _)| *position > end) {
        report.note(row.position, &row.table, &row.key, row.what);
    }
    let stand = checkpoints.into_iter().chain([("book_snapshots", snapshot)]);
    for (name, at) in stand.filter(|(_, at)| *at > end) {
        let what = format!("stands at {at}, and the log ends at {end}: events are missing");
        report.note(end + 1, name, &[], what);
    }
    Ok(report)
}

/// Compares the row that requests are served by with what the tenant was founded as.
async fn directory(
    log: &Log,
    tenant: TenantId,
    scratch: &Scratch,
    report: &mut Report,
) -> Result<(), StoreError> {
    let (Some(founded), Some(row)) = (&scratch.founded, log.database().tenant(tenant).await?) else {
        return Ok(());
    };
    let parts = [
        ("slug", Some(row.slug), Some(&founded.slug)),
        ("name", Some(row.name), Some(&founded.name)),
        (
            "organization_id",
            Some(row.organization_id.to_string()),
            Some(&founded.organization_id.to_string()),
        ),
        ("country", Some(row.country), Some(&founded.country)),
        ("currency", Some(row.currency), Some(&founded.currency)),
        ("timezone", Some(row.timezone), Some(&founded.timezone)),
        ("postal_code", row.postal_code, founded.postal_code.as_ref()),
    ];
    for (name, is, was) in parts.into_iter().filter(|(_, is, was)| is.as_ref() != *was) {
        let text =
            |value: Option<&String>| value.map_or_else(|| "nothing".to_owned(), |text| format!("{text:?}"));
        let what = format!("{name} is {}, the log says {}", text(is.as_ref()), text(was));
        report.note(1, "tenants", &[], what);
    }
    Ok(())
}

/// Where a read model stands, after giving it a moment to reach a position.
async fn patiently(
    log: &Log,
    tenant: TenantId,
    projection: &Projection,
    position: i64,
) -> Result<i64, StoreError> {
    let until = std::time::Instant::now() + PATIENCE;
    loop {
        let now = log.database().checkpoint(tenant, projection.name).await?;
        if now >= position || std::time::Instant::now() >= until {
            return Ok(now);
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

/// Compares a read model's tables row by row, both sides in the order of the key. What differs and says that
/// it is of a later position than the fold is answered with that position, not noted: it may have been written since.
pub(crate) async fn compare(
    live: &Database,
    scratch: &Scratch,
    tenant: TenantId,
    projection: &Projection,
    report: &mut Report,
) -> Result<Vec<(i64, Difference)>, StoreError> {
    let mut ahead = Vec::new();
    let mut differs =
        |report: &mut Report, (fold, live): (i64, i64), table: &Table, key: &[i64], what: String| {
            if live <= scratch.position {
                report.note(fold, table.name, key, what);
            } else {
                let row =
                    Difference { position: fold, table: table.name.to_owned(), key: key.to_vec(), what };
                ahead.push((live, row));
            }
        };
    for table in projection.tables {
        let mut theirs = Cursor::new(live, table, tenant);
        let mut ours = Cursor::new(&scratch.db, table, tenant);
        loop {
            let (their_key, our_key) = (theirs.key().await?, ours.key().await?);
            let order = match (&their_key, &our_key) {
                (None, None) => break,
                (Some(_), None) => std::cmp::Ordering::Less,
                (None, Some(_)) => std::cmp::Ordering::Greater,
                (Some(theirs), Some(ours)) => theirs.cmp(ours),
            };
            match order {
                std::cmp::Ordering::Less => {
                    let Some((row, key)) = theirs.take() else { break };
                    let position = position_of(table, &row)?;
                    let what = "the row is not in the log".to_owned();
                    differs(report, (position, position), table, &key, what);
                }
                std::cmp::Ordering::Greater => {
                    let Some((row, key)) = ours.take() else { break };
                    report.note(position_of(table, &row)?, table.name, &key, "the row is missing".to_owned());
                }
                std::cmp::Ordering::Equal => {
                    let (Some((their_row, key)), Some((our_row, _))) = (theirs.take(), ours.take()) else {
                        break;
                    };
                    report.rows += 1;
                    if their_row != our_row {
                        let at = (position_of(table, &our_row)?, position_of(table, &their_row)?);
                        differs(report, at, table, &key, describe(table, &their_row, &our_row));
                    }
                }
            }
        }
    }
    Ok(ahead)
}

fn position_of(table: &Table, row: &Row) -> Result<i64, StoreError> {
    if table.has_position() { row.int(row.0.len() - 1) } else { row.int(table.key.len() - 1) }
}

fn describe(table: &Table, live: &Row, log: &Row) -> String {
    let names: Vec<_> = table.all_columns().skip(1).collect();
    let parts: Vec<_> = names
        .iter()
        .zip(live.0.iter().zip(&log.0))
        .filter(|(_, (live, log))| live != log)
        .map(|(name, (live, log))| format!("{name} is {}, the log says {}", shown(live), shown(log)))
        .collect();
    parts.join("; ")
}

fn shown(value: &Value) -> String {
    match value {
        Value::Int(Some(number)) => number.to_string(),
        Value::Text(Some(text)) => format!("{text:?}"),
        Value::Int(None) | Value::Text(None) => "nothing".to_owned(),
        Value::Bytes(bytes) => hex(bytes),
    }
}

/// Rows of a table in the order of its key, page by page.
struct Cursor<'a> {
    db: &'a Database,
    table: &'static Table,
    tenant: TenantId,
    page: std::collections::VecDeque<Row>,
    after: Vec<i64>,
    ended: bool,
}

impl<'a> Cursor<'a> {
    fn new(db: &'a Database, table: &'static Table, tenant: TenantId) -> Self {
        Self { db, table, tenant, page: std::collections::VecDeque::new(), after: Vec::new(), ended: false }
    }

    async fn key(&mut self) -> Result<Option<Vec<i64>>, StoreError> {
        if self.page.is_empty() && !self.ended {
            let rows = self.db.page_rows(self.table, self.tenant, &self.after, ROWS).await?;
            self.ended = rows.is_empty();
            if let Some(last) = rows.last() {
                self.after = self.key_of(last)?;
            }
            self.page = rows.into();
        }
        self.page.front().map(|row| self.key_of(row)).transpose()
    }

    fn key_of(&self, row: &Row) -> Result<Vec<i64>, StoreError> {
        (0..self.table.key.len()).map(|place| row.int(place)).collect()
    }

    fn take(&mut self) -> Option<(Row, Vec<i64>)> {
        let row = self.page.pop_front()?;
        let key = self.key_of(&row).ok()?;
        Some((row, key))
    }
}

/// Bytes in hex.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
