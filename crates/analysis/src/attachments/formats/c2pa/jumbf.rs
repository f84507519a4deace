//! Boxes of JUMBF (ISO 19566-5): a superbox has a description, with a kind and a label, and boxes. Nothing here recurses: who reads a
//! store asks for each level by its label.

/// A superbox of more boxes is damaged.
const MAX_BOXES: usize = 1_000;

/// A superbox and what is in it.
#[derive(Debug, Clone, Copy)]
pub struct Superbox<'a> {
    /// The first four letters of the kind: `c2ma` is a manifest.
    pub kind: &'a [u8],
    pub label: &'a str,
    /// Description and boxes: what a hash of this box is of.
    pub content: &'a [u8],
    boxes: &'a [u8],
}

impl<'a> Superbox<'a> {
    /// The superbox that the bytes begin with.
    pub fn parse(bytes: &'a [u8]) -> Option<Self> {
        let first = RawBox::parse(bytes)?;
        (&first.kind == b"jumb").then_some(())?;
        Self::of(first.content)
    }

    /// The bytes of the first box, and what follows it.
    pub fn split(bytes: &'a [u8]) -> Option<(&'a [u8], &'a [u8])> {
        let first = RawBox::parse(bytes)?;
        bytes.split_at_checked(bytes.len() - first.rest.len())
    }

    fn of(content: &'a [u8]) -> Option<Self> {
        let description = RawBox::parse(content)?;
        (&description.kind == b"jumd").then_some(())?;
        let toggles = description.content.get(16)?;
        let rest = description.content.get(17..)?;
        let end = rest.iter().position(|byte| *byte == 0);
        let label = match end {
            Some(end) if toggles & 2 != 0 => std::str::from_utf8(rest.get(..end)?).ok()?,
            _ => "",
        };
        Some(Self {
            kind: description.content.get(..4)?,
            label,
            content,
            boxes: description.rest,
        })
    }

    /// The superboxes in it, or nothing where one is broken.
    pub fn superboxes(&self) -> Option<Vec<Superbox<'a>>> {
        let children = self.children()?;
        let superboxes = children.iter().filter(|child| &child.kind == b"jumb");
        superboxes.map(|child| Self::of(child.content)).collect()
    }

    /// The content of the first box of this kind.
    pub fn content_of(&self, kind: [u8; 4]) -> Option<&'a [u8]> {
        let children = self.children()?;
        let found = children.iter().find(|child| child.kind == kind)?;
        Some(found.content)
    }

    fn children(&self) -> Option<Vec<RawBox<'a>>> {
        let mut children = Vec::new();
        let mut rest = self.boxes;
        while !rest.is_empty() {
            let child = RawBox::parse(rest).filter(|_| children.len() < MAX_BOXES)?;
            rest = child.rest;
            children.push(child);
        }
        Some(children)
    }
}

struct RawBox<'a> {
    kind: [u8; 4],
    content: &'a [u8],
    rest: &'a [u8],
}

impl<'a> RawBox<'a> {
    fn parse(bytes: &'a [u8]) -> Option<Self> {
        let length = u32::from_be_bytes(*bytes.first_chunk()?);
        let kind = *bytes.get(4..)?.first_chunk()?;
        let (head, length) = match length {
            // A length of zero: the box reaches to the end of its parent.
            0 => (8, bytes.len()),
            1 => {
                let length = u64::from_be_bytes(*bytes.get(8..)?.first_chunk()?);
                (16, usize::try_from(length).ok()?)
            }
            length => (8, usize::try_from(length).ok()?),
        };
        let (whole, rest) = bytes.split_at_checked(length)?;
        Some(Self {
            kind,
            content: whole.get(head..)?,
            rest,
        })
    }
}

#[cfg(test)]
pub mod testing {
    //! Boxes made by tests.

    pub fn boxed(kind: [u8; 4], content: &[u8]) -> Vec<u8> {
        let length = u32::try_from(content.len() + 8).unwrap().to_be_bytes();
        [&length[..], &kind, content].concat()
    }

    pub fn superbox(kind: [u8; 4], label: &str, boxes: &[u8]) -> Vec<u8> {
        let description = [&kind[..], &[0; 12], b"\x03", label.as_bytes(), b"\0"].concat();
        let content = [&boxed(*b"jumd", &description), boxes].concat();
        boxed(*b"jumb", &content)
    }
}

#[cfg(test)]
mod tests {
    use super::testing::{boxed, superbox};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn boxes_are_found_by_kind_and_label() {
        let inner = superbox(*b"c2ma", "one", &boxed(*b"cbor", b"\x01"));
        let store = superbox(*b"c2pa", "c2pa", &inner);
        let store = Superbox::parse(&store).unwrap();
        assert_eq!((store.kind, store.label), (&b"c2pa"[..], "c2pa"));
        let manifests = store.superboxes().unwrap();
        assert_eq!(manifests[0].label, "one");
        assert_eq!(manifests[0].content_of(*b"cbor"), Some(&b"\x01"[..]));
    }

    #[test]
    fn lengths_that_lie_and_many_boxes_are_damage() {
        for broken in [
            &b"\0\0\0\x07cbor"[..],
            b"\0\0\0\xffcbor",
            b"\0\0\0\x01cbor\xff",
        ] {
            let store = superbox(*b"c2pa", "c2pa", broken);
            assert!(Superbox::parse(&store).unwrap().superboxes().is_none());
        }
        let many = superbox(*b"c2pa", "c2pa", &boxed(*b"free", b"").repeat(1_001));
        assert!(Superbox::parse(&many).unwrap().superboxes().is_none());
    }

    proptest! {
        #[test]
        fn any_bytes_are_boxes_or_none(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let store = superbox(*b"c2pa", "c2pa", &bytes);
            let _ = Superbox::parse(&store).and_then(|store| store.superboxes());
            let _ = Superbox::parse(&bytes);
        }
    }
}
