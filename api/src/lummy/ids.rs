//! A customer's id on this surface: a UUID made of the organization and the customer's number.
//!
//! A UUID does not lead back to the number, so those that were made are remembered, each organization's up to the
//! last number that anybody asked for.

use std::{
    collections::HashMap,
    sync::{LazyLock, Mutex, PoisonError},
};

use diario_domain::{CustomerId, TenantId};
use diario_projections::customers;
use diario_store::StoreError;
use uuid::Uuid;

use crate::http::{App, state::Shop};

#[derive(Default)]
struct Known {
    last: i64,
    numbers: HashMap<Uuid, i64>,
}

static KNOWN: LazyLock<Mutex<HashMap<Uuid, Known>>> = LazyLock::new(Mutex::default);

/// The id of a customer.
pub fn of(organization: Uuid, customer: CustomerId) -> Uuid {
    Uuid::new_v5(&organization, format!("customer-{customer}").as_bytes())
}

/// The customer of an id; nothing where the organization has none of it.
pub async fn number(
    app: &App,
    tenant: TenantId,
    shop: &Shop,
    id: Uuid,
) -> Result<Option<CustomerId>, StoreError> {
    let organization = shop.organization_id;
    if let Some(known) = find(organization, id, 0) {
        return Ok(Some(known));
    }
    let last = customers::last_number(&app.db, tenant).await?;
    Ok(find(organization, id, last))
}

fn find(organization: Uuid, id: Uuid, last: i64) -> Option<CustomerId> {
    let mut all = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let known = all.entry(organization).or_default();
    while known.last < last {
        known.last += 1;
        let number = known.last;
        known.numbers.insert(of(organization, CustomerId(number)), number);
    }
    known.numbers.get(&id).copied().map(CustomerId)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_leads_back_to_its_number_in_its_organization_only() {
        let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let id = of(one, CustomerId(7));
        assert_ne!(id, of(two, CustomerId(7)));
        assert_eq!(id.get_version_num(), 5);
        assert_eq!(find(one, id, 6), None);
        assert_eq!(find(one, id, 9), Some(CustomerId(7)));
        assert_eq!(find(one, id, 0), Some(CustomerId(7)));
        assert_eq!(find(two, id, 9), None);
    }
}
