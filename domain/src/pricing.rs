//! Lines as they are priced: for a sale, a quotation or a layaway alike.

use serde::{Deserialize, Serialize};

use crate::{
    Book, Cents, ItemId, Quantity, Rate, Refusal, UnitPrice,
    command::Issued,
    customer::PriceTier,
    inventory::LINES_MAX,
    item::ItemKind,
    money::{MICRO, UNITS_MAX, discount_from, discounted, line_net, tax_on},
};

/// A line as it is asked for.
#[derive(Clone, Debug)]
pub struct LineWanted {
    /// The item.
    pub item_id: ItemId,
    /// How much.
    pub quantity: Quantity,
    /// Net price of one; the customer's tier price where absent (N-8).
    pub unit_price: Option<UnitPrice>,
    /// Discount in percent.
    pub discount_pct: Rate,
    /// Tax as a fraction; the item's where absent.
    pub tax_rate: Option<Rate>,
}

/// A line with its price fixed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PricedLine {
    /// The item.
    pub item_id: ItemId,
    /// Its code then.
    pub sku: String,
    /// Its name then.
    pub name: String,
    /// How much.
    pub quantity: Quantity,
    /// Net price of one, before the discount.
    pub unit_price: UnitPrice,
    /// Discount in percent.
    pub discount_pct: Rate,
    /// Tax as a fraction.
    pub tax_rate: Rate,
    /// Net of the line.
    pub net: Cents,
    /// Tax of the line.
    pub tax: Cents,
}

/// What the lines of a document add up to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sums {
    /// Net of all lines.
    pub net: Cents,
    /// Tax of all lines.
    pub tax: Cents,
    /// Net and tax.
    pub total: Cents,
}

impl Sums {
    /// Adds up lines.
    ///
    /// # Errors
    /// The document is too large.
    pub fn of(lines: &[PricedLine], book: &Book) -> Result<Self, Refusal> {
        let net = book.document_sum(lines.iter().map(|line| line.net))?;
        let tax = lines.iter().map(|line| line.tax).sum();
        Ok(Self { net, tax, total: net + tax })
    }
}

/// Fixes the prices of some lines for this employee and a price tier.
///
/// # Errors
/// An item is unknown or inactive, a figure cannot be, or a discount is more than the employee may give (N-6).
pub fn price<C>(
    issued: &Issued<C>,
    wanted: &[LineWanted],
    tier: PriceTier,
    book: &Book,
) -> Result<Vec<PricedLine>, Refusal> {
    let employee = book.employee(issued.by)?;
    if wanted.is_empty() {
        return Err(Refusal::Invalid { field: "items", rule: "a list with at least one line" });
    }
    if wanted.len() > LINES_MAX {
        return Err(Refusal::TooManyLines(LINES_MAX));
    }
    let mut lines = Vec::with_capacity(wanted.len());
    // Units are summed up over documents as amounts are, and neither price nor stock bounds those of a service.
    let mut units = Quantity::ZERO;
    for line in wanted {
        let item = book.item(line.item_id)?;
        if !item.is_active {
            return Err(Refusal::InactiveItem { item: line.item_id, sku: item.sku.clone() });
        }
        units += line.quantity.min(Quantity::units(UNITS_MAX + 1));
        if !line.quantity.is_positive() || units > Quantity::units(UNITS_MAX) {
            return Err(Refusal::Invalid { field: "quantity", rule: "more than 0 and at most 100 million" });
        }
        let tier_price = item.price_of(tier);
        let unit_price = line.unit_price.unwrap_or(tier_price);
        if unit_price.is_negative() || unit_price.0 > UNITS_MAX * MICRO {
            return Err(Refusal::Invalid { field: "unit_price", rule: "between 0 and 100 million" });
        }
        if line.discount_pct.is_negative() || line.discount_pct > Rate::HUNDRED_PERCENT {
            return Err(Refusal::Invalid { field: "discount_pct", rule: "between 0 and 100" });
        }
        let tax_rate = line.tax_rate.unwrap_or(item.prices.tax_rate);
        if tax_rate.is_negative() || tax_rate.0 > MICRO {
            return Err(Refusal::Invalid { field: "tax_rate", rule: "a fraction between 0 and 1" });
        }
        // A lowered unit price is a discount too (N-6).
        let discount =
            discount_from(tier_price, discounted(unit_price, line.discount_pct)).max(line.discount_pct);
        if discount.is_positive() {
            if !employee.role.may("pos.discount") {
                return Err(Refusal::DiscountForbidden);
            }
            if discount > employee.max_discount_pct {
                return Err(Refusal::DiscountTooHigh { discount, limit: employee.max_discount_pct });
            }
        }
        let net = line_net(line.quantity, unit_price, line.discount_pct);
        lines.push(PricedLine {
            item_id: line.item_id,
            sku: item.sku.clone(),
            name: item.name.clone(),
            quantity: line.quantity,
            unit_price,
            discount_pct: line.discount_pct,
            tax_rate,
            net,
            tax: tax_on(net, tax_rate),
        });
    }
    Ok(lines)
}

/// Whether an item's goods lie on a shelf; services do not.
pub(crate) fn is_stocked(book: &Book, item: ItemId) -> Result<bool, Refusal> {
    Ok(book.item(item)?.kind == ItemKind::Stocked)
}
