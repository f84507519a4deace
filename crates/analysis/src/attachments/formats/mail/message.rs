//! One message: header fields as a record, its text, its attachments.

use mail_parser::{Address, DateTime, Message, MessagePart, MimeHeaders as _, PartType};

use crate::attachments::draft::Draft;
use crate::attachments::formats::dates::Moment;
use crate::attachments::formats::{html, plain};
use crate::attachments::members::Members;
use crate::attachments::named_values::NamedValues;

/// The most addresses that are named of one field.
const MAX_ADDRESSES: usize = 50;

/// Adds the message to the draft.
pub fn write(message: &Message<'_>, members: &mut Members) {
    let part = members.part().to_owned();
    let draft = members.draft();
    draft.end_block();
    if part.is_empty() {
        draft.about().title = message.subject().map(str::to_owned);
        draft.about().published_at = message.date().and_then(spelled);
    } else {
        draft.named_place(&part, "\n\n");
    }
    let values = NamedValues {
        under: vec!["message".to_owned()],
        pairs: header(message),
        ..NamedValues::default()
    };
    values.write("\n", draft);
    draft.end_block();
    for body in message.text_bodies() {
        match &body.body {
            PartType::Text(text) => written(text, &part, members.draft()),
            PartType::Html(page) => members
                .draft()
                .append(&part, html::read(page, Draft::default())),
            _ => {}
        }
    }
    for (number, attachment) in (1..).zip(message.attachments()) {
        attached(attachment, number, members);
    }
}

/// The text of a message. What it quotes of earlier messages is by other authors, and it may contradict them.
fn written(text: &str, part: &str, draft: &mut Draft) {
    let is_quoted = |line: &str| line.starts_with('>');
    let mut rest = text.lines().peekable();
    while let Some(first) = rest.peek().copied() {
        if draft.is_full() {
            draft.left_out(rest.map(str::len).sum());
            return;
        }
        let quoted = is_quoted(first);
        let mut lines = Vec::new();
        while let Some(line) = rest.next_if(|line| is_quoted(line) == quoted) {
            let bare = line.trim_start_matches(['>', ' ']);
            lines.push(if quoted { bare } else { line });
        }
        let lines = lines.join("\n");
        if lines.trim().is_empty() {
            continue;
        }
        let reading = plain::read(&lines, Draft::default());
        if quoted {
            let comma = if part.is_empty() { "" } else { ", " };
            draft.comment_place(&format!("{part}{comma}quoted text"), "\n\n");
            draft.append("", reading);
        } else {
            draft.return_to(part);
            draft.append("", reading);
        }
    }
}

fn attached(part: &MessagePart<'_>, number: usize, members: &mut Members) {
    let name = match part.attachment_name() {
        Some(name) => name.to_owned(),
        None => format!("part {number}{}", extension(part)),
    };
    let bytes = part.contents();
    match members.room() {
        Err(reason) => members.leave(&name, reason),
        Ok(room) if bytes.len() > room => {
            members.leave(&name, "It is larger than 25 MB, or the attachments are larger than 64 MB together. Attach it by itself.");
        }
        Ok(_) => {
            members.count(bytes.len());
            // The parser has decoded what is text.
            members.read(&name, part.is_text().then_some("utf-8"), bytes);
        }
    }
}

/// The extension of an attachment without a name, by what the message says that it is.
fn extension(part: &MessagePart<'_>) -> &'static str {
    if part.is_message() {
        return ".eml";
    }
    let kind = part.content_type();
    let subtype = kind
        .and_then(mail_parser::ContentType::subtype)
        .unwrap_or_default();
    match subtype {
        "plain" => ".txt",
        "html" => ".html",
        "csv" => ".csv",
        "markdown" => ".md",
        "json" => ".json",
        "xml" => ".xml",
        "pdf" => ".pdf",
        "png" => ".png",
        "jpeg" => ".jpg",
        "gif" => ".gif",
        "zip" => ".zip",
        "rfc822" => ".eml",
        _ if part.is_text_html() => ".html",
        _ if part.is_text() => ".txt",
        _ => "",
    }
}

/// Names and values of the fields that say something of the message.
fn header(message: &Message<'_>) -> Vec<(String, String)> {
    let addresses = [
        ("From", message.from()),
        ("To", message.to()),
        ("Cc", message.cc()),
    ];
    let addresses = addresses
        .into_iter()
        .filter_map(|(name, list)| Some((name, shown(list?))));
    let date = message.date().and_then(spelled).map(|date| ("Date", date));
    let subject = message
        .subject()
        .map(|subject| ("Subject", subject.to_owned()));
    let all = addresses.chain(date).chain(subject);
    all.map(|(name, value)| (name.to_owned(), value)).collect()
}

/// `Ana Berg <ana@example.org>, Bo <bo@example.org>`.
fn shown(list: &Address<'_>) -> String {
    let all = list.iter().count();
    let mut shown: Vec<String> = list
        .iter()
        .take(MAX_ADDRESSES)
        .map(|one| match (one.name(), one.address()) {
            (Some(name), Some(address)) => format!("{name} <{address}>"),
            (Some(only), None) | (None, Some(only)) => only.to_owned(),
            (None, None) => String::new(),
        })
        .filter(|one| !one.is_empty())
        .collect();
    if all > MAX_ADDRESSES {
        shown.push(format!("and {} more", all - MAX_ADDRESSES));
    }
    shown.join(", ")
}

fn spelled(date: &DateTime) -> Option<String> {
    let offset = i16::from(date.tz_hour) * 60 + i16::from(date.tz_minute);
    let moment = Moment {
        year: date.year,
        month: date.month,
        day: date.day,
        time: Some((date.hour, date.minute)),
        offset: Some(if date.tz_before_gmt { -offset } else { offset }),
    };
    moment.spelled()
}
