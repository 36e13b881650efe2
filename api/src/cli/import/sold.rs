//! What the file has sold so far, so that a return finds its sale.

use std::collections::{BTreeMap, HashMap};

use diario_domain::{SaleId, UnitPrice};

use super::file::{Document, Line};

/// What a return comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Match {
    /// All of a sale of which nothing came back before.
    Whole(SaleId),
    /// A part of a sale.
    Part(SaleId),
    /// No sale of the file has all its lines.
    Nothing,
}

struct SoldLine {
    code: String,
    price: UnitPrice,
    quantity: i64,
    returned: i64,
}

struct Sold {
    sale: SaleId,
    lines: Vec<SoldLine>,
}

/// See the module. Sales to nobody in particular are not kept: who brings goods back is not known to be who bought.
#[derive(Default)]
pub(super) struct SoldSales {
    /// By customer, and there by the document's place in the file.
    sales: HashMap<String, BTreeMap<usize, Sold>>,
}

impl SoldSales {
    /// A sale was booked.
    pub(super) fn add(&mut self, place: usize, document: &Document, sale: SaleId) {
        let Some(customer) = &document.customer else { return };
        let priced = document.lines.iter().filter(|line| line.unit_price.is_positive());
        let lines = priced
            .map(|line| SoldLine {
                code: line.code.clone(),
                price: line.unit_price,
                quantity: line.quantity,
                returned: 0,
            })
            .collect();
        self.sales.entry(customer.clone()).or_default().insert(place, Sold { sale, lines });
    }

    /// The newest sale of the same customer that has all lines of a return.
    pub(super) fn find(&self, document: &Document) -> Match {
        let sales = document.customer.as_ref().and_then(|customer| self.sales.get(customer));
        let wanted = sums(&document.lines);
        for sold in sales.into_iter().flat_map(|sales| sales.values().rev()) {
            if sold.is_whole(&wanted) {
                return Match::Whole(sold.sale);
            }
            if sold.has_part(&wanted) {
                return Match::Part(sold.sale);
            }
        }
        Match::Nothing
    }

    /// A sale was cancelled.
    pub(super) fn cancelled(&mut self, document: &Document, sale: SaleId) {
        if let Some(sales) = document.customer.as_ref().and_then(|customer| self.sales.get_mut(customer)) {
            sales.retain(|_, sold| sold.sale != sale);
        }
    }

    /// Goods of a sale came back.
    pub(super) fn returned(&mut self, document: &Document, sale: SaleId) {
        let Some(sales) = document.customer.as_ref().and_then(|customer| self.sales.get_mut(customer)) else {
            return;
        };
        let Some(sold) = sales.values_mut().find(|sold| sold.sale == sale) else { return };
        for ((code, _), mut quantity) in sums(&document.lines) {
            for line in sold.lines.iter_mut().filter(|line| line.code == code) {
                let part = quantity.min(line.quantity - line.returned);
                line.returned += part;
                quantity -= part;
            }
        }
    }
}

/// Units that come back, by item and price.
fn sums(lines: &[Line]) -> BTreeMap<(&str, UnitPrice), i64> {
    let mut sums = BTreeMap::new();
    for line in lines {
        *sums.entry((line.code.as_str(), line.unit_price)).or_default() -= line.quantity;
    }
    sums
}

impl Sold {
    fn is_whole(&self, wanted: &BTreeMap<(&str, UnitPrice), i64>) -> bool {
        let mut sold: BTreeMap<(&str, UnitPrice), i64> = BTreeMap::new();
        for line in &self.lines {
            *sold.entry((line.code.as_str(), line.price)).or_default() += line.quantity;
        }
        self.lines.iter().all(|line| line.returned == 0) && sold == *wanted
    }

    /// A return names items and quantities, and gives back the price that they were sold at: so every line of the
    /// item must have been sold at the price that the file gives back.
    fn has_part(&self, wanted: &BTreeMap<(&str, UnitPrice), i64>) -> bool {
        wanted.iter().all(|((code, price), quantity)| {
            let of_item = || self.lines.iter().filter(|line| line.code == *code);
            let left: i64 = of_item().map(|line| line.quantity - line.returned).sum();
            left >= *quantity && of_item().all(|line| line.price == *price)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(invoice: &str, customer: &str, lines: &[(&str, i64, i64)]) -> Document {
        let lines = lines
            .iter()
            .map(|(code, quantity, price)| Line {
                number: 2,
                code: (*code).to_owned(),
                description: String::new(),
                quantity: *quantity,
                unit_price: UnitPrice(*price),
            })
            .collect();
        Document {
            invoice: invoice.to_owned(),
            at: "2010-12-01T08:26".parse().unwrap(),
            customer: Some(customer.to_owned()).filter(|customer| !customer.is_empty()),
            country: String::new(),
            lines,
            hash: Vec::new(),
        }
    }

    fn shop() -> SoldSales {
        let mut sold = SoldSales::default();
        sold.add(
            0,
            &document("1", "17850", &[("10002", 6, 255), ("10003", 2, 100), ("10003", 1, 100)]),
            SaleId(1),
        );
        sold.add(1, &document("2", "17850", &[("10002", 6, 200), ("10004", 5, 10)]), SaleId(2));
        sold.add(2, &document("3", "13047", &[("10002", 6, 255), ("10002", 1, 300)]), SaleId(3));
        sold.add(3, &document("4", "", &[("10002", 6, 255)]), SaleId(4));
        sold
    }

    #[test]
    fn all_of_a_sale_is_a_cancellation_and_some_of_it_a_return() {
        let sold = shop();
        let find = |customer: &str, lines: &[(&str, i64, i64)]| sold.find(&document("C9", customer, lines));
        let whole = find("17850", &[("10003", -3, 100), ("10002", -6, 255)]);
        assert_eq!(whole, Match::Whole(SaleId(1)));
        assert_eq!(find("17850", &[("10003", -1, 100)]), Match::Part(SaleId(1)));
        assert_eq!(find("17850", &[("10002", -1, 200)]), Match::Part(SaleId(2)));
    }

    #[test]
    fn another_price_more_than_was_sold_or_another_customer_is_no_match() {
        let sold = shop();
        let find = |customer: &str, lines: &[(&str, i64, i64)]| sold.find(&document("C9", customer, lines));
        assert_eq!(find("17850", &[("10002", -1, 199)]), Match::Nothing);
        assert_eq!(find("17850", &[("10003", -4, 100)]), Match::Nothing);
        assert_eq!(find("17850", &[("10003", -1, 100), ("10004", -1, 10)]), Match::Nothing);
        assert_eq!(find("99999", &[("10002", -1, 255)]), Match::Nothing);
        assert_eq!(find("", &[("10002", -6, 255)]), Match::Nothing);
        // The item was sold at two prices: which one a return would take is not for the file to say.
        assert_eq!(find("13047", &[("10002", -1, 255)]), Match::Nothing);
        assert_eq!(find("13047", &[("10002", -6, 255), ("10002", -1, 300)]), Match::Whole(SaleId(3)));
    }

    #[test]
    fn what_came_back_does_not_come_back_again() {
        let mut sold = shop();
        let two = document("C9", "17850", &[("10003", -2, 100)]);
        assert_eq!(sold.find(&two), Match::Part(SaleId(1)));
        sold.returned(&two, SaleId(1));
        assert_eq!(sold.find(&two), Match::Nothing);
        let one = document("C10", "17850", &[("10003", -1, 100)]);
        assert_eq!(sold.find(&one), Match::Part(SaleId(1)));
        let whole = document("C11", "17850", &[("10003", -3, 100), ("10002", -6, 255)]);
        assert_eq!(sold.find(&whole), Match::Nothing);
        sold.cancelled(&one, SaleId(1));
        assert_eq!(sold.find(&one), Match::Nothing);
    }
}
