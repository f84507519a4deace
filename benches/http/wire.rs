//! HTTP/1.1 as cheaply as it can be asked: requests are bytes made once, answers are read to their end and hardly looked
//! at. The generator shares the machine with what it measures, so what it saves is what it does not distort.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::Outcome;

/// Longer than anything measured here; past it the run has failed.
const READ_TIMEOUT: Duration = Duration::from_secs(30);

/// A connection that is kept.
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
    /// Where the body of the last answer begins in the buffer.
    body: usize,
}

impl Connection {
    pub async fn open(address: SocketAddr) -> Outcome<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            buffer: Vec::with_capacity(4096),
            body: 0,
        })
    }

    /// Sends a request and reads its answer to the end; the answer's status.
    pub async fn exchange(&mut self, request: &[u8]) -> Outcome<u16> {
        let status = self.begin(request).await?;
        let length = match self.length() {
            Length::Bytes(bytes) => bytes,
            Length::Chunked => {
                while !self.buffer.ends_with(b"0\r\n\r\n") {
                    self.read().await?;
                }
                return Ok(status);
            }
        };
        while self.buffer.len() < self.body + length {
            self.read().await?;
        }
        Ok(status)
    }

    /// Sends a request and reads the head of its answer.
    pub async fn begin(&mut self, request: &[u8]) -> Outcome<u16> {
        self.buffer.clear();
        self.stream.write_all(request).await?;
        loop {
            if let Some(end) = find(&self.buffer, b"\r\n\r\n") {
                self.body = end + 4;
                break;
            }
            self.read().await?;
        }
        let status = self.buffer.get(9..12).ok_or("an answer without a status")?;
        Ok(std::str::from_utf8(status)?.parse()?)
    }

    /// Reads on until the text is there, and forgets all that came.
    pub async fn wait_for(&mut self, text: &str) -> Outcome<String> {
        while find(&self.buffer, text.as_bytes()).is_none() {
            self.read().await?;
        }
        let seen = String::from_utf8_lossy(&self.buffer).into_owned();
        self.buffer.clear();
        Ok(seen)
    }

    /// The last answer's body, an event stream with its framing.
    pub fn body(&self) -> &[u8] {
        self.buffer.get(self.body..).unwrap_or_default()
    }

    /// A header of the last answer.
    pub fn header(&self, name: &str) -> Option<String> {
        let head = String::from_utf8_lossy(self.buffer.get(..self.body)?).into_owned();
        head.lines().find_map(|line| {
            let (said, value) = line.split_once(": ")?;
            said.eq_ignore_ascii_case(name).then(|| value.to_owned())
        })
    }

    /// Gives up the buffer, where the connection only stays open.
    pub fn rest(&mut self) {
        self.buffer = Vec::new();
    }

    async fn read(&mut self) -> Outcome<()> {
        let reading = self.stream.read_buf(&mut self.buffer);
        if tokio::time::timeout(READ_TIMEOUT, reading).await?? == 0 {
            let seen = String::from_utf8_lossy(&self.buffer);
            return Err(format!("the server closed the connection after {seen:?}").into());
        }
        Ok(())
    }

    fn length(&self) -> Length {
        let head = self.buffer.get(..self.body).unwrap_or_default();
        if let Some(at) = find(head, b"\r\ncontent-length: ") {
            let digits = head.get(at + 18..).unwrap_or_default();
            let digits = digits.iter().take_while(|byte| byte.is_ascii_digit());
            return Length::Bytes(digits.fold(0, |sum, byte| sum * 10 + usize::from(byte - b'0')));
        }
        if find(head, b"\r\ntransfer-encoding: chunked").is_some() {
            return Length::Chunked;
        }
        Length::Bytes(0)
    }
}

enum Length {
    Bytes(usize),
    Chunked,
}

fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).position(|window| window == part)
}

/// A request as bytes.
pub fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    use std::fmt::Write as _;
    let mut text = format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\n");
    for (name, value) in headers {
        let _ = write!(text, "{name}: {value}\r\n");
    }
    if !body.is_empty() {
        let length = body.len();
        let _ = write!(
            text,
            "Content-Type: application/json\r\nContent-Length: {length}\r\n"
        );
    }
    format!("{text}\r\n{body}").into_bytes()
}
