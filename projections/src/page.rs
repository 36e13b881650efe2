//! One idea of a page for every list; each surface words it its own way (contract C-9).
//!
//! A list is read by offset, as the contracts document it, or from the key of the last row that was seen: then a row
//! is seen once whatever is written meanwhile, nothing is counted, and the last page costs what the first does.

use diario_store::{Database, Row, StoreError, Value};

/// The key of a row in the order of its list; a list that is ordered by one column has 0 in the second place.
pub type Cursor = [i64; 2];

/// Where a page begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begin {
    /// After so many rows.
    Offset(i64),
    /// Behind the row of this key; with the first row where there is none.
    After(Option<Cursor>),
}

/// Which part of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// Where it begins.
    pub begin: Begin,
    /// Rows to give.
    pub limit: i64,
}

impl Page {
    /// The first rows.
    #[must_use]
    pub const fn first(limit: i64) -> Self {
        Self { begin: Begin::Offset(0), limit }
    }
}

/// A part of a list, and how long the whole is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paged<T> {
    /// The rows, in a total order.
    pub rows: Vec<T>,
    /// All rows that match; not counted for a page that begins behind a key.
    pub total: Option<i64>,
    /// The key of the last row, where more follow.
    pub next: Option<Cursor>,
}

/// Which way a list runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    Ascending,
    Descending,
}

/// A list as a query: the parts of its SQL, and the columns that order it totally.
pub(crate) struct List<'a> {
    /// `SELECT … FROM …` with all joins.
    pub(crate) select: &'a str,
    /// `FROM …` with the joins that conditions need, for counting.
    pub(crate) counted: &'a str,
    /// `WHERE …`
    pub(crate) conditions: &'a str,
    /// Parameters of the conditions, from `$1`.
    pub(crate) params: Vec<Value>,
    /// One column or two.
    pub(crate) keys: &'a [&'a str],
    pub(crate) order: Order,
}

impl List<'_> {
    /// Reads a page; `key` gives a row's place in the order.
    pub(crate) async fn page<T>(
        self,
        db: &Database,
        page: Page,
        read: impl Fn(&Row) -> Result<T, StoreError>,
        key: impl Fn(&T) -> Cursor,
    ) -> Result<Paged<T>, StoreError> {
        let Self { select, counted, conditions, mut params, keys, order } = self;
        let (beyond, direction) = match order {
            Order::Ascending => (">", ""),
            Order::Descending => ("<", " DESC"),
        };
        let mut total = None;
        let mut narrowed = conditions.to_owned();
        let mut skipped = String::new();
        match page.begin {
            Begin::Offset(offset) => {
                let sql = format!("SELECT COUNT(*) {counted} {conditions}");
                let rows = db.query(&sql, params.clone()).await?;
                total = Some(rows.first().map_or(Ok(0), |row| row.int(0))?);
                params.push(offset.into());
                skipped = format!(" OFFSET ${}", params.len());
            }
            Begin::After(None) => {}
            Begin::After(Some(cursor)) => {
                let mut places = Vec::with_capacity(keys.len());
                for part in cursor.iter().take(keys.len()) {
                    params.push((*part).into());
                    places.push(format!("${}", params.len()));
                }
                narrowed = format!("{conditions} AND ({}) {beyond} ({})", keys.join(", "), places.join(", "));
            }
        }
        // One more than is shown tells whether more follow.
        params.push(page.limit.saturating_add(1).into());
        let ordered: Vec<_> = keys.iter().map(|key| format!("{key}{direction}")).collect();
        let sql =
            format!("{select} {narrowed} ORDER BY {} LIMIT ${}{skipped}", ordered.join(", "), params.len());
        let found = db.query(&sql, params).await?;
        let shown = usize::try_from(page.limit).unwrap_or(usize::MAX).min(found.len());
        let rows = found[..shown].iter().map(read).collect::<Result<Vec<_>, _>>()?;
        let next = rows.last().filter(|_| found.len() > shown).map(key);
        Ok(Paged { rows, total, next })
    }
}
