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

/// The employee as a document.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Employee {}

impl Document for Employee {
    const TYPE: &'static str = "employee";
    type Command = HireEmployee;

    fn decide(&self, issued: Issued<Self::Command>, book: &Book) -> Result<Vec<Event>, Refusal> {
        let hire = issued.command;
        if hire.name.trim().is_empty() {
            return Err(Refusal::Invalid { field: "name", rule: "not empty" });
        }
        book.branch(hire.branch_id)?;
        if hire.max_discount_pct.is_negative() || hire.max_discount_pct > Rate::HUNDRED_PERCENT {
            return Err(Refusal::Invalid { field: "max_discount_pct", rule: "between 0 and 100" });
        }
        let hired = EmployeeHired {
            employee_id: book.counters.next_employee(),
            name: hire.name,
            email: hire.email,
            phone: hire.phone,
            role: hire.role,
            branch_id: hire.branch_id,
            max_discount_pct: hire.max_discount_pct,
        };
        Ok(vec![hired.into()])
    }
}
