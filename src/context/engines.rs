//! Who judges, by the settings: the builtin engine, and after it a model where one is set.

use std::sync::Arc;
use std::time::Duration;

use clara_models::{Model, ModelOptions, RetryPolicy};
use secrecy::SecretString;

use super::StartError;
use crate::analysis::Engines;
use crate::analysis::engine::builtin::Builtin;
use crate::analysis::engine::judge::{JudgeScope, ModelEngine};
use crate::analysis::engine::spending::{Budget, Prices};
use crate::domain::randomness::Randomness;
use crate::settings::{self, Settings};

/// How long one call to a model may take; local ones are slow.
const MODEL_CALL_TIMEOUT: Duration = Duration::from_mins(2);

/// The builtin engine, and the model where one is set.
pub(super) fn engines(
    settings: &Settings,
    randomness: &Arc<dyn Randomness>,
) -> Result<Engines, StartError> {
    let model = match (&settings.model, &settings.local_model) {
        (Some(said), _) => Some(model_engine(said, randomness.clone())?),
        (None, Some(said)) => local_engine(said)?,
        (None, None) => None,
    };
    Ok(Engines {
        builtin: Arc::new(Builtin),
        model,
    })
}

/// A model in a folder. Its files are looked at now and loaded when they are needed.
#[cfg(feature = "nli")]
fn local_engine(said: &settings::LocalModel) -> Result<Option<ModelEngine>, StartError> {
    let judge = clara_nli::NliJudge::open(&said.folder, said.threads)
        .map_err(|error| StartError(format!("CLARA_MODEL: {error}")))?;
    Ok(Some(ModelEngine {
        judge: Arc::new(judge),
        scope: JudgeScope::Open,
        finds_claims: false,
        budget: budget(&said.budget),
        // Its threads share the pairs of one batch; more batches at once would only wait for them.
        concurrency: 1,
    }))
}

/// The settings refuse such a model where the program cannot run it.
#[cfg(not(feature = "nli"))]
#[expect(clippy::unnecessary_wraps, reason = "the other one opens files")]
fn local_engine(_: &settings::LocalModel) -> Result<Option<ModelEngine>, StartError> {
    Ok(None)
}

fn model_engine(
    said: &settings::JudgingModel,
    randomness: Arc<dyn Randomness>,
) -> Result<ModelEngine, StartError> {
    let model = Model::new(ModelOptions {
        provider: said.provider,
        model: said.name.clone(),
        url: said.url.clone(),
        api_key: model_key(said)?,
        max_concurrent_calls: said.max_concurrent_calls,
        call_timeout: MODEL_CALL_TIMEOUT,
        retry: RetryPolicy::default(),
        randomness,
    });
    Ok(ModelEngine {
        judge: Arc::new(model.map_err(StartError::from)?),
        scope: if said.judges_all {
            JudgeScope::All
        } else {
            JudgeScope::Open
        },
        finds_claims: said.finds_claims,
        budget: budget(&said.budget),
        concurrency: said.max_concurrent_calls,
    })
}

fn budget(said: &settings::ModelBudget) -> Budget {
    Budget {
        max_calls: said.max_calls,
        max_tokens: said.max_tokens,
        max_time: said.max_time,
        max_cost: said.max_cost,
        prices: said.prices.map(|(input, output)| Prices { input, output }),
    }
}

/// The key of a model's server: as it was said, or what stands in its file.
fn model_key(said: &settings::JudgingModel) -> Result<Option<SecretString>, StartError> {
    let Some(path) = &said.api_key_file else {
        return Ok(said.api_key.clone());
    };
    let problem = |problem: String| {
        StartError(format!(
            "CLARA_MODEL_API_KEY_FILE: {}: {problem}",
            path.display()
        ))
    };
    let content = std::fs::read_to_string(path).map_err(|error| problem(error.to_string()))?;
    let key = content.trim();
    if !settings::is_key(key) {
        return Err(problem(settings::KEY_TAKES.to_owned()));
    }
    Ok(Some(key.to_owned().into()))
}
