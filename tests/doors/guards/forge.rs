//! Tokens that the server never gave: signed with the installation's own secret, or with none.

use diario_tests::{Engine, Shop};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Signs tokens as the server would, at any time and for anybody.
pub struct Forge {
    secret: Vec<u8>,
}

impl Forge {
    /// With the secret that the server of a shop signs with.
    pub async fn of(shop: &Shop) -> Self {
        let hex = match shop.engine {
            Engine::Sqlite => "lower(hex(secret))",
            Engine::Postgres => "encode(secret, 'hex')",
        };
        let query = format!("SELECT {hex} FROM installation_secrets WHERE name = 'jwt'");
        let rows = shop.sql().rows(&query).await;
        let text = rows[0][0].clone().unwrap();
        let byte = |at| u8::from_str_radix(&text[at..at + 2], 16).unwrap();
        Self { secret: (0..text.len()).step_by(2).map(byte).collect() }
    }

    /// With a secret that the server does not know.
    pub fn foreign() -> Self {
        Self { secret: b"0123456789abcdef0123456789abcdef".to_vec() }
    }

    pub fn sign(&self, claims: &Value) -> String {
        let signed = format!(
            "{}.{}",
            encode(br#"{"typ":"JWT","alg":"HS256"}"#),
            encode(claims.to_string().as_bytes())
        );
        let signature = hmac(&self.secret, signed.as_bytes());
        format!("{signed}.{}", encode(&signature))
    }

    /// The same claims with some of them changed; `null` takes one away.
    pub fn altered(&self, token: &str, changes: &Value) -> String {
        let mut claims = claims(token);
        for (name, value) in changes.as_object().unwrap() {
            if value.is_null() {
                claims.as_object_mut().unwrap().remove(name);
            } else {
                claims[name] = value.clone();
            }
        }
        self.sign(&claims)
    }
}

/// The same claims without a signature.
pub fn unsigned(token: &str) -> String {
    format!("{}.{}.", encode(br#"{"typ":"JWT","alg":"none"}"#), token.split('.').nth(1).unwrap())
}

/// What a token says.
pub fn claims(token: &str) -> Value {
    serde_json::from_slice(&decode(token.split('.').nth(1).unwrap())).unwrap()
}

/// RFC 2104.
fn hmac(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut block = [0_u8; 64];
    block[..key.len()].copy_from_slice(key);
    let padded = |with: u8| block.map(|byte| byte ^ with);
    let inner = Sha256::new().chain_update(padded(0x36)).chain_update(message).finalize();
    Sha256::new().chain_update(padded(0x5c)).chain_update(inner).finalize().to_vec()
}

fn encode(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let mut word = 0_usize;
        for at in 0..3 {
            word = word << 8 | usize::from(chunk.get(at).copied().unwrap_or_default());
        }
        for at in 0..=chunk.len() {
            text.push(char::from(LETTERS[word >> (18 - 6 * at) & 63]));
        }
    }
    text
}

fn decode(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let (mut word, mut bits) = (0_usize, 0);
    for letter in text.bytes() {
        word = word << 6 | LETTERS.iter().position(|known| *known == letter).unwrap();
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(word >> bits & 255).unwrap());
        }
    }
    bytes
}
