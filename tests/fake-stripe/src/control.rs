//! What a test orders: the fake's own door, beside the API and unknown to Stripe.

use std::sync::Arc;

use serde_json::{Value, json};

use super::commands::Command;
use super::objects::{self, Method};
use super::server::Server;
use super::state::State;
use super::{deliveries, payments, push};

pub async fn answer(server: &Arc<Server>, body: &[u8]) -> Result<Value, String> {
    let command = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    match command {
        Command::WaitForHeld { count } => server.wait_for_held(count).await,
        Command::WaitUntilNoneIsHeld => server.wait_until_none_is_held().await,
        Command::LetGo => server.let_go(),
        Command::Release => {
            if let Some(push) = &mut server.state().push {
                push.held = false;
            }
            push::push(server).await;
        }
        Command::Retry { attempts } => return Ok(json!(push::retry(server, attempts).await?)),
        command => {
            let outcome = obey(&mut server.state(), command);
            // What happened reaches the webhook before the test goes on.
            push::push(server).await;
            return outcome;
        }
    }
    Ok(Value::Null)
}

fn obey(state: &mut State, command: Command) -> Result<Value, String> {
    match command {
        Command::AddPrice {
            id,
            unit_amount_decimal,
            currency,
            active,
        } => {
            let now = state.now();
            let price = objects::price(&id, &unit_amount_decimal, &currency, active, now);
            state.insert(price.clone());
            Ok(price)
        }
        Command::Pay { session } => payments::pay(state, &session, Method::Card),
        Command::PaySlowly { session } => payments::pay(state, &session, Method::BankDebit),
        Command::Settle { session, paid } => payments::settle(state, &session, paid),
        Command::Expire { session } => payments::expire(state, &session),
        Command::Refund { payment, cents } => payments::refund(state, &payment, cents),
        Command::OpenDispute {
            payment,
            cents,
            status,
        } => payments::open_dispute(state, &payment, cents, &status),
        Command::CloseDispute { dispute, status } => {
            payments::close_dispute(state, &dispute, &status)
        }
        Command::Alter { id, field, value } => alter(state, &id, &field, value),
        Command::Object { id } => {
            let object = state.find(&id).cloned();
            object.ok_or_else(|| format!("there is no {id}"))
        }
        Command::SignWith { secrets } => {
            state.secrets = secrets;
            Ok(Value::Null)
        }
        Command::Deliveries { at } => {
            let waiting = std::mem::take(&mut state.waiting);
            let signed = waiting
                .iter()
                .map(|event| deliveries::sign(state, event, at));
            Ok(json!(signed.collect::<Result<Vec<_>, _>>()?))
        }
        Command::Delivery { event, at } => Ok(json!(deliveries::sign(state, &event, at)?)),
        Command::SetNow { seconds } => Ok(set_now(state, seconds)),
        Command::AdvanceClock { seconds } => {
            let now = state.now() + seconds;
            Ok(set_now(state, now))
        }
        Command::AddFault(fault) => {
            state.faults.push(fault);
            Ok(Value::Null)
        }
        Command::ClearFaults => {
            state.faults.clear();
            Ok(Value::Null)
        }
        Command::Requests => Ok(json!(state.log)),
        Command::PushTo { push } => {
            state.push = push;
            Ok(Value::Null)
        }
        Command::Sent => Ok(json!(state.sent)),
        Command::WaitForHeld { .. }
        | Command::WaitUntilNoneIsHeld
        | Command::LetGo
        | Command::Release
        | Command::Retry { .. } => {
            unreachable!("these wait, or wake")
        }
    }
}

fn set_now(state: &mut State, seconds: i64) -> Value {
    state.set_now(seconds);
    state.expire_due();
    json!(seconds)
}

/// One field and nothing else, so that each can be wrong alone. A field that is not there is made.
fn alter(state: &mut State, id: &str, field: &str, value: Value) -> Result<Value, String> {
    let object = state
        .find_mut(id)
        .ok_or_else(|| format!("there is no {id}"))?;
    let mut place = &mut *object;
    for step in field.split('.') {
        let fields = place.as_object_mut();
        let fields = fields.ok_or_else(|| format!("{id} has no field {field}"))?;
        place = fields.entry(step).or_insert(Value::Null);
    }
    *place = value;
    Ok(object.clone())
}
