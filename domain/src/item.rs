//! What the shop sells: stocked goods and services, and their prices.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    Book, BranchId, Event, ItemId, Quantity, Rate, Refusal, UnitPrice,
    barcode::{self, BarcodeIssued},
    command::Issued,
    document::Document,
    inventory::Moved,
    money::{MICRO, UNITS_MAX, extend},
};

/// Whether an item has stock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ItemKind {
    /// Goods on a shelf.
    #[default]
    Stocked,
    /// Postage, labour, fees: sold, never stored.
    Service,
}

impl ItemKind {
    /// The name in the log and in answers.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stocked => "stocked",
            Self::Service => "service",
        }
    }
}

/// An item but for its prices and stock (field names: contract 9.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemDetails {
    /// The shop's code for it; unique without regard to case.
    pub sku: String,
    /// What a scanner reads; unique.
    pub barcode: String,
    /// The name on the ticket.
    pub name: String,
    /// A longer text.
    pub description: Option<String>,
    /// Goods or service.
    pub kind: ItemKind,
    /// The branch it is listed under.
    pub branch_id: BranchId,
    /// Category, as the shop numbers them.
    pub category_id: Option<i64>,
    /// Who makes it.
    pub brand: Option<String>,
    /// `PZA`, `KG` …
    pub unit: String,
    /// Reorder below this.
    pub min_stock: Quantity,
    /// No more than this.
    pub max_stock: Option<Quantity>,
    /// Where it lies.
    pub location: Option<String>,
    /// A picture's address.
    pub image_url: Option<String>,
    /// The part in a vehicle catalogue.
    pub catalog_part_id: Option<i64>,
    /// Whether it may be sold.
    pub is_active: bool,
}

/// Net prices of the three tiers and the tax on them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prices {
    /// Net price over the counter (mostrador).
    pub price_1: UnitPrice,
    /// Net price for workshops (taller).
    pub price_2: UnitPrice,
    /// Net price for resellers (mayoreo).
    pub price_3: UnitPrice,
    /// Tax as a fraction.
    pub tax_rate: Rate,
}

/// Stock that an item was created with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpeningStock {
    /// The local day of the posting.
    pub date: Date,
    /// How much.
    pub quantity: Quantity,
    /// At what cost.
    pub unit_cost: UnitPrice,
    /// What it did to the stock.
    pub moved: Moved,
}

/// An item was created.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemCreated {
    /// The item.
    pub item_id: ItemId,
    /// All but prices.
    pub details: ItemDetails,
    /// Its prices.
    pub prices: Prices,
    /// What one costs until the first purchase.
    pub cost: UnitPrice,
    /// Stock that was there already, booked against capital (306.01).
    pub opening: Option<OpeningStock>,
}

/// An item's details were changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemUpdated {
    /// The item.
    pub item_id: ItemId,
    /// All details as they are now.
    pub details: ItemDetails,
    /// The reference cost, where it was changed; only while nothing is in stock.
    pub cost: Option<UnitPrice>,
}

/// An item's prices were changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceChanged {
    /// The item.
    pub item_id: ItemId,
    /// The prices now.
    pub prices: Prices,
    /// The prices before.
    pub previous: Prices,
}

/// Creates an item; what is left out gets the contract's defaults.
#[derive(Clone, Debug)]
pub struct CreateItem {
    /// The shop's code.
    pub sku: String,
    /// What a scanner reads; generated where absent.
    pub barcode: Option<String>,
    /// The name on the ticket.
    pub name: String,
    /// Goods or service.
    pub kind: ItemKind,
    /// The branch it is listed under; the employee's where absent.
    pub branch_id: Option<BranchId>,
    /// A longer text.
    pub description: Option<String>,
    /// Category.
    pub category_id: Option<i64>,
    /// Who makes it.
    pub brand: Option<String>,
    /// Unit; `PZA` where absent.
    pub unit: Option<String>,
    /// Reference cost.
    pub cost: UnitPrice,
    /// Prices and tax.
    pub prices: Prices,
    /// Reorder below this.
    pub min_stock: Quantity,
    /// No more than this.
    pub max_stock: Option<Quantity>,
    /// Where it lies.
    pub location: Option<String>,
    /// A picture's address.
    pub image_url: Option<String>,
    /// The part in a vehicle catalogue.
    pub catalog_part_id: Option<i64>,
    /// Stock that lies there already, in the item's branch.
    pub initial_stock: Quantity,
}

/// Changes an item; `None` leaves a field as it is.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the fields are those of ItemDetails and Prices")]
pub struct UpdateItem {
    pub sku: Option<String>,
    pub barcode: Option<String>,
    pub name: Option<String>,
    pub description: Option<Option<String>>,
    pub branch_id: Option<BranchId>,
    pub category_id: Option<Option<i64>>,
    pub brand: Option<Option<String>>,
    pub unit: Option<String>,
    pub cost: Option<UnitPrice>,
    pub price_1: Option<UnitPrice>,
    pub price_2: Option<UnitPrice>,
    pub price_3: Option<UnitPrice>,
    pub tax_rate: Option<Rate>,
    pub min_stock: Option<Quantity>,
    pub max_stock: Option<Option<Quantity>>,
    pub location: Option<Option<String>>,
    pub image_url: Option<Option<String>>,
    pub catalog_part_id: Option<Option<i64>>,
    pub is_active: Option<bool>,
}

/// A command to an item.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "each variant is documented at its payload")]
pub enum ItemCommand {
    Create(Box<CreateItem>),
    Update(ItemId, Box<UpdateItem>),
    /// Gives it the next barcode of the shop's own.
    AssignBarcode(ItemId),
}

/// The item as a document.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Item {
    details: Option<ItemDetails>,
    prices: Prices,
}

impl Document for Item {
    const TYPE: &'static str = "item";
    type Command = ItemCommand;

    fn decide(&self, issued: Issued<Self::Command>, book: &Book) -> Result<Vec<Event>, Refusal> {
        Ok(match &issued.command {
            ItemCommand::Create(create) => vec![create_item(&issued, create, book)?.into()],
            ItemCommand::Update(id, update) => self.update(*id, update, book)?,
            ItemCommand::AssignBarcode(id) => {
                let Some(details) = self.details.clone() else { return Err(Refusal::UnknownItem(*id)) };
                let (number, barcode) = barcode::next(book);
                let details = ItemDetails { barcode: barcode.clone(), ..details };
                // So that the code is not given again when the item is given another.
                vec![
                    BarcodeIssued { number, barcode }.into(),
                    ItemUpdated { item_id: *id, details, cost: None }.into(),
                ]
            }
        })
    }

    fn apply(&mut self, event: Event) {
        #[expect(clippy::wildcard_enum_match_arm, reason = "no other event reaches an item's stream")]
        match event {
            Event::ItemCreated(event) => {
                self.details = Some(event.details);
                self.prices = event.prices;
            }
            Event::ItemUpdated(event) => self.details = Some(event.details),
            Event::PriceChanged(event) => self.prices = event.prices,
            _ => {}
        }
    }
}

fn create_item(
    issued: &Issued<ItemCommand>,
    create: &CreateItem,
    book: &Book,
) -> Result<ItemCreated, Refusal> {
    let item_id = book.counters.next_item();
    let branch_id = create.branch_id.unwrap_or(issued.branch);
    book.branch(branch_id)?;
    check_prices(&create.prices)?;
    if create.cost.is_negative() {
        return Err(Refusal::Invalid { field: "cost", rule: "0 or more" });
    }
    if create.initial_stock.is_negative() {
        return Err(Refusal::Invalid { field: "initial_stock", rule: "0 or more" });
    }
    if create.kind == ItemKind::Service && !create.initial_stock.is_zero() {
        return Err(Refusal::NotStocked { item: item_id, sku: create.sku.clone() });
    }
    book.sku_is_free(&create.sku, None)?;
    let barcode = create.barcode.clone().unwrap_or_else(|| barcode::ean13(barcode::OF_ITEMS, item_id.0));
    book.barcode_is_free(&barcode, None)?;
    let details = ItemDetails {
        sku: create.sku.clone(),
        barcode,
        name: create.name.clone(),
        description: create.description.clone(),
        kind: create.kind,
        branch_id,
        category_id: create.category_id,
        brand: create.brand.clone(),
        unit: create.unit.clone().unwrap_or_else(|| "PZA".to_owned()),
        min_stock: create.min_stock,
        max_stock: create.max_stock,
        location: create.location.clone(),
        image_url: create.image_url.clone(),
        catalog_part_id: create.catalog_part_id,
        is_active: true,
    };
    check_details(&details)?;
    let opening = create.initial_stock.is_positive().then(|| {
        let moved = Moved {
            previous: 0,
            on_hand: create.initial_stock,
            value: extend(create.initial_stock, create.cost),
            average_cost: create.cost,
        };
        OpeningStock {
            date: book.day(issued.at),
            quantity: create.initial_stock,
            unit_cost: create.cost,
            moved,
        }
    });
    Ok(ItemCreated { item_id, details, prices: create.prices, cost: create.cost, opening })
}

impl Item {
    fn update(&self, item_id: ItemId, update: &UpdateItem, book: &Book) -> Result<Vec<Event>, Refusal> {
        let Some(current) = &self.details else { return Err(Refusal::ItemNotFound(item_id)) };
        let state = book.item(item_id).map_err(|_| Refusal::ItemNotFound(item_id))?;
        let mut details = current.clone();
        set(&mut details.sku, update.sku.as_ref());
        set(&mut details.barcode, update.barcode.as_ref());
        set(&mut details.name, update.name.as_ref());
        set(&mut details.description, update.description.as_ref());
        set(&mut details.branch_id, update.branch_id.as_ref());
        set(&mut details.category_id, update.category_id.as_ref());
        set(&mut details.brand, update.brand.as_ref());
        set(&mut details.unit, update.unit.as_ref());
        set(&mut details.min_stock, update.min_stock.as_ref());
        set(&mut details.max_stock, update.max_stock.as_ref());
        set(&mut details.location, update.location.as_ref());
        set(&mut details.image_url, update.image_url.as_ref());
        set(&mut details.catalog_part_id, update.catalog_part_id.as_ref());
        set(&mut details.is_active, update.is_active.as_ref());
        book.branch(details.branch_id)?;
        book.sku_is_free(&details.sku, Some(item_id))?;
        book.barcode_is_free(&details.barcode, Some(item_id))?;
        check_details(&details)?;
        let cost = update.cost.filter(|cost| *cost != state.shelf.average_cost);
        if cost.is_some_and(UnitPrice::is_negative) {
            return Err(Refusal::Invalid { field: "cost", rule: "0 or more" });
        }
        if cost.is_some() && !state.shelf.on_hand.is_zero() {
            return Err(Refusal::CostIsAverage);
        }
        let mut prices = self.prices;
        set(&mut prices.price_1, update.price_1.as_ref());
        set(&mut prices.price_2, update.price_2.as_ref());
        set(&mut prices.price_3, update.price_3.as_ref());
        set(&mut prices.tax_rate, update.tax_rate.as_ref());
        check_prices(&prices)?;
        let mut events = Vec::new();
        if details != *current || cost.is_some() {
            events.push(ItemUpdated { item_id, details, cost }.into());
        }
        if prices != self.prices {
            events.push(PriceChanged { item_id, prices, previous: self.prices }.into());
        }
        Ok(events)
    }
}

/// Replaces a field where there is a new value.
pub(crate) fn set<T: Clone>(field: &mut T, value: Option<&T>) {
    if let Some(value) = value {
        field.clone_from(value);
    }
}

fn check_details(details: &ItemDetails) -> Result<(), Refusal> {
    for (field, text) in [
        ("part_number", &details.sku),
        ("barcode", &details.barcode),
        ("name", &details.name),
        ("unit", &details.unit),
    ] {
        if text.trim().is_empty() {
            return Err(Refusal::Invalid { field, rule: "not empty" });
        }
    }
    if details.min_stock.is_negative() || details.max_stock.is_some_and(Quantity::is_negative) {
        return Err(Refusal::Invalid { field: "min_stock", rule: "0 or more, and max_stock likewise" });
    }
    Ok(())
}

fn check_prices(prices: &Prices) -> Result<(), Refusal> {
    let limit = UNITS_MAX * MICRO;
    for (field, price) in
        [("price_1", prices.price_1), ("price_2", prices.price_2), ("price_3", prices.price_3)]
    {
        if price.is_negative() || price.0 > limit {
            return Err(Refusal::Invalid { field, rule: "between 0 and 100 million" });
        }
    }
    if prices.tax_rate.is_negative() || prices.tax_rate.0 > MICRO {
        return Err(Refusal::Invalid { field: "tax_rate", rule: "a fraction between 0 and 1" });
    }
    Ok(())
}
