//! How a source is reached: logins, limits, retries. Filled by the caller; nothing here reads the environment.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

/// What may be used to reach a source, and how patiently.
#[derive(Clone, Debug)]
pub struct Access {
    /// Names and passwords for http(s), first match wins. A name and password in the URL itself come before these.
    pub logins: Vec<Login>,
    /// A netrc file to look hosts up in when no login fits. It need not exist.
    pub netrc: Option<PathBuf>,
    /// Files fetched from an http(s) server at a time, and as many questions about sizes and versions. Archives ask for
    /// few connections: the default is 2.
    pub http_connections: usize,
    /// The same for a bucket, 8 by default.
    pub bucket_connections: usize,
    /// When and how often a request is tried again.
    pub retry: Retry,
    /// How long a connection may take to be made, 20 s by default.
    pub connect_timeout: Duration,
    /// How long a server may stay silent before the connection counts as cut, 60 s by default.
    pub idle_timeout: Duration,
    /// Settings for buckets by the names that `object_store` knows, as the variables `AWS_*` and `GOOGLE_*` hold them
    /// (`AWS_ACCESS_KEY_ID`, `AWS_ENDPOINT`, `GOOGLE_APPLICATION_CREDENTIALS` …; case does not matter). Names that do
    /// not belong to the kind of bucket, or that it does not know, are passed over.
    pub bucket_options: Vec<(String, String)>,
    /// Whether requests to a bucket are signed.
    pub signing: Signing,
    /// Who pays for a requester-pays bucket: the Google Cloud project for `gs://`; any text for `s3://`, where the
    /// account that signs pays. `GOOGLE_USER_PROJECT` and `AWS_REQUEST_PAYER` in `bucket_options` say the same.
    pub requester: Option<String>,
    /// Set from outside to end every wait and transfer with [`SourceError::Stopped`](super::SourceError::Stopped).
    pub stop: Option<Arc<AtomicBool>>,
}

/// A name and password for http basic authentication.
#[derive(Clone, PartialEq, Eq)]
pub struct Login {
    /// The only host that may see them, or `None` for the host of the source's URL.
    pub host: Option<String>,
    /// The user's name.
    pub user: String,
    /// The password.
    pub password: String,
}

/// Exponential back-off with jitter, counted anew whenever bytes have arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    /// Tries in a row without a single new byte, 8 by default; at least one is made.
    pub attempts: u32,
    /// The wait before the second try, doubled at each further one; 500 ms by default.
    pub first_wait: Duration,
    /// No computed wait is longer than this, 60 s by default.
    pub longest_wait: Duration,
    /// A server that asks (Retry-After) for a longer pause than this is given up, 10 minutes by default.
    pub longest_pause: Duration,
}

/// Whether requests to a bucket carry a signature.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Signing {
    /// Signed where credentials are given; open buckets that are known (`physionet-open`) are read without.
    #[default]
    Automatic,
    /// Never signed.
    Anonymous,
}

impl Default for Access {
    fn default() -> Self {
        Self {
            logins: Vec::new(),
            netrc: None,
            http_connections: 2,
            bucket_connections: 8,
            retry: Retry::default(),
            connect_timeout: Duration::from_secs(20),
            idle_timeout: Duration::from_mins(1),
            bucket_options: Vec::new(),
            signing: Signing::Automatic,
            requester: None,
            stop: None,
        }
    }
}

impl Default for Retry {
    fn default() -> Self {
        Self {
            attempts: 8,
            first_wait: Duration::from_millis(500),
            longest_wait: Duration::from_mins(1),
            longest_pause: Duration::from_mins(10),
        }
    }
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Login").field("host", &self.host).field("user", &self.user).finish_non_exhaustive()
    }
}
