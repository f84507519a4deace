//! Paths in settings: a leading `~` is the home folder of whoever runs Clara.

use std::path::{Path, PathBuf};

use super::setting::{Given, SettingsError};

/// A path with a leading `~` expanded: paths also come from clients' configuration files, which no shell reads.
pub fn expand_home(path: &Path) -> Result<PathBuf, &'static str> {
    let first = path.iter().next().unwrap_or_default();
    if !first.as_encoded_bytes().starts_with(b"~") {
        return Ok(path.to_owned());
    }
    match (path.strip_prefix("~"), etcetera::home_dir()) {
        (Ok(rest), Ok(home)) => Ok(home.join(rest)),
        // The value may belong to a secret setting, so it is not repeated.
        _ => Err("begins with ~ and names no home folder of yours; give the whole path"),
    }
}

/// The path of a setting.
pub(super) fn setting_path(given: Given<'_>, raw: &str) -> Result<PathBuf, SettingsError> {
    expand_home(Path::new(raw)).map_err(|problem| given.problem(problem))
}

/// A `file://~/…` address as one of the whole path; `None` for any other text.
pub(super) fn file_url(given: Given<'_>, raw: &str) -> Result<Option<String>, SettingsError> {
    let path = raw.strip_prefix("file://").filter(|path| {
        // `file:///~/x` is what becomes of it where somebody adds the slashes that every example has.
        path.starts_with('~') || path.starts_with("/~/")
    });
    let Some(path) = path else {
        return Ok(None);
    };
    let whole = setting_path(given, path.trim_start_matches('/'))?;
    let url = url::Url::from_file_path(&whole);
    url.map(|url| Some(url.into()))
        .map_err(|()| given.problem("names no whole path"))
}
