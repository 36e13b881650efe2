//! As much of HTTP/1.1 as a load program needs: requests on a kept-alive connection, answers with a length.

use bench_common::Outcome;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Where the server is.
#[derive(Clone)]
pub(crate) struct Target {
    /// Host and port, as in the `Host` header.
    pub(crate) authority: String,
}

impl Target {
    /// Only plain HTTP: the load stays on loopback.
    pub(crate) fn parse(url: &str) -> Outcome<Self> {
        let rest = url.strip_prefix("http://").ok_or("--url must begin with http://")?;
        let authority = rest.trim_end_matches('/');
        if authority.contains('/') || !authority.contains(':') {
            return Err(format!("--url {url}: host and port are needed, and nothing behind them").into());
        }
        Ok(Self { authority: authority.to_owned() })
    }
}

/// One kept-alive connection.
pub(crate) struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
    /// Where in the buffer the last answer's body is.
    body: std::ops::Range<usize>,
}

impl Client {
    pub(crate) async fn connect(target: &Target) -> Outcome<Self> {
        let stream = TcpStream::connect(&target.authority).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(4096), body: 0..0 })
    }

    /// Sends one request and reads its whole answer; returns the status.
    pub(crate) async fn exchange(&mut self, request: &[u8]) -> Outcome<u16> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let mut head = None;
        loop {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err("the server closed the connection before it had answered".into());
            }
            if head.is_none() {
                head = Head::find(&self.buffer)?;
            }
            if let Some(Head { status, start, length }) = head
                && self.buffer.len() >= start + length
            {
                self.body = start..start + length;
                return Ok(status);
            }
        }
    }

    /// The last answer's body.
    pub(crate) fn body(&self) -> &[u8] {
        &self.buffer[self.body.clone()]
    }

    /// The last answer's body as text, for messages.
    pub(crate) fn body_text(&self) -> String {
        String::from_utf8_lossy(self.body()).chars().take(300).collect()
    }

    /// Sends a JSON request and reads the JSON answer; any status but the wanted one is an error.
    pub(crate) async fn json(&mut self, request: &Request<'_>, wanted: u16) -> Outcome<serde_json::Value> {
        let status = self.exchange(&request.bytes()).await?;
        if status != wanted {
            let Request { method, path, .. } = request;
            return Err(format!("{method} {path} answered {status}: {}", self.body_text()).into());
        }
        Ok(serde_json::from_slice(self.body())?)
    }
}

/// A request that is not worth preparing.
pub(crate) struct Request<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) authority: &'a str,
    pub(crate) token: Option<&'a str>,
    /// JSON as text: an amount keeps the digits it is written with.
    pub(crate) body: Option<&'a str>,
}

impl Request<'_> {
    fn bytes(&self) -> Vec<u8> {
        let body = self.body.unwrap_or_default();
        let Self { method, path, authority, .. } = self;
        let token = self.token.map(|t| format!("Authorization: Bearer {t}\r\n")).unwrap_or_default();
        let length = body.len();
        format!(
            "{method} {path} HTTP/1.1\r\nHost: {authority}\r\n{token}Content-Type: application/json\r\n\
             Content-Length: {length}\r\n\r\n{body}"
        )
        .into_bytes()
    }
}

/// What matters of an answer's head.
#[derive(Clone, Copy)]
struct Head {
    status: u16,
    /// Where the body begins.
    start: usize,
    length: usize,
}

impl Head {
    /// Nothing while the head has not come whole.
    fn find(buffer: &[u8]) -> Outcome<Option<Self>> {
        let Some(end) = buffer.windows(4).position(|w| w == b"\r\n\r\n") else {
            return Ok(None);
        };
        let mut lines = buffer[..end].split(|b| *b == b'\n');
        let status = lines
            .next()
            .and_then(|line| line.get(9..12))
            .and_then(number)
            .and_then(|n| u16::try_from(n).ok())
            .ok_or("the answer does not begin with a status")?;
        let length = lines
            .find_map(|line| {
                let colon = line.iter().position(|b| *b == b':')?;
                let (name, value) = line.split_at(colon);
                name.eq_ignore_ascii_case(b"content-length").then(|| number(value[1..].trim_ascii()))?
            })
            .ok_or("the answer has no Content-Length")?;
        Ok(Some(Self { status, start: end + 4, length }))
    }
}

fn number(digits: &[u8]) -> Option<usize> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::Head;

    #[test]
    fn a_head_is_found_once_it_is_whole() {
        let whole = b"HTTP/1.1 201 Created\r\nx: y\r\nContent-Length:  7\r\n\r\n{\"a\":1}";
        assert!(Head::find(&whole[..40]).unwrap().is_none());
        let head = Head::find(whole).unwrap().unwrap();
        assert_eq!((head.status, head.length), (201, 7));
        assert_eq!(&whole[head.start..], b"{\"a\":1}");
    }

    #[test]
    fn an_answer_without_length_is_refused() {
        assert!(Head::find(b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n").is_err());
    }
}
