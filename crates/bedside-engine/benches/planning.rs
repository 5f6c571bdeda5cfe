//! How long a warm engine takes to plan statements: `cargo bench -p bedside-engine --bench planning -- HOME FILE.sql …`
//!
//! Prints for each file its lines and the median and the least of 21 plannings in milliseconds: text to physical plan, the
//! plan's text included, nothing run.

#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs, reason = "a measurement, not a library")]

use bedside_engine::{Engine, EngineOptions, Request};
use bedside_store::Warehouse;
use std::path::PathBuf;
use std::time::Instant;

/// As in the program.
#[cfg(unix)]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

const RUNS: usize = 21;

fn main() {
    // `cargo bench` adds a flag of its own.
    let mut paths = std::env::args_os().skip(1).filter(|argument| argument != "--bench").map(PathBuf::from);
    let Some(home) = paths.next() else {
        println!("usage: planning HOME FILE.sql …");
        return;
    };
    let options = EngineOptions { memory_bytes: 1 << 30, threads: 2, projects: Vec::new(), clock: || 0 };
    let engine = Engine::open(Warehouse::open(&home).unwrap(), options).unwrap();
    println!("{:>8} {:>10} {:>10}  file", "lines", "median_ms", "least_ms");
    for path in paths {
        let text = std::fs::read_to_string(&path).unwrap();
        let plan = || {
            let start = Instant::now();
            engine.prepare(&Request { text: &text, ..Request::default() }).unwrap().explain().unwrap();
            start.elapsed().as_secs_f64() * 1e3
        };
        plan();
        let mut times: Vec<f64> = (0..RUNS).map(|_| plan()).collect();
        times.sort_by(f64::total_cmp);
        println!("{:>8} {:>10.1} {:>10.1}  {}", text.lines().count(), times[RUNS / 2], times[0], path.display());
    }
}
