//! `diario demo`: a real shop's ten days, imported, summed up and served.

mod summary;

use std::{net::SocketAddr, process::ExitCode};

use diario_domain::Rate;
use diario_store::tenants::Tenant;
use serde_json::json;

use super::{
    Common, Context, Failure, catalog,
    context::NewTenant,
    import::{self, OpeningStock, Options, Report},
    text,
};
use crate::http::server;
use summary::Summary;

/// The shop's file, with its source and licence beside it in `api/data`.
const FILE: &[u8] = include_bytes!("../../../data/online-retail-2010-12-01_10.csv");
/// Where the figures come from, as the licence asks.
const SOURCE: &str = "Online Retail, UCI Machine Learning Repository, Daqing Chen (2015), CC BY 4.0";
const SLUG: &str = "demo";
const PIN: &str = "1234";

/// Import a real shop's ten days (25,281 invoice lines), sum them up, and serve them.
///
/// Without `--database` it works on a fresh SQLite file in a temporary folder. On a database that has the demo already
/// nothing is booked twice. Where there is no vehicle catalogue yet, a small one is loaded.
#[derive(clap::Args)]
#[expect(clippy::doc_markdown, reason = "it is shown as help")]
pub struct Demo {
    /// Address and port to serve at; port 0 takes a free one
    #[arg(long, env = "DIARIO_LISTEN", default_value = "127.0.0.1:5001")]
    listen: String,
    /// Stop after the summary
    #[arg(long)]
    once: bool,
}

impl Demo {
    /// Shows it.
    pub async fn run(self, common: &Common) -> Result<ExitCode, Failure> {
        let common = Common { database: database(common)?, ..common.clone() };
        let (tenant, report) =
            Context::with(&common, false, async |context| show(context, &common).await).await?;
        if !report.is_complete() {
            text::print(&report.words())?;
            return Ok(ExitCode::FAILURE);
        }
        if self.once {
            return Ok(ExitCode::SUCCESS);
        }
        // Answers now wait for the read models, as `diario serve` has them do.
        let context = Context::open(&common, true).await?;
        server::run(context, &self.listen, |address| {
            let mut words = format!("listening on http://{address}\n");
            if !common.json {
                words.push_str(&how_to_log_in(address, &tenant));
            }
            let _ = text::print(&words);
        })
        .await?;
        Ok(ExitCode::SUCCESS)
    }
}

/// The database that was named, else a fresh file in a new temporary folder.
fn database(common: &Common) -> Result<String, Failure> {
    if common.database != super::DEFAULT_DATABASE {
        return Ok(common.database.clone());
    }
    let now = jiff::Timestamp::now().as_millisecond();
    let folder = std::env::temp_dir().join(format!("diario-demo-{}-{now}", std::process::id()));
    std::fs::create_dir(&folder).map_err(|error| format!("cannot make {}: {error}", folder.display()))?;
    Ok(format!("sqlite:{}", folder.join("diario.db").display()))
}

async fn show(context: &Context, common: &Common) -> Result<(Tenant, Report), Failure> {
    let tenant = tenant(context).await?;
    let options = Options { tax_rate: Rate(160_000), opening_stock: OpeningStock::Auto };
    let report = import::import(context, &tenant, FILE, options).await?;
    catalog::load_fixture_if_empty(&context.db).await?;
    let tenant = context.tenant(SLUG).await?;
    let summary = Summary::of(context, &tenant).await?;
    let database = super::context::without_password(&common.database);
    if common.json {
        text::print_json(&json!({
            "database": database, "source": SOURCE, "import": report.as_value(), "summary": summary.as_value(),
        }))?;
    } else {
        text::print(&format!(
            "{}\nDatabase  {database}\nFigures   {SOURCE}\n",
            summary.words(&tenant, &report)
        ))?;
    }
    Ok((tenant, report))
}

/// The demo's tenant; founded when it is not there yet.
async fn tenant(context: &Context) -> Result<Tenant, Failure> {
    if let Some(tenant) = context.db.tenant_by_slug(SLUG).await? {
        return Ok(tenant);
    }
    context
        .found_tenant(NewTenant {
            slug: SLUG.to_owned(),
            name: "Tienda de regalos (demo)".to_owned(),
            country: "MX".to_owned(),
            currency: "MXN".to_owned(),
            timezone: "America/Mexico_City".to_owned(),
            owner: "Ana".to_owned(),
            pin: PIN.to_owned(),
            branch: "Matriz".to_owned(),
            allow_negative_stock: false,
            postal_code: None,
        })
        .await?;
    context.tenant(SLUG).await
}

fn how_to_log_in(address: SocketAddr, tenant: &Tenant) -> String {
    let id = tenant.tenant_id;
    format!(
        r#"
Log in as Ana (PIN {PIN}) and read the trial balance:

  TOKEN=$(curl -s http://{address}/pos/api/auth/login -d '{{"tenant_id":{id},"pin":"{PIN}"}}' | sed 's/.*"token":"\([^"]*\)".*/\1/')
  curl -s -H "Authorization: Bearer $TOKEN" "http://{address}/pos/api/accounting/trial-balance?date_from=2010-12-01&date_to=2010-12-31"

A small vehicle catalogue is there as well: /pos/api/catalog/search?q=balatas

All routes: http://{address}/docs — Ctrl-C stops.
"#
    )
}
