//! Mails as files: each complete or not there, for the owner of the directory only. This is where they go until a mail
//! server is named.

use std::io::Write as _;
use std::path::Path;

/// Written beside its place and moved there, so that a reader never meets half a mail.
pub(super) fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let directory = path.parent().unwrap_or(Path::new("."));
    make(directory)?;
    // A file of the owner only, by tempfile's default.
    let mut file = tempfile::Builder::new()
        .prefix(".unfinished-")
        .tempfile_in(directory)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// Makes the directory where it is missing.
pub(super) fn make(path: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}
