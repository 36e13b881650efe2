//! What every subcommand stands on: an open database, its log, writers and read models.

use std::sync::Arc;

use diario_commands::{Clock, Commands, Rendered, Request, Secret, Settings, system_clock};
use diario_domain::{
    BranchId, Command, EmployeeId, Event, Rate, TenantId,
    branch::OpenBranch,
    command::Issued,
    employee::{HireEmployee, Role},
    event::Metadata,
    tenant::{CreateTenant, TenantCreated},
};
use diario_projections::Projections;
use diario_store::{Database, Log, SecretKind, tenants::Tenant};
use uuid::Uuid;

use super::{Common, Failure};
use crate::security::pins;

/// An open database with all that stands on it.
#[derive(Clone)]
pub struct Context {
    /// The database.
    pub db: Database,
    /// The logs.
    pub log: Log,
    /// The writers.
    pub commands: Commands,
    /// The read models.
    pub projections: Projections,
    /// Key of the PINs' lookup hashes.
    pub pin_key: Arc<[u8]>,
    /// Whose companies sign up where a request names no tenant (T-10).
    pub default_tenant: Option<TenantId>,
    /// Whether webhooks may lead to this machine itself: for development.
    pub webhooks_allow_loopback: bool,
}

/// What a new tenant is made of.
pub struct NewTenant {
    /// A name for addresses and files.
    pub slug: String,
    /// The name as people write it.
    pub name: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// ISO 4217.
    pub currency: String,
    /// IANA time zone.
    pub timezone: String,
    /// The owner's name.
    pub owner: String,
    /// The owner's PIN.
    pub pin: String,
    /// The first branch.
    pub branch: String,
    /// Whether more may be sold than lies there.
    pub allow_negative_stock: bool,
    /// Postal code of its fiscal address.
    pub postal_code: Option<String>,
}

/// A tenant that was founded.
pub struct Founded {
    /// Its id.
    pub tenant_id: TenantId,
    /// Its organization.
    pub organization_id: Uuid,
    /// Its first branch.
    pub branch_id: BranchId,
    /// Its owner.
    pub owner: EmployeeId,
}

impl Context {
    /// Opens the database and brings its schema up to date. Answers of writers wait for read models where
    /// `answer_after_reads`.
    pub async fn open(common: &Common, answer_after_reads: bool) -> Result<Self, Failure> {
        Self::open_with(common, answer_after_reads, system_clock()).await
    }

    /// The same with another clock.
    pub async fn open_with(common: &Common, answer_after_reads: bool, clock: Clock) -> Result<Self, Failure> {
        let db = Database::connect(&common.database)
            .await
            .map_err(|error| format!("cannot open {}: {error}", without_password(&common.database)))?;
        db.migrate().await?;
        let log = Log::new(db.clone());
        let pin_key = db.installation_secret("pin").await?.into();
        let commands = Commands::new(log.clone(), Settings { clock, answer_after_reads });
        let projections = Projections::new(log.clone());
        Ok(Self {
            db,
            log,
            commands,
            projections,
            pin_key,
            default_tenant: None,
            webhooks_allow_loopback: false,
        })
    }

    /// Opens, has something done, and closes whatever came of it: what was written is followed by then.
    pub async fn with<T>(
        common: &Common,
        answer_after_reads: bool,
        work: impl AsyncFnOnce(&Self) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let context = Self::open(common, answer_after_reads).await?;
        let done = work(&context).await;
        context.close().await;
        done
    }

    /// A tenant by slug or id.
    pub async fn tenant(&self, name: &str) -> Result<Tenant, Failure> {
        let found = match name.parse::<i64>() {
            Ok(id) => self.db.tenant(TenantId(id)).await?,
            Err(_) => self.db.tenant_by_slug(name).await?,
        };
        found.ok_or_else(|| format!("there is no tenant {name:?}; `diario status` lists them").into())
    }

    /// The named tenant, or all of them.
    pub async fn tenants(&self, name: Option<&str>) -> Result<Vec<Tenant>, Failure> {
        match name {
            Some(name) => Ok(vec![self.tenant(name).await?]),
            None => Ok(self.db.tenants().await?),
        }
    }

    /// Has one command decided in an employee's name; answers what `tell` says of its first event. A context that was
    /// opened to answer after reads has the read models follow before this is done.
    pub async fn decide(
        &self,
        tenant: TenantId,
        by: EmployeeId,
        command: Command,
        secret: Option<Secret>,
        tell: fn(&Event) -> String,
    ) -> Result<String, Failure> {
        self.projections.ensure(tenant);
        let request = Request {
            commands: vec![Issued { by, branch: BranchId(1), at: self.commands.now(), command }],
            metadata: Metadata { actor: Some(by), surface: "cli".to_owned(), ..Metadata::default() },
            key: None,
            secret,
            render: Box::new(move |events| {
                let first = events.ok().and_then(<[_]>::first);
                Rendered {
                    status: 200,
                    body: first.map(|recorded| tell(&recorded.event)).unwrap_or_default(),
                }
            }),
        };
        let answer = self.commands.execute(tenant, request).await?;
        match answer.refusal {
            Some(refusal) => Err(refusal.to_string().into()),
            None => Ok(answer.rendered.body),
        }
    }

    /// Founds a tenant: its first three events, with the owner's PIN beside them, in one append.
    pub async fn found_tenant(&self, new: NewTenant) -> Result<Founded, Failure> {
        let mut random = [0_u8; 16];
        getrandom::fill(&mut random).map_err(|_| "the operating system gives no random bytes")?;
        let pin = pins::enrol(&self.pin_key, &new.pin)?;
        let mut tenant = TenantCreated {
            tenant_id: TenantId(0),
            slug: new.slug,
            name: new.name,
            organization_id: uuid::Builder::from_random_bytes(random).into_uuid(),
            country: new.country,
            currency: new.currency,
            timezone: new.timezone,
            allow_negative_stock: new.allow_negative_stock,
            postal_code: new.postal_code,
        };
        let Some(tenant_id) = self.db.enter_tenant(&tenant).await? else {
            return Err(format!("the slug {:?} is taken", tenant.slug).into());
        };
        tenant.tenant_id = tenant_id;
        let organization_id = tenant.organization_id;
        let owner = HireEmployee {
            name: new.owner,
            email: None,
            phone: None,
            role: Role::Owner,
            branch_id: BranchId(1),
            max_discount_pct: Rate::HUNDRED_PERCENT,
        };
        let issued =
            |command| Issued { by: EmployeeId(0), branch: BranchId(1), at: self.commands.now(), command };
        let request = Request {
            commands: vec![
                issued(Command::CreateTenant(CreateTenant { tenant })),
                issued(Command::OpenBranch(OpenBranch { name: new.branch, address: None, phone: None })),
                issued(Command::HireEmployee(owner)),
            ],
            metadata: Metadata { surface: "cli".to_owned(), ..Metadata::default() },
            key: None,
            secret: Some(Secret {
                kind: SecretKind::Pin,
                lookup: pins::lookup(&self.pin_key, tenant_id, &new.pin),
                hash: pin,
            }),
            render: Box::new(|_| Rendered { status: 201, body: String::new() }),
        };
        let answer = self.commands.execute(tenant_id, request).await;
        let refusal = match answer {
            Ok(answer) => answer.refusal.map(|refusal| refusal.to_string()),
            Err(error) => Some(super::chain(&error)),
        };
        if let Some(refusal) = refusal {
            self.db.strike_tenant(tenant_id).await?;
            return Err(refusal.into());
        }
        Ok(Founded { tenant_id, organization_id, branch_id: BranchId(1), owner: EmployeeId(1) })
    }

    /// Waits for a tenant's read models to follow its log to the end.
    pub async fn read_models(&self, tenant: &Tenant) -> Result<(), Failure> {
        if self.projections.caught_up(tenant.tenant_id, tenant.head, super::verify::PATIENCE).await {
            return Ok(());
        }
        Err("the read models do not follow the log; `diario status` says where they stand".into())
    }

    /// Finishes what waits, then stops writers and read models.
    pub async fn close(&self) {
        self.commands.drain().await;
        self.projections.stop().await;
    }
}

/// A database URL without its password, for messages.
pub fn without_password(url: &str) -> String {
    match (url.find("://"), url.rfind('@')) {
        (Some(scheme), Some(at)) if at > scheme => {
            let user = url[scheme + 3..at].split(':').next().unwrap_or_default();
            format!("{}://{user}@{}", &url[..scheme], &url[at + 1..])
        }
        _ => url.to_owned(),
    }
}
