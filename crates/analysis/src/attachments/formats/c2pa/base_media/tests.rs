use super::*;

fn boxed(kind: &[u8], content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len() + 8).unwrap().to_be_bytes();
    [&length[..], kind, content].concat()
}

fn of_purpose(purpose: &[u8], data: &[u8]) -> Vec<u8> {
    boxed(b"uuid", &[C2PA, &[0; 4], purpose, b"\0", data].concat())
}

fn file(boxes: &[Vec<u8>]) -> Vec<u8> {
    [boxed(b"ftyp", b"heic\0\0\0\0"), boxes.concat()].concat()
}

fn store() -> Vec<u8> {
    of_purpose(
        b"manifest",
        &[&[0; 8][..], &boxed(b"jumb", b"store")].concat(),
    )
}

fn located(file: &[u8]) -> Located {
    match locate(file) {
        Search::Found(located) => located,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_store_lies_in_a_box_of_its_own() {
    let bytes = file(&[
        store(),
        boxed(b"mfra", b""),
        boxed(b"uuid", &[7; 20]),
        boxed(b"mdat", b"x"),
    ]);
    let found = located(&bytes);
    assert_eq!(found.store, boxed(b"jumb", b"store"));
    assert_eq!(found.unchecked, None);
    let end = 16 + store().len();
    assert_eq!(found.ranges, [0..16, 16..end, end..end + 8]);
    assert_eq!(found.boxes.len(), 5);
    // The last box may say that it reaches to the end, and sizes may have eight bytes.
    let mut open = bytes.clone();
    let at = open.len() - 9;
    open[at..at + 4].fill(0);
    assert_eq!(located(&open).boxes, found.boxes);
    let large = [&b"\0\0\0\x01mdat\0\0\0\0\0\0\0\x11"[..], b"x"].concat();
    assert_eq!(located(&file(&[store(), large])).unchecked, None);
}

#[test]
fn other_boxes_of_credentials_are_told() {
    for (more, expected) in [
        (of_purpose(b"merkle", b""), IN_PIECES),
        (of_purpose(b"update", b""), UPDATED),
        (b"\0\0\0\x20mdat".to_vec(), CUT_OFF),
        (b"\0\0\0\x07mdat".to_vec(), CUT_OFF),
        (
            b"\0\0\0\x01mdat\xff\xff\xff\xff\xff\xff\xff\xff".to_vec(),
            CUT_OFF,
        ),
        (b"\0\0\0".to_vec(), CUT_OFF),
        (boxed(b"free", b"").repeat(60_000), CUT_OFF),
    ] {
        assert_eq!(located(&file(&[store(), more])).unchecked, Some(expected));
    }
    let start = boxed(b"jumb", b"store");
    for (data, expected) in [
        ([&[0; 8], &start[..], &[0; 90]].concat(), None),
        ([&[0; 8], &start[..], b"\0x"].concat(), Some(FOLLOWED)),
        (
            [b"\0\0\0\0\0\0\0\x09", &start[..]].concat(),
            Some(IN_PIECES),
        ),
    ] {
        let bytes = file(&[of_purpose(b"manifest", &data)]);
        assert_eq!(located(&bytes).unchecked, expected);
    }
}

#[test]
fn stores_that_do_not_fit_are_damage() {
    let mut versioned = store();
    versioned[24] = 1;
    let cut = store()[..40].to_vec();
    for boxes in [
        vec![store(), store()],
        vec![versioned],
        vec![cut],
        vec![of_purpose(b"manifest", &[0; 7])],
        vec![of_purpose(b"manifest", &[9; 40])],
        vec![of_purpose(b"another", &[0; 40])],
    ] {
        assert_eq!(locate(&file(&boxes)), Search::Damaged, "{boxes:?}");
    }
    assert_eq!(
        locate(&file(&[of_purpose(b"update", b"")])),
        Search::Unsupported
    );
    assert_eq!(locate(&file(&[boxed(b"moov", &store())])), Search::Absent);
    assert_eq!(locate(b""), Search::Absent);
}

#[test]
fn only_what_says_nothing_is_left_out() {
    let second = boxed(b"ftyp", b"mp42\0\0\0\0");
    assert_eq!(located(&file(&[store(), second])).ranges.len(), 2);
    for (kind, content, count) in [
        (b"free", &[0; 9][..], 3),
        (b"skip", b"", 3),
        (b"free", b"\0x", 2),
        (b"mdat", &[0; 9], 2),
    ] {
        let found = located(&file(&[store(), boxed(kind, content)]));
        assert_eq!(found.ranges.len(), count, "{kind:?} {content:?}");
    }
    let long = [boxed(b"ftyp", &[b' '; 2_000]), store()].concat();
    assert_eq!(located(&long).ranges.len(), 1);
}
