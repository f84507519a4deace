//! The words Clara thinks in: identifiers, addresses, credits, codes, tasks, claims, verdicts, evidence.
//! Types that cannot be built wrong, and rules without input or output. This module knows no other module of the house.
#![forbid(unsafe_code)]

pub mod area;
pub mod audit;
pub mod checkout;
pub mod claim;
pub mod clock;
pub mod code;
pub mod credits;
pub mod email;
pub mod evidence;
pub mod file_digest;
pub mod google;
pub mod ids;
pub mod invisible;
pub mod ledger;
pub mod name;
pub mod network;
pub mod operator;
pub mod page;
pub mod page_request;
pub mod password;
pub mod purchase;
pub mod randomness;
pub mod request_id;
pub mod second_factor;
pub mod submission;
pub mod task;
pub mod text;
pub mod user;
pub mod verdict;

/// Why a value from outside was refused, in words for the person or model that sent it.
///
/// The sentence stands after the field's name ("`email` …") and says what the field takes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Invalid(pub String);

impl Invalid {
    /// Makes the refusal from a sentence such as `must be six digits`.
    pub fn new(problem: impl Into<String>) -> Self {
        Self(problem.into())
    }
}

/// Gives a string-like type its `Serialize`, `Deserialize` (through `FromStr`) and `Display` in one place.
macro_rules! parsed_string {
    ($name:ty) => {
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let raw = <String as serde::Deserialize>::deserialize(deserializer)?;
                raw.parse().map_err(serde::de::Error::custom)
            }
        }
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
    };
}
pub(crate) use parsed_string;
