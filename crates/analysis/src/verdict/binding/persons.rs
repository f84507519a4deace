//! Names of people: first names, initials, honorifics and what somebody is called beside the name.

use super::Side;
use crate::statement::tags::Tag;
use crate::statement::{Term, is_restriction};

/// `Zac` of `Zachary`, `J.` of `James`: first names, cut or given by their letter.
pub(super) fn is_short_form(term: &Term, given: &Term) -> bool {
    let (one, other) = (term.lower.as_str(), given.lower.as_str());
    let cut = |short: &str, long: &str| {
        long.starts_with(short)
            && (short.chars().count() == 1 || (short.len() >= 3 && long.len() > short.len()))
    };
    term.name
        && given.name
        && term.describes
        && given.describes
        && one != other
        && (cut(one, other) || cut(other, one) || is_nickname(one, other))
}

/// What people of a first name are called, each after the name.
const NICKNAMES: &str = "michael:mike,mick william:bill,will,billy,willy robert:bob,rob,bobby james:jim,jimmy,jamie richard:dick,rick,rich \
    john:jack,johnny joseph:joe,joey thomas:tom,tommy charles:charlie,chuck edward:ed,ted,eddie,ned elizabeth:liz,beth,betty,eliza \
    margaret:maggie,meg,peggy katherine:kate,kathy,katie,kitty catherine:kate,cathy,katie anthony:tony andrew:andy,drew \
    alexander:alex,sandy,al benjamin:ben christopher:chris daniel:dan,danny david:dave donald:don frederick:fred,freddy \
    gregory:greg harold:harry,hal henry:harry,hank jeffrey:jeff jonathan:jon kenneth:ken lawrence:larry leonard:len,lenny \
    matthew:matt nicholas:nick patrick:pat,paddy peter:pete philip:phil raymond:ray ronald:ron samuel:sam stephen:steve \
    steven:steve susan:sue,susie timothy:tim vincent:vince walter:walt,wally zachary:zac,zach rebecca:becky jennifer:jenny,jen \
    jessica:jess victoria:vicky,tori deborah:debbie,deb barbara:barb patricia:pat,trish,patty dorothy:dot,dotty eleanor:nell,ellie \
    theodore:ted,theo nathaniel:nate,nat albert:al,bert arthur:art francis:frank abigail:abby amanda:mandy";

fn is_nickname(one: &str, other: &str) -> bool {
    let is_called = |name: &str, called: &str| {
        NICKNAMES.split_whitespace().any(|entry| {
            entry.split_once(':').is_some_and(|(full, short)| {
                full == name && short.split(',').any(|short| short == called)
            })
        })
    };
    is_called(one, other) || is_called(other, one)
}

/// Two names that are only alike in their stem: `Berg` and `Bergen`, `Marie` and `Mary`.
pub(super) fn is_another_name(term: &Term, given: &Term) -> bool {
    term.name && given.name && term.lower != given.lower && {
        let plural = |one: &str, other: &str| one.strip_suffix('s') == Some(other);
        !(plural(&term.lower, &given.lower) || plural(&given.lower, &term.lower))
    }
}

/// The term that follows in the claim; a term that was taken over has no place of its own in the text.
fn next_term<'c>(term: &Term, claim: Side<'c>) -> Option<&'c Term> {
    let terms = &claim.statement.terms;
    let at = terms.iter().position(|other| other == term)?;
    terms.get(at + 1)
}

/// The source's token for the name that follows a word of the claim: `Marsh` after `Helena`.
pub(super) fn name_after(
    term: &Term,
    claim: Side<'_>,
    source: Side<'_>,
    used: &[usize],
) -> Option<usize> {
    let next = next_term(term, claim)?;
    if !next.name || (!term.inherited && next.at > term.at + 2) {
        return None;
    }
    source
        .statement
        .terms
        .iter()
        .find(|given| {
            used.contains(&given.at) && given.stem == next.stem && given.name && !given.describes
        })
        .map(|given| given.at)
}

/// `Tom` of `Tom Baker`, where the source says `Baker` and puts no other first name before it.
pub(super) fn is_first_name(
    term: &Term,
    claim: Side<'_>,
    source: Side<'_>,
    used: &[usize],
) -> bool {
    if !term.name || !term.describes {
        return false;
    }
    let Some(at) = name_after(term, claim, source, used) else {
        return false;
    };
    let before = at
        .checked_sub(1)
        .filter(|before| !source.sentence.tokens[*before].is_sign('.'))
        .or_else(|| at.checked_sub(2));
    let other_name = before.is_some_and(|before| {
        before + 1 == at
            && source.sentence.tags[before] == Tag::Name
            && !is_honorific(&source.sentence.tokens[before].lower)
            || source.sentence.tokens[before].lower.chars().count() == 1
    });
    // Another person of that surname elsewhere in the passage would make it unclear.
    !other_name && term.lower.chars().count() > 1
}

pub(super) fn is_honorific(lower: &str) -> bool {
    matches!(
        lower,
        "mr" | "mrs"
            | "ms"
            | "miss"
            | "dr"
            | "prof"
            | "professor"
            | "sir"
            | "dame"
            | "lord"
            | "lady"
            | "captain"
            | "judge"
            | "president"
            | "minister"
    )
}

/// `the engineer` of `the engineer Helena Marsh`: what somebody is called beside the name, unless the source calls them something else.
pub(super) fn is_title(term: &Term, claim: Side<'_>, source: Side<'_>, used: &[usize]) -> bool {
    if term.name || !term.describes || is_restriction(&term.lower) {
        return false;
    }
    let Some(first) = next_term(term, claim).filter(|next| next.name) else {
        return false;
    };
    let Some(given) = source
        .statement
        .terms
        .iter()
        .find(|given| used.contains(&given.at) && given.stem == first.stem)
    else {
        return false;
    };
    !source.statement.terms.iter().any(|other| {
        other.at < given.at
            && other.at + 2 >= given.at
            && !other.name
            && other.describes
            && !used.contains(&other.at)
    })
}
