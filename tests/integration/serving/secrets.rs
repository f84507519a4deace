//! A whole life of an account at the loudest log level, with secrets that are known: none of them may turn up in the log,
//! in metrics, in refusals, with the doctor, or in the clear in the database.

use serde_json::{Value, json};

use super::client;
use super::support::{Folder, Server};
use super::till::Till;

const PUBLIC: &str = "canarypublic-0123456789abcdef0123456789";
const PRIVATE: &str = "canaryprivate-0123456789abcdef012345678";
const ROOT: &str = "canaryroot-0123456789abcdef0123456789abc";
const PASSWORD: &str = "canarypassword of the river";
const DOCUMENT: &str = "The canarydocument opened in 1931.";
const EMAIL: &str = "canaryperson@example.org";

struct Asking<'a> {
    server: &'a Server,
    /// Everything that was answered with a fault.
    refusals: std::cell::RefCell<String>,
}

impl<'a> Asking<'a> {
    fn of(server: &'a Server) -> Self {
        Self {
            server,
            refusals: std::cell::RefCell::default(),
        }
    }

    /// Makes her account.
    async fn register(&self) {
        let person = json!({"first_name": "Ada", "last_name": "Marsh", "email": EMAIL, "password": PASSWORD});
        let registered = self
            .ask("POST", "/auth/register", PUBLIC, Some(person))
            .await;
        assert_eq!(registered["status"], "success", "{registered}");
    }

    async fn ask(&self, method: &str, path: &str, proof: &str, body: Option<Value>) -> Value {
        let url = self.server.at(&format!("/api/v1{path}"));
        let mut request = client().request(method.parse().unwrap(), url);
        if !proof.is_empty() {
            request = request.header("authorization", proof);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await.unwrap();
        let failed = response.status().as_u16() >= 400;
        let text = response.text().await.unwrap();
        if failed {
            self.refusals.borrow_mut().push_str(&text);
        }
        serde_json::from_str(&text).unwrap_or(Value::Null)
    }
}

fn basic(password: &str) -> String {
    use base64::Engine as _;
    let encoded = base64::engine::general_purpose::STANDARD.encode(format!("{EMAIL}:{password}"));
    format!("Basic {encoded}")
}

#[expect(
    clippy::too_many_lines,
    reason = "it is one life, from registration to the search"
)]
#[tokio::test(flavor = "multi_thread")]
async fn no_secret_turns_up_where_it_has_no_business() {
    let folder = Folder::new();
    let till = Till::open().await;
    let [_, price, base] = till.settings();
    let settings = [
        ("CLARA_STRIPE_SECRET_KEY", "sk_test_canarystripe"),
        ("CLARA_STRIPE_WEBHOOK_SECRET", "whsec_canarywebhook0"),
        price,
        base,
        ("CLARA_LOG", "trace"),
        ("CLARA_PUBLIC_API_KEY", PUBLIC),
        ("CLARA_PRIVATE_API_KEY", PRIVATE),
        ("CLARA_SECRET_KEY", ROOT),
    ];
    let server = Server::start(&folder, &settings);
    let asking = Asking::of(&server);
    let person =
        json!({"first_name": "Ada", "last_name": "Marsh", "email": EMAIL, "password": PASSWORD});
    let registered = asking
        .ask("POST", "/auth/register", PUBLIC, Some(person.clone()))
        .await;
    assert_eq!(registered["status"], "success", "{registered}");
    let code = folder.code_for(EMAIL);
    let activate = format!("/users/{EMAIL}/activate");
    let activated = asking
        .ask("POST", &activate, PUBLIC, Some(json!({"code": code})))
        .await;
    assert_eq!(activated["status"], "success", "{activated}");
    let signed_in = asking
        .ask("POST", "/auth/session", &basic(PASSWORD), None)
        .await;
    let token = signed_in["data"]["token"].as_str().unwrap().to_owned();
    let bearer = format!("Bearer {token}");
    let user = format!("/users/{}", activated["data"]["id"].as_str().unwrap());
    let key = asking
        .ask("GET", &format!("{user}/api_key"), &bearer, None)
        .await;
    let api_key = key["data"]["token"].as_str().unwrap().to_owned();
    let two_factors = format!("{user}/2fa");
    let by_app = Some(json!({"method": "app"}));
    let offer = asking.ask("POST", &two_factors, &bearer, by_app).await;
    let address = offer["data"]["otpauth_url"].as_str().unwrap().to_owned();
    let app = totp_rs::Totp::from_url(&address).unwrap();
    let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs();
    let shown = app.generate(now).to_string();
    let confirm = Some(json!({"method": "app", "code": shown}));
    let on = asking.ask("POST", &two_factors, &bearer, confirm).await;
    let recovery = on["data"]["recovery_codes"][0].as_str().unwrap().to_owned();
    let replayed = Some(json!({"code": shown}));
    asking
        .ask("POST", "/auth/session", &basic(PASSWORD), replayed)
        .await;
    let analysis = json!({"text": DOCUMENT, "wait_seconds": 50});
    let task = asking
        .ask(
            "POST",
            &format!("{user}/agent/analysis"),
            &format!("Bearer {api_key}"),
            Some(analysis),
        )
        .await;
    assert_eq!(task["data"]["status"], "COMPLETED", "{task}");
    let purchase = Some(super::till::purchase());
    let page = asking.ask("POST", "/stripe/buy", &bearer, purchase).await;
    assert_eq!(page["status"], "success", "{page}");
    // And everything that is refused.
    asking
        .ask(
            "POST",
            "/stripe/settle",
            "",
            Some(json!({"id": "canaryevent"})),
        )
        .await;
    asking
        .ask("POST", "/auth/register", PUBLIC, Some(person))
        .await;
    asking
        .ask(
            "POST",
            &activate,
            PUBLIC,
            Some(json!({"code": "canarycode"})),
        )
        .await;
    asking
        .ask("POST", "/auth/session", &basic("canaryguess"), None)
        .await;
    asking
        .ask("GET", &user, "Bearer clara_user_canarytoken", None)
        .await;
    asking.ask("GET", &user, "canarystray", None).await;
    asking
        .ask("GET", &format!("{user}?token=canaryquery"), &bearer, None)
        .await;
    asking
        .ask(
            "POST",
            "/auth/register",
            PUBLIC,
            Some(json!({"password": ["canaryarray"]})),
        )
        .await;
    let metrics = client()
        .get(server.at("/metrics"))
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    let mut doctor = folder.command(&["doctor"]);
    doctor.envs(settings);
    let doctor = doctor.output().unwrap();
    let doctor = String::from_utf8_lossy(&[doctor.stdout, doctor.stderr].concat()).into_owned();

    let refusals = asking.refusals.into_inner();
    assert!(
        till.heard().contains("sk_test_canarystripe"),
        "it was spoken to"
    );
    let heard = till.heard().replace("sk_test_canarystripe", "its key");
    assert!(!heard.contains("clara_user_") && !heard.contains("clara_api_"));
    let log = server.log();
    assert!(
        log.contains("user_view") && log.contains("user_id"),
        "calls are logged: {log}"
    );
    let words = [
        "canarypublic",
        "canaryprivate",
        "canaryroot",
        "canarypassword",
        "canarydocument",
        "canaryperson",
        "canarycode",
        "canaryguess",
        "canarytoken",
        "canarystray",
        "canaryquery",
        "canaryarray",
        "canarystripe",
        "canarywebhook",
        "canaryevent",
    ];
    let basic_header = basic(PASSWORD);
    let seed = app.secret().to_base32();
    let recovery_bare = recovery.replace('-', "");
    let secrets = [
        token.as_str(),
        &api_key,
        &basic_header["Basic ".len()..],
        &seed,
        &recovery,
        &recovery_bare,
    ];
    // Whatever its callers show, the till is told its own key only, and whose purchase it is.
    let heard = till.heard();
    assert!(heard.contains("sk_test_canarystripe"), "it was spoken to");
    let of_callers = ["clara_user_", "clara_api_", PUBLIC, PRIVATE, PASSWORD, ROOT];
    for secret in of_callers.iter().chain(&secrets) {
        assert!(!heard.contains(*secret), "{secret} was told to the till");
    }
    for (place, text) in [
        ("log", &log),
        ("metrics", &metrics),
        ("doctor", &doctor),
        ("refusals", &refusals),
    ] {
        for secret in words.iter().chain(&secrets) {
            let line = text.lines().find(|line| line.contains(*secret));
            assert_eq!(line, None, "{secret} in the {place}");
        }
    }
    // The database keeps the document and the address, and nothing that lets anybody in.
    drop(server);
    let mut stored = Vec::new();
    for name in ["clara.db", "clara.db-wal"] {
        stored.extend(std::fs::read(folder.data().join(name)).unwrap_or_default());
    }
    let stored = String::from_utf8_lossy(&stored);
    assert!(stored.contains("canaryperson"), "the database was read");
    for secret in [
        "canarypublic",
        "canaryprivate",
        "canaryroot",
        "canarypassword",
        "canarystripe",
        "canarywebhook",
    ]
    .iter()
    .chain(&secrets)
    {
        assert!(!stored.contains(*secret), "{secret} in the database");
    }
}

/// A line that nobody answers, by an address that tells this password.
fn closed(scheme: &str, password: &str) -> String {
    format!("{scheme}://clara:{password}@127.0.0.1:9/clara")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_inside_an_address_is_said_nowhere() {
    let keys = [
        ("CLARA_PUBLIC_API_KEY", PUBLIC),
        ("CLARA_PRIVATE_API_KEY", PRIVATE),
        ("CLARA_SECRET_KEY", ROOT),
        ("CLARA_LOG", "trace"),
    ];
    // A mail server that cannot be reached: the server runs and says so.
    let folder = Folder::new();
    let mail = closed("smtp", "canarymail");
    let mut settings = keys.to_vec();
    settings.push(("CLARA_MAIL_URL", &mail));
    let server = Server::start(&folder, &settings);
    let asking = Asking::of(&server);
    asking.register().await;
    assert!(server.logs("a mail did not leave"), "{}", server.log());
    let doctor = |settings: &[(&str, &str)]| {
        let mut command = folder.command(&["doctor"]);
        command.envs(settings.iter().copied());
        let output = command.output().unwrap();
        String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned()
    };
    let mut said = vec![server.log(), doctor(&settings)];
    drop(server);
    // A database that cannot be reached: neither starts.
    let database = closed("postgres", "canarydatabase");
    let mut settings = keys.to_vec();
    settings.push(("CLARA_DATABASE_URL", &database));
    said.push(doctor(&settings));
    let mut start = folder.command(&["serve"]);
    start.env("CLARA_PORT", "0").envs(settings);
    let output = start.output().unwrap();
    assert!(!output.status.success());
    said.push(String::from_utf8_lossy(&output.stderr).into_owned());
    for text in said {
        assert!(!text.is_empty());
        let line = text.lines().find(|line| line.contains("canary"));
        assert_eq!(line.filter(|line| !line.contains("canaryperson")), None);
    }
}
