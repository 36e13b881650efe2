//! Numbers as answers show them (contract 2.7): exact digits, never a float.

use diario_domain::{Cents, Quantity, Rate, UnitPrice};
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Serialize, Serializer};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, schema::Type},
};

/// A decimal number in JSON with exactly its digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Num(Decimal);

impl std::fmt::Display for Num {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Num {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.to_string().parse::<serde_json::Number>() {
            Ok(number) => number.serialize(serializer),
            Err(error) => Err(serde::ser::Error::custom(error)),
        }
    }
}

impl PartialSchema for Num {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(Type::Number).into()
    }
}

impl ToSchema for Num {}

/// Money: two decimals.
pub fn money(amount: Cents) -> Num {
    Num(amount.to_decimal())
}

/// Hundredths of a diopter: two decimals.
pub fn diopters(hundredths: i64) -> Num {
    money(Cents(hundredths))
}

/// A unit price: at least two decimals, and all that it has.
pub fn price(price: UnitPrice) -> Num {
    let mut value = price.to_decimal().normalize();
    if value.scale() < 2 {
        value.rescale(2);
    }
    Num(value)
}

/// A unit cost: four decimals at the most, two at the least.
pub fn cost(cost: UnitPrice) -> Num {
    let mut value =
        cost.to_decimal().round_dp_with_strategy(4, RoundingStrategy::MidpointAwayFromZero).normalize();
    if value.scale() < 2 {
        value.rescale(2);
    }
    Num(value)
}

/// A quantity: no fraction where it has none.
pub fn quantity(quantity: Quantity) -> Num {
    Num(quantity.to_decimal().normalize())
}

/// A rate or percentage.
pub fn rate(rate: Rate) -> Num {
    Num(rate.to_decimal().normalize())
}

/// The sum of money columns: the same digits as each of them. What stock would sell for is bound by no document, so
/// that the sum may be more than an amount can be.
pub fn money_sum(amounts: impl Iterator<Item = Cents>) -> Num {
    Num(Decimal::from_i128_with_scale(amounts.map(|amount| i128::from(amount.0)).sum(), 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_as_the_contract_shows_them() {
        let text = |num: Num| serde_json::to_string(&num).unwrap();
        assert_eq!(text(money(Cents(81_200))), "812.00");
        assert_eq!(text(money(Cents(-5))), "-0.05");
        assert_eq!(text(money_sum([Cents(i64::MAX); 3].into_iter())), "276701161105643274.21");
        assert_eq!(text(price(UnitPrice(350_000_000))), "350.00");
        assert_eq!(text(price(UnitPrice(1_234_567))), "1.234567");
        assert_eq!(text(cost(UnitPrice(1_234_550))), "1.2346");
        assert_eq!(text(quantity(Quantity::units(23))), "23");
        assert_eq!(text(quantity(Quantity(500_000))), "0.5");
        assert_eq!(text(rate(Rate(160_000))), "0.16");
    }
}
