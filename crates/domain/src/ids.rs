//! Identifiers: a prefix that says what the thing is, and 32 lower-case hex digits of randomness. An identifier proves
//! nothing: knowing one gives no right to anything.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use super::randomness::Randomness;
use super::{Invalid, parsed_string};

macro_rules! identifier {
    ($(#[$words:meta])* $name:ident, $prefix:literal) => {
        $(#[$words])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(String);

        impl $name {
            /// What every identifier of this kind begins with.
            pub const PREFIX: &'static str = $prefix;

            /// Draws a new identifier (128 random bits).
            pub fn random(randomness: &dyn Randomness) -> Self {
                let mut bytes = [0_u8; 16];
                randomness.fill(&mut bytes);
                let hex = base16ct::lower::encode_string(&bytes);
                Self(format!("{}{hex}", $prefix))
            }

            /// The identifier as it stands on the wire and in the store.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = Invalid;

            fn from_str(raw: &str) -> Result<Self, Invalid> {
                let digits = raw.strip_prefix($prefix).unwrap_or_default();
                let well_formed = digits.len() == 32
                    && digits.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
                if well_formed {
                    Ok(Self(raw.to_owned()))
                } else {
                    Err(Invalid::new(concat!("must be `", $prefix, "` followed by 32 lower-case hex digits")))
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        parsed_string!($name);

        impl schemars::JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({
                    "type": "string",
                    "pattern": concat!("^", $prefix, "[0-9a-f]{32}$"),
                    "examples": [concat!($prefix, "0d2f7c31a94e4b5d8f60c1e2a3b4c5d6")],
                })
            }
        }
    };
}

identifier!(/// Names an account.
    UserId, "user_");
identifier!(/// Names a sign-in and the row that can end it.
    SessionId, "session_");
identifier!(/// Names a mailed code.
    CodeId, "otp_");
identifier!(/// Names an API key; a reset gives a new one.
    ApiKeyId, "api_key_");
identifier!(/// Names a ledger entry, which the contract calls a transaction.
    TransactionId, "transaction_");
identifier!(/// Names an analysis.
    TaskId, "task_");
identifier!(/// Names a file that was handed in before the analysis that it is for.
    UploadId, "upload_");
identifier!(/// Names what a program asks a person to do on a page.
    PageRequestId, "page_");
identifier!(/// Names what a program asks a person to do on a page where they drop files.
    UploadRequestId, "upload_request_");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_is_its_prefix_and_32_lower_case_hex_digits() {
        let good = "task_0123456789abcdef0123456789abcdef";
        assert_eq!(good.parse::<TaskId>().unwrap().as_str(), good);
        for bad in [
            "",
            "task_",
            "user_0123456789abcdef0123456789abcdef",
            "task_0123456789ABCDEF0123456789abcdef",
        ] {
            assert!(bad.parse::<TaskId>().is_err(), "{bad}");
        }
    }
}
