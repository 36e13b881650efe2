use std::collections::BTreeMap;
use std::fmt;

use rust_decimal::{Decimal, RoundingStrategy};

use crate::command::{Command, OrderLine, Payment, SaleType};

/// Rounds to the centavo, half away from zero.
pub fn cents(amount: Decimal) -> Decimal {
    amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}

fn half_centavo() -> Decimal {
    Decimal::new(5, 3)
}

pub fn centavo() -> Decimal {
    Decimal::new(1, 2)
}

/// An amount that the rules fix only up to roundings: the contract says that costs are an average, not where
/// each part of a centavo goes. `within` is a proven bound, not a guess.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct About {
    pub amount: Decimal,
    pub within: Decimal,
}

impl About {
    pub fn exactly(amount: Decimal) -> Self {
        Self { amount, within: Decimal::ZERO }
    }

    pub fn admits(self, amount: Decimal) -> bool {
        (amount - self.amount).abs() <= self.within
    }

    pub fn plus(self, other: Self) -> Self {
        Self { amount: self.amount + other.amount, within: self.within + other.within }
    }

    pub fn negative(self) -> Self {
        Self { amount: -self.amount, ..self }
    }
}

impl fmt::Display for About {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.amount.normalize())?;
        if self.within.is_zero() { Ok(()) } else { write!(f, " ±{}", self.within.normalize()) }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tender {
    Cash,
    Card,
    Transfer,
    StoreCredit,
    /// What was paid on the layaway that became the sale.
    Deposits,
}

impl Tender {
    pub fn word(self) -> &'static str {
        match self {
            Self::Cash => "efectivo",
            Self::Card => "tarjeta",
            Self::Transfer => "transferencia",
            Self::StoreCredit => "saldo_a_favor",
            Self::Deposits => "apartado",
        }
    }

    /// Where it is booked. Deposits that are given back become store credit.
    pub fn account(self) -> &'static str {
        match self {
            Self::Cash => "101.01",
            Self::Card => "107.05",
            Self::Transfer => "102.01",
            Self::StoreCredit | Self::Deposits => "206.05",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    Completed,
    Cancelled,
    Returned,
}

impl Status {
    pub fn word(self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::Cancelled => "cancelled",
            Self::Returned => "returned",
        }
    }
}

#[derive(Debug, Clone)]
pub struct Branch {
    pub id: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Owner,
    Admin,
    Cashier,
}

impl Role {
    pub fn word(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Cashier => "cashier",
        }
    }

    /// Owner and admin may do everything.
    pub fn may(self, permission: &str) -> bool {
        self != Self::Cashier
            || ["pos.sell", "pos.view", "pos.discount", "customers.create"].contains(&permission)
    }
}

/// An employee at work.
#[derive(Debug, Clone)]
pub struct Till {
    pub id: i64,
    pub name: String,
    pub role: Role,
    pub branch: usize,
    pub number: i64,
    pub pin: String,
    /// The largest discount that may be given, in percent.
    pub most: Decimal,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stock {
    pub on_hand: Decimal,
    pub reserved: Decimal,
    pub in_transit: Decimal,
}

impl Stock {
    pub fn available(self) -> Decimal {
        self.on_hand - self.reserved
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    pub id: i64,
    pub part: String,
    pub prices: [Decimal; 3],
    pub rate: Decimal,
    /// By branch.
    pub stock: Vec<Stock>,
    /// Moving average of the item over all branches, kept with all its digits.
    pub average: About,
}

impl Item {
    pub fn quantity(&self) -> Decimal {
        self.stock.iter().map(|stock| stock.on_hand + stock.in_transit).sum()
    }

    /// What account 115 holds for this item.
    pub fn worth(&self) -> About {
        let quantity = self.quantity();
        if quantity.is_zero() {
            return About::default();
        }
        About {
            amount: quantity * self.average.amount,
            within: quantity * self.average.within + half_centavo(),
        }
    }

    /// Units come in at a value of their own, and the average moves. The program keeps an average of six
    /// decimals and values of whole centavos: that is all it may differ by.
    pub fn receive(&mut self, branch: usize, quantity: Decimal, value: About) {
        let before = self.worth();
        let after = self.quantity() + quantity;
        let mean = before.plus(value);
        self.average = About {
            amount: (mean.amount / after).round_dp(15),
            within: (mean.within / after).round_dp(15) + Decimal::new(6, 7),
        };
        self.stock[branch].on_hand += quantity;
    }

    /// What so many units cost at the average: what 115 holds before, less what it holds after.
    pub fn cost_of(&self, quantity: Decimal) -> About {
        About {
            amount: (quantity * self.average.amount).round_dp(15),
            within: (quantity * self.average.within).round_dp(15) + centavo(),
        }
    }

    pub fn price(&self, tier: usize) -> Decimal {
        if self.prices[tier].is_zero() { self.prices[0] } else { self.prices[tier] }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Customer {
    pub id: i64,
    pub tier: usize,
    pub limit: Decimal,
    pub store_credit: Decimal,
}

pub const TIERS: [&str; 3] = ["mostrador", "taller", "mayoreo"];

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub id: i64,
    pub till: usize,
    pub opening: Decimal,
    pub cash: Decimal,
    pub card: Decimal,
    pub transfer: Decimal,
    pub credit: Decimal,
    /// Store credit and deposits that paid for sales.
    pub store_credit: Decimal,
    pub moved_in: Decimal,
    pub moved_out: Decimal,
    pub sales: i64,
    pub counted: Option<Decimal>,
}

impl Session {
    pub fn expected(&self) -> Decimal {
        self.opening + self.cash + self.moved_in - self.moved_out
    }

    pub fn total_sales(&self) -> Decimal {
        self.cash + self.card + self.transfer
    }

    pub fn sell(&mut self, sale: &Sale, sign: Decimal) {
        for (tender, amount) in &sale.tenders {
            match tender {
                Tender::Cash => self.cash += sign * amount,
                Tender::Card => self.card += sign * amount,
                Tender::Transfer => self.transfer += sign * amount,
                Tender::StoreCredit | Tender::Deposits => self.store_credit += sign * amount,
            }
        }
        self.credit += sign * sale.credit;
        self.sales += if sign.is_sign_positive() { 1 } else { -1 };
    }
}

#[derive(Debug, Clone)]
pub struct Line {
    pub item: usize,
    pub quantity: Decimal,
    pub net: Decimal,
    pub tax: Decimal,
    pub cost: About,
    pub returned: Decimal,
    refunded_net: Decimal,
    refunded_tax: Decimal,
}

impl Line {
    /// What further units give back: their share so far, less what was given back already; the last take
    /// the rest exactly.
    fn refund(&self, quantity: Decimal) -> (Decimal, Decimal) {
        let share = |whole: Decimal| cents(whole * (self.returned + quantity) / self.quantity);
        (share(self.net) - self.refunded_net, share(self.tax) - self.refunded_tax)
    }
}

#[derive(Debug, Clone)]
pub struct Sale {
    pub id: i64,
    pub branch: usize,
    pub customer: Option<usize>,
    pub session: Option<usize>,
    pub lines: Vec<Line>,
    pub total: Decimal,
    /// What was kept of each tender.
    pub tenders: Vec<(Tender, Decimal)>,
    /// What was sold on credit, and what of it is still owed.
    pub credit: Decimal,
    pub open: Decimal,
    /// The tax inside what is owed.
    pub open_tax: About,
    /// What has been paid on account.
    pub paid_later: Decimal,
    pub returned_total: Decimal,
    pub status: Status,
}

impl Sale {
    /// What was kept of one tender.
    pub fn kept(&self, tender: Tender) -> Decimal {
        self.tenders.iter().filter(|(other, _)| *other == tender).map(|(_, amount)| amount).sum()
    }

    fn tax(&self) -> Decimal {
        tax_of(&self.lines)
    }

    fn net(&self) -> Decimal {
        self.lines.iter().map(|line| line.net).sum()
    }

    fn cost(&self) -> About {
        self.lines.iter().fold(About::default(), |sum, line| sum.plus(line.cost))
    }
}

pub fn tax_of(lines: &[Line]) -> Decimal {
    lines.iter().map(|line| line.tax).sum()
}

#[derive(Debug, Clone)]
pub struct Quotation {
    pub id: i64,
    pub customer: Option<usize>,
    pub lines: Vec<Line>,
    pub total: Decimal,
    /// The word of its status.
    pub status: &'static str,
    pub sale: Option<usize>,
}

#[derive(Debug, Clone)]
pub struct Layaway {
    pub id: i64,
    pub branch: usize,
    pub customer: usize,
    pub lines: Vec<Line>,
    pub total: Decimal,
    pub paid: Decimal,
    pub payments: usize,
    pub status: &'static str,
    pub sale: Option<usize>,
}

impl Layaway {
    /// The tax inside what has been paid so far: its share of the whole.
    pub fn tax_paid(&self) -> Decimal {
        if self.total.is_zero() { Decimal::ZERO } else { cents(tax_of(&self.lines) * self.paid / self.total) }
    }
}

#[derive(Debug, Clone)]
pub struct Sent {
    pub item: usize,
    pub quantity: Decimal,
    pub received: Option<Decimal>,
    pub value: About,
}

#[derive(Debug, Clone)]
pub struct Transfer {
    pub id: i64,
    pub from: usize,
    pub to: usize,
    pub lines: Vec<Sent>,
    pub status: &'static str,
}

#[derive(Debug, Clone)]
pub struct CountLine {
    pub item: usize,
    pub expected: Decimal,
    pub counted: Decimal,
}

#[derive(Debug, Clone)]
pub struct Count {
    pub id: i64,
    pub branch: usize,
    pub lines: Vec<CountLine>,
    pub status: &'static str,
}

/// What an answer must say of a field.
#[derive(Debug, Clone)]
pub enum Expect {
    Money(Decimal),
    /// The contract leaves open which of these.
    Either([Decimal; 2]),
    Int(i64),
    Text(String),
    Null,
    /// A list of so many rows.
    Rows(usize),
}

/// The lists of the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Noun {
    Branch,
    Till,
    Item,
    Customer,
    Session,
    Sale,
    Quotation,
    Layaway,
    Transfer,
    Count,
}

/// The model's word on a command: it must be accepted, with these figures.
#[derive(Debug, Clone)]
pub struct Accepted {
    pub status: u16,
    pub answer: Vec<(&'static str, Expect)>,
    /// The list that it is the newest of, and the answer's field with its id.
    pub made: Option<(Noun, &'static str)>,
    /// Where the contract is silent about a doubtful command, a refusal is right as well: the doubt.
    pub doubt: Option<&'static str>,
}

impl Accepted {
    pub fn new(status: u16) -> Self {
        Self { status, answer: Vec::new(), made: None, doubt: None }
    }

    pub fn says(mut self, field: &'static str, expect: Expect) -> Self {
        self.answer.push((field, expect));
        self
    }

    pub fn money(self, field: &'static str, amount: Decimal) -> Self {
        self.says(field, Expect::Money(amount))
    }

    pub fn count(self, field: &'static str, count: usize) -> Self {
        self.says(field, Expect::Int(i64::try_from(count).unwrap()))
    }

    pub fn text(self, field: &'static str, text: impl Into<String>) -> Self {
        self.says(field, Expect::Text(text.into()))
    }

    pub fn makes(mut self, made: Noun, field: &'static str) -> Self {
        self.made = Some((made, field));
        self
    }
}

/// The model's word on a command: it must be refused with one of these statuses.
#[derive(Debug, Clone, Default)]
pub struct Refused {
    pub statuses: Vec<u16>,
    pub reasons: Vec<&'static str>,
}

impl Refused {
    pub fn when(&mut self, wrong: bool, status: u16, reason: &'static str) {
        if wrong {
            self.statuses.push(status);
            self.reasons.push(reason);
        }
    }

    pub fn settle(self) -> Result<(), Self> {
        if self.reasons.is_empty() { Ok(()) } else { Err(self) }
    }
}

/// What to look at after a step.
#[derive(Debug, Clone, Default)]
pub struct Touched {
    pub items: Vec<usize>,
    pub customers: Vec<usize>,
    pub sales: Vec<usize>,
    pub quotations: Vec<usize>,
    pub layaways: Vec<usize>,
    pub transfers: Vec<usize>,
    pub counts: Vec<usize>,
    pub tills: Vec<usize>,
}

/// The places of a list that are new or whose figure has changed.
fn changed<T, F: PartialEq>(before: &[T], after: &[T], figure: impl Fn(&T) -> F) -> Vec<usize> {
    let same = |place: &usize| before.get(*place).map(&figure) == Some(figure(&after[*place]));
    (0..after.len()).filter(|place| !same(place)).collect()
}

/// A shop in memory, by the contract.
#[derive(Debug, Clone, Default)]
pub struct Model {
    pub branches: Vec<Branch>,
    pub tills: Vec<Till>,
    pub items: Vec<Item>,
    pub customers: Vec<Customer>,
    pub sessions: Vec<Session>,
    pub sales: Vec<Sale>,
    pub quotations: Vec<Quotation>,
    pub layaways: Vec<Layaway>,
    pub transfers: Vec<Transfer>,
    pub counts: Vec<Count>,
    /// What each account must hold, debits positive. `401` stands for all of 401.x, `115` for all of 115.x,
    /// `iva` for 208.01 and 209.01 together.
    pub books: BTreeMap<&'static str, About>,
    payments: usize,
    pub layaway_payments: i64,
}

impl Model {
    pub fn post(&mut self, account: &'static str, amount: Decimal) {
        self.post_about(account, About::exactly(amount));
    }

    pub fn post_about(&mut self, account: &'static str, amount: About) {
        let held = self.books.entry(account).or_default();
        *held = held.plus(amount);
    }

    pub fn open_session(&self, till: usize) -> Option<usize> {
        self.sessions.iter().position(|session| session.till == till && session.counted.is_none())
    }

    pub fn balance(&self, customer: usize) -> Decimal {
        self.sales.iter().filter(|sale| sale.customer == Some(customer)).map(|sale| sale.open).sum()
    }

    /// What account 209.01 must hold, credits positive: the tax inside what is owed.
    pub fn uncollected_tax(&self) -> About {
        self.sales.iter().fold(About::default(), |sum, sale| sum.plus(sale.open_tax))
    }

    /// What the program shows otherwise now than it did before.
    pub fn changed_since(&self, before: &Self) -> Touched {
        let sessions = changed(&before.sessions, &self.sessions, Clone::clone);
        let mut customers = changed(&before.customers, &self.customers, Clone::clone);
        let debts = changed(&before.sales, &self.sales, |sale| sale.open);
        customers.extend(debts.iter().filter_map(|sale| self.sales[*sale].customer));
        let mut tills: Vec<usize> = sessions.iter().map(|session| self.sessions[*session].till).collect();
        for list in [&mut customers, &mut tills] {
            list.sort_unstable();
            list.dedup();
        }
        Touched {
            items: changed(&before.items, &self.items, Clone::clone),
            customers,
            sales: changed(&before.sales, &self.sales, |sale| (sale.status, sale.returned_total)),
            quotations: changed(&before.quotations, &self.quotations, |quotation| quotation.status),
            layaways: changed(&before.layaways, &self.layaways, |layaway| (layaway.status, layaway.paid)),
            transfers: changed(&before.transfers, &self.transfers, |transfer| transfer.status),
            counts: changed(&before.counts, &self.counts, |count| count.status),
            tills,
        }
    }

    /// What account 115.05 must hold: what was sent and has not come yet, at the cost of the day it left.
    pub fn value_in_transit(&self) -> About {
        let open = self.transfers.iter().filter(|transfer| transfer.status == "in_transit");
        open.flat_map(|transfer| &transfer.lines).fold(About::default(), |sum, line| sum.plus(line.value))
    }

    /// What account 206.01 must hold, credits positive: the net part of the deposits on open layaways.
    pub fn deposits(&self) -> Decimal {
        let open = self.layaways.iter().filter(|layaway| layaway.status == "active");
        open.map(|layaway| layaway.paid - layaway.tax_paid()).sum()
    }

    pub fn stock_value(&self) -> About {
        self.items.iter().fold(About::default(), |sum, item| sum.plus(item.worth()))
    }

    pub fn price_of(&self, line: &OrderLine, customer: Option<usize>) -> Decimal {
        let tier = customer.map_or(0, |customer| self.customers[customer].tier);
        line.price.unwrap_or_else(|| self.items[line.item].price(tier))
    }

    /// The lines of an order at their prices, and its total.
    pub fn price(&self, lines: &[OrderLine], customer: Option<usize>) -> (Vec<Line>, Decimal) {
        let lines: Vec<Line> = lines
            .iter()
            .map(|line| {
                let kept = (Decimal::ONE_HUNDRED - line.discount) / Decimal::ONE_HUNDRED;
                let net = cents(line.quantity * self.price_of(line, customer) * kept);
                Line {
                    item: line.item,
                    quantity: line.quantity,
                    net,
                    tax: cents(net * self.items[line.item].rate),
                    cost: About::default(),
                    returned: Decimal::ZERO,
                    refunded_net: Decimal::ZERO,
                    refunded_tax: Decimal::ZERO,
                }
            })
            .collect();
        let total = lines.iter().map(|line| line.net + line.tax).sum();
        (lines, total)
    }

    /// Whether the command must be accepted, and if so, what has changed and what the answer says. A refused
    /// command has changed nothing.
    pub fn decide(&mut self, till: usize, command: &Command) -> Result<Accepted, Refused> {
        let mut no = Refused::default();
        no.when(!self.tills[till].role.may(command.permission()), 403, "the role may not");
        no.settle()?;
        match command {
            Command::OpenBranch { .. } => {
                self.branches.push(Branch { id: 0 });
                for item in &mut self.items {
                    item.stock.push(Stock::default());
                }
                Ok(Accepted::new(201).makes(Noun::Branch, "id"))
            }
            Command::Hire { name, role, branch, pin, most } => self.hire(name, *role, *branch, pin, *most),
            Command::CreateItem { part, prices, rate, cost, stock } => {
                Ok(self.create_item(till, part, *prices, *rate, *cost, *stock))
            }
            Command::Reprice { item, prices } => Ok(self.reprice(*item, *prices)),
            Command::Purchase { lines } => Ok(self.purchase(till, lines)),
            Command::Adjust { item, quantity } => self.adjust(till, *item, *quantity),
            Command::Transfer { from, to, lines, in_transit } => {
                self.transfer(*from, *to, lines, *in_transit)
            }
            Command::Receive { transfer, lines, reason } => {
                self.receive(*transfer, lines.as_deref(), *reason)
            }
            Command::StartCount { branch, lines } => Ok(self.start_count(*branch, lines)),
            Command::ApproveCount { count } => self.approve_count(*count),
            Command::Sell { lines, payment } => self.sell(till, lines, payment),
            Command::Cancel { sale } => self.cancel(till, *sale),
            Command::Return { sale, items } => self.take_back(till, *sale, items),
            Command::Quote { lines, customer } => self.quote(till, lines, *customer),
            Command::Convert { quotation, quantities, payment } => {
                self.convert(till, *quotation, quantities.as_deref(), payment)
            }
            Command::Withdraw { quotation } => self.withdraw(*quotation),
            Command::SetAside { lines, customer, down, tender, session } => {
                self.set_aside(till, lines, *customer, *down, *tender, *session)
            }
            Command::PayLayaway { layaway, amount, tender, session } => {
                self.pay_layaway(till, *layaway, *amount, *tender, *session)
            }
            Command::Complete { layaway } => self.complete(till, *layaway),
            Command::GiveUp { layaway, refund, penalty, session } => {
                self.give_up(till, *layaway, *refund, *penalty, *session)
            }
            Command::CreateCustomer { tier, limit } => {
                let customer = Customer { id: 0, tier: *tier, limit: *limit, store_credit: Decimal::ZERO };
                self.customers.push(customer);
                Ok(Accepted::new(201).makes(Noun::Customer, "id"))
            }
            Command::UpdateCustomer { customer, tier, limit } => {
                let held = &mut self.customers[*customer];
                held.tier = tier.unwrap_or(held.tier);
                held.limit = limit.unwrap_or(held.limit);
                Ok(Accepted::new(200).says("id", Expect::Int(held.id)))
            }
            Command::Pay { customer, amount, tender, session } => {
                self.pay(till, *customer, *amount, *tender, *session)
            }
            Command::Open { opening, .. } => self.open(till, *opening),
            Command::Move { session, inward, amount } => self.move_cash(*session, *inward, *amount),
            Command::Cut { session, counted } => self.cut(*session, *counted),
        }
    }

    /// How many there are.
    pub fn count_of(&self, noun: Noun) -> usize {
        match noun {
            Noun::Branch => self.branches.len(),
            Noun::Till => self.tills.len(),
            Noun::Item => self.items.len(),
            Noun::Customer => self.customers.len(),
            Noun::Session => self.sessions.len(),
            Noun::Sale => self.sales.len(),
            Noun::Quotation => self.quotations.len(),
            Noun::Layaway => self.layaways.len(),
            Noun::Transfer => self.transfers.len(),
            Noun::Count => self.counts.len(),
        }
    }

    /// Notes the id that the program gave to the newest of its kind.
    pub fn note_id(&mut self, made: Noun, id: i64) {
        let place = match made {
            Noun::Branch => self.branches.last_mut().map(|branch| &mut branch.id),
            Noun::Till => self.tills.last_mut().map(|till| &mut till.id),
            Noun::Item => self.items.last_mut().map(|item| &mut item.id),
            Noun::Customer => self.customers.last_mut().map(|customer| &mut customer.id),
            Noun::Session => self.sessions.last_mut().map(|session| &mut session.id),
            Noun::Sale => self.sales.last_mut().map(|sale| &mut sale.id),
            Noun::Quotation => self.quotations.last_mut().map(|quotation| &mut quotation.id),
            Noun::Layaway => self.layaways.last_mut().map(|layaway| &mut layaway.id),
            Noun::Transfer => self.transfers.last_mut().map(|transfer| &mut transfer.id),
            Noun::Count => self.counts.last_mut().map(|count| &mut count.id),
        };
        *place.unwrap() = id;
    }

    fn hire(
        &mut self,
        name: &str,
        role: Role,
        branch: usize,
        pin: &str,
        most: Decimal,
    ) -> Result<Accepted, Refused> {
        let mut no = Refused::default();
        no.when(role == Role::Owner, 400, "no owner is hired");
        no.when(self.tills.iter().any(|till| till.pin == pin), 400, "the PIN is somebody's");
        no.settle()?;
        self.tills.push(Till {
            id: 0,
            name: name.to_owned(),
            role,
            branch,
            number: i64::try_from(self.tills.len() + 1).unwrap(),
            pin: pin.to_owned(),
            most,
        });
        Ok(Accepted::new(201).makes(Noun::Till, "id"))
    }

    /// Cash in needs a register that is open; so does anything that names one.
    pub fn refuse_register(&self, no: &mut Refused, session: Option<usize>, cash: bool) {
        match session {
            None => no.when(cash, 400, "cash without a register"),
            Some(session) => no.when(self.sessions[session].counted.is_some(), 400, "a closed register"),
        }
    }

    /// Why a refusal to use this register would be right as well: the contract asks only that it is open and
    /// the tenant's.
    pub fn doubt_register(&self, till: usize, session: Option<usize>) -> Option<&'static str> {
        let at = session.map(|session| self.tills[self.sessions[session].till].branch);
        at.is_some_and(|at| at != self.tills[till].branch).then_some("another branch's register")
    }

    /// The register that is named, else the caller's own: for cash where no register needs to be named.
    pub fn drawer_of(&self, till: usize, named: Option<usize>) -> Option<usize> {
        named.or_else(|| self.open_session(till))
    }

    /// A drawer pays out no more than it holds.
    pub fn refuse_payout(&self, no: &mut Refused, session: Option<usize>, cash: Decimal) {
        let held = session.map(|session| self.sessions[session].expected());
        no.when(held.is_some_and(|held| held < cash), 400, "more than the drawer holds");
    }

    fn create_item(
        &mut self,
        till: usize,
        part: &str,
        prices: [Decimal; 3],
        rate: Decimal,
        cost: Decimal,
        stock: Decimal,
    ) -> Accepted {
        let mut item = Item {
            id: 0,
            part: part.to_owned(),
            prices,
            rate,
            stock: vec![Stock::default(); self.branches.len()],
            average: About::exactly(cost),
        };
        if !stock.is_zero() {
            let value = About { amount: stock * cost, within: half_centavo() };
            item.receive(self.tills[till].branch, stock, value);
            item.average = About::exactly(cost);
            self.post_about("306.01", value.negative());
        }
        self.items.push(item);
        Accepted::new(201).makes(Noun::Item, "id")
    }

    fn reprice(&mut self, item: usize, prices: [Option<Decimal>; 3]) -> Accepted {
        for (held, price) in self.items[item].prices.iter_mut().zip(prices) {
            *held = price.unwrap_or(*held);
        }
        Accepted::new(200)
    }

    fn purchase(&mut self, till: usize, lines: &[(usize, Decimal, Decimal)]) -> Accepted {
        let branch = self.tills[till].branch;
        let mut net = Decimal::ZERO;
        let mut tax = Decimal::ZERO;
        for (item, quantity, cost) in lines {
            let value = cents(quantity * cost);
            net += value;
            tax += cents(value * self.items[*item].rate);
            let value = About { amount: quantity * cost, within: half_centavo() };
            self.items[*item].receive(branch, *quantity, value);
        }
        self.post("119.01", tax);
        self.post("201.01", -(net + tax));
        Accepted::new(201).says("total", Expect::Either([net, net + tax])).count("items_count", lines.len())
    }

    fn adjust(&mut self, till: usize, item: usize, quantity: Decimal) -> Result<Accepted, Refused> {
        let branch = self.tills[till].branch;
        let stock = self.items[item].stock[branch].on_hand + quantity;
        let mut no = Refused::default();
        no.when(stock < Decimal::ZERO, 400, "more than lies there");
        no.settle()?;
        self.correct(item, branch, quantity);
        Ok(Accepted::new(201).money("quantity", quantity).money("stock", stock))
    }

    /// More or less of an item is there than was thought: at average cost, either way.
    pub fn correct(&mut self, item: usize, branch: usize, quantity: Decimal) {
        let item = &mut self.items[item];
        if quantity > Decimal::ZERO {
            let value = item.cost_of(quantity);
            item.receive(branch, quantity, value);
        } else {
            item.stock[branch].on_hand += quantity;
        }
    }

    pub fn refuse_short(&self, no: &mut Refused, branch: usize, lines: &[Line]) {
        let mut needed: BTreeMap<usize, Decimal> = BTreeMap::new();
        for line in lines {
            *needed.entry(line.item).or_default() += line.quantity;
        }
        for (item, quantity) in needed {
            no.when(quantity > self.items[item].stock[branch].available(), 400, "too little stock");
        }
    }

    /// No line goes further below the tier's price than the employee may.
    pub fn refuse_discounts(
        &self,
        no: &mut Refused,
        till: usize,
        lines: &[OrderLine],
        customer: Option<usize>,
    ) {
        let tier = customer.map_or(0, |customer| self.customers[customer].tier);
        let least = Decimal::ONE_HUNDRED - self.tills[till].most;
        let too_cheap = lines.iter().any(|line| {
            let given = self.price_of(line, customer) * (Decimal::ONE_HUNDRED - line.discount);
            // A raised price does not excuse a discount, and a lowered price is one.
            line.discount > self.tills[till].most || given < self.items[line.item].price(tier) * least
        });
        no.when(too_cheap, 403, "a discount above the employee's");
    }

    /// Nobody spends more store credit than they have.
    pub fn refuse_store_credit(&self, no: &mut Refused, customer: Option<usize>, spent: Decimal) {
        let had = customer.map_or(Decimal::ZERO, |customer| self.customers[customer].store_credit);
        no.when(spent > had, 400, "more than the store credit");
    }

    /// What is kept of each tender, what is given back, and what stays owed.
    fn settle(
        &self,
        no: &mut Refused,
        payment: &Payment,
        customer: Option<usize>,
        total: Decimal,
    ) -> (Vec<(Tender, Decimal)>, Decimal, Decimal) {
        let mut tenders = match payment.sale_type {
            SaleType::Credit => Vec::new(),
            SaleType::Cash | SaleType::Mixed => payment.tenders.clone(),
        };
        let of = |tenders: &[(Tender, Decimal)], tender: Tender| -> Decimal {
            tenders.iter().filter(|(other, _)| *other == tender).map(|(_, amount)| amount).sum()
        };
        let given: Decimal = tenders.iter().map(|(_, amount)| amount).sum();
        let mut change = Decimal::ZERO;
        let mut credit = Decimal::ZERO;
        match payment.sale_type {
            SaleType::Cash => {
                no.when(given < total, 400, "underpaid");
                no.when(given - of(&tenders, Tender::Cash) > total, 400, "only cash gives change");
                change = given - total;
                if let Some((_, kept)) = tenders.iter_mut().find(|(tender, _)| *tender == Tender::Cash) {
                    *kept -= change;
                }
            }
            SaleType::Credit | SaleType::Mixed => {
                credit = total - given;
                no.when(credit <= Decimal::ZERO, 400, "nothing is left for credit");
                match customer {
                    None => no.when(true, 400, "credit without a customer"),
                    Some(customer) => {
                        let owed = self.balance(customer) + credit;
                        no.when(owed > self.customers[customer].limit, 400, "above the credit limit");
                    }
                }
            }
        }
        self.refuse_store_credit(no, customer, of(&tenders, Tender::StoreCredit));
        let cash_moves = tenders.iter().any(|(tender, _)| *tender == Tender::Cash);
        self.refuse_register(no, payment.session, cash_moves);
        tenders.retain(|(_, amount)| !amount.is_zero());
        (tenders, change, credit)
    }

    fn sell(&mut self, till: usize, order: &[OrderLine], payment: &Payment) -> Result<Accepted, Refused> {
        let (lines, total) = self.price(order, payment.customer);
        let mut no = Refused::default();
        self.refuse_discounts(&mut no, till, order, payment.customer);
        self.sell_lines(no, till, lines, payment.customer, payment, total)
    }

    /// Sells these lines at these prices.
    pub fn sell_lines(
        &mut self,
        mut no: Refused,
        till: usize,
        lines: Vec<Line>,
        customer: Option<usize>,
        payment: &Payment,
        total: Decimal,
    ) -> Result<Accepted, Refused> {
        let branch = self.tills[till].branch;
        self.refuse_short(&mut no, branch, &lines);
        let (tenders, change, credit) = self.settle(&mut no, payment, customer, total);
        no.settle()?;

        let items = lines.len();
        let folio = self.sold(branch, lines, customer, payment.session, tenders, credit);
        let mut accepted = Accepted::new(201)
            .text("folio", folio)
            .money("total", total)
            .money("change", change)
            .count("items_count", items)
            .makes(Noun::Sale, "sale_id");
        accepted.doubt = self.doubt_register(till, payment.session);
        Ok(accepted)
    }

    /// The goods go out and the sale is booked: its folio.
    pub fn sold(
        &mut self,
        branch: usize,
        mut lines: Vec<Line>,
        customer: Option<usize>,
        session: Option<usize>,
        tenders: Vec<(Tender, Decimal)>,
        credit: Decimal,
    ) -> String {
        for line in &mut lines {
            let item = &mut self.items[line.item];
            line.cost = item.cost_of(line.quantity);
            item.stock[branch].on_hand -= line.quantity;
        }
        let total = lines.iter().map(|line| line.net + line.tax).sum();
        let mut sale = Sale {
            id: 0,
            branch,
            customer,
            session,
            lines,
            total,
            tenders,
            credit,
            open: credit,
            open_tax: About::default(),
            paid_later: Decimal::ZERO,
            returned_total: Decimal::ZERO,
            status: Status::Completed,
        };
        if !credit.is_zero() {
            let amount = (sale.tax() * credit / total).round_dp(15);
            let within = if credit == total { Decimal::ZERO } else { centavo() };
            sale.open_tax = About { amount, within };
        }
        if let Some(session) = sale.session {
            self.sessions[session].sell(&sale, Decimal::ONE);
        }
        if sale.kept(Tender::Deposits).is_zero() {
            self.post_sale(&sale, Decimal::ONE);
        } else {
            // The tax was collected with the payments.
            self.post("206.01", sale.net());
            self.post("401", -sale.net());
            self.post_about("501.01", sale.cost());
        }
        if let Some(customer) = customer {
            self.customers[customer].store_credit -= sale.kept(Tender::StoreCredit);
        }
        self.sales.push(sale);
        format!("V-{:04}", self.sales.len())
    }

    fn post_sale(&mut self, sale: &Sale, sign: Decimal) {
        for (tender, amount) in &sale.tenders {
            self.post(tender.account(), sign * amount);
        }
        self.post("105.01", sign * sale.credit);
        self.post("401", -sign * sale.net());
        self.post("iva", -sign * sale.tax());
        let cost = sale.cost();
        self.post_about("501.01", if sign.is_sign_positive() { cost } else { cost.negative() });
    }

    fn cancel(&mut self, till: usize, sale: usize) -> Result<Accepted, Refused> {
        let held = &self.sales[sale];
        let cash = held.kept(Tender::Cash);
        let still_open = held.session.filter(|session| self.sessions[*session].counted.is_none());
        let pays = if cash.is_zero() { None } else { still_open.or_else(|| self.open_session(till)) };
        let mut no = Refused::default();
        no.when(held.status != Status::Completed, 400, "it is not completed");
        no.when(!held.returned_total.is_zero(), 400, "something was returned");
        no.when(!held.paid_later.is_zero(), 400, "it was paid on account");
        no.when(!cash.is_zero() && pays.is_none(), 400, "no open register to pay from");
        self.refuse_payout(&mut no, pays, cash);
        no.settle()?;

        let mirrored = held.clone();
        if let Some(session) = still_open {
            self.sessions[session].sell(&mirrored, -Decimal::ONE);
        } else if let Some(session) = pays {
            self.sessions[session].moved_out += cash;
        }
        for line in &mirrored.lines {
            self.items[line.item].receive(mirrored.branch, line.quantity, line.cost);
        }
        self.post_sale(&mirrored, -Decimal::ONE);
        let held = &mut self.sales[sale];
        held.status = Status::Cancelled;
        held.open = Decimal::ZERO;
        held.open_tax = About::default();
        if let Some(customer) = mirrored.customer {
            let back = mirrored.kept(Tender::StoreCredit) + mirrored.kept(Tender::Deposits);
            self.customers[customer].store_credit += back;
        }
        Ok(Accepted::new(200))
    }

    fn take_back(
        &mut self,
        till: usize,
        sale: usize,
        items: &[(usize, Decimal)],
    ) -> Result<Accepted, Refused> {
        let held = &self.sales[sale];
        let mut no = Refused::default();
        no.when(held.status == Status::Cancelled, 400, "it is cancelled");
        let mut net = Decimal::ZERO;
        let mut tax = Decimal::ZERO;
        for (number, quantity) in items {
            let line = &held.lines[*number];
            let (line_net, line_tax) = line.refund(*quantity);
            no.when(line.returned + quantity > line.quantity, 400, "more than was sold");
            net += line_net;
            tax += line_tax;
        }
        let refund = net + tax;
        let owed = refund.min(held.open);
        let rest = refund - owed;
        let pays = if held.customer.is_none() { self.open_session(till) } else { None };
        no.when(
            !rest.is_zero() && held.customer.is_none() && pays.is_none(),
            400,
            "no open register to pay from",
        );
        self.refuse_payout(&mut no, pays, rest);
        no.settle()?;

        let mut accepted = Accepted::new(201).money("refund_total", refund);
        let mut cost = About::default();
        for (number, quantity) in items {
            let branch = self.sales[sale].branch;
            let line = &mut self.sales[sale].lines[*number];
            let (line_net, line_tax) = line.refund(*quantity);
            line.refunded_net += line_net;
            line.refunded_tax += line_tax;
            line.returned += quantity;
            let share = *quantity / line.quantity;
            let part = About {
                amount: (line.cost.amount * share).round_dp(15),
                within: (line.cost.within * share).round_dp(15) + centavo(),
            };
            cost = cost.plus(part);
            self.items[line.item].receive(branch, *quantity, part);
        }
        let held = &mut self.sales[sale];
        if !owed.is_zero() {
            // By the goods that came back, or by the part of the debt that they settle: where lines of
            // several rates meet payments, the rules allow both.
            let by_goods = tax * owed / refund;
            let by_debt = held.open_tax.amount * owed / held.open;
            held.open -= owed;
            held.open_tax = About {
                amount: (held.open_tax.amount - by_goods).round_dp(15),
                within: (held.open_tax.within + (by_goods - by_debt).abs() + centavo()).round_dp(15),
            };
            if held.open.is_zero() {
                held.open_tax = About::default();
            }
        }
        held.returned_total += refund;
        if held.lines.iter().all(|line| line.returned == line.quantity) {
            held.status = Status::Returned;
        }
        accepted = accepted.text("sale_status", held.status.word());
        if let Some(customer) = held.customer {
            self.customers[customer].store_credit += rest;
            self.post("206.05", -rest);
        } else if let Some(session) = pays.filter(|_| !rest.is_zero()) {
            self.sessions[session].moved_out += rest;
            self.post("101.01", -rest);
        }
        self.post("105.01", -owed);
        self.post("402.01", net);
        self.post("iva", tax);
        self.post_about("501.01", cost.negative());
        Ok(accepted)
    }

    fn pay(
        &mut self,
        till: usize,
        customer: usize,
        amount: Decimal,
        tender: Tender,
        session: Option<usize>,
    ) -> Result<Accepted, Refused> {
        let balance = self.balance(customer);
        let session = if tender == Tender::Cash { self.drawer_of(till, session) } else { session };
        let mut no = Refused::default();
        no.when(amount > balance, 400, "more than is owed");
        self.refuse_register(&mut no, session, tender == Tender::Cash);
        no.settle()?;

        let mut left = amount;
        for sale in self.sales.iter_mut().filter(|sale| sale.customer == Some(customer)) {
            let part = left.min(sale.open);
            if part.is_zero() {
                continue;
            }
            left -= part;
            let kept = (sale.open - part) / sale.open;
            sale.open -= part;
            sale.paid_later += part;
            sale.open_tax = About {
                amount: (sale.open_tax.amount * kept).round_dp(15),
                within: sale.open_tax.within + centavo(),
            };
            if sale.open.is_zero() {
                sale.open_tax = About::default();
            }
        }
        if let Some(session) = session.filter(|_| tender == Tender::Cash) {
            self.sessions[session].moved_in += amount;
        }
        self.post(tender.account(), amount);
        self.post("105.01", -amount);
        self.payments += 1;
        let mut accepted = Accepted::new(201)
            .money("balance", balance - amount)
            .text("reference", format!("PAG-{:03}", self.payments));
        accepted.doubt = self.doubt_register(till, session);
        Ok(accepted)
    }

    fn open(&mut self, till: usize, opening: Decimal) -> Result<Accepted, Refused> {
        let mut no = Refused::default();
        no.when(self.open_session(till).is_some(), 400, "the employee has one open");
        no.settle()?;
        self.sessions.push(Session {
            id: 0,
            till,
            opening,
            cash: Decimal::ZERO,
            card: Decimal::ZERO,
            transfer: Decimal::ZERO,
            credit: Decimal::ZERO,
            store_credit: Decimal::ZERO,
            moved_in: Decimal::ZERO,
            moved_out: Decimal::ZERO,
            sales: 0,
            counted: None,
        });
        Ok(Accepted::new(201).money("opening_amount", opening).makes(Noun::Session, "register_id"))
    }

    fn move_cash(&mut self, session: usize, inward: bool, amount: Decimal) -> Result<Accepted, Refused> {
        let held = &mut self.sessions[session];
        let mut no = Refused::default();
        no.when(held.counted.is_some(), 400, "a closed register");
        no.when(!inward && amount > held.expected(), 400, "more than the drawer holds");
        no.settle()?;
        if inward {
            held.moved_in += amount;
        } else {
            held.moved_out += amount;
        }
        Ok(Accepted::new(201))
    }

    fn cut(&mut self, session: usize, counted: Decimal) -> Result<Accepted, Refused> {
        let held = &mut self.sessions[session];
        let mut no = Refused::default();
        no.when(held.counted.is_some(), 400, "a closed register");
        no.settle()?;
        held.counted = Some(counted);
        let expected = held.expected();
        let summary = [
            ("summary.opening_amount", held.opening),
            ("summary.sales_cash", held.cash),
            ("summary.sales_card", held.card),
            ("summary.sales_transfer", held.transfer),
            ("summary.sales_credit", held.credit),
            ("summary.sales_store_credit", held.store_credit),
            ("summary.movements_in", held.moved_in),
            ("summary.movements_out", held.moved_out),
            ("summary.expected_cash", expected),
            ("summary.total_sales", held.total_sales()),
        ];
        let sales = held.sales;
        let difference = counted - expected;
        self.post("101.01", difference);
        self.post(if difference.is_sign_negative() { "107.01" } else { "704.23" }, -difference);
        let mut accepted = Accepted::new(200)
            .money("expected_cash", expected)
            .money("counted_amount", counted)
            .money("difference", difference)
            .says("summary.sales_count", Expect::Int(sales));
        for (field, amount) in summary {
            accepted = accepted.money(field, amount);
        }
        Ok(accepted)
    }
}
