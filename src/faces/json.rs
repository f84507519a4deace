//! Reads JSON strictly: a field said twice, too many of them, or nesting without end is refused, not guessed at. It knows no
//! operation and no protocol; what the fields mean is read elsewhere.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::fault::{Fault, MAX_REPEATED};

/// The most fields of one object: no input has a tenth of it.
const MAX_FIELDS: usize = 100;
/// The most items of one array.
const MAX_ITEMS: usize = 1_000;

/// The fields of a body. An empty one and `null` have none.
pub fn read(body: &[u8]) -> Result<Map<String, Value>, Fault> {
    if body.trim_ascii().is_empty() {
        return Ok(Map::new());
    }
    let problem = match check(body).and_then(|()| serde_json::from_slice(body)) {
        Ok(Value::Object(fields)) => return Ok(fields),
        Ok(Value::Null) => return Ok(Map::new()),
        Ok(Value::Array(_)) => "must be a JSON object, not an array".to_owned(),
        Ok(Value::String(_)) => "must be a JSON object, not a string".to_owned(),
        Ok(Value::Number(_)) => "must be a JSON object, not a number".to_owned(),
        Ok(Value::Bool(_)) => "must be a JSON object, not a boolean".to_owned(),
        Err(error) => format!("is no JSON that can be read: {error}"),
    };
    Err(Fault::field("body", problem))
}

/// Looks through a whole text, of which nothing is kept: what passes may be read by whoever knows what it means. An error
/// about what stands in it, rather than about how it is written, is of serde's kind `data`.
pub fn check(text: &[u8]) -> Result<(), serde_json::Error> {
    // serde_json's own limit on depth stays on.
    let mut reader = serde_json::Deserializer::from_slice(text);
    Strict.deserialize(&mut reader)?;
    reader.end()
}

/// A field's name, which is copied only where it is written with escapes.
#[derive(Deserialize)]
struct Name<'n>(#[serde(borrow)] Cow<'n, str>);

/// A value in which every field stands once.
struct Strict;

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let mut read = 0;
        while items.next_element_seed(Strict)?.is_some() {
            read += 1;
            if read > MAX_ITEMS {
                return Err(A::Error::custom("an array has more than 1000 items"));
            }
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        // So few that comparing them one by one costs less than a table of them.
        let mut read: Vec<Cow<'de, str>> = Vec::new();
        while let Some(Name(name)) = fields.next_key()? {
            if read.len() == MAX_FIELDS {
                return Err(A::Error::custom("an object has more than 100 fields"));
            }
            if read.contains(&name) {
                let name: String = name.chars().take(MAX_REPEATED).collect();
                return Err(A::Error::custom(format_args!(
                    "`{name}` is given more than once"
                )));
            }
            read.push(name);
            fields.next_value_seed(Strict)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::FaultKind;

    fn problem(body: &str) -> String {
        match read(body.as_bytes()).unwrap_err().kind() {
            FaultKind::InvalidFields(problems) => problems[0].problem.clone(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn nothing_an_empty_object_and_null_have_no_fields() {
        for empty in ["", " \r\n", "{}", "null", " { } "] {
            assert!(read(empty.as_bytes()).unwrap().is_empty(), "{empty}");
        }
    }

    #[test]
    fn what_is_no_object_is_named() {
        for (body, kind) in [
            ("[1]", "an array"),
            ("\"a\"", "a string"),
            ("1.5", "a number"),
        ] {
            assert_eq!(problem(body), format!("must be a JSON object, not {kind}"));
        }
    }

    #[test]
    fn a_field_is_said_once_at_any_depth() {
        assert!(problem(r#"{"a": 1, "a": 1}"#).contains("`a` is given more than once"));
        assert!(problem(r#"{"x": [{"a": 1, "\u0061": 2}]}"#).contains("more than once"));
    }

    #[test]
    fn nesting_and_numbers_without_end_are_refused() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(problem(&deep).contains("recursion limit"));
        let deep = format!("{{\"a\":{deep}}}");
        assert!(problem(&deep).contains("recursion limit"));
        let wide: Vec<String> = (0..1_000_000).map(|n| format!("\"{n}\":1")).collect();
        assert!(problem(&format!("{{{}}}", wide.join(","))).contains("100 fields"));
        assert!(problem(&format!("{{\"a\":[{}1]}}", "1,".repeat(1_000))).contains("1000 items"));
        let deepest = format!("{{\"a\":{}{}}}", "[".repeat(126), "]".repeat(126));
        assert_eq!(read(deepest.as_bytes()).unwrap().len(), 1);
        let deeper = format!("{{\"a\":{}{}}}", "[".repeat(127), "]".repeat(127));
        assert!(problem(&deeper).contains("recursion limit"));
        assert!(problem("{\"a\": 1e999}").contains("out of range"));
        assert!(problem("{} {}").contains("trailing"));
    }
}
