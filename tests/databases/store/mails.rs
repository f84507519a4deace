//! The outbox: one real mail a row, nothing left in the row, nothing lost.

use std::time::Duration;

use clara::domain::code::CodePurpose;

use crate::store::harness::{World, cases, origin};

cases![
    a_mail_is_a_real_one_and_its_row_says_nothing_any_more,
    a_mail_that_cannot_leave_waits_and_leaves_later,
    a_code_that_died_waiting_is_not_sent,
    a_newer_code_takes_the_waiting_ones_place,
];

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

/// A file in the place of the directory: nothing can be written there.
fn block(world: &World) {
    let outbox = world.directory.path().join("outbox");
    if outbox.is_dir() {
        std::fs::rename(&outbox, world.directory.path().join("kept")).unwrap();
    }
    std::fs::write(outbox, "").unwrap();
}

fn unblock(world: &World) {
    std::fs::remove_file(world.directory.path().join("outbox")).unwrap();
}

const WAITING: &str = "SELECT COUNT(*) FROM mails WHERE due_at IS NOT NULL AND body_text <> ''";
const DROPPED: &str =
    "SELECT COUNT(*) FROM mails WHERE dropped_at IS NOT NULL AND body_text = '' AND body_html = ''";

async fn a_mail_that_cannot_leave_waits_and_leaves_later(world: World) {
    block(&world);
    world.register("ada@example.org").await;
    assert_eq!(world.number(WAITING).await, 1);
    unblock(&world);
    let outbox = &world.services.outbox;
    assert_eq!(outbox.deliver_due().await.unwrap(), 0);
    world.store.advance_leases(Duration::from_secs(5));
    assert_eq!(outbox.deliver_due().await.unwrap(), 1);
    assert_eq!(world.mails().len(), 1);
    assert_eq!(world.number(WAITING).await, 0);
}

async fn a_code_that_died_waiting_is_not_sent(world: World) {
    block(&world);
    world.register("ada@example.org").await;
    unblock(&world);
    world.clock.advance(Duration::from_mins(10));
    world.store.advance_leases(Duration::from_secs(5));
    assert_eq!(world.services.outbox.deliver_due().await.unwrap(), 1);
    assert!(world.mails().is_empty());
    assert_eq!(world.number(DROPPED).await, 1);
}

async fn a_newer_code_takes_the_waiting_ones_place(world: World) {
    block(&world);
    world.register("ada@example.org").await;
    unblock(&world);
    let email = "ada@example.org".parse().unwrap();
    let accounts = &world.services.accounts;
    accounts
        .send_code(&email, CodePurpose::Activation, &origin())
        .await
        .unwrap();
    assert_eq!(world.number(DROPPED).await, 1);
    assert_eq!(world.mails().len(), 1);
    let code = world.newest_code("ada@example.org");
    accounts.activate(&email, &code, &origin()).await.unwrap();
}
