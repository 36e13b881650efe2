//! What a company likes to order.

use std::collections::BTreeSet;

use cqrs_es::{Aggregate, event_sink::EventSink};
use serde::{Deserialize, Serialize};

use crate::{Book, CustomerId, Event, ItemId, Refusal, command::Issued};

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

impl Aggregate for Favourites {
    const TYPE: &'static str = "favourites";
    type Command = Issued<(CustomerId, ItemId)>;
    type Event = Event;
    type Error = Refusal;
    type Services = Book;

    async fn handle(
        &mut self,
        issued: Self::Command,
        book: &Book,
        sink: &EventSink<Self>,
    ) -> Result<(), Refusal> {
        let (customer_id, item_id) = issued.command;
        book.item(item_id).map_err(|_| Refusal::ItemNotFound(item_id))?;
        let is_favourite = !self.items.contains(&item_id);
        sink.write(FavouriteToggled { customer_id, item_id, is_favourite }.into(), self).await;
        Ok(())
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
