//! The mails that tell owners what others may be doing: a sign-in from a network that is new to them, and passwords that
//! are being guessed. An address of a network is no word of a stranger's: it was read as one before it came here.

use super::{IF_NOT_YOU, Letters, Notice};
use crate::domain::user::User;
use crate::fault::Fault;
use crate::store::outbox::NewMail;

impl Letters<'_> {
    /// Tells the owner of a sign-in from a network they were not seen in lately.
    pub(in crate::services) fn new_network(
        &self,
        user: &User,
        address: &str,
    ) -> Result<NewMail, Fault> {
        let what = format!(
            "Somebody signed in to your account from the network address {address}. You have not \
             signed in from there in the last 30 days."
        );
        let notice = Notice {
            kind: "new_network",
            subject: "New sign-in to your Clara account",
            what: &what,
            otherwise: IF_NOT_YOU,
            to_password: true,
        };
        self.notice(user, &notice)
    }

    /// Tells the owner that passwords are guessed, and what that means for them.
    pub(in crate::services) fn guessed_at(&self, user: &User) -> Result<NewMail, Fault> {
        let notice = Notice {
            kind: "guessed_at",
            subject: "Somebody is guessing your Clara password",
            what: "There were 100 wrong passwords in a row for your account, from many places. None was right. Until \
                   you sign in from a network that you used in the last 30 days, your password is taken from no other.",
            otherwise: "You need not do anything. To sign in from somewhere new, set a new password, which is then taken \
                        from everywhere. This mail comes at most once a day. A new password:",
            to_password: true,
        };
        self.notice(user, &notice)
    }
}
