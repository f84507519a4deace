//! Who judges claims, tried out.

use super::{Finding, State, finding};
use crate::analysis::asking::try_model;
use crate::context::Context;

/// Who judges: the builtin engine alone, or a model after it, which is asked one small question.
pub(super) async fn engine_finding(context: &Context) -> Finding {
    let part = "engine";
    if let Some(said) = &context.settings.local_model {
        let words = format!(
            "builtin, then the model in {} judges what is open, on {} threads of this machine; nothing is sent anywhere",
            said.folder.display(),
            said.threads
        );
        return tried(context, part, words).await;
    }
    let Some(said) = &context.settings.model else {
        return finding(
            part,
            State::Works,
            "builtin: offline, English; no model is set (ANALYSIS_ENGINE)",
        );
    };
    let judged = if said.judges_all {
        "all claims"
    } else {
        "what is open"
    };
    let place = said
        .url
        .as_ref()
        .map_or(said.provider.default_url(), url::Url::as_str);
    let words = format!(
        "builtin, then {} of {} judges {judged}; claims and passages are sent to {place}",
        said.name,
        said.provider.name()
    );
    tried(context, part, words).await
}

/// Asks the model one small question.
async fn tried(context: &Context, part: &'static str, words: String) -> Finding {
    let Some(model) = &context.engines.model else {
        return finding(part, State::Broken, words);
    };
    match try_model(model).await {
        Ok(()) => finding(part, State::Works, words),
        Err(error) => finding(part, State::Broken, format!("{words}; when asked, {error}")),
    }
}
