//! PINs: found by a keyed HMAC of tenant and PIN, then checked with argon2id.
//!
//! A PIN is short, so a stolen table alone must not tell it: the lookup is keyed by a secret of the installation,
//! and the hash is slow.

use argon2::{
    Argon2,
    password_hash::{PasswordHasher as _, PasswordVerifier as _},
};
use diario_domain::TenantId;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// Why a PIN cannot be given to anybody.
#[derive(Debug, thiserror::Error)]
pub enum PinError {
    /// Too short, too long, or no digits.
    #[error("a PIN has 4 to 12 digits")]
    Shape,
    /// The hash cannot be computed.
    #[error("the PIN cannot be hashed: {0}")]
    Hash(String),
}

/// The keyed hash by which a tenant's PIN is found.
pub fn lookup(key: &[u8], tenant: TenantId, pin: &str) -> Vec<u8> {
    // An HMAC takes a key of any length, so this never fails.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return Vec::new() };
    mac.update(&tenant.0.to_be_bytes());
    mac.update(pin.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

/// Checks the shape of a new PIN and hashes it.
pub fn enrol(_key: &[u8], pin: &str) -> Result<String, PinError> {
    if !(4..=12).contains(&pin.len()) || !pin.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(PinError::Shape);
    }
    let hash =
        Argon2::default().hash_password(pin.as_bytes()).map_err(|error| PinError::Hash(error.to_string()))?;
    Ok(hash.to_string())
}

/// Whether a PIN is the hashed one. It takes tens of milliseconds on purpose: keep it off the async threads.
pub fn is_right(hash: &str, pin: &str) -> bool {
    argon2::password_hash::phc::PasswordHash::new(hash)
        .is_ok_and(|hash| Argon2::default().verify_password(pin.as_bytes(), &hash).is_ok())
}
