//! One judgement held against the report and its sources: every quote is found in its source or the judgement is refused, with
//! all reasons at once.

use std::cell::Cell;

use clara_domain::claim::ClaimSpan;
use clara_domain::evidence::{Quote, Source};
use clara_domain::text::Span;
use clara_domain::verdict::{Stance, Verdict};

use super::boundary::widened;
use super::correction::corrected;
use super::figures;
use super::matching::Found;
use super::passage::{column_at, passages_at, values_at};
use super::refusal::Refusal;
use super::source_text::SourceText;
use super::weighing::{self, Opinion, Weighed};
use super::{
    CallerJudgement, CallerQuote, MAX_QUOTE_CHARACTERS, MAX_QUOTES, MAX_RATIONALE_CHARACTERS,
};
use crate::language::{real, share};
use crate::material::Material;
use crate::report::{
    Correction, Disagreement, Report, ReportedClaim, evidence_of, rules::SourceSet,
};
use crate::verdict::decide::rounded;

/// Fewer letters and digits than this are no quote.
const MIN_QUOTE_LETTERS: usize = 2;

/// For so many quotes of a call the nearest text is looked for: it takes longer than all else.
const MAX_NEAREST: usize = 50;

/// A judgement that nothing is held against.
pub(super) struct Examined<'a> {
    /// Its position in the report.
    pub claim: usize,
    pub verdict: Verdict,
    pub rationale: String,
    pub quotes: Vec<(&'a Source, Quote)>,
    pub correction: Option<Correction>,
    /// Whether the rules come to the same.
    pub agrees: bool,
    pub disagrees: Vec<Disagreement>,
}

/// A report and its sources, ready to hold judgements against; each source is read for matching once.
pub(super) struct Examination<'a> {
    report: &'a Report,
    material: &'a Material,
    sources: Vec<SourceText<'a>>,
    /// How many quotes were not found so far.
    searches: Cell<usize>,
}

impl<'a> Examination<'a> {
    pub fn new(report: &'a Report, material: &'a Material) -> Self {
        let sources = material.sources.iter().map(SourceText::new);
        Self {
            report,
            material,
            sources: sources.collect(),
            searches: Cell::new(0),
        }
    }

    /// What is accepted, unless reasons against it are added.
    pub fn examine(
        &self,
        judgement: &CallerJudgement,
        refusals: &mut Vec<Refusal>,
    ) -> Option<Examined<'a>> {
        let verdict = judgement.verdict;
        let claims = &self.report.claims;
        let number = claims.iter().position(|claim| claim.id == judgement.claim);
        let Some(number) = number else {
            refusals.push(Refusal::UnknownClaim {
                claim: judgement.claim.clone(),
                claims: claims.iter().map(|claim| claim.id.clone()).collect(),
            });
            return None;
        };
        let claim = &claims[number];
        let rationale = judgement.rationale.trim();
        let characters = rationale.chars().count();
        if rationale.is_empty() {
            refusals.push(Refusal::RationaleMissing);
        } else if characters > MAX_RATIONALE_CHARACTERS {
            refusals.push(Refusal::RationaleTooLong { characters });
        }
        if judgement.quotes.is_empty() && verdict != Verdict::NotEnoughEvidence {
            refusals.push(Refusal::QuotesMissing { verdict });
        }
        if judgement.quotes.len() > MAX_QUOTES {
            let quotes = judgement.quotes.len();
            refusals.push(Refusal::TooManyQuotes { quotes });
            return None;
        }
        let words = weighing::stems(read_as(claim));
        let mut quotes: Vec<(&'a Source, Quote)> = Vec::new();
        for (at, quote) in judgement.quotes.iter().enumerate() {
            let stance = stance(at, quote, verdict, refusals);
            let Some((source, span)) = self.found(at, quote, &words, refusals) else {
                continue;
            };
            let text = source.text.slice(span).to_owned();
            let quote = Quote {
                source: source.id.clone(),
                span,
                relevance: relevance(&words, &text),
                text,
                stance,
                column: column_at(source, span),
            };
            let is_new = quotes.iter().all(|(_, known)| {
                (&known.source, known.span, known.stance) != (&quote.source, quote.span, stance)
            });
            if is_new {
                quotes.push((source, quote));
            }
        }
        if !refusals.is_empty() {
            return None;
        }
        self.check_sides(verdict, &quotes, refusals);
        let unclear = check_figures(claim, verdict, &quotes, refusals);
        let correction = corrected(judgement, claim, &quotes, refusals);
        if !refusals.is_empty() {
            return None;
        }
        let (agrees, disagrees) = self.opinion(claim, verdict, &quotes, unclear);
        Some(Examined {
            claim: number,
            verdict,
            rationale: rationale.to_owned(),
            quotes,
            correction,
            agrees,
            disagrees,
        })
    }

    /// Where the quote stands: of several places the one whose sentence has most words of the claim.
    fn found(
        &self,
        at: usize,
        quote: &CallerQuote,
        words: &[String],
        refusals: &mut Vec<Refusal>,
    ) -> Option<(&'a Source, Span)> {
        let ids = || {
            self.sources
                .iter()
                .map(|one| one.source.id.clone())
                .collect()
        };
        if quote.source == Source::SUBMISSION {
            refusals.push(Refusal::SubmissionQuoted {
                quote: at,
                sources: ids(),
            });
            return None;
        }
        let known = self
            .sources
            .iter()
            .find(|one| one.source.id == quote.source);
        let Some(known) = known else {
            refusals.push(Refusal::UnknownSource {
                quote: at,
                source_id: quote.source.clone(),
                sources: ids(),
            });
            return None;
        };
        let source = known.source;
        let characters = quote.text.chars().count();
        if characters > MAX_QUOTE_CHARACTERS {
            refusals.push(Refusal::QuoteTooLong {
                quote: at,
                characters,
            });
            return None;
        }
        if says_nothing(&quote.text) {
            refusals.push(Refusal::QuoteTooShort { quote: at });
            return None;
        }
        let places = match known.quotable.find(&quote.text) {
            Found::At(places) => places,
            Found::Cut(bytes) => {
                let whole = widened(known.quotable.text, bytes);
                refusals.push(Refusal::QuoteCutsWord {
                    quote: at,
                    source_id: source.id.clone(),
                    whole: known.quotable.text[whole].to_owned(),
                });
                return None;
            }
            Found::Nowhere => {
                let is_searched = self.searches.get() < MAX_NEAREST;
                self.searches.set(self.searches.get() + 1);
                refusals.push(Refusal::QuoteNotFound {
                    quote: at,
                    source_id: source.id.clone(),
                    nearest: is_searched.then(|| known.nearest(&quote.text)).flatten(),
                    is_searched,
                });
                return None;
            }
        };
        let spans = places.into_iter().map(|bytes| source.text.span_of(bytes));
        let span = best(source, spans.collect(), words)?;
        if let [passage] = passages_at(source, span).as_slice()
            && let Some(what) = weighing::left_out(source.text.slice(span), passage)
        {
            refusals.push(Refusal::QuoteLeavesOut {
                quote: at,
                what,
                sentence: passage.text.to_owned(),
            });
            return None;
        }
        Some((source, span))
    }

    /// Both sides of a conflict must be there, and not be one sentence read twice.
    fn check_sides(
        &self,
        verdict: Verdict,
        quotes: &[(&'a Source, Quote)],
        refusals: &mut Vec<Refusal>,
    ) {
        let source_set = SourceSet {
            submission: &self.material.submission,
            sources: &self.material.sources,
        };
        let evidence: Vec<_> = quotes
            .iter()
            .map(|(source, quote)| evidence_of(0, source, quote.clone()))
            .collect();
        if !source_set.carries(verdict, &evidence) {
            refusals.push(Refusal::QuotesMissing { verdict });
        }
    }

    fn opinion(
        &self,
        claim: &ReportedClaim,
        verdict: Verdict,
        quotes: &[(&'a Source, Quote)],
        unclear: Vec<String>,
    ) -> (bool, Vec<Disagreement>) {
        let span = Span::new(claim.start, claim.end);
        // A reading by itself has no pronoun left that leans on what stands before.
        let before = match claim.standalone {
            Some(_) => Vec::new(),
            None => passages_at(&self.material.submission, span)
                .first()
                .map(|passage| {
                    passage
                        .before
                        .iter()
                        .map(|text| (*text).to_owned())
                        .collect()
                })
                .unwrap_or_default(),
        };
        let read = ClaimSpan {
            text: read_as(claim).to_owned(),
            span,
            before,
        };
        let weighed: Vec<Weighed<'_>> = quotes
            .iter()
            .map(|(source, quote)| Weighed {
                stance: quote.stance,
                passages: passages_at(source, quote.span),
            })
            .collect();
        let Opinion {
            agrees,
            mut disagrees,
        } = weighing::opinion(&read, verdict, &weighed);
        for written in unclear {
            let found = Disagreement {
                name: "figure_unclear".to_owned(),
                detail: format!("whether the quotes give “{written}” was not to be told"),
            };
            weighing::note(&mut disagrees, found);
        }
        for found in weighing::overruled(claim, &self.report.engine.name, verdict) {
            weighing::note(&mut disagrees, found);
        }
        (agrees && disagrees.is_empty(), disagrees)
    }
}

/// What is judged of a claim.
fn read_as(claim: &ReportedClaim) -> &str {
    claim.standalone.as_deref().unwrap_or(&claim.text)
}

/// What a quote does to the claim: what the verdict says, or what the quote itself says where it is a conflict.
fn stance(at: usize, quote: &CallerQuote, verdict: Verdict, refusals: &mut Vec<Refusal>) -> Stance {
    let follows = match verdict {
        Verdict::Supported => Stance::Supports,
        Verdict::Refuted => Stance::Refutes,
        Verdict::NotEnoughEvidence => Stance::Neutral,
        Verdict::Conflicting => {
            return quote.stance.unwrap_or_else(|| {
                refusals.push(Refusal::StanceMissing { quote: at });
                Stance::Neutral
            });
        }
    };
    if let Some(stance) = quote.stance.filter(|stance| *stance != follows) {
        refusals.push(Refusal::StanceDiffers {
            quote: at,
            stance,
            verdict,
        });
    }
    follows
}

/// Too few letters, or only words such as `the` and `was`.
fn says_nothing(text: &str) -> bool {
    let letters = text.chars().filter(|letter| letter.is_alphanumeric());
    letters.take(MIN_QUOTE_LETTERS).count() < MIN_QUOTE_LETTERS || weighing::stems(text).is_empty()
}

fn best(source: &Source, spans: Vec<Span>, words: &[String]) -> Option<Span> {
    if let [only] = spans.as_slice() {
        return Some(*only);
    }
    let shared = |span: &Span| {
        let passages = passages_at(source, *span);
        let stems: Vec<String> = passages
            .iter()
            .flat_map(|passage| weighing::stems(passage.text))
            .collect();
        words.iter().filter(|word| stems.contains(word)).count()
    };
    // The first of those that share most.
    let places = spans.into_iter().rev();
    places.max_by_key(shared)
}

/// How many of the claim's words a quote has.
fn relevance(words: &[String], quote: &str) -> f64 {
    let stems = weighing::stems(quote);
    let shared = words.iter().filter(|word| stems.contains(word)).count();
    rounded(share(real(shared), real(words.len())))
}

/// Refuses support that does not give the claim's figures; returns those of which that is not to be told.
fn check_figures(
    claim: &ReportedClaim,
    verdict: Verdict,
    quotes: &[(&Source, Quote)],
    refusals: &mut Vec<Refusal>,
) -> Vec<String> {
    if !matches!(verdict, Verdict::Supported | Verdict::Conflicting) {
        return Vec::new();
    }
    let supporting: Vec<String> = quotes
        .iter()
        .filter(|(_, quote)| quote.stance == Stance::Supports)
        .map(|(source, quote)| values_at(source, quote.span))
        .collect();
    let supporting: Vec<&str> = supporting.iter().map(String::as_str).collect();
    let missing = figures::missing(read_as(claim), &supporting);
    if !missing.figures.is_empty() {
        refusals.push(Refusal::FigureMissing {
            figures: missing.figures,
        });
    }
    missing.unclear
}
