//! One layer of DeBERTa.

use ndarray::{Array2, ArrayView2};

use super::super::BuildError;
use crate::config::Config;
use crate::layers::{Activation, LayerNorm, Linear, head, head_mut, softmax};
use crate::weights::Weights;

/// The vectors of relative positions, and which of them each distance has.
pub(super) struct Positions<'a> {
    pub vectors: ArrayView2<'a, f32>,
    /// By distance, from the most negative one.
    pub index: Vec<usize>,
}

pub(super) struct Layer {
    query: Linear,
    key: Linear,
    value: Linear,
    /// Keys of positions for queries of content; `None` where positions have none.
    position_key: Projection,
    position_query: Projection,
    attention: Linear,
    attention_norm: LayerNorm,
    up: Linear,
    down: Linear,
    norm: LayerNorm,
    activation: Activation,
    heads: usize,
    head_size: usize,
}

/// How positions become keys or queries.
enum Projection {
    Absent,
    /// As content does.
    Shared,
    Own(Linear),
}

impl Projection {
    fn apply(&self, shared: &Linear, vectors: &ArrayView2<'_, f32>) -> Option<Array2<f32>> {
        match self {
            Self::Absent => None,
            Self::Shared => Some(shared.apply(vectors)),
            Self::Own(own) => Some(own.apply(vectors)),
        }
    }
}

impl Layer {
    pub fn read(
        weights: &mut Weights,
        number: usize,
        config: &Config,
        epsilon: f32,
    ) -> Result<Self, BuildError> {
        let (size, inner) = (config.hidden_size, config.intermediate_size);
        let name = format!("deberta.encoder.layer.{number}");
        let activation = config.activation().map_err(BuildError::Config)?;
        let mut linear = |part: &str, outputs, inputs| {
            Linear::read(weights, &format!("{name}.{part}"), outputs, inputs, true)
        };
        let mut projection = |kind: &str, part: &str| {
            Ok::<_, BuildError>(
                if !config.relative_attention || !config.has_position_type(kind) {
                    Projection::Absent
                } else if config.share_att_key {
                    Projection::Shared
                } else {
                    Projection::Own(linear(part, size, size)?)
                },
            )
        };
        let position_key = projection("c2p", "attention.self.pos_key_proj")?;
        let position_query = projection("p2c", "attention.self.pos_query_proj")?;
        let query = linear("attention.self.query_proj", size, size)?;
        let key = linear("attention.self.key_proj", size, size)?;
        let value = linear("attention.self.value_proj", size, size)?;
        let attention = linear("attention.output.dense", size, size)?;
        let up = linear("intermediate.dense", inner, size)?;
        let down = linear("output.dense", size, inner)?;
        let mut norm =
            |part: &str| LayerNorm::read(weights, &format!("{name}.{part}"), size, epsilon, true);
        Ok(Self {
            query,
            key,
            value,
            position_key,
            position_query,
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

    pub fn apply(&self, states: &Array2<f32>, positions: Option<&Positions<'_>>) -> Array2<f32> {
        let context = self.attend(states, positions);
        let mut attended = self.attention.apply(&context.view());
        attended += states;
        let states = self.attention_norm.apply(attended);
        let mut inner = self.up.apply(&states.view());
        inner.mapv_inplace(|value| self.activation.of(value));
        let mut output = self.down.apply(&inner.view());
        output += &states;
        self.norm.apply(output)
    }

    fn attend(&self, states: &Array2<f32>, positions: Option<&Positions<'_>>) -> Array2<f32> {
        let query = self.query.apply(&states.view());
        let key = self.key.apply(&states.view());
        let value = self.value.apply(&states.view());
        let vectors = positions.map(|positions| &positions.vectors);
        let position_key = vectors.and_then(|all| self.position_key.apply(&self.key, all));
        let position_query = vectors.and_then(|all| self.position_query.apply(&self.query, all));
        // Scores are sums of so many products.
        let kinds = 1
            + u8::from(!matches!(self.position_key, Projection::Absent))
            + u8::from(!matches!(self.position_query, Projection::Absent));
        #[expect(
            clippy::cast_precision_loss,
            reason = "a head has some hundred columns"
        )]
        let scale = 1.0 / (self.head_size as f32 * f32::from(kinds)).sqrt();
        let index = positions.map_or(&[][..], |positions| &positions.index);
        let mut context = Array2::zeros(query.dim());
        for number in 0..self.heads {
            let query = head(&query, number, self.head_size);
            let key = head(&key, number, self.head_size);
            let mut scores = query.dot(&key.t());
            if let Some(position_key) = &position_key {
                let by_row = query.dot(&head(position_key, number, self.head_size).t());
                add_by_distance(&mut scores, index, |from, _, row| by_row[[from, row]]);
            }
            if let Some(position_query) = &position_query {
                let by_row = key.dot(&head(position_query, number, self.head_size).t());
                add_by_distance(&mut scores, index, |_, to, row| by_row[[to, row]]);
            }
            scores *= scale;
            softmax(&mut scores);
            let attended = scores.dot(&head(&value, number, self.head_size));
            head_mut(&mut context, number, self.head_size).assign(&attended);
        }
        context
    }
}

/// Adds to each score what its distance has: `part(from, to, row of the distance)`.
fn add_by_distance(
    scores: &mut Array2<f32>,
    index: &[usize],
    part: impl Fn(usize, usize, usize) -> f32,
) {
    let last = scores.ncols().saturating_sub(1);
    for (from, mut row) in scores.rows_mut().into_iter().enumerate() {
        for (to, score) in row.iter_mut().enumerate() {
            // A distance is the place of the token that looks, less that of the one that is looked at.
            if let Some(position) = index.get(from + last - to) {
                *score += part(from, to, *position);
            }
        }
    }
}
