//! A place of the shop that holds stock.

use cqrs_es::{Aggregate, event_sink::EventSink};
use serde::{Deserialize, Serialize};

use crate::{Book, BranchId, Event, Refusal, command::Issued};

/// A branch was opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BranchOpened {
    /// The branch.
    pub branch_id: BranchId,
    /// Its name.
    pub name: String,
    /// Street address.
    pub address: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
}

/// Opens a branch.
#[derive(Clone, Debug)]
pub struct OpenBranch {
    /// Its name.
    pub name: String,
    /// Street address.
    pub address: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
}

/// The branch as a document.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Branch {}

impl Aggregate for Branch {
    const TYPE: &'static str = "branch";
    type Command = Issued<OpenBranch>;
    type Event = Event;
    type Error = Refusal;
    type Services = Book;

    async fn handle(
        &mut self,
        issued: Self::Command,
        book: &Book,
        sink: &EventSink<Self>,
    ) -> Result<(), Refusal> {
        let OpenBranch { name, address, phone } = issued.command;
        if name.trim().is_empty() {
            return Err(Refusal::Invalid { field: "name", rule: "not empty" });
        }
        sink.write(
            BranchOpened { branch_id: book.counters.next_branch(), name, address, phone }.into(),
            self,
        )
        .await;
        Ok(())
    }

    fn apply(&mut self, _event: Event) {}
}
