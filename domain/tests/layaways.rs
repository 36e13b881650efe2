//! Rules of layaways: goods are promised at once, tax is collected with each payment, the goods leave when all is paid.

#![allow(clippy::unwrap_used, reason = "a test may panic anywhere")]

mod shop;

use std::collections::BTreeMap;

use cqrs_es::test::TestFramework;
use diario_domain::{
    Cents, CustomerId, Event, ItemId, LayawayId, Quantity, Refusal, RegisterId, SaleId, UnitPrice,
    command::Issued,
    layaway::{CancelLayaway, CreateLayaway, DepositWanted, Layaway, LayawayCommand},
    returns::{RefundMethod, ReturnGoods},
    sale::{CancelSale, CompleteSale, Sale, SaleCommand, TenderKind},
};
use jiff::civil::date;
use proptest::prelude::*;
use shop::{
    BRAKE, FAR_TILL, GARAGE, HERE, LABOUR, OLD, TILL, asks, book_after, line, pesos, posted, price,
    two_brakes,
};

const FIRST: LayawayId = LayawayId(1);

fn deposit(amount: Cents, method: TenderKind) -> DepositWanted {
    let register_id = (method == TenderKind::Cash).then_some(TILL);
    DepositWanted { amount, method, register_id, reference: None }
}

/// Two brake pads for the garage: 2 × 300.00 and 16 % are 696.00.
fn two_aside(down_payment: Option<DepositWanted>) -> CreateLayaway {
    CreateLayaway {
        lines: vec![line(BRAKE, 2)],
        customer_id: GARAGE,
        deposit: down_payment,
        due: None,
        notes: None,
    }
}

/// The layaway's document decides after what has happened to it and to the shop.
fn decide(past: &[Event], asked: Issued<LayawayCommand>) -> Result<Vec<Event>, Refusal> {
    TestFramework::<Layaway>::with(book_after(past)).given(past.to_vec()).when(asked).inspect_result()
}

fn refused(past: &[Event], command: LayawayCommand) -> Refusal {
    decide(past, asks(command)).unwrap_err()
}

/// What has happened when these were asked one after the other.
fn story(commands: impl IntoIterator<Item = LayawayCommand>) -> Vec<Event> {
    let mut past = Vec::new();
    for command in commands {
        past.extend(decide(&past, asks(command)).unwrap());
    }
    past
}

fn create(wanted: CreateLayaway) -> LayawayCommand {
    LayawayCommand::Create(wanted)
}

fn pay(amount: Cents, method: TenderKind) -> LayawayCommand {
    LayawayCommand::Pay(FIRST, deposit(amount, method))
}

fn give_up(penalty: Cents, refund_method: Option<TenderKind>) -> LayawayCommand {
    let cancel = CancelLayaway {
        reason: "ya no".to_owned(),
        refund_method: refund_method.map(RefundMethod::Tender),
        penalty,
        register_id: None,
    };
    LayawayCommand::Cancel(FIRST, cancel)
}

fn sale_of(events: &[Event]) -> &diario_domain::sale::SaleCompleted {
    let found = events
        .iter()
        .find_map(|event| if let Event::SaleCompleted(sale) = event { Some(&**sale) } else { None });
    found.unwrap()
}

#[test]
fn goods_are_promised_at_once_and_stay_where_they_are() {
    let mut wanted = two_aside(None);
    wanted.lines.push(line(LABOUR, 1));
    let past = story([create(wanted)]);
    let Event::LayawayCreated(created) = &past[0] else { panic!() };
    assert_eq!((created.folio.as_str(), created.due), ("A-0001", date(2026, 5, 1)));
    assert_eq!(created.lines.iter().map(|line| line.reserves).collect::<Vec<_>>(), [true, false]);
    let book = book_after(&past);
    let shelf = &book.items[&BRAKE].shelf;
    assert_eq!((shelf.on_hand, shelf.available(HERE)), (Quantity::units(10), Quantity::units(8)));
    assert!(posted(&past).is_empty());
    let sale = CompleteSale { lines: vec![line(BRAKE, 9)], ..two_brakes() };
    let promised = TestFramework::<Sale>::with(book)
        .given_no_previous_events()
        .when(asks(SaleCommand::Complete(sale)))
        .inspect_result();
    let too_little = Refusal::InsufficientStock {
        item: BRAKE,
        sku: "BRAKE".to_owned(),
        name: "brake".to_owned(),
        available: Quantity::units(8),
        wanted: Quantity::units(9),
    };
    assert_eq!(promised.unwrap_err(), too_little);
}

#[test]
fn the_last_promised_goods_are_the_last() {
    let first = story([create(CreateLayaway { lines: vec![line(BRAKE, 9)], ..two_aside(None) })]);
    let second = TestFramework::<Layaway>::with(book_after(&first))
        .given_no_previous_events()
        .when(asks(create(two_aside(None))))
        .inspect_result();
    assert!(
        matches!(second, Err(Refusal::InsufficientStock { available, .. }) if available == Quantity::units(1))
    );
}

#[test]
fn a_payment_goes_to_the_advance_and_its_tax_is_collected() {
    let past = story([create(two_aside(Some(deposit(pesos(232), TenderKind::Cash))))]);
    // A third of 696.00: a third of the 96.00 of tax.
    let expected = BTreeMap::from([("101.01", 23_200), ("206.01", -20_000), ("208.01", -3_200)]);
    assert_eq!(posted(&past), expected);
    let paid = decide(&past, asks(pay(pesos(464), TenderKind::Transfer))).unwrap();
    let Event::DepositReceived(received) = &paid[0] else { panic!() };
    assert_eq!(
        (received.paid, received.balance, received.deposit.deposit_id.0),
        (pesos(696), Cents::ZERO, 2)
    );
    assert_eq!(posted(&paid), BTreeMap::from([("102.01", 46_400), ("206.01", -40_000), ("208.01", -6_400)]));
}

#[test]
fn a_paid_layaway_becomes_a_sale() {
    let past = story([
        create(two_aside(Some(deposit(pesos(96), TenderKind::Card)))),
        pay(pesos(600), TenderKind::Cash),
    ]);
    let done = decide(&past, asks(LayawayCommand::Complete(FIRST))).unwrap();
    let sale = sale_of(&done);
    assert_eq!((sale.sale_id, sale.folio.as_str(), sale.total), (SaleId(1), "V-0001", pesos(696)));
    assert_eq!((sale.tenders[0].kind, sale.lines[0].cost()), (TenderKind::Deposit, pesos(300)));
    // The tax was collected with the payments: the sale itself collects none.
    let expected =
        BTreeMap::from([("206.01", 60_000), ("401.02", -60_000), ("501.01", 30_000), ("115.01", -30_000)]);
    assert_eq!(posted(&done), expected);
    let all = [past, done].concat();
    let book = book_after(&all);
    let shelf = &book.items[&BRAKE].shelf;
    assert_eq!((shelf.on_hand, shelf.available(HERE)), (Quantity::units(8), Quantity::units(8)));
    for command in
        [LayawayCommand::Complete(FIRST), pay(pesos(1), TenderKind::Card), give_up(Cents::ZERO, None)]
    {
        let completed = Refusal::LayawayCompleted { layaway: FIRST, sale: SaleId(1) };
        assert_eq!(refused(&all, command), completed);
    }
}

#[test]
fn what_is_not_paid_is_not_handed_over() {
    let past = story([create(two_aside(Some(deposit(Cents(69_599), TenderKind::Card))))]);
    let unpaid = Refusal::LayawayUnpaid { layaway: FIRST, balance: Cents(1) };
    assert_eq!(refused(&past, LayawayCommand::Complete(FIRST)), unpaid);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_tax_of_uneven_payments_adds_up_to_the_sale(
        unit_price in 1_i64..99_999_999_999,
        units in 1_i64..=3,
        cuts in proptest::collection::vec(1_i64..1_000, 1..8),
    ) {
        let mut wanted = two_aside(None);
        wanted.lines = vec![line(BRAKE, units), line(LABOUR, 1)];
        wanted.lines[0].unit_price = Some(UnitPrice(unit_price));
        let mut past = story([create(wanted)]);
        let Event::LayawayCreated(created) = &past[0] else { panic!() };
        let sums = created.sums;
        let whole: i64 = cuts.iter().sum();
        let mut left = sums.total;
        for (number, cut) in cuts.iter().enumerate() {
            let amount = if number + 1 == cuts.len() { left } else { Cents(sums.total.0 / whole * cut) };
            if amount.is_positive() {
                past.extend(decide(&past, asks(pay(amount, TenderKind::Card))).unwrap());
                left -= amount;
            }
        }
        past.extend(decide(&past, asks(LayawayCommand::Complete(FIRST))).unwrap());
        let sale = sale_of(&past);
        prop_assert_eq!((sale.net, sale.tax, sale.tax_deposited()), (sums.net, sums.tax, sums.tax));
        let posted = posted(&past);
        prop_assert_eq!(posted.get("206.01"), None);
        prop_assert_eq!(posted.get("208.01").copied().unwrap_or_default(), -sums.tax.0);
        prop_assert_eq!(posted.get("107.05").copied().unwrap_or_default(), sums.total.0);
        prop_assert_eq!(posted.get("401.02").copied().unwrap_or_default(), -sums.net.0);
    }
}

#[test]
fn what_is_given_up_becomes_store_credit_less_a_penalty() {
    let past = story([create(two_aside(Some(deposit(pesos(232), TenderKind::Cash))))]);
    let cancelled = decide(&past, asks(give_up(pesos(32), None))).unwrap();
    let expected =
        BTreeMap::from([("206.01", 20_000), ("208.01", 3_200), ("403.01", -3_200), ("206.05", -20_000)]);
    assert_eq!(posted(&cancelled), expected);
    let all = [past, cancelled].concat();
    let book = book_after(&all);
    assert_eq!(book.customers[&GARAGE].store_credit, pesos(200));
    assert_eq!(book.items[&BRAKE].shelf.available(HERE), Quantity::units(10));
    for command in
        [LayawayCommand::Complete(FIRST), pay(pesos(1), TenderKind::Card), give_up(Cents::ZERO, None)]
    {
        assert_eq!(refused(&all, command), Refusal::LayawayCancelled(FIRST));
    }
}

#[test]
fn money_goes_back_as_it_is_asked_for_and_no_more_than_was_paid() {
    let past = story([create(two_aside(Some(deposit(pesos(116), TenderKind::Card))))]);
    for (method, account) in
        [(TenderKind::Cash, "101.01"), (TenderKind::Card, "107.05"), (TenderKind::Transfer, "102.01")]
    {
        let cancelled = decide(&past, asks(give_up(pesos(16), Some(method)))).unwrap();
        let Event::LayawayCancelled(event) = &cancelled[0] else { panic!() };
        assert_eq!(event.register_id, (method == TenderKind::Cash).then_some(TILL));
        assert_eq!((event.refunded, posted(&cancelled)[account]), (pesos(100), -10_000));
    }
    let all_kept = decide(&past, asks(give_up(pesos(116), Some(TenderKind::Cash)))).unwrap();
    assert_eq!(
        posted(&all_kept),
        BTreeMap::from([("206.01", 10_000), ("208.01", 1_600), ("403.01", -11_600)])
    );
    let too_much = Refusal::Invalid { field: "penalty", rule: "between 0 and what was paid" };
    assert_eq!(refused(&past, give_up(Cents(11_601), None)), too_much);
}

#[test]
fn a_sale_out_of_a_layaway_comes_back_as_store_credit() {
    let past = story([
        create(two_aside(Some(deposit(pesos(696), TenderKind::Cash)))),
        LayawayCommand::Complete(FIRST),
    ]);
    let sold = vec![Event::from(sale_of(&past).clone())];
    let undone = |command| {
        let framework = TestFramework::<Sale>::with(book_after(&past)).given(sold.clone());
        framework.when(asks(command)).inspect_result().unwrap()
    };
    let cancel = CancelSale { reason: "error".to_owned(), register_id: None };
    let cancelled = undone(SaleCommand::Cancel(SaleId(1), cancel));
    let all = posted(&[past.clone(), cancelled].concat());
    assert_eq!(all, BTreeMap::from([("101.01", 69_600), ("206.05", -69_600)]));
    let goods = ReturnGoods {
        lines: vec![(BRAKE, Quantity::units(2))],
        reason: "no sirve".to_owned(),
        refund_method: None,
        register_id: None,
    };
    let returned = undone(SaleCommand::Return(SaleId(1), goods));
    let expected = BTreeMap::from([
        ("402.01", 60_000),
        ("208.01", 9_600),
        ("206.05", -69_600),
        ("115.01", 30_000),
        ("501.01", -30_000),
    ]);
    assert_eq!(posted(&returned), expected);
}

#[test]
fn store_credit_pays_as_far_as_it_goes() {
    let past =
        story([create(two_aside(Some(deposit(pesos(100), TenderKind::Card)))), give_up(Cents::ZERO, None)]);
    let opens = |amount| {
        TestFramework::<Layaway>::with(book_after(&past))
            .given_no_previous_events()
            .when(asks(create(two_aside(Some(deposit(amount, TenderKind::StoreCredit))))))
            .inspect_result()
    };
    let paid = opens(pesos(100)).unwrap();
    assert_eq!(posted(&paid)["206.05"], 10_000);
    let all = [past.clone(), paid].concat();
    assert_eq!(book_after(&all).customers[&GARAGE].store_credit, Cents::ZERO);
    let too_much = Refusal::InsufficientStoreCredit {
        field: "down_payment",
        available: pesos(100),
        wanted: Cents(10_001),
    };
    assert_eq!(opens(Cents(10_001)).unwrap_err(), too_much);
}

fn set(wanted: &mut CreateLayaway, change: impl Fn(&mut DepositWanted)) {
    wanted.deposit.iter_mut().for_each(change);
}

#[test]
fn refusals() {
    let with = |change: &dyn Fn(&mut CreateLayaway)| {
        let mut wanted = two_aside(Some(deposit(pesos(100), TenderKind::Cash)));
        change(&mut wanted);
        refused(&[], create(wanted))
    };
    let exceeds = |field, balance, amount| Refusal::DepositExceedsBalance { field, balance, amount };
    let past = story([create(two_aside(None))]);
    let cases: Vec<(Refusal, Refusal)> = vec![
        (with(&|w| w.customer_id = CustomerId(9)), Refusal::UnknownCustomer(CustomerId(9))),
        (with(&|w| w.lines[0].item_id = ItemId(9)), Refusal::UnknownItem(ItemId(9))),
        (with(&|w| w.lines[0].item_id = OLD), Refusal::InactiveItem { item: OLD, sku: "OLD".to_owned() }),
        (
            with(&|w| w.lines.clear()),
            Refusal::Invalid { field: "items", rule: "a list with at least one line" },
        ),
        (
            with(&|w| w.due = Some(date(2026, 3, 31))),
            Refusal::Invalid { field: "due_date", rule: "today or later" },
        ),
        (with(&|w| set(w, |d| d.register_id = None)), Refusal::RegisterRequired),
        (with(&|w| set(w, |d| d.register_id = Some(RegisterId(9)))), Refusal::RegisterClosed(RegisterId(9))),
        (with(&|w| set(w, |d| d.register_id = Some(FAR_TILL))), Refusal::ForeignRegister(FAR_TILL)),
        (with(&|w| set(w, |d| d.amount = Cents(69_601))), exceeds("down_payment", pesos(696), Cents(69_601))),
        (refused(&past, pay(Cents(69_601), TenderKind::Card)), exceeds("amount", pesos(696), Cents(69_601))),
        (
            refused(&past, pay(Cents::ZERO, TenderKind::Card)),
            Refusal::Invalid { field: "amount", rule: "more than 0" },
        ),
        (refused(&[], pay(pesos(1), TenderKind::Card)), Refusal::UnknownLayaway(FIRST)),
        (refused(&[], LayawayCommand::Complete(FIRST)), Refusal::UnknownLayaway(FIRST)),
        (refused(&[], give_up(Cents::ZERO, None)), Refusal::UnknownLayaway(FIRST)),
    ];
    for (number, (found, expected)) in cases.into_iter().enumerate() {
        assert_eq!(found, expected, "case {number}");
    }
}

#[test]
fn what_was_agreed_is_what_is_sold() {
    let mut wanted = two_aside(None);
    wanted.lines[0].unit_price = Some(price(310));
    let past = story([create(wanted), pay(Cents(71_920), TenderKind::Card), LayawayCommand::Complete(FIRST)]);
    let sale = sale_of(&past);
    assert_eq!((sale.lines[0].unit_price, sale.total), (price(310), Cents(71_920)));
    assert!(matches!(sale.tenders.as_slice(), [tender] if tender.amount == sale.total));
}
