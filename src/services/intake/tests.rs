//! Which names an attachment may have: what a name hides, and how long it is, is judged before anything is opened.

use super::*;

/// What is wrong with a file of this name.
fn problem(name: &str) -> Option<FieldProblem> {
    let attachment = NewAttachment {
        name: name.to_owned(),
        content: AttachmentContent::Bytes(b"words".to_vec()),
        expected: ExpectedFile::default(),
    };
    name_problem(3, &attachment)
}

#[test]
fn a_name_has_at_most_200_characters() {
    for character in ["a", "ß", "字", "🙂"] {
        let stem = character.repeat(196);
        assert_eq!(problem(&format!("{stem}.txt")), None, "{character}");
        let problem = problem(&format!("{stem}{character}.txt")).unwrap();
        assert_eq!(problem.field, "attachments[3].name");
        assert!(problem.problem.contains("200"), "{}", problem.problem);
    }
}

#[test]
fn a_name_that_hides_something_is_refused() {
    // As a person sees it, the second one ends in "txt.pdf".
    for name in [
        "a\0.txt",
        "a\u{202e}fdp.txt",
        "a\u{202a}.txt",
        "a\u{202d}.txt",
        "a\u{2066}.txt",
        "a\u{2069}.txt",
        "a\n.txt",
        "a\r\n.txt",
        "a\t.txt",
        "\u{1b}[2Ja.txt",
        "a\u{7f}.txt",
        "a\u{9b}.txt",
        "a.txt\0",
    ] {
        let problem = problem(name).expect(name);
        assert!(problem.problem.contains("plain file name"), "{name:?}");
    }
}

#[test]
fn a_name_is_no_path() {
    for name in [
        "../a.txt",
        "/etc/a.txt",
        "a/b.txt",
        "..\\a.txt",
        "C:\\a.txt",
        "",
        " ",
    ] {
        assert!(problem(name).is_some(), "{name:?}");
    }
}

#[test]
fn names_of_every_script_are_names() {
    for name in [
        "Bericht 2024.txt",
        "отчёт.md",
        "تقرير.pdf",
        "報告書.csv",
        "می\u{200c}خواهم.txt",
    ] {
        assert_eq!(problem(name), None, "{name:?}");
    }
}

#[test]
fn base64_is_taken_however_it_is_wrapped() {
    let mut long = "data:text/plain;charset=utf-8;base64,VGhl\r\nIG1p bGwu".to_owned();
    strip_wrapping(&mut long);
    assert_eq!(long, "VGhlIG1pbGwu");
    for (wrapped, bytes) in [
        ("VGhlIG1pbGwu", &b"The mill."[..]),
        ("DATA:text/plain;BASE64,VGhlIG1pbGwu\n", b"The mill."),
        ("-_8", &[0xfb, 0xff]),
        ("+/8=", &[0xfb, 0xff]),
    ] {
        let mut encoded = wrapped.to_owned();
        strip_wrapping(&mut encoded);
        assert_eq!(BASE64.decode(encoded).as_deref(), Ok(bytes), "{wrapped}");
    }
    // What is no base64 at all is not made into any.
    for wrapped in ["data:text/plain,hello", "%%%", "a,b"] {
        let mut encoded = wrapped.to_owned();
        strip_wrapping(&mut encoded);
        assert!(BASE64.decode(encoded).is_err(), "{wrapped}");
    }
}
