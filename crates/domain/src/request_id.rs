//! The identifiers of one call. It knows no header and no log.

use std::fmt;
use std::ops::Deref;

/// What a call is called: the name that its caller is told, which may be the caller's own choice, and ours, which is drawn at
/// random and which no caller can choose. As text it is the name that the caller is told.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RequestId {
    told: String,
    own: Option<String>,
}

impl RequestId {
    /// The caller's choice beside ours.
    pub fn chosen(told: &str, own: String) -> Self {
        Self {
            told: told.to_owned(),
            own: Some(own),
        }
    }

    /// Ours where the caller is told another one.
    pub fn own_beside(&self) -> Option<&str> {
        self.own.as_deref()
    }

    /// Ours, whether or not the caller is told it.
    pub fn own(&self) -> &str {
        self.own.as_deref().unwrap_or(&self.told)
    }
}

impl From<String> for RequestId {
    fn from(told: String) -> Self {
        Self { told, own: None }
    }
}

impl From<&str> for RequestId {
    fn from(told: &str) -> Self {
        told.to_owned().into()
    }
}

impl Deref for RequestId {
    type Target = str;

    fn deref(&self) -> &str {
        &self.told
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.told)
    }
}
