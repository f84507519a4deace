use futures_util::{StreamExt as _, stream};

use super::*;
use crate::faces::http::byte_budget::{BudgetBounds, ByteBudget};
use crate::operations::caller_key::CallerKey;

fn guarded(body: Body, limit: u64) -> GuardedBody {
    GuardedBody::new(body, &HeaderMap::new(), limit)
        .ok()
        .unwrap()
}

fn drip(bytes: usize, pause: Duration) -> Body {
    drops(b"x", bytes, pause)
}

/// So many drops, with a pause before each.
fn drops(drop: &'static [u8], number: usize, pause: Duration) -> Body {
    let drops = stream::unfold(0, move |sent| async move {
        if sent == number {
            return None;
        }
        tokio::time::sleep(pause).await;
        Some((Ok::<_, std::io::Error>(Bytes::from_static(drop)), sent + 1))
    });
    Body::from_stream(drops)
}

#[tokio::test]
async fn a_body_is_cut_at_its_limit_whether_announced_or_not() {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_LENGTH, 11.into());
    let announced = GuardedBody::new(Body::from("hello world"), &headers, 10);
    assert_eq!(
        announced.err(),
        Some(BodyRefusal::TooLarge { limit_bytes: 10 })
    );
    let refused = guarded(Body::from("hello world"), 10).collect().await;
    assert_eq!(
        refused.err(),
        Some(BodyRefusal::TooLarge { limit_bytes: 10 })
    );
    let whole = guarded(Body::from("hello world"), 11).collect().await;
    assert_eq!(whole.unwrap().to_bytes(), "hello world");
}

#[tokio::test(start_paused = true)]
async fn a_body_that_drips_a_byte_a_second_is_given_up_after_ten() {
    let began = Instant::now();
    let refused = guarded(drip(1000, Duration::from_secs(1)), 10_000)
        .collect()
        .await;
    assert_eq!(refused.err(), Some(BodyRefusal::TooSlow));
    assert!(began.elapsed() < Duration::from_secs(13));
}

#[tokio::test(start_paused = true)]
async fn a_body_that_never_begins_is_given_up_after_ten_seconds() {
    let began = Instant::now();
    let never = Body::from_stream(stream::pending::<Result<Bytes, std::io::Error>>());
    let refused = guarded(never, 10_000).collect().await;
    assert_eq!(refused.err(), Some(BodyRefusal::TooSlow));
    assert!(began.elapsed() < Duration::from_secs(11));
}

#[tokio::test(start_paused = true)]
async fn body_pace_holds_over_every_ten_seconds() {
    let paced = async |drop: &'static [u8]| {
        let began = Instant::now();
        let body = drops(drop, 300, Duration::from_secs(1));
        let read = guarded(body, u64::MAX).collect().await;
        (
            read.map(|whole| whole.to_bytes().len()),
            began.elapsed().as_secs(),
        )
    };
    let (slow, took) = paced(&[0; 7 * 1024]).await;
    assert_eq!(slow, Err(BodyRefusal::TooSlow));
    assert!((10..=12).contains(&took), "{took}");
    for fast in [&[0; 8 * 1024][..], &[0; 9 * 1024]] {
        assert_eq!(paced(fast).await, (Ok(300 * fast.len()), 300));
    }
}

/// What came at once buys no time for later.
#[tokio::test(start_paused = true)]
async fn body_that_stalls_after_a_burst_is_given_up() {
    let began = Instant::now();
    let piece = Bytes::from(vec![0; 1 << 20]);
    let burst = stream::iter((0..100).map(move |_| Ok(piece.clone())));
    let silence = stream::pending::<Result<Bytes, std::io::Error>>();
    let body = Body::from_stream(burst.chain(silence));
    let refused = guarded(body, u64::MAX).collect().await;
    assert_eq!(refused.err(), Some(BodyRefusal::TooSlow));
    assert!(began.elapsed() < Duration::from_secs(13));
}

#[tokio::test(start_paused = true)]
async fn body_has_an_absolute_deadline() {
    let began = Instant::now();
    let endless = drops(&[0; 16 * 1024], usize::MAX, Duration::from_secs(1));
    let refused = guarded(endless, u64::MAX).collect().await;
    assert_eq!(refused.err(), Some(BodyRefusal::TooSlow));
    assert_eq!(began.elapsed().as_secs() / 60, 15);
}

/// Time that we take to write what came is not the sender's.
#[tokio::test(start_paused = true)]
async fn slow_reader_does_not_count_against_the_sender() {
    let body = drops(&[0; 4 * 1024], 40, Duration::from_millis(400));
    let mut guarded = guarded(body, u64::MAX);
    while let Some(frame) = guarded.frame().await {
        frame.unwrap();
        tokio::time::sleep(Duration::from_secs(3)).await;
    }
}

#[tokio::test]
async fn body_over_its_budget_is_refused() {
    let bounds = BudgetBounds::for_memory(1 << 20);
    let budget = ByteBudget::new(bounds);
    let caller = CallerKey::Stranger(None);
    let read = async |held: &Arc<Reservation>| {
        let body = Body::from(vec![0_u8; 800 * 1024]);
        read_large_body(body, &HeaderMap::new(), u64::MAX, held).await
    };
    let first = budget.reserve(caller.clone(), None);
    assert_eq!(read(&first).await.unwrap().len(), 800 * 1024);
    let second = budget.reserve(caller.clone(), None);
    let refused = read(&second).await.unwrap_err();
    assert_eq!(*refused.kind(), FaultKind::Unavailable(Service::Clara));
    drop((first, second));
    assert!(read(&budget.reserve(caller, None)).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_short_body_may_take_its_time() {
    let whole = guarded(drip(9, Duration::from_secs(1)), 10_000)
        .collect()
        .await;
    assert_eq!(whole.unwrap().to_bytes().len(), 9);
}
