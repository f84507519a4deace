//! One reader a format: bytes in, a [`Reading`](super::draft::Reading) out. Readers know no task, no network and no file
//! system, and never fail: what they cannot read they name in `unread`.

pub mod archive;
mod c2pa;
pub mod csv;
pub(in crate::attachments) mod dates;
pub mod html;
pub mod json;
pub mod mail;
pub mod markdown;
pub mod notebook;
pub mod office;
pub mod pdf;
pub mod picture;
pub mod plain;
pub mod recording;
pub mod subtitles;
pub mod svg;
mod tag_text;
pub mod xml;
