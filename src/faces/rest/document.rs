//! An answer that was written aside, on its way out: the envelope around it, and the document piece by piece as fast as it
//! is taken. Nothing of it is held but the piece under way.

use std::io;

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use futures_util::stream::{self, Stream, StreamExt as _};
use serde_json::json;
use tokio::io::AsyncReadExt as _;

use crate::fault::Fault;
use crate::operations::Document;
use crate::operations::dispatch::Answer;

/// How large a piece is.
const PIECE_BYTES: usize = 64 * 1024;

/// The documented envelope with the document as its `data`.
pub fn respond(answer: &Answer, document: &Document) -> Response {
    let pieces = match pieces(document) {
        Ok(pieces) => pieces,
        Err(fault) => return failed(&fault),
    };
    let message = json!(answer.message);
    let before = Bytes::from_static(b"{\"data\":");
    let after = Bytes::from(format!(",\"message\":{message},\"status\":\"success\"}}"));
    let length = before.len() as u64 + document.length + after.len() as u64;
    let ends = |bytes| stream::once(async { Ok(bytes) });
    let whole = ends(before).chain(pieces).chain(ends(after));
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, Body::from_stream(whole)).into_response();
    let headers = response.headers_mut();
    let kind = HeaderValue::from_static("application/json");
    headers.insert(header::CONTENT_TYPE, kind);
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    response
}

/// The document alone.
pub fn pieces(
    document: &Document,
) -> Result<impl Stream<Item = io::Result<Bytes>> + Send + use<>, Fault> {
    let file = tokio::fs::File::from_std(document.open()?);
    Ok(stream::try_unfold(file, async |mut file| {
        let mut piece = vec![0; PIECE_BYTES];
        let read = file.read(&mut piece).await?;
        piece.truncate(read);
        Ok((read > 0).then(|| (Bytes::from(piece), file)))
    }))
}

fn failed(fault: &Fault) -> Response {
    tracing::error!(%fault, "a document could not be read");
    super::respond(&Answer::from_fault(fault, ""))
}
