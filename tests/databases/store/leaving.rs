//! An owner leaves: what proves that it is the owner, what is taken along, and that work under way ends with the account.

use std::fmt::Write as _;
use std::time::Duration;

use clara::domain::audit::AuditEvent;
use clara::domain::code::CodePurpose;
use clara::domain::operator::Act;
use clara::domain::password::Password;
use clara::domain::user::User;
use clara::fault::{Fault, FaultKind};
use clara::services::accounts::{ReauthCredentials, ReauthProof};
use clara::services::queue::Lease;
use clara::store::audit::AuditEntry;
use clara::store::outbox::MailOutcome;

use crate::store::common::{email, kind, newest_audit, other_than, signed, submit};
use crate::store::harness::{PASSWORD, World, cases, origin};

cases![
    the_password_proves_the_owner_and_nothing_else_does,
    with_a_second_factor_the_password_is_half_a_proof,
    without_a_password_a_mailed_code_is_the_proof,
    a_proof_is_worth_nothing_once_the_password_is_another,
    of_two_removals_with_one_code_one_removes,
    work_under_way_ends_with_its_account,
    the_last_mail_outlives_the_account_and_keeps_no_address,
    an_export_reads_every_row_once_however_many_there_are,
];

const ADA: &str = "ada@example.org";

fn shown(password: Option<&str>, code: Option<&str>) -> ReauthCredentials {
    ReauthCredentials {
        password: password.map(Into::into),
        code: code.map(|code| code.parse().unwrap()),
    }
}

async fn prove(
    world: &World,
    user: &User,
    shown: &ReauthCredentials,
) -> Result<ReauthProof, Fault> {
    let accounts = &world.services.accounts;
    accounts.prove_password(user, shown, &origin()).await
}

/// The digits of a new code.
async fn mailed(world: &World) -> String {
    let accounts = &world.services.accounts;
    let purpose = CodePurpose::TwoFactorAuth;
    accounts
        .send_code(&email(ADA), purpose, &origin())
        .await
        .unwrap();
    world.newest_code(ADA).as_str().to_owned()
}

fn names(fault: &Fault, field: &str) -> bool {
    match fault.kind() {
        FaultKind::InvalidFields(problems) => problems.iter().all(|problem| problem.field == field),
        _ => false,
    }
}

async fn the_password_proves_the_owner_and_nothing_else_does(world: World) {
    let user = world.active(ADA).await;
    let long = "x".repeat(100_000);
    for wrong in ["", "correct horse", &PASSWORD.to_uppercase(), &long] {
        let refused = prove(&world, &user, &shown(Some(wrong), Some("123456"))).await;
        assert_eq!(kind(refused), FaultKind::Unauthenticated, "{wrong:.20}");
        let (event, whose, good, details) = newest_audit(&world).await;
        assert_eq!(
            (event.as_str(), whose, good),
            ("proof_refused", Some(user.id.clone()), false)
        );
        assert_eq!(details, serde_json::json!({"reason": "password"}));
    }
    let code = mailed(&world).await;
    let missing = prove(&world, &user, &shown(None, Some(&code))).await;
    assert!(names(&missing.unwrap_err(), "password"));
    prove(&world, &user, &shown(Some(PASSWORD), None))
        .await
        .unwrap();
    assert_eq!(world.number("SELECT COUNT(*) FROM users").await, 1);
}

async fn with_a_second_factor_the_password_is_half_a_proof(world: World) {
    let user = world.active(ADA).await;
    let accounts = &world.services.accounts;
    let on = mailed(&world).await.parse().unwrap();
    let user = accounts
        .enable_2fa(&user.id, &on, None, &origin())
        .await
        .unwrap();
    let missing = prove(&world, &user, &shown(Some(PASSWORD), None)).await;
    assert!(matches!(
        kind(missing),
        FaultKind::SecondFactorRequired { .. }
    ));
    let code = mailed(&world).await;
    let wrong = other_than(&code.parse().unwrap());
    let refused = prove(&world, &user, &shown(Some(PASSWORD), Some(wrong.as_str()))).await;
    assert!(matches!(
        kind(refused),
        FaultKind::SecondFactorRequired { .. }
    ));
    let half = prove(&world, &user, &shown(Some("wrong"), Some(&code))).await;
    assert_eq!(kind(half), FaultKind::Unauthenticated);
    let proven = prove(&world, &user, &shown(Some(PASSWORD), Some(&code)))
        .await
        .unwrap();
    accounts.remove_own(&user, proven, &origin()).await.unwrap();
    assert_eq!(world.number("SELECT COUNT(*) FROM users").await, 0);
}

async fn without_a_password_a_mailed_code_is_the_proof(world: World) {
    let user = world.active(ADA).await;
    world
        .tamper("UPDATE users SET password_hash = NULL")
        .await
        .unwrap();
    let missing = prove(&world, &user, &shown(Some(PASSWORD), None)).await;
    assert!(names(&missing.unwrap_err(), "code"));
    let code = mailed(&world).await;
    let wrong = other_than(&code.parse().unwrap());
    let refused = prove(&world, &user, &shown(None, Some(wrong.as_str()))).await;
    assert_eq!(kind(refused), FaultKind::Unauthenticated);
    let proven = prove(&world, &user, &shown(None, Some(&code)))
        .await
        .unwrap();
    let accounts = &world.services.accounts;
    accounts.remove_own(&user, proven, &origin()).await.unwrap();
    let (event, whose, _, details) = newest_audit(&world).await;
    assert_eq!((event.as_str(), whose), ("account_removed", Some(user.id)));
    assert_eq!(details, serde_json::json!({"by": "owner"}));
}

async fn a_proof_is_worth_nothing_once_the_password_is_another(world: World) {
    let user = world.active(ADA).await;
    let accounts = &world.services.accounts;
    let by_old = shown(Some(PASSWORD), None);
    let to_export = prove(&world, &user, &by_old).await.unwrap();
    let to_remove = prove(&world, &user, &by_old).await.unwrap();
    let purpose = CodePurpose::ChangePassword;
    accounts
        .send_code(&email(ADA), purpose, &origin())
        .await
        .unwrap();
    let code = world.newest_code(ADA);
    let another = Password::new("another password".to_owned()).unwrap();
    accounts
        .change_password(&email(ADA), &another, (&code).into(), None, &origin())
        .await
        .unwrap();
    let exports = &world.services.exports;
    let act = Act::from(&origin());
    let refused = exports.begin(&user.id, Some(to_export), &act).await;
    assert_eq!(refused.err().unwrap().kind(), &FaultKind::Unauthenticated);
    let refused = accounts.remove_own(&user, to_remove, &origin()).await;
    assert_eq!(kind(refused), FaultKind::Unauthenticated);
    assert_eq!(world.number("SELECT COUNT(*) FROM users").await, 1);
    let traces =
        "SELECT COUNT(*) FROM audit_entries WHERE event IN ('data_exported', 'account_removed')";
    assert_eq!(world.number(traces).await, 0);
    assert_eq!(
        world
            .number("SELECT COUNT(*) FROM mails WHERE kind = 'account_deleted'")
            .await,
        0
    );
}

async fn of_two_removals_with_one_code_one_removes(world: World) {
    let user = world.active(ADA).await;
    world
        .tamper("UPDATE users SET password_hash = NULL")
        .await
        .unwrap();
    let code = mailed(&world).await;
    let by_code = shown(None, Some(&code));
    let elsewhere = world.another_process().await;
    let first = prove(&world, &user, &by_code).await.unwrap();
    let second = prove(&elsewhere, &user, &by_code).await.unwrap();
    let from = origin();
    let (one, two) = tokio::join!(
        world.services.accounts.remove_own(&user, first, &from),
        elsewhere.services.accounts.remove_own(&user, second, &from),
    );
    assert_eq!(u32::from(one.is_ok()) + u32::from(two.is_ok()), 1);
    let removals = "SELECT COUNT(*) FROM audit_entries WHERE event = 'account_removed'";
    assert_eq!(world.number(removals).await, 1);
    elsewhere.store.close().await;
}

async fn work_under_way_ends_with_its_account(world: World) {
    let user = world.active(ADA).await;
    let running = submit(&world, &user.id).await;
    let waiting = submit(&world, &user.id).await;
    let queue = &world.services.queue;
    let claimed = queue.claim("worker").await.unwrap().unwrap();
    assert_eq!(claimed.claim.task_id, running.id);
    let accounts = &world.services.accounts;
    accounts.remove(&user.id, signed("Asked to")).await.unwrap();
    assert_eq!(world.number("SELECT COUNT(*) FROM tasks").await, 0);
    let lease = queue.renew(&claimed.claim, 50).await.unwrap();
    assert_eq!(lease, Lease::Lost, "the worker stops");
    let report = serde_json::json!({"format": "clara-report/1"});
    let kept = queue.complete(&claimed.claim, &report).await.unwrap();
    assert!(!kept, "nothing of it is stored");
    assert!(queue.claim("worker").await.unwrap().is_none());
    let task = world.services.tasks.view(&user.id, &waiting.id).await;
    assert!(task.is_err());
    // What was reserved stays in the books, and nobody is left to give it back to.
    let reserved = "SELECT COUNT(*) FROM ledger_entries WHERE direction = 'DEBIT'";
    assert_eq!(world.number(reserved).await, 2);
}

async fn the_last_mail_outlives_the_account_and_keeps_no_address(world: World) {
    let user = world.active(ADA).await;
    let bob = world.active("bob@example.org").await;
    let accounts = &world.services.accounts;
    accounts.remove(&user.id, &origin()).await.unwrap();
    let mails = world.mails();
    let last = mails.last().unwrap();
    assert!(last.contains("Subject: Your Clara account was deleted") && last.contains(ADA));
    assert!(!last.contains("Lovelace"), "no word of it is theirs");
    let nobodys = "SELECT COUNT(*) FROM mails WHERE user_id IS NULL AND recipient = '' AND sent_at IS NOT NULL";
    assert_eq!(world.number(nobodys).await, 1);
    // One that is given up keeps no address either; one of a living account keeps it.
    world
        .tamper(
            "INSERT INTO mails (id, user_id, kind, recipient, subject, body_text, body_html, created_at, due_at) \
             VALUES ('mail_1', NULL, 'account_deleted', 'ada@example.org', 's', 't', 'h', 1, 1)",
        )
        .await
        .unwrap();
    let store = &world.store;
    let mail = store.claim_mail(Duration::from_mins(1)).await.unwrap();
    let now = crate::store::harness::START;
    let mail = mail.unwrap();
    assert_eq!(mail.recipient, ADA, "until it is out it knows where to");
    store
        .settle_mail(&mail, &MailOutcome::Later(Duration::ZERO), now)
        .await
        .unwrap();
    let mail = store.claim_mail(Duration::from_mins(1)).await.unwrap();
    let entry = AuditEntry {
        at: now,
        user_id: None,
        event: AuditEvent::MailDropped,
        good: false,
        origin: origin(),
        details: serde_json::json!({}),
    };
    store
        .settle_mail(&mail.unwrap(), &MailOutcome::Dropped(entry), now)
        .await
        .unwrap();
    let held = "SELECT COUNT(*) FROM mails WHERE recipient = 'ada@example.org'";
    assert_eq!(world.number(held).await, 0);
    let bobs = "SELECT COUNT(*) FROM mails WHERE recipient = 'bob@example.org'";
    assert!(world.number(bobs).await > 0, "{}", bob.id);
}

/// Reads a list to its end: its rows, and in how many parts they came.
macro_rules! whole {
    ($export:ident.$read:ident) => {{
        let (mut rows, mut parts) = (Vec::new(), 0);
        let mut after = Some(0);
        while let Some(from) = after {
            let part = $export.$read(from).await.unwrap();
            rows.extend(part.rows);
            after = part.next;
            parts += 1;
        }
        (rows, parts)
    }};
}

async fn an_export_reads_every_row_once_however_many_there_are(world: World) {
    let user = world.active(ADA).await;
    let bob = world.active("bob@example.org").await;
    submit(&world, &bob.id).await;
    for _ in 0..5 {
        submit(&world, &user.id).await;
    }
    // Two whole parts, and one row.
    let mut many = String::new();
    for number in 0..401 {
        write!(
            many,
            "INSERT INTO audit_entries (created_at, user_id, event, good, face, request_id, details) \
             VALUES ({number}, '{}', 'counted', TRUE, 'test', '', '{{}}');",
            user.id
        )
        .unwrap();
    }
    world.tamper(many.leak()).await.unwrap();
    let exports = &world.services.exports;
    let by_operator = signed("Request of the owner");
    let export = exports.begin(&user.id, None, &by_operator).await.unwrap();
    let details = newest_audit(&world).await.3;
    assert_eq!(details["reason"], "Request of the owner");
    let (trail, parts) = whole!(export.trail);
    assert!(parts >= 3, "{parts}");
    let counted: Vec<i64> = trail
        .iter()
        .filter(|entry| entry.event == "counted")
        .map(|entry| entry.at.0)
        .collect();
    assert_eq!(counted, (0..401).collect::<Vec<i64>>());
    assert!(
        trail
            .iter()
            .all(|entry| entry.user_id.as_ref() == Some(&user.id))
    );
    let (tasks, parts) = whole!(export.tasks);
    assert_eq!((tasks.len(), parts), (5, 2), "the second part is empty");
    assert!(tasks.iter().all(|whole| whole.task.user_id == user.id));
    let (entries, _) = whole!(export.entries);
    assert_eq!(entries.len(), 6);
    let (mails, _) = whole!(export.mails);
    assert_eq!(mails.len(), 1);
    let (sessions, _) = whole!(export.sessions);
    assert_eq!(sessions.len(), 1);
    let profile = export.profile().await.unwrap();
    assert!(profile.has_password && !profile.has_google && profile.api_key.is_some());
    drop(export);
    world
        .services
        .accounts
        .remove(&user.id, &origin())
        .await
        .unwrap();
    let gone = exports.begin(&user.id, None, &by_operator).await;
    assert!(matches!(gone.err().unwrap().kind(), FaultKind::NotFound(_)));
}
