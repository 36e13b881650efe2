//! A request by a door that is no till: who holds the key, and how what they ask is written.

use axum::{
    http::{HeaderValue, request::Parts},
    response::Response,
};
use diario_commands::{Key, Rendered, Secret};
use diario_domain::{
    BranchId, Command, EmployeeId, Refusal,
    access::Door,
    command::Issued,
    event::{Metadata, Recorded},
};

use super::{App, layers::RequestId, write};
use crate::{error::Problem, security::keys::Principal};

/// A request whose holder is known.
pub struct Visit {
    /// Who asks.
    pub principal: Principal,
    door: Door,
    request_id: Option<String>,
    method: String,
    path: String,
    key: Option<HeaderValue>,
}

impl std::ops::Deref for Visit {
    type Target = Principal;

    fn deref(&self) -> &Principal {
        &self.principal
    }
}

impl Visit {
    /// The visit of a principal.
    pub fn new(parts: &Parts, door: Door, principal: Principal) -> Self {
        Self {
            principal,
            door,
            request_id: parts.extensions.get::<RequestId>().map(|id| id.0.clone()),
            method: parts.method.as_str().to_owned(),
            path: parts.uri.path().to_owned(),
            key: write::key_header(&parts.headers).cloned(),
        }
    }

    fn idempotency(&self, body: &[u8]) -> Result<Option<Key>, Problem> {
        let Some(given) = &self.key else { return Ok(None) };
        write::key(self.door.name(), &self.principal.name(), given, &self.method, &self.path, body).map(Some)
    }

    /// Has a command decided, in the name of nobody who works in the shop; the surface words refusal and events.
    pub async fn write(
        &self,
        app: &App,
        body: &[u8],
        command: Command,
        secret: Option<Secret>,
        refused: impl Fn(&Refusal) -> Rendered + Send + Sync + 'static,
        taken: impl Fn(&[Recorded]) -> Rendered + Send + Sync + 'static,
    ) -> Result<Response, Problem> {
        let caller = write::Caller {
            tenant: self.principal.tenant,
            metadata: Metadata {
                principal: Some(self.principal.name()),
                surface: self.door.name().to_owned(),
                request_id: self.request_id.clone(),
                ..Metadata::default()
            },
        };
        let issued = Issued { by: EmployeeId(0), branch: BranchId(1), at: app.now(), command };
        write::one(app, caller, self.idempotency(body)?, secret, issued, refused, taken).await
    }
}
