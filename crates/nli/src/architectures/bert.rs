//! BERT, and RoBERTa with what is written as it: they differ in their positions and in the names of their heads.

use std::sync::atomic::AtomicBool;

use ndarray::{Array1, Array2};

use super::{BuildError, SequenceClassifier, Stopped, check_stop};
use crate::config::Config;
use crate::layers::{Activation, Embedding, LayerNorm, Linear, head, head_mut, softmax};
use crate::tokens::TokenPair;
use crate::weights::{Weights, WeightsError};

pub(super) struct Bert {
    words: Embedding,
    positions: Embedding,
    types: Embedding,
    norm: LayerNorm,
    layers: Vec<Layer>,
    /// The position of the first token.
    first_position: usize,
    /// Whether the second text has a type of its own.
    has_types: bool,
    dense: Linear,
    out: Linear,
}

struct Layer {
    query: Linear,
    key: Linear,
    value: Linear,
    attention: Linear,
    attention_norm: LayerNorm,
    up: Linear,
    down: Linear,
    norm: LayerNorm,
    activation: Activation,
    heads: usize,
    head_size: usize,
}

/// RoBERTa counts its positions from the one after its padding's.
pub(super) fn first_position(config: &Config) -> usize {
    config.pad_token_id.unwrap_or(1) + 1
}

impl Bert {
    pub fn read(config: &Config, labels: usize, weights: &mut Weights) -> Result<Self, BuildError> {
        if let Some(other) = config.position_embedding_type.as_deref()
            && other != "absolute"
        {
            return Err(BuildError::Config(format!(
                "has position_embedding_type {other:?}; this engine knows \"absolute\""
            )));
        }
        let is_bert = config.model_type == "bert";
        let prefix = if is_bert { "bert" } else { "roberta" };
        let (dense, out) = if is_bert {
            ("bert.pooler.dense", "classifier")
        } else {
            ("classifier.dense", "classifier.out_proj")
        };
        let size = config.hidden_size;
        let epsilon = config.layer_norm_eps.unwrap_or(1e-12);
        let activation = config.activation().map_err(BuildError::Config)?;
        let positions = config.max_position_embeddings.unwrap_or(512);
        let types = config.type_vocab_size.unwrap_or(2);
        let embeddings = format!("{prefix}.embeddings");
        let layers = (0..config.num_hidden_layers)
            .map(|number| {
                let name = format!("{prefix}.encoder.layer.{number}");
                Layer::read(weights, &name, config, activation, epsilon)
            })
            .collect::<Result<_, _>>()?;
        Ok(Self {
            words: Embedding::read(
                weights,
                &format!("{embeddings}.word_embeddings"),
                config.vocab_size,
                size,
            )?,
            positions: Embedding::read(
                weights,
                &format!("{embeddings}.position_embeddings"),
                positions,
                size,
            )?,
            types: Embedding::read(
                weights,
                &format!("{embeddings}.token_type_embeddings"),
                types,
                size,
            )?,
            norm: LayerNorm::read(
                weights,
                &format!("{embeddings}.LayerNorm"),
                size,
                epsilon,
                true,
            )?,
            layers,
            first_position: if is_bert { 0 } else { first_position(config) },
            has_types: is_bert && types > 1,
            dense: Linear::read(weights, dense, size, size, true)?,
            out: Linear::read(weights, out, labels, size, true)?,
        })
    }
}

impl SequenceClassifier for Bert {
    fn logits(&self, tokens: &TokenPair, stop: &AtomicBool) -> Result<Array1<f32>, Stopped> {
        let count = tokens.ids.len();
        let positions: Vec<usize> = (self.first_position..self.first_position + count).collect();
        let types = if self.has_types {
            tokens.types.clone()
        } else {
            vec![0; count]
        };
        let mut states = self.words.of(&tokens.ids);
        states += &self.positions.of(&positions);
        states += &self.types.of(&types);
        states = self.norm.apply(states);
        for layer in &self.layers {
            check_stop(stop)?;
            states = layer.apply(&states);
        }
        let first = self.dense.apply_to_row(&states.row(0));
        let pooled = first.mapv(|value| Activation::Tanh.of(value));
        Ok(self.out.apply_to_row(&pooled.view()))
    }
}

impl Layer {
    fn read(
        weights: &mut Weights,
        name: &str,
        config: &Config,
        activation: Activation,
        epsilon: f32,
    ) -> Result<Self, WeightsError> {
        let (size, inner) = (config.hidden_size, config.intermediate_size);
        let mut linear = |part: &str, outputs, inputs| {
            Linear::read(weights, &format!("{name}.{part}"), outputs, inputs, true)
        };
        let query = linear("attention.self.query", size, size)?;
        let key = linear("attention.self.key", size, size)?;
        let value = linear("attention.self.value", size, size)?;
        let attention = linear("attention.output.dense", size, size)?;
        let up = linear("intermediate.dense", inner, size)?;
        let down = linear("output.dense", size, inner)?;
        let mut norm =
            |part: &str| LayerNorm::read(weights, &format!("{name}.{part}"), size, epsilon, true);
        Ok(Self {
            query,
            key,
            value,
            attention,
            attention_norm: norm("attention.output.LayerNorm")?,
            up,
            down,
            norm: norm("output.LayerNorm")?,
            activation,
            heads: config.num_attention_heads,
            head_size: config.head_size(),
        })
    }

    fn apply(&self, states: &Array2<f32>) -> Array2<f32> {
        let query = self.query.apply(&states.view());
        let key = self.key.apply(&states.view());
        let value = self.value.apply(&states.view());
        #[expect(
            clippy::cast_precision_loss,
            reason = "a head has some hundred columns"
        )]
        let scale = 1.0 / (self.head_size as f32).sqrt();
        let mut context = Array2::zeros(query.dim());
        for number in 0..self.heads {
            let key = head(&key, number, self.head_size);
            let mut scores = head(&query, number, self.head_size).dot(&key.t());
            scores *= scale;
            softmax(&mut scores);
            let attended = scores.dot(&head(&value, number, self.head_size));
            head_mut(&mut context, number, self.head_size).assign(&attended);
        }
        let mut attended = self.attention.apply(&context.view());
        attended += states;
        let states = self.attention_norm.apply(attended);
        let mut inner = self.up.apply(&states.view());
        inner.mapv_inplace(|value| self.activation.of(value));
        let mut output = self.down.apply(&inner.view());
        output += &states;
        self.norm.apply(output)
    }
}
