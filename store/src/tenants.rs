//! The directory of tenants, people's secrets and the installation's own keys.

use diario_domain::{TenantId, tenant::TenantCreated};
use uuid::Uuid;

use crate::{Database, Row, StoreError, hash::GENESIS, params};

/// A tenant as the directory knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of TenantCreated")]
pub struct Tenant {
    pub tenant_id: TenantId,
    pub slug: String,
    pub name: String,
    pub organization_id: Uuid,
    pub country: String,
    pub currency: String,
    pub timezone: String,
    pub postal_code: Option<String>,
    /// The last position of its log.
    pub head: i64,
}

const COLUMNS: &str =
    "tenant_id, slug, name, organization_id, country, currency, timezone, head, postal_code";

fn tenant(row: &Row) -> Result<Tenant, StoreError> {
    Ok(Tenant {
        tenant_id: TenantId(row.int(0)?),
        slug: row.text(1)?,
        name: row.text(2)?,
        organization_id: row
            .text(3)?
            .parse()
            .map_err(|_| StoreError::Column { column: 3, expected: "a UUID" })?,
        country: row.text(4)?,
        currency: row.text(5)?,
        timezone: row.text(6)?,
        head: row.int(7)?,
        postal_code: row.opt_text(8)?,
    })
}

impl Database {
    /// Every tenant.
    pub async fn tenants(&self) -> Result<Vec<Tenant>, StoreError> {
        let rows = self.query(&format!("SELECT {COLUMNS} FROM tenants ORDER BY tenant_id"), vec![]).await?;
        rows.iter().map(tenant).collect()
    }

    /// Tenants whose slowest read model is behind their log, with the log's head.
    pub async fn lagging(&self) -> Result<Vec<(TenantId, i64)>, StoreError> {
        let sql = "SELECT t.tenant_id, t.head FROM tenants t \
                   LEFT JOIN (SELECT tenant_id, MIN(position) AS slowest FROM checkpoints WHERE projection <> 'webhook_outbox' GROUP BY tenant_id) c \
                   ON c.tenant_id = t.tenant_id WHERE COALESCE(c.slowest, 0) < t.head ORDER BY t.tenant_id";
        let rows = self.query(sql, vec![]).await?;
        rows.iter().map(|row| Ok((TenantId(row.int(0)?), row.int(1)?))).collect()
    }

    /// A tenant by its id.
    pub async fn tenant(&self, id: TenantId) -> Result<Option<Tenant>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM tenants WHERE tenant_id = $1");
        self.query(&sql, params![id.0]).await?.first().map(tenant).transpose()
    }

    /// A tenant by its slug. There is no index that leads with anything but the tenant, and few tenants.
    pub async fn tenant_by_slug(&self, slug: &str) -> Result<Option<Tenant>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM tenants WHERE slug = $1");
        self.query(&sql, params![slug]).await?.first().map(tenant).transpose()
    }

    /// Enters a tenant in the directory with an empty log and gives it the next id; `None` where the slug is
    /// taken. The statement checks and takes in one step; of two that race, one finds the id taken and tries again.
    pub async fn enter_tenant(&self, new: &TenantCreated) -> Result<Option<TenantId>, StoreError> {
        let sql = "INSERT INTO tenants (tenant_id, slug, name, organization_id, country, currency, timezone, head, head_hash, postal_code) \
                   SELECT COALESCE(MAX(tenant_id), 0) + 1, $1, $2, $3, $4, $5, $6, 0, $7, CAST($8 AS TEXT) FROM tenants \
                   HAVING NOT EXISTS (SELECT 1 FROM tenants WHERE slug = $1) \
                   ON CONFLICT (tenant_id) DO NOTHING";
        for _ in 0..100 {
            let params = params![
                new.slug.as_str(),
                new.name.as_str(),
                new.organization_id.to_string(),
                new.country.as_str(),
                new.currency.as_str(),
                new.timezone.as_str(),
                GENESIS.to_vec(),
                new.postal_code.clone(),
            ];
            let entered = self.execute(sql, params).await?;
            let Some(tenant) = self.tenant_by_slug(&new.slug).await? else { continue };
            let ours = entered > 0 && tenant.organization_id == new.organization_id;
            return Ok(ours.then_some(tenant.tenant_id));
        }
        Ok(None)
    }

    /// Takes a tenant whose founding failed out of the directory again; only while its log is empty.
    pub async fn strike_tenant(&self, id: TenantId) -> Result<(), StoreError> {
        self.execute("DELETE FROM tenants WHERE tenant_id = $1 AND head = 0", params![id.0]).await.map(|_| ())
    }

    /// A key of this installation, drawn when it is first asked for and the same for every process on it.
    pub async fn installation_secret(&self, name: &str) -> Result<Vec<u8>, StoreError> {
        let mut fresh = vec![0_u8; 32];
        getrandom::fill(&mut fresh).map_err(|_| StoreError::Random)?;
        let sql =
            "INSERT INTO installation_secrets (name, secret) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";
        self.execute(sql, params![name, fresh]).await?;
        let rows =
            self.query("SELECT secret FROM installation_secrets WHERE name = $1", params![name]).await?;
        rows.first().ok_or(StoreError::Closed)?.bytes(0)
    }
}
