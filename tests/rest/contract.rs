//! Every operation once with real data, at the paths, statuses and messages that are documented.

use std::sync::Mutex;

use clara::operations::Method;
use clara::operations::registry::ALL;
use serde_json::{Value, json};

use super::house::{House, PRIVATE, PUBLIC, Reply, basic};
use super::support::text_file;

const NEW_PASSWORD: &str = "another walk: up the hill";

/// Asks, and remembers what was asked.
struct Walk {
    house: House,
    asked: Mutex<Vec<(String, String)>>,
}

impl Walk {
    /// From the terminal: over the network a mail address gets one code a minute.
    fn send_another_code(&self) {
        let code = json!({"user_email": EMAIL, "otp_type": "TWO_FACTOR_AUTH"}).to_string();
        let arguments = ["call", "auth_send_otp", &code];
        let mut command = self.house.folder.command(&arguments);
        command.env("CLARA_LOCAL_ACCOUNT", "none");
        let sent = command.output().unwrap();
        assert!(sent.status.success(), "{sent:?}");
    }

    async fn ask(&self, method: &str, path: &str, proof: &str, body: Value) -> Reply {
        let asked = (
            method.to_owned(),
            path.split('?').next().unwrap().to_owned(),
        );
        self.asked.lock().unwrap().push(asked);
        if body.is_null() {
            self.house.ask(method, path, proof).await
        } else {
            self.house.tell(method, path, proof, &body).await
        }
    }

    fn code(&self, email: &str) -> Value {
        json!({"code": self.house.folder.code_for(email)})
    }
}

fn fits(template: &str, path: &str) -> bool {
    let (template, path): (Vec<&str>, Vec<&str>) =
        (template.split('/').collect(), path.split('/').collect());
    let same = |(wanted, said): (&&str, &&str)| wanted.starts_with('{') || wanted == said;
    template.len() == path.len() && template.iter().zip(&path).all(same)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_answers_as_documented() {
    let walk = Walk {
        house: House::open(&[]),
        asked: Mutex::default(),
    };
    let person = accounts(&walk).await;
    two_factors(&walk, &person).await;
    analyses(&walk, &person).await;
    money(&walk, &person).await;
    operators(&walk, &person).await;

    let asked = walk.asked.lock().unwrap();
    for entry in ALL.iter() {
        let route = entry.spec.route;
        let method = match route.method {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Patch => "PATCH",
            Method::Delete => "DELETE",
        };
        let walked = asked
            .iter()
            .any(|(said, path)| said == method && fits(route.path, path));
        assert!(walked, "{method} {} was never asked", route.path);
    }
}

struct Account {
    id: String,
    session: String,
    key: String,
}

const EMAIL: &str = "ada@example.org";

async fn accounts(walk: &Walk) -> Account {
    let health = walk
        .ask("GET", "/health", "", Value::Null)
        .await
        .data(200, "Health check successful.");
    assert_eq!(health, json!({"service": "clara", "status": "healthy"}));
    let version = walk
        .ask("GET", "/version", "", Value::Null)
        .await
        .data(200, "Version check successful.");
    assert_eq!(version, json!({"version": env!("CARGO_PKG_VERSION")}));

    let new = json!({"first_name": "Ada", "last_name": "Marsh", "email": EMAIL, "password": super::house::PASSWORD});
    let registered = walk
        .ask("POST", "/auth/register", PUBLIC, new.clone())
        .await
        .data(201, "User registered successfully.");
    assert_eq!(
        (&registered["credits"], &registered["is_active"]),
        (&json!(0.0), &json!(false))
    );
    let again = walk.ask("POST", "/auth/register", PUBLIC, new).await;
    again.data(400, "User with the given identifier already exists.");
    let code = walk.code(EMAIL);
    let activated = walk
        .ask("POST", &format!("/users/{EMAIL}/activate"), PUBLIC, code)
        .await
        .data(200, "User activated successfully.");
    assert_eq!(
        (&activated["credits"], &activated["is_active"]),
        (&json!(100.0), &json!(true))
    );
    assert!(activated.get("token").is_none());

    let google = walk
        .ask("POST", "/auth/google", "", json!({"id_token": "x"}))
        .await;
    assert_eq!(
        google.data(503, "Google is not configured."),
        json!({"service": "Google"})
    );

    let path = format!("/users/{EMAIL}/otp/CHANGE_PASSWORD");
    assert_eq!(
        walk.ask("POST", &path, PUBLIC, Value::Null)
            .await
            .data(201, "OTP sent successfully."),
        Value::Null
    );
    let mut change = walk.code(EMAIL);
    change["password"] = json!(NEW_PASSWORD);
    let changed = walk
        .ask("PATCH", &format!("/users/{EMAIL}/password"), PUBLIC, change)
        .await;
    assert_eq!(
        changed.data(200, "User password changed successfully."),
        Value::Null
    );

    // The password holds a colon: the address ends at the first one.
    let signed_in = walk
        .ask(
            "POST",
            "/auth/session",
            &basic(EMAIL, NEW_PASSWORD),
            Value::Null,
        )
        .await
        .data(200, "User logged in successfully.");
    let session = format!("Bearer {}", signed_in["token"].as_str().unwrap());
    assert!(session.starts_with("Bearer clara_user_"));
    let user = format!("/users/{}", signed_in["id"].as_str().unwrap());
    let seen = walk
        .ask("GET", &user, &session, Value::Null)
        .await
        .data(200, "User fetched successfully.");
    assert_eq!(seen["email"], EMAIL);
    let updated = walk
        .ask(
            "PATCH",
            &user,
            &session,
            json!({"first_name": "Augusta", "is_dark_mode": false}),
        )
        .await
        .data(200, "User updated successfully.");
    assert_eq!(
        (
            &updated["first_name"],
            &updated["is_dark_mode"],
            &updated["last_name"]
        ),
        (&json!("Augusta"), &json!(false), &json!("Marsh"))
    );

    let path = format!("{user}/api_key");
    let first = walk
        .ask("GET", &path, &session, Value::Null)
        .await
        .data(200, "API key fetched successfully.");
    let second = walk
        .ask("POST", &path, &session, Value::Null)
        .await
        .data(201, "API key reset successfully.");
    assert_ne!(first["token"], second["token"]);
    let old = format!("Bearer {}", first["token"].as_str().unwrap());
    assert_eq!(walk.ask("GET", &user, &old, Value::Null).await.status, 401);

    let other = walk
        .ask(
            "POST",
            "/auth/session",
            &basic(EMAIL, NEW_PASSWORD),
            Value::Null,
        )
        .await
        .data(200, "User logged in successfully.");
    let other = format!("Bearer {}", other["token"].as_str().unwrap());
    let left = walk
        .ask("DELETE", "/auth/session", &other, Value::Null)
        .await;
    assert_eq!(
        (left.status, left.text.as_str(), left.header("content-type")),
        (204, "", "")
    );
    assert_eq!(
        walk.ask("GET", &user, &other, Value::Null).await.status,
        401
    );
    Account {
        id: signed_in["id"].as_str().unwrap().to_owned(),
        session,
        key: format!("Bearer {}", second["token"].as_str().unwrap()),
    }
}

async fn two_factors(walk: &Walk, account: &Account) {
    let path = format!("/users/{}/2fa", account.id);
    walk.send_another_code();
    let enabled = walk
        .ask("POST", &path, &account.session, walk.code(EMAIL))
        .await;
    assert_eq!(
        enabled.data(200, "User 2FA enabled successfully."),
        Value::Null
    );

    let asked = walk
        .ask(
            "POST",
            "/auth/session",
            &basic(EMAIL, NEW_PASSWORD),
            Value::Null,
        )
        .await;
    let refused = "Authorization header or OTP is either missing, invalid or expired.";
    assert_eq!(asked.data(401, refused), json!({"is_2fa_enabled": true}));
    assert_eq!(asked.header("www-authenticate"), "Bearer realm=\"Clara\"");
    walk.send_another_code();
    let with_code = walk
        .ask(
            "POST",
            "/auth/session",
            &basic(EMAIL, NEW_PASSWORD),
            walk.code(EMAIL),
        )
        .await;
    assert_eq!(
        with_code.data(200, "User logged in successfully.")["is_2fa_enabled"],
        true
    );

    walk.send_another_code();
    let disabled = walk
        .ask("DELETE", &path, &account.session, walk.code(EMAIL))
        .await;
    assert_eq!((disabled.status, disabled.text.as_str()), (204, ""));
}

async fn analyses(walk: &Walk, account: &Account) {
    let user = format!("/users/{}", account.id);
    let kinds = walk
        .ask(
            "GET",
            &format!("{user}/agent/supported_attachments"),
            &account.key,
            Value::Null,
        )
        .await;
    let kinds = kinds.data(200, "Supported attachments fetched successfully.");
    assert!(
        kinds["document"]
            .as_array()
            .unwrap()
            .contains(&json!("pdf"))
    );

    let evidence = text_file("bridge.txt", "The bridge opened in 1931.");
    let question = json!({"text": "The bridge opened in 1931.", "attachments": [evidence]});
    let path = format!("{user}/agent/analysis");
    let started = walk
        .ask("POST", &path, &account.key, question)
        .await
        .data(201, "Analysis started successfully.");
    assert_eq!(
        (&started["status"], &started["result"]),
        (&json!("PENDING"), &Value::Null)
    );
    let task = format!("{user}/tasks/{}", started["id"].as_str().unwrap());
    let done = walk
        .ask(
            "GET",
            &format!("{task}?wait_seconds=55"),
            &account.key,
            Value::Null,
        )
        .await
        .data(200, "Task fetched successfully.");
    assert_eq!(
        (&done["status"], &done["progress"]),
        (&json!("COMPLETED"), &json!(100))
    );
    assert_eq!(done["result"]["counts"]["supported"], 1, "{done}");
    // An ended one stays as it is.
    let cancelled = walk
        .ask("DELETE", &task, &account.key, Value::Null)
        .await
        .data(200, "Task cancelled successfully.");
    assert_eq!(cancelled["status"], "COMPLETED");

    let form = reqwest::multipart::Form::new().text("text", "The bridge opened in 1931.");
    let request = walk
        .house
        .request("POST", &path, &account.session)
        .multipart(form);
    walk.house
        .send(request)
        .await
        .data(201, "Analysis started successfully.");
    let list = walk
        .ask(
            "GET",
            &format!("{user}/tasks?limit=1&offset=1"),
            &account.key,
            Value::Null,
        )
        .await;
    assert_eq!(list.header("x-total-count"), "2");
    let list = list.data(200, "Tasks fetched successfully.");
    assert_eq!(
        (list.as_array().unwrap().len(), &list[0]["id"]),
        (1, &started["id"])
    );
}

async fn money(walk: &Walk, account: &Account) {
    let path = format!("/users/{}/transactions", account.id);
    let list = walk
        .ask(
            "GET",
            &format!("{path}?limit=100"),
            &account.key,
            Value::Null,
        )
        .await;
    let total: usize = list.header("x-total-count").parse().unwrap();
    let list = list.data(200, "Transactions fetched successfully.");
    assert_eq!(list.as_array().unwrap().len(), total);
    let first = list.as_array().unwrap().last().unwrap();
    assert_eq!(
        (&first["type"], &first["description"]),
        (&json!("CREDIT"), &json!("Free credits on signup."))
    );
    let path = format!("{path}/{}", first["id"].as_str().unwrap());
    let one = walk
        .ask("GET", &path, &account.key, Value::Null)
        .await
        .data(200, "Transaction fetched successfully.");
    assert_eq!(&one, first);

    let rate = walk
        .ask("GET", "/stripe/rate", &account.key, Value::Null)
        .await;
    let rate = rate.data(200, "Credits rate fetched successfully. Upper limit and lower limit are in fiat. Rate is in credits per dollar. Any amount beyond the limits will not be credited.");
    assert_eq!(
        rate,
        json!([{"lower_limit": 5, "upper_limit": 10000, "rate": 100, "stripe_price_id": null}])
    );
    let no_stripe = "Stripe is not configured.";
    walk.ask("POST", "/stripe/portal", &account.key, Value::Null)
        .await
        .data(503, no_stripe);
    let buy = json!({"amount": 5, "return_path": "billing"});
    walk.ask("POST", "/stripe/buy", &account.key, buy)
        .await
        .data(503, no_stripe);
    let little = json!({"amount": 4, "return_path": "billing"});
    let little = walk.ask("POST", "/stripe/buy", &account.key, little).await;
    assert_eq!(
        little.data(404, "No credits rate found for the given amount."),
        json!({"lower_limit": 5, "upper_limit": 10000})
    );
    walk.ask("POST", "/stripe/settle", "", json!({"id": "evt_1"}))
        .await
        .data(503, no_stripe);
}

async fn operators(walk: &Walk, account: &Account) {
    let user = format!("/users/{}", account.id);
    let list = walk.ask("GET", "/users", PRIVATE, Value::Null).await;
    assert_eq!(list.header("x-total-count"), "1");
    assert_eq!(
        list.data(200, "Users fetched successfully.")[0]["id"],
        account.id.as_str()
    );
    let set = walk
        .ask(
            "PUT",
            &format!("{user}/credits"),
            PRIVATE,
            json!({"credits": 12.5}),
        )
        .await;
    assert_eq!(
        set.data(200, "User's credits updated successfully.")["credits"],
        12.5
    );
    let gone = walk.ask("DELETE", &user, PRIVATE, Value::Null).await;
    assert_eq!((gone.status, gone.text.as_str()), (204, ""));
    assert_eq!(
        walk.ask("GET", &user, &account.session, Value::Null)
            .await
            .status,
        401
    );
    walk.ask("GET", &user, PRIVATE, Value::Null)
        .await
        .data(404, "User with the given identifier does not exist.");
}
