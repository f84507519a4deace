//! Analyses for these tests: texts in memory, judged by the builtin engine, then by a model at an address.

use std::sync::Arc;
use std::time::Duration;

use clara_analysis::asking::{Session, ask};
use clara_analysis::engine::builtin::Builtin;
use clara_analysis::engine::judge::{JudgeScope, ModelEngine};
use clara_analysis::engine::spending::{Budget, Prices};
use clara_analysis::material::Material;
use clara_analysis::pipeline::{Control, weigh};
use clara_analysis::report::{EngineInfo, Milliseconds, Report, ReportInput, build};
use clara_domain::clock::Timestamp;
use clara_domain::evidence::{Source, SourceKind};
use clara_domain::randomness::SystemRandomness;
use clara_domain::text::Text;
use clara_models::{Model, ModelOptions, Provider, RetryPolicy};
use url::Url;

/// The key of every test; it may turn up in requests' headers and nowhere else.
pub const KEY: &str = "sk-test-0f1e2d3c4b5a69788796a5b4c3d2e1f0";

/// A source with a name and a text.
pub fn source(id: &str, name: &str, title: Option<&str>, text: &str) -> Source {
    Source {
        id: id.to_owned(),
        kind: if id == Source::SUBMISSION {
            SourceKind::Submission
        } else {
            SourceKind::Attachment
        },
        name: name.to_owned(),
        title: title.map(str::to_owned),
        url: None,
        publisher: None,
        published_at: None,
        retrieved_at: Timestamp(0),
        sha256: String::new(),
        text: Text::new(text),
        language: None,
        places: Vec::new(),
        records: Vec::new(),
        layouts: Vec::new(),
        read: None,
        unread: Vec::new(),
    }
}

/// What the builtin engine says.
pub fn analysed(text: &str, sources: Vec<Source>) -> (Report, Arc<Material>) {
    let submission = source(Source::SUBMISSION, Source::SUBMISSION, None, text);
    let weighed = weigh(&submission, &sources, &Builtin, Control::NONE);
    let report = build(ReportInput {
        submission: &submission,
        sources: &sources,
        judged: weighed.claims,
        not_checked: weighed.not_checked,
        queries: Vec::new(),
        limits: Vec::new(),
        engine: EngineInfo {
            name: "builtin".to_owned(),
            version: "2".to_owned(),
            model: None,
            judge: None,
        },
        milliseconds: Milliseconds::default(),
    });
    let material = Material {
        submission,
        sources,
    };
    (report, Arc::new(material))
}

/// A model at an address, that gives up soon.
pub fn engine(provider: Provider, url: &Url, scope: JudgeScope) -> ModelEngine {
    let model = Model::new(options(provider, url));
    ModelEngine {
        judge: Arc::new(model.unwrap()),
        scope,
        finds_claims: false,
        budget: Budget {
            max_calls: 20,
            max_tokens: 1_000_000,
            max_time: Duration::from_secs(30),
            max_cost: None,
            prices: Some(Prices {
                input: 1.0,
                output: 4.0,
            }),
        },
        concurrency: 2,
    }
}

/// How that model is reached.
pub fn options(provider: Provider, url: &Url) -> ModelOptions {
    // Whoever speaks plain HTTP still builds a client that could speak TLS.
    let _ = rustls::crypto::ring::default_provider().install_default();
    ModelOptions {
        provider,
        model: "m-1".to_owned(),
        url: Some(url.clone()),
        api_key: Some(KEY.to_owned().into()),
        max_concurrent_calls: 2,
        call_timeout: Duration::from_millis(1_500),
        retry: RetryPolicy {
            max_tries: 3,
            first_wait: Duration::from_millis(1),
            max_wait: Duration::from_secs(2),
        },
        randomness: Arc::new(SystemRandomness),
    }
}

/// Asks the model about a report.
pub async fn asked(engine: ModelEngine, analysed: (Report, Arc<Material>)) -> Report {
    ask(&Session::new(engine), analysed.0, analysed.1, &|_, _| {}).await
}

/// What the limits say of the model.
pub fn reasons(report: &Report) -> Vec<&str> {
    let ours = report.limits.iter().filter(|limit| {
        Provider::ALL
            .iter()
            .any(|provider| provider.name() == limit.what)
    });
    ours.map(|limit| limit.reason.as_str()).collect()
}
