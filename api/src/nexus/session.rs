//! The employee behind a request, and permissions as types: a handler that lacks one in its signature is open to
//! every employee, and nobody forgets to call a check.

use std::{marker::PhantomData, net::SocketAddr, sync::Arc};

use axum::{
    extract::{ConnectInfo, FromRequestParts, Path},
    http::{
        HeaderValue,
        header::{AUTHORIZATION, CONTENT_TYPE},
        request::Parts,
    },
};
use diario_commands::{Key, Rendered, Secret};
use diario_domain::{
    BranchId, Command, EmployeeId, TenantId,
    command::Issued,
    employee::Role,
    event::{Metadata, Recorded},
};

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use crate::{
    admin,
    error::{Problem, Rule},
    http::{App, layers::RequestId, state::Shop, write},
    security::jwt::Claims,
};

/// An employee who showed a valid token.
pub struct Session {
    pub tenant: TenantId,
    pub employee: EmployeeId,
    pub branch: BranchId,
    pub role: Role,
    pub claims: Arc<Claims>,
    pub shop: Arc<Shop>,
    request_id: Option<String>,
    method: String,
    path: String,
    key: Option<HeaderValue>,
    offline: Option<Offline>,
}

/// A command that a till gave while it was cut off: it carries its own id and time.
#[derive(Clone, Debug)]
pub struct Offline {
    /// The till's own id of the command: whoever sends it again, it is applied once.
    pub client_id: String,
    /// When it was given.
    pub at: Option<Timestamp>,
}

impl Offline {
    /// The scope of the command's idempotency key: neither the employee nor the path is in it, for a queue may be
    /// sent again by whoever logs in next.
    pub fn scope(client_id: &str) -> String {
        format!("nexus/sync/{client_id}")
    }
}

impl FromRequestParts<App> for Session {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let header = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = header.and_then(|value| {
            let (scheme, token) = value.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
        });
        let claims =
            token.and_then(|token| app.tokens.read(token, app.now())).ok_or(Problem::Unauthenticated)?;
        let tenant = TenantId(claims.tenant_id);
        let shop = app.shop(tenant).await?.ok_or(Problem::Unauthenticated)?;
        let employee = EmployeeId(claims.employee_id);
        // Whoever was dismissed, or has another role now, logs in again.
        let role = app.role(tenant, employee).await?.filter(|role| role.name() == claims.role);
        Ok(Self {
            tenant,
            employee,
            branch: BranchId(claims.branch_id),
            role: role.ok_or(Problem::Unauthenticated)?,
            shop,
            claims,
            request_id: parts.extensions.get::<RequestId>().map(|id| id.0.clone()),
            method: parts.method.as_str().to_owned(),
            path: parts.uri.path().to_owned(),
            key: write::key_header(&parts.headers).cloned(),
            offline: parts.extensions.get::<Offline>().cloned(),
        })
    }
}

impl Session {
    /// The request's id.
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// The door: employees write through our own surface too.
    fn surface(&self) -> &'static str {
        if self.path.starts_with("/admin/") { "admin" } else { "nexus" }
    }

    /// Who asks, for the writer.
    pub fn caller(&self) -> write::Caller {
        write::Caller {
            tenant: self.tenant,
            metadata: Metadata {
                actor: Some(self.employee),
                role: Some(self.role.name().to_owned()),
                device: self.claims.device_id.clone(),
                branch: Some(self.branch),
                principal: None,
                surface: self.surface().to_owned(),
                request_id: self.request_id.clone(),
                idempotency_key: None,
                causation: None,
                accounts: Vec::new(),
            },
        }
    }

    /// The request's idempotency key, if it has one.
    pub fn key(&self, body: &[u8]) -> Result<Option<Key>, Problem> {
        if let Some(offline) = &self.offline {
            let content = [self.method.as_bytes(), self.path.as_bytes(), body].join(&b'\n');
            return Ok(Some(Key {
                scope: Offline::scope(&offline.client_id),
                body_hash: Sha256::digest(content).to_vec(),
            }));
        }
        let Some(given) = &self.key else { return Ok(None) };
        write::key(self.surface(), &self.employee, given, &self.method, &self.path, body).map(Some)
    }

    /// A command of this employee, now.
    pub fn issue(&self, app: &App, command: Command) -> Issued<Command> {
        let at = self.offline.as_ref().and_then(|offline| offline.at).unwrap_or_else(|| app.now());
        Issued { by: self.employee, branch: self.branch, at, command }
    }

    /// Has a command decided; `taken` words its events.
    pub async fn write(
        &self,
        app: &App,
        body: &[u8],
        command: Command,
        taken: impl Fn(&[Recorded]) -> Rendered + Send + Sync + 'static,
    ) -> Result<axum::response::Response, Problem> {
        self.write_with(app, body, command, None, taken).await
    }

    /// The same with the secret of what the command makes.
    pub async fn write_with(
        &self,
        app: &App,
        body: &[u8],
        command: Command,
        secret: Option<Secret>,
        taken: impl Fn(&[Recorded]) -> Rendered + Send + Sync + 'static,
    ) -> Result<axum::response::Response, Problem> {
        let key = self.key(body)?;
        let issued = self.issue(app, command);
        if self.surface() == "nexus" {
            return write::one(app, self.caller(), key, secret, issued, super::render::refusal, taken).await;
        }
        let mut answer =
            write::one(app, self.caller(), key, secret, issued, admin::render::refusal, taken).await?;
        if answer.status().is_client_error() {
            answer.headers_mut().insert(CONTENT_TYPE, admin::render::PROBLEM_JSON);
        }
        Ok(answer)
    }
}

/// A permission of the contract.
pub trait Permission {
    /// Its name.
    const NAME: &'static str;
}

/// A session whose role has a permission: `May<PosSell>` in a handler's signature.
pub struct May<P: Permission>(pub Session, PhantomData<P>);

impl<P: Permission> std::ops::Deref for May<P> {
    type Target = Session;

    fn deref(&self) -> &Session {
        &self.0
    }
}

impl<P: Permission + Send> FromRequestParts<App> for May<P> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let session = Session::from_request_parts(parts, app).await?;
        if session.role.may(P::NAME) {
            Ok(Self(session, PhantomData))
        } else {
            Err(Problem::Forbidden { permission: P::NAME })
        }
    }
}

macro_rules! permissions {
    ($($name:ident = $text:literal),+ $(,)?) => {$(
        #[doc = concat!("`", $text, "`")]
        pub struct $name;
        impl Permission for $name {
            const NAME: &'static str = $text;
        }
    )+};
}

permissions! {
    PosSell = "pos.sell",
    PosView = "pos.view",
    PosCancel = "pos.cancel",
    InventoryView = "inventory.view",
    InventoryCreate = "inventory.create",
    InventoryEdit = "inventory.edit",
    InventoryAdjust = "inventory.adjust",
    InventoryTransfer = "inventory.transfer",
    CatalogView = "catalog.view",
    CustomersView = "customers.view",
    CustomersCreate = "customers.create",
    CustomersEdit = "customers.edit",
    AccountingView = "accounting.view",
    AccountingCreate = "accounting.create",
    ConfigView = "config.view",
    ConfigEdit = "config.edit",
}

/// The id in a path. What is no number cannot be the id of anything: 400, as the contract says of wrong data.
pub struct Id(pub i64);

impl FromRequestParts<App> for Id {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let Path(text) = Path::<String>::from_request_parts(parts, app)
            .await
            .map_err(|_| Problem::field("id", Rule::Integer))?;
        text.parse().map(Self).map_err(|_| Problem::field("id", Rule::Integer))
    }
}

/// Two ids in a path: a thing's and that of something of its own.
pub struct Ids(pub i64, pub i64);

impl FromRequestParts<App> for Ids {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let wrong = || Problem::field("id", Rule::Integer);
        let Path((outer, inner)) =
            Path::<(String, String)>::from_request_parts(parts, app).await.map_err(|_| wrong())?;
        Ok(Self(outer.parse().map_err(|_| wrong())?, inner.parse().map_err(|_| wrong())?))
    }
}

/// The caller's network address.
pub struct Address(pub String);

impl FromRequestParts<App> for Address {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let address = ConnectInfo::<SocketAddr>::from_request_parts(parts, app).await;
        Ok(Self(
            address.map_or_else(|_| "unknown".to_owned(), |ConnectInfo(address)| address.ip().to_string()),
        ))
    }
}
