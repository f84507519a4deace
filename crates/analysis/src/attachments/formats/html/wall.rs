//! Pages that stand before the page: a sign-in form, a question about cookies, a check whether somebody is human.

use dom_query::Document;

use super::blocks::Block;

/// A page with more text than this says something itself.
const MAX_CHARACTERS: usize = 1_500;
const MAX_WORDS: usize = 250;
/// A block with fewer words, outside of notices and menus, is a title at most.
const MIN_WORDS: usize = 3;

const CONSENT: [&str; 8] = [
    "accept all",
    "accept cookies",
    "we use cookies",
    "before you continue",
    "your privacy",
    "alle akzeptieren",
    "tout accepter",
    "aceptar todo",
];
const SIGN_IN: [&str; 9] = [
    "log in to continue",
    "sign in to continue",
    "please log in",
    "please sign in",
    "you must be logged in",
    "subscribe to continue",
    "subscribe to read",
    "create an account to",
    "forgot password",
];
const CHECK: [&str; 6] = [
    "verify you are human",
    "checking your browser",
    "are you a robot",
    "enable javascript and cookies",
    "access denied",
    "unusual traffic",
];

/// What to say of a page that is a wall.
pub fn of(document: &Document, blocks: &[Block]) -> Option<String> {
    let says_itself: usize = blocks
        .iter()
        .filter(|block| !block.is_furniture)
        .map(|block| block.text().split_whitespace().count())
        .filter(|words| *words >= MIN_WORDS)
        .sum();
    if says_itself > MAX_WORDS {
        return None;
    }
    let mut text = String::new();
    for block in blocks {
        // A notice at the page's edge is no wall where the page says something beside it.
        if !block.is_furniture || says_itself == 0 {
            text.push_str(&block.text().to_lowercase());
            text.push('\n');
        }
    }
    if says_itself > 0 {
        return wall(&text, document.select("input[type=password]").exists());
    }
    for button in document
        .select("button, input[type=submit], [role=dialog], dialog")
        .nodes()
    {
        text.push_str(&button.text().to_lowercase());
        text.push('\n');
        if text.len() > MAX_CHARACTERS * 4 {
            break;
        }
    }
    wall(&text, document.select("input[type=password]").exists())
}

fn wall(text: &str, asks_for_password: bool) -> Option<String> {
    let says = |phrases: &[&str]| phrases.iter().any(|phrase| text.contains(phrase));
    let what = if asks_for_password || says(&SIGN_IN) {
        "a sign-in page"
    } else if says(&CONSENT) {
        "a question about cookies or consent"
    } else if says(&CHECK) {
        "a check that stands before the page"
    } else {
        return None;
    };
    Some(format!(
        "The page is {what}, not the page behind it. Open it in a browser, save what it shows as PDF and attach that."
    ))
}
