//! The text to check where it is one of the files: it is taken from among the sources, for by itself every sentence of it is true.

use clara_domain::evidence::{Source, SourceKind};
use clara_domain::submission::MAX_TEXT_CHARACTERS;
use clara_domain::text::Text;

use crate::report::Limit;

/// The file whose claims are checked, ready to be the submission.
#[derive(Debug)]
pub(super) struct CheckedFile(Source);

impl CheckedFile {
    /// Takes the file out of the sources, which are numbered anew. What of it could not be read is told.
    pub fn take(sources: &mut Vec<Source>, index: u32, limits: &mut Vec<Limit>) -> Option<Self> {
        let index = usize::try_from(index).ok()?;
        if index >= sources.len() {
            return None;
        }
        let mut file = sources.remove(index);
        for (number, source) in sources.iter_mut().enumerate() {
            source.id = format!("s{}", number + 1);
        }
        limits.extend(file.unread.drain(..).map(|unread| Limit {
            what: match unread.page {
                Some(page) => format!("{}, page {page}", file.name),
                None => file.name.clone(),
            },
            reason: unread.reason,
        }));
        let text = file.text.as_str();
        if let Some((end, _)) = text.char_indices().nth(MAX_TEXT_CHARACTERS) {
            limits.push(Limit {
                what: file.name.clone(),
                reason: format!(
                    "Its first {MAX_TEXT_CHARACTERS} characters were checked. Hand the rest in as a file of its own."
                ),
            });
            file.text = Text::new(text[..end].to_owned());
            file.places
                .retain(|place| place.start < MAX_TEXT_CHARACTERS);
            file.records
                .retain(|record| record.span.end <= MAX_TEXT_CHARACTERS);
        }
        Some(Self(file))
    }

    /// Its text.
    pub fn text(&self) -> &str {
        self.0.text.as_str()
    }

    /// It as the submission, with the text that sentences may have been added to at its end.
    pub fn into_submission(self, text: Text) -> Source {
        Source {
            id: Source::SUBMISSION.to_owned(),
            kind: SourceKind::Submission,
            text,
            ..self.0
        }
    }
}
