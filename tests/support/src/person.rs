//! A client of the protocol's own library with a person before it, who is asked to open a page. What they say is set
//! beforehand; the page itself is never opened.
use std::sync::{Arc, Mutex};

use rmcp::model::{
    CallToolRequest, CallToolRequestParams, CallToolResult, ClientConfig, ClientRequest,
    ElicitRequestParams, ElicitResult, ElicitationAction, ElicitationCapability, ErrorData,
    ProtocolVersion, UrlElicitationCapability,
};
use rmcp::service::{ClientLifecycleMode, PeerRequestOptions, RequestContext, RunningService};
use rmcp::transport::IntoTransport;
use rmcp::{ClientHandler, RoleClient};
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::till::{Till, purchase};
use crate::{object, text_of};

/// Every protocol that is asked for something in its own way.
pub const LIFECYCLES: [fn() -> ClientLifecycleMode; 2] = [
    || ClientLifecycleMode::Initialize,
    || ClientLifecycleMode::Discover {
        preferred_versions: vec![ProtocolVersion::V_2026_07_28],
    },
];

/// What a person says to a page, and what a model hears of it.
pub const ANSWERS: [(ElicitationAction, &str); 3] = [
    (ElicitationAction::Accept, "agreed to open it"),
    (ElicitationAction::Decline, "declined"),
    (ElicitationAction::Cancel, "closed the question"),
];

#[derive(Clone)]
pub struct Person {
    /// `None`: nothing, however long they are asked.
    pub says: Option<ElicitationAction>,
    /// Whether the client says that it can ask them.
    pub is_reachable: bool,
    pub asked: Arc<Mutex<Vec<Value>>>,
    /// Cancelled when they are asked.
    pub hears: CancellationToken,
    /// Cancelled when the question is taken back.
    pub taken_back: CancellationToken,
}

impl Person {
    pub fn who_says(says: Option<ElicitationAction>) -> Self {
        Self {
            says,
            is_reachable: true,
            asked: Arc::default(),
            hears: CancellationToken::new(),
            taken_back: CancellationToken::new(),
        }
    }

    /// Behind a client that shows text and no more.
    pub fn out_of_reach() -> Self {
        Self {
            is_reachable: false,
            ..Self::who_says(None)
        }
    }

    pub async fn sit_down<T, E, A>(
        self,
        transport: T,
        lifecycle: ClientLifecycleMode,
    ) -> RunningService<RoleClient, Self>
    where
        T: IntoTransport<RoleClient, E, A>,
        E: std::error::Error + Send + Sync + 'static,
    {
        rmcp::service::serve_client_with_lifecycle(self, transport, lifecycle)
            .await
            .unwrap()
    }
}

impl ClientHandler for Person {
    fn get_info(&self) -> ClientConfig {
        let mut info = ClientConfig::default();
        if self.is_reachable {
            let url = UrlElicitationCapability::default();
            let modes = ElicitationCapability::default().with_url(url);
            info.capabilities.elicitation = Some(modes);
        }
        info
    }

    async fn create_elicitation(
        &self,
        request: ElicitRequestParams,
        context: RequestContext<RoleClient>,
    ) -> Result<ElicitResult, ErrorData> {
        let request = serde_json::to_value(request).unwrap();
        self.asked.lock().unwrap().push(request);
        self.hears.cancel();
        if let Some(says) = &self.says {
            return Ok(ElicitResult::new(says.clone()));
        }
        context.ct.cancelled().await;
        self.taken_back.cancel();
        Ok(ElicitResult::new(ElicitationAction::Cancel))
    }
}

/// A call of something that leads to a page.
fn call(tool: &'static str, arguments: Value) -> CallToolRequestParams {
    CallToolRequestParams::new(tool).with_arguments(object(arguments))
}

/// Buys at a till with each answer of a person, and where no client can ask one. `meet` connects somebody to Clara.
pub async fn buy_with_every_answer(
    till: &Till,
    meet: impl AsyncFn(Person) -> RunningService<RoleClient, Person>,
) {
    let people = ANSWERS
        .map(|(says, words)| (Person::who_says(Some(says)), words))
        .into_iter()
        .chain([(Person::out_of_reach(), "Give this address to a person")]);
    for (person, words) in people {
        let sold = till.sold();
        let client = meet(person.clone()).await;
        let bought = client.call_tool(call("stripe_buy", purchase())).await;
        let bought = bought.unwrap();
        let data = check(&bought, words);
        assert_eq!(data["value_in_credits"], 500.0, "{data}");
        assert_eq!(till.sold(), sold + 1, "asking makes no second page");
        let portal = client
            .call_tool(call("stripe_portal", serde_json::json!({})))
            .await;
        let portal = check(&portal.unwrap(), words);
        let asked = person.asked.lock().unwrap().clone();
        if person.is_reachable {
            let [buy, view] = &asked[..] else {
                panic!("once for each: {asked:?}")
            };
            assert_eq!((&buy["mode"], &buy["url"]), (&"url".into(), &data["url"]));
            assert_eq!(
                buy["message"],
                "Stripe's page to pay $5.00 for 500 credits."
            );
            assert_eq!(view["url"], portal["url"]);
        } else {
            assert!(asked.is_empty(), "{asked:?}");
        }
        client.cancel().await.unwrap();
    }
}

/// Somebody who does not answer takes back the call that made their client ask: the question goes with it.
pub async fn take_back_a_purchase(client: RunningService<RoleClient, Person>) {
    let person = client.service().clone();
    let buy = CallToolRequest::new(call("stripe_buy", purchase()));
    let buy = ClientRequest::CallToolRequest(buy);
    let options = PeerRequestOptions::no_options();
    let mut buying = client.send_cancellable_request(buy, options).await.unwrap();
    tokio::select! {
        () = person.hears.cancelled() => {}
        answer = &mut buying.rx => panic!("nobody was asked: {answer:?}"),
    }
    buying.cancel(None).await.unwrap();
    person.taken_back.cancelled().await;
    client.cancel().await.unwrap();
}

/// The data of an answer with a page, which is the same whatever a person said; `words` are what a model is told of that.
fn check(result: &CallToolResult, words: &str) -> Value {
    let text = text_of(result);
    assert!(text.contains(words), "{text}");
    let envelope = result.structured_content.clone().unwrap();
    assert_eq!(envelope["status"], "success", "{envelope}");
    let url = envelope["data"]["url"].as_str().unwrap();
    assert!(text.contains(url), "the text has the address: {text}");
    envelope["data"].clone()
}
