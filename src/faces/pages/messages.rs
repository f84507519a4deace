//! What an answer says to a person. The words that operations put into their answers are for programs and models; here stands,
//! once for all pages, what somebody before a page reads instead, and how long they are to wait.

use crate::fault::FaultKind;
use crate::operations::dispatch::Answer;

/// When whoever met something that is not there just now may come again.
const BUSY_SECONDS: u64 = 5;
const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;

/// What a form's refusals are about.
#[derive(Debug, Clone, Copy)]
pub struct Refused {
    /// Beside which field to say that what was given opens nothing.
    pub field: &'static str,
    pub words: &'static str,
    /// What is left to do for who is sure to be right.
    pub advice: &'static str,
    /// The field with the address.
    pub address: &'static str,
    /// What to say where an argument is refused that nobody typed.
    pub other: &'static str,
    /// What to say of a field that is well formed and refused for another reason.
    pub about: &'static [(&'static str, &'static str)],
    /// What to say where nothing was filled in.
    pub empty: &'static str,
    /// What was done too often; how long to wait is said after it.
    pub too_often: &'static str,
}

impl Refused {
    /// What is true of any form.
    pub const ANYHOW: Self = Self {
        field: "",
        words: "",
        advice: "",
        address: "",
        other: "",
        about: &[],
        empty: "Fill in the form first.",
        too_often: "That was too often.",
    };

    /// The same where a code was to be mailed.
    pub const fn sending(self) -> Self {
        Self {
            too_often: "No more codes are mailed for now: an address gets one a minute, five an hour and ten a day at most.",
            ..self
        }
    }
}

/// The same for an account that has one and an address that has none: who asks must not learn which it is, nor whether too many
/// wrong tries were made.
pub const IF_SURE: &str = "If you are sure of both, others may have tried too many wrong passwords. Then choose a new password by mail, and it is \
                           taken from everywhere.";

/// What to say where a code is no code at all.
pub const NO_CODE: &str = "Type the code as it stands there, for example 245522.";

/// What an answer says where nothing better is known of it.
pub fn words_of(answer: &Answer, too_often: &str) -> String {
    let Some(kind) = answer.fault() else {
        return answer.message.clone();
    };
    match kind {
        FaultKind::RateLimited { .. } => format!(
            "{too_often} Try again in {}.",
            how_long(wait_of(answer).unwrap_or(MINUTE))
        ),
        FaultKind::Forbidden | FaultKind::NotEnoughCredits { .. } => {
            "You may not do this.".to_owned()
        }
        FaultKind::TooSlow => "The form did not arrive in time. Try again.".to_owned(),
        FaultKind::TooLarge { .. } => "What you sent is too long.".to_owned(),
        FaultKind::NotConfigured(_) | FaultKind::Unavailable(_) => format!(
            "That did not work just now, and it is not you. Try again in {}.",
            how_long(BUSY_SECONDS)
        ),
        FaultKind::Internal => {
            let id = answer.data["request_id"].as_str().unwrap_or("none");
            format!(
                "Something went wrong on our side, and it is not you. If it happens again, tell whoever runs this server; the request is {id}."
            )
        }
        _ => answer.message.clone(),
    }
}

/// After how many seconds to come again, where waiting helps.
pub fn wait_of(answer: &Answer) -> Option<u64> {
    match answer.fault()? {
        FaultKind::RateLimited {
            retry_after_seconds,
        } => Some(*retry_after_seconds),
        FaultKind::NotConfigured(_) | FaultKind::Unavailable(_) => Some(BUSY_SECONDS),
        _ => None,
    }
}

/// As people say it; never less than it is.
fn how_long(seconds: u64) -> String {
    let (number, unit) = match seconds {
        0..=90 => (seconds.max(1), "second"),
        91..=5_400 => (seconds.div_ceil(MINUTE), "minute"),
        _ => (seconds.div_ceil(HOUR), "hour"),
    };
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {unit}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::{Fault, Service};

    #[test]
    fn a_wait_is_said_as_people_say_it_and_never_too_short() {
        for (seconds, said) in [
            (0, "1 second"),
            (1, "1 second"),
            (59, "59 seconds"),
            (90, "90 seconds"),
            (91, "2 minutes"),
            (900, "15 minutes"),
            (5_400, "90 minutes"),
            (5_401, "2 hours"),
            (86_400, "24 hours"),
        ] {
            assert_eq!(how_long(seconds), said);
        }
    }

    #[test]
    fn what_waiting_helps_against_says_how_long_and_names_no_part_of_ours() {
        let busy = Fault::new(FaultKind::Unavailable(Service::PasswordHashing));
        let busy = Answer::from_fault(&busy, "r");
        let words = words_of(&busy, "");
        assert!(words.ends_with("Try again in 5 seconds."), "{words}");
        assert!(!words.contains("hashing"), "{words}");
        assert_eq!(wait_of(&busy), Some(5));
        let retry_after_seconds = 40;
        let often = Fault::new(FaultKind::RateLimited {
            retry_after_seconds,
        });
        let often = Answer::from_fault(&often.with_hint("auth_send_otp is for models"), "r");
        let words = words_of(&often, "That was too often.");
        assert_eq!(words, "That was too often. Try again in 40 seconds.");
        assert_eq!(wait_of(&often), Some(40));
        let broken = Answer::from_fault(&Fault::internal("x"), "r_1");
        assert!(words_of(&broken, "").contains("r_1"));
        assert_eq!(wait_of(&broken), None);
    }
}
