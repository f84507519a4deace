//! What a picture's file can say of it.

use crate::attachments::formats::dates::Moment;

/// Facts by one kind of metadata.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Facts {
    pub taken: Option<Moment>,
    pub digitized: Option<Moment>,
    pub changed: Option<Moment>,
    pub camera: Option<String>,
    pub lens: Option<String>,
    /// Degrees north and east.
    pub position: Option<(f64, f64)>,
    pub city: Option<String>,
    pub region: Option<String>,
    pub country: Option<String>,
    pub software: Option<String>,
    pub creator: Option<String>,
    pub copyright: Option<String>,
    pub title: Option<String>,
    pub description: Option<String>,
    /// The last word of the IPTC's term for how the picture came about: `trainedAlgorithmicMedia`.
    pub source_type: Option<String>,
    pub edits: Vec<Edit>,
}

/// A step of the picture's history.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Edit {
    pub action: String,
    pub software: Option<String>,
    pub when: Option<Moment>,
}
