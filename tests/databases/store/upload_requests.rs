//! Files that a program asks a person for: dropped by the account alone, in time, so many, and for one call.

use std::sync::Arc;
use std::time::Duration;

use clara::domain::ids::{UploadId, UserId};
use clara::domain::operator::Act;
use clara::fault::{FaultKind, Resource};
use clara::services::upload_requests::{
    AskedForUploads, DroppedFiles, Ended, MAX_OPEN_REQUESTS, NotAdded, Removed,
};
use clara::services::uploads::{NewPart, Upload};
use clara::store::tasks::FileBytes;

use crate::store::common::kind;
use crate::store::harness::{World, cases, origin};

cases![
    dropped_files_go_to_their_call,
    a_request_has_room_for_so_many_files,
    one_of_two_same_files_at_once_is_stored,
    another_account_drops_and_takes_nothing,
    fifteen_minutes_are_all_a_request_has,
    a_removed_file_is_gone_from_its_request,
    only_an_open_request_loses_files,
    a_declined_request_keeps_no_file,
    a_withdrawn_request_keeps_no_file,
    an_account_has_only_so_many_requests,
    upload_requests_go_with_their_account,
];

const CALL: &str = "call";

async fn asked(world: &World, user: &UserId) -> AskedForUploads {
    let requests = &world.services.upload_requests;
    requests.ask(user, CALL, 3).await.unwrap()
}

fn file(asked: &AskedForUploads, name: &str) -> NewPart {
    NewPart {
        name: name.to_owned(),
        upload: None,
        request: Some(asked.id.clone()),
        offset: 0,
        size_bytes: None,
        sha256: None,
        bytes: FileBytes::Held(Arc::from(&b"words"[..])),
    }
}

async fn drop_file(
    world: &World,
    user: &UserId,
    asked: &AskedForUploads,
    name: &str,
) -> Result<Upload, FaultKind> {
    let added = world.services.uploads.add(user, file(asked, name)).await;
    added.map_err(|fault| fault.kind().clone())
}

async fn end(world: &World, user: &UserId, asked: &AskedForUploads, is_declined: bool) -> Ended {
    let requests = &world.services.upload_requests;
    requests.end(&asked.id, user, is_declined).await.unwrap()
}

async fn take(world: &World, user: &UserId, asked: &AskedForUploads, call: &str) -> DroppedFiles {
    let requests = &world.services.upload_requests;
    requests.take(&asked.ticket, user, call).await.unwrap()
}

fn over() -> FaultKind {
    FaultKind::NotFound(Resource::PageRequest)
}

async fn dropped_files_go_to_their_call(world: World) {
    let ada = world.active("ada@example.org").await.id;
    let request = asked(&world, &ada).await;
    assert_eq!(end(&world, &ada, &request, false).await, Ended::Empty);
    drop_file(&world, &ada, &request, "a.txt").await.unwrap();
    drop_file(&world, &ada, &request, "b.txt").await.unwrap();
    let early = take(&world, &ada, &request, CALL).await;
    assert!(matches!(early, DroppedFiles::NotYet));
    assert_eq!(end(&world, &ada, &request, false).await, Ended::Done);
    assert_eq!(end(&world, &ada, &request, false).await, Ended::Over);
    let late = drop_file(&world, &ada, &request, "c.txt").await;
    assert_eq!(late.unwrap_err(), over());
    let other = take(&world, &ada, &request, "another call").await;
    assert!(matches!(other, DroppedFiles::OtherCall));
    for _ in 0..2 {
        let DroppedFiles::Files(files) = take(&world, &ada, &request, CALL).await else {
            panic!("they are there")
        };
        let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(names, ["a.txt", "b.txt"]);
    }
    let found = world
        .number("SELECT COUNT(*) FROM upload_requests WHERE ticket_digest LIKE '%clara_page_%'")
        .await;
    assert_eq!(found, 0, "the database holds no ticket");
}

async fn a_request_has_room_for_so_many_files(world: World) {
    let ada = world.active("ada@example.org").await.id;
    let request = asked(&world, &ada).await;
    for name in ["a.txt", "b.txt", "c.txt"] {
        drop_file(&world, &ada, &request, name).await.unwrap();
    }
    let fourth = drop_file(&world, &ada, &request, "d.txt").await;
    let problem = format!("{:?}", fourth.unwrap_err());
    assert!(problem.contains("must be at most 3"), "{problem}");
}

async fn one_of_two_same_files_at_once_is_stored(world: World) {
    let ada = world.active("ada@example.org").await.id;
    let request = asked(&world, &ada).await;
    let (one, other) = tokio::join!(
        drop_file(&world, &ada, &request, "a.txt"),
        drop_file(&world, &ada, &request, "a.txt"),
    );
    assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
    assert_eq!(world.number("SELECT COUNT(*) FROM uploads").await, 1);
}

async fn another_account_drops_and_takes_nothing(world: World) {
    let ada = world.active("ada@example.org").await.id;
    let eve = world.active("eve@example.org").await.id;
    let request = asked(&world, &ada).await;
    let dropped = drop_file(&world, &eve, &request, "a.txt").await;
    assert_eq!(dropped.unwrap_err(), FaultKind::Forbidden);
    let requests = &world.services.upload_requests;
    let looked = requests.look(&request.id, &eve).await.unwrap();
    assert_eq!(looked.unwrap_err(), NotAdded::OtherAccount);
    assert_eq!(end(&world, &eve, &request, true).await, Ended::Over);
    drop_file(&world, &ada, &request, "a.txt").await.unwrap();
    end(&world, &ada, &request, false).await;
    let taken = take(&world, &eve, &request, CALL).await;
    assert!(matches!(taken, DroppedFiles::Nothing));
}

async fn fifteen_minutes_are_all_a_request_has(world: World) {
    let ada = world.active("ada@example.org").await.id;
    let request = asked(&world, &ada).await;
    drop_file(&world, &ada, &request, "a.txt").await.unwrap();
    world.clock.advance(Duration::from_mins(15));
    assert!(
        !world
            .services
            .upload_requests
            .is_open(&request.id)
            .await
            .unwrap()
    );
    let late = drop_file(&world, &ada, &request, "b.txt").await;
    assert_eq!(late.unwrap_err(), over());
    assert_eq!(end(&world, &ada, &request, false).await, Ended::Over);
    let taken = take(&world, &ada, &request, CALL).await;
    assert!(matches!(taken, DroppedFiles::Nothing));
    world.clock.advance(Duration::from_hours(2));
    world.services.housekeeping.clear_due().await.unwrap();
    let requests = world.number("SELECT COUNT(*) FROM upload_requests").await;
    let uploads = world.number("SELECT COUNT(*) FROM uploads").await;
    assert_eq!((requests, uploads), (0, 1), "an upload has its own day");
}

async fn remove(world: &World, user: &UserId, asked: &AskedForUploads, file: &UploadId) -> Removed {
    let requests = &world.services.upload_requests;
    requests.remove(&asked.id, user, file).await.unwrap()
}

async fn a_removed_file_is_gone_from_its_request(world: World) {
    let ada = world.active("ada@example.org").await.id;
    let request = asked(&world, &ada).await;
    let file = drop_file(&world, &ada, &request, "a.txt").await.unwrap().id;
    drop_file(&world, &ada, &request, "b.txt").await.unwrap();
    assert_eq!(remove(&world, &ada, &request, &file).await, Removed::Done);
    assert_eq!(
        remove(&world, &ada, &request, &file).await,
        Removed::Unknown
    );
    let pieces = "SELECT COUNT(DISTINCT upload_id) FROM upload_pieces";
    assert_eq!(world.number(pieces).await, 1);
    end(&world, &ada, &request, false).await;
    let DroppedFiles::Files(files) = take(&world, &ada, &request, CALL).await else {
        panic!("one is there")
    };
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["b.txt"]);
}

async fn only_an_open_request_loses_files(world: World) {
    let ada = world.active("ada@example.org").await.id;
    let eve = world.active("eve@example.org").await.id;
    let request = asked(&world, &ada).await;
    let other = asked(&world, &ada).await;
    let eves = asked(&world, &eve).await;
    let file = drop_file(&world, &ada, &request, "a.txt").await.unwrap().id;
    assert_eq!(remove(&world, &eve, &request, &file).await, Removed::Over);
    assert_eq!(remove(&world, &eve, &eves, &file).await, Removed::Unknown);
    assert_eq!(remove(&world, &ada, &other, &file).await, Removed::Unknown);
    end(&world, &ada, &request, false).await;
    assert_eq!(remove(&world, &ada, &request, &file).await, Removed::Over);
    world.clock.advance(Duration::from_mins(15));
    assert_eq!(remove(&world, &ada, &other, &file).await, Removed::Over);
    assert_eq!(world.number("SELECT COUNT(*) FROM uploads").await, 1);
}

async fn a_declined_request_keeps_no_file(world: World) {
    let ada = world.active("ada@example.org").await.id;
    let request = asked(&world, &ada).await;
    drop_file(&world, &ada, &request, "a.txt").await.unwrap();
    assert_eq!(end(&world, &ada, &request, true).await, Ended::Done);
    assert_eq!(world.number("SELECT COUNT(*) FROM uploads").await, 0);
    let taken = take(&world, &ada, &request, CALL).await;
    assert!(matches!(taken, DroppedFiles::Declined));
}

async fn a_withdrawn_request_keeps_no_file(world: World) {
    let ada = world.active("ada@example.org").await.id;
    let request = asked(&world, &ada).await;
    let other = asked(&world, &ada).await;
    drop_file(&world, &ada, &request, "a.txt").await.unwrap();
    drop_file(&world, &ada, &other, "a.txt").await.unwrap();
    let requests = &world.services.upload_requests;
    requests.withdraw(&request.ticket).await.unwrap();
    let late = drop_file(&world, &ada, &request, "b.txt").await;
    assert_eq!(late.unwrap_err(), over());
    assert_eq!(world.number("SELECT COUNT(*) FROM uploads").await, 1);
    assert!(requests.is_open(&other.id).await.unwrap());
}

async fn an_account_has_only_so_many_requests(world: World) {
    let ada = world.active("ada@example.org").await.id;
    for _ in 0..MAX_OPEN_REQUESTS {
        asked(&world, &ada).await;
    }
    let requests = &world.services.upload_requests;
    let refused = kind(requests.ask(&ada, CALL, 3).await);
    assert!(
        matches!(refused, FaultKind::RateLimited { .. }),
        "{refused:?}"
    );
    let eve = world.active("eve@example.org").await.id;
    asked(&world, &eve).await;
    world.clock.advance(Duration::from_mins(15));
    asked(&world, &ada).await;
}

async fn upload_requests_go_with_their_account(world: World) {
    let ada = world.active("ada@example.org").await.id;
    let request = asked(&world, &ada).await;
    drop_file(&world, &ada, &request, "a.txt").await.unwrap();
    let accounts = &world.services.accounts;
    accounts.remove(&ada, Act::from(&origin())).await.unwrap();
    for rows in [
        "SELECT COUNT(*) FROM upload_requests",
        "SELECT COUNT(*) FROM uploads",
    ] {
        assert_eq!(world.number(rows).await, 0, "{rows}");
    }
}
