//! Facts by EXIF.

use std::io::Cursor;

use exif::{Exif, In, Reader, Tag, Value};

use super::facts::Facts;
use crate::attachments::formats::dates::{Moment, offset_of};
use crate::attachments::formats::tag_text::{name, text};

/// What the EXIF data of a picture says; nothing where there is none.
pub fn of(bytes: &[u8]) -> Facts {
    let mut reader = Reader::new();
    reader.continue_on_error(true);
    let read = reader
        .read_from_container(&mut Cursor::new(bytes))
        .or_else(|error| error.distill_partial_result(|_| {}));
    read.map(|exif| facts(&exif)).unwrap_or_default()
}

fn facts(exif: &Exif) -> Facts {
    let ascii = |tag| ascii(exif, tag);
    let moment = |tag, offset| {
        let mut moment = Moment::parse(&ascii(tag)?)?;
        moment.offset = moment.offset.or_else(|| offset_of(&ascii(offset)?));
        Some(moment)
    };
    let make = ascii(Tag::Make).and_then(|make| name(&make));
    let model = ascii(Tag::Model).and_then(|model| name(&model));
    let camera = match (make, model) {
        // Many models begin with their maker's name.
        (Some(make), Some(model)) => {
            let first = make.split(' ').next().unwrap_or_default().to_lowercase();
            let has_maker = model.to_lowercase().starts_with(&first);
            Some(if has_maker {
                model
            } else {
                format!("{make} {model}")
            })
        }
        (make, model) => model.or(make),
    };
    Facts {
        taken: moment(Tag::DateTimeOriginal, Tag::OffsetTimeOriginal),
        digitized: moment(Tag::DateTimeDigitized, Tag::OffsetTimeDigitized),
        changed: moment(Tag::DateTime, Tag::OffsetTime),
        camera,
        lens: ascii(Tag::LensModel).and_then(|lens| name(&lens)),
        position: position(exif),
        software: ascii(Tag::Software).and_then(|software| name(&software)),
        creator: ascii(Tag::Artist).and_then(|artist| name(&artist)),
        copyright: ascii(Tag::Copyright).and_then(|notice| text(&notice)),
        description: ascii(Tag::ImageDescription).and_then(|description| text(&description)),
        ..Facts::default()
    }
}

fn ascii(exif: &Exif, tag: Tag) -> Option<String> {
    match &exif.get_field(tag, In::PRIMARY)?.value {
        Value::Ascii(parts) => Some(String::from_utf8_lossy(parts.first()?).into_owned()),
        _ => None,
    }
}

fn position(exif: &Exif) -> Option<(f64, f64)> {
    let north = degrees(
        exif,
        Tag::GPSLatitude,
        Tag::GPSLatitudeRef,
        ["N", "S"],
        90.0,
    )?;
    let east = degrees(
        exif,
        Tag::GPSLongitude,
        Tag::GPSLongitudeRef,
        ["E", "W"],
        180.0,
    )?;
    // Cameras without a fix write zeros.
    (north.abs() > 1e-6 || east.abs() > 1e-6).then_some((north, east))
}

fn degrees(exif: &Exif, tag: Tag, side: Tag, sides: [&str; 2], most: f64) -> Option<f64> {
    let Value::Rational(parts) = &exif.get_field(tag, In::PRIMARY)?.value else {
        return None;
    };
    let part = |at: usize| parts.get(at).map_or(0.0, exif::Rational::to_f64);
    let degrees = part(0) + part(1) / 60.0 + part(2) / 3600.0;
    let side = ascii(exif, side)?;
    let sign = match sides.iter().position(|known| side.trim() == *known)? {
        0 => 1.0,
        _ => -1.0,
    };
    (degrees.is_finite() && (0.0..=most).contains(&degrees)).then_some(sign * degrees)
}
