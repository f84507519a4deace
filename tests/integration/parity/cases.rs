//! The table: what is asked of every face, with which proof. Each case stands alone, so that each face can run them all
//! on one account. `wait_seconds` is given wherever faces differ in its default.

use serde_json::{Value, json};

/// What the caller proves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Proof {
    Nothing,
    PublicKey,
    ApiKey,
    /// The account's address and a password, given as arguments where there is no header for them.
    Password(&'static str),
}

pub struct Case {
    pub name: &'static str,
    pub tool: &'static str,
    pub proof: Proof,
    pub arguments: Value,
}

pub const EMAIL: &str = "ada@example.org";
pub const PASSWORD: &str = "a long walk by the river";
const TEXT: &str = "The bridge opened in 1931. It is 2,400 metres long.";
const EVIDENCE: &str = "The bridge opened in 1931. It is 1,200 metres long.";

fn case(name: &'static str, tool: &'static str, proof: Proof, arguments: Value) -> Case {
    Case {
        name,
        tool,
        proof,
        arguments,
    }
}

/// `task_id` is a finished analysis of the account, `transaction_id` one of its entries.
#[expect(clippy::too_many_lines, reason = "it is the table, a row a case")]
pub fn cases(task_id: &str, transaction_id: &str) -> Vec<Case> {
    use Proof::{ApiKey, Nothing, Password, PublicKey};
    let nobody = format!("task_{}", "0".repeat(32));
    let none = format!("transaction_{}", "f".repeat(32));
    let attached = json!([super::support::text_file("bridge.txt", EVIDENCE)]);
    let registering =
        json!({"first_name": "Ada", "last_name": "Marsh", "email": EMAIL, "password": PASSWORD});
    let six = vec![super::support::text_file("a.txt", "A."); 6];
    vec![
        case("health", "misc_health", Nothing, json!({})),
        case("version", "misc_version", Nothing, json!({})),
        case("no credential", "user_view", Nothing, json!({})),
        case("the account", "user_view", ApiKey, json!({})),
        case(
            "an unknown argument",
            "transaction_view_all",
            ApiKey,
            json!({"colour": "red"}),
        ),
        case("no body", "user_update", ApiKey, json!({})),
        case(
            "a key where a session is asked for",
            "user_update",
            ApiKey,
            json!({"first_name": "Ada"}),
        ),
        case(
            "a key may not view the key",
            "api_key_view",
            ApiKey,
            json!({}),
        ),
        case(
            "a key may not reset the key",
            "api_key_reset",
            ApiKey,
            json!({}),
        ),
        case(
            "the transactions",
            "transaction_view_all",
            ApiKey,
            json!({"limit": 1, "offset": 0}),
        ),
        case(
            "a wrong page",
            "transaction_view_all",
            ApiKey,
            json!({"limit": 1000, "offset": -1}),
        ),
        case(
            "a transaction",
            "transaction_view",
            ApiKey,
            json!({"transaction_id": transaction_id}),
        ),
        case(
            "no such transaction",
            "transaction_view",
            ApiKey,
            json!({"transaction_id": none}),
        ),
        case(
            "the tasks",
            "task_view_all",
            ApiKey,
            json!({"limit": 1, "offset": 0}),
        ),
        case(
            "a task",
            "task_view",
            ApiKey,
            json!({"task_id": task_id, "wait_seconds": 0}),
        ),
        case(
            "no such task",
            "task_view",
            ApiKey,
            json!({"task_id": nobody, "wait_seconds": 0}),
        ),
        case(
            "no task's name",
            "task_view",
            ApiKey,
            json!({"task_id": "task_1", "wait_seconds": 0}),
        ),
        case(
            "an ended task",
            "task_cancel",
            ApiKey,
            json!({"task_id": task_id}),
        ),
        case(
            "what can be attached",
            "agent_supported_attachments",
            ApiKey,
            json!({}),
        ),
        case(
            "an analysis",
            "agent_analysis",
            ApiKey,
            json!({"text": TEXT, "attachments": attached, "wait_seconds": 50}),
        ),
        case(
            "an analysis of nothing",
            "agent_analysis",
            ApiKey,
            json!({}),
        ),
        case(
            "an empty text",
            "agent_analysis",
            ApiKey,
            json!({"text": ""}),
        ),
        case(
            "a text that is a number",
            "agent_analysis",
            ApiKey,
            json!({"text": 7}),
        ),
        case(
            "a wait too long",
            "agent_analysis",
            ApiKey,
            json!({"text": TEXT, "wait_seconds": 56}),
        ),
        case(
            "six attachments",
            "agent_analysis",
            ApiKey,
            json!({"text": TEXT, "attachments": six}),
        ),
        case(
            "an attachment that is nothing",
            "agent_analysis",
            ApiKey,
            json!({"text": TEXT, "attachments": [{"name": "a.txt"}]}),
        ),
        case(
            "a kind nobody reads",
            "agent_analysis",
            ApiKey,
            json!({"text": TEXT, "attachments": [super::support::text_file("a.exe", "MZ")]}),
        ),
        case(
            "an address inside",
            "agent_analysis",
            ApiKey,
            json!({"text": TEXT, "attachments": [{"name": "a.txt", "url": "http://169.254.169.254/a.txt"}]}),
        ),
        case(
            "a search",
            "agent_search",
            ApiKey,
            json!({"task_id": task_id, "query": "bridge metres", "claim": "c1", "limit": 2}),
        ),
        case(
            "a search for nothing",
            "agent_search",
            ApiKey,
            json!({"task_id": task_id, "query": "?"}),
        ),
        case(
            "a search of no task",
            "agent_search",
            ApiKey,
            json!({"task_id": nobody, "query": "bridge"}),
        ),
        case(
            "a judgement of no claim",
            "agent_judge",
            ApiKey,
            json!({"task_id": task_id, "judgements": [{"claim": "c99", "verdict": "refuted", "rationale": "It is not so."}], "judged_by": "m"}),
        ),
        case(
            "a judgement of no task",
            "agent_judge",
            ApiKey,
            json!({"task_id": nobody, "judgements": [{"claim": "c1", "verdict": "refuted", "rationale": "It is not so."}], "judged_by": "m"}),
        ),
        case("the rates", "stripe_rate", ApiKey, json!({})),
        case(
            "no Stripe",
            "stripe_buy",
            ApiKey,
            json!({"amount": 5, "return_path": "credits"}),
        ),
        case("no portal", "stripe_portal", ApiKey, json!({})),
        case(
            "no Google",
            "auth_google_oauth",
            Nothing,
            json!({"id_token": "a.b.c"}),
        ),
        case(
            "a registration with everything wrong",
            "auth_register",
            PublicKey,
            json!({"first_name": "", "email": "nobody", "password": "short"}),
        ),
        case(
            "an address that is taken",
            "auth_register",
            PublicKey,
            registering,
        ),
        case(
            "a code for nobody",
            "auth_send_otp",
            PublicKey,
            json!({"user_email": "nobody@example.org", "otp_type": "ACTIVATION"}),
        ),
        case(
            "a code of no kind",
            "auth_send_otp",
            PublicKey,
            json!({"user_email": EMAIL, "otp_type": "RESET"}),
        ),
        case(
            "an activation of an active account",
            "auth_activate",
            PublicKey,
            json!({"user_email": EMAIL, "code": "123456"}),
        ),
        case(
            "an activation without a code",
            "auth_activate",
            PublicKey,
            json!({"user_email": EMAIL}),
        ),
        case(
            "a wrong password",
            "auth_login",
            Password("a wrong guess"),
            json!({}),
        ),
        case("a sign-in", "auth_login", Password(PASSWORD), json!({})),
    ]
}
