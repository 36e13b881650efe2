//! One idea of a page for every list; each surface words it its own way (contract C-9).

/// Which part of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// Rows to pass over.
    pub offset: i64,
    /// Rows to give.
    pub limit: i64,
}

/// A part of a list, and how long the whole is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paged<T> {
    /// The rows, in a total order.
    pub rows: Vec<T>,
    /// All rows that match.
    pub total: i64,
}
