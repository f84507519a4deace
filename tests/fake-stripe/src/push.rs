//! Webhooks that are really sent: at once or when a test releases them, in doubles, shuffled, one after another or all at the
//! same time, and again until they were taken. Who sends has its turn, so that a test can wait for all that is under way.

use std::sync::Arc;

use tokio::task::JoinSet;

use super::commands::{Delivery, Push, Sent};
use super::deliveries;
use super::server::Server;

/// One batch after another; the requests of one batch may be at the same time.
pub struct Sender {
    turn: tokio::sync::Mutex<()>,
    client: reqwest::Client,
}

impl Sender {
    pub fn new() -> Self {
        let client = reqwest::Client::builder().timeout(std::time::Duration::from_secs(30));
        Self {
            turn: tokio::sync::Mutex::new(()),
            client: client.build().unwrap(),
        }
    }
}

/// Sends what waits, unless nothing is to be sent or it is held back; answers when all of it was answered.
pub async fn push(server: &Arc<Server>) {
    let _turn = server.sender.turn.lock().await;
    let (push, events) = {
        let mut state = server.state();
        match state.push.clone().filter(|push| !push.held) {
            Some(push) => (push, std::mem::take(&mut state.waiting)),
            None => return,
        }
    };
    let mut batch: Vec<String> = Vec::new();
    for event in events {
        batch.extend(std::iter::repeat_n(event, push.copies));
    }
    if let Some(seed) = push.shuffled_by {
        shuffle(&mut batch, seed);
    }
    send(server, &push, batch).await;
}

/// Sends again what nobody took, up to so many times; answers with how many are still left.
pub async fn retry(server: &Arc<Server>, attempts: usize) -> Result<usize, String> {
    let _turn = server.sender.turn.lock().await;
    for _ in 0..attempts {
        let (push, failed) = {
            let state = server.state();
            let push = state.push.clone().ok_or("there is no webhook to send to")?;
            (push, failed(&state.sent))
        };
        if failed.is_empty() {
            break;
        }
        send(server, &push, failed).await;
    }
    Ok(failed(&server.state().sent).len())
}

/// The events that were sent and never taken, each once.
fn failed(sent: &[Sent]) -> Vec<String> {
    let mut failed: Vec<String> = Vec::new();
    for Sent { event, .. } in sent {
        let was_taken = |sent: &&Sent| sent.event == *event && sent.was_taken();
        if !failed.contains(event) && !sent.iter().any(|sent| was_taken(&sent)) {
            failed.push(event.clone());
        }
    }
    failed
}

async fn send(server: &Arc<Server>, push: &Push, events: Vec<String>) {
    let mut under_way = JoinSet::new();
    for event in events {
        // Signed when it is sent, as Stripe signs each attempt anew.
        let Ok(delivery) = deliveries::sign(&server.state(), &event, None) else {
            continue;
        };
        under_way.spawn(hand_over(server.clone(), push.url.clone(), delivery));
        if !push.at_once {
            under_way.join_next().await;
        }
    }
    under_way.join_all().await;
}

async fn hand_over(server: Arc<Server>, url: String, delivery: Delivery) {
    let request = server
        .sender
        .client
        .post(url)
        .header("Content-Type", "application/json; charset=utf-8")
        .header("Stripe-Signature", delivery.signature)
        .header(
            "User-Agent",
            "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        )
        .body(delivery.body);
    let reply = request.send().await;
    server.state().sent.push(Sent {
        event: delivery.event,
        kind: delivery.kind,
        status: reply.ok().map(|reply| reply.status().as_u16()),
    });
}

/// Always the same order for the same seed.
pub fn shuffle<T>(items: &mut [T], seed: u64) {
    let mut state = seed;
    for last in (1..items.len()).rev() {
        // SplitMix64.
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let random = usize::try_from((mixed ^ (mixed >> 31)) >> 32).unwrap_or_default();
        items.swap(last, random % (last + 1));
    }
}
