//! Names of people: first names, initials, honorifics and what somebody is called beside the name.

use super::super::kinds;
use super::Side;
use super::terms::verb_start;
use crate::language::lexicon::meaning;
use crate::statement::tags::Tag;
use crate::statement::{Subject, Term, is_restriction};

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
    let origin = term.stem == given.stem && meaning::is_nationality(&term.stem);
    term.name && given.name && term.lower != given.lower && !origin && {
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
    let mut next = next_term(term, claim)?;
    if !next.name || (!term.inherited && next.at > term.at + 2) {
        return None;
    }
    // Of several first names, the surname is what the source must say: `Ada Marie Lorne`, `Lorne`.
    while let Some(further) = next_term(next, claim)
        .filter(|further| term.name && next.describes && further.name && further.at <= next.at + 2)
    {
        next = further;
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
            || is_letter(&source.sentence.tokens[before].lower)
    });
    // `Falk & Sons`, `Falk's brother`, `the Falk family` are others.
    let tokens = &source.sentence.tokens;
    let of_another = tokens[at].possessive
        && !claim
            .statement
            .terms
            .iter()
            .any(|own| own.name && claim.sentence.tokens[own.at].possessive)
        || tokens.get(at + 1).is_some_and(|next| {
            matches!(next.lower.as_str(), "&" | "family" | "brothers" | "sisters")
        });
    // `Mrs Falk` is another than `Professor Falk`, as far as is said.
    let other_title = is_honorific(&term.lower)
        && before.is_some_and(|before| {
            let given = &source.sentence.tokens[before].lower;
            is_honorific(given) && *given != term.lower
        });
    // Another person of that surname elsewhere in the passage would make it unclear.
    !other_name && !of_another && !other_title && term.lower.chars().count() > 1
}

fn is_letter(lower: &str) -> bool {
    let mut letters = lower.chars();
    letters.next().is_some_and(char::is_alphabetic) && letters.next().is_none()
}

/// First names that only men have, and those that only women have.
const MEN: &str = "adam adrian alan albert alexander alfred andrew anthony arnold arthur benjamin bernard brian bruce carl charles \
    christopher colin craig daniel david dennis derek donald douglas edgar edward eric ernest eugene frank frederick gary geoffrey \
    george gerald gordon graham gregory harold harry henry howard hugh ian jack james jason jeffrey jeremy john jonathan joseph joshua \
    keith kenneth kevin lawrence leonard louis luke malcolm mark martin matthew michael neil nicholas oliver oscar patrick paul peter \
    philip ralph raymond richard robert roger ronald roy samuel simon stanley stephen steven stuart terence thomas timothy victor \
    vincent walter william";
const WOMEN: &str = "abigail agnes alice amanda amelia amy angela anna anne barbara beatrice betty brenda carol caroline catherine charlotte \
    christina christine claire cynthia daisy deborah diana diane donna dorothy edith eleanor elizabeth ellen emily emma eva florence \
    gloria grace hannah harriet heather helen helena irene jane janet jennifer jessica joan joanna judith julia julie karen katherine \
    kathleen laura lily linda lisa louise lucy margaret maria marie martha mary michelle monica nancy olivia pamela patricia paula \
    rachel rebecca rosa rose ruth sandra sarah sharon sheila shirley sophia stella stephanie susan sylvia teresa theresa victoria \
    virginia wendy";

/// Whether who has the first name is not whom the source's pronoun stands for: `Robert`, `she`.
pub(super) fn is_of_the_other_sex(term: &Term, source: Side<'_>) -> bool {
    let has = |list: &str| list.split_whitespace().any(|name| name == term.lower);
    let pronoun = source
        .statement
        .tokens
        .clone()
        .map(|at| source.sentence.tokens[at].lower.as_str())
        .find(|lower| matches!(*lower, "he" | "she" | "his" | "her"));
    match pronoun {
        Some("she" | "her") => term.name && has(MEN),
        Some(_) => term.name && has(WOMEN),
        None => false,
    }
}

/// Whether `he` or `she` cannot stand for what the claim is about: `the company`.
pub(super) fn is_no_person(term: &Term, claim: Side<'_>, source: Side<'_>) -> bool {
    let tokens = &source.sentence.tokens;
    let start = verb_start(source).min(source.statement.tokens.end);
    let personal = (source.statement.tokens.start..start)
        .any(|at| matches!(tokens[at].lower.as_str(), "he" | "she"));
    personal
        && !term.name
        && !term.describes
        && claim.sentence.tags.get(term.at) == Some(&Tag::Noun)
        && !kinds::includes("person", &term.stem)
}

/// `is a 1997 film`: an excerpt that begins with its verb, whose subject was left behind.
pub(super) fn opens_without_subject(source: Side<'_>) -> bool {
    let first = source.sentence.tokens.first();
    source.statement.subject == Subject::Absent
        && source.statement.tokens.start == 0
        && first.is_some_and(|first| !first.capital && matches!(first.lower.as_str(), "is" | "was"))
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
    // `the last Norse king`, `a bad Norse poet`: what describes somebody is no title.
    if claim.sentence.tags[term.at] != Tag::Noun {
        return false;
    }
    let Some(first) =
        next_term(term, claim).filter(|next| next.name && !meaning::is_nationality(&next.stem))
    else {
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
            && (!other.name || is_honorific(&other.lower) && is_honorific(&term.lower))
            && other.describes
            && !used.contains(&other.at)
    })
}
