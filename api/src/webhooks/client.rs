//! The HTTP client: one connection for each message, to an address that was looked at. No proxy, no redirection, no
//! connection that is kept.

use std::{
    net::SocketAddr,
    sync::{Arc, OnceLock},
    time::Duration,
};

use axum::body::Bytes;
use diario_projections::webhooks::dispatch::Parcel;
use http_body_util::{BodyExt as _, Full};
use hyper::{
    Request, Response,
    body::Incoming,
    client::conn::http1,
    header::{CONTENT_TYPE, HOST, RETRY_AFTER, USER_AGENT},
};
use hyper_util::rt::TokioIo;
use jiff::Timestamp;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{ClientConfig, RootCertStore, crypto::ring, pki_types::ServerName},
};

use super::{
    ANSWER, ANSWER_MAX, CONNECT, TOTAL,
    guard::{Names, Target},
    sign,
};

/// An endpoint's answer.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// How long it wants to be left alone.
    pub retry_after: Option<Duration>,
    /// How it begins.
    pub body: String,
}

/// Why there is no answer.
#[derive(Debug)]
pub enum Unsent {
    /// Messages do not go there.
    Refused(String),
    /// It could not be reached, or not in time.
    Failed(String),
}

fn failed(why: impl std::fmt::Display) -> Unsent {
    Unsent::Failed(why.to_string())
}

/// See the module.
pub struct Client {
    names: Arc<dyn Names>,
    allow_loopback: bool,
    tls: OnceLock<Option<TlsConnector>>,
}

impl Client {
    /// A client that finds names this way.
    pub fn new(names: Arc<dyn Names>, allow_loopback: bool) -> Self {
        Self { names, allow_loopback, tls: OnceLock::new() }
    }

    /// The system's certificates, read when TLS is first spoken.
    fn tls(&self) -> Result<TlsConnector, Unsent> {
        let made = self.tls.get_or_init(|| {
            let mut roots = RootCertStore::empty();
            let found = rustls_native_certs::load_native_certs();
            for error in &found.errors {
                tracing::warn!(%error, "some of the system's certificates cannot be read");
            }
            let (taken, _) = roots.add_parsable_certificates(found.certs);
            if taken == 0 {
                tracing::error!("the system has no certificates (ca-certificates): webhooks over https fail");
                return None;
            }
            let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
                .with_safe_default_protocol_versions()
                .ok()?
                .with_root_certificates(roots)
                .with_no_client_auth();
            Some(TlsConnector::from(Arc::new(config)))
        });
        made.clone().ok_or_else(|| failed("this server has no certificates to check others with"))
    }

    /// Posts a message.
    pub async fn post(&self, parcel: &Parcel) -> Result<Answer, Unsent> {
        match timeout(TOTAL, self.exchange(parcel)).await {
            Ok(answer) => answer,
            Err(_) => Err(failed(format_args!("no answer within {} s", TOTAL.as_secs()))),
        }
    }

    async fn exchange(&self, parcel: &Parcel) -> Result<Answer, Unsent> {
        let target = Target::read(&parcel.url, self.allow_loopback)
            .map_err(|why| Unsent::Refused(format!("not sent: {why}")))?;
        let connecting = async {
            let addresses = target
                .resolve(&*self.names, self.allow_loopback)
                .await
                .map_err(|error| failed(format_args!("the name cannot be resolved: {error}")))?
                .map_err(|why| Unsent::Refused(format!("not sent: {why}")))?;
            let stream = connect(&addresses).await?;
            if !target.tls {
                return Ok(Stream::Plain(stream));
            }
            let name = ServerName::try_from(target.host.clone()).map_err(failed)?;
            let stream = self.tls()?.connect(name, stream).await;
            stream
                .map(|stream| Stream::Tls(Box::new(stream)))
                .map_err(|error| failed(format_args!("TLS: {error}")))
        };
        let stream = timeout(CONNECT, connecting)
            .await
            .map_err(|_| failed(format_args!("no connection within {} s", CONNECT.as_secs())))??;
        let request = request(parcel, &target).map_err(failed)?;
        match stream {
            Stream::Plain(stream) => ask(stream, request).await,
            Stream::Tls(stream) => ask(*stream, request).await,
        }
    }
}

enum Stream {
    Plain(TcpStream),
    Tls(Box<tokio_rustls::client::TlsStream<TcpStream>>),
}

async fn connect(addresses: &[SocketAddr]) -> Result<TcpStream, Unsent> {
    let mut last = failed("the name has no address");
    for address in addresses {
        match TcpStream::connect(address).await {
            Ok(stream) => {
                let _ = stream.set_nodelay(true);
                return Ok(stream);
            }
            Err(error) => last = failed(format_args!("no connection: {error}")),
        }
    }
    Err(last)
}

fn request(parcel: &Parcel, target: &Target) -> Result<Request<Full<Bytes>>, hyper::http::Error> {
    let timestamp = parcel.at.as_second();
    let url = &target.url;
    let path = match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    };
    let host = match url.port() {
        Some(port) => format!("{}:{port}", url.host_str().unwrap_or_default()),
        None => url.host_str().unwrap_or_default().to_owned(),
    };
    Request::post(path)
        .header(HOST, host)
        .header(USER_AGENT, concat!("diario/", env!("CARGO_PKG_VERSION")))
        .header(CONTENT_TYPE, "application/json")
        .header("x-lunara-event", &parcel.event)
        .header("x-lunara-delivery", &parcel.delivery)
        .header("x-lunara-signature", sign::lunara(&parcel.secrets, timestamp, &parcel.body))
        .header("webhook-id", &parcel.message_id)
        .header("webhook-timestamp", timestamp)
        .header(
            "webhook-signature",
            sign::standard(&parcel.secrets, &parcel.message_id, timestamp, &parcel.body),
        )
        .body(Full::new(Bytes::copy_from_slice(parcel.body.as_bytes())))
}

async fn ask<S>(stream: S, request: Request<Full<Bytes>>) -> Result<Answer, Unsent>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(failed)?;
    let carrying = AbortOnDrop(tokio::spawn(connection));
    let response =
        sender.send_request(request).await.map_err(|error| failed(format_args!("no answer: {error}")))?;
    let answer = read(response).await;
    drop(carrying);
    Ok(answer)
}

/// The connection ends with the message.
struct AbortOnDrop<T>(tokio::task::JoinHandle<T>);

impl<T> Drop for AbortOnDrop<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn read(mut response: Response<Incoming>) -> Answer {
    let status = response.status().as_u16();
    let retry_after = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
    let retry_after = retry_after.and_then(|text| pause(text, Timestamp::now()));
    let mut body = Vec::new();
    // A receiver that answers without end, or breaks off, has answered all the same: its status is what counts.
    while body.len() < ANSWER_MAX {
        let Ok(Some(Ok(frame))) = timeout(ANSWER, response.body_mut().frame()).await else { break };
        if let Some(data) = frame.data_ref() {
            body.extend_from_slice(&data[..data.len().min(ANSWER_MAX - body.len())]);
        }
    }
    Answer { status, retry_after, body: String::from_utf8_lossy(&body).into_owned() }
}

/// `Retry-After`: seconds, or a date.
fn pause(text: &str, now: Timestamp) -> Option<Duration> {
    if let Ok(seconds) = text.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let at = jiff::fmt::rfc2822::parse(text.trim()).ok()?.timestamp();
    at.duration_since(now).try_into().ok()
}

#[cfg(test)]
mod tests {
    use std::{
        io,
        pin::Pin,
        sync::atomic::{AtomicUsize, Ordering},
    };

    use tokio::net::TcpListener;

    use super::*;

    /// Names whose answers are these, one after another.
    struct Answers(Vec<Vec<SocketAddr>>, AtomicUsize);

    impl Names for Answers {
        fn find<'a>(
            &'a self,
            _host: &'a str,
            _port: u16,
        ) -> Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send + 'a>> {
            let asked = self.1.fetch_add(1, Ordering::SeqCst);
            let answer = self.0[asked.min(self.0.len() - 1)].clone();
            Box::pin(async move { Ok(answer) })
        }
    }

    fn parcel(url: &str) -> Parcel {
        Parcel {
            url: url.to_owned(),
            event: "venta.cerrada".to_owned(),
            message_id: "msg_1".to_owned(),
            delivery: "1".to_owned(),
            body: "{}".into(),
            secrets: Vec::new(),
            at: Timestamp::UNIX_EPOCH,
        }
    }

    #[tokio::test]
    async fn a_name_is_resolved_once_and_its_answer_is_looked_at_on_each_attempt() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let inside = listener.local_addr().unwrap();
        // A public address that nobody answers at, then the house itself, then both.
        let outside: SocketAddr = "[2001:4860:4860::8888]:1".parse().unwrap();
        let names =
            Arc::new(Answers(vec![vec![outside], vec![inside], vec![outside, inside]], AtomicUsize::new(0)));
        let client = Client::new(Arc::<Answers>::clone(&names), false);
        let parcel = parcel("https://tienda.example/");
        let first = client.post(&parcel).await;
        assert!(matches!(first, Err(Unsent::Failed(_))), "{first:?}");
        assert_eq!(
            names.1.load(Ordering::SeqCst),
            1,
            "the address that was looked at is the one connected to"
        );
        for _ in 0..2 {
            let refused = client.post(&parcel).await;
            assert!(matches!(refused, Err(Unsent::Refused(_))), "{refused:?}");
        }
        let nobody = tokio::time::timeout(Duration::from_millis(200), listener.accept()).await;
        assert!(nobody.is_err(), "somebody connected into the house");
    }

    #[tokio::test]
    async fn without_tls_only_loopback_is_reached_whatever_a_name_says() {
        let outside: SocketAddr = "8.8.8.8:80".parse().unwrap();
        let names = Arc::new(Answers(vec![vec![outside]], AtomicUsize::new(0)));
        let client = Client::new(names, true);
        let refused = client.post(&parcel("http://localhost/")).await;
        assert!(matches!(refused, Err(Unsent::Refused(_))), "{refused:?}");
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now: Timestamp = "2026-06-15T18:42:11Z".parse().unwrap();
        assert_eq!(pause("120", now), Some(Duration::from_mins(2)));
        assert_eq!(pause("Mon, 15 Jun 2026 18:43:11 GMT", now), Some(Duration::from_mins(1)));
        assert_eq!(pause("Mon, 15 Jun 2026 18:41:11 GMT", now), None);
        assert_eq!(pause("soon", now), None);
    }
}
