//! Requests in flight: they reach the writer in the order they are sent, and are answered in that order.

use std::{
    collections::VecDeque,
    future::{Future, poll_fn},
    pin::Pin,
    task::Poll,
};

use diario_commands::{Answer, CommandError, Commands, Request};
use diario_domain::TenantId;

/// Requests that may wait for their answers at once: enough to fill the writer's batches, few enough for its queue.
const IN_FLIGHT: usize = 64;

type Answered = Result<Answer, CommandError>;

enum Slot {
    Waiting(Pin<Box<dyn Future<Output = Answered> + Send>>),
    Answered(Answered),
}

/// See the module. `T` is what the sender wants to know again when the answer comes.
pub(super) struct Pipe<T> {
    commands: Commands,
    tenant: TenantId,
    slots: VecDeque<(T, Slot)>,
}

impl<T> Pipe<T> {
    pub(super) fn new(commands: Commands, tenant: TenantId) -> Self {
        Self { commands, tenant, slots: VecDeque::with_capacity(IN_FLIGHT) }
    }

    /// Sends a request. When enough are in flight, waits for the oldest and gives its answer back.
    pub(super) async fn send(&mut self, tag: T, request: Request) -> Option<(T, Answered)> {
        let answered = if self.slots.len() >= IN_FLIGHT { self.next().await } else { None };
        let (commands, tenant) = (self.commands.clone(), self.tenant);
        let mut request: Pin<Box<dyn Future<Output = Answered> + Send>> =
            Box::pin(async move { commands.execute(tenant, request).await });
        // A request enters the writer's queue when it is polled first: polled here and now, the order is ours.
        let slot = poll_fn(|context| {
            Poll::Ready(match request.as_mut().poll(context) {
                Poll::Ready(answer) => Some(answer),
                Poll::Pending => None,
            })
        })
        .await
        .map_or(Slot::Waiting(request), Slot::Answered);
        self.slots.push_back((tag, slot));
        answered
    }

    /// The answer to the oldest request; `None` when none is in flight.
    pub(super) async fn next(&mut self) -> Option<(T, Answered)> {
        let (tag, slot) = self.slots.pop_front()?;
        let answer = match slot {
            Slot::Waiting(request) => request.await,
            Slot::Answered(answer) => answer,
        };
        Some((tag, answer))
    }
}
