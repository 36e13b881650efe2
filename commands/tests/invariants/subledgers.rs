//! What stands behind the control accounts, counted from the Book and, where it keeps no such sum, from the events
//! themselves: never from postings.

use std::collections::{BTreeMap, BTreeSet};

use diario_domain::{
    AccountId, Book, Cents, Event, LayawayId, RegisterId, SaleId, TransferId, chart,
    event::Recorded,
    item::ItemKind,
    layaway::Deposit,
    period::THIRTEENTH,
    sale::{Origin, Tender, TenderKind},
};

use crate::ledger::Ledger;

/// What was paid into a layaway.
#[derive(Clone, Copy, Default)]
struct Deposits {
    total: Cents,
    tax: Cents,
    paid: Cents,
    tax_paid: Cents,
}

#[derive(Default)]
pub struct SubLedgers {
    pub book: Book,
    pub ledger: Ledger,
    layaways: BTreeMap<LayawayId, Deposits>,
    /// Card sales that the bank has not settled.
    cards: Cents,
    transit: BTreeMap<TransferId, Cents>,
    /// What was posted to accounts by name, not by a rule.
    by_hand: BTreeMap<AccountId, Cents>,
    /// Accounts that a rule's account was ever mapped to.
    mapped: BTreeMap<AccountId, BTreeSet<AccountId>>,
    /// Sales that goods came back of: the receivable is another then.
    returned: BTreeSet<SaleId>,
}

/// `whole × part ÷ total`, half away from zero.
fn share(whole: Cents, part: Cents, total: Cents) -> Cents {
    if total.is_zero() {
        return Cents::ZERO;
    }
    let doubled = i128::from(whole.0) * i128::from(part.0) * 2 + i128::from(total.0);
    Cents(i64::try_from(doubled.div_euclid(i128::from(total.0) * 2)).unwrap())
}

fn cards_of(tenders: &[Tender]) -> Cents {
    tenders.iter().filter(|tender| tender.kind == TenderKind::Card).map(|tender| tender.amount).sum()
}

fn card(kind: TenderKind, amount: Cents) -> Cents {
    if kind == TenderKind::Card { amount } else { Cents::ZERO }
}

/// The first thing that is not as it must be.
macro_rules! tie {
    ($what:expr, $ledger:expr, $other:expr) => {{
        let (ledger, other) = ($ledger, $other);
        if ledger != other {
            return Err(format!("{}: the ledger says {ledger}, the sub-ledger {other}", $what));
        }
    }};
}

impl SubLedgers {
    /// Follows an event and checks everything.
    ///
    /// # Errors
    /// What does not tie, with both sums.
    pub fn follow(&mut self, recorded: &Recorded) -> Result<(), String> {
        self.ledger.follow(recorded)?;
        self.book.apply(recorded);
        self.note(&recorded.event);
        self.ties()?;
        self.sound()?;
        if let Event::PeriodClosed(closed) = &recorded.event
            && closed.period.month == THIRTEENTH
        {
            // A year that was closed before stays closed.
            for year in &self.ledger.closed_years {
                for ((branch, account), balance) in
                    self.ledger.until(year.last_day(), |account| self.is_result(account))
                {
                    tie!(
                        format!("branch {branch}'s account {account} of results at the end of {year}"),
                        balance,
                        Cents::ZERO
                    );
                }
            }
        }
        Ok(())
    }

    pub fn is_result(&self, account: AccountId) -> bool {
        let sat_code = self.book.account(account).unwrap().sat_code;
        sat_code.starts_with(['4', '5', '6', '7'])
    }

    pub fn cards(&self) -> Cents {
        self.cards
    }

    fn deposited(&mut self, layaway: LayawayId, deposit: &Deposit) {
        let paid = self.layaways.entry(layaway).or_default();
        paid.paid += deposit.amount;
        paid.tax_paid += deposit.tax;
        self.cards += card(deposit.method, deposit.amount);
    }

    fn by_hand(&mut self, account: AccountId, amount: Cents) {
        *self.by_hand.entry(account).or_default() += amount;
    }

    pub fn note(&mut self, event: &Event) {
        #[expect(clippy::wildcard_enum_match_arm, reason = "the others touch no sum that is kept here")]
        match event {
            Event::SaleCompleted(sale) => {
                self.cards += cards_of(&sale.tenders);
                if let Some(Origin::Layaway { layaway_id, .. }) = sale.origin {
                    self.layaways.remove(&layaway_id);
                }
            }
            Event::SaleCancelled(sale) => self.cards -= cards_of(&sale.tenders),
            Event::GoodsReturned(back) => {
                self.cards -= back.refund.card;
                self.returned.extend(back.sale_id);
            }
            Event::PaymentReceived(payment) => self.cards += card(payment.method, payment.amount),
            Event::LayawayCreated(created) => {
                let paid =
                    Deposits { total: created.sums.total, tax: created.sums.tax, ..Deposits::default() };
                self.layaways.insert(created.layaway_id, paid);
                if let Some(deposit) = &created.deposit {
                    self.deposited(created.layaway_id, deposit);
                }
            }
            Event::DepositReceived(received) => self.deposited(received.layaway_id, &received.deposit),
            Event::LayawayCancelled(cancelled) => {
                self.layaways.remove(&cancelled.layaway_id);
                self.cards -= card(cancelled.method, cancelled.refunded);
            }
            Event::CardsSettled(settled) => self.cards -= settled.gross,
            Event::StockTransferred(sent) if sent.in_transit => {
                let value = sent.lines.iter().map(|line| -line.sent.value).sum();
                self.transit.insert(sent.transfer_id, value);
            }
            Event::TransferReceived(received) => {
                self.transit.remove(&received.transfer_id);
            }
            Event::EntryPosted(posted) => {
                for (account, amount) in &posted.lines {
                    self.by_hand(*account, *amount);
                }
            }
            Event::CashMoved(moved) => {
                if let Some(expense) = moved.expense {
                    self.by_hand(expense.account_id, moved.amount - expense.tax);
                }
            }
            Event::PostingMapped(mapped) => {
                self.mapped.entry(mapped.account_id).or_default().extend(mapped.to);
            }
            _ => {}
        }
    }

    /// What the rules posted to an account or to those that it was mapped to, debit positive.
    fn posted(&self, account: AccountId) -> Cents {
        let family = std::iter::once(&account).chain(self.mapped.get(&account).into_iter().flatten());
        family
            .map(|account| {
                self.ledger.balance(*account) - self.by_hand.get(account).copied().unwrap_or_default()
            })
            .sum()
    }

    /// Every control account is what its sub-ledger says.
    fn ties(&self) -> Result<(), String> {
        tie!("debits less credits", self.ledger.balances.values().copied().sum::<Cents>(), Cents::ZERO);

        let goods: Cents = self.book.items.values().map(|item| item.shelf.value).sum();
        let transit: Cents = self.transit.values().copied().sum();
        let stock = self.posted(chart::INVENTARIO) + self.posted(chart::MERCANCIA_TRANSITO);
        tie!("115.01 and 115.05, the goods", stock, goods);
        tie!("115.05, goods on their way", self.posted(chart::MERCANCIA_TRANSITO), transit);

        let receivables = || self.book.customers.values().flat_map(|customer| customer.receivables.values());
        let owed: Cents = receivables().map(|receivable| receivable.total - receivable.paid).sum();
        tie!("105.01, open receivables", self.posted(chart::CLIENTES_NACIONALES), owed);
        let tax: Cents = receivables().map(|receivable| receivable.tax - receivable.tax_moved).sum();
        tie!("209.01, IVA inside open receivables", -self.posted(chart::IVA_NO_COBRADO), tax);

        let deposits: Cents = self.layaways.values().map(|layaway| layaway.paid - layaway.tax_paid).sum();
        tie!("206.01, deposits on open layaways", -self.posted(chart::ANTICIPO), deposits);
        let credit: Cents = self.book.customers.values().map(|customer| customer.store_credit).sum();
        tie!("206.05, store credit", -self.posted(chart::OTROS_ANTICIPOS), credit);

        for (id, session) in &self.book.registers {
            let lies = self.ledger.drawers.get(id).copied().unwrap_or_default();
            tie!(format!("101.01 of register {id}"), lies, session.totals.expected());
        }
        let closed = |id: &RegisterId| !self.book.registers.contains_key(id);
        if let Some((id, cash)) = self.ledger.drawers.iter().find(|(id, _)| closed(id)) {
            tie!(format!("101.01 of register {id}, which is closed"), *cash, Cents::ZERO);
        }

        let payables: Cents = self.book.payables.values().map(|payable| payable.total - payable.paid).sum();
        tie!("201.01, open payables", -self.posted(chart::PROVEEDORES), payables);
        let tax: Cents = self.book.payables.values().map(|payable| payable.tax - payable.tax_moved).sum();
        tie!("119.01, IVA inside open payables", self.posted(chart::IVA_PENDIENTE_PAGO), tax);
        tie!("107.05, card sales not settled", self.posted(chart::OTROS_DEUDORES), self.cards);
        Ok(())
    }

    /// Every sub-ledger is sound in itself: what it says of one item, customer or document follows from the rules.
    fn sound(&self) -> Result<(), String> {
        for (id, item) in &self.book.items {
            let shelf = &item.shelf;
            let exact = i128::from(shelf.on_hand.0) * i128::from(shelf.average_cost.0);
            // Millionths of a unit by millionths of a peso are 10^-12; centavos are 10^-2. Half goes away from zero.
            let rounded = (exact.abs() * 2 + 10_000_000_000) / 20_000_000_000 * exact.signum();
            let worth = Cents(i64::try_from(rounded).unwrap());
            tie!(format!("value of item {id}, quantity × average cost"), shelf.value, worth);
            let rows: i64 = shelf.branches.iter().map(|row| row.on_hand.0 + row.in_transit.0).sum();
            tie!(format!("quantity of item {id} in its branches"), shelf.on_hand.0, rows);
            if item.kind == ItemKind::Service {
                tie!(format!("value of service {id}"), shelf.value, Cents::ZERO);
            }
        }
        for (id, customer) in &self.book.customers {
            let open: Cents = customer.receivables.values().map(|r| r.total - r.paid).sum();
            tie!(format!("balance of customer {id}"), customer.balance, open);
            if customer.store_credit.is_negative() {
                return Err(format!("customer {id} has store credit of {}", customer.store_credit));
            }
            for (sale, owed) in &customer.receivables {
                let (open, open_tax) = (owed.total - owed.paid, owed.tax - owed.tax_moved);
                if !open.is_positive() || open_tax.is_negative() || open_tax > open {
                    return Err(format!("sale {sale} owes {open} with {open_tax} of tax in it"));
                }
                if !self.returned.contains(sale) {
                    let moved = share(owed.tax, owed.paid, owed.total);
                    tie!(format!("IVA of sale {sale} that was collected"), owed.tax_moved, moved);
                }
            }
        }
        for (id, owed) in &self.book.payables {
            let moved = share(owed.tax, owed.paid, owed.total);
            tie!(format!("IVA of purchase {id} that was paid"), owed.tax_moved, moved);
        }
        for (id, layaway) in &self.layaways {
            let collected = share(layaway.tax, layaway.paid, layaway.total);
            tie!(format!("IVA of layaway {id} that was collected"), layaway.tax_paid, collected);
        }
        for (id, session) in &self.book.registers {
            if session.totals.expected().is_negative() {
                return Err(format!("register {id} should hold {}", session.totals.expected()));
            }
        }
        Ok(())
    }
}
