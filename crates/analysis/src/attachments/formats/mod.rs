//! One reader a format: bytes in, a [`Reading`](super::draft::Reading) out. Readers know no task, no network and no file
//! system, and never fail: what they cannot read they name in `unread`.

pub mod csv;
pub mod html;
pub mod json;
pub mod markdown;
pub mod office;
pub mod pdf;
pub mod plain;
pub mod subtitles;
