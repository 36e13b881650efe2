//! What a close needs to know beforehand: the digest of the period's entries and, for a year, its results.
//! `docs/periods.md` says how to compute the digest without this program.

use diario_domain::{
    AccountId, TenantId,
    period::{ClosePeriod, Period, THIRTEENTH},
};
use diario_projections::{
    ledger::{self, Scope, Upto},
    verify::hex,
};
use diario_store::{Database, StoreError};
use jiff::civil::Date;
use sha2::{Digest as _, Sha256};

/// Reads a period as it stands: if anything is posted into it meanwhile, the close is refused.
pub async fn prepare(db: &Database, tenant: TenantId, period: Period) -> Result<ClosePeriod, StoreError> {
    let position = ledger::journal_position(db, tenant).await?;
    let (text, entries) = ledger::canonical(db, tenant, period.number(), position).await?;
    let results = if period.month == THIRTEENTH {
        let scope = Scope { as_of: Some(position), branch: None };
        ledger::balances(db, tenant, scope, (Date::MIN, period.last_day()), Upto::Closed)
            .await?
            .into_iter()
            .filter(|row| row.sat_code.starts_with(['4', '5', '6', '7']))
            .map(|row| (AccountId(row.account_id), row.closing()))
            .collect()
    } else {
        Vec::new()
    };
    Ok(ClosePeriod { period, position, digest: hex(&Sha256::digest(text)), entries, results })
}
