//! A local model, set up as an operator does it, behind the real binary. The model is a tiny random one: what counts is that it is asked.

use std::path::PathBuf;

use super::support::Folder;
use super::{run, stderr};

const CLAIM: &str = "The miller's wheel belongs to the town.";

fn tiny() -> PathBuf {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    root.join("crates/nli/tests/models/bert")
}

fn with_model(arguments: &[&str]) -> std::process::Output {
    let folder = Folder::new();
    let model = tiny();
    let settings = [
        ("CLARA_ANALYSIS_ENGINE", "nli"),
        ("CLARA_MODEL", model.to_str().unwrap()),
    ];
    run(&folder, arguments, &settings)
}

#[cfg(not(feature = "nli"))]
#[test]
fn a_build_without_local_models_refuses_them() {
    let output = with_model(&["analyze", CLAIM]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr(&output).contains("--features nli"),
        "{}",
        stderr(&output)
    );
    let fetch = with_model(&["model", "list"]);
    assert!(stderr(&fetch).contains("--features nli"));
}

#[cfg(feature = "nli")]
mod built_in {
    use std::io::{Read as _, Write as _};
    use std::net::{TcpListener, TcpStream};
    use std::path::Path;

    use serde_json::Value;

    use super::super::stdout;
    use super::*;

    #[test]
    fn a_local_model_is_asked_what_is_open() {
        let folder = Folder::new();
        let file = folder.parent().join("town.txt");
        std::fs::write(&file, "In spring the town bought the wheel of the miller.").unwrap();
        let output = with_model(&[
            "analyze",
            CLAIM,
            "--json",
            "--attach",
            file.to_str().unwrap(),
        ]);
        assert!(output.status.success(), "{}", stderr(&output));
        let envelope: Value = serde_json::from_str(&stdout(&output)).unwrap();
        let judge = &envelope["data"]["result"]["engine"]["judge"];
        assert_eq!(judge["engine"], "nli", "{envelope}");
        assert_eq!(judge["model"], "bert");
        assert_eq!(judge["calls"], 1);
    }

    #[test]
    fn the_doctor_tries_a_local_model() {
        let output = with_model(&["doctor"]);
        let said = stdout(&output);
        assert!(
            said.contains("nothing is sent anywhere"),
            "{said}{}",
            stderr(&output)
        );
    }

    #[test]
    fn a_folder_without_a_model_ends_the_start() {
        let folder = Folder::new();
        let settings = [
            ("CLARA_ANALYSIS_ENGINE", "nli"),
            ("CLARA_MODEL", "/nowhere/model"),
        ];
        let output = run(&folder, &["analyze", CLAIM], &settings);
        assert_eq!(output.status.code(), Some(2));
        let said = stderr(&output);
        assert!(
            said.contains("CLARA_MODEL: /nowhere/model: config.json"),
            "{said}"
        );
    }

    /// Serves the tiny model as a hub does, so often as it is asked.
    fn hub() -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                serve(stream.unwrap());
            }
        });
        address
    }

    fn serve(mut stream: TcpStream) {
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            let mut byte = [0_u8; 1];
            if stream.read(&mut byte).unwrap_or(0) == 0 {
                return;
            }
            request.push(byte[0]);
        }
        let request = String::from_utf8_lossy(&request).into_owned();
        let path = request.split(' ').nth(1).unwrap();
        let name = Path::new(path).file_name().unwrap();
        let body = std::fs::read(tiny().join(name)).unwrap();
        let hash = sha256(&body);
        let mut answer = format!(
            "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nETag: \"{hash}\"\r\nConnection: close\r\n\r\n",
            body.len()
        )
        .into_bytes();
        if request.starts_with("GET") {
            answer.extend(body);
        }
        let _ = stream.write_all(&answer);
    }

    fn sha256(body: &[u8]) -> String {
        use sha2::Digest as _;
        let digest = sha2::Sha256::digest(body);
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn a_model_is_fetched_after_it_was_shown() {
        let folder = Folder::new();
        let from = hub();
        let to = folder.parent().join("models/tiny");
        let name = "nli-deberta-v3-small";
        let mut arguments = vec![
            "model",
            "fetch",
            name,
            "--from",
            &from,
            "--to",
            to.to_str().unwrap(),
        ];
        let asked = run(&folder, &arguments, &[]);
        let said = stderr(&asked);
        assert_eq!(asked.status.code(), Some(2), "{said}");
        assert!(
            said.contains("Apache-2.0") && said.contains("SHA-256") && said.contains("--yes"),
            "{said}"
        );
        assert!(!to.exists());
        arguments.push("--yes");
        let fetched = run(&folder, &arguments, &[]);
        assert!(fetched.status.success(), "{}", stderr(&fetched));
        assert!(stdout(&fetched).contains("CLARA_ANALYSIS_ENGINE=nli"));
        assert!(to.join("SHA256SUMS").exists());
        let unknown = run(&folder, &["model", "fetch", "other"], &[]);
        assert!(stderr(&unknown).contains("nli-deberta-v3-xsmall"));
    }
}
