//! What a company likes to order.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{Book, CustomerId, Event, ItemId, Refusal, command::Issued, document::Document};

/// An item became a customer's favourite, or is one no longer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FavouriteToggled {
    /// Whose.
    pub customer_id: CustomerId,
    /// What.
    pub item_id: ItemId,
    /// Whether it is one now.
    pub is_favourite: bool,
}

/// A customer's favourites as a document.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Favourites {
    items: BTreeSet<ItemId>,
}

impl Document for Favourites {
    const TYPE: &'static str = "favourites";
    type Command = (CustomerId, ItemId);

    fn decide(&self, issued: Issued<Self::Command>, book: &Book) -> Result<Vec<Event>, Refusal> {
        let (customer_id, item_id) = issued.command;
        book.item(item_id).map_err(|_| Refusal::ItemNotFound(item_id))?;
        let is_favourite = !self.items.contains(&item_id);
        Ok(vec![FavouriteToggled { customer_id, item_id, is_favourite }.into()])
    }

    fn apply(&mut self, event: Event) {
        if let Event::FavouriteToggled(event) = event {
            if event.is_favourite {
                self.items.insert(event.item_id);
            } else {
                self.items.remove(&event.item_id);
            }
        }
    }
}
