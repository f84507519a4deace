//! What content credentials say, as plain sentences. Where they are valid it is the file's word on itself; where they are not, it is
//! nobody's, and stands in a place of its own that neither supports nor refutes.

use super::Credentials;
use super::manifest::{Manifest, Validity};
use super::provenance::{Edit, Provenance};
use crate::attachments::draft::Draft;

/// The place of what credentials say that are not valid.
const DISTRUSTED_PLACE: &str = "content credentials that are not valid";
/// The place of what credentials say that could not be checked.
const UNCHECKED_PLACE: &str = "content credentials that are not checked";

/// Writes what the credentials are, and what they say where they are valid. `word` is what the file is called: `picture`, `video` or
/// `recording`.
pub fn write(word: &str, credentials: &Credentials, draft: &mut Draft) {
    let manifest = match credentials {
        Credentials::Absent => return,
        Credentials::Damaged => {
            draft.unread(
                None,
                "The file has content credentials (C2PA) that are damaged; nothing of them is read. Attach the file as its maker published it.",
            );
            return;
        }
        Credentials::Unsupported => {
            draft.unread(
                None,
                "The file has content credentials (C2PA) that update others or are of the pieces of a file, which are not read.",
            );
            return;
        }
        Credentials::Found(manifest) => manifest,
    };
    let reason = match manifest.validity {
        Validity::Valid => {
            draft.line(&format!("The content credentials are valid: neither they nor the {word} were changed after signing."));
            for sentence in statements(word, manifest) {
                draft.line(&sentence);
            }
            return;
        }
        Validity::ClaimChanged => {
            "The content credentials are not valid: their signature does not fit what they say."
                .to_owned()
        }
        Validity::AssertionChanged => {
            "The content credentials are not valid: what they say was changed after signing."
                .to_owned()
        }
        Validity::FileChanged => {
            format!(
                "The content credentials are not valid: the {word}'s file was changed after signing."
            )
        }
        Validity::Unchecked(why) => {
            draft.unread(
                None,
                format!("The content credentials of the file (C2PA) are not checked, for {why}; what they say is no evidence."),
            );
            return;
        }
    };
    draft.line(&reason);
}

/// Writes what credentials say that are not valid or not checked, in a place that is no evidence.
pub fn write_distrusted(word: &str, credentials: &Credentials, draft: &mut Draft) {
    let Credentials::Found(manifest) = credentials else {
        return;
    };
    let place = match manifest.validity {
        Validity::Valid => return,
        Validity::Unchecked(_) => UNCHECKED_PLACE,
        _ => DISTRUSTED_PLACE,
    };
    let sentences = statements(word, manifest);
    if !sentences.is_empty() {
        draft.comment_place(place, "\n\n");
        for sentence in sentences {
            draft.line(&sentence);
        }
    }
}

fn statements(word: &str, manifest: &Manifest) -> Vec<String> {
    let mut sentences = Vec::new();
    if let Some(signer) = &manifest.signer
        && let Some(subject) = &signer.subject
    {
        let by = signer
            .issuer
            .as_ref()
            .map_or_else(String::new, |issuer| format!(" by {issuer}"));
        sentences.push(format!(
            "The {word}'s content credentials are signed with a certificate issued to {subject}{by} (not checked against a trust list)."
        ));
    }
    of_making(word, &manifest.provenance, &mut sentences);
    sentences
}

/// In words that say whose they are and are no report of somebody's belief, so that claims can be checked against them.
fn of_making(word: &str, provenance: &Provenance, sentences: &mut Vec<String>) {
    let mut say = |what: String| sentences.push(format!("By its content credentials, {what}."));
    match (&provenance.creator, &provenance.generator) {
        (Some(creator), _) => say(format!("the {word} was made with {creator}")),
        (None, Some(generator)) => say(format!(
            "the {word} was given content credentials by {generator}"
        )),
        (None, None) => {}
    }
    if let Some(moment) = provenance.created.and_then(|moment| moment.spelled()) {
        say(format!("the {word} was created on {moment}"));
    }
    if let Some(done) = edited(&provenance.edits) {
        say(format!("the {word} was {done}"));
    }
    if provenance.has_generated_edits {
        say(format!("parts of the {word} were made by generative AI"));
    }
    match provenance.source_type.as_deref() {
        Some("trainedAlgorithmicMedia") => {
            // For claims in the longer words.
            say(format!("the {word} was made by artificial intelligence"));
            say(format!(
                "the {word} was made by generative AI (trainedAlgorithmicMedia)"
            ));
        }
        Some("compositeWithTrainedAlgorithmicMedia") => say(format!(
            "parts of the {word} were made by generative AI (compositeWithTrainedAlgorithmicMedia)"
        )),
        Some("algorithmicMedia") => say(format!("the {word} was made by a program")),
        Some("digitalCapture") if word == "recording" => {
            say(format!("the {word} was captured by a digital recorder"));
        }
        Some("digitalCapture") => say(format!("the {word} was captured by a digital camera")),
        _ => {}
    }
}

/// `edited: it was cropped and drawn on`
fn edited(edits: &[Edit]) -> Option<String> {
    let words: Vec<&str> = edits
        .iter()
        .map(|edit| edit.words())
        .filter(|words| *words != "edited")
        .collect();
    let list = words.split_last().map(|(last, first)| match first {
        [] => (*last).to_owned(),
        _ => format!("{} and {last}", first.join(", ")),
    });
    let is_edited = edits.iter().any(|edit| matches!(edit, Edit::Deep(_)));
    match (list, is_edited) {
        (Some(list), true) => Some(format!("edited: it was {list}")),
        (None, true) => Some("edited".to_owned()),
        (list, false) => list,
    }
}
