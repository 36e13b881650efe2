//! What every event posts: one entry or two, each balanced by construction (`accounting.md`, the table).

use std::borrow::Cow;

use jiff::civil::Date;

use crate::{
    AccountId, BranchId, Cents, Event, RegisterId, chart,
    inventory::Moved,
    period::{Period, Phase},
    register::{Direction, Expense},
    sale::{Tender, TenderKind},
};

/// Entry ids are made of position and number: the entries of the event at 451 are 4510, 4511 …
pub const ENTRIES_PER_EVENT: i64 = 10;

/// The contract's four types of entry (N-29).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the contract's")]
pub enum EntryType {
    Sale,
    Purchase,
    Adjustment,
    Manual,
}

impl EntryType {
    /// The name in the contract.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sale => "sale",
            Self::Purchase => "purchase",
            Self::Adjustment => "adjustment",
            Self::Manual => "manual",
        }
    }
}

/// A posting: an amount to an account, debit positive, credit negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posting {
    /// The account.
    pub account: AccountId,
    /// Debit positive.
    pub amount: Cents,
    /// Whose drawer, on 101.01; nothing is the safe.
    pub register: Option<RegisterId>,
}

/// A journal entry. It cannot be built unbalanced, nor with fewer than two lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    date: Date,
    phase: Phase,
    branch: BranchId,
    kind: EntryType,
    reference: String,
    description: Cow<'static, str>,
    lines: Vec<Posting>,
}

impl Entry {
    /// The period that it belongs to.
    pub fn period(&self) -> Period {
        Period::of_phase(self.date, self.phase)
    }
    /// Whether it belongs to its month or to the thirteenth period.
    pub fn phase(&self) -> Phase {
        self.phase
    }
    /// The local day it belongs to.
    pub fn date(&self) -> Date {
        self.date
    }
    /// The branch.
    pub fn branch(&self) -> BranchId {
        self.branch
    }
    /// One of the contract's four types.
    pub fn entry_type(&self) -> EntryType {
        self.kind
    }
    /// The document's folio.
    pub fn reference(&self) -> &str {
        &self.reference
    }
    /// What it is, in words.
    pub fn description(&self) -> &str {
        &self.description
    }
    /// The lines, no amount of zero among them.
    pub fn lines(&self) -> &[Posting] {
        &self.lines
    }
    /// The sum of the debits.
    pub fn total(&self) -> Cents {
        self.lines.iter().map(|line| line.amount).filter(|amount| amount.is_positive()).sum()
    }
}

/// An entry that does not balance: a defect of a posting rule, never of input.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{event} would post an entry that is off by {difference}")]
pub struct Unbalanced {
    /// The event's type.
    pub event: &'static str,
    /// Debits less credits.
    pub difference: Cents,
}

/// Lines on their way to an entry.
struct Draft {
    lines: Vec<Posting>,
}

impl Draft {
    fn new() -> Self {
        Self { lines: Vec::with_capacity(6) }
    }

    /// Debits; a negative amount is a credit, nothing is left out.
    fn debit(&mut self, account: AccountId, amount: Cents) -> &mut Self {
        self.line(account, amount, None)
    }

    fn credit(&mut self, account: AccountId, amount: Cents) -> &mut Self {
        self.line(account, -amount, None)
    }

    fn line(&mut self, account: AccountId, amount: Cents, register: Option<RegisterId>) -> &mut Self {
        if let Some(line) =
            self.lines.iter_mut().find(|line| line.account == account && line.register == register)
        {
            line.amount += amount;
        } else {
            self.lines.push(Posting { account, amount, register });
        }
        self
    }

    /// Debits (or, with `sign` −1, credits) each tender to where it lies.
    fn tenders(&mut self, tenders: &[Tender], register: Option<RegisterId>, sign: i64) -> &mut Self {
        for tender in tenders {
            let amount = Cents(tender.amount.0 * sign);
            self.tender(tender.kind, amount, register);
        }
        self
    }

    /// Credits where money that the shop pays comes from: no card is charged, the bank pays.
    fn tender_out(&mut self, kind: TenderKind, amount: Cents, register: Option<RegisterId>) -> &mut Self {
        match kind {
            TenderKind::Cash => self.line(chart::CAJA_EFECTIVO, -amount, register),
            TenderKind::Card | TenderKind::Transfer | TenderKind::StoreCredit | TenderKind::Deposit => {
                self.line(chart::BANCOS_NACIONALES, -amount, None)
            }
        }
    }

    fn tender(&mut self, kind: TenderKind, amount: Cents, register: Option<RegisterId>) -> &mut Self {
        match kind {
            TenderKind::Cash => self.line(chart::CAJA_EFECTIVO, amount, register),
            TenderKind::Card => self.line(chart::OTROS_DEUDORES, amount, None),
            TenderKind::Transfer => self.line(chart::BANCOS_NACIONALES, amount, None),
            TenderKind::StoreCredit => self.line(chart::OTROS_ANTICIPOS, amount, None),
            TenderKind::Deposit => self.line(chart::ANTICIPO, amount, None),
        }
    }
}

/// What the entries of one event have in common.
struct Head<'a> {
    event: &'static str,
    date: Date,
    branch: BranchId,
    entry_type: EntryType,
    reference: &'a str,
    phase: Phase,
    accounts: &'a [(AccountId, AccountId)],
}

impl Head<'_> {
    fn entry(
        &self,
        description: impl Into<Cow<'static, str>>,
        mut draft: Draft,
        into: &mut Vec<Entry>,
    ) -> Result<(), Unbalanced> {
        draft.lines.retain(|line| !line.amount.is_zero());
        for line in &mut draft.lines {
            if let Some((_, to)) = self.accounts.iter().find(|(from, _)| *from == line.account) {
                line.account = *to;
            }
        }
        let difference: Cents = draft.lines.iter().map(|line| line.amount).sum();
        if !difference.is_zero() {
            return Err(Unbalanced { event: self.event, difference });
        }
        if !draft.lines.is_empty() {
            into.push(Entry {
                date: self.date,
                phase: self.phase,
                branch: self.branch,
                kind: self.entry_type,
                reference: self.reference.to_owned(),
                description: description.into(),
                lines: draft.lines,
            });
        }
        Ok(())
    }
}

/// Goods that come in at a stated cost: 115 takes the change of the stock's value, the rest is the rounding of
/// the average or a cost that arrived late (501.08).
fn goods_in(draft: &mut Draft, against: AccountId, cost: Cents, moved: impl Iterator<Item = Cents>) {
    let value: Cents = moved.sum();
    draft.debit(chart::INVENTARIO, value).credit(against, cost).debit(chart::OTROS_COSTOS, cost - value);
}

fn value_of(moved: Option<Moved>) -> Cents {
    moved.map_or(Cents::ZERO, |moved| moved.value)
}

/// The entries of an event, in order, posted by the map that was in force when it happened.
///
/// # Errors
/// Only where a rule is wrong; the caller stops rather than books it.
#[expect(
    clippy::too_many_lines,
    reason = "one flat match over the events; each rule stands whole in its arm"
)]
pub fn entries(event: &Event, accounts: &[(AccountId, AccountId)]) -> Result<Vec<Entry>, Unbalanced> {
    let mut out = Vec::new();
    let name = event.name();
    let head = |date, branch, entry_type, reference| Head {
        event: name,
        date,
        branch,
        entry_type,
        reference,
        phase: Phase::Ordinary,
        accounts,
    };
    match event {
        Event::SaleCompleted(sale) => {
            let head = head(sale.date, sale.branch_id, EntryType::Sale, &sale.folio);
            let mut draft = Draft::new();
            // Deposits lie in 206.01 net of the tax that was collected with them.
            draft
                .tenders(&sale.tenders, sale.register_id, 1)
                .credit(chart::ANTICIPO, sale.tax_deposited())
                .debit(chart::CLIENTES_NACIONALES, sale.on_credit);
            let on_credit = sale.on_credit - sale.tax_on_credit;
            draft
                .credit(chart::VENTAS_CONTADO, sale.net - on_credit)
                .credit(chart::VENTAS_CREDITO, on_credit)
                .credit(chart::IVA_COBRADO, sale.tax - sale.tax_on_credit - sale.tax_deposited())
                .credit(chart::IVA_NO_COBRADO, sale.tax_on_credit);
            let words = match sale.sale_type {
                crate::sale::SaleType::Cash => "Venta al contado",
                crate::sale::SaleType::Credit => "Venta a crédito",
                crate::sale::SaleType::Mixed => "Venta mixta",
            };
            head.entry(words, draft, &mut out)?;
            let cost: Cents = sale.lines.iter().map(crate::sale::SaleLine::cost).sum();
            let mut draft = Draft::new();
            draft.debit(chart::COSTO_VENTA, cost).credit(chart::INVENTARIO, cost);
            head.entry("Costo de venta", draft, &mut out)?;
        }
        Event::SaleCancelled(sale) => {
            let head = head(sale.date, sale.branch_id, EntryType::Sale, &sale.folio);
            let mut draft = Draft::new();
            let on_credit = sale.on_credit - sale.tax_on_credit;
            draft
                .debit(chart::VENTAS_CONTADO, sale.net - on_credit)
                .debit(chart::VENTAS_CREDITO, on_credit)
                .debit(chart::IVA_COBRADO, sale.tax - sale.tax_on_credit)
                .debit(chart::IVA_NO_COBRADO, sale.tax_on_credit)
                .tenders(&sale.tenders, sale.register_id, -1)
                .credit(chart::CLIENTES_NACIONALES, sale.on_credit);
            head.entry("Cancelación de venta", draft, &mut out)?;
            let mut draft = Draft::new();
            let cost = sale.lines.iter().map(|line| line.cost).sum();
            goods_in(
                &mut draft,
                chart::COSTO_VENTA,
                cost,
                sale.lines.iter().map(|line| value_of(line.moved)),
            );
            head.entry("Cancelación del costo de venta", draft, &mut out)?;
        }
        Event::GoodsReturned(back) => {
            let head = head(back.date, back.branch_id, EntryType::Sale, &back.folio);
            let mut draft = Draft::new();
            let refund = &back.refund;
            draft
                .debit(chart::DEVOLUCIONES, back.net)
                .debit(chart::IVA_NO_COBRADO, refund.receivable_tax)
                .debit(chart::IVA_COBRADO, back.tax - refund.receivable_tax)
                .credit(chart::CLIENTES_NACIONALES, refund.receivable)
                .credit(chart::OTROS_ANTICIPOS, refund.store_credit)
                .tender(TenderKind::Cash, -refund.cash, back.register_id)
                .tender(TenderKind::Card, -refund.card, None)
                .tender(TenderKind::Transfer, -refund.transfer, None);
            head.entry("Devolución sobre venta", draft, &mut out)?;
            let mut draft = Draft::new();
            let cost = back.lines.iter().map(|line| line.cost).sum();
            goods_in(
                &mut draft,
                chart::COSTO_VENTA,
                cost,
                back.lines.iter().map(|line| value_of(line.moved)),
            );
            head.entry("Costo de la devolución", draft, &mut out)?;
        }
        Event::PaymentReceived(payment) => {
            let head = head(payment.date, payment.branch_id, EntryType::Sale, &payment.folio);
            let tax: Cents = payment.allocations.iter().map(|allocation| allocation.tax).sum();
            let mut draft = Draft::new();
            draft
                .tender(payment.method, payment.amount, payment.register_id)
                .credit(chart::CLIENTES_NACIONALES, payment.amount)
                .debit(chart::IVA_NO_COBRADO, tax)
                .credit(chart::IVA_COBRADO, tax);
            head.entry("Abono de cliente", draft, &mut out)?;
        }
        Event::LayawayCreated(layaway) => {
            if let Some(deposit) = &layaway.deposit {
                let head = head(deposit.date, deposit.branch_id, EntryType::Sale, &layaway.folio);
                head.entry("Anticipo de apartado", deposited(deposit), &mut out)?;
            }
        }
        Event::DepositReceived(received) => {
            let deposit = &received.deposit;
            let head = head(deposit.date, deposit.branch_id, EntryType::Sale, &received.folio);
            head.entry("Abono a apartado", deposited(deposit), &mut out)?;
        }
        Event::LayawayCancelled(cancelled) => {
            let head = head(cancelled.date, cancelled.branch_id, EntryType::Sale, &cancelled.folio);
            let mut draft = Draft::new();
            draft
                .debit(chart::ANTICIPO, cancelled.paid - cancelled.tax)
                .debit(chart::IVA_COBRADO, cancelled.tax)
                .credit(chart::OTROS_INGRESOS, cancelled.penalty)
                .tender(cancelled.method, -cancelled.refunded, cancelled.register_id);
            head.entry("Cancelación de apartado", draft, &mut out)?;
        }
        Event::StockTransferred(transfer) => {
            let reference = format!("T-{:04}", transfer.transfer_id.0);
            let value: Cents = transfer.lines.iter().map(crate::transfer::TransferLine::value).sum();
            let sender = head(transfer.date, transfer.from, EntryType::Adjustment, &reference);
            let mut draft = Draft::new();
            draft.debit(chart::MERCANCIA_TRANSITO, value).credit(chart::INVENTARIO, value);
            sender.entry("Salida por traspaso", draft, &mut out)?;
            if !transfer.in_transit {
                let receiver = head(transfer.date, transfer.to, EntryType::Adjustment, &reference);
                let mut draft = Draft::new();
                draft.debit(chart::INVENTARIO, value).credit(chart::MERCANCIA_TRANSITO, value);
                receiver.entry("Entrada por traspaso", draft, &mut out)?;
            }
        }
        Event::TransferReceived(received) => {
            let reference = format!("T-{:04}", received.transfer_id.0);
            let head = head(received.date, received.branch_id, EntryType::Adjustment, &reference);
            let sent: Cents = received.lines.iter().map(|line| line.sent_value).sum();
            let value: Cents = received.lines.iter().map(|line| line.moved.value).sum();
            let mut draft = Draft::new();
            draft
                .debit(chart::INVENTARIO, value)
                .debit(chart::OTROS_COSTOS, sent - value)
                .credit(chart::MERCANCIA_TRANSITO, sent);
            head.entry("Entrada por traspaso", draft, &mut out)?;
        }
        Event::CountApproved(count) => {
            let reference = format!("TF-{:04}", count.count_id.0);
            let head = head(count.date, count.branch_id, EntryType::Adjustment, &reference);
            let value: Cents = count.lines.iter().map(|line| line.moved.value).sum();
            let mut draft = Draft::new();
            draft.debit(chart::INVENTARIO, value).credit(chart::OTROS_COSTOS, value);
            head.entry("Diferencias de toma física", draft, &mut out)?;
        }
        Event::PurchaseRecorded(purchase) => {
            let reference = format!("C-{:04}", purchase.purchase_id.0);
            let head = head(purchase.date, purchase.branch_id, EntryType::Purchase, &reference);
            let value: Cents = purchase.lines.iter().map(|line| line.moved.value).sum();
            let mut draft = Draft::new();
            draft.debit(chart::INVENTARIO, value).debit(chart::OTROS_COSTOS, purchase.net - value);
            if let Some(kind) = purchase.paid_by {
                draft.debit(chart::IVA_ACREDITABLE_PAGADO, purchase.tax).tender_out(
                    kind,
                    purchase.total,
                    purchase.register_id,
                );
                head.entry("Compra de contado", draft, &mut out)?;
            } else {
                draft
                    .debit(chart::IVA_PENDIENTE_PAGO, purchase.tax)
                    .credit(chart::PROVEEDORES, purchase.total);
                head.entry("Compra a crédito", draft, &mut out)?;
            }
        }
        Event::StockAdjusted(adjusted) => {
            let reference = format!("AJ-{:04}", adjusted.adjustment_id.0);
            let head = head(adjusted.date, adjusted.branch_id, EntryType::Adjustment, &reference);
            let value: Cents = adjusted.lines.iter().map(|line| line.moved.value).sum();
            let mut draft = Draft::new();
            draft.debit(chart::INVENTARIO, value).credit(chart::OTROS_COSTOS, value);
            head.entry("Ajuste de inventario", draft, &mut out)?;
        }
        Event::ItemCreated(item) => {
            if let Some(opening) = &item.opening {
                let head =
                    head(opening.date, item.details.branch_id, EntryType::Adjustment, &item.details.sku);
                let mut draft = Draft::new();
                let value = opening.moved.value;
                draft.debit(chart::INVENTARIO, value).credit(chart::OTRAS_CAPITAL, value);
                head.entry("Inventario inicial", draft, &mut out)?;
            }
        }
        Event::RegisterOpened(opened) => {
            let reference = format!("CAJA-{:04}", opened.register_id.0);
            let head = head(opened.date, opened.branch_id, EntryType::Adjustment, &reference);
            let mut draft = Draft::new();
            draft.line(chart::CAJA_EFECTIVO, opened.opening, Some(opened.register_id)).line(
                chart::CAJA_EFECTIVO,
                -opened.opening,
                None,
            );
            head.entry("Fondo de caja", draft, &mut out)?;
        }
        Event::CashMoved(movement) => {
            let reference = format!("CAJA-{:04}", movement.register_id.0);
            let head = head(movement.date, movement.branch_id, EntryType::Adjustment, &reference);
            let mut draft = Draft::new();
            let words = match (movement.direction, movement.expense) {
                (_, Some(Expense { account_id, tax })) => {
                    draft
                        .debit(account_id, movement.amount - tax)
                        .debit(chart::IVA_ACREDITABLE_PAGADO, tax)
                        .line(chart::CAJA_EFECTIVO, -movement.amount, Some(movement.register_id));
                    "Gasto pagado de caja"
                }
                (direction, None) => {
                    let (amount, words) = match direction {
                        Direction::In => (movement.amount, "Entrada de efectivo"),
                        Direction::Out => (-movement.amount, "Salida de efectivo"),
                    };
                    draft.line(chart::CAJA_EFECTIVO, amount, Some(movement.register_id)).line(
                        chart::CAJA_EFECTIVO,
                        -amount,
                        None,
                    );
                    words
                }
            };
            head.entry(words, draft, &mut out)?;
        }
        Event::EntryPosted(posted) => {
            let mut head = head(posted.date, posted.branch_id, EntryType::Manual, &posted.folio);
            head.phase = posted.phase;
            head.accounts = &[];
            let mut draft = Draft::new();
            for (account, amount) in &posted.lines {
                draft.lines.push(Posting { account: *account, amount: *amount, register: None });
            }
            head.entry(posted.description.clone(), draft, &mut out)?;
        }
        Event::PeriodClosed(closed) => {
            let to = closed.result_account();
            let to = accounts.iter().find(|(from, _)| *from == to).map_or(to, |(_, mapped)| *mapped);
            let reference = closed.period.to_string();
            for result in &closed.results {
                let mut head =
                    head(closed.period.last_day(), result.branch_id, EntryType::Manual, &reference);
                head.phase = Phase::Closing;
                // What an account holds leaves that account, wherever the map sends new postings now.
                head.accounts = &[];
                let mut draft = Draft::new();
                for (account, amount) in &result.lines {
                    draft.debit(*account, *amount);
                }
                draft.debit(to, result.result);
                head.entry("Resultado del ejercicio", draft, &mut out)?;
            }
        }
        Event::SupplierPaid(paid) => {
            let head = head(paid.date, paid.branch_id, EntryType::Purchase, &paid.folio);
            let mut draft = Draft::new();
            draft
                .debit(chart::PROVEEDORES, paid.amount)
                .debit(chart::IVA_ACREDITABLE_PAGADO, paid.tax)
                .credit(chart::IVA_PENDIENTE_PAGO, paid.tax)
                .tender_out(paid.method, paid.amount, paid.register_id);
            head.entry("Pago a proveedor", draft, &mut out)?;
        }
        Event::CardsSettled(settled) => {
            let reference = format!("LIQ-{:04}", settled.settlement_id.0);
            let head = head(settled.date, settled.branch_id, EntryType::Adjustment, &reference);
            let mut draft = Draft::new();
            draft
                .debit(chart::BANCOS_NACIONALES, settled.received())
                .debit(chart::COMISIONES, settled.commission)
                .debit(chart::IVA_ACREDITABLE_PAGADO, settled.tax)
                .credit(chart::OTROS_DEUDORES, settled.gross);
            head.entry("Liquidación de tarjetas", draft, &mut out)?;
        }
        Event::RegisterCut(cut) => {
            let reference = format!("CAJA-{:04}", cut.register_id.0);
            let head = head(cut.date, cut.branch_id, EntryType::Adjustment, &reference);
            let mut draft = Draft::new();
            draft.line(chart::CAJA_EFECTIVO, cut.difference, Some(cut.register_id));
            if cut.difference.is_negative() {
                draft.debit(chart::FUNCIONARIOS_EMPLEADOS, -cut.difference);
            } else {
                draft.credit(chart::OTROS_PRODUCTOS, cut.difference);
            }
            head.entry("Diferencia en corte Z", draft, &mut out)?;
            let mut draft = Draft::new();
            draft.line(chart::CAJA_EFECTIVO, cut.counted, None).line(
                chart::CAJA_EFECTIVO,
                -cut.counted,
                Some(cut.register_id),
            );
            head.entry("Corte Z: efectivo a la caja general", draft, &mut out)?;
        }
        neither_posted_nor_moved!() => {}
    }
    Ok(out)
}

/// Money into a layaway: an advance, and the tax that is collected with it.
fn deposited(deposit: &crate::layaway::Deposit) -> Draft {
    let mut draft = Draft::new();
    draft
        .tender(deposit.method, deposit.amount, deposit.register_id)
        .credit(chart::ANTICIPO, deposit.amount - deposit.tax)
        .credit(chart::IVA_COBRADO, deposit.tax);
    draft
}

/// The id of an event's n-th entry, from 0.
#[must_use]
pub const fn entry_id(position: i64, number: usize) -> i64 {
    #[expect(clippy::cast_possible_wrap, reason = "an event posts fewer than ten entries")]
    let number = number as i64;
    position * ENTRIES_PER_EVENT + number
}

/// The position of an entry's event.
#[must_use]
pub const fn position_of_entry(entry: i64) -> i64 {
    entry / ENTRIES_PER_EVENT
}
