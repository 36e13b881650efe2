//! A place of the shop that holds stock.

use serde::{Deserialize, Serialize};

use crate::{Book, BranchId, Event, Refusal, command::Issued, document::Document};

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

impl Document for Branch {
    const TYPE: &'static str = "branch";
    type Command = OpenBranch;

    fn decide(&self, issued: Issued<Self::Command>, book: &Book) -> Result<Vec<Event>, Refusal> {
        let OpenBranch { name, address, phone } = issued.command;
        if name.trim().is_empty() {
            return Err(Refusal::Invalid { field: "name", rule: "not empty" });
        }
        let branch_id = book.counters.next_branch();
        Ok(vec![BranchOpened { branch_id, name, address, phone }.into()])
    }
}
