//! From bytes to a message of the protocol. What is none is answered with an error, where the protocol library would drop
//! it; which transport brought it does not matter here.

use rmcp::RoleServer;
use rmcp::model::{ErrorData, RequestId};
use rmcp::service::{RxJsonRpcMessage, TxJsonRpcMessage};

/// A refusal; there is none for a notification that nobody knows, which is answered by silence.
pub type Refusal = Option<Box<TxJsonRpcMessage<RoleServer>>>;

/// The message that a text is.
pub fn read(text: &str) -> Result<RxJsonRpcMessage<RoleServer>, Refusal> {
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
pub fn refuse(problem: &'static str, id: Option<RequestId>) -> Box<TxJsonRpcMessage<RoleServer>> {
    Box::new(TxJsonRpcMessage::<RoleServer>::error(
        ErrorData::invalid_request(problem, None),
        id,
    ))
}
