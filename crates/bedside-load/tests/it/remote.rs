//! Sources other than a plain folder: zips, and servers on loopback that misbehave.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr)]

mod bucket;
mod http;
mod load;
mod local;
mod server;

use bedside_load::source::{Access, Retry, Source, SourceError, SourceFile};
use std::io::Read;
use std::time::Duration;

/// Waits that a test can afford.
fn access() -> Access {
    Access {
        retry: Retry {
            attempts: 4,
            first_wait: Duration::from_millis(1),
            longest_wait: Duration::from_millis(4),
            longest_pause: Duration::from_mins(1),
        },
        idle_timeout: Duration::from_secs(20),
        ..Access::default()
    }
}

/// Bytes without a pattern that a shifted read could hide in.
fn noise(seed: u64, count: usize) -> Vec<u8> {
    let mut state = seed | 1;
    let next = |_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) as u8
    };
    (0..count).map(next).collect()
}

fn find(source: &Source, path: &str) -> SourceFile {
    let files = source.list().unwrap();
    files.iter().find(|file| file.path == path).unwrap_or_else(|| panic!("{path} is not in {files:?}")).clone()
}

fn read(source: &Source, file: &SourceFile) -> Result<Vec<u8>, SourceError> {
    let mut bytes = Vec::new();
    match source.open(file)?.read_to_end(&mut bytes) {
        Ok(_) => Ok(bytes),
        Err(error) => Err(SourceError::from_io(error, &file.path)),
    }
}

/// The first bytes only, as a load does that is killed or only looks at the header.
fn read_start(source: &Source, file: &SourceFile, count: usize) -> Vec<u8> {
    let mut bytes = vec![0; count];
    source.open(file).unwrap().read_exact(&mut bytes).unwrap();
    bytes
}
