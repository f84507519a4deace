use super::super::testing::{break_in_many_ways, parts, read, rows, unread};

fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len()).unwrap();
    [&kind.to_le_bytes()[..], &length.to_le_bytes(), data].concat()
}

fn begin(kind: u16) -> Vec<u8> {
    let mut data = vec![0; 16];
    data[..4].copy_from_slice(&[0, 6, 0, 0]);
    data[2..4].copy_from_slice(&kind.to_le_bytes());
    record(0x0809, &data)
}

fn head(row: u16, column: u16, style: u16) -> Vec<u8> {
    [row, column, style]
        .iter()
        .flat_map(|number| number.to_le_bytes())
        .collect()
}

fn label(row: u16, column: u16, words: &str) -> Vec<u8> {
    let mut data = head(row, column, 0);
    data.extend(u16::try_from(words.len()).unwrap().to_le_bytes());
    data.push(0);
    data.extend(words.as_bytes());
    record(0x0204, &data)
}

fn number(row: u16, column: u16, style: u16, value: f64) -> Vec<u8> {
    let mut data = head(row, column, style);
    data.extend(value.to_le_bytes());
    record(0x0203, &data)
}

/// A workbook of BIFF8 with these sheets: name, whether it is hidden, records.
fn workbook(before: &[u8], sheets: &[(&str, bool, Vec<u8>)]) -> Vec<u8> {
    let end = record(0x000a, &[]);
    let style = |format: u16| {
        let mut data = vec![0; 20];
        data[2..4].copy_from_slice(&format.to_le_bytes());
        record(0x00e0, &data)
    };
    let opening = [
        begin(0x0005),
        before.to_vec(),
        style(0),
        style(14),
        style(9),
    ]
    .concat();
    let names: usize = sheets.iter().map(|(name, ..)| 4 + 8 + name.len()).sum();
    let mut at = opening.len() + names + end.len();
    let mut listed = Vec::new();
    let mut bodies = Vec::new();
    for (name, hidden, records) in sheets {
        let mut data = u32::try_from(at).unwrap().to_le_bytes().to_vec();
        data.extend([u8::from(*hidden), 0, u8::try_from(name.len()).unwrap(), 0]);
        data.extend(name.as_bytes());
        listed.extend(record(0x0085, &data));
        let body = [begin(0x0010), records.clone(), end.clone()].concat();
        at += body.len();
        bodies.extend(body);
    }
    compound("Workbook", &[opening, listed, end, bodies].concat())
}

/// A compound file with one stream, in sectors of 512 bytes.
fn compound(name: &str, stream: &[u8]) -> Vec<u8> {
    let mut stream = stream.to_vec();
    // Short streams are kept in another way.
    stream.resize(stream.len().max(4_096).next_multiple_of(512), 0);
    let sectors = u32::try_from(stream.len() / 512).unwrap();
    let mut file = vec![0_u8; 512];
    file[..8].copy_from_slice(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1");
    file[24..32].copy_from_slice(&[0x3e, 0, 3, 0, 0xfe, 0xff, 9, 0]);
    file[32..34].copy_from_slice(&[6, 0]);
    let put = |file: &mut Vec<u8>, at: usize, value: u32| {
        file[at..at + 4].copy_from_slice(&value.to_le_bytes())
    };
    put(&mut file, 44, 1);
    put(&mut file, 48, 1);
    put(&mut file, 56, 4_096);
    put(&mut file, 60, 0xffff_fffe);
    put(&mut file, 68, 0xffff_fffe);
    for at in (76..512).step_by(4) {
        put(&mut file, at, if at == 76 { 0 } else { 0xffff_ffff });
    }
    let mut table = vec![0xffff_fffd_u32, 0xffff_fffe];
    table.extend((0..sectors).map(|at| {
        if at + 1 == sectors {
            0xffff_fffe
        } else {
            at + 3
        }
    }));
    table.resize(128, 0xffff_ffff);
    file.extend(table.iter().flat_map(|entry| entry.to_le_bytes()));
    let mut directory = vec![0_u8; 512];
    for (at, (name, kind, child, start, size)) in [
        ("Root Entry", 5_u8, 1_u32, 0xffff_fffe_u32, 0_usize),
        (name, 2, 0xffff_ffff, 2, stream.len()),
    ]
    .into_iter()
    .enumerate()
    {
        let entry = &mut directory[at * 128..(at + 1) * 128];
        for (letter, place) in name.encode_utf16().zip(entry.chunks_exact_mut(2)) {
            place.copy_from_slice(&letter.to_le_bytes());
        }
        entry[64..66].copy_from_slice(&u16::try_from((name.len() + 1) * 2).unwrap().to_le_bytes());
        entry[66] = kind;
        entry[67] = 1;
        entry[68..76].fill(0xff);
        entry[76..80].copy_from_slice(&child.to_le_bytes());
        entry[116..120].copy_from_slice(&start.to_le_bytes());
        entry[120..124].copy_from_slice(&u32::try_from(size).unwrap().to_le_bytes());
    }
    file.extend(directory);
    file.extend(stream);
    file
}

fn budget() -> Vec<u8> {
    let cells = [
        label(1, 1, "Item"),
        label(1, 2, "Share"),
        label(1, 3, "Bought"),
        label(2, 1, "Millstone"),
        number(2, 2, 2, 0.25),
        number(2, 3, 1, 43_831.0),
        label(3, 1, "Sack"),
        number(3, 2, 0, 0.1 + 0.2),
        number(3, 3, 1, 43_832.0),
        label(4, 1, "Unseen"),
        record(0x0208, &[4, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0x20, 0, 0, 0]),
    ];
    let hidden = label(0, 0, "Unseen");
    workbook(
        &[],
        &[("Budget", false, cells.concat()), ("Old", true, hidden)],
    )
}

#[test]
fn cells_are_read_as_they_are_shown() {
    let reading = read("b.xls", &budget());
    let names = "Item|Share|Bought".to_owned();
    assert_eq!(
        rows(&reading),
        ["Millstone|25%|2020-01-01", "Sack|0.3|2020-01-02"]
            .map(|cells| (names.clone(), cells.to_owned())),
        "{:?}",
        reading.unread
    );
    assert_eq!(parts(&reading).pop().unwrap().0, "sheet Budget, row 4");
    let told = unread(&reading);
    for says in ["1 row is hidden", "“Old” is hidden"] {
        assert!(told.contains(says), "{told}");
    }
}

#[test]
fn locked_and_broken_workbooks_have_a_sound_answer() {
    let locked = workbook(
        &record(0x002f, &[1, 0, 1, 0, 1, 0]),
        &[("S", false, label(0, 0, "x"))],
    );
    assert!(unread(&read("b.xls", &locked)).contains("needs a password"));
    assert!(
        unread(&read("b.docx", &compound("EncryptedPackage", b"x"))).contains("needs a password")
    );
    assert!(unread(&read("b.doc", &compound("WordDocument", b"x"))).contains("Save it as docx"));
    break_in_many_ways("b.xls", &budget());
}
