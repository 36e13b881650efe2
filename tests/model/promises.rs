//! Quotations and layaways.

use rust_decimal::Decimal;

use crate::command::{OrderLine, Payment};
use crate::model::{Accepted, Expect, Layaway, Model, Noun, Quotation, Refused, Tender};

impl Model {
    pub fn quote(
        &mut self,
        till: usize,
        order: &[OrderLine],
        customer: Option<usize>,
    ) -> Result<Accepted, Refused> {
        let mut no = Refused::default();
        self.refuse_discounts(&mut no, till, order, customer);
        no.settle()?;
        let (lines, total) = self.price(order, customer);
        let quotation = Quotation { id: 0, customer, lines, total, status: "active", sale: None };
        self.quotations.push(quotation);
        Ok(Accepted::new(201)
            .text("folio", format!("C-{:04}", self.quotations.len()))
            .money("total", total)
            .count("items_count", order.len())
            .makes(Noun::Quotation, "quotation_id"))
    }

    pub fn convert(
        &mut self,
        till: usize,
        quotation: usize,
        quantities: Option<&[Decimal]>,
        payment: &Payment,
    ) -> Result<Accepted, Refused> {
        let held = self.quotations[quotation].clone();
        let mut no = Refused::default();
        no.when(held.status != "active", 400, "converted or cancelled");
        let another = held.customer.is_some() && payment.customer.is_some();
        no.when(another && held.customer != payment.customer, 400, "another customer");
        let quoted = held.lines.iter().map(|line| line.quantity);
        let others = quantities.is_some_and(|quantities| !quantities.iter().copied().eq(quoted));
        no.when(others, 400, "other items than were quoted");
        let customer = held.customer.or(payment.customer);
        let accepted = self.sell_lines(no, till, held.lines, customer, payment, held.total)?;
        let sale = self.sales.len() - 1;
        let quotation = &mut self.quotations[quotation];
        quotation.status = "converted";
        quotation.sale = Some(sale);
        Ok(accepted.says("quotation_id", Expect::Int(held.id)))
    }

    pub fn withdraw(&mut self, quotation: usize) -> Result<Accepted, Refused> {
        let held = &mut self.quotations[quotation];
        let mut no = Refused::default();
        no.when(held.status != "active", 400, "converted or cancelled");
        no.settle()?;
        held.status = "cancelled";
        Ok(Accepted::new(200).says("quotation_id", Expect::Int(held.id)).text("status", "cancelled"))
    }

    pub fn set_aside(
        &mut self,
        till: usize,
        order: &[OrderLine],
        customer: Option<usize>,
        down: Decimal,
        tender: Option<Tender>,
        session: Option<usize>,
    ) -> Result<Accepted, Refused> {
        let branch = self.tills[till].branch;
        let (lines, total) = self.price(order, customer);
        let mut no = Refused::default();
        self.refuse_discounts(&mut no, till, order, customer);
        self.refuse_short(&mut no, branch, &lines);
        no.when(customer.is_none(), 400, "no customer");
        no.when(down > total, 400, "more than it costs");
        no.when(down > Decimal::ZERO && tender.is_none(), 400, "no method");
        self.refuse_register(&mut no, session, tender == Some(Tender::Cash));
        if tender == Some(Tender::StoreCredit) {
            self.refuse_store_credit(&mut no, customer, down);
        }
        no.settle()?;

        for line in &lines {
            self.items[line.item].stock[branch].reserved += line.quantity;
        }
        self.layaways.push(Layaway {
            id: 0,
            branch,
            customer: customer.unwrap_or_default(),
            lines,
            total,
            paid: Decimal::ZERO,
            payments: 0,
            status: "active",
            sale: None,
        });
        let layaway = self.layaways.len() - 1;
        let mut payment = Expect::Null;
        if let Some(tender) = tender.filter(|_| down > Decimal::ZERO) {
            payment = self.deposit(layaway, down, tender, session);
        }
        let mut accepted = Accepted::new(201)
            .text("folio", format!("A-{:04}", self.layaways.len()))
            .money("total", total)
            .money("paid", down)
            .money("balance", total - down)
            .text("status", "active")
            .says("payment_id", payment)
            .makes(Noun::Layaway, "layaway_id");
        accepted.doubt = self.doubt_register(till, session);
        Ok(accepted)
    }

    /// Books a payment on a layaway: its id.
    fn deposit(&mut self, layaway: usize, amount: Decimal, tender: Tender, session: Option<usize>) -> Expect {
        let held = &mut self.layaways[layaway];
        let before = held.tax_paid();
        held.paid += amount;
        held.payments += 1;
        let tax = held.tax_paid() - before;
        let customer = held.customer;
        if tender == Tender::StoreCredit {
            self.customers[customer].store_credit -= amount;
        }
        if let Some(session) = session.filter(|_| tender == Tender::Cash) {
            self.sessions[session].moved_in += amount;
        }
        self.post(tender.account(), amount);
        self.post("206.01", tax - amount);
        self.post("iva", -tax);
        self.layaway_payments += 1;
        Expect::Int(self.layaway_payments)
    }

    pub fn pay_layaway(
        &mut self,
        till: usize,
        layaway: usize,
        amount: Decimal,
        tender: Tender,
        session: Option<usize>,
    ) -> Result<Accepted, Refused> {
        let held = &self.layaways[layaway];
        let mut no = Refused::default();
        no.when(held.status != "active", 400, "completed or cancelled");
        no.when(held.paid + amount > held.total, 400, "more than is owed");
        self.refuse_register(&mut no, session, tender == Tender::Cash);
        if tender == Tender::StoreCredit {
            self.refuse_store_credit(&mut no, Some(held.customer), amount);
        }
        no.settle()?;

        let payment = self.deposit(layaway, amount, tender, session);
        let held = &self.layaways[layaway];
        let mut accepted = Accepted::new(201)
            .says("payment_id", payment)
            .money("paid", held.paid)
            .money("balance", held.total - held.paid);
        accepted.doubt = self.doubt_register(till, session);
        Ok(accepted)
    }

    pub fn complete(&mut self, till: usize, layaway: usize) -> Result<Accepted, Refused> {
        let held = self.layaways[layaway].clone();
        let mut no = Refused::default();
        no.when(held.status != "active", 400, "completed or cancelled");
        no.when(held.paid < held.total, 400, "not paid");
        let gone = |item: usize| {
            let needed: Decimal =
                held.lines.iter().filter(|line| line.item == item).map(|line| line.quantity).sum();
            needed > self.items[item].stock[held.branch].on_hand
        };
        no.when(held.lines.iter().any(|line| gone(line.item)), 400, "what was set aside is gone");
        no.settle()?;

        for line in &held.lines {
            self.items[line.item].stock[held.branch].reserved -= line.quantity;
        }
        let tenders = vec![(Tender::Deposits, held.total)];
        let session = self.open_session(till);
        let folio = self.sold(held.branch, held.lines, Some(held.customer), session, tenders, Decimal::ZERO);
        let sale = self.sales.len() - 1;
        let layaway = &mut self.layaways[layaway];
        layaway.status = "completed";
        layaway.sale = Some(sale);
        Ok(Accepted::new(200)
            .says("layaway_id", Expect::Int(held.id))
            .text("folio", folio)
            .text("status", "completed")
            .makes(Noun::Sale, "sale_id"))
    }

    pub fn give_up(
        &mut self,
        till: usize,
        layaway: usize,
        refund: Option<Tender>,
        penalty: Option<Decimal>,
        session: Option<usize>,
    ) -> Result<Accepted, Refused> {
        let held = self.layaways[layaway].clone();
        let refund = refund.unwrap_or(Tender::StoreCredit);
        let penalty = penalty.unwrap_or_default();
        let back = held.paid - penalty;
        let cash = refund == Tender::Cash && back > Decimal::ZERO;
        let session = if cash { self.drawer_of(till, session) } else { session };
        let mut no = Refused::default();
        no.when(held.status != "active", 400, "completed or cancelled");
        no.when(penalty > held.paid, 400, "a penalty above what was paid");
        self.refuse_register(&mut no, session, cash);
        if cash {
            self.refuse_payout(&mut no, session, back);
        }
        no.settle()?;

        for line in &held.lines {
            self.items[line.item].stock[held.branch].reserved -= line.quantity;
        }
        if refund == Tender::StoreCredit {
            self.customers[held.customer].store_credit += back;
        }
        if let Some(session) = session.filter(|_| cash) {
            self.sessions[session].moved_out += back;
        }
        let tax = held.tax_paid();
        self.post("206.01", held.paid - tax);
        self.post("iva", tax);
        self.post(refund.account(), -back);
        self.post("403.01", -penalty);
        self.layaways[layaway].status = "cancelled";
        let mut accepted = Accepted::new(200)
            .says("layaway_id", Expect::Int(held.id))
            .text("status", "cancelled")
            .money("refunded", back)
            .money("penalty", penalty);
        accepted.doubt = self.doubt_register(till, session);
        Ok(accepted)
    }
}
