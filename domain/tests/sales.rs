//! Rules of sales, cancellations and returns: given what has happened, when something is asked, then.

#![allow(clippy::unwrap_used, reason = "a test may panic anywhere")]

mod shop;

use cqrs_es::test::TestFramework;
use diario_domain::{
    Book, Cents, CustomerId, Event, ItemId, Quantity, Rate, Refusal, RegisterId, SaleId, posting,
    returns::{RefundMethod, ReturnGoods},
    sale::{CancelSale, CompleteSale, Paying, Sale, SaleCommand, SaleType, TenderKind},
};
use shop::{
    BRAKE, CASHIER, FAR_TILL, GARAGE, LABOUR, OLD, TILL, asks, beginnings, book, line, pesos, price,
    two_brakes,
};

fn shop() -> Book {
    book(&beginnings(false))
}

fn sells(book: Book, wanted: CompleteSale) -> Result<Vec<Event>, Refusal> {
    TestFramework::<Sale>::with(book)
        .given_no_previous_events()
        .when(asks(SaleCommand::Complete(wanted)))
        .inspect_result()
}

fn sold(wanted: CompleteSale) -> diario_domain::sale::SaleCompleted {
    let event = sells(shop(), wanted).unwrap().remove(0);
    let Event::SaleCompleted(sale) = event else { panic!("{event:?}") };
    *sale
}

#[test]
fn the_documented_sale() {
    let sale = sold(two_brakes());
    assert_eq!(
        (sale.net, sale.tax, sale.total, sale.change),
        (pesos(700), pesos(112), pesos(812), Cents::ZERO)
    );
    assert_eq!((sale.folio.as_str(), sale.lines[0].cost()), ("V-0001", pesos(300)));
}

#[test]
fn change_is_given_in_cash_only_and_the_tender_is_what_was_kept() {
    let sale =
        sold(CompleteSale { paying: Paying::One(TenderKind::Cash, Some(pesos(1_000))), ..two_brakes() });
    assert_eq!((sale.paid, sale.change, sale.tenders[0].amount), (pesos(1_000), pesos(188), pesos(812)));
    let parts = vec![(TenderKind::Card, pesos(500), None), (TenderKind::Cash, pesos(400), None)];
    let sale = sold(CompleteSale { paying: Paying::Several(parts, None), ..two_brakes() });
    assert_eq!((sale.change, sale.tenders[1].amount), (pesos(88), pesos(312)));
}

#[test]
fn a_line_is_rounded_half_away_from_zero() {
    let mut wanted = two_brakes();
    wanted.lines[0].quantity = Quantity(1_500_000);
    wanted.lines[0].unit_price = Some(diario_domain::UnitPrice(350_030_000));
    wanted.paying = Paying::One(TenderKind::Card, None);
    // 1.5 × 350.03 = 525.045, and 16 % of 525.05 is 84.008.
    let sale = sold(wanted);
    assert_eq!((sale.net, sale.tax), (Cents(52_505), Cents(8_401)));
}

#[test]
fn a_service_moves_no_stock() {
    let sale = sold(CompleteSale { lines: vec![line(LABOUR, 2)], ..two_brakes() });
    assert!(sale.lines[0].moved.is_none());
}

#[test]
fn the_tier_decides_the_price() {
    let sale = sold(CompleteSale {
        customer_id: Some(GARAGE),
        paying: Paying::One(TenderKind::Card, None),
        ..two_brakes()
    });
    assert_eq!(sale.lines[0].unit_price, price(300));
}

#[test]
fn refusals() {
    let with = |change: &dyn Fn(&mut CompleteSale)| {
        let mut wanted = two_brakes();
        change(&mut wanted);
        sells(shop(), wanted).unwrap_err()
    };
    let credit = |wanted: &mut CompleteSale| {
        wanted.sale_type = SaleType::Credit;
        wanted.paying = Paying::One(TenderKind::Cash, None);
    };
    let cases: Vec<(Refusal, Refusal)> = vec![
        (with(&|s| s.register_id = Some(RegisterId(9))), Refusal::RegisterClosed(RegisterId(9))),
        (with(&|s| s.register_id = Some(FAR_TILL)), Refusal::ForeignRegister(FAR_TILL)),
        (with(&|s| s.register_id = None), Refusal::RegisterRequired),
        (with(&|s| s.lines[0].item_id = ItemId(9)), Refusal::UnknownItem(ItemId(9))),
        (with(&|s| s.lines[0].item_id = OLD), Refusal::InactiveItem { item: OLD, sku: "OLD".to_owned() }),
        (
            with(&|s| s.lines = vec![line(BRAKE, 6), line(BRAKE, 5)]),
            Refusal::InsufficientStock {
                item: BRAKE,
                sku: "BRAKE".to_owned(),
                name: "brake".to_owned(),
                available: Quantity::units(4),
                wanted: Quantity::units(5),
            },
        ),
        (
            with(&|s| s.paying = Paying::One(TenderKind::Cash, Some(Cents(81_199)))),
            Refusal::Underpaid { total: pesos(812), paid: Cents(81_199) },
        ),
        (
            with(&|s| s.paying = Paying::One(TenderKind::Deposit, Some(pesos(812)))),
            Refusal::Invalid { field: "payment_method", rule: "a means that somebody pays with" },
        ),
        (
            with(&|s| s.paying = Paying::One(TenderKind::Card, Some(pesos(900)))),
            Refusal::Overpaid { total: pesos(812), paid: pesos(900) },
        ),
        (
            with(&|s| {
                s.paying = Paying::Several(vec![(TenderKind::Cash, pesos(812), None)], Some(pesos(800)));
            }),
            Refusal::TendersDisagree { parts: pesos(812), stated: pesos(800) },
        ),
        (with(&|s| credit(s)), Refusal::CreditWithoutCustomer),
        (
            with(&|s| {
                credit(s);
                s.customer_id = Some(CustomerId(9));
            }),
            Refusal::UnknownCustomer(CustomerId(9)),
        ),
        (
            with(&|s| {
                credit(s);
                s.customer_id = Some(GARAGE);
                s.lines = vec![line(BRAKE, 3)];
            }),
            Refusal::CreditLimitExceeded { limit: pesos(1_000), balance: pesos(1_044) },
        ),
        (
            with(&|s| {
                credit(s);
                s.customer_id = Some(GARAGE);
                s.paying = Paying::One(TenderKind::Cash, Some(pesos(1)));
            }),
            Refusal::CreditWithPayment,
        ),
        (
            with(&|s| s.lines[0].quantity = Quantity::ZERO),
            Refusal::Invalid { field: "quantity", rule: "more than 0 and at most 100 million" },
        ),
        (
            with(&|s| s.lines.clear()),
            Refusal::Invalid { field: "items", rule: "a list with at least one line" },
        ),
    ];
    for (number, (found, expected)) in cases.into_iter().enumerate() {
        assert_eq!(found, expected, "case {number}");
    }
}

#[test]
fn a_cashier_gives_no_more_than_their_discount_also_through_a_lower_price() {
    let asked = |unit_price, discount_pct| {
        let mut wanted = two_brakes();
        wanted.register_id = None;
        wanted.paying = Paying::One(TenderKind::Card, None);
        wanted.lines[0].unit_price = unit_price;
        wanted.lines[0].discount_pct = discount_pct;
        let mut asked = asks(SaleCommand::Complete(wanted));
        asked.by = CASHIER;
        TestFramework::<Sale>::with(shop())
            .given_no_previous_events()
            .when(asked)
            .inspect_result()
            .map(|_| ())
    };
    let percent = |value: i64| Rate(value * 1_000_000);
    assert_eq!(asked(None, percent(10)), Ok(()));
    let too_high = |discount| Err(Refusal::DiscountTooHigh { discount, limit: percent(10) });
    assert_eq!(asked(None, percent(11)), too_high(percent(11)));
    assert_eq!(asked(Some(price(280)), Rate::ZERO), too_high(percent(20)));
    assert_eq!(asked(Some(price(700)), percent(50)), too_high(percent(50)));
}

#[test]
fn a_tenant_may_sell_what_is_not_there() {
    let wanted = CompleteSale {
        lines: vec![line(BRAKE, 12)],
        paying: Paying::One(TenderKind::Card, None),
        ..two_brakes()
    };
    let events = sells(book(&beginnings(true)), wanted).unwrap();
    let Event::SaleCompleted(sale) = &events[0] else { panic!() };
    assert_eq!(sale.lines[0].moved.unwrap().on_hand, Quantity::units(-2));
}

/// The shop after a sale, and that sale as a document's past.
fn after(wanted: CompleteSale) -> (Book, Vec<Event>) {
    let events = sells(shop(), wanted).unwrap();
    let all: Vec<Event> = beginnings(false).into_iter().chain(events.clone()).collect();
    (book(&all), events)
}

#[test]
fn a_cancellation_is_the_mirror_and_happens_once() {
    let (book, past) = after(two_brakes());
    let cancel =
        || asks(SaleCommand::Cancel(SaleId(1), CancelSale { reason: "error".to_owned(), register_id: None }));
    let sold = posting::entries(&past[0], &[]).unwrap();
    let events = TestFramework::<Sale>::with(book.clone())
        .given(past.clone())
        .when(cancel())
        .inspect_result()
        .unwrap();
    let mirrored = posting::entries(&events[0], &[]).unwrap();
    for (there, back) in sold.iter().zip(&mirrored) {
        let sum = |account| -> Cents {
            let lines = there.lines().iter().chain(back.lines());
            lines.filter(|line| line.account == account).map(|line| line.amount).sum()
        };
        assert!(there.lines().iter().all(|line| sum(line.account).is_zero()));
    }
    TestFramework::<Sale>::with(book)
        .given([past, events].concat())
        .when(cancel())
        .then_expect_error(Refusal::SaleCancelled(SaleId(1)));
}

#[test]
fn a_sale_that_does_not_exist_is_neither_cancelled_nor_returned() {
    let cancel = CancelSale { reason: "error".to_owned(), register_id: None };
    TestFramework::<Sale>::with(shop())
        .given_no_previous_events()
        .when(asks(SaleCommand::Cancel(SaleId(7), cancel)))
        .then_expect_error(Refusal::UnknownSale(SaleId(7)));
}

fn brings(units: i64) -> SaleCommand {
    let goods = ReturnGoods {
        lines: vec![(BRAKE, Quantity::units(units))],
        reason: "no sirve".to_owned(),
        refund_method: Some(RefundMethod::Tender(TenderKind::Cash)),
        register_id: Some(TILL),
    };
    SaleCommand::Return(SaleId(1), goods)
}

#[test]
fn returns_in_parts_add_up_to_the_sale_and_no_further() {
    // 3 × 33.33 is odd in every third: the parts must still add up.
    let mut wanted = two_brakes();
    wanted.lines = vec![line(BRAKE, 3)];
    wanted.lines[0].unit_price = Some(diario_domain::UnitPrice(33_333_333));
    wanted.paying = Paying::One(TenderKind::Card, None);
    let (mut book, mut past) = after(wanted);
    let Event::SaleCompleted(sale) = past[0].clone() else { panic!() };
    let mut refunded = Cents::ZERO;
    for _ in 0..3 {
        let events = TestFramework::<Sale>::with(book.clone())
            .given(past.clone())
            .when(asks(brings(1)))
            .inspect_result();
        past.extend(events.unwrap());
        let Some(Event::GoodsReturned(back)) = past.last() else { panic!() };
        refunded += back.total;
        book = shop::book(&beginnings(false).into_iter().chain(past.clone()).collect::<Vec<_>>());
    }
    assert_eq!(refunded, sale.total);
    TestFramework::<Sale>::with(book).given(past).when(asks(brings(1))).then_expect_error(
        Refusal::ReturnExceedsSale {
            item: BRAKE,
            sold: Quantity::units(3),
            returned: Quantity::units(3),
            wanted: Quantity::units(1),
        },
    );
}

#[test]
fn what_is_owed_is_refunded_first_and_its_tax_leaves_209() {
    let wanted = CompleteSale {
        customer_id: Some(GARAGE),
        sale_type: SaleType::Mixed,
        paying: Paying::One(TenderKind::Cash, Some(pesos(300))),
        ..two_brakes()
    };
    // 2 × 300.00 and 16 % are 696.00; 396.00 are owed.
    let (book, past) = after(wanted);
    let events =
        TestFramework::<Sale>::with(book).given(past).when(asks(brings(2))).inspect_result().unwrap();
    let Event::GoodsReturned(back) = &events[0] else { panic!() };
    assert_eq!((back.refund.receivable, back.refund.cash), (pesos(396), pesos(300)));
    let owed: Cents = posting::entries(&events[0], &[]).unwrap()[0]
        .lines()
        .iter()
        .filter(|line| line.account == diario_domain::chart::IVA_NO_COBRADO)
        .map(|line| line.amount)
        .sum();
    assert_eq!(owed, back.refund.receivable_tax);
}
