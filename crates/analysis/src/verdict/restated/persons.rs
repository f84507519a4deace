//! Who somebody is, where brackets after a name say so: `Mrs Ines Lowe (clerk)`.

use super::Restatement;
use super::words::{Words, find};
use crate::statement::tags::Tag;
use crate::statement::token::TokenKind;

/// Offices that stand in brackets after a name.
const OFFICES: &str = "chair chairman chairwoman chairperson clerk secretary treasurer president director manager head headteacher headmaster captain \
    coach editor mayor deputy chef cook owner driver pilot author minister ambassador spokesperson spokeswoman spokesman warden steward \
    coordinator organiser organizer caretaker architect engineer nurse doctor teacher trainer librarian curator vicar";

/// `Ines Lowe is the clerk` of `Mrs Ines Lowe (clerk) opened the meeting`.
pub(super) fn offices(words: &Words<'_>) -> Vec<Restatement> {
    let tokens = &words.0.tokens;
    (1..tokens.len())
        .filter(|open| tokens[*open].is_sign('('))
        .filter_map(|open| {
            let close = find(open + 1..tokens.len(), |at| tokens[at].is_sign(')'))?;
            let office = open + 1..close;
            let named = office.clone().all(|at| {
                tokens[at].kind == TokenKind::Word && !tokens[at].capital || tokens[at].is_sign('-')
            });
            let last = office.end.checked_sub(1)?;
            let known = OFFICES
                .split_whitespace()
                .any(|word| word == words.lower(last));
            // `(not a director)`, `(former chair)`, `(acting head)` keep their words.
            let plain = !office.clone().any(|at| words.is(at, "not no and or"));
            let mut start = open;
            while start > 0
                && (words.tag(start - 1) == Some(Tag::Name)
                    || words.is(start - 1, "mr mrs ms dr prof miss cllr sir")
                    || tokens[start - 1].is_sign('.')
                        && tokens[start - 1].glued
                        && start > 1
                        && words.lower(start - 2).chars().count() <= 4)
            {
                start -= 1;
            }
            let fits = named && known && plain && office.len() <= 4 && start < open;
            let article = if words.is(office.start, "the a an") {
                ""
            } else {
                "the "
            };
            fits.then(|| {
                let (name, office) = (words.text(start..open), words.text(office));
                [
                    Restatement::part(format!("{name} is {article}{office}.")),
                    Restatement::part(format!(
                        "{} is {name}.",
                        super::words::large_first(&format!("{article}{office}"))
                    )),
                ]
            })
        })
        .flatten()
        .collect()
}
