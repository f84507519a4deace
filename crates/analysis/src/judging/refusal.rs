//! Why a judgement is refused, in words that its author can act on: what was wrong, where, and what to send instead. Text of
//! sources and quotes is made harmless in these words; the fields keep it exact.

use clara_domain::verdict::{Stance, Verdict};

use super::{MAX_JUDGE_CHARACTERS, MAX_QUOTE_CHARACTERS, MAX_QUOTES, MAX_RATIONALE_CHARACTERS};
use crate::report::sanitize::{plain, shortened};
use crate::report::verdict_word;

/// How much of a text is shown in a sentence; a nearest text is shown whole, for it is to be copied.
const MAX_EXCERPT: usize = 200;

/// Words that the quote has and the source has otherwise; one side may be empty.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct WordDifference {
    pub quote: String,
    pub source: String,
    /// Letters that look alike and are not: `the quote has а (U+0430), the source a (U+0061)`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub letters: Option<String>,
}

/// The text of a source that is most like a quote that is not in it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct NearestText {
    /// Exactly what stands there.
    pub text: String,
    /// Code points of the source.
    pub start: usize,
    pub end: usize,
    pub page: Option<u32>,
    pub differences: Vec<WordDifference>,
}

/// One reason against a judgement. `quote` is the position of the quote in the judgement, from 0.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error(
        "There is no claim {} in this report. {}",
        excerpt(claim),
        known("claims", claims)
    )]
    UnknownClaim { claim: String, claims: Vec<String> },
    #[error(
        "This claim is judged {times} times in this call, and nobody can say which is meant. Send one judgement of it, with all its quotes."
    )]
    JudgedTwice { times: usize },
    #[error(
        "judged_by needs a name in 1 to {MAX_JUDGE_CHARACTERS} characters, for example \"example-model-1\"."
    )]
    JudgeUnnamed,
    #[error(
        "A rationale is missing. Say in one sentence why the quotes decide the claim, or what is missing."
    )]
    RationaleMissing,
    #[error(
        "The rationale has {characters} characters; at most {MAX_RATIONALE_CHARACTERS} are taken. Shorten it."
    )]
    RationaleTooLong { characters: usize },
    #[error("The verdict \"{}\" needs {}. Send it, or judge \"not_enough_evidence\".", verdict_word(*verdict), needs(*verdict))]
    QuotesMissing { verdict: Verdict },
    #[error("{quotes} quotes were sent; at most {MAX_QUOTES} are taken. Keep those that decide.")]
    TooManyQuotes { quotes: usize },
    #[error(
        "There is no source {}. {}",
        excerpt(source_id),
        known("sources", sources)
    )]
    UnknownSource {
        quote: usize,
        source_id: String,
        sources: Vec<String>,
    },
    #[error(
        "The submitted text is what is checked; it is no evidence for itself. {}",
        known("sources", sources)
    )]
    SubmissionQuoted { quote: usize, sources: Vec<String> },
    #[error(
        "The quote says nothing by itself. Quote the words that decide, at best the whole sentence or row."
    )]
    QuoteTooShort { quote: usize },
    #[error(
        "The quote has {characters} characters; at most {MAX_QUOTE_CHARACTERS} are taken. Quote only the sentence that decides."
    )]
    QuoteTooLong { quote: usize, characters: usize },
    #[error("The quote is not in {source_id}. {}", repair(nearest.as_ref(), *is_searched))]
    QuoteNotFound {
        quote: usize,
        source_id: String,
        nearest: Option<NearestText>,
        /// Whether the nearest text was looked for: only for the first such quotes of a call.
        is_searched: bool,
    },
    #[error(
        "The quote cuts a word or figure of {source_id} in two. Quote it whole: “{}”",
        plain(whole)
    )]
    QuoteCutsWord {
        quote: usize,
        source_id: String,
        whole: String,
    },
    #[error(
        "The quote leaves out words of its sentence that change what it says ({what}). Quote the sentence whole: “{}”",
        plain(sentence)
    )]
    QuoteLeavesOut {
        quote: usize,
        what: &'static str,
        sentence: String,
    },
    #[error("The stance \"{}\" does not go with the verdict \"{}\". {}", stance_word(*stance), verdict_word(*verdict), stances(*verdict))]
    StanceDiffers {
        quote: usize,
        stance: Stance,
        verdict: Verdict,
    },
    #[error("\"conflicting\" needs each quote's stance: \"supports\" or \"refutes\".")]
    StanceMissing { quote: usize },
    #[error("No quote gives the claim's {}. Add a quote that does, in the same or another source, or judge otherwise.", figures.iter().map(|one| excerpt(one)).collect::<Vec<_>>().join(", "))]
    FigureMissing { figures: Vec<String> },
    #[error("A correction goes with the verdict \"refuted\" only. Leave it out.")]
    CorrectionNotRefuted,
    #[error(
        "{} is not in the claim in whole words. \"replace\" is copied from it: “{}”",
        excerpt(replace),
        plain(claim)
    )]
    CorrectionNotInClaim { replace: String, claim: String },
    #[error(
        "{} stands in the claim more than once. Take more words with it, so that one place is meant.",
        excerpt(replace)
    )]
    CorrectionAmbiguous { replace: String },
    #[error(
        "{} is in no quote of this judgement that refutes. \"with\" is copied from one of them, never made up.",
        excerpt(with)
    )]
    CorrectionNotInQuote { with: String },
    #[error(
        "The correction puts in what stands there already. Leave it out, or name the words that differ."
    )]
    CorrectionSame,
}

impl Refusal {
    /// A stable name, for programs.
    pub fn name(&self) -> &'static str {
        match self {
            Self::UnknownClaim { .. } => "unknown_claim",
            Self::JudgedTwice { .. } => "judged_twice",
            Self::JudgeUnnamed => "judge_unnamed",
            Self::RationaleMissing => "rationale_missing",
            Self::RationaleTooLong { .. } => "rationale_too_long",
            Self::QuotesMissing { .. } => "quotes_missing",
            Self::TooManyQuotes { .. } => "too_many_quotes",
            Self::UnknownSource { .. } => "unknown_source",
            Self::SubmissionQuoted { .. } => "submission_quoted",
            Self::QuoteTooShort { .. } => "quote_too_short",
            Self::QuoteTooLong { .. } => "quote_too_long",
            Self::QuoteNotFound { .. } => "quote_not_found",
            Self::QuoteCutsWord { .. } => "quote_cuts_word",
            Self::QuoteLeavesOut { .. } => "quote_leaves_out",
            Self::StanceDiffers { .. } => "stance_differs",
            Self::StanceMissing { .. } => "stance_missing",
            Self::FigureMissing { .. } => "figure_missing",
            Self::CorrectionNotRefuted => "correction_not_refuted",
            Self::CorrectionNotInClaim { .. } => "correction_not_in_claim",
            Self::CorrectionAmbiguous { .. } => "correction_ambiguous",
            Self::CorrectionNotInQuote { .. } => "correction_not_in_quote",
            Self::CorrectionSame => "correction_same",
        }
    }

    /// Which part of the judgement it is about: `quotes[0].text`.
    pub fn field(&self) -> String {
        match self {
            Self::UnknownClaim { .. } | Self::JudgedTwice { .. } => "claim".to_owned(),
            Self::JudgeUnnamed => "judged_by".to_owned(),
            Self::RationaleMissing | Self::RationaleTooLong { .. } => "rationale".to_owned(),
            Self::QuotesMissing { .. }
            | Self::TooManyQuotes { .. }
            | Self::FigureMissing { .. } => "quotes".to_owned(),
            Self::UnknownSource { quote, .. } | Self::SubmissionQuoted { quote, .. } => {
                format!("quotes[{quote}].source")
            }
            Self::QuoteTooShort { quote }
            | Self::QuoteTooLong { quote, .. }
            | Self::QuoteNotFound { quote, .. }
            | Self::QuoteCutsWord { quote, .. }
            | Self::QuoteLeavesOut { quote, .. } => format!("quotes[{quote}].text"),
            Self::StanceDiffers { quote, .. } | Self::StanceMissing { quote } => {
                format!("quotes[{quote}].stance")
            }
            Self::CorrectionNotRefuted => "correction".to_owned(),
            Self::CorrectionNotInClaim { .. } | Self::CorrectionAmbiguous { .. } => {
                "correction.replace".to_owned()
            }
            Self::CorrectionNotInQuote { .. } | Self::CorrectionSame => {
                "correction.with".to_owned()
            }
        }
    }
}

impl WordDifference {
    /// Two rows of words, with the letters named where only look-alikes differ.
    pub(super) fn new(quote: &str, source: &str) -> Self {
        Self {
            quote: quote.to_owned(),
            source: source.to_owned(),
            letters: look_alike(quote, source),
        }
    }
}

fn look_alike(quote: &str, source: &str) -> Option<String> {
    if quote.chars().count() != source.chars().count() {
        return None;
    }
    let (one, other) = quote
        .chars()
        .zip(source.chars())
        .find(|(one, other)| one != other && one.is_ascii() != other.is_ascii())?;
    Some(format!(
        "the quote has {one} (U+{:04X}), the source {other} (U+{:04X})",
        u32::from(one),
        u32::from(other)
    ))
}

fn repair(nearest: Option<&NearestText>, is_searched: bool) -> String {
    if !is_searched {
        return "Too many quotes of this call are not in their sources to look for the nearest text of each. Find the passage with agent_search, and copy it from there.".to_owned();
    }
    let Some(nearest) = nearest else {
        return "Nothing like it stands there. Find the passage with agent_search, and copy it from there.".to_owned();
    };
    let page = nearest
        .page
        .map_or(String::new(), |page| format!(" (page {page})"));
    let differences: Vec<String> = nearest.differences.iter().map(told).collect();
    let differs = if differences.is_empty() {
        String::new()
    } else {
        format!(" It differs: {}.", differences.join("; "))
    };
    format!(
        "The nearest text that is{page}: “{}”.{differs} If it says what you mean, send it as it stands; else choose another passage.",
        plain(&nearest.text)
    )
}

fn told(difference: &WordDifference) -> String {
    let words = |words: &str| {
        if words.is_empty() {
            "nothing".to_owned()
        } else {
            excerpt(words)
        }
    };
    let (quote, source) = (words(&difference.quote), words(&difference.source));
    match &difference.letters {
        Some(letters) => format!(
            "the quote has {quote}, the source {source} ({})",
            plain(letters)
        ),
        None => format!("the quote has {quote}, the source {source}"),
    }
}

fn needs(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Conflicting => {
            "a quote with stance \"supports\" and one with stance \"refutes\", from different sentences"
        }
        _ => "a quote that says so, copied from a source",
    }
}

fn stances(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Conflicting => "Say \"supports\" or \"refutes\".",
        Verdict::NotEnoughEvidence => "Leave the stance out, or judge what the quotes say.",
        _ => "Leave the stance out, or judge \"conflicting\".",
    }
}

fn stance_word(stance: Stance) -> &'static str {
    match stance {
        Stance::Supports => "supports",
        Stance::Refutes => "refutes",
        Stance::Neutral => "neutral",
    }
}

fn known(what: &str, ids: &[String]) -> String {
    match ids {
        [] => format!("There are no {what}."),
        [first, .., last] if ids.len() > 5 => format!("The {what} are {first} to {last}."),
        few => format!("The {what} are {}.", few.join(", ")),
    }
}

fn excerpt(text: &str) -> String {
    format!("“{}”", shortened(&plain(text), MAX_EXCERPT))
}
