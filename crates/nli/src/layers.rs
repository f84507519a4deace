//! The layers that encoders are made of, in 32-bit floats. Matrices have a row for each token. Shapes are checked while the
//! weights are read, so that no product can meet one that does not fit.

use std::ops::Range;

use ndarray::{Array1, Array2, Array3, ArrayView1, ArrayView2, ArrayViewMut2, Axis, Slice};

use crate::weights::{Weights, WeightsError};

/// `x · Wᵀ + b`.
#[derive(Debug)]
pub(crate) struct Linear {
    /// A row for each output, as PyTorch stores it.
    weight: Array2<f32>,
    bias: Option<Array1<f32>>,
}

impl Linear {
    pub fn read(
        weights: &mut Weights,
        name: &str,
        outputs: usize,
        inputs: usize,
        has_bias: bool,
    ) -> Result<Self, WeightsError> {
        let weight = weights.matrix(&format!("{name}.weight"), outputs, inputs)?;
        let bias = has_bias.then(|| weights.vector(&format!("{name}.bias"), outputs));
        Ok(Self {
            weight,
            bias: bias.transpose()?,
        })
    }

    pub fn apply(&self, input: &ArrayView2<'_, f32>) -> Array2<f32> {
        let mut output = input.dot(&self.weight.t());
        if let Some(bias) = &self.bias {
            output += bias;
        }
        output
    }

    pub fn apply_to_row(&self, input: &ArrayView1<'_, f32>) -> Array1<f32> {
        let mut output = self.weight.dot(input);
        if let Some(bias) = &self.bias {
            output += bias;
        }
        output
    }
}

/// Layer normalisation over the columns of each row.
#[derive(Debug)]
pub(crate) struct LayerNorm {
    weight: Array1<f32>,
    bias: Option<Array1<f32>>,
    epsilon: f32,
}

impl LayerNorm {
    pub fn read(
        weights: &mut Weights,
        name: &str,
        size: usize,
        epsilon: f32,
        has_bias: bool,
    ) -> Result<Self, WeightsError> {
        let weight = weights.vector(&format!("{name}.weight"), size)?;
        let bias = has_bias.then(|| weights.vector(&format!("{name}.bias"), size));
        Ok(Self {
            weight,
            bias: bias.transpose()?,
            epsilon,
        })
    }

    pub fn apply(&self, mut input: Array2<f32>) -> Array2<f32> {
        for mut row in input.rows_mut() {
            let mean = row.mean().unwrap_or_default();
            row -= mean;
            let variance = row.pow2().mean().unwrap_or_default();
            row /= (variance + self.epsilon).sqrt();
        }
        input *= &self.weight;
        if let Some(bias) = &self.bias {
            input += bias;
        }
        input
    }
}

/// A vector for each number.
#[derive(Debug)]
pub(crate) struct Embedding(Array2<f32>);

impl Embedding {
    pub fn read(
        weights: &mut Weights,
        name: &str,
        rows: usize,
        size: usize,
    ) -> Result<Self, WeightsError> {
        weights
            .matrix(&format!("{name}.weight"), rows, size)
            .map(Self)
    }

    /// The vectors of numbers that are all below the count of rows.
    pub fn of(&self, numbers: &[usize]) -> Array2<f32> {
        self.0.select(Axis(0), numbers)
    }
}

/// A convolution over neighbouring tokens, with as many outputs as inputs and none beyond the ends.
#[derive(Debug)]
pub(crate) struct Convolution {
    /// Outputs, inputs, taps.
    weight: Array3<f32>,
    bias: Array1<f32>,
}

impl Convolution {
    pub fn read(
        weights: &mut Weights,
        name: &str,
        size: usize,
        taps: usize,
    ) -> Result<Self, WeightsError> {
        Ok(Self {
            weight: weights.cube(&format!("{name}.weight"), size, size, taps)?,
            bias: weights.vector(&format!("{name}.bias"), size)?,
        })
    }

    pub fn apply(&self, input: &Array2<f32>) -> Array2<f32> {
        let (tokens, taps) = (input.nrows(), self.weight.dim().2);
        let before = (taps - 1) / 2;
        let mut output = Array2::zeros(input.dim());
        output += &self.bias;
        for tap in 0..taps {
            let weight = self.weight.index_axis(Axis(2), tap);
            // The rows of the output whose neighbour at this tap is there.
            let from = before.saturating_sub(tap);
            let to = (tokens + before).saturating_sub(tap).min(tokens);
            if from < to {
                let neighbours =
                    input.slice_axis(Axis(0), Slice::from(from + tap - before..to + tap - before));
                let mut rows = output.slice_axis_mut(Axis(0), Slice::from(from..to));
                rows += &neighbours.dot(&weight.t());
            }
        }
        output
    }
}

/// What is done to each number between two layers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Activation {
    Gelu,
    GeluTanh,
    Relu,
    Silu,
    Tanh,
}

impl Activation {
    /// By the name that `config.json` gives it.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "gelu" => Some(Self::Gelu),
            "gelu_new" | "gelu_pytorch_tanh" => Some(Self::GeluTanh),
            "relu" => Some(Self::Relu),
            "silu" | "swish" => Some(Self::Silu),
            "tanh" => Some(Self::Tanh),
            _ => None,
        }
    }

    pub fn of(self, value: f32) -> f32 {
        match self {
            Self::Gelu => 0.5 * value * (1.0 + libm::erff(value * std::f32::consts::FRAC_1_SQRT_2)),
            Self::GeluTanh => {
                let root = (2.0 / std::f32::consts::PI).sqrt();
                let inner = root * (value + 0.044_715 * value.powi(3));
                0.5 * value * (1.0 + inner.tanh())
            }
            Self::Relu => value.max(0.0),
            Self::Silu => value / (1.0 + (-value).exp()),
            Self::Tanh => value.tanh(),
        }
    }
}

/// Makes each row of scores into shares that sum to one. A row in which nothing may be seen is left out by its caller.
pub(crate) fn softmax(scores: &mut Array2<f32>) {
    for mut row in scores.rows_mut() {
        let highest = row.fold(f32::NEG_INFINITY, |highest, score| highest.max(*score));
        row.mapv_inplace(|score| (score - highest).exp());
        let sum = row.sum();
        row /= sum;
    }
}

/// The columns of one attention head.
pub(crate) fn head(matrix: &Array2<f32>, number: usize, size: usize) -> ArrayView2<'_, f32> {
    columns(matrix, number * size..(number + 1) * size)
}

/// The same, to be written.
pub(crate) fn head_mut(
    matrix: &mut Array2<f32>,
    number: usize,
    size: usize,
) -> ArrayViewMut2<'_, f32> {
    columns_mut(matrix, number * size..(number + 1) * size)
}

/// Some columns of a matrix.
pub(crate) fn columns(matrix: &Array2<f32>, range: Range<usize>) -> ArrayView2<'_, f32> {
    matrix.slice_axis(Axis(1), Slice::from(range))
}

/// The same, to be written.
pub(crate) fn columns_mut(matrix: &mut Array2<f32>, range: Range<usize>) -> ArrayViewMut2<'_, f32> {
    matrix.slice_axis_mut(Axis(1), Slice::from(range))
}
