//! Reading what a request says: forms and queries are nested, all values are texts, and a parameter that is not known is an
//! error rather than overlooked.

use serde_json::{Map, Value};

use super::problem::Problem;

pub type Parameters = Map<String, Value>;

/// Of `a[b][0]=c`.
pub fn parse(text: &str) -> Result<Parameters, Problem> {
    if text.is_empty() {
        return Ok(Parameters::new());
    }
    // Callers may write the brackets as they are or in percents.
    serde_qs::Config::new(8, false)
        .deserialize_str(text)
        .map_err(|error| Problem::malformed(format!("This is no form: {error}.")))
}

/// `expand` goes everywhere.
pub fn only(parameters: &Parameters, known: &[&str]) -> Result<(), Problem> {
    let unknown = parameters
        .keys()
        .find(|name| *name != "expand" && !known.contains(&name.as_str()));
    match unknown {
        Some(name) => Err(Problem::unknown_parameter(name)),
        None => Ok(()),
    }
}

pub fn optional<'a>(parameters: &'a Parameters, name: &str) -> Result<Option<&'a str>, Problem> {
    match parameters.get(name) {
        None => Ok(None),
        Some(Value::String(text)) if text.is_empty() => {
            let message = format!("`{name}` was sent empty.");
            Err(Problem::coded("parameter_invalid_empty", name, message))
        }
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(Problem::invalid(name, format!("`{name}` is a text."))),
    }
}

pub fn required<'a>(parameters: &'a Parameters, name: &str) -> Result<&'a str, Problem> {
    optional(parameters, name)?.ok_or_else(|| Problem::missing_parameter(name))
}

pub fn integer(parameters: &Parameters, name: &str) -> Result<Option<i64>, Problem> {
    let parse = |text: &str| {
        let message = format!("`{name}` is a whole number.");
        text.parse()
            .map_err(|_| Problem::coded("parameter_invalid_integer", name, message))
    };
    optional(parameters, name)?.map(parse).transpose()
}

/// An address of the web, with its scheme.
pub fn address<'a>(parameters: &'a Parameters, name: &str) -> Result<Option<&'a str>, Problem> {
    let address = optional(parameters, name)?;
    // Stripe puts the session's id where this stands.
    let is_address = |text: &str| {
        url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
    };
    if address.is_some_and(|text| !is_address(text)) {
        let message = format!("`{name}` is an address with its scheme.");
        return Err(Problem::coded("url_invalid", name, message));
    }
    Ok(address)
}

/// Up to 50 texts by name; none where it is left out.
pub fn metadata(parameters: &Parameters, name: &str) -> Result<Value, Problem> {
    let given = match parameters.get("metadata") {
        None => return Ok(Value::Object(Map::new())),
        Some(Value::Object(given)) => given,
        Some(_) => return Err(Problem::invalid(name, "Metadata is texts by name.")),
    };
    let fits = |(key, value): (&String, &Value)| {
        let length = value.as_str().map(|text| text.chars().count());
        key.chars().count() <= 40 && length.is_some_and(|length| length <= 500)
    };
    if given.len() > 50 || !given.iter().all(fits) {
        let message = "Metadata is up to 50 texts of up to 500 characters, by names of up to 40.";
        return Err(Problem::invalid(name, message));
    }
    Ok(Value::Object(given.clone()))
}
