//! Refusals that take the same time, whoever is asked about. The work behind them is the same but for a row that is there
//! or not, and even that can be measured: so a refusal leaves at the next beat of a slow clock.

use std::time::Duration;

use tokio::time::Instant;

use crate::fault::Fault;

/// Longer than the work takes on a machine that is not overrun; short enough for a person who mistyped.
const LATENCY_QUANTUM: Duration = Duration::from_millis(25);
/// How long before the beat the runtime's timer is left for a finer one. It rings whole milliseconds after the work ended, so
/// that a few microseconds more of work would still show in when it rings.
const FINE: Duration = Duration::from_millis(3);

/// Has a refusal wait for the beat, where accounts are hidden. What goes well says more than its time does, and does not
/// wait.
pub(in crate::services) async fn pad_failure_latency<T>(
    are_accounts_hidden: bool,
    attempt: impl Future<Output = Result<T, Fault>>,
) -> Result<T, Fault> {
    let began = Instant::now();
    let outcome = attempt.await;
    if outcome.is_err() && are_accounts_hidden {
        wait_until(began + next_quantum(began.elapsed())).await;
    }
    outcome
}

/// Waits for a moment as exactly as the system can, whenever the waiting began.
async fn wait_until(moment: Instant) {
    tokio::time::sleep_until(moment - FINE).await;
    let moment = moment.into_std();
    let waited = tokio::task::spawn_blocking(move || {
        std::thread::sleep(moment.saturating_duration_since(std::time::Instant::now()));
    });
    // Where no thread can be had, the refusal leaves a moment early: there is nothing better to do with it.
    let _ = waited.await;
}

/// The first beat that has not passed yet.
fn next_quantum(elapsed: Duration) -> Duration {
    let passed = elapsed.as_millis() / LATENCY_QUANTUM.as_millis();
    LATENCY_QUANTUM
        * u32::try_from(passed)
            .unwrap_or(u32::MAX - 1)
            .saturating_add(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_beat_is_never_missed_and_never_early() {
        let beats = [0, 1, 24, 25, 26, 49, 50, 1_000].map(|elapsed| {
            let beat = next_quantum(Duration::from_millis(elapsed));
            beat.as_millis()
        });
        assert_eq!(beats, [25, 25, 25, 50, 50, 50, 75, 1_025]);
    }
}
