//! Barcodes of the shop's own: EAN-13 in the ranges that GS1 leaves to shops, so they never meet a registered one
//! (N-34).

use serde::{Deserialize, Serialize};

use crate::{Book, Event, Refusal, command::Issued, document::Document};

/// The range of codes that items get when they are created without one.
pub(crate) const OF_ITEMS: u8 = 20;
/// The range of codes that are given out on request.
const ON_REQUEST: u8 = 21;

/// A code was given out that belongs to no item yet; it is never given again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BarcodeIssued {
    /// Its number in the range.
    pub number: i64,
    /// The code.
    pub barcode: String,
}

/// Asks for a code.
#[derive(Clone, Copy, Debug)]
pub struct IssueBarcode;

/// The code as a document.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Barcode {}

impl Document for Barcode {
    const TYPE: &'static str = "barcode";
    type Command = IssueBarcode;

    fn decide(&self, _issued: Issued<Self::Command>, book: &Book) -> Result<Vec<Event>, Refusal> {
        let (number, barcode) = next(book);
        Ok(vec![BarcodeIssued { number, barcode }.into()])
    }
}

/// The next code on request that no item has.
pub(crate) fn next(book: &Book) -> (i64, String) {
    let mut number = book.counters.barcode + 1;
    loop {
        let code = ean13(ON_REQUEST, number);
        if !book.barcodes.contains_key(&code) {
            return (number, code);
        }
        number += 1;
    }
}

/// The EAN-13 of a number in a range (two digits): ten digits of the number and the check digit.
#[must_use]
pub fn ean13(range: u8, number: i64) -> String {
    let body = format!("{range:02}{number:010}");
    let sum: u32 = body
        .chars()
        .filter_map(|c| c.to_digit(10))
        .enumerate()
        .map(|(place, digit)| if place % 2 == 0 { digit } else { digit * 3 })
        .sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_a_valid_check_digit() {
        assert_eq!(ean13(OF_ITEMS, 1), "2000000000015");
        for number in 1..500 {
            let sum: u32 = ean13(ON_REQUEST, number)
                .chars()
                .enumerate()
                .map(|(place, c)| c.to_digit(10).unwrap() * if place % 2 == 0 { 1 } else { 3 })
                .sum();
            assert_eq!(sum % 10, 0);
        }
    }
}
