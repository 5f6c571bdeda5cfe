//! How a gate runs.

use crate::place::Buckets;
use std::path::PathBuf;
use std::time::Duration;

/// What BigQuery charges for a TiB where nobody set a price: US dollars, on demand in the US
/// (<https://cloud.google.com/bigquery/pricing>, 2025).
pub const PRICE_PER_TIB: f64 = 6.25;

const GIB: u64 = 1 << 30;

/// The largest of the derived tables is planned in a fifth of a second.
const PLANNING: Duration = Duration::from_mins(1);

const DAY: Duration = Duration::from_hours(24);

/// How a gate runs.
#[derive(Clone, Debug)]
pub struct ServiceOptions {
    /// Microseconds since 1970-01-01 UTC.
    pub clock: fn() -> i64,
    /// US dollars for a TiB billed, for estimates.
    pub price_per_tib: f64,
    /// Statements that run at the same time.
    pub slots: usize,
    /// Of these, slots that heavy statements may have; the others are always left to small ones.
    pub heavy_slots: usize,
    /// Logical bytes from which a statement is a heavy one.
    pub heavy_bytes: u64,
    /// Results that are read by clients while they are made, beside the slots: a slow reader keeps nobody out.
    pub streams: usize,
    /// How long a statement may be planned.
    pub planning: Duration,
    /// Jobs that may wait; more are turned away.
    pub waiting: usize,
    /// Size of all kept results together; the oldest go first.
    pub result_bytes: u64,
    /// How long a result is kept.
    pub result_lifetime: Duration,
    /// How long jobs are remembered.
    pub job_lifetime: Duration,
    /// The most jobs that are remembered.
    pub most_jobs: u64,
    /// Folders of this machine that loads may read and extracts may write.
    pub folders: Vec<PathBuf>,
    /// Buckets that they may read and write; none unless somebody says so.
    pub buckets: Buckets,
}

impl ServiceOptions {
    /// The usual ones for a machine of so many threads.
    pub fn new(clock: fn() -> i64, threads: usize) -> Self {
        let slots = (2 * threads).max(4);
        Self {
            clock,
            price_per_tib: PRICE_PER_TIB,
            slots,
            heavy_slots: slots / 2,
            heavy_bytes: GIB / 2,
            streams: 64,
            planning: PLANNING,
            waiting: 400,
            result_bytes: 10 * GIB,
            result_lifetime: DAY,
            job_lifetime: 30 * DAY,
            most_jobs: 50_000,
            folders: Vec::new(),
            buckets: Buckets::default(),
        }
    }
}
