//! The sale: one aggregate, one event that carries the whole fact, and a view of it.

use cqrs_es::event_sink::EventSink;
use cqrs_es::{Aggregate, DomainEvent, EventEnvelope, View};
use serde::{Deserialize, Serialize};

/// One line; amounts are integers of the smallest unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Line {
    inventory_id: usize,
    quantity: usize,
    unit_price: i64,
    unit_cost: i64,
    discount_pct: i64,
    tax_rate: i64,
    net: i64,
    tax: i64,
    name: String,
}

impl Line {
    pub(crate) fn of(item: usize, quantity: usize) -> Self {
        let unit_price = 1000 + i64::try_from(item).unwrap_or_default() * 100;
        let net = unit_price * i64::try_from(quantity).unwrap_or_default();
        Self {
            inventory_id: item,
            quantity,
            unit_price,
            unit_cost: unit_price / 2,
            discount_pct: 0,
            tax_rate: 160_000,
            net,
            tax: net * 16 / 100,
            name: format!("Articulo de carga {item}"),
        }
    }

    pub(crate) fn item(&self) -> usize {
        self.inventory_id
    }

    pub(crate) fn units(&self) -> usize {
        self.quantity
    }
}

/// The only command: sell these lines.
#[derive(Debug)]
pub(crate) struct CompleteSale {
    number: usize,
    lines: Vec<Line>,
    amount_paid: i64,
}

impl CompleteSale {
    pub(crate) fn cash(number: usize, lines: Vec<Line>) -> Self {
        Self { number, lines, amount_paid: 600_000 }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum SaleEvent {
    SaleCompleted {
        folio: String,
        register_id: usize,
        employee_id: usize,
        payment_method: String,
        sale_type: String,
        lines: Vec<Line>,
        total: i64,
        amount_paid: i64,
        change: i64,
    },
}

impl DomainEvent for SaleEvent {
    fn event_type(&self) -> String {
        "SaleCompleted".to_owned()
    }

    fn event_version(&self) -> String {
        "1.0".to_owned()
    }
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum SaleError {
    #[error("the sale is completed already")]
    Completed,
    #[error("{paid} was paid of {total}")]
    Underpaid { total: i64, paid: i64 },
}

#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Sale {
    completed: bool,
}

impl Aggregate for Sale {
    const TYPE: &'static str = "sale";
    type Command = CompleteSale;
    type Event = SaleEvent;
    type Error = SaleError;
    type Services = ();

    async fn handle(
        &mut self,
        command: Self::Command,
        (): &Self::Services,
        sink: &EventSink<Self>,
    ) -> Result<(), Self::Error> {
        if self.completed {
            return Err(SaleError::Completed);
        }
        let CompleteSale { number, lines, amount_paid } = command;
        let total = lines.iter().map(|line| line.net + line.tax).sum();
        if amount_paid < total {
            return Err(SaleError::Underpaid { total, paid: amount_paid });
        }
        let event = SaleEvent::SaleCompleted {
            folio: format!("V-{number:04}"),
            register_id: 1,
            employee_id: 1,
            payment_method: "efectivo".to_owned(),
            sale_type: "cash".to_owned(),
            lines,
            total,
            amount_paid,
            change: amount_paid - total,
        };
        sink.write(event, self).await;
        Ok(())
    }

    fn apply(&mut self, event: Self::Event) {
        match event {
            SaleEvent::SaleCompleted { .. } => self.completed = true,
        }
    }
}

/// What a list of sales would show.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct SaleView {
    folio: String,
    total: i64,
    items_count: usize,
}

impl View<Sale> for SaleView {
    fn update(&mut self, event: &EventEnvelope<Sale>) {
        match &event.payload {
            SaleEvent::SaleCompleted { folio, total, lines, .. } => {
                self.folio.clone_from(folio);
                self.total = *total;
                self.items_count = lines.len();
            }
        }
    }
}
