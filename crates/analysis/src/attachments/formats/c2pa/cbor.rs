//! CBOR (RFC 8949) as C2PA writes it, read with bounds on depth and count. Strings that come in pieces are not read: nobody who signs
//! writes them, and a form that two readers take differently is none to trust.

/// Deeper data is none.
const MAX_DEPTH: u8 = 24;
/// Data of more items is none.
const MAX_ITEMS: u32 = 20_000;

/// An item; what nothing here asks for is `Other`.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'a> {
    Unsigned(u64),
    /// `-1 - n` for the number `n` that is written.
    Negative(u64),
    Bytes(&'a [u8]),
    Text(&'a str),
    Array(Vec<Value<'a>>),
    Map(Vec<(Value<'a>, Value<'a>)>),
    Bool(bool),
    Null,
    Other,
}

impl<'a> Value<'a> {
    /// Reads the first item; what follows it is padding.
    pub fn parse(bytes: &'a [u8]) -> Option<Self> {
        let mut reader = Reader {
            rest: bytes,
            items: 0,
        };
        reader.item(MAX_DEPTH)
    }

    /// The value under a text key. A key that stands twice has no value: it is ambiguous.
    pub fn get(&self, key: &str) -> Option<&Value<'a>> {
        self.find(&Value::Text(key))
    }

    /// The value under a key of any kind.
    pub fn find(&self, key: &Value<'_>) -> Option<&Value<'a>> {
        let Self::Map(entries) = self else {
            return None;
        };
        let mut found = entries.iter().filter(|(name, _)| name == key);
        let (_, value) = found.next()?;
        found.next().is_none().then_some(value)
    }

    pub fn text(&self) -> Option<&'a str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn bytes(&self) -> Option<&'a [u8]> {
        match self {
            Self::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    pub fn size(&self) -> Option<usize> {
        match self {
            Self::Unsigned(number) => usize::try_from(*number).ok(),
            _ => None,
        }
    }

    /// The entries of an array; none of anything else.
    pub fn entries(&self) -> &[Value<'a>] {
        match self {
            Self::Array(entries) => entries,
            _ => &[],
        }
    }
}

struct Reader<'a> {
    rest: &'a [u8],
    items: u32,
}

impl<'a> Reader<'a> {
    fn item(&mut self, depth: u8) -> Option<Value<'a>> {
        let depth = depth.checked_sub(1)?;
        self.items += 1;
        if self.items > MAX_ITEMS {
            return None;
        }
        let (kind, short) = self.initial()?;
        // Text and bytes in pieces are refused by `argument`; so is whatever else has no length.
        if short == 31 {
            return match kind {
                4 => self.array(None, depth),
                5 => self.map(None, depth),
                _ => None,
            };
        }
        let argument = self.argument(short)?;
        match kind {
            0 => Some(Value::Unsigned(argument)),
            1 => Some(Value::Negative(argument)),
            2 => Some(Value::Bytes(self.take(argument)?)),
            3 => Some(Value::Text(std::str::from_utf8(self.take(argument)?).ok()?)),
            4 => self.array(Some(argument), depth),
            5 => self.map(Some(argument), depth),
            // A tag says what is meant by the item that follows; the item says the same without it.
            6 => self.item(depth),
            _ if matches!(short, 20 | 21) => Some(Value::Bool(short == 21)),
            _ if short == 22 => Some(Value::Null),
            _ => Some(Value::Other),
        }
    }

    fn initial(&mut self) -> Option<(u8, u8)> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some((first >> 5, first & 0x1f))
    }

    fn argument(&mut self, short: u8) -> Option<u64> {
        let length = match short {
            0..=23 => return Some(u64::from(short)),
            24 => 1,
            25 => 2,
            26 => 4,
            27 => 8,
            _ => return None,
        };
        let bytes = self.take(length)?;
        Some(
            bytes
                .iter()
                .fold(0, |number, byte| number << 8 | u64::from(*byte)),
        )
    }

    fn take(&mut self, length: u64) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(usize::try_from(length).ok()?)?;
        self.rest = rest;
        Some(taken)
    }

    /// Whether the items without a stated number end here.
    fn ends(&mut self) -> Option<bool> {
        let (first, rest) = self.rest.split_first()?;
        if *first == 0xff {
            self.rest = rest;
        }
        Some(*first == 0xff)
    }

    fn array(&mut self, count: Option<u64>, depth: u8) -> Option<Value<'a>> {
        // Room is made as items come, not by what the file says of their number.
        let mut entries = Vec::new();
        while self.goes_on(count, entries.len())? {
            entries.push(self.item(depth)?);
        }
        Some(Value::Array(entries))
    }

    fn map(&mut self, count: Option<u64>, depth: u8) -> Option<Value<'a>> {
        let mut entries = Vec::new();
        while self.goes_on(count, entries.len())? {
            entries.push((self.item(depth)?, self.item(depth)?));
        }
        Some(Value::Map(entries))
    }

    fn goes_on(&mut self, count: Option<u64>, had: usize) -> Option<bool> {
        match count {
            Some(count) => Some(u64::try_from(had).ok()? < count),
            None => Some(!self.ends()?),
        }
    }
}

/// Adds the head of a byte string of this length.
pub fn push_bytes(bytes: &[u8], out: &mut Vec<u8>) {
    let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    match u8::try_from(length) {
        Ok(length @ 0..24) => out.push(0x40 | length),
        Ok(length) => out.extend([0x58, length]),
        Err(_) => match (u16::try_from(length), u32::try_from(length)) {
            (Ok(length), _) => {
                out.push(0x59);
                out.extend(length.to_be_bytes());
            }
            (_, Ok(length)) => {
                out.push(0x5a);
                out.extend(length.to_be_bytes());
            }
            _ => {
                out.push(0x5b);
                out.extend(length.to_be_bytes());
            }
        },
    }
    out.extend(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn items_are_read_as_they_are_written() {
        let map = b"\xa3\x61a\x01\x61b\x9f\x20\xf6\xff\x18\x21\x42xy";
        let value = Value::parse(map).unwrap();
        assert_eq!(value.get("a"), Some(&Value::Unsigned(1)));
        assert_eq!(
            value.get("b").unwrap().entries(),
            [Value::Negative(0), Value::Null]
        );
        assert_eq!(
            value.find(&Value::Unsigned(33)),
            Some(&Value::Bytes(b"xy".as_slice()))
        );
        assert_eq!(Value::parse(b"\xc0\x61a"), Some(Value::Text("a")));
        assert_eq!(Value::parse(b"\xf4"), Some(Value::Bool(false)));
        assert_eq!(Value::parse(b"\xf5"), Some(Value::Bool(true)));
    }

    #[test]
    fn a_key_that_stands_twice_has_no_value() {
        let value = Value::parse(b"\xa2\x61a\x01\x61a\x02").unwrap();
        assert_eq!(value.get("a"), None);
    }

    #[test]
    fn depth_and_count_are_bounded() {
        assert_eq!(Value::parse(&[0x81].repeat(100_000)), None);
        assert_eq!(Value::parse(&[0xc0].repeat(100_000)), None);
        let wide = [&[0x9f][..], &[0xf6].repeat(30_000), &[0xff]].concat();
        assert_eq!(Value::parse(&wide), None);
        assert_eq!(Value::parse(b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff"), None);
        assert_eq!(Value::parse(b"\x5b\xff\xff\xff\xff\xff\xff\xff\xff"), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_an_item_or_none(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = Value::parse(&bytes);
        }

        #[test]
        fn written_bytes_are_read_back(bytes in proptest::collection::vec(any::<u8>(), 0..70_000)) {
            let mut out = Vec::new();
            push_bytes(&bytes, &mut out);
            prop_assert_eq!(Value::parse(&out), Some(Value::Bytes(&bytes)));
        }
    }
}
