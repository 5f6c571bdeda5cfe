//! Makes a synthetic release and says how large it is: `cargo run --release -p bedside-synth --example synth -- 1000 7 OUT`.

#![expect(clippy::print_stdout, reason = "a tool at the desk")]

use bedside_synth::{Options, generate};
use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [patients, seed, out] = arguments.as_slice() else {
        return Err("usage: synth PATIENTS SEED FOLDER".into());
    };
    let options =
        Options { threads: std::thread::available_parallelism()?, ..Options::new(patients.parse()?, seed.parse()?) };
    let summary = generate(&options, Path::new(out), &|_| {})?;
    for table in &summary.tables {
        println!(
            "{:5} {:20} {:>10} rows {:>12} bytes {:>12} gz",
            table.module, table.name, table.rows, table.bytes, table.compressed
        );
    }
    Ok(())
}
