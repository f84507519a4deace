//! What the API offers, by method and address, with what is common to its endpoints: objects looked up, lists by page, and
//! references expanded. Checkout is a room of its own.

use serde_json::{Value, json};

use super::checkout;
use super::objects;
use super::parameters::{self, Parameters};
use super::problem::Problem;
use super::state::{Cause, State, text};

/// A request that may be carried out.
pub struct Call {
    /// What stands in the path's braces.
    pub id: String,
    /// The query's of a GET, the form's of a POST.
    pub parameters: Parameters,
    pub cause: Cause,
}

pub type Endpoint = fn(&mut State, &Call) -> Result<Value, Problem>;

pub struct Route {
    pub method: &'static str,
    pub template: &'static str,
    pub endpoint: Endpoint,
}

const fn route(method: &'static str, template: &'static str, endpoint: Endpoint) -> Route {
    Route {
        method,
        template,
        endpoint,
    }
}

const ROUTES: &[Route] = &[
    route("POST", "/v1/customers", create_customer),
    route("GET", "/v1/customers", list_customers),
    route("GET", "/v1/customers/{customer}", |state, call| {
        retrieve(state, call, "customer", "id")
    }),
    route("POST", "/v1/checkout/sessions", checkout::create),
    route("GET", "/v1/checkout/sessions", list_sessions),
    route("GET", "/v1/checkout/sessions/{session}", |state, call| {
        retrieve(state, call, "checkout.session", "session")
    }),
    route(
        "POST",
        "/v1/checkout/sessions/{session}/expire",
        checkout::expire,
    ),
    route("POST", "/v1/billing_portal/sessions", create_portal_session),
    route("GET", "/v1/prices/{price}", |state, call| {
        retrieve(state, call, "price", "price")
    }),
    route("GET", "/v1/events", list_events),
    route("GET", "/v1/events/{id}", |state, call| {
        retrieve(state, call, "event", "id")
    }),
    route("GET", "/v1/payment_intents/{intent}", |state, call| {
        retrieve(state, call, "payment_intent", "intent")
    }),
    route("GET", "/v1/charges/{charge}", |state, call| {
        retrieve(state, call, "charge", "id")
    }),
];

/// The route of an address, with what stands in its braces.
pub fn find(method: &str, path: &str) -> Option<(&'static Route, String)> {
    ROUTES.iter().find_map(|route| {
        let id = matched(route.template, path).filter(|_| route.method == method)?;
        Some((route, id))
    })
}

fn matched(template: &str, path: &str) -> Option<String> {
    let (wanted, given) = (template.split('/'), path.split('/'));
    if wanted.clone().count() != given.clone().count() {
        return None;
    }
    let mut id = String::new();
    for (wanted, given) in wanted.zip(given) {
        if wanted.starts_with('{') && !given.is_empty() {
            given.clone_into(&mut id);
        } else if wanted != given {
            return None;
        }
    }
    Some(id)
}

/// Looked up by the address; `parameter` is what Stripe calls it in its errors.
fn retrieve(state: &mut State, call: &Call, kind: &str, parameter: &str) -> Result<Value, Problem> {
    parameters::only(&call.parameters, &[])?;
    match state.find_kind(kind, &call.id) {
        Some(object) => Ok(object.clone()),
        None => Err(Problem::not_found(kind, &call.id, parameter)),
    }
}

/// Looked up by a parameter.
pub fn referenced<'a>(
    state: &'a State,
    kind: &str,
    id: &str,
    parameter: &str,
) -> Result<&'a Value, Problem> {
    state
        .find_kind(kind, id)
        .ok_or_else(|| Problem::no_such(kind, id, parameter))
}

fn create_customer(state: &mut State, call: &Call) -> Result<Value, Problem> {
    let given = &call.parameters;
    parameters::only(given, &["description", "email", "metadata", "name"])?;
    if parameters::optional(given, "email")?.is_some_and(|email| !email.contains('@')) {
        let message = "`email` is no address.";
        return Err(Problem::coded("email_invalid", "email", message));
    }
    let fields = json!({
        "description": parameters::optional(given, "description")?,
        "email": parameters::optional(given, "email")?,
        "metadata": parameters::metadata(given, "metadata")?,
        "name": parameters::optional(given, "name")?,
    });
    let id = state.new_id("cus");
    let customer = objects::customer(&id, state.now());
    let customer = state.insert_with(customer, &fields);
    state.emit("customer.created", &customer, None, &call.cause);
    Ok(customer)
}

fn create_portal_session(state: &mut State, call: &Call) -> Result<Value, Problem> {
    let given = &call.parameters;
    parameters::only(given, &["customer", "return_url"])?;
    let customer = parameters::required(given, "customer")?;
    let return_url = parameters::address(given, "return_url")?;
    referenced(state, "customer", customer, "customer")?;
    let id = state.new_id("bps");
    let created = state.now();
    Ok(objects::portal_session(&id, customer, return_url, created))
}

fn list_customers(state: &mut State, call: &Call) -> Result<Value, Problem> {
    list(state, call, "customer", "/v1/customers", &["email"])
}

fn list_sessions(state: &mut State, call: &Call) -> Result<Value, Problem> {
    let filters = &["customer", "payment_intent", "status"];
    let address = "/v1/checkout/sessions";
    list(state, call, "checkout.session", address, filters)
}

fn list_events(state: &mut State, call: &Call) -> Result<Value, Problem> {
    if call.parameters.contains_key("type") && call.parameters.contains_key("types") {
        let message = "Either `type` or `types`, not both.";
        return Err(Problem::invalid("types", message));
    }
    list(state, call, "event", "/v1/events", &["type", "types"])
}

/// A page of the objects of a kind, newest first. `filters` are the parameters that a field of the same name must equal.
fn list(
    state: &State,
    call: &Call,
    kind: &str,
    address: &str,
    filters: &[&str],
) -> Result<Value, Problem> {
    let given = &call.parameters;
    let known = [filters, &["created", "limit", "starting_after"]].concat();
    parameters::only(given, &known)?;
    let limit = parameters::integer(given, "limit")?.unwrap_or(10);
    if !(1..=100).contains(&limit) {
        return Err(Problem::invalid("limit", "`limit` is from 1 to 100."));
    }
    let range = Range::read(given)?;
    let after = parameters::optional(given, "starting_after")?;
    if let Some(id) = after {
        referenced(state, kind, id, "starting_after")?;
    }
    let fits = |object: &&Value| {
        let equal = filters.iter().all(|name| {
            given
                .get(*name)
                .is_none_or(|value| equals(object, name, value))
        });
        equal && range.holds(object["created"].as_i64().unwrap_or_default())
    };
    let mut reached = after.is_none();
    let objects = state.all(kind).filter(|object| {
        let is_after = reached;
        reached = reached || Some(text(object, "id")) == after;
        is_after
    });
    let limit = usize::try_from(limit).unwrap_or_default();
    let mut page: Vec<Value> = objects.filter(fits).take(limit + 1).cloned().collect();
    let has_more = page.len() > limit;
    page.truncate(limit);
    Ok(objects::list(address, &page, has_more))
}

/// Event types may end in `*`, and there may be several.
fn equals(object: &Value, filter: &str, wanted: &Value) -> bool {
    match (filter, wanted) {
        ("types", Value::Array(any)) => any.iter().any(|wanted| equals(object, "type", wanted)),
        ("type", Value::String(wanted)) => match wanted.strip_suffix('*') {
            Some(beginning) => text(object, "type").starts_with(beginning),
            None => text(object, "type") == wanted,
        },
        _ => object[filter] == *wanted,
    }
}

/// `created` as a moment, or `created[gte]` and its like.
#[derive(Default)]
struct Range {
    exact: Option<i64>,
    least: Option<i64>,
    most: Option<i64>,
}

impl Range {
    fn read(given: &Parameters) -> Result<Self, Problem> {
        let Some(Value::Object(bounds)) = given.get("created") else {
            let exact = parameters::integer(given, "created")?;
            return Ok(Self {
                exact,
                ..Self::default()
            });
        };
        parameters::only(bounds, &["gt", "gte", "lt", "lte"])?;
        let above = parameters::integer(bounds, "gt")?.map(|bound| bound + 1);
        let below = parameters::integer(bounds, "lt")?.map(|bound| bound - 1);
        Ok(Self {
            exact: None,
            least: parameters::integer(bounds, "gte")?.max(above),
            most: parameters::integer(bounds, "lte")?.or(below),
        })
    }

    fn holds(&self, created: i64) -> bool {
        self.exact.is_none_or(|exact| exact == created)
            && self.least.is_none_or(|least| least <= created)
            && self.most.is_none_or(|most| created <= most)
    }
}

/// Puts whole objects where the answer has their ids, as `expand[]` asks.
pub fn expand(state: &State, call: &Call, answer: &mut Value) -> Result<(), Problem> {
    let Some(Value::Array(paths)) = call.parameters.get("expand") else {
        return Ok(());
    };
    for path in paths.iter().filter_map(Value::as_str) {
        let steps: Vec<&str> = path.split('.').collect();
        if !expand_along(state, &steps, answer) {
            let message = format!("`{path}` cannot be expanded here.");
            return Err(Problem::invalid("expand", message));
        }
    }
    Ok(())
}

fn expand_along(state: &State, steps: &[&str], value: &mut Value) -> bool {
    let Some((first, rest)) = steps.split_first() else {
        return true;
    };
    if let Value::Array(items) = value {
        return items
            .iter_mut()
            .all(|item| expand_along(state, steps, item));
    }
    if let Some(items) = value["id"]
        .as_str()
        .and_then(|id| state.attached(id, first))
    {
        value[first] = items.clone();
    }
    let Some(field) = value.get_mut(first) else {
        return false;
    };
    if field.is_array() {
        return expand_along(state, rest, field);
    }
    if let Some(object) = field.as_str().and_then(|id| state.find(id)) {
        *field = object.clone();
    }
    // What is not there yet, such as the payment of an open session, stays null.
    field.is_null() || (field.is_object() && expand_along(state, rest, field))
}
