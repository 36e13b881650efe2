//! Electronic accounting (Anexo 24, version 1.3): Catálogo, Balanza and Pólizas of a month as SAT takes them
//! (`docs/electronic-accounting.md`).
//!
//! A closed month is read as of the position of its close, so it has the same bytes whenever it is asked for; an open
//! one is read as of the position that the journal has followed to.

mod declared;
mod xml;

use std::collections::BTreeMap;

use diario_domain::{
    Cents, TenantId,
    chart::{self, Nature},
    period::{Period, THIRTEENTH},
    posting::entry_id,
    time::{date_of, day_number},
};
use diario_store::{Database, Row, StoreError, params};

pub use declared::{Order, Rfc, Submission, Wrong};

use crate::{
    journal::{self, Account},
    ledger::{self, Scope, Upto},
};
use xml::{Xml, value};

/// The first year that SAT's schemas know.
pub const FIRST_YEAR: i16 = 2015;
/// The last one.
pub const LAST_YEAR: i16 = 2099;

/// Pólizas written at once.
const PAGE: usize = 1_000;

/// One of the three documents, with what is declared in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Document {
    /// The accounts.
    Catalogo,
    /// Their balances.
    Balanza(Submission),
    /// The entries.
    Polizas(Order),
}

impl Document {
    /// The last month that SAT's schema of it knows.
    #[must_use]
    pub const fn last_month(&self) -> i8 {
        match self {
            Self::Catalogo | Self::Polizas(_) => 12,
            Self::Balanza(_) => THIRTEENTH,
        }
    }

    /// The letters that end SAT's file name.
    const fn letters(&self) -> &'static str {
        match self {
            Self::Catalogo => "CT",
            Self::Balanza(Submission::Normal) => "BN",
            Self::Balanza(Submission::Complementary(_)) => "BC",
            Self::Polizas(_) => "PL",
        }
    }

    /// The prefix of SAT's namespace, the last part of its address, and the document's root.
    const fn names(&self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Catalogo => ("catalogocuentas", "CatalogoCuentas", "Catalogo"),
            Self::Balanza(_) => ("BCE", "BalanzaComprobacion", "Balanza"),
            Self::Polizas(_) => ("PLZ", "PolizasPeriodo", "Polizas"),
        }
    }
}

/// A tenant's books of a period.
#[derive(Clone)]
pub struct Books {
    db: Database,
    tenant: TenantId,
    rfc: Rfc,
    period: Period,
    as_of: i64,
}

impl Books {
    /// The books as the close of the period saw them, or as they are now.
    pub async fn of(db: &Database, tenant: TenantId, rfc: Rfc, period: Period) -> Result<Self, StoreError> {
        let closed = ledger::closed_periods(db, tenant).await?;
        let as_of = match closed.iter().find(|closed| closed.period == period.number()) {
            Some(closed) => closed.position,
            None => ledger::journal_position(db, tenant).await?,
        };
        Ok(Self { db: db.clone(), tenant, rfc, period, as_of })
    }

    /// SAT's name for a file: RFC, year, month, and letters of the document.
    #[must_use]
    pub fn file_name(&self, document: &Document) -> String {
        let Period { year, month } = self.period;
        format!("{}{year:04}{month:02}{}.xml", self.rfc.as_str(), document.letters())
    }

    /// A document, to be taken piece by piece.
    #[must_use]
    pub fn document(self, document: Document) -> Pieces {
        Pieces { books: self, document, accounts: BTreeMap::new(), stage: Stage::Before, xml: Xml::new() }
    }

    /// The document's beginning: declaration and root, attributes in the order of SAT's schema.
    fn begin(&self, document: &Document, xml: &mut Xml) {
        let (prefix, name, root) = document.names();
        let address = format!("http://www.sat.gob.mx/esquemas/ContabilidadE/1_3/{name}");
        let location = format!("{address} {address}/{name}_1_3.xsd");
        let (namespace, month) = (format!("xmlns:{prefix}"), format!("{:02}", self.period.month));
        let (year, modified) = (self.period.year.to_string(), day_of_change(document));
        let mut attributes = vec![
            (namespace.as_str(), address.as_str()),
            ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
            ("xsi:schemaLocation", location.as_str()),
            ("Version", "1.3"),
            ("RFC", self.rfc.as_str()),
            ("Mes", month.as_str()),
            ("Anio", year.as_str()),
        ];
        match document {
            Document::Catalogo => {}
            Document::Balanza(Submission::Normal) => attributes.push(("TipoEnvio", "N")),
            Document::Balanza(Submission::Complementary(_)) => {
                attributes.extend([("TipoEnvio", "C"), ("FechaModBal", modified.as_str())]);
            }
            Document::Polizas(order) => {
                attributes.push(("TipoSolicitud", order.kind()));
                attributes.extend(order.number());
            }
        }
        xml.declare();
        xml.open(&format!("{prefix}:{root}"), &attributes);
    }

    /// The accounts that were posted to until the end of the period and the groups that they are in, with their sums.
    async fn tree(&self) -> Result<Tree, StoreError> {
        let (db, tenant, period) = (&self.db, self.tenant, self.period);
        let scope = Scope { as_of: Some(self.as_of), branch: None };
        let days = (period.first_day(), period.last_day());
        let balances = if period.month == THIRTEENTH {
            ledger::thirteenth(db, tenant, scope, period.last_day()).await?
        } else {
            ledger::balances(db, tenant, scope, days, Upto::Months).await?
        };
        let mut tree = Tree { accounts: accounts(db, tenant).await?, sums: BTreeMap::new() };
        for row in balances {
            let mut at = Some(row.account_id);
            while let Some(id) = at {
                let sums = tree.sums.entry(id).or_default();
                sums.opening += row.opening;
                sums.debit += row.debit;
                sums.credit += row.credit;
                at = tree.above(id);
            }
        }
        Ok(tree)
    }

    async fn catalogo(&self, xml: &mut Xml) -> Result<Written, StoreError> {
        let tree = self.tree().await?;
        for account in tree.by_code() {
            let (code, name) = (value(&account.code, 100), value(&account.name, 400));
            let level = tree.level(account.account_id).to_string();
            let mut attributes =
                vec![("CodAgrup", account.sat_code.as_str()), ("NumCta", &code), ("Desc", &name)];
            let above = tree.above(account.account_id).and_then(|id| tree.accounts.get(&id));
            attributes.extend(above.map(|above| ("SubCtaDe", above.code.as_str())));
            attributes
                .extend([("Nivel", level.as_str()), ("Natur", if is_debit(account) { "D" } else { "A" })]);
            xml.empty("catalogocuentas:Ctas", &attributes);
        }
        Ok(if tree.sums.is_empty() { Written::Nothing } else { Written::All })
    }

    async fn balanza(&self, xml: &mut Xml) -> Result<Written, StoreError> {
        let tree = self.tree().await?;
        for account in tree.by_code() {
            let sums = tree.sums.get(&account.account_id).copied().unwrap_or_default();
            let natural = |amount: Cents| if is_debit(account) { amount } else { -amount };
            let closing = sums.opening + sums.debit - sums.credit;
            let code = value(&account.code, 100);
            let [opening, debit, credit, closing] =
                [natural(sums.opening), sums.debit, sums.credit, natural(closing)]
                    .map(|cents| cents.to_string());
            xml.empty(
                "BCE:Ctas",
                &[
                    ("NumCta", &code),
                    ("SaldoIni", &opening),
                    ("Debe", &debit),
                    ("Haber", &credit),
                    ("SaldoFin", &closing),
                ],
            );
        }
        Ok(if tree.sums.is_empty() { Written::Nothing } else { Written::All })
    }

    /// The period's entries after one, in the order in which they were recorded. They lie between the first and the
    /// last of its days.
    async fn entries(&self, after: i64) -> Result<Vec<Row>, StoreError> {
        let sql = "SELECT entry_id, day, type, reference, description, lines FROM journal_entries \
                   WHERE tenant_id = $1 AND entry_id > $2 AND entry_id < $3 AND period = $4 \
                     AND entry_id >= (SELECT COALESCE(MIN(first_entry), 0) FROM entry_days \
                       WHERE tenant_id = $1 AND day >= $5 AND day <= $6) \
                     AND entry_id <= (SELECT COALESCE(MAX(last_entry), 0) FROM entry_days \
                       WHERE tenant_id = $1 AND day >= $5 AND day <= $6) \
                   ORDER BY entry_id LIMIT $7";
        let period = self.period;
        let params = params![
            self.tenant.0,
            after,
            entry_id(self.as_of + 1, 0),
            period.number(),
            day_number(period.first_day()),
            day_number(period.last_day()),
            i64::try_from(PAGE).unwrap_or(i64::MAX),
        ];
        self.db.query(sql, params).await
    }
}

fn day_of_change(document: &Document) -> String {
    match document {
        Document::Balanza(Submission::Complementary(day)) => day.to_string(),
        Document::Catalogo | Document::Balanza(Submission::Normal) | Document::Polizas(_) => String::new(),
    }
}

fn is_debit(account: &Account) -> bool {
    account.nature == Nature::Debit.name()
}

async fn accounts(db: &Database, tenant: TenantId) -> Result<BTreeMap<i64, Account>, StoreError> {
    let accounts = journal::accounts(db, tenant).await?;
    Ok(accounts.into_iter().map(|account| (account.account_id, account)).collect())
}

/// An account's sums, debit positive.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    opening: Cents,
    debit: Cents,
    credit: Cents,
}

/// The accounts of a period.
struct Tree {
    accounts: BTreeMap<i64, Account>,
    sums: BTreeMap<i64, Sums>,
}

impl Tree {
    /// The account above one. SAT's headings (`100`, `100.01`) group codes and are no accounts: their level in SAT's
    /// list is empty, and what is below them is of the first level.
    fn above(&self, id: i64) -> Option<i64> {
        self.accounts
            .get(&id)
            .and_then(|account| account.parent_id)
            .filter(|parent| self.accounts.get(parent).is_some_and(|above| !is_heading(above)))
    }

    fn level(&self, id: i64) -> usize {
        std::iter::successors(Some(id), |id| self.above(*id)).count()
    }

    /// By code, as bytes compare: a database's own order may depend on where it runs.
    fn by_code(&self) -> Vec<&Account> {
        let mut found: Vec<_> = self.sums.keys().filter_map(|id| self.accounts.get(id)).collect();
        found.sort_by(|one, other| one.code.cmp(&other.code));
        found
    }
}

fn is_heading(account: &Account) -> bool {
    chart::of_code(&account.code).is_some_and(|id| id.0 == account.account_id)
        && account.code.split('.').next().is_some_and(|group| group.ends_with("00"))
}

/// How far a document is written.
enum Stage {
    Before,
    /// The last entry that was written.
    After(i64),
    End,
}

/// What became of a document.
enum Written {
    /// There is nothing to write, or no more.
    Nothing,
    /// More may follow after this entry.
    Upto(i64),
    /// All of it.
    All,
}

/// A document that is written piece by piece: Pólizas of a month may be larger than memory should hold.
pub struct Pieces {
    books: Books,
    document: Document,
    accounts: BTreeMap<i64, Account>,
    stage: Stage,
    xml: Xml,
}

impl Pieces {
    /// The next piece. Where the first is nothing, there is no such document: SAT's schemas know no empty ones.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, StoreError> {
        let after = match self.stage {
            Stage::Before => None,
            Stage::After(entry) => Some(entry),
            Stage::End => return Ok(None),
        };
        self.stage = Stage::End;
        if after.is_none() {
            self.books.begin(&self.document, &mut self.xml);
        }
        let last = match &self.document {
            Document::Catalogo => self.books.catalogo(&mut self.xml).await?,
            Document::Balanza(_) => self.books.balanza(&mut self.xml).await?,
            Document::Polizas(_) => self.polizas(after.unwrap_or(0)).await?,
        };
        match last {
            Written::Nothing if after.is_none() => return Ok(None),
            Written::Upto(entry) => self.stage = Stage::After(entry),
            Written::Nothing | Written::All => {
                let (prefix, _, root) = self.document.names();
                self.xml.close(&format!("{prefix}:{root}"));
            }
        }
        Ok(Some(self.xml.take()))
    }

    /// Writes a page of entries.
    async fn polizas(&mut self, after: i64) -> Result<Written, StoreError> {
        let rows = self.books.entries(after).await?;
        if self.accounts.is_empty() {
            self.accounts = accounts(&self.books.db, self.books.tenant).await?;
        }
        let mut written = Written::Nothing;
        for row in &rows {
            poliza(&mut self.xml, row, &self.accounts)?;
            written = Written::Upto(row.int(0)?);
        }
        Ok(if rows.len() < PAGE && !rows.is_empty() { Written::All } else { written })
    }
}

/// An entry as a póliza: its number is the entry's own, which no other has, with the letter of its type.
fn poliza(xml: &mut Xml, row: &Row, accounts: &BTreeMap<i64, Account>) -> Result<(), StoreError> {
    let (kind, reference, description) = (row.text(2)?, row.text(3)?, row.text(4)?);
    let (letter, word) = match kind.as_str() {
        "sale" => ("V", "Venta"),
        "purchase" => ("C", "Compra"),
        "adjustment" => ("A", "Ajuste"),
        _ => ("D", "Póliza de diario"),
    };
    let number = format!("{letter}-{}", row.int(0)?);
    let date = date_of(row.int(1)?).to_string();
    let mut concept = value(&format!("{description} {reference}"), 300);
    if concept.is_empty() {
        word.clone_into(&mut concept);
    }
    xml.open("PLZ:Poliza", &[("NumUnIdenPol", &number), ("Fecha", &date), ("Concepto", &concept)]);
    let concept = value(&concept, 200);
    for (account, cents) in journal::lines_in(row, 5)? {
        let (code, name) = accounts.get(&account).map_or(("", ""), |account| (&account.code, &account.name));
        let (code, name) = (value(code, 100), value(name, 100));
        let [debit, credit] =
            [cents.max(Cents::ZERO), (-cents).max(Cents::ZERO)].map(|cents| cents.to_string());
        xml.empty(
            "PLZ:Transaccion",
            &[
                ("NumCta", &code),
                ("DesCta", &name),
                ("Concepto", &concept),
                ("Debe", &debit),
                ("Haber", &credit),
            ],
        );
    }
    xml.close("PLZ:Poliza");
    Ok(())
}
