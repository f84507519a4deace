//! The proofs that the books are sound: each rule finds whoever breaks it past the store, and nothing else; what a person
//! must see to is told apart.

use clara::domain::user::User;
use serde_json::json;

use crate::store::common::{newest_audit, signed, submit};
use crate::store::harness::{Engine, START, World, cases, origin};

cases![
    sound_books_are_said_to_be_sound,
    whatever_breaks_a_rule_is_found,
    what_a_person_must_see_to_is_no_discrepancy,
];

/// What a check finds off: about what, and in which words.
async fn off(world: &World) -> Vec<(String, String)> {
    let checked = world.services.books.examine().await.unwrap();
    let pairs = checked.off.into_iter();
    pairs
        .map(|problem| (problem.about, problem.words))
        .collect()
}

async fn attention(world: &World) -> Vec<(String, String)> {
    let checked = world.services.books.check(&signed("Look")).await.unwrap();
    assert!(checked.is_sound(), "{:?}", checked.off);
    let pairs = checked.attention.into_iter();
    pairs
        .map(|problem| (problem.about, problem.words))
        .collect()
}

/// Runs what no store would, with `{user}` in place.
async fn tamper(world: &World, user: &User, sql: &str) {
    let sql = sql.replace("{user}", user.id.as_str());
    world.tamper(sql.leak()).await.unwrap();
}

/// An entry past the store.
fn entry(
    id: &str,
    user: &str,
    kind: &str,
    cause: &str,
    way: &str,
    amount: i64,
    fiat: i64,
) -> String {
    format!(
        "INSERT INTO ledger_entries (id, user_id, direction, amount, fiat, description, cause_kind, cause_id, created_at) \
         VALUES ('{id}', '{user}', '{way}', {amount}, {fiat}, 'Tampered.', '{kind}', '{cause}', 1);"
    )
}

/// A purchase of 500 credits for $5, past the store.
fn purchase(
    id: &str,
    user: &str,
    status: &str,
    refunded: i64,
    taken: i64,
    reversals: i64,
) -> String {
    format!(
        "INSERT INTO purchases (id, user_id, status, credits, fiat, is_live, refunded, taken, reversals, created_at, expires_at) \
         VALUES ('{id}', '{user}', '{status}', 50000, 500, TRUE, {refunded}, {taken}, {reversals}, 1, 2);"
    )
}

fn transaction(digit: char) -> String {
    format!("transaction_{}", digit.to_string().repeat(32))
}

/// Takes the damage away, so that the books are sound when the test ends.
async fn clean(world: &World) {
    let unguard = match world.engine {
        Engine::Sqlite => "DROP TRIGGER ledger_entries_stay;",
        Engine::Postgres => "DROP TRIGGER ledger_entries_stay_as_written ON ledger_entries;",
    };
    let rest = "DELETE FROM users; DELETE FROM purchases; DELETE FROM ledger_entries;";
    let all: &'static str = format!("{unguard} {rest}").leak();
    world.tamper(all).await.unwrap();
}

async fn sound_books_are_said_to_be_sound(world: World) {
    let ada = world.active("ada@example.org").await;
    let bob = world.active("bob@example.org").await;
    let task = submit(&world, &ada.id).await;
    submit(&world, &bob.id).await;
    let tasks = &world.services.tasks;
    tasks.cancel(&ada.id, &task.id, &origin()).await.unwrap();
    let sold = transaction('a');
    tamper(
        &world,
        &ada,
        &purchase(&sold, "{user}", "PAID", 250, 25_000, 1),
    )
    .await;
    tamper(
        &world,
        &ada,
        &entry(&sold, "{user}", "purchase", "pi_1", "CREDIT", 50_000, 500),
    )
    .await;
    let back = format!("{sold}:1");
    let id = transaction('b');
    tamper(
        &world,
        &ada,
        &entry(
            &id,
            "{user}",
            "purchase_refund",
            &back,
            "DEBIT",
            25_000,
            250,
        ),
    )
    .await;
    tamper(
        &world,
        &ada,
        "UPDATE users SET credits = credits + 25000 WHERE id = '{user}'",
    )
    .await;
    let accounts = &world.services.accounts;
    accounts.remove(&bob.id, &origin()).await.unwrap();

    let act = signed("Before the audit");
    let checked = world.services.books.check(&act).await.unwrap();
    assert!(
        checked.is_sound() && checked.attention.is_empty(),
        "{checked:?}"
    );
    let size = checked.size;
    let sizes = (size.accounts, size.entries, size.tasks, size.purchases);
    assert_eq!(sizes, (1, 7, 1, 1));
    let (event, whose, good, details) = newest_audit(&world).await;
    assert_eq!(
        (event.as_str(), whose, good),
        ("operator_acted", None, true)
    );
    let expected = json!({"command": "ledger check", "asked": null, "operator": "grace", "reason": "Before the audit"});
    assert_eq!(details, expected);
}

#[expect(clippy::too_many_lines, reason = "it is the table, a row a damage")]
async fn whatever_breaks_a_rule_is_found(world: World) {
    let ada = world.active("ada@example.org").await;
    let gone = format!("user_{}", "e".repeat(32));
    let failed = submit(&world, &ada.id).await;
    let finished = submit(&world, &ada.id).await;
    let tasks = &world.services.tasks;
    tasks
        .cancel(&ada.id, &finished.id, &origin())
        .await
        .unwrap();
    assert_eq!(off(&world).await, []);
    let free = format!("task_{}", "1".repeat(32));
    let [paid, unpaid, differs, taken, twice] = ['1', '2', '3', '4', '5'].map(transaction);

    // Each damage, and what it adds to the list, in the list's order.
    let to_task =
        |id: &str, status: &str| format!("UPDATE tasks SET status = '{status}' WHERE id = '{id}'");
    let damages: Vec<(String, String, &str)> = vec![
        (
            "UPDATE users SET credits = credits + 1 WHERE id = '{user}'".to_owned(),
            ada.id.to_string(),
            "the balance is 80.01, but the entries add up to 80",
        ),
        (
            "UPDATE users SET owed = 300 WHERE id = '{user}'".to_owned(),
            ada.id.to_string(),
            "3 are owed, but 0 were lent and not repaid",
        ),
        (
            entry("x1", &gone, "adjustment", "x1", "DEBIT", 500, 0)
                + &entry("x2", &gone, "adjustment", "x2", "CREDIT", 700, 0),
            gone.clone(),
            "the balance went below zero, down to -5, in the order of its entries",
        ),
        (
            to_task(failed.id.as_str(), "FAILED"),
            failed.id.to_string(),
            "20 of the task's price are due back, but 0 were given back",
        ),
        (
            format!(
                "UPDATE tasks SET status = 'COMPLETED', charged = price WHERE id = '{}'",
                finished.id
            ),
            finished.id.to_string(),
            "0 of the task's price are due back, but 20 were given back",
        ),
        (
            format!(
                "INSERT INTO tasks (id, user_id, status, submitted_text, price, created_at, updated_at) \
                 VALUES ('{free}', '{{user}}', 'FAILED', 'x', 700, 1, 1)"
            ),
            free.clone(),
            "the task costs 7, but 0 were reserved; 7 are due back, but 0 were given back",
        ),
        (
            entry("x3", &gone, "refund", "task_x", "CREDIT", 900, 0),
            "task_x".to_owned(),
            "9 were given back to an account that did not reserve as much",
        ),
        (
            purchase(&paid, &gone, "PAID", 0, 0, 0),
            paid,
            "the purchase of 500 credits for $5 is paid, but has no entry",
        ),
        (
            purchase(&unpaid, &gone, "UNCLAIMED", 500, 0, 0)
                + &entry(&unpaid, &gone, "purchase", "pi_2", "CREDIT", 50_000, 500),
            unpaid,
            "500 credits were given for a purchase that this account has not paid",
        ),
        (
            purchase(&differs, &gone, "PAID", 0, 0, 0)
                + &entry(&differs, &gone, "purchase", "pi_3", "CREDIT", 40_000, 500),
            differs,
            "the purchase is of 500 credits for $5, but its entry gives 400 for $5",
        ),
        (
            purchase(&taken, &gone, "EXPIRED", 0, 1_000, 1),
            taken,
            "10 of the purchase are taken back by 1 of its entries, but they took 0 and are 0",
        ),
        (
            entry(
                "x4",
                &gone,
                "purchase_refund",
                &format!("{twice}:1"),
                "DEBIT",
                600,
                0,
            ) + &entry(
                "x5",
                &gone,
                "purchase_restored",
                &format!("{twice}:2"),
                "CREDIT",
                100,
                0,
            ),
            twice,
            "0 of the purchase are taken back by 0 of its entries, but they took 5 and are 2",
        ),
    ];
    let mut expected: Vec<(String, String)> = Vec::new();
    for (sql, about, words) in damages {
        tamper(&world, &ada, &sql).await;
        expected.push((about, words.to_owned()));
        assert_eq!(off(&world).await, expected, "after {sql}");
    }
    clean(&world).await;
}

async fn what_a_person_must_see_to_is_no_discrepancy(world: World) {
    let gone = format!("user_{}", "e".repeat(32));
    let [unclaimed, sent_back] = ['1', '2'].map(transaction);
    let half = purchase(&unclaimed, &gone, "UNCLAIMED", 125, 0, 0);
    let whole = purchase(&sent_back, &gone, "UNCLAIMED", 500, 0, 0);
    world.tamper((half + &whole).leak()).await.unwrap();
    let day = 24 * 60 * 60 * 1_000;
    for (id, outcome, days) in [
        ("evt_1", "refused: amount", 1),
        ("evt_2", "refused: amount", 29),
        ("evt_3", "refused: amount", 31),
        ("evt_4", "refused: currency", 2),
        ("evt_5", "settled", 1),
    ] {
        let sql = format!(
            "INSERT INTO stripe_events (id, kind, outcome, created_at, received_at) VALUES ('{id}', 'k', '{outcome}', 1, {})",
            START.0 - days * day
        );
        world.tamper(sql.leak()).await.unwrap();
    }
    let words = |text: &str| text.to_owned();
    let expected = [
        (
            unclaimed,
            words(
                "paid, but the account was removed; send the $3.75 back in Stripe, where `purchase_id` is in the payment's metadata",
            ),
        ),
        (
            words("refused: amount"),
            words("2 events of Stripe's were refused in the last 30 days: evt_2, evt_1"),
        ),
        (
            words("refused: currency"),
            words("1 event of Stripe's was refused in the last 30 days: evt_4"),
        ),
    ];
    assert_eq!(attention(&world).await, expected);
}
