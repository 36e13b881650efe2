//! Keys and tokens of programs: drawn at random, shown once, kept as a hash (contract 3.1, 4.1, 6, T-10).
//!
//! The tenant's number is written into a key's first letters, so that a key is looked up among its tenant's own and
//! no table of all tenants' keys is needed. It tells nobody more than the shop's name does.

use std::sync::Arc;

use diario_commands::Secret;
use diario_domain::{KeyId, TenantId, UserId, access::Door};
use diario_projections::access::{self, KeyRow, UserRow};
use diario_store::SecretKind;
use jiff::SignedDuration;
use sha2::{Digest as _, Sha256};

use super::{jwt::Pass, passwords};
use crate::{
    error::Problem,
    http::{App, state::Shop},
};

const LETTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// Letters that the tenant's number takes: enough for 916 million.
const TENANT_LETTERS: usize = 5;
/// How often the last use of a key is written down.
const USE_NOTED_EVERY: SignedDuration = SignedDuration::from_mins(1);

/// A key that was drawn. `text` is shown once and kept nowhere.
pub struct Drawn {
    /// What its holder keeps; a token of Gestion Nube gets its id before it (contract 4.1).
    pub text: String,
    /// How it begins.
    pub prefix: String,
    /// How it is kept.
    pub secret: Secret,
}

/// How keys of a door begin, and how many letters follow.
fn form(door: Door, sandbox: bool) -> (&'static str, usize) {
    match (door, sandbox) {
        (Door::Lunara, false) => ("lk_live_", 24),
        (Door::Lunara, true) => ("lk_test_", 24),
        (Door::GestionNube, _) => ("", 40),
        (Door::Lummy, false) => ("lm_live_", 32),
        (Door::Lummy, true) => ("lm_test_", 32),
        (Door::Lunatel, false) => ("lt_live_", 32),
        (Door::Lunatel, true) => ("lt_test_", 32),
    }
}

/// Draws a key; nothing where the operating system gives no random bytes.
pub fn draw(tenant: TenantId, door: Door, sandbox: bool) -> Option<Drawn> {
    let (begin, length) = form(door, sandbox);
    let mut text = begin.to_owned();
    let mut number = u64::try_from(tenant.0).ok()?;
    let mut digits = [0_u8; TENANT_LETTERS];
    for digit in digits.iter_mut().rev() {
        *digit = LETTERS[usize::try_from(number % 62).ok()?];
        number /= 62;
    }
    text.extend(digits.iter().map(|digit| char::from(*digit)));
    while text.len() < begin.len() + length {
        let mut bytes = [0_u8; 64];
        getrandom::fill(&mut bytes).ok()?;
        // 248 is the largest multiple of 62 in a byte: beyond it some letters would be likelier.
        let letters =
            bytes.iter().filter(|byte| **byte < 248).map(|byte| char::from(LETTERS[usize::from(byte % 62)]));
        text.extend(letters.take(begin.len() + length - text.len()));
    }
    let prefix = text.chars().take(begin.len() + TENANT_LETTERS + 3).collect();
    let secret = Secret { kind: SecretKind::Key, lookup: lookup(&text), hash: String::new() };
    Some(Drawn { text, prefix, secret })
}

/// The hash by which a key is found: it has so many random letters that a fast one does.
fn lookup(text: &str) -> Vec<u8> {
    Sha256::digest(text.as_bytes()).to_vec()
}

/// The tenant that a key names; nothing where it is no key of this door.
fn tenant_of(door: Door, text: &str) -> Option<TenantId> {
    let letters = [false, true].into_iter().find_map(|sandbox| {
        let (begin, length) = form(door, sandbox);
        text.strip_prefix(begin)
            .filter(|letters| letters.len() == length && letters.bytes().all(|b| LETTERS.contains(&b)))
    })?;
    let digit =
        |byte: u8| LETTERS.iter().position(|letter| *letter == byte).and_then(|at| i64::try_from(at).ok());
    letters
        .bytes()
        .take(TENANT_LETTERS)
        .try_fold(0_i64, |number, byte| Some(number * 62 + digit(byte)?))
        .map(TenantId)
}

/// Who holds a key that opens a door.
#[derive(Clone)]
pub struct Principal {
    /// The shop.
    pub tenant: TenantId,
    /// Its facts.
    pub shop: Arc<Shop>,
    /// The key; nothing where a person came in with a password.
    pub key: Option<KeyRow>,
    /// The person.
    pub user: Option<UserRow>,
}

impl Principal {
    /// `key-7` or `user-3`, for metadata, idempotency keys and limits.
    pub fn name(&self) -> String {
        match (&self.key, &self.user) {
            (_, Some(user)) => format!("user-{}", user.user_id),
            (Some(key), None) => format!("key-{}", key.key_id),
            (None, None) => "nobody".to_owned(),
        }
    }

    /// Whether a scope is allowed.
    pub fn allows(&self, scope: &str) -> bool {
        self.key.as_ref().is_some_and(|key| key.allows(scope))
    }
}

/// The holder of a key of a door. A key of another door, a revoked one and one that never was are the same: 401.
pub async fn holder(app: &App, door: Door, text: &str) -> Result<Principal, Problem> {
    let (id, letters) = match (door, text.split_once('|')) {
        (Door::GestionNube, Some((id, letters))) => (id.parse().ok().map(KeyId), letters),
        (Door::GestionNube, None) => return Err(Problem::Unauthenticated),
        _ => (None, text),
    };
    let tenant = tenant_of(door, letters).ok_or(Problem::Unauthenticated)?;
    let shop = app.shop(tenant).await?.ok_or(Problem::Unauthenticated)?;
    let found =
        app.db.secret(tenant, SecretKind::Key, &lookup(letters)).await?.ok_or(Problem::Unauthenticated)?;
    let key =
        access::find_key(&app.db, tenant, KeyId(found.subject)).await?.ok_or(Problem::Unauthenticated)?;
    if key.door != door || key.revoked_at.is_some() || id.is_some_and(|id| id != key.key_id) {
        return Err(Problem::Unauthenticated);
    }
    let user = match key.user_id {
        Some(id) => access::find_user(&app.db, tenant, id).await?,
        None => None,
    };
    let now = app.now();
    if key.last_used_at.is_none_or(|last| now.duration_since(last) >= USE_NOTED_EVERY) {
        app.db.key_was_used(tenant, key.key_id.0, now.as_microsecond()).await?;
    }
    Ok(Principal { tenant, shop, key: Some(key), user })
}

/// The person whose pass it is; nobody where the password that it was given for is theirs no longer.
pub async fn bearer(app: &App, pass: &Pass) -> Result<UserRow, Problem> {
    let tenant = TenantId(pass.tenant_id);
    let user = access::find_user(&app.db, tenant, UserId(pass.user_id)).await?;
    let user = user.ok_or(Problem::Unauthenticated)?;
    let lookup = passwords::lookup(&app.pin_key, &user.email);
    let secret = app.db.secret(tenant, SecretKind::Password, &lookup).await?;
    let same = secret.is_some_and(|found| passwords::mark(&app.pin_key, &found.hash) == pass.mark);
    if same { Ok(user) } else { Err(Problem::Unauthenticated) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_names_its_tenant_and_no_two_are_alike() {
        for door in Door::ALL {
            for tenant in [1, 61, 62, 4_711, 916_132_831] {
                let (one, two) = (
                    draw(TenantId(tenant), door, false).unwrap(),
                    draw(TenantId(tenant), door, false).unwrap(),
                );
                assert_eq!(tenant_of(door, &one.text), Some(TenantId(tenant)));
                assert_ne!(one.text, two.text);
                assert!(one.text.starts_with(&one.prefix) && one.prefix.len() + 15 < one.text.len());
            }
        }
        let lunara = draw(TenantId(7), Door::Lunara, false).unwrap().text;
        assert_eq!(lunara.len(), "lk_live_".len() + 24);
        assert!(tenant_of(Door::Lummy, &lunara).is_none());
        assert!(tenant_of(Door::Lunara, "lk_live_short").is_none());
        assert!(tenant_of(Door::Lunara, "lk_live_00007ÑÑÑÑÑÑÑÑÑabcdefg").is_none());
    }
}
