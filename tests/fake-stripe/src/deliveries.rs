//! How events reach a webhook: the exact bytes, signed as Stripe signs them.

use std::fmt::Write as _;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::commands::Delivery;
use super::state::{State, text};

/// `at` is when it is said to be signed, by default now.
pub fn sign(state: &State, event: &str, at: Option<i64>) -> Result<Delivery, String> {
    let object = state.find_kind("event", event);
    let object = object.ok_or_else(|| format!("there is no event {event}"))?;
    // Indented, as Stripe sends it: whoever writes it anew before checking gets other bytes.
    let body = serde_json::to_string_pretty(object).unwrap();
    let at = at.unwrap_or_else(|| state.now());
    Ok(Delivery {
        event: event.to_owned(),
        kind: text(object, "type").to_owned(),
        signature: signature(&state.secrets, at, &body),
        body,
    })
}

/// One `v1` for each secret, and the `v0` that test mode adds.
fn signature(secrets: &[String], at: i64, body: &str) -> String {
    let mut header = format!("t={at}");
    let signed = format!("{at}.{body}");
    for secret in secrets {
        append(&mut header, ",v1=", secret, &signed);
    }
    append(&mut header, ",v0=", "", &signed);
    header
}

fn append(header: &mut String, scheme: &str, secret: &str, signed: &str) {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(signed.as_bytes());
    header.push_str(scheme);
    for byte in mac.finalize().into_bytes() {
        write!(header, "{byte:02x}").unwrap();
    }
}
