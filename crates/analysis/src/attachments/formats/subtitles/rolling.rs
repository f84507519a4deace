//! Captions that roll: a cue shows again what the cue before it showed, and adds to it. Each word is taken once.

use super::cues::Cue;

/// Cues further apart, in seconds, repeat because somebody repeated it.
const SAME_MOMENT: f64 = 0.5;
/// So many words at a cue's end and at the next one's beginning are no chance.
const WORDS_OVERLAPPING: usize = 3;

/// What the cue before showed.
#[derive(Debug, Default)]
pub struct Rolling {
    shown: Vec<String>,
    ended: f64,
}

impl Rolling {
    /// The lines of a cue that are new.
    pub fn new_lines(&mut self, cue: &Cue) -> Vec<String> {
        let lines: Vec<String> = cue
            .lines
            .iter()
            .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
            .filter(|line| !line.is_empty())
            .collect();
        let follows = cue.start - self.ended <= SAME_MOMENT && !self.shown.is_empty();
        let new = if follows {
            self.without_shown(&lines)
        } else {
            lines.clone()
        };
        if !lines.is_empty() {
            self.shown = lines;
            self.ended = cue.end;
        }
        new
    }

    fn without_shown(&self, lines: &[String]) -> Vec<String> {
        let bare = |line: &String| super::tags::spoken(line).text;
        let shown: Vec<String> = self.shown.iter().map(bare).collect();
        let bare: Vec<String> = lines.iter().map(bare).collect();
        let repeated = (1..=shown.len().min(bare.len()))
            .rev()
            .find(|count| shown[shown.len() - count..] == bare[..*count]);
        if let Some(repeated) = repeated {
            return lines[repeated..].to_vec();
        }
        let before: Vec<&str> = shown.iter().flat_map(|line| line.split(' ')).collect();
        let words: Vec<&str> = bare.iter().flat_map(|line| line.split(' ')).collect();
        let grows = words.len() >= before.len() && words[..before.len()] == before[..];
        let overlap = if grows {
            before.len()
        } else {
            (WORDS_OVERLAPPING..=before.len().min(words.len()))
                .rev()
                .find(|count| before[before.len() - count..] == words[..*count])
                .unwrap_or(0)
        };
        if overlap == 0 {
            return lines.to_vec();
        }
        vec![words[overlap..].join(" ")]
    }
}
