//! Parts that others wrote, from PyPI and npm, as `tests/clients/run install` puts them into `CLARA_TEST_PARTS`, by default
//! `clients` under the target directory. A plain `cargo test` does without them.
use std::path::PathBuf;

use crate::root;

/// Where they are.
pub fn folder() -> PathBuf {
    let said = std::env::var_os("CLARA_TEST_PARTS").map(PathBuf::from);
    said.unwrap_or_else(|| {
        let target = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
        let here = root();
        here.join(target.unwrap_or_else(|| "target".into()))
            .join("clients")
    })
}

/// Node, which comes with them.
pub fn node() -> PathBuf {
    folder().join("node/bin/node")
}

/// Whether a part is there. Where it is not, one line says what is skipped; where `REQUIRE_PARTS=1` asks for it, that is an
/// error.
pub fn found(name: &str, path: &str) -> Result<bool, String> {
    let folder = folder();
    if folder.join(path).exists() && node().exists() {
        return Ok(true);
    }
    let missing = format!("{name} is not in {}", folder.display());
    if std::env::var("REQUIRE_PARTS").is_ok_and(|value| value == "1") {
        return Err(format!("REQUIRE_PARTS=1, but {missing}"));
    }
    if !std::env::args().any(|argument| argument == "--list") {
        eprintln!("{missing}: its tests are skipped; `tests/clients/run install` fetches it");
    }
    Ok(false)
}

/// Whether programs are there that this machine's packages bring, as `.ci/run` installs them. Where one is not, one line says what
/// is skipped; where `REQUIRE_PARTS=1` asks for it, that is a failure.
pub fn are_installed(programs: &[&str]) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let is_there = |program: &str| folders.iter().any(|folder| folder.join(program).is_file());
    let Some(missing) = programs.iter().find(|program| !is_there(program)) else {
        return true;
    };
    let required = std::env::var("REQUIRE_PARTS").is_ok_and(|value| value == "1");
    assert!(!required, "REQUIRE_PARTS=1, but there is no {missing}");
    eprintln!("there is no {missing}: its test is skipped");
    false
}
