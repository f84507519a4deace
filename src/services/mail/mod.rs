//! The mails Clara writes, as text and as HTML. Every word that is not Clara's own is kept out: a name that somebody
//! typed into a form would let them write to strangers in Clara's name. Links lead to pages of this Clara and carry nothing.

mod guarding;

use askama::Template;

use super::service_deps::ServiceDeps;
use crate::domain::code::{CodePurpose, OtpCode};
use crate::domain::email::Email;
use crate::domain::ids::UserId;
use crate::domain::user::User;
use crate::fault::Fault;
use crate::store::codes::NewCode;
use crate::store::outbox::NewMail;

#[derive(Template)]
#[template(path = "mail/code.txt")]
struct CodeText<'t> {
    subject: &'t str,
    reason: &'t str,
    code: &'t str,
    minutes: u64,
    /// Where the code can be typed in.
    page: Option<&'t str>,
    otherwise: &'t str,
    /// Where a new password is set, if that is what to do otherwise.
    password_page: Option<&'t str>,
}

#[derive(Template)]
#[template(path = "mail/code.html")]
struct CodeHtml<'t> {
    subject: &'t str,
    reason: &'t str,
    code: &'t str,
    minutes: u64,
    /// Where the code can be typed in.
    page: Option<&'t str>,
    otherwise: &'t str,
    /// Where a new password is set, if that is what to do otherwise.
    password_page: Option<&'t str>,
}

#[derive(Template)]
#[template(path = "mail/notice.txt")]
struct NoticeText<'t> {
    subject: &'t str,
    what: &'t str,
    when: &'t str,
    otherwise: &'t str,
    password_page: Option<&'t str>,
}

#[derive(Template)]
#[template(path = "mail/notice.html")]
struct NoticeHtml<'t> {
    subject: &'t str,
    what: &'t str,
    when: &'t str,
    otherwise: &'t str,
    password_page: Option<&'t str>,
}

struct Notice<'n> {
    kind: &'static str,
    subject: &'static str,
    what: &'n str,
    otherwise: &'static str,
    /// Whether `otherwise` ends in the page where a new password is set.
    to_password: bool,
}

/// How a second factor was switched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Switched {
    ToMail,
    ToApp,
    RecoveryCodes,
    Off,
}

/// The address of the page where a new password is set follows.
const IF_NOT_YOU: &str =
    "If it was not you, set a new password now. That ends every other session:";
/// Whoever has the app is asked for its codes from now on, the owner too.
const IF_NOT_YOUR_APP: &str = "If it was not you, ask whoever runs this Clara to turn it off, for a new password takes a code of the app \
                               too. Then set a new one:";
/// What a code opens, nobody opens without it.
const NOTHING_TO_DO: &str = "If it was not you, do nothing. Without the code nothing happens.";
/// Such a code is mostly asked for after the password was right, but whoever knows the address can ask for one.
const PASSWORD_MAY_BE_KNOWN: &str = "If it was not you, do nothing, and give the code to nobody. If more of these come, somebody may know your \
                                     password: set a new one, which ends every session:";

/// Writes letters.
pub(super) struct Letters<'f>(pub(super) &'f ServiceDeps);

impl Letters<'_> {
    /// The mail that carries a code. The digits stand in its body only, never in the subject.
    pub(super) fn code(
        &self,
        recipient: &Email,
        code: &NewCode,
        digits: &OtpCode,
    ) -> Result<NewMail, Fault> {
        let (kind, subject, reason) = match code.purpose {
            CodePurpose::Activation => (
                "code_activation",
                "Welcome to Clara: activate your account",
                "An account was made with this address. This code activates it:",
            ),
            CodePurpose::TwoFactorAuth => (
                "code_two_factor_auth",
                "Your Clara sign-in code",
                "Somebody signs in to your account, or changes its second factor. This is the code for it:",
            ),
            CodePurpose::ChangePassword => (
                "code_change_password",
                "Your code for a new Clara password",
                "Somebody wants to set a new password for your account. This is the code for it:",
            ),
        };
        let minutes = self.0.code_life.as_secs() / 60;
        let code_digits = digits.as_str();
        let password_page = self.page("password");
        let activation_page = self.page("activate");
        let (page, otherwise, password_page) = match code.purpose {
            CodePurpose::Activation => (Some(activation_page.as_str()), NOTHING_TO_DO, None),
            CodePurpose::TwoFactorAuth => {
                (None, PASSWORD_MAY_BE_KNOWN, Some(password_page.as_str()))
            }
            CodePurpose::ChangePassword => (Some(password_page.as_str()), NOTHING_TO_DO, None),
        };
        let text = CodeText {
            subject,
            reason,
            code: code_digits,
            minutes,
            page,
            otherwise,
            password_page,
        };
        let html = CodeHtml {
            subject,
            reason,
            code: code_digits,
            minutes,
            page,
            otherwise,
            password_page,
        };
        let mail = self.mail(&code.user_id, recipient, kind, subject, &text, &html)?;
        Ok(NewMail {
            good_until: Some(code.expires_at),
            ..mail
        })
    }

    /// Tells the owner that the password was changed.
    pub(super) fn password_changed(&self, user: &User) -> Result<NewMail, Fault> {
        self.notice(
            user,
            &Notice {
                kind: "password_changed",
                subject: "Your Clara password was changed",
                what:
                    "The password of your account was changed, and every other session was ended.",
                otherwise: IF_NOT_YOU,
                to_password: true,
            },
        )
    }

    /// Tells the owner that the second factor was switched.
    pub(super) fn second_factor(&self, user: &User, how: Switched) -> Result<NewMail, Fault> {
        let (kind, subject, what) = match how {
            Switched::ToMail => (
                "second_factor_on",
                "Two-factor sign-in is on",
                "From now on, signing in to your account also takes a code sent to this address.",
            ),
            Switched::ToApp => (
                "second_factor_app",
                "Your authenticator app is on",
                "From now on, signing in to your account also takes a code of your authenticator app. Keep the recovery \
                 codes that you were shown: they let you in without it, and are shown only once. Every other session was \
                 ended.",
            ),
            Switched::RecoveryCodes => (
                "recovery_codes_replaced",
                "You have new recovery codes",
                "New recovery codes for your account were made and shown. The old ones no longer work, and every other \
                 session was ended.",
            ),
            Switched::Off => (
                "second_factor_off",
                "Two-factor sign-in is off",
                "From now on, your password alone signs in to your account. An authenticator app and recovery codes that \
                 belonged to it no longer work.",
            ),
        };
        self.notice(
            user,
            &Notice {
                kind,
                subject,
                what,
                otherwise: match how {
                    Switched::ToApp | Switched::RecoveryCodes => IF_NOT_YOUR_APP,
                    Switched::ToMail | Switched::Off => IF_NOT_YOU,
                },
                to_password: true,
            },
        )
    }

    /// Tells the owner that a recovery code was used, and how many are left.
    pub(super) fn recovery_code_used(&self, user: &User, left: usize) -> Result<NewMail, Fault> {
        let how_many = match left {
            0 => "It was the last one.".to_owned(),
            1 => "One is left.".to_owned(),
            _ => format!("{left} are left."),
        };
        let what = format!(
            "Somebody used a recovery code of your account in place of its authenticator app. {how_many} With a code \
             of the app you can have new ones made on your account page."
        );
        self.notice(
            user,
            &Notice {
                kind: "recovery_code_used",
                subject: "A recovery code of yours was used",
                what: &what,
                otherwise: IF_NOT_YOU,
                to_password: true,
            },
        )
    }

    /// Tells the owner that Google's sign-in opens the account from now on.
    pub(super) fn google_added(&self, user: &User) -> Result<NewMail, Fault> {
        self.notice(
            user,
            &Notice {
                kind: "google_added",
                subject: "Google sign-in was added to your Clara account",
                what: "From now on, the Google account of this address signs in to your account too. Your password still does.",
                otherwise: "If it was not you, somebody else can use your Google account: secure it at Google's first. \
                            Then set a new password here, which ends every other session:",
                to_password: true,
            },
        )
    }

    /// Tells the owner that the API key was reset.
    pub(super) fn api_key_reset(&self, user: &User) -> Result<NewMail, Fault> {
        self.notice(
            user,
            &Notice {
                kind: "api_key_reset",
                subject: "Your Clara API key was reset",
                what: "Your account has a new API key. The old one no longer works.",
                otherwise: IF_NOT_YOU,
                to_password: true,
            },
        )
    }

    /// Tells whoever owned an account that it is gone. It belongs to no account, and its address goes once it is out.
    pub(super) fn account_deleted(&self, user: &User) -> Result<NewMail, Fault> {
        let mail = self.notice(
            user,
            &Notice {
                kind: "account_deleted",
                subject: "Your Clara account was deleted",
                what: "Your account was deleted with everything in it. Nothing of it can be brought back.",
                otherwise: "If it was not you, somebody knew your password: set a new one wherever else you use it, and ask \
                            whoever runs this Clara what happened.",
                to_password: false,
            },
        )?;
        Ok(NewMail {
            user_id: None,
            ..mail
        })
    }

    fn notice(&self, user: &User, notice: &Notice) -> Result<NewMail, Fault> {
        let when = self.0.now().to_string();
        let password_page = self.page("password");
        let password_page = notice.to_password.then_some(password_page.as_str());
        let text = NoticeText {
            subject: notice.subject,
            what: notice.what,
            when: &when,
            otherwise: notice.otherwise,
            password_page,
        };
        let html = NoticeHtml {
            subject: notice.subject,
            what: notice.what,
            when: &when,
            otherwise: notice.otherwise,
            password_page,
        };
        self.mail(
            &user.id,
            &user.email,
            notice.kind,
            notice.subject,
            &text,
            &html,
        )
    }

    /// A page of this Clara. Nothing of the mail's secrets or of its reader ever stands in an address.
    fn page(&self, name: &str) -> String {
        let base = self.0.public_url.as_str().trim_end_matches('/');
        format!("{base}/{name}")
    }

    fn mail(
        &self,
        user_id: &UserId,
        recipient: &Email,
        kind: &str,
        subject: &str,
        text: &impl Template,
        html: &impl Template,
    ) -> Result<NewMail, Fault> {
        Ok(NewMail {
            id: self.0.draw_id("mail_"),
            user_id: Some(user_id.clone()),
            kind: kind.to_owned(),
            recipient: recipient.as_str().to_owned(),
            subject: subject.to_owned(),
            text: text.render().map_err(Fault::internal)?,
            html: html.render().map_err(Fault::internal)?,
            created_at: self.0.now(),
            good_until: None,
        })
    }
}
