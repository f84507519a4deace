//! Raised and lowered letters, ligatures and hyphens.

use super::{lines, text};

#[test]
fn a_raised_mark_does_not_join_a_number() {
    let content = "BT /F1 10 Tf 72 700 Td (The yard employs 318) Tj 6 0 0 6 164 703.5 Tm ET\n\
                   BT /F1 6 Tf 163 703.5 Td (2) Tj ET\nBT /F1 10 Tf 167.5 700 Td (men and stands since 1887.) Tj ET";
    assert_eq!(
        text(content),
        "The yard employs 318[2] men and stands since 1887."
    );
}

#[test]
fn a_rise_of_the_same_size_is_a_mark_too() {
    let content = "BT /F1 10 Tf 72 700 Td (The yard employs 318) Tj 4 Ts (2) Tj 0 Ts ( men.) Tj ET";
    assert_eq!(text(content), "The yard employs 318[2] men.");
}

#[test]
fn exponents_and_indices_keep_their_form() {
    let content = "BT /F1 10 Tf 72 700 Td (It counted 10) Tj /F1 6 Tf 4 Ts (6) Tj /F1 10 Tf 0 Ts ( cells on 12 m) Tj \
                   /F1 6 Tf 4 Ts (2) Tj /F1 10 Tf 0 Ts ( under CO) Tj /F1 6 Tf -2 Ts (2) Tj /F1 10 Tf 0 Ts (.) Tj ET";
    assert_eq!(text(content), "It counted 10⁶ cells on 12 m² under CO₂.");
}

#[test]
fn a_note_begins_with_its_mark() {
    let content =
        "BT /F1 6 Tf 72 103 Td (2) Tj ET\nBT /F1 8 Tf 76 100 Td (Without the apprentices.) Tj ET";
    assert_eq!(text(content), "[2] Without the apprentices.");
}

#[test]
fn a_word_broken_at_the_line_end_is_closed() {
    let content = lines(&[
        (
            10.0,
            72.0,
            700.0,
            "The lock keeper wrote down each boat that went through and the naviga-",
        ),
        (
            10.0,
            72.0,
            688.0,
            "tion company kept his books in a well-dried room, for damp spoils a well-",
        ),
        (10.0, 72.0, 676.0, "dried page."),
    ]);
    let text = text(&content);
    assert!(text.contains("the navigation company"), "{text}");
    assert!(text.contains("a well-dried page."), "{text}");
}
