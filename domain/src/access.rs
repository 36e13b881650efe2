//! Who may come in by which door: keys and tokens of programs, people with a password, and what the shop's plan allows.
//!
//! No secret is here: what is found and checked with lies beside the log.

use serde::{Deserialize, Serialize};

use crate::{Book, CustomerId, Event, KeyId, Refusal, UserId, command::Issued, document::Document};

/// A door that takes keys or tokens of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are those of the surfaces")]
pub enum Door {
    Lunara,
    GestionNube,
    Lummy,
    Lunatel,
}

impl Door {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::Lunara, Self::GestionNube, Self::Lummy, Self::Lunatel];

    /// The name in the log, in addresses and on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Lunara => "lunara",
            Self::GestionNube => "gestion_nube",
            Self::Lummy => "lummy",
            Self::Lunatel => "lunatel",
        }
    }

    /// The door of a name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|door| door.name() == name)
    }

    /// What a key of it may be allowed (contract 3.1, 4.1); a door without scopes lets its keys do everything.
    #[must_use]
    pub const fn scopes(self) -> &'static [&'static str] {
        match self {
            Self::Lunara => &["read:clientes", "read:recetas", "read:inventario", "*"],
            Self::GestionNube => {
                &["products:read", "products:write", "prices:read", "prices:write", "inventory:read"]
            }
            Self::Lummy | Self::Lunatel => &[],
        }
    }
}

/// What the shop has subscribed to (contract 3.6).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Plan {
    /// 1,000 requests a day, 1 webhook.
    Basico,
    /// 10,000 requests a day, 5 webhooks.
    Pro,
    /// Without limits.
    #[default]
    Enterprise,
    /// The same, paid once.
    Vitalicia,
}

impl Plan {
    /// Their names.
    pub const NAMES: &'static [&'static str] = &["basico", "pro", "enterprise", "vitalicia"];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Basico => "basico",
            Self::Pro => "pro",
            Self::Enterprise => "enterprise",
            Self::Vitalicia => "vitalicia",
        }
    }

    /// The plan of a name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        [Self::Basico, Self::Pro, Self::Enterprise, Self::Vitalicia]
            .into_iter()
            .find(|plan| plan.name() == name)
    }

    /// Requests in a day; nothing where there is no limit.
    #[must_use]
    pub const fn requests_a_day(self) -> Option<i64> {
        match self {
            Self::Basico => Some(1_000),
            Self::Pro => Some(10_000),
            Self::Enterprise | Self::Vitalicia => None,
        }
    }

    /// Webhooks at a time; nothing where there is no limit.
    #[must_use]
    pub const fn webhooks(self) -> Option<usize> {
        match self {
            Self::Basico => Some(1),
            Self::Pro => Some(5),
            Self::Enterprise | Self::Vitalicia => None,
        }
    }
}

/// A key was issued. Whoever holds it may do what its scopes say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyIssued {
    /// The key.
    pub key_id: KeyId,
    /// Where it opens.
    pub door: Door,
    /// What it is called, or the device that it was given to.
    pub name: String,
    /// How it begins: enough to tell it from others.
    pub prefix: String,
    /// What it allows.
    pub scopes: Vec<String>,
    /// The person behind it, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<UserId>,
    /// Whether it stands for a sandbox.
    #[serde(default)]
    pub sandbox: bool,
    /// What its holder calls the first page (contract T-15).
    #[serde(default)]
    pub page_base: i64,
}

/// A key opens nothing any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyRevoked {
    /// The key.
    pub key_id: KeyId,
}

/// A person may log in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserCreated {
    /// The person.
    pub user_id: UserId,
    /// Their address, in lower case; unique in the shop.
    pub email: String,
    /// What they may log in as besides; the address where they chose nothing.
    pub username: String,
    /// Their name.
    pub name: String,
    /// The customer that they act for; staff where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_id: Option<CustomerId>,
}

/// A person has another password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordChanged {
    /// The person.
    pub user_id: UserId,
}

/// The shop subscribed to another plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanChanged {
    /// The plan.
    pub plan: Plan,
}

/// Issues a key.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are those of KeyIssued")]
pub struct IssueKey {
    pub door: Door,
    pub name: String,
    pub prefix: String,
    pub scopes: Vec<String>,
    pub user_id: Option<UserId>,
    pub sandbox: bool,
    pub page_base: i64,
}

/// A command to a key.
#[derive(Clone, Debug)]
pub enum KeyCommand {
    /// Issues it.
    Issue(IssueKey),
    /// Revokes it.
    Revoke(KeyId),
}

/// A key as a document.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Key {
    issued: bool,
    revoked: bool,
}

impl Document for Key {
    const TYPE: &'static str = "key";
    type Command = KeyCommand;

    fn decide(&self, issued: Issued<Self::Command>, book: &Book) -> Result<Vec<Event>, Refusal> {
        let event: Event = match issued.command {
            KeyCommand::Issue(wanted) => {
                let known = wanted.door.scopes();
                if wanted.scopes.iter().any(|scope| !known.contains(&scope.as_str())) {
                    return Err(Refusal::Invalid { field: "scopes", rule: "scopes of the surface" });
                }
                if wanted.name.trim().is_empty() {
                    return Err(Refusal::Invalid { field: "name", rule: "not empty" });
                }
                KeyIssued {
                    key_id: book.counters.next_key(),
                    door: wanted.door,
                    name: wanted.name,
                    prefix: wanted.prefix,
                    scopes: wanted.scopes,
                    user_id: wanted.user_id,
                    sandbox: wanted.sandbox,
                    page_base: wanted.page_base,
                }
                .into()
            }
            KeyCommand::Revoke(key_id) => {
                if !self.issued || self.revoked {
                    return Err(Refusal::UnknownKey(key_id));
                }
                KeyRevoked { key_id }.into()
            }
        };
        Ok(vec![event])
    }

    fn apply(&mut self, event: Event) {
        self.issued |= matches!(event, Event::KeyIssued(_));
        self.revoked |= matches!(event, Event::KeyRevoked(_));
    }
}

/// Makes a person known.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are those of UserCreated")]
pub struct CreateUser {
    pub email: String,
    pub username: Option<String>,
    pub name: String,
    pub customer_id: Option<CustomerId>,
}

/// A command to a person.
#[derive(Clone, Debug)]
pub enum UserCommand {
    /// Makes them known.
    Create(CreateUser),
    /// Gives them another password.
    ChangePassword(UserId),
}

/// A person as a document.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct User {
    created: bool,
}

impl Document for User {
    const TYPE: &'static str = "user";
    type Command = UserCommand;

    fn decide(&self, issued: Issued<Self::Command>, book: &Book) -> Result<Vec<Event>, Refusal> {
        let event: Event = match issued.command {
            UserCommand::Create(wanted) => create_user(wanted, book)?.into(),
            UserCommand::ChangePassword(user_id) => {
                if !self.created {
                    return Err(Refusal::UnknownUser(user_id));
                }
                PasswordChanged { user_id }.into()
            }
        };
        Ok(vec![event])
    }

    fn apply(&mut self, event: Event) {
        self.created |= matches!(event, Event::UserCreated(_));
    }
}

/// An address or a user's name as it is compared.
#[must_use]
pub fn login_name(text: &str) -> String {
    text.trim().to_lowercase()
}

/// The event of a new person; the second event of a sign-up is made of it too.
///
/// # Errors
/// The address is none, or somebody has it.
pub fn create_user(wanted: CreateUser, book: &Book) -> Result<UserCreated, Refusal> {
    let email = login_name(&wanted.email);
    let has_shape =
        email.split_once('@').is_some_and(|(person, host)| !person.is_empty() && host.contains('.'));
    if !has_shape || email.contains(char::is_whitespace) || email.len() > 254 {
        return Err(Refusal::Invalid { field: "email", rule: "an e-mail address" });
    }
    if wanted.name.trim().is_empty() {
        return Err(Refusal::Invalid { field: "name", rule: "not empty" });
    }
    let username = wanted.username.map(|name| login_name(&name)).filter(|name| !name.is_empty());
    let username = username.unwrap_or_else(|| email.clone());
    for name in [&email, &username] {
        if book.logins.contains_key(name) {
            return Err(Refusal::DuplicateLogin(name.clone()));
        }
    }
    if let Some(customer) = wanted.customer_id.filter(|id| !book.customers.contains_key(id)) {
        return Err(Refusal::UnknownCustomer(customer));
    }
    Ok(UserCreated {
        user_id: book.counters.next_user(),
        email,
        username,
        name: wanted.name,
        customer_id: wanted.customer_id,
    })
}

/// The plan as a document.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct PlanDocument {}

impl Document for PlanDocument {
    const TYPE: &'static str = "plan";
    type Command = Plan;

    fn decide(&self, issued: Issued<Self::Command>, _book: &Book) -> Result<Vec<Event>, Refusal> {
        Ok(vec![PlanChanged { plan: issued.command }.into()])
    }
}
