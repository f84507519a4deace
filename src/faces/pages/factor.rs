//! The second factor as a person meets it: which of the two an account asks for, and what is said of its code.

use super::fields::{self, Field};
use super::messages::Refused;
use crate::domain::second_factor::SecondFactorMethod;
use crate::fault::FaultKind;
use crate::operations::dispatch::Answer;

/// How the account's owner proves more than a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Factor {
    Mail,
    App,
}

const CODE_OF_MAIL: Field = Field {
    label: "Code from the mail",
    hint: "Six digits, good once and for ten minutes.",
    ..fields::CODE
};
const CODE_OF_APP: Field = Field {
    label: "Code from your authenticator app",
    hint: "The six digits that it shows now. Without the app: one of your recovery codes.",
    ..fields::CODE
};

impl Factor {
    /// The factor that an answer asks for; `None` where it asks for none.
    pub fn asked_for(answer: &Answer) -> Option<Self> {
        match answer.fault()? {
            FaultKind::SecondFactorRequired { method } => Some(match method {
                SecondFactorMethod::Mail => Self::Mail,
                SecondFactorMethod::App => Self::App,
            }),
            _ => None,
        }
    }

    /// Reads it back from a form, where only words hang on it.
    pub fn said(word: &str) -> Self {
        if word == Self::App.word() {
            Self::App
        } else {
            Self::Mail
        }
    }

    /// The word in forms.
    pub fn word(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::App => "app",
        }
    }

    /// The field of its code.
    pub fn field(self) -> Field {
        match self {
            Self::Mail => CODE_OF_MAIL,
            Self::App => CODE_OF_APP,
        }
    }

    /// What is said where its code opens nothing.
    pub fn refused(self) -> Refused {
        Refused {
            field: "code",
            words: match self {
                Self::Mail => "This code is wrong, used or too old. Have a new one mailed.",
                Self::App => {
                    "This code is wrong, used or too old. Give the next one that the app shows, or a recovery code that you have \
                     not used."
                }
            },
            other: TAKE_THE_APPS,
            too_often: match self {
                Self::Mail => "There were too many wrong codes.",
                Self::App => {
                    "There were too many wrong codes. A recovery code may be taken even now."
                }
            },
            ..Refused::ANYHOW
        }
    }
}

/// What is said to who wants a code mailed and has an app.
pub const TAKE_THE_APPS: &str =
    "For this account no code is mailed: take the one that your authenticator app shows.";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::Fault;

    #[test]
    fn an_answer_that_asks_for_no_factor_names_none() {
        let refused = Fault::new(FaultKind::Unauthenticated).with_hint("no authenticator app");
        let refused = Answer::from_fault(&refused, "");
        assert_eq!(Factor::asked_for(&refused), None);
        for (method, factor) in [
            (SecondFactorMethod::Mail, Factor::Mail),
            (SecondFactorMethod::App, Factor::App),
        ] {
            let asked = Fault::new(FaultKind::SecondFactorRequired { method });
            let asked = Answer::from_fault(&asked, "");
            assert_eq!(Factor::asked_for(&asked), Some(factor));
            assert_eq!(Factor::said(factor.word()), factor);
        }
    }
}
