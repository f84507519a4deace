//! Programs of other makers: looked for in the folders of a search path, and only there.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// The folders of `path`, which is written as `PATH` is. Those that are not absolute are passed over: what they hold depends on the
/// working directory.
pub fn folders(path: Option<&OsStr>) -> Vec<PathBuf> {
    std::env::split_paths(path.unwrap_or_default())
        .filter(|folder| folder.is_absolute())
        .collect()
}

/// The first program of this name, by its true path: a rule about files holds for what a link points to.
pub fn find(folders: &[PathBuf], name: &str) -> Option<PathBuf> {
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    folders
        .iter()
        .map(|folder| folder.join(&file))
        .find(|path| is_program(path))
        .and_then(|path| path.canonicalize().ok())
}

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    path.metadata()
        .is_ok_and(|about| about.is_file() && about.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    path.is_file()
}

/// Where data lies that comes with a program: beside it, and where its prefix and the system keep such data.
pub fn shared_folders(program: &Path) -> Vec<PathBuf> {
    let beside = program.parent().map(Path::to_owned);
    let prefix = beside.as_deref().and_then(Path::parent);
    let of_prefix = prefix.map(|prefix| prefix.join("share"));
    let usual = ["/usr/share", "/usr/local/share", "/opt/homebrew/share"];
    let usual = usual.into_iter().map(PathBuf::from);
    of_prefix.into_iter().chain(usual).chain(beside).collect()
}
