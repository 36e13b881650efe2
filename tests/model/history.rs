use diario_tests::Random;
use rust_decimal::Decimal;

/// What somebody at a till tries. What exactly is done is drawn from the step's own seed against the model's
/// state at that moment, so that any part of a history is a history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    OpenBranch,
    Hire,
    CreateItem,
    Reprice,
    Purchase,
    Adjust,
    Transfer,
    Receive,
    StartCount,
    ApproveCount,
    Sell,
    Cancel,
    Return,
    Quote,
    Convert,
    Withdraw,
    SetAside,
    PayLayaway,
    Complete,
    GiveUp,
    CreateCustomer,
    UpdateCustomer,
    Pay,
    Open,
    Move,
    Cut,
    Again,
}

/// How often each is tried. Most are legal in most states; each draws something illegal now and then.
const WEIGHTS: [(Kind, u64); 27] = [
    (Kind::OpenBranch, 1),
    (Kind::Hire, 1),
    (Kind::CreateItem, 2),
    (Kind::Reprice, 3),
    (Kind::Purchase, 6),
    (Kind::Adjust, 4),
    (Kind::Transfer, 8),
    (Kind::Receive, 6),
    (Kind::StartCount, 3),
    (Kind::ApproveCount, 3),
    (Kind::Sell, 36),
    (Kind::Cancel, 5),
    (Kind::Return, 10),
    (Kind::Quote, 4),
    (Kind::Convert, 5),
    (Kind::Withdraw, 1),
    (Kind::SetAside, 8),
    (Kind::PayLayaway, 10),
    (Kind::Complete, 5),
    (Kind::GiveUp, 3),
    (Kind::CreateCustomer, 1),
    (Kind::UpdateCustomer, 2),
    (Kind::Pay, 6),
    (Kind::Open, 5),
    (Kind::Move, 4),
    (Kind::Cut, 2),
    (Kind::Again, 3),
];

/// A shop must have something before anything can happen in it.
const BEGINNING: [Kind; 15] = [
    Kind::CreateItem,
    Kind::Open,
    Kind::CreateCustomer,
    Kind::OpenBranch,
    Kind::Hire,
    Kind::CreateItem,
    Kind::CreateItem,
    Kind::CreateCustomer,
    Kind::Hire,
    Kind::Open,
    Kind::Transfer,
    Kind::Open,
    Kind::CreateCustomer,
    Kind::Transfer,
    Kind::Purchase,
];

#[derive(Debug, Clone, Copy)]
pub struct Step {
    pub kind: Kind,
    pub seed: u64,
}

pub fn write(random: &mut Random, steps: usize) -> Vec<Step> {
    let total: u64 = WEIGHTS.iter().map(|(_, weight)| weight).sum();
    (0..steps)
        .map(|number| {
            let kind = BEGINNING.get(number).copied().unwrap_or_else(|| {
                let mut drawn = random.between(0, total);
                let chosen = WEIGHTS.iter().find(|(_, weight)| {
                    let found = drawn < *weight;
                    drawn = drawn.saturating_sub(*weight);
                    found
                });
                chosen.unwrap().0
            });
            Step { kind, seed: random.draw() }
        })
        .collect()
}

/// The draws of one step.
#[derive(Debug)]
pub struct Dice(Random);

impl Dice {
    pub fn of(step: Step) -> Self {
        Self(Random::seeded(step.seed))
    }

    pub fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.0.between(0, u64::try_from(limit).unwrap())).unwrap()
    }

    /// True this often in a hundred.
    pub fn chance(&mut self, percent: u64) -> bool {
        self.0.between(0, 100) < percent
    }

    pub fn pick<T: Copy>(&mut self, from: &[T]) -> Option<T> {
        if from.is_empty() { None } else { Some(from[self.below(from.len())]) }
    }

    /// One of these, each as often as its weight says.
    pub fn weighted<T: Copy>(&mut self, from: &[(T, usize)]) -> T {
        let mut drawn = self.below(from.iter().map(|(_, weight)| weight).sum());
        for (value, weight) in from {
            if drawn < *weight {
                return *value;
            }
            drawn -= weight;
        }
        unreachable!("a draw lies below the sum of the weights")
    }

    /// An amount of centavos in `low..=high`.
    pub fn centavos(&mut self, low: u64, high: u64) -> Decimal {
        Decimal::new(i64::try_from(self.0.between(low, high + 1)).unwrap(), 2)
    }

    /// An amount from one centavo up to this one.
    pub fn part_of(&mut self, amount: Decimal) -> Decimal {
        let centavos = u64::try_from((amount * Decimal::ONE_HUNDRED).trunc()).unwrap_or(1).max(1);
        self.centavos(1, centavos)
    }

    /// Mostly whole units, now and then a thousandth.
    pub fn quantity(&mut self, most: u64) -> Decimal {
        if self.chance(85) {
            Decimal::from(self.0.between(1, most + 1))
        } else {
            Decimal::new(i64::try_from(self.0.between(1, most * 1000)).unwrap(), 3)
        }
    }
}
