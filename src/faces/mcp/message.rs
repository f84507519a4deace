//! From bytes to a message of the protocol. What is none is answered with an error, where the protocol library would drop
//! it; which transport brought it does not matter here.

use std::borrow::Cow;
use std::fmt;

use rmcp::RoleServer;
use rmcp::model::{ClientRequest, ErrorData, RequestId};
use rmcp::service::{RxJsonRpcMessage, TxJsonRpcMessage};
use serde::Deserialize;
use serde::de::{Deserializer as _, Error as _, IgnoredAny, MapAccess, Visitor};

use super::params;
use crate::faces::json;

/// A refusal; there is none for a notification that nobody knows, which is answered by silence.
pub type Refusal = Option<Box<TxJsonRpcMessage<RoleServer>>>;

/// The longest name of a request or of its progress that is handed back to its sender, in bytes.
const MAX_ID_BYTES: usize = 256;

/// What of a message is looked at before it is read as a whole.
#[derive(Default, Deserialize)]
pub struct Head<'m> {
    #[serde(borrow)]
    method: Option<Cow<'m, str>>,
    id: Option<RequestId>,
    params: Option<Params>,
}

#[derive(Deserialize)]
struct Params {
    #[serde(rename = "_meta")]
    meta: Option<Meta>,
}

#[derive(Deserialize)]
struct Meta {
    #[serde(rename = "progressToken")]
    progress_token: Option<RequestId>,
}

fn is_too_long(name: &RequestId) -> bool {
    matches!(name, RequestId::String(text) if text.len() > MAX_ID_BYTES)
}

impl<'m> Head<'m> {
    /// The head of a text; of one that is no message, as much as can be read.
    pub fn of(text: &'m [u8]) -> Self {
        serde_json::from_slice(text).unwrap_or_else(|_| Self {
            id: id_of(text),
            ..Self::default()
        })
    }

    /// Whether it calls a tool and waits for the answer. Such calls are counted where they are made, everything else by its
    /// transport.
    pub fn is_tool_call(&self) -> bool {
        self.method.as_deref() == Some("tools/call") && self.id.is_some()
    }

    /// Whether it begins a session.
    pub fn is_hello(&self) -> bool {
        self.method.as_deref() == Some("initialize")
    }

    /// Refuses a text that says something twice, or more than any message has (the protocol library would believe the
    /// last), and one whose name is too long to be handed back in each answer.
    pub fn check(&self, text: &[u8]) -> Result<(), Box<TxJsonRpcMessage<RoleServer>>> {
        let meta = self.params.as_ref().and_then(|params| params.meta.as_ref());
        let token = meta.and_then(|meta| meta.progress_token.as_ref());
        for (field, name) in [("id", self.id.as_ref()), ("progressToken", token)] {
            if name.is_some_and(is_too_long) {
                let problem = format!("The {field} is longer than {MAX_ID_BYTES} bytes.");
                return Err(refuse(problem, None));
            }
        }
        match json::check(text) {
            Err(error) if error.is_data() => {
                let problem = format!("The message is refused: {error}.");
                Err(refuse(problem, self.id.clone()))
            }
            // What is no JSON at all is told of by whoever reads it.
            Ok(()) | Err(_) => Ok(()),
        }
    }
}

/// The message that a text is.
pub fn read(text: &str) -> Result<RxJsonRpcMessage<RoleServer>, Refusal> {
    Head::of(text.as_bytes())
        .check(text.as_bytes())
        .map_err(Some)?;
    match serde_json::from_str(text) {
        Ok(message) => check_initialize(message).map_err(Some),
        Err(_) => Err(refusal_of(text)),
    }
}

/// An `initialize` that fits no type is refused here: the protocol library answers it in the words of another revision.
fn check_initialize(
    message: RxJsonRpcMessage<RoleServer>,
) -> Result<RxJsonRpcMessage<RoleServer>, Box<TxJsonRpcMessage<RoleServer>>> {
    if let RxJsonRpcMessage::<RoleServer>::Request(request) = &message
        && let ClientRequest::CustomRequest(custom) = &request.request
        && custom.method == "initialize"
        && let Some(error) = params::problem(&custom.method, custom.params.as_ref())
    {
        let id = Some(request.id.clone());
        return Err(Box::new(TxJsonRpcMessage::<RoleServer>::error(error, id)));
    }
    Ok(message)
}

fn refusal_of(text: &str) -> Refusal {
    match serde_json::from_str::<serde_json::Value>(text) {
        Err(error) => {
            let place = format!("The message is not JSON: column {}.", error.column());
            Some(Box::new(TxJsonRpcMessage::<RoleServer>::error(
                ErrorData::parse_error(place, None),
                id_of(text.as_bytes()),
            )))
        }
        Ok(value) if value["method"].is_string() && value.get("id").is_none() => None,
        Ok(value) => {
            let id = id_of(text.as_bytes());
            // A list as params is no message to the protocol library, though the method is known.
            let problem = value["method"]
                .as_str()
                .filter(|_| id.is_some())
                .and_then(|method| params::problem(method, value.get("params")));
            Some(match problem {
                Some(error) => Box::new(TxJsonRpcMessage::<RoleServer>::error(error, id)),
                None => refuse("This is not a JSON-RPC message of this protocol.", id),
            })
        }
    }
}

/// The id under which the sender waits for an answer, also where what stands after it cannot be read.
fn id_of(text: &[u8]) -> Option<RequestId> {
    let mut id = None;
    let mut reader = serde_json::Deserializer::from_slice(text);
    // The error was told of already; only what was read before it counts here.
    let _ = reader.deserialize_map(IdVisitor(&mut id));
    id
}

/// Looks at the members of a message one by one and keeps the id.
struct IdVisitor<'i>(&'i mut Option<RequestId>);

impl<'de> Visitor<'de> for IdVisitor<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a message")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let mut is_known = false;
        while let Some(name) = members.next_key::<Cow<'de, str>>()? {
            if name == "id" && is_known {
                // Given twice, neither is believed.
                *self.0 = None;
                return Err(A::Error::duplicate_field("id"));
            } else if name == "id" {
                is_known = true;
                *self.0 = members.next_value()?;
            } else {
                members.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
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
    use serde_json::{Value, json};

    use super::*;

    fn check(text: &str) -> Result<(), Box<TxJsonRpcMessage<RoleServer>>> {
        Head::of(text.as_bytes()).check(text.as_bytes())
    }

    #[test]
    fn names_longer_than_256_bytes_are_refused() {
        let ping = |id: usize, token: usize| {
            let (id, token) = ("i".repeat(id), "t".repeat(token));
            let params = json!({"_meta": {"progressToken": token}});
            let ping = json!({"jsonrpc": "2.0", "id": id, "method": "ping", "params": params});
            check(&ping.to_string())
        };
        assert!(ping(256, 256).is_ok());
        let odd = json!({"jsonrpc": "2.0", "id": "i".repeat(257), "method": "ping", "params": []});
        assert!(check(&odd.to_string()).is_err());
        for (id, token) in [(257, 1), (1, 257), (60_000, 1)] {
            let refusal = ping(id, token).unwrap_err();
            let refusal = serde_json::to_string(&refusal).unwrap();
            assert!(refusal.len() < 200, "{refusal}");
        }
    }

    fn answer(text: &str) -> Value {
        let refusal = read(text).unwrap_err().unwrap();
        serde_json::to_value(refusal).unwrap()
    }

    #[test]
    fn refusal_carries_the_id_that_was_readable() {
        let lone = r#"{"jsonrpc":"2.0","params":{"x":"\\ud83d"},"method":"ping","id":"a"}"#;
        assert_eq!(answer(&lone.replace("\\\\", "\\"))["id"], "a");
        assert_eq!(answer(r#"{"jsonrpc":"2.0","id":9,"method":"pi"#)["id"], 9);
        assert_eq!(answer(r#"{"id":4,"method":"ping","method":"x"}"#)["id"], 4);
        assert_eq!(answer("garbage")["id"], Value::Null);
    }

    #[test]
    fn malformed_initialize_names_the_member() {
        let hello = json!({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {"protocolVersion": 3}});
        let refused = answer(&hello.to_string());
        assert_eq!(refused["error"]["code"], -32602);
        let words = refused["error"]["message"].as_str().unwrap();
        assert!(words.starts_with("`protocolVersion` must be"), "{words}");
    }
}
