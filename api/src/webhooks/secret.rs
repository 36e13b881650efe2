//! Secrets of webhooks: `whsec_` and 32 random bytes in Base64. They are shown once; messages are signed with them.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use diario_commands::Secret;
use diario_store::SecretKind;
use jiff::Timestamp;

const PREFIX: &str = "whsec_";

/// A secret that was drawn: its text, and how it is kept. Nothing where the operating system gives no random bytes.
pub fn draw(now: Timestamp) -> Option<(String, Secret)> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).ok()?;
    let text = format!("{PREFIX}{}", STANDARD.encode(bytes));
    let mut more = [0_u8; 8];
    getrandom::fill(&mut more).ok()?;
    // Secrets are found by the endpoint's number and sorted by what they are looked up with: the newest is in force.
    let mut lookup = now.as_microsecond().to_be_bytes().to_vec();
    lookup.extend(more);
    let secret = Secret { kind: SecretKind::Webhook, lookup, hash: text.clone() };
    Some((text, secret))
}

/// The bytes of a secret, with which messages are signed.
pub fn key(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text.strip_prefix(PREFIX)?).ok()
}
