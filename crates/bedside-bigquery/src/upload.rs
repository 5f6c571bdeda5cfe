//! Uploads in parts (<https://cloud.google.com/bigquery/docs/reference/api-uploads#resumable>): the first request says what
//! shall be done and gets an address, those to the address bring the file.

use crate::error::Failure;
use bedside_service::{Principal, Upload};
use data_encoding::HEXLOWER;
use ring::rand::{SecureRandom, SystemRandom};
use serde_json::Value as Json;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};

/// How long an upload may rest, microseconds.
const REST: i64 = 3_600_000_000;

/// Uploads that are under way.
pub(crate) struct Uploads {
    most: usize,
    by_id: Mutex<HashMap<String, Begun>>,
}

/// One of them.
pub(crate) struct Begun {
    /// Whose it is.
    pub(crate) principal: Principal,
    /// The project of the address that it began with.
    pub(crate) project: String,
    /// The job's resource.
    pub(crate) request: Json,
    /// What came so far.
    pub(crate) upload: Upload,
    /// When it was last asked for, microseconds since 1970.
    pub(crate) touched: i64,
}

/// Which bytes of a file a request brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ContentRange {
    /// The first byte; `None` for a request that only asks how far the upload is.
    pub(crate) start: Option<u64>,
    /// Bytes of the whole file, once they are known.
    pub(crate) total: Option<u64>,
    /// A request that says nothing of a range brings the whole file.
    pub(crate) extent: Extent,
}

/// Whether a request brings a file or a part of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    Whole,
    Part,
}

impl Uploads {
    /// At most so many at once.
    pub(crate) fn new(most: usize) -> Self {
        Self { most, by_id: Mutex::default() }
    }

    /// Keeps an upload and gives the id of its address.
    ///
    /// # Errors
    /// 429 where too many are under way.
    pub(crate) fn begin(&self, begun: Begun, now: i64) -> Result<String, Failure> {
        let mut id = [0; 16];
        SystemRandom::new().fill(&mut id).map_err(|_| Failure::internal("there is no randomness"))?;
        let id = HEXLOWER.encode(&id);
        let mut by_id = self.by_id.lock().unwrap_or_else(PoisonError::into_inner);
        by_id.retain(|_, begun| now - begun.touched < REST);
        if by_id.len() >= self.most {
            return Err(Failure::new(429, "quotaExceeded", "Too many uploads are under way."));
        }
        by_id.insert(id.clone(), begun);
        Ok(id)
    }

    /// Takes an upload out, to go on with it. While one request goes on with it, others do not find it.
    ///
    /// # Errors
    /// 404 for an id that nobody, or another, began.
    pub(crate) fn take(&self, id: &str, principal: &Principal, project: &str) -> Result<Begun, Failure> {
        let mut by_id = self.by_id.lock().unwrap_or_else(PoisonError::into_inner);
        let is_theirs = |begun: &Begun| begun.principal == *principal && begun.project == project;
        if !by_id.get(id).is_some_and(is_theirs) {
            return Err(Failure::not_found("Not found: upload"));
        }
        by_id.remove(id).ok_or_else(|| Failure::not_found("Not found: upload"))
    }

    /// Puts an upload back for the next request.
    pub(crate) fn put(&self, id: &str, begun: Begun) {
        self.by_id.lock().unwrap_or_else(PoisonError::into_inner).insert(id.to_owned(), begun);
    }
}

impl ContentRange {
    /// `bytes 0-99/1000`, `bytes 0-99/*`, `bytes */1000`, `bytes */*`; a request without the header brings the whole file.
    ///
    /// # Errors
    /// 400 for other texts.
    pub(crate) fn read(header: Option<&str>) -> Result<Self, Failure> {
        let Some(text) = header else { return Ok(Self { start: Some(0), total: None, extent: Extent::Whole }) };
        let parsed = || {
            let (range, total) = text.trim().strip_prefix("bytes ")?.split_once('/')?;
            let total = if total == "*" { None } else { Some(total.parse().ok()?) };
            let start = match range.split_once('-') {
                None if range == "*" => None,
                None => return None,
                Some((start, end)) => {
                    let (start, end): (u64, u64) = (start.parse().ok()?, end.parse().ok()?);
                    (start <= end && total.is_none_or(|total| end < total)).then_some(Some(start))?
                }
            };
            Some(Self { start, total, extent: Extent::Part })
        };
        parsed().ok_or_else(|| Failure::new(400, "badRequest", "Invalid Content-Range"))
    }
}

impl fmt::Debug for Uploads {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Uploads(at most {})", self.most)
    }
}

#[cfg(test)]
mod tests {
    use super::{ContentRange, Extent};

    #[test]
    fn ranges_are_read() {
        for (text, start, total) in [
            (None, Some(0), None),
            (Some("bytes 0-99/1000"), Some(0), Some(1000)),
            (Some("bytes 100-199/*"), Some(100), None),
            (Some("bytes */1000"), None, Some(1000)),
            (Some("bytes */*"), None, None),
            (Some("bytes */0"), None, Some(0)),
        ] {
            let extent = if text.is_some() { Extent::Part } else { Extent::Whole };
            assert_eq!(ContentRange::read(text), Ok(ContentRange { start, total, extent }), "{text:?}");
        }
        for text in ["", "bytes", "bytes 5-1/10", "bytes 0-99/50", "bytes x-y/z", "bits 0-1/2", "bytes -1-2/3"] {
            assert!(ContentRange::read(Some(text)).is_err(), "{text}");
        }
    }
}
