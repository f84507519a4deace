use std::sync::{Arc, Mutex};

use rmcp::model::{
    CallToolResponse, CallToolResult, ClientConfig, ContentBlock, ElicitationCapability,
    FormElicitationCapability, ServerCapabilities, ServerConfig, UrlElicitationCapability,
};
use rmcp::service::RunningService;
use rmcp::{ClientHandler, RoleClient, ServerHandler, ServiceExt as _};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::*;
use crate::domain::randomness::SeededRandomness;

fn page() -> Page {
    Page {
        url: "https://tickets.example/7".to_owned(),
        purpose: "The page to pay for a ticket.".to_owned(),
        afterwards: "Then take a seat.",
    }
}

/// A server whose one tool asks, until `over`, and says what came of it.
struct Asker {
    over: CancellationToken,
}

impl ServerHandler for Asker {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
    }

    async fn call_tool(
        &self,
        _request: CallToolRequestParams,
        call: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let question = question(&SeededRandomness::new(1), page());
        let deadline = Instant::now() + MAX_ELICITATION_WAIT;
        let decision = ask(&call.peer, question, deadline, self.over.cancelled()).await;
        let said = ContentBlock::text(format!("{decision:?}"));
        Ok(CallToolResult::success(vec![said]).into())
    }
}

/// What a person does when they are asked.
#[derive(Clone, Copy)]
enum Person {
    Says(ElicitationOutcome),
    Fails,
    IsAway,
}

/// A client, the question it was asked, and whether that was taken back.
#[derive(Clone)]
struct Client {
    person: Person,
    asked: Arc<Mutex<Option<ElicitRequestParams>>>,
    heard: CancellationToken,
    taken_back: CancellationToken,
}

impl ClientHandler for Client {
    fn get_info(&self) -> ClientConfig {
        let mut info = ClientConfig::default();
        let modes = ElicitationCapability::default().with_url(UrlElicitationCapability::default());
        info.capabilities.elicitation = Some(modes);
        info
    }

    async fn create_elicitation(
        &self,
        request: ElicitRequestParams,
        context: RequestContext<RoleClient>,
    ) -> Result<ElicitResult, ErrorData> {
        *self.asked.lock().unwrap() = Some(request);
        self.heard.cancel();
        let action = match self.person {
            Person::Says(ElicitationOutcome::Agreed) => ElicitationAction::Accept,
            Person::Says(ElicitationOutcome::Declined) => ElicitationAction::Decline,
            Person::Says(_) => ElicitationAction::Cancel,
            Person::Fails => return Err(ErrorData::internal_error("no browser", None)),
            Person::IsAway => {
                context.ct.cancelled().await;
                self.taken_back.cancel();
                std::future::pending().await
            }
        };
        Ok(ElicitResult::new(action))
    }
}

struct Meeting {
    client: RunningService<RoleClient, Client>,
    over: CancellationToken,
}

impl Meeting {
    async fn of(person: Person) -> Self {
        let (ours, theirs) = tokio::io::duplex(64 * 1024);
        let over = CancellationToken::new();
        let server = Asker { over: over.clone() };
        tokio::spawn(async move { server.serve(ours).await.unwrap().waiting().await });
        let client = Client {
            person,
            asked: Arc::default(),
            heard: CancellationToken::new(),
            taken_back: CancellationToken::new(),
        };
        let client = client.serve(theirs).await.unwrap();
        Self { client, over }
    }

    async fn decision(&self) -> String {
        let call = CallToolRequestParams::new("ticket");
        let result = self.client.call_tool(call).await.unwrap();
        result.content[0].as_text().unwrap().text.clone()
    }
}

#[tokio::test]
async fn a_person_is_shown_the_address_and_the_reason() {
    let meeting = Meeting::of(Person::Says(ElicitationOutcome::Agreed)).await;
    assert_eq!(meeting.decision().await, "Agreed");
    let asked = meeting.client.service().asked.lock().unwrap().take();
    let asked = serde_json::to_value(asked.unwrap()).unwrap();
    assert_eq!(asked["mode"], "url");
    assert_eq!(asked["url"], "https://tickets.example/7");
    assert_eq!(asked["message"], "The page to pay for a ticket.");
    let id = asked["elicitationId"].as_str().unwrap();
    assert!(id.len() == 32 && id != "0".repeat(32), "{id}");
}

#[tokio::test]
async fn what_a_person_says_is_told_from_not_being_asked() {
    for (person, decision) in [
        (Person::Says(ElicitationOutcome::Declined), "Declined"),
        (Person::Says(ElicitationOutcome::Dismissed), "Dismissed"),
        (Person::Fails, "Unasked"),
    ] {
        let meeting = Meeting::of(person).await;
        assert_eq!(meeting.decision().await, decision);
    }
}

#[tokio::test(start_paused = true)]
async fn who_does_not_answer_is_waited_for_as_long_as_clients_wait() {
    let meeting = Meeting::of(Person::IsAway).await;
    let began = Instant::now();
    assert_eq!(meeting.decision().await, "Silent");
    assert_eq!(began.elapsed().as_secs(), 50);
    // The client need not ask any more.
    meeting.client.service().taken_back.cancelled().await;
}

#[tokio::test(start_paused = true)]
async fn waiting_ends_with_the_call() {
    let meeting = Meeting::of(Person::IsAway).await;
    let began = Instant::now();
    let ending = async {
        meeting.client.service().heard.cancelled().await;
        meeting.over.cancel();
    };
    let (decision, ()) = tokio::join!(meeting.decision(), ending);
    assert_eq!(decision, "Silent");
    assert!(began.elapsed().is_zero());
    meeting.client.service().taken_back.cancelled().await;
}

#[tokio::test]
async fn a_client_that_is_gone_was_not_asked() {
    let (ours, theirs) = tokio::io::duplex(1024);
    let server = rmcp::service::serve_directly(
        Asker {
            over: CancellationToken::new(),
        },
        ours,
        None,
    );
    let peer = server.peer().clone();
    drop(theirs);
    server.waiting().await.unwrap();
    let question = question(&SeededRandomness::new(1), page());
    let deadline = Instant::now() + MAX_ELICITATION_WAIT;
    let decision = ask(&peer, question, deadline, std::future::pending()).await;
    assert_eq!(decision, ElicitationOutcome::Unasked);
}

#[test]
fn only_a_client_that_says_so_opens_pages() {
    let able = |url: bool, form: bool| {
        let mut modes = ElicitationCapability::default();
        if url {
            modes = modes.with_url(UrlElicitationCapability::default());
        }
        if form {
            modes = modes.with_form(FormElicitationCapability::default());
        }
        let mut able = ClientCapabilities::default();
        able.elicitation = Some(modes);
        opens_pages(&able)
    };
    assert!(able(true, false) && able(true, true));
    // Nothing said is the form, as it was before there were pages.
    assert!(!able(false, false) && !able(false, true));
    assert!(!opens_pages(&ClientCapabilities::default()));
}

#[test]
fn an_answer_brought_back_is_read_leniently() {
    let brought = |response: serde_json::Value| {
        ElicitationOutcome::among(
            serde_json::from_value(json!({"page": response, "more": 1})).unwrap(),
        )
    };
    assert_eq!(
        brought(json!({"action": "accept"})),
        ElicitationOutcome::Agreed
    );
    assert_eq!(
        brought(json!({"action": "decline"})),
        ElicitationOutcome::Declined
    );
    assert_eq!(
        brought(json!({"action": "cancel"})),
        ElicitationOutcome::Dismissed
    );
    for unclear in [json!({"action": "maybe"}), json!({}), json!(null), json!(7)] {
        assert_eq!(brought(unclear), ElicitationOutcome::Silent);
    }
    assert_eq!(ElicitationOutcome::among(None), ElicitationOutcome::Silent);
}

#[test]
fn the_words_hold_the_address_wherever_it_may_still_be_needed() {
    for (decision, holds) in [
        (ElicitationOutcome::Unasked, true),
        (ElicitationOutcome::Agreed, false),
        (ElicitationOutcome::Declined, false),
        (ElicitationOutcome::Dismissed, true),
        (ElicitationOutcome::Silent, true),
    ] {
        let words = decision.words(&page());
        assert_eq!(words.contains(&page().url), holds, "{words}");
        assert!(words.contains(&page().purpose), "{words}");
    }
    assert!(
        ElicitationOutcome::Agreed
            .words(&page())
            .ends_with("Then take a seat.")
    );
}
