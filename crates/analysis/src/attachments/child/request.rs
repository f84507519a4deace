//! One request on a pipe: four bytes with the header's length, the header as JSON, the file's bytes. The header names
//! their number, so that a request cut off by the sender's end is no request.

use std::io::Read;

/// A header longer than this is none.
const MAX_HEADER: u32 = 64 * 1024;

/// What is to be done, and how many bytes follow.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// The file's name: its extension counts, nothing else.
    pub name: String,
    /// The character encoding that the server named which the file came from.
    pub charset: Option<String>,
    pub length: u64,
    pub job: Job,
    /// Whether a file is read even where the limits could not be set.
    pub allow_unconfined: bool,
}

/// What the child is asked for.
#[derive(Debug, Clone, Copy, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Job {
    /// The file's text.
    Read,
    /// Which limits it could set on itself.
    Limits,
    /// To break out. Tests ask for it; a release build does not know it.
    #[cfg(debug_assertions)]
    Misbehave(super::Misbehaviour),
}

impl Header {
    /// The bytes that go before the file's.
    pub fn frame(&self) -> Result<Vec<u8>, serde_json::Error> {
        let json = serde_json::to_vec(self)?;
        let length = u32::try_from(json.len()).unwrap_or(u32::MAX);
        let mut frame = length.to_be_bytes().to_vec();
        frame.extend_from_slice(&json);
        Ok(frame)
    }
}

/// Reads one request; `None` where it is cut off or makes no sense.
pub fn receive(input: &mut impl Read) -> Option<(Header, Vec<u8>)> {
    let mut length = [0_u8; 4];
    input.read_exact(&mut length).ok()?;
    let length = u32::from_be_bytes(length);
    if length > MAX_HEADER {
        return None;
    }
    let mut json = vec![0_u8; usize::try_from(length).ok()?];
    input.read_exact(&mut json).ok()?;
    let header: Header = serde_json::from_slice(&json).ok()?;
    let mut bytes = Vec::new();
    input.take(header.length).read_to_end(&mut bytes).ok()?;
    (u64::try_from(bytes.len()).ok()? == header.length).then_some((header, bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn framed(length: u64, bytes: &[u8]) -> Vec<u8> {
        let header = Header {
            name: "a.txt".into(),
            charset: None,
            length,
            job: Job::Read,
            allow_unconfined: false,
        };
        let mut frame = header.frame().unwrap();
        frame.extend_from_slice(bytes);
        frame
    }

    #[test]
    fn a_request_arrives_as_it_was_sent() {
        let (header, bytes) = receive(&mut framed(3, b"abc").as_slice()).unwrap();
        assert_eq!(
            (header.name.as_str(), bytes.as_slice()),
            ("a.txt", &b"abc"[..])
        );
    }

    #[test]
    fn what_is_cut_off_or_too_long_is_no_request() {
        assert!(receive(&mut framed(4, b"abc").as_slice()).is_none());
        assert!(receive(&mut &b"\xff\xff\xff\xff{"[..]).is_none());
        assert!(receive(&mut &b"\0\0\0\x02{}"[..]).is_none());
        assert!(receive(&mut &b""[..]).is_none());
    }
}
