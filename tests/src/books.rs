use std::collections::BTreeMap;

use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::Value;

use crate::{Answer, Shop, dec, int, money, share_of_tax};

/// Closing balances by account code: what is debited is positive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Balances(pub BTreeMap<String, Decimal>);

impl Balances {
    pub fn of(&self, code: &str) -> Decimal {
        self.0.get(code).copied().unwrap_or_default()
    }
}

impl Shop {
    pub async fn trial_balance(&self) -> Answer {
        self.get("/pos/api/accounting/trial-balance").await.expect(200)
    }

    pub async fn balances(&self) -> Balances {
        let answer = self.trial_balance().await;
        let mut balances = BTreeMap::new();
        for row in answer["accounts"].as_array().unwrap() {
            let code = row["code"].as_str().unwrap().to_owned();
            *balances.entry(code).or_default() +=
                money(&row["closing_debit"]) - money(&row["closing_credit"]);
        }
        Balances(balances)
    }

    /// Holds what has moved since `before` to exactly these accounts and amounts, debits positive.
    pub async fn assert_moved(&self, before: &Balances, expected: &[(&str, &str)]) {
        let after = self.balances().await;
        let mut moved = BTreeMap::new();
        for code in before.0.keys().chain(after.0.keys()) {
            let difference = after.of(code) - before.of(code);
            if !difference.is_zero() {
                moved.insert(code.clone(), difference.normalize());
            }
        }
        let expected: BTreeMap<String, Decimal> =
            expected.iter().map(|(code, amount)| ((*code).to_owned(), dec(amount).normalize())).collect();
        assert_eq!(moved, expected, "accounts moved otherwise than by the rules (left: moved, right: rules)");
    }

    /// What must hold after every test that wrote: the journal balances, and each sub-ledger is what its
    /// account says.
    pub async fn assert_books_tie(&self) {
        self.assert_trial_balance_ties().await;
        self.assert_inventory_ties().await;
        self.assert_receivables_tie().await;
        self.assert_advances_tie().await;
        self.assert_register_ties().await;
        self.assert_verified().await;
    }

    async fn assert_trial_balance_ties(&self) {
        let answer = self.trial_balance().await;
        let rows = answer["accounts"].as_array().unwrap();
        let totals = &answer["totals"];
        for side in ["opening", "period", "closing"] {
            let debit = money(&totals[format!("{side}_debit")]);
            let credit = money(&totals[format!("{side}_credit")]);
            assert_eq!(debit, credit, "{side} debits and credits differ in {:#}", *answer);
            for column in [format!("{side}_debit"), format!("{side}_credit")] {
                let sum: Decimal = rows.iter().map(|row| money(&row[&column])).sum();
                assert_eq!(sum, money(&totals[&column]), "{column} does not sum up in {:#}", *answer);
            }
        }
        for row in rows {
            let net =
                |side: &str| money(&row[format!("{side}_debit")]) - money(&row[format!("{side}_credit")]);
            assert_eq!(net("opening") + net("period"), net("closing"), "{row}");
        }
    }

    /// Accounts 115.01 and 115.05 are what the goods on hand and in transit are worth at average cost. The
    /// list shows costs with four decimals, so a large stock may differ by what they leave out.
    async fn assert_inventory_ties(&self) {
        let mut in_transit = BTreeMap::new();
        for row in self.all("/pos/api/inventory/stock-by-branch").await {
            in_transit.insert(int(&row["inventory_id"]), money(&row["in_transit"]));
        }
        let mut value = Decimal::ZERO;
        let mut slack = Decimal::ZERO;
        for item in self.all("/pos/api/inventory/items").await {
            let coming = in_transit.get(&int(&item["id"])).copied().unwrap_or_default();
            let owned = money(&item["stock_total"]) + coming;
            let exact = owned * money(&item["cost"]);
            value += exact.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
            if exact.round_dp(2) != exact {
                slack += owned.abs() * dec("0.00005") + dec("0.01");
            }
        }
        let balances = self.balances().await;
        let booked = balances.of("115.01") + balances.of("115.05");
        assert!(
            (booked - value).abs() <= slack,
            "115.01 and 115.05 are {booked}, the goods are worth {value} (±{slack})"
        );
    }

    /// What customers have paid ahead: 206.01 is the net part of what was paid on active layaways, 206.05 is
    /// the customers' store credit.
    async fn assert_advances_tie(&self) {
        let mut deposits = Decimal::ZERO;
        for layaway in self.all("/pos/api/layaways?status=active").await {
            let of = |field: &str| money(&layaway[field]);
            deposits += of("paid") - share_of_tax(of("tax"), of("paid"), of("total"));
        }
        let mut credit = Decimal::ZERO;
        for customer in self.all("/pos/api/customers").await {
            credit += money(&customer["store_credit"]);
        }
        let balances = self.balances().await;
        assert_eq!(-balances.of("206.01"), deposits, "206.01 is not the net deposits on active layaways");
        assert_eq!(-balances.of("206.05"), credit, "206.05 is not the customers' store credit");
    }

    async fn assert_receivables_tie(&self) {
        let mut owed = Decimal::ZERO;
        for customer in self.all("/pos/api/customers").await {
            owed += money(&customer["balance"]);
        }
        assert_eq!(self.balances().await.of("105.01"), owed, "105.01 is not what the customers owe");
    }

    async fn assert_register_ties(&self) {
        let current = self.get("/pos/api/register/current").await;
        if current.status == 404 {
            return;
        }
        let current = current.expect(200);
        let cut = self.get("/pos/api/register/cut-x").await.expect(200);
        let of = |field: &str| cut.money(field);
        assert_eq!(
            of("expected_cash"),
            of("opening_amount") + of("sales_cash") + of("movements_in") - of("movements_out"),
            "{:#}",
            *cut
        );
        assert_eq!(
            of("total_sales"),
            of("sales_cash") + of("sales_card") + of("sales_transfer"),
            "{:#}",
            *cut
        );
        assert_eq!(current.money("current_cash"), of("expected_cash"), "{:#}{:#}", *current, *cut);
        assert_eq!(current.money("sales_total"), of("total_sales"), "{:#}{:#}", *current, *cut);
        assert_eq!(current["sales_count"], cut["sales_count"], "{:#}{:#}", *current, *cut);
    }

    /// `diario verify` recomputes the chain and compares every read model with the log.
    pub async fn assert_verified(&self) -> Value {
        let output = self.command(&["verify", "--json"]).await;
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(
            output.status.success(),
            "diario verify: {printed}{}",
            String::from_utf8_lossy(&output.stderr)
        );
        serde_json::from_str(printed.trim()).unwrap_or_else(|error| panic!("{error} in {printed}"))
    }
}
