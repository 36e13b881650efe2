//! The files of a catalogue: their columns, and a row's fields as a row of the database.

use diario_projections::search;
use diario_store::{
    Value,
    catalog::{self, Sheet},
};

/// The largest id. It fits where numbers are floats, as in browsers.
const ID_MAX: i64 = 1 << 53;
/// The longest name.
const NAME_MAX: usize = 200;
/// The longest part number.
const NUMBER_MAX: usize = 64;
/// The longest description.
const DESCRIPTION_MAX: usize = 2_000;
/// What a cross reference may be: the maker's own number, another maker's part, the number before or after it.
const TYPES: &[&str] = &["oem", "aftermarket", "superseded", "equivalent"];

/// What a field must be.
pub(super) enum Rule {
    /// The row's own id.
    Id,
    /// The id of a row of another file.
    Of(&'static str),
    /// A model year.
    Year,
    /// Text that is not empty and not longer.
    Text(usize),
    /// The same with at least one letter or digit.
    Number(usize),
    /// Text or nothing. The whole column may be missing.
    Optional(usize),
    /// One of some words.
    Word(&'static [&'static str]),
}

/// A column of a file.
pub(super) struct Column {
    pub(super) name: &'static str,
    pub(super) rule: Rule,
}

/// A file.
pub(super) struct FileKind {
    /// Its name without `.csv`.
    pub(super) name: &'static str,
    pub(super) sheet: &'static Sheet,
    pub(super) columns: &'static [Column],
    /// The row for the database, of the fields in the order of the columns.
    pub(super) row: fn(Vec<Value>) -> Vec<Value>,
    /// The file of the fixture.
    pub(super) fixture: &'static [u8],
}

macro_rules! fixture {
    ($name:literal) => {
        include_bytes!(concat!("../../../data/catalog/", $name, ".csv"))
    };
}

const fn column(name: &'static str, rule: Rule) -> Column {
    Column { name, rule }
}

/// Every file, each after those that it refers to.
pub(super) static FILES: &[FileKind] = &[
    FileKind {
        name: "brands",
        sheet: &catalog::BRANDS,
        columns: &[column("id", Rule::Id), column("name", Rule::Text(NAME_MAX))],
        row: as_it_is,
        fixture: fixture!("brands"),
    },
    FileKind {
        name: "models",
        sheet: &catalog::MODELS,
        columns: &[
            column("id", Rule::Id),
            column("brand_id", Rule::Of("brands")),
            column("name", Rule::Text(NAME_MAX)),
        ],
        row: as_it_is,
        fixture: fixture!("models"),
    },
    FileKind {
        name: "years",
        sheet: &catalog::YEARS,
        columns: &[column("id", Rule::Id), column("year", Rule::Year)],
        row: as_it_is,
        fixture: fixture!("years"),
    },
    FileKind {
        name: "engines",
        sheet: &catalog::ENGINES,
        columns: &[column("id", Rule::Id), column("name", Rule::Text(NAME_MAX))],
        row: as_it_is,
        fixture: fixture!("engines"),
    },
    FileKind {
        name: "model_year_engines",
        sheet: &catalog::MYE,
        columns: &[
            column("id", Rule::Id),
            column("model_id", Rule::Of("models")),
            column("year_id", Rule::Of("years")),
            column("engine_id", Rule::Of("engines")),
        ],
        row: as_it_is,
        fixture: fixture!("model_year_engines"),
    },
    FileKind {
        name: "categories",
        sheet: &catalog::CATEGORIES,
        columns: &[column("id", Rule::Id), column("name", Rule::Text(NAME_MAX))],
        row: as_it_is,
        fixture: fixture!("categories"),
    },
    FileKind {
        name: "groups",
        sheet: &catalog::GROUPS,
        columns: &[
            column("id", Rule::Id),
            column("category_id", Rule::Of("categories")),
            column("name", Rule::Text(NAME_MAX)),
        ],
        row: as_it_is,
        fixture: fixture!("groups"),
    },
    FileKind {
        name: "parts",
        sheet: &catalog::PARTS,
        columns: &[
            column("id", Rule::Id),
            column("group_id", Rule::Of("groups")),
            column("part_number", Rule::Number(NUMBER_MAX)),
            column("name", Rule::Text(NAME_MAX)),
            column("manufacturer", Rule::Number(NAME_MAX)),
            column("description", Rule::Optional(DESCRIPTION_MAX)),
        ],
        row: part,
        fixture: fixture!("parts"),
    },
    FileKind {
        name: "fitments",
        sheet: &catalog::FITMENTS,
        columns: &[column("mye_id", Rule::Of("model_year_engines")), column("part_id", Rule::Of("parts"))],
        row: as_it_is,
        fixture: fixture!("fitments"),
    },
    FileKind {
        name: "cross_references",
        sheet: &catalog::CROSS_REFERENCES,
        columns: &[
            column("part_id", Rule::Of("parts")),
            column("part_number", Rule::Number(NUMBER_MAX)),
            column("manufacturer", Rule::Number(NAME_MAX)),
            column("type", Rule::Word(TYPES)),
        ],
        row: cross_reference,
        fixture: fixture!("cross_references"),
    },
];

/// The file of a name.
pub(super) fn of_name(name: &str) -> Option<&'static FileKind> {
    FILES.iter().find(|kind| kind.name == name)
}

fn as_it_is(fields: Vec<Value>) -> Vec<Value> {
    fields
}

fn text(field: Option<&Value>) -> &str {
    match field {
        Some(Value::Text(Some(text))) => text,
        Some(Value::Text(None) | Value::Int(_) | Value::Bytes(_)) | None => "",
    }
}

fn part(mut fields: Vec<Value>) -> Vec<Value> {
    let number = text(fields.get(2));
    let maker = text(fields.get(4));
    let mut words = search::words(&format!("{} {maker} {}", text(fields.get(3)), text(fields.get(5))));
    words.sort_unstable();
    words.dedup();
    let more = [search::key(number), search::key(maker), words.join(" ")];
    fields.extend(more.map(Value::from));
    fields
}

fn cross_reference(mut fields: Vec<Value>) -> Vec<Value> {
    let keys = [search::key(text(fields.get(1))), search::key(text(fields.get(2)))];
    fields.splice(1..1, keys.map(Value::from));
    fields
}

impl Rule {
    /// The field's value, or what is wrong with it.
    pub(super) fn read(&self, field: &str) -> Result<Value, String> {
        match self {
            Self::Id | Self::Of(_) => whole(field, 1, ID_MAX),
            Self::Year => whole(field, 1900, 2100),
            Self::Number(max) => {
                let text = filled(field, *max)?;
                if search::key(text).is_empty() {
                    return Err(format!("{text:?} has no letter and no digit"));
                }
                Ok(Value::from(text))
            }
            Self::Optional(_) if field.is_empty() => Ok(Value::Text(None)),
            Self::Text(max) | Self::Optional(max) => filled(field, *max).map(Value::from),
            Self::Word(words) => match words.iter().find(|word| **word == field) {
                Some(word) => Ok(Value::from(*word)),
                None => Err(format!("{field:?} is none of {}", words.join(", "))),
            },
        }
    }
}

fn whole(field: &str, least: i64, most: i64) -> Result<Value, String> {
    match field.parse::<i64>() {
        Ok(number) if (least..=most).contains(&number) => Ok(Value::from(number)),
        Ok(_) => Err(format!("{field} is not between {least} and {most}")),
        Err(_) if field.is_empty() => Err("is empty".to_owned()),
        Err(_) => Err(format!("{field:?} is not a whole number")),
    }
}

fn filled(field: &str, max: usize) -> Result<&str, String> {
    if field.is_empty() {
        return Err("is empty".to_owned());
    }
    if field.chars().count() > max {
        return Err(format!("is longer than {max} characters"));
    }
    if field.contains('\0') {
        return Err("holds a zero byte".to_owned());
    }
    Ok(field)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_or_told_apart() {
        assert_eq!(Rule::Id.read("7"), Ok(Value::from(7)));
        for (rule, field, why) in [
            (Rule::Id, "", "empty"),
            (Rule::Id, "x", "whole number"),
            (Rule::Of("brands"), "0", "between 1"),
            (Rule::Year, "1850", "between 1900"),
            (Rule::Text(3), "abcd", "longer than 3"),
            (Rule::Text(3), "", "empty"),
            (Rule::Text(3), "a\0", "zero byte"),
            (Rule::Number(9), "--", "no letter"),
            (Rule::Word(TYPES), "OEM", "none of oem"),
        ] {
            let said = rule.read(field).unwrap_err();
            assert!(said.contains(why), "{field:?}: {said}");
        }
        assert_eq!(Rule::Optional(3).read(""), Ok(Value::Text(None)));
    }

    #[test]
    fn a_part_is_found_by_its_number_without_signs_and_by_its_words() {
        let fields = ["1", "2", "04465-02220", "Balatas de Frenó", "TOYOTA", "freno 4wd"];
        let mut row: Vec<Value> = fields.iter().map(|field| Value::from(*field)).collect();
        row[0] = Value::from(1);
        let row = part(row);
        assert_eq!(row.len(), catalog::PARTS.columns.len());
        assert_eq!(row[6..], ["0446502220", "TOYOTA", "4wd balatas de freno toyota"].map(Value::from));
        let row =
            cross_reference(["1", "A-1", "Bosch", "oem"].iter().map(|field| Value::from(*field)).collect());
        assert_eq!(row[1..3], ["A1", "BOSCH"].map(Value::from));
        assert_eq!(row.len(), catalog::CROSS_REFERENCES.columns.len());
    }

    #[test]
    fn every_file_stands_behind_those_that_it_refers_to() {
        for (place, kind) in FILES.iter().enumerate() {
            for column in kind.columns {
                if let Rule::Of(other) = column.rule {
                    assert!(
                        FILES[..place].iter().any(|kind| kind.name == other),
                        "{}.{}",
                        kind.name,
                        column.name
                    );
                }
            }
        }
    }
}
