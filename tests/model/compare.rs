use std::collections::BTreeMap;
use std::fmt::Display;
use std::str::FromStr as _;

use diario_tests::{Shop, int};
use futures_util::future::{join, try_join_all};
use rust_decimal::Decimal;
use serde_json::Value;

use crate::model::{
    About, Count, Customer, Item, Layaway, Model, Quotation, Sale, Session, TIERS, Touched, Transfer,
};
use crate::play::Play;

/// An amount in an answer.
pub fn number(value: &Value) -> Option<Decimal> {
    let Value::Number(number) = value else { return None };
    let text = number.to_string();
    Decimal::from_str(&text).or_else(|_| Decimal::from_scientific(&text)).ok()
}

/// Gathers all that differs in one place, so that a parting shows the whole of it.
#[derive(Debug, Default)]
struct Faults(Vec<String>);

impl Faults {
    fn same<T: PartialEq + Display>(&mut self, what: impl Display, found: T, expected: T) {
        if found != expected {
            self.0.push(format!("{what} is {found}, by the contract {expected}"));
        }
    }

    fn money(&mut self, what: impl Display, found: &Value, expected: Decimal) {
        if number(found) != Some(expected) {
            self.0.push(format!("{what} is {found}, by the contract {}", expected.normalize()));
        }
    }

    fn about(&mut self, what: impl Display, found: Decimal, expected: About) {
        if !expected.admits(found) {
            self.0.push(format!("{what} is {found}, by the contract {expected}"));
        }
    }

    fn text(&mut self, what: impl Display, found: &Value, expected: &str) {
        if found != expected {
            self.0.push(format!("{what} is {found}, by the contract {expected:?}"));
        }
    }

    fn id(&mut self, what: impl Display, found: &Value, expected: Option<i64>) {
        if found.as_i64() != expected || (expected.is_none() && !found.is_null()) {
            self.0.push(format!("{what} is {found}, by the contract {expected:?}"));
        }
    }

    fn settle(self) -> Result<(), String> {
        if self.0.is_empty() { Ok(()) } else { Err(self.0.join("\n    ")) }
    }
}

async fn read(shop: &Shop, path: &str) -> Result<Value, String> {
    let answer = shop.get(&format!("/pos/api/{path}")).await;
    if answer.status == 200 {
        Ok(answer.body)
    } else {
        Err(format!("{} answered {} {}", answer.request, answer.status, answer.text()))
    }
}

/// Compares what one step has changed. An item's detail brings its history with it, which costs; so it is
/// asked for where the list does not show what may have changed, and now and then.
pub async fn touched(play: &Play, before: &Model, touched: &Touched, detail: bool) -> Result<(), String> {
    let shop = &play.tills[0];
    let model = &play.model;
    let mut paths = Vec::new();
    for place in &touched.items {
        let item = &model.items[*place];
        let listed = before.items.get(*place).is_some_and(|before| {
            before.stock.iter().zip(&item.stock).all(|(before, after)| {
                before.reserved == after.reserved && before.in_transit == after.in_transit
            })
        });
        paths.push(if detail || !listed {
            format!("inventory/items/{}", item.id)
        } else {
            format!("inventory/items?q={}", item.part)
        });
    }
    let ids = |path: &str, places: &[usize], id: &dyn Fn(usize) -> i64| -> Vec<String> {
        places.iter().map(|place| format!("{path}/{}", id(*place))).collect()
    };
    paths.extend(ids("customers", &touched.customers, &|place| model.customers[place].id));
    paths.extend(ids("sales", &touched.sales, &|place| model.sales[place].id));
    paths.extend(ids("quotations", &touched.quotations, &|place| model.quotations[place].id));
    paths.extend(ids("layaways", &touched.layaways, &|place| model.layaways[place].id));
    paths.extend(ids("inventory/transfers", &touched.transfers, &|place| model.transfers[place].id));
    paths.extend(ids("inventory/physical-count", &touched.counts, &|place| model.counts[place].id));
    let (found, drawers) = join(
        try_join_all(paths.iter().map(|path| read(shop, path))),
        try_join_all(touched.tills.iter().map(|till| drawer(play, *till, detail))),
    )
    .await;
    let mut found = found?.into_iter();
    let mut faults = Faults::default();
    for drawer in drawers? {
        faults.0.extend(drawer.0);
    }
    for (item, row) in touched.items.iter().zip(&mut found) {
        let row = if row["data"].is_array() { &row["data"][0] } else { &row };
        compare_item(&mut faults, model, &model.items[*item], row);
    }
    for (customer, row) in touched.customers.iter().zip(&mut found) {
        compare_customer(&mut faults, &model.customers[*customer], model.balance(*customer), &row);
    }
    for (sale, row) in touched.sales.iter().zip(&mut found) {
        compare_sale(&mut faults, &model.sales[*sale], &row);
        compare_lines(&mut faults, model, &model.sales[*sale], &row);
    }
    for (quotation, row) in touched.quotations.iter().zip(&mut found) {
        compare_quotation(&mut faults, model, &model.quotations[*quotation], &row);
    }
    for (layaway, row) in touched.layaways.iter().zip(&mut found) {
        compare_layaway(&mut faults, model, &model.layaways[*layaway], &row);
        let payments = row["payments"].as_array().map_or(0, Vec::len);
        let expected = model.layaways[*layaway].payments;
        faults.same(format_args!("number of payments of layaway {}", row["id"]), payments, expected);
    }
    for (transfer, row) in touched.transfers.iter().zip(&mut found) {
        compare_transfer(&mut faults, model, &model.transfers[*transfer], &row);
        compare_sent(&mut faults, model, &model.transfers[*transfer], &row);
    }
    for (count, row) in touched.counts.iter().zip(&mut found) {
        compare_count(&mut faults, model, &model.counts[*count], &row);
    }
    faults.settle()
}

fn compare_item(faults: &mut Faults, model: &Model, item: &Item, found: &Value) {
    let part = &item.part;
    let total: Decimal = item.stock.iter().map(|stock| stock.on_hand).sum();
    faults.money(format_args!("stock_total of {part}"), &found["stock_total"], total);
    for (field, price) in ["price_1", "price_2", "price_3"].into_iter().zip(item.prices) {
        faults.money(format_args!("{field} of {part}"), &found[field], price);
    }
    if let Some(rows) = found["stock_by_branch"].as_array() {
        for (branch, stock) in model.branches.iter().zip(&item.stock) {
            let nothing = Value::Null;
            let row = rows.iter().find(|row| row["branch_id"].as_i64() == Some(branch.id));
            let row = row.unwrap_or(&nothing);
            for (field, expected) in [
                ("stock", stock.on_hand),
                ("reserved", stock.reserved),
                ("available", stock.available()),
                ("in_transit", stock.in_transit),
            ] {
                // A branch that never had the item may be left out.
                if !(row.is_null() && expected.is_zero()) {
                    faults.money(
                        format_args!("{field} of {part} in branch {}", branch.id),
                        &row[field],
                        expected,
                    );
                }
            }
        }
    }
    if !item.quantity().is_zero() {
        let shown = About { within: item.average.within + Decimal::new(51, 6), ..item.average };
        faults.about(format_args!("cost of {part}"), number(&found["cost"]).unwrap_or_default(), shown);
    }
}

fn compare_customer(faults: &mut Faults, customer: &Customer, balance: Decimal, found: &Value) {
    let id = customer.id;
    faults.money(format_args!("balance of customer {id}"), &found["balance"], balance);
    faults.money(
        format_args!("store_credit of customer {id}"),
        &found["store_credit"],
        customer.store_credit,
    );
    faults.money(format_args!("credit_limit of customer {id}"), &found["credit_limit"], customer.limit);
    faults.text(format_args!("price_tier of customer {id}"), &found["price_tier"], TIERS[customer.tier]);
}

fn compare_sale(faults: &mut Faults, sale: &Sale, found: &Value) {
    let id = sale.id;
    faults.text(format_args!("status of sale {id}"), &found["status"], sale.status.word());
    faults.money(format_args!("total of sale {id}"), &found["total"], sale.total);
    faults.money(format_args!("returned_total of sale {id}"), &found["returned_total"], sale.returned_total);
}

fn compare_lines(faults: &mut Faults, model: &Model, sale: &Sale, found: &Value) {
    let id = sale.id;
    let nothing = Vec::new();
    let rows = found["items"].as_array().unwrap_or(&nothing);
    faults.same(format_args!("number of lines of sale {id}"), rows.len(), sale.lines.len());
    for (row, line) in rows.iter().zip(&sale.lines) {
        let item = &model.items[line.item];
        faults.same(format_args!("item of sale {id}"), row["inventory_id"].as_i64().unwrap_or(0), item.id);
        faults.money(format_args!("quantity of {} in sale {id}", item.part), &row["quantity"], line.quantity);
    }
    let rows = found["payments"].as_array().unwrap_or(&nothing);
    faults.same(format_args!("number of payments of sale {id}"), rows.len(), sale.tenders.len());
    for (row, (tender, amount)) in rows.iter().zip(&sale.tenders) {
        faults.text(format_args!("method of sale {id}"), &row["method"], tender.word());
        faults.money(format_args!("{} of sale {id}", tender.word()), &row["amount"], *amount);
    }
}

fn compare_quotation(faults: &mut Faults, model: &Model, quotation: &Quotation, found: &Value) {
    let id = quotation.id;
    faults.text(format_args!("status of quotation {id}"), &found["status"], quotation.status);
    faults.money(format_args!("total of quotation {id}"), &found["total"], quotation.total);
    let sale = quotation.sale.map(|sale| model.sales[sale].id);
    faults.id(format_args!("sale_id of quotation {id}"), &found["sale_id"], sale);
    if quotation.sale.is_none() {
        let customer = quotation.customer.map(|customer| model.customers[customer].id);
        faults.id(format_args!("customer_id of quotation {id}"), &found["customer_id"], customer);
    }
}

fn compare_layaway(faults: &mut Faults, model: &Model, layaway: &Layaway, found: &Value) {
    let id = layaway.id;
    faults.text(format_args!("status of layaway {id}"), &found["status"], layaway.status);
    faults.money(format_args!("total of layaway {id}"), &found["total"], layaway.total);
    let sale = layaway.sale.map(|sale| model.sales[sale].id);
    faults.id(format_args!("sale_id of layaway {id}"), &found["sale_id"], sale);
    let customer = model.customers[layaway.customer].id;
    faults.id(format_args!("customer_id of layaway {id}"), &found["customer_id"], Some(customer));
    if layaway.status == "active" {
        faults.money(format_args!("paid of layaway {id}"), &found["paid"], layaway.paid);
        let balance = layaway.total - layaway.paid;
        faults.money(format_args!("balance of layaway {id}"), &found["balance"], balance);
    }
}

fn compare_transfer(faults: &mut Faults, model: &Model, transfer: &Transfer, found: &Value) {
    let id = transfer.id;
    faults.text(format_args!("status of transfer {id}"), &found["status"], transfer.status);
    for (field, branch) in [("from_branch_id", transfer.from), ("to_branch_id", transfer.to)] {
        let branch = Some(model.branches[branch].id);
        faults.id(format_args!("{field} of transfer {id}"), &found[field], branch);
    }
}

fn compare_sent(faults: &mut Faults, model: &Model, transfer: &Transfer, found: &Value) {
    let id = transfer.id;
    let nothing = Vec::new();
    let rows = found["items"].as_array().unwrap_or(&nothing);
    faults.same(format_args!("number of lines of transfer {id}"), rows.len(), transfer.lines.len());
    for (row, line) in rows.iter().zip(&transfer.lines) {
        let item = &model.items[line.item];
        faults.id(format_args!("item of transfer {id}"), &row["inventory_id"], Some(item.id));
        let part = &item.part;
        faults.money(format_args!("quantity of {part} in transfer {id}"), &row["quantity"], line.quantity);
        if let Some(received) = line.received {
            faults.money(format_args!("received of {part} in transfer {id}"), &row["received"], received);
            let shortage = line.quantity - received;
            faults.money(format_args!("shortage of {part} in transfer {id}"), &row["shortage"], shortage);
        }
    }
}

fn compare_count(faults: &mut Faults, model: &Model, count: &Count, found: &Value) {
    let id = count.id;
    faults.text(format_args!("status of count {id}"), &found["status"], count.status);
    faults.id(
        format_args!("branch_id of count {id}"),
        &found["branch_id"],
        Some(model.branches[count.branch].id),
    );
    let nothing = Vec::new();
    let rows = found["items"].as_array().unwrap_or(&nothing);
    faults.same(format_args!("number of lines of count {id}"), rows.len(), count.lines.len());
    for (row, line) in rows.iter().zip(&count.lines) {
        let item = &model.items[line.item];
        faults.id(format_args!("item of count {id}"), &row["inventory_id"], Some(item.id));
        for (field, expected) in [
            ("expected", line.expected),
            ("counted", line.counted),
            ("difference", line.counted - line.expected),
        ] {
            faults.money(format_args!("{field} of {} in count {id}", item.part), &row[field], expected);
        }
    }
}

async fn drawer(play: &Play, till: usize, detail: bool) -> Result<Faults, String> {
    let mut faults = Faults::default();
    let shop = &play.tills[till];
    let Some(session) = play.model.open_session(till) else {
        let answer = shop.get("/pos/api/register/cut-x").await;
        faults.same("status of a cut X without a session", answer.status, 404);
        return Ok(faults);
    };
    let session = &play.model.sessions[session];
    compare_cut(&mut faults, session, &read(shop, "register/cut-x").await?);
    if !detail {
        return Ok(faults);
    }
    let current = read(shop, "register/current").await?;
    faults.money("current_cash", &current["current_cash"], session.expected());
    faults.money("sales_total of the session", &current["sales_total"], session.total_sales());
    faults.same("sales_count", int(&current["sales_count"]), session.sales);
    Ok(faults)
}

fn compare_cut(faults: &mut Faults, session: &Session, found: &Value) {
    let id = session.id;
    faults.same("register_id of the cut", int(&found["register_id"]), id);
    for (field, expected) in [
        ("opening_amount", session.opening),
        ("sales_cash", session.cash),
        ("sales_card", session.card),
        ("sales_transfer", session.transfer),
        ("sales_credit", session.credit),
        ("sales_store_credit", session.store_credit),
        ("movements_in", session.moved_in),
        ("movements_out", session.moved_out),
        ("expected_cash", session.expected()),
        ("total_sales", session.total_sales()),
    ] {
        faults.money(format_args!("{field} of register {id}"), &found[field], expected);
    }
    faults.same(format_args!("sales_count of register {id}"), int(&found["sales_count"]), session.sales);
}

fn by_id(rows: Vec<Value>, field: &str) -> BTreeMap<i64, Value> {
    rows.into_iter().map(|row| (int(&row[field]), row)).collect()
}

/// Compares all there is, and ties the books to it.
pub async fn everything(play: &Play) -> Result<(), String> {
    let shop = &play.tills[0];
    let model = &play.model;
    let nothing = Value::Null;
    let mut faults = Faults::default();

    let mut held = by_id(shop.all("/pos/api/inventory/stock-by-branch").await, "inventory_id");
    let mut rows = by_id(shop.all("/pos/api/inventory/items").await, "id");
    faults.same("number of items", rows.len(), model.items.len());
    for item in &model.items {
        let mut row = rows.remove(&item.id).unwrap_or_default();
        faults.same(format_args!("{} in stock by branch", item.part), held.contains_key(&item.id), true);
        row["stock_by_branch"] = held.remove(&item.id).unwrap_or_default()["branches"].take();
        compare_item(&mut faults, model, item, &row);
    }
    let rows = by_id(shop.all("/pos/api/customers").await, "id");
    faults.same("number of customers", rows.len(), model.customers.len());
    for (number, customer) in model.customers.iter().enumerate() {
        let row = rows.get(&customer.id).unwrap_or(&nothing);
        compare_customer(&mut faults, customer, model.balance(number), row);
    }
    let rows = by_id(shop.all("/pos/api/sales").await, "sale_id");
    faults.same("number of sales", rows.len(), model.sales.len());
    for sale in &model.sales {
        compare_sale(&mut faults, sale, rows.get(&sale.id).unwrap_or(&nothing));
    }
    let rows = by_id(shop.all("/pos/api/quotations").await, "id");
    faults.same("number of quotations", rows.len(), model.quotations.len());
    for quotation in &model.quotations {
        compare_quotation(&mut faults, model, quotation, rows.get(&quotation.id).unwrap_or(&nothing));
    }
    let rows = by_id(shop.all("/pos/api/layaways").await, "id");
    faults.same("number of layaways", rows.len(), model.layaways.len());
    for layaway in &model.layaways {
        compare_layaway(&mut faults, model, layaway, rows.get(&layaway.id).unwrap_or(&nothing));
    }
    let rows = by_id(shop.all("/pos/api/inventory/transfers").await, "transfer_id");
    faults.same("number of transfers", rows.len(), model.transfers.len());
    for transfer in &model.transfers {
        compare_transfer(&mut faults, model, transfer, rows.get(&transfer.id).unwrap_or(&nothing));
    }
    let rows = by_id(shop.all("/pos/api/register/history").await, "register_id");
    let closed: Vec<&Session> = model.sessions.iter().filter(|session| session.counted.is_some()).collect();
    faults.same("number of cuts", rows.len(), closed.len());
    for session in closed {
        let row = rows.get(&session.id).unwrap_or(&nothing);
        let counted = session.counted.unwrap_or_default();
        faults.money(
            format_args!("expected_cash of cut {}", session.id),
            &row["expected_cash"],
            session.expected(),
        );
        faults.money(format_args!("counted_amount of cut {}", session.id), &row["counted_amount"], counted);
    }
    for till in 0..play.tills.len() {
        faults.0.extend(drawer(play, till, true).await?.0);
    }
    books(&mut faults, play).await;
    drawers_in_the_journal(&mut faults, play).await;
    faults.settle()
}

/// Which accounts make up a figure of the model's books.
fn covers(figure: &str, code: &str) -> bool {
    match figure {
        "iva" => code == "208.01" || code == "209.01",
        "401" => code.starts_with("401."),
        _ => code == figure,
    }
}

async fn books(faults: &mut Faults, play: &Play) {
    let model = &play.model;
    let balances = play.tills[0].balances().await;
    let sum = |figure: &str| -> Decimal {
        balances.0.iter().filter(|(code, _)| covers(figure, code)).map(|(_, amount)| amount).sum()
    };
    for (figure, expected) in &model.books {
        faults.about(format_args!("account {figure}"), sum(figure), *expected);
    }
    let stock: Decimal =
        balances.0.iter().filter(|(code, _)| code.starts_with("115.")).map(|(_, amount)| amount).sum();
    faults.about("account 115", stock, model.stock_value());
    faults.about("account 209.01, credits positive", -balances.of("209.01"), model.uncollected_tax());
    faults.about("account 115.05", balances.of("115.05"), model.value_in_transit());
    faults.same("account 206.01, credits positive", -balances.of("206.01"), model.deposits());
    let owed = (0..model.customers.len()).map(|customer| model.balance(customer)).sum();
    faults.same("account 105.01", balances.of("105.01"), owed);
    let store_credit = model.customers.iter().map(|customer| customer.store_credit).sum::<Decimal>();
    faults.same("account 206.05, credits positive", -balances.of("206.05"), store_credit);
    let all: Decimal = balances.0.values().sum();
    faults.same("debits less credits", all, Decimal::ZERO);
}

/// The cash of a register in account 101.01 is what its cut expects; after the cut it is nothing.
async fn drawers_in_the_journal(faults: &mut Faults, play: &Play) {
    let shop = &play.tills[0];
    let rows = shop
        .sql()
        .rows(&format!(
            "SELECT CAST(l.register_id AS TEXT), CAST(SUM(l.amount) AS TEXT) FROM journal_lines l
             JOIN accounts a ON a.tenant_id = l.tenant_id AND a.account_id = l.account_id
             WHERE l.tenant_id = {} AND a.code = '101.01' AND l.register_id IS NOT NULL
             GROUP BY l.register_id",
            shop.tenant_id
        ))
        .await;
    let mut booked: BTreeMap<i64, Decimal> = BTreeMap::new();
    for row in rows {
        if let [Some(register), Some(centavos)] = &row[..] {
            let amount = Decimal::new(centavos.split('.').next().unwrap().parse().unwrap(), 2);
            booked.insert(register.parse().unwrap(), amount);
        }
    }
    for session in &play.model.sessions {
        let expected = if session.counted.is_some() { Decimal::ZERO } else { session.expected() };
        let held = booked.get(&session.id).copied().unwrap_or_default();
        faults.same(format_args!("101.01 of register {}", session.id), held, expected);
    }
}
