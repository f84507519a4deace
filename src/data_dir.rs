//! The data directory: a folder only its owner can read, and the secrets that the first start makes in it.
//! Any number of processes may start on one new folder at once and find one set of secrets. It knows no database.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::domain::randomness::Randomness;

/// Why a data directory could not be used, in one line.
#[derive(Debug, thiserror::Error)]
pub enum DataDirError {
    #[error("{path}: {problem}")]
    Io { path: PathBuf, problem: io::Error },
    #[error(
        "the data folder {path} cannot be written ({problem}): set CLARA_DATA_DIR to a folder that the user who runs Clara may write"
    )]
    Unwritable { path: PathBuf, problem: io::Error },
    #[error(
        "{path} belongs to another user, who could change it: give it to the user that runs Clara"
    )]
    Foreign { path: PathBuf },
    #[error(
        "{path} has other names or is a link, so that it may be changed elsewhere: put the file itself there"
    )]
    Linked { path: PathBuf },
    #[error("{path} can be read by other users: run `chmod {wanted} {path}`")]
    Open { path: PathBuf, wanted: &'static str },
    #[error(
        "{path} is not a secrets file of Clara's: restore it from a backup, or move the whole folder away"
    )]
    Broken { path: PathBuf },
}

/// The secrets of a deployment that was given none.
pub struct GeneratedSecrets {
    pub secret_key: SecretString,
    pub public_api_key: SecretString,
    pub private_api_key: SecretString,
}

#[derive(Serialize, Deserialize)]
#[expect(
    clippy::struct_field_names,
    reason = "the names in the file are those of the settings"
)]
struct SecretsFile {
    secret_key: String,
    public_api_key: String,
    private_api_key: String,
}

/// Makes the folder where it is missing, for its owner alone, and refuses one that others can read or nothing can be written
/// to: without this check the database would say so, in words that name no setting.
pub fn prepare(folder: &Path) -> Result<(), DataDirError> {
    let failed = |problem| DataDirError::Unwritable {
        path: folder.to_owned(),
        problem,
    };
    if !folder.exists() {
        make_private(folder).map_err(failed)?;
    }
    check_private(folder, 0o077, "700")?;
    tempfile::tempfile_in(folder).map_err(failed)?;
    Ok(())
}

/// The secrets in `folder`, made now if nobody has made them before.
pub fn secrets(
    folder: &Path,
    randomness: &dyn Randomness,
) -> Result<GeneratedSecrets, DataDirError> {
    let path = folder.join("secrets.json");
    if !path.exists() {
        make_secrets(folder, &path, randomness).map_err(|problem| DataDirError::Io {
            path: path.clone(),
            problem,
        })?;
    }
    check_no_link(&path)?;
    check_private(&path, 0o077, "600")?;
    let content = fs::read_to_string(&path).map_err(|problem| DataDirError::Io {
        path: path.clone(),
        problem,
    })?;
    let file: SecretsFile =
        serde_json::from_str(&content).map_err(|_| DataDirError::Broken { path })?;
    Ok(GeneratedSecrets {
        secret_key: file.secret_key.into(),
        public_api_key: file.public_api_key.into(),
        private_api_key: file.private_api_key.into(),
    })
}

/// Written whole under another name and then linked into place: whoever comes second keeps the first one's file.
fn make_secrets(folder: &Path, path: &Path, randomness: &dyn Randomness) -> io::Result<()> {
    let draw = || {
        let mut bytes = [0_u8; 32];
        randomness.fill(&mut bytes);
        URL_SAFE_NO_PAD.encode(bytes)
    };
    let file = SecretsFile {
        secret_key: draw(),
        public_api_key: draw(),
        private_api_key: draw(),
    };
    // A temporary file is its owner's alone (0600) from the start.
    let mut temporary = tempfile::NamedTempFile::new_in(folder)?;
    serde_json::to_writer_pretty(&mut temporary, &file)?;
    temporary.write_all(b"\n")?;
    temporary.as_file().sync_all()?;
    match temporary.persist_noclobber(path) {
        Err(error) if error.error.kind() != io::ErrorKind::AlreadyExists => Err(error.error),
        _ => Ok(()),
    }
}

#[cfg(unix)]
fn make_private(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
}

#[cfg(not(unix))]
fn make_private(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}

#[cfg(unix)]
fn check_private(path: &Path, forbidden: u32, wanted: &'static str) -> Result<(), DataDirError> {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
    let metadata = fs::metadata(path).map_err(|problem| DataDirError::Io {
        path: path.to_owned(),
        problem,
    })?;
    if metadata.uid() != rustix::process::geteuid().as_raw() {
        return Err(DataDirError::Foreign {
            path: path.to_owned(),
        });
    }
    if metadata.permissions().mode() & forbidden != 0 {
        return Err(DataDirError::Open {
            path: path.to_owned(),
            wanted,
        });
    }
    Ok(())
}

/// Refuses a file that is a link or that another name leads to as well.
#[cfg(unix)]
fn check_no_link(path: &Path) -> Result<(), DataDirError> {
    use std::os::unix::fs::MetadataExt as _;
    let metadata = fs::symlink_metadata(path).map_err(|problem| DataDirError::Io {
        path: path.to_owned(),
        problem,
    })?;
    if !metadata.is_file() || metadata.nlink() > 1 {
        return Err(DataDirError::Linked {
            path: path.to_owned(),
        });
    }
    Ok(())
}

#[cfg(not(unix))]
fn check_no_link(_path: &Path) -> Result<(), DataDirError> {
    Ok(())
}

#[cfg(not(unix))]
fn check_private(_path: &Path, _forbidden: u32, _wanted: &'static str) -> Result<(), DataDirError> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::randomness::SystemRandomness;
    use secrecy::ExposeSecret as _;

    #[test]
    fn many_starts_at_once_find_one_set_of_secrets() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("clara");
        let keys: Vec<String> = std::thread::scope(|scope| {
            let starts: Vec<_> = (0..8)
                .map(|_| {
                    scope.spawn(|| {
                        prepare(&folder).unwrap();
                        secrets(&folder, &SystemRandomness)
                            .unwrap()
                            .secret_key
                            .expose_secret()
                            .to_owned()
                    })
                })
                .collect();
            starts
                .into_iter()
                .map(|start| start.join().unwrap())
                .collect()
        });
        assert!(keys.iter().all(|key| *key == keys[0] && key.len() >= 43));
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_that_others_can_read_is_refused() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let error = prepare(folder.path()).unwrap_err().to_string();
        assert!(error.contains("chmod 700"), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn secrets_that_anybody_else_can_read_or_write_are_refused() {
        use std::os::unix::fs::PermissionsExt as _;
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("clara");
        prepare(&folder).unwrap();
        secrets(&folder, &SystemRandomness).unwrap();
        let path = folder.join("secrets.json");
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        for looser in [0o640, 0o620, 0o604, 0o602, 0o610, 0o601, 0o666, 0o777] {
            fs::set_permissions(&path, fs::Permissions::from_mode(looser)).unwrap();
            let Err(error) = secrets(&folder, &SystemRandomness) else {
                panic!("{looser:o} was taken");
            };
            let error = error.to_string();
            assert!(error.contains("chmod 600"), "{error}");
        }
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        assert!(secrets(&folder, &SystemRandomness).is_ok());
    }

    #[cfg(unix)]
    #[test]
    fn linked_secrets_are_refused() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("clara");
        prepare(&folder).unwrap();
        secrets(&folder, &SystemRandomness).unwrap();
        let path = folder.join("secrets.json");
        let elsewhere = parent.path().join("elsewhere.json");
        fs::hard_link(&path, &elsewhere).unwrap();
        let refused = secrets(&folder, &SystemRandomness).err();
        assert!(matches!(refused, Some(DataDirError::Linked { .. })));
        fs::remove_file(&path).unwrap();
        std::os::unix::fs::symlink(&elsewhere, &path).unwrap();
        let refused = secrets(&folder, &SystemRandomness).err();
        assert!(matches!(refused, Some(DataDirError::Linked { .. })));
    }
}
