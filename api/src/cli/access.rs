//! `diario key` and `diario user`: who may come in by the doors that are no tills.

use std::process::ExitCode;

use clap::ValueEnum;
use diario_commands::Secret;
use diario_domain::{
    Command, EmployeeId, Event, KeyId, TenantId,
    access::{CreateUser, Door, IssueKey},
    tenant::{is_sandbox, sandbox_of},
};
use diario_projections::access;
use serde_json::json;

use super::{
    Common, Context, Failure,
    text::{
        self,
        Align::{Left, Right},
    },
};
use crate::{
    admin::keys_list,
    security::{keys, passwords},
};

/// Surfaces whose keys are given out by hand; Gestion Nube's tokens are given to who logs in there.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Surface {
    Lunara,
    Lummy,
    Lunatel,
}

impl Surface {
    const fn door(self) -> Door {
        match self {
            Self::Lunara => Door::Lunara,
            Self::Lummy => Door::Lummy,
            Self::Lunatel => Door::Lunatel,
        }
    }
}

/// Issue a key for a program; it is shown once
#[derive(clap::Args)]
pub struct KeyCreate {
    /// Whose (slug or id)
    #[arg(long)]
    tenant: String,
    /// What it allows, separated by commas, such as `read:clientes,read:inventario` or `*`
    #[arg(long, value_delimiter = ',', value_name = "LIST")]
    scopes: Vec<String>,
    /// Where it opens
    #[arg(long, value_enum, default_value_t = Surface::Lunara)]
    surface: Surface,
    /// What it is called
    #[arg(long, default_value = "diario key create")]
    name: String,
    /// For the tenant's sandbox: `diario tenant sandbox` founds it
    #[arg(long)]
    sandbox: bool,
    /// What its holder calls the first page
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(i64).range(0..=1))]
    page_base: i64,
}

/// List keys
#[derive(clap::Args)]
pub struct KeyList {
    /// Whose (slug or id)
    #[arg(long)]
    tenant: String,
}

/// Revoke a key, at once
#[derive(clap::Args)]
pub struct KeyRevoke {
    /// Whose (slug or id)
    #[arg(long)]
    tenant: String,
    /// Which: its number in `diario key list`
    id: i64,
}

/// Make a person known who logs in with an address and a password
#[derive(clap::Args)]
pub struct UserCreate {
    /// Whose (slug or id)
    #[arg(long)]
    tenant: String,
    /// The address
    #[arg(long)]
    email: String,
    /// The password
    #[arg(long, env = "DIARIO_PASSWORD", hide_env_values = true)]
    password: String,
    /// The name; the address where absent
    #[arg(long)]
    name: Option<String>,
}

/// Has one command decided in the name of the tenant's owner; answers the id of what it made.
async fn write(
    context: &Context,
    tenant: TenantId,
    command: Command,
    secret: Option<Secret>,
) -> Result<i64, Failure> {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "other events make nothing that is called by an id here"
    )]
    let made = |event: &Event| match event {
        Event::KeyIssued(key) => key.key_id.to_string(),
        Event::UserCreated(user) => user.user_id.to_string(),
        _ => "0".to_owned(),
    };
    Ok(context.decide(tenant, EmployeeId(1), command, secret, made).await?.parse()?)
}

impl KeyCreate {
    /// Issues it.
    pub async fn run(self, common: &Common) -> Result<ExitCode, Failure> {
        let (id, key) = Context::with(common, true, async |context| self.issue(context).await).await?;
        if common.json {
            text::print_json(&json!({"id": id, "key": key}))?;
        } else {
            text::print(&format!("{key}\n\nThis is key {id}. It is not shown again.\n"))?;
        }
        Ok(ExitCode::SUCCESS)
    }

    async fn issue(&self, context: &Context) -> Result<(i64, String), Failure> {
        let named = context.tenant(&self.tenant).await?;
        let door = self.surface.door();
        // A key of a sandbox belongs to the twin, and a twin's keys are all of a sandbox.
        let sandbox = self.sandbox || is_sandbox(&named.slug);
        let tenant = if sandbox && !is_sandbox(&named.slug) {
            let twin = context.db.tenant_by_slug(&sandbox_of(&named.slug)).await?;
            twin.ok_or_else(|| {
                format!("{0} has no sandbox: `diario tenant sandbox --tenant {0}` founds it", named.slug)
            })?
        } else {
            named
        };
        let tenant = tenant.tenant_id;
        let drawn = keys::draw(tenant, door, sandbox).ok_or("the operating system gives no random bytes")?;
        let issue = IssueKey {
            door,
            name: self.name.clone(),
            prefix: drawn.prefix,
            scopes: self
                .scopes
                .iter()
                .map(|scope| scope.trim().to_owned())
                .filter(|scope| !scope.is_empty())
                .collect(),
            user_id: None,
            sandbox,
            page_base: self.page_base,
        };
        let id = write(context, tenant, Command::IssueKey(Box::new(issue)), Some(drawn.secret)).await?;
        Ok((id, drawn.text))
    }
}

impl KeyList {
    /// Lists them.
    pub async fn run(self, common: &Common) -> Result<ExitCode, Failure> {
        let keys = Context::with(common, true, async |context| self.find(context).await).await?;
        if common.json {
            text::print_json(&json!({"keys": keys.iter().map(keys_list::view).collect::<Vec<_>>()}))?;
            return Ok(ExitCode::SUCCESS);
        }
        let rows: Vec<Vec<String>> = keys
            .iter()
            .map(|key| {
                vec![
                    key.key_id.to_string(),
                    key.door.name().to_owned(),
                    text::short(&key.name),
                    format!("{}…", key.prefix),
                    key.scopes.join(" "),
                    if key.revoked_at.is_some() { "revoked" } else { "" }.to_owned(),
                ]
            })
            .collect();
        let heads =
            [("id", Right), ("surface", Left), ("name", Left), ("key", Left), ("scopes", Left), ("", Left)];
        text::print(&text::table(&heads, &rows, rows.len()))?;
        Ok(ExitCode::SUCCESS)
    }

    async fn find(&self, context: &Context) -> Result<Vec<access::KeyRow>, Failure> {
        let tenant = context.tenant(&self.tenant).await?;
        context.read_models(&tenant).await?;
        Ok(access::keys(&context.db, tenant.tenant_id, None, None).await?)
    }
}

impl KeyRevoke {
    /// Revokes it.
    pub async fn run(self, common: &Common) -> Result<ExitCode, Failure> {
        Context::with(common, true, async |context| {
            let tenant = context.tenant(&self.tenant).await?.tenant_id;
            write(context, tenant, Command::RevokeKey(KeyId(self.id)), None).await
        })
        .await?;
        if common.json {
            text::print_json(&json!({"id": self.id, "revoked": true}))?;
        } else {
            text::print(&format!("Key {} opens nothing any more.\n", self.id))?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl UserCreate {
    /// Makes them known.
    pub async fn run(self, common: &Common) -> Result<ExitCode, Failure> {
        let id = Context::with(common, true, async |context| self.create(context).await).await?;
        if common.json {
            text::print_json(&json!({"id": id, "email": self.email}))?;
        } else {
            text::print(&format!("{} is user {id}.\n", self.email))?;
        }
        Ok(ExitCode::SUCCESS)
    }

    async fn create(&self, context: &Context) -> Result<i64, Failure> {
        let tenant = context.tenant(&self.tenant).await?.tenant_id;
        if self.password.chars().count() < passwords::LENGTH_MIN {
            return Err(format!("a password has at least {} characters", passwords::LENGTH_MIN).into());
        }
        let secret = passwords::enrol(&context.pin_key, &self.email, &self.password)?;
        let create = CreateUser {
            email: self.email.clone(),
            username: None,
            name: self.name.clone().unwrap_or_else(|| self.email.clone()),
            customer_id: None,
        };
        write(context, tenant, Command::CreateUser(Box::new(create)), Some(secret)).await
    }
}
