//! A mail as RFC 5322 has it: text and HTML side by side, an identifier that stays the same however often it is sent, and a
//! header by which other machines know not to answer. A domain in another script travels in its ASCII form, which every
//! server understands; a local part has no such form.

use std::time::{Duration, UNIX_EPOCH};

use lettre::Address;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart};

use super::{MailError, OutgoingMail};

/// The whole mail with its envelope.
pub(super) fn write(from: &Mailbox, mail: &OutgoingMail<'_>) -> Result<Message, MailError> {
    let recipient = reachable(mail.recipient)?;
    let milliseconds = u64::try_from(mail.written_at.0).unwrap_or(0);
    let domain = from.email.domain();
    let automatic = HeaderValue::new(
        HeaderName::new_from_ascii_str("Auto-Submitted"),
        "auto-generated".to_owned(),
    );
    Message::builder()
        .from(from.clone())
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

/// The address as mail servers take it.
pub(super) fn reachable(address: &str) -> Result<Address, MailError> {
    let no_address = || MailError::last("this is no mail address");
    let (local, domain) = address.rsplit_once('@').ok_or_else(no_address)?;
    if domain.is_ascii() {
        return address.parse().map_err(MailError::last);
    }
    let domain = url::Host::parse(domain).map_err(|_| no_address())?;
    Address::new(local, domain.to_string()).map_err(MailError::last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_travels_in_ascii_and_a_local_part_as_it_is() {
        for (given, travels) in [
            ("ada@example.org", "ada@example.org"),
            ("Ada@Example.ORG", "Ada@Example.ORG"),
            ("ada@bücher.example", "ada@xn--bcher-kva.example"),
            ("dörte@bücher.example", "dörte@xn--bcher-kva.example"),
        ] {
            assert_eq!(reachable(given).unwrap().to_string(), travels);
        }
        assert!(reachable("nobody").unwrap_err().is_final);
    }
}
