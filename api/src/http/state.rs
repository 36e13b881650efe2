//! What every request may use.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use axum::extract::FromRef;
use diario_commands::Commands;
use diario_domain::{EmployeeId, TenantId, employee::Role, time};
use diario_projections::{Projections, employees};
use diario_store::{Database, Log, StoreError};
use jiff::{Span, Timestamp, civil::Date, tz::TimeZone};

use crate::{
    cli::Context,
    http::limits::Limits,
    import::Turns,
    security::{
        attempts::Attempts,
        badges::{Badge, Badges},
        jwt::{Passes, Tokens},
    },
};

/// The state behind every route; clones share it.
#[derive(Clone)]
pub struct App(pub Arc<Inner>);

impl std::ops::Deref for App {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl FromRef<App> for Arc<Inner> {
    fn from_ref(app: &App) -> Self {
        Self::clone(&app.0)
    }
}

/// See [`App`].
pub struct Inner {
    /// The database, for queries of read models.
    pub db: Database,
    /// The log, for documents.
    pub log: Log,
    /// The writers.
    pub commands: Commands,
    /// The read models.
    pub projections: Projections,
    /// Nexus' tokens.
    pub tokens: Tokens,
    /// Whether whoever Nexus' tokens name still works here, and as what.
    pub badges: Badges,
    /// The other doors' tokens.
    pub passes: Passes,
    /// Key of the PINs' lookup hashes.
    pub pin_key: Arc<[u8]>,
    /// PINs and passwords guessed wrong.
    pub attempts: Attempts,
    /// How often doors were knocked at.
    pub limits: Limits,
    /// Whose turn it is to import a file.
    pub imports: Turns,
    /// Whether webhooks may lead to this machine itself.
    pub webhooks_allow_loopback: bool,
    /// Metrics as Prometheus reads them.
    pub metrics: metrics_exporter_prometheus::PrometheusHandle,
    /// Nexus' own routes without the layers around them: commands of offline tills go through the same handlers.
    pub nexus: OnceLock<axum::Router>,
    /// Whose companies sign up where a request names no tenant (T-10).
    pub default_tenant: Option<TenantId>,
    tenants: Mutex<HashMap<TenantId, Arc<Shop>>>,
}

/// A tenant's facts that never change.
pub struct Shop {
    /// Its name.
    pub name: String,
    /// Its name in addresses and deliveries.
    pub slug: String,
    /// Its name on surfaces that speak of organizations.
    pub organization_id: uuid::Uuid,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// ISO 4217.
    pub currency: String,
    /// Its time zone.
    pub zone: TimeZone,
    /// Postal code of its fiscal address.
    pub postal_code: Option<String>,
}

impl Shop {
    /// An instant as the shop's clock shows it, without a zone (contract 2.7).
    pub fn local(&self, at: Timestamp) -> String {
        at.to_zoned(self.zone.clone()).strftime("%Y-%m-%dT%H:%M:%S").to_string()
    }

    /// The shop's day of an instant.
    pub fn day(&self, at: Timestamp) -> Date {
        time::local_day(at, &self.zone)
    }

    /// So many local days that end with that of an instant: the first and the last.
    pub fn last_days(&self, at: Timestamp, days: i64) -> (Date, Date) {
        let last = self.day(at);
        (last.saturating_sub(Span::new().days(days - 1)), last)
    }

    /// When a local day begins.
    pub fn day_starts(&self, day: Date) -> Timestamp {
        day.to_zoned(self.zone.clone()).map_or(Timestamp::MIN, |zoned| zoned.timestamp())
    }
}

impl App {
    /// The state over an open database.
    pub async fn new(
        context: &Context,
        metrics: metrics_exporter_prometheus::PrometheusHandle,
    ) -> Result<Self, StoreError> {
        let secret = context.db.installation_secret("jwt").await?;
        Ok(Self(Arc::new(Inner {
            db: context.db.clone(),
            log: context.log.clone(),
            commands: context.commands.clone(),
            projections: context.projections.clone(),
            tokens: Tokens::new(&secret),
            badges: Badges::default(),
            passes: Passes::new(&secret),
            pin_key: Arc::clone(&context.pin_key),
            attempts: Attempts::default(),
            limits: Limits::default(),
            imports: Turns::default(),
            webhooks_allow_loopback: context.webhooks_allow_loopback,
            metrics,
            nexus: OnceLock::new(),
            default_tenant: context.default_tenant,
            tenants: Mutex::default(),
        })))
    }
}

impl Inner {
    /// A tenant's facts; nothing where there is no such tenant.
    pub async fn shop(&self, tenant: TenantId) -> Result<Option<Arc<Shop>>, StoreError> {
        if let Some(shop) = self.tenants.lock().unwrap_or_else(PoisonError::into_inner).get(&tenant) {
            return Ok(Some(Arc::clone(shop)));
        }
        let Some(found) = self.db.tenant(tenant).await? else { return Ok(None) };
        let zone = time::zone(&found.timezone).unwrap_or(TimeZone::UTC);
        let shop = Arc::new(Shop {
            name: found.name,
            slug: found.slug,
            organization_id: found.organization_id,
            country: found.country,
            currency: found.currency,
            zone,
            postal_code: found.postal_code,
        });
        self.tenants.lock().unwrap_or_else(PoisonError::into_inner).insert(tenant, Arc::clone(&shop));
        Ok(Some(shop))
    }

    /// An employee's role; none where there is no such employee, or not any more. It may be a second old where
    /// another server on the same database changed it.
    pub async fn role(&self, tenant: TenantId, employee: EmployeeId) -> Result<Option<Role>, StoreError> {
        let read_at = self.now();
        let changes = match self.badges.fresh(tenant, employee, read_at) {
            Ok(badge) => return Ok(badge.role),
            Err(changes) => changes,
        };
        let found = employees::find(&self.db, tenant, employee).await?;
        let role = found.filter(|found| found.is_active).map(|found| found.role);
        self.badges.note(tenant, employee, Badge { role, read_at }, changes);
        Ok(role)
    }

    /// Now, as the writers see it.
    pub fn now(&self) -> Timestamp {
        self.commands.now()
    }
}
