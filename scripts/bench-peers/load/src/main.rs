//! Posts sales of three lines to a Diario server from many keep-alive clients and says how fast they were
//! answered. It shares the machine with the server and the database, so it spends as little as it can: one
//! thread, requests put together from prepared bytes, and of a response only the status and the length are
//! read.

mod http;
mod shop;

use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::{Duration, Instant};

use bench_common::{Flags, Latencies, Outcome, Random, exit_code, per_second};
use serde_json::json;

use http::{Client, Target};
use shop::Shop;

const HELP: &str = "\
Posts sales to a Diario server and measures how fast they are answered.

  --url URL        the server, e.g. http://127.0.0.1:5001 (required)
  --tenant ID      the shop's number (required)
  --pin PIN        an employee's PIN (required)
  --clients N      keep-alive connections                        [64]
  --warmup S       seconds before the measured time              [3]
  --seconds S      measured seconds                              [15]
  --items N        how many items the shop sells                 [500]
  --seed N         seed of the random choice of items            [1]
  --json           print the result as JSON on stdout
";

/// What one client saw.
#[derive(Default)]
struct Seen {
    latencies: Latencies,
    acknowledged: usize,
    /// Answers other than 201 by status; connections that broke count under `transport`.
    errors: BTreeMap<String, usize>,
    /// The first answer that was an error, for the person who has to find out why.
    sample: Option<String>,
}

fn main() -> std::process::ExitCode {
    if std::env::args().any(|a| a == "--help" || a == "-h") {
        print!("{HELP}");
        return std::process::ExitCode::SUCCESS;
    }
    exit_code(run())
}

fn run() -> Outcome<()> {
    let flags = Flags::from_env(
        &["url", "tenant", "pin", "clients", "warmup", "seconds", "items", "seed"],
        &["json"],
    )?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let local = tokio::task::LocalSet::new();
    local.block_on(&runtime, measure(&flags))
}

async fn measure(flags: &Flags) -> Outcome<()> {
    let target = Target::parse(flags.required("url")?)?;
    let tenant: u64 = flags.required("tenant")?.parse()?;
    let clients: usize = flags.parsed("clients", 64)?;
    let warmup = Duration::from_secs_f64(flags.parsed("warmup", 3.0)?);
    let seconds = Duration::from_secs_f64(flags.parsed("seconds", 15.0)?);
    let items: usize = flags.parsed("items", 500)?;
    let seed: u64 = flags.parsed("seed", 1)?;
    if clients == 0 || items < 3 {
        return Err("at least 1 client and 3 items are needed".into());
    }

    let mut control = Client::connect(&target).await?;
    let shop = Rc::new(shop::open(&mut control, &target, tenant, flags.required("pin")?, items).await?);
    let listed_before = shop.sales_listed(&mut control).await?;

    let begin = Instant::now() + warmup;
    let end = begin + seconds;
    let mut tasks = Vec::with_capacity(clients);
    for number in 0..clients {
        let client = Client::connect(&target).await?;
        let random = Random::seeded(seed.wrapping_add((number as u64) << 32));
        tasks.push(tokio::task::spawn_local(sell(
            client,
            target.clone(),
            Rc::clone(&shop),
            random,
            begin,
            end,
        )));
    }
    let mut total = Seen::default();
    for task in tasks {
        let one = task.await?;
        total.latencies.merge(one.latencies);
        total.acknowledged += one.acknowledged;
        for (status, count) in one.errors {
            *total.errors.entry(status).or_default() += count;
        }
        total.sample = total.sample.or(one.sample);
    }

    // The connection has been idle for the whole run, which a server may end.
    let mut control = Client::connect(&target).await?;
    let listed = shop.sales_listed(&mut control).await? - listed_before;
    let agree = listed == total.acknowledged;
    let count = total.latencies.count();
    let rate = per_second(count, seconds);
    let summary = total.latencies.summary();
    if flags.has("json") {
        let result = json!({
            "clients": clients,
            "seconds": seconds.as_secs_f64(),
            "warmup_seconds": warmup.as_secs_f64(),
            "items": items,
            "sales_per_second": rate,
            "p50_ms": summary.p50_ms,
            "p99_ms": summary.p99_ms,
            "max_ms": summary.max_ms,
            "count": count,
            "errors": total.errors,
            "error_sample": total.sample,
            "sales_acknowledged": total.acknowledged,
            "sales_listed": listed,
            "counts_agree": agree,
            "cpu_seconds": cpu_seconds(),
        });
        println!("{result}");
    } else {
        println!(
            "{rate} sales/s  p50 {} ms  p99 {} ms  max {} ms  {count} sales in {} s from {clients} clients",
            summary.p50_ms,
            summary.p99_ms,
            summary.max_ms,
            seconds.as_secs_f64()
        );
        println!("acknowledged {}, listed by the server {listed}", total.acknowledged);
        for (status, count) in &total.errors {
            println!("errors {status}: {count}");
        }
        if let Some(sample) = &total.sample {
            println!("the first error: {sample}");
        }
    }
    if !agree {
        return Err(format!("{} sales were acknowledged but {listed} are listed", total.acknowledged).into());
    }
    if count == 0 {
        return Err("no sale was acknowledged in the measured time".into());
    }
    Ok(())
}

/// One client: a sale, its answer, the next sale, until the time is over. Sales of the warm-up and the one in
/// flight at the end are counted but not timed.
async fn sell(
    mut client: Client,
    target: Target,
    shop: Rc<Shop>,
    mut random: Random,
    begin: Instant,
    end: Instant,
) -> Seen {
    let mut seen = Seen::default();
    let mut request = Vec::with_capacity(2048);
    loop {
        shop.write_sale(&mut random, &mut request);
        let sent = Instant::now();
        if sent >= end {
            return seen;
        }
        match client.exchange(&request).await {
            Ok(201) => {
                seen.acknowledged += 1;
                let answered = Instant::now();
                if answered >= begin && answered < end {
                    seen.latencies.note(answered - sent);
                }
            }
            Ok(status) => {
                *seen.errors.entry(status.to_string()).or_default() += 1;
                seen.sample.get_or_insert_with(|| format!("{status} {}", client.body_text()));
                // A server that refuses at once would otherwise be asked again as fast as the machine can.
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            Err(error) => {
                *seen.errors.entry("transport".to_owned()).or_default() += 1;
                seen.sample.get_or_insert_with(|| error.to_string());
                tokio::time::sleep(Duration::from_millis(50)).await;
                match Client::connect(&target).await {
                    Ok(fresh) => client = fresh,
                    Err(_) => return seen,
                }
            }
        }
    }
}

/// What this process has spent, where the system tells: the load's own share of the machine.
fn cpu_seconds() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The program's name, in parentheses, may hold spaces; the fields are counted from behind it.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let user: u32 = fields.next()?.parse().ok()?;
    let system: u32 = fields.next()?.parse().ok()?;
    // The kernel counts in hundredths of a second for every architecture that matters here.
    Some(f64::from(user + system) / 100.0)
}
