//! What the declarations of a style do to the text: hide it, or strike it out.

/// Lower case without white space.
pub fn squeezed(style: &str) -> String {
    style
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect::<String>()
        .to_ascii_lowercase()
}

/// Beginnings of declarations that leave nothing to see.
const HIDING: [&str; 12] = [
    "display:none",
    "visibility:hidden",
    "visibility:collapse",
    "clip:rect(0",
    "clip:rect(1px,1px",
    "clip-path:inset(50%",
    "clip-path:inset(100%",
    "text-indent:-999",
    "left:-999",
    "top:-999",
    "font:0/0",
    "content-visibility:hidden",
];
/// Letters of so many pixels are not read by anybody.
const SMALLEST_PIXELS: f64 = 2.0;

/// Whether an element with these declarations is not seen.
pub fn hides(declarations: &str) -> bool {
    let declarations = squeezed(declarations);
    let is_clipped = declarations.contains("background-clip:text");
    declarations
        .split(';')
        .map(|declaration| declaration.trim_end_matches("!important"))
        .any(|declaration| {
            HIDING.iter().any(|begin| declaration.starts_with(begin))
                || declaration.strip_prefix("font-size:").is_some_and(is_tiny)
                || declaration
                    .strip_prefix("opacity:")
                    .is_some_and(|share| share.parse::<f64>().is_ok_and(|share| share <= 0.01))
                || (declaration == "color:transparent" && !is_clipped)
        })
        || same_colours(&declarations)
}

fn is_tiny(size: &str) -> bool {
    let number = size.trim_end_matches(|c: char| c.is_alphabetic() || c == '%');
    let unit = &size[number.len()..];
    number.parse::<f64>().is_ok_and(|number| {
        number <= 0.0 || (matches!(unit, "px" | "pt") && number <= SMALLEST_PIXELS)
    })
}

/// Whether they strike the text out.
pub fn strikes(declarations: &str) -> bool {
    squeezed(declarations).split(';').any(|declaration| {
        declaration.starts_with("text-decoration") && declaration.contains("line-through")
    })
}

fn colour<'a>(declarations: &'a str, property: &str) -> Option<&'a str> {
    declarations
        .split(';')
        .filter_map(|declaration| declaration.split_once(':'))
        .find(|(name, _)| *name == property)
        .map(|(_, value)| value.trim_end_matches("!important"))
}

fn is_white_value(value: &str) -> bool {
    matches!(value, "white" | "#fff" | "#ffffff" | "rgb(255,255,255)")
}

/// Whether the letters are white and nothing is said of their ground.
pub fn is_white(style: &str) -> bool {
    let style = squeezed(style);
    colour(&style, "color").is_some_and(is_white_value)
        && !style.contains("background")
        && !style.contains("text-shadow")
}

/// Whether letters and ground have one colour, in declarations without white space.
fn same_colours(style: &str) -> bool {
    let ground = colour(style, "background-color").or_else(|| colour(style, "background"));
    match (colour(style, "color"), ground) {
        (Some(letters), Some(ground)) => {
            letters == ground || (is_white_value(letters) && is_white_value(ground))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_that_hide_are_known() {
        for style in [
            "display: none",
            "DISPLAY:NONE !important",
            "color: red; font-size: 0",
            "font-size:1px",
            "opacity: 0.0",
            "position:absolute; left: -9999px",
            "clip: rect(0, 0, 0, 0)",
            "color: #fff; background: #FFF",
            "color: transparent",
        ] {
            assert!(hides(style), "{style}");
        }
        for style in [
            "display: block",
            "font-size: 0.8em",
            "opacity: 0.5",
            "left: -9px",
            "color: #fff; background: #000",
            "color: transparent; background-clip: text",
        ] {
            assert!(!hides(style), "{style}");
        }
    }
}
