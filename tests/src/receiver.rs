use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// What a receiver got.
#[derive(Debug, Clone)]
pub struct Received {
    pub path: String,
    pub headers: HashMap<String, String>,
    pub body: String,
    pub at: Instant,
}

impl Received {
    #[track_caller]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).unwrap_or_else(|| panic!("no {name} in {:?}", self.headers))
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error} in {}", self.body))
    }
}

/// How a receiver answers at a path.
#[derive(Debug, Clone)]
pub enum Reply {
    /// This status, these headers (each with its line end), this body.
    Status(u16, String, String),
    /// Nothing, ever.
    Hang,
    /// The connection is closed without an answer.
    Close,
}

impl Reply {
    pub fn status(status: u16) -> Self {
        Self::Status(status, String::new(), String::new())
    }
}

/// A web server that takes messages: each path answers as it was told to, 200 where it was told nothing.
#[derive(Debug, Clone)]
pub struct Receiver {
    pub base: String,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    received: Mutex<Vec<Received>>,
    replies: Mutex<HashMap<String, Reply>>,
    tls: Mutex<Option<TlsAcceptor>>,
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("State").field("received", &self.received).finish_non_exhaustive()
    }
}

impl Receiver {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        Self::accept(listener, base, State::default())
    }

    /// A receiver that speaks TLS at `localhost`, with this certificate and key.
    pub async fn start_secure(certificate: &Path, key: &Path) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("https://localhost:{}", listener.local_addr().unwrap().port());
        let receiver = Self::accept(listener, base, State::default());
        receiver.present(certificate, key);
        receiver
    }

    /// From now on it shows this certificate.
    pub fn present(&self, certificate: &Path, key: &Path) {
        let chain = CertificateDer::pem_file_iter(certificate).unwrap().map(Result::unwrap).collect();
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chain, PrivateKeyDer::from_pem_file(key).unwrap())
            .unwrap();
        *self.state.tls.lock().unwrap() = Some(TlsAcceptor::from(Arc::new(config)));
    }

    fn accept(listener: TcpListener, base: String, state: State) -> Self {
        let state = Arc::new(state);
        let shared = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let tls = shared.tls.lock().unwrap().clone();
                let state = Arc::clone(&shared);
                tokio::spawn(async move {
                    match tls {
                        None => serve(stream, state).await,
                        // Whoever does not like the certificate goes away without a word.
                        Some(tls) => {
                            if let Ok(stream) = tls.accept(stream).await {
                                serve(stream, state).await;
                            }
                        }
                    }
                });
            }
        });
        Self { base, state }
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// From now on this path answers so.
    pub fn reply(&self, path: &str, reply: Reply) {
        self.state.replies.lock().unwrap().insert(path.to_owned(), reply);
    }

    /// What came in at a path so far.
    pub fn at(&self, path: &str) -> Vec<Received> {
        self.state.received.lock().unwrap().iter().filter(|one| one.path == path).cloned().collect()
    }

    /// How much came in at a path so far.
    pub fn count(&self, path: &str) -> usize {
        self.state.received.lock().unwrap().iter().filter(|one| one.path == path).count()
    }

    /// Everything that came in so far.
    pub fn all(&self) -> Vec<Received> {
        self.state.received.lock().unwrap().clone()
    }

    /// Waits until so many have come in at a path.
    pub async fn wait(&self, path: &str, count: usize) -> Vec<Received> {
        self.wait_up_to(path, count, Duration::from_secs(30)).await
    }

    pub async fn wait_up_to(&self, path: &str, count: usize, patience: Duration) -> Vec<Received> {
        let until = Instant::now() + patience;
        while self.count(path) < count {
            assert!(Instant::now() < until, "{} of {count} came in at {path}", self.count(path));
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        self.at(path)
    }
}

async fn serve(mut stream: impl AsyncRead + AsyncWrite + Unpin, state: Arc<State>) {
    let Some(received) = read(&mut stream).await else { return };
    let reply = state.replies.lock().unwrap().get(&received.path).cloned();
    state.received.lock().unwrap().push(received);
    let (status, headers, body) = match reply.unwrap_or_else(|| Reply::status(200)) {
        Reply::Status(status, headers, body) => (status, headers, body),
        Reply::Close => return,
        Reply::Hang => {
            // Until the other side gives up.
            let mut rest = [0; 64];
            while stream.read(&mut rest).await.is_ok_and(|read| read > 0) {}
            return;
        }
    };
    let answer = format!(
        "HTTP/1.1 {status} Status\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    let _ = stream.write_all(answer.as_bytes()).await;
    let _ = stream.shutdown().await;
}

async fn read(stream: &mut (impl AsyncRead + Unpin)) -> Option<Received> {
    let mut bytes = Vec::new();
    let head_end = loop {
        let mut chunk = [0; 4096];
        let read = stream.read(&mut chunk).await.ok().filter(|read| *read > 0)?;
        bytes.extend_from_slice(&chunk[..read]);
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
    };
    let head = String::from_utf8(bytes[..head_end].to_vec()).ok()?;
    let mut lines = head.split("\r\n");
    let mut first = lines.next()?.split(' ');
    assert_eq!(first.next(), Some("POST"), "{head}");
    let path = first.next()?.to_owned();
    let headers: HashMap<String, String> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let length: usize = headers.get("content-length")?.parse().ok()?;
    let mut body = bytes[head_end + 4..].to_vec();
    while body.len() < length {
        let mut chunk = vec![0; 65_536];
        let read = stream.read(&mut chunk).await.ok().filter(|read| *read > 0)?;
        body.extend_from_slice(&chunk[..read]);
    }
    Some(Received { path, headers, body: String::from_utf8(body).ok()?, at: Instant::now() })
}
