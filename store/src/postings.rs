//! Sets of ids, in blocks of 65,536: what an inverted index holds, small enough to be one cell of a row.
//!
//! A block is a sorted list of 16-bit numbers while it is thin and a bitmap when it is not, so that it never takes
//! more than 8 KiB and two of them are met in microseconds.

use std::collections::BTreeMap;

/// Bytes of a bitmap. A list is always shorter: that is how they are told apart.
const BITMAP_BYTES: usize = 8_192;
const WORDS: usize = BITMAP_BYTES / 8;
/// The longest list.
const LIST_MAX: usize = BITMAP_BYTES / 2 - 1;

/// So many are put into a list one by one: rare words are most of the words that begin alike.
const FEW: usize = 16;

/// The ids of one block, by their place in it.
#[derive(Clone, Debug)]
pub enum Block {
    /// In order, each once.
    List(Vec<u16>),
    /// A bit for each.
    Bitmap(Box<[u64; WORDS]>),
}

impl Default for Block {
    fn default() -> Self {
        Self::List(Vec::new())
    }
}

/// The block that an id lies in, and its place there.
#[must_use]
pub fn place(id: i64) -> (i64, u16) {
    let low = id & 0xffff;
    (id >> 16, u16::try_from(low).unwrap_or_default())
}

/// The id at a place of a block.
#[must_use]
pub fn id_at(block: i64, low: u16) -> i64 {
    (block << 16) | i64::from(low)
}

const fn bit(low: u16) -> (usize, u64) {
    ((low >> 6) as usize, 1 << (low & 63))
}

impl Block {
    /// A block as [`Block::to_bytes`] wrote it.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Self {
        if bytes.len() == BITMAP_BYTES {
            let mut words = Box::new([0; WORDS]);
            for (word, part) in words.iter_mut().zip(bytes.chunks_exact(8)) {
                *word = part.iter().fold(0, |word, byte| (word << 8) | u64::from(*byte));
            }
            return Self::Bitmap(words);
        }
        Self::List(bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect())
    }

    /// Its bytes: one form only for one set.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        match self {
            Self::List(list) => list.iter().flat_map(|low| low.to_be_bytes()).collect(),
            Self::Bitmap(words) => words.iter().flat_map(|word| word.to_be_bytes()).collect(),
        }
    }

    /// How many ids it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::List(list) => list.len(),
            Self::Bitmap(words) => words.iter().map(|word| word.count_ones() as usize).sum(),
        }
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Self::List(list) => list.is_empty(),
            Self::Bitmap(words) => words.iter().all(|word| *word == 0),
        }
    }

    /// Whether it holds this one.
    #[must_use]
    pub fn contains(&self, low: u16) -> bool {
        match self {
            Self::List(list) => list.binary_search(&low).is_ok(),
            Self::Bitmap(words) => {
                let (word, mask) = bit(low);
                words[word] & mask != 0
            }
        }
    }

    /// Takes one in; false where it was in.
    pub fn insert(&mut self, low: u16) -> bool {
        match self {
            Self::List(list) => {
                let Err(at) = list.binary_search(&low) else { return false };
                list.insert(at, low);
                if list.len() > LIST_MAX {
                    self.spread();
                }
                true
            }
            Self::Bitmap(words) => {
                let (word, mask) = bit(low);
                let new = words[word] & mask == 0;
                words[word] |= mask;
                new
            }
        }
    }

    /// Takes one out.
    pub fn remove(&mut self, low: u16) {
        match self {
            Self::List(list) => {
                if let Ok(at) = list.binary_search(&low) {
                    list.remove(at);
                }
            }
            Self::Bitmap(words) => {
                let (word, mask) = bit(low);
                words[word] &= !mask;
                self.settle();
            }
        }
    }

    /// Takes in all of another.
    pub fn unite(&mut self, other: &Self) {
        match (&mut *self, other) {
            (Self::List(list), Self::List(more)) if list.len() + more.len() <= LIST_MAX => {
                if more.len() <= FEW {
                    for low in more {
                        if let Err(at) = list.binary_search(low) {
                            list.insert(at, *low);
                        }
                    }
                } else {
                    list.extend(more);
                    list.sort_unstable();
                    list.dedup();
                }
            }
            (Self::List(_), _) => {
                self.spread();
                self.unite(other);
                self.settle();
            }
            (Self::Bitmap(words), Self::List(more)) => {
                for low in more {
                    let (word, mask) = bit(*low);
                    words[word] |= mask;
                }
            }
            (Self::Bitmap(words), Self::Bitmap(more)) => {
                for (word, other) in words.iter_mut().zip(more.iter()) {
                    *word |= other;
                }
            }
        }
    }

    /// Keeps what is in another too.
    pub fn intersect(&mut self, other: &Self) {
        match (&mut *self, other) {
            (Self::List(list), _) => list.retain(|low| other.contains(*low)),
            (Self::Bitmap(words), Self::List(list)) => {
                let kept = list.iter().copied().filter(|low| {
                    let (word, mask) = bit(*low);
                    words[word] & mask != 0
                });
                *self = Self::List(kept.collect());
            }
            (Self::Bitmap(words), Self::Bitmap(others)) => {
                for (word, other) in words.iter_mut().zip(others.iter()) {
                    *word &= other;
                }
                self.settle();
            }
        }
    }

    /// In ascending order.
    pub fn lows(&self) -> Box<dyn Iterator<Item = u16> + '_> {
        match self {
            Self::List(list) => Box::new(list.iter().copied()),
            Self::Bitmap(words) => Box::new((0..=u16::MAX).filter(|low| {
                let (word, mask) = bit(*low);
                words[word] & mask != 0
            })),
        }
    }

    /// A list becomes a bitmap.
    fn spread(&mut self) {
        if let Self::List(list) = self {
            let mut words = Box::new([0; WORDS]);
            for low in list {
                let (word, mask) = bit(*low);
                words[word] |= mask;
            }
            *self = Self::Bitmap(words);
        }
    }

    /// A bitmap that has grown thin becomes a list again.
    fn settle(&mut self) {
        if matches!(self, Self::Bitmap(_)) && self.len() <= LIST_MAX {
            *self = Self::List(self.lows().collect());
        }
    }
}

/// A set of ids.
#[derive(Clone, Debug, Default)]
pub struct IdSet(BTreeMap<i64, Block>);

impl IdSet {
    /// Takes one in; false where it was in.
    pub fn insert(&mut self, id: i64) -> bool {
        let (block, low) = place(id);
        self.0.entry(block).or_default().insert(low)
    }

    /// Takes a block in.
    pub fn unite(&mut self, block: i64, ids: &Block) {
        self.0.entry(block).or_default().unite(ids);
    }

    /// Keeps what is in another too.
    pub fn intersect(&mut self, other: &Self) {
        self.0.retain(|block, ids| match other.0.get(block) {
            Some(others) => {
                ids.intersect(others);
                !ids.is_empty()
            }
            None => false,
        });
    }

    /// Whether it holds this one.
    #[must_use]
    pub fn contains(&self, id: i64) -> bool {
        let (block, low) = place(id);
        self.0.get(&block).is_some_and(|ids| ids.contains(low))
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.values().all(Block::is_empty)
    }

    /// How many it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.values().map(Block::len).sum()
    }

    /// In ascending order.
    pub fn ids(&self) -> impl Iterator<Item = i64> {
        self.0.iter().flat_map(|(block, ids)| ids.lows().map(|low| id_at(*block, low)))
    }
}

impl FromIterator<i64> for IdSet {
    fn from_iter<T: IntoIterator<Item = i64>>(ids: T) -> Self {
        let mut set = Self::default();
        for id in ids {
            set.insert(id);
        }
        set
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Numbers that look random and are the same each time.
    fn numbers(seed: u64, count: usize, below: u64) -> BTreeSet<i64> {
        let mut state = seed;
        (0..count)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                i64::try_from((state >> 33) % below).unwrap()
            })
            .collect()
    }

    fn check(set: &IdSet, expected: &BTreeSet<i64>) {
        assert!(set.ids().eq(expected.iter().copied()));
        assert_eq!(set.len(), expected.len());
        assert_eq!(set.is_empty(), expected.is_empty());
    }

    #[test]
    fn sets_are_what_a_tree_of_ids_is() {
        // Thin, thick and mixed blocks, in every combination.
        let sizes =
            [(0, 1), (3, 200_000), (4_000, 65_536), (9_000, 65_536), (30_000, 200_000), (90_000, 200_000)];
        for (i, (count, below)) in sizes.into_iter().enumerate() {
            let first = numbers(i as u64 + 1, count, below);
            for (j, (count, below)) in sizes.into_iter().enumerate() {
                let second = numbers(j as u64 + 77, count, below);
                let (one, two): (IdSet, IdSet) =
                    (first.iter().copied().collect(), second.iter().copied().collect());
                check(&one, &first);
                let mut both = one.clone();
                both.intersect(&two);
                check(&both, &first.intersection(&second).copied().collect());
                let mut all = one.clone();
                for (block, ids) in &two.0 {
                    all.unite(*block, &Block::from_bytes(&ids.to_bytes()));
                }
                check(&all, &first.union(&second).copied().collect());
                assert!(second.iter().all(|id| all.contains(*id)));
            }
        }
    }

    #[test]
    fn a_set_has_one_form_however_it_came_to_be() {
        let mut block = Block::default();
        for low in (0..9_000).rev() {
            assert!(block.insert(low));
            assert!(!block.insert(low));
        }
        assert_eq!(block.to_bytes().len(), BITMAP_BYTES);
        for low in 100..9_000 {
            block.remove(low);
        }
        let straight: Vec<u8> = (0_u16..100).flat_map(u16::to_be_bytes).collect();
        assert_eq!(block.to_bytes(), straight);
        assert!(block.contains(99) && !block.contains(100));
    }
}
