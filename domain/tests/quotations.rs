//! Rules of quotations: prices are fixed for some days, and what was offered is sold once.

#![allow(clippy::unwrap_used, reason = "a test may panic anywhere")]

mod shop;

use cqrs_es::test::TestFramework;
use diario_domain::{
    Book, CustomerId, Event, Quantity, QuotationId, Rate, Refusal, SaleId,
    command::Issued,
    item::{PriceChanged, Prices},
    quotation::{ConvertQuotation, CreateQuotation, Quotation, QuotationCommand},
    sale::{Origin, Paying, SaleCompleted, SaleType, TenderKind},
};
use jiff::civil::date;
use shop::{
    BRAKE, CASHIER, GARAGE, LABOUR, TILL, asks, beginnings, book, book_after, line, pesos, posted, price,
};

const FIRST: QuotationId = QuotationId(1);

/// Two brake pads at 350.00 net for anybody, for fifteen days.
fn two_offered() -> CreateQuotation {
    CreateQuotation { lines: vec![line(BRAKE, 2)], customer_id: None, valid_days: 15, notes: None }
}

fn taken_for_cash() -> ConvertQuotation {
    ConvertQuotation {
        customer_id: None,
        sale_type: SaleType::Cash,
        paying: Paying::One(TenderKind::Cash, Some(pesos(1_000))),
        register_id: Some(TILL),
        notes: None,
        lines: None,
    }
}

fn decide(book: Book, past: &[Event], asked: Issued<QuotationCommand>) -> Result<Vec<Event>, Refusal> {
    TestFramework::<Quotation>::with(book).given(past.to_vec()).when(asked).inspect_result()
}

fn offered(wanted: CreateQuotation) -> Vec<Event> {
    decide(book_after(&[]), &[], asks(QuotationCommand::Create(wanted))).unwrap()
}

fn convert(wanted: ConvertQuotation) -> QuotationCommand {
    QuotationCommand::Convert(FIRST, wanted)
}

fn cancel() -> QuotationCommand {
    QuotationCommand::Cancel(FIRST, None)
}

fn refused(past: &[Event], command: QuotationCommand) -> Refusal {
    decide(book_after(past), past, asks(command)).unwrap_err()
}

fn sale_of(events: &[Event]) -> &SaleCompleted {
    let [Event::SaleCompleted(sale), Event::QuotationConverted(_)] = events else { panic!("{events:?}") };
    sale
}

/// Noon in the shop, so many days after the tests' day.
fn in_days(days: i64, command: QuotationCommand) -> Issued<QuotationCommand> {
    let asked = asks(command);
    Issued { at: asked.at + jiff::Span::new().hours(24 * days), ..asked }
}

#[test]
fn an_offer_fixes_prices_and_looks_at_no_stock() {
    let past = offered(CreateQuotation { lines: vec![line(BRAKE, 50)], ..two_offered() });
    let Event::QuotationCreated(created) = &past[0] else { panic!() };
    assert_eq!((created.folio.as_str(), created.valid_until), ("C-0001", date(2026, 4, 16)));
    assert_eq!((created.sums.net, created.sums.total), (pesos(17_500), pesos(20_300)));
    assert!(posted(&past).is_empty());
    let shelf = &book_after(&past).items[&BRAKE].shelf;
    assert_eq!((shelf.on_hand, shelf.branches[0].reserved), (Quantity::units(10), Quantity::ZERO));
    // Where the goods are not there when it is taken, it stands on.
    assert!(matches!(refused(&past, convert(taken_for_cash())), Refusal::InsufficientStock { .. }));
}

#[test]
fn what_was_offered_is_sold_at_the_price_it_was_offered_at() {
    let past = offered(two_offered());
    let previous =
        Prices { price_1: price(350), price_2: price(300), price_3: price(0), tax_rate: Rate(160_000) };
    let risen = PriceChanged { item_id: BRAKE, prices: Prices { price_1: price(400), ..previous }, previous };
    let all = [past.clone(), vec![risen.into()]].concat();
    let events = decide(book_after(&all), &past, asks(convert(taken_for_cash()))).unwrap();
    let sale = sale_of(&events);
    assert_eq!((sale.total, sale.change, sale.lines[0].unit_price), (pesos(812), pesos(188), price(350)));
    assert_eq!(sale.origin, Some(Origin::Quotation(FIRST)));
    let posted = posted(&events);
    assert_eq!((posted["101.01"], posted["401.02"], posted["208.01"]), (81_200, -70_000, -11_200));
    assert_eq!((posted["501.01"], posted["115.01"]), (30_000, -30_000));
}

#[test]
fn it_is_taken_or_taken_back_once() {
    let past = offered(two_offered());
    let sold = decide(book_after(&past), &past, asks(convert(taken_for_cash()))).unwrap();
    let all = [past.clone(), sold].concat();
    for command in [convert(taken_for_cash()), cancel()] {
        let converted = Refusal::QuotationConverted { quotation: FIRST, sale: SaleId(1) };
        assert_eq!(refused(&all, command), converted);
    }
    let back = decide(book_after(&past), &past, asks(cancel())).unwrap();
    let all = [past, back].concat();
    for command in [convert(taken_for_cash()), cancel()] {
        assert_eq!(refused(&all, command), Refusal::QuotationCancelled(FIRST));
    }
    for command in [convert(taken_for_cash()), cancel()] {
        assert_eq!(refused(&[], command), Refusal::UnknownQuotation(FIRST));
    }
}

#[test]
fn it_stands_through_its_last_day() {
    let past = offered(CreateQuotation { valid_days: 1, ..two_offered() });
    assert!(decide(book_after(&past), &past, in_days(1, convert(taken_for_cash()))).is_ok());
    let expired = Refusal::QuotationExpired { quotation: FIRST, valid_until: date(2026, 4, 2) };
    let late = decide(book_after(&past), &past, in_days(2, convert(taken_for_cash())));
    assert_eq!(late.unwrap_err(), expired);
    // What has expired may still be taken off the list.
    assert!(decide(book_after(&past), &past, in_days(2, cancel())).is_ok());
}

#[test]
fn the_till_must_mean_the_same_goods_and_the_same_customer() {
    let mut wanted = two_offered();
    wanted.lines.push(line(LABOUR, 1));
    wanted.customer_id = Some(GARAGE);
    let past = offered(wanted);
    let takes = |lines: Option<Vec<_>>, customer_id| {
        let paying = Paying::One(TenderKind::Card, None);
        let wanted = ConvertQuotation { lines, customer_id, paying, ..taken_for_cash() };
        decide(book_after(&past), &past, asks(convert(wanted)))
    };
    let (two, one) = ((BRAKE, Quantity::units(2)), (LABOUR, Quantity::units(1)));
    assert_eq!(sale_of(&takes(Some(vec![one, two]), Some(GARAGE)).unwrap()).customer_id, Some(GARAGE));
    let others = Refusal::Invalid { field: "items", rule: "those of the quotation, or left out" };
    for lines in [vec![], vec![two], vec![two, two], vec![(BRAKE, Quantity::units(1)), one]] {
        assert_eq!(takes(Some(lines), None).unwrap_err(), others);
    }
    let another = Refusal::Invalid { field: "customer_id", rule: "that of the quotation" };
    assert_eq!(takes(None, Some(CustomerId(2))).unwrap_err(), another);
}

#[test]
fn whoever_takes_an_open_offer_may_owe_it() {
    let past = offered(two_offered());
    let credit = |customer_id| ConvertQuotation {
        customer_id,
        sale_type: SaleType::Credit,
        paying: Paying::One(TenderKind::Cash, None),
        ..taken_for_cash()
    };
    assert_eq!(refused(&past, convert(credit(None))), Refusal::CreditWithoutCustomer);
    let events = decide(book_after(&past), &past, asks(convert(credit(Some(GARAGE))))).unwrap();
    let posted = posted(&events);
    assert_eq!((posted["105.01"], posted["401.03"], posted["209.01"]), (81_200, -70_000, -11_200));
}

#[test]
fn an_offer_is_guarded_as_a_sale_is() {
    let asked = |wanted: CreateQuotation| {
        let asked = asks(QuotationCommand::Create(wanted));
        decide(book(&beginnings(false)), &[], Issued { by: CASHIER, ..asked })
    };
    let mut wanted = two_offered();
    wanted.lines[0].discount_pct = Rate(11_000_000);
    let limit = Rate(10_000_000);
    assert_eq!(asked(wanted).unwrap_err(), Refusal::DiscountTooHigh { discount: Rate(11_000_000), limit });
    for valid_days in [0, -1, 366, i64::MAX] {
        let wrong = Refusal::Invalid { field: "valid_days", rule: "between 1 and 365" };
        assert_eq!(asked(CreateQuotation { valid_days, ..two_offered() }).unwrap_err(), wrong);
    }
    let unknown = CreateQuotation { customer_id: Some(CustomerId(9)), ..two_offered() };
    assert_eq!(asked(unknown).unwrap_err(), Refusal::UnknownCustomer(CustomerId(9)));
}
