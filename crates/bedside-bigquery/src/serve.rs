//! The server: a socket, TLS where it is wanted, and what keeps one client from taking everything.

mod patient;
mod tls;

use crate::access::{Access, Hosts, Peer, Tokens};
use crate::front::{Front, Shared};
use crate::limits::Limits;
use crate::page::PageTokens;
use crate::route::{canonical, router};
use crate::storage::Sessions;
use crate::upload::Uploads;
use axum::body::Body;
use axum::http::Request;
use axum::routing::Router;
use bedside_service::Service;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use patient::Patient;
use ring::rand::{SecureRandom, SystemRandom};
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

/// How the server runs.
#[derive(Clone, Debug)]
pub struct ServerOptions {
    /// Whether requests need a token.
    pub tokens: Tokens,
    /// Names of this server beside its address, for requests that come under them.
    pub host_names: Vec<String>,
    /// Certificate and key, for a server that speaks TLS.
    pub tls: Option<Tls>,
    /// Microseconds since 1970-01-01 UTC.
    pub clock: fn() -> i64,
    /// What one client may take.
    pub limits: Limits,
    /// How long running jobs may go on when the server ends.
    pub grace: Duration,
}

/// Files in PEM.
#[derive(Clone, Debug)]
pub struct Tls {
    /// The certificate, with those that it is signed by.
    pub certificates: PathBuf,
    /// Its key.
    pub key: PathBuf,
}

/// Why a server does not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why not.
        source: io::Error,
    },
    /// A file of the certificate or its key is none.
    #[error("{}: {reason}", path.display())]
    Certificate {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// Without tokens only loopback is served.
    #[error("without tokens everyone who reaches {0} reads everything")]
    Open(SocketAddr),
    /// The system gives no random numbers.
    #[error("the system gives no random numbers")]
    Random,
}

impl Error {
    /// The class of the error.
    pub fn code(&self) -> bedside_types::ErrorCode {
        match self {
            Self::Listen { .. } => bedside_types::ErrorCode::Unavailable,
            Self::Certificate { .. } | Self::Open(_) => bedside_types::ErrorCode::InvalidQuery,
            Self::Random => bedside_types::ErrorCode::Internal,
        }
    }

    /// What to do next, where there is something.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Listen { source, .. } if source.kind() == io::ErrorKind::AddrInUse => {
                Some("another program listens there; choose a port with --listen 127.0.0.1:PORT".to_owned())
            }
            Self::Open(_) => Some("leave --no-token out, or listen on 127.0.0.1".to_owned()),
            _ => None,
        }
    }
}

/// A server that listens and does not answer yet.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    acceptor: Option<TlsAcceptor>,
    router: Router,
    service: Service,
    limits: Limits,
    grace: Duration,
}

impl Server {
    /// Listens on an address; port 0 is any that is free.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn bind(service: Service, address: SocketAddr, options: ServerOptions) -> Result<Self, Error> {
        if options.tokens == Tokens::NotDemanded && !address.ip().is_loopback() {
            return Err(Error::Open(address));
        }
        let acceptor = options.tls.as_ref().map(tls::acceptor).transpose()?;
        let listen = async { TcpListener::bind(address).await.and_then(|l| l.local_addr().map(|a| (l, a))) };
        let (listener, address) = listen.await.map_err(|source| Error::Listen { address, source })?;
        let mut secret = [0; 32];
        SystemRandom::new().fill(&mut secret).map_err(|_| Error::Random)?;
        let front = Front::new(Shared {
            service: service.clone(),
            pages: PageTokens::new(&secret),
            access: Access::new(options.tokens, options.limits.wrong_tokens, options.clock),
            uploads: Uploads::new(options.limits.uploads),
            sessions: Sessions::default(),
            limits: options.limits,
            scheme: if acceptor.is_some() { "https" } else { "http" },
        });
        let router = router(front, Hosts::new(address.ip(), &options.host_names));
        Ok(Self { listener, address, acceptor, router, service, limits: options.limits, grace: options.grace })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until `stop` is there; then takes nothing new, lets running jobs end within their grace, and returns.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let graceful = GracefulShutdown::new();
        let slots = Arc::new(Semaphore::new(self.limits.connections));
        let mut stop = std::pin::pin!(stop);
        loop {
            let connection = tokio::select! {
                connection = next(&self.listener, &slots) => connection,
                () = &mut stop => break,
            };
            let Some((stream, peer, slot)) = connection else { continue };
            let (acceptor, router, limits) = (self.acceptor.clone(), self.router.clone(), self.limits);
            let watcher = graceful.watcher();
            tokio::spawn(async move {
                let _slot = slot;
                // What goes wrong here is the client's connection; it knows.
                match acceptor {
                    None => answer(stream, peer, router, limits, watcher).await,
                    Some(acceptor) => {
                        let handshake = tokio::time::timeout(limits.patience, acceptor.accept(stream)).await;
                        if let Ok(Ok(stream)) = handshake {
                            answer(stream, peer, router, limits, watcher).await;
                        }
                    }
                }
            });
        }
        drop(self.listener);
        // Jobs first: those who wait for one get its result before their connection ends.
        self.service.shut_down(self.grace).await;
        let _ = tokio::time::timeout(Duration::from_secs(2), graceful.shutdown()).await;
    }
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Server({})", self.address)
    }
}

/// The next connection, once there is room for one.
async fn next(listener: &TcpListener, slots: &Arc<Semaphore>) -> Option<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let slot = Arc::clone(slots).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, peer)) => {
            // Answers are small and complete: waiting to fill a packet only delays them.
            let _ = stream.set_nodelay(true);
            Some((stream, peer, slot))
        }
        Err(_) => {
            // Too many open files, mostly; others may be closed in a moment.
            tokio::time::sleep(Duration::from_millis(50)).await;
            None
        }
    }
}

/// Answers the requests of one connection, HTTP/1.1 or HTTP/2.
async fn answer<S>(stream: S, peer: SocketAddr, router: Router, limits: Limits, watcher: Watcher)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = hyper::service::service_fn(move |request: Request<Incoming>| {
        let mut request = canonical(request.map(Body::new));
        request.extensions_mut().insert(Peer(peer.ip()));
        router.clone().oneshot(request)
    });
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(limits.patience).max_buf_size(128 << 10);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(Some(limits.patience))
        .keep_alive_timeout(limits.patience)
        .max_concurrent_streams(64)
        .max_header_list_size(64 << 10);
    let connection =
        builder.serve_connection_with_upgrades(TokioIo::new(Patient::new(stream, limits.patience)), service);
    let _ = watcher.watch(connection.into_owned()).await;
}
