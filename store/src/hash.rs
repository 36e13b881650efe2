//! The hash chain: each event's hash covers the one before it and the event's exact stored bytes.
//!
//! `hash = SHA-256(prev_hash ‖ tenant_id ‖ position ‖ stream ‖ version ‖ event_type ‖ schema_version ‖ payload ‖
//! metadata ‖ occurred_at ‖ recorded_at)`, where a number is 8 bytes, big-endian, and a text is its length in
//! bytes as such a number, then its UTF-8 bytes. The first event's `prev_hash` is 32 zero bytes.
//! `docs/hash-chain.md` says the same with a check that needs none of this code.

use sha2::{Digest, Sha256};

/// A SHA-256.
pub type Hash = [u8; 32];

/// What comes before the first event.
pub const GENESIS: Hash = [0; 32];

/// The parts of an event that are hashed, as they are stored.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "the fields are the columns of the table events")]
pub struct Hashed<'a> {
    pub tenant_id: i64,
    pub position: i64,
    pub stream: &'a str,
    pub version: i64,
    pub event_type: &'a str,
    pub schema_version: i64,
    pub payload: &'a str,
    pub metadata: &'a str,
    pub occurred_at: i64,
    pub recorded_at: i64,
}

/// The hash of an event after another.
#[must_use]
pub fn chain(prev: &[u8], event: &Hashed<'_>) -> Hash {
    let mut sha = Sha256::new();
    sha.update(prev);
    let number = |sha: &mut Sha256, value: i64| sha.update(value.to_be_bytes());
    let text = |sha: &mut Sha256, value: &str| {
        sha.update((value.len() as u64).to_be_bytes());
        sha.update(value.as_bytes());
    };
    number(&mut sha, event.tenant_id);
    number(&mut sha, event.position);
    text(&mut sha, event.stream);
    number(&mut sha, event.version);
    text(&mut sha, event.event_type);
    number(&mut sha, event.schema_version);
    text(&mut sha, event.payload);
    text(&mut sha, event.metadata);
    number(&mut sha, event.occurred_at);
    number(&mut sha, event.recorded_at);
    sha.finalize().into()
}
