//! The two servers, each a process of its own, and an account at Clara's to call with.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use crate::Outcome;
use crate::wire::{Connection, request};

const PUBLIC_KEY: &str = "public-key-of-the-bench-0123456789abcdef";
const PRIVATE_KEY: &str = "private-key-of-the-bench-0123456789abcdef";
const EMAIL: &str = "ada@example.org";

/// A server that ends with its value.
pub struct Server {
    process: Child,
    pub address: SocketAddr,
    folder: tempfile::TempDir,
}

impl Server {
    /// The bare server: this program again, over the database of a Clara and showing one account of it.
    pub fn bare(clara: &Self, account: &Account) -> Outcome<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("bare-server");
        command.arg(clara.folder.path().join("clara/clara.db"));
        command.arg(&account.id);
        Self::start(command, tempfile::tempdir()?)
    }

    /// `clara serve` of `CLARA_BENCH_BINARY`, or of the build that this bench belongs to.
    pub fn clara() -> Outcome<Self> {
        let binary = std::env::var_os("CLARA_BENCH_BINARY")
            .map_or_else(|| PathBuf::from(env!("CARGO_BIN_EXE_clara")), PathBuf::from);
        let folder = tempfile::tempdir()?;
        let mut command = Command::new(binary);
        command.arg("serve");
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("CLARA_")) {
            command.env_remove(name);
        }
        command.envs([
            ("CLARA_PORT", "0"),
            ("CLARA_LOG", "warn"),
            ("CLARA_RATE_LIMIT", "0"),
            ("CLARA_EVIDENCE_SOURCES", "none"),
            ("CLARA_MAX_CONNECTIONS", "25000"),
            ("CLARA_MAX_CONNECTIONS_PER_ADDRESS", "100000"),
            ("CLARA_PUBLIC_API_KEY", PUBLIC_KEY),
            ("CLARA_PRIVATE_API_KEY", PRIVATE_KEY),
        ]);
        // Where somebody wants to measure on PostgreSQL: an empty database.
        if let Ok(url) = std::env::var("CLARA_BENCH_DATABASE_URL") {
            command.env("CLARA_DATABASE_URL", url);
            command.env("CLARA_SECRET_KEY", PRIVATE_KEY);
        }
        command.env("CLARA_DATA_DIR", folder.path().join("clara"));
        Self::start(command, folder)
    }

    fn start(mut command: Command, folder: tempfile::TempDir) -> Outcome<Self> {
        let mut process = command.stderr(Stdio::piped()).spawn()?;
        let said = process.stderr.take().ok_or("no standard error")?;
        let mut lines = BufReader::new(said).lines();
        let address = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| line.split_once("listens on http://")?.1.trim().parse().ok())
            .ok_or("the server did not say where it listens")?;
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                eprintln!("server: {line}");
            }
        });
        Ok(Self {
            process,
            address,
            folder,
        })
    }

    /// The processor time it has taken so far, to a hundredth of a second.
    pub fn processor_time(&self) -> Outcome<Duration> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.process.id()))?;
        // The program's name is in brackets and may contain spaces; user and system time are the 12th and 13th fields after it.
        let (_, after) = stat.rsplit_once(") ").ok_or("no times")?;
        let mut times = after.split(' ').skip(11);
        let mut next = || -> Outcome<u64> { Ok(times.next().ok_or("no time")?.parse()?) };
        Ok(Duration::from_millis((next()? + next()?) * 10))
    }

    /// Memory that is resident, in kilobytes.
    pub fn resident(&self) -> Outcome<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .ok_or("this system does not tell how much memory a process has")?;
        Ok(line.trim().trim_end_matches(" kB").parse()?)
    }

    /// An account with fifty transactions.
    pub async fn seed(&self) -> Outcome<Account> {
        let mut connection = Connection::open(self.address).await?;
        let mut call = async |method: &str, path: &str, proof: &str, body: Value| {
            let headers = [("Authorization", proof)];
            let body = if body.is_null() {
                String::new()
            } else {
                body.to_string()
            };
            let path = format!("/api/v1{path}");
            let status = connection
                .exchange(&request(method, &path, &headers, &body))
                .await?;
            let answer: Value = serde_json::from_slice(connection.body())?;
            if status >= 300 {
                return Err(format!("{method} {path}: {answer}").into());
            }
            Ok::<Value, Box<dyn std::error::Error>>(answer["data"].clone())
        };
        let new = json!({"email": EMAIL, "password": "correct horse battery", "first_name": "Ada", "last_name": "Marsh"});
        let user = call("POST", "/auth/register", PUBLIC_KEY, new).await?;
        let code = json!({"code": self.mailed_code()?});
        let path = format!("/users/{EMAIL}/activate");
        call("POST", &path, PUBLIC_KEY, code).await?;
        let id = user["id"].as_str().ok_or("no id")?.to_owned();
        let session = format!("Bearer {}", user["token"].as_str().ok_or("no token")?);
        let path = format!("/users/{id}/credits");
        for number in 0..50 {
            let balance = json!({"credits": 1000 + number});
            call("PUT", &path, PRIVATE_KEY, balance).await?;
        }
        let path = format!("/users/{id}/api_key");
        let key = call("GET", &path, &session, Value::Null).await?;
        let token = key["token"].as_str().ok_or("no token")?;
        Ok(Account {
            proof: format!("Bearer {token}"),
            id,
        })
    }

    fn mailed_code(&self) -> Outcome<String> {
        let outbox = self.folder.path().join("clara/outbox");
        for mail in std::fs::read_dir(outbox)? {
            let text = std::fs::read_to_string(mail?.path())?;
            let is_code = |line: &&str| line.len() == 6 && line.bytes().all(|b| b.is_ascii_digit());
            if let Some(code) = text.lines().map(str::trim).find(is_code) {
                return Ok(code.to_owned());
            }
        }
        Err("no mail with a code".into())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Who calls.
pub struct Account {
    pub id: String,
    pub proof: String,
}
