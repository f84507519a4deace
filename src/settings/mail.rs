//! The settings of mail: through whom it is sent, and from whom.

use secrecy::{ExposeSecret as _, SecretString};

use super::paths::file_url;
use super::setting::{Given, SettingsError};

pub(super) fn url(given: Given<'_>) -> Result<Option<SecretString>, SettingsError> {
    let Some(url) = given.secret()? else {
        return Ok(None);
    };
    let url = match file_url(given, url.expose_secret())? {
        Some(expanded) => expanded.into(),
        None => url,
    };
    let raw = url.expose_secret();
    let known = ["file://", "smtp://", "smtps://"]
        .iter()
        .any(|scheme| raw.starts_with(scheme));
    if known && url::Url::parse(raw).is_ok() {
        Ok(Some(url))
    } else {
        Err(given
            .problem("takes `smtp://`, `smtps://` (user and password in it), or `file:///FOLDER`"))
    }
}

pub(super) fn from(given: Given<'_>) -> Result<String, SettingsError> {
    let raw = given.text();
    match raw.parse::<lettre::message::Mailbox>() {
        Ok(_) => Ok(raw),
        Err(_) => Err(given.got(
            &raw,
            "takes an address such as `Clara <noreply@example.org>`",
        )),
    }
}
