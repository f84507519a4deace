//! What a setting is, and what was given for one: flags before the environment, the environment before a named `.env` file,
//! and that before defaults. Every mistake is one line that names the variable.

use std::collections::HashMap;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use secrecy::SecretString;

use super::paths::setting_path;
use super::table::SETTINGS;
use crate::domain::Invalid;
use crate::domain::credits::Credits;

/// One setting, without the type of its value.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// Without the prefix: `DATA_DIR` is `CLARA_DATA_DIR` in the environment and `--data-dir` on the command line.
    pub name: &'static str,
    words: &'static str,
    pub about: About,
}

/// How a setting is given and shown.
#[derive(Debug, Clone, Copy)]
pub struct About {
    /// What holds where nothing was given; empty where the words explain it.
    pub default: &'static str,
    /// Its value is never printed.
    pub is_secret: bool,
    /// Also read without the prefix, as the documentation has it.
    pub is_bare: bool,
    /// One that many want, so that the README names it.
    pub is_common: bool,
}

/// A setting with this default.
pub(super) const fn plain(default: &'static str) -> About {
    About {
        default,
        is_secret: false,
        is_bare: false,
        is_common: false,
    }
}

/// A setting whose value is never printed.
pub(super) const fn secret() -> About {
    About {
        is_secret: true,
        ..plain("")
    }
}

impl About {
    pub(super) const fn bare(self) -> Self {
        Self {
            is_bare: true,
            ..self
        }
    }

    pub(super) const fn common(self) -> Self {
        Self {
            is_common: true,
            ..self
        }
    }
}

impl Setting {
    pub(super) const fn new(name: &'static str, words: &'static str, about: About) -> Self {
        Self { name, words, about }
    }

    /// What it does, for `clara help`.
    pub fn words(&self) -> &'static str {
        self.words.trim_start()
    }

    /// `CLARA_DATA_DIR`
    pub fn variable(&self) -> String {
        format!("CLARA_{}", self.name)
    }

    /// `data-dir`
    pub fn flag(&self) -> String {
        self.name.to_ascii_lowercase().replace('_', "-")
    }
}

/// A setting together with how its value is read.
pub(super) struct Typed<T: 'static> {
    pub setting: Setting,
    pub read: fn(Given<'_>) -> Result<T, SettingsError>,
}

impl<T> Typed<T> {
    /// A mistake in it that repeats no value.
    pub(super) fn problem(&self, problem: impl Into<String>) -> SettingsError {
        SettingsError {
            name: self.setting.name,
            problem: problem.into(),
        }
    }
}

/// A wrong setting, in one line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct SettingsError {
    name: &'static str,
    problem: String,
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CLARA_{} {}", self.name, self.problem)
    }
}

/// The values that were given, by setting.
#[derive(Debug, Clone, Default)]
pub struct RawSettings(HashMap<&'static str, String>);

impl RawSettings {
    /// Gathers values: `flag` and `environment` give a setting's value where it was given there.
    pub fn gather(
        flag: impl Fn(&Setting) -> Option<String>,
        environment: impl Fn(&str) -> Option<String>,
        file: &HashMap<String, String>,
    ) -> Self {
        let value = |setting: &Setting| {
            let prefixed = setting.variable();
            let bare = |get: &dyn Fn(&str) -> Option<String>| {
                setting.about.is_bare.then(|| get(setting.name)).flatten()
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
                .filter_map(|setting| Some((setting.name, value(setting)?)))
                .collect(),
        )
    }

    /// The value of a setting.
    pub(super) fn get<T>(&self, typed: &Typed<T>) -> Result<T, SettingsError> {
        (typed.read)(Given {
            setting: typed.setting,
            value: self.0.get(typed.setting.name).map(|value| value.trim()),
        })
    }

    /// Whether nothing was given for a setting, so that its default holds.
    pub(super) fn is_missing<T>(&self, typed: &Typed<T>) -> bool {
        !self.0.contains_key(typed.setting.name)
    }
}

/// What was given for one setting.
#[derive(Clone, Copy)]
pub(super) struct Given<'v> {
    setting: Setting,
    value: Option<&'v str>,
}

impl Given<'_> {
    /// A mistake that repeats no value.
    pub fn problem(self, problem: impl Into<String>) -> SettingsError {
        SettingsError {
            name: self.setting.name,
            problem: problem.into(),
        }
    }

    /// A mistake with what was given. Only for settings that are no secret.
    pub fn got(self, value: &str, takes: &str) -> SettingsError {
        let shown: String = value.chars().filter(|c| !c.is_control()).take(60).collect();
        self.problem(format!("got `{shown}`, {takes}"))
    }

    /// Whether nothing was given.
    pub fn is_missing(self) -> bool {
        self.value.is_none()
    }

    /// What was given, or the default.
    pub fn text(self) -> String {
        self.value.unwrap_or(self.setting.about.default).to_owned()
    }

    /// A parser's form, so that it can stand in the table.
    #[expect(
        clippy::unnecessary_wraps,
        reason = "every parser of the table may refuse"
    )]
    pub fn secret(self) -> Result<Option<SecretString>, SettingsError> {
        Ok(self.value.map(|value| value.to_owned().into()))
    }

    pub fn path(self) -> Result<Option<PathBuf>, SettingsError> {
        self.value.map(|raw| setting_path(self, raw)).transpose()
    }

    pub fn path_list(self) -> Result<Option<Vec<PathBuf>>, SettingsError> {
        let Some(raw) = self.value else {
            return Ok(None);
        };
        let paths = std::env::split_paths(raw)
            .map(|path| setting_path(self, path.to_string_lossy().trim()))
            .filter(|path| !matches!(path, Ok(path) if path.as_os_str().is_empty()));
        paths.collect::<Result<_, _>>().map(Some)
    }

    /// A value whose type reads itself; `None` where neither given nor defaulted.
    pub fn parsed<T: FromStr<Err = Invalid>>(self) -> Result<Option<T>, SettingsError> {
        let raw = self.text();
        if raw.is_empty() {
            return Ok(None);
        }
        let parsed = raw.parse().map(Some);
        parsed.map_err(|problem: Invalid| self.got(&raw, &problem.to_string()))
    }

    pub fn required<T: FromStr<Err = Invalid>>(self) -> Result<T, SettingsError> {
        self.parsed()?
            .ok_or_else(|| self.problem("must not be empty"))
    }

    pub fn number<T: FromStr + PartialOrd + fmt::Display + Copy>(
        self,
        least: T,
        most: T,
    ) -> Result<T, SettingsError> {
        let raw = self.text();
        let number = raw
            .parse::<T>()
            .ok()
            .filter(|number| *number >= least && *number <= most);
        number.ok_or_else(|| {
            self.got(
                &raw,
                &format!("takes a whole number from {least} to {most}"),
            )
        })
    }

    /// Whole credits, from none to `most`.
    pub fn credits(self, most: i64) -> Result<Credits, SettingsError> {
        self.number(0, most).map(Credits::whole)
    }

    /// Megabytes from 1 to `most`, as bytes.
    pub fn megabytes(self, most: u64) -> Result<u64, SettingsError> {
        self.number(1, most).map(|megabytes| megabytes * 1_000_000)
    }

    pub fn switch(self) -> Result<bool, SettingsError> {
        let raw = self.text();
        match raw.to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" | "on" => Ok(true),
            "false" | "0" | "no" | "off" => Ok(false),
            _ => Err(self.got(&raw, "takes true or false")),
        }
    }

    pub fn choice(self, choices: &[&'static str]) -> Result<&'static str, SettingsError> {
        let raw = self.text();
        let chosen = choices.iter().find(|choice| **choice == raw).copied();
        chosen.ok_or_else(|| self.got(&raw, &format!("takes {}", choices.join(" or "))))
    }

    /// The parts of a comma-separated value, each read; the first that cannot be is named with what is taken.
    pub fn list<T>(
        self,
        takes: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Vec<T>, SettingsError> {
        parts(&self.text())
            .map(|part| read(part).ok_or_else(|| self.got(part, takes)))
            .collect()
    }
}

/// The parts of a comma-separated value.
pub(super) fn parts(raw: &str) -> impl Iterator<Item = &str> {
    raw.split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
}
