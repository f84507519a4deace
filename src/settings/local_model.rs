//! The settings of a model in a folder of this machine. What only a model behind an address has is refused, not passed over.

use std::path::{Path, PathBuf};
use std::thread::available_parallelism;

use super::models::{ChosenEngine, ModelBudget, budget, given};
use super::paths::expand_home;
use super::setting::{Given, RawSettings, SettingsError};
use super::table;

/// The engine's name.
pub(super) const ENGINE: &str = "nli";
/// Whether this program can run such a model.
const IS_BUILT_IN: bool = cfg!(feature = "nli");

/// A model of natural-language inference in a folder.
#[derive(Debug, Clone, PartialEq)]
pub struct LocalModel {
    pub folder: PathBuf,
    /// Of this process, for all its analyses together.
    pub threads: usize,
    pub budget: ModelBudget,
}

impl LocalModel {
    /// `None` where no such model judges.
    pub(super) fn read(raw: &RawSettings) -> Result<Option<Self>, SettingsError> {
        let threads = raw.get(&table::MODEL_THREADS)?;
        if raw.get(&table::ANALYSIS_ENGINE)? != ChosenEngine::Nli {
            let problem =
                "is set, but ANALYSIS_ENGINE is not nli, whose threads it counts; leave it out";
            return match given(raw, &table::MODEL_THREADS, problem) {
                Some(error) => Err(error),
                None => Ok(None),
            };
        }
        if !IS_BUILT_IN {
            return Err(table::ANALYSIS_ENGINE.problem(
                "is nli, and this program was built without local models; build it with `cargo build --release --features nli`, \
                 or set ANALYSIS_ENGINE to another engine",
            ));
        }
        let Some(folder) = raw.get(&table::MODEL)? else {
            return Err(table::MODEL.problem(
                "is required with ANALYSIS_ENGINE=nli: the folder of the model, as `clara model fetch NAME` makes it",
            ));
        };
        let folder =
            expand_home(Path::new(&folder)).map_err(|problem| table::MODEL.problem(problem))?;
        let address = "is set, but ANALYSIS_ENGINE=nli asks nobody over the network; leave it out";
        let scope = "is all, but ANALYSIS_ENGINE=nli judges only what the builtin engine leaves open; leave it out";
        let claims = "is true, but ANALYSIS_ENGINE=nli finds no claims; leave it out";
        let price = "is set, but ANALYSIS_ENGINE=nli costs no money; leave it out";
        let refused = given(raw, &table::MODEL_URL, address)
            .or_else(|| given(raw, &table::MODEL_API_KEY, address))
            .or_else(|| given(raw, &table::MODEL_API_KEY_FILE, address))
            .or_else(|| given(raw, &table::MODEL_MAX_COST, price))
            .or_else(|| given(raw, &table::MODEL_PRICE_INPUT, price))
            .or_else(|| given(raw, &table::MODEL_PRICE_OUTPUT, price));
        if let Some(error) = refused {
            return Err(error);
        }
        if raw.get(&table::MODEL_JUDGES)? == "all" {
            return Err(table::MODEL_JUDGES.problem(scope));
        }
        if raw.get(&table::MODEL_CLAIMS)? {
            return Err(table::MODEL_CLAIMS.problem(claims));
        }
        Ok(Some(Self {
            folder,
            threads,
            budget: budget(raw)?,
        }))
    }
}

pub(super) fn threads(given: Given<'_>) -> Result<usize, SettingsError> {
    if given.is_missing() {
        return Ok(available_parallelism().map_or(1, std::num::NonZero::get));
    }
    given.number(1, 256)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Option<LocalModel>, String> {
        let environment = |asked: &str| {
            let said = pairs
                .iter()
                .find(|(name, _)| asked == format!("CLARA_{name}"));
            said.map(|(_, value)| (*value).to_owned())
        };
        let said = RawSettings::gather(|_| None, environment, &HashMap::new());
        LocalModel::read(&said).map_err(|error| error.to_string())
    }

    const NLI: (&str, &str) = ("ANALYSIS_ENGINE", "nli");

    #[test]
    fn no_folder_is_read_unless_one_is_set() {
        assert_eq!(read(&[]).unwrap(), None);
        assert_eq!(
            read(&[("ANALYSIS_ENGINE", "ollama"), ("MODEL", "m")]),
            Ok(None)
        );
        let stray = read(&[("MODEL_THREADS", "2")]).unwrap_err();
        assert!(stray.contains("is not nli"), "{stray}");
    }

    #[cfg(not(feature = "nli"))]
    #[test]
    fn a_build_without_local_models_says_so() {
        let refused = read(&[NLI, ("MODEL", "/models/small")]).unwrap_err();
        assert!(refused.contains("--features nli"), "{refused}");
    }

    #[cfg(feature = "nli")]
    #[test]
    fn a_folder_may_have_spaces_in_its_name() {
        let model = read(&[NLI, ("MODEL", "/my models/small"), ("MODEL_THREADS", "3")]);
        let model = model.unwrap().unwrap();
        assert_eq!(model.folder, Path::new("/my models/small"));
        assert_eq!(model.threads, 3);
        assert!(read(&[NLI, ("MODEL", "/m")]).unwrap().unwrap().threads >= 1);
    }

    #[cfg(feature = "nli")]
    #[test]
    fn what_a_folder_has_no_use_for_is_refused() {
        for (name, value) in [
            ("MODEL_URL", "https://models.example"),
            ("MODEL_API_KEY", "sk-1"),
            ("MODEL_API_KEY_FILE", "/key"),
            ("MODEL_MAX_COST", "1"),
            ("MODEL_JUDGES", "all"),
            ("MODEL_CLAIMS", "true"),
            ("MODEL_THREADS", "0"),
        ] {
            let refused = read(&[NLI, ("MODEL", "/m"), (name, value)]).unwrap_err();
            assert!(refused.starts_with(&format!("CLARA_{name} ")), "{refused}");
        }
        let missing = read(&[NLI]).unwrap_err();
        assert!(missing.contains("clara model fetch"), "{missing}");
    }
}
