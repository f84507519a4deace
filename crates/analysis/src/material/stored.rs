//! The stored form of material: sources as JSON, with records and places as lists of numbers. What comes back is checked, for
//! the analysis relies on records and places that stand in their text.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use clara_domain::clock::Timestamp;
use clara_domain::evidence::{Layout, Place, ReadShare, Record, Source, SourceKind, Unread};
use clara_domain::text::Text;

use super::Material;
use crate::attachments::packed;

/// Material as it is written.
#[derive(Serialize)]
pub(super) struct StoredRef<'m> {
    submission: StoredSource<'m>,
    sources: Vec<StoredSource<'m>>,
}

/// Material as it is read.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Stored {
    submission: StoredSource<'static>,
    sources: Vec<StoredSource<'static>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredSource<'m> {
    id: Cow<'m, str>,
    kind: SourceKind,
    name: Cow<'m, str>,
    title: Option<Cow<'m, str>>,
    url: Option<Cow<'m, str>>,
    publisher: Option<Cow<'m, str>>,
    published_at: Option<Cow<'m, str>>,
    retrieved_at: Timestamp,
    sha256: Cow<'m, str>,
    text: Cow<'m, str>,
    language: Option<Cow<'m, str>>,
    #[serde(with = "packed::places")]
    places: Vec<Place>,
    #[serde(with = "packed::records")]
    records: Vec<Record>,
    layouts: Cow<'m, [Layout]>,
    read: Option<ReadShare>,
    unread: Cow<'m, [Unread]>,
}

impl<'m> From<&'m Material> for StoredRef<'m> {
    fn from(material: &'m Material) -> Self {
        Self {
            submission: StoredSource::from(&material.submission),
            sources: material.sources.iter().map(StoredSource::from).collect(),
        }
    }
}

impl Stored {
    /// The material, or what of it does not hold.
    pub fn material(self) -> Result<Material, String> {
        Ok(Material {
            submission: self.submission.source()?,
            sources: self
                .sources
                .into_iter()
                .map(StoredSource::source)
                .collect::<Result<_, _>>()?,
        })
    }
}

impl<'m> From<&'m Source> for StoredSource<'m> {
    fn from(source: &'m Source) -> Self {
        fn optional(text: Option<&String>) -> Option<Cow<'_, str>> {
            text.map(|text| Cow::Borrowed(text.as_str()))
        }
        Self {
            id: Cow::Borrowed(&source.id),
            kind: source.kind,
            name: Cow::Borrowed(&source.name),
            title: optional(source.title.as_ref()),
            url: optional(source.url.as_ref()),
            publisher: optional(source.publisher.as_ref()),
            published_at: optional(source.published_at.as_ref()),
            retrieved_at: source.retrieved_at,
            sha256: Cow::Borrowed(&source.sha256),
            text: Cow::Borrowed(source.text.as_str()),
            language: optional(source.language.as_ref()),
            places: source.places.clone(),
            records: source.records.clone(),
            layouts: Cow::Borrowed(&source.layouts),
            read: source.read,
            unread: Cow::Borrowed(&source.unread),
        }
    }
}

impl StoredSource<'_> {
    fn source(self) -> Result<Source, String> {
        let source = Source {
            id: self.id.into_owned(),
            kind: self.kind,
            name: self.name.into_owned(),
            title: self.title.map(Cow::into_owned),
            url: self.url.map(Cow::into_owned),
            publisher: self.publisher.map(Cow::into_owned),
            published_at: self.published_at.map(Cow::into_owned),
            retrieved_at: self.retrieved_at,
            sha256: self.sha256.into_owned(),
            text: Text::new(self.text.into_owned()),
            language: self.language.map(Cow::into_owned),
            places: self.places,
            records: self.records,
            layouts: self.layouts.into_owned(),
            read: self.read,
            unread: self.unread.into_owned(),
        };
        if is_sound(&source) {
            Ok(source)
        } else {
            Err(format!(
                "records or places of {} are not in its text",
                source.id
            ))
        }
    }
}

/// Whether records and places point into the text and to each other.
fn is_sound(source: &Source) -> bool {
    let characters = source.text.len();
    let records_hold = source.records.iter().enumerate().all(|(at, record)| {
        source.layouts.get(record.layout).is_some_and(|layout| {
            record.fields.iter().all(|field| {
                field.name < layout.names.len()
                    && field.value.start <= field.value.end
                    && field.value.start >= record.span.start
                    && field.value.end <= record.span.end
            })
        }) && record.span.start <= record.span.end
            && record.span.end <= characters
            && record.parent.is_none_or(|parent| parent < at)
    });
    let in_order = source
        .records
        .windows(2)
        .all(|pair| pair[0].span.start <= pair[1].span.start);
    let ascending = source
        .places
        .windows(2)
        .all(|pair| pair[0].start <= pair[1].start);
    records_hold && in_order && ascending
}
