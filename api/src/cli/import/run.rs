//! Booking a file: items, customers, what must have lain there, and then its documents in their order.

use std::{
    collections::{BTreeMap, HashMap},
    time::Instant,
};

use diario_commands::{Answer, CommandError, Key, Outcome, Rendered, Request};
use diario_domain::{
    Cents, Command, CustomerId, Event, ItemId, Metadata, Quantity, Rate, Refusal, RegisterId, SaleId,
    TenantId,
    adjustment::AdjustStock,
    command::Issued,
    customer::{CustomerDetails, RegisterCustomer},
    employee::Role,
    item::{CreateItem, ItemKind, Prices},
    money::{extend, tax_on},
    pricing::LineWanted,
    purchase::RecordPurchase,
    returns::{RefundMethod, ReturnGoods, ReturnUnreferenced},
    sale::{CancelSale, CompleteSale, Paying, SaleType, TenderKind},
    time,
};
use diario_projections::{
    Page,
    employees::{self, Employee},
    items::{self as stored, ItemFilter},
};
use diario_store::{IdempotencyRow, tenants::Tenant};
use indicatif::ProgressBar;
use jiff::{
    Timestamp,
    civil::{Date, DateTime},
    tz::TimeZone,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{
    OpeningStock, Options, Report,
    file::{Document, File, Line, Problem, micro},
    items::{self, Known, Wanted},
    pipe::Pipe,
    session::{Day, refused},
    sold::{Match, SoldSales},
};
use crate::cli::{Context, Failure, text, verify::PATIENCE};

/// Lines of one opening purchase.
const PURCHASE_LINES: usize = 500;
/// Where opening stock is taken to have come from.
const OPENING_SUPPLIER: &str = "Existencias iniciales";
/// The reason of a correction of stock that the file gives none for.
const NO_REASON: &str = "Sin motivo en el archivo";

/// What a request made, as it is kept beside its key: a replay answers it again.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
#[expect(clippy::struct_field_names, reason = "the names are those of the ids in events and answers")]
pub(super) struct Made {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) item_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) customer_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) register_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sale_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cancelled_sale_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    return_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    returned_sale_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    adjustment_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    purchase_id: Option<i64>,
}

impl Made {
    /// Reads an answer.
    pub(super) fn read(body: &str) -> Result<Self, Failure> {
        serde_json::from_str(body).map_err(|error| format!("a kept answer cannot be read: {error}").into())
    }

    fn of(events: &[diario_domain::event::Recorded]) -> Self {
        let mut made = Self::default();
        for recorded in events {
            #[expect(clippy::wildcard_enum_match_arm, reason = "an import makes no other events")]
            match &recorded.event {
                Event::ItemCreated(event) => made.item_id = Some(event.item_id.0),
                Event::CustomerRegistered(event) => made.customer_id = Some(event.customer_id.0),
                Event::RegisterOpened(event) => made.register_id = Some(event.register_id.0),
                Event::RegisterCut(event) => made.register_id = Some(event.register_id.0),
                Event::SaleCompleted(event) => made.sale_id = Some(event.sale_id.0),
                Event::SaleCancelled(event) => made.cancelled_sale_id = Some(event.sale_id.0),
                Event::GoodsReturned(event) => {
                    made.return_id = Some(event.return_id.0);
                    made.returned_sale_id = event.sale_id.map(|id| id.0);
                }
                Event::StockAdjusted(event) => made.adjustment_id = Some(event.adjustment_id.0),
                Event::PurchaseRecorded(event) => made.purchase_id = Some(event.purchase_id.0),
                _ => {}
            }
        }
        made
    }
}

fn render(outcome: Outcome<'_>) -> Rendered {
    match outcome {
        Ok(events) => {
            Rendered { status: 201, body: serde_json::to_string(&Made::of(events)).unwrap_or_default() }
        }
        Err(refusal) => Rendered { status: 422, body: refusal.to_string() },
    }
}

/// Whether a key was used before.
enum Before {
    /// With success: the answer.
    Done(IdempotencyRow),
    /// Not, or only to be refused, which the next try need not be: the scope to try under.
    Fresh(String),
}

/// See the module.
pub(super) struct Importer<'a> {
    pub(super) context: &'a Context,
    pub(super) tenant: TenantId,
    options: Options,
    employee: Employee,
    zone: TimeZone,
    items: HashMap<String, Known>,
    customers: HashMap<String, CustomerId>,
    /// Why an item or a customer could not be made, by code or id.
    not_made: HashMap<String, String>,
    sold: SoldSales,
    /// What a day's drawer begins with: enough for all that is paid back on that day.
    pub(super) floats: HashMap<Date, Cents>,
    report: Report,
    bar: ProgressBar,
}

/// A document on its way.
type DocumentPipe = Pipe<usize>;

/// What is paid back on each day, tax included: a drawer pays only what it holds.
fn floats(documents: &[Document], tax_rate: Rate) -> HashMap<Date, Cents> {
    let mut floats: HashMap<Date, Cents> = HashMap::new();
    for document in documents {
        for line in document.lines.iter().filter(|line| line.quantity < 0) {
            let net = extend(micro(-line.quantity), line.unit_price);
            *floats.entry(document.at.date()).or_default() += net + tax_on(net, tax_rate);
        }
    }
    floats
}

/// Books a file.
pub(super) async fn run(
    context: &Context,
    tenant: &Tenant,
    file: File,
    options: Options,
) -> Result<Report, Failure> {
    let started = Instant::now();
    let zone =
        time::zone(&tenant.timezone).ok_or_else(|| format!("unknown time zone {}", tenant.timezone))?;
    context.projections.ensure(tenant.tenant_id);
    if !context.projections.caught_up(tenant.tenant_id, tenant.head, PATIENCE).await {
        return Err(NOT_CAUGHT_UP.into());
    }
    let employees = employees::list(&context.db, tenant.tenant_id).await?;
    let owner = employees.into_iter().find(|employee| employee.role == Role::Owner && employee.is_active);
    let employee = owner.ok_or_else(|| format!("tenant {} has no owner who could sell", tenant.slug))?;
    let steps = i64::try_from(file.documents.len()).unwrap_or(i64::MAX);
    let mut importer = Importer {
        context,
        tenant: tenant.tenant_id,
        options,
        employee,
        zone,
        items: HashMap::new(),
        customers: HashMap::new(),
        not_made: HashMap::new(),
        sold: SoldSales::default(),
        floats: floats(&file.documents, options.tax_rate),
        report: Report {
            tenant: tenant.slug.clone(),
            rows: file.rows,
            documents: file.documents.len() as u64 + file.refused,
            refused: file.refused,
            problems: file.problems,
            ..Report::default()
        },
        bar: text::progress("items", steps),
    };
    importer.book(&file.documents).await?;
    importer.catch_up().await?;
    importer.bar.finish_and_clear();
    let mut report = importer.report;
    report.problems.sort_by_key(|problem| problem.line);
    report.events = context.log.head(tenant.tenant_id).await?.map_or(0, |head| head.position) - tenant.head;
    report.elapsed = started.elapsed();
    Ok(report)
}

const NOT_CAUGHT_UP: &str =
    "the read models do not follow the log; `diario status` shows which, `diario verify` why";

impl Importer<'_> {
    async fn book(&mut self, documents: &[Document]) -> Result<(), Failure> {
        self.make_items(documents).await?;
        self.make_customers(documents).await?;
        let bases: Vec<String> =
            documents.iter().map(|document| format!("import/online-retail/{}", document.invoice)).collect();
        let before = self.before(bases).await?;
        if self.options.opening_stock == OpeningStock::Auto {
            let fresh =
                documents.iter().zip(&before).filter(|(_, before)| matches!(before, Before::Fresh(_)));
            self.receive_opening_stock(fresh.map(|(document, _)| document).collect()).await?;
        }
        self.bar.set_message("invoices");
        self.book_documents(documents, before).await
    }

    /// Waits until what is booked can be read.
    pub(super) async fn catch_up(&self) -> Result<(), Failure> {
        let head = self.context.log.head(self.tenant).await?.map_or(0, |head| head.position);
        if self.context.projections.caught_up(self.tenant, head, PATIENCE).await {
            return Ok(());
        }
        Err(NOT_CAUGHT_UP.into())
    }

    /// A request of the tenant's owner under a key.
    pub(super) fn request(
        &self,
        scope: String,
        body_hash: Vec<u8>,
        commands: Vec<(Timestamp, Command)>,
    ) -> Request {
        let issue = |(at, command)| Issued {
            by: self.employee.employee_id,
            branch: self.employee.branch_id,
            at,
            command,
        };
        Request {
            commands: commands.into_iter().map(issue).collect(),
            metadata: Metadata {
                actor: Some(self.employee.employee_id),
                role: Some(self.employee.role.name().to_owned()),
                branch: Some(self.employee.branch_id),
                surface: "import".to_owned(),
                idempotency_key: Some(scope.clone()),
                ..Metadata::default()
            },
            key: Some(Key { scope, body_hash }),
            secret: None,
            render: Box::new(render),
        }
    }

    /// For each key, in order, whether it was used before.
    async fn before(&self, bases: Vec<String>) -> Result<Vec<Before>, Failure> {
        let mut found: Vec<Option<Before>> = bases.iter().map(|_| None).collect();
        let mut open: Vec<usize> = (0..bases.len()).collect();
        let mut attempt = 1;
        while !open.is_empty() {
            let scope = |index: usize| {
                if attempt == 1 { bases[index].clone() } else { format!("{}/{attempt}", bases[index]) }
            };
            let scopes: Vec<String> = open.iter().map(|index| scope(*index)).collect();
            let answered = self.context.log.answered(self.tenant, &scopes).await?;
            let mut refused = Vec::new();
            for (index, scope) in open.into_iter().zip(scopes) {
                match answered.get(&scope) {
                    Some(row) if row.status >= 400 => refused.push(index),
                    Some(row) => found[index] = Some(Before::Done(row.clone())),
                    None => found[index] = Some(Before::Fresh(scope)),
                }
            }
            open = refused;
            attempt += 1;
        }
        Ok(found.into_iter().flatten().collect())
    }

    fn instant(&self, at: DateTime) -> Timestamp {
        self.zone.to_ambiguous_zoned(at).compatible().map_or(Timestamp::UNIX_EPOCH, |zoned| zoned.timestamp())
    }

    /// Creates the items that the tenant does not have.
    async fn make_items(&mut self, documents: &[Document]) -> Result<(), Failure> {
        let filter = ItemFilter { branch_id: Some(self.employee.branch_id), ..ItemFilter::default() };
        let page = Page::first(i64::MAX);
        let listed = stored::list(&self.context.db, self.tenant, &filter, page).await?;
        let mut by_id = HashMap::new();
        let mut by_code = HashMap::new();
        for row in listed.rows {
            let kind =
                if row.kind == ItemKind::Service.name() { ItemKind::Service } else { ItemKind::Stocked };
            let known = Known { id: row.item_id, kind, price: row.price_1, on_hand: row.stock };
            by_id.insert(row.item_id, known);
            by_code.insert(row.sku.to_uppercase(), known);
        }
        let mut missing = Vec::new();
        for wanted in items::catalogue(documents) {
            match by_code.get(&wanted.code) {
                Some(known) => drop(self.items.insert(wanted.code, *known)),
                None => missing.push(wanted),
            }
        }
        let Some(first) = documents.first() else { return Ok(()) };
        let at = self.instant(first.at);
        let bases =
            missing.iter().map(|wanted| format!("import/online-retail/item/{}", wanted.code)).collect();
        let mut pipe = Pipe::new(self.context.commands.clone(), self.tenant);
        for (wanted, before) in missing.into_iter().zip(self.before(bases).await?) {
            match before {
                // Made by an earlier run, and given another code since.
                Before::Done(row) => {
                    let id = Made::read(&row.response)?.item_id.map(ItemId);
                    if let Some(known) = id.and_then(|id| by_id.get(&id)) {
                        self.items.insert(wanted.code, *known);
                    }
                }
                Before::Fresh(scope) => {
                    let create = Command::CreateItem(Box::new(self.item(&wanted)));
                    let hash = Sha256::digest(&wanted.code).to_vec();
                    let request = self.request(scope, hash, vec![(at, create)]);
                    if let Some((wanted, answer)) = pipe.send(wanted, request).await {
                        self.item_made(wanted, &answer?)?;
                    }
                }
            }
        }
        while let Some((wanted, answer)) = pipe.next().await {
            self.item_made(wanted, &answer?)?;
        }
        Ok(())
    }

    fn item(&self, wanted: &Wanted) -> CreateItem {
        CreateItem {
            sku: wanted.code.clone(),
            barcode: None,
            name: wanted.name.clone(),
            kind: wanted.kind,
            branch_id: None,
            description: None,
            category_id: None,
            brand: None,
            unit: None,
            cost: items::assumed_cost(wanted.price),
            prices: Prices { price_1: wanted.price, tax_rate: self.options.tax_rate, ..Prices::default() },
            min_stock: Quantity::ZERO,
            max_stock: None,
            location: None,
            image_url: None,
            catalog_part_id: None,
            initial_stock: Quantity::ZERO,
        }
    }

    fn item_made(&mut self, wanted: Wanted, answer: &Answer) -> Result<(), Failure> {
        if let Some(why) = refused(answer) {
            self.not_made.insert(wanted.code, why);
            return Ok(());
        }
        let Some(id) = Made::read(&answer.rendered.body)?.item_id.map(ItemId) else { return Ok(()) };
        self.report.items += u64::from(!answer.replayed);
        let on_hand = Quantity::ZERO;
        self.items.insert(wanted.code, Known { id, kind: wanted.kind, price: wanted.price, on_hand });
        Ok(())
    }

    /// Registers the customers that the tenant does not have.
    async fn make_customers(&mut self, documents: &[Document]) -> Result<(), Failure> {
        let Some(first) = documents.first() else { return Ok(()) };
        let at = self.instant(first.at);
        let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
        for document in documents {
            if let Some(customer) = &document.customer {
                seen.entry(customer).or_insert(&document.country);
            }
        }
        let bases = seen.keys().map(|id| format!("import/online-retail/customer/{id}")).collect();
        let mut pipe = Pipe::new(self.context.commands.clone(), self.tenant);
        for ((id, country), before) in seen.into_iter().zip(self.before(bases).await?) {
            match before {
                Before::Done(row) => {
                    if let Some(made) = Made::read(&row.response)?.customer_id {
                        self.customers.insert(id.to_owned(), CustomerId(made));
                    }
                }
                Before::Fresh(scope) => {
                    let details = CustomerDetails {
                        name: format!("Cliente {id}"),
                        address: Some(country.to_owned()).filter(|country| !country.is_empty()),
                        ..CustomerDetails::default()
                    };
                    let register = Command::RegisterCustomer(Box::new(RegisterCustomer { details }));
                    let request = self.request(scope, Sha256::digest(id).to_vec(), vec![(at, register)]);
                    if let Some((id, answer)) = pipe.send(id, request).await {
                        self.customer_made(id, &answer?)?;
                    }
                }
            }
        }
        while let Some((id, answer)) = pipe.next().await {
            self.customer_made(id, &answer?)?;
        }
        Ok(())
    }

    fn customer_made(&mut self, id: &str, answer: &Answer) -> Result<(), Failure> {
        if let Some(why) = refused(answer) {
            self.not_made.insert(id.to_owned(), why);
            return Ok(());
        }
        if let Some(made) = Made::read(&answer.rendered.body)?.customer_id {
            self.report.customers += u64::from(!answer.replayed);
            self.customers.insert(id.to_owned(), CustomerId(made));
        }
        Ok(())
    }

    /// Receives what these documents will need and is not there, a minute before the first of them.
    async fn receive_opening_stock(&mut self, documents: Vec<&Document>) -> Result<(), Failure> {
        let Some(first) = documents.first().copied() else { return Ok(()) };
        let at = self.instant(first.at) - jiff::SignedDuration::from_mins(1);
        let bookable = documents.into_iter().filter(|document| self.unmade(document).is_none());
        let short = items::shortages(bookable, &self.items);
        for chunk in short.chunks(PURCHASE_LINES) {
            let mut hash = Sha256::new();
            for (code, item, quantity) in chunk {
                hash.update(format!("{code}\n{}\n{}\n", item.id.0, quantity.0));
            }
            let hash = hash.finalize().to_vec();
            // What is short now is what an interrupted run has not received yet: another list, another purchase.
            let name = diario_projections::verify::hex(hash.get(..8).unwrap_or_default());
            let scope = format!("import/online-retail/opening/{}/{name}", first.invoice);
            let lines =
                chunk.iter().map(|(_, item, quantity)| (item.id, *quantity, items::assumed_cost(item.price)));
            let purchase = RecordPurchase {
                branch_id: None,
                supplier: OPENING_SUPPLIER.to_owned(),
                invoice_number: None,
                lines: lines.collect(),
                paid_by: None,
                register_id: None,
                notes: Some(format!("Lo que el archivo vende desde {} sin haberlo recibido", first.invoice)),
            };
            let request = self.request(scope, hash, vec![(at, Command::RecordPurchase(purchase))]);
            let answer = self.context.commands.execute(self.tenant, request).await?;
            if let Some(why) = refused(&answer) {
                return Err(format!("the opening stock is refused: {why}").into());
            }
            self.report.purchases += u64::from(!answer.replayed);
        }
        Ok(())
    }

    async fn book_documents(&mut self, documents: &[Document], before: Vec<Before>) -> Result<(), Failure> {
        let mut pipe: DocumentPipe = Pipe::new(self.context.commands.clone(), self.tenant);
        let mut day: Option<Day> = None;
        for ((place, document), before) in documents.iter().enumerate().zip(before) {
            let at = self.instant(document.at);
            if day.as_ref().is_none_or(|day| day.date != document.at.date()) {
                self.settle_all(&mut pipe, documents).await?;
                if let Some(day) = day.take() {
                    self.end_day(day).await?;
                }
            }
            let mut today = match day.take() {
                Some(day) => day,
                None => self.begin_day(document.at.date(), at).await?,
            };
            today.last_at = today.last_at.max(at);
            match before {
                Before::Done(row) if row.body_hash == document.hash => {
                    self.note(place, document, &Made::read(&row.response)?, true);
                }
                Before::Done(_) => self.refuse(document, OTHER_CONTENT.to_owned()),
                Before::Fresh(scope) => {
                    let commands = self.commands(&mut pipe, documents, place, &mut today, at).await?;
                    if let Some(commands) = commands {
                        let commands = commands.into_iter().map(|command| (at, command)).collect();
                        let request = self.request(scope, document.hash.clone(), commands);
                        if let Some((place, answer)) = pipe.send(place, request).await {
                            self.settle(place, &documents[place], answer)?;
                        }
                    }
                }
            }
            day = Some(today);
        }
        self.settle_all(&mut pipe, documents).await?;
        if let Some(day) = day {
            self.end_day(day).await?;
        }
        Ok(())
    }

    async fn settle_all(&mut self, pipe: &mut DocumentPipe, documents: &[Document]) -> Result<(), Failure> {
        while let Some((place, answer)) = pipe.next().await {
            self.settle(place, &documents[place], answer)?;
        }
        Ok(())
    }

    /// Why a document cannot be booked because its items or its customer could not be made: line, field, reason.
    fn unmade(&self, document: &Document) -> Option<(u64, &'static str, String)> {
        let why = |name: &str| self.not_made.get(name).cloned().unwrap_or_else(|| "is not known".to_owned());
        if let Some(customer) =
            document.customer.as_ref().filter(|customer| !self.customers.contains_key(*customer))
        {
            return Some((document.first_line(), "CustomerID", why(customer)));
        }
        let line = document.lines.iter().find(|line| !self.items.contains_key(&line.code))?;
        Some((line.number, "StockCode", why(&line.code)))
    }

    /// What a document asks for; nothing where it cannot be asked for or there is nothing to ask.
    async fn commands(
        &mut self,
        pipe: &mut DocumentPipe,
        documents: &[Document],
        place: usize,
        day: &mut Day,
        at: Timestamp,
    ) -> Result<Option<Vec<Command>>, Failure> {
        let document = &documents[place];
        if let Some((line, field, reason)) = self.unmade(document) {
            self.refuse_at(document, line, field, reason);
            return Ok(None);
        }
        if document.is_credit() {
            // Whose goods come back is known when all sales before are answered.
            self.settle_all(pipe, documents).await?;
            let register = self.session(day, at).await?;
            return Ok(Some(vec![self.take_back(document, register)]));
        }
        let (priced, free): (Vec<&Line>, Vec<&Line>) =
            document.lines.iter().partition(|line| line.unit_price.is_positive());
        let adjust: Vec<_> = free.into_iter().filter(|line| self.kind(line) == ItemKind::Stocked).collect();
        let mut commands = Vec::new();
        if !priced.is_empty() {
            let register = self.session(day, at).await?;
            commands.push(Command::CompleteSale(self.sale(document, &priced, register)));
        }
        if !adjust.is_empty() {
            let line = |line: &&Line| {
                let given = line.description.as_str();
                let reason = if given.is_empty() { NO_REASON } else { given };
                (self.id(line), micro(line.quantity), reason.to_owned())
            };
            let lines = adjust.iter().map(line).collect();
            commands.push(Command::AdjustStock(AdjustStock { branch_id: None, lines }));
        }
        if commands.is_empty() {
            self.report.skipped_lines += document.lines.len() as u64;
            self.bar.inc(1);
            return Ok(None);
        }
        Ok(Some(commands))
    }

    fn id(&self, line: &Line) -> ItemId {
        self.items.get(&line.code).map_or(ItemId(0), |item| item.id)
    }

    fn kind(&self, line: &Line) -> ItemKind {
        self.items.get(&line.code).map_or(ItemKind::Stocked, |item| item.kind)
    }

    fn customer(&self, document: &Document) -> Option<CustomerId> {
        document.customer.as_ref().and_then(|customer| self.customers.get(customer)).copied()
    }

    fn sale(&self, document: &Document, lines: &[&Line], register: RegisterId) -> CompleteSale {
        let line = |line: &&Line| LineWanted {
            item_id: self.id(line),
            quantity: micro(line.quantity),
            unit_price: Some(line.unit_price),
            discount_pct: Rate::ZERO,
            tax_rate: Some(self.options.tax_rate),
        };
        CompleteSale {
            lines: lines.iter().map(line).collect(),
            customer_id: self.customer(document),
            sale_type: SaleType::Cash,
            paying: Paying::One(TenderKind::Cash, None),
            register_id: Some(register),
            notes: Some(format!("Factura {}", document.invoice)),
        }
    }

    fn take_back(&self, document: &Document, register: RegisterId) -> Command {
        let reason = format!("Devolución del archivo {}", document.invoice);
        let register_id = Some(register);
        let in_cash = RefundMethod::Tender(TenderKind::Cash);
        match self.sold.find(document) {
            Match::Whole(sale) => Command::CancelSale(sale, CancelSale { reason, register_id }),
            Match::Part(sale) => {
                let mut lines: Vec<(ItemId, Quantity)> = Vec::new();
                for line in &document.lines {
                    let (id, quantity) = (self.id(line), micro(-line.quantity));
                    match lines.iter_mut().find(|(item, _)| *item == id) {
                        Some((_, sum)) => *sum += quantity,
                        None => lines.push((id, quantity)),
                    }
                }
                Command::ReturnGoods(
                    sale,
                    ReturnGoods { lines, reason, refund_method: Some(in_cash), register_id },
                )
            }
            Match::Nothing => {
                let rate = self.options.tax_rate;
                let line = |line: &Line| (self.id(line), micro(-line.quantity), line.unit_price, rate);
                Command::ReturnUnreferenced(ReturnUnreferenced {
                    lines: document.lines.iter().map(line).collect(),
                    customer_id: self.customer(document),
                    reason,
                    refund_method: in_cash,
                    register_id,
                })
            }
        }
    }

    /// Takes a document's answer in.
    fn settle(
        &mut self,
        place: usize,
        document: &Document,
        answer: Result<Answer, CommandError>,
    ) -> Result<(), Failure> {
        let answer = match answer {
            Ok(answer) => answer,
            Err(CommandError::KeyReused) => {
                self.refuse(document, OTHER_CONTENT.to_owned());
                return Ok(());
            }
            Err(error) => return Err(error.into()),
        };
        if let Some(why) = refused(&answer) {
            let short = match &answer.refusal {
                Some(Refusal::InsufficientStock { item, .. }) => Some((*item, "Quantity")),
                Some(Refusal::InactiveItem { item, .. }) => Some((*item, "StockCode")),
                Some(_) | None => None,
            };
            let line = short.and_then(|(item, field)| {
                document.lines.iter().find(|line| self.id(line) == item).map(|line| (line.number, field))
            });
            let (line, field) = line.unwrap_or((document.first_line(), "InvoiceNo"));
            let why = match &answer.refusal {
                Some(Refusal::InsufficientStock { sku, available, wanted, .. }) => {
                    self.report.short_of_stock = true;
                    let (available, wanted) = (text::quantity(*available), text::quantity(*wanted));
                    format!("too little stock of {sku}: {available} available, {wanted} wanted")
                }
                Some(_) | None => why,
            };
            self.refuse_at(document, line, field, format!("is refused: {why}"));
            return Ok(());
        }
        self.note(place, document, &Made::read(&answer.rendered.body)?, answer.replayed);
        Ok(())
    }

    /// Counts a document that is in the books, and keeps what later returns need of it.
    fn note(&mut self, place: usize, document: &Document, made: &Made, replayed: bool) {
        if let Some(sale) = made.sale_id {
            self.sold.add(place, document, SaleId(sale));
        }
        if let Some(sale) = made.cancelled_sale_id {
            self.sold.cancelled(document, SaleId(sale));
        }
        if let Some(sale) = made.returned_sale_id {
            self.sold.returned(document, SaleId(sale));
        }
        self.bar.inc(1);
        let report = &mut self.report;
        if replayed {
            report.replayed += 1;
            return;
        }
        report.sales += u64::from(made.sale_id.is_some());
        report.cancellations += u64::from(made.cancelled_sale_id.is_some());
        report.returns += u64::from(made.return_id.is_some());
        report.adjustments += u64::from(made.adjustment_id.is_some());
        let is_skipped = |line: &&Line| {
            let kind = self.items.get(&line.code).map(|item| item.kind);
            line.unit_price.is_zero() && kind == Some(ItemKind::Service) && !document.is_credit()
        };
        let skipped = document.lines.iter().filter(is_skipped).count() as u64;
        report.skipped_lines += skipped;
        report.lines += document.lines.len() as u64 - skipped;
    }

    fn refuse(&mut self, document: &Document, reason: String) {
        self.refuse_at(document, document.first_line(), "InvoiceNo", reason);
    }

    fn refuse_at(&mut self, document: &Document, line: u64, field: &'static str, reason: String) {
        self.bar.inc(1);
        self.report.refused += 1;
        self.report.problems.push(Problem { line, invoice: document.invoice.clone(), field, reason });
    }
}

const OTHER_CONTENT: &str =
    "was booked before with other rows or another tax rate; what is booked stays as it is";
