use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use diario_tests::{Shop, both_engines, dec};
use rust_decimal::Decimal;

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

async fn export(shop: &Shop, format: &str, folder: &Path) -> PathBuf {
    let output = shop.command(&["export", "journal", "--format", format]).await;
    assert!(output.status.success(), "{}", printed(&output));
    let path = folder.join(format!("journal.{format}"));
    std::fs::write(&path, &output.stdout).unwrap();
    path
}

/// The code in an account's name: the last `ddd.dd` or `ddd-dd`.
fn code_in(account: &str) -> String {
    let bytes = account.as_bytes();
    let at = (0..bytes.len().saturating_sub(5)).rev().find(|at| {
        bytes[*at..*at + 6].iter().enumerate().all(|(index, byte)| match index {
            3 => *byte == b'.' || *byte == b'-',
            _ => byte.is_ascii_digit(),
        })
    });
    let at = at.unwrap_or_else(|| panic!("no code in {account}"));
    account[at..at + 6].replace('-', ".")
}

fn amount_in(text: &str) -> Decimal {
    let number: String = text.chars().filter(|character| "0123456789.-".contains(*character)).collect();
    assert!(number == "0" || number.rsplit('.').next().is_some_and(|cents| cents.len() == 2), "{text}");
    dec(&number)
}

async fn agree(shop: &Shop, judged: BTreeMap<String, Decimal>) {
    let nonzero = |balances: BTreeMap<String, Decimal>| -> BTreeMap<String, String> {
        balances
            .into_iter()
            .filter(|(_, amount)| !amount.is_zero())
            .map(|(code, amount)| (code, format!("{amount:.2}")))
            .collect()
    };
    let ours = nonzero(shop.balances().await.0);
    assert!(ours.len() > 10, "{ours:?}");
    assert_eq!(nonzero(judged), ours, "left: the judge, right: the trial balance");
}

both_engines! {
    async fn hledger_agrees_with_the_trial_balance(shop: Shop) {
        if !works("hledger", &["--version"]) {
            println!("skipped: hledger is not installed");
            return;
        }
        crate::mixed_history(&shop).await;
        let folder = tempfile::tempdir().unwrap();
        let journal = export(&shop, "hledger", folder.path()).await;
        let journal = journal.to_str().unwrap();
        let check = run("hledger", &["-f", journal, "check", "-s", "ordereddates"]);
        assert!(check.status.success(), "{}", printed(&check));
        let sums = run("hledger", &["-f", journal, "bal", "-O", "csv", "--flat", "-N"]);
        assert!(sums.status.success(), "{}", printed(&sums));
        let mut judged = BTreeMap::new();
        for line in String::from_utf8_lossy(&sums.stdout).lines().skip(1) {
            let (account, amount) = line.trim_matches('"').split_once("\",\"").unwrap();
            *judged.entry(code_in(account)).or_default() += amount_in(amount);
        }
        agree(&shop, judged).await;
    }

    async fn beancount_agrees_with_the_trial_balance(shop: Shop) {
        let python = std::env::var("DIARIO_BEANCOUNT_PYTHON").unwrap_or_else(|_| "python3".to_owned());
        if !works(&python, &["-c", "import beancount.loader"]) {
            println!("skipped: beancount is not installed");
            return;
        }
        crate::mixed_history(&shop).await;
        let folder = tempfile::tempdir().unwrap();
        let journal = export(&shop, "beancount", folder.path()).await;
        let text = std::fs::read_to_string(&journal).unwrap();
        for wanted in ["leafonly", "noduplicates", "~ 0.00 MXN"] {
            assert!(text.contains(wanted), "the export lets beancount be lenient: no {wanted}");
        }
        let journal = journal.to_str().unwrap();
        let check = run(&python, &["-m", "beancount.scripts.check", "--no-cache", journal]);
        assert!(check.status.success() && check.stdout.is_empty(), "{}", printed(&check));
        let sums = run(&python, &["-c", SUM_UP, journal]);
        assert!(sums.status.success(), "{}", printed(&sums));
        let mut judged = BTreeMap::new();
        for line in String::from_utf8_lossy(&sums.stdout).lines() {
            let (account, amount) = line.rsplit_once(' ').unwrap();
            *judged.entry(code_in(account)).or_default() += amount_in(amount);
        }
        agree(&shop, judged).await;
    }
}
