//! The settings of a model that judges what the builtin engine leaves open: which one, how it is reached, and what an analysis may
//! spend on it. Combinations that cannot be meant are refused; whether the model answers is found out when it is asked.

use std::path::PathBuf;
use std::time::Duration;

use clara_models::Provider;
use secrecy::{ExposeSecret as _, SecretString};
use url::{Host, Url};

use super::local_model;
use super::network::base_url;
use super::setting::{Given, RawSettings, SettingsError, Typed};
use super::table;

/// A model that judges.
#[derive(Debug, Clone)]
pub struct JudgingModel {
    pub provider: Provider,
    /// The model's name, as the provider knows it.
    pub name: String,
    /// `None`: the provider's own service.
    pub url: Option<Url>,
    pub api_key: Option<SecretString>,
    /// The file that holds the key, where it is not said itself.
    pub api_key_file: Option<PathBuf>,
    /// Whether it judges all claims and not only what is open.
    pub judges_all: bool,
    pub finds_claims: bool,
    /// Calls at once of this process.
    pub max_concurrent_calls: usize,
    pub budget: ModelBudget,
}

/// What one analysis may spend on a model.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelBudget {
    pub max_calls: u32,
    pub max_tokens: u64,
    pub max_time: Duration,
    pub max_cost: Option<f64>,
    /// Of a million tokens of questions, and of answers.
    pub prices: Option<(f64, f64)>,
}

impl JudgingModel {
    /// `None` where the builtin engine judges alone.
    pub(super) fn read(raw: &RawSettings) -> Result<Option<Self>, SettingsError> {
        let engine = raw.get(&table::ANALYSIS_ENGINE)?;
        let name = raw.get(&table::MODEL)?;
        let url = raw.get(&table::MODEL_URL)?;
        let api_key = raw.get(&table::MODEL_API_KEY)?;
        let api_key_file = raw.get(&table::MODEL_API_KEY_FILE)?;
        let judges_all = raw.get(&table::MODEL_JUDGES)? == "all";
        let finds_claims = raw.get(&table::MODEL_CLAIMS)?;
        let max_concurrent_calls = raw.get(&table::MODEL_CONCURRENCY)?;
        let budget = budget(raw)?;
        let provider = match engine {
            ChosenEngine::Provider(provider) => provider,
            ChosenEngine::Nli => return Ok(None),
            ChosenEngine::Builtin => {
                return match without_engine(raw) {
                    Some(error) => Err(error),
                    None => Ok(None),
                };
            }
        };
        let engine = provider.name();
        let Some(name) = name else {
            return Err(table::MODEL.problem(format!(
                "is required with ANALYSIS_ENGINE={engine}: the model's name as {engine} knows it, one word"
            )));
        };
        if name.chars().any(char::is_whitespace) {
            return Err(
                table::MODEL.problem("takes the model's name as its server knows it, one word")
            );
        }
        if api_key.is_some() && api_key_file.is_some() {
            return Err(table::MODEL_API_KEY_FILE
                .problem("is set together with MODEL_API_KEY; set one of them"));
        }
        if provider.needs_key() && url.is_none() && api_key.is_none() && api_key_file.is_none() {
            return Err(table::MODEL_API_KEY.problem(format!(
                "is required with ANALYSIS_ENGINE={engine} (or MODEL_API_KEY_FILE), unless MODEL_URL names a server of your own"
            )));
        }
        Ok(Some(Self {
            provider,
            name,
            url,
            api_key,
            api_key_file,
            judges_all,
            finds_claims,
            max_concurrent_calls,
            budget,
        }))
    }
}

/// What makes no sense where no model is asked.
fn without_engine(raw: &RawSettings) -> Option<SettingsError> {
    let problem = "is set, but ANALYSIS_ENGINE is builtin, which asks no model; set ANALYSIS_ENGINE to openai, anthropic, \
                   gemini, ollama or nli, or leave it out";
    given(raw, &table::MODEL, problem)
        .or_else(|| given(raw, &table::MODEL_URL, problem))
        .or_else(|| given(raw, &table::MODEL_API_KEY, problem))
        .or_else(|| given(raw, &table::MODEL_API_KEY_FILE, problem))
}

/// What is set and must not be, with why.
pub(super) fn given<T>(
    raw: &RawSettings,
    typed: &Typed<T>,
    problem: &str,
) -> Option<SettingsError> {
    (!raw.is_missing(typed)).then(|| typed.problem(problem))
}

/// Who judges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChosenEngine {
    Builtin,
    /// A model behind an address.
    Provider(Provider),
    /// A model in a folder.
    Nli,
}

pub(super) fn engine(given: Given<'_>) -> Result<ChosenEngine, SettingsError> {
    let engine = given.choice(&[
        "builtin",
        "openai",
        "anthropic",
        "gemini",
        "ollama",
        local_model::ENGINE,
    ])?;
    let provider = Provider::ALL
        .into_iter()
        .find(|provider| provider.name() == engine);
    Ok(match provider {
        Some(provider) => ChosenEngine::Provider(provider),
        None if engine == local_model::ENGINE => ChosenEngine::Nli,
        None => ChosenEngine::Builtin,
    })
}

/// A model's name, or its folder.
#[expect(
    clippy::unnecessary_wraps,
    reason = "every parser of the table may refuse"
)]
pub(super) fn name(given: Given<'_>) -> Result<Option<String>, SettingsError> {
    Ok(Some(given.text()).filter(|name| !name.is_empty()))
}

pub(super) fn url(given: Given<'_>) -> Result<Option<Url>, SettingsError> {
    let Some(url) = base_url(given)? else {
        return Ok(None);
    };
    if url.scheme() == "http" && !is_near(&url) {
        return Err(given.problem(
            "takes `https://`; plain http is for this machine and private networks, for texts and the key travel in it",
        ));
    }
    Ok(Some(url))
}

/// Whether an address is on this machine, in a private network, or a bare name as machines of one network have.
fn is_near(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => {
            let last = name.rsplit_once('.').map(|(_, last)| last);
            last.is_none_or(|last| matches!(last, "local" | "internal"))
        }
        Some(Host::Ipv4(address)) => address.is_loopback() || address.is_private(),
        Some(Host::Ipv6(address)) => address.is_loopback() || address.is_unique_local(),
        None => false,
    }
}

pub(super) fn key(given: Given<'_>) -> Result<Option<SecretString>, SettingsError> {
    let key = given.secret()?;
    match &key {
        Some(key) if !is_key(key.expose_secret()) => Err(given.problem(KEY_TAKES)),
        _ => Ok(key),
    }
}

/// What a key may be.
pub const KEY_TAKES: &str = "takes a key of printable ASCII characters without spaces";

/// Whether a text fits into a header as a key.
pub fn is_key(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}

pub(super) fn budget(raw: &RawSettings) -> Result<ModelBudget, SettingsError> {
    let max_cost = raw.get(&table::MODEL_MAX_COST)?;
    let input = raw.get(&table::MODEL_PRICE_INPUT)?;
    let output = raw.get(&table::MODEL_PRICE_OUTPUT)?;
    let prices = match (input, output) {
        (Some(input), Some(output)) => Some((input, output)),
        (None, None) => None,
        (Some(_), None) => {
            return Err(other_price(
                &table::MODEL_PRICE_OUTPUT,
                &table::MODEL_PRICE_INPUT,
            ));
        }
        (None, Some(_)) => {
            return Err(other_price(
                &table::MODEL_PRICE_INPUT,
                &table::MODEL_PRICE_OUTPUT,
            ));
        }
    };
    if max_cost.is_some() && prices.is_none() {
        return Err(table::MODEL_MAX_COST.problem(
            "is set without MODEL_PRICE_INPUT and MODEL_PRICE_OUTPUT, so nobody knows what a call costs; set all three",
        ));
    }
    Ok(ModelBudget {
        max_calls: raw.get(&table::MODEL_MAX_CALLS)?,
        max_tokens: raw.get(&table::MODEL_MAX_TOKENS)?,
        // An analysis may take ten minutes in all.
        max_time: Duration::from_secs(raw.get(&table::MODEL_MAX_SECONDS)?),
        max_cost,
        prices,
    })
}

fn other_price<T>(missing: &Typed<T>, given: &Typed<T>) -> SettingsError {
    missing.problem(format!(
        "is not set, but {} is; set both, or neither",
        given.setting.name
    ))
}

/// An amount of money; `None` where nothing was given.
pub(super) fn amount(given: Given<'_>) -> Result<Option<f64>, SettingsError> {
    let raw = given.text();
    if raw.is_empty() {
        return Ok(None);
    }
    let is_plain = raw
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.');
    let number = raw
        .parse::<f64>()
        .ok()
        .filter(|number| is_plain && *number <= 1e6);
    match number {
        Some(number) => Ok(Some(number)),
        None => Err(given.got(&raw, "takes an amount such as 0.25, up to 1000000")),
    }
}

#[cfg(test)]
mod tests;
