use std::collections::HashMap;

use super::*;

fn read(pairs: &[(&str, &str)]) -> Result<Option<JudgingModel>, String> {
    let environment = |asked: &str| {
        let said = pairs
            .iter()
            .find(|(name, _)| asked == format!("CLARA_{name}"));
        said.map(|(_, value)| (*value).to_owned())
    };
    let said = RawSettings::gather(|_| None, environment, &HashMap::new());
    JudgingModel::read(&said).map_err(|error| error.to_string())
}

#[test]
fn no_model_is_asked_unless_one_is_set() {
    assert!(read(&[]).unwrap().is_none());
    let model = read(&[
        ("ANALYSIS_ENGINE", "openai"),
        ("MODEL", "small-1"),
        ("MODEL_API_KEY", "sk-1"),
    ]);
    let model = model.unwrap().unwrap();
    assert_eq!(model.provider, Provider::OpenAi);
    assert!(!model.judges_all && !model.finds_claims);
    assert_eq!(model.url, None);
    assert_eq!(model.max_concurrent_calls, 4);
    let budget = ModelBudget {
        max_calls: 40,
        max_tokens: 200_000,
        max_time: Duration::from_mins(2),
        max_cost: None,
        prices: None,
    };
    assert_eq!(model.budget, budget);
}

#[test]
fn a_local_model_needs_no_key() {
    let ollama = read(&[("ANALYSIS_ENGINE", "ollama"), ("MODEL", "m:8b")]);
    assert!(ollama.unwrap().unwrap().api_key.is_none());
    let own = read(&[
        ("ANALYSIS_ENGINE", "openai"),
        ("MODEL", "m"),
        ("MODEL_URL", "http://localhost:8080/v1"),
    ]);
    assert!(own.unwrap().unwrap().url.is_some());
}

#[test]
fn wrong_combinations_say_what_to_set() {
    let openai = ("ANALYSIS_ENGINE", "openai");
    let ollama = [("ANALYSIS_ENGINE", "ollama"), ("MODEL", "m")];
    let cases: Vec<(Vec<(&str, &str)>, &str)> = vec![
        (
            vec![("ANALYSIS_ENGINE", "gpt")],
            "CLARA_ANALYSIS_ENGINE got `gpt`, takes builtin or openai",
        ),
        (
            vec![("MODEL", "m")],
            "CLARA_MODEL is set, but ANALYSIS_ENGINE is builtin",
        ),
        (
            vec![("MODEL_API_KEY", "sk")],
            "CLARA_MODEL_API_KEY is set, but ANALYSIS_ENGINE is builtin",
        ),
        (
            vec![openai],
            "CLARA_MODEL is required with ANALYSIS_ENGINE=openai",
        ),
        (
            vec![openai, ("MODEL", "two words")],
            "CLARA_MODEL takes the model's name",
        ),
        (
            vec![openai, ("MODEL", "m")],
            "CLARA_MODEL_API_KEY is required with ANALYSIS_ENGINE=openai",
        ),
        (
            vec![
                openai,
                ("MODEL", "m"),
                ("MODEL_API_KEY", "a"),
                ("MODEL_API_KEY_FILE", "/k"),
            ],
            "CLARA_MODEL_API_KEY_FILE is set together with MODEL_API_KEY",
        ),
        (
            vec![ollama[0], ollama[1], ("MODEL_MAX_COST", "1")],
            "CLARA_MODEL_MAX_COST is set without MODEL_PRICE_INPUT",
        ),
        (
            vec![ollama[0], ollama[1], ("MODEL_PRICE_INPUT", "1")],
            "CLARA_MODEL_PRICE_OUTPUT is not set, but MODEL_PRICE_INPUT is",
        ),
        (
            vec![ollama[0], ollama[1], ("MODEL_PRICE_OUTPUT", "1")],
            "CLARA_MODEL_PRICE_INPUT is not set",
        ),
        (
            vec![ollama[0], ollama[1], ("MODEL_MAX_COST", "-1")],
            "CLARA_MODEL_MAX_COST got `-1`, takes an amount",
        ),
        (
            vec![ollama[0], ollama[1], ("MODEL_MAX_COST", "inf")],
            "CLARA_MODEL_MAX_COST got `inf`",
        ),
        (
            vec![ollama[0], ollama[1], ("MODEL_MAX_SECONDS", "600")],
            "CLARA_MODEL_MAX_SECONDS got `600`, takes a whole number from 1 to 540",
        ),
        (
            vec![ollama[0], ollama[1], ("MODEL_JUDGES", "some")],
            "CLARA_MODEL_JUDGES got `some`, takes open or all",
        ),
        (
            vec![ollama[0], ollama[1], ("MODEL_CLAIMS", "perhaps")],
            "CLARA_MODEL_CLAIMS got `perhaps`, takes true or false",
        ),
        (
            vec![ollama[0], ollama[1], ("MODEL_CONCURRENCY", "0")],
            "CLARA_MODEL_CONCURRENCY got `0`",
        ),
    ];
    for (pairs, expected) in cases {
        let error = read(&pairs).unwrap_err();
        assert!(error.starts_with(expected), "{error}");
    }
}

#[test]
fn texts_and_keys_travel_in_the_clear_at_home() {
    let url = |url| {
        read(&[
            ("ANALYSIS_ENGINE", "ollama"),
            ("MODEL", "m"),
            ("MODEL_URL", url),
        ])
    };
    for good in [
        "https://models.example/v1",
        "http://127.0.0.1:11434",
        "http://[::1]:1",
        "http://ollama:11434",
        "http://192.168.1.5/",
        "http://box.local/",
    ] {
        assert!(url(good).is_ok(), "{good}");
    }
    for bad in [
        "http://models.example/v1",
        "http://8.8.8.8/",
        "https://user:hunter2@models.example/",
        "https://models.example/?key=hunter2",
        "ftp://models.example/",
    ] {
        let error = url(bad).unwrap_err();
        assert!(error.starts_with("CLARA_MODEL_URL takes"), "{error}");
        assert!(!error.contains("hunter2"));
    }
}

#[test]
fn a_key_is_never_repeated() {
    let error = read(&[
        ("ANALYSIS_ENGINE", "openai"),
        ("MODEL", "m"),
        ("MODEL_API_KEY", "hunter2 two"),
    ]);
    let error = error.unwrap_err();
    assert!(
        error.contains("printable ASCII") && !error.contains("hunter2"),
        "{error}"
    );
    let model = read(&[
        ("ANALYSIS_ENGINE", "openai"),
        ("MODEL", "m"),
        ("MODEL_API_KEY", "hunter2"),
    ]);
    assert!(!format!("{model:?}").contains("hunter2"));
}
