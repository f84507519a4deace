//! The settings of signing in with Google: for whom tokens may be made, and where the keys are that they are signed with.
//! Checked here, once; whether keys can be read there is the doctor's business.

use url::{Host, Url};

use super::network::base_url;
use super::setting::{Given, RawSettings, SettingsError, parts};
use super::table::{GOOGLE_CLIENT_ID, GOOGLE_JWKS_URL};

/// How Google's sign-in is set up.
#[derive(Debug, Clone)]
pub struct Google {
    /// None: nobody signs in with Google.
    pub client_ids: Vec<String>,
    pub jwks_url: Url,
}

impl Google {
    pub(super) fn read(raw: &RawSettings) -> Result<Self, SettingsError> {
        Ok(Self {
            client_ids: raw.get(&GOOGLE_CLIENT_ID)?,
            jwks_url: raw.get(&GOOGLE_JWKS_URL)?,
        })
    }
}

pub(super) fn client_ids(given: Given<'_>) -> Result<Vec<String>, SettingsError> {
    let raw = given.text();
    // Google's console shows the two beside each other.
    if parts(&raw).any(|id| id.starts_with("GOCSPX-")) {
        return Err(given.problem(
            "is a client secret, which Clara does not need: takes the client id beside it",
        ));
    }
    given.list(
        "takes client ids such as `1234-abcd.apps.googleusercontent.com`, comma-separated",
        |id| {
            let is_id = id.len() <= 255 && id.bytes().all(|byte| byte.is_ascii_graphic());
            is_id.then(|| id.to_owned())
        },
    )
}

/// Whoever answers there decides who is let in: so nobody on the way may.
pub(super) fn jwks_url(given: Given<'_>) -> Result<Url, SettingsError> {
    let takes = "takes an https address of a JSON Web Key Set; http only on this machine";
    let url = base_url(given)?.ok_or_else(|| given.problem(takes))?;
    let is_here = match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    };
    if url.scheme() == "https" || is_here {
        Ok(url)
    } else {
        Err(given.problem(takes))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Google, SettingsError> {
        let said = |name: &str| {
            let found = pairs.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        let no_file = HashMap::new();
        Google::read(&RawSettings::gather(
            |setting| said(setting.name),
            |_| None,
            &no_file,
        ))
    }

    #[test]
    fn without_a_client_nobody_signs_in_and_the_keys_are_googles_own() {
        let google = read(&[]).unwrap();
        assert!(google.client_ids.is_empty());
        assert_eq!(
            google.jwks_url.as_str(),
            "https://www.googleapis.com/oauth2/v3/certs"
        );
    }

    #[test]
    fn several_clients_may_share_a_deployment() {
        let google = read(&[("GOOGLE_CLIENT_ID", " a.example , b.example,")]).unwrap();
        assert_eq!(google.client_ids, ["a.example", "b.example"]);
        assert!(read(&[("GOOGLE_CLIENT_ID", "a b")]).is_err());
    }

    #[test]
    fn a_client_secret_is_refused_and_not_repeated() {
        let refused = read(&[("GOOGLE_CLIENT_ID", "GOCSPX-canary")])
            .unwrap_err()
            .to_string();
        assert!(
            refused.contains("client secret") && !refused.contains("canary"),
            "{refused}"
        );
    }

    #[test]
    fn keys_are_read_where_nobody_on_the_way_can_change_them() {
        for (url, good) in [
            ("https://keys.example.org/jwks", true),
            ("http://127.0.0.1:8080/jwks", true),
            ("http://[::1]:8080/jwks", true),
            ("http://localhost/jwks", true),
            ("http://keys.example.org/jwks", false),
            ("http://localhost.example.org/jwks", false),
            ("http://192.168.0.1/jwks", false),
            ("file:///etc/keys", false),
            ("keys", false),
        ] {
            assert_eq!(read(&[("GOOGLE_JWKS_URL", url)]).is_ok(), good, "{url}");
        }
    }
}
