//! Price lists. The base list is there from the beginning: its price of a product is the products' own first price
//! (contract G-5). Every other list is derived from it by a percentage and stores no prices (G-4, G-6).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    Book, Event, GroupId, PriceListId, Rate, Refusal, UnitPrice,
    command::Issued,
    document::Document,
    item::set,
    money::{MICRO, UNITS_MAX},
    product,
};

/// The base list of every shop.
pub const BASE: PriceListId = PriceListId(1);
/// What it is called until it gets another name.
pub const BASE_NAME: &str = "Lista Base Minorista";
/// The largest percentage that a list lies above the base.
const VARIATION_MAX: i64 = 1_000;

/// A list was created.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceListCreated {
    /// The list.
    pub list_id: PriceListId,
    /// Its name; two may have the same.
    pub descripcion: String,
    /// Whether it holds prices of its own.
    pub is_base: bool,
    /// Percent on the base price; nothing on a base list.
    pub variacion: Option<Rate>,
}

/// A list was changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceListUpdated {
    /// The list.
    pub list_id: PriceListId,
    /// Its name now.
    pub descripcion: String,
    /// Whether it holds prices of its own.
    pub is_base: bool,
    /// Percent on the base price now.
    pub variacion: Option<Rate>,
    /// Whether it is in use.
    pub is_active: bool,
}

/// A product has another second price in a list, or none any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdditionalPriceSet {
    /// The list.
    pub list_id: PriceListId,
    /// The product.
    pub product_id: GroupId,
    /// The price.
    pub price: Option<UnitPrice>,
}

/// What decisions need of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are those of PriceListUpdated")]
pub struct ListFacts {
    pub descripcion: String,
    pub is_base: bool,
    pub variacion: Option<Rate>,
    pub is_active: bool,
}

/// What decisions need of all lists.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceLists {
    /// Lists that were created, and the base list once it was changed.
    pub lists: BTreeMap<PriceListId, ListFacts>,
    /// Second prices of the base list.
    pub additional: BTreeMap<GroupId, UnitPrice>,
}

impl PriceLists {
    /// A list.
    #[must_use]
    pub fn get(&self, id: PriceListId) -> Option<ListFacts> {
        self.lists.get(&id).cloned().or_else(|| {
            (id == BASE).then(|| ListFacts {
                descripcion: BASE_NAME.to_owned(),
                is_base: true,
                variacion: None,
                is_active: true,
            })
        })
    }

    /// The number of the next list.
    #[must_use]
    pub fn next(&self) -> PriceListId {
        PriceListId(self.lists.keys().next_back().map_or(BASE.0, |last| last.0.max(BASE.0)) + 1)
    }

    /// Follows a second price.
    pub(crate) fn put_additional(&mut self, event: &AdditionalPriceSet) {
        match event.price {
            Some(price) => self.additional.insert(event.product_id, price),
            None => self.additional.remove(&event.product_id),
        };
    }
}

/// Creates a list derived from the base.
#[derive(Clone, Debug)]
pub struct CreatePriceList {
    /// Its name.
    pub descripcion: String,
    /// Percent on the base price.
    pub variacion: Rate,
}

/// Changes a list; `None` leaves a field as it is.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the fields are those of PriceListUpdated")]
pub struct UpdatePriceList {
    pub descripcion: Option<String>,
    pub variacion: Option<Rate>,
    pub is_active: Option<bool>,
}

/// A command to a list.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "each variant is documented at its payload")]
pub enum ListCommand {
    Create(CreatePriceList),
    Update(PriceListId, UpdatePriceList),
    /// Sets a product's second price.
    SetAdditional(PriceListId, GroupId, Option<UnitPrice>),
}

/// The list as a document.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct PriceList {}

impl Document for PriceList {
    const TYPE: &'static str = "price_list";
    type Command = ListCommand;

    fn decide(&self, issued: Issued<Self::Command>, book: &Book) -> Result<Vec<Event>, Refusal> {
        Ok(match issued.command {
            ListCommand::Create(CreatePriceList { descripcion, variacion }) => {
                let list_id = book.price_lists.next();
                check(&descripcion, Some(variacion))?;
                let created =
                    PriceListCreated { list_id, descripcion, is_base: false, variacion: Some(variacion) };
                vec![created.into()]
            }
            ListCommand::Update(list_id, update) => {
                updated(list_id, &update, book)?.map(Event::from).into_iter().collect()
            }
            ListCommand::SetAdditional(list_id, product_id, price) => {
                editable(book, list_id)?;
                product::variants(book, product_id)?;
                if book.price_lists.additional.get(&product_id).copied() == price {
                    return Ok(Vec::new());
                }
                vec![AdditionalPriceSet { list_id, product_id, price }.into()]
            }
        })
    }
}

/// Whether prices may be written into a list.
///
/// # Errors
/// There is no such list in use, or its prices follow the base.
pub fn editable(book: &Book, list_id: PriceListId) -> Result<(), Refusal> {
    let list = book.price_lists.get(list_id).filter(|list| list.is_active);
    let list = list.ok_or(Refusal::UnknownPriceList(list_id))?;
    if list.is_base { Ok(()) } else { Err(Refusal::DerivedList(list_id)) }
}

fn updated(
    list_id: PriceListId,
    update: &UpdatePriceList,
    book: &Book,
) -> Result<Option<PriceListUpdated>, Refusal> {
    let current = book.price_lists.get(list_id).ok_or(Refusal::UnknownPriceList(list_id))?;
    let mut list = current.clone();
    set(&mut list.descripcion, update.descripcion.as_ref());
    set(&mut list.is_active, update.is_active.as_ref());
    if let Some(variation) = update.variacion {
        list.variacion = Some(variation);
    }
    if list.is_base && (list.variacion.is_some() || !list.is_active) {
        return Err(Refusal::BaseList(list_id));
    }
    check(&list.descripcion, list.variacion)?;
    let ListFacts { descripcion, is_base, variacion, is_active } = list.clone();
    Ok((list != current).then_some(PriceListUpdated { list_id, descripcion, is_base, variacion, is_active }))
}

fn check(descripcion: &str, variacion: Option<Rate>) -> Result<(), Refusal> {
    if descripcion.trim().is_empty() {
        return Err(Refusal::Invalid { field: "descripcion", rule: "not empty" });
    }
    let bounds = -Rate::HUNDRED_PERCENT.0 + 1..=VARIATION_MAX * MICRO;
    if variacion.is_some_and(|variation| !bounds.contains(&variation.0)) {
        return Err(Refusal::Invalid { field: "variacion", rule: "more than -100 and at most 1000" });
    }
    Ok(())
}

/// The price of a derived list: the base price and so many percent, to two decimals.
#[must_use]
pub fn varied(base: UnitPrice, variation: Rate) -> UnitPrice {
    const CENTAVO: i64 = MICRO / 100;
    let exact = i128::from(base.0) * i128::from(Rate::HUNDRED_PERCENT.0 + variation.0);
    let divisor = i128::from(Rate::HUNDRED_PERCENT.0) * i128::from(CENTAVO);
    let centavos = crate::money::round_half_away(exact, divisor);
    // A price of at most UNITS_MAX and a variation of at most VARIATION_MAX stay far inside.
    UnitPrice(i64::try_from(centavos).map_or(UNITS_MAX * MICRO, |centavos| centavos * CENTAVO))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derived_prices_round_half_away_to_the_centavo() {
        for (base, percent, derived) in [
            (16_999_000_000, 15_000_000, 19_548_850_000),
            (16_999_000_000, -15_000_000, 14_449_150_000),
            (10_000, 50_000_000, 20_000),
            (100_000, -5_000_000, 100_000),
            (99_000, -50_000_000, 50_000),
            (1_000_000, 500_000, 1_010_000),
            (1_000_000, 0, 1_000_000),
            (12_345_678, 0, 12_350_000),
        ] {
            assert_eq!(varied(UnitPrice(base), Rate(percent)), UnitPrice(derived), "{base} {percent}");
        }
    }
}
