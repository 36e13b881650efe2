//! The items that a file speaks of, and what of them must have been received before it.

use std::collections::HashMap;

use diario_domain::{
    ItemId, Quantity, UnitPrice,
    item::ItemKind,
    money::{MICRO, round_half_away},
};

use super::file::{Document, is_service};

/// An item as the file shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) code: String,
    pub(super) name: String,
    /// Its first price above 0, 0 where it has none.
    pub(super) price: UnitPrice,
    pub(super) kind: ItemKind,
}

/// An item as the tenant has it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    pub(super) id: ItemId,
    pub(super) kind: ItemKind,
    pub(super) price: UnitPrice,
    /// On hand in the branch before the file.
    pub(super) on_hand: Quantity,
}

/// The items of the file, in the order in which they appear.
pub(super) fn catalogue(documents: &[Document]) -> Vec<Wanted> {
    let mut items: Vec<Wanted> = Vec::new();
    // The name beside a price is the item's; beside none it is often a remark ("damages", "?").
    let mut remarks: Vec<String> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    for line in documents.iter().flat_map(|document| &document.lines) {
        let place = *places.entry(line.code.as_str()).or_insert_with(|| {
            let kind = if is_service(&line.code) { ItemKind::Service } else { ItemKind::Stocked };
            items.push(Wanted { code: line.code.clone(), name: String::new(), price: UnitPrice::ZERO, kind });
            remarks.push(String::new());
            items.len() - 1
        });
        let item = &mut items[place];
        if line.unit_price.is_positive() {
            if item.price.is_zero() {
                item.price = line.unit_price;
            }
            if item.name.is_empty() {
                item.name.clone_from(&line.description);
            }
        } else if remarks[place].is_empty() {
            remarks[place].clone_from(&line.description);
        }
    }
    for (item, remark) in items.iter_mut().zip(remarks) {
        if item.name.is_empty() {
            item.name = if remark.is_empty() { item.code.clone() } else { remark };
        }
    }
    items
}

/// What an item is taken to have cost: 60 % of its price.
pub(super) fn assumed_cost(price: UnitPrice) -> UnitPrice {
    let cost = round_half_away(i128::from(price.0) * 6, 10);
    UnitPrice(i64::try_from(cost).unwrap_or(i64::MAX))
}

/// What must be received so that no stock falls below nothing while these documents are booked in their order.
pub(super) fn shortages<'a>(
    documents: impl Iterator<Item = &'a Document>,
    known: &HashMap<String, Known>,
) -> Vec<(&'a str, Known, Quantity)> {
    struct Level<'a> {
        code: &'a str,
        item: Known,
        now: i64,
        lowest: i64,
    }
    let mut levels: Vec<Level<'a>> = Vec::new();
    let mut places: HashMap<ItemId, usize> = HashMap::new();
    for document in documents {
        // Within an invoice the sale goes first, its corrections of stock after it.
        let (sold, corrected): (Vec<_>, Vec<_>) =
            document.lines.iter().partition(|line| document.is_credit() || line.unit_price.is_positive());
        let moves = sold.into_iter().map(|line| (line, -line.quantity));
        for (line, change) in moves.chain(corrected.into_iter().map(|line| (line, line.quantity))) {
            let Some(item) = known.get(&line.code).filter(|item| item.kind == ItemKind::Stocked) else {
                continue;
            };
            let place = *places.entry(item.id).or_insert_with(|| {
                let now = item.on_hand.0;
                levels.push(Level { code: &line.code, item: *item, now, lowest: now });
                levels.len() - 1
            });
            let level = &mut levels[place];
            level.now = level.now.saturating_add(change.saturating_mul(MICRO));
            level.lowest = level.lowest.min(level.now);
        }
    }
    levels
        .into_iter()
        .filter(|level| level.lowest < 0)
        .map(|level| (level.code, level.item, Quantity(-level.lowest)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::import::file::Line;

    fn document(invoice: &str, lines: &[(&str, &str, i64, i64)]) -> Document {
        let lines = lines
            .iter()
            .map(|(code, description, quantity, price)| Line {
                number: 2,
                code: (*code).to_owned(),
                description: (*description).to_owned(),
                quantity: *quantity,
                unit_price: UnitPrice(*price),
            })
            .collect();
        Document {
            invoice: invoice.to_owned(),
            at: "2010-12-01T08:26".parse().unwrap(),
            customer: None,
            country: String::new(),
            lines,
            hash: Vec::new(),
        }
    }

    #[test]
    fn an_item_is_named_beside_its_first_price() {
        let items = catalogue(&[
            document(
                "1",
                &[("10002", "damages", -5, 0), ("10003", "", 1, 0), ("POST", "POSTAGE", 1, 18_000_000)],
            ),
            document(
                "2",
                &[("10002", "GLOBE", 1, 850_000), ("10002", "GLOBO", 1, 900_000), ("10004", "?", 3, 0)],
            ),
        ]);
        let shown: Vec<_> =
            items.iter().map(|it| (it.code.as_str(), it.name.as_str(), it.price.0, it.kind)).collect();
        assert_eq!(
            shown,
            [
                ("10002", "GLOBE", 850_000, ItemKind::Stocked),
                ("10003", "10003", 0, ItemKind::Stocked),
                ("POST", "POSTAGE", 18_000_000, ItemKind::Service),
                ("10004", "?", 0, ItemKind::Stocked),
            ]
        );
        assert_eq!(assumed_cost(UnitPrice(2_550_001)), UnitPrice(1_530_001));
    }

    #[test]
    fn the_deepest_shortage_is_what_is_received() {
        let known: HashMap<String, Known> = [("10002", 1, 4), ("10003", 2, 0), ("10004", 3, 100)]
            .into_iter()
            .map(|(code, id, units)| {
                let kind = ItemKind::Stocked;
                let price = UnitPrice(1_000_000);
                (code.to_owned(), Known { id: ItemId(id), kind, price, on_hand: Quantity::units(units) })
            })
            .collect();
        let documents = [
            document("1", &[("10002", "", 6, 100), ("10003", "", 2, 0)]),
            document("C2", &[("10002", "", -5, 100)]),
            document("3", &[("10002", "", 7, 100), ("10003", "", -3, 0), ("10004", "", 100, 100)]),
            document("4", &[("10002", "", 20, 0), ("10002", "", 1, 100)]),
        ];
        let short: Vec<_> = shortages(documents.iter(), &known)
            .into_iter()
            .map(|(code, item, quantity)| (code, item.id, quantity))
            .collect();
        // 10002: 4 − 6 + 5 − 7 = −4, and in the last invoice 1 is sold before 20 are found.
        assert_eq!(
            short,
            [("10002", ItemId(1), Quantity::units(5)), ("10003", ItemId(2), Quantity::units(1))]
        );
    }
}
