use super::*;
use crate::attachments::formats::c2pa::base_media::locate;
use crate::attachments::formats::c2pa::locate::Search;

const C2PA: &[u8] = b"\xd8\xfe\xc3\xd6\x1b\x0e\x48\x3c\x92\x97\x58\x28\x87\x7e\xc4\x81";

/// A file with a store, whose last box is data, and where its boxes begin.
fn file() -> (Vec<u8>, [usize; 5]) {
    let store = [C2PA, b"\0\0\0\x00manifest\0\0\0\0\0\0\0\0\0\0\0\0\x08jumb"].concat();
    let boxes = [
        boxed(b"ftyp", b"heic\0\0\0\0"),
        boxed(b"uuid", &store),
        boxed(b"uuid", &[7; 40]),
        boxed(b"mfra", b"index"),
        boxed(b"mdat", b"pixels"),
    ];
    let mut at = 0;
    let starts = boxes.each_ref().map(|one| {
        at += one.len();
        at - one.len()
    });
    (boxes.concat(), starts)
}

fn boxed(kind: &[u8], content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len() + 8).unwrap().to_be_bytes();
    [&length[..], kind, content].concat()
}

/// `{"xpath": path, …}`, with so many more entries that are written as they are.
fn entry(path: &str, more: &[&[u8]]) -> Vec<u8> {
    let count = 0xa1 + u8::try_from(more.len()).unwrap();
    let length = 0x60 + u8::try_from(path.len()).unwrap();
    [
        &[count][..],
        b"\x65xpath",
        &[length],
        path.as_bytes(),
        &more.concat(),
    ]
    .concat()
}

/// The bytes that are hashed where these are left out.
fn hashed(entries: &[Vec<u8>]) -> Result<Vec<u8>, &'static str> {
    let count = 0x80 + u8::try_from(entries.len()).unwrap();
    let binding = [&b"\xa1\x6aexclusions"[..], &[count], &entries.concat()].concat();
    let (file, _) = file();
    let Search::Found(located) = locate(&file) else {
        panic!("no store");
    };
    let pieces = covered(&Value::parse(&binding).unwrap(), &located, &file)?;
    Ok(pieces.concat())
}

fn own_box() -> Vec<u8> {
    let data = [&b"\x64data\x81\xa2\x66offset\x08\x65value\x50"[..], C2PA].concat();
    entry("/uuid", &[&data, b"\x66subset\xf6"])
}

/// The boxes of these numbers as they are hashed: behind the place where each begins.
fn boxes(numbers: &[usize]) -> Vec<u8> {
    let (file, starts) = file();
    let one = |number: &usize| {
        let (start, end) = (starts[*number], starts.get(number + 1).copied());
        let place = u64::try_from(start).unwrap().to_be_bytes();
        [&place[..], &file[start..end.unwrap_or(file.len())]].concat()
    };
    numbers.iter().flat_map(one).collect()
}

#[test]
fn only_what_the_standard_names_is_left_out() {
    assert_eq!(hashed(&[]), Ok(boxes(&[0, 1, 2, 3, 4])));
    let usual = [own_box(), entry("/ftyp", &[]), entry("/mfra", &[])];
    assert_eq!(hashed(&usual), Ok(boxes(&[2, 4])));
    assert_eq!(hashed(&[entry("/uuid[1]", &[])]), Ok(boxes(&[0, 2, 3, 4])));
    assert_eq!(hashed(&[entry("/free", &[])]), Ok(boxes(&[0, 1, 2, 3, 4])));
    for wide in [
        "/uuid",
        "/uuid[2]",
        "/mdat",
        "/mdat/free",
        "/",
        "mdat",
        "//mdat",
        "/*",
        "/mdat[x]",
    ] {
        assert_eq!(
            hashed(&[own_box(), entry(wide, &[])]),
            Err(LEFT_OUT),
            "{wide}"
        );
    }
    let part = entry(
        "/mdat",
        &[b"\x66subset\x81\xa2\x66offset\x09\x66length\x01"],
    );
    assert_eq!(hashed(&[part]), Err(LEFT_OUT));
    assert_eq!(hashed(&vec![own_box(); 23]), Ok(boxes(&[0, 2, 3, 4])));
    assert_eq!(
        hashed(&[entry("/ftyp", &[b"\x66length\x61x"])]),
        Err(LEFT_OUT)
    );
}

#[test]
fn conditions_narrow_what_is_left_out() {
    let all = boxes(&[0, 1, 2, 3, 4]);
    for (more, is_met) in [
        (&b"\x66length\x0d"[..], true),
        (b"\x66length\x0c", false),
        (b"\x67version\x00", false),
        (b"\x65flags\x43\0\0\0", false),
        (b"\x64data\x81\xa2\x66offset\x08\x65value\x41i", true),
        (b"\x64data\x81\xa2\x66offset\x08\x65value\x41x", false),
        (
            b"\x64data\x81\xa2\x66offset\x19\xff\xff\x65value\x41x",
            false,
        ),
    ] {
        let expected = if is_met {
            boxes(&[0, 1, 2, 4])
        } else {
            all.clone()
        };
        assert_eq!(hashed(&[entry("/mfra", &[more])]), Ok(expected), "{more:?}");
    }
    for (more, is_met) in [
        (&[&b"\x67version\x00"[..], b"\x65flags\x43\0\0\0"][..], true),
        (&[b"\x67version\x01"], false),
        (&[b"\x65flags\x43\0\0\x01", b"\x65exact\xf4"], false),
        (&[b"\x65flags\x43\0\0\0", b"\x65exact\xf4"], true),
    ] {
        let expected = if is_met {
            boxes(&[0, 2, 3, 4])
        } else {
            all.clone()
        };
        assert_eq!(hashed(&[entry("/uuid[1]", more)]), Ok(expected), "{more:?}");
    }
}

#[test]
fn parts_of_a_box_are_left_out() {
    let (_, starts) = file();
    let subset = b"\x66subset\x82\xa2\x66offset\x08\x66length\x02\xa2\x66offset\x0b\x66length\x00";
    let mut expected = boxes(&[0, 1, 2, 3, 4]);
    // `index` in front of which four places were put.
    let at = starts[3] + 4 * 8 + 8;
    expected.drain(at + 3..at + 5);
    expected.drain(at..at + 2);
    assert_eq!(hashed(&[entry("/mfra", &[subset])]), Ok(expected));
}

#[test]
fn hashes_of_pieces_are_not_checked() {
    let (file, _) = file();
    let Search::Found(located) = locate(&file) else {
        panic!("no store");
    };
    let binding = Value::parse(b"\xa1\x66merkle\x80").unwrap();
    assert_eq!(covered(&binding, &located, &file), Err(IN_PIECES));
    assert!(is_binding("c2pa.hash.bmff.v2") && is_binding("c2pa.hash.bmff.v3__1"));
    assert!(!is_binding("c2pa.hash.bmff") && !is_binding("c2pa.hash.bmff.v4"));
}
