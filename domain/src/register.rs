//! Cash registers: a session from opening to Z cut, and the cash in its drawer.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::{
    AccountId, Book, BranchId, Cents, EmployeeId, Event, Refusal, RegisterId, command::Issued,
    document::Document, sale::Tender,
};

/// Cash in or out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Into the drawer.
    In,
    /// Out of the drawer.
    Out,
}

/// What went through a session. `expected` is opening + cash sales + in − out (contract 5.7).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Cash that the session began with.
    pub opening: Cents,
    /// Cash kept from sales: received less change (N-26), less cancelled sales of this session.
    pub sales_cash: Cents,
    /// Card sales.
    pub sales_card: Cents,
    /// Transfers.
    pub sales_transfer: Cents,
    /// Sold on credit.
    pub sales_credit: Cents,
    /// Paid with store credit or with a layaway's deposits: the money came before.
    #[serde(default)]
    pub sales_store_credit: Cents,
    /// Cash brought in, customers' payments on account among it.
    pub movements_in: Cents,
    /// Cash taken out, refunds among it.
    pub movements_out: Cents,
    /// Sales less cancelled ones.
    pub sales_count: i64,
}

impl Totals {
    /// The cash that should lie in the drawer.
    #[must_use]
    pub fn expected(&self) -> Cents {
        self.opening + self.sales_cash + self.movements_in - self.movements_out
    }

    /// What was sold and paid at once, by any means.
    #[must_use]
    pub fn total_sales(&self) -> Cents {
        self.sales_cash + self.sales_card + self.sales_transfer
    }

    /// Counts a sale in (`sign` 1) or out again (`sign` −1).
    pub fn count_sale(&mut self, tenders: &[Tender], on_credit: Cents, sign: i64) {
        for tender in tenders {
            let amount = Cents(tender.amount.0 * sign);
            match tender.kind {
                crate::sale::TenderKind::Cash => self.sales_cash += amount,
                crate::sale::TenderKind::Card => self.sales_card += amount,
                crate::sale::TenderKind::Transfer => self.sales_transfer += amount,
                crate::sale::TenderKind::StoreCredit | crate::sale::TenderKind::Deposit => {
                    self.sales_store_credit += amount;
                }
            }
        }
        self.sales_credit += Cents(on_credit.0 * sign);
        self.sales_count += sign;
    }
}

/// A session was opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisterOpened {
    /// The session.
    pub register_id: RegisterId,
    /// The number painted on the drawer.
    pub register_number: i64,
    /// Where it stands.
    pub branch_id: BranchId,
    /// Whose session it is.
    pub employee_id: EmployeeId,
    /// Local day.
    pub date: Date,
    /// Cash that was put in from the safe.
    pub opening: Cents,
}

/// Cash was brought in or taken out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CashMoved {
    /// The session.
    pub register_id: RegisterId,
    /// Where it stands.
    pub branch_id: BranchId,
    /// Local day.
    pub date: Date,
    /// In or out.
    pub direction: Direction,
    /// How much.
    pub amount: Cents,
    /// Why.
    pub reason: String,
    /// What should lie in the drawer afterwards.
    pub expected: Cents,
    /// What the money was spent on; it went to the safe where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expense: Option<Expense>,
}

/// Cash spent out of a drawer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expense {
    /// The account of the expense (6xx).
    pub account_id: AccountId,
    /// The creditable tax in the amount (118.01).
    pub tax: Cents,
}

/// A session was closed with a Z cut; what was counted went to the safe.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisterCut {
    /// The session.
    pub register_id: RegisterId,
    /// The number painted on the drawer.
    pub register_number: i64,
    /// Where it stands.
    pub branch_id: BranchId,
    /// Whose session it was.
    pub employee_id: EmployeeId,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// Local day of the cut.
    pub date: Date,
    /// What went through it.
    pub totals: Totals,
    /// What should have been there.
    pub expected: Cents,
    /// What was there.
    pub counted: Cents,
    /// Counted less expected: short is negative.
    pub difference: Cents,
}

/// Opens a session for the employee.
#[derive(Clone, Debug)]
pub struct OpenRegister {
    /// The number painted on the drawer.
    pub register_number: i64,
    /// Cash put in from the safe.
    pub opening: Cents,
}

/// Brings cash in or takes it out.
#[derive(Clone, Debug)]
pub struct MoveCash {
    /// In or out.
    pub direction: Direction,
    /// How much.
    pub amount: Cents,
    /// Why.
    pub reason: String,
    /// What it is spent on, where it leaves the shop.
    pub expense: Option<Expense>,
}

/// Closes a session.
#[derive(Clone, Debug)]
pub struct CutRegister {
    /// What was counted in the drawer.
    pub counted: Cents,
}

/// A command to a register.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "each variant is documented at its payload")]
pub enum RegisterCommand {
    Open(OpenRegister),
    Move(RegisterId, MoveCash),
    Cut(RegisterId, CutRegister),
}

/// The session as a document. The Book follows its cash; the document only orders its events.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Register {}

impl Document for Register {
    const TYPE: &'static str = "register";
    type Command = RegisterCommand;

    fn decide(&self, issued: Issued<Self::Command>, book: &Book) -> Result<Vec<Event>, Refusal> {
        let event: Event = match &issued.command {
            RegisterCommand::Open(open) => open_register(&issued, open, book)?.into(),
            RegisterCommand::Move(id, movement) => move_cash(&issued, *id, movement, book)?.into(),
            RegisterCommand::Cut(id, cut) => cut_register(&issued, *id, cut, book)?.into(),
        };
        Ok(vec![event])
    }
}

fn open_register<C>(issued: &Issued<C>, open: &OpenRegister, book: &Book) -> Result<RegisterOpened, Refusal> {
    book.employee(issued.by)?;
    book.branch(issued.branch)?;
    if open.opening.is_negative() {
        return Err(Refusal::Invalid { field: "opening_amount", rule: "0 or more" });
    }
    if open.register_number < 1 {
        return Err(Refusal::Invalid { field: "register_number", rule: "1 or more" });
    }
    book.document_sum([open.opening])?;
    for (id, session) in &book.registers {
        if session.employee_id == issued.by {
            return Err(Refusal::RegisterAlreadyOpen(*id));
        }
        if session.branch_id == issued.branch && session.register_number == open.register_number {
            return Err(Refusal::RegisterNumberInUse { number: open.register_number, session: *id });
        }
    }
    Ok(RegisterOpened {
        register_id: book.counters.next_register(),
        register_number: open.register_number,
        branch_id: issued.branch,
        employee_id: issued.by,
        date: book.day(issued.at),
        opening: open.opening,
    })
}

fn move_cash<C>(
    issued: &Issued<C>,
    id: RegisterId,
    movement: &MoveCash,
    book: &Book,
) -> Result<CashMoved, Refusal> {
    let session = book.open_register(id, issued.branch)?;
    if !movement.amount.is_positive() {
        return Err(Refusal::Invalid { field: "amount", rule: "more than 0" });
    }
    if movement.reason.trim().is_empty() {
        return Err(Refusal::Invalid { field: "reason", rule: "not empty" });
    }
    book.document_sum([movement.amount])?;
    if let Some(expense) = movement.expense {
        if movement.direction == Direction::In {
            return Err(Refusal::Invalid { field: "account_id", rule: "left out where cash comes in" });
        }
        book.postable("account_id", expense.account_id)?;
        if !book.account(expense.account_id).is_some_and(|account| account.sat_code.starts_with('6')) {
            return Err(Refusal::Invalid { field: "account_id", rule: "an account of expenses (6xx)" });
        }
        if expense.tax.is_negative() || expense.tax > movement.amount {
            return Err(Refusal::Invalid { field: "tax", rule: "between 0 and the amount" });
        }
    }
    let before = session.totals.expected();
    let expected = match movement.direction {
        Direction::In => before + movement.amount,
        Direction::Out if movement.amount > before => {
            return Err(Refusal::InsufficientCash { available: before, wanted: movement.amount });
        }
        Direction::Out => before - movement.amount,
    };
    Ok(CashMoved {
        register_id: id,
        branch_id: session.branch_id,
        date: book.day(issued.at),
        direction: movement.direction,
        amount: movement.amount,
        reason: movement.reason.clone(),
        expected,
        expense: movement.expense,
    })
}

fn cut_register<C>(
    issued: &Issued<C>,
    id: RegisterId,
    cut: &CutRegister,
    book: &Book,
) -> Result<RegisterCut, Refusal> {
    let session = book.open_register(id, issued.branch)?;
    if cut.counted.is_negative() {
        return Err(Refusal::Invalid { field: "counted_amount", rule: "0 or more" });
    }
    book.document_sum([cut.counted])?;
    let expected = session.totals.expected();
    Ok(RegisterCut {
        register_id: id,
        register_number: session.register_number,
        branch_id: session.branch_id,
        employee_id: session.employee_id,
        opened_at: session.opened_at,
        date: book.day(issued.at),
        totals: session.totals,
        expected,
        counted: cut.counted,
        difference: cut.counted - expected,
    })
}
