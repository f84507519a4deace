//! What a thing costs beside what it cost before, where one record has both: `amount` and `previous amount`.

use clara_domain::evidence::Record;

use super::bound;
use super::claim::Claim;
use super::naming::NAMING_FIELDS;
use crate::engine::Passage;
use crate::language::words::Stems;
use crate::statement::Sentence;
use crate::statement::quantity::{Comparison, Quantity, Role, Unit, named};
use crate::verdict::binding::{Bound, Ground, Outcome};

/// Words before the name of what a value was before.
const BEFORE: &[&str] = &["previous", "old", "former", "original", "earlier"];

/// `now costs 300 euros less than before`
pub(super) fn previous(claim: &Claim<'_>, rows: &[&Passage<'_>]) -> Option<(usize, Bound)> {
    let mut claim = claim.clone();
    let than = (0..claim.len()).find(|at| claim.lower(*at) == "than")?;
    let sign = match claim.before(than) {
        "more" => 1.0,
        "less" | "cheaper" => -1.0,
        _ => return None,
    };
    let before = matches!(claim.lower(than + 1), "before" | "previously");
    if !before || !claim.sentence.times.is_empty() {
        return None;
    }
    claim.take(than - 1..than + 2);
    let amounts = claim.amounts();
    let wanted = match amounts[..] {
        [] => None,
        [wanted] if wanted.tokens.end == than - 1 && matches!(wanted.unit, Unit::Money(_)) => {
            Some(wanted)
        }
        _ => return None,
    };
    if let Some(wanted) = wanted {
        claim.take(wanted.tokens.clone());
    }
    let costs = (0..claim.len())
        .any(|at| matches!(claim.lower(at), "costs" | "cost" | "price" | "cheaper"));
    if !costs && claim.lower(than - 1) != "cheaper" {
        return None;
    }
    claim.take_idle(&["now", "costs", "cost", "price", "today"]);
    claim.take_stems(&whole(rows));
    if !claim.is_spent() {
        return None;
    }
    let mut found = rows.iter().enumerate().filter_map(|(number, passage)| {
        let record = passage.source.records.get(passage.record?)?;
        Some((number, prices(passage, record)?))
    });
    let ((number, (now, then, texts)), None) = (found.next()?, found.next()) else {
        return None;
    };
    let difference = (now.low - then.low) * sign;
    let holds = match wanted {
        _ if difference <= 1e-9 => false,
        None => true,
        Some(wanted) => {
            let given = now.computed((difference * 1e6).round() / 1e6, now.unit, wanted.role);
            match wanted.compare(&given) {
                Comparison::Same => true,
                Comparison::Differs => false,
                _ => return None,
            }
        }
    };
    let outcome = if holds {
        Outcome::Supports(Ground::Cell)
    } else {
        Outcome::Refutes(Ground::Cell)
    };
    Some((number, bound(outcome, texts)))
}

/// What the thing is called that all records are of.
fn whole(rows: &[&Passage<'_>]) -> Vec<String> {
    let stems = Stems::new();
    let mut named: Vec<String> = Vec::new();
    for passage in rows {
        let roots = passage
            .source
            .records
            .iter()
            .filter(|record| record.parent.is_none());
        let roots: Vec<&Record> = roots.collect();
        let [root] = roots[..] else { continue };
        for field in &root.fields {
            let name = passage.source.name_of(root, *field).to_lowercase();
            if NAMING_FIELDS.contains(&name.as_str()) {
                let text = passage.source.text.slice(field.value);
                // The last word, which says what it is.
                let words = Sentence::cached(text).words();
                let last = words
                    .last()
                    .map(|word| word.rsplit('-').next().unwrap_or(word).to_owned());
                named.extend(last.map(|last| stems.of(&last)));
            }
        }
    }
    named
}

/// The one price and the one before it in money of one currency.
fn prices(passage: &Passage<'_>, record: &Record) -> Option<(Quantity, Quantity, String)> {
    let source = passage.source;
    let field = |wanted: &str| {
        let mut found = record
            .fields
            .iter()
            .filter(|field| source.name_of(record, **field).to_lowercase() == wanted);
        let first = found.next()?;
        found
            .next()
            .is_none()
            .then(|| source.text.slice(first.value).trim())
    };
    let currency = field("currency").and_then(|text| named(&text.to_lowercase(), text));
    let read = |text: &str| {
        let mut quantity = Sentence::new(text).quantities.into_iter().next()?;
        if quantity.unit == Unit::Count {
            quantity.unit = currency?.unit;
        }
        quantity.role = Role::Value;
        (matches!(quantity.unit, Unit::Money(_)) && quantity.is_exact()).then_some(quantity)
    };
    let mut pairs = ["amount", "price"].iter().flat_map(|name| {
        BEFORE
            .iter()
            .filter_map(move |before| Some((field(name)?, field(&format!("{before} {name}"))?)))
    });
    let ((now, then), None) = (pairs.next()?, pairs.next()) else {
        return None;
    };
    let (one, two) = (read(now)?, read(then)?);
    (one.unit == two.unit).then(|| (one, two, format!("now {now}, before {then}")))
}
