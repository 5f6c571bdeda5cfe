//! BigQuery's protocols, translated to the gate and back: REST v2 as the real clients speak it, and the Storage Read API.
//!
//! ```no_run
//! use bedside_bigquery::{Limits, Server, ServerOptions, Tokens};
//! use bedside_service::Service;
//! use std::time::Duration;
//!
//! # async fn serve(service: Service) -> Result<(), bedside_bigquery::Error> {
//! let options = ServerOptions {
//!     tokens: Tokens::Demanded,
//!     host_names: vec![],
//!     tls: None,
//!     clock: || 0,
//!     limits: Limits::default(),
//!     grace: Duration::from_secs(10),
//! };
//! let server = Server::bind(service, ([127, 0, 0, 1], 9050).into(), options).await?;
//! server.run(std::future::pending()).await;
//! # Ok(())
//! # }
//! ```
//!
//! Nothing here knows SQL, tables or rights: a handler reads a request, asks `bedside_service`, and writes the answer in the
//! form that BigQuery gives it. Texts of statements and values are never logged.

mod access;
mod agent;
mod call;
mod discovery;
mod encode;
mod error;
mod front;
mod handler;
mod identifier;
mod limits;
mod multipart;
mod page;
mod request;
mod resource;
mod route;
mod schema;
mod serve;
mod storage;
mod upload;
mod work;

pub use access::Tokens;
pub use limits::Limits;
pub use serve::{Error, Server, ServerOptions, Tls};
