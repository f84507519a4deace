//! The two cookies of the pages: one holds a session's token, the other for ten minutes the address that somebody typed, so
//! that it need not be typed again. A script never reads either, and no other site's form sends them.

use axum::http::{HeaderMap, HeaderValue, header};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret as _, SecretString};

use crate::faces::http::HttpState;

/// How long a typed address is remembered.
const ADDRESS_SECONDS: u64 = 600;
/// No address is longer; see the domain.
const MAX_ADDRESS: usize = 254;
const DAY_SECONDS: u64 = 24 * 60 * 60;

/// Where a cookie belongs to this host alone, its name says so and browsers hold it to that. They do so over HTTPS only.
struct Names {
    session: &'static str,
    address: &'static str,
    is_secure: bool,
}

fn names(site: &HttpState) -> Names {
    if site.public_url.starts_with("https://") {
        Names {
            session: "__Host-clara",
            address: "__Host-clara-address",
            is_secure: true,
        }
    } else {
        Names {
            session: "clara",
            address: "clara-address",
            is_secure: false,
        }
    }
}

/// The session's token, where the browser holds one.
pub fn session(site: &HttpState, headers: &HeaderMap) -> Option<SecretString> {
    said_once(headers, names(site).session).map(SecretString::from)
}

/// The address that was typed a moment ago.
pub fn address(site: &HttpState, headers: &HeaderMap) -> Option<String> {
    let kept = said_once(headers, names(site).address)?;
    let bytes = URL_SAFE_NO_PAD.decode(kept).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    (text.len() <= MAX_ADDRESS).then_some(text)
}

/// Lets the browser hold a session for as long as it lives.
pub fn keep_session(site: &HttpState, token: &SecretString) -> Option<HeaderValue> {
    let names = names(site);
    let days = u64::from(site.context.settings.session_expiry_in_days);
    let seconds = days.saturating_mul(DAY_SECONDS);
    cookie(names.session, token.expose_secret(), seconds, &names)
}

/// Lets the browser forget the session.
pub fn forget_session(site: &HttpState) -> Option<HeaderValue> {
    let names = names(site);
    cookie(names.session, "", 0, &names)
}

/// Remembers an address for a moment.
pub fn keep_address(site: &HttpState, address: &str) -> Option<HeaderValue> {
    let names = names(site);
    if address.len() > MAX_ADDRESS {
        return None;
    }
    let kept = URL_SAFE_NO_PAD.encode(address);
    cookie(names.address, &kept, ADDRESS_SECONDS, &names)
}

fn cookie(name: &str, value: &str, seconds: u64, names: &Names) -> Option<HeaderValue> {
    let secure = if names.is_secure { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    let mut value = HeaderValue::from_str(&text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// A cookie's value. FormFields twice it is nobody's word: one of the two was put there by somebody else.
fn said_once(headers: &HeaderMap, name: &str) -> Option<String> {
    let mut values = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(said, value)| *said == name && !value.is_empty())
        .map(|(_, value)| value.to_owned());
    let first = values.next()?;
    values.next().is_none().then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(lines: &[&str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(header::COOKIE, HeaderValue::from_str(line).unwrap());
        }
        said_once(&headers, "clara")
    }

    #[test]
    fn a_cookie_is_read_by_its_whole_name_and_only_where_it_is_said_once() {
        assert_eq!(read(&["a=b; clara=x=y; c=d"]).as_deref(), Some("x=y"));
        assert_eq!(read(&["a=b", "clara=x"]).as_deref(), Some("x"));
        for nobody in [
            &["clara=x; clara=y"][..],
            &["clara=x", "clara=y"],
            &["clara-address=x; xclara=y; Clara=z"],
            &["clara="],
            &["clara"],
            &[],
        ] {
            assert_eq!(read(nobody), None, "{nobody:?}");
        }
    }
}
