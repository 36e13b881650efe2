//! The vehicle catalogue's rows: reference data that belongs to no tenant and stands in no log.
//!
//! Rows are written by their ids, a few thousand in one transaction: a row that is there already is replaced where
//! it differs and left alone where it does not, so the same file may be loaded any number of times. The index of
//! words ([`crate::postings`]) moves in the same transaction as the parts.

use std::collections::{HashMap, HashSet};

use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior};
use sqlx::{AssertSqlSafe, Executor as _, PgConnection, Row as _};

use crate::{
    Database, StoreError,
    database::Engine,
    models::Kind,
    postgres::unnest,
    postings::{Block, IdSet, place},
    sqlite::bind_one,
    value::Value,
};

/// Rows that are written in one transaction.
pub const BATCH: usize = 5_000;
/// Ids that are read at once.
const PAGE: i64 = 50_000;
/// Held while parts are written, so that two imports take turns with the words.
const WORDS_LOCK: i64 = 0x6361_7461_6c6f;

/// A table of the catalogue: its columns, the key first.
#[derive(Debug)]
pub struct Sheet {
    /// The table's name.
    pub table: &'static str,
    /// How many columns are its key.
    pub key: usize,
    /// All columns that are loaded.
    pub columns: &'static [(&'static str, Kind)],
}

macro_rules! sheet {
    ($(#[$doc:meta])* $constant:ident = $table:ident, $key:literal { $($kind:ident $column:ident),+ }) => {
        $(#[$doc])*
        pub static $constant: Sheet = Sheet {
            table: stringify!($table),
            key: $key,
            columns: &[$((stringify!($column), sheet!(@$kind))),+],
        };
    };
    (@int) => { Kind::Int };
    (@text) => { Kind::Text };
}

sheet! {
    /// Makers of vehicles.
    BRANDS = catalog_brands, 1 { int brand_id, text name }
}
sheet! {
    /// Their models.
    MODELS = catalog_models, 1 { int model_id, int brand_id, text name }
}
sheet! {
    /// Model years.
    YEARS = catalog_years, 1 { int year_id, int year }
}
sheet! {
    /// Engines.
    ENGINES = catalog_engines, 1 { int engine_id, text name }
}
sheet! {
    /// Vehicles.
    MYE = catalog_mye, 1 { int mye_id, int model_id, int year_id, int engine_id }
}
sheet! {
    /// Categories of parts.
    CATEGORIES = catalog_categories, 1 { int category_id, text name }
}
sheet! {
    /// Groups of parts in their categories.
    GROUPS = catalog_groups, 1 { int group_id, int category_id, text name }
}
sheet! {
    /// Parts. The last column is the part's words, apart by a space.
    PARTS = catalog_parts, 1 {
        int part_id, int group_id, text part_number, text name, text manufacturer, text description,
        text number_key, text maker_key, text search
    }
}
sheet! {
    /// Which part fits which vehicle.
    FITMENTS = catalog_fitments, 2 { int mye_id, int part_id }
}
sheet! {
    /// Other numbers of a part.
    CROSS_REFERENCES = catalog_cross_references, 3 {
        int part_id, text number_key, text maker_key, text part_number, text manufacturer, text type
    }
}

impl Sheet {
    /// `INSERT … ON CONFLICT …` around the rows' source.
    fn upsert(&self, source: &str) -> String {
        let names: Vec<&str> = self.columns.iter().map(|(name, _)| *name).collect();
        let (key, rest) = names.split_at(self.key);
        let table = self.table;
        let action = if rest.is_empty() {
            "NOTHING".to_owned()
        } else {
            let sets: Vec<_> = rest.iter().map(|name| format!("{name} = excluded.{name}")).collect();
            let differ: Vec<_> =
                rest.iter().map(|name| format!("{table}.{name} IS DISTINCT FROM excluded.{name}")).collect();
            format!("UPDATE SET {} WHERE {}", sets.join(", "), differ.join(" OR "))
        };
        format!(
            "INSERT INTO {table} ({}) {source} ON CONFLICT ({}) DO {action}",
            names.join(", "),
            key.join(", ")
        )
    }

    fn is_parts(&self) -> bool {
        std::ptr::eq(self, &raw const PARTS)
    }
}

/// The longest beginning of words that is a word of its own in the index: so few letters begin so many words that
/// to read them all takes too long.
pub const BEGINNING_MAX: usize = 3;

/// How a beginning is written among the words; no word ends so.
#[must_use]
pub fn beginning(letters: &str) -> String {
    format!("{letters}*")
}

/// What a part is found by: its words and their first letters.
fn terms(words: &str) -> HashSet<String> {
    let mut terms = HashSet::new();
    for word in words.split_whitespace() {
        let ends = word.char_indices().map(|(at, _)| at).skip(1).chain([word.len()]);
        terms.extend(ends.take(BEGINNING_MAX).map(|end| beginning(&word[..end])));
        terms.insert(word.to_owned());
    }
    terms
}

/// Ids that come to a word's block, and ids that leave it.
#[derive(Default)]
struct Change {
    come: Vec<u16>,
    leave: Vec<u16>,
}

/// Words and blocks in their order, each with what changes there.
type Changes = Vec<((String, i64), Change)>;

/// What changes for the words when these parts take the place of what was there.
fn word_changes(rows: &[Vec<Value>], old: &HashMap<i64, String>) -> Changes {
    let mut changes: HashMap<(String, i64), Change> = HashMap::new();
    for row in rows {
        let (Some(Value::Int(Some(id))), Some(Value::Text(Some(new)))) = (row.first(), row.last()) else {
            continue;
        };
        let old = old.get(id).map_or("", String::as_str);
        if old == new {
            continue;
        }
        let (block, low) = place(*id);
        let (mut before, after) = (terms(old), terms(new));
        for term in after {
            if !before.remove(&term) {
                changes.entry((term, block)).or_default().come.push(low);
            }
        }
        for term in before {
            changes.entry((term, block)).or_default().leave.push(low);
        }
    }
    let mut changes: Changes = changes.into_iter().collect();
    changes.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
    changes
}

fn change(block: &mut Block, change: &Change) {
    for low in &change.leave {
        block.remove(*low);
    }
    for low in &change.come {
        block.insert(*low);
    }
}

impl Database {
    /// Writes rows of a sheet, at most [`BATCH`] of them with each key once; answers how many were new or differed.
    pub async fn load_catalog(
        &self,
        sheet: &'static Sheet,
        rows: Vec<Vec<Value>>,
    ) -> Result<u64, StoreError> {
        match &*self.engine {
            Engine::Sqlite(sqlite) => {
                sqlite.write(move |connection| load_sqlite(connection, sheet, &rows)).await
            }
            Engine::Postgres(postgres) => {
                let mut transaction = postgres.models.begin().await?;
                let changed = load_postgres(&mut transaction, sheet, rows).await?;
                transaction.commit().await?;
                Ok(changed)
            }
        }
    }

    /// The ids that a sheet has in the database.
    pub async fn catalog_ids(&self, sheet: &'static Sheet) -> Result<IdSet, StoreError> {
        let (table, id) = (sheet.table, sheet.columns[0].0);
        let sql = format!("SELECT {id} FROM {table} WHERE {id} > $1 ORDER BY {id} LIMIT $2");
        let mut ids = IdSet::default();
        let mut after = 0;
        loop {
            let rows = self.query(&sql, crate::params![after, PAGE]).await?;
            for row in &rows {
                after = row.int(0)?;
                ids.insert(after);
            }
            if rows.is_empty() {
                return Ok(ids);
            }
        }
    }

    /// What is done once at the end of an import: fresh statistics where the engine plans by them, and the parts
    /// of each brand counted.
    pub async fn settle_catalog(&self) -> Result<(), StoreError> {
        if let Engine::Postgres(postgres) = &*self.engine {
            for table in ["mye", "models", "groups", "parts", "fitments", "cross_references", "words"] {
                let statement = format!("VACUUM (ANALYZE) catalog_{table}");
                postgres.models.execute(sqlx::raw_sql(AssertSqlSafe(statement))).await?;
            }
        }
        let sql = "UPDATE catalog_brands SET part_count = (SELECT COUNT(DISTINCT f.part_id) FROM catalog_models m \
                   JOIN catalog_mye y ON y.model_id = m.model_id JOIN catalog_fitments f ON f.mye_id = y.mye_id \
                   WHERE m.brand_id = catalog_brands.brand_id)";
        self.execute(sql, vec![]).await.map(|_| ())
    }
}

fn load_sqlite(connection: &mut Connection, sheet: &Sheet, rows: &[Vec<Value>]) -> Result<u64, StoreError> {
    // A catalogue can be loaded again: it does not wait for the disk.
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if sheet.is_parts() {
        let mut old = HashMap::new();
        let mut statement =
            transaction.prepare_cached("SELECT search FROM catalog_parts WHERE part_id = ?1")?;
        for row in rows {
            if let Some(Value::Int(Some(id))) = row.first()
                && let Some(search) = statement.query_row([id], |row| row.get(0)).optional()?
            {
                old.insert(*id, search);
            }
        }
        let mut select =
            transaction.prepare_cached("SELECT parts FROM catalog_words WHERE word = ?1 AND block = ?2")?;
        let mut write = transaction.prepare_cached(
            "INSERT INTO catalog_words (word, block, parts) VALUES (?1, ?2, ?3) \
             ON CONFLICT (word, block) DO UPDATE SET parts = excluded.parts",
        )?;
        let mut delete =
            transaction.prepare_cached("DELETE FROM catalog_words WHERE word = ?1 AND block = ?2")?;
        for ((word, number), changed) in word_changes(rows, &old) {
            let bytes: Option<Vec<u8>> = select.query_row((&word, number), |row| row.get(0)).optional()?;
            let mut block = bytes.map_or_else(Block::default, |bytes| Block::from_bytes(&bytes));
            change(&mut block, &changed);
            if block.is_empty() {
                delete.execute((&word, number))?;
            } else {
                write.execute((&word, number, block.to_bytes()))?;
            }
        }
    }
    let places: Vec<_> = (1..=sheet.columns.len()).map(|place| format!("?{place}")).collect();
    let mut changed = 0;
    {
        let mut statement =
            transaction.prepare_cached(&sheet.upsert(&format!("VALUES ({})", places.join(", "))))?;
        for row in rows {
            for (place, cell) in row.iter().enumerate() {
                bind_one(&mut statement, place + 1, cell)?;
            }
            changed += statement.raw_execute()? as u64;
        }
    }
    transaction.commit()?;
    Ok(changed)
}

async fn load_postgres(
    transaction: &mut PgConnection,
    sheet: &Sheet,
    rows: Vec<Vec<Value>>,
) -> Result<u64, StoreError> {
    if sheet.is_parts() {
        sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(WORDS_LOCK).execute(&mut *transaction).await?;
        let ids: Vec<i64> = rows
            .iter()
            .filter_map(|row| if let Some(Value::Int(id)) = row.first() { *id } else { None })
            .collect();
        let sql = "SELECT part_id, search FROM catalog_parts WHERE part_id = ANY(CAST($1 AS BIGINT[]))";
        let mut old = HashMap::new();
        for row in sqlx::query(sql).bind(ids).fetch_all(&mut *transaction).await? {
            old.insert(row.try_get(0)?, row.try_get(1)?);
        }
        write_words(transaction, word_changes(&rows, &old)).await?;
    }
    let types: Vec<_> = sheet
        .columns
        .iter()
        .map(|(_, kind)| match kind {
            Kind::Int => "BIGINT",
            Kind::Text => "TEXT",
        })
        .collect();
    let sql = sheet.upsert(&format!("SELECT r.* FROM {}", unnest(1, &types, "r")));
    let mut query = sqlx::query(AssertSqlSafe(sql));
    let mut rows: Vec<_> = rows.into_iter().map(Vec::into_iter).collect();
    for (_, kind) in sheet.columns {
        let cells = rows.iter_mut().map(Iterator::next);
        query = match kind {
            Kind::Int => query.bind(
                cells
                    .map(|cell| if let Some(Value::Int(number)) = cell { number } else { None })
                    .collect::<Vec<_>>(),
            ),
            Kind::Text => query.bind(
                cells
                    .map(|cell| if let Some(Value::Text(text)) = cell { text } else { None })
                    .collect::<Vec<_>>(),
            ),
        };
    }
    Ok(query.execute(transaction).await?.rows_affected())
}

async fn write_words(transaction: &mut PgConnection, changes: Changes) -> Result<(), StoreError> {
    if changes.is_empty() {
        return Ok(());
    }
    let (words, blocks): (Vec<String>, Vec<i64>) = changes.iter().map(|(key, _)| key.clone()).unzip();
    let keys = unnest(1, &["TEXT", "BIGINT"], "c (word, block)");
    let sql = format!(
        "SELECT w.word, w.block, w.parts FROM {keys} JOIN catalog_words w ON w.word = c.word AND w.block = c.block"
    );
    let mut found: HashMap<(String, i64), Block> = HashMap::new();
    for row in sqlx::query(AssertSqlSafe(sql)).bind(words).bind(blocks).fetch_all(&mut *transaction).await? {
        let bytes: Vec<u8> = row.try_get(2)?;
        found.insert((row.try_get(0)?, row.try_get(1)?), Block::from_bytes(&bytes));
    }
    let (mut words, mut blocks, mut parts) = (Vec::new(), Vec::new(), Vec::new());
    let (mut empty_words, mut empty_blocks) = (Vec::new(), Vec::new());
    for (key, changed) in changes {
        let mut block = found.remove(&key).unwrap_or_default();
        change(&mut block, &changed);
        let (word, number) = key;
        if block.is_empty() {
            empty_words.push(word);
            empty_blocks.push(number);
        } else {
            words.push(word);
            blocks.push(number);
            parts.push(block.to_bytes());
        }
    }
    let rows = unnest(1, &["TEXT", "BIGINT", "BYTEA"], "r");
    let sql = format!(
        "INSERT INTO catalog_words (word, block, parts) SELECT r.* FROM {rows} \
         ON CONFLICT (word, block) DO UPDATE SET parts = excluded.parts"
    );
    sqlx::query(AssertSqlSafe(sql)).bind(words).bind(blocks).bind(parts).execute(&mut *transaction).await?;
    if !empty_words.is_empty() {
        let sql =
            format!("DELETE FROM catalog_words w USING {keys} WHERE w.word = c.word AND w.block = c.block");
        sqlx::query(AssertSqlSafe(sql)).bind(empty_words).bind(empty_blocks).execute(transaction).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_found_by_its_words_and_their_first_letters() {
        let mut found: Vec<String> = terms("ñandu 4x").into_iter().collect();
        found.sort_unstable();
        assert_eq!(found, ["4*", "4x", "4x*", "ñ*", "ña*", "ñan*", "ñandu"]);
    }

    #[test]
    fn only_what_differs_changes() {
        let row = |words: &str| vec![vec![Value::from(65_537), Value::from(words)]];
        let old = HashMap::from([(65_537, "bala bota".to_owned())]);
        assert!(word_changes(&row("bala bota"), &old).is_empty());
        let changes = word_changes(&row("bala bote"), &old);
        let words: Vec<_> = changes
            .iter()
            .map(|((word, block), change)| (word.as_str(), *block, &change.come[..], &change.leave[..]))
            .collect();
        assert_eq!(words, [("bota", 1, &[][..], &[1][..]), ("bote", 1, &[1][..], &[][..])]);
    }
}
