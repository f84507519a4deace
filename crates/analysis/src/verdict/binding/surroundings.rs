//! Words of the claim that are named around a statement of the source: by titles, by the sentence before, or by another
//! statement of the same sentence.

use super::super::relations;
use super::terms::is_topic;
use super::{Around, Side};
use crate::statement::{Subject, Term};

/// Whether what stands around the statement names the word: only where the statement itself leaves its subject open, or the
/// document is about it.
pub(super) fn around_names(
    term: &Term,
    claim: Side<'_>,
    source: Side<'_>,
    around: &Around,
) -> bool {
    if !is_topic(term, claim) {
        return false;
    }
    let has = |stems: &std::collections::HashSet<String>| {
        stems.contains(&term.stem)
            || stems
                .iter()
                .any(|stem| relations::are_same(stem, &term.stem) && !term.name)
    };
    match source.statement.subject {
        Subject::Pronoun => has(&around.antecedent) || has(&around.titles),
        Subject::Absent => has(&around.titles),
        // `The company has 5,020 employees` under or after a text that names the company.
        Subject::Named => {
            // Further names that only go before a shared surname are the same person's.
            let competing = source.statement.terms.iter().any(|given| {
                given.name
                    && !given.describes
                    && is_topic(given, source)
                    && !has_stem(claim, &given.stem)
            });
            !competing
                && (has(&around.titles)
                    || (is_generic(source) && has(&around.antecedent))
                    || is_named_beside(term, claim, source))
        }
    }
}

fn has_stem(side: Side<'_>, stem: &str) -> bool {
    side.statement.has(stem)
}

/// Whether another statement of the same sentence names it in its subject: `Revenue of Orvane was 5 million, and profit was 1`.
fn is_named_beside(term: &Term, claim: Side<'_>, source: Side<'_>) -> bool {
    // `the Basic plan costs $9; the Team plan costs $45`: the second is not the first.
    // `Ruth Calder` is not the `Sofia Calder` of this statement.
    let next = |side: Side<'_>, at: usize| {
        let token = side.sentence.tokens.get(at + 1);
        token.map_or(String::new(), |token| token.lower.clone())
    };
    let is_namesake =
        |given: &Term| given.name && term.name && next(claim, term.at) == next(source, given.at);
    let rival = |given: &Term| {
        term.describes
            && given.describes
            && (is_topic(given, source) || is_namesake(given))
            && !has_stem(claim, &given.stem)
    };
    term.name
        && !source.statement.terms.iter().any(rival)
        && source.sentence.statements.iter().any(|other| {
            other.tokens.start < source.statement.tokens.start
                && other.terms.iter().any(|given| {
                    given.stem == term.stem
                        && is_topic(
                            given,
                            Side {
                                statement: other,
                                ..source
                            },
                        )
                })
        })
}

/// `the company`, `the club`: a subject that stands for a name given before.
pub(super) fn is_generic(source: Side<'_>) -> bool {
    const GENERIC: &str = "company firm club group society association organisation organization university school museum town city village \
        country state bridge building ship book film movie album song band team author artist player island river mountain station machine \
        device product model library hospital church hotel airport park lake mill drug study survey report law bill war battle species \
        plant animal bank party council board committee factory network series show novel game poem magazine newspaper agency institution \
        franchise province region county district league tournament festival";
    let mut subject = source
        .statement
        .terms
        .iter()
        .filter(|term| is_topic(term, source));
    matches!((subject.next(), subject.next()), (Some(only), None) if GENERIC.split_whitespace().any(|word| word == only.lower))
}
