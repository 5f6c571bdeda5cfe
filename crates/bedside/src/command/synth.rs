//! `bedside synth`: synthetic MIMIC-IV or MIMIC-III as csv.gz files.

use super::Context;
use crate::arguments::SynthArguments;
use crate::failure::Failure;
use crate::notice::{counted, grouped, hint, say, size};
use crate::progress::Progress;
use bedside_synth::{Options, Outcome, Summary, generate_until};
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

/// Makes the release and says what it holds.
pub(crate) fn run(context: &Context, arguments: &SynthArguments) -> Result<(), Failure> {
    let options = Options {
        dataset: arguments.dataset.into(),
        patients: arguments.patients,
        seed: arguments.seed,
        stays_per_patient: arguments.stays_per_patient,
        threads: threads(context),
    };
    let start = Instant::now();
    let summary = make(&options, &arguments.out, &context.stop)?;
    let folder = arguments.out.display();
    match summary.outcome {
        Outcome::AlreadyThere => say(&format!("{folder} holds {} already; nothing was done", summary.release)),
        Outcome::Written => {
            let rows = summary.tables.iter().map(|table| table.rows).sum();
            let bytes = summary.tables.iter().map(|table| table.compressed).sum();
            let tables = counted(summary.tables.len() as u64, "table");
            let seconds = start.elapsed().as_secs_f64();
            say(&format!(
                "{folder} now holds {}: {tables}, {} rows, {} in csv.gz ({seconds:.1} s)",
                summary.release,
                grouped(rows),
                size(bytes)
            ));
        }
    }
    hint(&format!("{} load {folder}", context.configuration.invocation));
    Ok(())
}

/// Makes a release with progress shown.
pub(crate) fn make(options: &Options, out: &Path, stop: &AtomicBool) -> Result<Summary, Failure> {
    let progress = Progress::counting("patients", options.patients);
    let summary = generate_until(options, out, &|state| progress.advance_to(state.patients), stop);
    progress.finish();
    Ok(summary?)
}

/// The threads to use.
pub(crate) fn threads(context: &Context) -> NonZeroUsize {
    NonZeroUsize::new(context.configuration.threads).unwrap_or(NonZeroUsize::MIN)
}
