//! Branches.

use diario_domain::{BranchId, Event, TenantId, event::Recorded};
use diario_store::{Database, StoreError, models::Batch, params, table};

use crate::{Failure, Pace, Projection};

table! {
    /// Branches.
    BRANCHES = upsert branches(branch_id) { text name, text address, text phone, int is_active }
}

/// See the module.
pub const PROJECTION: Projection =
    Projection { name: "branches", tables: &[&BRANCHES], apply, pace: Pace::Prompt };

fn apply(recorded: &Recorded, batch: &mut Batch) -> Result<(), Failure> {
    if let Event::BranchOpened(event) = &recorded.event {
        let row = params![event.name.as_str(), &event.address, &event.phone, 1];
        batch.put(&BRANCHES, &[event.branch_id.0], row);
    }
    Ok(())
}

/// A branch.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are those of BranchOpened")]
pub struct Branch {
    pub branch_id: BranchId,
    pub name: String,
    pub address: Option<String>,
    pub phone: Option<String>,
    pub is_active: bool,
}

/// Every branch of a tenant.
pub async fn list(db: &Database, tenant: TenantId) -> Result<Vec<Branch>, StoreError> {
    let sql = "SELECT branch_id, name, address, phone, is_active FROM branches WHERE tenant_id = $1 ORDER BY branch_id";
    let rows = db.query(sql, params![tenant.0]).await?;
    rows.iter()
        .map(|row| {
            Ok(Branch {
                branch_id: BranchId(row.int(0)?),
                name: row.text(1)?,
                address: row.opt_text(2)?,
                phone: row.opt_text(3)?,
                is_active: row.int(4)? != 0,
            })
        })
        .collect()
}
