//! `diario import items` and `diario import customers`: the same import as over HTTP.

use std::{path::PathBuf, process::ExitCode};

use diario_domain::{Metadata, employee::Role};
use diario_projections::employees;
use diario_store::tenants::Tenant;

use super::read;
use crate::{
    cli::{Common, Context, Failure, text, verify::PATIENCE},
    http::write::Caller,
    import::{self, Desk, Mode, Options, Outcome, Report, What},
};

/// Import items with prices and opening stock, from CSV or XLSX.
///
/// The columns are the fields of POST /pos/api/inventory/items: `part_number` and `name` are required. A part
/// number that the shop has already is passed over when its row says the same, and is an error otherwise. Nothing is
/// created when any row is bad, and the exit code is 1 then.
#[derive(clap::Args)]
pub struct ImportItems {
    #[command(flatten)]
    list: List,
}

/// Import customers, from CSV or XLSX.
///
/// The columns are the fields of POST /pos/api/customers: `name` is required. A customer that the shop has already
/// (by RFC, or by name where there is none) is passed over when the row says the same, and is an error otherwise.
/// Nothing is created when any row is bad, and the exit code is 1 then.
#[derive(clap::Args)]
pub struct ImportCustomers {
    #[command(flatten)]
    list: List,
}

/// What both take.
#[derive(clap::Args)]
struct List {
    /// Into whose books (slug or id)
    #[arg(long)]
    tenant: String,
    /// The file; `-` reads standard input
    #[arg(long)]
    file: PathBuf,
    /// Tell what would happen and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Create the good rows where others are bad
    #[arg(long)]
    good_rows: bool,
}

impl ImportItems {
    /// Imports.
    pub async fn run(self, common: &Common) -> Result<ExitCode, Failure> {
        self.list.run(common, What::Items).await
    }
}

impl ImportCustomers {
    /// Imports.
    pub async fn run(self, common: &Common) -> Result<ExitCode, Failure> {
        self.list.run(common, What::Customers).await
    }
}

impl List {
    async fn run(self, common: &Common, what: What) -> Result<ExitCode, Failure> {
        let bytes = read(&self.file)?;
        let (tenant, report) = Context::with(common, false, async |context| {
            let tenant = context.tenant(&self.tenant).await?;
            let report = self.import(context, &tenant, what, bytes).await?;
            Ok((tenant, report))
        })
        .await?;
        if common.json {
            text::print_json(&report.as_value())?;
        } else {
            text::print(&report.words(&tenant.slug))?;
        }
        Ok(if report.is_complete() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    async fn import(
        &self,
        context: &Context,
        tenant: &Tenant,
        what: What,
        bytes: Vec<u8>,
    ) -> Result<Report, Failure> {
        let employees = employees::list(&context.db, tenant.tenant_id).await?;
        let owner = employees.into_iter().find(|employee| employee.role == Role::Owner && employee.is_active);
        let owner = owner.ok_or_else(|| format!("tenant {} has no owner who could import", tenant.slug))?;
        let metadata = Metadata {
            actor: Some(owner.employee_id),
            role: Some(owner.role.name().to_owned()),
            branch: Some(owner.branch_id),
            surface: "import".to_owned(),
            ..Metadata::default()
        };
        let mode = if self.good_rows { Mode::GoodRows } else { Mode::AllOrNothing };
        let options = Options {
            what,
            mode,
            dry_run: self.dry_run,
            // Good rows go in by the chunk, so that any number of them keeps nobody waiting.
            rows_max: if self.good_rows { usize::MAX - 1 } else { import::ROWS_MAX },
            patience: PATIENCE,
        };
        let desk = Desk {
            db: &context.db,
            log: &context.log,
            commands: &context.commands,
            projections: &context.projections,
            caller: Caller { tenant: tenant.tenant_id, metadata },
            country: &tenant.country,
            by: owner.employee_id,
            branch: owner.branch_id,
            key: None,
        };
        match import::run(desk, options, bytes).await? {
            Outcome::Report(report) => Ok(report),
            Outcome::Replayed(_) => Err("a request without a key cannot have been answered before".into()),
        }
    }
}
