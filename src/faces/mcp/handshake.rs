//! What of a client's handshake its session needs later: enough to replay it in another process. It travels in the session's
//! id, sealed for the credential that began the session.

use rmcp::RoleServer;
use rmcp::model::{
    ClientCapabilities, ClientRequest, ElicitationCapability, Implementation,
    InitializeRequestParams, ProtocolVersion, UrlElicitationCapability,
};
use rmcp::service::RxJsonRpcMessage;

use super::elicitation;
use super::session_owner::SessionOwner;
use crate::context::Context;
use crate::fault::Fault;
use crate::operations::transport_session::{name_session, session_state};

/// Versions are dates; what is longer is negotiated like any other that is not known.
const MAX_VERSION_BYTES: usize = 32;
/// Follows the version of a client that can ask a person to open a page.
const OPENS_PAGES: &str = "+url";

/// The protocol version that a client asked for, and whether it can ask a person to open a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handshake {
    version: String,
    opens_pages: bool,
}

impl Handshake {
    /// The handshake that a message is; `None` for every other message.
    pub fn of(message: &RxJsonRpcMessage<RoleServer>) -> Option<Self> {
        let RxJsonRpcMessage::<RoleServer>::Request(request) = message else {
            return None;
        };
        let ClientRequest::InitializeRequest(initialize) = &request.request else {
            return None;
        };
        let version = initialize.params.protocol_version.as_str();
        let version = Some(version).filter(|version| version.len() <= MAX_VERSION_BYTES);
        Some(Self {
            version: version.unwrap_or_default().to_owned(),
            opens_pages: elicitation::opens_pages(&initialize.params.capabilities),
        })
    }

    /// An id for a new session that began with this.
    pub fn session_id(&self, context: &Context, holder: SessionOwner) -> Result<String, Fault> {
        name_session(context, holder.digest(), self.to_text().as_bytes())
    }

    /// What a session of this holder began with; `None` where the id is none of theirs.
    pub fn of_session(context: &Context, holder: SessionOwner, id: &str) -> Option<Self> {
        let state = session_state(context, holder.digest(), id)?;
        Some(Self::from_text(&String::from_utf8(state).ok()?))
    }

    /// The parameters with which it is replayed.
    pub fn params(&self) -> InitializeRequestParams {
        let mut capabilities = ClientCapabilities::default();
        if self.opens_pages {
            let url = UrlElicitationCapability::default();
            capabilities.elicitation = Some(ElicitationCapability::new().with_url(url));
        }
        let version = serde_json::from_value(self.version.as_str().into());
        InitializeRequestParams::new(capabilities, Implementation::new("restored", ""))
            .with_protocol_version(version.unwrap_or(ProtocolVersion::V_2025_11_25))
    }

    fn to_text(&self) -> String {
        let able = if self.opens_pages { OPENS_PAGES } else { "" };
        format!("{}{able}", self.version)
    }

    pub(super) fn from_text(text: &str) -> Self {
        let version = text.strip_suffix(OPENS_PAGES);
        Self {
            version: version.unwrap_or(text).to_owned(),
            opens_pages: version.is_some(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn handshake_is_replayed_as_it_was() {
        let able = json!({"elicitation": {"url": {}}});
        for (version, capabilities, opens_pages) in [
            ("2025-11-25", able, true),
            ("2025-03-26", json!({"elicitation": {}}), false),
            ("2024-11-05", json!({"experimental": {"x": {}}}), false),
        ] {
            let params = json!({"protocolVersion": version, "capabilities": capabilities, "clientInfo": {"name": "c", "version": "1"}});
            let hello =
                json!({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": params});
            let hello = serde_json::from_value(hello).unwrap();
            let handshake = Handshake::of(&hello).unwrap();
            let kept = Handshake::from_text(&handshake.to_text());
            assert_eq!(kept, handshake);
            let params = kept.params();
            assert_eq!(params.protocol_version.as_str(), version);
            assert_eq!(elicitation::opens_pages(&params.capabilities), opens_pages);
        }
    }
}
