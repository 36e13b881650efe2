//! Transfers between branches and physical counts.

use rust_decimal::Decimal;

use crate::model::{Accepted, Count, CountLine, Expect, Model, Noun, Refused, Sent, Transfer};

impl Model {
    pub fn transfer(
        &mut self,
        from: usize,
        to: usize,
        lines: &[(usize, Decimal)],
        in_transit: bool,
    ) -> Result<Accepted, Refused> {
        let mut no = Refused::default();
        no.when(from == to, 400, "from and to the same branch");
        let short = |(item, quantity): &(usize, Decimal)| {
            let needed: Decimal =
                lines.iter().filter(|(other, _)| other == item).map(|(_, quantity)| quantity).sum();
            needed.max(*quantity) > self.items[*item].stock[from].available()
        };
        no.when(lines.iter().any(short), 400, "too little stock");
        no.settle()?;

        let mut sent = Vec::new();
        for (item, quantity) in lines {
            let held = &mut self.items[*item];
            let value = held.cost_of(*quantity);
            held.stock[from].on_hand -= quantity;
            let received = if in_transit {
                held.stock[to].in_transit += quantity;
                None
            } else {
                held.stock[to].on_hand += quantity;
                Some(*quantity)
            };
            sent.push(Sent { item: *item, quantity: *quantity, received, value });
        }
        let status = if in_transit { "in_transit" } else { "completed" };
        self.transfers.push(Transfer { id: 0, from, to, lines: sent, status });
        Ok(Accepted::new(201)
            .text("status", status)
            .count("items_count", lines.len())
            .makes(Noun::Transfer, "transfer_id"))
    }

    pub fn receive(
        &mut self,
        transfer: usize,
        lines: Option<&[(usize, Decimal)]>,
        reason: bool,
    ) -> Result<Accepted, Refused> {
        let held = &self.transfers[transfer];
        let came = |number: usize| -> Decimal {
            let Some(lines) = lines else { return held.lines[number].quantity };
            lines.iter().filter(|(line, _)| *line == number).map(|(_, quantity)| quantity).sum()
        };
        let came: Vec<Decimal> = (0..held.lines.len()).map(came).collect();
        let pairs = || held.lines.iter().zip(&came);
        let short = pairs().filter(|(line, came)| **came < line.quantity).count();
        let mut no = Refused::default();
        no.when(held.status != "in_transit", 400, "nothing is on the way");
        no.when(pairs().any(|(line, came)| *came > line.quantity), 400, "more than was sent");
        no.when(short > 0 && !reason, 400, "a shortage without a reason");
        no.settle()?;

        let to = held.to;
        let held = &mut self.transfers[transfer];
        held.status = "received";
        for (line, came) in held.lines.iter_mut().zip(came) {
            line.received = Some(came);
            let stock = &mut self.items[line.item].stock[to];
            stock.in_transit -= line.quantity;
            stock.on_hand += came;
        }
        Ok(Accepted::new(200)
            .says("transfer_id", Expect::Int(held.id))
            .text("status", "received")
            .says("shortages", Expect::Rows(short)))
    }

    pub fn start_count(&mut self, branch: usize, lines: &[(usize, Decimal)]) -> Accepted {
        let line = |(item, counted): &(usize, Decimal)| CountLine {
            item: *item,
            expected: self.items[*item].stock[branch].on_hand,
            counted: *counted,
        };
        let count = Count { id: 0, branch, lines: lines.iter().map(line).collect(), status: "open" };
        self.counts.push(count);
        Accepted::new(201).count("items_counted", lines.len()).makes(Noun::Count, "count_id")
    }

    pub fn approve_count(&mut self, count: usize) -> Result<Accepted, Refused> {
        let held = self.counts[count].clone();
        let mut no = Refused::default();
        no.when(held.status != "open", 400, "it is approved");
        let below = |line: &CountLine| {
            let stock = self.items[line.item].stock[held.branch].on_hand;
            // What was right needs no correction, whatever has become of it since.
            line.counted < line.expected && stock + line.counted - line.expected < Decimal::ZERO
        };
        no.when(held.lines.iter().any(below), 400, "below zero");
        no.settle()?;

        for line in &held.lines {
            self.correct(line.item, held.branch, line.counted - line.expected);
        }
        self.counts[count].status = "approved";
        Ok(Accepted::new(200).says("count_id", Expect::Int(held.id)))
    }
}
