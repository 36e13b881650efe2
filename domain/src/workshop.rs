//! The workshop: glasses that are made for a patient, until they are ready.

use serde::{Deserialize, Serialize};

use crate::{
    Book, CustomerId, Event, Refusal, SaleId, WorkshopOrderId, command::Issued, document::Document,
    sale::series_folio,
};

/// An order was given to the workshop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkshopOpened {
    /// The order.
    pub order_id: WorkshopOrderId,
    /// Its number on paper, `OT-0001`.
    pub number: String,
    /// For whom.
    pub customer_id: CustomerId,
    /// The folio of the sale that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folio: Option<String>,
    /// Free text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
}

/// An order is ready to be fetched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkshopReady {
    /// The order.
    pub order_id: WorkshopOrderId,
    /// Its number on paper.
    pub number: String,
    /// For whom.
    pub customer_id: CustomerId,
    /// The folio of the sale that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folio: Option<String>,
}

/// Gives an order to the workshop.
#[derive(Clone, Debug)]
pub struct OpenWorkshopOrder {
    /// For whom.
    pub customer_id: CustomerId,
    /// The sale that it belongs to.
    pub sale_id: Option<SaleId>,
    /// A folio from elsewhere, where the sale is not in this log.
    pub folio: Option<String>,
    /// Free text.
    pub notes: Option<String>,
}

/// A command to an order.
#[derive(Clone, Debug)]
pub enum WorkshopCommand {
    /// Gives it to the workshop.
    Open(OpenWorkshopOrder),
    /// It is ready.
    Ready(WorkshopOrderId),
}

/// The order as a document.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct WorkshopOrder {
    opened: Option<WorkshopOpened>,
    ready: bool,
}

impl Document for WorkshopOrder {
    const TYPE: &'static str = "workshop_order";
    type Command = WorkshopCommand;

    fn decide(&self, issued: Issued<Self::Command>, book: &Book) -> Result<Vec<Event>, Refusal> {
        let event: Event = match issued.command {
            WorkshopCommand::Open(wanted) => open(wanted, book)?.into(),
            WorkshopCommand::Ready(id) => {
                let opened = self.opened.clone().ok_or(Refusal::UnknownWorkshopOrder(id))?;
                if self.ready {
                    return Err(Refusal::WorkshopOrderReady(id));
                }
                let WorkshopOpened { order_id, number, customer_id, folio, .. } = opened;
                WorkshopReady { order_id, number, customer_id, folio }.into()
            }
        };
        Ok(vec![event])
    }

    fn apply(&mut self, event: Event) {
        #[expect(clippy::wildcard_enum_match_arm, reason = "no other event reaches an order's stream")]
        match event {
            Event::WorkshopOpened(event) => self.opened = Some(*event),
            Event::WorkshopReady(_) => self.ready = true,
            _ => {}
        }
    }
}

fn open(wanted: OpenWorkshopOrder, book: &Book) -> Result<WorkshopOpened, Refusal> {
    if !book.customers.contains_key(&wanted.customer_id) {
        return Err(Refusal::UnknownCustomer(wanted.customer_id));
    }
    let folio = match wanted.sale_id {
        Some(sale) if !(1..=book.counters.sale).contains(&sale.0) => {
            return Err(Refusal::Invalid { field: "sale_id", rule: "a sale of the shop" });
        }
        Some(sale) => Some(series_folio(sale)),
        None => wanted.folio,
    };
    let order_id = book.counters.next_workshop_order();
    Ok(WorkshopOpened {
        order_id,
        number: format!("OT-{:04}", order_id.0),
        customer_id: wanted.customer_id,
        folio,
        notes: wanted.notes,
    })
}
