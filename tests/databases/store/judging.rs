//! What is kept of a finished analysis, for whom and how long; who judges its claims; and what costs nothing.

use std::sync::Arc;

use clara::analysis::engine::builtin::Builtin;
use clara::analysis::judging::{CallerJudgement, CallerQuote};
use clara::analysis::material::Material;
use clara::analysis::pipeline::{self, Control};
use clara::analysis::report::{self, EngineInfo, Milliseconds, ReportInput};
use clara::domain::credits::Credits;
use clara::domain::evidence::{Source, SourceKind};
use clara::domain::ids::{TaskId, UserId};
use clara::domain::task::{TaskStatus, Waiver};
use clara::domain::text::Text;
use clara::domain::verdict::Verdict;
use clara::fault::{Fault, FaultKind};
use clara::services::judging::{JudgedReport, MAX_REVISIONS};
use clara::services::queue::Completion;
use serde_json::{Value, json};

use crate::store::common::{balance, kind, newest_audit, reason, submit};
use crate::store::harness::{START, World, cases, origin};

cases![
    a_task_without_a_report_is_not_judged,
    a_judgement_makes_a_revision,
    a_refused_judgement_changes_nothing,
    two_who_judge_at_once_both_land,
    a_report_is_judged_fifty_times,
    a_full_account_judges_nothing,
    an_older_report_is_judged_too,
    nothing_checked_costs_nothing,
];

pub(crate) const TEXT: &str = "The bridge opened in 1931. The toll was abolished by the council.";
pub(crate) const EVIDENCE: &str =
    "The bridge opened in 1933. In 1962 the councillors put an end to the toll.";
pub(crate) const QUOTE: &str = "In 1962 the councillors put an end to the toll.";

fn source(id: &str, kind: SourceKind, name: &str, text: &str) -> Source {
    Source {
        id: id.to_owned(),
        kind,
        name: name.to_owned(),
        title: None,
        url: None,
        publisher: None,
        published_at: None,
        retrieved_at: START,
        sha256: "0".repeat(64),
        text: Text::new(text.to_owned()),
        language: None,
        places: Vec::new(),
        records: Vec::new(),
        layouts: Vec::new(),
        read: None,
        unread: Vec::new(),
    }
}

/// A report of [`TEXT`] by the builtin engine, and the sources that it rests on.
pub(crate) fn analysed() -> (Value, Vec<u8>) {
    let submission = source(
        Source::SUBMISSION,
        SourceKind::Submission,
        Source::SUBMISSION,
        TEXT,
    );
    let sources = vec![source("s1", SourceKind::Attachment, "bridge.txt", EVIDENCE)];
    let weighed = pipeline::weigh(&submission, &sources, &Builtin, Control::NONE);
    let report = report::build(ReportInput {
        submission: &submission,
        sources: &sources,
        judged: weighed.claims,
        not_checked: weighed.not_checked,
        queries: Vec::new(),
        limits: Vec::new(),
        engine: EngineInfo {
            name: "builtin".to_owned(),
            version: "1".to_owned(),
            model: None,
            judge: None,
        },
        milliseconds: Milliseconds::default(),
    });
    let material = Material {
        submission,
        sources,
    };
    (json!(report), material.to_bytes().unwrap())
}

/// A finished task of this account.
pub(crate) async fn finished(world: &World, user: &UserId) -> TaskId {
    let (report, sources) = analysed();
    let task = submit(world, user).await;
    let queue = &world.services.queue;
    let claimed = queue.claim("worker").await.unwrap().unwrap();
    let completion = Completion {
        report: &report,
        sources: Some(&sources),
        waiver: None,
    };
    assert!(queue.complete(&claimed.claim, completion).await.unwrap());
    task.id
}

pub(crate) fn judgement(claim: &str, quote: &str) -> CallerJudgement {
    CallerJudgement {
        claim: claim.to_owned(),
        verdict: Verdict::Supported,
        quotes: vec![CallerQuote {
            source: "s1".to_owned(),
            text: quote.to_owned(),
            stance: None,
        }],
        rationale: "The source says so in other words.".to_owned(),
        correction: None,
    }
}

pub(crate) async fn judge(
    world: &World,
    user: &UserId,
    task: &TaskId,
    judgements: Vec<CallerJudgement>,
) -> Result<JudgedReport, Fault> {
    let judging = &world.services.judging;
    let by = "example-model-1".to_owned();
    judging.judge(user, task, judgements, by, &origin()).await
}

pub(crate) async fn search(world: &World, user: &UserId, task: &TaskId) -> Result<usize, Fault> {
    let judging = &world.services.judging;
    let found = judging.search(user, task, "councillors toll".to_owned(), None, 5);
    found.await.map(|passages| passages.len())
}

async fn a_task_without_a_report_is_not_judged(world: World) {
    let user = world.active("ada@example.org").await;
    let task = submit(&world, &user.id).await;
    let no_report = |status| FaultKind::NoReport(status);
    let judged = judge(&world, &user.id, &task.id, vec![judgement("c1", QUOTE)]).await;
    assert_eq!(kind(judged), no_report(TaskStatus::Pending));
    let queue = &world.services.queue;
    let claimed = queue.claim("worker").await.unwrap().unwrap();
    assert_eq!(
        kind(search(&world, &user.id, &task.id).await),
        no_report(TaskStatus::Running)
    );
    queue.fail(&claimed.claim, &reason()).await.unwrap();
    let judged = judge(&world, &user.id, &task.id, vec![judgement("c1", QUOTE)]).await;
    assert_eq!(kind(judged), no_report(TaskStatus::Failed));
}

async fn a_judgement_makes_a_revision(world: World) {
    let user = world.active("ada@example.org").await;
    let task = finished(&world, &user.id).await;
    let before = world.services.tasks.view(&user.id, &task).await.unwrap();
    let before = before.result.unwrap();
    let paid = balance(&world, &user.id).await;
    let judged = judge(&world, &user.id, &task, vec![judgement("c2", QUOTE)]).await;
    let judged = judged.unwrap();
    assert!(judged.outcomes[0].result.is_ok(), "{:?}", judged.outcomes);
    let after = world.services.tasks.view(&user.id, &task).await.unwrap();
    let after = after.result.unwrap();
    assert_eq!(after, json!(judged.report));
    assert_eq!(
        (&before["revision"], &after["revision"]),
        (&json!(1), &json!(2))
    );
    let claim = &after["claims"][1];
    assert_eq!(claim["verdict"], "supported");
    assert_eq!(claim["evidence"][0]["quote"], QUOTE);
    assert_eq!(claim["judged_by"]["model"], "example-model-1");
    assert_eq!(after["claims"][0], before["claims"][0], "nobody judged it");
    let earlier = world
        .store
        .replaced_report(&task, 0)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((earlier.revision, earlier.report), (1, before));
    assert!(
        world
            .store
            .replaced_report(&task, 1)
            .await
            .unwrap()
            .is_none()
    );
    let (listed, _) = world
        .services
        .tasks
        .list(&user.id, clara::domain::page::Page::default())
        .await
        .unwrap();
    assert_eq!(
        listed[0].result.as_ref().unwrap()["counts"],
        after["counts"]
    );
    assert_eq!(balance(&world, &user.id).await, paid, "judging is free");
    let (event, whose, good, details) = newest_audit(&world).await;
    assert_eq!(
        (event.as_str(), whose, good),
        ("task_judged", Some(user.id), true)
    );
    assert_eq!(details, json!({"task": task, "revision": 2, "accepted": 1}));
}

async fn a_refused_judgement_changes_nothing(world: World) {
    let user = world.active("ada@example.org").await;
    let task = finished(&world, &user.id).await;
    let made_up = judgement("c2", "In 1962 the councillors doubled the toll again.");
    let judged = judge(
        &world,
        &user.id,
        &task,
        vec![made_up, judgement("c9", QUOTE)],
    )
    .await;
    let judged = judged.unwrap();
    assert_eq!(judged.report.revision, 1);
    assert!(
        judged
            .outcomes
            .iter()
            .all(|outcome| outcome.result.is_err())
    );
    let stored = world.services.tasks.view(&user.id, &task).await.unwrap();
    assert_eq!(stored.result.unwrap()["revision"], 1);
    assert_eq!(world.number("SELECT COUNT(*) FROM task_revisions").await, 0);
    // A good one beside a bad one stands.
    let both = vec![judgement("c9", QUOTE), judgement("c2", QUOTE)];
    let judged = judge(&world, &user.id, &task, both).await.unwrap();
    assert_eq!(judged.report.revision, 2);
    let accepted: Vec<bool> = judged
        .outcomes
        .iter()
        .map(|one| one.result.is_ok())
        .collect();
    assert_eq!(accepted, [false, true]);
}

async fn two_who_judge_at_once_both_land(world: World) {
    let user = world.active("ada@example.org").await;
    let task = finished(&world, &user.id).await;
    let elsewhere = Arc::new(world.another_process().await);
    let here = Arc::new(world.clone());
    let mut judging = tokio::task::JoinSet::new();
    for index in 0..8 {
        let world = if index % 2 == 0 {
            here.clone()
        } else {
            elsewhere.clone()
        };
        let (user, task) = (user.id.clone(), task.clone());
        let judgement = match index % 2 {
            0 => judgement("c2", QUOTE),
            _ => CallerJudgement {
                verdict: Verdict::Refuted,
                ..judgement("c1", "The bridge opened in 1933.")
            },
        };
        judging.spawn(async move { judge(&world, &user, &task, vec![judgement]).await });
    }
    let mut revisions = Vec::new();
    while let Some(judged) = judging.join_next().await {
        revisions.push(judged.unwrap().unwrap().report.revision);
    }
    revisions.sort_unstable();
    assert_eq!(
        revisions,
        [2, 3, 4, 5, 6, 7, 8, 9],
        "each is a revision of its own"
    );
    let stored = world.services.tasks.view(&user.id, &task).await.unwrap();
    let stored = stored.result.unwrap();
    assert_eq!(stored["revision"], 9);
    for claim in 0..2 {
        assert_eq!(
            stored["claims"][claim]["judged_by"]["model"],
            "example-model-1"
        );
        let before = stored["claims"][claim]["judged_before"].as_array().unwrap();
        assert_eq!(before.len(), 4, "nobody's verdict was lost");
    }
    assert_eq!(world.number("SELECT COUNT(*) FROM task_revisions").await, 8);
    elsewhere.store.close().await;
}

async fn a_report_is_judged_fifty_times(world: World) {
    let user = world.active("ada@example.org").await;
    let task = finished(&world, &user.id).await;
    let most = MAX_REVISIONS;
    for _ in 0..most {
        judge(&world, &user.id, &task, vec![judgement("c2", QUOTE)])
            .await
            .unwrap();
    }
    let judged = judge(&world, &user.id, &task, vec![judgement("c2", QUOTE)]).await;
    assert_eq!(kind(judged), FaultKind::TooManyRevisions { most });
    let revisions = "SELECT COUNT(*) FROM task_revisions";
    assert_eq!(world.number(revisions).await, i64::from(most));
}

async fn a_full_account_judges_nothing(world: World) {
    let user = world.active("ada@example.org").await;
    let task = finished(&world, &user.id).await;
    world
        .tamper("UPDATE tasks SET kept_bytes = 50000000")
        .await
        .unwrap();
    let judged = judge(&world, &user.id, &task, vec![judgement("c2", QUOTE)]).await;
    assert!(matches!(kind(judged), FaultKind::RateLimited { .. }));
    let stored = world.services.tasks.view(&user.id, &task).await.unwrap();
    assert_eq!(stored.result.unwrap()["revision"], 1);
    assert_eq!(world.number("SELECT revision FROM tasks").await, 1);
}

async fn an_older_report_is_judged_too(world: World) {
    let user = world.active("ada@example.org").await;
    let (mut report, sources) = analysed();
    report["format"] = json!("clara-report/1");
    report.as_object_mut().unwrap().remove("revision");
    submit(&world, &user.id).await;
    let queue = &world.services.queue;
    let claimed = queue.claim("worker").await.unwrap().unwrap();
    let completion = Completion {
        report: &report,
        sources: Some(&sources),
        waiver: None,
    };
    queue.complete(&claimed.claim, completion).await.unwrap();
    let task = &claimed.claim.task_id;
    let viewed = world.services.tasks.view(&user.id, task).await.unwrap();
    assert_eq!(viewed.result.unwrap()["format"], "clara-report/1");
    let judged = judge(&world, &user.id, task, vec![judgement("c2", QUOTE)])
        .await
        .unwrap();
    assert_eq!(judged.report.format, report::FORMAT);
    assert_eq!(judged.report.revision, 2);
}

async fn nothing_checked_costs_nothing(world: World) {
    let user = world.active("ada@example.org").await;
    let (report, _) = analysed();
    for (waiver, words) in [
        (Waiver::NoClaim, "found no claim"),
        (Waiver::NoSource, "had no source to check against"),
    ] {
        let task = submit(&world, &user.id).await;
        assert_eq!(balance(&world, &user.id).await, Credits::whole(80));
        let queue = &world.services.queue;
        let claimed = queue.claim("worker").await.unwrap().unwrap();
        let completion = Completion {
            report: &report,
            sources: None,
            waiver: Some(waiver),
        };
        assert!(queue.complete(&claimed.claim, completion).await.unwrap());
        assert_eq!(balance(&world, &user.id).await, Credits::whole(100));
        let entries = world.store.entries_part(&user.id, 0).await.unwrap().rows;
        let refund = entries.last().unwrap();
        assert!(refund.description.contains(words), "{}", refund.description);
        assert!(refund.description.contains(task.id.as_str()));
        // Once, whoever comes again.
        assert!(!queue.complete(&claimed.claim, &report).await.unwrap());
        assert_eq!(balance(&world, &user.id).await, Credits::whole(100));
        let ended = world.services.tasks.view(&user.id, &task.id).await.unwrap();
        assert_eq!(ended.status, TaskStatus::Completed);
    }
}
