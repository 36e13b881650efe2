//! The log's tail within this process: a subscriber hears of an append without asking the database.
//!
//! A feed is a short-cut, never the truth: what it drops (a full queue, another process's append) the subscriber
//! reads from the log, because it counts positions.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use diario_domain::{TenantId, event::Recorded};
use tokio::sync::mpsc;

/// Appends that may wait in a feed before the subscriber is sent to the log instead.
const WAITING_MAX: usize = 256;

/// Events of one append, in order.
pub type Appended = Arc<Vec<Recorded>>;

/// All feeds of this process.
#[derive(Default)]
pub(crate) struct Feeds {
    by_tenant: Mutex<HashMap<TenantId, Vec<mpsc::Sender<Appended>>>>,
}

impl Feeds {
    pub(crate) fn subscribe(&self, tenant: TenantId) -> mpsc::Receiver<Appended> {
        let (sender, receiver) = mpsc::channel(WAITING_MAX);
        let mut feeds = self.by_tenant.lock().unwrap_or_else(PoisonError::into_inner);
        feeds.entry(tenant).or_default().push(sender);
        receiver
    }

    pub(crate) fn publish(&self, tenant: TenantId, events: &Appended) {
        let mut feeds = self.by_tenant.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(senders) = feeds.get_mut(&tenant) {
            senders.retain(|sender| {
                !matches!(sender.try_send(Arc::clone(events)), Err(mpsc::error::TrySendError::Closed(_)))
            });
        }
    }
}
