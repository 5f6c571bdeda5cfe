//! `bedside serve`, `bedside client-setup`.

use super::PlaceArguments;
use clap::{Args, ValueEnum};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

/// Where the server listens unless somebody says otherwise.
const ADDRESS: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 9050);

/// Seconds that running statements have when the server ends.
const GRACE: u64 = 10;

/// `bedside serve`.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  bedside serve                              for this machine, with tokens
  bedside serve --no-token                   for this machine, whoever asks
  bedside serve --folder ~/out --bucket gs://our-results/icu
  bedside serve --listen 0.0.0.0:9050 --host-name icu.example.org --tls-cert cert.pem --tls-key key.pem

`bedside client-setup` writes what Python, bq, R and JDBC need to find it.")]
pub(crate) struct ServeArguments {
    /// Address and port to listen on
    #[arg(long, value_name = "ADDRESS", default_value_t = ADDRESS)]
    pub(crate) listen: SocketAddr,
    /// Answer requests without a token; on 127.0.0.1 only
    #[arg(long)]
    pub(crate) no_token: bool,
    /// Another name that clients reach this server by; may be repeated
    #[arg(long, value_name = "NAME")]
    pub(crate) host_name: Vec<String>,
    /// Certificate in PEM, to speak TLS
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub(crate) tls_cert: Option<PathBuf>,
    /// Key of the certificate in PEM
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub(crate) tls_key: Option<PathBuf>,
    /// Seconds that running statements may go on when the server ends
    #[arg(long, value_name = "S", default_value_t = GRACE)]
    pub(crate) grace: u64,
    #[command(flatten)]
    pub(crate) places: PlaceArguments,
}

impl ServeArguments {
    /// What nobody says anything about.
    pub(crate) fn usual() -> Self {
        Self {
            listen: ADDRESS,
            no_token: false,
            host_name: Vec::new(),
            tls_cert: None,
            tls_key: None,
            grace: GRACE,
            places: PlaceArguments::default(),
        }
    }
}

/// `bedside client-setup`.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  eval \"$(bedside client-setup python)\"      then any script that uses google-cloud-bigquery
  eval \"$(bedside client-setup bq)\"          then bq query, bq ls, …
  bedside client-setup r                     what goes into .Rprofile
  bedside client-setup python --check        also runs a query through it")]
pub(crate) struct ClientSetupArguments {
    /// The client
    #[arg(value_enum, default_value_t = Client::Python)]
    pub(crate) client: Client,
    /// Where the server is
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:9050")]
    pub(crate) url: String,
    /// Project that clients work in: tables of your own are there
    #[arg(long, value_name = "PROJECT")]
    pub(crate) project: Option<String>,
    /// Folder for key files and tokens [default: client in the home]
    #[arg(long, value_name = "FOLDER")]
    pub(crate) out: Option<PathBuf>,
    /// Run a query through what was written; the server has to run
    #[arg(long)]
    pub(crate) check: bool,
}

/// Clients that are set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Client {
    /// google-cloud-bigquery, pandas-gbq, SQLAlchemy, ibis, %%bigquery
    Python,
    /// The bq command
    Bq,
    /// bigrquery
    R,
    /// Google's JDBC driver
    Jdbc,
}
