//! Queries of the vehicle catalogue, with what the asking shop has of each part.
//!
//! The catalogue is reference data, loaded and not folded from a log: there is no projection here. A shop's item is
//! that of a part when it names the part, else when it has the part's number.

use std::collections::HashSet;

use diario_domain::{BranchId, ItemId, Quantity, TenantId, UnitPrice};
use diario_store::{
    Database, Row, StoreError, Value,
    catalog::{BEGINNING_MAX, beginning},
    params,
    postings::{Block, IdSet},
};

use crate::{
    Page, Paged,
    page::{List, Order},
    search,
};

/// A name with its id.
#[derive(Clone, Debug)]
pub struct Named {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
}

/// A maker of vehicles, a category or a group, and how many parts are there.
#[derive(Clone, Debug)]
pub struct Counted {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Parts.
    pub parts: i64,
}

fn named(row: &Row) -> Result<Named, StoreError> {
    Ok(Named { id: row.int(0)?, name: row.text(1)? })
}

fn counted(row: &Row) -> Result<Counted, StoreError> {
    Ok(Counted { id: row.int(0)?, name: row.text(1)?, parts: row.int(2)? })
}

/// Makers of vehicles that some part fits.
pub async fn brands(db: &Database) -> Result<Vec<Counted>, StoreError> {
    let sql =
        "SELECT brand_id, name, part_count FROM catalog_brands WHERE part_count > 0 ORDER BY name, brand_id";
    db.query(sql, vec![]).await?.iter().map(counted).collect()
}

/// A maker's models.
pub async fn models(db: &Database, brand: i64) -> Result<Vec<Named>, StoreError> {
    let sql = "SELECT model_id, name FROM catalog_models WHERE brand_id = $1 ORDER BY name, model_id";
    db.query(sql, params![brand]).await?.iter().map(named).collect()
}

/// The years of a model, newest first: id and year.
pub async fn years(db: &Database, model: i64) -> Result<Vec<(i64, i64)>, StoreError> {
    let sql = "SELECT DISTINCT y.year_id, y.year FROM catalog_mye m JOIN catalog_years y ON y.year_id = m.year_id \
               WHERE m.model_id = $1 ORDER BY y.year DESC, y.year_id";
    db.query(sql, params![model]).await?.iter().map(|row| Ok((row.int(0)?, row.int(1)?))).collect()
}

/// An engine of a model and year, and the vehicle that the three make.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Engine {
    pub engine_id: i64,
    pub mye_id: i64,
    pub name: String,
}

/// The engines of a model in a year.
pub async fn engines(db: &Database, model: i64, year: i64) -> Result<Vec<Engine>, StoreError> {
    let sql = "SELECT e.engine_id, m.mye_id, e.name FROM catalog_mye m \
               JOIN catalog_engines e ON e.engine_id = m.engine_id \
               WHERE m.model_id = $1 AND m.year_id = $2 ORDER BY e.name, m.mye_id";
    let rows = db.query(sql, params![model, year]).await?;
    rows.iter()
        .map(|row| Ok(Engine { engine_id: row.int(0)?, mye_id: row.int(1)?, name: row.text(2)? }))
        .collect()
}

/// The categories that a vehicle has parts in.
pub async fn categories(db: &Database, mye: i64) -> Result<Vec<Counted>, StoreError> {
    let sql = "SELECT c.category_id, c.name, COUNT(*) FROM catalog_fitments f \
               JOIN catalog_parts p ON p.part_id = f.part_id JOIN catalog_groups g ON g.group_id = p.group_id \
               JOIN catalog_categories c ON c.category_id = g.category_id WHERE f.mye_id = $1 \
               GROUP BY c.category_id, c.name ORDER BY c.name, c.category_id";
    db.query(sql, params![mye]).await?.iter().map(counted).collect()
}

/// The groups of a category that a vehicle has parts in.
pub async fn groups(db: &Database, mye: i64, category: i64) -> Result<Vec<Counted>, StoreError> {
    let sql = "SELECT g.group_id, g.name, COUNT(*) FROM catalog_fitments f \
               JOIN catalog_parts p ON p.part_id = f.part_id JOIN catalog_groups g ON g.group_id = p.group_id \
               WHERE f.mye_id = $1 AND g.category_id = $2 GROUP BY g.group_id, g.name ORDER BY g.name, g.group_id";
    db.query(sql, params![mye, category]).await?.iter().map(counted).collect()
}

/// Who asks, and the branch whose stock is "local".
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Asker {
    pub tenant: TenantId,
    pub branch: BranchId,
}

/// A part as lists show it.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub struct PartRow {
    pub part_id: i64,
    pub part_number: String,
    pub name: String,
    pub manufacturer: String,
    /// The shop's own item.
    pub item_id: Option<ItemId>,
    /// On hand in the asker's branch.
    pub local_stock: Quantity,
    /// The item's first price.
    pub local_price: Option<UnitPrice>,
    /// Other parts that can take its place.
    pub alternatives: i64,
}

/// An item's number as a part's: the index `items_by_number` holds this very expression.
const ITEM_KEY: &str = "CAST(UPPER(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(i.sku, '-', ''), ' ', ''), '.', ''), '/', ''), '_', '')) AS TEXT)";

/// The parts that share a number with a part, itself among them: its own number or one of its cross references, as
/// their own or as one of theirs.
fn sharing(part_id: &str, number_key: &str, maker_key: &str) -> String {
    format!(
        "SELECT o.part_id FROM catalog_parts o WHERE o.number_key = {number_key} AND o.maker_key = {maker_key} \
         UNION SELECT o.part_id FROM catalog_cross_references o \
            WHERE o.number_key = {number_key} AND o.maker_key = {maker_key} \
         UNION SELECT o.part_id FROM catalog_cross_references c \
            JOIN catalog_parts o ON o.number_key = c.number_key AND o.maker_key = c.maker_key \
            WHERE c.part_id = {part_id} \
         UNION SELECT o.part_id FROM catalog_cross_references c \
            JOIN catalog_cross_references o ON o.number_key = c.number_key AND o.maker_key = c.maker_key \
            WHERE c.part_id = {part_id}"
    )
}

/// Lists of parts are filled up to these lengths, so that there are few texts of the query to be planned.
const LENGTHS: [usize; 3] = [1, 50, 200];

/// The largest number of parts that one query shows.
pub const PARTS_MAX: i64 = 200;

/// The smallest id of the items that a condition is true of. The plus keeps both engines from walking all items in
/// the order of their ids until one is.
fn first_item(condition: &str) -> String {
    format!(
        "(SELECT MIN(+i.item_id) FROM items i WHERE i.tenant_id = $1 AND {condition} AND i.is_active = 1)"
    )
}

/// Parts by their ids, in the order of the ids; at most [`PARTS_MAX`]. Everything is looked up part by part: a join
/// would have Postgres read all prices of the tenant where it thinks there are few.
async fn parts_of(db: &Database, asker: Asker, ids: &[i64]) -> Result<Vec<PartRow>, StoreError> {
    let Some(last) = ids.last() else { return Ok(Vec::new()) };
    let length = LENGTHS.into_iter().find(|length| *length >= ids.len()).unwrap_or(ids.len());
    let places: Vec<_> = (0..length).map(|place| format!("${}", place + 3)).collect();
    let sql = format!(
        "WITH f AS MATERIALIZED (SELECT p.part_id, p.part_number, p.name, p.manufacturer, p.number_key, p.maker_key, \
            COALESCE({}, {}) AS item_id \
            FROM catalog_parts p WHERE p.part_id IN ({})) \
         SELECT f.part_id, f.part_number, f.name, f.manufacturer, f.item_id, \
            COALESCE((SELECT s.on_hand FROM stock s WHERE s.tenant_id = $1 AND s.item_id = f.item_id AND s.branch_id = $2), 0), \
            (SELECT r.price_1 FROM item_prices r WHERE r.tenant_id = $1 AND r.item_id = f.item_id), \
            (SELECT COUNT(*) FROM ({}) a WHERE a.part_id <> f.part_id) FROM f",
        first_item("i.catalog_part_id = p.part_id"),
        first_item(&format!("{ITEM_KEY} = p.number_key")),
        places.join(", "),
        sharing("f.part_id", "f.number_key", "f.maker_key")
    );
    let mut params = params![asker.tenant.0, asker.branch.0];
    params.extend((0..length).map(|place| Value::from(*ids.get(place).unwrap_or(last))));
    let rows = db.query(&sql, params).await?;
    let mut found = rows.iter().map(part).collect::<Result<Vec<_>, _>>()?;
    found.sort_by_key(|part| ids.iter().position(|id| *id == part.part_id));
    Ok(found)
}

fn part(row: &Row) -> Result<PartRow, StoreError> {
    Ok(PartRow {
        part_id: row.int(0)?,
        part_number: row.text(1)?,
        name: row.text(2)?,
        manufacturer: row.text(3)?,
        item_id: row.opt_int(4)?.map(ItemId),
        local_stock: Quantity(row.int(5)?),
        local_price: row.opt_int(6)?.map(UnitPrice),
        alternatives: row.int(7)?,
    })
}

/// A page of a group's parts for a vehicle, by id.
pub async fn parts(
    db: &Database,
    asker: Asker,
    mye: i64,
    group: i64,
    page: Page,
) -> Result<Paged<PartRow>, StoreError> {
    let from = "FROM catalog_fitments f JOIN catalog_parts p ON p.part_id = f.part_id ";
    let list = List {
        select: &format!("SELECT f.part_id {from}"),
        counted: from,
        conditions: "WHERE f.mye_id = $1 AND p.group_id = $2",
        params: params![mye, group],
        keys: &["f.part_id"],
        order: Order::Ascending,
    };
    let page = Page { limit: page.limit.min(PARTS_MAX), ..page };
    let found = list.page(db, page, |row| row.int(0), |id| [*id, 0]).await?;
    let rows = parts_of(db, asker, &found.rows).await?;
    Ok(Paged { rows, total: found.total, next: found.next })
}

/// Another number of a part.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub struct CrossReference {
    pub part_number: String,
    pub manufacturer: String,
    pub kind: String,
}

/// A vehicle in words.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Vehicle {
    pub mye_id: i64,
    pub brand: String,
    pub model: String,
    pub year: i64,
    pub engine: String,
}

/// A part with all that is known of it.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Part {
    pub row: PartRow,
    pub description: Option<String>,
    pub group: Named,
    pub category: Named,
    pub alternatives: Vec<PartRow>,
    pub cross_references: Vec<CrossReference>,
    /// The first [`VEHICLES_MAX`] that it fits.
    pub vehicles: Vec<Vehicle>,
}

/// Vehicles that a part's detail names.
pub const VEHICLES_MAX: i64 = 500;

/// One part.
pub async fn find(db: &Database, asker: Asker, id: i64) -> Result<Option<Part>, StoreError> {
    let Some(row) = parts_of(db, asker, &[id]).await?.into_iter().next() else { return Ok(None) };
    let sql = "SELECT p.description, g.group_id, g.name, c.category_id, c.name, p.number_key, p.maker_key FROM catalog_parts p \
               JOIN catalog_groups g ON g.group_id = p.group_id \
               JOIN catalog_categories c ON c.category_id = g.category_id WHERE p.part_id = $1";
    let rows = db.query(sql, params![id]).await?;
    let Some(place) = rows.first() else { return Ok(None) };
    let sql = format!(
        "SELECT a.part_id FROM ({}) a WHERE a.part_id <> $1 ORDER BY a.part_id LIMIT $4",
        sharing("$1", "$2", "$3")
    );
    let rows = db.query(&sql, params![id, place.text(5)?, place.text(6)?, PARTS_MAX]).await?;
    let ids = rows.iter().map(|row| row.int(0)).collect::<Result<Vec<_>, _>>()?;
    Ok(Some(Part {
        row,
        description: place.opt_text(0)?,
        group: Named { id: place.int(1)?, name: place.text(2)? },
        category: Named { id: place.int(3)?, name: place.text(4)? },
        alternatives: parts_of(db, asker, &ids).await?,
        cross_references: cross_references(db, id).await?,
        vehicles: vehicles(db, id).await?,
    }))
}

async fn cross_references(db: &Database, part: i64) -> Result<Vec<CrossReference>, StoreError> {
    let sql = "SELECT part_number, manufacturer, type FROM catalog_cross_references WHERE part_id = $1 \
               ORDER BY manufacturer, number_key LIMIT $2";
    let rows = db.query(sql, params![part, PARTS_MAX]).await?;
    rows.iter()
        .map(|row| {
            Ok(CrossReference { part_number: row.text(0)?, manufacturer: row.text(1)?, kind: row.text(2)? })
        })
        .collect()
}

async fn vehicles(db: &Database, part: i64) -> Result<Vec<Vehicle>, StoreError> {
    let sql = "SELECT v.mye_id, b.name, m.name, y.year, e.name FROM catalog_fitments f \
               JOIN catalog_mye v ON v.mye_id = f.mye_id JOIN catalog_models m ON m.model_id = v.model_id \
               JOIN catalog_brands b ON b.brand_id = m.brand_id JOIN catalog_years y ON y.year_id = v.year_id \
               JOIN catalog_engines e ON e.engine_id = v.engine_id WHERE f.part_id = $1 \
               ORDER BY b.name, m.name, y.year DESC, e.name, v.mye_id LIMIT $2";
    let rows = db.query(sql, params![part, VEHICLES_MAX]).await?;
    rows.iter()
        .map(|row| {
            Ok(Vehicle {
                mye_id: row.int(0)?,
                brand: row.text(1)?,
                model: row.text(2)?,
                year: row.int(3)?,
                engine: row.text(4)?,
            })
        })
        .collect()
}

/// Why a part was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Match {
    /// Its number is what was asked for.
    Number,
    /// Another number of it is.
    CrossReference,
    /// A number of it begins so.
    NumberPrefix,
    /// All words stand in it.
    Words,
}

/// The words of a query that count; what is said after so many narrows nothing.
const WORDS_MAX: usize = 12;
/// Rows of the word index that the beginning of words may stand for. The index has the parts of short ones in a few
/// rows, and one of four letters begins fewer words than this in any language.
const WORD_ROWS_MAX: i64 = 20_000;
/// Parts that are looked at because their number begins with one word of several.
const WORD_NUMBERS_MAX: i64 = 2_000;
/// Rows that are read for each part that is wanted: a part may have several numbers that begin alike.
const NUMBERS_EACH: i64 = 4;

/// Finds parts by number (with or without its signs, or its beginning), by the numbers of others that name them, and
/// by words or their beginnings; the best first.
pub async fn find_by_text(
    db: &Database,
    asker: Asker,
    text: &str,
    limit: i64,
) -> Result<Vec<(Match, PartRow)>, StoreError> {
    let limit = usize::try_from(limit.min(PARTS_MAX)).unwrap_or_default();
    let mut found: Vec<(Match, i64)> = Vec::new();
    let mut seen = HashSet::new();
    let key = search::key(text);
    if !key.is_empty() {
        let most = i64::try_from(limit).unwrap_or(PARTS_MAX) * NUMBERS_EACH;
        for (number, is_own, id) in numbers(db, &key, most).await? {
            let why = match (number == key, is_own) {
                (true, true) => Match::Number,
                (true, false) => Match::CrossReference,
                (false, _) => Match::NumberPrefix,
            };
            if found.len() < limit && seen.insert(id) {
                found.push((why, id));
            }
        }
    }
    if found.len() < limit {
        let (whole, begun) = by_words(db, text).await?;
        for id in whole.ids().chain(begun.ids()) {
            if found.len() >= limit {
                break;
            }
            if seen.insert(id) {
                found.push((Match::Words, id));
            }
        }
    }
    let ids: Vec<i64> = found.iter().map(|(_, id)| *id).collect();
    let rows = parts_of(db, asker, &ids).await?;
    let reasons: std::collections::HashMap<i64, Match> = found.iter().map(|(why, id)| (*id, *why)).collect();
    Ok(rows
        .into_iter()
        .map(|row| (reasons.get(&row.part_id).copied().unwrap_or(Match::Words), row))
        .collect())
}

/// The end of all texts that begin so: no letter is larger.
fn end_of(prefix: &str) -> String {
    format!("{prefix}{}", char::MAX)
}

/// Numbers that begin so, in their order, the parts' own before cross references: number, whether it is the part's
/// own, part.
async fn numbers(db: &Database, prefix: &str, limit: i64) -> Result<Vec<(String, bool, i64)>, StoreError> {
    let sql = "SELECT n.number_key, n.is_cross, n.part_id FROM ( \
                 SELECT o.number_key, o.is_cross, o.part_id FROM (SELECT number_key, 0 AS is_cross, part_id \
                   FROM catalog_parts WHERE number_key >= $1 AND number_key < $2 \
                   ORDER BY number_key, maker_key, part_id LIMIT $3) o \
                 UNION ALL \
                 SELECT c.number_key, c.is_cross, c.part_id FROM (SELECT number_key, 1 AS is_cross, part_id \
                   FROM catalog_cross_references WHERE number_key >= $1 AND number_key < $2 \
                   ORDER BY number_key, maker_key, part_id LIMIT $3) c) n \
               ORDER BY n.number_key, n.is_cross, n.part_id";
    let rows = db.query(sql, params![prefix, end_of(prefix), limit]).await?;
    rows.iter().map(|row| Ok((row.text(0)?, row.int(1)? == 0, row.int(2)?))).collect()
}

/// The parts that all words of a text stand in: whole, and as their beginnings. What is written together and has a
/// digit may be the beginning of a number instead.
async fn by_words(db: &Database, text: &str) -> Result<(IdSet, IdSet), StoreError> {
    let mut terms: Vec<String> = Vec::new();
    let mut chunks: Vec<&str> = Vec::new();
    for chunk in text.split_whitespace() {
        if chunk.chars().any(|letter| letter.is_ascii_digit()) {
            chunks.push(chunk);
        } else {
            terms.extend(search::words(chunk));
        }
    }
    // Long words are rare words: what they leave is soon little.
    terms.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    terms.dedup();
    let mut result: Option<(IdSet, IdSet)> = None;
    for chunk in chunks.into_iter().take(WORDS_MAX) {
        if nothing_left(result.as_ref()) {
            break;
        }
        let mut sets: Option<(IdSet, IdSet)> = None;
        for word in search::words(chunk) {
            narrow(&mut sets, standing(db, &word).await?);
        }
        let Some((whole, mut begun)) = sets else { continue };
        for (_, _, id) in numbers(db, &search::key(chunk), WORD_NUMBERS_MAX).await? {
            begun.insert(id);
        }
        narrow(&mut result, (whole, begun));
    }
    for word in terms.iter().take(WORDS_MAX) {
        if nothing_left(result.as_ref()) {
            break;
        }
        narrow(&mut result, standing(db, word).await?);
    }
    Ok(result.unwrap_or_default())
}

/// Whether no further word can find anything.
fn nothing_left(result: Option<&(IdSet, IdSet)>) -> bool {
    result.is_some_and(|(_, begun)| begun.is_empty())
}

fn narrow(result: &mut Option<(IdSet, IdSet)>, (whole, begun): (IdSet, IdSet)) {
    match result {
        None => *result = Some((whole, begun)),
        Some((all_whole, all_begun)) => {
            all_whole.intersect(&whole);
            all_begun.intersect(&begun);
        }
    }
}

/// The parts that a word stands in, whole and as the beginning of one.
async fn standing(db: &Database, word: &str) -> Result<(IdSet, IdSet), StoreError> {
    const COLUMNS: &str = "SELECT CASE WHEN word = $1 THEN 1 ELSE 0 END, block, parts FROM catalog_words";
    let rows = if word.chars().count() <= BEGINNING_MAX {
        let sql = format!("{COLUMNS} WHERE word IN ($1, $2)");
        db.query(&sql, params![word, beginning(word)]).await?
    } else {
        let sql = format!("{COLUMNS} WHERE word >= $1 AND word < $2 ORDER BY word, block LIMIT $3");
        db.query(&sql, params![word, end_of(word), WORD_ROWS_MAX]).await?
    };
    let (mut whole, mut begun) = (IdSet::default(), IdSet::default());
    for row in &rows {
        let (number, parts) = (row.int(1)?, Block::from_bytes(&row.bytes(2)?));
        if row.int(0)? != 0 {
            whole.unite(number, &parts);
        }
        begun.unite(number, &parts);
    }
    Ok((whole, begun))
}

/// Whether there is a catalogue at all.
pub async fn is_empty(db: &Database) -> Result<bool, StoreError> {
    Ok(db.query("SELECT part_id FROM catalog_parts LIMIT 1", vec![]).await?.is_empty())
}
