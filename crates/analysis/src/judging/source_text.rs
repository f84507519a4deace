//! A source as quotes are looked for in it: what is costly is made once, when it is first needed.

use clara_domain::evidence::Source;

use super::matching::Quotable;
use super::nearest::Words;
use super::refusal::NearestText;

/// A source, ready for quotes.
pub(super) struct SourceText<'a> {
    pub source: &'a Source,
    pub quotable: Quotable<'a>,
    words: Words<'a>,
}

impl<'a> SourceText<'a> {
    pub fn new(source: &'a Source) -> Self {
        Self {
            source,
            quotable: Quotable::new(source.text.as_str()),
            words: Words::new(source.text.as_str()),
        }
    }
}

impl SourceText<'_> {
    /// What is most like a quote that is not there.
    pub fn nearest(&self, quote: &str) -> Option<NearestText> {
        let nearest = self.words.nearest(quote)?;
        let span = self.source.text.span_of(nearest.bytes.clone());
        Some(NearestText {
            text: self.source.text.as_str()[nearest.bytes].to_owned(),
            start: span.start,
            end: span.end,
            page: self.source.place_of(span.start).0,
            differences: nearest.differences,
        })
    }
}
