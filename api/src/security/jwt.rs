//! Tokens of the Nexus surface: HS256, 8 hours (contract 5.0).
//!
//! `jsonwebtoken` is given its HMAC here instead of a whole crypto library: the others bring RSA and elliptic
//! curves that nothing here uses (and the pure-Rust RSA has an open advisory).

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use diario_domain::access::Door;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation,
    crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils},
    errors::{Error, ErrorKind},
    signature::{self, Signer, Verifier},
};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

/// A token's life.
pub const SECONDS: i64 = 8 * 60 * 60;
/// Whom tokens of this surface are for; a token of another surface is refused.
const AUDIENCE: &str = "nexus";

/// What a token says (contract 5.0).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Claims {
    /// The shop.
    pub tenant_id: i64,
    /// The employee.
    pub employee_id: i64,
    /// The employee's name.
    pub name: String,
    /// The employee's role.
    pub role: String,
    /// Where the employee works now.
    pub branch_id: i64,
    /// What the role may do.
    pub permissions: Vec<String>,
    /// The till or tablet.
    #[serde(default)]
    pub device_id: Option<String>,
    /// For whom.
    pub aud: String,
    /// Until when, in seconds since the epoch.
    pub exp: i64,
}

/// Tokens whose signature was checked before and is remembered.
const REMEMBERED_MAX: usize = 4_096;

/// Signs and reads tokens.
pub struct Tokens {
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
    /// A till shows the same token with every sale: what it says need not be decoded each time. Only tokens that
    /// were found valid are in it, whole, and each is still asked for its end.
    remembered: RwLock<HashMap<String, Arc<Claims>>>,
}

impl Tokens {
    /// Tokens of a secret.
    pub fn new(secret: &[u8]) -> Self {
        // A second call finds the provider in place already.
        let _ = PROVIDER.install_default();
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_audience(&[AUDIENCE]);
        // A token ends when it says, not a minute later.
        validation.leeway = 0;
        Self {
            encoding: EncodingKey::from_secret(secret),
            decoding: DecodingKey::from_secret(secret),
            validation,
            remembered: RwLock::default(),
        }
    }

    /// A signed token; the audience is set here.
    pub fn sign(&self, mut claims: Claims) -> Result<String, Error> {
        AUDIENCE.clone_into(&mut claims.aud);
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.encoding)
    }

    /// What a valid token says at a time; nothing where it is forged, expired or another surface's.
    pub fn read(&self, token: &str, now: Timestamp) -> Option<Arc<Claims>> {
        let known = self.remembered.read().unwrap_or_else(PoisonError::into_inner).get(token).map(Arc::clone);
        if let Some(claims) = known {
            return (claims.exp > now.as_second()).then_some(claims);
        }
        let claims = jsonwebtoken::decode::<Claims>(token, &self.decoding, &self.validation).ok()?.claims;
        if claims.exp <= now.as_second() {
            return None;
        }
        let claims = Arc::new(claims);
        let mut remembered = self.remembered.write().unwrap_or_else(PoisonError::into_inner);
        if remembered.len() >= REMEMBERED_MAX {
            remembered.clear();
        }
        remembered.insert(token.to_owned(), Arc::clone(&claims));
        Some(claims)
    }
}

/// What a pass of another door says: whose it is, nothing about what they may.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Pass {
    /// The shop.
    pub tenant_id: i64,
    /// The person.
    pub user_id: i64,
    /// The key that they came in with, where the door asks for one.
    #[serde(default)]
    pub key_id: Option<i64>,
    /// Of which password of theirs: with another one, it opens nothing any more.
    #[serde(default)]
    pub mark: i64,
    /// For which door.
    pub aud: String,
    /// Until when, in seconds since the epoch.
    pub exp: i64,
}

/// Passes of people on the doors that give tokens for passwords (contract Y-7, 7.1).
pub struct Passes {
    encoding: EncodingKey,
    decoding: DecodingKey,
}

impl Passes {
    /// Passes of a secret.
    pub fn new(secret: &[u8]) -> Self {
        let _ = PROVIDER.install_default();
        Self { encoding: EncodingKey::from_secret(secret), decoding: DecodingKey::from_secret(secret) }
    }

    /// A signed pass for a door.
    pub fn sign(&self, door: Door, mut pass: Pass) -> Result<String, Error> {
        door.name().clone_into(&mut pass.aud);
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &pass, &self.encoding)
    }

    /// What a valid pass for a door says at a time; nothing where it is forged, expired or another door's.
    pub fn read(&self, door: Door, token: &str, now: Timestamp) -> Option<Pass> {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_audience(&[door.name()]);
        validation.leeway = 0;
        let pass = jsonwebtoken::decode::<Pass>(token, &self.decoding, &validation).ok()?.claims;
        (pass.exp > now.as_second()).then_some(pass)
    }
}

static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: signer,
    verifier_factory: verifier,
    key_utils: KeyUtils::new_unimplemented(),
};

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature is the provider's")]
fn signer(algorithm: &Algorithm, key: &EncodingKey) -> Result<Box<dyn JwtSigner>, Error> {
    if *algorithm != Algorithm::HS256 {
        return Err(ErrorKind::InvalidAlgorithm.into());
    }
    Ok(Box::new(HmacSha256(mac(key.as_bytes())?)))
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature is the provider's")]
fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>, Error> {
    if *algorithm != Algorithm::HS256 {
        return Err(ErrorKind::InvalidAlgorithm.into());
    }
    Ok(Box::new(HmacSha256(mac(key.try_get_as_bytes()?)?)))
}

fn mac(key: &[u8]) -> Result<Hmac<Sha256>, Error> {
    Hmac::new_from_slice(key).map_err(|_| ErrorKind::InvalidKeyFormat.into())
}

struct HmacSha256(Hmac<Sha256>);

impl Signer<Vec<u8>> for HmacSha256 {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, signature::Error> {
        let mut mac = self.0.clone();
        mac.update(message);
        Ok(mac.finalize().into_bytes().to_vec())
    }
}

impl JwtSigner for HmacSha256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

impl Verifier<Vec<u8>> for HmacSha256 {
    fn verify(&self, message: &[u8], given: &Vec<u8>) -> Result<(), signature::Error> {
        let mut mac = self.0.clone();
        mac.update(message);
        mac.verify_slice(given).map_err(|_| signature::Error::new())
    }
}

impl JwtVerifier for HmacSha256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims(exp: i64) -> Claims {
        Claims {
            tenant_id: 1,
            employee_id: 2,
            name: "Ana".to_owned(),
            role: "owner".to_owned(),
            branch_id: 1,
            permissions: vec!["pos.sell".to_owned()],
            device_id: None,
            aud: String::new(),
            exp,
        }
    }

    #[test]
    fn a_token_is_read_only_with_its_secret_unaltered_and_in_time() {
        let now = Timestamp::now();
        let tokens = Tokens::new(b"one secret");
        let end = now.as_second() + 60;
        let token = tokens.sign(claims(end)).unwrap();
        for _ in 0..2 {
            assert_eq!(tokens.read(&token, now).unwrap().employee_id, 2);
            assert!(tokens.read(&token.replace('.', ".A"), now).is_none());
            assert!(Tokens::new(b"another").read(&token, now).is_none());
        }
        assert!(tokens.read(&token, Timestamp::from_second(end).unwrap()).is_none());
        assert!(tokens.read(&tokens.sign(claims(1_000_000)).unwrap(), now).is_none());
        // Also one that ended a second ago and is seen for the first time.
        assert!(tokens.read(&tokens.sign(claims(now.as_second() - 1)).unwrap(), now).is_none());
        assert!(tokens.read(&tokens.sign(claims(now.as_second())).unwrap(), now).is_none());
    }
}
