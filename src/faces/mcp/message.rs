//! From bytes to a message of the protocol. What is none is answered with an error, where the protocol library would drop
//! it; which transport brought it does not matter here.

use std::borrow::Cow;

use rmcp::RoleServer;
use rmcp::model::{ErrorData, RequestId};
use rmcp::service::{RxJsonRpcMessage, TxJsonRpcMessage};
use serde::Deserialize;

use crate::faces::json;

/// A refusal; there is none for a notification that nobody knows, which is answered by silence.
pub type Refusal = Option<Box<TxJsonRpcMessage<RoleServer>>>;

/// Refuses a text that says something twice, or more than any message has: the protocol library would believe the last.
pub fn check(text: &[u8]) -> Result<(), Box<TxJsonRpcMessage<RoleServer>>> {
    /// Of everything in it, the name alone under which an answer is waited for.
    #[derive(Deserialize)]
    struct Named {
        id: Option<RequestId>,
    }
    match json::check(text) {
        Err(error) if error.is_data() => {
            let named = serde_json::from_slice::<Named>(text);
            let id = named.ok().and_then(|named| named.id);
            Err(refuse(format!("The message is refused: {error}."), id))
        }
        // What is no JSON at all is told of by whoever reads it.
        Ok(()) | Err(_) => Ok(()),
    }
}

/// The message that a text is.
pub fn read(text: &str) -> Result<RxJsonRpcMessage<RoleServer>, Refusal> {
    check(text.as_bytes()).map_err(Some)?;
    serde_json::from_str(text).map_err(|_| match serde_json::from_str::<serde_json::Value>(text) {
        Err(error) => {
            let place = format!("The message is not JSON: column {}.", error.column());
            Some(Box::new(TxJsonRpcMessage::<RoleServer>::error(
                ErrorData::parse_error(place, None),
                None,
            )))
        }
        Ok(value) if value["method"].is_string() && value.get("id").is_none() => None,
        Ok(value) => {
            let id = serde_json::from_value::<RequestId>(value["id"].clone()).ok();
            Some(refuse(
                "This is not a JSON-RPC message of this protocol.",
                id,
            ))
        }
    })
}

/// The answer to what is no message.
pub fn refuse(
    problem: impl Into<Cow<'static, str>>,
    id: Option<RequestId>,
) -> Box<TxJsonRpcMessage<RoleServer>> {
    Box::new(TxJsonRpcMessage::<RoleServer>::error(
        ErrorData::invalid_request(problem, None),
        id,
    ))
}
