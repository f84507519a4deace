//! Each place as `[start, page, seconds]`.

use serde::ser::SerializeSeq as _;
use serde::{Deserialize as _, Deserializer, Serializer};

use clara_domain::evidence::Place;

/// Writes the places.
pub fn serialize<S: Serializer>(places: &[Place], serializer: S) -> Result<S::Ok, S::Error> {
    let mut list = serializer.serialize_seq(Some(places.len()))?;
    for place in places {
        list.serialize_element(&(place.start, place.page, place.seconds))?;
    }
    list.end()
}

/// Reads what [`serialize`] wrote.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Place>, D::Error> {
    let lists = Vec::<(usize, Option<u32>, Option<f64>)>::deserialize(deserializer)?;
    let place = |(start, page, seconds)| Place {
        start,
        page,
        seconds,
    };
    Ok(lists.into_iter().map(place).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attachments::Reading;

    #[test]
    fn places_come_back_as_they_were_sent() {
        let place = |start, page, seconds| Place {
            start,
            page,
            seconds,
        };
        let reading = Reading {
            places: vec![place(0, Some(1), None), place(7, None, Some(3.25))],
            ..Reading::default()
        };
        let sent = serde_json::to_string(&reading).unwrap();
        assert_eq!(serde_json::from_str::<Reading>(&sent).unwrap(), reading);
    }
}
