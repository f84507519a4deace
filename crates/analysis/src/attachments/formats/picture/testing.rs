//! Pictures made by tests: containers of a few bytes with EXIF and XMP in them.

/// A value of an EXIF entry.
pub enum Entry<'a> {
    Words(u16, &'a str),
    /// Degrees, minutes, seconds.
    Degrees(u16, [u32; 3]),
}

/// EXIF data in the form of TIFF, with a first directory, one of the exposure and one of the position.
pub fn tiff_of(first: &[Entry<'_>], exposure: &[Entry<'_>], position: &[Entry<'_>]) -> Vec<u8> {
    let mut bytes = b"II*\0\x08\0\0\0".to_vec();
    // Each directory is followed by its values, and the later ones stand behind.
    let size = |entries: &[Entry<'_>], links: usize| {
        let values: usize = entries.iter().map(|entry| value(entry).len()).sum();
        2 + 12 * (entries.len() + links) + 4 + values
    };
    let exposure_at = 8 + size(first, 2);
    let position_at = exposure_at + size(exposure, 0);
    directory(
        &mut bytes,
        first,
        &[(0x8769, exposure_at), (0x8825, position_at)],
    );
    directory(&mut bytes, exposure, &[]);
    directory(&mut bytes, position, &[]);
    bytes
}

fn value(entry: &Entry<'_>) -> Vec<u8> {
    match entry {
        // At least five bytes, so that the value always stands outside of the entry.
        Entry::Words(_, words) => format!("{words:\0<7}\0").into_bytes(),
        Entry::Degrees(_, parts) => parts
            .iter()
            .flat_map(|part| [part.to_le_bytes(), 1_u32.to_le_bytes()].concat())
            .collect(),
    }
}

fn directory(bytes: &mut Vec<u8>, entries: &[Entry<'_>], links: &[(u16, usize)]) {
    let count = u16::try_from(entries.len() + links.len()).unwrap();
    let mut values_at = bytes.len() + 2 + 12 * usize::from(count) + 4;
    bytes.extend(count.to_le_bytes());
    let mut values = Vec::new();
    for entry in entries {
        let value = value(entry);
        let (tag, kind, number) = match entry {
            Entry::Words(tag, _) => (*tag, 2_u16, value.len()),
            Entry::Degrees(tag, _) => (*tag, 5, 3),
        };
        bytes.extend(tag.to_le_bytes());
        bytes.extend(kind.to_le_bytes());
        bytes.extend(u32::try_from(number).unwrap().to_le_bytes());
        bytes.extend(u32::try_from(values_at).unwrap().to_le_bytes());
        values_at += value.len();
        values.extend(value);
    }
    for (tag, at) in links {
        bytes.extend(tag.to_le_bytes());
        bytes.extend(4_u16.to_le_bytes());
        bytes.extend(1_u32.to_le_bytes());
        bytes.extend(u32::try_from(*at).unwrap().to_le_bytes());
    }
    bytes.extend([0; 4]);
    bytes.extend(values);
}

/// A JPEG file of this size, without a pixel.
pub fn jpeg_of(width: u16, height: u16, tiff: Option<&[u8]>, xmp: Option<&str>) -> Vec<u8> {
    let mut bytes = b"\xff\xd8".to_vec();
    let mut segment = |marker: u8, content: &[u8]| {
        bytes.extend([0xff, marker]);
        bytes.extend(u16::try_from(content.len() + 2).unwrap().to_be_bytes());
        bytes.extend(content);
    };
    if let Some(tiff) = tiff {
        segment(0xe1, &[b"Exif\0\0", tiff].concat());
    }
    if let Some(xmp) = xmp {
        segment(
            0xe1,
            &[b"http://ns.adobe.com/xap/1.0/\0", xmp.as_bytes()].concat(),
        );
    }
    let size = [
        &[8][..],
        &height.to_be_bytes(),
        &width.to_be_bytes(),
        &[1, 1, 0x11, 0],
    ]
    .concat();
    segment(0xc0, &size);
    bytes.extend(b"\xff\xd9");
    bytes
}

/// A PNG file of this size, without a pixel.
pub fn png_of(width: u32, height: u32, chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    let head = [
        &width.to_be_bytes()[..],
        &height.to_be_bytes(),
        &[8, 2, 0, 0, 0],
    ]
    .concat();
    for (kind, content) in [(b"IHDR", head.as_slice())]
        .iter()
        .chain(chunks)
        .chain(&[(b"IEND", &[][..])])
    {
        bytes.extend(u32::try_from(content.len()).unwrap().to_be_bytes());
        bytes.extend(*kind);
        bytes.extend(*content);
        bytes.extend([0; 4]);
    }
    bytes
}

/// A WebP file of this size with EXIF data.
pub fn webp_of(width: u32, height: u32, tiff: &[u8]) -> Vec<u8> {
    let side = |length: u32| (length - 1).to_le_bytes()[..3].to_vec();
    let canvas = [&[0x08, 0, 0, 0][..], &side(width), &side(height)].concat();
    let mut body = b"WEBP".to_vec();
    for (kind, content) in [(b"VP8X", canvas.as_slice()), (b"EXIF", tiff)] {
        body.extend(kind);
        body.extend(u32::try_from(content.len()).unwrap().to_le_bytes());
        body.extend(content);
        body.resize(body.len().next_multiple_of(2), 0);
    }
    [
        b"RIFF",
        &u32::try_from(body.len()).unwrap().to_le_bytes()[..],
        &body,
    ]
    .concat()
}
