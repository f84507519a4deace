//! Writes a model's files: each beside its place first, under its own name only once it is whole and has its hash.

use std::fmt::Write as _;
use std::path::Path;

use reqwest::header::LOCATION;
use reqwest::{Client, Response};
use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::{
    FetchError, FetchPlan, MAX_REDIRECTS, RemoteFile, client, is_allowed, unreachable, unusable,
};

/// The hashes of the fetched files, as `sha256sum --check` reads them.
pub const SUMS_FILE: &str = "SHA256SUMS";

/// A file that is there now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchedFile {
    pub name: &'static str,
    pub sha256: String,
    /// Whether it was there before, with the same hash.
    pub was_there: bool,
}

/// Fetches all files into a folder. `progress` is told how many bytes of how many are there.
pub async fn download(
    plan: &FetchPlan,
    folder: &Path,
    progress: &(dyn Fn(u64, u64) + Send + Sync),
) -> Result<Vec<FetchedFile>, FetchError> {
    let client = client()?;
    let on_disk = |path: &Path, error| FetchError::Disk {
        path: path.display().to_string(),
        error,
    };
    tokio::fs::create_dir_all(folder)
        .await
        .map_err(|error| on_disk(folder, error))?;
    let (mut done, total) = (0, plan.bytes());
    let mut fetched = Vec::new();
    for file in &plan.files {
        let path = folder.join(file.name);
        let known = match &file.sha256 {
            Some(wanted) => hash_of(&path).await.filter(|hash| hash == wanted),
            None => None,
        };
        let was_there = known.is_some();
        let sha256 = if let Some(hash) = known {
            hash
        } else {
            let part = folder.join(format!("{}.part", file.name));
            let so_far = |bytes| progress(done + bytes, total);
            let written = write(&client, file, &part, &so_far).await;
            let renamed = match written {
                Ok(hash) => tokio::fs::rename(&part, &path)
                    .await
                    .map(|()| hash)
                    .map_err(|error| on_disk(&path, error)),
                Err(error) => Err(error),
            };
            if renamed.is_err() {
                // Half a file is worth nothing, and may be gigabytes.
                let _ = tokio::fs::remove_file(&part).await;
            }
            renamed?
        };
        done += file.bytes;
        progress(done, total);
        fetched.push(FetchedFile {
            name: file.name,
            sha256,
            was_there,
        });
    }
    let mut sums = String::new();
    for file in &fetched {
        let _ = writeln!(sums, "{}  {}", file.sha256, file.name);
    }
    let path = folder.join(SUMS_FILE);
    tokio::fs::write(&path, sums)
        .await
        .map_err(|error| on_disk(&path, error))?;
    Ok(fetched)
}

/// Writes one file and gives its hash, which is the stated one where one is stated.
async fn write(
    client: &Client,
    file: &RemoteFile,
    part: &Path,
    progress: &(dyn Fn(u64) + Send + Sync),
) -> Result<String, FetchError> {
    let on_disk = |error| FetchError::Disk {
        path: part.display().to_string(),
        error,
    };
    let mut response = get(client, file).await?;
    let mut output = tokio::fs::File::create(part).await.map_err(on_disk)?;
    let (mut hash, mut bytes) = (Sha256::new(), 0_u64);
    loop {
        let chunk = response.chunk().await;
        let chunk = chunk.map_err(|error| unreachable(&file.address, &error))?;
        let Some(chunk) = chunk else {
            break;
        };
        bytes += u64::try_from(chunk.len()).unwrap_or(u64::MAX);
        if bytes > file.bytes {
            return Err(unusable(&file.address, "is longer than its server stated"));
        }
        hash.update(&chunk);
        output.write_all(&chunk).await.map_err(on_disk)?;
        progress(bytes);
    }
    output.sync_all().await.map_err(on_disk)?;
    if bytes != file.bytes {
        return Err(unusable(&file.address, "broke off before its end"));
    }
    let hash = hex(hash);
    match &file.sha256 {
        Some(wanted) if *wanted != hash => Err(unusable(
            &file.address,
            &format!("has the SHA-256 {hash} and not {wanted}, which was stated"),
        )),
        _ => Ok(hash),
    }
}

/// The answer that has the bytes. Large files come from other servers, which have to be as safe to reach.
async fn get(client: &Client, file: &RemoteFile) -> Result<Response, FetchError> {
    let mut place = file.address.clone();
    for _ in 0..=MAX_REDIRECTS {
        let response = client.get(place.clone()).send().await;
        let response = response.map_err(|error| unreachable(&place, &error))?;
        if response.status().is_success() {
            return Ok(response);
        }
        if !response.status().is_redirection() {
            return Err(FetchError::Refused {
                address: file.address.clone(),
                status: response.status(),
            });
        }
        let to = response.headers().get(LOCATION);
        let to = to.and_then(|to| response.url().join(to.to_str().ok()?).ok());
        place = to
            .filter(is_allowed)
            .ok_or_else(|| unusable(&file.address, "leads to an address that is not encrypted"))?;
    }
    Err(unusable(&file.address, "leads from address to address"))
}

/// The hash of a file that is there.
async fn hash_of(path: &Path) -> Option<String> {
    let mut file = tokio::fs::File::open(path).await.ok()?;
    let (mut hash, mut buffer) = (Sha256::new(), vec![0_u8; 1 << 16]);
    loop {
        let read = file.read(&mut buffer).await.ok()?;
        if read == 0 {
            return Some(hex(hash));
        }
        hash.update(buffer.get(..read)?);
    }
}

fn hex(hash: Sha256) -> String {
    hash.finalize()
        .iter()
        .fold(String::with_capacity(64), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}
