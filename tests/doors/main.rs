//! What holds across doors: five surfaces, our own, the webhooks behind them, and one ledger.

#[path = "../lunatel/company.rs"]
#[allow(dead_code, reason = "it serves the tests of Lunatel's own surface as well")]
mod company;
mod guards;
mod one_ledger;
