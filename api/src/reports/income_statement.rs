//! The income statement: what some days earned (contract 5.9).

use std::collections::BTreeMap;

use diario_domain::Cents;
use diario_projections::ledger::{self, BalanceRow, Upto};
use diario_store::StoreError;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::{Cell, Column, Comparison, Of, Report, Table, period_note};
use crate::http::json::money;

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// First and last day.
    pub days: (Date, Date),
    /// What it is set beside.
    pub comparison: Option<Comparison>,
}

/// Name and amount of accounts by their codes.
type Lines = BTreeMap<String, (String, Cents)>;

/// The parts of an income statement. Income is positive in `income` and `other`, expense in the rest.
#[derive(Default)]
struct Statement {
    income: Lines,
    cost: Lines,
    expenses: Lines,
    /// Financial result and other income: 7xx.
    other: Lines,
}

fn sum(lines: &Lines) -> Cents {
    lines.values().map(|(_, amount)| *amount).sum()
}

impl Statement {
    async fn of(of: Of<'_>, days: (Date, Date)) -> Result<Self, StoreError> {
        let rows = ledger::balances(of.db, of.tenant, of.scope, days, Upto::Adjusted).await?;
        let mut statement = Self::default();
        for row in rows.iter().filter(|row| !row.moved().is_zero()) {
            statement.add(row);
        }
        Ok(statement)
    }

    fn add(&mut self, row: &BalanceRow) {
        let moved = row.moved();
        let (lines, amount) = match row.sat_code.as_bytes().first() {
            Some(b'4') => (&mut self.income, -moved),
            Some(b'5') => (&mut self.cost, moved),
            Some(b'6') => (&mut self.expenses, moved),
            Some(b'7') => (&mut self.other, -moved),
            _ => return,
        };
        lines.insert(row.code.clone(), (row.name.clone(), amount));
    }

    fn gross(&self) -> Cents {
        sum(&self.income) - sum(&self.cost)
    }

    fn operating(&self) -> Cents {
        self.gross() - sum(&self.expenses)
    }

    fn net(&self) -> Cents {
        self.operating() + sum(&self.other)
    }

    fn view(&self, days: (Date, Date)) -> Value {
        let mut body = json!({
            "period": {"from": days.0.to_string(), "to": days.1.to_string()},
            "gross_profit": money(self.gross()),
            "operating_profit": money(self.operating()),
            "net_income": money(self.net()),
        });
        for section in &SECTIONS {
            let lines = (section.lines)(self).iter();
            body[section.name] = lines
                .map(|(code, (name, amount))| json!({"code": code, "name": name, "amount": money(*amount)}))
                .collect();
        }
        body
    }
}

/// What is drawn under a part: its name, its words, its amount.
type Line = (&'static str, &'static str, fn(&Statement) -> Cents);

/// A part of the statement, and what is drawn under it.
struct Section {
    name: &'static str,
    head: &'static str,
    lines: fn(&Statement) -> &Lines,
    result: Option<Line>,
}

const SECTIONS: [Section; 4] = [
    Section { name: "income", head: "Ingresos", lines: |s| &s.income, result: None },
    Section {
        name: "cost_of_sales",
        head: "Costo de ventas",
        lines: |s| &s.cost,
        result: Some(("gross_profit", "Utilidad bruta", Statement::gross)),
    },
    Section {
        name: "expenses",
        head: "Gastos",
        lines: |s| &s.expenses,
        result: Some(("operating_profit", "Utilidad de operación", Statement::operating)),
    },
    Section {
        name: "other",
        head: "Resultado financiero y otros",
        lines: |s| &s.other,
        result: Some(("net_income", "Utilidad neta", Statement::net)),
    },
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
    let statement = Statement::of(of, asked.days).await?;
    let mut body = statement.view(asked.days);
    let mut table = Table::new("Estado de resultados", period_note(asked.days), &COLUMNS);
    let mut beside = None;
    if let Some(comparison) = asked.comparison {
        let days = comparison.days(asked.days);
        let compared = Statement::of(of, days).await?;
        body["comparison"] = compared.view(days);
        table.columns.push(BESIDE);
        table.notes.push(format!("Comparado con el del {} al {}", days.0, days.1));
        beside = Some(compared);
    }
    for section in &SECTIONS {
        let mine = (section.lines)(&statement);
        let theirs = beside.as_ref().map(section.lines);
        let mut codes: BTreeMap<&String, &String> =
            mine.iter().map(|(code, (name, _))| (code, name)).collect();
        codes.extend(theirs.iter().flat_map(|lines| lines.iter()).map(|(code, (name, _))| (code, name)));
        let amount =
            |lines: &Lines, code: &String| lines.get(code).map_or(Cents::ZERO, |(_, amount)| *amount);
        for (code, name) in codes {
            let mut cells =
                vec![Cell::Word(section.name, section.head), code.clone().into(), name.clone().into()];
            cells.push(amount(mine, code).into());
            cells.extend(theirs.map(|lines| Cell::from(amount(lines, code))));
            table.row(cells);
        }
        if let Some((name, head, result)) = section.result {
            let mut cells = vec![Cell::Word(name, head), Cell::Blank, Cell::Blank, result(&statement).into()];
            cells.extend(beside.as_ref().map(|beside| Cell::from(result(beside))));
            table.total(cells);
        }
    }
    Ok(of.report(body, table))
}
