//! Sending a mail: to a mail server, or as one `.eml` file a mail in a directory. Knows no template and no queue; whether
//! a mail is tried again is decided elsewhere, by what is said here of how it failed.

mod directory;
mod letter;
mod server;

use std::path::PathBuf;
use std::time::Duration;

use lettre::message::Mailbox;

use crate::domain::clock::Timestamp;
use server::MailServer;

/// A mail as it leaves.
#[derive(Debug, Clone)]
pub struct OutgoingMail<'m> {
    /// Makes the Message-ID and the file's name; the same mail sent twice has the same.
    pub id: &'m str,
    pub recipient: &'m str,
    pub subject: &'m str,
    pub text: &'m str,
    pub html: &'m str,
    pub written_at: Timestamp,
}

/// Why a mail did not leave.
#[derive(Debug, thiserror::Error)]
#[error("{words}")]
pub struct MailError {
    /// Whether trying again is pointless.
    pub is_final: bool,
    /// What the mail server answered, where it answered.
    pub code: Option<u16>,
    words: String,
}

impl MailError {
    fn passing(cause: impl std::fmt::Display) -> Self {
        Self {
            is_final: false,
            code: None,
            words: cause.to_string(),
        }
    }

    fn last(cause: impl std::fmt::Display) -> Self {
        Self {
            is_final: true,
            ..Self::passing(cause)
        }
    }
}

/// What `MAIL_URL`, `MAIL_FROM` or `MAIL_CA` takes. The value itself is not repeated: it may hold a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MailSettingError {
    #[error(
        "CLARA_MAIL_URL takes file:///FOLDER, smtps://USER:PASSWORD@HOST:PORT or \
         smtp://USER:PASSWORD@HOST:PORT?tls=required (or opportunistic, none)"
    )]
    Url,
    #[error("CLARA_MAIL_URL names a user without a password")]
    NoPassword,
    #[error(
        "CLARA_MAIL_URL has a password, which is never sent in the clear: take smtps://, or smtp:// with tls=required"
    )]
    PasswordInTheClear,
    #[error("CLARA_MAIL_FROM takes an address such as `Clara <noreply@example.org>`")]
    From,
    #[error("CLARA_MAIL_CA takes a file of certificates in PEM form")]
    Roots,
    #[error("CLARA_MAIL_CA is set, but no mail server is spoken to over TLS: set MAIL_URL to one")]
    RootsWithoutTls,
}

/// How long a mail server is waited for.
#[derive(Debug, Clone, Copy)]
pub struct MailTimeouts {
    /// From the first packet until it can take a mail: some greet slowly on purpose.
    pub opening: Duration,
    /// For taking one mail.
    pub taking: Duration,
}

impl Default for MailTimeouts {
    fn default() -> Self {
        Self {
            opening: Duration::from_secs(45),
            taking: Duration::from_mins(1),
        }
    }
}

/// The transport out for mails.
pub struct Mailer {
    from: Mailbox,
    transport: Transport,
}

enum Transport {
    Directory(PathBuf),
    Server(Box<MailServer>),
}

impl Mailer {
    /// Reads `MAIL_URL` and `MAIL_FROM`. Connects to nothing yet.
    pub fn new(url: &str, from: &str) -> Result<Self, MailSettingError> {
        let from: Mailbox = from.parse().map_err(|_| MailSettingError::From)?;
        let email = letter::reachable(from.email.as_ref()).map_err(|_| MailSettingError::From)?;
        let transport = match url.split_once("://") {
            Some(("file", path)) if !path.is_empty() => Transport::Directory(PathBuf::from(path)),
            Some(("smtp" | "smtps", _)) => Transport::Server(Box::new(MailServer::read(url)?)),
            _ => return Err(MailSettingError::Url),
        };
        Ok(Self {
            from: Mailbox::new(from.name, email),
            transport,
        })
    }

    /// Believes a mail server only if one of these roots, in PEM form, vouches for it: `MAIL_CA`.
    pub fn trusting(mut self, roots: &[u8]) -> Result<Self, MailSettingError> {
        match &mut self.transport {
            Transport::Server(server) => server.trust(roots)?,
            Transport::Directory(_) => return Err(MailSettingError::RootsWithoutTls),
        }
        Ok(self)
    }

    /// Waits this long for a mail server.
    #[must_use]
    pub fn with_timeouts(mut self, timeouts: MailTimeouts) -> Self {
        if let Transport::Server(server) = &mut self.transport {
            server.timeouts = timeouts;
        }
        self
    }

    /// Whether mails go into a directory of this machine, which takes no time worth waiting apart for.
    pub fn is_local(&self) -> bool {
        matches!(self.transport, Transport::Directory(_))
    }

    /// Where mails go and how they are kept from others' eyes, for people.
    pub fn describe(&self) -> String {
        match &self.transport {
            Transport::Directory(directory) => format!("files in {}", directory.display()),
            Transport::Server(server) => server.describe(),
        }
    }

    /// Whether the transport out is open: the directory can be made; the server answers, proves itself and lets us in.
    pub async fn check(&self) -> Result<(), MailError> {
        match &self.transport {
            Transport::Directory(directory) => {
                directory::make(directory).map_err(MailError::passing)
            }
            Transport::Server(server) => server.check().await,
        }
    }

    /// Sends the mail; done when the server took it, or its file stands complete.
    pub async fn send(&self, mail: &OutgoingMail<'_>) -> Result<(), MailError> {
        let message = letter::write(&self.from, mail)?;
        match &self.transport {
            Transport::Server(server) => server.send(&message).await,
            Transport::Directory(directory) => {
                let path = directory.join(format!("{:013}-{}.eml", mail.written_at.0, mail.id));
                let bytes = message.formatted();
                tokio::task::spawn_blocking(move || directory::write(&path, &bytes))
                    .await
                    .map_err(MailError::passing)?
                    .map_err(MailError::passing)
            }
        }
    }

    /// Takes leave of the server after a while of sending; the next mail greets it anew.
    pub async fn rest(&self) {
        if let Transport::Server(server) = &self.transport {
            server.take_leave().await;
        }
    }
}

impl std::fmt::Debug for Mailer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.describe())
    }
}
