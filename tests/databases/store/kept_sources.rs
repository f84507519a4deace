//! What a finished analysis keeps of its sources: for whom, how long, and what goes with it.

use std::time::Duration;

use clara::domain::ids::TaskId;
use clara::domain::operator::Act;
use clara::domain::submission::Submission;
use clara::domain::task::TaskStatus;
use clara::fault::{FaultKind, Resource};

use crate::store::common::{PRICE, kind, reason};
use crate::store::harness::{START, World, cases, origin};
use crate::store::judging::{QUOTE, TEXT, finished, judge, judgement, search};

cases![
    what_is_handed_in_beside_a_text_comes_back,
    sources_are_for_their_owner_alone,
    sources_are_gone_when_their_time_is_over,
    no_sources_are_kept_for_no_hours,
    sources_go_with_their_account,
];

async fn pieces(world: &World) -> i64 {
    world
        .number("SELECT COUNT(*) FROM task_source_pieces")
        .await
}

async fn what_is_handed_in_beside_a_text_comes_back(world: World) {
    let user = world.active("ada@example.org").await;
    let submission = Submission {
        text: TEXT.to_owned(),
        claims: vec![
            "The bridge opened in 1931.".to_owned(),
            "It is \"long\".".to_owned(),
        ],
        context: Some("Written in 1950.".to_owned()),
        check: Some(3),
        ..Submission::default()
    };
    let tasks = &world.services.tasks;
    let sent = submission.clone().into();
    let task = tasks
        .submit(&user.id, &sent, PRICE, &origin())
        .await
        .unwrap();
    let queue = &world.services.queue;
    let claimed = queue.claim("worker").await.unwrap().unwrap();
    assert_eq!(claimed.submission.claims, submission.claims);
    assert_eq!(claimed.submission.context, submission.context);
    assert_eq!(claimed.submission.check, submission.check);
    let part = world.store.tasks_part(&user.id, 0).await.unwrap();
    assert_eq!(part.rows[0].claims, submission.claims);
    assert_eq!(part.rows[0].context, submission.context);
    // They go when the text goes.
    assert!(queue.fail(&claimed.claim, &reason()).await.unwrap());
    let left = "SELECT COUNT(*) FROM tasks WHERE submitted_claims IS NOT NULL OR context IS NOT NULL OR kept_bytes <> 0";
    assert_eq!(world.number(left).await, 0);
    let sent = submission.into();
    let again = tasks
        .submit(&user.id, &sent, PRICE, &origin())
        .await
        .unwrap();
    assert_ne!(again.id, task.id);
    tasks.cancel(&user.id, &again.id, &origin()).await.unwrap();
    assert_eq!(world.number(left).await, 0);
}

async fn sources_are_for_their_owner_alone(world: World) {
    let ada = world.active("ada@example.org").await;
    let eve = world.active("eve@example.org").await;
    let task = finished(&world, &ada.id).await;
    // Whether or not they are in memory already.
    for _ in 0..2 {
        let missing = FaultKind::NotFound(Resource::Task);
        assert_eq!(kind(search(&world, &eve.id, &task).await), missing);
        let judged = judge(&world, &eve.id, &task, vec![judgement("c2", QUOTE)]).await;
        assert_eq!(kind(judged), missing);
        let kept = world.store.kept_sources(&eve.id, &task, START).await;
        assert!(kept.unwrap().is_none());
        search(&world, &ada.id, &task).await.unwrap();
    }
    let unknown: TaskId = format!("task_{}", "0".repeat(32)).parse().unwrap();
    let missing = kind(search(&world, &ada.id, &unknown).await);
    assert_eq!(missing, FaultKind::NotFound(Resource::Task));
}

async fn sources_are_gone_when_their_time_is_over(world: World) {
    let user = world.active("ada@example.org").await;
    let task = finished(&world, &user.id).await;
    let bytes = "SELECT kept_bytes FROM tasks";
    let with_sources = world.number(bytes).await;
    world
        .clock
        .advance(Duration::from_hours(24) - Duration::from_millis(1));
    assert!(search(&world, &user.id, &task).await.is_ok());
    world.clock.advance(Duration::from_millis(1));
    // Before anybody has thrown them away, and though they were in memory.
    assert_eq!(
        kind(search(&world, &user.id, &task).await),
        FaultKind::SourcesGone
    );
    let judged = judge(&world, &user.id, &task, vec![judgement("c2", QUOTE)]).await;
    let fault = judged.unwrap_err();
    assert_eq!(*fault.kind(), FaultKind::SourcesGone);
    assert!(fault.next_step().unwrap().contains("agent_analysis"));
    assert_eq!(pieces(&world).await, 1);
    let cleared = world.services.housekeeping.clear_due().await.unwrap();
    assert_eq!(cleared.unwrap().sources, 1);
    assert_eq!(pieces(&world).await, 0);
    assert!(world.number(bytes).await < with_sources);
    assert!(world.number(bytes).await > 0, "the report stays");
    assert_eq!(
        kind(search(&world, &user.id, &task).await),
        FaultKind::SourcesGone
    );
    let task = world.services.tasks.view(&user.id, &task).await.unwrap();
    assert_eq!(task.status, TaskStatus::Completed);
}

async fn no_sources_are_kept_for_no_hours(world: World) {
    let user = world.active("ada@example.org").await;
    let forgetful = world.keeping_sources_for(0);
    let task = finished(&forgetful, &user.id).await;
    assert_eq!(pieces(&world).await, 0);
    assert_eq!(
        kind(search(&world, &user.id, &task).await),
        FaultKind::SourcesGone
    );
}

async fn sources_go_with_their_account(world: World) {
    let user = world.active("ada@example.org").await;
    let task = finished(&world, &user.id).await;
    judge(&world, &user.id, &task, vec![judgement("c2", QUOTE)])
        .await
        .unwrap();
    search(&world, &user.id, &task).await.unwrap();
    let accounts = &world.services.accounts;
    accounts
        .remove(&user.id, Act::from(&origin()))
        .await
        .unwrap();
    let revisions = "SELECT COUNT(*) FROM task_revisions";
    assert_eq!(
        (pieces(&world).await, world.number(revisions).await),
        (0, 0)
    );
    let missing = kind(search(&world, &user.id, &task).await);
    assert_eq!(missing, FaultKind::NotFound(Resource::Task));
}
