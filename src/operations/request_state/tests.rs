use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use schemars::JsonSchema;
use serde_json::json;

use super::*;
use crate::context::RuntimeOptions;
use crate::domain::clock::{ManualClock, Timestamp};
use crate::domain::credits::Credits;
use crate::domain::ids::UserId;
use crate::fault::FaultKind;
use crate::operations::caller::{
    CallContext, CallControl, Caller, Face, ProcessIdentity, RawCredential,
};
use crate::operations::registry::entry;
use crate::operations::{Access, Area, Body, Hints, Operation, Route, Spec, Success};
use crate::settings::{RawSettings, Settings};

/// Hands out an address, another each time.
#[derive(JsonSchema)]
struct Ticket;

#[derive(Deserialize, JsonSchema)]
struct Input {
    #[serde(default)]
    price: u32,
    #[serde(rename = "seat", default)]
    _seat: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct View {
    url: String,
}

impl Operation for Ticket {
    type Input = Input;
    type Output = View;
    const SPEC: Spec = Spec {
        tool: "misc_ticket",
        title: "Buy a ticket",
        area: Area::Misc,
        route: Route::post("/ticket"),
        access: Access::SessionOrKey,
        while_inactive: false,
        about_account: true,
        body: Body::Required,
        success: Success::created("ReauthContext is your ticket."),
        hints: Hints::ADD,
    };
    const PAGE: Option<fn(&Value) -> Option<Page>> = Some(|data| {
        Some(Page {
            url: data["url"].as_str()?.to_owned(),
            purpose: "The page to pay for a ticket.".to_owned(),
            afterwards: "Then take a seat.",
        })
    });

    async fn run(context: &Context, _caller: &Caller, input: Input) -> Result<View, Fault> {
        if input.price == 0 {
            return Err(FaultKind::Forbidden.into());
        }
        let mut drawn = [0_u8; 8];
        context.randomness.fill(&mut drawn);
        let number = u64::from_be_bytes(drawn);
        Ok(View {
            url: format!("https://tickets.example/{number}"),
        })
    }
}

struct House {
    context: Context,
    clock: Arc<ManualClock>,
    folder: Arc<tempfile::TempDir>,
    ticket: Entry,
}

impl House {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self::over(Arc::new(folder), &[]).await
    }

    async fn over(folder: Arc<tempfile::TempDir>, settings: &[(&str, &str)]) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let data = folder.path().join("clara").to_string_lossy().into_owned();
        let said = |name: &str| {
            let given = settings.iter().find(|(given, _)| *given == name);
            given.map(|(_, value)| (*value).to_owned())
        };
        let said = RawSettings::gather(
            |setting| match setting.name {
                "DATA_DIR" => Some(data.clone()),
                name => said(name),
            },
            |_| None,
            &std::collections::HashMap::new(),
        );
        let clock = Arc::new(ManualClock::new(Timestamp(1_764_201_600_000)));
        let surroundings = RuntimeOptions {
            clock: clock.clone(),
            ..RuntimeOptions::of_this_process().unwrap()
        };
        let settings = Settings::read(&said).unwrap();
        Self {
            context: Context::start(settings, surroundings).await.unwrap(),
            clock,
            folder,
            ticket: entry::<Ticket>(),
        }
    }

    async fn account(&self, email: &str) -> UserId {
        let accounts = &self.context.services.accounts;
        let email = email.parse().unwrap();
        let user = accounts.local_account(&email, Credits::hundredths(0));
        user.await.unwrap().id
    }

    async fn first(&self, account: &UserId, arguments: Value) -> First {
        let request = request(Some(account), arguments);
        first(&self.context, &self.ticket, request).await
    }

    async fn second(
        &self,
        account: &UserId,
        arguments: Value,
        state: &str,
    ) -> Result<Answer, Unopened> {
        let request = request(Some(account), arguments);
        second(&self.context, &self.ticket, request, state).await
    }
}

fn request(account: Option<&UserId>, arguments: Value) -> Request {
    let mut identity = ProcessIdentity::default();
    identity.local_account = account.cloned();
    let Value::Object(arguments) = arguments else {
        unreachable!()
    };
    Request {
        call_context: CallContext {
            raw_credential: RawCredential::Process(Arc::new(identity)),
            face: Face::Stdio,
            address: None,
            request_id: "r".into(),
            call_control: CallControl::default(),
        },
        user_id: None,
        arguments,
    }
}

fn asks(first: First) -> (Page, String) {
    match first {
        First::Asks { page, state } => (page, state),
        First::Answered(answer) => panic!("nobody is asked: {answer:?}"),
    }
}

#[tokio::test]
async fn the_second_round_gives_the_first_ones_answer_and_does_nothing() {
    let house = House::new().await;
    let ada = house.account("ada@example.org").await;
    let arguments = json!({"price": 5, "seat": "a"});
    let (page, state) = asks(house.first(&ada, arguments.clone()).await);
    assert_eq!(page.purpose, "The page to pay for a ticket.");
    // Once more is as good as once: it is the same answer.
    for _ in 0..2 {
        let same = house.second(&ada, json!({"seat": "a", "price": 5}), &state);
        let answer = same.await.unwrap();
        assert_eq!(
            (answer.status, answer.data),
            (201, json!({"url": page.url}))
        );
        assert_eq!(answer.message, "ReauthContext is your ticket.");
    }
    let (another, _) = asks(house.first(&ada, arguments).await);
    assert_ne!(another.url, page.url, "a new first round does it anew");
}

#[tokio::test]
async fn nobody_is_asked_where_it_did_not_work() {
    let house = House::new().await;
    let ada = house.account("ada@example.org").await;
    match house.first(&ada, json!({"price": 0})).await {
        First::Answered(answer) => assert_eq!(answer.status, 403),
        First::Asks { .. } => panic!("there is no page"),
    }
}

#[tokio::test]
async fn a_state_opens_for_its_own_call_alone() {
    let house = House::new().await;
    let ada = house.account("ada@example.org").await;
    let eve = house.account("eve@example.org").await;
    let arguments = json!({"price": 5});
    let (_, state) = asks(house.first(&ada, arguments.clone()).await);
    let others = [
        house.second(&eve, arguments.clone(), &state).await,
        house.second(&ada, json!({"price": 6}), &state).await,
        house.second(&ada, json!({}), &state).await,
    ];
    for other in others {
        assert_eq!(other.unwrap_err(), Unopened::Foreign);
    }
    let find = crate::operations::registry::find;
    let buy = find("stripe_buy").unwrap();
    let other_tool = request(Some(&ada), arguments.clone());
    let other_tool = second(&house.context, buy, other_tool, &state).await;
    assert_eq!(other_tool.unwrap_err(), Unopened::Foreign);
    // Who proves nothing is told so, before anything is opened.
    let stranger = request(None, arguments.clone());
    let stranger = second(&house.context, &house.ticket, stranger, &state).await;
    assert_eq!(stranger.unwrap().status, 401);
    assert!(house.second(&ada, arguments, &state).await.is_ok());
}

#[tokio::test]
async fn a_state_with_a_changed_bit_opens_nothing() {
    let house = House::new().await;
    let ada = house.account("ada@example.org").await;
    let arguments = json!({"price": 5});
    let (_, state) = asks(house.first(&ada, arguments.clone()).await);
    let bytes = URL_SAFE_NO_PAD.decode(&state).unwrap();
    let mut wrong = vec![String::new(), "%".to_owned(), format!("{state}A")];
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 1 << (at % 8);
        wrong.push(URL_SAFE_NO_PAD.encode(changed));
        wrong.push(URL_SAFE_NO_PAD.encode(&bytes[..at]));
    }
    // The text's own characters too: none has two spellings.
    for at in 0..state.len() {
        let other = if &state[at..=at] == "A" { "B" } else { "A" };
        wrong.push(format!("{}{other}{}", &state[..at], &state[at + 1..]));
    }
    for wrong in wrong {
        let opened = house.second(&ada, arguments.clone(), &wrong).await;
        assert_eq!(opened.unwrap_err(), Unopened::Foreign, "{wrong}");
    }
}

#[tokio::test]
async fn a_state_opens_for_ten_minutes() {
    let house = House::new().await;
    let ada = house.account("ada@example.org").await;
    let arguments = json!({"price": 5});
    let (_, state) = asks(house.first(&ada, arguments.clone()).await);
    house.clock.advance(Duration::from_mins(10));
    assert!(house.second(&ada, arguments.clone(), &state).await.is_ok());
    house.clock.advance(Duration::from_millis(1));
    let late = house.second(&ada, arguments, &state).await;
    assert_eq!(late.unwrap_err(), Unopened::TooOld);
}

#[tokio::test]
async fn a_state_outlives_a_restart_and_one_change_of_the_key() {
    const OLD: &str = "an-old-secret-of-thirty-two-characters-or-more";
    const NEW: &str = "a-new-secret-of-thirty-two-characters-or-more";
    let folder = Arc::new(tempfile::tempdir().unwrap());
    let house = House::over(folder, &[("SECRET_KEY", OLD)]).await;
    let ada = house.account("ada@example.org").await;
    let arguments = json!({"price": 5});
    let (_, state) = asks(house.first(&ada, arguments.clone()).await);
    let folder = house.folder.clone();
    house.context.close().await;
    let changed = [("SECRET_KEY", NEW), ("SECRET_KEY_PREVIOUS", OLD)];
    let house = House::over(folder.clone(), &changed).await;
    assert!(house.second(&ada, arguments.clone(), &state).await.is_ok());
    house.context.close().await;
    let house = House::over(folder, &[("SECRET_KEY", NEW)]).await;
    let opened = house.second(&ada, arguments, &state).await;
    assert_eq!(opened.unwrap_err(), Unopened::Foreign);
}
