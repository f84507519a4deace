//! Phrases by which something was not done: `has yet to appear`, `incapable of flying`, `barred from flying`, `rejected all offers
//! to star`.

use super::lexical;
use super::tags::Tag;
use super::token::Token;

/// `yet` of `has yet to appear`.
pub(super) fn is_yet_to(tokens: &[Token], auxiliaries: &[usize], at: usize) -> bool {
    tokens.get(at + 1).is_some_and(|next| next.lower == "to")
        && auxiliaries
            .last()
            .is_some_and(|last| matches!(tokens[*last].lower.as_str(), "has" | "have" | "had"))
}

/// `incapable` of `incapable of being sold`, `incapable of flying`.
pub(super) fn is_incapable_of(tokens: &[Token], tags: &[Tag], at: usize) -> bool {
    lexical::is_inability(&tokens[at].lower)
        && tokens.get(at + 1).is_some_and(|next| next.lower == "of")
        && tokens
            .get(at + 2)
            .is_some_and(|next| next.lower.ends_with("ing"))
        && matches!(tags.get(at + 2), Some(Tag::Verb | Tag::Auxiliary))
}

/// The `to` of `rejected all offers to star`: what was not done.
pub(super) fn declined_offer(tokens: &[Token], tags: &[Tag], at: usize) -> Option<usize> {
    const DECLINED: &str = "rejected rejects ignored ignores declined declines refused refuses";
    if !DECLINED.split(' ').any(|word| word == tokens[at].lower) {
        return None;
    }
    let mut next = at + 1;
    while tokens.get(next).is_some_and(|token| {
        matches!(
            token.lower.as_str(),
            "the" | "all" | "an" | "any" | "every" | "his" | "her" | "their"
        )
    }) {
        next += 1;
    }
    let offer = matches!(
        tokens.get(next)?.lower.as_str(),
        "offer"
            | "offers"
            | "opportunity"
            | "opportunities"
            | "invitation"
            | "invitations"
            | "chance"
    );
    let to = next + 1;
    let verb = tokens.get(to)?.lower == "to" && tags.get(to + 1) == Some(&Tag::Verb);
    (offer && verb).then_some(to)
}

/// `barred` of `barred from being sold`, `prevented from flying`.
pub(super) fn is_barred_from(tokens: &[Token], tags: &[Tag], at: usize) -> bool {
    lexical::is_exclusion(&tokens[at].lower)
        && tokens.get(at + 1).is_some_and(|next| next.lower == "from")
        && tokens
            .get(at + 2)
            .is_some_and(|next| next.lower.ends_with("ing"))
        && matches!(tags.get(at + 2), Some(Tag::Verb | Tag::Auxiliary))
}
