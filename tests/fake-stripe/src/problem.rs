//! Stripe's errors: a status, a type, often a code and the parameter that is to blame. The sentences are ours, for programs
//! read the rest.

use serde_json::{Value, json};

pub struct Problem {
    pub status: u16,
    kind: &'static str,
    code: Option<&'static str>,
    parameter: Option<String>,
    message: String,
    /// Whether the endpoint had begun: only then the answer is kept under the request's idempotency key.
    pub executed: bool,
}

impl Problem {
    fn new(status: u16, kind: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            kind,
            code: None,
            parameter: None,
            message: message.into(),
            executed: false,
        }
    }

    fn code(mut self, code: &'static str) -> Self {
        self.code = Some(code);
        self
    }

    fn about(mut self, parameter: impl Into<String>) -> Self {
        self.parameter = Some(parameter.into());
        self
    }

    fn after_execution(mut self) -> Self {
        self.executed = true;
        self
    }

    /// A request that can never be carried out as it is.
    pub fn invalid(parameter: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(400, "invalid_request_error", message).about(parameter)
    }

    pub fn coded(
        code: &'static str,
        parameter: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self::invalid(parameter, message).code(code)
    }

    pub fn malformed(message: impl Into<String>) -> Self {
        Self::new(400, "invalid_request_error", message)
    }

    /// An object that is in no state for what is asked of it.
    pub fn refused(message: impl Into<String>) -> Self {
        Self::malformed(message).after_execution()
    }

    pub fn missing_parameter(name: &str) -> Self {
        Self::coded("parameter_missing", name, format!("`{name}` is required."))
    }

    pub fn unknown_parameter(name: &str) -> Self {
        let message = format!("This fake does not know the parameter `{name}`.");
        Self::coded("parameter_unknown", name, message)
    }

    /// What the address names is not there.
    pub fn not_found(what: &str, id: &str, parameter: &str) -> Self {
        let mut problem = Self::no_such(what, id, parameter);
        problem.status = 404;
        problem
    }

    /// What a parameter names is not there.
    pub fn no_such(what: &str, id: &str, parameter: &str) -> Self {
        Self::coded(
            "resource_missing",
            parameter,
            format!("There is no {what} {id}."),
        )
        .after_execution()
    }

    pub fn unknown_address(method: &str, path: &str) -> Self {
        let message = format!("This fake has nothing at {method} {path}.");
        Self::new(404, "invalid_request_error", message)
    }

    pub fn unauthorized() -> Self {
        let message = "A secret key for test mode belongs into the Authorization header.";
        Self::new(401, "invalid_request_error", message)
    }

    pub fn other_parameters(key: &str) -> Self {
        let message = format!("The idempotency key {key} came with other parameters before.");
        Self::new(400, "idempotency_error", message)
    }

    pub fn other_endpoint(key: &str, first: &str, now: &str) -> Self {
        let message = format!("The idempotency key {key} belongs to {first}, not to {now}.");
        Self::new(400, "idempotency_error", message)
    }

    pub fn key_in_use(key: &str) -> Self {
        let message = format!("A request with the idempotency key {key} is still under way.");
        Self::new(409, "idempotency_error", message).code("idempotency_key_in_use")
    }

    /// An answer that a test ordered.
    pub fn ordered(status: u16) -> Self {
        match status {
            429 => Self::new(429, "invalid_request_error", "Too many requests.").code("rate_limit"),
            409 => Self::new(409, "invalid_request_error", "The object is being changed.")
                .code("lock_timeout"),
            // Stripe keeps even these under the key.
            500 => Self::new(500, "api_error", "Something broke at Stripe's.").after_execution(),
            _ => Self::new(status, "api_error", "Stripe is not well."),
        }
    }

    pub fn body(&self, request_id: &str) -> Value {
        let mut error = json!({
            "message": self.message,
            "type": self.kind,
            "request_log_url": format!("https://dashboard.stripe.com/test/logs/{request_id}"),
        });
        if let Some(code) = self.code {
            error["code"] = json!(code);
            let page = code.replace('_', "-");
            error["doc_url"] = json!(format!("https://stripe.com/docs/error-codes/{page}"));
        }
        if let Some(parameter) = &self.parameter {
            error["param"] = json!(parameter);
        }
        json!({ "error": error })
    }
}
