//! `diario replay`.

use std::{collections::BTreeMap, process::ExitCode};

use diario_domain::{AccountId, Book, Cents, TenantId, item::ItemKind, posting};
use diario_store::{Log, tenants::Tenant};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Common, Context, Failure, text};
use crate::http::json::{money, money_sum, price, quantity};
use text::Align::{Left, Right};

/// Show trial balance and stock as they were, folded from the first event, with no look at any read model.
///
/// The same position always gives the same answer, byte for byte.
#[derive(clap::Args)]
pub struct Replay {
    /// Whose (slug or id)
    #[arg(long)]
    tenant: String,
    /// Up to this position, or to the last event recorded at or before this instant (RFC 3339,
    /// `2026-04-01T18:00:00Z`); the whole log where absent
    #[arg(long, value_name = "POSITION|INSTANT", value_parser = until, allow_hyphen_values = true)]
    to: Option<Until>,
}

/// Where a replay ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Until {
    Position(i64),
    Instant(Timestamp),
}

fn until(value: &str) -> Result<Until, String> {
    if let Ok(position) = value.parse::<i64>() {
        return if position < 0 {
            Err("positions begin at 1".to_owned())
        } else {
            Ok(Until::Position(position))
        };
    }
    value
        .parse()
        .map(Until::Instant)
        .map_err(|_| "neither a position nor an instant like 2026-04-01T18:00:00Z".to_owned())
}

/// Events read at once.
const PAGE: i64 = 1_000;

/// The state that a log folds to.
#[derive(Default)]
struct Folded {
    book: Book,
    recorded_at: Option<Timestamp>,
    /// Debits and credits of each account.
    sums: BTreeMap<AccountId, (Cents, Cents)>,
}

impl Replay {
    /// Replays.
    pub async fn run(self, common: &Common) -> Result<ExitCode, Failure> {
        Context::with(common, false, async |context| self.replay(context, common.json).await).await?;
        Ok(ExitCode::SUCCESS)
    }

    async fn replay(&self, context: &Context, as_json: bool) -> Result<(), Failure> {
        let tenant = context.tenant(&self.tenant).await?;
        if let Some(Until::Position(position)) =
            self.to.filter(|to| matches!(to, Until::Position(p) if *p > tenant.head))
        {
            return Err(format!("there is no position {position}: the log ends at {}", tenant.head).into());
        }
        let folded = fold(&context.log, tenant.tenant_id, self.to, tenant.head).await?;
        if as_json {
            text::print_json(&as_value(&tenant, &folded))
        } else {
            text::print(&words(&tenant, &folded))
        }
    }
}

async fn fold(log: &Log, tenant: TenantId, to: Option<Until>, head: i64) -> Result<Folded, Failure> {
    let mut folded = Folded::default();
    let bar = text::progress("replay", head);
    loop {
        let after = folded.book.position;
        let limit = match to {
            Some(Until::Position(position)) => PAGE.min(position - after),
            Some(Until::Instant(_)) | None => PAGE,
        };
        let events = if limit > 0 { log.read(tenant, after, limit).await? } else { Vec::new() };
        let mut ended = events.is_empty();
        for event in &events {
            if matches!(to, Some(Until::Instant(instant)) if event.recorded_at > instant) {
                ended = true;
                break;
            }
            folded.book.apply(event);
            folded.recorded_at = Some(event.recorded_at);
            for entry in posting::entries(&event.event, &event.metadata.accounts)? {
                for line in entry.lines() {
                    let (debit, credit) = folded.sums.entry(line.account).or_default();
                    if line.amount.is_positive() { *debit += line.amount } else { *credit -= line.amount }
                }
            }
        }
        bar.set_position(folded.book.position.unsigned_abs());
        if ended {
            bar.finish_and_clear();
            return Ok(folded);
        }
    }
}

impl Folded {
    /// Code, name, debits and credits of each account that was posted to, by code.
    fn accounts(&self) -> Vec<(String, String, Cents, Cents)> {
        let mut rows: Vec<_> = self
            .sums
            .iter()
            .filter_map(|(id, (debit, credit))| {
                self.book.account(*id).map(|account| (account.code, account.name, *debit, *credit))
            })
            .collect();
        rows.sort();
        rows
    }
}

fn as_value(tenant: &Tenant, folded: &Folded) -> Value {
    let accounts = folded.accounts();
    let stocked = folded.book.items.iter().filter(|(_, item)| item.kind == ItemKind::Stocked);
    json!({
        "tenant": tenant.slug,
        "position": folded.book.position,
        "recorded_at": folded.recorded_at.map(|at| at.to_string()),
        "trial_balance": {
            "accounts": accounts
                .iter()
                .map(|(code, name, debit, credit)| json!({
                    "code": code, "name": name, "debit": money(*debit), "credit": money(*credit),
                    "balance": money(*debit - *credit),
                }))
                .collect::<Vec<_>>(),
            "totals": {
                "debit": money_sum(accounts.iter().map(|(_, _, debit, _)| *debit)),
                "credit": money_sum(accounts.iter().map(|(_, _, _, credit)| *credit)),
            },
        },
        "stock": stocked
            .clone()
            .map(|(id, item)| json!({
                "item_id": id.0, "sku": item.sku, "name": item.name, "on_hand": quantity(item.shelf.on_hand),
                "average_cost": price(item.shelf.average_cost), "value": money(item.shelf.value),
            }))
            .collect::<Vec<_>>(),
        "stock_value": money_sum(stocked.map(|(_, item)| item.shelf.value)),
    })
}

fn words(tenant: &Tenant, folded: &Folded) -> String {
    let when =
        folded.recorded_at.map_or_else(|| "nothing recorded yet".to_owned(), |at| format!("recorded {at}"));
    let mut out = format!("{} at position {} ({when})\n\n", tenant.name, text::count(folded.book.position));
    let accounts = folded.accounts();
    let mut rows: Vec<Vec<String>> = accounts
        .iter()
        .map(|(code, name, debit, credit)| {
            let balance = *debit - *credit;
            vec![
                code.clone(),
                text::short(name),
                text::money(*debit),
                text::money(*credit),
                text::money(balance),
            ]
        })
        .collect();
    let body = rows.len();
    let sum = |of: fn(&(String, String, Cents, Cents)) -> Cents| accounts.iter().map(of).sum::<Cents>();
    let (debit, credit) = (sum(|row| row.2), sum(|row| row.3));
    rows.push(vec![
        String::new(),
        "total".to_owned(),
        text::money(debit),
        text::money(credit),
        text::money(debit - credit),
    ]);
    let heads = [("account", Left), ("name", Left), ("debit", Right), ("credit", Right), ("balance", Right)];
    out.push_str(&text::table(&heads, &rows, body));
    out.push('\n');
    let stocked = || folded.book.items.values().filter(|item| item.kind == ItemKind::Stocked);
    let mut rows: Vec<Vec<String>> = stocked()
        .map(|item| {
            vec![
                item.sku.clone(),
                text::short(&item.name),
                text::quantity(item.shelf.on_hand),
                text::grouped(item.shelf.average_cost.to_decimal()),
                text::money(item.shelf.value),
            ]
        })
        .collect();
    let body = rows.len();
    let value = stocked().map(|item| item.shelf.value).sum();
    rows.push(vec![String::new(), "total".to_owned(), String::new(), String::new(), text::money(value)]);
    let heads =
        [("code", Left), ("name", Left), ("on hand", Right), ("average cost", Right), ("value", Right)];
    out.push_str(&text::table(&heads, &rows, body));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_a_position_or_an_instant() {
        assert_eq!(until("451"), Ok(Until::Position(451)));
        assert_eq!(
            until("2026-04-01T18:00:00Z"),
            Ok(Until::Instant("2026-04-01T18:00:00Z".parse().unwrap()))
        );
        for wrong in ["-1", "ayer", "2026-04-01", ""] {
            assert!(until(wrong).is_err(), "{wrong}");
        }
    }
}
