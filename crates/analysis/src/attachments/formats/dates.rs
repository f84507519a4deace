//! Dates as a sentence says them: readers of mails and pictures find them as numbers.

/// The months' names.
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A day and, where it is known, a time of day. No calendar arithmetic: it is only shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    pub year: u16,
    pub month: u8,
    pub day: u8,
    /// Hour and minute.
    pub time: Option<(u8, u8)>,
    /// Minutes east of Greenwich, where the file says so.
    pub offset: Option<i16>,
}

impl Moment {
    /// `4 May 2019 at 10:22`, or `None` where there is no such day or time.
    pub fn spelled(&self) -> Option<String> {
        let month = MONTHS.get(usize::from(self.month).checked_sub(1)?)?;
        let is_day = (1..=31).contains(&self.day) && (1..=9_999).contains(&self.year);
        let day = is_day.then(|| format!("{} {month} {}", self.day, self.year))?;
        let Some((hour, minute)) = self.time else {
            return Some(day);
        };
        let time = (hour < 24 && minute < 60).then(|| format!("{day} at {hour:02}:{minute:02}"))?;
        Some(match self.offset {
            Some(0) => format!("{time} UTC"),
            Some(offset) if offset.abs() <= 14 * 60 => {
                let sign = if offset < 0 { '-' } else { '+' };
                let offset = offset.abs();
                format!("{time} (UTC{sign}{:02}:{:02})", offset / 60, offset % 60)
            }
            _ => time,
        })
    }

    /// Reads `2019-05-04T10:22:31+02:00`, `2019:05:04 10:22:31` and their beginnings.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let digits = |range: std::ops::Range<usize>| -> Option<u16> {
            let part = text.get(range)?;
            part.bytes()
                .all(|byte| byte.is_ascii_digit())
                .then(|| part.parse().ok())?
        };
        let small = |range| digits(range).and_then(|number| u8::try_from(number).ok());
        let is_mark =
            |at: usize| matches!(text.as_bytes().get(at), Some(b'-' | b':' | b'/' | b'.'));
        if !is_mark(4) || !is_mark(7) {
            return None;
        }
        let time = small(11..13).zip(small(14..16));
        let zone = text.get(16..).map(|rest| {
            rest.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, ':' | '.'))
        });
        let offset = time.and(zone).and_then(offset_of);
        let moment = Self {
            year: digits(0..4)?,
            month: small(5..7)?,
            day: small(8..10)?,
            time,
            offset,
        };
        moment.spelled().map(|_| moment)
    }
}

/// Minutes east of Greenwich: `Z`, `+02:00`, `-0330`.
pub fn offset_of(zone: &str) -> Option<i16> {
    let zone = zone.trim();
    if zone == "Z" {
        return Some(0);
    }
    let (sign, rest) = match zone.as_bytes().first()? {
        b'+' => (1, zone.get(1..)?),
        b'-' => (-1, zone.get(1..)?),
        _ => return None,
    };
    let rest = rest.replace(':', "");
    let hours: i16 = rest.get(..2)?.parse().ok()?;
    let minutes: i16 = rest.get(2..4).unwrap_or("0").parse().ok()?;
    ((0..=14).contains(&hours) && (0..60).contains(&minutes))
        .then_some(sign * (hours * 60 + minutes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn dates_are_spelled_as_in_a_sentence() {
        for (written, spelled) in [
            ("2019:05:04 10:22:31", "4 May 2019 at 10:22"),
            (
                "2019-05-04T10:22:31+02:00",
                "4 May 2019 at 10:22 (UTC+02:00)",
            ),
            ("2019-05-04T10:22:31.125Z", "4 May 2019 at 10:22 UTC"),
            ("2019-05-04T10:22-03:30", "4 May 2019 at 10:22 (UTC-03:30)"),
            ("2019-05-04", "4 May 2019"),
        ] {
            assert_eq!(Moment::parse(written).unwrap().spelled().unwrap(), spelled);
        }
        for none in [
            "0000:00:00 00:00:00",
            "    :  :     :  :  ",
            "2019",
            "2019-13-04",
            "2019-05-04T25:00",
            "",
        ] {
            assert_eq!(Moment::parse(none), None, "{none}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_date_or_none(text in "\\PC{0,30}") {
            let _ = Moment::parse(&text);
            let _ = offset_of(&text);
        }
    }
}
