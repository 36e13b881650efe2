use rust_decimal::Decimal;

use crate::command::{Command, OrderLine, Payment, SaleType};
use crate::history::{Dice, Kind};
use crate::model::{Model, Role, Status, Tender};

/// What this step does in this state, or nothing where there is nothing to do it to.
pub fn choose(model: &Model, till: usize, kind: Kind, dice: &mut Dice) -> Option<Command> {
    match kind {
        Kind::OpenBranch => {
            let number = model.branches.len() + 1;
            (number <= 3).then(|| Command::OpenBranch { name: format!("Sucursal {number}") })
        }
        Kind::Hire => hire(model, dice),
        Kind::CreateItem => Some(create_item(model, dice)),
        Kind::Reprice => reprice(model, dice),
        Kind::Purchase => purchase(model, dice),
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
        Kind::Transfer => transfer(model, till, dice),
        Kind::Receive => receive(model, dice),
        Kind::StartCount => start_count(model, till, dice),
        Kind::ApproveCount => {
            let open = with(&model.counts, |count| count.status == "open");
            let count = if dice.chance(85) { dice.pick(&open)? } else { any(&model.counts, dice)? };
            Some(Command::ApproveCount { count })
        }
        Kind::Sell => sell(model, till, dice),
        Kind::Cancel => Some(Command::Cancel { sale: recent(&model.sales, dice)? }),
        Kind::Quote => {
            let customer = if dice.chance(50) { any(&model.customers, dice) } else { None };
            let lines = priced(model, order_lines(model, till, dice), customer)?;
            Some(Command::Quote { lines, customer })
        }
        Kind::Convert => convert(model, till, dice),
        Kind::Withdraw => Some(Command::Withdraw { quotation: recent(&model.quotations, dice)? }),
        Kind::SetAside => set_aside(model, till, dice),
        Kind::PayLayaway => pay_layaway(model, till, dice),
        Kind::Complete => {
            let paid =
                with(&model.layaways, |layaway| layaway.status == "active" && layaway.paid == layaway.total);
            let layaway = if dice.chance(80) { dice.pick(&paid)? } else { recent(&model.layaways, dice)? };
            Some(Command::Complete { layaway })
        }
        Kind::GiveUp => give_up(model, till, dice),
        Kind::Return => take_back(model, dice),
        Kind::CreateCustomer => Some(Command::CreateCustomer { tier: dice.below(3), limit: limit(dice) }),
        Kind::Pay => pay(model, till, dice),
        Kind::UpdateCustomer => {
            let customer = any(&model.customers, dice)?;
            let tier = dice.chance(50).then(|| dice.below(3));
            let limit = if tier.is_some() && dice.chance(50) { None } else { Some(limit(dice)) };
            Some(Command::UpdateCustomer { customer, tier, limit })
        }
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

fn reprice(model: &Model, dice: &mut Dice) -> Option<Command> {
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

fn purchase(model: &Model, dice: &mut Dice) -> Option<Command> {
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

/// The places of those that are like this.
fn with<T>(list: &[T], like: impl Fn(&T) -> bool) -> Vec<usize> {
    (0..list.len()).filter(|place| like(&list[*place])).collect()
}

fn limit(dice: &mut Dice) -> Decimal {
    if dice.chance(20) { Decimal::ZERO } else { dice.centavos(100_000, 5_000_000) }
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

/// A session for a payment: now and then it is another till's.
fn any_session(model: &Model, till: usize, dice: &mut Dice) -> Option<usize> {
    let others = with(&model.sessions, |session| session.till != till && session.counted.is_none());
    if dice.chance(2) { dice.pick(&others) } else { None }.or_else(|| session(model, till, dice))
}

/// A session for this tender: cash almost never comes without one, and the others need none.
fn session_for(model: &Model, till: usize, tender: Tender, dice: &mut Dice) -> Option<usize> {
    let wanted = if tender == Tender::Cash { 98 } else { 30 };
    if dice.chance(wanted) { any_session(model, till, dice) } else { None }
}

/// Whom the till can hire: an administrator of another branch first, a cashier next.
fn hire(model: &Model, dice: &mut Dice) -> Option<Command> {
    let (name, role) = match model.tills.len() {
        1 => ("Beto", Role::Admin),
        2 => ("Caro", Role::Cashier),
        _ if dice.chance(50) => ("Otro", dice.weighted(&[(Role::Owner, 1), (Role::Cashier, 1)])),
        _ => return None,
    };
    let enough = model.tills.len() > 2;
    let taken = enough || dice.chance(5);
    let pin = if taken { "4321".to_owned() } else { format!("{}", 50_000 + model.tills.len()) };
    let branch =
        if role == Role::Admin { model.branches.len() - 1 } else { dice.below(model.branches.len()) };
    let most = dice.weighted(&[(Decimal::ZERO, 1), (Decimal::TEN, 3), (Decimal::new(255, 1), 3)]);
    Some(Command::Hire { name: name.to_owned(), role, branch, pin, most })
}

/// Some items, each once, with a quantity of what this branch has available.
fn goods(
    model: &Model,
    branch: usize,
    dice: &mut Dice,
    mut quantity: impl FnMut(Decimal, &mut Dice) -> Decimal,
) -> Vec<(usize, Decimal)> {
    let stocked = with(&model.items, |item| item.stock[branch].available() > Decimal::ZERO);
    let mut lines: Vec<(usize, Decimal)> = Vec::new();
    for _ in 0..=dice.below(3) {
        let item = if dice.chance(95) { dice.pick(&stocked) } else { any(&model.items, dice) };
        let Some(item) = item.filter(|item| lines.iter().all(|(other, _)| other != item)) else { continue };
        lines.push((item, quantity(model.items[item].stock[branch].available(), dice)));
    }
    lines
}

fn transfer(model: &Model, till: usize, dice: &mut Dice) -> Option<Command> {
    // Mostly away from where the goods are bought, to where they are wanted.
    let home = model.tills[till].branch;
    let from = if dice.chance(60) { home } else { dice.below(model.branches.len()) };
    let others: Vec<usize> = (0..model.branches.len()).filter(|branch| *branch != from).collect();
    let to = if dice.chance(3) { from } else { dice.pick(&others)? };
    let lines = goods(model, from, dice, |available, dice| match dice.below(20) {
        0 => available.max(Decimal::ZERO) + dice.quantity(3),
        1..4 if available > Decimal::ZERO => available,
        _ if available > Decimal::ZERO => dice.quantity(10).min(available),
        _ => dice.quantity(5),
    });
    (!lines.is_empty()).then(|| Command::Transfer { from, to, lines, in_transit: dice.chance(75) })
}

fn receive(model: &Model, dice: &mut Dice) -> Option<Command> {
    let open = with(&model.transfers, |transfer| transfer.status == "in_transit");
    let transfer = if dice.chance(90) { dice.pick(&open)? } else { recent(&model.transfers, dice)? };
    if dice.chance(30) {
        return Some(Command::Receive { transfer, lines: None, reason: dice.chance(20) });
    }
    let mut lines = Vec::new();
    for (number, line) in model.transfers[transfer].lines.iter().enumerate() {
        let came = match dice.below(20) {
            0 => line.quantity + dice.quantity(1),
            1..7 => line.quantity,
            7..9 => Decimal::ZERO,
            9..17 => dice.quantity(10).min(line.quantity),
            _ => continue,
        };
        lines.push((number, came));
    }
    if lines.is_empty() {
        lines.push((0, Decimal::ZERO));
    }
    Some(Command::Receive { transfer, lines: Some(lines), reason: dice.chance(85) })
}

fn start_count(model: &Model, till: usize, dice: &mut Dice) -> Option<Command> {
    let home = model.tills[till].branch;
    let branch = if dice.chance(80) { home } else { dice.below(model.branches.len()) };
    let mut lines = goods(model, branch, dice, |_, _| Decimal::ZERO);
    for (item, counted) in &mut lines {
        let there = model.items[*item].stock[branch].on_hand;
        *counted = match dice.below(10) {
            0..4 => there,
            4..7 => (there - dice.quantity(3)).max(Decimal::ZERO),
            7..9 => there + dice.quantity(3),
            _ => Decimal::ZERO,
        };
    }
    (!lines.is_empty()).then_some(Command::StartCount { branch, lines })
}

/// The lines, if they cost anything.
fn priced(model: &Model, lines: Vec<OrderLine>, customer: Option<usize>) -> Option<Vec<OrderLine>> {
    let (_, total) = model.price(&lines, customer);
    (!total.is_zero()).then_some(lines)
}

fn convert(model: &Model, till: usize, dice: &mut Dice) -> Option<Command> {
    let active = with(&model.quotations, |quotation| quotation.status == "active");
    let quotation = if dice.chance(90) { dice.pick(&active)? } else { recent(&model.quotations, dice)? };
    let quoted = &model.quotations[quotation];
    let sent = match quoted.customer {
        Some(customer) if dice.chance(90) => dice.chance(50).then_some(customer),
        Some(_) => any(&model.customers, dice),
        None => {
            if dice.chance(40) {
                any(&model.customers, dice)
            } else {
                None
            }
        }
    };
    let quantities = dice.chance(25).then(|| {
        let mut quantities: Vec<Decimal> = quoted.lines.iter().map(|line| line.quantity).collect();
        if dice.chance(30) {
            quantities[0] += Decimal::ONE;
        }
        quantities
    });
    let mut payment = payment(model, till, dice, quoted.customer.or(sent), quoted.total);
    payment.customer = sent;
    Some(Command::Convert { quotation, quantities, payment })
}

/// Something that a customer can pay with.
fn tender(model: &Model, customer: Option<usize>, dice: &mut Dice) -> Tender {
    let had = customer.map_or(Decimal::ZERO, |customer| model.customers[customer].store_credit);
    let credit = if had > Decimal::ZERO { 4 } else { 0 };
    let credit = if dice.chance(2) { 20 } else { credit };
    dice.weighted(&[
        (Tender::Cash, 5),
        (Tender::Card, 2),
        (Tender::Transfer, 1),
        (Tender::StoreCredit, credit),
    ])
}

/// No more than the store credit, mostly, where that is what it is paid with.
fn affordable(
    model: &Model,
    customer: Option<usize>,
    tender: Tender,
    amount: Decimal,
    dice: &mut Dice,
) -> Decimal {
    let had = customer.map_or(Decimal::ZERO, |customer| model.customers[customer].store_credit);
    if tender == Tender::StoreCredit && had > Decimal::ZERO && dice.chance(90) {
        amount.min(had)
    } else {
        amount
    }
}

fn set_aside(model: &Model, till: usize, dice: &mut Dice) -> Option<Command> {
    let customer = if dice.chance(98) { Some(any(&model.customers, dice)?) } else { None };
    let lines = priced(model, order_lines(model, till, dice), customer)?;
    let (_, total) = model.price(&lines, customer);
    let down = match dice.below(20) {
        0 => total + Decimal::new(1, 2),
        1..4 => Decimal::ZERO,
        4..7 => total,
        _ => dice.part_of(total),
    };
    if down.is_zero() {
        return Some(Command::SetAside { lines, customer, down, tender: None, session: None });
    }
    let tender = tender(model, customer, dice);
    let down = affordable(model, customer, tender, down, dice);
    let session = session_for(model, till, tender, dice);
    Some(Command::SetAside { lines, customer, down, tender: Some(tender), session })
}

fn pay_layaway(model: &Model, till: usize, dice: &mut Dice) -> Option<Command> {
    let open = with(&model.layaways, |layaway| layaway.status == "active" && layaway.paid < layaway.total);
    let layaway = if dice.chance(95) { dice.pick(&open)? } else { recent(&model.layaways, dice)? };
    let held = &model.layaways[layaway];
    let balance = held.total - held.paid;
    let amount = match dice.below(20) {
        0 => balance + dice.centavos(1, 1_000),
        1..10 if !balance.is_zero() => balance,
        _ => dice.part_of(balance),
    };
    let tender = tender(model, Some(held.customer), dice);
    let amount = affordable(model, Some(held.customer), tender, amount, dice);
    let session = session_for(model, till, tender, dice);
    Some(Command::PayLayaway { layaway, amount, tender, session })
}

fn give_up(model: &Model, till: usize, dice: &mut Dice) -> Option<Command> {
    let active = with(&model.layaways, |layaway| layaway.status == "active");
    let layaway = if dice.chance(90) { dice.pick(&active)? } else { recent(&model.layaways, dice)? };
    let paid = model.layaways[layaway].paid;
    let refund = dice.weighted(&[
        (None, 2),
        (Some(Tender::StoreCredit), 1),
        (Some(Tender::Cash), 3),
        (Some(Tender::Card), 1),
        (Some(Tender::Transfer), 1),
    ]);
    let penalty = match dice.below(10) {
        0 => Some(paid + Decimal::new(1, 2)),
        1 => Some(paid),
        2..5 => Some(dice.part_of(paid).min(paid)),
        5 => Some(Decimal::ZERO),
        _ => None,
    };
    let session =
        if refund == Some(Tender::Cash) { session_for(model, till, Tender::Cash, dice) } else { None };
    Some(Command::GiveUp { layaway, refund, penalty, session })
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
            0 => available.max(Decimal::ZERO) + wanted,
            1..4 if available > Decimal::ZERO => available,
            _ if available > Decimal::ZERO => wanted.min(available),
            _ => wanted,
        };
        let tier = model.items[item].price(0);
        // Who may give no discount mostly gives none.
        let bound = model.tills[till].most < Decimal::ONE_HUNDRED && dice.chance(70);
        let price = match dice.below(10) {
            _ if bound => None,
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
        let discount = if bound { Decimal::ZERO } else { dice.weighted(&rates) };
        lines.push(OrderLine { item, quantity, price, discount });
    }
    lines
}

fn sell(model: &Model, till: usize, dice: &mut Dice) -> Option<Command> {
    let lines = order_lines(model, till, dice);
    let customer = if dice.chance(50) { any(&model.customers, dice) } else { None };
    let lines = priced(model, lines, customer)?;
    let (_, total) = model.price(&lines, customer);
    let payment = payment(model, till, dice, customer, total);
    Some(Command::Sell { lines, payment })
}

fn payment(model: &Model, till: usize, dice: &mut Dice, customer: Option<usize>, total: Decimal) -> Payment {
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
        let had = customer.map_or(Decimal::ZERO, |customer| model.customers[customer].store_credit);
        let others = [(Tender::Cash, cash), (Tender::Card, 2), (Tender::Transfer, 1)];
        let second = dice.weighted(&others);
        let mut first = dice.weighted(&others);
        if (had > Decimal::ZERO && dice.chance(50)) || dice.chance(1) {
            first = Tender::StoreCredit;
        }
        tenders.push((first, now));
        if first == Tender::StoreCredit && had < now && dice.chance(85) {
            tenders[0].1 = had;
            tenders.push((second, now - had));
        } else if now > Decimal::ONE && dice.chance(20) && second != first {
            let part = dice.part_of(now - Decimal::new(1, 2));
            tenders[0].1 -= part;
            tenders.push((second, part));
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
        if dice.chance(98) { any_session(model, till, dice) } else { None }
    } else if dice.chance(70) {
        any_session(model, till, dice)
    } else {
        None
    };
    Payment { customer, sale_type, tenders, session }
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
    let session = session_for(model, till, tender, dice);
    Some(Command::Pay { customer, amount, tender, session })
}
