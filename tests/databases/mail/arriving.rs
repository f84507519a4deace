//! Mails that arrive: over TLS, signed in, and valid by the word of two parsers that others wrote.

use clara::adapters::mail::Mailer;
use mail_parser::MimeHeaders as _;

use crate::mail::harness::{World, cases};
use crate::mail::post::{Offer, PLAIN, Post, SENT, STARTTLS, WAITING, message_id, raw};

cases![
    a_mail_arrives_over_starttls_signed_in_and_is_valid,
    a_mail_arrives_over_tls_from_the_first_byte,
    a_server_nobody_vouches_for_gets_nothing,
    a_server_that_offers_no_tls_gets_nothing,
    an_address_in_another_script_is_written_to_as_far_as_the_server_can,
    a_burst_goes_over_one_connection_that_is_taken_leave_of,
    two_processes_send_each_mail_once,
];

async fn a_mail_arrives_over_starttls_signed_in_and_is_valid(world: World) {
    let post = Post::open(&STARTTLS);
    let world = post.world(&world);
    world.register("Ada@example.org").await;
    assert_eq!(world.services.outbox.deliver_due().await.unwrap(), 1);
    assert_eq!(world.number(SENT).await, 1);
    let mail = post.only();
    assert_eq!(
        (&mail["tls"], &mail["user"]),
        (&true.into(), &"clara".into())
    );
    assert_eq!(mail["from"], "noreply@example.org");
    assert_eq!(mail["to"], serde_json::json!(["Ada@example.org"]));
    assert_eq!(mail["defects"], serde_json::json!([]));
    assert_eq!(
        (&mail["bare_line_feeds"], &mail["ascii"]),
        (&0.into(), &true.into())
    );
    assert!(mail["longest_line"].as_u64().unwrap() <= 998, "{mail}");

    let raw = raw(&mail);
    let message = mail_parser::MessageParser::default().parse(&raw).unwrap();
    let address = |list: Option<&mail_parser::Address>| {
        let first = list.unwrap().first().unwrap();
        (
            first.name().map(str::to_owned),
            first.address().unwrap().to_owned(),
        )
    };
    assert_eq!(
        address(message.from()),
        (Some("Clara".to_owned()), "noreply@example.org".to_owned())
    );
    assert_eq!(address(message.to()), (None, "Ada@example.org".to_owned()));
    assert!(message.message_id().unwrap().ends_with("@example.org"));
    assert_eq!(message.date().unwrap().to_timestamp(), 1_764_201_600);
    let automatic = message.header_raw("Auto-Submitted").unwrap();
    assert_eq!(automatic.trim(), "auto-generated");
    let kind = message.content_type().unwrap();
    assert_eq!(
        (kind.ctype(), kind.subtype()),
        ("multipart", Some("alternative"))
    );
    assert_eq!(
        (message.text_body_count(), message.html_body_count()),
        (1, 1)
    );
    assert!(message.attachments().next().is_none());
}

async fn a_mail_arrives_over_tls_from_the_first_byte(world: World) {
    let offer = Offer {
        tls: "wrapped",
        asks_for_sign_in: true,
        ..PLAIN
    };
    let post = Post::open(&offer);
    let world = post.world(&world);
    world.register("ada@example.org").await;
    world.services.outbox.deliver_due().await.unwrap();
    let mail = post.only();
    assert_eq!((&mail["user"], post.told()), (&"clara".into(), (1, 1)));
}

/// The well-known roots know nothing of its certificate, and no password is shown to it.
async fn a_server_nobody_vouches_for_gets_nothing(world: World) {
    for offer in [
        STARTTLS,
        Offer {
            tls: "wrapped",
            ..STARTTLS
        },
    ] {
        let post = Post::open(&offer);
        let stranger = Mailer::new(&post.url(), "Clara <noreply@example.org>").unwrap();
        let words = stranger.check().await.unwrap_err().to_string();
        assert!(words.contains("certificate"), "{words}");
        let world = world.mailing(stranger);
        let email = format!("{}@example.org", offer.tls);
        world.register(&email).await;
        assert_eq!(world.services.outbox.deliver_due().await.unwrap(), 1);
        assert!(post.accepted().is_empty());
        assert_eq!(post.told().1, 0, "no sign-in was tried");
    }
    assert_eq!(world.number(WAITING).await, 2);
}

async fn a_server_that_offers_no_tls_gets_nothing(world: World) {
    let offer = Offer {
        asks_for_sign_in: true,
        ..PLAIN
    };
    let post = Post::open(&offer);
    let world = post.world(&world);
    world.register("ada@example.org").await;
    world.services.outbox.deliver_due().await.unwrap();
    assert!(post.accepted().is_empty());
    assert_eq!(post.told().1, 0, "no password was sent in the clear");
    assert_eq!(world.number(WAITING).await, 1);
}

async fn an_address_in_another_script_is_written_to_as_far_as_the_server_can(world: World) {
    let post = Post::open(&PLAIN);
    let able = post.world(&world);
    able.register("dörte@example.org").await;
    able.register("ada@bücher.example").await;
    able.services.outbox.deliver_due().await.unwrap();
    let accepted = post.accepted();
    let to: Vec<&str> = accepted
        .iter()
        .map(|mail| mail["to"][0].as_str().unwrap())
        .collect();
    assert_eq!(to, ["dörte@example.org", "ada@xn--bcher-kva.example"]);
    let options = accepted[0]["options"].as_array().unwrap();
    assert!(options.contains(&"SMTPUTF8".into()), "{options:?}");
    // What such an address is called by a parser that knows RFC 6532 and remarks on it all the same.
    for defect in accepted[0]["defects"].as_array().unwrap() {
        assert!(defect.to_string().contains("NonASCIILocalPart"), "{defect}");
    }
    assert_eq!(accepted[1]["ascii"], true);

    // There is no other way to write a local part than as it is: such a server is never asked again.
    let old = Post::open(&Offer {
        ascii_only: true,
        ..PLAIN
    });
    let unable = old.world(&world);
    unable.register("jürgen@example.org").await;
    unable.register("eva@bücher.example").await;
    unable.services.outbox.deliver_due().await.unwrap();
    assert_eq!(old.only()["to"][0], "eva@xn--bcher-kva.example");
    assert_eq!(unable.number(WAITING).await, 0);
    let dropped = "SELECT COUNT(*) FROM audit_entries WHERE event = 'mail_dropped' AND details LIKE '%\"refused\"%'";
    assert_eq!(unable.number(dropped).await, 1);
}

async fn a_burst_goes_over_one_connection_that_is_taken_leave_of(world: World) {
    let post = Post::open(&STARTTLS);
    let world = post.world(&world);
    for number in 0..5 {
        world.register(&format!("ada{number}@example.org")).await;
    }
    assert_eq!(world.services.outbox.deliver_due().await.unwrap(), 5);
    assert_eq!((post.accepted().len(), post.told()), (5, (1, 1)));
    world.register("eve@example.org").await;
    assert_eq!(world.services.outbox.deliver_due().await.unwrap(), 1);
    assert_eq!((post.accepted().len(), post.told()), (6, (2, 2)));
}

async fn two_processes_send_each_mail_once(world: World) {
    let post = Post::open(&PLAIN);
    let one = post.world(&world);
    let other = post.world(&world.another_process().await);
    for number in 0..16 {
        one.register(&format!("ada{number}@example.org")).await;
    }
    let (first, second) = tokio::join!(
        one.services.outbox.deliver_due(),
        other.services.outbox.deliver_due()
    );
    assert_eq!(first.unwrap() + second.unwrap(), 16);
    let mut ids: Vec<String> = post.accepted().iter().map(message_id).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 16);
    assert_eq!(post.accepted().len(), 16);
}
