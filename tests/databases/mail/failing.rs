//! Mail servers that say no: now, for good, or to the sign-in. What may go better later is kept; what never will is
//! dropped, and the trail says so without anybody's address.

use std::time::Duration;

use clara::domain::page::Page;

use crate::mail::harness::{World, cases};
use crate::mail::post::{DROPPED, PLAIN, Post, SENT, STARTTLS, WAITING};

cases![
    what_is_put_off_is_tried_again_after_growing_pauses,
    what_is_refused_for_good_is_dropped_and_the_trail_says_so,
    what_is_put_off_for_ever_is_dropped_in_the_end,
    a_wrong_password_loses_no_mail,
];

async fn what_is_put_off_is_tried_again_after_growing_pauses(world: World) {
    let post = Post::open(&PLAIN);
    let world = post.world(&world);
    let outbox = &world.services.outbox;
    post.behave("defer");
    world.register("ada@example.org").await;
    assert_eq!(outbox.deliver_due().await.unwrap(), 1);
    for seconds in [5_u64, 15, 60] {
        world.store.advance_leases(Duration::from_secs(seconds - 1));
        assert_eq!(outbox.deliver_due().await.unwrap(), 0, "before {seconds} s");
        world.store.advance_leases(Duration::from_secs(1));
        assert_eq!(outbox.deliver_due().await.unwrap(), 1, "after {seconds} s");
    }
    assert_eq!((world.number(WAITING).await, post.accepted().len()), (1, 0));
    post.behave("ok");
    world.store.advance_leases(Duration::from_mins(5));
    assert_eq!(outbox.deliver_due().await.unwrap(), 1);
    assert_eq!(world.number(SENT).await, 1);
    assert_eq!(post.only()["to"][0], "ada@example.org");
}

async fn what_is_refused_for_good_is_dropped_and_the_trail_says_so(world: World) {
    let post = Post::open(&PLAIN);
    let world = post.world(&world);
    let outbox = &world.services.outbox;
    for (number, mode, code) in [(1, "refuse", 550), (2, "refuse content", 554)] {
        post.behave(mode);
        let signed_in = world.register(&format!("ada{number}@example.org")).await;
        assert_eq!(outbox.deliver_due().await.unwrap(), 1);
        assert_eq!(world.number(DROPPED).await, number);
        let newest = Page {
            limit: 1,
            offset: 0,
        };
        let row = world
            .store
            .audit_trail(None, newest)
            .await
            .unwrap()
            .remove(0);
        assert_eq!((row.event.as_str(), row.good), ("mail_dropped", false));
        assert_eq!(row.user_id, Some(signed_in.user.id));
        let details: serde_json::Value = serde_json::from_str(&row.details).unwrap();
        assert_eq!(details["reason"], "refused");
        assert_eq!(details["code"], code);
        assert_eq!(details["kind"], "code_activation");
        assert!(!row.details.contains("example.org"), "{}", row.details);
    }
    world.store.advance_leases(Duration::from_hours(100));
    assert_eq!(outbox.deliver_due().await.unwrap(), 0);
    assert!(post.accepted().is_empty());
}

/// A notice has no code in it that could die: only the number of tries ends it.
async fn what_is_put_off_for_ever_is_dropped_in_the_end(world: World) {
    let user = world.active("ada@example.org").await;
    let post = Post::open(&PLAIN);
    let world = post.world(&world);
    post.behave("defer");
    let reset = world
        .services
        .api_keys
        .reset(&user, &crate::mail::harness::origin())
        .await;
    reset.unwrap();
    let mut tries = 0;
    loop {
        let now = world.services.outbox.deliver_due().await.unwrap();
        if now == 0 {
            break;
        }
        tries += now;
        world.store.advance_leases(Duration::from_hours(12));
    }
    assert_eq!((tries, world.number(DROPPED).await), (9, 1));
    let dropped = "SELECT COUNT(*) FROM audit_entries WHERE event = 'mail_dropped' AND details LIKE '%tried too often%'";
    assert_eq!(world.number(dropped).await, 1);
}

async fn a_wrong_password_loses_no_mail(world: World) {
    let post = Post::open(&STARTTLS);
    let world = post.world(&world);
    post.behave("refuse sign-in");
    world.register("ada@example.org").await;
    assert_eq!(world.services.outbox.deliver_due().await.unwrap(), 1);
    assert_eq!((world.number(WAITING).await, post.told()), (1, (1, 1)));
    post.behave("ok");
    world.store.advance_leases(Duration::from_secs(5));
    world.services.outbox.deliver_due().await.unwrap();
    assert_eq!(post.only()["user"], "clara");
}
