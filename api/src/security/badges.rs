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
pub struct Badges(RwLock<Known>);

#[derive(Default)]
struct Known {
    badges: HashMap<(TenantId, EmployeeId), Badge>,
    /// How many records changed here so far.
    changes: u64,
}

impl Badges {
    /// What was read of an employee less than a second ago. Otherwise it has to be read, and [`Badges::note`] wants to
    /// be told how many records had changed before.
    pub fn fresh(&self, tenant: TenantId, employee: EmployeeId, now: Timestamp) -> Result<Badge, u64> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let badge = known.badges.get(&(tenant, employee)).copied();
        badge.filter(|badge| now.duration_since(badge.read_at).abs() < FRESH).ok_or(known.changes)
    }

    /// Remembers what was read of an employee, unless a record has changed since: it may be of before.
    pub fn note(&self, tenant: TenantId, employee: EmployeeId, badge: Badge, changes: u64) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if known.changes != changes {
            return;
        }
        if known.badges.len() >= KNOWN_MAX {
            known.badges.clear();
        }
        known.badges.insert((tenant, employee), badge);
    }

    /// An employee's record changed here: it is read again for the next request.
    pub fn forget(&self, tenant: TenantId, employee: EmployeeId) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        known.badges.remove(&(tenant, employee));
        known.changes += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_before_a_change_is_not_remembered_after_it() {
        let (badges, tenant, employee) = (Badges::default(), TenantId(1), EmployeeId(2));
        let read_at: Timestamp = "2026-04-01T12:00:00Z".parse().unwrap();
        let badge = Badge { role: Some(Role::Cashier), read_at };
        let fresh = |seconds| badges.fresh(tenant, employee, read_at + SignedDuration::from_secs(seconds));
        badges.note(tenant, employee, badge, fresh(0).err().unwrap());
        assert!(fresh(0).is_ok() && fresh(1).is_err());
        let slow = fresh(1).err().unwrap();
        badges.forget(tenant, employee);
        badges.note(tenant, employee, badge, slow);
        assert!(fresh(0).is_err());
    }
}
