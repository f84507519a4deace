//! Each place as `[start, page, seconds]`, its label behind them where it has one, and `true` behind that of a comment. Only the
//! parent adds what OCR reads and what is heard, so no place comes from the child with a confidence.

use serde::ser::SerializeSeq as _;
use serde::{Deserialize, Deserializer, Serializer};

use clara_domain::evidence::Place;

/// A place as it comes.
#[derive(Deserialize)]
#[serde(untagged)]
enum Packed {
    Comment(usize, Option<u32>, Option<f64>, Option<String>, bool),
    Labelled(usize, Option<u32>, Option<f64>, String),
    Plain(usize, Option<u32>, Option<f64>),
}

/// Writes the places.
pub fn serialize<S: Serializer>(places: &[Place], serializer: S) -> Result<S::Ok, S::Error> {
    let mut list = serializer.serialize_seq(Some(places.len()))?;
    for place in places {
        match &place.label {
            label if place.is_comment => {
                list.serialize_element(&(place.start, place.page, place.seconds, label, true))?;
            }
            Some(label) => {
                list.serialize_element(&(place.start, place.page, place.seconds, label))?;
            }
            None => list.serialize_element(&(place.start, place.page, place.seconds))?,
        }
    }
    list.end()
}

/// Reads what [`serialize`] wrote.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Place>, D::Error> {
    let places = Vec::<Packed>::deserialize(deserializer)?;
    Ok(places.into_iter().map(Place::from).collect())
}

impl From<Packed> for Place {
    fn from(packed: Packed) -> Self {
        let (start, page, seconds, label, is_comment) = match packed {
            Packed::Comment(start, page, seconds, label, is_comment) => {
                (start, page, seconds, label, is_comment)
            }
            Packed::Labelled(start, page, seconds, label) => {
                (start, page, seconds, Some(label), false)
            }
            Packed::Plain(start, page, seconds) => (start, page, seconds, None, false),
        };
        Self {
            start,
            page,
            seconds,
            label,
            is_comment,
            ocr: None,
            speech: None,
            after_gap: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attachments::Reading;

    #[test]
    fn places_come_back_as_they_were_sent() {
        let place = |start, page, seconds, label: Option<&str>| Place {
            start,
            page,
            seconds,
            label: label.map(str::to_owned),
            is_comment: label.is_some_and(|label| label.starts_with("comment")),
            ocr: None,
            speech: None,
            after_gap: false,
        };
        let reading = Reading {
            places: vec![
                place(0, Some(1), None, None),
                place(7, None, Some(3.25), None),
                place(9, None, None, Some("slide 4")),
                place(12, Some(4), None, Some("comment 1 by Ann")),
            ],
            ..Reading::default()
        };
        let sent = serde_json::to_string(&reading).unwrap();
        assert!(sent.contains(r#"[7,null,3.25],[9,null,null,"slide 4"]"#));
        assert_eq!(serde_json::from_str::<Reading>(&sent).unwrap(), reading);
    }
}
