//! Lists as CSV (RFC 4180), for whoever asks for `text/csv`: a list of flat rows, as an operation's schema says, becomes a
//! header and a line a row. Which operation that is, it does not know; what is no such list stays JSON.

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Map, Value};

use crate::operations::Route;
use crate::operations::dispatch::Answer;
use crate::operations::registry::Entry;

/// The media type that is asked for and answered.
pub const MEDIA_TYPE: &str = "text/csv";
/// What makes a spreadsheet take a text for a formula, where it stands first.
const FORMULA_MARKS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// The columns of an operation's answer.
pub struct Sheet {
    columns: Vec<String>,
    name: &'static str,
}

impl Sheet {
    /// Of an operation whose `data` is a list of rows that hold nothing but plain values.
    pub fn of(entry: &Entry) -> Option<Self> {
        Some(Self {
            columns: columns(&entry.contract.data)?,
            name: file_name(entry.spec.route),
        })
    }

    /// The header line.
    pub fn header(&self) -> String {
        line(self.columns.iter().map(String::as_str))
    }

    /// A line a row.
    pub fn rows(&self, data: &Value) -> String {
        let rows = data.as_array().into_iter().flatten();
        rows.map(|row| line(self.columns.iter().map(|column| cell(&row[column]))))
            .collect()
    }

    /// A success as a file of this name.
    pub fn answer(&self, answer: &Answer) -> Response {
        let file = format!("attachment; filename=\"{}.csv\"", self.name);
        let mut response = (self.header() + &self.rows(&answer.data)).into_response();
        let headers = response.headers_mut();
        let kind = HeaderValue::from_static("text/csv; charset=utf-8");
        headers.insert(header::CONTENT_TYPE, kind);
        if let Ok(file) = HeaderValue::from_str(&file) {
            headers.insert(header::CONTENT_DISPOSITION, file);
        }
        response
    }
}

/// The names of the rows' fields, in the order in which they are written down; `None` where a field is no plain value.
fn columns(data: &Map<String, Value>) -> Option<Vec<String>> {
    let row = data.get("items")?;
    let fields = row["properties"].as_object()?;
    if data.get("type")? != "array" || fields.is_empty() || !fields.values().all(is_plain) {
        return None;
    }
    // What is always there is listed in order; the rest follows.
    let required = row["required"].as_array().into_iter().flatten();
    let mut columns: Vec<String> = required
        .filter_map(|name| name.as_str().map(str::to_owned))
        .collect();
    for name in fields.keys() {
        if !columns.contains(name) {
            columns.push(name.clone());
        }
    }
    Some(columns)
}

fn is_plain(field: &Value) -> bool {
    let is_plain = |kind: &Value| {
        let kinds = ["string", "number", "integer", "boolean", "null"];
        kind.as_str().is_some_and(|kind| kinds.contains(&kind))
    };
    if let Some(choices) = field["anyOf"].as_array() {
        return choices.iter().all(self::is_plain);
    }
    match &field["type"] {
        Value::Array(kinds) => kinds.iter().all(is_plain),
        kind => is_plain(kind),
    }
}

/// What the last part of the path that is no variable calls them.
fn file_name(route: Route) -> &'static str {
    let mut parts = route.path.rsplit('/');
    parts
        .find(|part| !part.is_empty() && !part.starts_with('{'))
        .unwrap_or("list")
}

/// A value as a cell: a text that a spreadsheet would take for a formula gets an apostrophe before it.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) if text.starts_with(FORMULA_MARKS) => format!("'{text}"),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn line(cells: impl IntoIterator<Item = impl AsRef<[u8]>>) -> String {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    // Nothing is written but to memory, and cells are text.
    let written = writer.write_record(cells).ok();
    let bytes = written.and_then(|()| writer.into_inner().ok());
    bytes
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .unwrap_or_default()
}

/// Whether a caller would rather have CSV than JSON. Who takes anything gets JSON.
pub fn is_wanted(headers: &HeaderMap) -> bool {
    let accepted: Vec<(String, f32)> = headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(read_range)
        .collect();
    // The most exact of the ranges that hold a type counts.
    let quality = |ranges: &[&str]| {
        ranges.iter().find_map(|range| {
            let of_range = accepted.iter().filter(|(named, _)| named == range);
            of_range.map(|(_, quality)| *quality).reduce(f32::max)
        })
    };
    let Some(csv) = quality(&[MEDIA_TYPE, "text/*"]).filter(|quality| *quality > 0.0) else {
        return false;
    };
    match quality(&["application/json", "application/*"]) {
        Some(json) => csv > json,
        None => csv >= quality(&["*/*"]).unwrap_or(0.0),
    }
}

/// `text/csv;header=present;q=0.5` as the type and how much it is wanted.
fn read_range(range: &str) -> (String, f32) {
    let mut parts = range.split(';').map(str::trim);
    let named = parts.next().unwrap_or_default().to_ascii_lowercase();
    let quality = parts.find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("q").then(|| value.trim())
    });
    let quality = match quality {
        None => 1.0,
        Some(quality) => quality.parse().unwrap_or(0.0),
    };
    (named, quality)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::registry::ALL;
    use serde_json::json;

    #[test]
    fn lists_of_plain_rows_have_columns_and_nothing_else_has() {
        let sheets: Vec<(&str, &str, String)> = ALL
            .iter()
            .filter_map(|entry| {
                let sheet = Sheet::of(entry)?;
                Some((entry.spec.tool, sheet.name, sheet.columns.join(" ")))
            })
            .collect();
        let transaction =
            "id user_id type description value_in_credits value_in_fiat created_at updated_at";
        let user = "id email first_name last_name credits is_active is_2fa_enabled is_dark_mode created_at updated_at owed";
        let rate = "lower_limit upper_limit rate stripe_price_id";
        let session = "id created_at expires_at face address is_current";
        let expected = [
            ("session_view_all", "sessions", session),
            ("transaction_view_all", "transactions", transaction),
            (
                "agent_search",
                "search",
                "source text start end score column page place row seconds",
            ),
            ("stripe_rate", "rate", rate),
            ("operator_list_users", "users", user),
            ("operator_list_transactions", "transactions", transaction),
            (
                "operator_list_audit",
                "audit",
                "position created_at user_id event good address face request_id own_request_id details",
            ),
        ]
        .map(|(tool, name, columns)| (tool, name, columns.to_owned()));
        assert_eq!(sheets, expected);
    }

    #[test]
    fn cells_are_quoted_where_they_must_be_and_no_text_is_a_formula() {
        let sheet = Sheet {
            columns: ["a", "b"].map(str::to_owned).to_vec(),
            name: "rows",
        };
        let data = json!([
            {"a": "=1+1", "b": -2.5},
            {"a": "+1", "b": null},
            {"a": "-\"x\"", "b": true},
            {"a": "@x, y", "b": 7},
            {"a": "\tx", "b": "a\nb"},
            {"a": "1=1", "b": ""},
        ]);
        let expected = "a,b\r\n'=1+1,-2.5\r\n'+1,\r\n\"'-\"\"x\"\"\",true\r\n\"'@x, y\",7\r\n'\tx,\"a\nb\"\r\n1=1,\r\n";
        assert_eq!(sheet.header() + &sheet.rows(&data), expected);
    }

    #[test]
    fn csv_is_for_who_would_rather_have_it() {
        let wanted = |accept: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, HeaderValue::from_str(accept).unwrap());
            is_wanted(&headers)
        };
        for csv in [
            "text/csv",
            "TEXT/CSV; charset=utf-8",
            "text/csv, */*",
            "text/csv, application/json;q=0.9",
            "text/csv;q=0.2, */*;q=0.1",
            "text/*",
        ] {
            assert!(wanted(csv), "{csv}");
        }
        for json in [
            "*/*",
            "application/json",
            "text/csv;q=0",
            "text/csv;q=0, */*",
            "text/csv;q=x",
            "text/csv, application/json",
            "text/csv;q=0.5, application/json",
            "text/csv;q=0.5, */*",
            "text/*, text/csv;q=0",
            "text/html, application/xhtml+xml, */*;q=0.8",
            "",
        ] {
            assert!(!wanted(json), "{json}");
        }
        assert!(!is_wanted(&HeaderMap::new()));
    }
}
