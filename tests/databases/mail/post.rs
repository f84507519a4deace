//! The mail server of these tests, as a process of its own, and what it tells of what reached it.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use base64::Engine as _;
use clara::adapters::mail::{MailTimeouts, Mailer};
use serde_json::Value;

use crate::mail::harness::World;

/// The Python that has the server's packages.
fn python() -> PathBuf {
    let parts = std::env::var("CLARA_TEST_PARTS");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let parts = parts.map_or_else(|_| root.join("target/clients"), PathBuf::from);
    parts.join("mail/bin/python")
}

/// Whether the server is there. Where it must be and is not, the run fails.
pub fn is_open() -> bool {
    let python = python();
    let is_there = python.exists();
    if !is_there {
        let required = std::env::var("REQUIRE_PARTS").is_ok_and(|value| value == "1");
        let words = format!("no mail server at {}", python.display());
        assert!(!required, "REQUIRE_PARTS=1, but there is {words}");
        eprintln!("{words}: its tests are skipped (`tests/clients/run install` fetches it)");
    }
    is_there
}

/// A running server, stopped with the test.
pub struct Post {
    process: Child,
    folder: tempfile::TempDir,
    port: u16,
    scheme: &'static str,
    user: &'static str,
}

/// What a server offers.
#[derive(Default)]
pub struct Offer {
    /// `none`, `starttls` or `wrapped`.
    pub tls: &'static str,
    pub asks_for_sign_in: bool,
    pub ascii_only: bool,
}

pub const PLAIN: Offer = Offer {
    tls: "none",
    asks_for_sign_in: false,
    ascii_only: false,
};
pub const STARTTLS: Offer = Offer {
    tls: "starttls",
    asks_for_sign_in: true,
    ascii_only: false,
};

impl Post {
    pub fn open(offer: &Offer) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new(python());
        // The server warns of what some tests are about.
        command.args(["-W", "ignore"]);
        command
            .arg(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/tests/databases/mail/server.py"
            ))
            .arg(folder.path())
            .args(["--tls", offer.tls]);
        if offer.asks_for_sign_in {
            command.args(["--auth", "clara:a p@ss/word"]);
        }
        if offer.ascii_only {
            command.arg("--ascii-only");
        }
        let mut process = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut said = BufReader::new(process.stdout.take().unwrap());
        said.read_line(&mut line).unwrap();
        Self {
            port: line.trim().parse().expect("the port it listens on"),
            process,
            folder,
            scheme: if offer.tls == "wrapped" {
                "smtps"
            } else {
                "smtp"
            },
            user: if offer.asks_for_sign_in {
                "clara:a%20p%40ss%2Fword@"
            } else {
                ""
            },
        }
    }

    /// What `MAIL_URL` would be.
    pub fn url(&self) -> String {
        let Self {
            scheme, user, port, ..
        } = self;
        format!("{scheme}://{user}localhost:{port}")
    }

    /// What `MAIL_CA` would be.
    pub fn roots(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// A way out to this server, that believes it.
    pub fn mailer(&self) -> Mailer {
        let mailer = Mailer::new(&self.url(), "Clara <noreply@example.org>").unwrap();
        if self.scheme == "smtp" && self.user.is_empty() {
            return mailer;
        }
        let roots = std::fs::read(self.roots()).unwrap();
        mailer.trusting(&roots).unwrap()
    }

    /// The world, with this server as the way out.
    pub fn world(&self, world: &World) -> World {
        world.mailing(self.mailer())
    }

    /// The same, with little timeouts.
    pub fn impatient_world(&self, world: &World) -> World {
        let timeouts = Duration::from_millis(200);
        world.mailing(self.mailer().with_timeouts(MailTimeouts {
            opening: timeouts,
            taking: timeouts,
        }))
    }

    /// How it behaves from its next step on.
    pub fn behave(&self, mode: &str) {
        let unfinished = self.folder.path().join(".mode");
        std::fs::write(&unfinished, mode).unwrap();
        std::fs::rename(unfinished, self.folder.path().join("mode")).unwrap();
    }

    /// Waits until the server has come to where it says so.
    pub async fn reached(&self, mark: &str) {
        while !self.folder.path().join(mark).exists() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// The mails it accepted, oldest first.
    pub fn accepted(&self) -> Vec<Value> {
        let mut paths: Vec<PathBuf> = std::fs::read_dir(self.folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| {
                path.extension()
                    .is_some_and(|extension| extension == "json")
            })
            .collect();
        paths.sort();
        let read = |path: &PathBuf| serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        paths.iter().map(read).collect()
    }

    /// The one mail that it must have accepted.
    pub fn only(&self) -> Value {
        let accepted = self.accepted();
        assert_eq!(accepted.len(), 1, "{accepted:?}");
        accepted[0].clone()
    }

    /// How many connections, and how many sign-ins it saw.
    pub fn told(&self) -> (u64, u64) {
        let told = std::fs::read(self.folder.path().join("told")).unwrap_or_default();
        let told: Value = serde_json::from_slice(&told).unwrap_or_default();
        let number = |name: &str| told[name].as_u64().unwrap_or(0);
        (number("connections"), number("sign_ins"))
    }
}

impl Drop for Post {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A mail's bytes.
pub fn raw(mail: &Value) -> Vec<u8> {
    let engine = base64::engine::general_purpose::STANDARD;
    engine.decode(mail["raw"].as_str().unwrap()).unwrap()
}

/// A mail's Message-ID.
pub fn message_id(mail: &Value) -> String {
    let raw = raw(mail);
    let message = mail_parser::MessageParser::default().parse(&raw).unwrap();
    message.message_id().unwrap().to_owned()
}

pub const WAITING: &str = "SELECT COUNT(*) FROM mails WHERE due_at IS NOT NULL AND body_text <> ''";
pub const SENT: &str = "SELECT COUNT(*) FROM mails WHERE sent_at IS NOT NULL AND body_text = ''";
pub const DROPPED: &str =
    "SELECT COUNT(*) FROM mails WHERE dropped_at IS NOT NULL AND body_text = '' AND body_html = ''";
