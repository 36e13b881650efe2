//! Stock and its value: moving average cost, kept so that account 115 always equals the stock's value.
//!
//! For an item with total quantity Q and average cost A (6 decimals) the ledger value is V = round(Q × A) at
//! every moment. What a movement posts to 115 is the change of V; where that differs from what was paid or
//! from the original cost, the difference is the rounding of the average (or, with negative stock, a cost that
//! arrived late) and is posted where it arises (`accounting.md`, "Costing").

use serde::{Deserialize, Serialize};

use crate::{
    Book, BranchId, Cents, ItemId, Quantity, Refusal, UnitPrice,
    money::{DOCUMENT_CENTS_MAX, MICRO, UNITS_MAX, extend, unit_cost},
};

/// Movement ids are position × this + line.
pub const MOVEMENTS_PER_EVENT: i64 = 10_000;
/// Lines of one event that may move stock: movement ids are made of position and line.
pub const LINES_MAX: usize = 5_000;

/// What one line of an event did to the stock of its item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// The item's movement before this one, 0 where there is none: history is read along this chain.
    pub previous: i64,
    /// On hand in the branch after the movement, in micro-units.
    pub on_hand: Quantity,
    /// Change of the inventory account, in centavos.
    pub value: Cents,
    /// The item's average cost after the movement, in millionths.
    pub average_cost: UnitPrice,
}

/// The id of the movement that a line (from 0) of the event at a position makes.
#[must_use]
pub const fn movement_id(position: i64, line: usize) -> i64 {
    #[expect(clippy::cast_possible_wrap, reason = "a line number is below LINES_MAX")]
    let line = line as i64;
    position * MOVEMENTS_PER_EVENT + line
}

/// The position and line that a movement id is made of.
#[must_use]
pub const fn place_of(movement: i64) -> (i64, usize) {
    #[expect(clippy::cast_sign_loss, reason = "the remainder is below 10,000")]
    let line = (movement % MOVEMENTS_PER_EVENT) as usize;
    (movement / MOVEMENTS_PER_EVENT, line)
}

/// Stock of an item in one branch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BranchStock {
    /// The branch.
    pub branch_id: BranchId,
    /// What lies there.
    pub on_hand: Quantity,
    /// What of it is promised to layaways.
    pub reserved: Quantity,
    /// What is on its way here from another branch.
    #[serde(default)]
    pub in_transit: Quantity,
}

/// An item's stock in all branches with its value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shelf {
    /// A row for each branch that ever held it.
    pub branches: Vec<BranchStock>,
    /// What the shop owns: on hand in all branches and on its way between them.
    pub on_hand: Quantity,
    /// Moving average cost; before the first receipt the cost that was named.
    pub average_cost: UnitPrice,
    /// round(on hand × average cost): the item's part of account 115.
    pub value: Cents,
    /// The last movement, 0 before the first.
    pub last_movement: i64,
}

impl Shelf {
    /// The row of a branch; nothing on hand where there is none yet.
    #[must_use]
    pub fn branch(&self, branch_id: BranchId) -> BranchStock {
        self.branches
            .iter()
            .find(|row| row.branch_id == branch_id)
            .copied()
            .unwrap_or(BranchStock { branch_id, ..BranchStock::default() })
    }

    /// On hand less reserved.
    #[must_use]
    pub fn available(&self, branch_id: BranchId) -> Quantity {
        let row = self.branch(branch_id);
        row.on_hand - row.reserved
    }

    /// Takes goods out at the average cost; the value that leaves is `-moved.value`.
    fn issue(&mut self, branch_id: BranchId, quantity: Quantity) -> Moved {
        self.place(branch_id, -quantity);
        self.settle(branch_id)
    }

    /// Takes goods in that are worth `value`, and averages the cost.
    fn receive(&mut self, branch_id: BranchId, quantity: Quantity, value: Cents) -> Moved {
        let before = self.on_hand;
        self.place(branch_id, quantity);
        if !before.is_positive() && quantity.is_positive() {
            // Nothing (or less) lay there: the new cost is the cost.
            self.average_cost = unit_cost(value, quantity);
        } else if self.on_hand.is_positive() {
            self.average_cost = unit_cost(self.value + value, self.on_hand);
        }
        self.settle(branch_id)
    }

    fn place(&mut self, branch_id: BranchId, quantity: Quantity) {
        self.on_hand += quantity;
        self.row(branch_id).on_hand += quantity;
    }

    fn row(&mut self, branch_id: BranchId) -> &mut BranchStock {
        let index = if let Some(index) = self.branches.iter().position(|row| row.branch_id == branch_id) {
            index
        } else {
            self.branches.push(BranchStock { branch_id, ..BranchStock::default() });
            self.branches.len() - 1
        };
        &mut self.branches[index]
    }

    /// Promises goods of a branch, or (negative) promises them no longer.
    pub(crate) fn reserve(&mut self, branch_id: BranchId, quantity: Quantity) {
        self.row(branch_id).reserved += quantity;
    }

    /// Puts goods on their way to a branch, or (negative) takes them off the way. They stay the shop's.
    pub(crate) fn dispatch(&mut self, to: BranchId, quantity: Quantity, value: Cents) {
        self.on_hand += quantity;
        self.value += value;
        self.row(to).in_transit += quantity;
    }

    /// Keeps sums of shelves far inside 64 bits.
    const fn check_size(&self) -> Result<(), Refusal> {
        if self.on_hand.0.abs() > 1_000 * UNITS_MAX * MICRO || self.value.0.abs() > 1_000 * DOCUMENT_CENTS_MAX
        {
            return Err(Refusal::AmountTooLarge);
        }
        Ok(())
    }

    fn settle(&mut self, branch_id: BranchId) -> Moved {
        let value = extend(self.on_hand, self.average_cost);
        let moved = Moved {
            previous: self.last_movement,
            on_hand: self.branch(branch_id).on_hand,
            value: value - self.value,
            average_cost: self.average_cost,
        };
        self.value = value;
        moved
    }

    /// Follows a movement that was decided before.
    pub(crate) fn apply(&mut self, branch_id: BranchId, quantity: Quantity, moved: &Moved, id: i64) {
        self.place(branch_id, quantity);
        self.average_cost = moved.average_cost;
        self.value += moved.value;
        self.last_movement = id;
    }
}

/// A decision's scratch copy of the shelves it touches: lines of one document see each other.
pub struct Desk<'a> {
    book: &'a Book,
    position: i64,
    touched: Vec<(ItemId, Shelf)>,
    worth: Cents,
}

impl<'a> Desk<'a> {
    /// A desk for the next event of this book.
    #[must_use]
    pub fn new(book: &'a Book) -> Self {
        Self { book, position: book.position + 1, touched: Vec::new(), worth: Cents::ZERO }
    }

    /// Takes goods out of a branch.
    ///
    /// # Errors
    /// The item is unknown, or too little is available and the tenant does not allow negative stock.
    pub fn issue(
        &mut self,
        line: usize,
        item: ItemId,
        branch: BranchId,
        quantity: Quantity,
    ) -> Result<Moved, Refusal> {
        self.require(item, quantity, |shelf| shelf.available(branch))?;
        self.take(line, item, branch, quantity)
    }

    /// Takes goods out of a branch whether or not they are promised: they are not there, or it is to their layaway
    /// that they go.
    ///
    /// # Errors
    /// The item is unknown, or fewer lie there and the tenant does not allow negative stock.
    pub fn write_off(
        &mut self,
        line: usize,
        item: ItemId,
        branch: BranchId,
        quantity: Quantity,
    ) -> Result<Moved, Refusal> {
        self.require(item, quantity, |shelf| shelf.branch(branch).on_hand)?;
        self.take(line, item, branch, quantity)
    }

    /// Promises goods of a branch.
    ///
    /// # Errors
    /// The item is unknown, or too little is available and the tenant does not allow negative stock.
    pub fn reserve(&mut self, item: ItemId, branch: BranchId, quantity: Quantity) -> Result<(), Refusal> {
        self.require(item, quantity, |shelf| shelf.available(branch))?;
        self.shelf(item)?.reserve(branch, quantity);
        Ok(())
    }

    /// Puts goods on their way to a branch that were taken out of another at this value.
    ///
    /// # Errors
    /// The item is unknown.
    pub fn dispatch(
        &mut self,
        item: ItemId,
        to: BranchId,
        quantity: Quantity,
        value: Cents,
    ) -> Result<(), Refusal> {
        self.shelf(item)?.dispatch(to, quantity, value);
        Ok(())
    }

    /// Takes goods into a branch that are the shop's already and are worth `value` at the average cost: no cost is
    /// averaged.
    ///
    /// # Errors
    /// The item is unknown.
    pub fn arrive(
        &mut self,
        line: usize,
        item: ItemId,
        branch: BranchId,
        quantity: Quantity,
    ) -> Result<Moved, Refusal> {
        let shelf = self.shelf(item)?;
        shelf.place(branch, quantity);
        let moved = shelf.settle(branch);
        self.moved(item, line);
        Ok(moved)
    }

    fn require(
        &mut self,
        item: ItemId,
        wanted: Quantity,
        there: impl Fn(&Shelf) -> Quantity,
    ) -> Result<(), Refusal> {
        let negative_allowed = self.book.tenant.allow_negative_stock;
        let available = there(self.shelf(item)?);
        if wanted > available && !negative_allowed {
            let facts = self.book.item(item)?;
            return Err(Refusal::InsufficientStock {
                item,
                sku: facts.sku.clone(),
                name: facts.name.clone(),
                available,
                wanted,
            });
        }
        Ok(())
    }

    fn take(
        &mut self,
        line: usize,
        item: ItemId,
        branch: BranchId,
        quantity: Quantity,
    ) -> Result<Moved, Refusal> {
        let shelf = self.shelf(item)?;
        let moved = shelf.issue(branch, quantity);
        shelf.check_size()?;
        self.weigh(moved)?;
        self.moved(item, line);
        Ok(moved)
    }

    /// Holds what the document moves to what sums of documents can carry: a line may be sold for a centavo and
    /// still cost any amount.
    fn weigh(&mut self, moved: Moved) -> Result<(), Refusal> {
        self.worth = self.book.document_sum([self.worth, Cents(moved.value.0.abs())])?;
        Ok(())
    }

    /// Takes goods into a branch that are worth `value`.
    ///
    /// # Errors
    /// The item is unknown.
    pub fn receive(
        &mut self,
        line: usize,
        item: ItemId,
        branch: BranchId,
        quantity: Quantity,
        value: Cents,
    ) -> Result<Moved, Refusal> {
        let shelf = self.shelf(item)?;
        let moved = shelf.receive(branch, quantity, value);
        shelf.check_size()?;
        self.weigh(moved)?;
        self.moved(item, line);
        Ok(moved)
    }

    /// The shelf as this decision sees it.
    ///
    /// # Errors
    /// The item is unknown.
    pub fn shelf(&mut self, item: ItemId) -> Result<&mut Shelf, Refusal> {
        let index = if let Some(index) = self.touched.iter().position(|(id, _)| *id == item) {
            index
        } else {
            self.touched.push((item, self.book.item(item)?.shelf.clone()));
            self.touched.len() - 1
        };
        Ok(&mut self.touched[index].1)
    }

    fn moved(&mut self, item: ItemId, line: usize) {
        let id = movement_id(self.position, line);
        if let Some((_, shelf)) = self.touched.iter_mut().find(|(touched, _)| *touched == item) {
            shelf.last_movement = id;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HERE: BranchId = BranchId(1);

    #[test]
    fn a_purchase_averages_and_a_sale_takes_the_average() {
        let mut shelf = Shelf::default();
        shelf.receive(HERE, Quantity::units(10), Cents(100_000));
        shelf.receive(HERE, Quantity::units(10), Cents(145_000));
        assert_eq!(shelf.average_cost, UnitPrice(122_500_000));
        assert_eq!(shelf.issue(HERE, Quantity::units(3)).value, Cents(-36_750));
        assert_eq!((shelf.on_hand, shelf.value), (Quantity::units(17), Cents(208_250)));
    }

    proptest! {
        /// Whatever happens to a shelf, its value is what its quantity is worth, and an empty shelf is worth nothing.
        #[test]
        fn value_is_quantity_times_average(steps in proptest::collection::vec((any::<bool>(), 1_i64..50_000_000, 0_i64..100_000_000), 1..60)) {
            let mut shelf = Shelf::default();
            let mut posted = Cents::ZERO;
            for (inward, quantity, value) in steps {
                let moved = if inward {
                    shelf.receive(HERE, Quantity(quantity), Cents(value))
                } else {
                    shelf.issue(HERE, Quantity(quantity))
                };
                posted += moved.value;
                prop_assert_eq!(shelf.value, extend(shelf.on_hand, shelf.average_cost));
                prop_assert_eq!(posted, shelf.value);
                if shelf.on_hand.is_zero() { prop_assert_eq!(shelf.value, Cents::ZERO); }
            }
        }
    }
}
