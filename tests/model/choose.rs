use rust_decimal::Decimal;

use crate::command::{Command, Order, OrderLine, SaleType};
use crate::history::{Dice, Kind};
use crate::model::{Model, Status, Tender};

/// What this step does in this state, or nothing where there is nothing to do it to.
pub fn choose(model: &Model, till: usize, kind: Kind, dice: &mut Dice) -> Option<Command> {
    match kind {
        Kind::CreateItem => Some(create_item(model, dice)),
        Kind::Reprice => {
            let item = any(&model.items, dice)?;
            let mut prices = [None; 3];
            for price in &mut prices {
                if dice.chance(50) {
                    *price = Some(dice.centavos(100, 90_000));
                }
            }
            if prices == [None; 3] {
                prices[0] = Some(dice.centavos(100, 90_000));
            }
            Some(Command::Reprice { item, prices })
        }
        Kind::Purchase => {
            let mut lines: Vec<(usize, Decimal, Decimal)> = Vec::new();
            for _ in 0..=dice.below(3) {
                let item = any(&model.items, dice)?;
                if lines.iter().all(|(other, ..)| *other != item) {
                    let near = model.items[item].average.amount.round_dp(6);
                    let cost = (near * dice.centavos(80, 130)).round_dp(6);
                    lines.push((item, dice.quantity(30), cost));
                }
            }
            Some(Command::Purchase { lines })
        }
        Kind::Adjust => {
            let item = any(&model.items, dice)?;
            let stock = model.items[item].stock[model.tills[till].branch];
            let quantity = dice.quantity(6);
            let quantity = match dice.below(10) {
                0..4 => quantity,
                4..8 => -quantity.min(stock.on_hand),
                8 => -stock.on_hand,
                _ => -(stock.on_hand + quantity),
            };
            (!quantity.is_zero()).then_some(Command::Adjust { item, quantity })
        }
        Kind::Sell => sell(model, till, dice),
        Kind::Cancel => Some(Command::Cancel { sale: recent(&model.sales, dice)? }),
        Kind::Return => take_back(model, dice),
        Kind::CreateCustomer => {
            let limit = if dice.chance(20) { Decimal::ZERO } else { dice.centavos(100_000, 5_000_000) };
            Some(Command::CreateCustomer { tier: dice.below(3), limit })
        }
        Kind::Pay => pay(model, till, dice),
        Kind::Open => Some(Command::Open {
            number: model.tills[till].number,
            opening: if dice.chance(20) { Decimal::ZERO } else { dice.centavos(10_000, 300_000) },
        }),
        Kind::Move => {
            let session = session(model, till, dice)?;
            let inward = dice.chance(40);
            let held = model.sessions[session].expected();
            let amount = match dice.below(10) {
                0 => held,
                1 => held + dice.centavos(1, 10_000),
                2..7 => dice.part_of(held.max(Decimal::ONE)),
                _ => dice.centavos(1, 50_000),
            };
            (amount > Decimal::ZERO).then_some(Command::Move { session, inward, amount })
        }
        Kind::Cut => {
            let session = session(model, till, dice)?;
            let expected = model.sessions[session].expected().max(Decimal::ZERO);
            let counted = match dice.below(4) {
                0 => expected,
                1 => expected + dice.centavos(1, 2_000),
                2 => (expected - dice.centavos(1, 2_000)).max(Decimal::ZERO),
                _ => dice.centavos(0, 50_000),
            };
            Some(Command::Cut { session, counted })
        }
        Kind::Again => None,
    }
}

fn any<T>(list: &[T], dice: &mut Dice) -> Option<usize> {
    if list.is_empty() { None } else { Some(dice.below(list.len())) }
}

/// Mostly one of the last twenty.
fn recent<T>(list: &[T], dice: &mut Dice) -> Option<usize> {
    let from = if dice.chance(85) { list.len().saturating_sub(20) } else { 0 };
    if list.is_empty() { None } else { Some(from + dice.below(list.len() - from)) }
}

/// The till's open session, if it has one; now and then one that is closed.
fn session(model: &Model, till: usize, dice: &mut Dice) -> Option<usize> {
    let closed: Vec<usize> = (0..model.sessions.len())
        .filter(|session| model.sessions[*session].counted.is_some() && model.sessions[*session].till == till)
        .collect();
    let stale = dice.chance(4);
    let open = model.open_session(till);
    if stale { dice.pick(&closed).or(open) } else { open }
}

fn create_item(model: &Model, dice: &mut Dice) -> Command {
    let first = dice.centavos(500, 90_000);
    let mut prices = [first, Decimal::ZERO, Decimal::ZERO];
    for price in &mut prices[1..] {
        if dice.chance(70) {
            *price = (first * dice.centavos(75, 95)).round_dp(4);
        }
    }
    let cost = if dice.chance(70) {
        (first * dice.centavos(40, 80)).round_dp(2)
    } else {
        (first * dice.centavos(40, 80) / Decimal::from(3)).round_dp(6)
    };
    Command::CreateItem {
        part: format!("P-{:03}", model.items.len() + 1),
        prices,
        rate: dice.weighted(&[(Decimal::new(16, 2), 6), (Decimal::ZERO, 1), (Decimal::new(8, 2), 1)]),
        cost,
        stock: if dice.chance(80) { dice.quantity(60) } else { Decimal::ZERO },
    }
}

fn order_lines(model: &Model, till: usize, dice: &mut Dice) -> Vec<OrderLine> {
    let branch = model.tills[till].branch;
    let stocked: Vec<usize> = (0..model.items.len())
        .filter(|item| model.items[*item].stock[branch].available() > Decimal::ZERO)
        .collect();
    let mut lines: Vec<OrderLine> = Vec::new();
    for _ in 0..=dice.weighted(&[(0, 5), (1, 3), (2, 2)]) {
        let item = if dice.chance(97) { dice.pick(&stocked) } else { any(&model.items, dice) };
        let Some(item) = item else { continue };
        if lines.iter().any(|line| line.item == item) {
            continue;
        }
        let available = model.items[item].stock[branch].available();
        let wanted = dice.quantity(5);
        let quantity = match dice.below(30) {
            0 => available + wanted,
            1..4 if !available.is_zero() => available,
            _ if !available.is_zero() => wanted.min(available),
            _ => wanted,
        };
        let tier = model.items[item].price(0);
        let price = match dice.below(10) {
            0..6 => None,
            6..8 => Some(tier),
            8 => Some((tier * dice.centavos(70, 120)).round_dp(6)),
            _ => Some((tier * dice.centavos(70, 120) / Decimal::from(7)).round_dp(6)),
        };
        let rates = [
            (Decimal::ZERO, 8),
            (Decimal::from(5), 1),
            (Decimal::new(125, 1), 1),
            (Decimal::new(3333, 2), 1),
        ];
        lines.push(OrderLine { item, quantity, price, discount: dice.weighted(&rates) });
    }
    lines
}

fn sell(model: &Model, till: usize, dice: &mut Dice) -> Option<Command> {
    let lines = order_lines(model, till, dice);
    if lines.is_empty() {
        return None;
    }
    let customer = if dice.chance(50) { any(&model.customers, dice) } else { None };
    let (_, total) = model.price(&lines, customer);
    if total.is_zero() {
        return None;
    }
    let order = payment(model, till, dice, lines, customer, total);
    Some(Command::Sell(order))
}

fn payment(
    model: &Model,
    till: usize,
    dice: &mut Dice,
    lines: Vec<OrderLine>,
    customer: Option<usize>,
    total: Decimal,
) -> Order {
    let trusted = if customer.is_some() { 40 } else { 2 };
    let mut sale_type = SaleType::Cash;
    if dice.chance(trusted) {
        sale_type = if dice.chance(60) { SaleType::Credit } else { SaleType::Mixed };
    }
    if sale_type == SaleType::Mixed && total <= Decimal::ONE {
        sale_type = SaleType::Credit;
    }
    let now = match sale_type {
        SaleType::Cash => total,
        SaleType::Credit => Decimal::ZERO,
        SaleType::Mixed => dice.part_of(total - Decimal::new(1, 2)),
    };
    let mut tenders = Vec::new();
    if !now.is_zero() {
        let has_session = model.open_session(till).is_some() || dice.chance(10);
        let cash = if has_session { 5 } else { 0 };
        let first = dice.weighted(&[(Tender::Cash, cash), (Tender::Card, 2), (Tender::Transfer, 1)]);
        tenders.push((first, now));
        if now > Decimal::ONE && dice.chance(20) {
            let second = dice.weighted(&[(Tender::Cash, cash), (Tender::Card, 2), (Tender::Transfer, 1)]);
            if second != first {
                let part = dice.part_of(now - Decimal::new(1, 2));
                tenders[0].1 -= part;
                tenders.push((second, part));
            }
        }
        if sale_type == SaleType::Cash
            && let Some((_, given)) = tenders.iter_mut().find(|(tender, _)| *tender == Tender::Cash)
        {
            match dice.below(20) {
                0 => *given -= Decimal::new(1, 2),
                1..12 => *given += dice.centavos(0, 50_000),
                _ => {}
            }
        }
        tenders.retain(|(_, amount)| !amount.is_zero());
    }
    let cash = tenders.iter().any(|(tender, _)| *tender == Tender::Cash);
    let session = if cash {
        if dice.chance(98) { session(model, till, dice) } else { None }
    } else if dice.chance(70) {
        session(model, till, dice)
    } else {
        None
    };
    Order { lines, customer, sale_type, tenders, session }
}

fn take_back(model: &Model, dice: &mut Dice) -> Option<Command> {
    let mut sale = recent(&model.sales, dice)?;
    // Half of the time something that has come back in part already.
    if dice.chance(50) {
        let begun: Vec<usize> = (0..model.sales.len())
            .filter(|sale| {
                let sale = &model.sales[*sale];
                sale.status == Status::Completed && !sale.returned_total.is_zero()
            })
            .collect();
        sale = dice.pick(&begun).unwrap_or(sale);
    }
    let lines = &model.sales[sale].lines;
    let mut items = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        let left = line.quantity - line.returned;
        let quantity = match dice.below(20) {
            0 => left + Decimal::ONE,
            1..7 => left,
            7..13 => dice.quantity(3).min(left),
            _ => continue,
        };
        if !quantity.is_zero() {
            items.push((number, quantity));
        }
    }
    if items.is_empty() {
        let left = lines[0].quantity - lines[0].returned;
        items.push((0, if left.is_zero() { Decimal::ONE } else { left }));
    }
    Some(Command::Return { sale, items })
}

fn pay(model: &Model, till: usize, dice: &mut Dice) -> Option<Command> {
    let owing: Vec<usize> =
        (0..model.customers.len()).filter(|customer| model.balance(*customer) > Decimal::ZERO).collect();
    let customer = if dice.chance(90) { dice.pick(&owing)? } else { any(&model.customers, dice)? };
    let balance = model.balance(customer);
    let amount = match dice.below(10) {
        0 => balance + dice.centavos(1, 5_000),
        1..4 if !balance.is_zero() => balance,
        _ => dice.part_of(balance),
    };
    let tender = dice.weighted(&[(Tender::Cash, 2), (Tender::Card, 1), (Tender::Transfer, 2)]);
    let session = if tender == Tender::Cash { session(model, till, dice) } else { None };
    Some(Command::Pay { customer, amount, tender, session })
}
