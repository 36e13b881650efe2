//! What the shop owes its suppliers, and what its bank settles of card sales.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    Book, BranchId, Cents, EmployeeId, Event, PurchaseId, Refusal, RegisterId, SettlementId,
    SupplierPaymentId, command::Issued, document::Document, money::share, sale::TenderKind,
};

/// What is owed on one purchase.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payable {
    /// Owed at first.
    pub total: Cents,
    /// The tax in it (119.01 at first).
    pub tax: Cents,
    /// Paid so far.
    pub paid: Cents,
    /// Tax that has moved to 118.01 so far.
    pub tax_moved: Cents,
}

impl Payable {
    /// Still owed.
    #[must_use]
    pub fn open(&self) -> Cents {
        self.total - self.paid
    }

    /// The tax that a payment makes creditable: its cumulative share; the last payment takes the rest.
    fn tax_of_payment(&self, amount: Cents) -> Cents {
        share(self.tax, (self.paid + amount).0, self.total.0) - self.tax_moved
    }
}

/// A supplier was paid: what is owed falls, and the tax in it becomes creditable (LIVA art. 5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupplierPaid {
    /// The payment.
    pub payment_id: SupplierPaymentId,
    /// Its folio, `PP-0001`.
    pub folio: String,
    /// The purchase.
    pub purchase_id: PurchaseId,
    /// Local day.
    pub date: Date,
    /// Where.
    pub branch_id: BranchId,
    /// Who paid.
    pub employee_id: EmployeeId,
    /// How much.
    pub amount: Cents,
    /// The tax in it: 119.01 to 118.01.
    pub tax: Cents,
    /// By what means; cash comes out of the safe or out of a drawer.
    pub method: TenderKind,
    /// The drawer.
    pub register_id: Option<RegisterId>,
    /// The bank's reference.
    pub reference: Option<String>,
    /// What is still owed on the purchase.
    pub balance: Cents,
}

/// The bank paid out card sales, less its commission.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardsSettled {
    /// The settlement.
    pub settlement_id: SettlementId,
    /// Local day.
    pub date: Date,
    /// Where.
    pub branch_id: BranchId,
    /// Who entered it.
    pub employee_id: EmployeeId,
    /// Card sales that are settled (107.05).
    pub gross: Cents,
    /// The bank's commission without tax (601.75).
    pub commission: Cents,
    /// The tax on it (118.01).
    pub tax: Cents,
    /// The bank's reference.
    pub reference: Option<String>,
}

impl CardsSettled {
    /// What arrived in the bank (102.01).
    #[must_use]
    pub fn received(&self) -> Cents {
        self.gross - self.commission - self.tax
    }
}

/// Pays a supplier.
#[derive(Clone, Debug)]
pub struct PaySupplier {
    /// The purchase.
    pub purchase_id: PurchaseId,
    /// How much.
    pub amount: Cents,
    /// By what means.
    pub method: TenderKind,
    /// The drawer that pays cash; the safe where absent.
    pub register_id: Option<RegisterId>,
    /// The bank's reference.
    pub reference: Option<String>,
}

/// Enters a settlement of card sales.
#[derive(Clone, Debug)]
pub struct SettleCards {
    /// Card sales that are settled.
    pub gross: Cents,
    /// The bank's commission without tax.
    pub commission: Cents,
    /// The tax on it.
    pub tax: Cents,
    /// The bank's reference.
    pub reference: Option<String>,
}

/// A supplier payment as a document.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct SupplierPayment {}

impl Document for SupplierPayment {
    const TYPE: &'static str = "supplier_payment";
    type Command = PaySupplier;

    fn decide(&self, issued: Issued<Self::Command>, book: &Book) -> Result<Vec<Event>, Refusal> {
        let paid = pay(&issued, book)?;
        Ok(vec![paid.into()])
    }
}

fn pay(issued: &Issued<PaySupplier>, book: &Book) -> Result<SupplierPaid, Refusal> {
    let wanted = &issued.command;
    book.branch(issued.branch)?;
    let payable = book.payables.get(&wanted.purchase_id).ok_or(Refusal::NothingOwed(wanted.purchase_id))?;
    if !wanted.amount.is_positive() {
        return Err(Refusal::Invalid { field: "amount", rule: "more than 0" });
    }
    if wanted.amount > payable.open() {
        return Err(Refusal::PaymentExceedsBalance { balance: payable.open(), amount: wanted.amount });
    }
    let register_id = match (wanted.method, wanted.register_id) {
        (TenderKind::Cash, Some(id)) => {
            Some(book.paying_drawer(Some(id), issued.by, issued.branch, wanted.amount)?)
        }
        _ => None,
    };
    let payment_id = book.counters.next_supplier_payment();
    Ok(SupplierPaid {
        payment_id,
        folio: format!("PP-{:04}", payment_id.0),
        purchase_id: wanted.purchase_id,
        date: book.day(issued.at),
        branch_id: issued.branch,
        employee_id: issued.by,
        amount: wanted.amount,
        tax: payable.tax_of_payment(wanted.amount),
        method: wanted.method,
        register_id,
        reference: wanted.reference.clone(),
        balance: payable.open() - wanted.amount,
    })
}

/// A settlement as a document.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Settlement {}

impl Document for Settlement {
    const TYPE: &'static str = "settlement";
    type Command = SettleCards;

    fn decide(&self, issued: Issued<Self::Command>, book: &Book) -> Result<Vec<Event>, Refusal> {
        let settled = settle(&issued, book)?;
        Ok(vec![settled.into()])
    }
}

fn settle(issued: &Issued<SettleCards>, book: &Book) -> Result<CardsSettled, Refusal> {
    let wanted = &issued.command;
    book.branch(issued.branch)?;
    if !wanted.gross.is_positive() {
        return Err(Refusal::Invalid { field: "amount", rule: "more than 0" });
    }
    if wanted.commission.is_negative()
        || wanted.tax.is_negative()
        || wanted.commission + wanted.tax > wanted.gross
    {
        return Err(Refusal::Invalid { field: "commission", rule: "between 0 and the amount, with its tax" });
    }
    book.document_sum([wanted.gross])?;
    Ok(CardsSettled {
        settlement_id: book.counters.next_settlement(),
        date: book.day(issued.at),
        branch_id: issued.branch,
        employee_id: issued.by,
        gross: wanted.gross,
        commission: wanted.commission,
        tax: wanted.tax,
        reference: wanted.reference.clone(),
    })
}
