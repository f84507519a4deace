//! The cues of a subtitle file, by its time lines: what stands between two of them is said, whatever blank lines there are.

/// A cue: its times in seconds, and its lines as they are written.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Cue {
    pub start: f64,
    pub end: f64,
    pub lines: Vec<String>,
}

/// The cues in the order of their beginning, and the lines whose times make no sense.
#[derive(Debug, Default)]
pub struct Found {
    pub cues: Vec<Cue>,
    pub broken: Vec<usize>,
}

/// A line of the file.
enum Kind {
    Time(f64, f64),
    BrokenTime,
    Words,
    Blank,
}

fn kind(line: &str) -> Kind {
    if line.is_empty() {
        return Kind::Blank;
    }
    if !line.contains("-->") {
        return Kind::Words;
    }
    match times(line) {
        Some((start, end)) => Kind::Time(start, end),
        None if line.starts_with(|c: char| c.is_ascii_digit()) && line.contains(':') => {
            Kind::BrokenTime
        }
        None => Kind::Words,
    }
}

/// Finds the cues.
pub fn cues(text: &str) -> Found {
    let is_web = text.trim_start().starts_with("WEBVTT");
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let mut found = Found::default();
    let mut in_note = false;
    for (at, line) in lines.iter().enumerate() {
        let after_blank = at == 0 || lines[at - 1].is_empty();
        match kind(line) {
            Kind::Time(start, end) => {
                in_note = false;
                drop_number(&lines, at, is_web, &mut found);
                found.cues.push(Cue {
                    start,
                    end,
                    lines: Vec::new(),
                });
            }
            Kind::BrokenTime => {
                in_note = false;
                drop_number(&lines, at, is_web, &mut found);
                found.broken.push(at + 1);
            }
            Kind::Blank => in_note = false,
            Kind::Words => {
                in_note |= is_web && after_blank && is_note(line);
                // What stands before the first cue is the file's head.
                if let Some(cue) = found.cues.last_mut().filter(|_| !in_note) {
                    cue.lines.push((*line).to_owned());
                }
            }
        }
    }
    // Files that were put together from several have cues out of order.
    found.cues.sort_by(|a, b| a.start.total_cmp(&b.start));
    found
}

/// A line right above a time line that names the cue was taken for a line of the cue before it.
fn drop_number(lines: &[&str], time_line: usize, is_web: bool, found: &mut Found) {
    let Some(above) = time_line
        .checked_sub(1)
        .map(|at| lines[at])
        .filter(|line| !line.is_empty())
    else {
        return;
    };
    let after_blank = time_line < 2 || lines[time_line - 2].is_empty();
    let is_number = above.chars().all(|c| c.is_ascii_digit());
    if !(is_number || (is_web && after_blank)) {
        return;
    }
    if let Some(last) = found.cues.last_mut()
        && last.lines.last().is_some_and(|line| line == above)
    {
        last.lines.pop();
    }
}

/// A block of WebVTT that is not said.
fn is_note(line: &str) -> bool {
    let word = line.split_whitespace().next().unwrap_or_default();
    matches!(word, "NOTE" | "STYLE" | "REGION") && (word == "NOTE" || line == word)
}

/// `00:01:02,500 --> 00:01:04.000 align:start`, in seconds.
fn times(line: &str) -> Option<(f64, f64)> {
    let (start, rest) = line.split_once("-->")?;
    Some((
        seconds(start.trim())?,
        seconds(rest.split_whitespace().next()?)?,
    ))
}

/// `hours:minutes:seconds` with the hours optional and either decimal mark.
fn seconds(time: &str) -> Option<f64> {
    let mut total = 0.0;
    let mut parts = 0;
    let count = time.split(':').count();
    for (at, part) in time.split(':').enumerate() {
        let part = part.trim();
        let (whole, fraction) = part.split_once([',', '.']).unwrap_or((part, "0"));
        let digits =
            |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let is_last = at + 1 == count;
        if !digits(whole)
            || !digits(fraction)
            || whole.len() > 6
            || (!is_last && part.len() != whole.len())
        {
            return None;
        }
        let value: f64 = format!("{whole}.{fraction}").parse().ok()?;
        total = total * 60.0 + value;
        parts += 1;
    }
    (2..=3).contains(&parts).then_some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_every_form() {
        for (line, start, end) in [
            ("00:00:01,000 --> 00:00:03,500", 1.0, 3.5),
            ("00:01.000 --> 00:03.000 align:start", 1.0, 3.0),
            ("01:00:00.000-->01:00:01.000", 3600.0, 3601.0),
            ("100:00:00,000 --> 100:00:01,000", 360_000.0, 360_001.0),
            ("0:0:1 --> 0:0:2", 1.0, 2.0),
        ] {
            assert_eq!(times(line), Some((start, end)), "{line}");
        }
        for line in [
            "1 --> 2",
            "00:xx:01 --> 00:00:02",
            "a --> b",
            "00:00:01 -->",
            "1e3:00 --> 00:02",
        ] {
            assert_eq!(times(line), None, "{line}");
        }
    }
}
