//! A form with files (`multipart/form-data`), read part by part: each file goes to a file of its own that has no name on any
//! disk, while its bytes are counted. Never is more than a piece of a file in memory. What the parts mean is said elsewhere.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::body::Body;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{DefaultBodyLimit, FromRequest as _, Multipart, Request};
use axum::http::{HeaderMap, header};
use tokio::io::AsyncWriteExt as _;

use super::body::{BodyRefusal, GuardedBody, MAX_BYTES_WITHOUT_FILES};
use super::watched_body::{BodyWatch, WatchedBody};
use crate::context::Context;
use crate::domain::submission::MAX_NAME_CHARACTERS;
use crate::fault::{Fault, FaultKind};
use crate::operations::Upload;

/// The most bytes between two parts: a boundary and a part's headers.
const MAX_BETWEEN: u64 = 256 * 1024;

/// A form that is being read.
pub struct FileForm {
    form: Multipart,
    allowance: Arc<AtomicU64>,
}

/// A part of a form.
pub struct FormPart<'f> {
    pub name: String,
    /// What its sender called the file; none where it is no file.
    pub file_name: Option<String>,
    field: Field<'f>,
}

impl FileForm {
    /// Begins to read a form.
    pub async fn open(headers: &HeaderMap, guarded: GuardedBody) -> Result<Self, Fault> {
        let allowance = Arc::new(AtomicU64::new(MAX_BETWEEN));
        let metered = WatchedBody::watched(guarded, Allowance(allowance.clone()));
        let mut request = Request::new(Body::new(metered));
        if let Some(content_type) = headers.get(header::CONTENT_TYPE) {
            request
                .headers_mut()
                .insert(header::CONTENT_TYPE, content_type.clone());
        }
        // Our own guard counts, with the limit that is set; the library's would stop at 2 MB.
        DefaultBodyLimit::disable().apply(&mut request);
        let form = Multipart::from_request(request, &()).await;
        let form =
            form.map_err(|_| Fault::field("Content-Type", "must name the form's boundary"))?;
        Ok(Self { form, allowance })
    }

    /// The next part. The one before must have been read to its end.
    pub async fn next(&mut self) -> Result<Option<FormPart<'_>>, Fault> {
        self.allowance.store(MAX_BETWEEN, Ordering::Relaxed);
        let Some(field) = self.form.next_field().await.map_err(broken)? else {
            return Ok(None);
        };
        // What is in a part is counted where it is read.
        self.allowance.store(u64::MAX, Ordering::Relaxed);
        let said_name = field.name().map(str::to_owned);
        let Some(name) = said_name.or_else(|| extended(&field, "name*")) else {
            return Err(Fault::field("body", "has a part without a name"));
        };
        let file_name = field.file_name().map(str::to_owned);
        let file_name = file_name.or_else(|| extended(&field, "filename*"));
        Ok(Some(FormPart {
            name,
            file_name,
            field,
        }))
    }
}

impl FormPart<'_> {
    /// The part as text, of which `left` bytes may still come.
    pub async fn text(mut self, left: &mut u64) -> Result<String, Fault> {
        let mut bytes = Vec::new();
        while let Some(piece) = self.field.chunk().await.map_err(broken)? {
            let Some(rest) = left.checked_sub(piece.len() as u64) else {
                let limit_bytes = MAX_BYTES_WITHOUT_FILES;
                return Err(FaultKind::TooLarge { limit_bytes }.into());
            };
            *left = rest;
            bytes.extend_from_slice(&piece);
        }
        String::from_utf8(bytes).map_err(|_| Fault::field(self.name, "must be UTF-8 text"))
    }

    /// The part as a file of this name; `None` where it is larger than one may be, and then it is not read to its end. It goes
    /// beside the database: what is meant as temporary space is often memory.
    pub async fn put_aside(
        &mut self,
        context: &Context,
        mut name: String,
    ) -> Result<Option<Upload>, Fault> {
        let folder = context.settings.data_dir.clone();
        let made = tokio::task::spawn_blocking(move || tempfile::tempfile_in(folder)).await;
        let made = made.map_err(Fault::internal)?.map_err(Fault::internal)?;
        let mut file = tokio::fs::File::from_std(made);
        let mut length = 0_u64;
        while let Some(piece) = self.field.chunk().await.map_err(broken)? {
            length += piece.len() as u64;
            if length > context.settings.max_attachment_bytes {
                return Ok(None);
            }
            file.write_all(&piece).await.map_err(Fault::internal)?;
        }
        file.flush().await.map_err(Fault::internal)?;
        // Longer names are refused later, and need not be carried there in full.
        if let Some((end, _)) = name.char_indices().nth(MAX_NAME_CHARACTERS + 1) {
            name.truncate(end);
        }
        Ok(Some(Upload {
            name,
            file: file.into_std().await,
            length,
        }))
    }

    /// Reads what is left of the part and keeps nothing of it.
    pub async fn skip(mut self) -> Result<(), Fault> {
        while self.field.chunk().await.map_err(broken)?.is_some() {}
        Ok(())
    }
}

/// A parameter in the spelling `name*=utf-8''...`, which older clients use for names beyond ASCII.
fn extended(part: &Field<'_>, name: &str) -> Option<String> {
    let disposition = part.headers().get(header::CONTENT_DISPOSITION)?;
    let parameters = disposition.to_str().ok()?.split(';');
    let mut pairs = parameters.filter_map(|parameter| parameter.trim().split_once('='));
    let (_, value) = pairs.find(|(said, _)| said.trim().eq_ignore_ascii_case(name))?;
    let (charset, escaped) = value.split_once("''")?;
    if !charset.eq_ignore_ascii_case("utf-8") {
        return None;
    }
    // The escapes are those of a query, where two more signs mean something.
    let query = format!("v={}", escaped.replace('+', "%2B").replace('&', "%26"));
    let (_, text) = url::form_urlencoded::parse(query.as_bytes()).next()?;
    Some(text.into_owned())
}

/// What a form that cannot be read means: a limit of ours behind it, or the form itself.
fn broken(error: MultipartError) -> Fault {
    let mut cause: Option<&(dyn Error + 'static)> = error.source();
    while let Some(error) = cause {
        if let Some(refusal) = error.downcast_ref::<BodyRefusal>() {
            return refusal.clone().into();
        }
        cause = error.source();
    }
    Fault::field("body", "is no form that can be read to its end").with_source(error)
}

/// A body that may give only so many bytes until somebody allows more.
struct Allowance(Arc<AtomicU64>);

impl BodyWatch<GuardedBody> for Allowance {
    type Error = BodyRefusal;

    fn passing(&mut self, bytes: u64) -> Result<(), BodyRefusal> {
        let allowed = self.0.load(Ordering::Relaxed);
        let limit_bytes = MAX_BETWEEN;
        let left = allowed.checked_sub(bytes);
        let left = left.ok_or(BodyRefusal::TooLarge { limit_bytes })?;
        self.0.store(left, Ordering::Relaxed);
        Ok(())
    }

    fn failed(&mut self, error: BodyRefusal) -> BodyRefusal {
        error
    }
}
