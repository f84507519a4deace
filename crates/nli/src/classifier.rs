//! A model as it is published: a folder with `config.json`, `tokenizer.json` and `model.safetensors`.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use crate::architectures::{self, SequenceClassifier, Stopped};
use crate::config::{Config, Labels};
use crate::tokens::{PairTokenizer, TokenPair};
use crate::weights::Weights;

/// A larger `config.json` is none.
const MAX_CONFIG_BYTES: u64 = 1_000_000;

/// Why a folder holds no model that this engine can use: which file, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {problem}", folder.display())]
pub struct LoadError {
    pub folder: PathBuf,
    pub problem: String,
}

/// A folder that was looked at: all but the layers' weights is read.
#[derive(Debug)]
pub struct ModelFolder {
    path: PathBuf,
    config: Config,
    labels: Labels,
}

/// How likely a model takes each relation of two texts to be; the shares sum to one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Relation {
    pub entailment: f32,
    /// 0 for a model that does not tell it from what is neutral.
    pub contradiction: f32,
}

/// A loaded model.
pub struct Classifier {
    network: Box<dyn SequenceClassifier>,
    tokenizer: PairTokenizer,
    labels: Labels,
    max_tokens: usize,
}

impl ModelFolder {
    /// Looks at a folder, so that a wrong one is refused before anybody asks.
    pub fn open(path: &Path) -> Result<Self, LoadError> {
        let problem = |problem: String| LoadError {
            folder: path.to_owned(),
            problem,
        };
        let content = bounded(&path.join("config.json"))
            .map_err(|error| problem(format!("config.json {error}")))?;
        let read = Config::read(&content).and_then(|config| {
            let labels = config.labels()?;
            Ok((config, labels))
        });
        let (config, labels) = read.map_err(|error| problem(format!("config.json {error}")))?;
        let mut weights = weights(path).map_err(problem)?;
        architectures::check(&config, labels.count, &mut weights)
            .map_err(|error| problem(error.to_string()))?;
        let folder = Self {
            path: path.to_owned(),
            config,
            labels,
        };
        folder.tokenizer().map_err(problem)?;
        Ok(folder)
    }

    /// The folder's own name, which is the model's.
    pub fn name(&self) -> String {
        let name = self.path.file_name().map(|name| name.to_string_lossy());
        let name: String = name
            .unwrap_or_default()
            .chars()
            .filter(|letter| !letter.is_control())
            .take(100)
            .collect();
        if name.trim().is_empty() {
            self.config.model_type.clone()
        } else {
            name
        }
    }

    /// Reads the weights, which takes a while.
    pub fn load(&self) -> Result<Classifier, LoadError> {
        let problem = |problem: String| LoadError {
            folder: self.path.clone(),
            problem,
        };
        let mut weights = weights(&self.path).map_err(problem)?;
        let network = architectures::build(&self.config, self.labels.count, &mut weights)
            .map_err(|error| problem(error.to_string()))?;
        Ok(Classifier {
            network,
            tokenizer: self.tokenizer().map_err(problem)?,
            labels: self.labels,
            max_tokens: architectures::max_tokens(&self.config),
        })
    }

    fn tokenizer(&self) -> Result<PairTokenizer, String> {
        let types = self.config.type_vocab_size.unwrap_or(2);
        let path = self.path.join("tokenizer.json");
        PairTokenizer::read(&path, self.config.vocab_size, types)
            .map_err(|error| format!("tokenizer.json {error}"))
    }
}

impl Classifier {
    /// The tokens of a pair; `None` where it has more than the model takes at once.
    pub(crate) fn tokens(
        &self,
        premise: &str,
        hypothesis: &str,
    ) -> Result<Option<TokenPair>, String> {
        let pair = self.tokenizer.pair(premise, hypothesis)?;
        Ok(Some(pair).filter(|pair| pair.ids.len() <= self.max_tokens))
    }

    /// What follows from a pair. `None`: it was stopped, or the model answers nothing that is a number.
    pub(crate) fn relation(
        &self,
        pair: &TokenPair,
        stop: &AtomicBool,
    ) -> Result<Option<Relation>, Stopped> {
        let logits = self.network.logits(pair, stop)?;
        let highest = logits.fold(f32::NEG_INFINITY, |highest, value| highest.max(*value));
        let shares = logits.mapv(|value| (value - highest).exp());
        let sum = shares.sum();
        if !sum.is_finite() || logits.iter().any(|value| !value.is_finite()) {
            return Ok(None);
        }
        let share = |label: usize| shares.get(label).map_or(0.0, |share| share / sum);
        Ok(Some(Relation {
            entailment: share(self.labels.entailment),
            contradiction: self.labels.contradiction.map_or(0.0, share),
        }))
    }

    /// The numbers of the model's labels, in its own order, for comparison with other engines.
    pub fn logits(&self, premise: &str, hypothesis: &str) -> Result<Vec<f32>, String> {
        let Some(pair) = self.tokens(premise, hypothesis)? else {
            return Err("the texts are longer than the model takes".to_owned());
        };
        let logits = self.network.logits(&pair, &AtomicBool::new(false));
        logits
            .map(|logits| logits.to_vec())
            .map_err(|Stopped| "stopped".to_owned())
    }

    /// The numbers of a pair's tokens.
    pub fn token_ids(&self, premise: &str, hypothesis: &str) -> Result<Vec<usize>, String> {
        self.tokenizer
            .pair(premise, hypothesis)
            .map(|pair| pair.ids)
    }
}

impl std::fmt::Debug for Classifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Classifier")
            .field("labels", &self.labels)
            .field("max_tokens", &self.max_tokens)
            .finish_non_exhaustive()
    }
}

fn weights(folder: &Path) -> Result<Weights, String> {
    Weights::open(&folder.join("model.safetensors"))
        .map_err(|error| format!("model.safetensors {error}"))
}

fn bounded(path: &Path) -> Result<Vec<u8>, String> {
    let read = || -> std::io::Result<Option<Vec<u8>>> {
        if std::fs::metadata(path)?.len() > MAX_CONFIG_BYTES {
            return Ok(None);
        }
        std::fs::read(path).map(Some)
    };
    match read() {
        Ok(Some(content)) => Ok(content),
        Ok(None) => Err(format!("has more than {MAX_CONFIG_BYTES} bytes")),
        Err(error) => Err(format!("cannot be read: {error}")),
    }
}
