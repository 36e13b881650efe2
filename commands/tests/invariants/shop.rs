//! A shop as the generator of commands sees it: what exists, what is open, and what may come next.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use diario_domain::{
    AccountId, BranchId, Cents, Command, CountId, CustomerId, EmployeeId, EntryId, Event, ItemId, LayawayId,
    Quantity, QuotationId, Rate, RegisterId, SaleId, TransferId, UnitPrice,
    command::Issued,
    customer::PriceTier,
    event::Recorded,
    item::ItemKind,
    money::MICRO,
    posting,
    pricing::{self, LineWanted, Sums},
};
use jiff::Timestamp;

use crate::{random::Random, subledgers::SubLedgers};

pub const BRANCHES: i64 = 3;
/// Documents that may still be returned or cancelled; older ones are forgotten.
const REMEMBERED: usize = 300;

/// A sale that goods may come back of.
#[derive(Clone)]
pub struct Sold {
    pub id: SaleId,
    pub lines: Vec<(ItemId, Quantity)>,
    pub customer: Option<CustomerId>,
}

/// A layaway that is neither complete nor cancelled.
#[derive(Clone, Copy)]
pub struct Held {
    pub id: LayawayId,
    pub left: Cents,
}

/// Who stands at an open register.
#[derive(Clone, Copy)]
pub struct Till {
    pub id: RegisterId,
    pub by: EmployeeId,
    pub branch: BranchId,
    pub cash: Cents,
}

pub struct Shop {
    pub random: Random,
    pub clock: Arc<AtomicI64>,
    /// The Book, and the ledger that a year's results are read from.
    pub books: SubLedgers,
    pub employees: Vec<(EmployeeId, BranchId)>,
    pub sales: Vec<Sold>,
    pub transfers: Vec<(TransferId, Vec<(ItemId, Quantity)>)>,
    pub counts: Vec<CountId>,
    pub quotations: Vec<QuotationId>,
    pub layaways: BTreeMap<LayawayId, Held>,
    pub entries: Vec<(EntryId, i64)>,
    /// The tenant's own accounts, each kept for one account of the rules.
    pub own: Vec<(AccountId, AccountId)>,
}

/// Screws and washers: tens of thousands of them at a few centavos, where six decimals of an average cost are too few
/// and its rounding reaches the centavo.
pub const fn is_loose(item: ItemId) -> bool {
    item.0 % 9 == 1
}

fn forget<T>(list: &mut Vec<T>) {
    if list.len() > REMEMBERED {
        list.remove(0);
    }
}

impl Shop {
    pub fn new(random: Random, clock: Arc<AtomicI64>) -> Self {
        Self {
            random,
            clock,
            books: SubLedgers::default(),
            employees: Vec::new(),
            sales: Vec::new(),
            transfers: Vec::new(),
            counts: Vec::new(),
            quotations: Vec::new(),
            layaways: BTreeMap::new(),
            entries: Vec::new(),
            own: Vec::new(),
        }
    }

    /// Follows what a command came to.
    pub fn follow(&mut self, recorded: &Recorded) {
        self.books.book.apply(recorded);
        // Whether it balances is asked of the log, once it is written.
        let _ = self.books.ledger.follow(recorded);
        self.books.note(&recorded.event);
        #[expect(clippy::wildcard_enum_match_arm, reason = "the others leave nothing open")]
        match &recorded.event {
            Event::EmployeeHired(hired) => self.employees.push((hired.employee_id, hired.branch_id)),
            Event::SaleCompleted(sale) => {
                let lines = sale.lines.iter().map(|line| (line.item_id, line.quantity)).collect();
                self.sales.push(Sold { id: sale.sale_id, lines, customer: sale.customer_id });
                forget(&mut self.sales);
            }
            Event::SaleCancelled(sale) => self.sales.retain(|sold| sold.id != sale.sale_id),
            Event::StockTransferred(sent) if sent.in_transit => {
                let lines = sent.lines.iter().map(|line| (line.item_id, line.quantity)).collect();
                self.transfers.push((sent.transfer_id, lines));
            }
            Event::TransferReceived(received) => self.transfers.retain(|(id, _)| *id != received.transfer_id),
            Event::CountStarted(count) => self.counts.push(count.count_id),
            Event::CountApproved(count) => self.counts.retain(|id| *id != count.count_id),
            Event::QuotationCreated(offer) => {
                self.quotations.push(offer.quotation_id);
                forget(&mut self.quotations);
            }
            Event::QuotationConverted(offer) => self.quotations.retain(|id| *id != offer.quotation_id),
            Event::QuotationCancelled(offer) => self.quotations.retain(|id| *id != offer.quotation_id),
            Event::LayawayCreated(created) => {
                let paid = created.deposit.as_ref().map(|deposit| deposit.amount).unwrap_or_default();
                let held = Held { id: created.layaway_id, left: created.sums.total - paid };
                self.layaways.insert(created.layaway_id, held);
            }
            Event::DepositReceived(received) => {
                if let Some(held) = self.layaways.get_mut(&received.layaway_id) {
                    held.left = received.balance;
                }
            }
            Event::LayawayCompleted(done) => {
                self.layaways.remove(&done.layaway_id);
            }
            Event::LayawayCancelled(cancelled) => {
                self.layaways.remove(&cancelled.layaway_id);
            }
            Event::EntryPosted(posted) if posted.reverses.is_none() => {
                let id = EntryId(posting::entry_id(recorded.position, 0));
                self.entries.push((id, posted.number));
                forget(&mut self.entries);
            }
            _ => {}
        }
    }

    /// Business time; what was done offline comes in later.
    pub fn at(&mut self) -> Timestamp {
        let mut now = self.clock.load(Ordering::Relaxed);
        if self.random.one_in(25) {
            now -= self.random.between(1, 50 * 24 * 60) * 60_000_000;
        }
        Timestamp::from_microsecond(now).unwrap()
    }

    pub fn issued(&mut self, who: (EmployeeId, BranchId), command: Command) -> Issued<Command> {
        Issued { by: who.0, branch: who.1, at: self.at(), command }
    }

    pub fn somebody(&mut self) -> (EmployeeId, BranchId) {
        self.random.pick(&self.employees).unwrap()
    }

    pub fn branch(&mut self) -> BranchId {
        BranchId(self.random.between(1, BRANCHES))
    }

    pub fn item(&mut self) -> Option<ItemId> {
        let items = self.books.book.counters.item;
        (items > 0).then(|| ItemId(self.random.between(1, items)))
    }

    pub fn goods(&mut self) -> Option<ItemId> {
        (0..5).find_map(|_| self.item().filter(|id| self.books.book.items[id].kind == ItemKind::Stocked))
    }

    pub fn customer(&mut self) -> Option<CustomerId> {
        let customers = self.books.book.counters.customer;
        (customers > 0).then(|| CustomerId(self.random.between(1, customers)))
    }

    pub fn somebody_who(
        &mut self,
        is: impl Fn(&diario_domain::book::CustomerFacts) -> bool,
    ) -> Option<CustomerId> {
        let found: Vec<CustomerId> =
            self.books.book.customers.iter().filter(|(_, facts)| is(facts)).map(|(id, _)| *id).collect();
        self.random.pick(&found)
    }

    pub fn till(&mut self) -> Option<Till> {
        let open: Vec<Till> = self
            .books
            .book
            .registers
            .iter()
            .map(|(id, session)| Till {
                id: *id,
                by: session.employee_id,
                branch: session.branch_id,
                cash: session.totals.expected(),
            })
            .collect();
        self.random.pick(&open)
    }

    /// An amount up to `most`; all of it every third time, and now and then more.
    pub fn part(&mut self, most: Cents) -> Cents {
        match self.random.between(1, 15) {
            1..=5 => most,
            6 => Cents(most.0 + self.random.between(1, 100)),
            _ => Cents(self.random.between(1, most.0.max(1))),
        }
    }

    pub fn quantity(&mut self, units: i64) -> Quantity {
        match self.random.between(1, 6) {
            1 => Quantity(self.random.between(1, units * MICRO)),
            2 => Quantity(self.random.between(1, units * 1_000) * 1_000),
            _ => Quantity::units(self.random.between(1, units)),
        }
    }

    /// A price or a cost, as a rule with centavos, sometimes with all six decimals.
    pub fn price(&mut self, low: i64, high: i64) -> UnitPrice {
        if self.random.one_in(3) {
            UnitPrice(self.random.between(low * MICRO, high * MICRO))
        } else {
            UnitPrice(self.random.between(low * 100, high * 100) * (MICRO / 100))
        }
    }

    /// Lines that a branch has the goods for, mostly.
    pub fn lines(&mut self, branch: BranchId) -> Option<Vec<LineWanted>> {
        let mut lines = Vec::new();
        for _ in 0..self.random.between(1, 4) {
            let few = self.quantity(5);
            let quantity = |id: ItemId| if is_loose(id) { Quantity(few.0 * 200) } else { few };
            let there = |shop: &Self, id: &ItemId| {
                let item = &shop.books.book.items[id];
                item.kind == ItemKind::Service || item.shelf.available(branch) >= quantity(*id)
            };
            let found = (0..8).find_map(|_| self.item().filter(|id| there(self, id)));
            let Some(item_id) = found.or_else(|| self.item()) else { continue };
            let quantity = quantity(item_id);
            let discount_pct = match self.random.between(1, 12) {
                1 => Rate(self.random.between(1, 12 * MICRO)),
                2 => Rate(10 * MICRO),
                _ => Rate::ZERO,
            };
            let dearer = !is_loose(item_id) && self.random.one_in(10);
            let unit_price = dearer.then(|| self.price(100, 700));
            let tax_rate = self.random.one_in(15).then_some(Rate(80_000));
            lines.push(LineWanted { item_id, quantity, unit_price, discount_pct, tax_rate });
        }
        (!lines.is_empty()).then_some(lines)
    }

    /// What some lines will come to.
    pub fn total(
        &self,
        who: (EmployeeId, BranchId),
        lines: &[LineWanted],
        customer: Option<CustomerId>,
    ) -> Option<Cents> {
        let book = &self.books.book;
        let tier = customer.map_or(PriceTier::default(), |id| book.customers[&id].price_tier);
        let issued = Issued { by: who.0, branch: who.1, at: Timestamp::UNIX_EPOCH, command: () };
        let lines = pricing::price(&issued, lines, tier, book).ok()?;
        Sums::of(&lines, book).ok().map(|sums| sums.total)
    }
}
