use std::collections::{BTreeMap, HashSet};
use std::time::{Duration, Instant};

use futures_util::future::join_all;

use crate::command::Command;
use crate::history::Kind;
use crate::model::Noun;
use crate::play::{Deed, Parting, Watch, World, replay};

/// The shortest history found that still parts, and how it was found.
#[derive(Debug)]
pub struct Shrunk {
    pub parting: Parting,
    pub tries: usize,
    pub exhausted: bool,
}

/// How many shorter histories are tried at once, each in a tenant of its own.
const WIDE: usize = 4;

struct Search<'a> {
    world: &'a World,
    best: Parting,
    tries: usize,
    until: Instant,
}

/// Looks for a shorter history that parts as well: only the deeds that have to do with the last one, then
/// without whole kinds of deeds, then without parts of it, halves first and single deeds last, and at last
/// without single lines. A deed keeps the names of what it was done to, so that leaving one out does not
/// change what the others mean.
pub async fn shrink(world: &World, parting: Parting, budget: Duration) -> Shrunk {
    let mut search = Search { world, best: parting, tries: 0, until: Instant::now() + budget };
    let exhausted = search.run().await;
    // The shortest was watched at its end only: it may be seen to part earlier.
    let (deeds, proof) = (search.best.deeds.clone(), search.best.in_proof);
    if let Err(parting) = replay(world, &deeds, Watch::Closely, proof).await {
        search.best = parting;
    }
    Shrunk { parting: search.best, tries: search.tries, exhausted }
}

impl Search<'_> {
    /// False when the time was up before everything was tried.
    async fn run(&mut self) -> bool {
        for wide in [false, true] {
            let kin = kin_of_the_last(&self.best.deeds, wide);
            if self.first_that_parts(vec![kin]).await.is_some() {
                break;
            }
        }
        loop {
            let before = size_of(&self.best.deeds);
            self.without_kinds().await;
            self.without_parts().await;
            self.without_lines().await;
            let out_of_time = Instant::now() >= self.until;
            if out_of_time || size_of(&self.best.deeds) == before {
                return !out_of_time;
            }
        }
    }

    /// Tries all of these at once and takes the first that parts: its place among them.
    async fn first_that_parts(&mut self, histories: Vec<Vec<Deed>>) -> Option<usize> {
        if Instant::now() >= self.until {
            return None;
        }
        self.tries += histories.len();
        let (world, proof) = (self.world, self.best.in_proof);
        let tries = histories.iter().map(|deeds| replay(world, deeds, Watch::AtTheEnd, proof));
        let outcomes = join_all(tries).await;
        let (place, parting) =
            outcomes.into_iter().enumerate().find_map(|(place, outcome)| Some((place, outcome.err()?)))?;
        self.best = parting;
        Some(place)
    }

    async fn without_kinds(&mut self) {
        let mut counts: BTreeMap<usize, HashSet<Kind>> = BTreeMap::new();
        let kinds: HashSet<Kind> = self.best.deeds.iter().map(|deed| deed.kind).collect();
        for kind in kinds {
            let count = self.best.deeds.iter().filter(|deed| deed.kind == kind).count();
            counts.entry(count).or_default().insert(kind);
        }
        for kind in counts.into_values().rev().flatten() {
            let last = self.best.deeds.len() - 1;
            let rest = self.best.deeds.iter().enumerate();
            let rest: Vec<Deed> = rest
                .filter(|(place, deed)| *place == last || deed.kind != kind)
                .map(|(_, deed)| deed.clone())
                .collect();
            if rest.len() < self.best.deeds.len() {
                self.first_that_parts(vec![rest]).await;
            }
        }
    }

    async fn without_parts(&mut self) {
        let mut size = self.best.deeds.len().div_ceil(2);
        while size > 0 && Instant::now() < self.until {
            let mut start = 0;
            while start < self.best.deeds.len() && self.best.deeds.len() > 1 {
                let deeds = &self.best.deeds;
                let starts: Vec<usize> = (0..WIDE)
                    .map(|place| start + place * size)
                    .filter(|start| *start < deeds.len())
                    .collect();
                let without = |start: &usize| {
                    let end = (start + size).min(deeds.len());
                    deeds[..*start].iter().chain(&deeds[end..]).cloned().collect()
                };
                let histories: Vec<Vec<Deed>> = starts.iter().map(without).collect();
                match self.first_that_parts(histories).await {
                    Some(place) => start = starts[place],
                    None => start += WIDE * size,
                }
                if Instant::now() >= self.until {
                    return;
                }
            }
            size = if size == 1 { 0 } else { size.div_ceil(2).min(self.best.deeds.len()) };
        }
    }

    async fn without_lines(&mut self) {
        let mut place = 0;
        while place < self.best.deeds.len() {
            let mut line = 0;
            while let Some(deed) = self.best.deeds.get(place)
                && let Some(command) = &deed.command
                && line < command.lines()
                && command.lines() > 1
            {
                let mut shorter = self.best.deeds.clone();
                shorter[place].command = Some(command.clone().without(line));
                if self.first_that_parts(vec![shorter]).await.is_none() {
                    line += 1;
                }
            }
            place += 1;
        }
    }
}

/// How many deeds and lines there are.
fn size_of(deeds: &[Deed]) -> usize {
    let lines = |deed: &Deed| deed.command.as_ref().map_or(0, Command::lines);
    deeds.iter().map(|deed| 1 + lines(deed)).sum()
}

/// What a deed names and makes, less what nearly every deed has in common.
fn things(deed: &Deed) -> HashSet<(Noun, usize)> {
    let mut things: HashSet<(Noun, usize)> = deed.made.into_iter().collect();
    if let Some(mut command) = deed.command.clone() {
        Command::visit(&mut command, &mut |noun, place| {
            things.insert((noun, *place));
        });
    }
    things.retain(|(noun, _)| !matches!(noun, Noun::Branch | Noun::Till | Noun::Session));
    things
}

/// The deeds that have to do with what the last one names, and those that made what they need; widely, also
/// those that have to do with what these name, and so on.
fn kin_of_the_last(deeds: &[Deed], widely: bool) -> Vec<Deed> {
    let mut wanted = deeds.last().map(things).unwrap_or_default();
    loop {
        let before = wanted.len();
        for deed in deeds {
            let things = things(deed);
            let made = deed.made.is_some_and(|made| wanted.contains(&made));
            if made || (widely && !things.is_disjoint(&wanted)) {
                wanted.extend(things);
            }
        }
        if wanted.len() == before {
            break;
        }
    }
    let last = deeds.len().saturating_sub(1);
    let kin = deeds.iter().enumerate().filter(|(place, deed)| {
        let nobodys = things(deed).is_empty() && deed.command.is_some();
        *place == last || nobodys || !things(deed).is_disjoint(&wanted)
    });
    kin.map(|(_, deed)| deed.clone()).collect()
}
