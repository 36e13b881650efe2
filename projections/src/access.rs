//! Keys and people, as doors ask for them.

use diario_domain::{
    CustomerId, Event, KeyId, TenantId, UserId,
    access::{Door, Plan},
    event::Recorded,
};
use diario_store::{Database, Row, StoreError, models::Batch, params, table};
use jiff::Timestamp;

use crate::{Failure, Pace, Projection};

table! {
    /// Keys as they were issued.
    ACCESS_KEYS = insert access_keys(key_id) {
        text surface, text name, text prefix, text scopes, int user_id, int sandbox, int page_base, int created_at
    }
}

table! {
    /// Those that open nothing any more.
    REVOKED_KEYS = insert revoked_keys(key_id) { int revoked_at }
}

table! {
    /// People.
    ACCESS_USERS = insert access_users(user_id) {
        text email, text username, text name, int customer_id, int created_at
    }
}

table! {
    /// Plans; the last is in force.
    PLANS = insert plans(position) { text plan }
}

/// See the module.
pub const PROJECTION: Projection = Projection {
    name: "access",
    tables: &[&ACCESS_KEYS, &REVOKED_KEYS, &ACCESS_USERS, &PLANS],
    apply,
    pace: Pace::Prompt,
};

fn apply(recorded: &Recorded, batch: &mut Batch) -> Result<(), Failure> {
    let at = recorded.occurred_at.as_microsecond();
    #[expect(clippy::wildcard_enum_match_arm, reason = "a read model names the events it reads")]
    match &recorded.event {
        Event::KeyIssued(key) => {
            let row = params![
                key.door.name(),
                key.name.as_str(),
                key.prefix.as_str(),
                key.scopes.join(" "),
                key.user_id.map(|id| id.0),
                i64::from(key.sandbox),
                key.page_base,
                at,
            ];
            batch.put(&ACCESS_KEYS, &[key.key_id.0], row);
        }
        Event::KeyRevoked(key) => batch.put(&REVOKED_KEYS, &[key.key_id.0], params![at]),
        Event::UserCreated(user) => {
            let row = params![
                user.email.as_str(),
                user.username.as_str(),
                user.name.as_str(),
                user.customer_id.map(|id| id.0),
                at,
            ];
            batch.put(&ACCESS_USERS, &[user.user_id.0], row);
        }
        Event::PlanChanged(changed) => batch.put(&PLANS, &[recorded.position], params![changed.plan.name()]),
        _ => {}
    }
    Ok(())
}

/// A key that was issued.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of KeyIssued")]
pub struct KeyRow {
    pub key_id: KeyId,
    pub door: Door,
    pub name: String,
    pub prefix: String,
    pub scopes: Vec<String>,
    pub user_id: Option<UserId>,
    pub sandbox: bool,
    pub page_base: i64,
    pub created_at: Timestamp,
    pub revoked_at: Option<Timestamp>,
    pub last_used_at: Option<Timestamp>,
}

impl KeyRow {
    /// Whether it opens what needs a scope.
    #[must_use]
    pub fn allows(&self, scope: &str) -> bool {
        self.scopes.iter().any(|own| own == scope || own == "*")
    }
}

const KEY: &str = "SELECT k.key_id, k.surface, k.name, k.prefix, k.scopes, k.user_id, k.sandbox, k.page_base, k.created_at, \
                   r.revoked_at, u.last_used_at FROM access_keys k \
                   LEFT JOIN revoked_keys r ON r.tenant_id = k.tenant_id AND r.key_id = k.key_id \
                   LEFT JOIN access_key_uses u ON u.tenant_id = k.tenant_id AND u.key_id = k.key_id ";

fn instant(micros: i64, column: usize) -> Result<Timestamp, StoreError> {
    Timestamp::from_microsecond(micros).map_err(|_| StoreError::Column { column, expected: "an instant" })
}

fn key(row: &Row) -> Result<KeyRow, StoreError> {
    let optional = |column: usize| row.opt_int(column)?.map(|micros| instant(micros, column)).transpose();
    Ok(KeyRow {
        key_id: KeyId(row.int(0)?),
        door: Door::of_name(&row.text(1)?).ok_or(StoreError::Column { column: 1, expected: "a surface" })?,
        name: row.text(2)?,
        prefix: row.text(3)?,
        scopes: row.text(4)?.split_whitespace().map(ToOwned::to_owned).collect(),
        user_id: row.opt_int(5)?.map(UserId),
        sandbox: row.int(6)? != 0,
        page_base: row.int(7)?,
        created_at: instant(row.int(8)?, 8)?,
        revoked_at: optional(9)?,
        last_used_at: optional(10)?,
    })
}

/// A key by its id, revoked or not.
pub async fn find_key(db: &Database, tenant: TenantId, id: KeyId) -> Result<Option<KeyRow>, StoreError> {
    let sql = format!("{KEY}WHERE k.tenant_id = $1 AND k.key_id = $2");
    db.query(&sql, params![tenant.0, id.0]).await?.first().map(key).transpose()
}

/// A tenant's keys, newest first; of one door, or of one person, or all.
pub async fn keys(
    db: &Database,
    tenant: TenantId,
    door: Option<Door>,
    user: Option<UserId>,
) -> Result<Vec<KeyRow>, StoreError> {
    let sql = format!(
        "{KEY}WHERE k.tenant_id = $1 AND (CAST($2 AS TEXT) IS NULL OR k.surface = $2) \
         AND (CAST($3 AS BIGINT) IS NULL OR k.user_id = $3) ORDER BY k.key_id DESC"
    );
    let params = params![tenant.0, door.map(|door| door.name().to_owned()), user.map(|id| id.0)];
    db.query(&sql, params).await?.iter().map(key).collect()
}

/// A person who may log in.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of UserCreated")]
pub struct UserRow {
    pub user_id: UserId,
    pub email: String,
    pub username: String,
    pub name: String,
    pub customer_id: Option<CustomerId>,
    pub created_at: Timestamp,
}

const USER: &str = "SELECT user_id, email, username, name, customer_id, created_at FROM access_users ";

fn user(row: &Row) -> Result<UserRow, StoreError> {
    Ok(UserRow {
        user_id: UserId(row.int(0)?),
        email: row.text(1)?,
        username: row.text(2)?,
        name: row.text(3)?,
        customer_id: row.opt_int(4)?.map(CustomerId),
        created_at: instant(row.int(5)?, 5)?,
    })
}

/// A person by id.
pub async fn find_user(db: &Database, tenant: TenantId, id: UserId) -> Result<Option<UserRow>, StoreError> {
    let sql = format!("{USER}WHERE tenant_id = $1 AND user_id = $2");
    db.query(&sql, params![tenant.0, id.0]).await?.first().map(user).transpose()
}

/// A person by what they log in as: their address or their name, in lower case.
pub async fn find_login(db: &Database, tenant: TenantId, name: &str) -> Result<Option<UserRow>, StoreError> {
    let sql = format!("{USER}WHERE tenant_id = $1 AND (email = $2 OR username = $2)");
    db.query(&sql, params![tenant.0, name]).await?.first().map(user).transpose()
}

/// A tenant's people, by id.
pub async fn users(db: &Database, tenant: TenantId) -> Result<Vec<UserRow>, StoreError> {
    let sql = format!("{USER}WHERE tenant_id = $1 ORDER BY user_id");
    db.query(&sql, params![tenant.0]).await?.iter().map(user).collect()
}

/// What the shop has subscribed to.
pub async fn plan(db: &Database, tenant: TenantId) -> Result<Plan, StoreError> {
    let sql = "SELECT plan FROM plans WHERE tenant_id = $1 ORDER BY position DESC LIMIT 1";
    let rows = db.query(sql, params![tenant.0]).await?;
    Ok(rows
        .first()
        .map(|row| row.text(0))
        .transpose()?
        .and_then(|name| Plan::of_name(&name))
        .unwrap_or_default())
}
