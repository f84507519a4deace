//! The architectures of encoders that this engine knows. Each answers for one pair of texts at a time: without padding there is no
//! mask to get wrong, and pairs of unlike length share the threads instead of a matrix.

mod bert;
mod deberta;
mod modernbert;

use std::sync::atomic::{AtomicBool, Ordering};

use ndarray::Array1;

use crate::config::Config;
use crate::tokens::TokenPair;
use crate::weights::{Weights, WeightsError};

/// More tokens are not taken at once, whatever a model could: attention grows with their square.
const MAX_TOKENS: usize = 512;

/// The work was stopped before its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stopped;

/// Why a model cannot be built from its folder.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BuildError {
    #[error("config.json {0}")]
    Config(String),
    #[error("model.safetensors {0}")]
    Weights(#[from] WeightsError),
}

/// An encoder with a head that gives a number for each label.
pub(crate) trait SequenceClassifier: Send + Sync {
    /// One number for each label. Looks at `stop` before each layer.
    fn logits(&self, tokens: &TokenPair, stop: &AtomicBool) -> Result<Array1<f32>, Stopped>;
}

/// Builds the model that a configuration tells of, with its count of labels.
pub(crate) fn build(
    config: &Config,
    labels: usize,
    weights: &mut Weights,
) -> Result<Box<dyn SequenceClassifier>, BuildError> {
    Ok(match config.model_type.as_str() {
        "bert" | "roberta" | "xlm-roberta" | "camembert" => {
            Box::new(bert::Bert::read(config, labels, weights)?)
        }
        "deberta-v2" => Box::new(deberta::Deberta::read(config, labels, weights)?),
        "modernbert" => Box::new(modernbert::ModernBert::read(config, labels, weights)?),
        other => return Err(BuildError::Config(unknown(other))),
    })
}

/// Checks what can be checked before the weights are read: the architecture is known, and its classifier is there.
pub(crate) fn check(
    config: &Config,
    labels: usize,
    weights: &mut Weights,
) -> Result<(), BuildError> {
    let (classifier, width) = match config.model_type.as_str() {
        "bert" | "modernbert" => ("classifier", config.hidden_size),
        "deberta-v2" => (
            "classifier",
            config.pooler_hidden_size.unwrap_or(config.hidden_size),
        ),
        "roberta" | "xlm-roberta" | "camembert" => ("classifier.out_proj", config.hidden_size),
        other => return Err(BuildError::Config(unknown(other))),
    };
    weights.matrix(&format!("{classifier}.weight"), labels, width)?;
    Ok(())
}

/// The most tokens that a model takes at once.
pub(crate) fn max_tokens(config: &Config) -> usize {
    let positions = config.max_position_embeddings.unwrap_or(MAX_TOKENS);
    let first = match config.model_type.as_str() {
        "roberta" | "xlm-roberta" | "camembert" => bert::first_position(config),
        _ => 0,
    };
    positions.saturating_sub(first).min(MAX_TOKENS)
}

fn unknown(architecture: &str) -> String {
    format!(
        "is of the model_type {architecture:?}; this engine knows bert, roberta, xlm-roberta, camembert, deberta-v2 (which \
         DeBERTa-v3 is written as) and modernbert"
    )
}

fn check_stop(stop: &AtomicBool) -> Result<(), Stopped> {
    if stop.load(Ordering::Relaxed) {
        Err(Stopped)
    } else {
        Ok(())
    }
}
