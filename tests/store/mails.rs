//! The outbox: one real mail a row, nothing left in the row, nothing lost.

use crate::harness::{World, cases};

cases![a_mail_is_a_real_one_and_its_row_says_nothing_any_more];

async fn a_mail_is_a_real_one_and_its_row_says_nothing_any_more(world: World) {
    world.register("ada@example.org").await;
    let mails = world.mails();
    assert_eq!(mails.len(), 1);
    let message = mail_parser::MessageParser::default()
        .parse(&mails[0])
        .unwrap();
    assert!(message.message_id().is_some());
    assert_eq!(message.date().unwrap().to_timestamp(), 1_764_201_600);
    assert_eq!(
        message.subject(),
        Some("Welcome to Clara: activate your account")
    );
    let code = world.newest_code("ada@example.org");
    assert!(message.body_html(0).unwrap().contains(code.as_str()));
    assert!(!message.subject().unwrap().contains(code.as_str()));
    assert!(mails[0].contains("Auto-Submitted: auto-generated"));
    assert_eq!(
        world.number("SELECT COUNT(*) FROM mails WHERE sent_at IS NOT NULL AND body_text = '' AND body_html = ''").await,
        1
    );
}
