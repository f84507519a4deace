use crate::attachments::extractor::is_sound;
use crate::attachments::garbled_tests::{Seeded, garble};
use crate::attachments::testing::{records, verdict};
use crate::attachments::{Reading, read_here};
use clara_domain::verdict::Verdict;

const MAIL: &str = "Return-Path: <ana@example.org>\r\nFrom: =?utf-8?q?Ana_Bj=C3=B8rk?= <ana@example.org>\r\nTo: Bo Lind <bo@example.org>,\r\n cy@example.org\r\n\
    Date: Sat, 4 May 2019 10:22:31 +0200\r\nSubject: Visitors of the mill\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=outer\r\n\r\n\
    --outer\r\nContent-Type: multipart/alternative; boundary=inner\r\n\r\n\
    --inner\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nThe caf=E9 of the mill opened in 1933.\r\n\
    --inner\r\nContent-Type: text/html\r\n\r\n<p>The page says something else.</p>\r\n--inner--\r\n\
    --outer\r\nContent-Type: text/csv; name=\"../towns.csv\"\r\nContent-Disposition: attachment; filename=\"../towns.csv\"\r\nContent-Transfer-Encoding: base64\r\n\r\n\
    dG93bix2aXNpdG9ycwpCcmFzaywxODIKVG9sbSwyMDUK\r\n\
    --outer\r\nContent-Type: message/rfc822\r\n\r\nFrom: cy@example.org\r\nSubject: Old wheel\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=deep\r\n\r\n\
    --deep\r\n\r\nThe wheel is of oak.\r\n--deep\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename=deep.txt\r\n\r\nToo deep.\r\n--deep--\r\n\
    --outer\r\nContent-Type: application/zip; name=a.zip\r\nContent-Disposition: attachment; filename=a.zip\r\nContent-Transfer-Encoding: base64\r\n\r\nUEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==\r\n--outer--\r\n";

fn reasons(reading: &Reading) -> String {
    let reasons: Vec<&str> = reading
        .unread
        .iter()
        .map(|unread| unread.reason.as_str())
        .collect();
    reasons.join("\n")
}

#[test]
fn mail_is_read_with_its_attachments() {
    let reading = read_here("a.eml", MAIL.as_bytes());
    assert!(is_sound(&reading), "{reading:?}");
    assert!(
        reading.text.starts_with(
            "From: Ana Bjørk <ana@example.org>\nTo: Bo Lind <bo@example.org>, cy@example.org\n\
             Date: 4 May 2019 at 10:22 (UTC+02:00)\nSubject: Visitors of the mill\n\nThe café of the mill opened in 1933.\n\n\
             town,visitors\nBrask,182"
        ),
        "{}",
        reading.text
    );
    assert!(!reading.text.contains("something else"));
    assert_eq!(reading.title.as_deref(), Some("Visitors of the mill"));
    let records = records(&reading);
    assert_eq!(
        records[0],
        "message /  From=Ana Bjørk <ana@example.org> To=Bo Lind <bo@example.org>, cy@example.org \
         Date=4 May 2019 at 10:22 (UTC+02:00) Subject=Visitors of the mill"
    );
    assert_eq!(records[1], "1: town=Brask visitors=182");
    let labels: Vec<_> = reading
        .places
        .iter()
        .filter_map(|place| place.label.as_deref())
        .collect();
    assert_eq!(labels[0], "attachment towns.csv");
}

#[test]
fn attachments_of_attachments_are_named_only() {
    let reading = read_here("a.eml", MAIL.as_bytes());
    assert!(reading.text.contains("The wheel is of oak.") && !reading.text.contains("Too deep"));
    let reasons = reasons(&reading);
    assert!(
        reasons.contains("attachment deep.txt was not read"),
        "{reasons}"
    );
    assert!(reasons.contains("attachment a.zip"), "{reasons}");
}

#[test]
fn quoted_words_are_their_writers() {
    let mail = "From: ana@example.org\nSubject: Re: the mill\n\nThe mill has four wheels.\n\nBo wrote:\n> The mill was sold\n> in 2003.\n\nThe wheels are of oak.\n";
    let reading = read_here("a.eml", mail.as_bytes());
    assert!(is_sound(&reading));
    assert!(
        reading
            .text
            .contains("Bo wrote:\n\nThe mill was sold\nin 2003.\n\nThe wheels are of oak."),
        "{}",
        reading.text
    );
    let said = |claim| verdict(claim, "a.eml", &reading);
    assert_eq!(said("The mill has four wheels."), Verdict::Supported);
    assert_eq!(said("The wheels are of oak."), Verdict::Supported);
    assert_eq!(
        said("The mill was sold in 2003."),
        Verdict::NotEnoughEvidence
    );
}

#[test]
fn page_of_a_mail_is_read_where_it_is_all() {
    let mail = "From: a@example.org\nMIME-Version: 1.0\nContent-Type: text/html\n\n<p>The mill has <b>four</b> wheels.</p><script>x()</script>\n";
    let reading = read_here("a.eml", mail.as_bytes());
    assert!(
        reading.text.ends_with("The mill has four wheels."),
        "{}",
        reading.text
    );
}

#[test]
fn messages_of_a_mailbox_have_their_places() {
    let message = |at: u32| {
        format!(
            "From x@example.org Sat May  4 10:22:31 2019\nFrom: a{at}@example.org\nSubject: Number {at}\n\nThe mill has {at} wheels.\n>From here it is far.\n\n"
        )
    };
    let mailbox: String = (1..=3).map(message).collect();
    for name in ["a.mbox", "a.txt"] {
        let reading = read_here(name, mailbox.as_bytes());
        assert!(is_sound(&reading));
        assert!(
            reading
                .text
                .contains("The mill has 3 wheels.\nFrom here it is far."),
            "{}",
            reading.text
        );
        let labels: Vec<_> = reading
            .places
            .iter()
            .filter_map(|place| place.label.as_deref())
            .collect();
        assert_eq!(labels, ["message 1", "message 2", "message 3"]);
        assert_eq!(reasons(&reading).contains("mailbox"), name == "a.txt");
    }
}

#[test]
fn mail_under_another_name_is_told() {
    let reading = read_here("a.txt", MAIL.as_bytes());
    assert!(reading.text.contains("1933") && reasons(&reading).contains("an e-mail"));
    // A note that begins like a letter is none.
    let note = "From: the miller\nTo: the baker\n\nThe mill was built in 1871.";
    assert!(reasons(&read_here("a.txt", note.as_bytes())).is_empty());
}

#[test]
fn messages_nested_without_end_are_refused() {
    let nested = "Content-Type: message/rfc822\n\n".repeat(100_000);
    let reading = read_here("a.eml", nested.as_bytes());
    assert!(reading.unread[0].reason.contains("one in another"));
    let parts: String = (0..20_000)
        .map(|at| format!("Content-Type: multipart/mixed; boundary=b{at}\n\n--b{at}\n"))
        .collect();
    assert!(is_sound(&read_here("a.eml", parts.as_bytes())));
}

#[test]
fn garbled_mail_has_a_sound_answer() {
    let mut seeded = Seeded(0x2545_f491_4f6c_dd1d);
    let mailbox =
        format!("From x Sat May  4 10:22:31 2019\n{MAIL}\nFrom y Sun May  5 10:22:31 2019\n{MAIL}");
    for round in 0..100 {
        for (name, whole) in [("a.eml", MAIL), ("a.mbox", &mailbox)] {
            let mut bytes = whole.as_bytes().to_vec();
            for _ in 0..=round / 30 {
                bytes = garble(&bytes, &mut seeded);
            }
            let reading = read_here(name, &bytes);
            assert!(is_sound(&reading), "{}", String::from_utf8_lossy(&bytes));
        }
    }
}
