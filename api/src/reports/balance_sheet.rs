//! The balance sheet: what there is and whose it is, at the end of a day (contract 5.9).

use std::collections::BTreeMap;

use diario_domain::{Cents, chart};
use diario_projections::ledger::{self, BalanceRow, Upto};
use diario_store::StoreError;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::{Cell, Column, Comparison, Of, Report, Table};
use crate::http::json::money;

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// The day.
    pub date: Date,
    /// What it is set beside.
    pub comparison: Option<Comparison>,
}

/// Name and amount of accounts by their codes.
type Lines = BTreeMap<String, (String, Cents)>;

/// The groups of one side (101, 102 …) with their accounts, by code.
#[derive(Default)]
struct Side(BTreeMap<String, Lines>);

/// SAT's code of a group: what stands before the dot.
fn group_of(code: &str) -> &str {
    code.split('.').next().unwrap_or(code)
}

fn name_of(code: &str) -> &str {
    chart::of_code(code).and_then(chart::account).map_or(code, |account| account.name)
}

fn sum(lines: &Lines) -> Cents {
    lines.values().map(|(_, amount)| *amount).sum()
}

impl Side {
    fn add(&mut self, row: &BalanceRow, amount: Cents) {
        if !amount.is_zero() {
            let group = self.0.entry(group_of(&row.sat_code).to_owned()).or_default();
            group.insert(row.code.clone(), (row.name.clone(), amount));
        }
    }

    fn total(&self) -> Cents {
        self.0.values().map(sum).sum()
    }

    fn view(&self) -> Value {
        let groups = self.0.iter().map(|(code, lines)| {
            let children: Vec<_> = lines
                .iter()
                .map(|(code, (name, amount))| json!({"code": code, "name": name, "amount": money(*amount)}))
                .collect();
            json!({"code": code, "name": name_of(code), "amount": money(sum(lines)), "children": children})
        });
        groups.collect()
    }
}

#[derive(Default)]
struct Sheet {
    assets: Side,
    liabilities: Side,
    equity: Side,
}

/// What was earned and not yet transferred to 305 belongs to the owners all the same.
const RESULT: (&str, &str) = ("305", "Resultado del ejercicio en curso");

impl Sheet {
    async fn of(of: Of<'_>, date: Date) -> Result<Self, StoreError> {
        let rows = ledger::balances(of.db, of.tenant, of.scope, (Date::MIN, date), Upto::Closed).await?;
        let mut sheet = Self::default();
        let mut result = Cents::ZERO;
        for row in &rows {
            match row.sat_code.as_bytes().first() {
                Some(b'1') => sheet.assets.add(row, row.closing()),
                Some(b'2') => sheet.liabilities.add(row, -row.closing()),
                Some(b'3') => sheet.equity.add(row, -row.closing()),
                // Memorandum accounts (8xx) stand against each other and belong to nobody.
                Some(b'8') => {}
                _ => result -= row.closing(),
            }
        }
        if !result.is_zero() {
            let (code, name) = RESULT;
            let group = sheet.equity.0.entry(code.to_owned()).or_default();
            group.insert(code.to_owned(), (name.to_owned(), result));
        }
        Ok(sheet)
    }

    fn view(&self, date: Date) -> Value {
        json!({
            "date": date.to_string(),
            "assets": self.assets.view(),
            "liabilities": self.liabilities.view(),
            "equity": self.equity.view(),
            "total_assets": money(self.assets.total()),
            "total_liabilities": money(self.liabilities.total()),
            "total_equity": money(self.equity.total()),
            "total_liabilities_equity": money(self.owed()),
        })
    }

    fn owed(&self) -> Cents {
        self.liabilities.total() + self.equity.total()
    }
}

/// A side of the sheet: its names, its accounts, its sum.
struct Part {
    name: &'static str,
    head: &'static str,
    side: fn(&Sheet) -> &Side,
    total: (&'static str, &'static str),
}

const PARTS: [Part; 3] = [
    Part { name: "assets", head: "Activo", side: |s| &s.assets, total: ("total_assets", "Total activo") },
    Part {
        name: "liabilities",
        head: "Pasivo",
        side: |s| &s.liabilities,
        total: ("total_liabilities", "Total pasivo"),
    },
    Part { name: "equity", head: "Capital", side: |s| &s.equity, total: ("total_equity", "Total capital") },
];

const COLUMNS: [Column; 4] = [
    Column::words("section", "Sección", 24),
    Column::words("code", "Cuenta", 10),
    Column::words("name", "Nombre", 44),
    Column::money("amount", "Importe"),
];

const BESIDE: Column = Column::money("comparison", "Comparado");

/// Takes it.
pub async fn take(of: Of<'_>, asked: Asked) -> Result<Report, StoreError> {
    let sheet = Sheet::of(of, asked.date).await?;
    let mut body = sheet.view(asked.date);
    let mut table = Table::new("Balance general", format!("Al {}", asked.date), &COLUMNS);
    let mut beside = None;
    if let Some(comparison) = asked.comparison {
        let date = comparison.date(asked.date);
        let compared = Sheet::of(of, date).await?;
        body["comparison"] = compared.view(date);
        table.columns.push(BESIDE);
        table.notes.push(format!("Comparado con el del {date}"));
        beside = Some(compared);
    }
    let empty = Lines::new();
    for part in &PARTS {
        let mine = (part.side)(&sheet);
        let theirs = beside.as_ref().map(part.side);
        let groups: std::collections::BTreeSet<_> =
            mine.0.keys().chain(theirs.iter().flat_map(|side| side.0.keys())).collect();
        for group in groups {
            let lines = mine.0.get(group).unwrap_or(&empty);
            let other = theirs.map(|side| side.0.get(group).unwrap_or(&empty));
            let mut codes: BTreeMap<_, _> = lines.iter().map(|(code, (name, _))| (code, name)).collect();
            codes.extend(other.iter().flat_map(|lines| lines.iter()).map(|(code, (name, _))| (code, name)));
            let amount =
                |lines: &Lines, code: &String| lines.get(code).map_or(Cents::ZERO, |(_, amount)| *amount);
            for (code, name) in codes {
                let mut cells =
                    vec![Cell::Word(part.name, part.head), code.clone().into(), name.clone().into()];
                cells.push(amount(lines, code).into());
                cells.extend(other.map(|lines| Cell::from(amount(lines, code))));
                table.row(cells);
            }
        }
        total(&mut table, part.total, &sheet, beside.as_ref(), |sheet| (part.side)(sheet).total());
    }
    let words = ("total_liabilities_equity", "Total pasivo y capital");
    total(&mut table, words, &sheet, beside.as_ref(), Sheet::owed);
    Ok(of.report(body, table))
}

fn total(
    table: &mut Table,
    (name, head): (&'static str, &'static str),
    sheet: &Sheet,
    beside: Option<&Sheet>,
    amount: impl Fn(&Sheet) -> Cents,
) {
    let mut cells = vec![Cell::Word(name, head), Cell::Blank, Cell::Blank, amount(sheet).into()];
    cells.extend(beside.map(|beside| Cell::from(amount(beside))));
    table.total(cells);
}
