//! Checkout sessions: made with prices for one payment, open for half an hour to a day, and expired by hand or by time. How
//! one is paid is not in the API: a person does it.

use serde_json::{Value, json};

use super::endpoints::{Call, referenced};
use super::objects;
use super::parameters::{self, Parameters};
use super::problem::Problem;
use super::state::{State, text};

const MIN_SECONDS: i64 = 30 * 60;
const MAX_SECONDS: i64 = 24 * 60 * 60;
/// In cents, as Stripe has them for dollars.
const LEAST_TOTAL: i64 = 50;
const MAX_TOTAL: i64 = 99_999_999;
/// A price of a unit may have so many decimals.
const DECIMALS: usize = 12;

const KNOWN: &[&str] = &[
    "adaptive_pricing",
    "cancel_url",
    "client_reference_id",
    "customer",
    "expires_at",
    "line_items",
    "metadata",
    "mode",
    "payment_intent_data",
    "success_url",
];

pub fn create(state: &mut State, call: &Call) -> Result<Value, Problem> {
    let given = &call.parameters;
    parameters::only(given, KNOWN)?;
    if parameters::required(given, "mode")? != "payment" {
        return Err(Problem::invalid("mode", "This fake knows `payment` alone."));
    }
    let success_url = parameters::address(given, "success_url")?;
    let success_url = success_url.ok_or_else(|| Problem::missing_parameter("success_url"))?;
    let cancel_url = parameters::address(given, "cancel_url")?;
    let reference = parameters::optional(given, "client_reference_id")?;
    if reference.is_some_and(|reference| reference.chars().count() > 200) {
        let message = "`client_reference_id` has up to 200 characters.";
        return Err(Problem::invalid("client_reference_id", message));
    }
    let metadata = parameters::metadata(given, "metadata")?;
    let payment_metadata = payment_metadata(given)?;
    let now = state.now();
    let expires_at = expires_at(given, now)?;
    let items = items(given)?;
    let customer = parameters::optional(given, "customer")?;
    if let Some(customer) = customer {
        referenced(state, "customer", customer, "customer")?;
    }
    let lines = lines(state, &items)?;
    let total = total(&lines)?;
    let id = state.new_id("cs_test");
    let fields = json!({
        "amount_subtotal": total,
        "amount_total": total,
        "cancel_url": cancel_url,
        "client_reference_id": reference,
        "currency": lines[0]["currency"],
        "customer": customer,
        "expires_at": expires_at,
        "metadata": metadata,
        "success_url": success_url,
    });
    let address = format!("/v1/checkout/sessions/{id}/line_items");
    state.attach(&id, "line_items", objects::list(&address, &lines, false));
    state.attach(&id, "payment_metadata", payment_metadata);
    Ok(state.insert_with(objects::checkout_session(&id, now), &fields))
}

pub fn expire(state: &mut State, call: &Call) -> Result<Value, Problem> {
    parameters::only(&call.parameters, &[])?;
    let Some(session) = state.find_kind("checkout.session", &call.id) else {
        return Err(Problem::not_found("checkout.session", &call.id, "session"));
    };
    if session["status"] != "open" {
        let status = text(session, "status");
        let message = format!("Only an open session expires, and this one is {status}.");
        return Err(Problem::refused(message));
    }
    Ok(state.expire(&call.id, &call.cause))
}

fn payment_metadata(given: &Parameters) -> Result<Value, Problem> {
    let name = "payment_intent_data";
    match given.get(name) {
        None => Ok(json!({})),
        Some(Value::Object(data)) => {
            parameters::only(data, &["metadata"])?;
            parameters::metadata(data, "payment_intent_data[metadata]")
        }
        Some(_) => Err(Problem::invalid(name, format!("`{name}` is an object."))),
    }
}

fn expires_at(given: &Parameters, now: i64) -> Result<i64, Problem> {
    let at = parameters::integer(given, "expires_at")?.unwrap_or(now + MAX_SECONDS);
    if (MIN_SECONDS..=MAX_SECONDS).contains(&(at - now)) {
        return Ok(at);
    }
    let message = "`expires_at` is from 30 minutes to 24 hours after the session is made.";
    Err(Problem::invalid("expires_at", message))
}

/// A price's id and how many of it.
fn items(given: &Parameters) -> Result<Vec<(String, i64)>, Problem> {
    let Some(items) = given.get("line_items") else {
        return Err(Problem::missing_parameter("line_items"));
    };
    let items = items.as_array().filter(|items| !items.is_empty());
    let items = items.ok_or_else(|| Problem::invalid("line_items", "`line_items` is a list."))?;
    let read = |(number, item): (usize, &Value)| {
        let name = |field: &str| format!("line_items[{number}][{field}]");
        let Some(item) = item.as_object() else {
            return Err(Problem::invalid("line_items", "A line item is an object."));
        };
        parameters::only(item, &["price", "quantity"])?;
        let price = parameters::optional(item, "price")?
            .ok_or_else(|| Problem::missing_parameter(&name("price")))?;
        let quantity = parameters::integer(item, "quantity")?
            .ok_or_else(|| Problem::missing_parameter(&name("quantity")))?;
        if quantity < 1 {
            let message = "A quantity is at least 1.";
            return Err(Problem::invalid(name("quantity"), message));
        }
        Ok((price.to_owned(), quantity))
    };
    items.iter().enumerate().map(read).collect()
}

fn lines(state: &mut State, items: &[(String, i64)]) -> Result<Vec<Value>, Problem> {
    let mut lines = Vec::new();
    for (number, (price, quantity)) in items.iter().enumerate() {
        let name = format!("line_items[{number}][price]");
        let price = referenced(state, "price", price, &name)?.clone();
        if price["active"] != true {
            return Err(Problem::invalid(name, "This price is not active."));
        }
        let amount = amount(text(&price, "unit_amount_decimal"), *quantity);
        let amount = amount.ok_or_else(|| Problem::invalid(name, "A price is a number."))?;
        let id = state.new_id("li");
        lines.push(objects::line_item(&id, &price, *quantity, amount));
    }
    Ok(lines)
}

fn total(lines: &[Value]) -> Result<i64, Problem> {
    if lines
        .iter()
        .any(|line| line["currency"] != lines[0]["currency"])
    {
        let message = "All prices of a session are in one currency.";
        return Err(Problem::invalid("line_items", message));
    }
    let amounts = lines
        .iter()
        .filter_map(|line| line["amount_total"].as_i64());
    let total = amounts.fold(0, i64::saturating_add);
    let code = match total {
        ..LEAST_TOTAL => "amount_too_small",
        LEAST_TOTAL..=MAX_TOTAL => return Ok(total),
        _ => "amount_too_large",
    };
    let message = format!("A payment is from {LEAST_TOTAL} to {MAX_TOTAL} cents.");
    Err(Problem::coded(code, "line_items", message))
}

/// So many of a price, in whole cents, half a cent rounded up. None where the price is no decimal number.
fn amount(price: &str, quantity: i64) -> Option<i64> {
    let (whole, fraction) = price.split_once('.').unwrap_or((price, ""));
    let is_number = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || fraction.len() > DECIMALS || !is_number(whole) || !is_number(fraction) {
        return None;
    }
    let parts: i128 = format!("{whole}{fraction:0<DECIMALS$}").parse().ok()?;
    let one = 10_i128.pow(u32::try_from(DECIMALS).ok()?);
    let product = parts.checked_mul(i128::from(quantity))?;
    i64::try_from((product + one / 2) / one).ok()
}
