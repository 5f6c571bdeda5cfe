//! Makes a synthetic release and says how large it is:
//! `cargo run --release -p bedside-synth --example synth -- mimiciv 1000 7 OUT`.

#![expect(clippy::print_stdout, reason = "a tool at the desk")]

use bedside_synth::{Dataset, Options, generate};
use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [dataset, patients, seed, out] = arguments.as_slice() else {
        return Err("usage: synth mimiciv|mimiciii PATIENTS SEED FOLDER".into());
    };
    let options = Options {
        dataset: if dataset == "mimiciii" { Dataset::MimicIii } else { Dataset::MimicIv },
        threads: std::thread::available_parallelism()?,
        ..Options::new(patients.parse()?, seed.parse()?)
    };
    let summary = generate(&options, Path::new(out), &|_| {})?;
    for table in &summary.tables {
        println!(
            "{:8} {:20} {:>10} rows {:>12} bytes {:>12} gz",
            table.module, table.name, table.rows, table.bytes, table.compressed
        );
    }
    Ok(())
}
