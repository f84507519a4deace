//! Mail: the header fields that say who wrote what to whom and when, the message's text, and its attachments one level deep, each
//! by the reader of its kind. A mailbox is its messages one after the other.

mod message;

use mail_parser::MessageParser;
use mail_parser::mailbox::mbox::MessageIterator;

use crate::attachments::Depth;
use crate::attachments::draft::{Draft, Reading};
use crate::attachments::members::Members;

/// The most messages that are read of one mailbox.
const MAX_MESSAGES: usize = 1_000;
/// The most messages within messages: the parser keeps them as a tree.
const MAX_NESTED: usize = 200;

/// Reads one message.
pub fn read(bytes: &[u8], draft: Draft, depth: Depth) -> Reading {
    let mut members = Members::new(draft, "attachment", depth);
    if let Err(reason) = write(bytes, &mut members) {
        return Reading::refused(reason);
    }
    members.finish()
}

/// Reads the messages of a mailbox.
pub fn read_mailbox(bytes: &[u8], draft: Draft, depth: Depth) -> Reading {
    let mut members = Members::new(draft, "attachment", depth);
    let mut number = 0;
    for contents in MessageIterator::new(bytes) {
        let Ok(contents) = contents else { break };
        number += 1;
        let label = format!("message {number}");
        if number > MAX_MESSAGES || members.draft().is_full() {
            continue;
        }
        members.within(label.clone());
        if let Err(reason) = write(contents.contents(), &mut members) {
            members.draft().unread(None, format!("{label}: {reason}"));
        }
    }
    if number > MAX_MESSAGES {
        let more = number - MAX_MESSAGES;
        members.draft().unread(
            None,
            format!(
                "{more} more messages were not read: only the first 1,000 are. Split the mailbox."
            ),
        );
    }
    members.finish()
}

fn write(bytes: &[u8], members: &mut Members) -> Result<(), &'static str> {
    if nested(bytes) > MAX_NESTED {
        return Err(
            "The message holds more than 200 other messages, one in another. Attach the ones that matter.",
        );
    }
    match MessageParser::default().parse(bytes) {
        Some(message) => {
            message::write(&message, members);
            Ok(())
        }
        None => Err(
            "The message has no header fields (From, Date, Subject). Save it as .eml again, or as .txt.",
        ),
    }
}

/// How many messages within messages there can be at most.
fn nested(bytes: &[u8]) -> usize {
    let marks: [&[u8]; 3] = [b"message/rfc822", b"message/global", b"multipart/digest"];
    let starts = bytes.windows(16).filter(|window| {
        marks.iter().any(|mark| {
            window
                .get(..mark.len())
                .is_some_and(|head| head.eq_ignore_ascii_case(mark))
        })
    });
    starts.count()
}

/// Whether the file begins like a mailbox: `From ` and a day's name somewhere in the line, then a header field.
pub fn is_mailbox(bytes: &[u8]) -> bool {
    let Some(rest) = bytes.strip_prefix(b"From ") else {
        return false;
    };
    let mut lines = rest.split(|byte| *byte == b'\n');
    let is_dated = lines.next().is_some_and(|line| {
        let line = String::from_utf8_lossy(line.get(..line.len().min(400)).unwrap_or_default())
            .into_owned();
        let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
        line.split_whitespace().any(|word| days.contains(&word))
    });
    is_dated && lines.next().is_some_and(|line| field_name(line).is_some())
}

/// Whether the file begins with header fields that only mail has.
pub fn is_message(bytes: &[u8]) -> bool {
    let head = bytes.get(..bytes.len().min(16 * 1024)).unwrap_or_default();
    let mut known = 0;
    let mut is_carried = false;
    for (at, line) in head.split(|byte| *byte == b'\n').enumerate() {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            break;
        }
        if at > 0 && line.starts_with(b" ") || line.starts_with(b"\t") {
            continue;
        }
        let Some(name) = field_name(line) else {
            return false;
        };
        match name.to_ascii_lowercase().as_str() {
            "from" | "to" | "date" | "subject" => known += 1,
            "message-id" | "received" | "mime-version" | "return-path" => is_carried = true,
            _ => {}
        }
    }
    is_carried && known > 1
}

/// The name of a header field.
fn field_name(line: &[u8]) -> Option<String> {
    let colon = line.iter().take(80).position(|byte| *byte == b':')?;
    let name = line.get(..colon)?;
    let is_name = !name.is_empty()
        && name
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    is_name.then(|| String::from_utf8_lossy(name).into_owned())
}

#[cfg(test)]
mod tests;
