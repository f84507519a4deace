//! Work that goes on after its call was answered, so that how long it takes tells the caller nothing. A few at a time, a
//! bounded queue, and an end that waits for what was begun.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;

/// How many are done at once.
const HANDS: usize = 2;
/// How many are begun or waiting before the next is dropped.
const PLACES: u32 = 1_000;
/// By when the answer has left. What is done behind its back begins after that, or how much there is to do would slow it.
const ANSWER_LEAVES: Duration = Duration::from_millis(20);
/// How long a stop waits for them.
const FINISH_TIMEOUT: Duration = Duration::from_secs(5);

/// The work of this process that nobody waits for. Cheap to clone.
#[derive(Clone)]
pub struct Background {
    hands: Arc<Semaphore>,
    places: Arc<Semaphore>,
}

impl Default for Background {
    fn default() -> Self {
        Self {
            hands: Arc::new(Semaphore::new(HANDS)),
            places: Arc::new(Semaphore::new(PLACES as usize)),
        }
    }
}

impl Background {
    /// Begins it once the answer has left and there is a hand free. Whether the queue had room for it is the log's business: the caller has
    /// its answer either way.
    pub fn begin(&self, work: impl Future<Output = ()> + Send + 'static) {
        let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else {
            metrics::counter!("clara_background_dropped_total").increment(1);
            tracing::warn!("too much waits to be done in the background; something was dropped");
            return;
        };
        let hands = Arc::clone(&self.hands);
        tokio::spawn(async move {
            let _place = place;
            tokio::time::sleep(ANSWER_LEAVES).await;
            if let Ok(_hand) = hands.acquire_owned().await {
                work.await;
            }
        });
    }

    /// Waits until all of it is done, or for as long as a stop can.
    pub async fn finish(&self) {
        let done = tokio::time::timeout(FINISH_TIMEOUT, self.places.acquire_many(PLACES));
        if done.await.is_err() {
            tracing::warn!("work in the background was left undone");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[tokio::test]
    async fn what_was_begun_is_done_before_the_end_and_a_few_at_a_time() {
        let background = Background::default();
        let (now, most, done) = (
            Arc::new(AtomicU32::new(0)),
            Arc::new(AtomicU32::new(0)),
            Arc::new(AtomicU32::new(0)),
        );
        for _ in 0..PLACES + 10 {
            let (now, most, done) = (now.clone(), most.clone(), done.clone());
            background.begin(async move {
                let at_once = now.fetch_add(1, Ordering::SeqCst) + 1;
                most.fetch_max(at_once, Ordering::SeqCst);
                tokio::task::yield_now().await;
                now.fetch_sub(1, Ordering::SeqCst);
                done.fetch_add(1, Ordering::SeqCst);
            });
        }
        background.finish().await;
        assert_eq!(done.load(Ordering::SeqCst), PLACES);
        assert_eq!(most.load(Ordering::SeqCst), 2);
    }
}
