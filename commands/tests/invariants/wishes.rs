//! Every kind of command that posts, drawn at random from what the shop is like at the moment. Most of what is
//! drawn may be done; some of it may not, and must be refused.

use std::collections::BTreeMap;

use diario_domain::{
    AccountId, Cents, Command, Event, Quantity, Rate, UnitPrice,
    account::{CONTROL, CreateAccount, PostingMapped},
    adjustment::AdjustStock,
    chart,
    command::Issued,
    count::StartCount,
    customer::{CustomerDetails, PriceTier, ReceivePayment, RegisterCustomer, UpdateCustomer},
    entry::{PostEntry, ReverseEntry},
    item::{CreateItem, ItemKind, Prices, UpdateItem},
    layaway::{CancelLayaway, CreateLayaway, DepositWanted},
    payable::{PaySupplier, SettleCards},
    period::{ClosePeriod, Period, THIRTEENTH},
    purchase::RecordPurchase,
    quotation::{ConvertQuotation, CreateQuotation},
    register::{CutRegister, Direction, Expense, MoveCash, OpenRegister},
    returns::{RefundMethod, ReturnGoods, ReturnUnreferenced},
    sale::{CancelSale, CompleteSale, Paying, SaleType, TenderKind},
    transfer::{ReceiveTransfer, TransferStock},
};
use jiff::Span;

use crate::shop::{Shop, Till, is_loose};

type Asked = Option<Issued<Command>>;

/// A kind of command: its name, how often it is drawn beside the others, and how.
pub struct Kind {
    pub name: &'static str,
    pub weight: i64,
    pub draw: fn(&mut Shop) -> Asked,
}

const fn kind(name: &'static str, weight: i64, draw: fn(&mut Shop) -> Asked) -> Kind {
    Kind { name, weight, draw }
}

/// Each of these must be accepted at least once, or the log shows nothing of it.
pub const KINDS: &[Kind] = &[
    kind("item", 6, item),
    kind("item changed", 12, item_changed),
    kind("customer", 5, customer),
    kind("customer changed", 3, customer_changed),
    kind("register opened", 40, register_opened),
    kind("register cut", 12, register_cut),
    kind("cash in", 12, |shop| cash(shop, Direction::In)),
    kind("cash out", 12, |shop| cash(shop, Direction::Out)),
    kind("expense", 12, expense),
    kind("purchase on credit", 40, |shop| purchase(shop, None, false)),
    kind("purchase, cash of a drawer", 12, |shop| purchase(shop, Some(TenderKind::Cash), true)),
    kind("purchase, cash of the safe", 8, |shop| purchase(shop, Some(TenderKind::Cash), false)),
    kind("purchase, transfer", 12, |shop| purchase(shop, Some(TenderKind::Transfer), false)),
    kind("purchase, card", 6, |shop| purchase(shop, Some(TenderKind::Card), false)),
    kind("supplier paid, drawer", 14, |shop| supplier(shop, TenderKind::Cash, true)),
    kind("supplier paid, safe", 10, |shop| supplier(shop, TenderKind::Cash, false)),
    kind("supplier paid, transfer", 40, |shop| supplier(shop, TenderKind::Transfer, false)),
    kind("cards settled", 14, cards_settled),
    kind("stock adjusted", 25, adjusted),
    kind("sale, cash", 90, |shop| sale(shop, change)),
    kind("sale, card", 50, |shop| sale(shop, |_, _| Paying::One(TenderKind::Card, None))),
    kind("sale, transfer", 30, |shop| sale(shop, |_, _| Paying::One(TenderKind::Transfer, None))),
    kind("sale, several tenders", 40, |shop| sale(shop, several)),
    kind("sale on credit", 60, sale_on_credit),
    kind("sale, part on credit", 40, sale_partly_on_credit),
    kind("sale, store credit", 25, sale_for_store_credit),
    kind("sale, for nothing", 8, sale_for_nothing),
    kind("sale cancelled", 20, cancelled),
    kind("return, as it comes", 14, |shop| returned(shop, None)),
    kind("return, store credit", 14, |shop| returned(shop, Some(RefundMethod::StoreCredit))),
    kind("return, cash", 14, |shop| returned(shop, Some(tender(TenderKind::Cash)))),
    kind("return, card", 8, |shop| returned(shop, Some(tender(TenderKind::Card)))),
    kind("return, transfer", 8, |shop| returned(shop, Some(tender(TenderKind::Transfer)))),
    kind("return onto what is owed", 25, returned_onto_credit),
    kind("return without its sale", 12, returned_unreferenced),
    kind("payment, cash", 40, |shop| payment(shop, TenderKind::Cash)),
    kind("payment, transfer", 40, |shop| payment(shop, TenderKind::Transfer)),
    kind("payment, card", 20, |shop| payment(shop, TenderKind::Card)),
    kind("transfer at once", 25, |shop| transfer(shop, false)),
    kind("transfer on its way", 25, |shop| transfer(shop, true)),
    kind("transfer received", 15, |shop| received(shop, false)),
    kind("transfer received short", 15, |shop| received(shop, true)),
    kind("count started", 12, count),
    kind("count approved", 10, approved),
    kind("quotation", 20, quotation),
    kind("quotation sold, cash", 10, |shop| converted(shop, SaleType::Cash)),
    kind("quotation sold, credit", 10, |shop| converted(shop, SaleType::Credit)),
    kind("quotation cancelled", 3, quotation_cancelled),
    kind("layaway", 15, |shop| layaway(shop, None)),
    kind("layaway, down payment", 30, |shop| layaway(shop, Some(TenderKind::Cash))),
    kind("layaway, by card", 10, |shop| layaway(shop, Some(TenderKind::Card))),
    kind("layaway, by store credit", 6, |shop| layaway(shop, Some(TenderKind::StoreCredit))),
    kind("deposit, cash", 30, |shop| deposit(shop, TenderKind::Cash)),
    kind("deposit, transfer", 25, |shop| deposit(shop, TenderKind::Transfer)),
    kind("deposit, card", 10, |shop| deposit(shop, TenderKind::Card)),
    kind("deposit, store credit", 8, |shop| deposit(shop, TenderKind::StoreCredit)),
    kind("layaway completed", 25, completed),
    kind("layaway cancelled", 6, |shop| given_up(shop, None)),
    kind("layaway cancelled, cash", 6, |shop| given_up(shop, Some(tender(TenderKind::Cash)))),
    kind("layaway cancelled, card", 4, |shop| given_up(shop, Some(tender(TenderKind::Card)))),
    kind("layaway cancelled, transfer", 4, |shop| given_up(shop, Some(tender(TenderKind::Transfer)))),
    kind("own account", 2, own_account),
    kind("posting map", 3, mapped),
    kind("entry by hand", 30, |shop| entry(shop, false)),
    kind("entry of the year's end", 6, |shop| entry(shop, true)),
    kind("entry reversed", 12, reversed),
    kind("month closed", 5, month_closed),
    kind("year closed", 6, year_closed),
];

const fn tender(kind: TenderKind) -> RefundMethod {
    RefundMethod::Tender(kind)
}

fn tax_rate(shop: &mut Shop) -> Rate {
    shop.random.pick(&[Rate(160_000), Rate(160_000), Rate(160_000), Rate(80_000), Rate::ZERO]).unwrap()
}

fn item(shop: &mut Shop) -> Asked {
    let number = shop.books.book.counters.item + 1;
    if number > 45 {
        return None;
    }
    let kind = if number % 9 == 0 { ItemKind::Service } else { ItemKind::Stocked };
    let stocked = kind == ItemKind::Stocked && shop.random.between(1, 3) > 1;
    let loose = is_loose(diario_domain::ItemId(number));
    let price = if loose { shop.price(1, 3) } else { shop.price(80, 600) };
    let create = CreateItem {
        sku: format!("SKU-{number:03}"),
        barcode: None,
        name: format!("Artículo {number}"),
        kind,
        branch_id: Some(shop.branch()),
        description: None,
        category_id: None,
        brand: None,
        unit: None,
        cost: if loose { UnitPrice(shop.random.between(1, 120_000)) } else { shop.price(1, 70) },
        prices: Prices {
            price_1: price,
            price_2: UnitPrice(price.0 / 10 * 9),
            price_3: if shop.random.one_in(2) { UnitPrice::ZERO } else { UnitPrice(price.0 / 7 * 5) },
            tax_rate: tax_rate(shop),
        },
        min_stock: Quantity::ZERO,
        max_stock: None,
        location: None,
        image_url: None,
        catalog_part_id: None,
        initial_stock: if stocked { shop.quantity(if loose { 60_000 } else { 80 }) } else { Quantity::ZERO },
    };
    let who = shop.somebody();
    Some(shop.issued(who, Command::CreateItem(Box::new(create))))
}

fn item_changed(shop: &mut Shop) -> Asked {
    let empty: Vec<_> = shop
        .books
        .book
        .items
        .iter()
        .filter(|(_, item)| item.shelf.on_hand.is_zero())
        .map(|(id, _)| *id)
        .collect();
    let (id, update) = match shop.random.pick(&empty).filter(|_| shop.random.one_in(2)) {
        Some(id) => (id, UpdateItem { cost: Some(shop.price(0, 1)), ..UpdateItem::default() }),
        None => (shop.item()?, UpdateItem { price_1: Some(shop.price(80, 600)), ..UpdateItem::default() }),
    };
    let who = shop.somebody();
    Some(shop.issued(who, Command::UpdateItem(id, Box::new(update))))
}

fn customer(shop: &mut Shop) -> Asked {
    let number = shop.books.book.counters.customer + 1;
    if number > 30 {
        return None;
    }
    let details = CustomerDetails {
        name: format!("Cliente {number}"),
        price_tier: shop.random.pick(&[PriceTier::Mostrador, PriceTier::Taller, PriceTier::Mayoreo])?,
        credit_limit: Cents(shop.random.between(0, 4_000_000)),
        credit_days: shop.random.between(0, 60),
        ..CustomerDetails::default()
    };
    let who = shop.somebody();
    Some(shop.issued(who, Command::RegisterCustomer(Box::new(RegisterCustomer { details }))))
}

fn customer_changed(shop: &mut Shop) -> Asked {
    let id = shop.customer()?;
    let update = UpdateCustomer {
        credit_limit: Some(Cents(shop.random.between(0, 6_000_000))),
        is_active: Some(!shop.random.one_in(8)),
        ..UpdateCustomer::default()
    };
    let who = shop.somebody();
    Some(shop.issued(who, Command::UpdateCustomer(id, Box::new(update))))
}

fn register_opened(shop: &mut Shop) -> Asked {
    let who = shop.somebody();
    if shop.books.book.session_of(who.0).is_some() && !shop.random.one_in(30) {
        return None;
    }
    let opening = Cents(shop.random.between(0, 500_000));
    Some(shop.issued(who, Command::OpenRegister(OpenRegister { register_number: who.0.0, opening })))
}

fn register_cut(shop: &mut Shop) -> Asked {
    let Till { id, by, branch, cash } = shop.till()?;
    let counted = match shop.random.between(1, 4) {
        1 => Cents(cash.0 - shop.random.between(0, cash.0)),
        2 => Cents(cash.0 + shop.random.between(1, 20_000)),
        _ => cash,
    };
    Some(shop.issued((by, branch), Command::CutRegister(id, CutRegister { counted })))
}

fn cash(shop: &mut Shop, direction: Direction) -> Asked {
    let till = shop.till()?;
    let amount = match direction {
        Direction::In => Cents(shop.random.between(1, 300_000)),
        Direction::Out => shop.part(till.cash),
    };
    let moved = MoveCash { direction, amount, reason: "Caja".to_owned(), expense: None };
    Some(shop.issued((till.by, till.branch), Command::MoveCash(till.id, moved)))
}

fn expense(shop: &mut Shop) -> Asked {
    let till = shop.till()?;
    let amount = Cents(shop.random.between(1, till.cash.0.clamp(1, 200_000)));
    let odd = shop.random.one_in(8);
    let account_id = if odd {
        shop.random.pick(&[
            chart::PROVEEDORES,
            chart::OTROS_DEUDORES,
            chart::FUNCIONARIOS_EMPLEADOS,
            chart::CAJA_EFECTIVO,
            chart::INVENTARIO,
            chart::GASTOS,
        ])?
    } else {
        shop.random.pick(&[chart::OTROS_GASTOS, chart::COMISIONES])?
    };
    let tax = if shop.random.one_in(2) { Cents(amount.0 * 16 / 116) } else { Cents::ZERO };
    let moved = MoveCash {
        direction: Direction::Out,
        amount,
        reason: "Gasto".to_owned(),
        expense: Some(Expense { account_id, tax }),
    };
    Some(shop.issued((till.by, till.branch), Command::MoveCash(till.id, moved)))
}

fn purchase(shop: &mut Shop, paid_by: Option<TenderKind>, drawer: bool) -> Asked {
    let till = if drawer { Some(shop.till()?) } else { None };
    let (units, dearest) = if drawer { (6, 40) } else { (90, 90) };
    let mut lines = Vec::new();
    for _ in 0..shop.random.between(1, 5) {
        let item = shop.goods()?;
        let cost = if shop.random.one_in(25) { UnitPrice::ZERO } else { shop.price(1, dearest) };
        if is_loose(item) {
            lines.push((item, shop.quantity(units * 700), UnitPrice(cost.0 / 700)));
        } else {
            lines.push((item, shop.quantity(units), cost));
        }
    }
    let bought = RecordPurchase {
        branch_id: Some(shop.branch()),
        supplier: "Proveedor".to_owned(),
        invoice_number: None,
        lines,
        paid_by,
        register_id: till.map(|till| till.id),
        notes: None,
    };
    let who = till.map_or_else(|| shop.somebody(), |till| (till.by, till.branch));
    Some(shop.issued(who, Command::RecordPurchase(bought)))
}

fn supplier(shop: &mut Shop, method: TenderKind, drawer: bool) -> Asked {
    let owed: Vec<_> =
        shop.books.book.payables.iter().map(|(id, owed)| (*id, owed.total - owed.paid)).collect();
    let (purchase_id, open) = shop.random.pick(&owed)?;
    let till = if drawer { Some(shop.till()?) } else { None };
    let most = till.map_or(open, |till| open.min(till.cash));
    let paid = PaySupplier {
        purchase_id,
        amount: shop.part(most),
        method,
        register_id: till.map(|till| till.id),
        reference: None,
    };
    let who = till.map_or_else(|| shop.somebody(), |till| (till.by, till.branch));
    Some(shop.issued(who, Command::PaySupplier(paid)))
}

fn cards_settled(shop: &mut Shop) -> Asked {
    let unsettled = Some(shop.books.cards()).filter(|cards| cards.is_positive())?;
    let gross = shop.part(unsettled);
    let commission = Cents(gross.0 * shop.random.between(0, 40) / 1_000);
    let tax = Cents(commission.0 * 16 / 100);
    let who = shop.somebody();
    Some(shop.issued(who, Command::SettleCards(SettleCards { gross, commission, tax, reference: None })))
}

fn adjusted(shop: &mut Shop) -> Asked {
    let mut lines = Vec::new();
    for _ in 0..shop.random.between(1, 3) {
        let quantity = shop.quantity(6);
        let quantity = if shop.random.one_in(2) { -quantity } else { quantity };
        lines.push((shop.goods()?, quantity, "Merma".to_owned()));
    }
    let adjust = AdjustStock { branch_id: Some(shop.branch()), lines };
    let who = shop.somebody();
    Some(shop.issued(who, Command::AdjustStock(adjust)))
}

/// Cash, with change every other time.
fn change(shop: &mut Shop, total: Cents) -> Paying {
    if shop.random.one_in(2) {
        return Paying::One(TenderKind::Cash, None);
    }
    Paying::One(TenderKind::Cash, Some(Cents((total.0 / 5_000 + 1) * 5_000)))
}

/// Two to four tenders that add up to the total.
fn several(shop: &mut Shop, total: Cents) -> Paying {
    let mut left = total.0;
    let mut parts = Vec::new();
    for _ in 0..shop.random.between(1, 3) {
        let kind = shop.random.pick(&[TenderKind::Cash, TenderKind::Card, TenderKind::Transfer]).unwrap();
        let part = shop.random.between(0, left);
        left -= part;
        parts.push((kind, Cents(part), None));
    }
    parts.push((TenderKind::Cash, Cents(left), None));
    Paying::Several(parts, Some(total))
}

fn sale(shop: &mut Shop, paying: impl Fn(&mut Shop, Cents) -> Paying) -> Asked {
    let till = shop.till()?;
    let who = (till.by, till.branch);
    let customer_id = if shop.random.one_in(3) { shop.customer() } else { None };
    let lines = shop.lines(till.branch)?;
    let total = shop.total(who, &lines, customer_id)?;
    let sale = CompleteSale {
        lines,
        customer_id,
        sale_type: SaleType::Cash,
        paying: paying(shop, total),
        register_id: Some(till.id),
        notes: None,
    };
    Some(shop.issued(who, Command::CompleteSale(sale)))
}

/// Somebody who may owe more; now and then anybody.
fn debtor(shop: &mut Shop) -> Option<diario_domain::CustomerId> {
    if shop.random.one_in(10) {
        return shop.customer();
    }
    shop.somebody_who(|facts| facts.is_active && facts.balance.0 + 300_000 < facts.credit_limit.0)
}

fn sale_on_credit(shop: &mut Shop) -> Asked {
    let who = shop.somebody();
    let sale = CompleteSale {
        lines: shop.lines(who.1)?,
        customer_id: Some(debtor(shop)?),
        sale_type: SaleType::Credit,
        paying: Paying::One(TenderKind::Cash, None),
        register_id: None,
        notes: None,
    };
    Some(shop.issued(who, Command::CompleteSale(sale)))
}

fn sale_partly_on_credit(shop: &mut Shop) -> Asked {
    let till = shop.till()?;
    let who = (till.by, till.branch);
    let customer = debtor(shop)?;
    let lines = shop.lines(till.branch)?;
    let total = shop.total(who, &lines, Some(customer))?;
    // A part that is so small that the rest is a centavo shows where roundings end up.
    let down = if shop.random.one_in(5) { total.0 - 1 } else { shop.random.between(0, total.0) };
    let sale = CompleteSale {
        lines,
        customer_id: Some(customer),
        sale_type: SaleType::Mixed,
        paying: several(shop, Cents(down.max(0))),
        register_id: Some(till.id),
        notes: None,
    };
    Some(shop.issued(who, Command::CompleteSale(sale)))
}

fn sale_for_store_credit(shop: &mut Shop) -> Asked {
    let till = shop.till()?;
    let who = (till.by, till.branch);
    let customer = shop.somebody_who(|facts| facts.store_credit.is_positive())?;
    let lines = shop.lines(till.branch)?;
    let total = shop.total(who, &lines, Some(customer))?;
    let available = shop.books.book.customers[&customer].store_credit;
    let credit = shop.part(available.min(total));
    let mut parts = vec![(TenderKind::StoreCredit, credit, None)];
    if total > credit {
        parts.push((TenderKind::Cash, total - credit, None));
    }
    let sale = CompleteSale {
        lines,
        customer_id: Some(customer),
        sale_type: SaleType::Cash,
        paying: Paying::Several(parts, None),
        register_id: Some(till.id),
        notes: None,
    };
    Some(shop.issued(who, Command::CompleteSale(sale)))
}

fn sale_for_nothing(shop: &mut Shop) -> Asked {
    // Only the owner may give so much of a discount.
    let who = shop.employees[0];
    let mut lines = shop.lines(who.1)?;
    for line in &mut lines {
        line.unit_price = Some(UnitPrice::ZERO);
    }
    let sale = CompleteSale {
        lines,
        customer_id: shop.customer(),
        sale_type: SaleType::Cash,
        paying: Paying::One(TenderKind::Cash, None),
        register_id: None,
        notes: None,
    };
    Some(shop.issued(who, Command::CompleteSale(sale)))
}

fn cancelled(shop: &mut Shop) -> Asked {
    // The newest half the time: its register is still open then.
    let sold =
        if shop.random.one_in(2) { shop.sales.last().cloned() } else { shop.random.pick(&shop.sales) }?;
    let till = shop.till();
    let cancel = CancelSale { reason: "Error".to_owned(), register_id: till.map(|till| till.id) };
    let who = till.map_or_else(|| shop.somebody(), |till| (till.by, till.branch));
    Some(shop.issued(who, Command::CancelSale(sold.id, cancel)))
}

fn goods_back(shop: &mut Shop, sold: &crate::shop::Sold, method: Option<RefundMethod>) -> Issued<Command> {
    let mut lines = Vec::new();
    for (item, quantity) in &sold.lines {
        if lines.is_empty() || shop.random.one_in(2) {
            let all = shop.random.one_in(2);
            lines.push((*item, if all { *quantity } else { Quantity(shop.random.between(1, quantity.0)) }));
        }
    }
    let till = shop.till();
    let back = ReturnGoods {
        lines,
        reason: "No sirve".to_owned(),
        refund_method: method,
        register_id: till.map(|till| till.id),
    };
    let who = till.map_or_else(|| shop.somebody(), |till| (till.by, till.branch));
    shop.issued(who, Command::ReturnGoods(sold.id, back))
}

fn returned(shop: &mut Shop, method: Option<RefundMethod>) -> Asked {
    let sold = shop.random.pick(&shop.sales)?;
    Some(goods_back(shop, &sold, method))
}

fn returned_onto_credit(shop: &mut Shop) -> Asked {
    let customers = &shop.books.book.customers;
    let owed = |sold: &&crate::shop::Sold| {
        sold.customer.is_some_and(|id| customers[&id].receivables.contains_key(&sold.id))
    };
    let open: Vec<_> = shop.sales.iter().filter(owed).cloned().collect();
    let sold = shop.random.pick(&open)?;
    Some(goods_back(shop, &sold, None))
}

fn returned_unreferenced(shop: &mut Shop) -> Asked {
    let till = shop.till()?;
    let mut lines = Vec::new();
    for _ in 0..shop.random.between(1, 2) {
        lines.push((shop.item()?, shop.quantity(3), shop.price(0, 90), tax_rate(shop)));
    }
    let method = shop.random.pick(&[
        RefundMethod::StoreCredit,
        RefundMethod::Tender(TenderKind::Cash),
        RefundMethod::Tender(TenderKind::Card),
        RefundMethod::Tender(TenderKind::Transfer),
    ])?;
    let back = ReturnUnreferenced {
        lines,
        customer_id: shop.customer(),
        reason: "Sin ticket".to_owned(),
        refund_method: method,
        register_id: Some(till.id),
    };
    Some(shop.issued((till.by, till.branch), Command::ReturnUnreferenced(back)))
}

fn payment(shop: &mut Shop, method: TenderKind) -> Asked {
    let till = shop.till()?;
    let customer = shop.somebody_who(|facts| facts.balance.is_positive())?;
    let amount = shop.part(shop.books.book.customers[&customer].balance);
    let payment = ReceivePayment {
        amount,
        method,
        register_id: shop.random.one_in(2).then_some(till.id),
        reference: None,
        notes: None,
    };
    Some(shop.issued((till.by, till.branch), Command::ReceivePayment(customer, payment)))
}

fn transfer(shop: &mut Shop, in_transit: bool) -> Asked {
    let (from, to) = (shop.branch(), shop.branch());
    let mut lines = Vec::new();
    for _ in 0..shop.random.between(1, 4) {
        let item = shop.goods()?;
        let there = shop.books.book.items[&item].shelf.available(from);
        if there.is_positive() {
            lines.push((item, Quantity(shop.random.between(1, there.0))));
        }
    }
    let transfer = TransferStock { from, to, in_transit, lines, notes: None };
    let who = shop.somebody();
    Some(shop.issued(who, Command::TransferStock(transfer)))
}

fn received(shop: &mut Shop, short: bool) -> Asked {
    let (id, sent) = shop.random.pick(&shop.transfers)?;
    let lines = short.then(|| {
        let mut arrived = Vec::new();
        for (item, quantity) in &sent {
            match shop.random.between(1, 4) {
                1 => {}
                2 => arrived.push((*item, *quantity)),
                _ => arrived.push((*item, Quantity(shop.random.between(0, quantity.0)))),
            }
        }
        arrived
    });
    let receive = ReceiveTransfer { lines, reason: short.then(|| "Faltante".to_owned()), notes: None };
    let who = shop.somebody();
    Some(shop.issued(who, Command::ReceiveTransfer(id, receive)))
}

fn count(shop: &mut Shop) -> Asked {
    let branch = shop.branch();
    let mut lines: Vec<(diario_domain::ItemId, Quantity)> = Vec::new();
    for _ in 0..shop.random.between(1, 8) {
        let item = shop.goods()?;
        let there = shop.books.book.items[&item].shelf.branch(branch).on_hand;
        let counted = match shop.random.between(1, 3) {
            1 => there,
            2 => there + shop.quantity(3),
            _ => there - shop.quantity(3),
        };
        if !lines.iter().any(|(other, _)| *other == item) {
            lines.push((item, counted.max(Quantity::ZERO)));
        }
    }
    let who = shop.somebody();
    Some(shop.issued(who, Command::StartCount(StartCount { branch_id: Some(branch), lines })))
}

fn approved(shop: &mut Shop) -> Asked {
    let count = shop.random.pick(&shop.counts)?;
    let who = shop.somebody();
    Some(shop.issued(who, Command::ApproveCount(count)))
}

fn quotation(shop: &mut Shop) -> Asked {
    let who = shop.somebody();
    let quotation = CreateQuotation {
        lines: shop.lines(who.1)?,
        customer_id: if shop.random.one_in(2) { shop.customer() } else { None },
        valid_days: shop.random.between(1, 60),
        notes: None,
    };
    Some(shop.issued(who, Command::CreateQuotation(quotation)))
}

fn converted(shop: &mut Shop, sale_type: SaleType) -> Asked {
    let till = shop.till()?;
    let id = shop.random.pick(&shop.quotations)?;
    let convert = ConvertQuotation {
        customer_id: None,
        sale_type,
        paying: Paying::One(TenderKind::Cash, None),
        register_id: Some(till.id),
        notes: None,
        lines: None,
    };
    Some(shop.issued((till.by, till.branch), Command::ConvertQuotation(id, convert)))
}

fn quotation_cancelled(shop: &mut Shop) -> Asked {
    let id = shop.random.pick(&shop.quotations)?;
    let who = shop.somebody();
    Some(shop.issued(who, Command::CancelQuotation(id, None)))
}

/// What may be paid by a means: store credit only as far as there is any.
fn deposit_of(shop: &mut Shop, method: TenderKind, most: Cents, till: Till) -> DepositWanted {
    DepositWanted {
        amount: shop.part(most),
        method,
        register_id: (method == TenderKind::Cash).then_some(till.id),
        reference: None,
    }
}

fn layaway(shop: &mut Shop, method: Option<TenderKind>) -> Asked {
    let till = shop.till()?;
    let who = (till.by, till.branch);
    let customer_id = match method {
        Some(TenderKind::StoreCredit) => shop.somebody_who(|facts| facts.store_credit.is_positive())?,
        _ => shop.customer()?,
    };
    let lines = shop.lines(till.branch)?;
    let mut most = shop.total(who, &lines, Some(customer_id))?;
    if method == Some(TenderKind::StoreCredit) {
        most = most.min(shop.books.book.customers[&customer_id].store_credit);
    }
    let deposit = method.map(|method| deposit_of(shop, method, most, till));
    let create = CreateLayaway { lines, customer_id, deposit, due: None, notes: None };
    Some(shop.issued(who, Command::CreateLayaway(create)))
}

fn deposit(shop: &mut Shop, method: TenderKind) -> Asked {
    let till = shop.till()?;
    let unpaid: Vec<_> = shop.layaways.values().filter(|held| held.left.is_positive()).copied().collect();
    let held = shop.random.pick(&unpaid)?;
    let wanted = deposit_of(shop, method, held.left, till);
    Some(shop.issued((till.by, till.branch), Command::PayLayaway(held.id, wanted)))
}

fn completed(shop: &mut Shop) -> Asked {
    let paid: Vec<_> = shop.layaways.values().filter(|held| held.left.is_zero()).copied().collect();
    let held = shop.random.pick(&paid)?;
    let who = shop.somebody();
    Some(shop.issued(who, Command::CompleteLayaway(held.id)))
}

fn given_up(shop: &mut Shop, refund_method: Option<RefundMethod>) -> Asked {
    let held: Vec<_> = shop.layaways.keys().copied().collect();
    let id = shop.random.pick(&held)?;
    let till = shop.till()?;
    let penalty = if shop.random.one_in(2) { Cents(shop.random.between(0, 20_000)) } else { Cents::ZERO };
    let cancel = CancelLayaway {
        reason: "Ya no lo quiere".to_owned(),
        refund_method,
        penalty,
        register_id: shop.random.one_in(2).then_some(till.id),
    };
    Some(shop.issued((till.by, till.branch), Command::CancelLayaway(id, cancel)))
}

/// Accounts that an accountant may want elsewhere, with the group that they are in.
const MAPPABLE: [AccountId; 12] = [
    chart::OTROS_COSTOS,
    chart::OTROS_PRODUCTOS,
    chart::FUNCIONARIOS_EMPLEADOS,
    chart::OTROS_INGRESOS,
    chart::VENTAS_CONTADO,
    chart::VENTAS_CREDITO,
    chart::DEVOLUCIONES,
    chart::COSTO_VENTA,
    chart::OTROS_DEUDORES,
    chart::OTROS_ANTICIPOS,
    chart::BANCOS_NACIONALES,
    chart::OTROS_GASTOS,
];

fn own_account(shop: &mut Shop) -> Asked {
    let number = shop.books.book.counters.account + 1;
    let beside = shop.random.pick(&MAPPABLE)?;
    let code = chart::account(beside)?.code;
    let group = chart::of_code(&chart::parent_code(code)?)?;
    let create = CreateAccount {
        code: format!("{code}-{number}"),
        sat_code: Some(code.to_owned()),
        name: format!("Cuenta propia {number}"),
        nature: None,
        parent_id: if shop.random.one_in(8) { beside } else { group },
        description: None,
    };
    shop.own.push((shop.books.book.next_account(), beside));
    let who = shop.somebody();
    Some(shop.issued(who, Command::CreateAccount(create)))
}

fn mapped(shop: &mut Shop) -> Asked {
    let (own, beside) = shop.random.pick(&shop.own)?;
    let to = match shop.random.between(1, 6) {
        1 => None,
        2 => shop.random.pick(&CONTROL),
        _ => Some(own),
    };
    let event_type =
        if shop.random.one_in(3) { shop.random.pick(Event::TYPES).map(str::to_owned) } else { None };
    let who = shop.somebody();
    Some(shop.issued(who, Command::MapPosting(PostingMapped { account_id: beside, event_type, to })))
}

fn entry(shop: &mut Shop, adjusting: bool) -> Asked {
    const ACCOUNTS: [AccountId; 12] = [
        chart::CAJA_EFECTIVO,
        chart::BANCOS_NACIONALES,
        chart::OTROS_DEUDORES,
        chart::IVA_ACREDITABLE_PAGADO,
        chart::IVA_PENDIENTE_PAGO,
        chart::PROVEEDORES,
        chart::IVA_COBRADO,
        chart::OTRAS_CAPITAL,
        chart::OTROS_INGRESOS,
        chart::OTROS_COSTOS,
        chart::OTROS_GASTOS,
        chart::OTROS_PRODUCTOS,
    ];
    let who = shop.somebody();
    let issued = shop.issued(who, Command::IssueBarcode(None));
    let today = shop.books.book.day(issued.at);
    let mut accounts: Vec<AccountId> = ACCOUNTS.to_vec();
    accounts.extend(shop.own.iter().map(|(own, _)| *own));
    if shop.random.one_in(12) {
        accounts.clone_from(&CONTROL.to_vec());
    }
    let mut left = Cents::ZERO;
    let mut lines = Vec::new();
    for _ in 0..shop.random.between(1, 4) {
        let amount = Cents(shop.random.between(1, 500_000));
        let account = shop.random.pick(&accounts)?;
        if shop.random.one_in(2) {
            lines.push((account, amount, Cents::ZERO));
            left += amount;
        } else {
            lines.push((account, Cents::ZERO, amount));
            left -= amount;
        }
    }
    if shop.random.one_in(15) {
        left += Cents(1);
    }
    let last = shop.random.pick(&accounts)?;
    lines.push((last, (-left).max(Cents::ZERO), left.max(Cents::ZERO)));
    let date = if adjusting {
        today.checked_sub(Span::new().years(1)).ok()?
    } else {
        today.checked_sub(Span::new().days(shop.random.between(-1, 45).max(0))).ok()?
    };
    let post = PostEntry {
        date,
        adjusting,
        branch_id: Some(shop.branch()),
        description: "Póliza a mano".to_owned(),
        lines,
    };
    Some(Issued { command: Command::PostEntry(post), ..issued })
}

fn reversed(shop: &mut Shop) -> Asked {
    let (entry_id, number) = shop.random.pick(&shop.entries)?;
    let reverse = ReverseEntry { entry_id, number, date: None, description: None };
    let who = shop.somebody();
    Some(shop.issued(who, Command::ReverseEntry(reverse)))
}

fn month_closed(shop: &mut Shop) -> Asked {
    let who = shop.somebody();
    let issued = shop.issued(who, Command::IssueBarcode(None));
    let book = &shop.books.book;
    let today = book.day(issued.at);
    let months = book.periods.posted.iter().map(|(period, _)| *period).filter(|of| of.month != THIRTEENTH);
    let next =
        book.periods.closed_through.map_or_else(|| months.min(), |through| Some(through.next_month()))?;
    let period = match shop.random.between(1, 6) {
        1 => next.next_month(),
        2 => shop.books.book.periods.closed_through?,
        _ => next,
    };
    // The running month may be closed too, but then nothing more would happen in it.
    if period >= Period::of(today) {
        return None;
    }
    let stale = if shop.random.one_in(6) { 3_000 } else { 0 };
    Some(Issued { command: close(shop, period, stale), ..issued })
}

fn close(shop: &Shop, period: Period, stale: i64) -> Command {
    let results = if period.month == THIRTEENTH {
        let sums = shop.books.ledger.until(period.last_day(), |account| shop.books.is_result(account));
        let mut results = BTreeMap::<_, Vec<_>>::new();
        for ((branch, account), balance) in sums {
            results.entry(branch).or_default().push((account, balance));
        }
        results.into_iter().collect()
    } else {
        Vec::new()
    };
    Command::ClosePeriod(Box::new(ClosePeriod {
        period,
        position: shop.books.book.position - stale,
        digest: format!("{:064x}", period.number()),
        entries: shop.books.ledger.entries,
        results,
    }))
}

fn year_closed(shop: &mut Shop) -> Asked {
    let who = shop.somebody();
    let issued = shop.issued(who, Command::IssueBarcode(None));
    let through = shop.books.book.periods.closed_through?;
    let first = shop.books.ledger.lines.iter().map(|line| line.date.year()).min()?;
    let years: Vec<i16> = (first..=through.year).collect();
    let period = Period { year: shop.random.pick(&years)?, month: THIRTEENTH };
    Some(Issued { command: close(shop, period, 0), ..issued })
}
