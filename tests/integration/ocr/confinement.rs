//! What programs of other makers may do, those for OCR, for films and for speech: programs that are no readers are started as they
//! are, and try the rest.

use std::io::Write as _;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use super::{attachment, extractor, fixture};

/// Every kind of program has one of these bounds.
const BOUNDS: [&str; 3] = ["picture", "film", "speech"];

/// Runs a program as those of other makers are run, with this on its standard input.
fn confined(bounds: &str, program: &str, arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(clara_test_support::clara())
        .args(["extract", "confined", bounds, program, ""])
        .args(arguments)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that ends before it reads closes the pipe.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

fn bash(bounds: &str, script: &str) -> Output {
    confined(bounds, "/usr/bin/bash", &["-c", script], b"")
}

#[test]
fn a_tool_reads_its_input_and_writes_its_output() {
    for bounds in BOUNDS {
        let output = confined(bounds, "/usr/bin/cat", &[], b"words");
        assert_eq!(output.stdout, b"words", "{output:?}");
        assert!(output.status.success());
    }
}

#[test]
fn a_tool_gets_at_no_file_network_or_program() {
    let secret = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&secret, "secret").unwrap();
    let path = secret.path().display().to_string();
    for bounds in BOUNDS {
        for file in [path.as_str(), "/etc/hostname", "/proc/self/environ"] {
            let output = confined(bounds, "/usr/bin/cat", &[file], b"");
            assert!(
                !output.status.success() && output.stdout.is_empty(),
                "{file}"
            );
        }
        for script in [
            format!("echo more >>{path}"),
            format!("echo other >{path}.new"),
            "exec 3<>/dev/tcp/127.0.0.1/9".to_owned(),
            "exec /usr/bin/cat".to_owned(),
            "/usr/bin/cat".to_owned(),
            "(echo another process)".to_owned(),
            "kill -0 $PPID".to_owned(),
            "ulimit -v unlimited".to_owned(),
        ] {
            let output = bash(bounds, &script);
            assert!(!output.status.success(), "{script}: {output:?}");
            let said = String::from_utf8_lossy(&output.stderr);
            let is_refused = said.contains("denied") || said.contains("not permitted");
            assert!(is_refused || said.contains("fork"), "{script}: {said}");
        }
    }
    assert_eq!(std::fs::read(&secret).unwrap(), b"secret");
}

#[test]
fn a_tool_has_bounds() {
    for (bounds, memory, seconds) in [
        ("picture", "1048576", "25"),
        ("film", "2097152", "60"),
        ("speech", "6291456", "500"),
    ] {
        let output = bash(
            bounds,
            "ulimit -v; ulimit -t; ulimit -n; ulimit -c; ulimit -f",
        );
        let said = String::from_utf8(output.stdout).unwrap();
        let held: Vec<&str> = said.lines().collect();
        assert_eq!(held, [memory, seconds, "32", "0", "0"], "{said}");
    }
}

/// A grey bitmap of noise, in which tesseract looks for letters for a long time.
fn noise(width: u32, height: u32) -> Vec<u8> {
    let colours: u32 = 256 * 4;
    let pixels = width * height;
    let mut bytes = b"BM".to_vec();
    for number in [54 + colours + pixels, 0, 54 + colours, 40, width, height] {
        bytes.extend(number.to_le_bytes());
    }
    bytes.extend([1, 0, 8, 0]);
    for number in [0, pixels, 11_811, 11_811, 256, 0] {
        bytes.extend(number.to_le_bytes());
    }
    for grey in 0..=255 {
        bytes.extend([grey, grey, grey, 0]);
    }
    let mut state = 1_u32;
    for _ in 0..pixels {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        bytes.push(if state >> 30 == 0 { 0 } else { 255 });
    }
    bytes
}

#[tokio::test]
async fn a_tool_dies_with_the_interest_in_it() {
    let Some(extractor) = extractor() else { return };
    let file = attachment("noise.bmp", noise(4_000, 4_000));
    let reading = extractor.read(&file, "s1".to_owned(), super::NOW);
    let mut reading = Box::pin(reading);
    while !is_tool_running() {
        let waited = tokio::time::timeout(Duration::from_millis(20), &mut reading).await;
        assert!(waited.is_err(), "it was read before it could be stopped");
    }
    drop(reading);
    let began = Instant::now();
    while is_tool_running() {
        assert!(began.elapsed() < Duration::from_secs(8), "it lives on");
        tokio::task::yield_now().await;
    }
}

/// Whether a tesseract of ours is under way that was not told how many dots an inch has, as for a picture.
fn is_tool_running() -> bool {
    let ours = format!(" {} ", std::process::id());
    let processes = std::fs::read_dir("/proc").unwrap().flatten();
    let mut running = processes.filter(|process| {
        let about = std::fs::read_to_string(process.path().join("stat")).unwrap_or_default();
        about.contains("(tesseract) ") && about.contains(&ours)
    });
    running.next().is_some()
}

#[tokio::test]
async fn an_impatient_reader_gives_a_picture_up() {
    let Some(extractor) = extractor() else { return };
    let extractor = extractor.with_timeout(Duration::from_secs(2));
    let file = attachment("noise.bmp", noise(4_000, 4_000));
    let source = extractor
        .read(&file, "s1".to_owned(), super::NOW)
        .await
        .unwrap();
    let reasons = super::reasons(&source);
    assert!(reasons.contains("more time or memory"), "{reasons}");
    let picture = attachment("bridge.png", fixture("bridge.png"));
    let source = extractor
        .read(&picture, "s1".to_owned(), super::NOW)
        .await
        .unwrap();
    assert!(source.read_by().is_some());
}
