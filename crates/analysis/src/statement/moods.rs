//! How a verb group is meant: as a fact, as possible, permitted, required, planned or of the future.

use std::ops::Range;

use super::clause::Mood;
use super::lexical;
use super::token::Token;

/// Participles after `is` and before an infinitive that say what may or must be done: `is allowed to park`.
const PERMITTING: &[&str] = &[
    "allowed",
    "permitted",
    "entitled",
    "welcome",
    "authorised",
    "authorized",
];
const OBLIGING: &[&str] = &["required", "obliged", "obligated"];
const FORBIDDING: &[&str] = &["forbidden", "prohibited", "banned"];

/// What words before an infinitive make of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Modal {
    pub(super) mood: Mood,
    /// `is forbidden to park`
    pub(super) denies: bool,
}

/// `are allowed to` of `are allowed to park`, `have to` of `have to pay`, `need to`: words that stand for `may` and `must`.
/// `words` is the range from the first auxiliary to the infinitive's `to`; `denied` whether a denial stands in it.
pub(super) fn modal_before_infinitive(
    tokens: &[Token],
    words: Range<usize>,
    denied: bool,
) -> Option<Modal> {
    let to = words.end.checked_sub(1)?;
    let word = tokens.get(to.checked_sub(1)?)?.lower.as_str();
    let lower = |at: usize| tokens[at].lower.as_str();
    if words.clone().any(|at| {
        lexical::is_possible(lower(at)) || matches!(lower(at), "will" | "shall" | "won't")
    }) {
        return None;
    }
    let is_first = |at: usize| {
        words
            .clone()
            .take_while(|before| *before < at)
            .all(|before| {
                lexical::denies(lower(before))
                    || matches!(lower(before), "do" | "does" | "also" | "still" | "only")
            })
    };
    let is_now = words
        .clone()
        .any(|at| matches!(lower(at), "is" | "are" | "isn't" | "aren't" | "am"));
    let obliged = Modal {
        mood: if denied {
            Mood::Optional
        } else {
            Mood::Obliged
        },
        denies: false,
    };
    let permitted = |denies: bool| Modal {
        mood: Mood::Permitted,
        denies,
    };
    match word {
        "have" | "has" | "need" | "needs" if is_first(to - 1) => Some(obliged),
        _ if !is_now => None,
        word if OBLIGING.contains(&word) => Some(obliged),
        word if PERMITTING.contains(&word) => Some(permitted(false)),
        word if FORBIDDING.contains(&word) => Some(permitted(true)),
        _ => None,
    }
}

/// How a group with these auxiliaries and verbs is meant.
pub(super) fn mood(
    tokens: &[Token],
    auxiliaries: &[usize],
    verbs: &[usize],
    group: Range<usize>,
) -> Mood {
    let lower = |at: &usize| tokens[*at].lower.as_str();
    let hedged = auxiliaries
        .iter()
        .any(|aux| lexical::is_possible(lower(aux)));
    let first = auxiliaries.iter().chain(verbs).min();
    let within = first.map_or(0..0, |first| {
        *first..verbs.last().copied().unwrap_or(*first) + 1
    });
    if within
        .clone()
        .any(|at| lexical::is_hedge(&tokens[at].lower))
    {
        return Mood::Possible;
    }
    if auxiliaries.iter().any(|aux| lower(aux) == "should")
        && !auxiliaries.iter().any(|aux| lower(aux) == "have")
    {
        return Mood::Obliged;
    }
    if auxiliaries
        .iter()
        .any(|aux| matches!(lower(aux), "need" | "needn't"))
    {
        return Mood::Optional;
    }
    // `may` in `may use` permits; `would`, `could`, `might` leave open.
    if auxiliaries.iter().any(|aux| lower(aux) == "may") {
        return if tokens
            .get(auxiliaries[0] + 1)
            .is_some_and(|next| next.lower == "have")
        {
            Mood::Possible
        } else {
            Mood::Permitted
        };
    }
    if hedged {
        return Mood::Possible;
    }
    let to_be = group
        .clone()
        .any(|at| tokens[at].lower == "to" && verbs.last().is_some_and(|last| at > *last));
    if to_be && verbs.iter().any(|verb| lexical::is_intention(lower(verb))) {
        return Mood::Planned;
    }
    let is_infinitive = verbs.len() > 1;
    if is_infinitive
        && verbs[..verbs.len() - 1]
            .iter()
            .any(|verb| lexical::is_intention(lower(verb)))
    {
        return Mood::Planned;
    }
    let to_be_done = auxiliaries.first().is_some_and(|aux| {
        lexical::is_be(lower(aux)) && tokens.get(aux + 1).is_some_and(|next| next.lower == "to")
    });
    if to_be_done {
        return Mood::Planned;
    }
    let obliges = |aux: &usize| match lower(aux) {
        "must" | "mustn't" => true,
        // `The tenant shall pay` obliges; `I shall pay` is to come.
        "shall" => *aux == 0 || !matches!(tokens[aux - 1].lower.as_str(), "i" | "we"),
        _ => false,
    };
    if auxiliaries.iter().any(obliges) {
        return Mood::Obliged;
    }
    let is_to_come = |aux: &usize| matches!(lower(aux), "will" | "shall" | "won't");
    if auxiliaries.iter().any(is_to_come) {
        return Mood::Future;
    }
    if auxiliaries
        .iter()
        .any(|aux| matches!(lower(aux), "can" | "can't" | "cannot"))
    {
        return Mood::Able;
    }
    Mood::Fact
}
