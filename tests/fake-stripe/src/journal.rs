//! What was asked and answered, for Stripe's own schema to judge: a line of JSON for each request to the API and each event,
//! in a file of this process. Written only where [`DIRECTORY`] names a directory.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::Path;

use serde_json::{Value, json};

use super::commands::Logged;

const DIRECTORY: &str = "CLARA_FAKE_STRIPE_JOURNAL";

pub struct Journal(Option<File>);

impl Journal {
    pub fn open() -> Self {
        let open = |directory: String| {
            std::fs::create_dir_all(&directory).unwrap();
            let path = Path::new(&directory).join(format!("{}.jsonl", std::process::id()));
            let mut options = OpenOptions::new();
            options.create(true).append(true).open(path).unwrap()
        };
        Self(std::env::var(DIRECTORY).ok().map(open))
    }

    pub fn request(&mut self, logged: &Logged) {
        self.write(&json!({ "request": logged }));
    }

    pub fn event(&mut self, event: &Value) {
        self.write(&json!({ "event": event }));
    }

    fn write(&mut self, line: &Value) {
        if let Some(file) = &mut self.0 {
            file.write_all(format!("{line}\n").as_bytes()).unwrap();
        }
    }
}
