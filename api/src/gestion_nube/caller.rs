//! Who holds a token, and its abilities as types: `Caller<ProductsRead>` in a handler's signature.

use std::marker::PhantomData;

use axum::{
    extract::{FromRequestParts, Path},
    http::{header::AUTHORIZATION, request::Parts},
};
use diario_commands::Rendered;
use diario_domain::{Command, access::Door, event::Recorded};
use diario_projections::access::{KeyRow, UserRow};

use super::{limited, render};
use crate::{
    error::{Problem, Rule},
    http::{App, visit::Visit},
    security::keys,
};

/// An ability of the contract.
pub trait Ability {
    /// Its name; nothing where any token will do.
    const NAME: Option<&'static str>;
}

macro_rules! abilities {
    ($($name:ident = $text:expr),+ $(,)?) => {$(
        pub struct $name;
        impl Ability for $name {
            const NAME: Option<&'static str> = $text;
        }
    )+};
}

abilities! {
    AnyToken = None,
    ProductsRead = Some("products:read"),
    ProductsWrite = Some("products:write"),
    PricesRead = Some("prices:read"),
    PricesWrite = Some("prices:write"),
    InventoryRead = Some("inventory:read"),
}

/// A request with a token that has an ability, counted.
pub struct Caller<A: Ability> {
    pub visit: Visit,
    /// The token.
    pub token: KeyRow,
    /// Whose it is.
    pub user: UserRow,
    ability: PhantomData<A>,
}

impl<A: Ability> std::ops::Deref for Caller<A> {
    type Target = Visit;

    fn deref(&self) -> &Visit {
        &self.visit
    }
}

impl<A: Ability + Send> FromRequestParts<App> for Caller<A> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let header = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let text = header.and_then(|value| {
            let (scheme, text) = value.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then_some(text.trim())
        });
        let principal = keys::holder(app, Door::GestionNube, text.ok_or(Problem::Unauthenticated)?).await?;
        let (Some(token), Some(user)) = (principal.key.clone(), principal.user.clone()) else {
            return Err(Problem::Unauthenticated);
        };
        let bucket = format!("api/{}/{}", principal.tenant, token.key_id);
        limited::take(app, &parts.extensions, &bucket, limited::API)?;
        if let Some(permission) = A::NAME
            && !principal.allows(permission)
        {
            return Err(Problem::Forbidden { permission });
        }
        let visit = Visit::new(parts, Door::GestionNube, principal);
        Ok(Self { visit, token, user, ability: PhantomData })
    }
}

impl<A: Ability> Caller<A> {
    /// Has a command decided.
    pub async fn decide(
        &self,
        app: &App,
        body: &[u8],
        command: Command,
        taken: impl Fn(&[Recorded]) -> Rendered + Send + Sync + 'static,
    ) -> Result<axum::response::Response, Problem> {
        self.visit.write(app, body, command, None, render::refusal, taken).await
    }
}

/// The id in a path; what is no number is of a wrong form (contract 4.9).
pub struct Id(pub i64);

impl FromRequestParts<App> for Id {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let wrong = || Problem::Parameter { name: "id".to_owned(), rule: Rule::Integer };
        let Path(text) = Path::<String>::from_request_parts(parts, app).await.map_err(|_| wrong())?;
        text.parse().map(Self).map_err(|_| wrong())
    }
}

/// A price list's id and a product's.
pub struct Ids(pub i64, pub i64);

impl FromRequestParts<App> for Ids {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let wrong = |name: &str| Problem::Parameter { name: name.to_owned(), rule: Rule::Integer };
        let Path((list, product)) =
            Path::<(String, String)>::from_request_parts(parts, app).await.map_err(|_| wrong("lista_id"))?;
        Ok(Self(
            list.parse().map_err(|_| wrong("lista_id"))?,
            product.parse().map_err(|_| wrong("product_id"))?,
        ))
    }
}
