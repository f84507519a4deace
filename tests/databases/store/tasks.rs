//! Analyses as their owners see them: paid once, given back once.

use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use clara::domain::credits::Credits;
use clara::domain::page::Page;
use clara::domain::submission::{Attachment, Submission};
use clara::domain::task::{ClaimProgress, TaskProgress, TaskStatus};
use clara::fault::{FaultKind, Resource};
use clara::services::call_control::{CallControl, Progress};
use clara::services::queue::Lease;
use clara::store::tasks::{FileBytes, NewFile, NewSubmission};
use serde_json::json;

use crate::store::common::{PRICE, balance, reason, submit, text_only};
use crate::store::harness::{World, cases, origin};

cases![
    a_task_is_paid_claimed_and_completed,
    attachments_come_back_whole_and_go_with_the_task,
    too_few_credits_store_nothing,
    of_two_parallel_submits_with_credits_for_one_one_is_taken,
    another_accounts_task_does_not_exist,
    a_task_is_called_off_once,
    a_call_taken_back_ends_its_task_while_nobody_works_on_it_or_waits_for_it,
    a_wait_is_over_when_it_is_of_no_more_use,
];

async fn a_task_is_paid_claimed_and_completed(world: World) {
    let user = world.active("ada@example.org").await;
    let task = submit(&world, &user.id).await;
    assert_eq!((task.status, task.progress), (TaskStatus::Pending, 0));
    assert_eq!(balance(&world, &user.id).await, Credits::whole(80));
    let queue = &world.services.queue;
    let claimed = queue.claim("worker").await.unwrap().unwrap();
    assert_eq!(claimed.claim.task_id, task.id);
    assert_eq!(claimed.submission.text, text_only().text);
    assert!(queue.claim("worker").await.unwrap().is_none());
    let claims = ClaimProgress {
        judged: 7,
        total: 12,
    };
    let progress = TaskProgress {
        percent: 40,
        claims: Some(claims),
    };
    let renewed = queue.renew(&claimed.claim, progress).await.unwrap();
    assert_eq!(renewed, Lease::Held);
    assert_eq!(queue.renew(&claimed.claim, 30).await.unwrap(), Lease::Held);
    let running = world.services.tasks.view(&user.id, &task.id).await.unwrap();
    assert_eq!(
        (running.status, running.progress),
        (TaskStatus::Running, 40)
    );
    assert_eq!(running.claim_progress, Some(claims));
    let report = json!({"format": 1, "summary": "s", "counts": {"supported": 1}, "claims": [1, 2]});
    assert!(queue.complete(&claimed.claim, &report).await.unwrap());
    let done = world.services.tasks.view(&user.id, &task.id).await.unwrap();
    assert_eq!((done.status, done.progress), (TaskStatus::Completed, 100));
    assert_eq!(done.result, Some(report));
    let (list, total) = world
        .services
        .tasks
        .list(&user.id, Page::default())
        .await
        .unwrap();
    assert_eq!(total, 1);
    let digest = json!({"format": 1, "summary": "s", "counts": {"supported": 1}});
    assert_eq!(list[0].result, Some(digest));
    assert_eq!(list[0].title.as_deref(), Some(text_only().text.as_str()));
    assert!(!queue.fail(&claimed.claim, &reason()).await.unwrap());
    assert_eq!(balance(&world, &user.id).await, Credits::whole(80));
}

async fn attachments_come_back_whole_and_go_with_the_task(world: World) {
    let user = world.active("ada@example.org").await;
    let bytes: Vec<u8> = (0_u32..700_001)
        .map(|number| number.to_le_bytes()[1])
        .collect();
    let mut submission: NewSubmission = Submission {
        text: "See the files.".to_owned(),
        attachments: vec![
            Attachment {
                name: "../a.txt".to_owned(),
                url: None,
                charset: None,
                bytes: Arc::from(bytes.clone()),
            },
            Attachment {
                name: "b.pdf".to_owned(),
                url: Some("https://example.org/b.pdf".to_owned()),
                charset: None,
                bytes: Arc::from(Vec::new()),
            },
        ],
        ..Submission::default()
    }
    .into();
    // A file that was put aside is read from its start, wherever writing it ended.
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(&bytes).unwrap();
    submission.files.push(NewFile {
        name: "c.txt".to_owned(),
        url: None,
        charset: Some("koi8-r".to_owned()),
        bytes: FileBytes::Aside {
            file,
            length: bytes.len() as u64,
        },
    });
    let tasks = &world.services.tasks;
    tasks
        .submit(&user.id, &submission, PRICE, &origin())
        .await
        .unwrap();
    let claimed = world.services.queue.claim("worker").await.unwrap().unwrap();
    let found = &claimed.submission.attachments;
    assert_eq!(found[0].name, "../a.txt");
    assert_eq!(*found[0].bytes, *bytes);
    assert_eq!(found[1].url.as_deref(), Some("https://example.org/b.pdf"));
    assert!(found[1].bytes.is_empty());
    assert_eq!(*found[2].bytes, *bytes);
    assert_eq!(found[2].charset.as_deref(), Some("koi8-r"));
    let pieces = "SELECT COUNT(*) FROM task_attachment_pieces";
    assert_eq!(world.number(pieces).await, 6);
    world
        .services
        .queue
        .complete(&claimed.claim, &json!({}))
        .await
        .unwrap();
    assert_eq!(world.number(pieces).await, 0);
    assert_eq!(
        world.number("SELECT COUNT(*) FROM task_attachments").await,
        0
    );
}

async fn too_few_credits_store_nothing(world: World) {
    let user = world.active("ada@example.org").await;
    let refused = world
        .services
        .tasks
        .submit(
            &user.id,
            &text_only().into(),
            Credits::hundredths(10_001),
            &origin(),
        )
        .await
        .unwrap_err();
    assert_eq!(
        *refused.kind(),
        FaultKind::NotEnoughCredits {
            credits: Credits::whole(100),
            required: Credits::hundredths(10_001)
        }
    );
    assert_eq!(world.number("SELECT COUNT(*) FROM tasks").await, 0);
    assert_eq!(world.number("SELECT COUNT(*) FROM ledger_entries").await, 1);
}

async fn of_two_parallel_submits_with_credits_for_one_one_is_taken(world: World) {
    let user = world.active("ada@example.org").await;
    world
        .services
        .ledger
        .set_balance(&user.id, Credits::whole(39), &origin())
        .await
        .unwrap();
    let other = world.another_process().await;
    let (submission, from) = (text_only().into(), origin());
    let (one, two) = tokio::join!(
        world
            .services
            .tasks
            .submit(&user.id, &submission, PRICE, &from),
        other
            .services
            .tasks
            .submit(&user.id, &submission, PRICE, &from),
    );
    assert_eq!(u8::from(one.is_ok()) + u8::from(two.is_ok()), 1);
    assert_eq!(balance(&world, &user.id).await, Credits::whole(19));
    assert_eq!(world.number("SELECT COUNT(*) FROM tasks").await, 1);
    other.store.close().await;
}

async fn another_accounts_task_does_not_exist(world: World) {
    let ada = world.active("ada@example.org").await;
    let bob = world.active("bob@example.org").await;
    let task = submit(&world, &ada.id).await;
    let tasks = &world.services.tasks;
    for refused in [
        tasks.view(&bob.id, &task.id).await,
        tasks.cancel(&bob.id, &task.id, &origin()).await,
        tasks
            .wait(
                &bob.id,
                &task.id,
                Duration::from_secs(5),
                &CallControl::default(),
            )
            .await,
    ] {
        assert_eq!(
            *refused.unwrap_err().kind(),
            FaultKind::NotFound(Resource::Task)
        );
    }
    let (_, total) = tasks.list(&bob.id, Page::default()).await.unwrap();
    assert_eq!(total, 0);
}

async fn a_task_is_called_off_once(world: World) {
    let user = world.active("ada@example.org").await;
    let task = submit(&world, &user.id).await;
    let tasks = &world.services.tasks;
    for _ in 0..2 {
        let cancelled = tasks.cancel(&user.id, &task.id, &origin()).await.unwrap();
        assert_eq!(cancelled.status, TaskStatus::Cancelled);
        assert_eq!(balance(&world, &user.id).await, Credits::whole(100));
    }
    let (entries, total) = world
        .services
        .ledger
        .entries(&user.id, Page::default())
        .await
        .unwrap();
    assert_eq!(total, 3);
    assert_eq!(
        entries[0].description,
        format!(
            "Analysis {} was called off and gave 20 credits back.",
            task.id
        )
    );
    assert!(
        world
            .services
            .queue
            .claim("worker")
            .await
            .unwrap()
            .is_none()
    );
}

async fn a_call_taken_back_ends_its_task_while_nobody_works_on_it_or_waits_for_it(world: World) {
    let user = world.active("ada@example.org").await;
    let tasks = &world.services.tasks;
    let long = Duration::from_mins(5);
    let taken_back = CallControl::default();
    taken_back.cancelled.cancel();
    let from = origin();

    let task = submit(&world, &user.id).await;
    let own = tasks.wait_for_own(&user.id, &task.id, long, &taken_back, &from);
    assert_eq!(own.await.unwrap().status, TaskStatus::Cancelled);
    assert_eq!(balance(&world, &user.id).await, Credits::whole(100));

    let task = submit(&world, &user.id).await;
    let claimed = world.services.queue.claim("worker").await.unwrap();
    assert_eq!(claimed.unwrap().claim.task_id, task.id);
    let own = tasks.wait_for_own(&user.id, &task.id, long, &taken_back, &from);
    assert_eq!(own.await.unwrap().status, TaskStatus::Running);
    assert_eq!(balance(&world, &user.id).await, Credits::whole(80));

    let task = submit(&world, &user.id).await;
    let listening = CallControl::default();
    let other = tasks.wait(&user.id, &task.id, long, &listening);
    let own = tasks.wait_for_own(&user.id, &task.id, long, &taken_back, &from);
    let left = tokio::select! {
        // The other takes its place first.
        biased;
        ended = other => panic!("nothing ends it: {ended:?}"),
        left = own => left.unwrap(),
    };
    assert_eq!(left.status, TaskStatus::Pending);
    assert_eq!(balance(&world, &user.id).await, Credits::whole(60));
}

async fn a_wait_is_over_when_it_is_of_no_more_use(world: World) {
    let user = world.active("ada@example.org").await;
    let task = submit(&world, &user.id).await;
    let tasks = &world.services.tasks;
    let (progress, heard) = tokio::sync::watch::channel(Progress::default());
    let waiting = CallControl {
        progress: Some(progress),
        ..CallControl::default()
    };
    let (seen, ()) = tokio::join!(
        tasks.wait(&user.id, &task.id, Duration::from_mins(5), &waiting),
        async {
            let mut heard = heard.clone();
            heard.changed().await.unwrap();
            waiting.stop_waiting.cancel();
        }
    );
    assert_eq!(seen.unwrap().status, TaskStatus::Pending);
    assert_eq!(heard.borrow().status, Some(TaskStatus::Pending));
    assert_eq!(balance(&world, &user.id).await, Credits::whole(80));
}
