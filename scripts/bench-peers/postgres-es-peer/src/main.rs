//! The sale of three lines that the load posts to Diario, done with cqrs-es and postgres-es as their guide
//! shows: a `Sale` aggregate per sale, its event stored by `PostgresEventRepository`, its view kept by a
//! `GenericQuery`. Stock is kept in one of two ways:
//!
//! - `view`: a query adds each sale up in a stock table. Nothing then stops a sale of what is not there.
//! - `aggregates`: one `Stock` aggregate per item decides whether there is enough, so a sale is four commands,
//!   each committed on its own, tried again when another sale moved the same item.
//!
//! There is no HTTP, no login, no journal, no register and no hash chain in it: it does less than Diario.

mod sale;
mod stock;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use bench_common::{Flags, Latencies, Outcome, Random, exit_code, per_second};
use cqrs_es::AggregateError;
use cqrs_es::persist::GenericQuery;
use postgres_es::{PostgresCqrs, PostgresViewRepository, postgres_cqrs};
use serde_json::json;
use sqlx::postgres::PgPoolOptions;
use sqlx::{Pool, Postgres};

use sale::{CompleteSale, Line, Sale, SaleView};
use stock::{Stock, StockCommand, StockQuery, StockView};

const HELP: &str = "\
The same sale with cqrs-es and postgres-es, as a peer to compare with.

  --url URL          an empty Postgres database (required)
  --stock WAY        view or aggregates                          [view]
  --tasks N          concurrent sellers                          [64]
  --connections N    size of the pool                            [16]
  --warmup S         seconds before the measured time            [2]
  --seconds S        measured seconds                            [10]
  --items N          how many items there are                    [500]
";

/// The tables as postgres-es's own `db/init.sql` defines them, with a view table per repository.
const SCHEMA: &str = "
    CREATE TABLE events (
        aggregate_type text NOT NULL,
        aggregate_id text NOT NULL,
        sequence bigint CHECK (sequence >= 0) NOT NULL,
        event_type text NOT NULL,
        event_version text NOT NULL,
        payload json NOT NULL,
        metadata json NOT NULL,
        PRIMARY KEY (aggregate_type, aggregate_id, sequence)
    );
    CREATE TABLE sale_view (
        view_id text NOT NULL,
        version bigint CHECK (version >= 0) NOT NULL,
        payload json NOT NULL,
        PRIMARY KEY (view_id)
    );
    CREATE TABLE stock_view (
        view_id text NOT NULL,
        version bigint CHECK (version >= 0) NOT NULL,
        payload json NOT NULL,
        PRIMARY KEY (view_id)
    );
    CREATE TABLE stock (item bigint PRIMARY KEY, on_hand bigint NOT NULL);
";

/// How stock is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    View,
    Aggregates,
}

struct Shop {
    way: Way,
    sales: PostgresCqrs<Sale>,
    stock: PostgresCqrs<Stock>,
    items: usize,
    next_sale: AtomicUsize,
    sold: AtomicUsize,
    conflicts: AtomicUsize,
}

fn main() -> std::process::ExitCode {
    if std::env::args().any(|a| a == "--help" || a == "-h") {
        print!("{HELP}");
        return std::process::ExitCode::SUCCESS;
    }
    exit_code(run())
}

fn run() -> Outcome<()> {
    let flags =
        Flags::from_env(&["url", "stock", "tasks", "connections", "warmup", "seconds", "items"], &["json"])?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(measure(&flags))
}

async fn measure(flags: &Flags) -> Outcome<()> {
    let way = match flags.text("stock").unwrap_or("view") {
        "view" => Way::View,
        "aggregates" => Way::Aggregates,
        other => return Err(format!("--stock {other}: view or aggregates").into()),
    };
    let tasks: usize = flags.parsed("tasks", 64)?;
    let connections: u32 = flags.parsed("connections", 16)?;
    let warmup = Duration::from_secs_f64(flags.parsed("warmup", 2.0)?);
    let seconds = Duration::from_secs_f64(flags.parsed("seconds", 10.0)?);
    let items: usize = flags.parsed("items", 500)?;

    let pool = PgPoolOptions::new().max_connections(connections).connect(flags.required("url")?).await?;
    sqlx::raw_sql(SCHEMA).execute(&pool).await?;
    let lost = Arc::new(AtomicUsize::new(0));
    let shop = Arc::new(open(&pool, way, items, &lost).await?);

    let begin = Instant::now() + warmup;
    let end = begin + seconds;
    let sellers: Vec<_> = (0..tasks as u64)
        .map(|seller| tokio::spawn(sell(Arc::clone(&shop), Random::seeded(seller << 32), begin, end)))
        .collect();
    let mut latencies = Latencies::default();
    for seller in sellers {
        latencies.merge(seller.await??);
    }
    let count = latencies.count();
    let summary = latencies.summary();
    let sold = shop.sold.load(Ordering::Relaxed);
    let result = json!({
        "stock": if way == Way::View { "view" } else { "aggregates" },
        "tasks": tasks,
        "connections": connections,
        "seconds": seconds.as_secs_f64(),
        "sales_per_second": per_second(count, seconds),
        "p50_ms": summary.p50_ms,
        "p99_ms": summary.p99_ms,
        "max_ms": summary.max_ms,
        "count": count,
        "conflicts_tried_again": shop.conflicts.load(Ordering::Relaxed),
        "view_updates_lost": lost.load(Ordering::Relaxed),
        "units_sold": sold,
        "units_missing_in_stock": units_missing(&pool, way, items).await?,
    });
    println!("{result}");
    Ok(())
}

/// Wires the two aggregates to their queries, as the guide of cqrs-es does, and receives the stock.
async fn open(pool: &Pool<Postgres>, way: Way, items: usize, lost: &Arc<AtomicUsize>) -> Outcome<Shop> {
    let sale_views = Arc::new(PostgresViewRepository::<SaleView, Sale>::new("sale_view", pool.clone()));
    let mut sale_query = GenericQuery::new(sale_views);
    let counter = Arc::clone(lost);
    sale_query.use_error_handler(Box::new(move |_| {
        counter.fetch_add(1, Ordering::Relaxed);
    }));
    let mut sales = postgres_cqrs(pool.clone(), vec![Box::new(sale_query)], ());
    if way == Way::View {
        sales = sales.append_query(Box::new(StockQuery::new(pool.clone(), Arc::clone(lost))));
    }

    let stock_views = Arc::new(PostgresViewRepository::<StockView, Stock>::new("stock_view", pool.clone()));
    let mut stock_query = GenericQuery::new(stock_views);
    let counter = Arc::clone(lost);
    stock_query.use_error_handler(Box::new(move |_| {
        counter.fetch_add(1, Ordering::Relaxed);
    }));
    let stock = postgres_cqrs(pool.clone(), vec![Box::new(stock_query)], ());

    let shop = Shop {
        way,
        sales,
        stock,
        items,
        next_sale: AtomicUsize::new(1),
        sold: AtomicUsize::new(0),
        conflicts: AtomicUsize::new(0),
    };
    for item in 0..items {
        match way {
            Way::View => {
                sqlx::query("INSERT INTO stock VALUES ($1, $2)")
                    .bind(i64::try_from(item)?)
                    .bind(stock::INITIAL)
                    .execute(pool)
                    .await?;
            }
            Way::Aggregates => {
                let receive = StockCommand::Receive { quantity: stock::INITIAL };
                shop.stock.execute(&stock::id(item), receive).await?;
            }
        }
    }
    Ok(shop)
}

async fn sell(shop: Arc<Shop>, mut random: Random, begin: Instant, end: Instant) -> Outcome<Latencies> {
    let mut latencies = Latencies::default();
    loop {
        let chosen = random.three_below(shop.items);
        let lines: Vec<Line> = chosen.iter().map(|item| Line::of(*item, 1 + random.below(3))).collect();
        let units: usize = lines.iter().map(Line::units).sum();
        let sent = Instant::now();
        if sent >= end {
            return Ok(latencies);
        }
        let number = shop.next_sale.fetch_add(1, Ordering::Relaxed);
        if shop.way == Way::Aggregates {
            for line in &lines {
                shop.withdraw(number, line).await?;
            }
        }
        shop.sales.execute(&format!("sale-{number}"), CompleteSale::cash(number, lines)).await?;
        let answered = Instant::now();
        shop.sold.fetch_add(units, Ordering::Relaxed);
        if answered >= begin && answered < end {
            latencies.note(answered - sent);
        }
    }
}

impl Shop {
    /// Takes one line's units from stock, again and again while other sales get in between.
    async fn withdraw(&self, sale: usize, line: &Line) -> Outcome<()> {
        loop {
            let withdraw = StockCommand::Withdraw { sale, quantity: i64::try_from(line.units())? };
            match self.stock.execute(&stock::id(line.item()), withdraw).await {
                Ok(()) => return Ok(()),
                Err(AggregateError::AggregateConflict) => self.conflicts.fetch_add(1, Ordering::Relaxed),
                Err(other) => return Err(other.into()),
            };
        }
    }
}

/// What left the stock as the views know it; less than was sold when updates of the views were lost.
async fn units_missing(pool: &Pool<Postgres>, way: Way, items: usize) -> Outcome<i64> {
    let statement = match way {
        Way::View => "SELECT SUM(on_hand)::bigint FROM stock",
        Way::Aggregates => "SELECT SUM((payload->>'on_hand')::bigint)::bigint FROM stock_view",
    };
    let on_hand: i64 = sqlx::query_scalar(statement).fetch_one(pool).await?;
    Ok(i64::try_from(items)? * stock::INITIAL - on_hand)
}
