//! What one client may take of the server.

use std::time::Duration;

/// Bounds on sizes, times and numbers.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of a JSON body, inflated; larger ones are answered with 413.
    pub body_bytes: usize,
    /// Bytes of an uploaded file.
    pub upload_bytes: u64,
    /// Connections at once; others wait to be accepted.
    pub connections: usize,
    /// How long a client may take for the head of a request, between two parts of its body, and to take a part of the answer.
    pub patience: Duration,
    /// Wrong tokens that one address may send in a minute.
    pub wrong_tokens: u32,
    /// Uploads in parts that are under way at once.
    pub uploads: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 20 << 20,
            upload_bytes: 16 << 30,
            connections: 256,
            patience: Duration::from_secs(30),
            wrong_tokens: 20,
            uploads: 64,
        }
    }
}
