//! What the bench is told, and what it knows from a run before.

use std::error::Error;
use std::fs::{File, OpenOptions};
use std::path::PathBuf;

use clara_models::Provider;

use crate::rows::Outcome;

/// Whose verdicts are measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chosen {
    Builtin,
    Scripted,
    /// A model in a folder.
    Nli,
    Provider(Provider),
}

impl Chosen {
    pub fn name(self) -> &'static str {
        match self {
            Self::Builtin => "builtin",
            Self::Scripted => "scripted",
            Self::Nli => clara_nli::ENGINE,
            Self::Provider(provider) => provider.name(),
        }
    }
}

/// The arguments of a run.
pub struct Arguments {
    pub engine: Chosen,
    pub files: Vec<PathBuf>,
    pub judges_all: bool,
    pub max_cost: Option<f64>,
    pub max_calls: Option<u32>,
    pub max_rows: Option<usize>,
    out: PathBuf,
}

impl Arguments {
    pub fn read(mut given: impl Iterator<Item = String>) -> Result<Self, Box<dyn Error>> {
        let mut arguments = Self {
            engine: Chosen::Builtin,
            files: Vec::new(),
            judges_all: false,
            max_cost: None,
            max_calls: None,
            max_rows: None,
            out: PathBuf::new(),
        };
        while let Some(argument) = given.next() {
            let mut value = || given.next().ok_or(format!("{argument} wants a value"));
            match argument.as_str() {
                "--engine" => arguments.engine = engine(&value()?)?,
                "--out" => arguments.out = value()?.into(),
                "--max-cost" => arguments.max_cost = Some(value()?.parse()?),
                "--max-calls" => arguments.max_calls = Some(value()?.parse()?),
                "--max-rows" => arguments.max_rows = Some(value()?.parse()?),
                "--judges-all" => arguments.judges_all = true,
                // What cargo adds.
                "--bench" => {}
                unknown if unknown.starts_with('-') => {
                    return Err(format!("{unknown} is unknown").into());
                }
                file => arguments.files.push(file.into()),
            }
        }
        if arguments.out.as_os_str().is_empty() {
            arguments.out = format!("target/factcheck-{}.jsonl", arguments.engine.name()).into();
        }
        Ok(arguments)
    }

    /// The rows that were judged before. A line that was cut off when a run was stopped is judged again.
    pub fn known(&self) -> Result<Vec<Outcome>, Box<dyn Error>> {
        if !self.out.exists() {
            return Ok(Vec::new());
        }
        let text = std::fs::read_to_string(&self.out)?;
        let lines = text
            .lines()
            .filter_map(|line| serde_json::from_str::<Outcome>(line).ok());
        Ok(lines.collect())
    }

    pub fn writer(&self) -> Result<File, Box<dyn Error>> {
        if let Some(folder) = self.out.parent() {
            std::fs::create_dir_all(folder)?;
        }
        Ok(OpenOptions::new()
            .create(true)
            .append(true)
            .open(&self.out)?)
    }
}

fn engine(name: &str) -> Result<Chosen, String> {
    let provider = Provider::ALL
        .into_iter()
        .find(|provider| provider.name() == name);
    match (name, provider) {
        ("builtin", _) => Ok(Chosen::Builtin),
        ("scripted", _) => Ok(Chosen::Scripted),
        (clara_nli::ENGINE, _) => Ok(Chosen::Nli),
        (_, Some(provider)) => Ok(Chosen::Provider(provider)),
        _ => Err(format!("--engine {name} is unknown")),
    }
}
