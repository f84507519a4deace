//! JSON as borrowed pieces of its text, taken apart one level at a time.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// A value by the piece of text that it is.
pub enum Value<'a> {
    Scalar,
    List(Vec<&'a RawValue>),
    Object(Members<'a>),
}

/// An object's members in their order.
pub type Members<'a> = Vec<(Cow<'a, str>, &'a RawValue)>;

/// What a piece of JSON is.
pub fn parse(raw: &RawValue) -> Value<'_> {
    let parsed = match raw.get().as_bytes().first() {
        Some(b'[') => serde_json::from_str(raw.get()).ok().map(Value::List),
        Some(b'{') => serde_json::Deserializer::from_str(raw.get())
            .deserialize_map(MemberVisitor)
            .ok()
            .map(Value::Object),
        _ => None,
    };
    parsed.unwrap_or(Value::Scalar)
}

/// Keeps the members' order.
struct MemberVisitor;

impl<'de> Visitor<'de> for MemberVisitor {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Members<'de>, A::Error> {
        let mut members = Vec::new();
        while let Some(entry) = entries.next_entry::<Key<'de>, &'de RawValue>()? {
            members.push((entry.0.0, entry.1));
        }
        Ok(members)
    }
}

#[derive(serde::Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

/// Whether the piece is neither a list nor an object.
pub fn is_scalar(raw: &RawValue) -> bool {
    !raw.get().starts_with(['[', '{'])
}

/// Whether the piece is a number.
pub fn is_number(raw: &RawValue) -> bool {
    raw.get()
        .starts_with(|c: char| c == '-' || c.is_ascii_digit())
}

/// The scalars of a list that has nothing else.
pub fn scalars(raw: &RawValue) -> Option<Vec<&RawValue>> {
    match parse(raw) {
        Value::List(items) if items.iter().all(|item| is_scalar(item)) => Some(items),
        _ => None,
    }
}

/// What stands of a scalar: a string without its marks.
pub fn content(raw: &RawValue) -> &str {
    let raw = raw.get();
    raw.strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .unwrap_or(raw)
}
