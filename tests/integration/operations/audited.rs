//! Every event that is written down has a test that finds it in the trail. An event that is new has none, and this says so.

use std::collections::BTreeSet;

const LIFE: (&str, &str) = (
    "tests/databases/store/trail.rs",
    "everything_that_happens_leaves_its_row_and_no_secret",
);
const APPS_AND_GUESSES: (&str, &str) = (
    "tests/databases/store/trail.rs",
    "an_app_its_recovery_codes_and_guesses_leave_their_rows",
);
const MONEY: (&str, &str) = (
    "tests/databases/money/trail.rs",
    "a_purchase_leaves_a_row_for_each_step",
);

/// The event's word, and the file and the test that look for it.
const ASSERTED: [(&str, (&str, &str)); 34] = [
    ("registered", LIFE),
    ("signed_in", LIFE),
    ("sign_in_refused", LIFE),
    ("signed_out", LIFE),
    (
        "google_linked",
        (
            "tests/databases/google/linking.rs",
            "googles_own_address_is_linked_and_its_owner_told_once",
        ),
    ),
    ("code_sent", LIFE),
    ("code_refused", LIFE),
    ("activated", LIFE),
    ("password_changed", LIFE),
    ("second_factor_enabled", LIFE),
    ("second_factor_disabled", LIFE),
    ("authenticator_offered", APPS_AND_GUESSES),
    ("recovery_codes_replaced", APPS_AND_GUESSES),
    ("profile_changed", LIFE),
    ("api_key_viewed", LIFE),
    ("api_key_reset", LIFE),
    (
        "sessions_ended",
        (
            "tests/databases/store/ended.rs",
            "a_session_that_is_not_ones_own_does_not_exist",
        ),
    ),
    (
        "page_answered",
        (
            "tests/databases/store/page_requests.rs",
            "what_a_person_allows_is_taken_once_by_whoever_asked",
        ),
    ),
    (
        "proof_refused",
        (
            "tests/databases/store/leaving.rs",
            "the_password_proves_the_owner_and_nothing_else_does",
        ),
    ),
    (
        "data_exported",
        (
            "tests/integration/rest/exporting.rs",
            "everything_that_is_kept_is_in_the_export_and_no_secret",
        ),
    ),
    ("credits_moved", LIFE),
    (
        "credit_withheld",
        (
            "tests/databases/store/newcomers.rs",
            "a_mailbox_gets_its_credit_once",
        ),
    ),
    ("task_submitted", LIFE),
    ("task_cancelled", LIFE),
    ("task_ended", LIFE),
    (
        "task_judged",
        (
            "tests/databases/store/judging.rs",
            "a_judgement_makes_a_revision",
        ),
    ),
    ("account_removed", LIFE),
    ("operator_acted", LIFE),
    ("purchase_started", MONEY),
    ("payment_settled", MONEY),
    ("payment_reversed", MONEY),
    ("limit_hit", LIFE),
    ("guessed_at", APPS_AND_GUESSES),
    (
        "mail_dropped",
        (
            "tests/databases/mail/failing.rs",
            "what_is_refused_for_good_is_dropped_and_the_trail_says_so",
        ),
    ),
];

fn source(path: &str) -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The words of the type itself: a variant has a word, or it does not compile.
fn events() -> BTreeSet<String> {
    let source = source("crates/domain/src/audit.rs");
    let (_, after) = source.split_once("pub enum AuditEvent {").unwrap();
    let (variants, after) = after.split_once("\n}\n").unwrap();
    let number = variants
        .lines()
        .filter(|line| line.trim_end().ends_with(','))
        .count();
    let (_, words) = after
        .split_once("pub fn as_str(self) -> &'static str {")
        .unwrap();
    let (words, _) = words.split_once("\n    }\n").unwrap();
    let words: BTreeSet<String> = words
        .lines()
        .filter_map(|line| line.trim().strip_prefix("Self::")?.split('"').nth(1))
        .map(str::to_owned)
        .collect();
    assert_eq!(words.len(), number, "a word each");
    words
}

#[test]
fn every_event_has_a_test_that_finds_it_in_the_trail() {
    let asserted: BTreeSet<String> = ASSERTED
        .iter()
        .map(|(event, _)| (*event).to_owned())
        .collect();
    assert_eq!(events(), asserted, "the table here has every event once");
    for (event, (path, test)) in ASSERTED {
        let source = source(path);
        let Some((_, body)) = source.split_once(&format!("async fn {test}(")) else {
            panic!("{event}: there is no test {test} in {path}");
        };
        let (body, _) = body.split_once("\n}\n").unwrap();
        let looks_for_it = [format!("\"{event}"), format!("'{event}'")]
            .iter()
            .any(|word| body.contains(word));
        assert!(
            looks_for_it,
            "{event}: {test} in {path} does not look for it"
        );
    }
}
