use std::collections::BTreeMap;
use std::fmt;

use rust_decimal::{Decimal, RoundingStrategy};

use crate::command::{Command, Order, OrderLine, SaleType};

/// Rounds to the centavo, half away from zero.
pub fn cents(amount: Decimal) -> Decimal {
    amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}

fn half_centavo() -> Decimal {
    Decimal::new(5, 3)
}

fn centavo() -> Decimal {
    Decimal::new(1, 2)
}

/// An amount that the rules fix only up to roundings: the contract says that costs are an average, not where
/// each part of a centavo goes. `within` is a proven bound, not a guess.
#[derive(Debug, Clone, Copy, Default)]
pub struct About {
    pub amount: Decimal,
    pub within: Decimal,
}

impl About {
    fn exactly(amount: Decimal) -> Self {
        Self { amount, within: Decimal::ZERO }
    }

    pub fn admits(self, amount: Decimal) -> bool {
        (amount - self.amount).abs() <= self.within
    }

    fn plus(self, other: Self) -> Self {
        Self { amount: self.amount + other.amount, within: self.within + other.within }
    }

    fn negative(self) -> Self {
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
}

impl Tender {
    pub fn word(self) -> &'static str {
        match self {
            Self::Cash => "efectivo",
            Self::Card => "tarjeta",
            Self::Transfer => "transferencia",
        }
    }

    fn account(self) -> &'static str {
        match self {
            Self::Cash => "101.01",
            Self::Card => "107.05",
            Self::Transfer => "102.01",
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

/// An employee at work.
#[derive(Debug, Clone)]
pub struct Till {
    pub name: &'static str,
    pub branch: usize,
    pub number: i64,
}

#[derive(Debug, Clone, Copy, Default)]
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

#[derive(Debug, Clone)]
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
    fn receive(&mut self, branch: usize, quantity: Decimal, value: About) {
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
    fn cost_of(&self, quantity: Decimal) -> About {
        About {
            amount: (quantity * self.average.amount).round_dp(15),
            within: (quantity * self.average.within).round_dp(15) + centavo(),
        }
    }

    pub fn price(&self, tier: usize) -> Decimal {
        if self.prices[tier].is_zero() { self.prices[0] } else { self.prices[tier] }
    }
}

#[derive(Debug, Clone)]
pub struct Customer {
    pub id: i64,
    pub tier: usize,
    pub limit: Decimal,
    pub store_credit: Decimal,
}

pub const TIERS: [&str; 3] = ["mostrador", "taller", "mayoreo"];

#[derive(Debug, Clone)]
pub struct Session {
    pub id: i64,
    pub till: usize,
    pub opening: Decimal,
    pub cash: Decimal,
    pub card: Decimal,
    pub transfer: Decimal,
    pub credit: Decimal,
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

    fn sell(&mut self, sale: &Sale, sign: Decimal) {
        for (tender, amount) in &sale.tenders {
            match tender {
                Tender::Cash => self.cash += sign * amount,
                Tender::Card => self.card += sign * amount,
                Tender::Transfer => self.transfer += sign * amount,
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
    open_tax: About,
    /// What has been paid on account.
    pub paid_later: Decimal,
    pub returned_total: Decimal,
    pub status: Status,
}

impl Sale {
    fn cash(&self) -> Decimal {
        self.tenders.iter().filter(|(tender, _)| *tender == Tender::Cash).map(|(_, amount)| amount).sum()
    }

    fn tax(&self) -> Decimal {
        self.lines.iter().map(|line| line.tax).sum()
    }

    fn net(&self) -> Decimal {
        self.lines.iter().map(|line| line.net).sum()
    }

    fn cost(&self) -> About {
        self.lines.iter().fold(About::default(), |sum, line| sum.plus(line.cost))
    }
}

/// What an answer must say of a field.
#[derive(Debug, Clone)]
pub enum Expect {
    Money(Decimal),
    /// The contract leaves open which of these.
    Either([Decimal; 2]),
    Int(i64),
    Text(String),
}

/// Which list the new document is the last of, so that its id can be noted.
#[derive(Debug, Clone, Copy)]
pub enum Made {
    Item,
    Customer,
    Session,
    Sale,
}

/// The model's word on a command: it must be accepted, with these figures.
#[derive(Debug, Clone)]
pub struct Accepted {
    pub status: u16,
    pub answer: Vec<(&'static str, Expect)>,
    /// The new document, and the answer's field with its id.
    pub made: Option<(Made, &'static str)>,
    /// Where the contract is silent about a doubtful command, a refusal is right as well: the doubt.
    pub doubt: Option<&'static str>,
}

impl Accepted {
    fn new(status: u16) -> Self {
        Self { status, answer: Vec::new(), made: None, doubt: None }
    }

    fn says(mut self, field: &'static str, expect: Expect) -> Self {
        self.answer.push((field, expect));
        self
    }

    fn money(self, field: &'static str, amount: Decimal) -> Self {
        self.says(field, Expect::Money(amount))
    }

    fn count(self, field: &'static str, count: usize) -> Self {
        self.says(field, Expect::Int(i64::try_from(count).unwrap()))
    }

    fn text(self, field: &'static str, text: impl Into<String>) -> Self {
        self.says(field, Expect::Text(text.into()))
    }

    fn makes(mut self, made: Made, field: &'static str) -> Self {
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
    fn when(&mut self, wrong: bool, status: u16, reason: &'static str) {
        if wrong {
            self.statuses.push(status);
            self.reasons.push(reason);
        }
    }

    fn settle(self) -> Result<(), Self> {
        if self.reasons.is_empty() { Ok(()) } else { Err(self) }
    }
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
    /// What each account must hold, debits positive. `401` stands for all of 401.x, `115` for all of 115.x,
    /// `iva` for 208.01 and 209.01 together.
    pub books: BTreeMap<&'static str, About>,
    payments: usize,
}

impl Model {
    fn post(&mut self, account: &'static str, amount: Decimal) {
        self.post_about(account, About::exactly(amount));
    }

    fn post_about(&mut self, account: &'static str, amount: About) {
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
        match command {
            Command::CreateItem { part, prices, rate, cost, stock } => {
                Ok(self.create_item(till, part, *prices, *rate, *cost, *stock))
            }
            Command::Reprice { item, prices } => Ok(self.reprice(*item, *prices)),
            Command::Purchase { lines } => Ok(self.purchase(till, lines)),
            Command::Adjust { item, quantity } => self.adjust(till, *item, *quantity),
            Command::Sell(order) => self.sell(till, order),
            Command::Cancel { sale } => self.cancel(till, *sale),
            Command::Return { sale, items } => self.take_back(till, *sale, items),
            Command::CreateCustomer { tier, limit } => {
                let customer = Customer { id: 0, tier: *tier, limit: *limit, store_credit: Decimal::ZERO };
                self.customers.push(customer);
                Ok(Accepted::new(201).makes(Made::Customer, "id"))
            }
            Command::Pay { customer, amount, tender, session } => {
                self.pay(*customer, *amount, *tender, *session)
            }
            Command::Open { opening, .. } => self.open(till, *opening),
            Command::Move { session, inward, amount } => self.move_cash(*session, *inward, *amount),
            Command::Cut { session, counted } => self.cut(*session, *counted),
        }
    }

    /// Notes the id that the program gave to the newest document.
    pub fn note_id(&mut self, made: Made, id: i64) {
        match made {
            Made::Item => self.items.last_mut().unwrap().id = id,
            Made::Customer => self.customers.last_mut().unwrap().id = id,
            Made::Session => self.sessions.last_mut().unwrap().id = id,
            Made::Sale => self.sales.last_mut().unwrap().id = id,
        }
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
        Accepted::new(201).makes(Made::Item, "id")
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
        let stock = self.items[item].stock[branch];
        let mut no = Refused::default();
        no.when(stock.on_hand + quantity < Decimal::ZERO, 400, "more than lies there");
        no.settle()?;
        let item = &mut self.items[item];
        if quantity.is_sign_positive() {
            let value = item.cost_of(quantity);
            item.receive(branch, quantity, value);
        } else {
            item.stock[branch].on_hand += quantity;
        }
        let mut accepted =
            Accepted::new(201).money("quantity", quantity).money("stock", stock.on_hand + quantity);
        if stock.on_hand + quantity < stock.reserved {
            accepted.doubt = Some("what is reserved is taken");
        }
        Ok(accepted)
    }

    fn refuse_short(&self, no: &mut Refused, branch: usize, lines: &[Line]) {
        let mut needed: BTreeMap<usize, Decimal> = BTreeMap::new();
        for line in lines {
            *needed.entry(line.item).or_default() += line.quantity;
        }
        for (item, quantity) in needed {
            no.when(quantity > self.items[item].stock[branch].available(), 400, "too little stock");
        }
    }

    /// What is kept of each tender, what is given back, and what stays owed.
    fn settle(
        &self,
        no: &mut Refused,
        order: &Order,
        total: Decimal,
    ) -> (Vec<(Tender, Decimal)>, Decimal, Decimal) {
        let mut tenders = match order.sale_type {
            SaleType::Credit => Vec::new(),
            SaleType::Cash | SaleType::Mixed => order.tenders.clone(),
        };
        let given: Decimal = tenders.iter().map(|(_, amount)| amount).sum();
        let mut change = Decimal::ZERO;
        let mut credit = Decimal::ZERO;
        match order.sale_type {
            SaleType::Cash => {
                let cash: Decimal = tenders
                    .iter()
                    .filter(|(tender, _)| *tender == Tender::Cash)
                    .map(|(_, amount)| amount)
                    .sum();
                no.when(given < total, 400, "underpaid");
                no.when(given - cash > total, 400, "only cash gives change");
                change = given - total;
                if let Some((_, kept)) = tenders.iter_mut().find(|(tender, _)| *tender == Tender::Cash) {
                    *kept -= change;
                }
            }
            SaleType::Credit | SaleType::Mixed => {
                credit = total - given;
                match order.customer {
                    None => no.when(true, 400, "credit without a customer"),
                    Some(customer) => {
                        let owed = self.balance(customer) + credit;
                        no.when(owed > self.customers[customer].limit, 400, "above the credit limit");
                    }
                }
            }
        }
        let cash_moves = tenders.iter().any(|(tender, _)| *tender == Tender::Cash);
        match order.session {
            None => no.when(cash_moves, 400, "cash without a register"),
            Some(session) => {
                no.when(self.sessions[session].counted.is_some(), 400, "a closed register");
            }
        }
        tenders.retain(|(_, amount)| !amount.is_zero());
        (tenders, change, credit)
    }

    fn sell(&mut self, till: usize, order: &Order) -> Result<Accepted, Refused> {
        let branch = self.tills[till].branch;
        let (mut lines, total) = self.price(&order.lines, order.customer);
        let mut no = Refused::default();
        self.refuse_short(&mut no, branch, &lines);
        let (tenders, change, credit) = self.settle(&mut no, order, total);
        no.settle()?;

        for line in &mut lines {
            let item = &mut self.items[line.item];
            line.cost = item.cost_of(line.quantity);
            item.stock[branch].on_hand -= line.quantity;
        }
        let mut sale = Sale {
            id: 0,
            branch,
            customer: order.customer,
            session: order.session,
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
        self.post_sale(&sale, Decimal::ONE);
        let accepted = Accepted::new(201)
            .text("folio", format!("V-{:04}", self.sales.len() + 1))
            .money("total", total)
            .money("change", change)
            .count("items_count", sale.lines.len())
            .makes(Made::Sale, "sale_id");
        self.sales.push(sale);
        Ok(accepted)
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
        let cash = held.cash();
        let still_open = held.session.filter(|session| self.sessions[*session].counted.is_none());
        let pays = if cash.is_zero() { None } else { still_open.or_else(|| self.open_session(till)) };
        let mut no = Refused::default();
        no.when(held.status != Status::Completed, 400, "it is not completed");
        no.when(!held.returned_total.is_zero(), 400, "something was returned");
        no.when(!held.paid_later.is_zero(), 400, "it was paid on account");
        no.when(!cash.is_zero() && pays.is_none(), 400, "no open register to pay from");
        no.settle()?;

        let mut accepted = Accepted::new(200);
        if pays.is_some_and(|session| self.sessions[session].expected() < cash) {
            accepted.doubt = Some("the drawer holds less than is to be paid back");
        }
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
        Ok(accepted)
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
            if self.sessions[session].expected() < rest {
                accepted.doubt = Some("the drawer holds less than is to be paid back");
            }
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
        customer: usize,
        amount: Decimal,
        tender: Tender,
        session: Option<usize>,
    ) -> Result<Accepted, Refused> {
        let balance = self.balance(customer);
        let mut no = Refused::default();
        no.when(amount > balance, 400, "more than is owed");
        match session {
            None => no.when(tender == Tender::Cash, 400, "cash without a register"),
            Some(session) => {
                no.when(self.sessions[session].counted.is_some(), 400, "a closed register");
            }
        }
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
        Ok(Accepted::new(201)
            .money("balance", balance - amount)
            .text("reference", format!("PAG-{:03}", self.payments)))
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
            moved_in: Decimal::ZERO,
            moved_out: Decimal::ZERO,
            sales: 0,
            counted: None,
        });
        Ok(Accepted::new(201).money("opening_amount", opening).makes(Made::Session, "register_id"))
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
