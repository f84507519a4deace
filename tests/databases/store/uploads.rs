//! Files that come before their analysis: in parts, each where the one before ended, for their owner alone, and for a day.

use std::sync::Arc;
use std::time::Duration;

use clara::domain::file_digest::FileDigest;
use clara::domain::ids::{UploadId, UserId};
use clara::domain::operator::Act;
use clara::domain::task::Task;
use clara::fault::{Fault, FaultKind, Resource};
use clara::services::uploads::{MAX_UPLOADS, NewPart, Upload};
use clara::store::tasks::{FileBytes, NewFile, NewSubmission};
use sha2::{Digest as _, Sha256};

use crate::store::common::{PRICE, balance, kind, reason};
use crate::store::harness::{World, cases, origin};

cases![
    a_file_in_parts_is_whole_at_its_last_byte,
    a_part_goes_on_where_the_one_before_ended,
    two_same_parts_at_once_are_stored_once,
    an_upload_of_another_does_not_exist,
    a_file_that_differs_is_gone_again,
    an_upload_is_gone_after_a_day,
    an_account_has_only_so_many_uploads,
    uploads_go_with_their_account,
];

fn digest(bytes: &[u8]) -> FileDigest {
    FileDigest::of_bytes(&Sha256::digest(bytes).into())
}

fn first(bytes: &[u8], whole: usize) -> NewPart {
    NewPart {
        name: "report.txt".to_owned(),
        upload: None,
        request: None,
        offset: 0,
        size_bytes: Some(whole as u64),
        sha256: None,
        bytes: FileBytes::Held(Arc::from(bytes)),
    }
}

fn next(upload: &Upload, bytes: &[u8]) -> NewPart {
    NewPart {
        upload: Some(upload.id.clone()),
        offset: upload.received_bytes,
        size_bytes: None,
        ..first(bytes, 1)
    }
}

fn with(upload: &Upload) -> NewSubmission {
    NewSubmission {
        text: "The bridge opened in 1931.".to_owned(),
        claims: Vec::new(),
        context: None,
        check: None,
        files: vec![NewFile {
            name: "report.txt".to_owned(),
            url: None,
            charset: None,
            bytes: FileBytes::Uploaded {
                id: upload.id.clone(),
                length: upload.size_bytes,
                sha256: digest(b""),
            },
        }],
    }
}

async fn submit(world: &World, user: &UserId, upload: &Upload) -> Result<Task, Fault> {
    let tasks = &world.services.tasks;
    tasks.submit(user, &with(upload), PRICE, &origin()).await
}

async fn a_file_in_parts_is_whole_at_its_last_byte(world: World) {
    let user = world.active("ada@example.org").await;
    let uploads = &world.services.uploads;
    // More than one piece of the store in the first part, and pieces of unlike sizes.
    let bytes: Vec<u8> = (0..700_000_u32)
        .map(|number| (number % 251) as u8)
        .collect();
    let (head, tail) = bytes.split_at(600_001);
    let begun = uploads
        .add(&user.id, first(head, bytes.len()))
        .await
        .unwrap();
    assert_eq!(
        (begun.received_bytes, begun.sha256.clone()),
        (600_001, None)
    );
    let submitted = submit(&world, &user.id, &begun).await;
    assert_eq!(kind(submitted), FaultKind::NotFound(Resource::Upload));
    let whole = uploads.add(&user.id, next(&begun, tail)).await.unwrap();
    assert_eq!(whole.sha256, Some(digest(&bytes)));
    assert_eq!(uploads.view(&user.id, &whole.id).await.unwrap(), whole);
    // One upload serves several analyses.
    for _ in 0..2 {
        submit(&world, &user.id, &whole).await.unwrap();
        let claimed = world.services.queue.claim("worker").await.unwrap().unwrap();
        assert!(*claimed.submission.attachments[0].bytes == *bytes);
        assert!(
            world
                .services
                .queue
                .fail(&claimed.claim, &reason())
                .await
                .unwrap()
        );
    }
}

async fn a_part_goes_on_where_the_one_before_ended(world: World) {
    let user = world.active("ada@example.org").await;
    let uploads = &world.services.uploads;
    let begun = uploads
        .add(&user.id, first(b"The bridge", 26))
        .await
        .unwrap();
    for (offset, problem) in [(0, "must be 10"), (9, "must be 10"), (11, "must be 10")] {
        let part = NewPart {
            offset,
            ..next(&begun, b" opened")
        };
        let refused = format!("{:?}", kind(uploads.add(&user.id, part).await));
        assert!(refused.contains(problem), "{refused}");
    }
    let too_much = kind(
        uploads
            .add(&user.id, next(&begun, b" opened in 1931. "))
            .await,
    );
    assert!(format!("{too_much:?}").contains("is 26"), "{too_much:?}");
    let whole = uploads
        .add(&user.id, next(&begun, b" opened in 1931."))
        .await;
    assert_eq!(
        whole.unwrap().sha256,
        Some(digest(b"The bridge opened in 1931."))
    );
}

async fn two_same_parts_at_once_are_stored_once(world: World) {
    let user = world.active("ada@example.org").await;
    let uploads = &world.services.uploads;
    let begun = uploads.add(&user.id, first(b"12345", 10)).await.unwrap();
    let (one, other) = tokio::join!(
        uploads.add(&user.id, next(&begun, b"67890")),
        uploads.add(&user.id, next(&begun, b"67890")),
    );
    assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
    let whole = uploads.view(&user.id, &begun.id).await.unwrap();
    assert_eq!(whole.sha256, Some(digest(b"1234567890")));
    assert_eq!(world.number("SELECT COUNT(*) FROM upload_pieces").await, 2);
}

async fn an_upload_of_another_does_not_exist(world: World) {
    let (ada, bob) = (
        world.active("ada@example.org").await,
        world.active("bob@example.org").await,
    );
    let uploads = &world.services.uploads;
    let whole = uploads.add(&ada.id, first(b"words", 5)).await.unwrap();
    let begun = uploads.add(&ada.id, first(b"words", 10)).await.unwrap();
    let gone = FaultKind::NotFound(Resource::Upload);
    assert_eq!(kind(uploads.view(&bob.id, &whole.id).await), gone);
    assert_eq!(
        kind(uploads.add(&bob.id, next(&begun, b"words")).await),
        gone
    );
    let before = balance(&world, &bob.id).await;
    let submitted = submit(&world, &bob.id, &whole).await;
    assert_eq!(kind(submitted), gone);
    assert_eq!(balance(&world, &bob.id).await, before, "nothing was paid");
    assert_eq!(world.number("SELECT COUNT(*) FROM tasks").await, 0);
}

async fn a_file_that_differs_is_gone_again(world: World) {
    let user = world.active("ada@example.org").await;
    let uploads = &world.services.uploads;
    let wanted = Some(digest(b"The bridge opened in 1931."));
    let at_once = NewPart {
        sha256: wanted.clone(),
        ..first(b"The bridge opened in 1937.", 26)
    };
    let refused = format!("{:?}", kind(uploads.add(&user.id, at_once).await));
    assert!(
        refused.contains("sha256") && refused.contains("begin"),
        "{refused}"
    );
    let begun = uploads
        .add(&user.id, first(b"The bridge", 26))
        .await
        .unwrap();
    let last = NewPart {
        sha256: wanted,
        ..next(&begun, b" opened in 1937.")
    };
    assert!(uploads.add(&user.id, last).await.is_err());
    assert_eq!(world.number("SELECT COUNT(*) FROM uploads").await, 0);
    assert_eq!(world.number("SELECT COUNT(*) FROM upload_pieces").await, 0);
}

async fn an_upload_is_gone_after_a_day(world: World) {
    let user = world.active("ada@example.org").await;
    let uploads = &world.services.uploads;
    let whole = uploads.add(&user.id, first(b"words", 5)).await.unwrap();
    let begun = uploads.add(&user.id, first(b"words", 10)).await.unwrap();
    world.clock.advance(Duration::from_hours(25));
    let gone = FaultKind::NotFound(Resource::Upload);
    assert_eq!(kind(uploads.view(&user.id, &whole.id).await), gone);
    assert_eq!(
        kind(uploads.add(&user.id, next(&begun, b"words")).await),
        gone
    );
    let cleared = world
        .services
        .housekeeping
        .clear_due()
        .await
        .unwrap()
        .unwrap();
    assert_eq!(cleared.uploads, 2);
    assert_eq!(world.number("SELECT COUNT(*) FROM upload_pieces").await, 0);
}

async fn an_account_has_only_so_many_uploads(world: World) {
    let user = world.active("ada@example.org").await;
    let uploads = &world.services.uploads;
    for _ in 0..MAX_UPLOADS {
        uploads.add(&user.id, first(b"words", 5)).await.unwrap();
    }
    let refused = kind(uploads.add(&user.id, first(b"words", 5)).await);
    assert!(
        matches!(refused, FaultKind::RateLimited { .. }),
        "{refused:?}"
    );
    let other = world.active("bob@example.org").await;
    uploads.add(&other.id, first(b"words", 5)).await.unwrap();
    let unknown = NewPart {
        upload: Some(
            "upload_0123456789abcdef0123456789abcdef"
                .parse::<UploadId>()
                .unwrap(),
        ),
        ..first(b"words", 5)
    };
    let refused = kind(uploads.add(&user.id, unknown).await);
    assert_eq!(refused, FaultKind::NotFound(Resource::Upload));
}

async fn uploads_go_with_their_account(world: World) {
    let user = world.active("ada@example.org").await;
    let uploads = &world.services.uploads;
    uploads.add(&user.id, first(b"words", 5)).await.unwrap();
    let accounts = &world.services.accounts;
    accounts
        .remove(&user.id, Act::from(&origin()))
        .await
        .unwrap();
    assert_eq!(world.number("SELECT COUNT(*) FROM uploads").await, 0);
    assert_eq!(world.number("SELECT COUNT(*) FROM upload_pieces").await, 0);
}
