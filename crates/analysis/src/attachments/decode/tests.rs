use super::*;
use encoding_rs::{KOI8_R, SHIFT_JIS, WINDOWS_1252};

fn text(bytes: &[u8]) -> Option<(String, usize)> {
    decode(bytes, None).map(|decoded| (decoded.text, decoded.replaced))
}

#[test]
fn byte_order_marks_are_followed_and_dropped() {
    assert_eq!(
        text(b"\xef\xbb\xbfBr\xc3\xbccke"),
        Some(("Brücke".into(), 0))
    );
    assert_eq!(text(b"\xff\xfeB\0\xfc\0"), Some(("Bü".into(), 0)));
    assert_eq!(text(b"\xfe\xff\0B\0\xfc"), Some(("Bü".into(), 0)));
    assert_eq!(text(b""), Some((String::new(), 0)));
}

#[test]
fn utf16_is_seen_without_its_mark() {
    for said in [
        "The bridge was opened in May.",
        "Мост был открыт в мае 1933 года, а паром снят.",
    ] {
        let little: Vec<u8> = said.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = said.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(text(&little), Some((said.into(), 0)));
        assert_eq!(text(&big), Some((said.into(), 0)));
    }
}

#[test]
fn older_encodings_are_guessed_and_named() {
    for (encoding, said) in [
        (
            WINDOWS_1252,
            "The hall of the old café by the river costs £4,312 a year, “as agreed”.",
        ),
        (
            KOI8_R,
            "Мост через реку был открыт в мае 1933 года, и паром был снят с линии.",
        ),
        (
            SHIFT_JIS,
            "橋は1933年5月に開通しました。フェリーはその夏に廃止されました。",
        ),
    ] {
        let (bytes, _, _) = encoding.encode(said);
        let decoded = decode(&bytes, None).unwrap();
        assert_eq!(decoded.text, said);
        assert!(
            decoded.notes()[0].contains(decoded.guess.unwrap()),
            "{decoded:?}"
        );
    }
}

#[test]
fn a_page_is_read_as_it_says() {
    for head in [
        "<meta charset=windows-1251>",
        "<META http-equiv='Content-Type' content=\"text/html; charset=windows-1251\">",
        "<?xml version='1.0' encoding='windows-1251'?>",
    ] {
        let (bytes, _, _) = encoding_rs::WINDOWS_1251.encode("Да");
        let page = [head.as_bytes(), &bytes].concat();
        let decoded = decode_html(&page, None).unwrap();
        assert!(
            decoded.text.ends_with("Да") && decoded.notes().is_empty(),
            "{decoded:?}"
        );
    }
    let wrong = "<meta charset=windows-1252>Größe".as_bytes();
    assert!(decode_html(wrong, None).unwrap().text.ends_with("Größe"));
}

#[test]
fn a_few_bad_bytes_are_replaced_and_counted() {
    let raw = b"The br\xc3\xbccke over the river was opened by the K\xf6nig in 1933, for gr\xc3\xbc\xc3\x9fe.";
    let (read, replaced) = text(raw).unwrap();
    assert!(read.contains("K\u{fffd}nig"));
    assert_eq!(replaced, 1);
}

#[test]
fn a_replacement_character_of_the_authors_own_is_not_counted() {
    assert_eq!(
        text("a line with \u{fffd} in the middle of it".as_bytes())
            .unwrap()
            .1,
        0
    );
}

#[test]
fn mostly_binary_is_refused() {
    assert_eq!(text(&[0, 1, 2, 3, 0xff, 0xfe, 0, 0]), None);
    let noise: Vec<u8> = (0..2_000_u32)
        .map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes()[1])
        .collect();
    assert_eq!(text(&noise), None);
}

#[test]
fn the_server_names_the_encoding() {
    // The same bytes are two words: of KOI8-R, and of Windows-1251.
    let bytes = [0xcd, 0xc9, 0xd2, 0x20, 0xcd, 0xc9, 0xd2];
    let text = |charset| decode(&bytes, charset).unwrap();
    assert_eq!(text(Some("koi8-r")).text, "мир мир");
    assert_eq!(text(Some("koi8-r")).guess, None);
    assert_eq!(text(Some("windows-1251")).text, "НЙТ НЙТ");
    assert!(text(Some("no such encoding")).guess.is_some());
    let page = b"<meta charset=windows-1251><p>\xcd\xc9\xd2";
    let text = decode_html(page, Some("koi8-r")).unwrap().text;
    assert!(text.ends_with("мир"), "{text}");
}
