//! The people who work in a shop, their roles and what each role may do.

use serde::{Deserialize, Serialize};

use crate::{Book, BranchId, EmployeeId, Event, Rate, Refusal, command::Issued, document::Document};

/// A role (contract 5.0); an owner is created with the tenant only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names are the contract's")]
pub enum Role {
    Owner,
    Admin,
    Cashier,
    Warehouse,
    Accountant,
}

/// What may be allowed to a role. The names are the contract's (5.0).
pub const PERMISSIONS: [&str; 20] = [
    "pos.sell",
    "pos.view",
    "pos.cancel",
    "pos.discount",
    "inventory.view",
    "inventory.create",
    "inventory.edit",
    "inventory.adjust",
    "inventory.transfer",
    "catalog.view",
    "customers.view",
    "customers.create",
    "customers.edit",
    "invoicing.create",
    "invoicing.view",
    "invoicing.cancel",
    "accounting.view",
    "accounting.create",
    "config.view",
    "config.edit",
];

const CASHIER: [&str; 9] = [
    "pos.sell",
    "pos.view",
    "pos.discount",
    "catalog.view",
    "customers.view",
    "customers.create",
    "inventory.view",
    "invoicing.create",
    "invoicing.view",
];

const WAREHOUSE: [&str; 6] = [
    "inventory.view",
    "inventory.create",
    "inventory.edit",
    "inventory.adjust",
    "inventory.transfer",
    "catalog.view",
];

const ACCOUNTANT: [&str; 8] = [
    "accounting.view",
    "accounting.create",
    "invoicing.create",
    "invoicing.view",
    "invoicing.cancel",
    "pos.view",
    "customers.view",
    "inventory.view",
];

impl Role {
    /// The role's permissions (contract 5.0, default matrix).
    #[must_use]
    pub const fn permissions(self) -> &'static [&'static str] {
        match self {
            Self::Owner | Self::Admin => &PERMISSIONS,
            Self::Cashier => &CASHIER,
            Self::Warehouse => &WAREHOUSE,
            Self::Accountant => &ACCOUNTANT,
        }
    }

    /// Whether the role may do this.
    #[must_use]
    pub fn may(self, permission: &str) -> bool {
        self.permissions().contains(&permission)
    }

    /// The name in the contract and in the log.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Cashier => "cashier",
            Self::Warehouse => "warehouse",
            Self::Accountant => "accountant",
        }
    }

    /// The role of a name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        [Self::Owner, Self::Admin, Self::Cashier, Self::Warehouse, Self::Accountant]
            .into_iter()
            .find(|role| role.name() == name)
    }
}

/// An employee was hired. The PIN is a secret and is no part of any event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmployeeHired {
    /// The employee.
    pub employee_id: EmployeeId,
    /// Full name.
    pub name: String,
    /// E-mail address.
    pub email: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// What the employee may do.
    pub role: Role,
    /// Where the employee works.
    pub branch_id: BranchId,
    /// The largest discount the employee may give, in millionths of a percent.
    pub max_discount_pct: Rate,
}

/// An employee's record is another now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmployeeUpdated {
    /// The employee.
    pub employee_id: EmployeeId,
    /// Full name.
    pub name: String,
    /// E-mail address.
    pub email: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// What the employee may do.
    pub role: Role,
    /// Where the employee works.
    pub branch_id: BranchId,
    /// The largest discount the employee may give, in millionths of a percent.
    pub max_discount_pct: Rate,
    /// Whether they still work here; who does not comes in nowhere and decides nothing.
    pub is_active: bool,
}

impl From<EmployeeHired> for EmployeeUpdated {
    /// The record at the beginning.
    fn from(hired: EmployeeHired) -> Self {
        Self {
            employee_id: hired.employee_id,
            name: hired.name,
            email: hired.email,
            phone: hired.phone,
            role: hired.role,
            branch_id: hired.branch_id,
            max_discount_pct: hired.max_discount_pct,
            is_active: true,
        }
    }
}

/// An employee has another PIN. It is a secret and is no part of any event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PinChanged {
    /// The employee.
    pub employee_id: EmployeeId,
}

/// Hires an employee.
#[derive(Clone, Debug)]
pub struct HireEmployee {
    /// Full name.
    pub name: String,
    /// E-mail address.
    pub email: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// What the employee may do.
    pub role: Role,
    /// Where the employee works.
    pub branch_id: BranchId,
    /// The largest discount the employee may give, in percent.
    pub max_discount_pct: Rate,
}

/// Changes an employee's record; what is not named stays.
#[derive(Clone, Debug, Default)]
pub struct UpdateEmployee {
    /// Full name.
    pub name: Option<String>,
    /// E-mail address, or none any more.
    pub email: Option<Option<String>>,
    /// Telephone, or none any more.
    pub phone: Option<Option<String>>,
    /// What the employee may do.
    pub role: Option<Role>,
    /// Where the employee works.
    pub branch_id: Option<BranchId>,
    /// The largest discount the employee may give, in percent.
    pub max_discount_pct: Option<Rate>,
    /// Whether the employee works here.
    pub is_active: Option<bool>,
}

/// A command to an employee's record.
#[derive(Clone, Debug)]
pub enum EmployeeCommand {
    /// Hires them.
    Hire(HireEmployee),
    /// Changes their record.
    Update(EmployeeId, UpdateEmployee),
    /// Gives them another PIN.
    ChangePin(EmployeeId),
}

/// The employee as a document.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Employee {
    record: Option<EmployeeUpdated>,
}

impl Document for Employee {
    const TYPE: &'static str = "employee";
    type Command = EmployeeCommand;

    fn decide(&self, issued: Issued<Self::Command>, book: &Book) -> Result<Vec<Event>, Refusal> {
        let by = issued.by;
        let event: Event = match issued.command {
            EmployeeCommand::Hire(hire) => {
                let hired = EmployeeHired {
                    employee_id: book.counters.next_employee(),
                    name: hire.name,
                    email: hire.email,
                    phone: hire.phone,
                    role: hire.role,
                    branch_id: hire.branch_id,
                    max_discount_pct: hire.max_discount_pct,
                };
                check(&hired.name, hired.branch_id, hired.max_discount_pct, book)?;
                hired.into()
            }
            EmployeeCommand::Update(id, update) => {
                let current = self.record_for(id, by)?;
                let updated = update.applied_to(current);
                if updated == *current {
                    return Ok(Vec::new());
                }
                let owner = current.role == Role::Owner;
                if owner && (updated.role != Role::Owner || !updated.is_active) {
                    return Err(Refusal::OwnerStays(id));
                }
                if !owner && updated.role == Role::Owner {
                    return Err(Refusal::Invalid { field: "role", rule: "not owner" });
                }
                check(&updated.name, updated.branch_id, updated.max_discount_pct, book)?;
                updated.into()
            }
            EmployeeCommand::ChangePin(id) => {
                self.record_for(id, by)?;
                PinChanged { employee_id: id }.into()
            }
        };
        Ok(vec![event])
    }

    fn apply(&mut self, event: Event) {
        #[expect(clippy::wildcard_enum_match_arm, reason = "a PIN is no part of the record")]
        match event {
            Event::EmployeeHired(hired) => self.record = Some((*hired).into()),
            Event::EmployeeUpdated(updated) => self.record = Some(*updated),
            _ => {}
        }
    }
}

impl Employee {
    /// The record, where this person may change it: an owner's is changed by nobody else, or whoever administers the
    /// shop could take it over.
    fn record_for(&self, id: EmployeeId, by: EmployeeId) -> Result<&EmployeeUpdated, Refusal> {
        let record = self.record.as_ref().ok_or(Refusal::EmployeeNotFound(id))?;
        if record.role == Role::Owner && by != id {
            return Err(Refusal::OwnersOnly(id));
        }
        Ok(record)
    }
}

impl UpdateEmployee {
    fn applied_to(self, current: &EmployeeUpdated) -> EmployeeUpdated {
        let current = current.clone();
        EmployeeUpdated {
            employee_id: current.employee_id,
            name: self.name.unwrap_or(current.name),
            email: self.email.unwrap_or(current.email),
            phone: self.phone.unwrap_or(current.phone),
            role: self.role.unwrap_or(current.role),
            branch_id: self.branch_id.unwrap_or(current.branch_id),
            max_discount_pct: self.max_discount_pct.unwrap_or(current.max_discount_pct),
            is_active: self.is_active.unwrap_or(current.is_active),
        }
    }
}

fn check(name: &str, branch: BranchId, max_discount_pct: Rate, book: &Book) -> Result<(), Refusal> {
    if name.trim().is_empty() {
        return Err(Refusal::Invalid { field: "name", rule: "not empty" });
    }
    book.branch(branch)?;
    if max_discount_pct.is_negative() || max_discount_pct > Rate::HUNDRED_PERCENT {
        return Err(Refusal::Invalid { field: "max_discount_pct", rule: "between 0 and 100" });
    }
    Ok(())
}
