use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};

use diario_tests::{both_engines, dec, diario, money};
use rust_decimal::Decimal;
use serde_json::Value;

/// Sums postings with beancount's own loader, exactly: `account amount` a line.
const SUM_UP: &str = "
import sys, collections
from beancount import loader
from beancount.core import data
entries, errors, _ = loader.load_file(sys.argv[1])
assert not errors, errors
sums = collections.Counter()
for entry in entries:
    if isinstance(entry, data.Transaction):
        for posting in entry.postings:
            assert posting.units.currency == 'MXN'
            sums[posting.account] += posting.units.number
for account, amount in sorted(sums.items()):
    print(account, amount)
";

fn run(program: &str, arguments: &[&str]) -> Output {
    Command::new(program).args(arguments).output().unwrap_or_else(|error| panic!("{program}: {error}"))
}

fn printed(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn works(program: &str, arguments: &[&str]) -> bool {
    Command::new(program).args(arguments).output().is_ok_and(|output| output.status.success())
}

/// A tenant's books, reached by the command line alone.
pub struct Books<'a> {
    pub tenant: &'a str,
    pub database: &'a str,
    /// First and last day.
    pub days: (&'a str, &'a str),
}

impl Books<'_> {
    async fn diario(&self, arguments: &[&str]) -> Output {
        let output =
            diario(&[arguments, &["--tenant", self.tenant, "--database", self.database]].concat()).await;
        assert!(output.status.success(), "{arguments:?}: {}", printed(&output));
        output
    }

    async fn report(&self, arguments: &[&str]) -> Value {
        let output = self.diario(&[&["report", "--json"], arguments].concat()).await;
        serde_json::from_slice(&output.stdout).unwrap()
    }

    async fn export(&self, format: &str, folder: &Path) -> String {
        let output = self.diario(&["export", "journal", "--format", format]).await;
        let path = folder.join(format!("journal.{format}"));
        std::fs::write(&path, &output.stdout).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// What hledger adds up, by account: its strict check passes first.
    async fn by_hledger(&self) -> Option<BTreeMap<String, Decimal>> {
        if !works("hledger", &["--version"]) {
            println!("skipped: hledger is not installed");
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let journal = self.export("hledger", folder.path()).await;
        let check = run("hledger", &["-f", &journal, "check", "-s", "ordereddates"]);
        assert!(check.status.success(), "{}", printed(&check));
        let sums = run("hledger", &["-f", &journal, "bal", "-O", "csv", "--flat", "-N"]);
        assert!(sums.status.success(), "{}", printed(&sums));
        let mut judged = BTreeMap::new();
        for line in String::from_utf8_lossy(&sums.stdout).lines().skip(1) {
            let (account, amount) = line.trim_matches('"').split_once("\",\"").unwrap();
            *judged.entry(account.rsplit(':').next().unwrap().to_owned()).or_default() += amount_in(amount);
        }
        Some(judged)
    }

    /// What beancount adds up, by account: its own check passes first.
    async fn by_beancount(&self) -> Option<BTreeMap<String, Decimal>> {
        let python = std::env::var("DIARIO_BEANCOUNT_PYTHON").unwrap_or_else(|_| "python3".to_owned());
        if !works(&python, &["-c", "import beancount.loader"]) {
            println!("skipped: beancount is not installed");
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let journal = self.export("beancount", folder.path()).await;
        let text = std::fs::read_to_string(&journal).unwrap();
        for wanted in ["leafonly", "noduplicates", "~ 0.00 MXN"] {
            assert!(text.contains(wanted), "the export lets beancount be lenient: no {wanted}");
        }
        let check = run(&python, &["-m", "beancount.scripts.check", "--no-cache", &journal]);
        assert!(check.status.success() && check.stdout.is_empty(), "{}", printed(&check));
        let sums = run(&python, &["-c", SUM_UP, &journal]);
        assert!(sums.status.success(), "{}", printed(&sums));
        let mut judged = BTreeMap::new();
        for line in String::from_utf8_lossy(&sums.stdout).lines() {
            let (account, amount) = line.rsplit_once(' ').unwrap();
            let (_, code) = account.split_once(":A").unwrap();
            let code = code.replace("--", "\0").replace('-', ".").replace('\0', "-");
            *judged.entry(code).or_default() += amount_in(amount);
        }
        Some(judged)
    }

    /// Trial balance, income statement and balance sheet are what a judge's sums make of them, digit by digit.
    async fn agree(&self, judged: &BTreeMap<String, Decimal>) {
        let (from, to) = self.days;
        let trial = self.report(&["trial-balance", "--thirteenth", "--from", from, "--to", to]).await;
        let income = self.report(&["income-statement", "--from", from, "--to", to]).await;
        let sheet = self.report(&["balance-sheet", "--date", to]).await;
        let judged: BTreeMap<&str, Decimal> = judged
            .iter()
            .filter(|(_, sum)| !sum.is_zero())
            .map(|(code, sum)| (code.as_str(), *sum))
            .collect();
        assert!(judged.len() > 7, "{judged:?}");

        let mut ours = BTreeMap::new();
        for row in trial["accounts"].as_array().unwrap() {
            let balance = money(&row["closing_debit"]) - money(&row["closing_credit"]);
            if !balance.is_zero() {
                ours.insert(row["code"].as_str().unwrap(), balance);
            }
        }
        assert_eq!(digits(&judged), digits(&ours), "left: the judge, right: the trial balance");

        // A year's result that was transferred to 305 is no result any more for a judge who only adds up.
        let closed = judged.contains_key("305.01") || judged.contains_key("305.02");
        let of_class = |classes: &[&str]| -> BTreeMap<&str, Decimal> {
            judged
                .iter()
                .filter(|(code, _)| classes.iter().any(|class| code.starts_with(class)))
                .map(|(code, sum)| (*code, *sum))
                .collect()
        };
        let results = of_class(&["4", "5", "6", "7"]);
        let sections =
            [("income", "4", -1), ("cost_of_sales", "5", 1), ("expenses", "6", 1), ("other", "7", -1)];
        if !closed {
            for (section, class, sign) in sections {
                let theirs =
                    of_class(&[class]).into_iter().map(|(code, sum)| (code, sum * Decimal::from(sign)));
                assert_eq!(digits(&theirs.collect()), digits(&listed(&income[section])), "{section}");
            }
            assert_eq!(money(&income["net_income"]), -results.values().sum::<Decimal>());
        }

        for (section, class, sign) in [("assets", "1", 1), ("liabilities", "2", -1), ("equity", "3", -1)] {
            let theirs: BTreeMap<_, _> =
                of_class(&[class]).into_iter().map(|(code, sum)| (code, sum * Decimal::from(sign))).collect();
            let mut rows = BTreeMap::new();
            for group in sheet[section].as_array().unwrap() {
                let children = listed(&group["children"]);
                assert_eq!(money(&group["amount"]), children.values().sum::<Decimal>(), "{group}");
                rows.extend(children);
            }
            let running = rows.remove("305").unwrap_or_default();
            if section == "equity" {
                assert_eq!(running, -results.values().sum::<Decimal>(), "the result of the running year");
            }
            assert_eq!(digits(&theirs), digits(&rows), "{section}");
        }
        assert_eq!(money(&sheet["total_assets"]), money(&sheet["total_liabilities_equity"]));
        assert_eq!(money(&sheet["total_assets"]), of_class(&["1"]).values().sum::<Decimal>());
    }

    /// Has every judge that is here look at the books.
    pub async fn judge(&self) {
        for judged in [self.by_hledger().await, self.by_beancount().await].into_iter().flatten() {
            self.agree(&judged).await;
        }
    }
}

fn listed(rows: &Value) -> BTreeMap<&str, Decimal> {
    let rows = rows.as_array().unwrap().iter();
    rows.map(|row| (row["code"].as_str().unwrap(), money(&row["amount"]))).collect()
}

/// With two decimals, whatever zeros an amount was written with.
fn digits(sums: &BTreeMap<&str, Decimal>) -> BTreeMap<String, String> {
    sums.iter().map(|(code, sum)| ((*code).to_owned(), format!("{sum:.2}"))).collect()
}

fn amount_in(text: &str) -> Decimal {
    let number: String = text.chars().filter(|character| "0123456789.-".contains(*character)).collect();
    assert!(number == "0" || number.rsplit('.').next().is_some_and(|cents| cents.len() == 2), "{text}");
    dec(&number)
}

both_engines! {
    async fn judges_agree_with_the_reports(shop: Shop) {
        crate::mixed_history(&shop).await;
        let today = shop.today().await;
        Books { tenant: &shop.slug, database: &shop.database, days: ("1970-01-01", &today) }.judge().await;
    }
}
