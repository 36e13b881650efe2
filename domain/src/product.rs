//! Products as shops with sizes know them: groups of variants. A variant is an item with a size (contract 9.2).
//!
//! Groups and items are numbered in one sequence, so an item that is in no group is a product under its own number.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    Book, CategoryId, Event, GroupId, ItemId, Refusal, UnitPrice,
    command::Issued,
    document::Document,
    item::{UpdateItem, set},
};

/// Who supplies a product; the shop's suppliers of products are numbered as their names come up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provider {
    /// Its number.
    pub id: i64,
    /// Its name.
    pub name: String,
}

/// What is known of a group; prices and stock are those of its variants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupDetails {
    /// The shop's code for it; unique among groups without regard to case.
    pub code: String,
    /// Its name.
    pub name: String,
    /// A longer text.
    pub description: Option<String>,
    /// Category, as the shop numbers them.
    pub category_id: Option<CategoryId>,
    /// Who supplies it.
    pub provider: Option<Provider>,
    /// Whether the shop carries it.
    pub active: bool,
}

/// A group was created.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupCreated {
    /// The group.
    pub group_id: GroupId,
    /// What is known of it.
    pub details: GroupDetails,
}

/// What is known of a group changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupUpdated {
    /// The group.
    pub group_id: GroupId,
    /// All details as they are now.
    pub details: GroupDetails,
}

/// An item became a variant of a group, or another size in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemGrouped {
    /// The item.
    pub item_id: ItemId,
    /// The group; the item leaves the one it was in.
    pub group_id: GroupId,
    /// The size's number, the same in every group.
    pub size_id: i64,
    /// The size as it was written.
    pub size: String,
}

/// What decisions need of a group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupFacts {
    /// Its code.
    pub code: String,
    /// Its variants with the numbers of their sizes.
    pub variants: BTreeMap<ItemId, i64>,
}

/// What decisions need of all products.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Products {
    /// Groups.
    pub groups: BTreeMap<GroupId, GroupFacts>,
    /// The groups of items that are in one.
    pub grouped: BTreeMap<ItemId, GroupId>,
    /// Groups' codes in use, in capitals.
    pub codes: BTreeMap<String, GroupId>,
    /// Numbers of sizes by their names in capitals.
    pub sizes: BTreeMap<String, i64>,
    /// Numbers of suppliers by their names in capitals.
    pub providers: BTreeMap<String, i64>,
}

/// The number of a name: the one it has, else the next.
fn number_of(known: &BTreeMap<String, i64>, name: &str) -> i64 {
    known
        .get(&name.to_uppercase())
        .copied()
        .unwrap_or_else(|| known.values().max().map_or(1, |last| last + 1))
}

impl Products {
    /// Follows a group's details.
    pub(crate) fn put_details(&mut self, group_id: GroupId, details: &GroupDetails) {
        let group = self.groups.entry(group_id).or_default();
        self.codes.remove(&group.code.to_uppercase());
        group.code.clone_from(&details.code);
        self.codes.insert(details.code.to_uppercase(), group_id);
        if let Some(provider) = &details.provider {
            self.providers.insert(provider.name.to_uppercase(), provider.id);
        }
    }

    /// Follows an item into its group.
    pub(crate) fn put_item(&mut self, event: &ItemGrouped) {
        if let Some(former) = self.grouped.insert(event.item_id, event.group_id)
            && let Some(group) = self.groups.get_mut(&former)
        {
            group.variants.remove(&event.item_id);
        }
        self.groups.entry(event.group_id).or_default().variants.insert(event.item_id, event.size_id);
        self.sizes.insert(event.size.to_uppercase(), event.size_id);
    }

    fn code_is_free(&self, code: &str, to: Option<GroupId>) -> Result<(), Refusal> {
        match self.codes.get(&code.to_uppercase()) {
            Some(owner) if Some(*owner) != to => Err(Refusal::DuplicateGroupCode(code.to_owned())),
            _ => Ok(()),
        }
    }
}

/// The items whose prices are those of a product: a group's variants, or the item that is in no group.
///
/// # Errors
/// There is no such product, or the group is empty.
pub fn variants(book: &Book, product: GroupId) -> Result<Vec<ItemId>, Refusal> {
    if let Some(group) = book.products.groups.get(&product) {
        if group.variants.is_empty() {
            return Err(Refusal::NoVariants(product));
        }
        return Ok(group.variants.keys().copied().collect());
    }
    let item = ItemId(product.0);
    if book.items.contains_key(&item) && !book.products.grouped.contains_key(&item) {
        return Ok(vec![item]);
    }
    Err(Refusal::UnknownProduct(product))
}

/// Creates a group.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are those of GroupDetails")]
pub struct CreateGroup {
    pub code: String,
    pub name: String,
    pub description: Option<String>,
    pub category_id: Option<CategoryId>,
    /// The supplier's name.
    pub provider: Option<String>,
}

/// Changes a group; `None` leaves a field as it is.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the fields are those of GroupDetails")]
pub struct UpdateGroup {
    pub code: Option<String>,
    pub name: Option<String>,
    pub description: Option<Option<String>>,
    pub category_id: Option<Option<CategoryId>>,
    pub provider: Option<Option<String>>,
    pub active: Option<bool>,
}

/// New prices of a product, for each of its variants; `None` leaves a number as it is.
#[derive(Clone, Copy, Debug, Default)]
pub struct PriceProduct {
    /// The price over the counter: the base list's.
    pub retailer: Option<UnitPrice>,
    /// The price for resellers.
    pub wholesaler: Option<UnitPrice>,
    /// The reference cost; only while nothing is in stock.
    pub unit_cost: Option<UnitPrice>,
    /// The second price of the base list.
    pub additional: Option<Option<UnitPrice>>,
}

impl PriceProduct {
    /// What it asks of each variant.
    #[must_use]
    pub fn of_variant(&self) -> UpdateItem {
        UpdateItem {
            price_1: self.retailer,
            price_3: self.wholesaler,
            cost: self.unit_cost,
            ..UpdateItem::default()
        }
    }
}

/// A command to a group.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "each variant is documented at its payload")]
pub enum GroupCommand {
    Create(CreateGroup),
    Update(GroupId, UpdateGroup),
    /// Puts an item into it, with its size.
    Put(GroupId, ItemId, String),
}

/// The group as a document.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Group {
    details: Option<GroupDetails>,
}

impl Document for Group {
    const TYPE: &'static str = "group";
    type Command = GroupCommand;

    fn decide(&self, issued: Issued<Self::Command>, book: &Book) -> Result<Vec<Event>, Refusal> {
        Ok(match issued.command {
            GroupCommand::Create(create) => {
                let details = GroupDetails {
                    code: create.code,
                    name: create.name,
                    description: create.description,
                    category_id: create.category_id,
                    provider: provider(create.provider, book),
                    active: true,
                };
                check(&details, None, book)?;
                vec![GroupCreated { group_id: book.counters.next_group(), details }.into()]
            }
            GroupCommand::Update(group_id, update) => {
                let Some(current) = &self.details else { return Err(Refusal::UnknownProduct(group_id)) };
                let mut details = current.clone();
                set(&mut details.code, update.code.as_ref());
                set(&mut details.name, update.name.as_ref());
                set(&mut details.description, update.description.as_ref());
                set(&mut details.category_id, update.category_id.as_ref());
                set(&mut details.active, update.active.as_ref());
                if let Some(name) = update.provider {
                    details.provider = provider(name, book);
                }
                if details == *current {
                    return Ok(Vec::new());
                }
                check(&details, Some(group_id), book)?;
                vec![GroupUpdated { group_id, details }.into()]
            }
            GroupCommand::Put(group_id, item_id, size) => {
                let event = grouped(group_id, item_id, &size, book)?;
                let same = book.products.grouped.get(&item_id) == Some(&group_id)
                    && book.products.groups[&group_id].variants.get(&item_id) == Some(&event.size_id);
                if same { Vec::new() } else { vec![event.into()] }
            }
        })
    }

    fn apply(&mut self, event: Event) {
        #[expect(clippy::wildcard_enum_match_arm, reason = "its items do not change the group itself")]
        match event {
            Event::GroupCreated(event) => self.details = Some(event.details),
            Event::GroupUpdated(event) => self.details = Some(event.details),
            _ => {}
        }
    }
}

fn provider(name: Option<String>, book: &Book) -> Option<Provider> {
    let name = name.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty())?;
    Some(Provider { id: number_of(&book.products.providers, &name), name })
}

fn check(details: &GroupDetails, group: Option<GroupId>, book: &Book) -> Result<(), Refusal> {
    for (field, text) in [("code", &details.code), ("name", &details.name)] {
        if text.trim().is_empty() {
            return Err(Refusal::Invalid { field, rule: "not empty" });
        }
    }
    book.products.code_is_free(&details.code, group)
}

fn grouped(group_id: GroupId, item_id: ItemId, size: &str, book: &Book) -> Result<ItemGrouped, Refusal> {
    let group = book.products.groups.get(&group_id).ok_or(Refusal::UnknownProduct(group_id))?;
    if !book.items.contains_key(&item_id) {
        return Err(Refusal::ItemNotFound(item_id));
    }
    let size = size.trim();
    if size.is_empty() {
        return Err(Refusal::Invalid { field: "size", rule: "not empty" });
    }
    let size_id = number_of(&book.products.sizes, size);
    if group.variants.iter().any(|(other, taken)| *other != item_id && *taken == size_id) {
        return Err(Refusal::DuplicateSize { group: group_id, size: size.to_owned() });
    }
    Ok(ItemGrouped { item_id, group_id, size_id, size: size.to_owned() })
}
