//! What a shop's books say, on one screen.

use std::fmt::Write as _;

use diario_domain::{Cents, Event, Quantity};
use diario_projections::{
    Page,
    ledger::{self, BalanceRow, Scope, Upto},
    registers::{self, Session},
    stock,
    verify::hex,
};
use diario_store::{log::Head, tenants::Tenant};
use jiff::civil::Date;
use serde_json::{Value, json};

use crate::{
    cli::{Context, Failure, import::Report, text},
    http::json::{money, quantity},
};
use text::Align::{Left, Right};

/// Events read at once.
const PAGE: i64 = 1_000;

/// What the log holds, and what the read models make of it.
pub(super) struct Summary {
    items: i64,
    customers: i64,
    purchases: i64,
    sales: i64,
    cancellations: i64,
    returns: i64,
    adjustments: i64,
    units_sold: Quantity,
    units_back: Quantity,
    /// The first and the last day on which something was sold.
    days: Option<(Date, Date)>,
    accounts: Vec<BalanceRow>,
    stock_value: Cents,
    inventory_account: Cents,
    cut: Option<Session>,
    head: Head,
}

impl Summary {
    /// Reads it.
    pub(super) async fn of(context: &Context, tenant: &Tenant) -> Result<Self, Failure> {
        let id = tenant.tenant_id;
        let head = context.log.head(id).await?.ok_or("the tenant has no log")?;
        let everything = (Date::constant(1970, 1, 1), Date::MAX);
        let page = Page::first(1);
        let mut summary = Self {
            items: 0,
            customers: 0,
            purchases: 0,
            sales: 0,
            cancellations: 0,
            returns: 0,
            adjustments: 0,
            units_sold: Quantity::ZERO,
            units_back: Quantity::ZERO,
            days: None,
            accounts: ledger::balances(&context.db, id, Scope::default(), everything, Upto::Closed).await?,
            stock_value: stock::total_value(&context.db, id).await?,
            inventory_account: ledger::balance_of(&context.db, id, "115.01").await?,
            cut: registers::history(&context.db, id, None, None, page).await?.rows.pop(),
            head,
        };
        let mut position = 0;
        while position < summary.head.position {
            let events = context.log.read(id, position, PAGE).await?;
            let Some(last) = events.last() else { break };
            position = last.position;
            for recorded in &events {
                summary.count(&recorded.event);
            }
        }
        Ok(summary)
    }

    fn count(&mut self, event: &Event) {
        #[expect(clippy::wildcard_enum_match_arm, reason = "only what is shown is counted")]
        match event {
            Event::ItemCreated(_) => self.items += 1,
            Event::CustomerRegistered(_) => self.customers += 1,
            Event::PurchaseRecorded(_) => self.purchases += 1,
            Event::StockAdjusted(_) => self.adjustments += 1,
            Event::SaleCompleted(sale) => {
                self.sales += 1;
                let goods = sale.lines.iter().filter(|line| line.moved.is_some());
                self.units_sold += goods.map(|line| line.quantity).sum();
                let (first, last) = self.days.unwrap_or((sale.date, sale.date));
                self.days = Some((first.min(sale.date), last.max(sale.date)));
            }
            Event::SaleCancelled(sale) => {
                self.cancellations += 1;
                let goods = sale.lines.iter().filter(|line| line.moved.is_some());
                self.units_back += goods.map(|line| line.quantity).sum();
            }
            Event::GoodsReturned(back) => {
                self.returns += 1;
                let goods = back.lines.iter().filter(|line| line.moved.is_some());
                self.units_back += goods.map(|line| line.quantity).sum();
            }
            _ => {}
        }
    }

    /// For programs.
    pub(super) fn as_value(&self) -> Value {
        let side = |of: fn(&BalanceRow) -> Cents| money(self.accounts.iter().map(of).sum());
        json!({
            "events": self.head.position,
            "head_hash": hex(&self.head.hash),
            "items": self.items,
            "customers": self.customers,
            "purchases": self.purchases,
            "sales": self.sales,
            "cancellations": self.cancellations,
            "returns": self.returns,
            "adjustments": self.adjustments,
            "units_sold": quantity(self.units_sold),
            "units_back": quantity(self.units_back),
            "trial_balance": {
                "accounts": self.accounts.iter().map(|row| json!({
                    "code": row.code, "name": row.name, "debit": money(row.debit), "credit": money(row.credit),
                    "balance": money(row.closing()),
                })).collect::<Vec<_>>(),
                "totals": {"debit": side(|row| row.debit), "credit": side(|row| row.credit)},
            },
            "stock_value": money(self.stock_value),
            "inventory_account": money(self.inventory_account),
            "z_cut": self.cut.as_ref().and_then(|session| session.cut.as_ref().map(|cut| json!({
                "register_id": session.register_id.0,
                "register_number": session.register_number,
                "date": cut.date.to_string(),
                "sales_count": session.totals.sales_count,
                "sales_cash": money(session.totals.sales_cash),
                "movements_in": money(session.totals.movements_in),
                "movements_out": money(session.totals.movements_out),
                "expected": money(cut.expected),
                "counted": money(cut.counted),
                "difference": money(cut.difference),
            }))),
        })
    }

    /// For people.
    pub(super) fn words(&self, tenant: &Tenant, report: &Report) -> String {
        let mut out = format!("\n{}", tenant.name);
        if let Some((first, last)) = self.days {
            let _ = write!(out, ", {first} to {last}");
        }
        out.push_str("\n\n");
        let n = text::count;
        let back = format!("{} units came back", text::quantity(self.units_back));
        let facts = [
            ("Sales", n(self.sales), format!("{} units of goods", text::quantity(self.units_sold))),
            ("Cancellations", n(self.cancellations), String::new()),
            ("Returns", n(self.returns), back),
            ("Stock adjustments", n(self.adjustments), String::new()),
            ("Opening purchases", n(self.purchases), String::new()),
            ("Items", n(self.items), String::new()),
            ("Customers", n(self.customers), String::new()),
        ];
        for (what, count, more) in facts {
            let line = format!("  {what:<18} {count:>7}   {more}");
            out.push_str(line.trim_end());
            out.push('\n');
        }
        let _ = writeln!(out, "\nTrial balance ({})\n", tenant.currency);
        out.push_str(&self.balance());
        let agree = if self.stock_value == self.inventory_account { "agrees with" } else { "DIFFERS FROM" };
        let _ = writeln!(
            out,
            "\n  Stock at average cost {} {agree} account 115.01",
            text::money(self.stock_value)
        );
        if let Some(session) = &self.cut {
            out.push_str(&z_cut(session));
        }
        let _ = writeln!(
            out,
            "\nLog       {} events, chain head {}",
            text::count(self.head.position),
            hex(&self.head.hash)
        );
        let _ = if report.events() == 0 {
            writeln!(out, "Import    nothing new: the file was in the books already")
        } else {
            writeln!(
                out,
                "Import    {} events, {} a second",
                text::count(report.events()),
                text::count(report.events_per_second())
            )
        };
        out.trim_end().to_owned()
    }

    fn balance(&self) -> String {
        let mut rows: Vec<Vec<String>> = self
            .accounts
            .iter()
            .map(|row| {
                let closing = row.closing();
                vec![
                    row.code.clone(),
                    text::short(&row.name),
                    text::money(row.debit),
                    text::money(row.credit),
                    if closing.is_positive() { text::money(closing) } else { String::new() },
                    if closing.is_negative() { text::money(-closing) } else { String::new() },
                ]
            })
            .collect();
        let body = rows.len();
        let sum = |of: fn(&BalanceRow) -> Cents| text::money(self.accounts.iter().map(of).sum());
        rows.push(vec![
            String::new(),
            "total".to_owned(),
            sum(|row| row.debit),
            sum(|row| row.credit),
            sum(|row| row.closing().max(Cents::ZERO)),
            sum(|row| (-row.closing()).max(Cents::ZERO)),
        ]);
        let heads = [
            ("account", Left),
            ("name", Left),
            ("debits", Right),
            ("credits", Right),
            ("balance, debit", Right),
            ("balance, credit", Right),
        ];
        text::table(&heads, &rows, body)
    }
}

fn z_cut(session: &Session) -> String {
    let Some(cut) = &session.cut else { return String::new() };
    let totals = &session.totals;
    let mut out = format!(
        "\nZ cut of register {} on {} (session {}, {} sales)\n\n",
        session.register_number,
        cut.date,
        session.register_id,
        text::count(totals.sales_count)
    );
    let mut rows: Vec<Vec<String>> = [
        ("opening", totals.opening),
        ("cash sales", totals.sales_cash),
        ("cash in", totals.movements_in),
        ("cash out and refunds", -totals.movements_out),
        ("expected", cut.expected),
        ("counted", cut.counted),
    ]
    .into_iter()
    .map(|(what, amount)| vec![what.to_owned(), text::money(amount)])
    .collect();
    rows.push(vec!["difference".to_owned(), text::money(cut.difference)]);
    out.push_str(&text::table(&[("", Left), ("amount", Right)], &rows, 6));
    out
}
