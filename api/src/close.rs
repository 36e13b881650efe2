//! What a close needs to know beforehand: the digest of the period's entries and, for a year, its results.
//! `docs/periods.md` says how to compute the digest without this program.

use diario_domain::{
    AccountId, TenantId,
    period::{ClosePeriod, Period, THIRTEENTH},
};
use diario_projections::{
    branches,
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
        let mut results = Vec::new();
        for branch in branches::list(db, tenant).await? {
            let scope = Scope { as_of: Some(position), branch: Some(branch.branch_id.0) };
            let days = (Date::MIN, period.last_day());
            let balances = ledger::balances(db, tenant, scope, days, Upto::Closed).await?;
            let of_results = balances.iter().filter(|row| row.sat_code.starts_with(['4', '5', '6', '7']));
            let held = of_results.map(|row| (AccountId(row.account_id), row.closing())).collect();
            results.push((branch.branch_id, held));
        }
        results
    } else {
        Vec::new()
    };
    Ok(ClosePeriod { period, position, digest: hex(&Sha256::digest(text)), entries, results })
}
