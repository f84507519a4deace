//! The listener: takes connections up to a number in all and from one address, gives their headers ten seconds, and stops
//! gracefully. It knows HTTP's framing and nothing of what is asked.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, Request};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use super::concurrency::{ConcurrencyLimiter, ConcurrencyLimits, ConcurrencyPermit};
use super::guard::MAX_HEADER_BYTES;
use super::write_timeout::WriteTimeout;
use crate::settings::Network;

/// How long the headers of a request may take, and how long an idle connection is kept.
const HEADER_TIME: Duration = Duration::from_secs(10);
const MAX_HEADERS: usize = 100;
/// How long requests under way may go on once the server stops.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(10);

/// A bound listener.
pub struct Listening {
    listener: TcpListener,
    pub address: SocketAddr,
}

/// Binds `address`; from now on clients can connect, and are served when [`Listening::serve`] runs.
pub async fn listen(address: SocketAddr) -> io::Result<Listening> {
    let listener = TcpListener::bind(address).await?;
    let address = listener.local_addr()?;
    Ok(Listening { listener, address })
}

impl Listening {
    /// Serves until `stop`, then lets requests under way finish.
    pub async fn serve(self, router: Router, network: &Network, stop: CancellationToken) {
        let limiter = connection_limiter(network);
        let graceful = GracefulShutdown::new();
        loop {
            let accepted = tokio::select! {
                accepted = self.listener.accept() => accepted,
                () = stop.cancelled() => break,
            };
            match accepted {
                Ok((stream, peer)) => {
                    // Without a permit the connection is closed at once: a client sees that, and a queue would hide it.
                    let address = counted_address(network, peer.ip());
                    if let Some(permit) = limiter.take((), address) {
                        spawn_connection(stream, peer, permit, router.clone(), &graceful);
                    } else {
                        metrics::counter!("clara_connections_refused_total").increment(1);
                    }
                }
                Err(error) => {
                    // Out of descriptors, mostly: accepting again at once would only spin.
                    tracing::warn!(%error, "cannot accept a connection");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
        }
        drop(self.listener);
        if tokio::time::timeout(SHUTDOWN_GRACE, graceful.shutdown())
            .await
            .is_err()
        {
            tracing::warn!("some requests did not finish in time and were cut");
        }
    }
}

fn spawn_connection(
    stream: TcpStream,
    peer: SocketAddr,
    permit: ConcurrencyPermit<()>,
    router: Router,
    graceful: &GracefulShutdown,
) {
    // Answers leave when they are written: an event stream otherwise waits 40 ms for the client's acknowledgement.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().oneshot(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIME)
        .max_headers(MAX_HEADERS)
        .max_buf_size(MAX_HEADER_BYTES)
        .serve_connection(TokioIo::new(WriteTimeout::new(stream)), service);
    let watched = graceful.watch(connection);
    tokio::spawn(async move {
        let _permit = permit;
        if let Err(error) = pin!(watched).await {
            tracing::trace!(%error, "a connection broke");
        }
    });
}

/// How many connections there may be, in all and of one network.
fn connection_limiter(network: &Network) -> ConcurrencyLimiter<()> {
    ConcurrencyLimiter::new(ConcurrencyLimits {
        total: network.max_connections,
        each: network.max_connections,
        network: network.max_connections_per_address,
    })
}

/// By which address a connection is counted; trusted proxies carry those of many and are not.
fn counted_address(network: &Network, peer: IpAddr) -> Option<IpAddr> {
    let peer = peer.to_canonical();
    let is_trusted = network
        .trusted_proxies
        .iter()
        .any(|net| net.contains(&peer));
    (!is_trusted).then_some(peer)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::time::Instant;

    use super::*;
    use crate::settings::{RawSettings, Settings};

    /// A server without a route, until the test ends.
    async fn serve() -> SocketAddr {
        let data = |name: &str| (name == "CLARA_DATA_DIR").then(|| "/data".to_owned());
        let said = RawSettings::gather(|_| None, data, &HashMap::new());
        let network = Settings::read(&said).unwrap().network;
        let listening = listen(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
        let address = listening.address;
        tokio::spawn(async move {
            let stop = CancellationToken::new();
            listening.serve(Router::new(), &network, stop).await;
        });
        address
    }

    /// After how many seconds a client is closed that says this and then falls silent.
    async fn closed_after(address: SocketAddr, opening: &[u8]) -> u64 {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let began = Instant::now();
        stream.write_all(opening).await.unwrap();
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest).await;
        began.elapsed().as_secs()
    }

    #[tokio::test(start_paused = true)]
    async fn headers_have_ten_seconds_and_so_has_who_never_begins_or_rests() {
        let address = serve().await;
        for opening in [
            "",
            "GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ",
            "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        ] {
            let seconds = closed_after(address, opening.as_bytes()).await;
            assert_eq!(seconds, 10, "{opening:?}");
        }
    }
}
