//! Stock in its two ways: an aggregate per item that decides, and a query that only adds up.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use cqrs_es::event_sink::EventSink;
use cqrs_es::{Aggregate, DomainEvent, EventEnvelope, Query, View};
use serde::{Deserialize, Serialize};
use sqlx::{Pool, Postgres};

use crate::sale::{Sale, SaleEvent};

/// Nobody sells this many of one item in a benchmark.
pub(crate) const INITIAL: i64 = 1_000_000;

/// The aggregate's id of an item.
pub(crate) fn id(item: usize) -> String {
    format!("item-{item}")
}

#[derive(Debug)]
pub(crate) enum StockCommand {
    Receive { quantity: i64 },
    Withdraw { sale: usize, quantity: i64 },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum StockEvent {
    Received { quantity: i64 },
    Withdrawn { sale: usize, quantity: i64 },
}

impl DomainEvent for StockEvent {
    fn event_type(&self) -> String {
        match self {
            Self::Received { .. } => "StockReceived",
            Self::Withdrawn { .. } => "StockWithdrawn",
        }
        .to_owned()
    }

    fn event_version(&self) -> String {
        "1.0".to_owned()
    }
}

#[derive(Debug, thiserror::Error)]
#[error("{wanted} are wanted and {on_hand} are there")]
pub(crate) struct TooLittle {
    wanted: i64,
    on_hand: i64,
}

#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Stock {
    on_hand: i64,
}

impl Aggregate for Stock {
    const TYPE: &'static str = "stock";
    type Command = StockCommand;
    type Event = StockEvent;
    type Error = TooLittle;
    type Services = ();

    async fn handle(
        &mut self,
        command: Self::Command,
        (): &Self::Services,
        sink: &EventSink<Self>,
    ) -> Result<(), Self::Error> {
        let event = match command {
            StockCommand::Receive { quantity } => StockEvent::Received { quantity },
            StockCommand::Withdraw { quantity, .. } if quantity > self.on_hand => {
                return Err(TooLittle { wanted: quantity, on_hand: self.on_hand });
            }
            StockCommand::Withdraw { sale, quantity } => StockEvent::Withdrawn { sale, quantity },
        };
        sink.write(event, self).await;
        Ok(())
    }

    fn apply(&mut self, event: Self::Event) {
        self.on_hand += change(&event);
    }
}

fn change(event: &StockEvent) -> i64 {
    match event {
        StockEvent::Received { quantity } => *quantity,
        StockEvent::Withdrawn { quantity, .. } => -quantity,
    }
}

#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct StockView {
    on_hand: i64,
}

impl View<Stock> for StockView {
    fn update(&mut self, event: &EventEnvelope<Stock>) {
        self.on_hand += change(&event.payload);
    }
}

/// Adds sales up in the stock table, a sale's lines in one statement.
pub(crate) struct StockQuery {
    pool: Pool<Postgres>,
    lost: Arc<AtomicUsize>,
}

impl StockQuery {
    pub(crate) fn new(pool: Pool<Postgres>, lost: Arc<AtomicUsize>) -> Self {
        Self { pool, lost }
    }
}

#[async_trait]
impl Query<Sale> for StockQuery {
    async fn dispatch(&self, _sale: &str, events: &[EventEnvelope<Sale>]) {
        for event in events {
            let SaleEvent::SaleCompleted { lines, .. } = &event.payload;
            let mut moved: Vec<(i64, i64)> = lines
                .iter()
                .map(|line| {
                    let quantity = i64::try_from(line.units()).unwrap_or_default();
                    (i64::try_from(line.item()).unwrap_or_default(), -quantity)
                })
                .collect();
            // Every sale takes its row locks in the same order, so that two never wait for each other.
            moved.sort_unstable();
            let (items, quantities): (Vec<i64>, Vec<i64>) = moved.into_iter().unzip();
            let result = sqlx::query(
                "INSERT INTO stock SELECT * FROM unnest($1::bigint[], $2::bigint[]) \
                 ON CONFLICT (item) DO UPDATE SET on_hand = stock.on_hand + excluded.on_hand",
            )
            .bind(items)
            .bind(quantities)
            .execute(&self.pool)
            .await;
            // A query of cqrs-es cannot fail its command: all it can do is to count.
            if result.is_err() {
                self.lost.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
}
