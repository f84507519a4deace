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
    let model = settings.model.as_ref();
    let model = model.map(|said| model_engine(said, randomness.clone()));
    Ok(Engines {
        builtin: Arc::new(Builtin),
        model: model.transpose()?,
    })
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
    let budget = &said.budget;
    Ok(ModelEngine {
        judge: Arc::new(model.map_err(StartError::from)?),
        scope: if said.judges_all {
            JudgeScope::All
        } else {
            JudgeScope::Open
        },
        finds_claims: said.finds_claims,
        budget: Budget {
            max_calls: budget.max_calls,
            max_tokens: budget.max_tokens,
            max_time: budget.max_time,
            max_cost: budget.max_cost,
            prices: budget
                .prices
                .map(|(input, output)| Prices { input, output }),
        },
        concurrency: said.max_concurrent_calls,
    })
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
