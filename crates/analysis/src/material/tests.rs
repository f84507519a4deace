//! What is kept comes back as it was, and what is not ours is refused.

use super::*;
use crate::attachments::read_here;
use crate::report::fixture;
use clara_domain::evidence::SourceKind;
use clara_domain::text::{Span, Text};
use proptest::prelude::*;

fn sample() -> Material {
    let mut case = fixture::bridge();
    let reading = read_here("table.csv", b"bridge,span\nArdmoor,412\nTarsk,97\n");
    let table = case.attach("table.csv", &reading.text);
    table.records = reading.records;
    table.layouts = reading.layouts;
    table.read = reading.read;
    Material {
        submission: case.submission,
        sources: case.sources,
    }
}

fn assert_same(one: &Source, other: &Source) {
    // A source has no equality; what it shows of itself is all of it.
    assert_eq!(format!("{one:?}"), format!("{other:?}"));
}

#[test]
fn material_comes_back_as_it_was_kept() {
    let material = sample();
    assert!(!material.sources[2].records.is_empty());
    let bytes = material.to_bytes().unwrap();
    let back = Material::from_bytes(&bytes).unwrap();
    assert_same(&back.submission, &material.submission);
    assert_eq!(back.sources.len(), material.sources.len());
    for (one, other) in back.sources.iter().zip(&material.sources) {
        assert_same(one, other);
    }
    assert_eq!(back.find("s3").unwrap().name, "table.csv");
    assert!(back.find("submission").is_some() && back.find("s4").is_none());
}

#[test]
fn another_version_is_refused_by_its_number() {
    let mut bytes = sample().to_bytes().unwrap();
    bytes[MARK.len()] = MATERIAL_VERSION + 1;
    let refused = Material::from_bytes(&bytes).unwrap_err();
    assert!(matches!(refused, MaterialError::Version { found } if found == MATERIAL_VERSION + 1));
    assert!(refused.to_string().contains("format 2"), "{refused}");
}

#[test]
fn what_is_cut_off_or_changed_is_refused() {
    let bytes = sample().to_bytes().unwrap();
    for length in [0, 5, MARK.len(), MARK.len() + 1, bytes.len() / 2] {
        let refused = Material::from_bytes(&bytes[..length]);
        assert!(
            matches!(refused, Err(MaterialError::Damaged(_))),
            "{length}"
        );
    }
    let mut changed = bytes;
    let middle = changed.len() / 2;
    changed[middle] ^= 0xff;
    assert!(Material::from_bytes(&changed).is_err());
}

#[test]
fn a_record_outside_its_text_is_refused() {
    let mut material = sample();
    material.sources[2].records[0].span = Span::new(0, 10_000);
    let bytes = material.to_bytes().unwrap();
    let refused = Material::from_bytes(&bytes);
    assert!(matches!(refused, Err(MaterialError::Damaged(_))));
}

#[test]
fn a_long_text_is_kept_in_a_fraction_of_its_size() {
    let mut material = sample();
    let text = "The bridge was opened in 1933, and its span is 412 metres. ".repeat(10_000);
    material.sources.push(fixture::source(
        "s4",
        SourceKind::Attachment,
        "a.txt",
        &text,
    ));
    let bytes = material.to_bytes().unwrap();
    assert!(bytes.len() * 10 < text.len(), "{}", bytes.len());
}

proptest! {
    #[test]
    fn any_text_comes_back(text in any::<String>(), name in any::<String>()) {
        let mut material = sample();
        material.sources[0].text = Text::new(text.clone());
        material.sources[0].places.clear();
        material.sources[0].name = name.clone();
        let back = Material::from_bytes(&material.to_bytes().unwrap()).unwrap();
        prop_assert_eq!(back.sources[0].text.as_str(), text);
        prop_assert_eq!(&back.sources[0].name, &name);
    }

    #[test]
    fn any_bytes_are_an_answer(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Material::from_bytes(&bytes);
        let mut ours = MARK.to_vec();
        ours.push(MATERIAL_VERSION);
        ours.extend(bytes);
        prop_assert!(Material::from_bytes(&ours).is_err());
    }
}
