//! Signatures: that of Standard Webhooks, and one in LUNARA's own header (contract L-10).

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::secret;

fn mac(key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    // An HMAC takes a key of any length, so this never fails.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return Vec::new() };
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().to_vec()
}

/// `webhook-signature`: one signature for each secret that is good, by the decoded bytes of it.
pub fn standard(secrets: &[String], id: &str, timestamp: i64, body: &str) -> String {
    let head = format!("{id}.{timestamp}.");
    let signatures = secrets
        .iter()
        .filter_map(|text| secret::key(text))
        .map(|key| format!("v1,{}", STANDARD.encode(mac(&key, &[head.as_bytes(), body.as_bytes()]))));
    signatures.collect::<Vec<_>>().join(" ")
}

/// `x-lunara-signature`: `t=…,v1=…`, in hex, by the secret as it is shown; one `v1` for each secret that is good.
pub fn lunara(secrets: &[String], timestamp: i64, body: &str) -> String {
    use std::fmt::Write as _;
    let head = format!("{timestamp}.");
    let mut text = format!("t={timestamp}");
    for secret in secrets {
        text.push_str(",v1=");
        for byte in mac(secret.as_bytes(), &[head.as_bytes(), body.as_bytes()]) {
            let _ = write!(text, "{byte:02x}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of Standard Webhooks' own specification.
    #[test]
    fn signatures_are_those_of_the_specification() {
        let secrets = ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned()];
        let signature =
            standard(&secrets, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        let both = [secrets[0].clone(), "whsec_AAAA".to_owned()];
        assert_eq!(standard(&both, "a", 1, "{}").split(' ').count(), 2);
        assert_eq!(lunara(&both, 1, "{}").matches(",v1=").count(), 2);
    }
}
