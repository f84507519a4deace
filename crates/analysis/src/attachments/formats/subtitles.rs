//! SubRip and WebVTT: what was said, as running text, with the second at which each cue begins. Layout, styles and
//! notes are left out.

use crate::attachments::draft::{Draft, Reading};

/// A silence this long, in seconds, ends a paragraph.
const PAUSE: f64 = 4.0;

/// Reads subtitles of either kind.
pub fn read(text: &str, mut draft: Draft) -> Reading {
    let clean = draft.clean(text);
    let mut ended = 0.0;
    let mut last_line = String::new();
    let mut open = false;
    for block in clean.split("\n\n") {
        let lines: Vec<&str> = block.lines().map(str::trim).collect();
        let Some(at) = lines.iter().position(|line| line.contains("-->")) else {
            continue;
        };
        let Some((start, end)) = times(lines[at]) else {
            continue;
        };
        let mut said = Vec::new();
        for line in &lines[at + 1..] {
            let line = without_tags(line);
            // Rolling captions repeat the line above.
            if !line.is_empty() && line != last_line {
                said.push(line.clone());
                last_line = line;
            }
        }
        if said.is_empty() {
            continue;
        }
        let separator = if open && start - ended < PAUSE {
            " "
        } else {
            "\n"
        };
        draft.place(None, Some(start), separator);
        let said = said.join(" ");
        open = !said.ends_with(['.', '!', '?', '…', '"', '”', ']']);
        draft.push(&said);
        ended = end;
    }
    if draft.is_empty() {
        return Reading::refused(
            "The file has no subtitles: no line with two times and an arrow (-->). Name it .txt if it is plain text.",
        );
    }
    draft.finish()
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
    for part in time.split(':') {
        let value: f64 = part.replace(',', ".").parse().ok()?;
        if !(0.0..1_000_000.0).contains(&value) {
            return None;
        }
        total = total * 60.0 + value;
        parts += 1;
    }
    (2..=3).contains(&parts).then_some(total)
}

/// Without `<i>`, `{\an8}` and cue times; `<v Name>` names the speaker.
fn without_tags(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(open) = rest.find(['<', '{']) {
        let close = if rest[open..].starts_with('<') {
            '>'
        } else {
            '}'
        };
        let Some(length) = rest[open..].find(close) else {
            break;
        };
        let tag = &rest[open + 1..open + length];
        let is_tag = close == '>' || tag.starts_with('\\');
        if !is_tag {
            out.push_str(&rest[..=open]);
            rest = &rest[open + 1..];
            continue;
        }
        out.push_str(&rest[..open]);
        if let Some(speaker) = tag.strip_prefix("v ") {
            out.push_str(speaker.trim());
            out.push_str(": ");
        }
        rest = &rest[open + length + 1..];
    }
    out.push_str(rest);
    let out = out
        .replace("&amp;", "&")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&nbsp;", " ");
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_over_several_cues_is_one_line_with_its_seconds() {
        let raw = "1\r\n00:00:01,000 --> 00:00:03,000\r\n<i>The bridge was opened</i>\r\n\r\n2\r\n00:00:03,500 --> 00:00:05,000\r\nin May 1933.\r\n\r\n3\r\n01:00:00,000 --> 01:00:01,000\r\nThe end.";
        let reading = read(raw, Draft::default());
        assert_eq!(reading.text, "The bridge was opened in May 1933.\nThe end.");
        let places: Vec<_> = reading
            .places
            .iter()
            .map(|p| (p.start, p.seconds))
            .collect();
        assert_eq!(
            places,
            [(0, Some(1.0)), (22, Some(3.5)), (35, Some(3600.0))]
        );
    }

    #[test]
    fn web_video_text_tracks_have_notes_speakers_and_repeats() {
        let raw = "WEBVTT - title\n\nNOTE ignore --x\n\nSTYLE\n::cue {}\n\nid\n00:01.000 --> 00:02.000 align:start\n<v Anna>Hello &amp; welcome\n\n00:02.000 --> 00:03.000\nHello again {a}\nthere.\n\n00:03.000 --> 00:04.000\nthere.\nNew line.";
        let reading = read(raw, Draft::default());
        assert_eq!(
            reading.text,
            "Anna: Hello & welcome Hello again {a} there.\nNew line."
        );
        assert_eq!(reading.places.len(), 3);
    }

    #[test]
    fn what_has_no_cues_is_no_subtitle() {
        assert!(
            read("just text", Draft::default()).unread[0]
                .reason
                .contains(".txt")
        );
    }
}
