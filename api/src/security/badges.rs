//! What is known of the employees behind tokens: a token is good for hours, its employee perhaps not.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
};

use diario_domain::{EmployeeId, TenantId, employee::Role};
use jiff::{SignedDuration, Timestamp};

/// How long what was read counts: another server may have changed it meanwhile.
const FRESH: SignedDuration = SignedDuration::from_secs(1);
/// So many employees at the most; then all are read again.
const KNOWN_MAX: usize = 4_096;

/// What was read of an employee, and when.
#[derive(Clone, Copy)]
pub struct Badge {
    /// What they may do; none where they were dismissed, or never were.
    pub role: Option<Role>,
    /// When it was read.
    pub read_at: Timestamp,
}

/// The employees that were asked for lately.
#[derive(Default)]
pub struct Badges(RwLock<HashMap<(TenantId, EmployeeId), Badge>>);

impl Badges {
    /// What was read of an employee less than a second ago; nothing where it has to be read.
    pub fn fresh(&self, tenant: TenantId, employee: EmployeeId, now: Timestamp) -> Option<Badge> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let badge = known.get(&(tenant, employee)).copied()?;
        (now.duration_since(badge.read_at).abs() < FRESH).then_some(badge)
    }

    /// Remembers what was read of an employee.
    pub fn note(&self, tenant: TenantId, employee: EmployeeId, badge: Badge) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= KNOWN_MAX {
            known.clear();
        }
        known.insert((tenant, employee), badge);
    }

    /// An employee's record changed here: it is read again for the next request.
    pub fn forget(&self, tenant: TenantId, employee: EmployeeId) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).remove(&(tenant, employee));
    }
}
