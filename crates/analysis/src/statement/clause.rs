//! Statements: one for each thing that a sentence says, with the words it says it in and the place of each.

use std::ops::Range;

use super::lexical;

/// How what is said is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mood {
    /// It is so.
    Fact,
    /// `can`
    Able,
    /// `may use`
    Permitted,
    /// `must`, `should`, and orders
    Obliged,
    /// `need not`, `does not have to`: it is not required.
    Optional,
    /// `will`
    Future,
    /// `plans to`, `is expected to`
    Planned,
    /// `could`, `would`, `perhaps`
    Possible,
    /// What somebody says, thinks, asks or denies.
    Reported,
    /// Under a condition.
    Conditional,
}

impl Mood {
    /// The word for it in a reason.
    pub fn words(self) -> &'static str {
        match self {
            Self::Fact => "said as a fact",
            Self::Able => "said to be possible",
            Self::Permitted => "said to be permitted",
            Self::Obliged => "said to be required",
            Self::Optional => "said not to be required",
            Self::Future => "said of the future",
            Self::Planned => "planned or intended",
            Self::Possible => "said to be possible or likely only",
            Self::Reported => "reported, believed or denied by somebody",
            Self::Conditional => "said under a condition",
        }
    }
}

/// Where a word stands in its statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// Who or what does it, or is so.
    Subject,
    /// What is done.
    Verb,
    /// Whom or what it is done to, or what the subject is.
    Object,
    /// After this preposition.
    After(&'static str),
    /// `because`, `when`: what ties the statement to another.
    Link,
}

/// A word that names something, with its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    /// Its token in the sentence.
    pub at: usize,
    pub lower: String,
    /// What is compared.
    pub stem: String,
    pub name: bool,
    pub place: Place,
    /// Taken over from the clause it goes on from: `The mill was built in 1912 and (the mill) employs 410 people`.
    pub inherited: bool,
    /// Describes a noun that follows: `north` in `north wing`.
    pub describes: bool,
}

impl Term {
    /// The same word in another statement, which takes it over in this place.
    pub(super) fn taken_as(&self, place: &Place) -> Self {
        Self {
            place: place.clone(),
            inherited: true,
            ..self.clone()
        }
    }
}

/// What a statement says its subject is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    Named,
    /// `it`, `they`: whatever was named before.
    Pronoun,
    /// An order, a heading, or a line without a verb.
    Absent,
}

/// One thing that a sentence says.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    pub terms: Vec<Term>,
    pub subject: Subject,
    /// Positions in the sentence's quantities.
    pub quantities: Vec<usize>,
    /// Positions in the sentence's times.
    pub times: Vec<usize>,
    /// Times of the sentence's other statements, which hold for this one where it names none.
    pub inherited_times: Vec<usize>,
    pub denied: bool,
    pub mood: Mood,
    /// `X is Y`: what stands on either side may change places.
    pub copular: bool,
    pub passive: bool,
    pub has_verb: bool,
    /// Says how an amount changed, from one value to another: its values are said by statements of their own.
    pub is_change: bool,
    /// Whether a time named elsewhere in the sentence holds for it too.
    pub shares_times: bool,
    /// Words that narrow it: `only`, `nearly`, `former`.
    pub restrictions: Vec<String>,
    /// The tokens it stands in.
    pub tokens: Range<usize>,
    /// Those of them that say this and nothing that stands beside it: less than `tokens` where a clause says several things.
    pub part: Range<usize>,
}

impl Statement {
    /// The terms that name something, in order.
    pub fn content(&self) -> impl Iterator<Item = &Term> {
        self.terms.iter()
    }

    /// Whether a term with this stem is in it.
    pub fn has(&self, stem: &str) -> bool {
        self.terms.iter().any(|term| term.stem == stem)
    }
}

/// The preposition as a place's name; `in`, `on` and `at` place a thing alike.
pub(super) fn preposition(lower: &str) -> &'static str {
    match lower {
        "in" | "on" | "at" | "within" | "inside" | "near" | "into" | "onto" => "in",
        "from" => "from",
        "to" | "toward" | "towards" => "to",
        "by" => "by",
        "for" => "for",
        "with" => "with",
        "without" => "without",
        "against" => "against",
        "before" => "before",
        "after" => "after",
        "than" => "than",
        "over" | "above" => "above",
        "under" | "below" => "below",
        "as" => "as",
        "between" | "among" => "between",
        "outside" => "outside",
        "through" | "across" => "through",
        "about" => "about",
        "except" | "excluding" => "except",
        _ => "other",
    }
}

/// Whether the word names nothing that could be compared.
pub(super) fn is_empty_word(lower: &str) -> bool {
    lexical::is_function_word(lower) || lower.is_empty()
}
