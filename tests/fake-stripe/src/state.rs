//! All the fake knows, in memory: objects by id in the order they were made, the time, and what was asked of it. An event is
//! an object like any other, with a copy of what it tells of.

use std::collections::{BTreeSet, HashMap, VecDeque};

use clara_domain::clock::{Clock as _, SystemClock};
use serde_json::{Value, json};

use super::commands::{Fault, Logged, Push, Sent, What};
use super::idempotency::Keys;
use super::journal::Journal;
use super::{PRICE, SECRET, VERSION, objects};

pub struct State {
    objects: HashMap<String, Value>,
    /// Their ids, oldest first.
    order: Vec<String>,
    /// What belongs to an object and is not among its fields, as `cs_1/line_items`.
    attached: HashMap<String, Value>,
    last_number: u64,
    /// The machine's time until a test sets another.
    set_now: Option<i64>,
    /// When each session is to expire, whatever became of it since.
    due: BTreeSet<(i64, String)>,
    pub keys: Keys,
    pub faults: Vec<Fault>,
    pub log: Vec<Logged>,
    /// Events that nobody was told of yet.
    pub waiting: VecDeque<String>,
    pub secrets: Vec<String>,
    /// `None`: tests hand events over themselves.
    pub push: Option<Push>,
    /// What was sent, in the order of the answers.
    pub sent: Vec<Sent>,
    pub journal: Journal,
}

/// The request that made an event; none where it happened without us.
#[derive(Default)]
pub struct Cause {
    pub request_id: Option<String>,
    pub key: Option<String>,
}

impl State {
    pub fn new() -> Self {
        let mut state = Self {
            objects: HashMap::new(),
            order: Vec::new(),
            attached: HashMap::new(),
            last_number: 0,
            set_now: None,
            due: BTreeSet::new(),
            keys: Keys::default(),
            faults: Vec::new(),
            log: Vec::new(),
            waiting: VecDeque::new(),
            secrets: vec![SECRET.to_owned()],
            push: None,
            sent: Vec::new(),
            journal: Journal::open(),
        };
        let price = objects::price(PRICE, "1", "usd", true, state.now());
        state.insert(price);
        state
    }

    /// Seconds since 1970.
    pub fn now(&self) -> i64 {
        self.set_now.unwrap_or_else(|| SystemClock.now().seconds())
    }

    pub fn set_now(&mut self, seconds: i64) {
        self.set_now = Some(seconds);
    }

    pub fn new_id(&mut self, prefix: &str) -> String {
        self.last_number += 1;
        format!("{prefix}_fake{:012}", self.last_number)
    }

    pub fn insert(&mut self, object: Value) {
        let id = text(&object, "id").to_owned();
        if object["object"] == "checkout.session" {
            let at = object["expires_at"].as_i64();
            self.due.insert((at.unwrap_or(i64::MAX), id.clone()));
        }
        if self.objects.insert(id.clone(), object).is_none() {
            self.order.push(id);
        }
    }

    pub fn find(&self, id: &str) -> Option<&Value> {
        self.objects.get(id)
    }

    pub fn attach(&mut self, id: &str, name: &str, value: Value) {
        self.attached.insert(format!("{id}/{name}"), value);
    }

    pub fn attached(&self, id: &str, name: &str) -> Option<&Value> {
        self.attached.get(&format!("{id}/{name}"))
    }

    /// The object of this id where it is of this kind.
    pub fn find_kind(&self, kind: &str, id: &str) -> Option<&Value> {
        self.find(id).filter(|object| object["object"] == kind)
    }

    pub fn find_mut(&mut self, id: &str) -> Option<&mut Value> {
        self.objects.get_mut(id)
    }

    /// Newest first.
    pub fn all<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Value> {
        let objects = self.order.iter().rev().map(|id| &self.objects[id]);
        objects.filter(move |object| object["object"] == kind)
    }

    /// Adds an object with these of its fields set, and answers with the whole of it.
    pub fn insert_with(&mut self, mut object: Value, fields: &Value) -> Value {
        set(&mut object, fields);
        self.insert(object.clone());
        object
    }

    /// Sets fields of an object, and answers with the whole of it.
    pub fn change(&mut self, id: &str, fields: &Value) -> Value {
        let object = self.objects.get_mut(id).expect("an object that was found");
        set(object, fields);
        object.clone()
    }

    pub fn emit(&mut self, kind: &str, object: &Value, previous: Option<Value>, cause: &Cause) {
        let id = self.new_id("evt");
        let mut data = json!({ "object": object });
        if let Some(previous) = previous {
            data["previous_attributes"] = previous;
        }
        let event = json!({
            "id": id,
            "object": "event",
            "api_version": VERSION,
            "created": self.now(),
            "data": data,
            "livemode": false,
            "pending_webhooks": 1,
            "request": { "id": cause.request_id, "idempotency_key": cause.key },
            "type": kind,
        });
        self.journal.event(&event);
        self.insert(event);
        self.waiting.push_back(id);
    }

    /// Expires what was open for too long.
    pub fn expire_due(&mut self) {
        let now = self.now();
        while self.due.first().is_some_and(|(at, _)| *at <= now) {
            let Some((_, id)) = self.due.pop_first() else {
                break;
            };
            if self.objects[&id]["status"] == "open" {
                self.expire(&id, &Cause::default());
            }
        }
    }

    pub fn expire(&mut self, id: &str, cause: &Cause) -> Value {
        let session = self.change(id, &json!({ "status": "expired", "url": null }));
        self.emit("checkout.session.expired", &session, None, cause);
        session
    }

    /// What is to go wrong with this request.
    pub fn take_fault(&mut self, method: &str, path: &str) -> Option<What> {
        let at = self
            .faults
            .iter()
            .position(|fault| fault.method == method && path.starts_with(&fault.path))?;
        let what = self.faults[at].what;
        self.faults[at].times -= 1;
        if self.faults[at].times == 0 {
            self.faults.remove(at);
        }
        Some(what)
    }
}

fn set(object: &mut Value, fields: &Value) {
    for (name, value) in fields.as_object().into_iter().flatten() {
        object[name] = value.clone();
    }
}

/// The text of a field; empty where it has none.
pub fn text<'a>(object: &'a Value, field: &str) -> &'a str {
    object[field].as_str().unwrap_or_default()
}
