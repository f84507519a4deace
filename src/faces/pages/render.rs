//! How pages look: forms with their fields, where words stand beside a wrong field, notices and refusals; and the headers that
//! hold a browser to what a page of ours may do. Which words those are is said elsewhere.

use askama::Template;
use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use super::fields::{self, Field};
use super::messages::{NO_CODE, Refused, wait_of, words_of};
use super::notices::Notice;
use crate::fault::{FaultKind, FieldProblem, ProblemKind};
use crate::operations::dispatch::Answer;

/// What a page of ours may do: show its own style and send its own forms.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; base-uri 'none'; \
object-src 'none'; frame-ancestors 'none'; form-action 'self'";

/// A field with what stands in it.
#[derive(Debug)]
pub struct Filled {
    field: Field,
    value: String,
    problem: Option<String>,
}

impl Filled {
    /// Which elements say more about the field.
    fn described_by(&self) -> String {
        let name = self.field.name;
        let hint = (!self.field.hint.is_empty()).then(|| format!("{name}-hint"));
        let problem = self.problem.is_some().then(|| format!("{name}-problem"));
        let both: Vec<String> = problem.into_iter().chain(hint).collect();
        both.join(" ")
    }
}

/// A button; the first of a form is what the return key presses.
#[derive(Debug, Clone, Copy)]
pub struct Button {
    pub label: &'static str,
    /// What is sent where it was this one.
    pub act: &'static str,
    pub look: &'static str,
}

impl Button {
    /// The form's own.
    pub const fn main(label: &'static str) -> Self {
        Self {
            label,
            act: "",
            look: "main",
        }
    }
    /// Has a code mailed; the fields may be empty meanwhile.
    pub const fn send(label: &'static str) -> Self {
        Self {
            label,
            act: "send",
            look: "second",
        }
    }
    /// The same where there is nothing else to do yet.
    pub const fn send_first(label: &'static str) -> Self {
        Self {
            look: "main",
            ..Self::send(label)
        }
    }
    /// What cannot be taken back.
    pub const fn danger(label: &'static str) -> Self {
        Self {
            label,
            act: "",
            look: "danger",
        }
    }
}

/// A link below a form.
#[derive(Debug, Clone, Copy)]
pub struct Link {
    pub words: &'static str,
    pub path: &'static str,
}

/// What an authenticator app takes over, shown above a form.
#[derive(Debug)]
pub struct Offer {
    /// An SVG picture to scan, in base64.
    pub picture: String,
    /// The same as an address that an app on this device opens.
    pub address: String,
    /// The secret in it, for who types.
    pub key: String,
}

/// A page with one form.
#[derive(Debug, Default, Template)]
#[template(path = "pages/form.html")]
pub struct FormPage {
    title: &'static str,
    action: &'static str,
    words: Vec<String>,
    notice: Option<&'static str>,
    problem: Option<String>,
    advice: Option<&'static str>,
    fields: Vec<Filled>,
    owner: Option<String>,
    offer: Option<Offer>,
    carried: Vec<(&'static str, String)>,
    buttons: Vec<Button>,
    links: Vec<Link>,
}

impl FormPage {
    /// An empty form that is sent to `action`.
    pub fn new(title: &'static str, action: &'static str) -> Self {
        Self {
            title,
            action,
            ..Self::default()
        }
    }

    /// A paragraph before the form.
    pub fn words(mut self, words: impl Into<String>) -> Self {
        self.words.push(words.into());
        self
    }

    pub fn notice(mut self, notice: Option<&'static str>) -> Self {
        self.notice = notice;
        self
    }

    pub fn field(mut self, field: Field, value: impl Into<String>) -> Self {
        self.fields.push(Filled {
            field,
            value: value.into(),
            problem: None,
        });
        self
    }

    /// What the form carries along and nobody sees, where there is something.
    pub fn carried(mut self, name: &'static str, value: impl Into<String>) -> Self {
        let value = value.into();
        if !value.is_empty() {
            self.carried.push((name, value));
        }
        self
    }

    /// Whose password is asked for, for password managers.
    pub fn owner(mut self, address: &str) -> Self {
        self.owner = Some(address.to_owned());
        self
    }

    pub fn offer(mut self, offer: Offer) -> Self {
        self.offer = Some(offer);
        self
    }

    pub fn button(mut self, button: Button) -> Self {
        self.buttons.push(button);
        self
    }

    pub fn link(mut self, words: &'static str, path: &'static str) -> Self {
        self.links.push(Link { words, path });
        self
    }

    /// Says what was wrong, beside its field where it has one.
    pub fn wrong(mut self, answer: &Answer, refused: Refused) -> Self {
        let (field, words) = match answer.fault() {
            Some(FaultKind::InvalidFields(problems)) => return self.bad_fields(problems, refused),
            // The contract's words for these two are for programs.
            Some(FaultKind::UserExists) => (
                refused.address,
                "There is an account with this address already.".to_owned(),
            ),
            Some(FaultKind::EmptyBody) => (refused.address, refused.empty.to_owned()),
            Some(FaultKind::Inactive) => ("", "Activate your account first.".to_owned()),
            Some(FaultKind::Unauthenticated | FaultKind::SecondFactorRequired { .. }) => {
                self.advice = Some(refused.advice).filter(|advice| !advice.is_empty());
                (refused.field, refused.words.to_owned())
            }
            Some(FaultKind::NotFound(_)) => (
                refused.address,
                "There is no account with this address.".to_owned(),
            ),
            _ => ("", words_of(answer, refused.too_often)),
        };
        self.say(field, words);
        self
    }

    /// Says this beside a field, or on top where `field` is none of this form.
    pub fn say(&mut self, field: &str, words: String) {
        let filled = self
            .fields
            .iter_mut()
            .find(|filled| filled.field.name == field);
        match filled {
            Some(filled) => filled.problem = Some(words),
            None => self.problem = Some(words),
        }
    }

    fn bad_fields(mut self, problems: &[FieldProblem], refused: Refused) -> Self {
        for problem in problems {
            let name = problem.field.as_str();
            let field = self.fields.iter().map(|filled| filled.field);
            let field = field.clone().find(|field| field.name == name);
            let about = refused.about.iter().find(|(field, _)| *field == name);
            let words = match (field, about) {
                (Some(field), _) if problem.kind == ProblemKind::Missing => {
                    format!("{} is missing.", field.subject)
                }
                _ if problem.kind == ProblemKind::Malformed && fields::is_code(name) => {
                    NO_CODE.to_owned()
                }
                (_, Some((_, words))) => (*words).to_owned(),
                // Backticks mark code for programs.
                (Some(field), None) => {
                    format!("{} {}.", field.subject, problem.problem.replace('`', ""))
                }
                (None, None) => refused.other.to_owned(),
            };
            self.say(name, words);
        }
        self
    }

    fn is_wrong(&self) -> bool {
        self.problem.is_some() || self.fields.iter().any(|filled| filled.problem.is_some())
    }

    /// The first field that is wrong; without one, the first that is empty.
    fn first(&self) -> &'static str {
        let wrong = self.fields.iter().find(|filled| filled.problem.is_some());
        let empty = || self.fields.iter().find(|filled| filled.value.is_empty());
        wrong.or_else(empty).map_or("", |filled| filled.field.name)
    }

    /// The page as it stands.
    pub fn show(&self) -> Response {
        show(StatusCode::OK, self)
    }

    /// The page after a refusal, with its status.
    pub fn show_refused(&self, answer: &Answer) -> Response {
        told_to_wait(show(status_of(answer), self), answer)
    }
}

#[derive(Template)]
#[template(path = "pages/refusal.html")]
struct RefusalPage<'a> {
    words: &'a str,
}

/// A page that only says why nothing was done.
pub fn refusal(status: StatusCode, words: &str) -> Response {
    show(status, &RefusalPage { words })
}

/// The same, for what went wrong outside any form.
pub fn failure(answer: &Answer) -> Response {
    let words = words_of(answer, Refused::ANYHOW.too_often);
    told_to_wait(refusal(status_of(answer), &words), answer)
}

/// Tells programs too when to come again.
fn told_to_wait(mut response: Response, answer: &Answer) -> Response {
    if let Some(seconds) = wait_of(answer) {
        let headers = response.headers_mut();
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

fn status_of(answer: &Answer) -> StatusCode {
    StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// A drawn page. One that cannot be drawn is empty; the tests of the pages would say so.
pub fn show(status: StatusCode, template: &impl Template) -> Response {
    let content = template.render().unwrap_or_default();
    let headers = [
        (header::CONTENT_TYPE.as_str(), "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY.as_str(), POLICY),
        ("cross-origin-opener-policy", "same-origin"),
        (header::REFERRER_POLICY.as_str(), "same-origin"),
        (header::CACHE_CONTROL.as_str(), "no-store"),
    ];
    (status, headers, content).into_response()
}

/// Goes on to a page of ours, after something was done.
pub fn go(path: &'static str, notice: Option<Notice>) -> Response {
    let to = match notice {
        Some(notice) => format!("{path}?notice={}", notice.word()),
        None => path.to_owned(),
    };
    redirect(&to)
}

/// Goes on to an address of ours.
pub fn redirect(to: &str) -> Response {
    let headers = [
        (header::LOCATION.as_str(), to),
        (header::REFERRER_POLICY.as_str(), "same-origin"),
        (header::CACHE_CONTROL.as_str(), "no-store"),
    ];
    (StatusCode::SEE_OTHER, headers, Body::empty()).into_response()
}

/// Lets the browser hold something, or forget it.
pub fn with_cookie(mut response: Response, cookie: Option<HeaderValue>) -> Response {
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::Fault;

    #[test]
    fn a_code_that_is_none_is_told_apart() {
        let said = |problem: FieldProblem| {
            let fault = Fault::new(FaultKind::InvalidFields(vec![problem]));
            let answer = Answer::from_fault(&fault, "");
            let page = FormPage::new("Sign in", "/sign-in").field(fields::CODE, "");
            let page = page.wrong(&answer, Refused::ANYHOW);
            page.fields[0].problem.clone().unwrap()
        };
        assert_eq!(
            said(FieldProblem::malformed("code", "must be six digits")),
            NO_CODE
        );
        assert_eq!(said(FieldProblem::missing("code")), "The code is missing.");
        let refused = FieldProblem::refused("code", "must be of the `app`");
        assert_eq!(said(refused), "The code must be of the app.");
    }
}
