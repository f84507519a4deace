//! Idempotency as Stripe documents it: what a POST was answered is kept under its key for a day, whatever it was, once the
//! endpoint began. The same key with the same parameters gets that answer again; with others, an error.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::problem::Problem;

const KEPT_SECONDS: i64 = 24 * 60 * 60;
const LONGEST: usize = 255;

#[derive(Default)]
pub struct Keys(HashMap<String, Key>);

struct Key {
    at: i64,
    path: String,
    parameters: Map<String, Value>,
    /// None while the first request is under way.
    answer: Option<Kept>,
}

#[derive(Clone)]
pub struct Kept {
    pub status: u16,
    pub body: Value,
    pub request_id: String,
}

impl Keys {
    /// The kept answer; `None`: this request is the first, and its key is in use until [`Keys::keep`] or [`Keys::free`].
    pub fn begin(
        &mut self,
        key: &str,
        path: &str,
        parameters: &Map<String, Value>,
        now: i64,
    ) -> Result<Option<Kept>, Problem> {
        if key.is_empty() || key.chars().count() > LONGEST {
            let message = "An idempotency key has 1 to 255 characters.";
            return Err(Problem::malformed(message));
        }
        self.0
            .retain(|_, kept| kept.answer.is_none() || now - kept.at < KEPT_SECONDS);
        let Some(kept) = self.0.get(key) else {
            let first = Key {
                at: now,
                path: path.to_owned(),
                parameters: parameters.clone(),
                answer: None,
            };
            self.0.insert(key.to_owned(), first);
            return Ok(None);
        };
        if kept.path != path {
            return Err(Problem::other_endpoint(key, &kept.path, path));
        }
        if kept.parameters != *parameters {
            return Err(Problem::other_parameters(key));
        }
        match &kept.answer {
            Some(answer) => Ok(Some(answer.clone())),
            None => Err(Problem::key_in_use(key)),
        }
    }

    pub fn keep(&mut self, key: &str, answer: Kept) {
        if let Some(kept) = self.0.get_mut(key) {
            kept.answer = Some(answer);
        }
    }

    /// Where nothing was kept, the next request is the first again.
    pub fn free(&mut self, key: &str) {
        if self.0.get(key).is_some_and(|kept| kept.answer.is_none()) {
            self.0.remove(key);
        }
    }
}
