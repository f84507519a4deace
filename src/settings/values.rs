//! What was said: flags before the environment, the environment before a named `.env` file, and that before defaults.
//! Reads values as typed ones, and words every mistake as one line. It decides nothing.

use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use secrecy::SecretString;

use super::table::{SETTINGS, Setting};

/// A wrong setting, in one line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct SettingsError {
    name: &'static str,
    problem: String,
}

impl SettingsError {
    /// A problem that repeats no value.
    pub fn new(name: &'static str, problem: impl Into<String>) -> Self {
        Self {
            name,
            problem: problem.into(),
        }
    }

    /// A problem with what was given. Only for settings that are no secret.
    pub fn got(name: &'static str, value: &str, takes: &str) -> Self {
        let shown: String = value.chars().filter(|c| !c.is_control()).take(60).collect();
        Self {
            name,
            problem: format!("got `{shown}`, {takes}"),
        }
    }
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CLARA_{} {}", self.name, self.problem)
    }
}

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
pub(super) fn setting_path(name: &'static str, raw: &str) -> Result<PathBuf, SettingsError> {
    expand_home(Path::new(raw)).map_err(|problem| SettingsError::new(name, problem))
}

/// A `file://~/…` address as one of the whole path; `None` for any other text.
pub(super) fn file_url(name: &'static str, raw: &str) -> Result<Option<String>, SettingsError> {
    let path = raw.strip_prefix("file://").filter(|path| {
        // `file:///~/x` is what becomes of it where somebody adds the slashes that every example has.
        path.starts_with('~') || path.starts_with("/~/")
    });
    let Some(path) = path else {
        return Ok(None);
    };
    let whole = setting_path(name, path.trim_start_matches('/'))?;
    let url = url::Url::from_file_path(&whole);
    url.map(|url| Some(url.into()))
        .map_err(|()| SettingsError::new(name, "names no whole path"))
}

/// The values that were said, by setting.
#[derive(Debug, Clone, Default)]
pub struct RawSettings(HashMap<&'static str, String>);

impl RawSettings {
    /// Gathers values: `flag` and `environment` give a setting's value where it was said there.
    pub fn gather(
        flag: impl Fn(&Setting) -> Option<String>,
        environment: impl Fn(&str) -> Option<String>,
        file: &HashMap<String, String>,
    ) -> Self {
        let said = |setting: &Setting| {
            let prefixed = format!("CLARA_{}", setting.name);
            let bare = |get: &dyn Fn(&str) -> Option<String>| {
                setting.bare.then(|| get(setting.name)).flatten()
            };
            let from_file = |name: &str| file.get(name).cloned();
            // An empty value says nothing, so it hides none that comes after it.
            let filled = |value: &String| !value.trim().is_empty();
            flag(setting)
                .filter(filled)
                .or_else(|| environment(&prefixed).filter(filled))
                .or_else(|| bare(&environment).filter(filled))
                .or_else(|| from_file(&prefixed).filter(filled))
                .or_else(|| bare(&from_file).filter(filled))
        };
        Self(
            SETTINGS
                .iter()
                .filter_map(|setting| Some((setting.name, said(setting)?)))
                .collect(),
        )
    }

    /// Whether nobody said anything.
    pub(super) fn is_missing(&self, name: &str) -> bool {
        !self.0.contains_key(name)
    }

    /// What was said, or the default.
    pub(super) fn text(&self, name: &str) -> String {
        let default = || {
            SETTINGS
                .iter()
                .find(|setting| setting.name == name)
                .map_or("", |setting| setting.default)
        };
        self.0
            .get(name)
            .map_or_else(|| default().to_owned(), |value| value.trim().to_owned())
    }

    pub(super) fn secret(&self, name: &str) -> Option<SecretString> {
        self.0.get(name).map(|value| value.trim().to_owned().into())
    }

    pub(super) fn path(&self, name: &'static str) -> Result<Option<PathBuf>, SettingsError> {
        let raw = self.0.get(name).map(|value| value.trim());
        raw.map(|raw| setting_path(name, raw)).transpose()
    }

    pub(super) fn path_list(
        &self,
        name: &'static str,
    ) -> Result<Option<Vec<PathBuf>>, SettingsError> {
        let Some(raw) = self.0.get(name) else {
            return Ok(None);
        };
        let paths = std::env::split_paths(raw)
            .map(|path| setting_path(name, path.to_string_lossy().trim()))
            .filter(|path| !matches!(path, Ok(path) if path.as_os_str().is_empty()));
        paths.collect::<Result<_, _>>().map(Some)
    }

    /// A value whose type reads itself; `None` where neither said nor defaulted.
    pub(super) fn parsed<T: FromStr<Err = crate::domain::Invalid>>(
        &self,
        name: &'static str,
    ) -> Result<Option<T>, SettingsError> {
        let raw = self.text(name);
        if raw.is_empty() {
            return Ok(None);
        }
        raw.parse()
            .map(Some)
            .map_err(|problem: crate::domain::Invalid| {
                SettingsError::got(name, &raw, &problem.to_string())
            })
    }

    pub(super) fn required<T: FromStr<Err = crate::domain::Invalid>>(
        &self,
        name: &'static str,
    ) -> Result<T, SettingsError> {
        self.parsed(name)?
            .ok_or_else(|| SettingsError::new(name, "must not be empty"))
    }

    pub(super) fn number<T: FromStr + PartialOrd + fmt::Display + Copy>(
        &self,
        name: &'static str,
        least: T,
        most: T,
    ) -> Result<T, SettingsError> {
        let raw = self.text(name);
        let number = raw
            .parse::<T>()
            .ok()
            .filter(|number| *number >= least && *number <= most);
        number.ok_or_else(|| {
            SettingsError::got(
                name,
                &raw,
                &format!("takes a whole number from {least} to {most}"),
            )
        })
    }

    pub(super) fn switch(&self, name: &'static str) -> Result<bool, SettingsError> {
        let raw = self.text(name);
        match raw.to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" | "on" => Ok(true),
            "false" | "0" | "no" | "off" => Ok(false),
            _ => Err(SettingsError::got(name, &raw, "takes true or false")),
        }
    }

    pub(super) fn choice(
        &self,
        name: &'static str,
        choices: &[&'static str],
    ) -> Result<&'static str, SettingsError> {
        let raw = self.text(name);
        let chosen = choices.iter().find(|choice| **choice == raw).copied();
        chosen.ok_or_else(|| {
            SettingsError::got(name, &raw, &format!("takes {}", choices.join(" or ")))
        })
    }
}
