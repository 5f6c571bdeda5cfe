//! The comparison with other engines: builds, makes data, sets up the peers, then `benches/peers/bench.py` measures.

use crate::cargo;
use anyhow::{Context as _, Result, bail, ensure};
use clap::Args;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Seed of the data; another makes other patients.
const SEED: &str = "7";
/// Sizes that stand beside a larger one, to show growth.
const STEPS: [u64; 3] = [100, 1_000, 10_000];

/// `cargo xtask bench`.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// Synthetic patients; the sizes 100 and 1,000 below it are measured too
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    size: u64,
    /// Few repetitions, no smaller sizes: shows that everything runs and gives the same rows
    #[arg(long)]
    quick: bool,
    /// A folder of MIMIC-IV's csv.gz files to take instead of making data, such as the demo
    #[arg(long, value_name = "DIR", conflicts_with = "size")]
    data: Option<PathBuf>,
    /// Threads for each engine [default: one per core]
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// File for the results as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Folder with `bedside` and `stopwatch`, built before, to measure instead of building
    #[arg(long, value_name = "DIR")]
    built: Option<PathBuf>,
    /// Folder for data, databases and the peers; emptied of everything but data and peers
    #[arg(long, value_name = "DIR", default_value = "target/bench")]
    work: PathBuf,
}

/// Whether there are peers to compare with.
enum Peers {
    Ready(PathBuf),
    Absent(String),
}

/// Compares and prints. Fails if an engine does, or gives other rows than the others.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    match peers(&arguments.work)? {
        Peers::Ready(python) => compare(arguments, &python),
        Peers::Absent(reason) => bail!("the peers cannot be set up: {reason}"),
    }
}

/// The whole comparison at a tiny size, so that it cannot rot. Passes over a machine that has no Python or cannot reach PyPI.
pub(crate) fn tiny() -> Result<()> {
    let arguments = Arguments {
        size: 5,
        quick: true,
        data: None,
        threads: None,
        json: None,
        built: None,
        work: "target/bench".into(),
    };
    match peers(&arguments.work)? {
        Peers::Ready(python) => compare(&arguments, &python),
        Peers::Absent(reason) => {
            #[expect(clippy::print_stderr, reason = "whoever runs the tests has to know")]
            {
                eprintln!("the comparison with other engines was not run: {reason}");
            }
            Ok(())
        }
    }
}

fn compare(arguments: &Arguments, python: &Path) -> Result<()> {
    let built = match &arguments.built {
        Some(folder) => folder.clone(),
        None => build()?,
    };
    let program = built.join("bedside");
    let mut bench = Command::new(python);
    bench.arg("benches/peers/bench.py").arg("--program").arg(&program).arg("--work").arg(&arguments.work);
    bench.arg("--stopwatch").arg(built.join("stopwatch"));
    for (size, folder) in data(arguments, &program)? {
        let mut both = format!("{size}=");
        both.push_str(folder.to_str().context("the folder's name is not UTF-8")?);
        bench.arg("--data").arg(both);
    }
    if let Some(threads) = arguments.threads {
        bench.arg("--threads").arg(threads.to_string());
    }
    if arguments.quick {
        bench.arg("--quick");
    }
    if let Some(json) = &arguments.json {
        bench.arg("--json").arg(json);
    }
    ran(&mut bench)
}

/// The folder with a release build of the program and of what measures its engine.
fn build() -> Result<PathBuf> {
    cargo("build --release -p bedside -p bedside-engine --bin bedside --example stopwatch")?;
    let release = Path::new("target/release");
    let folder = release.join("bench");
    std::fs::create_dir_all(&folder)?;
    for (from, name) in [(release.join("bedside"), "bedside"), (release.join("examples/stopwatch"), "stopwatch")] {
        std::fs::copy(&from, folder.join(name)).with_context(|| format!("cannot copy {}", from.display()))?;
    }
    Ok(folder)
}

/// The sizes to measure with their files, smallest first; makes what is not there yet.
fn data(arguments: &Arguments, program: &Path) -> Result<Vec<(u64, PathBuf)>> {
    if let Some(folder) = &arguments.data {
        ensure!(folder.join("icu/chartevents.csv.gz").exists(), "no icu/chartevents.csv.gz in {}", folder.display());
        // The demos have about a hundred patients.
        return Ok(vec![(100, folder.clone())]);
    }
    let smaller = STEPS.into_iter().filter(|step| *step < arguments.size && !arguments.quick);
    let synthetic = |size: u64| -> Result<(u64, PathBuf)> {
        let folder = arguments.work.join(format!("data/{size}-{SEED}"));
        if !folder.join("bedside-synth.json").exists() {
            let size = size.to_string();
            let mut synth = Command::new(program);
            ran(synth.args(["synth", "--patients", &size, "--seed", SEED, "--out"]).arg(&folder))?;
        }
        Ok((size, folder))
    };
    smaller.chain([arguments.size]).map(synthetic).collect()
}

/// A Python with the peers in it, in a virtual environment of its own. To take newer ones, delete that folder.
fn peers(work: &Path) -> Result<Peers> {
    const REQUIREMENTS: &str = "benches/peers/requirements.txt";
    let (folder, python) = (work.join("venv"), work.join("venv/bin/python"));
    let wanted = std::fs::read_to_string(REQUIREMENTS).context("cannot read the list of peers")?;
    let stamp = folder.join("installed.txt");
    if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(Peers::Ready(python));
    }
    std::fs::create_dir_all(work)?;
    for (program, arguments) in [
        (Path::new("python3"), vec![OsStr::new("-m"), OsStr::new("venv"), folder.as_os_str()]),
        (&python, ["-m", "pip", "install", "--quiet", "--upgrade", "-r", REQUIREMENTS].map(OsStr::new).to_vec()),
    ] {
        match Command::new(program).args(arguments).status() {
            Ok(status) if status.success() => {}
            Ok(status) => return Ok(Peers::Absent(format!("{} ended with {status}", program.display()))),
            Err(error) => return Ok(Peers::Absent(format!("{}: {error}", program.display()))),
        }
    }
    std::fs::write(stamp, wanted)?;
    Ok(Peers::Ready(python))
}

fn ran(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot start {}", command.get_program().display()))?;
    ensure!(status.success(), "{} ended with {status}", command.get_program().display());
    Ok(())
}
