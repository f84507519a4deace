//! Signs that nobody sees: a text with them reads like one without. Who refuses or shows them is decided elsewhere.

/// Whether a sign has no look of its own: soft hyphens, joiners, marks of direction, fillers and tags.
pub fn is_invisible(sign: char) -> bool {
    matches!(
        sign,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// Whether a sign only picks the look of the one before it, such as an emoji in colour.
pub fn is_variation_selector(sign: char) -> bool {
    matches!(sign, '\u{180f}' | '\u{fe00}'..='\u{fe0f}')
}
