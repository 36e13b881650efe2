//! Employees.

use diario_domain::{
    BranchId, EmployeeId, Event, Rate, TenantId,
    employee::{EmployeeUpdated, Role},
    event::Recorded,
};
use diario_store::{Database, Row, StoreError, models::Batch, params, table};

use crate::{Failure, Pace, Projection};

table! {
    /// Employees.
    EMPLOYEES = upsert employees(employee_id) {
        text name, text email, text phone, text role, int branch_id, int max_discount_pct, int is_active
    }
}

/// See the module.
pub const PROJECTION: Projection =
    Projection { name: "employees", tables: &[&EMPLOYEES], apply, pace: Pace::Prompt };

fn apply(recorded: &Recorded, batch: &mut Batch) -> Result<(), Failure> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "other events are about other things")]
    let record = match &recorded.event {
        Event::EmployeeHired(hired) => EmployeeUpdated::from((**hired).clone()),
        Event::EmployeeUpdated(updated) => (**updated).clone(),
        _ => return Ok(()),
    };
    let row = params![
        record.name.as_str(),
        &record.email,
        &record.phone,
        record.role.name(),
        record.branch_id.0,
        record.max_discount_pct.0,
        i64::from(record.is_active),
    ];
    batch.put(&EMPLOYEES, &[record.employee_id.0], row);
    Ok(())
}

/// An employee.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are those of EmployeeHired")]
pub struct Employee {
    pub employee_id: EmployeeId,
    pub name: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub role: Role,
    pub branch_id: BranchId,
    pub max_discount_pct: Rate,
    pub is_active: bool,
}

const COLUMNS: &str = "employee_id, name, email, phone, role, branch_id, max_discount_pct, is_active";

fn employee(row: &Row) -> Result<Employee, StoreError> {
    Ok(Employee {
        employee_id: EmployeeId(row.int(0)?),
        name: row.text(1)?,
        email: row.opt_text(2)?,
        phone: row.opt_text(3)?,
        role: Role::of_name(&row.text(4)?).ok_or(StoreError::Column { column: 4, expected: "a role" })?,
        branch_id: BranchId(row.int(5)?),
        max_discount_pct: Rate(row.int(6)?),
        is_active: row.int(7)? != 0,
    })
}

/// Every employee of a tenant.
pub async fn list(db: &Database, tenant: TenantId) -> Result<Vec<Employee>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM employees WHERE tenant_id = $1 ORDER BY employee_id");
    db.query(&sql, params![tenant.0]).await?.iter().map(employee).collect()
}

/// One employee.
pub async fn find(db: &Database, tenant: TenantId, id: EmployeeId) -> Result<Option<Employee>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM employees WHERE tenant_id = $1 AND employee_id = $2");
    db.query(&sql, params![tenant.0, id.0]).await?.first().map(employee).transpose()
}
