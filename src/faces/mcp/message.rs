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

/// The longest name of a request or of its progress that is handed back to its sender, in bytes.
const MAX_ID_BYTES: usize = 256;

/// Of everything in a message, the name alone under which an answer is waited for.
#[derive(Deserialize)]
struct Named {
    id: Option<RequestId>,
}

/// And the name under which its progress is told.
#[derive(Deserialize)]
struct Reported {
    params: Params,
}

#[derive(Deserialize)]
struct Params {
    #[serde(rename = "_meta")]
    meta: Meta,
}

#[derive(Deserialize)]
struct Meta {
    #[serde(rename = "progressToken")]
    progress_token: RequestId,
}

fn is_too_long(name: &RequestId) -> bool {
    matches!(name, RequestId::String(text) if text.len() > MAX_ID_BYTES)
}

/// Refuses a text that says something twice, or more than any message has (the protocol library would believe the last),
/// and one whose name is too long to be handed back in each answer.
pub fn check(text: &[u8]) -> Result<(), Box<TxJsonRpcMessage<RoleServer>>> {
    let checked = json::check(text);
    let id = serde_json::from_slice::<Named>(text).ok();
    let id = id.and_then(|named| named.id);
    let token = serde_json::from_slice::<Reported>(text).ok();
    let token = token.map(|reported| reported.params.meta.progress_token);
    for (field, name) in [("id", &id), ("progressToken", &token)] {
        if name.as_ref().is_some_and(is_too_long) {
            let problem = format!("The {field} is longer than {MAX_ID_BYTES} bytes.");
            return Err(refuse(problem, None));
        }
    }
    match checked {
        Err(error) if error.is_data() => {
            Err(refuse(format!("The message is refused: {error}."), id))
        }
        // What is no JSON at all is told of by whoever reads it.
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Whether a text is a call of a tool, which is counted where it is made; answers of a client ask for nothing.
pub fn is_counted_elsewhere(text: &[u8]) -> bool {
    #[derive(Deserialize)]
    struct Kind<'m> {
        #[serde(borrow)]
        method: Option<Cow<'m, str>>,
    }
    serde_json::from_slice::<Kind<'_>>(text)
        .is_ok_and(|kind| kind.method.is_none_or(|method| method == "tools/call"))
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_longer_than_256_bytes_are_refused() {
        let ping = |id: usize, token: usize| {
            let (id, token) = ("i".repeat(id), "t".repeat(token));
            let params = json!({"_meta": {"progressToken": token}});
            let ping = json!({"jsonrpc": "2.0", "id": id, "method": "ping", "params": params});
            check(ping.to_string().as_bytes())
        };
        assert!(ping(256, 256).is_ok());
        let odd = json!({"jsonrpc": "2.0", "id": "i".repeat(257), "method": "ping", "params": []});
        assert!(check(odd.to_string().as_bytes()).is_err());
        for (id, token) in [(257, 1), (1, 257), (60_000, 1)] {
            let refusal = ping(id, token).unwrap_err();
            let refusal = serde_json::to_string(&refusal).unwrap();
            assert!(refusal.len() < 200, "{refusal}");
        }
    }
}
