//! A key makes many requests one, whatever becomes of them; and what goes wrong on demand goes wrong as it says.

use super::super::{Fake, What};
use super::{
    CREDIT, CUSTOMERS, Form, MODE, SESSIONS, SUCCESS, get, list_trials, post, post_with_key,
};

list_trials![
    a_key_makes_two_requests_one,
    a_key_belongs_to_its_first_request,
    a_second_request_must_wait_for_the_first,
    errors_are_kept_once_the_endpoint_began,
    a_key_is_forgotten_after_a_day,
    keys_matter_to_posts_alone,
    what_was_done_before_the_cut_is_found_again,
    what_was_not_done_before_the_cut_is_done_then,
    a_caller_that_hangs_up_leaves_nothing,
    an_answer_that_comes_too_late_is_kept,
    faults_hit_what_they_name_as_often_as_they_say,
];

const ADA: Form<'_> = &[("email", "ada@example.org"), ("name", "Ada")];

async fn a_key_makes_two_requests_one(fake: Fake) {
    let first = post_with_key(&fake, CUSTOMERS, "k", ADA).await.unwrap();
    // In another order it is the same.
    let turned = [ADA[1], ADA[0]];
    let second = post_with_key(&fake, CUSTOMERS, "k", &turned).await.unwrap();
    assert!(!first.replayed && second.replayed);
    assert_eq!(first.body, second.body);
    assert_ne!(first.request_id, second.request_id);
    let other = post_with_key(&fake, CUSTOMERS, "l", ADA).await.unwrap();
    assert_ne!(other.id(), first.id());
    assert_eq!(fake.count("POST", CUSTOMERS).await, 2);
    let logged = fake.requests().await;
    assert_eq!(logged[1].idempotency_key.as_deref(), Some("k"));
    assert_eq!(logged[1].form["email"], "ada@example.org");
    assert!(logged[1].replayed);
}

async fn a_key_belongs_to_its_first_request(fake: Fake) {
    post_with_key(&fake, CUSTOMERS, "k", ADA).await.unwrap();
    let other = [("email", "grace@example.org")];
    let refused = post_with_key(&fake, CUSTOMERS, "k", &other).await.unwrap();
    assert_eq!(
        (refused.status, refused.error_type()),
        (400, "idempotency_error")
    );
    let refused = post_with_key(&fake, SESSIONS, "k", ADA).await.unwrap();
    assert_eq!(
        (refused.status, refused.error_type()),
        (400, "idempotency_error")
    );
    let long = "k".repeat(256);
    assert_eq!(
        post_with_key(&fake, CUSTOMERS, &long, ADA)
            .await
            .unwrap()
            .status,
        400
    );
    let longest = &long[1..];
    assert_eq!(
        post_with_key(&fake, CUSTOMERS, longest, ADA)
            .await
            .unwrap()
            .status,
        200
    );
}

async fn a_second_request_must_wait_for_the_first(fake: Fake) {
    fake.add_fault("POST", CUSTOMERS, What::TimeOut, 1).await;
    let first = post_with_key(&fake, CUSTOMERS, "k", ADA);
    let beside = async {
        fake.wait_for_held(1).await;
        let second = post_with_key(&fake, CUSTOMERS, "k", ADA).await.unwrap();
        fake.let_go().await;
        second
    };
    let (first, second) = tokio::join!(first, beside);
    assert_eq!(second.error(), (409, "idempotency_key_in_use", ""));
    assert_eq!(second.error_type(), "idempotency_error");
    let first = first.unwrap();
    // That answer was not kept: the first one was.
    let third = post_with_key(&fake, CUSTOMERS, "k", ADA).await.unwrap();
    assert_eq!(third.id(), first.id());
    assert!(third.replayed);
}

async fn errors_are_kept_once_the_endpoint_began(fake: Fake) {
    let form = [
        MODE,
        SUCCESS,
        CREDIT,
        ("line_items[0][quantity]", "500"),
        ("customer", "cus_x"),
    ];
    let first = post_with_key(&fake, SESSIONS, "missing", &form)
        .await
        .unwrap();
    let second = post_with_key(&fake, SESSIONS, "missing", &form)
        .await
        .unwrap();
    assert_eq!(first.error(), (400, "resource_missing", "customer"));
    assert!(second.replayed);
    assert_eq!(first.body, second.body);

    fake.add_fault("POST", CUSTOMERS, What::Status(500), 1)
        .await;
    let first = post_with_key(&fake, CUSTOMERS, "broken", ADA)
        .await
        .unwrap();
    let second = post_with_key(&fake, CUSTOMERS, "broken", ADA)
        .await
        .unwrap();
    assert_eq!((first.status, first.error_type()), (500, "api_error"));
    assert_eq!((second.status, second.replayed), (500, true));

    // What was refused before it began may be tried again, even with other parameters.
    let wrong = [("email", "ada")];
    assert_eq!(
        post_with_key(&fake, CUSTOMERS, "invalid", &wrong)
            .await
            .unwrap()
            .status,
        400
    );
    assert_eq!(
        post_with_key(&fake, CUSTOMERS, "invalid", ADA)
            .await
            .unwrap()
            .status,
        200
    );
    for (status, code) in [(429, "rate_limit"), (409, "lock_timeout"), (503, "")] {
        fake.add_fault("POST", CUSTOMERS, What::Status(status), 1)
            .await;
        let key = format!("after {status}");
        let refused = post_with_key(&fake, CUSTOMERS, &key, ADA).await.unwrap();
        assert_eq!(refused.error(), (status, code, ""));
        let done = post_with_key(&fake, CUSTOMERS, &key, ADA).await.unwrap();
        assert_eq!((done.status, done.replayed), (200, false));
    }
}

async fn a_key_is_forgotten_after_a_day(fake: Fake) {
    fake.set_now(1_800_000_000).await;
    let first = post_with_key(&fake, CUSTOMERS, "k", ADA).await.unwrap();
    fake.advance_clock(86_399).await;
    let kept = post_with_key(&fake, CUSTOMERS, "k", ADA).await.unwrap();
    assert_eq!(kept.id(), first.id());
    fake.advance_clock(1).await;
    let new = post_with_key(&fake, CUSTOMERS, "k", ADA).await.unwrap();
    assert_ne!(new.id(), first.id());
}

async fn keys_matter_to_posts_alone(fake: Fake) {
    let request = || super::request(&fake, "GET", CUSTOMERS).header("Idempotency-Key", "k");
    assert!(super::call(request()).await.unwrap().ids().is_empty());
    post(&fake, CUSTOMERS, ADA).await;
    let now = super::call(request()).await.unwrap();
    assert_eq!(now.ids().len(), 1);
    assert!(!now.replayed);
}

async fn what_was_done_before_the_cut_is_found_again(fake: Fake) {
    fake.add_fault("POST", CUSTOMERS, What::CutAfter, 1).await;
    assert!(post_with_key(&fake, CUSTOMERS, "k", ADA).await.is_err());
    let found = post_with_key(&fake, CUSTOMERS, "k", ADA).await.unwrap();
    assert!(found.replayed);
    assert_eq!(get(&fake, CUSTOMERS).await.ids(), [found.id()]);
    assert_eq!(fake.requests().await[0].status, None);
}

async fn what_was_not_done_before_the_cut_is_done_then(fake: Fake) {
    fake.add_fault("POST", CUSTOMERS, What::CutBefore, 1).await;
    assert!(post_with_key(&fake, CUSTOMERS, "k", ADA).await.is_err());
    assert!(get(&fake, CUSTOMERS).await.ids().is_empty());
    let done = post_with_key(&fake, CUSTOMERS, "k", ADA).await.unwrap();
    assert!(!done.replayed);
    assert_eq!(get(&fake, CUSTOMERS).await.ids(), [done.id()]);
}

async fn a_caller_that_hangs_up_leaves_nothing(fake: Fake) {
    fake.add_fault("POST", CUSTOMERS, What::TimeOut, 1).await;
    tokio::select! {
        answer = post_with_key(&fake, CUSTOMERS, "k", ADA) => panic!("{:?}", answer.map(|answer| answer.body)),
        () = fake.wait_for_held(1) => {}
    }
    fake.wait_until_none_is_held().await;
    let done = post_with_key(&fake, CUSTOMERS, "k", ADA).await.unwrap();
    assert!(!done.replayed);
    assert_eq!(get(&fake, CUSTOMERS).await.ids(), [done.id()]);
}

async fn an_answer_that_comes_too_late_is_kept(fake: Fake) {
    fake.add_fault("POST", CUSTOMERS, What::TimeOutAfter, 1)
        .await;
    tokio::select! {
        answer = post_with_key(&fake, CUSTOMERS, "k", ADA) => panic!("{:?}", answer.map(|answer| answer.body)),
        () = fake.wait_for_held(1) => {}
    }
    let found = post_with_key(&fake, CUSTOMERS, "k", ADA).await.unwrap();
    assert!(found.replayed);
    assert_eq!(get(&fake, CUSTOMERS).await.ids(), [found.id()]);
}

async fn faults_hit_what_they_name_as_often_as_they_say(fake: Fake) {
    fake.add_fault("GET", "/v1/cust", What::Status(429), 2)
        .await;
    fake.add_fault("GET", "/v1/customers/", What::Status(503), 1)
        .await;
    assert_eq!(post(&fake, CUSTOMERS, ADA).await.status, 200);
    assert_eq!(get(&fake, "/v1/events").await.status, 200);
    assert_eq!(get(&fake, CUSTOMERS).await.status, 429);
    assert_eq!(get(&fake, "/v1/customers/x").await.status, 429);
    assert_eq!(get(&fake, CUSTOMERS).await.status, 200);
    assert_eq!(get(&fake, "/v1/customers/x").await.status, 503);
    fake.add_fault("GET", CUSTOMERS, What::CutBefore, 9).await;
    fake.clear_faults().await;
    assert_eq!(get(&fake, CUSTOMERS).await.status, 200);
}
