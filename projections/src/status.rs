//! How the read models are: for readiness, metrics and `diario status`.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use diario_domain::TenantId;

/// Where a read model of a tenant stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// The last position it has followed.
    pub position: i64,
    /// Why it goes no further, where it has stopped.
    pub stopped: Option<String>,
}

/// The states of all read models that this process runs.
#[derive(Default)]
pub struct Status {
    states: Mutex<BTreeMap<(TenantId, &'static str), State>>,
}

impl Status {
    pub(crate) fn passed(&self, tenant: TenantId, projection: &'static str, position: i64) {
        let mut states = self.states.lock().unwrap_or_else(PoisonError::into_inner);
        states.entry((tenant, projection)).or_default().position = position;
    }

    pub(crate) fn stopped(&self, tenant: TenantId, projection: &'static str, why: String) {
        let mut states = self.states.lock().unwrap_or_else(PoisonError::into_inner);
        states.entry((tenant, projection)).or_default().stopped = Some(why);
    }

    /// Every read model with its state.
    pub fn all(&self) -> Vec<(TenantId, &'static str, State)> {
        let states = self.states.lock().unwrap_or_else(PoisonError::into_inner);
        states.iter().map(|((tenant, name), state)| (*tenant, *name, state.clone())).collect()
    }

    /// The read models that have stopped.
    pub fn stopped_ones(&self) -> Vec<(TenantId, &'static str, String)> {
        self.all()
            .into_iter()
            .filter_map(|(tenant, name, state)| state.stopped.map(|why| (tenant, name, why)))
            .collect()
    }
}
