//! DeBERTa-v2, which DeBERTa-v3 is written as too: attention to content and to relative positions apart ("disentangled").

use std::sync::atomic::AtomicBool;

use ndarray::{Array1, Array2};

use super::{BuildError, SequenceClassifier, Stopped, check_stop};
use crate::config::{Config, activation};
use crate::layers::{Activation, Convolution, Embedding, LayerNorm, Linear};
use crate::tokens::TokenPair;
use crate::weights::Weights;

mod layer;

use layer::{Layer, Positions};

pub(super) struct Deberta {
    words: Embedding,
    positions: Option<Embedding>,
    types: Option<Embedding>,
    /// From narrower embeddings to the width of the layers.
    widen: Option<Linear>,
    norm: LayerNorm,
    layers: Vec<Layer>,
    relative: Option<Relative>,
    convolution: Option<ConvolutionLayer>,
    dense: Linear,
    pooler_activation: Activation,
    out: Linear,
}

/// Vectors for the distance of two tokens, and how distances fall into them.
struct Relative {
    vectors: Array2<f32>,
    span: i64,
    /// Far distances share buckets where there are any.
    buckets: Option<i64>,
    farthest: i64,
}

struct ConvolutionLayer {
    convolution: Convolution,
    norm: LayerNorm,
    activation: Activation,
}

impl Deberta {
    pub fn read(config: &Config, labels: usize, weights: &mut Weights) -> Result<Self, BuildError> {
        let size = config.hidden_size;
        let width = config.embedding_size.unwrap_or(size);
        let pooled = config.pooler_hidden_size.unwrap_or(size);
        let epsilon = config.layer_norm_eps.unwrap_or(1e-7);
        let positions = config.max_position_embeddings.unwrap_or(512);
        let types = config.type_vocab_size.unwrap_or(0);
        let pooler_activation = config.pooler_hidden_act.as_deref().unwrap_or("gelu");
        let pooler_activation =
            activation("pooler_hidden_act", pooler_activation).map_err(BuildError::Config)?;
        let embeddings = "deberta.embeddings";
        let mut embedding = |part: &str, rows| {
            Embedding::read(weights, &format!("{embeddings}.{part}"), rows, width)
        };
        let words = embedding("word_embeddings", config.vocab_size)?;
        let has_positions = config.position_biased_input.unwrap_or(true);
        let positions = has_positions.then(|| embedding("position_embeddings", positions));
        let positions = positions.transpose()?;
        let types = (types > 0).then(|| embedding("token_type_embeddings", types));
        let types = types.transpose()?;
        let widen = (width != size).then(|| {
            Linear::read(
                weights,
                &format!("{embeddings}.embed_proj"),
                size,
                width,
                false,
            )
        });
        let layers = (0..config.num_hidden_layers)
            .map(|number| Layer::read(weights, number, config, epsilon))
            .collect::<Result<_, BuildError>>()?;
        Ok(Self {
            words,
            positions,
            types,
            widen: widen.transpose()?,
            norm: LayerNorm::read(
                weights,
                &format!("{embeddings}.LayerNorm"),
                size,
                epsilon,
                true,
            )?,
            layers,
            relative: Relative::read(config, weights, epsilon)?,
            convolution: ConvolutionLayer::read(config, weights, epsilon)?,
            dense: Linear::read(weights, "pooler.dense", pooled, pooled, true)?,
            pooler_activation,
            out: Linear::read(weights, "classifier", labels, pooled, true)?,
        })
    }
}

impl SequenceClassifier for Deberta {
    fn logits(&self, tokens: &TokenPair, stop: &AtomicBool) -> Result<Array1<f32>, Stopped> {
        let count = tokens.ids.len();
        let mut states = self.words.of(&tokens.ids);
        if let Some(positions) = &self.positions {
            let numbers: Vec<usize> = (0..count).collect();
            states += &positions.of(&numbers);
        }
        if let Some(types) = &self.types {
            states += &types.of(&tokens.types);
        }
        if let Some(widen) = &self.widen {
            states = widen.apply(&states.view());
        }
        states = self.norm.apply(states);
        let relative = self.relative.as_ref().map(|relative| Positions {
            vectors: relative.vectors.view(),
            index: relative.index(count),
        });
        let input = self.convolution.is_some().then(|| states.clone());
        for (number, layer) in self.layers.iter().enumerate() {
            check_stop(stop)?;
            states = layer.apply(&states, relative.as_ref());
            if number == 0
                && let (Some(convolution), Some(input)) = (&self.convolution, &input)
            {
                states += &convolution.apply(input);
                states = convolution.norm.apply(states);
            }
        }
        let mut pooled = self.dense.apply_to_row(&states.row(0));
        pooled.mapv_inplace(|value| self.pooler_activation.of(value));
        Ok(self.out.apply_to_row(&pooled.view()))
    }
}

impl ConvolutionLayer {
    fn read(
        config: &Config,
        weights: &mut Weights,
        epsilon: f32,
    ) -> Result<Option<Self>, BuildError> {
        let taps = config.conv_kernel_size.unwrap_or(0);
        if taps == 0 {
            return Ok(None);
        }
        if config.conv_groups.unwrap_or(1) != 1 || taps.is_multiple_of(2) {
            return Err(BuildError::Config(
                "has a convolution in groups or of even width, which this engine does not know"
                    .to_owned(),
            ));
        }
        let name = config.conv_act.as_deref().unwrap_or("tanh");
        let size = config.hidden_size;
        Ok(Some(Self {
            convolution: Convolution::read(weights, "deberta.encoder.conv.conv", size, taps)?,
            norm: LayerNorm::read(
                weights,
                "deberta.encoder.conv.LayerNorm",
                size,
                epsilon,
                true,
            )?,
            activation: activation("conv_act", name).map_err(BuildError::Config)?,
        }))
    }

    fn apply(&self, input: &Array2<f32>) -> Array2<f32> {
        let mut output = self.convolution.apply(input);
        output.mapv_inplace(|value| self.activation.of(value));
        output
    }
}

impl Relative {
    fn read(
        config: &Config,
        weights: &mut Weights,
        epsilon: f32,
    ) -> Result<Option<Self>, BuildError> {
        if !config.relative_attention {
            return Ok(None);
        }
        let positions = config.max_position_embeddings.unwrap_or(512);
        let positions = i64::try_from(positions).unwrap_or(i64::MAX);
        let farthest = config
            .max_relative_positions
            .filter(|count| *count >= 1)
            .unwrap_or(positions);
        let buckets = config.position_buckets.filter(|count| *count > 0);
        let span = buckets.unwrap_or(farthest);
        let rows = usize::try_from(span)
            .unwrap_or(usize::MAX)
            .saturating_mul(2);
        let size = config.hidden_size;
        let vectors = weights.matrix("deberta.encoder.rel_embeddings.weight", rows, size)?;
        let norms = config
            .norm_rel_ebd
            .as_deref()
            .unwrap_or("none")
            .to_lowercase();
        let vectors = if norms.split('|').any(|name| name.trim() == "layer_norm") {
            let name = "deberta.encoder.LayerNorm";
            LayerNorm::read(weights, name, size, epsilon, true)?.apply(vectors)
        } else {
            vectors
        };
        Ok(Some(Self {
            vectors,
            span,
            buckets,
            farthest,
        }))
    }

    /// The row of `vectors` for each distance from `-(count-1)` to `count-1`.
    fn index(&self, count: usize) -> Vec<usize> {
        let most = i64::try_from(count).unwrap_or(i64::MAX) - 1;
        (-most..=most)
            .map(|distance| {
                let bucket = self
                    .buckets
                    .map_or(distance, |buckets| bucket(distance, buckets, self.farthest));
                let row = (bucket + self.span).clamp(0, self.span * 2 - 1);
                usize::try_from(row).unwrap_or_default()
            })
            .collect()
    }
}

/// Near distances have a bucket each; farther ones share buckets that grow with their logarithm.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "distances are below a few thousand"
)]
fn bucket(distance: i64, buckets: i64, farthest: i64) -> i64 {
    let middle = buckets / 2;
    if distance.abs() <= middle || middle == 0 {
        return distance;
    }
    // In 32 bits, as the models were trained: a rounding decides about a bucket.
    let far = (distance.abs() as f32 / middle as f32).ln();
    let most = (((farthest - 1) as f64 / middle as f64) as f32).ln();
    let log = (far / most * (middle - 1) as f32).ceil() as i64 + middle;
    log * distance.signum()
}

#[cfg(test)]
mod tests {
    use super::bucket;

    #[test]
    fn far_distances_share_buckets() {
        assert_eq!(bucket(3, 8, 300), 3);
        assert_eq!(bucket(-4, 8, 300), -4);
        assert_eq!(bucket(5, 8, 300), 5);
        assert_eq!(bucket(16, 8, 300), 5);
        assert_eq!(bucket(-299, 8, 300), -7);
        assert_eq!(bucket(511, 256, 512), 255);
    }
}
