//! Somebody before a page: what their browser holds, and what they do as calls of operations. Nothing is believed here;
//! dispatch judges each call anew.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use secrecy::SecretString;
use serde_json::{Map, Value};

use super::cookies;
use crate::faces::http::{HttpState, RequestMeta};
use crate::fault::{Fault, FaultKind};
use crate::operations::caller::{CallContext, CallControl, Face, RawCredential, Subject};
use crate::operations::dispatch::{Answer, Call};
use crate::operations::registry::{self, Reply};

/// Who looks at a page.
pub struct Visitor {
    pub site: Arc<HttpState>,
    /// The session's token, as the cookie holds it.
    pub session: Option<SecretString>,
    /// The address that was typed a moment ago.
    pub address: Option<String>,
    visit: Option<RequestMeta>,
}

impl FromRequestParts<Arc<HttpState>> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        site: &Arc<HttpState>,
    ) -> Result<Self, Infallible> {
        Ok(Self {
            session: cookies::session(site, &parts.headers),
            address: cookies::address(site, &parts.headers),
            visit: parts.extensions.get::<RequestMeta>().cloned(),
            site: site.clone(),
        })
    }
}

impl Visitor {
    /// The call that this visitor makes, for dispatch to judge.
    pub fn call_context(&self) -> CallContext {
        CallContext {
            raw_credential: RawCredential::OwnPage {
                session: self.session.clone(),
            },
            face: Face::Page,
            address: self.visit.as_ref().map(|visit| visit.address),
            request_id: self
                .visit
                .as_ref()
                .map(|visit| visit.request_id.clone())
                .unwrap_or_default(),
            call_control: CallControl::until(self.site.stop.child_token()),
        }
    }

    /// Does something.
    pub async fn act(&self, tool: &str, arguments: Map<String, Value>) -> Answer {
        let call_context = self.call_context();
        let Some(entry) = registry::operation(tool) else {
            let fault = Fault::new(FaultKind::NoRoute);
            return Answer::from_fault(&fault, &call_context.request_id);
        };
        let mut call = Call::begin(&self.site.context, entry, &call_context);
        let named = arguments.get("user_email").and_then(Value::as_str);
        let subject = Subject {
            user_id: None,
            user_email: named.map(str::to_owned),
        };
        let reply = async {
            let caller = call.admit(call_context, &subject).await?;
            call.run(&caller, arguments, Vec::new()).await
        };
        let reply: Result<Reply, Fault> = reply.await;
        call.answer(reply)
    }

    /// The account that the cookie's session is of, where it lives.
    pub async fn account(&self) -> Answer {
        self.act("user_view", Map::new()).await
    }

    /// The address to begin a form with: what was typed a moment ago, else that of who is signed in.
    pub async fn likely_address(&self) -> String {
        if let Some(address) = &self.address {
            return address.clone();
        }
        if self.session.is_none() {
            return String::new();
        }
        let account = self.account().await;
        account.data["email"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }
}
