//! The settings of who acts and what is offered: the local account, the tools, and the secrets of a deployment.

use secrecy::{ExposeSecret as _, SecretString};

use super::setting::{Given, SettingsError};
use crate::domain::area::Area;
use crate::domain::email::Email;

/// The shortest secret of a deployment, in bytes.
const MIN_SECRET_BYTES: usize = 32;

/// The account of whoever starts Clara; `None` where it is turned off.
pub(super) fn local_account(given: Given<'_>) -> Result<Option<Email>, SettingsError> {
    match given.text().as_str() {
        "none" => Ok(None),
        _ => given.parsed(),
    }
}

pub(super) fn toolsets(given: Given<'_>) -> Result<Vec<Area>, SettingsError> {
    let raw = given.text();
    if raw == "all" {
        return Ok(Area::ALL.to_vec());
    }
    let area = |name: &str| {
        Area::ALL
            .into_iter()
            .find(|area| area.name() == name.trim())
    };
    let areas: Option<Vec<Area>> = raw.split(',').map(area).collect();
    areas.ok_or_else(|| {
        let names: Vec<&str> = Area::ALL.iter().map(|area| area.name()).collect();
        given.got(
            &raw,
            &format!(
                "takes `all`, or some of {}, comma-separated",
                names.join(", ")
            ),
        )
    })
}

pub(super) fn secret_of_32_bytes(given: Given<'_>) -> Result<Option<SecretString>, SettingsError> {
    long_enough(given, "is too short: takes at least 32 random bytes")
}

pub(super) fn deployment_key(given: Given<'_>) -> Result<Option<SecretString>, SettingsError> {
    long_enough(given, "is too short: takes at least 32 random characters")
}

fn long_enough(given: Given<'_>, problem: &str) -> Result<Option<SecretString>, SettingsError> {
    let secret = given.secret()?;
    match &secret {
        Some(value) if value.expose_secret().len() < MIN_SECRET_BYTES => {
            Err(given.problem(problem))
        }
        _ => Ok(secret),
    }
}
