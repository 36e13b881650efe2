//! Where a company receives its goods and where its invoices go (contract 9.5).

use serde::{Deserialize, Serialize};

use crate::{AddressId, Book, CustomerId, Event, Refusal, command::Issued, document::Document};

/// All of an address. City, town and neighbourhood are written with their names: who reads the log looks nothing up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddressDetails {
    /// What the company calls it.
    pub title: String,
    /// Street and number.
    pub line: String,
    /// The city's plate code.
    pub city_id: i64,
    /// Its name.
    pub city: String,
    /// The town (ilçe).
    pub town_id: i64,
    /// Its name.
    pub town: String,
    /// The neighbourhood (mahalle).
    pub neighbourhood_id: i64,
    /// Its name.
    pub neighbourhood: String,
    /// Its postal code.
    pub zip: String,
    /// Whom to ask for.
    pub contact: String,
    /// Telephone.
    pub phone: String,
    /// E-mail address.
    pub email: String,
    /// Tax id for the invoice.
    pub tax_number: String,
    /// The tax office that knows it.
    pub tax_office: String,
    /// Legal name for the invoice.
    pub company_title: String,
    /// Where the invoice goes, where that is not where the goods go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invoice_address: Option<String>,
    /// Whether the invoice goes there.
    #[serde(default)]
    pub is_different_invoice_address: bool,
}

impl AddressDetails {
    /// Where the invoice goes.
    #[must_use]
    pub fn billing_line(&self) -> &str {
        self.invoice_address
            .as_deref()
            .filter(|line| self.is_different_invoice_address && !line.is_empty())
            .unwrap_or(&self.line)
    }
}

/// A customer has a further address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddressCreated {
    /// The address.
    pub address_id: AddressId,
    /// Whose.
    pub customer_id: CustomerId,
    /// All of it.
    pub details: AddressDetails,
}

/// An address was changed; orders keep what it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddressEdited {
    /// The address.
    pub address_id: AddressId,
    /// Whose.
    pub customer_id: CustomerId,
    /// All of it as it is now.
    pub details: AddressDetails,
}

/// An address left its customer's list (T-26).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddressDeleted {
    /// The address.
    pub address_id: AddressId,
    /// Whose it was.
    pub customer_id: CustomerId,
}

/// A command to an address.
#[derive(Clone, Debug)]
pub enum AddressCommand {
    /// Enters it.
    Create(CustomerId, AddressDetails),
    /// Changes it.
    Edit(CustomerId, AddressId, AddressDetails),
    /// Takes it off the list.
    Delete(CustomerId, AddressId),
}

/// The address as a document.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Address {
    owner: Option<CustomerId>,
}

impl Document for Address {
    const TYPE: &'static str = "address";
    type Command = AddressCommand;

    fn decide(&self, issued: Issued<Self::Command>, book: &Book) -> Result<Vec<Event>, Refusal> {
        let event: Event = match issued.command {
            AddressCommand::Create(customer_id, details) => {
                if !book.customers.contains_key(&customer_id) {
                    return Err(Refusal::CustomerNotFound(customer_id));
                }
                AddressCreated { address_id: book.ordering.next_address(), customer_id, details }.into()
            }
            AddressCommand::Edit(customer_id, address_id, details) => {
                self.belongs_to(customer_id, address_id)?;
                AddressEdited { address_id, customer_id, details }.into()
            }
            AddressCommand::Delete(customer_id, address_id) => {
                self.belongs_to(customer_id, address_id)?;
                AddressDeleted { address_id, customer_id }.into()
            }
        };
        Ok(vec![event])
    }

    fn apply(&mut self, event: Event) {
        #[expect(clippy::wildcard_enum_match_arm, reason = "no other event changes whose an address is")]
        match event {
            Event::AddressCreated(event) => self.owner = Some(event.customer_id),
            Event::AddressDeleted(_) => self.owner = None,
            _ => {}
        }
    }
}

impl Address {
    /// Another company's address is as good as none.
    fn belongs_to(&self, customer: CustomerId, address: AddressId) -> Result<(), Refusal> {
        if self.owner == Some(customer) { Ok(()) } else { Err(Refusal::UnknownAddress(address)) }
    }
}
