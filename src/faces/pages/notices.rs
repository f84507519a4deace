//! What one page says of what was done on the page before: a word in the address, from a list, and its sentence. Nothing else
//! is ever read from there, so nobody can put words on our pages.

/// What was done a page ago. Only these words stand in addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    Registered,
    CodeSent,
    Activated,
    PasswordChanged,
    SignedOut,
    SessionEnded,
    OthersEnded,
    Deleted,
    SessionOver,
    ProgramAllowed,
    ProgramDenied,
    FactorByMail,
    FactorOff,
    FilesGiven,
    NoFilesGiven,
}

impl Notice {
    const ALL: [(Self, &'static str, &'static str); 15] = [
        (
            Self::Registered,
            "registered",
            "Your account is there. A code is on its way to your mailbox.",
        ),
        (
            Self::CodeSent,
            "sent",
            "A code is on its way. It works once and for ten minutes; only the newest one does.",
        ),
        (
            Self::Activated,
            "activated",
            "Your account is active now, and your free credits are there.",
        ),
        (
            Self::PasswordChanged,
            "password",
            "Your password is changed. Everything else that was signed in is signed out.",
        ),
        (Self::SignedOut, "signed-out", "You are signed out."),
        (
            Self::SessionEnded,
            "session-ended",
            "That session is over; whoever used it is signed out.",
        ),
        (
            Self::OthersEnded,
            "others-ended",
            "Every other session is over.",
        ),
        (
            Self::Deleted,
            "deleted",
            "Your account is deleted, with everything that was yours.",
        ),
        (
            Self::ProgramAllowed,
            "allowed",
            "The program may be signed in as you now. Go back to it. Its session shows here soon, and here you can end it.",
        ),
        (
            Self::ProgramDenied,
            "denied",
            "You said no. The program is told so, and nothing else.",
        ),
        (
            Self::FactorByMail,
            "factor-mail",
            "Signing in takes a mailed code too from now on. Everything else that was signed in is signed out.",
        ),
        (
            Self::FactorOff,
            "factor-off",
            "Your password alone signs you in from now on. Everything else that was signed in is signed out.",
        ),
        (
            Self::FilesGiven,
            "files",
            "The program goes on with your files. Go back to it.",
        ),
        (
            Self::NoFilesGiven,
            "no-files",
            "You give no files. The program is told so, and what you dropped is gone.",
        ),
        (
            Self::SessionOver,
            "over",
            "You are not signed in, or not any more. Sign in first.",
        ),
    ];

    /// The word that stands in an address.
    pub fn word(self) -> &'static str {
        let found = Self::ALL.iter().find(|(notice, ..)| *notice == self);
        found.map_or("", |(_, word, _)| word)
    }

    /// The sentence that says it.
    pub fn words(self) -> &'static str {
        let found = Self::ALL.iter().find(|(notice, ..)| *notice == self);
        found.map_or("", |(.., words)| words)
    }

    /// The sentence for a query's `notice`; every other text is nobody's.
    pub fn of_query(query: Option<&str>) -> Option<&'static str> {
        let (_, said) =
            url::form_urlencoded::parse(query?.as_bytes()).find(|(name, _)| name == "notice")?;
        let found = Self::ALL.iter().find(|(_, word, _)| *word == said);
        found.map(|(.., words)| *words)
    }
}
