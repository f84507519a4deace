//! What is wrong with a submission as it is handed in, field by field, before a file or a connection is opened.

use super::{AttachmentContent, NewAttachment};
use crate::domain::submission::{
    MAX_CLAIM_CHARACTERS, MAX_CLAIMS, MAX_CONTEXT_CHARACTERS, MAX_NAME_CHARACTERS,
    MAX_TEXT_CHARACTERS, supported_extension, supported_extensions,
};
use crate::fault::FieldProblem;

/// Kinds of files that are text; of any other the words alone are no such file.
const TEXT_KINDS: [&str; 13] = [
    "txt", "md", "html", "csv", "json", "srt", "vtt", "xml", "ipynb", "eml", "mbox", "rtf", "svg",
];

pub(super) fn claim_problems(claims: &[String]) -> Vec<FieldProblem> {
    if claims.len() > MAX_CLAIMS {
        let problem = format!("must be at most {MAX_CLAIMS} claims, not {}", claims.len());
        return vec![FieldProblem::refused("claims", problem)];
    }
    let problem = |(index, claim): (usize, &String)| {
        let problem = if claim.trim().is_empty() {
            "must be a sentence that can be true or false".to_owned()
        } else if claim.chars().count() > MAX_CLAIM_CHARACTERS {
            format!("must be at most {MAX_CLAIM_CHARACTERS} characters: give one sentence each")
        } else {
            return None;
        };
        let field = format!("claims[{index}]");
        Some(FieldProblem::refused(field, problem))
    };
    claims.iter().enumerate().filter_map(problem).collect()
}

pub(super) fn context_problem(context: Option<&str>) -> Option<FieldProblem> {
    let is_long = context.is_some_and(|context| context.chars().count() > MAX_CONTEXT_CHARACTERS);
    is_long.then(|| {
        FieldProblem::refused(
            "context",
            format!(
                "must be at most {MAX_CONTEXT_CHARACTERS} characters: say when, where and who; evidence goes in attachments"
            ),
        )
    })
}

pub(super) fn words_problem(index: usize, attachment: &NewAttachment) -> Option<FieldProblem> {
    let AttachmentContent::Text(text) = &attachment.content else {
        return None;
    };
    let extension = supported_extension(&attachment.name);
    let problem = if text.trim().is_empty() {
        "must hold the file's words".to_owned()
    } else if let Some(bytes_only) = extension.filter(|name| !TEXT_KINDS.contains(name)) {
        format!(
            "cannot be a .{bytes_only} file: name it .txt or .md, or send the bytes as content_base64"
        )
    } else {
        return None;
    };
    let field = format!("attachments[{index}].text");
    Some(FieldProblem::refused(field, problem))
}

/// What is wrong with naming a file to check: it must be one of the files, and be it alone.
pub(super) fn check_problems(
    text: &str,
    name: &str,
    attachments: &[NewAttachment],
) -> Vec<FieldProblem> {
    let files = attachments.iter().filter(|file| file.name == name).count();
    let problem = if !text.trim().is_empty() {
        "cannot be given beside a text: leave text empty, or leave check out".to_owned()
    } else if files == 0 {
        let names = attachments.iter().map(|file| file.name.as_str());
        match names.collect::<Vec<_>>().as_slice() {
            [] => "must be the name of one of attachments, and there is none".to_owned(),
            names => format!(
                "must be the name of one of attachments: {}",
                names.join(", ")
            ),
        }
    } else if files > 1 {
        "names more than one of attachments: give each a name of its own".to_owned()
    } else {
        return Vec::new();
    };
    vec![FieldProblem::refused("check", problem)]
}

pub(super) fn text_problems(text: &str) -> Vec<FieldProblem> {
    let problem = if text.trim().is_empty() {
        "must hold at least one statement to check".to_owned()
    } else if text.len() > MAX_TEXT_CHARACTERS && text.chars().count() > MAX_TEXT_CHARACTERS {
        format!(
            "must be at most {MAX_TEXT_CHARACTERS} characters: send a longer text as an attachment or in parts"
        )
    } else {
        return Vec::new();
    };
    vec![FieldProblem::refused("text", problem)]
}

pub(super) fn name_problem(index: usize, attachment: &NewAttachment) -> Option<FieldProblem> {
    let name = &attachment.name;
    let problem = plain_name_problem(name)?;
    // A file that came by itself is its own field; one in a list is known by its place there.
    let field = match &attachment.content {
        AttachmentContent::Aside { .. } if !is_unfit(name) => name.clone(),
        _ => format!("attachments[{index}].name"),
    };
    Some(FieldProblem::refused(field, problem))
}

/// What is wrong with a file's name.
pub(super) fn plain_name_problem(name: &str) -> Option<String> {
    if is_unfit(name) {
        return Some(format!(
            "must be a plain file name of at most {MAX_NAME_CHARACTERS} characters, without folders"
        ));
    }
    supported_extension(name)
        .is_none()
        .then(|| format!("must end in one of {}", supported_extensions().join(", ")))
}

/// Whether it is no plain name, or hides something of itself.
fn is_unfit(name: &str) -> bool {
    name.trim().is_empty()
        || name.chars().count() > MAX_NAME_CHARACTERS
        || name.chars().any(|c| {
            c.is_control()
                || matches!(c, '/' | '\\' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        })
}
