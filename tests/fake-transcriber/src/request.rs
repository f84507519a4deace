//! A request with a form, read from the wire.

use std::collections::HashMap;
use std::io::Read as _;
use std::net::TcpStream;

use serde_json::{Value, json};

/// What was sent.
pub struct Request {
    pub path: String,
    pub authorization: Option<String>,
    pub fields: HashMap<String, String>,
    pub file_name: String,
    pub file: Vec<u8>,
}

impl Request {
    /// Reads one; `None` where the other side hung up.
    pub fn read(stream: &mut TcpStream) -> std::io::Result<Option<Self>> {
        let mut bytes = Vec::new();
        let mut buffer = vec![0; 65_536];
        let end = loop {
            if let Some(end) = find(&bytes, b"\r\n\r\n") {
                break end;
            }
            let count = stream.read(&mut buffer)?;
            if count == 0 {
                return Ok(None);
            }
            bytes.extend_from_slice(&buffer[..count]);
        };
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let mut lines = head.lines();
        let path = lines.next().and_then(|line| line.split(' ').nth(1));
        let path = path.unwrap_or_default().to_owned();
        let headers: HashMap<String, String> = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
            .collect();
        let length = headers.get("content-length");
        let length: usize = length.map_or(0, |length| length.parse().unwrap());
        while bytes.len() < end + 4 + length {
            let count = stream.read(&mut buffer)?;
            if count == 0 {
                return Ok(None);
            }
            bytes.extend_from_slice(&buffer[..count]);
        }
        let mut request = Self {
            path,
            authorization: headers.get("authorization").cloned(),
            fields: HashMap::new(),
            file_name: String::new(),
            file: Vec::new(),
        };
        let kind = headers.get("content-type").map_or("", String::as_str);
        if let Some(boundary) = kind.strip_prefix("multipart/form-data; boundary=") {
            request.take_form(&bytes[end + 4..], boundary);
        }
        Ok(Some(request))
    }

    fn take_form(&mut self, mut body: &[u8], boundary: &str) {
        let mark = format!("--{boundary}");
        while let Some(at) = find(body, mark.as_bytes()) {
            body = &body[at + mark.len()..];
            let Some(end) = find(body, mark.as_bytes()) else {
                return;
            };
            let part = &body[..end];
            let Some(head_end) = find(part, b"\r\n\r\n") else {
                return;
            };
            let head = String::from_utf8_lossy(&part[..head_end]).into_owned();
            let content = &part[head_end + 4..part.len() - 2];
            let named = |name: &str| {
                let (_, rest) = head.split_once(&format!(" {name}=\""))?;
                Some(rest.split_once('"')?.0.to_owned())
            };
            if let Some(name) = named("filename") {
                self.file_name = name;
                self.file = content.to_vec();
            } else if let Some(name) = named("name") {
                let content = String::from_utf8_lossy(content).into_owned();
                self.fields.insert(name, content);
            }
        }
    }

    /// What of it tests ask for.
    pub fn shown(&self) -> Value {
        let begins = &self.file[..self.file.len().min(12)];
        json!({
            "path": self.path,
            "authorization": self.authorization,
            "fields": self.fields,
            "file_name": self.file_name,
            "file_bytes": self.file.len(),
            "file_begins": String::from_utf8_lossy(begins),
        })
    }

    /// How many seconds a WAV file has; any other has as many as the recordings of the repository.
    pub fn seconds(&self) -> f64 {
        let number = |at: usize| {
            let bytes = self.file.get(at..at + 4)?.try_into().ok()?;
            Some(f64::from(u32::from_le_bytes(bytes)))
        };
        match number(28) {
            Some(rate) if self.file.starts_with(b"RIFF") && rate > 0.0 => {
                let bytes = u32::try_from(self.file.len()).unwrap();
                f64::from(bytes.saturating_sub(44)) / rate
            }
            _ => 5.7,
        }
    }
}

fn find(bytes: &[u8], mark: &[u8]) -> Option<usize> {
    bytes.windows(mark.len()).position(|window| window == mark)
}
