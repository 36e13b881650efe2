//! Writes to read models as data: a projection hands over rows, the engine writes them.
//!
//! A [`Batch`] is folded in memory first: however many events touch a row of an upserted table, it is written
//! once. It carries the checkpoints that move with it, in the same transaction: each event counts exactly once.

use std::collections::HashMap;

use diario_domain::TenantId;

use crate::{
    Database, StoreError,
    database::Moved,
    value::{Row, Value},
};

/// The type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Kind {
    Int,
    Text,
}

/// What becomes of a column when its row is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Merge {
    /// The new value takes its place.
    Set,
    /// The new value is added to it.
    Add,
    /// The larger of the two stays.
    Max,
    /// The smaller of the two stays.
    Min,
}

/// A column that is no part of the key.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// Its type.
    pub kind: Kind,
    /// How it merges; of no effect in a table that is only inserted into.
    pub merge: Merge,
}

/// A read model's table as its projection writes it. `tenant_id` leads and `position` ends it, unnamed.
#[derive(Debug)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// The rest of the primary key, whole numbers all.
    pub key: &'static [&'static str],
    /// The other columns in order.
    pub columns: &'static [Column],
    /// Whether rows are written again (upserted) or only once (inserted).
    pub upsert: bool,
}

/// `column!(text name)`, `column!(int total)`, `column!(int balance add)`: a column of a [`Table`].
#[macro_export]
macro_rules! column {
    (int $name:ident) => {
        $crate::models::Column {
            name: stringify!($name),
            kind: $crate::models::Kind::Int,
            merge: $crate::models::Merge::Set,
        }
    };
    (int $name:ident add) => {
        $crate::models::Column {
            name: stringify!($name),
            kind: $crate::models::Kind::Int,
            merge: $crate::models::Merge::Add,
        }
    };
    (int $name:ident max) => {
        $crate::models::Column {
            name: stringify!($name),
            kind: $crate::models::Kind::Int,
            merge: $crate::models::Merge::Max,
        }
    };
    (int $name:ident min) => {
        $crate::models::Column {
            name: stringify!($name),
            kind: $crate::models::Kind::Int,
            merge: $crate::models::Merge::Min,
        }
    };
    (text $name:ident) => {
        $crate::models::Column {
            name: stringify!($name),
            kind: $crate::models::Kind::Text,
            merge: $crate::models::Merge::Set,
        }
    };
}

/// `tables! { pub STOCK = upsert stock(item_id, branch_id) { int on_hand add, int reserved add } }`.
#[macro_export]
macro_rules! table {
    ($(#[$doc:meta])* $constant:ident = $mode:ident $name:ident($($key:ident),+) { $($kind:ident $column:ident $($merge:ident)?),* $(,)? }) => {
        $(#[$doc])*
        pub static $constant: $crate::models::Table = $crate::models::Table {
            name: stringify!($name),
            key: &[$(stringify!($key)),+],
            columns: &[$($crate::column!($kind $column $($merge)?)),*],
            upsert: $crate::table!(@$mode),
        };
    };
    (@upsert) => { true };
    (@insert) => { false };
}

impl Table {
    /// Every column in the order of the table.
    pub fn all_columns(&self) -> impl Iterator<Item = &'static str> {
        ["tenant_id"]
            .into_iter()
            .chain(self.key.iter().copied())
            .chain(self.columns.iter().map(|column| column.name))
            .chain(self.has_position().then_some("position"))
    }

    /// A table whose key ends in the position has no column of it besides.
    #[must_use]
    pub fn has_position(&self) -> bool {
        self.key.last() != Some(&"position")
    }

    /// The cells of a row behind `tenant_id`.
    pub(crate) fn width(&self) -> usize {
        self.key.len() + self.columns.len() + usize::from(self.has_position())
    }

    pub(crate) fn kind_at(&self, place: usize) -> Kind {
        place
            .checked_sub(self.key.len())
            .and_then(|at| self.columns.get(at))
            .map_or(Kind::Int, |column| column.kind)
    }
}

/// Keys behind the tenant are at most this many numbers.
const KEY_MAX: usize = 5;
type Key = [i64; KEY_MAX];

/// The rows for one table.
pub struct Rows {
    pub(crate) table: &'static Table,
    pub(crate) cells: Vec<Value>,
    places: HashMap<Key, usize>,
}

impl Rows {
    pub(crate) fn rows(&self) -> std::slice::ChunksExact<'_, Value> {
        self.cells.chunks_exact(self.table.width())
    }

    fn insert(&mut self, position: i64, key: &[i64], columns: Vec<Value>) {
        debug_assert_eq!(key.len(), self.table.key.len(), "{}", self.table.name);
        debug_assert_eq!(columns.len(), self.table.columns.len(), "{}", self.table.name);
        if self.table.upsert {
            let mut place: Key = [0; KEY_MAX];
            place[..key.len()].copy_from_slice(key);
            let start = self.cells.len();
            match self.places.entry(place) {
                std::collections::hash_map::Entry::Occupied(at) => {
                    let at = *at.get();
                    self.merge(at, columns, position);
                    return;
                }
                std::collections::hash_map::Entry::Vacant(free) => {
                    free.insert(start);
                }
            }
        }
        self.cells.extend(key.iter().map(|part| Value::from(*part)));
        self.cells.extend(columns);
        if self.table.has_position() {
            self.cells.push(Value::from(position));
        }
    }

    fn merge(&mut self, at: usize, columns: Vec<Value>, position: i64) {
        let first = at + self.table.key.len();
        for (offset, (column, new)) in self.table.columns.iter().zip(columns).enumerate() {
            let cell = &mut self.cells[first + offset];
            match (column.merge, &mut *cell, &new) {
                (Merge::Add, Value::Int(Some(sum)), Value::Int(Some(more))) => *sum += more,
                (Merge::Max, Value::Int(Some(largest)), Value::Int(Some(other))) => {
                    *largest = (*largest).max(*other);
                }
                (Merge::Min, Value::Int(Some(smallest)), Value::Int(Some(other))) => {
                    *smallest = (*smallest).min(*other);
                }
                (Merge::Set | Merge::Add | Merge::Max | Merge::Min, _, _) => *cell = new,
            }
        }
        if self.table.has_position() {
            self.cells[first + self.table.columns.len()] = Value::from(position);
        }
    }
}

/// Rows for some tables of one tenant, and the checkpoints that move with them.
pub struct Batch {
    pub(crate) tenant: TenantId,
    position: i64,
    /// Projection and the position it moves from.
    pub(crate) checkpoints: Vec<(&'static str, i64)>,
    pub(crate) to: i64,
    pub(crate) tables: Vec<Rows>,
}

impl Batch {
    /// An empty batch.
    #[must_use]
    pub fn new(tenant: TenantId) -> Self {
        Self { tenant, position: 0, checkpoints: Vec::new(), to: 0, tables: Vec::new() }
    }

    /// The rows that follow are written by the event at this position.
    pub fn at(&mut self, position: i64) {
        self.position = position;
    }

    /// Adds a row: key and columns in the table's order.
    pub fn put(&mut self, table: &'static Table, key: &[i64], columns: Vec<Value>) {
        let position = self.position;
        let index = if let Some(index) = self.tables.iter().position(|rows| std::ptr::eq(rows.table, table)) {
            index
        } else {
            self.tables.push(Rows { table, cells: Vec::new(), places: HashMap::new() });
            self.tables.len() - 1
        };
        self.tables[index].insert(position, key, columns);
    }

    /// Moves a projection's checkpoint with these rows.
    pub fn checkpoint(&mut self, projection: &'static str, from: i64, to: i64) {
        self.checkpoints.push((projection, from));
        self.to = to;
    }

    /// Rows in all tables.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.tables.iter().map(|rows| rows.cells.len() / rows.table.width().max(1)).sum()
    }
}

/// What a rebuild puts in the place of live rows.
pub struct Swap {
    /// Whose rows.
    pub tenant: TenantId,
    /// Of which tables, in the order they are written.
    pub tables: Vec<&'static Table>,
    /// Projection and the position it moves from.
    pub checkpoints: Vec<(&'static str, i64)>,
    /// The position of the new rows.
    pub to: i64,
}

/// The checkpoint was not where the batch moves it from: another process was first. Nothing was written.
#[derive(Debug, PartialEq, Eq)]
pub struct CheckpointMoved;

impl Database {
    /// Writes rows and checkpoints in one transaction.
    pub async fn write_models(&self, batch: Batch) -> Result<Result<(), CheckpointMoved>, StoreError> {
        Ok(match self.write_batch(batch).await? {
            Moved::Yes => Ok(()),
            Moved::No => Err(CheckpointMoved),
        })
    }

    /// Takes out a tenant's rows of some tables, puts those of a scratch database in their place and moves the
    /// checkpoints, in one transaction.
    pub async fn replace_models(
        &self,
        swap: Swap,
        scratch: &Self,
    ) -> Result<Result<(), CheckpointMoved>, StoreError> {
        Ok(match self.swap_rows(swap, scratch).await? {
            Moved::Yes => Ok(()),
            Moved::No => Err(CheckpointMoved),
        })
    }

    /// Makes a projection's checkpoint at 0 where it has none, and tells where it is.
    pub async fn checkpoint(&self, tenant: TenantId, projection: &str) -> Result<i64, StoreError> {
        let sql = "SELECT position FROM checkpoints WHERE tenant_id = $1 AND projection = $2";
        let params = || crate::params![tenant.0, projection];
        if let Some(row) = self.query(sql, params()).await?.first() {
            return row.int(0);
        }
        let insert = "INSERT INTO checkpoints (tenant_id, projection, position) VALUES ($1, $2, 0) ON CONFLICT (tenant_id, projection) DO NOTHING";
        self.execute(insert, params()).await?;
        self.query(sql, params()).await?.first().map_or(Ok(0), |row| row.int(0))
    }

    /// A page of a read model's rows in the order of its key, after a key; for comparing.
    pub async fn page_rows(
        &self,
        table: &Table,
        tenant: TenantId,
        after: &[i64],
        limit: i64,
    ) -> Result<Vec<Row>, StoreError> {
        let columns: Vec<_> = table.all_columns().skip(1).collect();
        let key = table.key.join(", ");
        let mut params = vec![Value::from(tenant.0), Value::from(limit)];
        let mut beyond = String::new();
        if !after.is_empty() {
            let places: Vec<_> = (0..after.len()).map(|i| format!("${}", i + 3)).collect();
            beyond = format!("AND ({key}) > ({})", places.join(", "));
            params.extend(after.iter().map(|part| Value::from(*part)));
        }
        let sql = format!(
            "SELECT {} FROM {} WHERE tenant_id = $1 {beyond} ORDER BY {key} LIMIT $2",
            columns.join(", "),
            table.name
        );
        self.query(&sql, params).await
    }
}
