//! Answers statements from standard input in one warm process and says how long each took. `cargo xtask bench` talks to it.
//!
//! `stopwatch HOME THREADS MEMORY_BYTES`; then a JSON object a line: `{"sql": "SELECT …"}` gives `{"seconds": …, "planning": …,
//! "rows": …}`, with `"save": "FILE"` the rows also go to an Arrow file, outside of the time. The time is from the text to
//! all rows as Arrow batches in memory, as a client has them: reading the manifest, resolving and planning are in it.

#![expect(clippy::print_stdout, reason = "a tool at the desk")]

use arrow::ipc::writer::FileWriter;
use arrow::record_batch::RecordBatch;
use bedside_engine::{Engine, EngineOptions, Request};
use bedside_store::Warehouse;
use serde_json::{Value, json};
use std::error::Error;
use std::fs::File;
use std::io::BufRead;
use std::path::Path;
use std::time::Instant;

/// As in the program.
#[cfg(unix)]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [home, threads, memory] = arguments.as_slice() else {
        return Err("usage: stopwatch HOME THREADS MEMORY_BYTES".into());
    };
    let options = EngineOptions {
        memory_bytes: memory.parse()?,
        threads: threads.parse()?,
        projects: Vec::new(),
        clock: || 4_000_000_000_000_000,
    };
    let engine = Engine::open(Warehouse::open(Path::new(home))?, options)?;
    for line in std::io::stdin().lock().lines() {
        let request: Value = serde_json::from_str(&line?)?;
        println!("{}", answer(&engine, &request).unwrap_or_else(|error| json!({ "error": error.to_string() })));
    }
    Ok(())
}

fn answer(engine: &Engine, request: &Value) -> Result<Value, Box<dyn Error>> {
    let text = request["sql"].as_str().ok_or("no sql")?;
    let start = Instant::now();
    let prepared = engine.prepare(&Request { text, ..Request::default() })?;
    let planning = start.elapsed();
    let rows = prepared.execute()?;
    let schema = rows.schema().clone();
    let batches = rows.collect::<Result<Vec<RecordBatch>, _>>()?;
    let seconds = start.elapsed().as_secs_f64();
    if let Some(path) = request["save"].as_str() {
        let mut writer = FileWriter::try_new(File::create(path)?, &schema)?;
        batches.iter().try_for_each(|batch| writer.write(batch))?;
        writer.finish()?;
    }
    let rows: usize = batches.iter().map(RecordBatch::num_rows).sum();
    Ok(json!({ "seconds": seconds, "planning": planning.as_secs_f64(), "rows": rows }))
}
