//! Money, quantities and rates as integers, and the one place where they are rounded.
//!
//! Amounts are centavos. Unit prices, unit costs, quantities and rates are micro-units (6 decimals, which is
//! what CFDI 4.0 allows). Intermediate products are `i128`, so nothing is lost before the rounding.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// Decimals of a centavo amount.
const CENTS_SCALE: u32 = 2;
/// Decimals of a micro-unit.
const MICROS_SCALE: u32 = 6;
/// Micro-units in one unit.
pub const MICRO: i64 = 1_000_000;
/// The largest quantity or unit price that is taken from outside: products stay far inside `i128`.
pub const UNITS_MAX: i64 = 100_000_000;
/// The largest amount of one document, in centavos: sums of millions of documents stay inside `i64`.
pub const DOCUMENT_CENTS_MAX: i64 = 10_000_000_000_000;

/// Divides, rounding half away from zero. Every rounding in the program goes through here.
///
/// `divisor` must be positive.
#[must_use]
pub const fn round_half_away(numerator: i128, divisor: i128) -> i128 {
    let half = divisor / 2;
    if numerator >= 0 { (numerator + half) / divisor } else { (numerator - half) / divisor }
}

#[expect(clippy::cast_possible_truncation, reason = "inputs are bounded by UNITS_MAX; beyond i64 is clamped")]
const fn narrow(value: i128) -> i64 {
    if value > i64::MAX as i128 {
        i64::MAX
    } else if value < i64::MIN as i128 {
        i64::MIN
    } else {
        value as i64
    }
}

macro_rules! fixed_point {
    ($(#[$doc:meta])* $name:ident, $scale:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl $name {
            /// Nothing.
            pub const ZERO: Self = Self(0);

            /// The exact decimal value.
            pub fn to_decimal(self) -> Decimal {
                Decimal::new(self.0, $scale)
            }

            /// The value of a decimal, or `None` where it has more decimals than are kept or is too large.
            pub fn from_decimal(value: Decimal) -> Option<Self> {
                let value = value.normalize();
                if value.scale() > $scale {
                    return None;
                }
                let units = value.mantissa().checked_mul(10_i128.pow($scale - value.scale()))?;
                i64::try_from(units).ok().map(Self)
            }

            /// Less than nothing.
            #[must_use]
            pub const fn is_negative(self) -> bool {
                self.0 < 0
            }

            /// More than nothing.
            #[must_use]
            pub const fn is_positive(self) -> bool {
                self.0 > 0
            }

            /// Exactly nothing.
            #[must_use]
            pub const fn is_zero(self) -> bool {
                self.0 == 0
            }
        }

        impl std::ops::Add for $name {
            type Output = Self;
            fn add(self, other: Self) -> Self {
                Self(self.0 + other.0)
            }
        }
        impl std::ops::Sub for $name {
            type Output = Self;
            fn sub(self, other: Self) -> Self {
                Self(self.0 - other.0)
            }
        }
        impl std::ops::Neg for $name {
            type Output = Self;
            fn neg(self) -> Self {
                Self(-self.0)
            }
        }
        impl std::ops::AddAssign for $name {
            fn add_assign(&mut self, other: Self) {
                self.0 += other.0;
            }
        }
        impl std::ops::SubAssign for $name {
            fn sub_assign(&mut self, other: Self) {
                self.0 -= other.0;
            }
        }
        impl std::iter::Sum for $name {
            fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
                iter.fold(Self::ZERO, std::ops::Add::add)
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.to_decimal().fmt(f)
            }
        }
    };
}

fixed_point!(
    /// An amount of money in centavos.
    Cents, CENTS_SCALE
);
fixed_point!(
    /// A quantity of goods in micro-units.
    Quantity, MICROS_SCALE
);
fixed_point!(
    /// A price or cost of one unit, in millionths of the currency unit.
    UnitPrice, MICROS_SCALE
);
fixed_point!(
    /// A rate in millionths: a tax rate is a fraction (0.16), a discount is in percent (10).
    Rate, MICROS_SCALE
);

impl Quantity {
    /// Whole units.
    #[must_use]
    pub const fn units(units: i64) -> Self {
        Self(units * MICRO)
    }
}

impl Rate {
    /// One hundred percent, as a discount.
    pub const HUNDRED_PERCENT: Self = Self(100 * MICRO);
}

/// Quantity × unit price, to the centavo.
#[must_use]
pub const fn extend(quantity: Quantity, price: UnitPrice) -> Cents {
    Cents(narrow(round_half_away(quantity.0 as i128 * price.0 as i128, 10_000_000_000)))
}

/// Net of a line: quantity × unit price × (1 − discount %), rounded once (contract 5.5).
#[must_use]
pub const fn line_net(quantity: Quantity, price: UnitPrice, discount_pct: Rate) -> Cents {
    let kept = Rate::HUNDRED_PERCENT.0 - discount_pct.0;
    let exact = quantity.0 as i128 * price.0 as i128 * kept as i128;
    Cents(narrow(round_half_away(exact, 1_000_000_000_000_000_000)))
}

/// Tax of a net amount at a fraction, to the centavo.
#[must_use]
pub const fn tax_on(net: Cents, rate: Rate) -> Cents {
    Cents(narrow(round_half_away(net.0 as i128 * rate.0 as i128, MICRO as i128)))
}

/// `whole × part ÷ total`, to the centavo; nothing where `total` is nothing.
#[must_use]
pub const fn share(whole: Cents, part: i64, total: i64) -> Cents {
    if total == 0 {
        return Cents::ZERO;
    }
    let (part, total) =
        if total < 0 { (-(part as i128), -(total as i128)) } else { (part as i128, total as i128) };
    Cents(narrow(round_half_away(whole.0 as i128 * part, total)))
}

/// The unit cost at which `quantity` is worth `value`: value ÷ quantity, to 6 decimals.
///
/// `quantity` must not be zero.
#[must_use]
pub const fn unit_cost(value: Cents, quantity: Quantity) -> UnitPrice {
    let (value, quantity) = if quantity.0 < 0 {
        (-(value.0 as i128), -(quantity.0 as i128))
    } else {
        (value.0 as i128, quantity.0 as i128)
    };
    // centavos → millionths of the unit is × 10^4, per micro-unit of quantity × 10^6.
    UnitPrice(narrow(round_half_away(value * 10_000_000_000, quantity)))
}

/// How far a price lies under a reference price, in percent; nothing where it does not.
#[must_use]
pub const fn discount_from(reference: UnitPrice, price: UnitPrice) -> Rate {
    if reference.0 <= 0 || price.0 >= reference.0 {
        return Rate::ZERO;
    }
    let under = (reference.0 - price.0) as i128;
    Rate(narrow(round_half_away(under * Rate::HUNDRED_PERCENT.0 as i128, reference.0 as i128)))
}

/// A unit price after a discount, for comparisons.
#[must_use]
pub const fn discounted(price: UnitPrice, discount_pct: Rate) -> UnitPrice {
    let kept = (Rate::HUNDRED_PERCENT.0 - discount_pct.0) as i128;
    UnitPrice(narrow(round_half_away(price.0 as i128 * kept, Rate::HUNDRED_PERCENT.0 as i128)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn rounds_half_away_from_zero() {
        let table =
            [(5, 10, 1), (-5, 10, -1), (4, 10, 0), (-4, 10, 0), (15, 10, 2), (-15, 10, -2), (0, 10, 0)];
        for (numerator, divisor, expected) in table {
            assert_eq!(round_half_away(numerator, divisor), expected, "{numerator}/{divisor}");
        }
    }

    #[test]
    fn documented_sale_line() {
        let net = line_net(Quantity::units(2), UnitPrice(350 * MICRO), Rate::ZERO);
        assert_eq!((net, tax_on(net, Rate(160_000))), (Cents(70_000), Cents(11_200)));
    }

    proptest! {
        #[test]
        fn a_decimal_comes_back_the_same(units in any::<i64>()) {
            prop_assert_eq!(Cents::from_decimal(Cents(units).to_decimal()), Some(Cents(units)));
            prop_assert_eq!(Quantity::from_decimal(Quantity(units).to_decimal()), Some(Quantity(units)));
        }

        #[test]
        fn rounding_is_within_half_and_odd(numerator in -1_000_000_000_i128..1_000_000_000, divisor in 1_i128..10_000) {
            let rounded = round_half_away(numerator, divisor);
            prop_assert!((rounded * divisor - numerator).abs() * 2 <= divisor);
            prop_assert_eq!(round_half_away(-numerator, divisor), -rounded);
        }

        #[test]
        fn shares_of_all_parts_stay_within_a_centavo_each(whole in 0_i64..1_000_000_000, parts in proptest::collection::vec(0_i64..1_000_000, 1..6)) {
            let total: i64 = parts.iter().sum();
            prop_assume!(total > 0);
            let sum: i64 = parts.iter().map(|p| share(Cents(whole), *p, total).0).sum();
            prop_assert!((sum - whole).abs() <= i64::try_from(parts.len()).unwrap());
        }
    }
}
