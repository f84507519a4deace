//! What a manifest says was done to make a picture or a recording: with what, when, from what, and which edits followed.

use super::cbor::Value;
use crate::attachments::formats::dates::Moment;
use crate::attachments::formats::tag_text::name;

/// The most actions of a manifest that are read.
const MAX_ACTIONS: usize = 200;
/// Actions that change what is seen, as what was done to it. Of others, such as a change of format, nothing is said.
const EDITS: [(&str, Edit); 16] = [
    ("c2pa.addedText", Edit::Deep("given text")),
    ("c2pa.adjustedColor", Edit::Deep("adjusted in its colours")),
    (
        "c2pa.color_adjustments",
        Edit::Deep("adjusted in its colours"),
    ),
    ("c2pa.cropped", Edit::Deep("cropped")),
    ("c2pa.deleted", Edit::Deep("stripped of parts")),
    ("c2pa.drawing", Edit::Deep("drawn on")),
    ("c2pa.dubbed", Edit::Deep("dubbed")),
    ("c2pa.edited", Edit::Deep("edited")),
    ("c2pa.enhanced", Edit::Deep("enhanced")),
    ("c2pa.filtered", Edit::Deep("filtered")),
    ("c2pa.orientation", Edit::Slight("turned")),
    ("c2pa.placed", Edit::Deep("given parts of another file")),
    ("c2pa.removed", Edit::Deep("stripped of parts")),
    ("c2pa.resized", Edit::Slight("resized")),
    ("c2pa.resized.proportional", Edit::Slight("resized")),
    ("c2pa.trimmed", Edit::Deep("trimmed")),
];

/// What was done to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edit {
    /// What everybody calls an edit.
    Deep(&'static str),
    /// What many would not call one.
    Slight(&'static str),
}

impl Edit {
    pub fn words(self) -> &'static str {
        match self {
            Self::Deep(words) | Self::Slight(words) => words,
        }
    }
}

/// What a manifest says of how its file came about.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Provenance {
    /// The program or device that wrote the manifest.
    pub generator: Option<String>,
    pub is_created: bool,
    /// With what it was created.
    pub creator: Option<String>,
    pub created: Option<Moment>,
    /// The last word of the IPTC's term for how it came about.
    pub source_type: Option<String>,
    /// What was done to it, each once, in order.
    pub edits: Vec<Edit>,
    /// Whether an edit says that generative AI made it.
    pub has_generated_edits: bool,
}

impl Provenance {
    /// What the claim itself says.
    pub fn of_claim(claim: &Value<'_>) -> Self {
        let info = claim.get("claim_generator_info");
        // One, or a list of them; the first is the claim's own.
        let info = info.map(|info| info.entries().first().unwrap_or(info));
        let written = claim.get("claim_generator").and_then(Value::text);
        let generator = info.and_then(program).or_else(|| {
            // `Example_Generator/1.0 library/0.3`
            let first = written?.split_whitespace().next()?;
            name(&first.replace(['_', '/'], " "))
        });
        Self {
            generator,
            ..Self::default()
        }
    }

    /// What an assertion of actions says.
    pub fn add_actions(&mut self, assertion: &Value<'_>) {
        let actions = assertion.get("actions").map_or(&[][..], Value::entries);
        for action in actions.iter().take(MAX_ACTIONS) {
            self.add_action(action);
        }
    }

    fn add_action(&mut self, action: &Value<'_>) {
        let Some(what) = action.get("action").and_then(Value::text) else {
            return;
        };
        let source_type = action
            .get("digitalSourceType")
            .and_then(Value::text)
            .and_then(|term| name(term.trim_end_matches('/').rsplit('/').next()?));
        if what == "c2pa.created" {
            if std::mem::replace(&mut self.is_created, true) {
                return;
            }
            let agent = action.get("softwareAgent");
            // Where no other is named, who wrote the manifest did it.
            self.creator = match agent {
                Some(agent) => agent.text().and_then(name).or_else(|| program(agent)),
                None if action.get("softwareAgentIndex").is_none() => self.generator.clone(),
                None => None,
            };
            self.created = action
                .get("when")
                .and_then(Value::text)
                .and_then(Moment::parse);
            self.source_type = source_type;
        } else if let Some((_, edit)) = EDITS.iter().find(|(known, _)| *known == what) {
            if !self.edits.contains(edit) {
                self.edits.push(*edit);
            }
            self.has_generated_edits |= matches!(
                source_type.as_deref(),
                Some("trainedAlgorithmicMedia" | "compositeWithTrainedAlgorithmicMedia")
            );
        }
    }
}

/// `Example Generator 1.0`
fn program(info: &Value<'_>) -> Option<String> {
    let part = |key| info.get(key).and_then(Value::text).and_then(name);
    let called = part("name")?;
    Some(match part("version") {
        Some(version) => format!("{called} {version}"),
        None => called,
    })
}
