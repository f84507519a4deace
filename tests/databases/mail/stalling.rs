//! Mail servers that say nothing, too late or half: nobody waits for them but the outbox, that not for ever, and no mail is
//! lost. A mail arrives twice only where the server took it and we could not hear or keep that.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::mail::harness::{World, cases};
use crate::mail::post::{PLAIN, Post, SENT, WAITING, message_id};

cases![
    a_line_that_breaks_before_the_mail_was_taken_costs_nothing,
    a_line_that_breaks_after_the_mail_was_taken_sends_it_twice,
    a_process_that_dies_after_the_mail_was_taken_sends_it_twice,
    a_stalled_server_is_given_up_and_its_line_is_not_used_again,
    a_server_that_greets_slowly_is_waited_for_and_one_that_never_does_is_not,
    a_request_does_not_wait_for_a_stalled_server,
    a_stop_lets_the_mail_under_way_arrive,
];

async fn a_line_that_breaks_before_the_mail_was_taken_costs_nothing(world: World) {
    let post = Post::open(&PLAIN);
    let world = post.world(&world);
    post.behave("hang up");
    world.register("ada@example.org").await;
    assert_eq!(world.services.outbox.deliver_due().await.unwrap(), 1);
    assert_eq!((world.number(WAITING).await, post.accepted().len()), (1, 0));
    post.behave("ok");
    world.store.advance_leases(Duration::from_secs(5));
    world.services.outbox.deliver_due().await.unwrap();
    assert_eq!((world.number(SENT).await, post.accepted().len()), (1, 1));
}

async fn a_line_that_breaks_after_the_mail_was_taken_sends_it_twice(world: World) {
    let post = Post::open(&PLAIN);
    let world = post.world(&world);
    post.behave("accept and hang up");
    world.register("ada@example.org").await;
    world.services.outbox.deliver_due().await.unwrap();
    assert_eq!((world.number(WAITING).await, post.accepted().len()), (1, 1));
    post.behave("ok");
    world.store.advance_leases(Duration::from_secs(5));
    world.services.outbox.deliver_due().await.unwrap();
    let accepted = post.accepted();
    assert_eq!((world.number(SENT).await, accepted.len()), (1, 2));
    // By which a mailbox can tell that it is the same one.
    assert_eq!(message_id(&accepted[0]), message_id(&accepted[1]));
}

async fn a_process_that_dies_after_the_mail_was_taken_sends_it_twice(world: World) {
    let post = Post::open(&PLAIN);
    let one = post.world(&world);
    post.behave("accept and stall");
    one.register("ada@example.org").await;
    let outbox = one.services.outbox.clone();
    let dying = tokio::spawn(async move { outbox.deliver_due().await });
    post.reached("0001.json").await;
    dying.abort();
    post.behave("ok");
    let other = post.world(&world.another_process().await);
    assert_eq!(
        other.services.outbox.deliver_due().await.unwrap(),
        0,
        "until its lease has run out, the dead one's mail is nobody's"
    );
    other.store.advance_leases(Duration::from_mins(2));
    assert_eq!(other.services.outbox.deliver_due().await.unwrap(), 1);
    let accepted = post.accepted();
    assert_eq!(accepted.len(), 2);
    assert_eq!(message_id(&accepted[0]), message_id(&accepted[1]));
}

async fn a_stalled_server_is_given_up_and_its_line_is_not_used_again(world: World) {
    let post = Post::open(&PLAIN);
    let impatient = post.impatient_world(&world);
    post.behave("stall");
    impatient.register("ada@example.org").await;
    assert_eq!(impatient.services.outbox.deliver_due().await.unwrap(), 1);
    assert_eq!(impatient.number(WAITING).await, 1);
    post.behave("ok");
    impatient.register("eve@example.org").await;
    let with_timeouts = post.world(&impatient);
    assert_eq!(
        with_timeouts.services.outbox.deliver_due().await.unwrap(),
        1
    );
    assert_eq!(post.only()["to"][0], "eve@example.org");
    with_timeouts.store.advance_leases(Duration::from_secs(5));
    assert_eq!(impatient.services.outbox.deliver_due().await.unwrap(), 1);
    let to: Vec<String> = post
        .accepted()
        .iter()
        .map(|mail| mail["to"][0].to_string())
        .collect();
    assert_eq!(to, ["\"eve@example.org\"", "\"ada@example.org\""]);
    assert_eq!(post.told().0, 3, "a new line each time");
}

async fn a_server_that_greets_slowly_is_waited_for_and_one_that_never_does_is_not(world: World) {
    let post = Post::open(&PLAIN);
    let with_timeouts = post.world(&world);
    post.behave("greet slowly");
    with_timeouts.register("ada@example.org").await;
    with_timeouts.services.outbox.deliver_due().await.unwrap();
    assert_eq!(post.only()["to"][0], "ada@example.org");
    post.behave("never greet");
    let impatient = post.impatient_world(&world);
    impatient.register("eve@example.org").await;
    impatient.services.outbox.deliver_due().await.unwrap();
    assert_eq!(
        (impatient.number(WAITING).await, post.accepted().len()),
        (1, 1)
    );
}

async fn a_request_does_not_wait_for_a_stalled_server(world: World) {
    let post = Post::open(&PLAIN);
    let world = post.world(&world);
    post.behave("stall");
    let stop = CancellationToken::new();
    let running = {
        let (outbox, stop) = (world.services.outbox.clone(), stop.clone());
        tokio::spawn(async move { outbox.run(&stop).await })
    };
    world.register("ada@example.org").await;
    post.reached("stalled").await;
    // The one mail hangs; whoever comes now is answered all the same, and so is whoever looks.
    world.register("eve@example.org").await;
    assert_eq!(world.number(WAITING).await, 2);
    assert!(post.accepted().is_empty());
    running.abort();
}

async fn a_stop_lets_the_mail_under_way_arrive(world: World) {
    let post = Post::open(&PLAIN);
    let world = post.world(&world);
    post.behave("wait");
    let stop = CancellationToken::new();
    let running = {
        let (outbox, stop) = (world.services.outbox.clone(), stop.clone());
        tokio::spawn(async move { outbox.run(&stop).await })
    };
    world.register("ada@example.org").await;
    world.register("eve@example.org").await;
    post.reached("waiting").await;
    stop.cancel();
    post.behave("ok");
    running.await.unwrap();
    assert_eq!(
        (world.number(SENT).await, world.number(WAITING).await),
        (1, 1)
    );
    assert_eq!(post.only()["to"][0], "ada@example.org");
}
