//! What telling endpoints leaves behind: who tells them, how they have been, what is told again. Rows of deliveries and
//! attempts are written as those of read models are, in batches.

use diario_domain::{TenantId, WebhookId};

use crate::{Database, IdempotencyRow, SecretKind, StoreError, params};

const RESEND: &str = "UPDATE webhook_deliveries SET state = 'pending', failures = 0, next_at = $4, finished_at = NULL \
                      WHERE tenant_id = $1 AND webhook_id = $2 AND delivery = $3";

/// How an endpoint has been lately.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Health {
    /// Rounds of attempts that failed, one after another.
    pub failures: i64,
    /// When the first of them was, in microseconds.
    pub failing_since: Option<i64>,
    /// It is left alone until then.
    pub paused_until: Option<i64>,
}

impl Database {
    /// A name that no other server on the database has.
    pub fn server_name(&self) -> Result<String, StoreError> {
        let mut random = [0_u8; 16];
        getrandom::fill(&mut random).map_err(|_| StoreError::Random)?;
        Ok(uuid::Builder::from_random_bytes(random).into_uuid().hyphenated().to_string())
    }

    /// Takes an endpoint for one server until an instant, or keeps it; false where another server has it.
    pub async fn lease_webhook(
        &self,
        tenant: TenantId,
        webhook: WebhookId,
        owner: &str,
        now: i64,
        until: i64,
    ) -> Result<bool, StoreError> {
        let sql = "INSERT INTO webhook_endpoints (tenant_id, webhook_id, owner, lease_until, failures) VALUES ($1, $2, $3, $5, 0) \
                   ON CONFLICT (tenant_id, webhook_id) DO UPDATE SET owner = excluded.owner, lease_until = excluded.lease_until \
                   WHERE webhook_endpoints.owner = $3 OR webhook_endpoints.lease_until < $4";
        Ok(self.execute_unsynced(sql, params![tenant.0, webhook.0, owner, now, until]).await? > 0)
    }

    /// Gives an endpoint back to whichever server is next.
    pub async fn release_webhook(
        &self,
        tenant: TenantId,
        webhook: WebhookId,
        owner: &str,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE webhook_endpoints SET lease_until = 0 WHERE tenant_id = $1 AND webhook_id = $2 AND owner = $3";
        self.execute_unsynced(sql, params![tenant.0, webhook.0, owner]).await.map(|_| ())
    }

    /// How an endpoint has been.
    pub async fn webhook_health(&self, tenant: TenantId, webhook: WebhookId) -> Result<Health, StoreError> {
        let sql = "SELECT failures, failing_since, paused_until FROM webhook_endpoints WHERE tenant_id = $1 AND webhook_id = $2";
        let rows = self.query(sql, params![tenant.0, webhook.0]).await?;
        let Some(row) = rows.first() else { return Ok(Health::default()) };
        Ok(Health { failures: row.int(0)?, failing_since: row.opt_int(1)?, paused_until: row.opt_int(2)? })
    }

    /// Notes how an endpoint is.
    pub async fn put_webhook_health(
        &self,
        tenant: TenantId,
        webhook: WebhookId,
        health: Health,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE webhook_endpoints SET failures = $3, failing_since = $4, paused_until = $5 WHERE tenant_id = $1 AND webhook_id = $2";
        let params = params![tenant.0, webhook.0, health.failures, health.failing_since, health.paused_until];
        self.execute_unsynced(sql, params).await.map(|_| ())
    }

    /// What waits for later is due now: the endpoint is back.
    pub async fn hasten_deliveries(
        &self,
        tenant: TenantId,
        webhook: WebhookId,
        now: i64,
    ) -> Result<u64, StoreError> {
        let sql = "UPDATE webhook_deliveries SET next_at = $3 WHERE tenant_id = $1 AND webhook_id = $2 AND next_at > $3";
        self.execute_unsynced(sql, params![tenant.0, webhook.0, now]).await
    }

    /// A delivery is made once more, whatever became of it; false where there is no such delivery.
    pub async fn resend_delivery(
        &self,
        tenant: TenantId,
        webhook: WebhookId,
        delivery: i64,
        now: i64,
    ) -> Result<bool, StoreError> {
        Ok(self.execute(RESEND, params![tenant.0, webhook.0, delivery, now]).await? > 0)
    }

    /// The same once for an idempotency key, whose answer is kept with it; nothing where the key was answered before.
    pub async fn resend_delivery_once(
        &self,
        tenant: TenantId,
        webhook: WebhookId,
        delivery: i64,
        now: i64,
        answer: IdempotencyRow,
    ) -> Result<Option<bool>, StoreError> {
        let params = params![tenant.0, webhook.0, delivery, now];
        let changed = self.execute_once(tenant, answer, RESEND, params).await?;
        Ok(changed.map(|changed| changed > 0))
    }

    /// The endpoint is gone: what waits for it is not told any more, and its secrets are forgotten. Answers how much
    /// waited.
    pub async fn forget_webhook(
        &self,
        tenant: TenantId,
        webhook: WebhookId,
        now: i64,
    ) -> Result<u64, StoreError> {
        let sql = "UPDATE webhook_deliveries SET state = 'dropped', next_at = NULL, finished_at = $3 \
                   WHERE tenant_id = $1 AND webhook_id = $2 AND next_at IS NOT NULL";
        let dropped = self.execute(sql, params![tenant.0, webhook.0, now]).await?;
        let sql = "DELETE FROM secrets WHERE tenant_id = $1 AND kind = $2 AND subject = $3";
        self.execute(sql, params![tenant.0, SecretKind::Webhook.name(), webhook.0]).await?;
        Ok(dropped)
    }

    /// An endpoint's secrets, the newest first: the instant in microseconds at which each was made, and the secret.
    /// The first eight bytes of what such a secret is found by are that instant.
    pub async fn webhook_secrets(
        &self,
        tenant: TenantId,
        webhook: WebhookId,
    ) -> Result<Vec<(i64, String)>, StoreError> {
        let sql = "SELECT lookup, hash FROM secrets WHERE tenant_id = $1 AND kind = $2 AND subject = $3 ORDER BY lookup DESC";
        let rows = self.query(sql, params![tenant.0, SecretKind::Webhook.name(), webhook.0]).await?;
        rows.iter()
            .map(|row| {
                let lookup = row.bytes(0)?;
                let made = lookup.first_chunk::<8>().map_or(0, |bytes| i64::from_be_bytes(*bytes));
                Ok((made, row.text(1)?))
            })
            .collect()
    }
}
