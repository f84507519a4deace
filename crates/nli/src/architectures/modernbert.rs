//! ModernBERT: norms before each part, positions as rotations, and layers that look near or everywhere.

use std::sync::atomic::AtomicBool;

use ndarray::{Array1, Array2, Axis};

use super::{BuildError, SequenceClassifier, Stopped, check_stop};
use crate::config::{Config, activation};
use crate::layers::{
    Activation, Embedding, LayerNorm, Linear, columns, columns_mut, head_mut, softmax,
};
use crate::tokens::TokenPair;
use crate::weights::{Weights, WeightsError};

const GLOBAL: &str = "full_attention";
const LOCAL: &str = "sliding_attention";

pub(super) struct ModernBert {
    words: Embedding,
    norm: LayerNorm,
    layers: Vec<Layer>,
    final_norm: LayerNorm,
    /// Whether the head reads the mean of all tokens and not the first one.
    pools_mean: bool,
    dense: Linear,
    head_activation: Activation,
    head_norm: LayerNorm,
    out: Linear,
}

struct Layer {
    /// The first layer has none.
    attention_norm: Option<LayerNorm>,
    /// Queries, keys and values side by side.
    projections: Linear,
    attention: Linear,
    norm: LayerNorm,
    /// What goes through the activation and what it is multiplied by, side by side.
    up: Linear,
    down: Linear,
    activation: Activation,
    /// How far a token looks to either side; `None`: everywhere.
    reach: Option<usize>,
    /// The base of the rotations.
    theta: f32,
    heads: usize,
    head_size: usize,
}

impl ModernBert {
    pub fn read(config: &Config, labels: usize, weights: &mut Weights) -> Result<Self, BuildError> {
        let size = config.hidden_size;
        let epsilon = config.norm_eps.unwrap_or(1e-5);
        let named = |member: &str, name: &Option<String>| {
            activation(member, name.as_deref().unwrap_or("gelu")).map_err(BuildError::Config)
        };
        let head_activation = named("classifier_activation", &config.classifier_activation)?;
        let pools_mean = match config.classifier_pooling.as_deref() {
            None | Some("cls") => false,
            Some("mean") => true,
            Some(other) => {
                return Err(BuildError::Config(format!(
                    "has classifier_pooling {other:?}; this engine knows cls and mean"
                )));
            }
        };
        let inner_activation = named("hidden_activation", &config.hidden_activation)?;
        if !config.head_size().is_multiple_of(2) {
            return Err(BuildError::Config(
                "has attention heads of odd width".to_owned(),
            ));
        }
        let layers = (0..config.num_hidden_layers)
            .map(|number| {
                let kind = kind(config, number)?;
                Ok(Layer::read(
                    weights,
                    number,
                    config,
                    inner_activation,
                    kind,
                )?)
            })
            .collect::<Result<_, BuildError>>()?;
        let mut norm = |name: &str| LayerNorm::read(weights, name, size, epsilon, config.norm_bias);
        let (input_norm, final_norm) = (norm("model.embeddings.norm")?, norm("model.final_norm")?);
        let head_norm = norm("head.norm")?;
        Ok(Self {
            words: Embedding::read(
                weights,
                "model.embeddings.tok_embeddings",
                config.vocab_size,
                size,
            )?,
            norm: input_norm,
            layers,
            final_norm,
            pools_mean,
            dense: Linear::read(weights, "head.dense", size, size, config.classifier_bias)?,
            head_activation,
            head_norm,
            out: Linear::read(weights, "classifier", labels, size, true)?,
        })
    }
}

/// How far a layer looks, and the base of its rotations.
#[derive(Clone, Copy)]
struct Kind {
    reach: Option<usize>,
    theta: f32,
}

fn kind(config: &Config, number: usize) -> Result<Kind, BuildError> {
    let every = config.global_attn_every_n_layers.unwrap_or(3).max(1);
    let by_number = if number.is_multiple_of(every) {
        GLOBAL
    } else {
        LOCAL
    };
    let listed = config.layer_types.as_ref().map(|all| all.get(number));
    let name = match listed {
        None => by_number,
        Some(Some(name)) if name == GLOBAL || name == LOCAL => name,
        Some(_) => {
            return Err(BuildError::Config(format!(
                "has layer_types other than {GLOBAL} and {LOCAL}, one for each layer"
            )));
        }
    };
    let is_local = name == LOCAL;
    let parameters = config
        .rope_parameters
        .as_ref()
        .and_then(|all| all.get(name));
    let rope_type = parameters.and_then(|given| given.rope_type.as_deref());
    if let Some(other) = rope_type.filter(|kind| *kind != "default") {
        return Err(BuildError::Config(format!(
            "has the rope_type {other:?}; this engine knows \"default\""
        )));
    }
    let (older, usual) = if is_local {
        (config.local_rope_theta, 10_000.0)
    } else {
        (config.global_rope_theta, 160_000.0)
    };
    let theta = parameters.and_then(|given| given.rope_theta);
    Ok(Kind {
        reach: is_local.then_some(config.local_attention.unwrap_or(128) / 2),
        theta: theta.or(older).unwrap_or(usual),
    })
}

impl SequenceClassifier for ModernBert {
    fn logits(&self, tokens: &TokenPair, stop: &AtomicBool) -> Result<Array1<f32>, Stopped> {
        let mut states = self.norm.apply(self.words.of(&tokens.ids));
        for layer in &self.layers {
            check_stop(stop)?;
            states = layer.apply(states);
        }
        states = self.final_norm.apply(states);
        let pooled = if self.pools_mean {
            states.mean_axis(Axis(0)).unwrap_or_default()
        } else {
            states.row(0).to_owned()
        };
        let mut dense = self.dense.apply_to_row(&pooled.view());
        dense.mapv_inplace(|value| self.head_activation.of(value));
        let normed = self.head_norm.apply(dense.insert_axis(Axis(0)));
        Ok(self.out.apply_to_row(&normed.row(0)))
    }
}

impl Layer {
    fn read(
        weights: &mut Weights,
        number: usize,
        config: &Config,
        activation: Activation,
        kind: Kind,
    ) -> Result<Self, WeightsError> {
        let (size, inner) = (config.hidden_size, config.intermediate_size);
        let epsilon = config.norm_eps.unwrap_or(1e-5);
        let name = format!("model.layers.{number}");
        let mut norm = |part: &str| {
            let name = format!("{name}.{part}");
            LayerNorm::read(weights, &name, size, epsilon, config.norm_bias)
        };
        let attention_norm = (number > 0).then(|| norm("attn_norm")).transpose()?;
        let mlp_norm = norm("mlp_norm")?;
        let mut linear = |part: &str, outputs, inputs, has_bias| {
            Linear::read(
                weights,
                &format!("{name}.{part}"),
                outputs,
                inputs,
                has_bias,
            )
        };
        Ok(Self {
            attention_norm,
            projections: linear("attn.Wqkv", 3 * size, size, config.attention_bias)?,
            attention: linear("attn.Wo", size, size, config.attention_bias)?,
            norm: mlp_norm,
            up: linear("mlp.Wi", 2 * inner, size, config.mlp_bias)?,
            down: linear("mlp.Wo", size, inner, config.mlp_bias)?,
            activation,
            reach: kind.reach,
            theta: kind.theta,
            heads: config.num_attention_heads,
            head_size: config.head_size(),
        })
    }

    fn apply(&self, states: Array2<f32>) -> Array2<f32> {
        let attended = match &self.attention_norm {
            Some(norm) => self.attend(&norm.apply(states.clone())),
            None => self.attend(&states),
        };
        let states = states + attended;
        let both = self.up.apply(&self.norm.apply(states.clone()).view());
        let inner = both.ncols() / 2;
        let mut gated = columns(&both, 0..inner).to_owned();
        gated.mapv_inplace(|value| self.activation.of(value));
        gated *= &columns(&both, inner..2 * inner);
        states + self.down.apply(&gated.view())
    }

    fn attend(&self, states: &Array2<f32>) -> Array2<f32> {
        let size = self.heads * self.head_size;
        let projected = self.projections.apply(&states.view());
        let rotations = rotations(states.nrows(), self.head_size, self.theta);
        #[expect(
            clippy::cast_precision_loss,
            reason = "a head has some hundred columns"
        )]
        let scale = 1.0 / (self.head_size as f32).sqrt();
        let mut context = Array2::zeros(states.dim());
        for number in 0..self.heads {
            let part = |part: usize| {
                let first = part * size + number * self.head_size;
                columns(&projected, first..first + self.head_size).to_owned()
            };
            let query = rotated(part(0), &rotations);
            let key = rotated(part(1), &rotations);
            let mut scores = query.dot(&key.t());
            scores *= scale;
            if let Some(reach) = self.reach {
                for ((from, to), score) in scores.indexed_iter_mut() {
                    if from.abs_diff(to) > reach {
                        *score = f32::NEG_INFINITY;
                    }
                }
            }
            softmax(&mut scores);
            head_mut(&mut context, number, self.head_size).assign(&scores.dot(&part(2)));
        }
        self.attention.apply(&context.view())
    }
}

/// Cosines and sines of each position, for one half of a head's columns.
fn rotations(tokens: usize, head_size: usize, theta: f32) -> (Array2<f32>, Array2<f32>) {
    #[expect(clippy::cast_precision_loss, reason = "positions and columns are few")]
    let angles = Array2::from_shape_fn((tokens, head_size / 2), |(position, column)| {
        let power = (2 * column) as f32 / head_size as f32;
        position as f32 * (1.0 / theta.powf(power))
    });
    (angles.cos(), angles.sin())
}

/// Turns each pair of columns, which are half a head apart.
fn rotated(matrix: Array2<f32>, (cosines, sines): &(Array2<f32>, Array2<f32>)) -> Array2<f32> {
    let half = matrix.ncols() / 2;
    let (first, second) = (columns(&matrix, 0..half), columns(&matrix, half..2 * half));
    let turned_first = &first * cosines - &second * sines;
    let turned_second = &second * cosines + &first * sines;
    let mut turned = matrix;
    columns_mut(&mut turned, 0..half).assign(&turned_first);
    columns_mut(&mut turned, half..2 * half).assign(&turned_second);
    turned
}
