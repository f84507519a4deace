//! The weights of a model, read from `model.safetensors` one tensor at a time: the file is never in memory beside what is made
//! of it, and nothing of it is mapped.

use std::fs::File;
use std::io::{BufReader, Read as _, Seek as _, SeekFrom};
use std::path::Path;

use half::{bf16, f16};
use ndarray::{Array1, Array2, Array3};
use safetensors::Dtype;
use safetensors::tensor::Metadata;

/// A longer header is no model's.
const MAX_HEADER_BYTES: u64 = 16_000_000;

/// Why weights cannot be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WeightsError {
    #[error("cannot be read: {0}")]
    Unreadable(#[from] std::io::Error),
    #[error("is no safetensors file: {0}")]
    NoHeader(String),
    #[error("has no tensor {0}; the folder needs a sequence classifier as it is published")]
    Missing(String),
    #[error("has the tensor {name} in the shape {found:?}; config.json asks for {wanted:?}")]
    Shape {
        name: String,
        found: Vec<usize>,
        wanted: Vec<usize>,
    },
    #[error(
        "has the tensor {name} as {found:?}; weights are F32, F16 or BF16, so take a model that is not quantised"
    )]
    Kind { name: String, found: Dtype },
}

/// An open file of weights.
#[derive(Debug)]
pub(crate) struct Weights {
    file: BufReader<File>,
    /// Where the tensors' bytes begin.
    start: u64,
    tensors: Metadata,
}

impl Weights {
    pub fn open(path: &Path) -> Result<Self, WeightsError> {
        let mut file = BufReader::new(File::open(path)?);
        let length = file.get_ref().metadata()?.len();
        let mut size = [0_u8; 8];
        file.read_exact(&mut size)?;
        let size = u64::from_le_bytes(size);
        if size > MAX_HEADER_BYTES || size > length {
            return Err(WeightsError::NoHeader(
                "its header is longer than a header can be".to_owned(),
            ));
        }
        let mut header = Vec::new();
        (&mut file).take(size).read_to_end(&mut header)?;
        let tensors: Metadata = serde_json::from_slice(&header)
            .map_err(|error| WeightsError::NoHeader(error.to_string()))?;
        let start = 8 + size;
        let wanted = u64::try_from(tensors.data_len()).unwrap_or(u64::MAX);
        if wanted != length - start {
            return Err(WeightsError::NoHeader(format!(
                "its header tells of {wanted} bytes and {} are there; fetch it again",
                length - start
            )));
        }
        Ok(Self {
            file,
            start,
            tensors,
        })
    }

    pub fn vector(&mut self, name: &str, length: usize) -> Result<Array1<f32>, WeightsError> {
        self.numbers(name, &[length]).map(Array1::from_vec)
    }

    pub fn matrix(
        &mut self,
        name: &str,
        rows: usize,
        columns: usize,
    ) -> Result<Array2<f32>, WeightsError> {
        let numbers = self.numbers(name, &[rows, columns])?;
        Array2::from_shape_vec((rows, columns), numbers).map_err(|_| self.broken(name))
    }

    pub fn cube(
        &mut self,
        name: &str,
        first: usize,
        second: usize,
        third: usize,
    ) -> Result<Array3<f32>, WeightsError> {
        let numbers = self.numbers(name, &[first, second, third])?;
        Array3::from_shape_vec((first, second, third), numbers).map_err(|_| self.broken(name))
    }

    fn numbers(&mut self, name: &str, wanted: &[usize]) -> Result<Vec<f32>, WeightsError> {
        let Some(info) = self.tensors.info(name) else {
            return Err(WeightsError::Missing(name.to_owned()));
        };
        if info.shape != wanted {
            return Err(WeightsError::Shape {
                name: name.to_owned(),
                found: info.shape.clone(),
                wanted: wanted.to_vec(),
            });
        }
        let (kind, (from, to)) = (info.dtype, info.data_offsets);
        let offset = u64::try_from(from).map_err(|_| self.broken(name))?;
        self.file.seek(SeekFrom::Start(self.start + offset))?;
        let mut bytes = vec![0_u8; to.saturating_sub(from)];
        self.file.read_exact(&mut bytes)?;
        let numbers = match kind {
            Dtype::F32 => bytes
                .as_chunks::<4>()
                .0
                .iter()
                .map(|bytes| f32::from_le_bytes(*bytes))
                .collect(),
            Dtype::F16 => bytes
                .as_chunks::<2>()
                .0
                .iter()
                .map(|bytes| f16::from_le_bytes(*bytes).to_f32())
                .collect(),
            Dtype::BF16 => bytes
                .as_chunks::<2>()
                .0
                .iter()
                .map(|bytes| bf16::from_le_bytes(*bytes).to_f32())
                .collect(),
            found => {
                return Err(WeightsError::Kind {
                    name: name.to_owned(),
                    found,
                });
            }
        };
        Ok(numbers)
    }

    fn broken(&self, name: &str) -> WeightsError {
        let found = self.tensors.info(name).map(|info| info.shape.clone());
        WeightsError::Shape {
            name: name.to_owned(),
            found: found.unwrap_or_default(),
            wanted: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened(header: &str, data: &[u8]) -> Result<Weights, WeightsError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("model.safetensors");
        let mut bytes = u64::try_from(header.len()).unwrap().to_le_bytes().to_vec();
        bytes.extend(header.as_bytes());
        bytes.extend(data);
        std::fs::write(&path, bytes).unwrap();
        Weights::open(&path)
    }

    #[test]
    fn tensors_of_three_kinds_become_floats() {
        let header = r#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},
            "b":{"dtype":"F16","shape":[2,1],"data_offsets":[4,8]},
            "c":{"dtype":"BF16","shape":[1],"data_offsets":[8,10]},
            "d":{"dtype":"I8","shape":[2],"data_offsets":[10,12]}}"#;
        let mut data = 1.5_f32.to_le_bytes().to_vec();
        data.extend(f16::from_f32(-2.0).to_le_bytes());
        data.extend(f16::from_f32(0.25).to_le_bytes());
        data.extend(bf16::from_f32(3.0).to_le_bytes());
        data.extend([1, 2]);
        let mut weights = opened(header, &data).unwrap();
        assert_eq!(weights.vector("a", 1).unwrap().to_vec(), [1.5]);
        let matrix = weights.matrix("b", 2, 1).unwrap();
        assert_eq!(matrix.iter().copied().collect::<Vec<_>>(), [-2.0, 0.25]);
        assert_eq!(weights.vector("c", 1).unwrap().to_vec(), [3.0]);
        let quantised = weights.vector("d", 2).unwrap_err().to_string();
        assert!(quantised.contains("not quantised"), "{quantised}");
        let missing = weights.vector("e", 1).unwrap_err().to_string();
        assert!(missing.contains("no tensor e"), "{missing}");
        let other = weights.vector("a", 2).unwrap_err().to_string();
        assert!(other.contains("[1]") && other.contains("[2]"), "{other}");
    }

    #[test]
    fn broken_files_are_refused_with_a_reason() {
        let header = r#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#;
        let cut = opened(header, &[0; 7]).unwrap_err().to_string();
        assert!(cut.contains("fetch it again"), "{cut}");
        for header in [
            "no header",
            r#"{"a":{"dtype":"F32","shape":[9],"data_offsets":[0,8]}}"#,
        ] {
            let problem = opened(header, &[0; 8]).unwrap_err().to_string();
            assert!(problem.contains("no safetensors file"), "{problem}");
        }
    }
}
