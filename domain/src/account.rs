//! A tenant's own accounts under SAT's, and the posting map: which account an event goes to from now on.

use serde::{Deserialize, Serialize};

use crate::{AccountId, Book, Event, Refusal, chart, chart::Nature, command::Issued, document::Document};

/// Ids below belong to the chart that every tenant starts with.
pub const FIRST_OWN: i64 = 10_001;

/// An account was created.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountCreated {
    /// The account.
    pub account_id: AccountId,
    /// The tenant's own code.
    pub code: String,
    /// SAT's *código agrupador*.
    pub sat_code: String,
    /// Its name.
    pub name: String,
    /// Debit or credit by nature.
    pub nature: Nature,
    /// The account above.
    pub parent_id: AccountId,
    /// The depth in the tree, from 1.
    pub level: i64,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// From now on what would be posted to one account is posted to another; what was posted stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostingMapped {
    /// The account of the rules (`accounting.md`).
    pub account_id: AccountId,
    /// Only for events of this type; for all where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_type: Option<String>,
    /// Where it goes; nothing leads back to the rules.
    pub to: Option<AccountId>,
}

/// Creates an account.
#[derive(Clone, Debug)]
pub struct CreateAccount {
    /// The tenant's own code.
    pub code: String,
    /// SAT's code; the parent's where absent.
    pub sat_code: Option<String>,
    /// Its name.
    pub name: String,
    /// Debit or credit by nature; the parent's where absent.
    pub nature: Option<Nature>,
    /// The account above.
    pub parent_id: AccountId,
    /// What it is for.
    pub description: Option<String>,
}

/// A command to the chart.
#[derive(Clone, Debug)]
pub enum ChartCommand {
    /// Creates an account.
    Create(CreateAccount),
    /// Changes the posting map.
    Map(PostingMapped),
}

/// The chart as a document.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Chart {}

impl Document for Chart {
    const TYPE: &'static str = "chart";
    type Command = ChartCommand;

    fn decide(&self, issued: Issued<Self::Command>, book: &Book) -> Result<Vec<Event>, Refusal> {
        let event: Event = match issued.command {
            ChartCommand::Create(wanted) => create(wanted, book)?.into(),
            ChartCommand::Map(mapped) => {
                check_map(&mapped, book)?;
                mapped.into()
            }
        };
        Ok(vec![event])
    }
}

/// What decisions need of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are those of AccountCreated")]
pub struct AccountFacts {
    pub code: String,
    pub sat_code: String,
    pub name: String,
    pub nature: Nature,
    pub level: i64,
}

/// Accounts that a sub-ledger stands behind: what they hold is what the sub-ledger says, so nothing is posted to
/// them by hand.
pub const CONTROL: [AccountId; 6] = [
    chart::CLIENTES_NACIONALES,
    chart::INVENTARIO,
    chart::MERCANCIA_TRANSITO,
    chart::ANTICIPO,
    chart::OTROS_ANTICIPOS,
    chart::IVA_NO_COBRADO,
];

fn create(wanted: CreateAccount, book: &Book) -> Result<AccountCreated, Refusal> {
    let CreateAccount { code, sat_code, name, nature, parent_id, description } = wanted;
    let code = code.trim().to_owned();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    if code.is_empty() || code.len() > 30 || !code.chars().all(plain) {
        return Err(Refusal::Invalid { field: "code", rule: "letters, digits, dots and dashes, 30 at most" });
    }
    if name.trim().is_empty() {
        return Err(Refusal::Invalid { field: "name", rule: "not empty" });
    }
    if book.account_of_code(&code).is_some() {
        return Err(Refusal::DuplicateAccount(code));
    }
    let parent =
        book.account(parent_id).ok_or(Refusal::UnknownAccount { field: "parent_id", account: parent_id })?;
    let sat_code = match sat_code {
        Some(sat) if chart::of_code(&sat).is_some() => sat,
        Some(_) => return Err(Refusal::Invalid { field: "sat_code", rule: "one of SAT's codes" }),
        None => parent.sat_code.clone(),
    };
    Ok(AccountCreated {
        account_id: book.next_account(),
        code,
        sat_code,
        name,
        nature: nature.unwrap_or(parent.nature),
        parent_id,
        level: parent.level + 1,
        description,
    })
}

fn check_map(mapped: &PostingMapped, book: &Book) -> Result<(), Refusal> {
    let field = "account_id";
    if chart::account(mapped.account_id).is_none() {
        return Err(Refusal::UnknownAccount { field, account: mapped.account_id });
    }
    if let Some(name) = &mapped.event_type
        && !Event::TYPES.contains(&name.as_str())
    {
        return Err(Refusal::Invalid { field: "event_type", rule: "a type of event" });
    }
    if let Some(to) = mapped.to {
        // What a sub-ledger is held against stays where it is, but for store credit (206.05), whose account is a
        // judgement.
        if mapped.account_id != chart::OTROS_ANTICIPOS {
            book.uncontrolled(field, mapped.account_id)?;
            // What lies in the drawers is counted against cash, drawer by drawer.
            if mapped.account_id == chart::CAJA_EFECTIVO {
                return Err(Refusal::ControlAccount { field, code: "101.01".to_owned() });
            }
        }
        book.postable("to_account_id", to)?;
        book.uncontrolled("to_account_id", to)?;
    }
    Ok(())
}
