//! Passwords: found by a keyed hash of the address, checked with argon2id.

use argon2::{Argon2, password_hash::PasswordHasher as _};
use diario_commands::Secret;
use diario_domain::access::login_name;
use diario_store::SecretKind;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::pins::PinError;

/// The shortest password that is taken.
pub const LENGTH_MIN: usize = 8;

/// The keyed hash by which a password is found: the same in every tenant, for who logs in names none.
pub fn lookup(key: &[u8], email: &str) -> Vec<u8> {
    // An HMAC takes a key of any length, so this never fails.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return Vec::new() };
    mac.update(b"login/");
    mac.update(login_name(email).as_bytes());
    mac.finalize().into_bytes().to_vec()
}

/// What tells one password of a person from the next, without telling anything of either.
pub fn mark(key: &[u8], hash: &str) -> i64 {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return 0 };
    mac.update(b"mark/");
    mac.update(hash.as_bytes());
    let bytes = mac.finalize().into_bytes();
    // 53 bits: whatever reads a token as JSON keeps them all.
    bytes.iter().take(8).fold(0_i64, |mark, byte| (mark << 8) | i64::from(*byte)) & 0x1F_FFFF_FFFF_FFFF
}

/// A new password as it is kept. It takes tens of milliseconds on purpose: keep it off the async threads.
pub fn enrol(key: &[u8], email: &str, password: &str) -> Result<Secret, PinError> {
    let hash = Argon2::default()
        .hash_password(password.as_bytes())
        .map_err(|error| PinError::Hash(error.to_string()))?;
    Ok(Secret { kind: SecretKind::Password, lookup: lookup(key, email), hash: hash.to_string() })
}
