//! The process: it listens, says where, and serves until its standard input ends, so that no fake outlives the tests that
//! started it. A connection can be cut at any moment, which is why nothing stands between it and hyper.

use std::convert::Infallible;
use std::fmt;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, MutexGuard};

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use super::push::Sender;
use super::state::State;
use super::{api, control, push};

pub type Reply = Response<Full<Bytes>>;

pub struct Server {
    state: Mutex<State>,
    pub sender: Sender,
    /// Requests that wait to be let go.
    held: watch::Sender<usize>,
    /// How often they were.
    let_go: watch::Sender<u64>,
}

impl Server {
    /// The state as it is now: sessions whose time is over are expired.
    pub fn state(&self) -> MutexGuard<'_, State> {
        let mut state = self.state.lock().unwrap();
        state.expire_due();
        state
    }

    /// Waits until the test lets go.
    pub async fn hold(&self) {
        let mut let_go = self.let_go.subscribe();
        self.held.send_modify(|held| *held += 1);
        let _held = Held(self);
        let _ = let_go.changed().await;
    }

    pub fn let_go(&self) {
        self.let_go.send_modify(|times| *times += 1);
    }

    pub async fn wait_for_held(&self, count: usize) {
        let mut held = self.held.subscribe();
        let _ = held.wait_for(|held| *held >= count).await;
    }

    pub async fn wait_until_none_is_held(&self) {
        let mut held = self.held.subscribe();
        let _ = held.wait_for(|held| *held == 0).await;
    }
}

/// A request that is held; it may be dropped with its connection.
struct Held<'a>(&'a Server);

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.0.held.send_modify(|held| *held -= 1);
    }
}

pub fn run(address: &str) -> ExitCode {
    let _ = rustls::crypto::ring::default_provider().install_default();
    std::thread::spawn(|| {
        let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
        std::process::exit(0);
    });
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    match runtime.block_on(listen(address)) {
        Ok(never) => match never {},
        Err(error) => {
            eprintln!("fake Stripe cannot listen on {address}: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn listen(address: &str) -> std::io::Result<Infallible> {
    let listener = TcpListener::bind(address).await?;
    println!("fake Stripe listens on http://{}", listener.local_addr()?);
    let server = Arc::new(Server {
        state: Mutex::new(State::new()),
        sender: Sender::new(),
        held: watch::Sender::new(0),
        let_go: watch::Sender::new(0),
    });
    loop {
        let (stream, _) = listener.accept().await?;
        tokio::spawn(serve(server.clone(), stream));
    }
}

/// The end of a connection without an answer.
#[derive(Debug)]
pub struct Cut;

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("cut")
    }
}

impl std::error::Error for Cut {}

async fn serve(server: Arc<Server>, stream: TcpStream) {
    let service = service_fn(|request| answer(&server, request));
    // Ends with an error where the connection is cut, by us or by the caller.
    let _ = http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

async fn answer(server: &Arc<Server>, request: Request<Incoming>) -> Result<Reply, Cut> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map_err(|_| Cut)?.to_bytes();
    if head.uri.path() == "/_control" {
        let reply = control::answer(server, &body).await;
        let (status, body) = match reply {
            Ok(value) => (StatusCode::OK, value.to_string()),
            Err(why) => (StatusCode::BAD_REQUEST, why),
        };
        let mut reply = Reply::new(Full::from(body));
        *reply.status_mut() = status;
        return Ok(reply);
    }
    let reply = api::answer(server, &head, &body).await;
    // Beside the answer: whoever asks may be whom the webhook reaches.
    tokio::spawn({
        let server = server.clone();
        async move { push::push(&server).await }
    });
    reply
}
