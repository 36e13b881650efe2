//! Secrets: found by a hash, checked by a slower one, never in the log.

use diario_domain::{TenantId, time::day_number};
use jiff::civil::Date;

use crate::{Database, Row, StoreError, params};

/// What a secret opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretKind {
    /// A till, for an employee.
    Pin,
    /// A surface, for a program.
    Key,
    /// A surface, for a person.
    Password,
    /// Nothing: deliveries of a webhook are signed with it.
    Webhook,
}

impl SecretKind {
    /// As it is stored.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pin => "pin",
            Self::Key => "key",
            Self::Password => "password",
            Self::Webhook => "webhook",
        }
    }
}

/// A secret that was found: whose it is, and what it is checked with.
#[derive(Clone)]
pub struct Found {
    /// The id of the employee, the key, the user or the webhook.
    pub subject: i64,
    /// Its slow hash, or the secret itself where deliveries are signed with it.
    pub hash: String,
}

fn found(row: &Row, first: usize) -> Result<Found, StoreError> {
    Ok(Found { subject: row.int(first)?, hash: row.text(first + 1)? })
}

impl Database {
    /// A tenant's secret of a kind.
    pub async fn secret(
        &self,
        tenant: TenantId,
        kind: SecretKind,
        lookup: &[u8],
    ) -> Result<Option<Found>, StoreError> {
        let sql = "SELECT subject, hash FROM secrets WHERE tenant_id = $1 AND kind = $2 AND lookup = $3";
        let rows = self.query(sql, params![tenant.0, kind.name(), lookup.to_vec()]).await?;
        rows.first().map(|row| found(row, 0)).transpose()
    }

    /// The tenants that know a secret by this lookup: people log in with an e-mail address, and the contracts that
    /// have them do so name no tenant. The directory is walked, and each tenant's own key is looked up.
    pub async fn secret_anywhere(
        &self,
        kind: SecretKind,
        lookup: &[u8],
    ) -> Result<Vec<(TenantId, Found)>, StoreError> {
        let sql = "SELECT t.tenant_id, s.subject, s.hash FROM tenants t \
                   JOIN secrets s ON s.tenant_id = t.tenant_id AND s.kind = $1 AND s.lookup = $2 ORDER BY t.tenant_id";
        let rows = self.query(sql, params![kind.name(), lookup.to_vec()]).await?;
        rows.iter().map(|row| Ok((TenantId(row.int(0)?), found(row, 1)?))).collect()
    }

    /// Forgets a secret.
    pub async fn forget_secret(
        &self,
        tenant: TenantId,
        kind: SecretKind,
        lookup: &[u8],
    ) -> Result<(), StoreError> {
        let sql = "DELETE FROM secrets WHERE tenant_id = $1 AND kind = $2 AND lookup = $3";
        self.execute(sql, params![tenant.0, kind.name(), lookup.to_vec()]).await.map(|_| ())
    }

    /// Counts a request of a day; false where there were as many as may be, and then it is not counted. It is one
    /// statement, so that two servers on one database count together.
    pub async fn count_request(
        &self,
        tenant: TenantId,
        day: Date,
        limiter: &str,
        most: i64,
    ) -> Result<bool, StoreError> {
        let sql = "INSERT INTO daily_usage (tenant_id, day, limiter, used) VALUES ($1, $2, $3, 1) \
                   ON CONFLICT (tenant_id, day, limiter) DO UPDATE SET used = daily_usage.used + 1 \
                   WHERE daily_usage.used < $4";
        Ok(self.execute(sql, params![tenant.0, day_number(day), limiter, most]).await? > 0)
    }

    /// How many were counted on a day.
    pub async fn requests_counted(
        &self,
        tenant: TenantId,
        day: Date,
        limiter: &str,
    ) -> Result<i64, StoreError> {
        let sql = "SELECT used FROM daily_usage WHERE tenant_id = $1 AND day = $2 AND limiter = $3";
        let rows = self.query(sql, params![tenant.0, day_number(day), limiter]).await?;
        rows.first().map_or(Ok(0), |row| row.int(0))
    }

    /// Remembers when a key was used last.
    pub async fn key_was_used(&self, tenant: TenantId, key: i64, at: i64) -> Result<(), StoreError> {
        let sql = "INSERT INTO access_key_uses (tenant_id, key_id, last_used_at) VALUES ($1, $2, $3) \
                   ON CONFLICT (tenant_id, key_id) DO UPDATE SET last_used_at = excluded.last_used_at";
        self.execute(sql, params![tenant.0, key, at]).await.map(|_| ())
    }
}
