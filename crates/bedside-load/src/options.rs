//! How to load.

use bedside_types::ReleaseId;

/// Memory for rows at least, however little is asked for.
const LEAST_MEMORY: usize = 4 << 20;
/// Memory that sorting and encoding one range wants.
const RANGE_MEMORY: usize = 64 << 20;
/// Files read at the same time at most; more only divide the memory.
const MOST_FILES: usize = 4;

/// How to load. The result does not depend on `threads` or `memory_bytes`.
#[derive(Clone, Debug)]
pub struct LoadOptions {
    /// The release that the files are, where the user says so.
    pub release: Option<ReleaseId>,
    /// What to do with rows that break a rule of their table.
    pub bad_rows: BadRows,
    /// Threads that parse, sort and encode.
    pub threads: usize,
    /// Bytes of rows to hold in memory. The process needs up to about twice as much; what does not fit goes to temporary
    /// files in the warehouse.
    pub memory_bytes: usize,
    /// The time now, RFC 3339, for manifests.
    pub now: fn() -> String,
}

/// What to do with rows that break a rule of their table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BadRows {
    /// Stop that table, publish the others.
    #[default]
    Stop,
    /// Set them aside in `quarantine/<release>/<table>.csv`, with reasons, and count them.
    Quarantine,
}

impl LoadOptions {
    /// 384 MiB of rows, which keeps a load below 1 GiB, and stop at bad rows.
    pub fn new(threads: usize, now: fn() -> String) -> Self {
        Self { release: None, bad_rows: BadRows::Stop, threads: threads.max(1), memory_bytes: 384 << 20, now }
    }

    /// How threads and memory are divided.
    pub(crate) fn shares(&self) -> Shares {
        let threads = self.threads.max(1);
        let half = self.memory_bytes.max(LEAST_MEMORY) / 2;
        let files = threads.min(MOST_FILES);
        let writers = (half / RANGE_MEMORY).clamp(1, threads);
        Shares { files, parsers: threads, writers, own: half / 2 / files, pool: half / 2, range: half / writers }
    }
}

/// Threads, and bytes of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shares {
    /// Files read at the same time.
    pub(crate) files: usize,
    /// Parsing threads for each file.
    pub(crate) parsers: usize,
    /// Ranges sorted and written at the same time.
    pub(crate) writers: usize,
    /// What each file may hold in any case.
    pub(crate) own: usize,
    /// What files may hold beyond, together.
    pub(crate) pool: usize,
    /// What sorting one range may hold.
    pub(crate) range: usize,
}

#[cfg(test)]
mod tests {
    use super::LoadOptions;

    #[test]
    fn shares_stay_within_the_budget() {
        for threads in [1, 2, 16, 128] {
            for memory in [0, 64 << 20, 384 << 20, 64 << 30] {
                let options = LoadOptions { memory_bytes: memory, ..LoadOptions::new(threads, String::new) };
                let shares = options.shares();
                let held = shares.files * shares.own + shares.pool + shares.writers * shares.range;
                assert!(held <= memory.max(4 << 20), "{threads} {memory} {shares:?}");
                assert!(shares.files > 0 && shares.parsers > 0 && shares.writers > 0 && shares.range >= 1 << 20);
            }
        }
    }
}
