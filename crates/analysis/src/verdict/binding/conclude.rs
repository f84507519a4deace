//! The answer of one statement, once everything in it has been compared.

use clara_domain::verdict::Verdict;

use super::super::relations;
use super::exchange::of_answer;
use super::{Binding, Bound, Found, Ground, Outcome, amounts, roles};

impl Binding<'_> {
    #[expect(
        clippy::too_many_arguments,
        reason = "each is one thing that was compared, and the decision needs them all"
    )]
    pub(super) fn conclude(
        mut self,
        differs: &[amounts::Answer],
        roles: roles::Roles,
        flips: bool,
        (complements, others): (usize, usize),
        (same_amounts, same_times): (usize, usize),
        cover: f64,
        contrasts: &[usize],
        missing: &[usize],
    ) -> Bound {
        let reversed = roles == roles::Roles::Reversed;
        let clashes =
            usize::from(flips) + usize::from(reversed) + others + usize::from(!differs.is_empty());
        if self.is_state_of_an_hour() {
            return self.open("the source says it of an hour of the day".to_owned(), cover);
        }
        if clashes == 0 {
            if complements > 0 && complements % 2 == 0 {
                return self.open("two opposites at once".to_owned(), cover);
            }
            if !missing.is_empty() {
                let words = self.words(|matched| matched.found == Found::Missing);
                return self.open(format!("not in this statement: {words}"), cover);
            }
            if self.is_timed_otherwise() {
                return self.open("the source says it of another time".to_owned(), cover);
            }
            if let Some(word) = self.says_more() {
                let reason = format!("the claim narrows it (“{word}”), the source does not");
                return self.open(reason, cover);
            }
            let context = self
                .matched
                .iter()
                .any(|matched| matched.found == Found::Around);
            let excerpt = self
                .matched
                .iter()
                .any(|matched| matched.found == Found::Excerpt);
            // `The Ashdowns rent the cottage`, whose verb was not recognised: titles name its subject, but not what it does.
            if context
                && !self.claim.statement.has_verb
                && self.claim.statement.quantities.is_empty()
            {
                return self.open("what the claim says was not seen plainly".to_owned(), cover);
            }
            let ground = if excerpt {
                Ground::Excerpt
            } else if context {
                Ground::Context
            } else if same_amounts > 0 {
                Ground::Amount
            } else if same_times > 0 {
                Ground::Time
            } else {
                Ground::Words
            };
            return self.finish(Outcome::Supports(ground), cover);
        }
        for answer in differs {
            let detail = format!(
                "{}, same words: {}",
                answer.detail(self.claim, self.source),
                self.words(|matched| matches!(matched.found, Found::Here(_)))
            );
            self.check(
                &format!("{}_differs", answer.kind),
                Verdict::Refuted,
                detail,
            );
        }
        for at in contrasts {
            if let Found::Contrast(other, contrast) = self.matched[*at].found {
                let claimed = self
                    .claim
                    .sentence
                    .written(&(self.matched[*at].claim..self.matched[*at].claim + 1))
                    .to_owned();
                let given = self.source.sentence.written(&(other..other + 1)).to_owned();
                let name = if contrast == relations::Contrast::Other {
                    "kind_differs"
                } else {
                    "antonym"
                };
                let points_to = if clashes == 1 {
                    Verdict::Refuted
                } else {
                    Verdict::NotEnoughEvidence
                };
                self.check(
                    name,
                    points_to,
                    format!("claim “{claimed}”, source “{given}”"),
                );
            }
        }
        if flips && complements == 0 {
            let side = if self.source.statement.denied {
                "only the source denies it"
            } else {
                "only the claim denies it"
            };
            self.check("negation_differs", Verdict::Refuted, side.to_owned());
        }
        if reversed {
            self.check(
                "roles_differ",
                Verdict::Refuted,
                "the same words, with who and whom, or from and to, the other way round".to_owned(),
            );
        }
        if !missing.is_empty() && (flips || reversed || others > 0) {
            return self.open(
                "more than one thing differs: it may be about something else".to_owned(),
                cover,
            );
        }
        let opposite_amounts =
            others == 1 && !flips && !reversed && !differs.iter().any(|answer| answer.is_time);
        if clashes > 1 && !(opposite_amounts && clashes == 2 && self.is_about_change(contrasts)) {
            return self.open(
                "more than one thing differs: it may be about something else".to_owned(),
                cover,
            );
        }
        if (flips || others > 0) && self.hour_is_left_out() {
            return self.open("the source says it of an hour of the day".to_owned(), cover);
        }
        if others > 0 && self.contrast_is_of_two_things(contrasts) {
            return self.finish(Outcome::Doubts, cover);
        }
        if others > 0 && self.contrast_is_of_two_deeds(contrasts) {
            return self.open(
                "both may have happened, one after the other".to_owned(),
                cover,
            );
        }
        if self.source_is_about_a_part(differs) {
            return self.finish(Outcome::Doubts, cover);
        }
        let time_differs = differs.iter().any(|answer| answer.is_time);
        let amount_differs = differs.iter().any(|answer| !answer.is_time);
        if flips && self.denial_is_of_a_part() {
            return self.open("what is denied of whom is not plain".to_owned(), cover);
        }
        if amount_differs && (self.amount_is_of_a_time() || self.amount_is_of_other_days(differs)) {
            return self.open(
                "the source may give this for another time".to_owned(),
                cover,
            );
        }
        if time_differs && (same_amounts > 0 || amount_differs) {
            return self.open("the source gives this for another time".to_owned(), cover);
        }
        let weekday = differs.iter().any(|answer| self.is_another_weekday(answer));
        let span = differs.iter().any(|answer| self.is_another_span(answer));
        if time_differs && !self.happened_once() && !weekday && !span {
            return self.open(
                "the source gives another time, and it may have happened more than once".to_owned(),
                cover,
            );
        }
        let ground = if amount_differs {
            Ground::Amount
        } else if weekday {
            Ground::Weekday
        } else if time_differs {
            Ground::Time
        } else if reversed {
            Ground::Roles
        } else if others > 0 {
            let kind = contrasts.iter().any(|at| {
                matches!(
                    self.matched[*at].found,
                    Found::Contrast(_, relations::Contrast::Other)
                )
            });
            if kind { Ground::Name } else { Ground::Opposite }
        } else if self.denies_by_a_verb() {
            Ground::Refusal
        } else {
            Ground::Denial
        };
        let exchange = match differs {
            [one] if clashes == 1 => of_answer(one, self.claim, self.source),
            _ => None,
        };
        Bound {
            exchange,
            ..self.finish(Outcome::Refutes(ground), cover)
        }
    }
}
