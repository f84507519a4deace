use super::*;

#[test]
fn a_text_is_cut_at_the_promised_length_and_says_so() {
    let mut draft = Draft::default();
    for _ in 0..21 {
        draft.paragraph(&"ä".repeat(100_000));
    }
    assert!(draft.is_full());
    let reading = draft.finish();
    assert_eq!(reading.text.chars().count(), MAX_CHARACTERS);
    assert!(reading.unread[0].reason.contains("2,000,000"));
}

#[test]
fn a_place_begins_where_its_text_begins() {
    let mut draft = Draft::default();
    draft.place(Some(1), None, "\n\n");
    draft.paragraph("Größe");
    draft.place(Some(2), None, "\n\n");
    draft.place(Some(3), None, "\n\n");
    draft.paragraph("drei");
    let reading = draft.finish();
    assert_eq!(reading.text, "Größe\n\ndrei");
    assert_eq!(
        reading
            .places
            .iter()
            .map(|p| (p.start, p.page))
            .collect::<Vec<_>>(),
        [(0, Some(1)), (7, Some(3))]
    );
}

#[test]
fn hidden_characters_are_named() {
    let mut draft = Draft::default();
    draft.line("a\u{200b}b");
    let reading = draft.finish();
    assert_eq!(reading.text, "ab");
    assert!(
        reading.unread[0]
            .reason
            .starts_with("1 invisible character was left out")
    );
}

#[test]
fn what_did_not_fit_is_in_the_share() {
    let mut draft = Draft::default();
    draft.paragraph(&"a".repeat(MAX_CHARACTERS - 2));
    draft.paragraph("later");
    let share = draft.finish().read.unwrap();
    assert_eq!(
        (share.unit, share.read),
        (ReadUnit::Characters, MAX_CHARACTERS - 2)
    );
    assert!(share.of >= MAX_CHARACTERS + 3, "{share:?}");
}

#[test]
fn a_named_part_begins_where_its_text_begins() {
    let mut draft = Draft::default();
    draft.paragraph("Cover");
    draft.named_place("slide\u{202e}  2", "\n\n");
    draft.paragraph("Figures");
    let reading = draft.finish();
    let places: Vec<_> = reading
        .places
        .iter()
        .map(|place| (place.start, place.label.as_deref()))
        .collect();
    assert_eq!(places, [(7, Some("slide 2"))]);
}
