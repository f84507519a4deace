//! A mail server: reached over TLS unless that was ruled out, signed in to over TLS only, and never waited for without an
//! end. A connection whose conversation broke off is not spoken on again: what it says next might answer what was asked
//! before.

use std::net::IpAddr;
use std::time::Duration;

use lettre::message::Message;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{
    AsyncSmtpConnection, Certificate, CertificateStore, TlsParameters,
};
use lettre::transport::smtp::extension::ClientId;
use tokio::sync::Mutex;
use url::{Host, Url};

use super::{MailError, MailSettingError, MailTimeouts};

/// How long a kept connection may take to show that it is there, and to be taken leave of.
const NUDGE: Duration = Duration::from_secs(5);
/// Answers that ask for a sign-in or for a better one: the set-up is wrong, not the mail.
const SIGN_IN_CODES: [u16; 4] = [530, 534, 535, 538];

/// The server of `MAIL_URL`.
pub(super) struct MailServer {
    host: String,
    port: u16,
    hello: ClientId,
    credentials: Option<Credentials>,
    secrecy: Secrecy,
    tls: Option<TlsParameters>,
    pub(super) timeouts: MailTimeouts,
    /// Kept from one mail to the next, while there is a next.
    kept: Mutex<Option<AsyncSmtpConnection>>,
}

/// When TLS begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Secrecy {
    /// With the first byte.
    AtOnce,
    /// By STARTTLS, before anything is said.
    Required,
    /// By STARTTLS where the server offers it: no help against whoever can change what it offers.
    WhereOffered,
    Never,
}

impl MailServer {
    /// Reads `smtp://` and `smtps://` addresses. Without a word on TLS it is required, save of this very machine.
    pub(super) fn read(url: &str) -> Result<Self, MailSettingError> {
        let url = Url::parse(url).map_err(|_| MailSettingError::Url)?;
        let host = match url.host().ok_or(MailSettingError::Url)? {
            Host::Domain(name) => name.to_owned(),
            Host::Ipv4(address) => address.to_string(),
            Host::Ipv6(address) => address.to_string(),
        };
        let credentials = credentials(&url)?;
        let secrecy = match (url.scheme(), url.query()) {
            ("smtps", None) => Secrecy::AtOnce,
            ("smtp", None) if credentials.is_none() && is_this_machine(&host) => Secrecy::Never,
            ("smtp", None | Some("tls=required")) => Secrecy::Required,
            ("smtp", Some("tls=opportunistic")) => Secrecy::WhereOffered,
            ("smtp", Some("tls=none")) => Secrecy::Never,
            _ => return Err(MailSettingError::Url),
        };
        if credentials.is_some() && !matches!(secrecy, Secrecy::AtOnce | Secrecy::Required) {
            return Err(MailSettingError::PasswordInTheClear);
        }
        let usual_port = match secrecy {
            Secrecy::AtOnce => 465,
            Secrecy::Required | Secrecy::WhereOffered => 587,
            Secrecy::Never => 25,
        };
        let hello = match url.path().trim_matches('/') {
            "" => ClientId::default(),
            name => ClientId::Domain(name.to_owned()),
        };
        let tls = match secrecy {
            Secrecy::Never => None,
            _ => Some(TlsParameters::new(host.clone()).map_err(|_| MailSettingError::Url)?),
        };
        Ok(Self {
            port: url.port().unwrap_or(usual_port),
            host,
            hello,
            credentials,
            secrecy,
            tls,
            timeouts: MailTimeouts::default(),
            kept: Mutex::new(None),
        })
    }

    /// Believes these roots and no others.
    pub(super) fn trust(&mut self, roots: &[u8]) -> Result<(), MailSettingError> {
        if self.tls.is_none() {
            return Err(MailSettingError::RootsWithoutTls);
        }
        // Without this, a file of something else would be read as no certificates at all.
        let mark = b"-----BEGIN CERTIFICATE-----";
        if !roots.windows(mark.len()).any(|window| window == mark) {
            return Err(MailSettingError::Roots);
        }
        let roots = Certificate::from_pem(roots).map_err(|_| MailSettingError::Roots)?;
        let parameters = TlsParameters::builder(self.host.clone())
            .certificate_store(CertificateStore::None)
            .add_root_certificate(roots)
            .build();
        self.tls = Some(parameters.map_err(|_| MailSettingError::Roots)?);
        Ok(())
    }

    pub(super) fn describe(&self) -> String {
        let secrecy = match self.secrecy {
            Secrecy::AtOnce => "over TLS",
            Secrecy::Required => "over TLS, by STARTTLS",
            Secrecy::WhereOffered => "over TLS where the server offers it, else in the clear",
            Secrecy::Never => "in the clear",
        };
        let user = match &self.credentials {
            Some(_) => ", signed in",
            None => "",
        };
        format!("{}:{} {secrecy}{user}", self.host, self.port)
    }

    pub(super) async fn check(&self) -> Result<(), MailError> {
        let mut connection = self.open().await?;
        let _ = tokio::time::timeout(NUDGE, connection.quit()).await;
        Ok(())
    }

    pub(super) async fn send(&self, message: &Message) -> Result<(), MailError> {
        let mut connection = match self.take_kept().await {
            Some(connection) => connection,
            None => self.open().await?,
        };
        let (envelope, bytes) = (message.envelope(), message.formatted());
        let taking = connection.send(envelope, &bytes);
        match tokio::time::timeout(self.timeouts.taking, taking).await {
            Ok(Ok(_)) => {
                *self.kept.lock().await = Some(connection);
                Ok(())
            }
            Ok(Err(error)) => {
                let recipient = envelope.to().first().map(ToString::to_string);
                Err(refused(&error, &recipient.unwrap_or_default()))
            }
            Err(_) => Err(MailError::passing("the mail server stalled over the mail")),
        }
    }

    pub(super) async fn take_leave(&self) {
        let kept = self.kept.lock().await.take();
        if let Some(mut connection) = kept {
            let _ = tokio::time::timeout(NUDGE, connection.quit()).await;
        }
    }

    /// The connection of the mail before, if it is still there.
    async fn take_kept(&self) -> Option<AsyncSmtpConnection> {
        let mut connection = self.kept.lock().await.take()?;
        let is_there = tokio::time::timeout(NUDGE, connection.test_connected()).await;
        (is_there == Ok(true)).then_some(connection)
    }

    /// Whatever goes wrong here has nothing to do with a mail, so it may go better later.
    async fn open(&self) -> Result<AsyncSmtpConnection, MailError> {
        let opened = tokio::time::timeout(self.timeouts.opening, self.greet()).await;
        let stalled = || MailError::passing("the mail server took too long to greet");
        let failed = |error: Error| MailError {
            code: error.status().map(u16::from),
            ..MailError::passing(error)
        };
        opened.map_err(|_| stalled())?.map_err(failed)
    }

    async fn greet(&self) -> Result<AsyncSmtpConnection, Error> {
        let at_once = match self.secrecy {
            Secrecy::AtOnce => self.tls.clone(),
            _ => None,
        };
        let server = (self.host.as_str(), self.port);
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(server, None, &self.hello, at_once, None).await?;
        let begins_now = match self.secrecy {
            Secrecy::Required => true,
            Secrecy::WhereOffered => connection.can_starttls(),
            Secrecy::AtOnce | Secrecy::Never => false,
        };
        if let (true, Some(tls)) = (begins_now, self.tls.clone()) {
            connection.starttls(tls, &self.hello).await?;
        }
        if let Some(credentials) = &self.credentials {
            let mechanisms = [Mechanism::Plain, Mechanism::Login];
            connection.auth(&mechanisms, credentials).await?;
        }
        Ok(connection)
    }
}

fn credentials(url: &Url) -> Result<Option<Credentials>, MailSettingError> {
    let decoded = |text: &str| {
        let decoded = percent_encoding::percent_decode_str(text).decode_utf8();
        decoded.map(String::from).map_err(|_| MailSettingError::Url)
    };
    match (url.username(), url.password()) {
        ("", None) => Ok(None),
        (_, None) => Err(MailSettingError::NoPassword),
        (user, Some(password)) => Ok(Some(Credentials::new(decoded(user)?, decoded(password)?))),
    }
}

fn is_this_machine(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// What the server said against a mail. Its words often repeat the recipient's address, which is nobody's business.
fn refused(error: &Error, recipient: &str) -> MailError {
    let code = error.status().map(u16::from);
    let asks_for_sign_in = code.is_some_and(|code| SIGN_IN_CODES.contains(&code));
    MailError {
        // What the client itself refuses is a recipient that this server cannot write to, today or tomorrow.
        is_final: (error.is_permanent() && !asks_for_sign_in) || error.is_client(),
        code,
        words: without(&error.to_string(), recipient),
    }
}

/// The text with every mention of an address left out, however it is capitalised.
fn without(text: &str, address: &str) -> String {
    if address.is_empty() {
        return text.to_owned();
    }
    let (lower, sought) = (text.to_ascii_lowercase(), address.to_ascii_lowercase());
    let mut kept = String::new();
    let mut from = 0;
    for (at, found) in lower.match_indices(&sought) {
        kept.push_str(&text[from..at]);
        kept.push_str("(the recipient)");
        from = at + found.len();
    }
    kept + &text[from..]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(url: &str) -> Result<String, MailSettingError> {
        MailServer::read(url).map(|server| server.describe())
    }

    #[test]
    fn tls_is_required_unless_it_was_ruled_out_or_nobody_is_between() {
        for (url, described) in [
            ("smtps://mail.example.org", "mail.example.org:465 over TLS"),
            (
                "smtps://u:p@mail.example.org:4465",
                "mail.example.org:4465 over TLS, signed in",
            ),
            (
                "smtp://mail.example.org",
                "mail.example.org:587 over TLS, by STARTTLS",
            ),
            (
                "smtp://u:p@localhost",
                "localhost:587 over TLS, by STARTTLS, signed in",
            ),
            (
                "smtp://u:p@h.example?tls=required",
                "h.example:587 over TLS, by STARTTLS, signed in",
            ),
            (
                "smtp://h.example?tls=opportunistic",
                "h.example:587 over TLS where the server offers it, else in the clear",
            ),
            (
                "smtp://h.example:2525?tls=none",
                "h.example:2525 in the clear",
            ),
            ("smtp://localhost", "localhost:25 in the clear"),
            ("smtp://127.0.0.1:1025", "127.0.0.1:1025 in the clear"),
            (
                "smtp://[::1]:1025/clara.example.org",
                "::1:1025 in the clear",
            ),
        ] {
            assert_eq!(said(url).as_deref(), Ok(described), "{url}");
        }
    }

    #[test]
    fn a_password_is_never_sent_in_the_clear_and_half_an_address_is_refused() {
        let in_the_clear = MailSettingError::PasswordInTheClear;
        for (url, problem) in [
            ("smtp://u:p@localhost?tls=none", in_the_clear),
            ("smtp://u:p@h.example?tls=opportunistic", in_the_clear),
            ("smtp://u@h.example", MailSettingError::NoPassword),
            ("smtp://h.example?tls=perhaps", MailSettingError::Url),
            ("smtps://h.example?tls=none", MailSettingError::Url),
            ("smtp://", MailSettingError::Url),
        ] {
            assert_eq!(said(url), Err(problem), "{url}");
        }
    }

    #[test]
    fn what_a_server_says_is_kept_without_the_recipient() {
        let words = without(
            "550 <Ada@Example.org>: no ada@example.org here",
            "ada@example.org",
        );
        assert_eq!(words, "550 <(the recipient)>: no (the recipient) here");
    }
}
