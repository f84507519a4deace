//! Numbers as a sheet shows them: by the format of their cell.

use std::collections::HashMap;

use office_oxide::xlsx::date::{is_date_format_id, is_date_format_string};
use office_oxide::xlsx::{DateTimeValue, StyleSheet, numfmt};

/// A number without a format is shown with so many digits.
const DIGITS: usize = 10;

/// The formats of a workbook's cells.
pub struct Numbers {
    /// By the number of the cell's style: the format's number, its code where the workbook gives one, and whether it shows a date.
    formats: HashMap<u32, Format>,
    counts_from_1904: bool,
}

struct Format {
    id: u32,
    code: Option<String>,
    is_date: bool,
}

impl Numbers {
    pub fn new(styles: &[u8], counts_from_1904: bool) -> Self {
        let mut formats = HashMap::new();
        if let Ok(sheet) = StyleSheet::parse(styles) {
            let count = u32::try_from(sheet.cell_formats.len()).unwrap_or(u32::MAX);
            for style in 0..count {
                let Some(id) = sheet.number_format_id_for(style) else {
                    continue;
                };
                let code = sheet.number_format_override_for(style).map(str::to_owned);
                let is_date = match &code {
                    Some(code) => is_date_format_string(code),
                    None => is_date_format_id(id),
                };
                formats.insert(style, Format { id, code, is_date });
            }
        }
        Self {
            formats,
            counts_from_1904,
        }
    }

    /// The number as it is shown in a cell of this style.
    pub fn shown(&self, number: f64, style: Option<u32>) -> String {
        let format = style.and_then(|style| self.formats.get(&style));
        let Some(format) = format else {
            return general(number);
        };
        if format.is_date
            && let Some(date) = DateTimeValue::from_serial(number, self.counts_from_1904)
        {
            return date.to_iso_string();
        }
        let code = format.code.as_deref();
        let is_general = code.is_none_or(|code| code.eq_ignore_ascii_case("general"));
        if is_general && (format.id == 0 || code.is_some()) {
            return general(number);
        }
        numfmt::apply_format(number, format.id, code)
    }
}

/// A number without a format.
pub fn general(number: f64) -> String {
    if !number.is_finite() {
        return String::new();
    }
    if number == 0.0 {
        return "0".to_owned();
    }
    let size = number.abs();
    if !(1e-9..1e15).contains(&size) {
        return format!("{number:e}");
    }
    // Digits before the point count too.
    let before = if size < 1.0 {
        0
    } else {
        format!("{size:.0}").len()
    };
    let text = format!("{number:.*}", DIGITS.saturating_sub(before));
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_numbers_are_shown_with_ten_digits() {
        for (number, shown) in [
            (0.1 + 0.2, "0.3"),
            (1.0 / 3.0, "0.3333333333"),
            (-4_312.0, "-4312"),
            (1_234_567.891_234, "1234567.891"),
            (123_456_789_012.0, "123456789012"),
            (0.0, "0"),
            (2.5e20, "2.5e20"),
            (f64::NAN, ""),
        ] {
            assert_eq!(general(number), shown);
        }
    }

    #[test]
    fn formats_show_dates_shares_and_money() {
        let styles = "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"&quot;£&quot;#,##0.00\"/>\
            <numFmt numFmtId=\"165\" formatCode=\"dd/mm/yyyy\"/></numFmts><cellXfs>\
            <xf numFmtId=\"0\"/><xf numFmtId=\"9\"/><xf numFmtId=\"14\"/><xf numFmtId=\"164\"/><xf numFmtId=\"165\"/><xf numFmtId=\"3\"/></cellXfs></styleSheet>";
        let numbers = Numbers::new(styles.as_bytes(), false);
        for (number, style, shown) in [
            (4_312.5, 0, "4312.5"),
            (0.375, 1, "38%"),
            (43_831.0, 2, "2020-01-01"),
            (4_312.5, 3, "£4,312.50"),
            (43_831.0, 4, "2020-01-01"),
            (4_312.0, 5, "4,312"),
            (7.0, 99, "7"),
        ] {
            assert_eq!(numbers.shown(number, Some(style)), shown, "style {style}");
        }
        assert_eq!(Numbers::new(b"", true).shown(7.0, None), "7");
    }
}
