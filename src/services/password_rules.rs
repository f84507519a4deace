//! Which passwords somebody may choose here: long enough for this deployment, not easy to guess, not made of what
//! everybody knows of them, and not in a list of leaked ones. All of it is judged before a password is hashed.

use zxcvbn::{Score, zxcvbn};

use super::service_deps::ServiceDeps;
use crate::adapters::breached::{BreachedError, BreachedPasswords};
use crate::domain::email::Email;
use crate::domain::name::PersonName;
use crate::domain::password::Password;
use crate::fault::Fault;

/// From this length on a password that has no letter and no digit is long enough by itself: nobody has a list of those.
const LONG: usize = 15;
/// Shorter words stand in too many passwords to say anything.
const MIN_WORD: usize = 3;
/// So many characters at either end are judged.
const JUDGED: usize = 32;
/// So many letters and digits must be left when the words that everybody knows are taken out.
const ENOUGH_LEFT: usize = 5;
/// At least 10^6 guesses: every random password of eight characters, and none that stands in a list.
const LEAST: Score = Score::Two;

const TOO_EASY: &str =
    "is too easy to guess: take a few words that do not belong together, or more characters";
const TOO_CLOSE: &str = "must not be made of your address, your names, the word Clara or the name of this server: \
                         add words that have nothing to do with them";
const LEAKED: &str = "stands in a list of passwords that were stolen elsewhere, which is what others try first: take \
                      another one, and change it wherever you use it";

/// What everybody can know of whose password it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Whose<'a> {
    pub(super) email: &'a Email,
    pub(super) names: [Option<&'a PersonName>; 2],
}

/// The rules of this deployment.
#[derive(Clone)]
pub(super) struct PasswordRules {
    minimum: usize,
    house_words: Vec<String>,
    breached: BreachedPasswords,
}

impl PasswordRules {
    pub(super) fn new(minimum: usize, host: Option<&str>, breached: BreachedPasswords) -> Self {
        let mut house_words = vec!["clara".to_owned()];
        house_words.extend(words(host.unwrap_or_default()));
        Self {
            minimum: minimum.clamp(Password::MIN_CHARACTERS, Password::MAX_CHARACTERS),
            house_words,
            breached,
        }
    }

    /// Refuses what is too short here or too easy to guess. The work is done beside the hashes, as bounded as they are.
    pub(super) async fn judge(
        &self,
        deps: &ServiceDeps,
        password: &Password,
        whose: Whose<'_>,
    ) -> Result<(), Fault> {
        if password.expose().chars().count() < self.minimum {
            let problem = format!(
                "must be {} to {} characters",
                self.minimum,
                Password::MAX_CHARACTERS
            );
            return Err(Fault::field("password", problem));
        }
        let words = self.words_of(whose);
        let judged = password.clone();
        let verdict = deps
            .passwords
            .work(move || verdict(judged.expose(), &words))
            .await?;
        verdict.map_err(|problem| Fault::field("password", problem))
    }

    /// Refuses a password that is known to have leaked. Where that cannot be found out, it is taken, and the log says so.
    pub(super) async fn look_up(&self, password: &Password) -> Result<(), Fault> {
        match self.breached.holds(password.expose()).await {
            Ok(false) => Ok(()),
            Ok(true) => Err(Fault::field("password", LEAKED)),
            Err(error) => {
                metrics::counter!("clara_breached_passwords_unknown_total").increment(1);
                tracing::warn!(%error, "whether a new password has leaked could not be found out; it was taken");
                Ok(())
            }
        }
    }

    /// Whether leaked passwords can be looked up; `None` where they are not.
    pub(super) async fn can_look_up(&self) -> Option<Result<(), BreachedError>> {
        match self.breached {
            BreachedPasswords::Off => None,
            _ => Some(self.breached.holds("").await.map(drop)),
        }
    }

    fn words_of(&self, whose: Whose<'_>) -> Vec<String> {
        let mut all = self.house_words.clone();
        all.extend(words(whose.email.key()));
        for name in whose.names.into_iter().flatten() {
            all.extend(words(name.as_str()));
        }
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// A text and its parts, in lower case.
fn words(text: &str) -> Vec<String> {
    let whole = text.to_lowercase();
    let before_at = whole.split('@').next().unwrap_or_default();
    let parts = whole.split(|sign: char| !sign.is_alphanumeric());
    std::iter::once(whole.as_str())
        .chain(std::iter::once(before_at))
        .chain(parts)
        .filter(|word| word.chars().count() >= MIN_WORD)
        .map(str::to_owned)
        .collect()
}

/// What is wrong with a password whose owner all these words belong to.
fn verdict(password: &str, words: &[String]) -> Result<(), &'static str> {
    let is_in_no_list = |sign: char| !sign.is_ascii() && !sign.is_alphanumeric();
    if password.chars().count() >= LONG && password.chars().all(is_in_no_list) {
        return Ok(());
    }
    let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let given = password.to_lowercase();
    let mut rest = given.clone();
    for word in &words {
        rest = rest.replace(word, "");
    }
    let is_close = rest != given;
    let left = rest.chars().filter(|sign| sign.is_alphanumeric()).count();
    if is_close && left < ENOUGH_LEFT {
        return Err(TOO_CLOSE);
    }
    let is_strong = |part: &str| zxcvbn(part, &words).score() >= LEAST;
    if ends(password).into_iter().any(is_strong) {
        Ok(())
    } else if is_close {
        Err(TOO_CLOSE)
    } else {
        Err(TOO_EASY)
    }
}

/// Its first and its last characters: one of the two being hard to guess is enough, and the time that takes grows with the
/// length's third power.
fn ends(password: &str) -> [&str; 2] {
    let at = |characters: usize| {
        let mut begins = password.char_indices().map(|(at, _)| at);
        begins.nth(characters).unwrap_or(password.len())
    };
    let length = password.chars().count();
    let (head, tail) = (at(JUDGED), at(length.saturating_sub(JUDGED)));
    [
        password.get(..head).unwrap_or(password),
        password.get(tail..).unwrap_or(password),
    ]
}

#[cfg(test)]
mod tests;
