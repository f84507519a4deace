//! What people wrote into a recording: its title, who made it, when.

use symphonia::core::meta::{Metadata, RawValue, StandardTag, Tag};

use crate::attachments::formats::tag_text::{name, text};

/// The most tags that are looked at, in all.
const MAX_TAGS: usize = 1_000;

/// What the tags of a file say, each by the first that says it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tags {
    pub title: Option<String>,
    pub artist: Option<String>,
    pub album: Option<String>,
    /// When it was recorded or published, as it is written.
    pub date: Option<String>,
    pub comment: Option<String>,
    pub copyright: Option<String>,
    pub software: Option<String>,
}

/// The tags of the file and of its tracks.
pub fn of(metadata: &mut Metadata<'_>) -> Tags {
    let mut tags = Tags::default();
    let mut left = MAX_TAGS;
    loop {
        if let Some(revision) = metadata.current() {
            for tag in revision.media.tags.iter().take(left) {
                tags.take(tag);
                left -= 1;
            }
        }
        if metadata.pop().is_none() {
            return tags;
        }
    }
}

impl Tags {
    fn take(&mut self, tag: &Tag) {
        let Some((slot, value)) = self.slot(tag) else {
            return;
        };
        if slot.is_none() {
            *slot = value;
        }
    }

    fn slot(&mut self, tag: &Tag) -> Option<(&mut Option<String>, Option<String>)> {
        use StandardTag as Standard;
        Some(match &tag.std {
            Some(Standard::TrackTitle(title) | Standard::MovieTitle(title)) => {
                (&mut self.title, text(title))
            }
            Some(
                Standard::Artist(artist) | Standard::Author(artist) | Standard::Performer(artist),
            ) => (&mut self.artist, name(artist)),
            Some(Standard::Album(album)) => (&mut self.album, text(album)),
            Some(
                Standard::RecordingDate(date)
                | Standard::ReleaseDate(date)
                | Standard::OriginalReleaseDate(date)
                | Standard::OriginalRecordingDate(date),
            ) => (&mut self.date, name(date)),
            Some(Standard::RecordingYear(year) | Standard::ReleaseYear(year)) => {
                (&mut self.date, name(&year.to_string()))
            }
            Some(Standard::Comment(words) | Standard::Description(words)) => {
                (&mut self.comment, text(words))
            }
            Some(Standard::Copyright(notice)) => (&mut self.copyright, text(notice)),
            Some(Standard::Encoder(software)) => (&mut self.software, name(software)),
            Some(_) => return None,
            None => return self.raw_slot(tag),
        })
    }

    /// Matroska's tags that have a meaning by their name alone, behind what they are about: `MOVIE@DATE`.
    fn raw_slot(&mut self, tag: &Tag) -> Option<(&mut Option<String>, Option<String>)> {
        let RawValue::String(value) = &tag.raw.value else {
            return None;
        };
        let key = tag.raw.key.to_ascii_uppercase();
        Some(match key.rsplit('@').next()? {
            "TITLE" => (&mut self.title, text(value)),
            "ALBUM" => (&mut self.album, text(value)),
            "DATE" | "DATE_RELEASED" | "DATE_RECORDED" => (&mut self.date, name(value)),
            _ => return None,
        })
    }
}
