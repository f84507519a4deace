//! Clients that do not wait for their answer.

use std::time::Duration;

use serde_json::json;

use super::support::Folder;

#[tokio::test]
async fn giving_up_three_times_pays_once() {
    let folder = Folder::new();
    let settings = [("CLARA_WORKERS", "0"), ("CLARA_LOCAL_CREDITS", "100")];
    let client = folder.client(&settings).await;
    let analysis = json!({"text": "The mill was built in 1904.", "wait_seconds": 55});
    for _ in 0..3 {
        let call = client.result("agent_analysis", analysis.clone());
        let given_up = tokio::time::timeout(Duration::from_secs(1), call).await;
        // Nothing works on it, so it is waited for.
        assert!(given_up.is_err(), "{given_up:?}");
    }
    // This client says that it gives up, which ends a task that nobody else waits for: only the last may be left.
    let tasks = client.data("task_view_all", json!({})).await;
    let tasks = tasks.as_array().unwrap().iter();
    let living: Vec<_> = tasks.filter(|task| task["status"] != "CANCELLED").collect();
    assert!(living.len() <= 1, "{living:?}");
    let user = client.data("user_view", json!({})).await;
    let credits = user["credits"].as_f64().unwrap();
    assert!(credits >= 80.0, "paid once at most: {credits} are left");
}
