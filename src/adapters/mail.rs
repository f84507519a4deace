//! Sending a mail: over SMTP, or as one `.eml` file a mail in a directory. Knows no template and no queue.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};

use crate::domain::clock::Timestamp;

/// How long a mail server may take for one step.
const SMTP_TIMEOUT: Duration = Duration::from_secs(20);

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
#[error("{cause}")]
pub struct MailError {
    /// Whether trying again is pointless.
    pub is_final: bool,
    cause: Box<dyn std::error::Error + Send + Sync>,
}

impl MailError {
    fn passing(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self {
            is_final: false,
            cause: cause.into(),
        }
    }

    fn last(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self {
            is_final: true,
            cause: cause.into(),
        }
    }
}

/// What `MAIL_URL` or `MAIL_FROM` takes. The value itself is not repeated: it may hold a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MailSettingError {
    #[error("MAIL_URL takes file://DIRECTORY, smtp://HOST:PORT or smtps://USER:PASSWORD@HOST:PORT")]
    Url,
    #[error("MAIL_FROM takes an address such as `Clara <noreply@example.org>`")]
    From,
}

/// The way out for mails.
pub struct Mailer {
    from: Mailbox,
    way: Way,
}

enum Way {
    Directory(PathBuf),
    Smtp(Box<AsyncSmtpTransport<Tokio1Executor>>),
}

impl Mailer {
    /// Reads `MAIL_URL` and `MAIL_FROM`. Connects to nothing yet.
    pub fn new(url: &str, from: &str) -> Result<Self, MailSettingError> {
        let from = from.parse().map_err(|_| MailSettingError::From)?;
        let way = match url.split_once("://") {
            Some(("file", path)) if !path.is_empty() => Way::Directory(PathBuf::from(path)),
            Some(("smtp" | "smtps", _)) => Way::Smtp(Box::new(
                AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
                    .map_err(|_| MailSettingError::Url)?
                    .timeout(Some(SMTP_TIMEOUT))
                    .build(),
            )),
            _ => return Err(MailSettingError::Url),
        };
        Ok(Self { from, way })
    }

    /// Whether mails go into a directory of this machine, which takes no time worth waiting apart for.
    pub fn is_local(&self) -> bool {
        matches!(self.way, Way::Directory(_))
    }

    /// Whether the way out is open: the directory can be made, the server answers.
    pub async fn check(&self) -> Result<(), MailError> {
        match &self.way {
            Way::Directory(directory) => {
                make_private_directory(directory).map_err(MailError::passing)
            }
            Way::Smtp(transport) => match transport.test_connection().await {
                Ok(true) => Ok(()),
                Ok(false) => Err(MailError::passing("the mail server did not answer as one")),
                Err(error) => Err(MailError::passing(error)),
            },
        }
    }

    /// Sends the mail; done when the server took it, or its file stands complete.
    pub async fn send(&self, mail: &OutgoingMail<'_>) -> Result<(), MailError> {
        let message = self.message(mail)?;
        match &self.way {
            Way::Smtp(transport) => match transport.send(message).await {
                Ok(_) => Ok(()),
                Err(error) if error.is_permanent() => Err(MailError::last(error)),
                Err(error) => Err(MailError::passing(error)),
            },
            Way::Directory(directory) => {
                let path = directory.join(format!("{:013}-{}.eml", mail.written_at.0, mail.id));
                let bytes = message.formatted();
                tokio::task::spawn_blocking(move || write_file(&path, &bytes))
                    .await
                    .map_err(MailError::passing)?
                    .map_err(MailError::passing)
            }
        }
    }

    fn message(&self, mail: &OutgoingMail<'_>) -> Result<Message, MailError> {
        let recipient = mail.recipient.parse().map_err(MailError::last)?;
        let milliseconds = u64::try_from(mail.written_at.0).unwrap_or(0);
        let domain = self.from.email.domain();
        let automatic = HeaderValue::new(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".to_owned(),
        );
        Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, recipient))
            .subject(mail.subject)
            .date(UNIX_EPOCH + Duration::from_millis(milliseconds))
            .message_id(Some(format!("<{}@{domain}>", mail.id)))
            .raw_header(automatic)
            .multipart(MultiPart::alternative_plain_html(
                mail.text.to_owned(),
                mail.html.to_owned(),
            ))
            .map_err(MailError::last)
    }
}

impl std::fmt::Debug for Mailer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.is_local() { "files" } else { "SMTP" })
    }
}

/// Written beside its place and moved there, so that a reader never meets half a mail.
fn write_file(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let directory = path.parent().unwrap_or(Path::new("."));
    make_private_directory(directory)?;
    // A file of the owner only, by tempfile's default.
    let mut file = tempfile::Builder::new()
        .prefix(".unfinished-")
        .tempfile_in(directory)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

fn make_private_directory(path: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}
