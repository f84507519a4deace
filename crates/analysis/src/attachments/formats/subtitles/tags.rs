//! The marks inside a cue's line: tags of fonts, classes and times go, the speaker's name stays, and an angle bracket that is
//! no tag is the text's own.

/// What a line says.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Spoken {
    /// Named by a voice tag.
    pub speaker: Option<String>,
    pub text: String,
    /// Whether somebody else begins to speak: the line begins with a dash.
    pub is_turn: bool,
}

const NAMES: [&str; 13] = [
    "i", "b", "u", "s", "em", "strong", "font", "c", "v", "lang", "ruby", "rt", "span",
];

/// Reads a line.
pub fn spoken(line: &str) -> Spoken {
    let mut spoken = Spoken::default();
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(open) = rest.find(['<', '{']) {
        out.push_str(&rest[..open]);
        let after = &rest[open..];
        let length = if after.starts_with('{') {
            override_length(after)
        } else {
            tag_length(after)
        };
        let Some(length) = length else {
            out.push_str(&after[..1]);
            rest = &after[1..];
            continue;
        };
        let tag = &after[1..length - 1];
        if let Some(name) = voice(tag) {
            if spoken.speaker.is_none() && out.trim().is_empty() {
                spoken.speaker = Some(name);
            } else {
                // A second voice in one line.
                out.extend([" ", name.as_str(), ": "]);
            }
        } else if tag.eq_ignore_ascii_case("br") || tag.eq_ignore_ascii_case("br/") {
            out.push(' ');
        }
        rest = &after[length..];
    }
    out.push_str(rest);
    let out = entities(&out);
    let text = out.split_whitespace().collect::<Vec<_>>().join(" ");
    spoken.is_turn = text.starts_with("- ") || text.starts_with("– ");
    spoken.text = text;
    spoken
}

/// How long a tag at the beginning is; `None` where it is none.
fn tag_length(text: &str) -> Option<usize> {
    let close = text.find('>')?;
    let inside = &text[1..close];
    let bare = inside.strip_prefix('/').unwrap_or(inside);
    let name: &str = bare
        .split(|c: char| c == '.' || c == '/' || c.is_whitespace())
        .next()
        .unwrap_or_default();
    let is_known = NAMES.iter().any(|known| name.eq_ignore_ascii_case(known))
        || matches!(name.to_ascii_lowercase().as_str(), "br");
    let is_time = !inside.is_empty()
        && inside.contains(':')
        && inside
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, ':' | '.' | ','));
    (is_known || is_time).then_some(close + 1)
}

/// `{\an8}`, `{\i1}`.
fn override_length(text: &str) -> Option<usize> {
    let close = text.find('}')?;
    text[1..].starts_with('\\').then_some(close + 1)
}

/// The name in `v Mary` and `v.loud Mary`.
fn voice(tag: &str) -> Option<String> {
    let rest = tag.strip_prefix('v')?;
    if !rest.starts_with([' ', '.', '\t']) {
        return None;
    }
    let (_, name) = rest.split_once([' ', '\t'])?;
    let name = entities(name.trim());
    (!name.is_empty()).then_some(name)
}

fn entities(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&nbsp;", " "),
        ("&lrm;", ""),
        ("&rlm;", ""),
        ("&quot;", "\""),
        ("&apos;", "'"),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ]
    .into_iter()
    .fold(text.to_owned(), |text, (entity, letter)| {
        text.replace(entity, letter)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_go_and_brackets_stay() {
        for (line, text) in [
            ("<i>The bridge</i> <b>opened</b>", "The bridge opened"),
            ("stay <50 euros and >400 kg", "stay <50 euros and >400 kg"),
            ("{\\an8}<font color=\"#fff\">Up</font> {a}", "Up {a}"),
            (
                "the<00:00:01.500><c> mill</c><c.yellow> stands</c>",
                "the mill stands",
            ),
            ("a &lt;b&gt; &amp; c", "a <b> & c"),
            ("if a < b and c > d", "if a < b and c > d"),
            ("one <br> two", "one two"),
        ] {
            assert_eq!(spoken(line).text, text);
        }
    }

    #[test]
    fn a_voice_tag_names_who_speaks() {
        for line in ["<v Mary>It stands.", "<v.loud.first Mary>It stands.</v>"] {
            let spoken = spoken(line);
            assert_eq!(spoken.speaker.as_deref(), Some("Mary"));
            assert_eq!(spoken.text, "It stands.");
        }
        assert!(spoken("- No.").is_turn && !spoken("-5 degrees").is_turn);
    }
}
