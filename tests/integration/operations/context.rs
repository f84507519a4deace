//! Clara in this process, asked through the real dispatch and with a clock that is pushed by hand.

use std::net::IpAddr;
use std::sync::Arc;

use base64::Engine as _;
use clara::context::{Context, RuntimeOptions};
use clara::domain::clock::{ManualClock, Timestamp};
use clara::domain::randomness::{Randomness, SystemRandomness};
use clara::operations::caller::{CallContext, CallControl, Face, RawCredential};
use clara::operations::dispatch::{Answer, Request, dispatch};
use clara::operations::registry::{Entry, find};
use clara::settings::{RawSettings, Settings};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

pub const PASSWORD: &str = "correct horse battery";

pub struct TestContext {
    pub context: Context,
    pub clock: Arc<ManualClock>,
    _folder: tempfile::TempDir,
}

impl TestContext {
    pub async fn new(rate_limit: &'static str) -> Self {
        Self::with(&[("RATE_LIMIT", rate_limit)]).await
    }

    pub async fn with(settings: &[(&str, &str)]) -> Self {
        Self::drawing(settings, Arc::new(SystemRandomness)).await
    }

    /// The same, which draws its identifiers, codes and salts here.
    pub async fn drawing(settings: &[(&str, &str)], randomness: Arc<dyn Randomness>) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("clara");
        let said = RawSettings::gather(
            |setting| {
                let said = settings.iter().find(|(name, _)| *name == setting.name);
                match setting.name {
                    "DATA_DIR" => Some(data.to_string_lossy().into_owned()),
                    _ => said.map(|(_, value)| (*value).to_owned()),
                }
            },
            |_| None,
            &std::collections::HashMap::new(),
        );
        let clock = Arc::new(ManualClock::new(Timestamp(1_764_201_600_000)));
        let surroundings = RuntimeOptions {
            clock: clock.clone(),
            randomness,
            ..RuntimeOptions::of_this_process().unwrap()
        };
        let settings = Settings::read(&said).unwrap();
        Self {
            context: Context::start(settings, surroundings).await.unwrap(),
            clock,
            _folder: folder,
        }
    }

    pub async fn call(
        &self,
        tool: &str,
        arguments: Value,
        authorization: Option<&str>,
        address: &str,
    ) -> Answer {
        let entry = find(tool).unwrap();
        self.call_of(entry, arguments, authorization, Some(address), None)
            .await
    }

    /// The same of any operation, a tool or not, with the account that its path names.
    pub async fn call_of(
        &self,
        entry: &Entry,
        arguments: Value,
        authorization: Option<&str>,
        address: Option<&str>,
        user_id: Option<String>,
    ) -> Answer {
        let request = Request {
            call_context: CallContext {
                raw_credential: RawCredential::Headers {
                    authorization: authorization.map(Into::into),
                    user_id: None,
                },
                face: Face::Rest,
                address: address.map(|address| address.parse::<IpAddr>().unwrap()),
                request_id: "r".into(),
                call_control: CallControl::default(),
            },
            user_id,
            arguments: clara_test_support::object(arguments),
        };
        dispatch(&self.context, entry, request).await
    }

    /// The statuses of so many calls of a tool that takes nothing.
    pub async fn statuses(
        &self,
        calls: usize,
        tool: &str,
        authorization: Option<&str>,
        address: &str,
    ) -> Vec<u16> {
        let mut statuses = Vec::new();
        for _ in 0..calls {
            let answer = self.call(tool, json!({}), authorization, address).await;
            statuses.push(answer.status);
        }
        statuses
    }

    pub fn public_key(&self) -> &str {
        self.context.public_api_key().expose_secret()
    }

    pub fn private_key(&self) -> &str {
        self.context.private_api_key().expose_secret()
    }

    pub async fn register(&self, email: &str, address: &str) -> Answer {
        let arguments = json!({
            "email": email, "password": PASSWORD, "first_name": "Ada", "last_name": "Marsh"
        });
        let key = Some(self.public_key());
        self.call("auth_register", arguments, key, address).await
    }

    /// `Bearer …` of a new account.
    pub async fn session(&self, email: &str) -> String {
        let answer = self.register(email, "198.51.100.1").await;
        format!("Bearer {}", answer.data["token"].as_str().unwrap())
    }

    pub async fn sign_in(&self, email: &str, password: &str, address: &str) -> Answer {
        let pair = base64::engine::general_purpose::STANDARD.encode(format!("{email}:{password}"));
        let basic = format!("Basic {pair}");
        self.call("auth_login", json!({}), Some(&basic), address)
            .await
    }

    pub async fn send_code(&self, email: &str, key: &str, address: &str) -> Answer {
        let arguments = json!({"user_email": email, "otp_type": "ACTIVATION"});
        self.call("auth_send_otp", arguments, Some(key), address)
            .await
    }

    pub fn mails_to(&self, email: &str) -> usize {
        let outbox = self.context.settings.data_dir.join("outbox");
        let mails = std::fs::read_dir(outbox).into_iter().flatten();
        let texts = mails.map(|mail| std::fs::read_to_string(mail.unwrap().path()).unwrap());
        texts
            .filter(|text| text.contains(&format!("To: {email}")))
            .count()
    }
}
