//! Categories of items, as a tree of names.

use serde::{Deserialize, Serialize};

use crate::{Book, CategoryId, Event, Refusal, command::Issued, document::Document};

/// A category was created.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CategoryCreated {
    /// The category.
    pub category_id: CategoryId,
    /// Its name.
    pub name: String,
    /// The category that it is a part of.
    pub parent_id: Option<CategoryId>,
}

/// Creates a category.
#[derive(Clone, Debug)]
pub struct CreateCategory {
    /// Its name.
    pub name: String,
    /// The category that it is a part of.
    pub parent_id: Option<CategoryId>,
}

/// The category as a document.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Category {}

impl Document for Category {
    const TYPE: &'static str = "category";
    type Command = CreateCategory;

    fn decide(&self, issued: Issued<Self::Command>, book: &Book) -> Result<Vec<Event>, Refusal> {
        let CreateCategory { name, parent_id } = issued.command;
        if name.trim().is_empty() {
            return Err(Refusal::Invalid { field: "name", rule: "not empty" });
        }
        if let Some(parent) = parent_id
            && !book.categories.contains(&parent)
        {
            return Err(Refusal::UnknownCategory(parent));
        }
        let created = CategoryCreated { category_id: book.counters.next_category(), name, parent_id };
        Ok(vec![created.into()])
    }
}
