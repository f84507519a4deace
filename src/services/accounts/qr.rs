//! A QR code as SVG for pages, one picture in one element with no script and nothing to fetch, and as PNG for programs that
//! show pictures only of that kind. It knows not what it shows.

use std::fmt::Write as _;

use qrcodegen::{QrCode, QrCodeEcc};

use crate::fault::Fault;

/// The white around a code that readers need to find it, in squares.
const MARGIN: i32 = 4;
/// How many pixels wide a square is in a PNG: enough to scan it from a screen of any density.
const PIXELS_PER_SQUARE: i32 = 6;

/// Draws `text` as PNG, black on white.
pub fn qr_png(text: &str) -> Result<Vec<u8>, Fault> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).map_err(Fault::internal)?;
    let side = (code.size() + 2 * MARGIN) * PIXELS_PER_SQUARE;
    let square_of = |pixel: i32| pixel / PIXELS_PER_SQUARE - MARGIN;
    let rows = (0..side).flat_map(|y| (0..side).map(move |x| (x, y)));
    let pixels: Vec<u8> = rows
        .map(|(x, y)| {
            // Outside of the code everything is white.
            let is_black = code.get_module(square_of(x), square_of(y));
            if is_black { 0 } else { u8::MAX }
        })
        .collect();
    let side = u32::try_from(side).map_err(Fault::internal)?;
    let mut picture = Vec::new();
    let mut encoder = png::Encoder::new(&mut picture, side, side);
    encoder.set_color(png::ColorType::Grayscale);
    let mut writer = encoder.write_header().map_err(Fault::internal)?;
    writer.write_image_data(&pixels).map_err(Fault::internal)?;
    writer.finish().map_err(Fault::internal)?;
    Ok(picture)
}

/// Draws `text`. The black squares of a row that touch are one stroke, so the picture is a few thousand characters.
pub(super) fn qr_svg(text: &str) -> Result<String, Fault> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).map_err(Fault::internal)?;
    let side = code.size() + 2 * MARGIN;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" width=\"{pixels}\" height=\"{pixels}\" \
         role=\"img\" aria-label=\"QR code for an authenticator app\" shape-rendering=\"crispEdges\">\
         <path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path stroke=\"#000\" d=\"",
        pixels = side * 5,
    );
    for row in 0..code.size() {
        let mut column = 0;
        while column < code.size() {
            let length = (column..code.size())
                .take_while(|column| code.get_module(*column, row))
                .count();
            let length = i32::try_from(length).map_err(Fault::internal)?;
            if length > 0 {
                let (x, y) = (column + MARGIN, row + MARGIN);
                let _ = write!(svg, "M{x} {y}.5h{length}");
            }
            column += length.max(1);
        }
    }
    svg.push_str("\"/></svg>");
    Ok(svg)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads the picture's own strokes back into squares.
    fn squares(svg: &str) -> Vec<(i32, i32)> {
        let strokes = svg.split("stroke=\"#000\" d=\"M").nth(1).unwrap();
        let strokes = strokes.split('"').next().unwrap();
        let mut squares = Vec::new();
        for stroke in strokes.split('M') {
            let (place, length) = stroke.split_once(".5h").unwrap();
            let (x, y) = place.split_once(' ').unwrap();
            let x: i32 = x.parse().unwrap();
            let length: i32 = length.parse().unwrap();
            squares.extend((x..x + length).map(|x| (x, y.parse().unwrap())));
        }
        squares
    }

    #[test]
    fn the_strokes_are_the_black_squares_and_no_other() {
        let text = "otpauth://totp/Clara:ada%40example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Clara";
        let svg = qr_svg(text).unwrap();
        let code = QrCode::encode_text(text, QrCodeEcc::Medium).unwrap();
        let all = (0..code.size()).flat_map(|y| (0..code.size()).map(move |x| (x, y)));
        let black: Vec<_> = all
            .filter(|(x, y)| code.get_module(*x, *y))
            .map(|(x, y)| (x + MARGIN, y + MARGIN))
            .collect();
        assert_eq!(squares(&svg), black);
        assert!(svg.len() < 8_000, "{}", svg.len());
    }

    #[test]
    fn png_has_the_same_squares() {
        let text = "otpauth://totp/Clara:ada%40example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Clara";
        let picture = qr_png(text).unwrap();
        assert!(picture.len() < 8_000, "{}", picture.len());
        let decoder = png::Decoder::new(std::io::Cursor::new(&picture));
        let mut reader = decoder.read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let side = reader.next_frame(&mut pixels).unwrap().width;
        // The middle of each square, row by row as in the SVG.
        let middle = usize::try_from(PIXELS_PER_SQUARE / 2).unwrap();
        let step = usize::try_from(PIXELS_PER_SQUARE).unwrap();
        let rows = pixels.chunks(side.try_into().unwrap());
        let mut black = Vec::new();
        for (y, row) in (0..).zip(rows.skip(middle).step_by(step)) {
            let squares = row.iter().skip(middle).step_by(step);
            let own = (0..).zip(squares).filter(|(_, pixel)| **pixel == 0);
            black.extend(own.map(|(x, _)| (x, y)));
        }
        assert_eq!(black, squares(&qr_svg(text).unwrap()));
    }

    #[test]
    fn the_longest_address_has_a_picture_and_nothing_of_it_is_markup() {
        let svg = qr_svg(&format!("otpauth://totp/{}<script>&\"", "%40".repeat(300))).unwrap();
        assert!(!svg.contains("script") && svg.matches('<').count() == 4);
    }
}
