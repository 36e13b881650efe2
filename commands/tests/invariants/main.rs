//! A random log of ten thousand commands of every kind that posts, and at every position of it the invariants of the
//! books: debits are credits, and every control account is what its sub-ledger says.
//!
//! `DIARIO_SEED` draws another log, `DIARIO_INVARIANT_COMMANDS` makes it longer or shorter.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test may panic anywhere")]

mod ledger;
mod random;
mod shop;
mod subledgers;
mod wishes;

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant},
};

use diario_commands::{Commands, Rendered, Request, Settings};
use diario_domain::{
    BranchId, Cents, Command, EmployeeId, Rate, Refusal, TenantId,
    branch::OpenBranch,
    command::Issued,
    employee::{HireEmployee, Role},
    event::{Metadata, Recorded},
    period::Phase,
    tenant::{CreateTenant, TenantCreated},
};
use diario_projections::{
    Projections,
    ledger::{Scope, Upto, balances},
};
use diario_store::{Database, Log};
use diario_tests::Engine;
use jiff::{Timestamp, civil::Date};

use crate::{
    ledger::Ledger,
    random::Random,
    shop::{BRANCHES, Shop},
    subledgers::SubLedgers,
    wishes::KINDS,
};

/// When the shop opens: two ends of years lie ahead.
const BEGIN: &str = "2026-10-15T15:00:00Z";
const MINUTE: i64 = 60_000_000;

fn setting(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().unwrap())
}

struct World {
    commands: Commands,
    tenant: TenantId,
}

impl World {
    /// Has a command decided; its events, or why there are none.
    async fn ask(&self, command: Issued<Command>) -> Result<Vec<Recorded>, Refusal> {
        let events = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&events);
        let request = Request {
            commands: vec![command],
            metadata: Metadata { surface: "test".to_owned(), ..Metadata::default() },
            key: None,
            secret: None,
            render: Box::new(move |outcome| {
                *seen.lock().unwrap() = outcome.map(<[Recorded]>::to_vec).unwrap_or_default();
                Rendered { status: 200, body: String::new() }
            }),
        };
        let answer = self.commands.execute(self.tenant, request).await.unwrap();
        match answer.refusal {
            Some(refusal) => Err(refusal),
            None => Ok(std::mem::take(&mut *events.lock().unwrap())),
        }
    }

    /// Founds the shop: its branches and the people in them.
    async fn found(&self, shop: &mut Shop, tenant: TenantCreated) {
        let mut wanted = vec![Command::CreateTenant(CreateTenant { tenant })];
        for branch in 1..=BRANCHES {
            let name = format!("Sucursal {branch}");
            wanted.push(Command::OpenBranch(OpenBranch { name, address: None, phone: None }));
        }
        for number in 0..=2 * BRANCHES {
            let role = if number == 0 { Role::Owner } else { Role::Admin };
            wanted.push(Command::HireEmployee(HireEmployee {
                name: format!("Empleado {number}"),
                email: None,
                phone: None,
                role,
                branch_id: BranchId(number % BRANCHES + 1),
                max_discount_pct: Rate(if number % 3 == 0 { 100_000_000 } else { 12_000_000 }),
            }));
        }
        for command in wanted {
            let issued = Issued { by: EmployeeId(0), branch: BranchId(1), at: shop.at(), command };
            for event in self.ask(issued).await.unwrap() {
                shop.follow(&event);
            }
        }
    }
}

/// How often a kind was accepted, and why it was refused.
#[derive(Default)]
struct Tally {
    accepted: u64,
    refused: BTreeMap<String, u64>,
}

/// The name of a refusal's variant.
fn variant(refusal: &Refusal) -> String {
    let text = format!("{refusal:?}");
    text.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_owned()
}

async fn write_log(world: &World, shop: &mut Shop, length: u64) -> BTreeMap<&'static str, Tally> {
    let weights: i64 = KINDS.iter().map(|kind| kind.weight).sum();
    let mut tallies: BTreeMap<&'static str, Tally> =
        KINDS.iter().map(|kind| (kind.name, Tally::default())).collect();
    let mut accepted = 0;
    while accepted < length {
        shop.clock.fetch_add(shop.random.between(1, 120) * MINUTE, Ordering::Relaxed);
        let mut drawn = shop.random.between(1, weights);
        let kind = KINDS
            .iter()
            .find(|kind| {
                drawn -= kind.weight;
                drawn <= 0
            })
            .unwrap();
        let Some(command) = (kind.draw)(shop) else { continue };
        let tally = tallies.entry(kind.name).or_default();
        match world.ask(command).await {
            Ok(events) => {
                for event in &events {
                    shop.follow(event);
                }
                tally.accepted += 1;
                accepted += 1;
            }
            Err(refusal) => *tally.refused.entry(variant(&refusal)).or_default() += 1,
        }
    }
    tallies
}

/// Reads the log from its beginning and checks everything after each event.
async fn check_log(log: &Log, tenant: TenantId, seed: u64) -> SubLedgers {
    let mut books = SubLedgers::default();
    loop {
        let events = log.read(tenant, books.book.position, 1_000).await.unwrap();
        if events.is_empty() {
            return books;
        }
        for recorded in &events {
            if let Err(what) = books.follow(recorded) {
                let (position, name) = (recorded.position, recorded.event.name());
                panic!("seed {seed}, position {position}, {name}: {what}\n{:?}", recorded.event);
            }
        }
    }
}

/// What a report should say: opening, debits and credits by account.
fn expected(
    ledger: &Ledger,
    as_of: i64,
    branch: Option<i64>,
    days: (Date, Date),
    upto: Upto,
) -> BTreeMap<i64, (Cents, Cents, Cents)> {
    let counts = |phase: Phase, date: Date| match upto {
        Upto::Months => phase == Phase::Ordinary || date < days.1,
        Upto::Adjusted => phase != Phase::Closing,
        Upto::Closed => true,
    };
    let mut rows: BTreeMap<i64, (Cents, Cents, Cents)> = BTreeMap::new();
    for line in ledger.lines.iter().take_while(|line| line.position <= as_of) {
        let before = line.date < days.0;
        let elsewhere = branch.is_some_and(|branch| branch != line.branch.0);
        if elsewhere || line.date > days.1 || !(before || counts(line.phase, line.date)) {
            continue;
        }
        let row = rows.entry(line.account.0).or_default();
        if before {
            row.0 += line.amount;
        } else if line.amount.is_positive() {
            row.1 += line.amount;
        } else {
            row.2 -= line.amount;
        }
    }
    rows
}

/// The folded read model, now and as of random positions, says what the list of lines says.
async fn check_reports(db: &Database, tenant: TenantId, ledger: &Ledger, random: &mut Random, seed: u64) {
    let all = (Date::MIN, Date::MAX);
    let head = ledger.lines.last().unwrap().position;
    let (first, last) = (ledger.lines.first().unwrap().date, ledger.lines.last().unwrap().date);
    let span = i64::from((last - first).get_days());
    for round in 0..=50 {
        let (scope, days, upto) = if round == 0 {
            (Scope::default(), all, Upto::Closed)
        } else {
            let branch = random.one_in(3).then(|| random.between(1, BRANCHES));
            let scope = Scope { as_of: Some(random.between(1, head)), branch };
            let from = first.checked_add(jiff::Span::new().days(random.between(0, span))).unwrap();
            let to = from.checked_add(jiff::Span::new().days(random.between(0, span))).unwrap();
            let upto = random.pick(&[Upto::Months, Upto::Adjusted, Upto::Closed]).unwrap();
            (scope, if random.one_in(3) { all } else { (from, to) }, upto)
        };
        let rows = balances(db, tenant, scope, days, upto).await.unwrap();
        let told: BTreeMap<i64, (Cents, Cents, Cents)> =
            rows.iter().map(|row| (row.account_id, (row.opening, row.debit, row.credit))).collect();
        let folded = expected(ledger, scope.as_of.unwrap_or(i64::MAX), scope.branch, days, upto);
        assert_eq!(told, folded, "seed {seed}, {scope:?}, {days:?}, {upto:?}");
    }
}

diario_tests::each_engine! {
    async fn the_books_tie_at_every_position(engine: Engine) {
        tie(engine, setting("DIARIO_SEED", 4)).await;
    }
}

async fn tie(engine: Engine, seed: u64) {
    let length = setting("DIARIO_INVARIANT_COMMANDS", 10_000);
    let started = Instant::now();
    let fresh = diario_tests::Database::fresh(engine).await;
    let db = Database::connect(&fresh.url).await.unwrap();
    db.migrate().await.unwrap();
    let log = Log::new(db.clone());
    let begin: Timestamp = BEGIN.parse().unwrap();
    let clock = Arc::new(AtomicI64::new(begin.as_microsecond()));
    let hands = Arc::clone(&clock);
    let settings = Settings {
        clock: Arc::new(move || Timestamp::from_microsecond(hands.load(Ordering::Relaxed)).unwrap()),
        answer_after_reads: false,
    };
    let mut tenant = TenantCreated {
        tenant_id: TenantId(0),
        slug: "azar".to_owned(),
        name: "Azar".to_owned(),
        organization_id: uuid::Uuid::nil(),
        country: "MX".to_owned(),
        currency: "MXN".to_owned(),
        timezone: "America/Mexico_City".to_owned(),
        // Every third shop sells what is not there yet.
        allow_negative_stock: seed.is_multiple_of(3),
        postal_code: None,
    };
    tenant.tenant_id = db.enter_tenant(&tenant).await.unwrap().unwrap();
    let world = World { commands: Commands::new(log.clone(), settings), tenant: tenant.tenant_id };
    let mut shop = Shop::new(Random::seeded(seed), clock);
    world.found(&mut shop, tenant).await;
    let tallies = write_log(&world, &mut shop, length).await;
    world.commands.drain().await;
    let written = started.elapsed();

    let books = check_log(&log, world.tenant, seed).await;
    let checked = started.elapsed();
    assert_eq!(books.book.without_zone(), shop.books.book.without_zone(), "seed {seed}: the log is another");
    let projections = Projections::new(log.clone());
    projections.ensure(world.tenant);
    let followed = projections.caught_up(world.tenant, books.book.position, Duration::from_mins(2)).await;
    assert!(followed, "seed {seed}: {:?}", projections.status().stopped_ones());
    check_reports(&db, world.tenant, &books.ledger, &mut shop.random, seed).await;
    projections.stop().await;

    let mut story = format!(
        "{engine:?}, seed {seed}: {} events, {} entries, until {}; written in {written:?}, checked in {:?}, reports in {:?}\n",
        books.book.position,
        books.ledger.entries,
        shop.books.book.day(world.commands.now()),
        checked.saturating_sub(written),
        started.elapsed().saturating_sub(checked),
    );
    for (name, Tally { accepted, refused }) in &tallies {
        let _ = writeln!(story, "{accepted:>6} {name} {refused:?}");
    }
    println!("{story}");
    let never: Vec<_> =
        tallies.iter().filter(|(_, tally)| tally.accepted == 0).map(|(name, _)| name).collect();
    assert!(never.is_empty(), "seed {seed}: never accepted: {never:?}\n{story}");
}
