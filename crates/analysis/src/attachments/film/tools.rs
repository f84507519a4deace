//! The program that takes films apart.

use std::ffi::OsStr;
use std::path::PathBuf;

use crate::attachments::programs;

/// The line that installs it on this system.
pub const INSTALL: &str = if cfg!(target_os = "macos") {
    INSTALL_FFMPEG_ON_MACOS
} else if cfg!(windows) {
    INSTALL_FFMPEG_ON_WINDOWS
} else {
    INSTALL_FFMPEG_ON_DEBIAN
};
/// The same on Debian and what is made of it.
pub const INSTALL_FFMPEG_ON_DEBIAN: &str = "apt-get install ffmpeg";
/// The same on macOS.
pub const INSTALL_FFMPEG_ON_MACOS: &str = "brew install ffmpeg";
/// The same on Windows.
pub const INSTALL_FFMPEG_ON_WINDOWS: &str = "winget install Gyan.FFmpeg";

/// Where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ffmpeg {
    pub(crate) program: PathBuf,
}

impl Ffmpeg {
    /// Looks in the folders of `path`, which is written as `PATH` is.
    pub fn find(path: Option<&OsStr>) -> Option<Self> {
        let program = programs::find(&programs::folders(path), "ffmpeg")?;
        Some(Self { program })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_path_has_no_ffmpeg() {
        for path in [None, Some(""), Some("."), Some("bin:/nowhere")] {
            assert_eq!(Ffmpeg::find(path.map(OsStr::new)), None, "{path:?}");
        }
    }
}
