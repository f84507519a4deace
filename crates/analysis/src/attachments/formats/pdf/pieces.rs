//! Long content cut into pieces between two operators: parsing takes time that grows with the square of the length.

/// A piece is about this long.
const PIECE: usize = 16 * 1024;

/// The content in pieces. Once a picture stands in the content itself, whose bytes may be anything, the rest is one piece.
pub fn pieces(content: &[u8]) -> Vec<&[u8]> {
    let mut pieces = Vec::new();
    let (mut start, mut at, mut nesting) = (0, 0, 0_usize);
    while at < content.len() {
        match content[at] {
            b'(' => at = end_of_string(content, at),
            b'[' | b'<' => {
                nesting += 1;
                at += 1;
            }
            b']' | b'>' => {
                nesting = nesting.saturating_sub(1);
                at += 1;
            }
            b'/' => at = end_of_word(content, at + 1),
            b'%' => {
                let rest = &content[at..];
                let line = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
                at = line.map_or(content.len(), |length| at + length);
            }
            byte if byte.is_ascii_alphabetic() => {
                let end = end_of_word(content, at);
                if &content[at..end] == b"BI" {
                    break;
                }
                at = end;
                if nesting == 0 && at - start >= PIECE {
                    pieces.push(&content[start..at]);
                    start = at;
                }
            }
            _ => at += 1,
        }
    }
    if start < content.len() {
        pieces.push(&content[start..]);
    }
    pieces
}

fn end_of_word(content: &[u8], start: usize) -> usize {
    let is_inside = |byte: &u8| {
        byte.is_ascii_alphanumeric()
            || matches!(byte, b'*' | b'\'' | b'"' | b'_' | b'-' | b'+' | b'.' | b'#')
    };
    let length = content[start..]
        .iter()
        .take_while(|byte| is_inside(byte))
        .count();
    start + length
}

/// Where the string that begins here is over.
fn end_of_string(content: &[u8], start: usize) -> usize {
    let (mut at, mut depth) = (start, 0_usize);
    while at < content.len() {
        match content[at] {
            b'\\' => at += 1,
            b'(' => depth += 1,
            b')' => {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
        at += 1;
    }
    content.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_end_between_operators() {
        let content = "BT (a \\) Tj \\( b) Tj [(x) -20 (y)] TJ ET ".repeat(2_000);
        let pieces = pieces(content.as_bytes());
        assert!(pieces.len() > 2);
        assert_eq!(pieces.concat(), content.as_bytes());
        for piece in &pieces {
            let piece = std::str::from_utf8(piece).expect("it is ASCII");
            assert!(
                ["BT", "Tj", "TJ", "ET"]
                    .iter()
                    .any(|end| piece.trim_end().ends_with(end))
            );
        }
    }

    #[test]
    fn content_with_a_picture_is_not_cut_behind_it() {
        let content = [b"q BI /W 1 ID ".as_slice(), &vec![b'x'; 100_000], b" EI Q"].concat();
        assert_eq!(pieces(&content).len(), 1);
    }
}
