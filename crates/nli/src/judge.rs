//! The model as a judge that can wait: its work runs on threads of its own, as many as are set, and ends between two layers when
//! nobody waits for it any more.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use async_trait::async_trait;
use clara_analysis::engine::judge::{
    Answer, ClaimToJudge, Judge, JudgeError, JudgeRequest, ProposedClaim,
};
use clara_analysis::engine::spending::{Spending, Tokens};
use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::architectures::Stopped;
use crate::classifier::{Classifier, LoadError, ModelFolder};
use crate::premises::premises;
use crate::tokens::TokenPair;
use crate::verdict::{WeighedPremise, judgement};

/// The engine's name in settings and reports.
pub const ENGINE: &str = "nli";
/// Changes whenever the same input may give another judgement.
const VERSION: &str = "1";
/// The most passages of a claim that are read.
const MAX_PASSAGES: usize = 3;
/// Characters of a token, at the least, for the estimate of a budget.
const CHARACTERS_OF_A_TOKEN: usize = 2;

/// A local model as a judge. Each of its threads reads one pair of texts of at most 512 tokens at a time, so that its memory is
/// bounded by their number.
#[derive(Debug)]
pub struct NliJudge {
    name: String,
    work: Arc<Work>,
}

#[derive(Debug)]
struct Work {
    folder: ModelFolder,
    /// Loaded when the first claim is judged: commands that judge nothing do not wait for it.
    classifier: OnceLock<Result<Classifier, LoadError>>,
    threads: ThreadPool,
    name: String,
}

/// Sets its flag when it goes, whatever the reason.
struct StopOnDrop(Arc<AtomicBool>);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// A pair of texts to be read, and where its premise is from.
struct Pair {
    claim: usize,
    premise: WeighedPremise,
    tokens: TokenPair,
}

/// Why a batch has no answer.
#[derive(Debug)]
enum Failure {
    Stopped,
    NotLoaded,
    Unreadable(String),
}

impl From<Stopped> for Failure {
    fn from(Stopped: Stopped) -> Self {
        Self::Stopped
    }
}

impl NliJudge {
    /// A judge of the model in a folder, which works on so many threads.
    pub fn open(folder: &Path, threads: usize) -> Result<Self, LoadError> {
        let model = ModelFolder::open(folder)?;
        let threads = ThreadPoolBuilder::new()
            .num_threads(threads.max(1))
            .thread_name(|number| format!("nli-{number}"))
            .build()
            .map_err(|error| LoadError {
                folder: folder.to_owned(),
                problem: format!("its threads cannot be started: {error}"),
            })?;
        let name = model.name();
        Ok(Self {
            name: name.clone(),
            work: Arc::new(Work {
                folder: model,
                classifier: OnceLock::new(),
                threads,
                name,
            }),
        })
    }
}

#[async_trait]
impl Judge for NliJudge {
    fn engine(&self) -> &'static str {
        ENGINE
    }

    fn model(&self) -> &str {
        &self.name
    }

    fn version(&self) -> &'static str {
        VERSION
    }

    fn yields_to_rules(&self) -> bool {
        true
    }

    async fn judge(
        &self,
        request: &JudgeRequest,
        spending: &Spending,
    ) -> Result<Answer, JudgeError> {
        // The same texts give the same answer: what was refused stays as it was.
        if !request.refusals.is_empty() {
            return Ok(Answer::default());
        }
        let reservation = spending.reserve(Tokens {
            input: estimate(request),
            output: 0,
        })?;
        let stop = Arc::new(AtomicBool::new(false));
        let _stop_on_drop = StopOnDrop(stop.clone());
        let (work, request) = (self.work.clone(), request.clone());
        let judging = tokio::task::spawn_blocking(move || work.judge(&request.claims, &stop));
        let Ok(judged) = judging.await else {
            return Err(JudgeError::Unreadable {
                problem: "it broke off",
            });
        };
        match judged {
            Ok((answer, input)) => {
                reservation.settle(Tokens { input, output: 0 });
                Ok(answer)
            }
            Err(Failure::NotLoaded) => {
                reservation.release();
                Err(JudgeError::NotLoaded)
            }
            Err(Failure::Stopped) => Err(JudgeError::TimedOut),
            Err(Failure::Unreadable(problem)) => {
                tracing::warn!(problem, "a local model cannot read a text");
                reservation.release();
                Err(JudgeError::Declined)
            }
        }
    }

    /// It finds none: it only knows how two texts stand to each other.
    async fn find_claims(&self, _: &str, _: &Spending) -> Result<Vec<ProposedClaim>, JudgeError> {
        Err(JudgeError::Declined)
    }
}

impl Work {
    fn classifier(&self) -> Result<&Classifier, Failure> {
        let loaded = self.classifier.get_or_init(|| {
            let loaded = self.folder.load();
            if let Err(error) = &loaded {
                tracing::error!(%error, "a local model cannot be loaded");
            }
            loaded
        });
        loaded.as_ref().map_err(|_| Failure::NotLoaded)
    }

    /// Judges a batch, and says how many tokens were read.
    fn judge(&self, claims: &[ClaimToJudge], stop: &AtomicBool) -> Result<(Answer, u64), Failure> {
        let classifier = self.classifier()?;
        let mut pairs = Vec::new();
        for (number, claim) in claims.iter().enumerate() {
            self::pairs(classifier, number, claim, stop, &mut pairs)?;
        }
        let tokens: usize = pairs.iter().map(|pair| pair.tokens.ids.len()).sum();
        let read: Vec<Option<Pair>> = self.threads.install(|| {
            pairs
                .into_par_iter()
                .with_max_len(1)
                .map(|mut pair| {
                    let relation = classifier.relation(&pair.tokens, stop)?;
                    Ok(relation.map(|relation| {
                        pair.premise.relation = relation;
                        pair
                    }))
                })
                .collect::<Result<_, Failure>>()
        })?;
        let mut by_claim: Vec<Vec<WeighedPremise>> = vec![Vec::new(); claims.len()];
        for pair in read.into_iter().flatten() {
            if let Some(premises) = by_claim.get_mut(pair.claim) {
                premises.push(pair.premise);
            }
        }
        let judgements = claims
            .iter()
            .zip(&by_claim)
            .map(|(claim, premises)| judgement(claim, premises, &self.name))
            .collect();
        let answer = Answer {
            judgements,
            unreadable: Vec::new(),
        };
        Ok((answer, u64::try_from(tokens).unwrap_or(u64::MAX)))
    }
}

/// The pairs of a claim with its passages.
fn pairs(
    classifier: &Classifier,
    number: usize,
    claim: &ClaimToJudge,
    stop: &AtomicBool,
    pairs: &mut Vec<Pair>,
) -> Result<(), Failure> {
    let hypothesis = claim.standalone.as_deref().unwrap_or(&claim.text);
    for passage in claim.passages.iter().take(MAX_PASSAGES) {
        if stop.load(Ordering::Relaxed) {
            return Err(Failure::Stopped);
        }
        let tokens = |text: &str| {
            let tokens = classifier.tokens(text, hypothesis);
            tokens.map_err(Failure::Unreadable)
        };
        let mut fits = |text: &str| tokens(text).map(|tokens| tokens.is_some());
        for text in premises(&passage.text, &mut fits)? {
            let Some(tokens) = tokens(text)? else {
                continue;
            };
            pairs.push(Pair {
                claim: number,
                premise: WeighedPremise {
                    passage: passage.id.clone(),
                    source_name: passage.source_name.clone(),
                    text: text.to_owned(),
                    relation: crate::classifier::Relation {
                        entailment: 0.0,
                        contradiction: 0.0,
                    },
                },
                tokens,
            });
        }
    }
    Ok(())
}

/// About how many tokens a batch has; rather too many.
fn estimate(request: &JudgeRequest) -> u64 {
    let characters: usize = request
        .claims
        .iter()
        .map(|claim| {
            let passages = claim.passages.iter().take(MAX_PASSAGES);
            let claimed = claim
                .text
                .len()
                .max(claim.standalone.as_ref().map_or(0, String::len));
            passages
                .map(|passage| passage.text.len() + claimed)
                .sum::<usize>()
        })
        .sum();
    u64::try_from(characters / CHARACTERS_OF_A_TOKEN).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
