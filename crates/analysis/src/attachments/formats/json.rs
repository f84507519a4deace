//! JSON as one `path: value` line for each value, so that a value can be quoted with its name. The file is walked, never
//! held as a tree: a tree of small values takes many times the file's size.

use std::fmt::{self, Write as _};

use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
};

use crate::attachments::draft::{Draft, Reading};

/// Reads JSON; a part before a mistake is not kept, for nobody can say what it means.
pub fn read(text: &str, mut draft: Draft) -> Reading {
    let mut path = String::new();
    let mut reader = serde_json::Deserializer::from_str(text);
    let walked = Walk {
        draft: &mut draft,
        path: &mut path,
    }
    .deserialize(&mut reader)
    .and_then(|()| reader.end());
    match walked {
        Ok(()) => draft.finish(),
        Err(error) => Reading::refused(format!(
            "The file is named .json but is no valid JSON (line {}, column {}). Correct it there, or name it .txt.",
            error.line(),
            error.column()
        )),
    }
}

struct Walk<'a> {
    draft: &'a mut Draft,
    path: &'a mut String,
}

impl Walk<'_> {
    fn value(&mut self, value: impl fmt::Display) {
        let mut line = String::with_capacity(self.path.len() + 16);
        if !self.path.is_empty() {
            line.push_str(self.path);
            line.push_str(": ");
        }
        // Writing into a string cannot fail.
        let _ = write!(line, "{value}");
        if line.contains(['\n', '\r']) {
            line = line.split_whitespace().collect::<Vec<_>>().join(" ");
        }
        self.draft.line(&line);
    }
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(mut self, value: bool) -> Result<(), E> {
        self.value(value);
        Ok(())
    }

    fn visit_i64<E>(mut self, value: i64) -> Result<(), E> {
        self.value(value);
        Ok(())
    }

    fn visit_u64<E>(mut self, value: u64) -> Result<(), E> {
        self.value(value);
        Ok(())
    }

    fn visit_f64<E>(mut self, value: f64) -> Result<(), E> {
        self.value(value);
        Ok(())
    }

    fn visit_str<E>(mut self, value: &str) -> Result<(), E> {
        if !value.trim().is_empty() {
            self.value(value);
        }
        Ok(())
    }

    fn visit_unit<E>(mut self) -> Result<(), E> {
        self.value("null");
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let kept = self.path.len();
        for index in 0_usize.. {
            if self.draft.is_full() {
                while items.next_element::<IgnoredAny>()?.is_some() {}
                break;
            }
            let _ = write!(self.path, "[{index}]");
            let more = items.next_element_seed(Walk {
                draft: &mut *self.draft,
                path: &mut *self.path,
            })?;
            self.path.truncate(kept);
            if more.is_none() {
                break;
            }
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        let kept = self.path.len();
        while let Some(key) = entries.next_key::<String>()? {
            if self.draft.is_full() {
                entries.next_value::<IgnoredAny>()?;
                continue;
            }
            if self.path.len() + key.len() > LONGEST_PATH {
                return Err(A::Error::custom("a name is too long"));
            }
            if kept > 0 {
                self.path.push('.');
            }
            self.path.push_str(&key);
            entries.next_value_seed(Walk {
                draft: &mut *self.draft,
                path: &mut *self.path,
            })?;
            self.path.truncate(kept);
        }
        Ok(())
    }
}

/// In bytes. A name of a megabyte over a list of a million values would be written a million times.
const LONGEST_PATH: usize = 10_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_value_is_a_line_with_its_path() {
        let raw = r#"{"name": "Ardmoor Bridge", "span": {"main_m": 412, "sides": [118, 118.5]}, "open": true, "closed": null, "note": "two\nlines", "empty": ""}"#;
        let reading = read(raw, Draft::default());
        assert_eq!(
            reading.text,
            "name: Ardmoor Bridge\nspan.main_m: 412\nspan.sides[0]: 118\nspan.sides[1]: 118.5\nopen: true\nclosed: null\nnote: two lines"
        );
        assert_eq!(read("\"bare\"", Draft::default()).text, "bare");
    }

    #[test]
    fn a_mistake_is_named_with_its_place() {
        let reading = read("{\"a\": 1,\n \"b\": }", Draft::default());
        assert!(reading.text.is_empty());
        assert!(reading.unread[0].reason.contains("line 2"), "{reading:?}");
    }

    #[test]
    fn depth_is_bounded() {
        let deep = "[".repeat(100_000);
        assert!(
            read(&deep, Draft::default()).unread[0]
                .reason
                .contains("no valid JSON")
        );
    }
}
