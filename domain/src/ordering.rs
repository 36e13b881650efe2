//! What a shop lets companies order by themselves: its terms, what they pay, and how much of an item at a time.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    AddressId, Book, BranchId, Cents, CustomerId, Event, ItemId, OrderId, Quantity, Rate, Refusal, UnitPrice,
    command::Issued,
    customer::PriceTier,
    document::Document,
    money::{MICRO, UNITS_MAX},
};

/// The shop's terms for companies that order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderingSettings {
    /// Whether an order is a sale at once (T-25); else its goods are set aside until somebody confirms it.
    pub auto_confirm: bool,
    /// The branch that orders are filled from.
    pub branch_id: BranchId,
    /// What a company that signs up pays.
    pub price_tier: PriceTier,
    /// How much it may owe: an order is a sale on credit.
    pub credit_limit: Cents,
    /// Days until it must pay.
    pub credit_days: i64,
}

impl Default for OrderingSettings {
    fn default() -> Self {
        Self {
            auto_confirm: true,
            branch_id: BranchId(1),
            price_tier: PriceTier::Mayoreo,
            credit_limit: Cents(10_000_000),
            credit_days: 30,
        }
    }
}

/// What a company pays for an item instead of its tier's price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompanyTerms {
    /// Net price of one, before the discount.
    pub price: UnitPrice,
    /// Discount in percent.
    #[serde(default)]
    pub discount_pct: Rate,
}

/// How an item is ordered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemOrdering {
    /// No fewer in an order (T-22).
    pub order_min: Option<Quantity>,
    /// No more in an order.
    pub order_max: Option<Quantity>,
    /// Whether parts of a unit may be ordered (T-23).
    #[serde(default)]
    pub fractional: bool,
    /// Whether it is sent at once.
    #[serde(default)]
    pub fast_shipping: bool,
}

/// The shop's terms are others now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderingChanged {
    /// All of them.
    pub settings: OrderingSettings,
}

/// A company has a price of its own for an item; or, with nothing, no longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompanyPriceSet {
    /// The company.
    pub customer_id: CustomerId,
    /// The item.
    pub item_id: ItemId,
    /// What it pays.
    pub terms: Option<CompanyTerms>,
}

/// An item is ordered otherwise now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemOrderingSet {
    /// The item.
    pub item_id: ItemId,
    /// How.
    pub ordering: ItemOrdering,
}

/// What of it decisions need: a part of the Book.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Ordering {
    /// The shop's terms.
    pub settings: OrderingSettings,
    /// How items are ordered, where that was said.
    pub items: BTreeMap<ItemId, ItemOrdering>,
    /// Companies' own prices.
    pub prices: BTreeMap<CustomerId, BTreeMap<ItemId, CompanyTerms>>,
    /// The last number given to an address.
    pub address: i64,
    /// The last number given to an order.
    pub order: i64,
}

impl Ordering {
    /// The id of the next address.
    #[must_use]
    pub const fn next_address(&self) -> AddressId {
        AddressId(self.address + 1)
    }

    /// The id of the next order.
    #[must_use]
    pub const fn next_order(&self) -> OrderId {
        OrderId(self.order + 1)
    }

    /// What a company pays for an item of its own, if it does.
    #[must_use]
    pub fn price_of(&self, customer: CustomerId, item: ItemId) -> Option<CompanyTerms> {
        self.prices.get(&customer).and_then(|own| own.get(&item)).copied()
    }

    /// Follows an event.
    pub(crate) fn apply(&mut self, event: &Event) {
        #[expect(clippy::wildcard_enum_match_arm, reason = "it follows the events it needs")]
        match event {
            Event::AddressCreated(event) => self.address = event.address_id.0,
            Event::OrderPlaced(event) => self.order = event.order_id.0,
            Event::OrderingChanged(event) => self.settings = event.settings,
            Event::ItemOrderingSet(event) => {
                self.items.insert(event.item_id, event.ordering);
            }
            Event::CompanyPriceSet(event) => {
                let own = self.prices.entry(event.customer_id).or_default();
                match event.terms {
                    Some(terms) => own.insert(event.item_id, terms),
                    None => own.remove(&event.item_id),
                };
                if own.is_empty() {
                    self.prices.remove(&event.customer_id);
                }
            }
            _ => {}
        }
    }
}

/// The shop's terms as a document.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct OrderingDocument {}

impl Document for OrderingDocument {
    const TYPE: &'static str = "ordering";
    type Command = OrderingChanged;

    fn decide(&self, issued: Issued<Self::Command>, book: &Book) -> Result<Vec<Event>, Refusal> {
        let changed = issued.command;
        book.branch(changed.settings.branch_id)?;
        book.document_sum([changed.settings.credit_limit])?;
        if changed.settings.credit_limit.is_negative() {
            return Err(Refusal::Invalid { field: "credit_limit", rule: "0 or more" });
        }
        if !(0..=3650).contains(&changed.settings.credit_days) {
            return Err(Refusal::Invalid { field: "credit_days", rule: "between 0 and 3650" });
        }
        Ok(vec![changed.into()])
    }
}

/// A company's own prices as a document.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct CompanyPrices {}

impl Document for CompanyPrices {
    const TYPE: &'static str = "company_prices";
    type Command = CompanyPriceSet;

    fn decide(&self, issued: Issued<Self::Command>, book: &Book) -> Result<Vec<Event>, Refusal> {
        let set = issued.command;
        if !book.customers.contains_key(&set.customer_id) {
            return Err(Refusal::CustomerNotFound(set.customer_id));
        }
        book.item(set.item_id).map_err(|_| Refusal::ItemNotFound(set.item_id))?;
        if let Some(terms) = set.terms {
            if terms.price.is_negative() || terms.price.0 > UNITS_MAX * MICRO {
                return Err(Refusal::Invalid { field: "price", rule: "between 0 and 100 million" });
            }
            if terms.discount_pct.is_negative() || terms.discount_pct > Rate::HUNDRED_PERCENT {
                return Err(Refusal::Invalid { field: "discount_pct", rule: "between 0 and 100" });
            }
        }
        Ok(vec![set.into()])
    }
}

/// How an item is ordered, as a document.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ItemOrderingDocument {}

impl Document for ItemOrderingDocument {
    const TYPE: &'static str = "item_ordering";
    type Command = ItemOrderingSet;

    fn decide(&self, issued: Issued<Self::Command>, book: &Book) -> Result<Vec<Event>, Refusal> {
        let set = issued.command;
        book.item(set.item_id).map_err(|_| Refusal::ItemNotFound(set.item_id))?;
        let ItemOrdering { order_min, order_max, .. } = set.ordering;
        for (field, limit) in [("order_min", order_min), ("order_max", order_max)] {
            if limit.is_some_and(|limit| !limit.is_positive()) {
                return Err(Refusal::Invalid { field, rule: "more than 0" });
            }
        }
        if order_min.is_some_and(|least| order_max.is_some_and(|most| most < least)) {
            return Err(Refusal::Invalid { field: "order_max", rule: "order_min or more" });
        }
        Ok(vec![set.into()])
    }
}
