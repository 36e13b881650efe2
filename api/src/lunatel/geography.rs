//! Turkey's cities, towns and neighbourhoods with their postal codes: reference data, read from a file in the program
//! when they are first asked for. `api/data/README.md` says where they come from.

use std::{
    collections::HashMap,
    io::{Cursor, Read as _},
    sync::{Arc, LazyLock},
};

use crate::error::{Problem, Rule};

const ARCHIVE: &[u8] = include_bytes!("../../data/turkey.zip");

/// A city; its id is its plate code.
pub struct City {
    pub id: i64,
    pub name: Box<str>,
}

/// A town (ilçe) of a city.
pub struct Town {
    pub id: i64,
    pub city: i64,
    pub name: Box<str>,
}

/// A neighbourhood (mahalle, köy) of a town.
pub struct Neighbourhood {
    pub id: i64,
    pub town: i64,
    pub name: Box<str>,
    pub zip: Box<str>,
}

/// All of it.
#[derive(Default)]
pub struct Atlas {
    pub cities: Vec<City>,
    towns: Vec<Town>,
    neighbourhoods: Vec<Neighbourhood>,
    /// Where in the list a town's neighbourhoods are: they lie together.
    of_town: HashMap<i64, std::ops::Range<usize>>,
    by_id: HashMap<i64, usize>,
}

/// A place as an address names it.
pub struct Place<'a> {
    pub city: &'a City,
    pub town: &'a Town,
    pub neighbourhood: &'a Neighbourhood,
}

/// The file was made wrong: never what a caller has done.
#[derive(Debug, thiserror::Error)]
#[error("the cities cannot be read: {0}")]
struct Unreadable(String);

static ATLAS: LazyLock<Result<Atlas, String>> = LazyLock::new(read);

/// The cities of the country.
pub fn atlas() -> Result<&'static Atlas, Problem> {
    ATLAS.as_ref().map_err(|why| Problem::Internal(Arc::new(Unreadable(why.clone()))))
}

fn read() -> Result<Atlas, String> {
    let mut text = String::new();
    let mut archive = zip::ZipArchive::new(Cursor::new(ARCHIVE)).map_err(|error| error.to_string())?;
    let mut file = archive.by_name("turkey.tsv").map_err(|error| error.to_string())?;
    file.read_to_string(&mut text).map_err(|error| error.to_string())?;
    let mut atlas = Atlas::default();
    for line in text.lines() {
        atlas.line(line).ok_or_else(|| format!("a line says {line:?}"))?;
    }
    Ok(atlas)
}

impl Atlas {
    fn line(&mut self, line: &str) -> Option<()> {
        let mut parts = line.split('\t');
        let kind = parts.next()?;
        let id = parts.next()?.parse().ok()?;
        let name = parts.next()?.into();
        match kind {
            "C" => self.cities.push(City { id, name }),
            "T" => {
                let city = self.cities.last()?.id;
                let here = self.neighbourhoods.len();
                self.of_town.insert(id, here..here);
                self.towns.push(Town { id, city, name });
            }
            "N" => {
                let town = self.towns.last()?.id;
                self.by_id.insert(id, self.neighbourhoods.len());
                let zip = parts.next()?.into();
                self.neighbourhoods.push(Neighbourhood { id, town, name, zip });
                self.of_town.get_mut(&town)?.end = self.neighbourhoods.len();
            }
            _ => return None,
        }
        Some(())
    }

    /// The towns of a city; nothing where there is no such city.
    pub fn towns(&self, city: i64) -> Option<Vec<&Town>> {
        self.cities.iter().find(|known| known.id == city)?;
        Some(self.towns.iter().filter(|town| town.city == city).collect())
    }

    /// The neighbourhoods of a town; nothing where there is no such town.
    pub fn neighbourhoods(&self, town: i64) -> Option<&[Neighbourhood]> {
        self.neighbourhoods.get(self.of_town.get(&town)?.clone())
    }

    /// A place by its three ids, each of which must be a part of the one before; they are named as the caller knows
    /// them.
    pub fn place(&self, ids: [(&str, i64); 3]) -> Result<Place<'_>, Problem> {
        let [(city_field, city), (town_field, town), (neighbourhood_field, neighbourhood)] = ids;
        let wrong = |field: &str, form| Problem::field(field, Rule::Form(form));
        let city = self
            .cities
            .iter()
            .find(|known| known.id == city)
            .ok_or_else(|| wrong(city_field, "Address/GetCitys"))?;
        let town = self
            .towns
            .iter()
            .find(|known| known.id == town && known.city == city.id)
            .ok_or_else(|| wrong(town_field, "Address/GetTowns"))?;
        let neighbourhood = self
            .by_id
            .get(&neighbourhood)
            .and_then(|place| self.neighbourhoods.get(*place))
            .filter(|known| known.town == town.id)
            .ok_or_else(|| wrong(neighbourhood_field, "Address/GetNeighborhood"))?;
        Ok(Place { city, town, neighbourhood })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_of_turkey_is_there_and_each_place_is_in_the_one_above() {
        let atlas = read().unwrap();
        assert_eq!((atlas.cities.len(), atlas.towns.len(), atlas.neighbourhoods.len()), (81, 973, 73_305));
        assert_eq!((atlas.by_id.len(), atlas.of_town.len()), (73_305, 973));
        assert_eq!(&*atlas.cities.iter().find(|city| city.id == 34).unwrap().name, "İstanbul");
        let mut found = 0;
        for city in &atlas.cities {
            for town in atlas.towns(city.id).unwrap() {
                for one in atlas.neighbourhoods(town.id).unwrap() {
                    assert!(
                        one.zip.len() == 5 && one.zip.starts_with(&format!("{:02}", city.id)),
                        "{}",
                        one.name
                    );
                    found += 1;
                }
            }
        }
        assert_eq!(found, 73_305);
        assert!(atlas.towns(0).is_none() && atlas.neighbourhoods(0).is_none());
        let of_another = [("cityID", 1), ("townID", atlas.towns(34).unwrap()[0].id), ("neighborhoodID", 1)];
        assert!(atlas.place(of_another).is_err());
    }
}
