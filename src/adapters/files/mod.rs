//! Files that a stdio client names by path. Only beneath the folders that are allowed, opened so that no link and no `..`
//! leads out of them, and what was opened is what is judged and read. HTTP clients never come here. A hard link from
//! inside to outside cannot be told from a file, and is accepted: who can make one can copy the file too.

use std::ffi::OsStr;
use std::io::Read as _;
use std::path::{Component, Path, PathBuf};

use cap_std::ambient_authority;
use cap_std::fs::{Dir, OpenOptions};

use unicode_normalization::UnicodeNormalization as _;

use crate::domain::submission::{supported_extension, supported_extensions};

/// Folders of key stores, and files of keys, wherever they are.
const KEY_STORES: [&str; 9] = [
    ".ssh",
    ".aws",
    ".gnupg",
    ".env",
    ".kube",
    ".azure",
    ".docker",
    ".config",
    ".password-store",
];
/// What the names of key files begin with.
const KEY_NAMES: [&str; 16] = [
    "id_rsa",
    "id_dsa",
    "id_ecdsa",
    "id_ed25519",
    "id_xmss",
    "ssh_host_",
    "authorized_keys",
    "known_hosts",
    "credentials",
    "client_secret",
    "service-account",
    "service_account",
    "secrets.",
    "wallet.",
    "kubeconfig",
    "htpasswd",
];
const KEY_EXTENSIONS: [&str; 15] = [
    "pem", "key", "p12", "pfx", "p8", "pk8", "jks", "keystore", "kdbx", "kdb", "ppk", "gpg", "asc",
    "ovpn", "env",
];

/// Why a file is not read. Each is a sentence that names what was asked for and says what to do.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    #[error(
        "{path:?} is outside the folders that may be read: {folders}. Move the file there, or set ATTACHMENT_ROOTS."
    )]
    Outside { path: String, folders: String },
    #[error(
        "{path:?} is not there. Allowed folders: {folders}; a relative path starts at {working:?}."
    )]
    NotThere {
        path: String,
        folders: String,
        working: String,
    },
    #[error(
        "{path:?} has a hidden name or is a key file: those are never read. Copy it under another name if it is meant."
    )]
    Private { path: String },
    #[error("{path:?} belongs to Clara's own data, which is never read as an attachment.")]
    OwnData { path: String },
    #[error("{path:?} is a folder. Name a file in it.")]
    Folder { path: String },
    #[error("{path:?} is no regular file. Only regular files are read.")]
    NotRegular { path: String },
    #[error("{path:?} has no kind that is read: attach one of {}.", supported_extensions().join(", "))]
    Unsupported { path: String },
    #[error("{path:?} is larger than {megabytes} MB. Attach the part that matters.")]
    TooLarge { path: String, megabytes: u64 },
    #[error(
        "{path:?} is no path of this machine. Give a path, or a file:// address without a host."
    )]
    NoPath { path: String },
    #[error("{path:?} could not be read: {cause}.")]
    Unreadable {
        path: String,
        #[source]
        cause: std::io::Error,
    },
}

/// A file's last name and its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenedFile {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// The folders that may be read, and what in them may not.
#[derive(Debug)]
pub struct Files {
    roots: Vec<Root>,
    home: Option<PathBuf>,
    working: PathBuf,
    own_data: PathBuf,
    megabytes: u64,
}

#[derive(Debug)]
struct Root {
    /// As it was set.
    given: PathBuf,
    /// Without links.
    real: PathBuf,
    folder: Dir,
}

/// The folders that are allowed where nothing is set: `Documents`, `Downloads` and `Desktop` of the home, and the working
/// directory unless that is `/`, the home or above it, or in a key store.
pub fn default_roots(home: Option<&Path>, working: &Path) -> Vec<PathBuf> {
    let mut roots: Vec<PathBuf> = home
        .map(|home| {
            ["Documents", "Downloads", "Desktop"]
                .map(|name| home.join(name))
                .to_vec()
        })
        .unwrap_or_default();
    let in_key_store = working
        .components()
        .any(|part| KEY_STORES.iter().any(|store| part.as_os_str() == *store));
    // A folder above the home holds all of it.
    let holds_home = home.is_some_and(|home| home.starts_with(working));
    if working.parent().is_some() && !holds_home && !in_key_store {
        roots.push(working.to_owned());
    }
    roots
}

impl Files {
    /// Files beneath `roots`; a root that is not there (yet) is left out.
    pub fn new(
        roots: &[PathBuf],
        home: Option<PathBuf>,
        working: PathBuf,
        own_data: &Path,
        megabytes: u64,
    ) -> Self {
        let roots = roots
            .iter()
            .filter_map(|given| {
                let real = given.canonicalize().ok()?;
                let folder = Dir::open_ambient_dir(&real, ambient_authority()).ok()?;
                Some(Root {
                    given: given.clone(),
                    real,
                    folder,
                })
            })
            .collect();
        Self {
            roots,
            home,
            working,
            own_data: own_data
                .canonicalize()
                .unwrap_or_else(|_| own_data.to_owned()),
            megabytes,
        }
    }

    /// Reads a file by its path: absolute, `~/…`, a `file://` address, or relative to the working directory. It waits for
    /// the disk: call it off the event loop.
    pub fn read(&self, asked: &str) -> Result<OpenedFile, FileError> {
        let path = asked.to_owned();
        let wanted = self.path_of(asked)?;
        let (root, beneath) = self.root_of(&wanted).ok_or_else(|| self.outside(asked))?;
        let name = wanted
            .file_name()
            .and_then(OsStr::to_str)
            .ok_or(FileError::NoPath { path: path.clone() })?
            .to_owned();
        if is_private(beneath) {
            return Err(FileError::Private { path });
        }
        let real = root
            .folder
            .canonicalize(beneath)
            .map_err(|error| self.why(asked, error))?;
        // A link may lead to another name inside the root: that name counts as well.
        if is_private(&real) {
            return Err(FileError::Private { path });
        }
        if root.real.join(&real).starts_with(&self.own_data) {
            return Err(FileError::OwnData { path });
        }
        // A device may do something when it is opened, so it is looked at first; what is opened is looked at again.
        let before = root
            .folder
            .symlink_metadata(&real)
            .map_err(|error| self.why(asked, error))?;
        if before.is_dir() {
            return Err(FileError::Folder { path });
        }
        if !before.is_file() {
            return Err(FileError::NotRegular { path });
        }
        if supported_extension(&name).is_none() {
            return Err(FileError::Unsupported { path });
        }
        let file = root
            .folder
            .open_with(&real, &read_only())
            .map_err(|error| self.why(asked, error))?;
        let bytes = self.bytes(&file, asked)?;
        Ok(OpenedFile { name, bytes })
    }

    fn bytes(&self, file: &cap_std::fs::File, asked: &str) -> Result<Vec<u8>, FileError> {
        let path = asked.to_owned();
        let unreadable = |cause| FileError::Unreadable {
            path: asked.to_owned(),
            cause,
        };
        let about = file.metadata().map_err(unreadable)?;
        if !about.is_file() {
            return Err(FileError::NotRegular { path });
        }
        let most = self.megabytes * 1024 * 1024;
        let mut bytes = Vec::new();
        if about.len() <= most {
            // The file may grow while it is read.
            file.take(most + 1)
                .read_to_end(&mut bytes)
                .map_err(unreadable)?;
        }
        if about.len() > most || bytes.len() as u64 > most {
            return Err(FileError::TooLarge {
                path,
                megabytes: self.megabytes,
            });
        }
        Ok(bytes)
    }

    fn path_of(&self, asked: &str) -> Result<PathBuf, FileError> {
        let no_path = || FileError::NoPath {
            path: asked.to_owned(),
        };
        if asked.is_empty() || asked.contains('\0') {
            return Err(no_path());
        }
        if asked
            .get(..5)
            .is_some_and(|scheme| scheme.eq_ignore_ascii_case("file:"))
        {
            return url::Url::parse(asked)
                .ok()
                .and_then(|url| url.to_file_path().ok())
                .ok_or_else(no_path);
        }
        if let Some(rest) = asked.strip_prefix("~/") {
            return self
                .home
                .as_ref()
                .map(|home| home.join(rest))
                .ok_or_else(no_path);
        }
        Ok(self.working.join(asked))
    }

    /// The innermost root that the path begins with, and the rest of the path.
    fn root_of<'a>(&self, path: &'a Path) -> Option<(&Root, &'a Path)> {
        self.roots
            .iter()
            .flat_map(|root| [(&root.given, root), (&root.real, root)])
            .filter_map(|(prefix, root)| {
                let beneath = path.strip_prefix(prefix).ok()?;
                Some((prefix.components().count(), root, beneath))
            })
            .max_by_key(|(depth, _, _)| *depth)
            .map(|(_, root, beneath)| (root, beneath))
    }

    fn folders(&self) -> String {
        if self.roots.is_empty() {
            return "none".to_owned();
        }
        let names: Vec<String> = self
            .roots
            .iter()
            .map(|root| root.given.display().to_string())
            .collect();
        names.join(", ")
    }

    fn outside(&self, asked: &str) -> FileError {
        FileError::Outside {
            path: asked.to_owned(),
            folders: self.folders(),
        }
    }

    fn why(&self, asked: &str, cause: std::io::Error) -> FileError {
        let path = asked.to_owned();
        // The way out of the root is refused by cap-std, not by the system: no number of the system's comes with it.
        if cause.kind() == std::io::ErrorKind::PermissionDenied && cause.raw_os_error().is_none() {
            return self.outside(asked);
        }
        match cause.kind() {
            std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => {
                FileError::NotThere {
                    path,
                    folders: self.folders(),
                    working: self.working.display().to_string(),
                }
            }
            _ => FileError::Unreadable { path, cause },
        }
    }
}

/// Never waiting for a pipe's other end, never following a link that was put there since.
fn read_only() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use cap_std::fs::OpenOptionsExt as _;
        options.custom_flags(libc::O_NONBLOCK | libc::O_NOFOLLOW);
    }
    options
}

/// A name as file systems that know no case, compatibility forms or dots at the end may take it.
fn folded(name: &str) -> String {
    let folded: String = name.nfkc().flat_map(char::to_lowercase).collect();
    folded.trim_end_matches(['.', ' ']).to_owned()
}

/// Whether a name on the way is hidden, or the last one a key's.
fn is_private(beneath: &Path) -> bool {
    let names = || {
        beneath.components().filter_map(|part| match part {
            Component::Normal(name) => Some(folded(&name.to_string_lossy())),
            _ => None,
        })
    };
    let is_key = |name: &str| {
        KEY_NAMES.iter().any(|key| name.starts_with(key))
            || name
                .split('.')
                .skip(1)
                .any(|part| KEY_EXTENSIONS.contains(&part))
    };
    names().any(|name| name.starts_with('.'))
        || names().next_back().is_some_and(|name| is_key(&name))
}

#[cfg(test)]
mod tests;
