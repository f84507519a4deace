//! One request as its transport took it in: from whom, and how to notice that they left. Over HTTP each message carries
//! its own, for a session's id is no proof of anything; over stdio all share the process's.

use std::sync::Arc;

use axum::http::request::Parts;
use rmcp::model::Extensions;
use tokio_util::sync::CancellationToken;

use crate::context::Context;
use crate::operations::caller::{CallContext, CallControl, Face, ProcessIdentity, RawCredential};

/// A request with its proof, before anything of it is believed.
#[derive(Debug, Clone)]
pub struct Incoming {
    pub call_context: CallContext,
    /// Cancelled when nobody is there any more to take the answer.
    pub left: CancellationToken,
}

/// From where a server's requests come.
#[derive(Debug, Clone)]
pub enum Source {
    /// From whoever started the process; `closing` is cancelled when they have left, `stop` when the process ends.
    Process {
        identity: Arc<ProcessIdentity>,
        closing: CancellationToken,
        stop: CancellationToken,
    },
    /// From the network, each message with an [`Incoming`] of its own.
    Network,
}

impl Source {
    /// The request that a message with these extensions is. On the network, one without proof is a stranger's.
    pub fn incoming(&self, context: &Context, extensions: &Extensions) -> Incoming {
        match self {
            Self::Process {
                identity,
                closing,
                stop,
            } => Incoming {
                call_context: CallContext {
                    raw_credential: RawCredential::Process(identity.clone()),
                    face: Face::Stdio,
                    address: None,
                    request_id: request_id(context).into(),
                    call_control: CallControl::until(stop.child_token()),
                },
                left: closing.clone(),
            },
            Self::Network => carried(extensions).unwrap_or_else(|| Incoming {
                call_context: CallContext {
                    raw_credential: RawCredential::Headers {
                        authorization: None,
                        user_id: None,
                    },
                    face: Face::McpHttp,
                    address: None,
                    request_id: request_id(context).into(),
                    call_control: CallControl::default(),
                },
                left: CancellationToken::new(),
            }),
        }
    }
}

/// What came with a message: put into it, or into the HTTP request that it was the body of.
fn carried(extensions: &Extensions) -> Option<Incoming> {
    let own = extensions.get::<Incoming>();
    let requests = || extensions.get::<Parts>()?.extensions.get::<Incoming>();
    own.or_else(requests).cloned()
}

fn request_id(context: &Context) -> String {
    let mut bytes = [0_u8; 8];
    context.randomness.fill(&mut bytes);
    format!("{:016x}", u64::from_le_bytes(bytes))
}
