//! The settings that guard accounts: how strong a password must be, where leaked ones are looked up, and whether anybody
//! may learn which addresses have accounts. A file is not opened here, and nobody is asked.

use std::path::PathBuf;

use url::{Host, Url};

use super::paths::file_url;
use super::setting::{Given, RawSettings, SettingsError};
use super::table::{BREACHED_PASSWORDS, HIDE_ACCOUNTS, PASSWORD_MIN};

/// From this length on a password may stand alone.
pub const ADVISED_PASSWORD_MIN: usize = 15;

/// How accounts are guarded.
#[derive(Debug, Clone)]
pub struct Guarding {
    pub password_min: usize,
    pub breached_passwords: BreachedPasswords,
    pub hides_accounts: bool,
}

/// Where leaked passwords are looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BreachedPasswords {
    Off,
    File(PathBuf),
    Service(Url),
}

impl Guarding {
    pub(super) fn read(raw: &RawSettings) -> Result<Self, SettingsError> {
        Ok(Self {
            password_min: raw.get(&PASSWORD_MIN)?,
            breached_passwords: raw.get(&BREACHED_PASSWORDS)?,
            hides_accounts: raw.get(&HIDE_ACCOUNTS)?,
        })
    }
}

pub(super) fn breached_passwords(given: Given<'_>) -> Result<BreachedPasswords, SettingsError> {
    let raw = given.text();
    if raw == "off" {
        return Ok(BreachedPasswords::Off);
    }
    let takes = || {
        // An address may hold a password: it is not repeated.
        given.problem(
            "takes `off`, `file:///PATH` of a sorted list of SHA-1 digests, or `https://HOST/range/` (http on this machine only)",
        )
    };
    let raw = file_url(given, &raw)?.unwrap_or(raw);
    let url = Url::parse(&raw).map_err(|_| takes())?;
    let is_here = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    let is_plain = url.query().is_none() && url.fragment().is_none();
    match url.scheme() {
        "file" => url
            .to_file_path()
            .map(BreachedPasswords::File)
            .map_err(|()| takes()),
        "https" if is_plain => Ok(BreachedPasswords::Service(url)),
        "http" if is_plain && is_here => Ok(BreachedPasswords::Service(url)),
        _ => Err(takes()),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    fn read(name: &str, value: &str) -> Result<Guarding, String> {
        let environment = |asked: &str| (asked == name).then(|| value.to_owned());
        let said = RawSettings::gather(|_| None, environment, &HashMap::new());
        Guarding::read(&said).map_err(|error| error.to_string())
    }

    #[test]
    fn what_is_not_said_is_off_and_the_floor_is_eight() {
        let guarding = read("", "").unwrap();
        assert_eq!(guarding.password_min, 8);
        assert_eq!(guarding.breached_passwords, BreachedPasswords::Off);
        assert!(!guarding.hides_accounts);
        assert_eq!(read("CLARA_PASSWORD_MIN", "15").unwrap().password_min, 15);
        let error = read("CLARA_PASSWORD_MIN", "7").unwrap_err();
        assert_eq!(
            error,
            "CLARA_PASSWORD_MIN got `7`, takes a whole number from 8 to 128"
        );
    }

    #[test]
    fn leaked_passwords_are_looked_up_in_a_file_or_over_a_line_nobody_reads() {
        let name = "CLARA_BREACHED_PASSWORDS";
        let found = |value| read(name, value).map(|guarding| guarding.breached_passwords);
        let file = BreachedPasswords::File("/lists/sha1.txt".into());
        assert_eq!(found("file:///lists/sha1.txt"), Ok(file));
        for good in [
            "https://ranges.example/range/",
            "http://127.0.0.1:8080/range/",
            "http://[::1]/",
            "http://localhost/range",
        ] {
            let service = BreachedPasswords::Service(good.parse().unwrap());
            assert_eq!(found(good), Ok(service));
        }
        for bad in [
            "on",
            "http://ranges.example/range/",
            "ftp://ranges.example/",
            "https://ranges.example/?key=hunter2",
            "/lists/sha1.txt",
        ] {
            let error = found(bad).unwrap_err();
            assert!(
                error.starts_with("CLARA_BREACHED_PASSWORDS takes `off`"),
                "{error}"
            );
            assert!(!error.contains("hunter2"));
        }
    }
}
