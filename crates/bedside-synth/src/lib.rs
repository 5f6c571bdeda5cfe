//! Synthetic MIMIC-IV and MIMIC-III: made-up patients as csv.gz files in PhysioNet's layout.
//!
//! ```
//! use bedside_synth::{Options, generate};
//!
//! let folder = tempfile::tempdir().unwrap();
//! let target = folder.path().join("synthetic");
//! let summary = generate(&Options::new(2, 7), &target, &|_| {}).unwrap();
//! assert_eq!(summary.release.as_str(), "mimiciv-synth-1-2-7");
//! assert!(target.join("icu/chartevents.csv.gz").exists());
//! ```
//!
//! The release follows the schema of MIMIC-IV 3.1 or MIMIC-III 1.4. It is the same, byte for byte of csv, for the same
//! options on any machine and for any number of threads: everything is whole-number arithmetic on one random stream per
//! patient and topic. Memory does not grow with the number of patients: they are made in small blocks, one after another.
//!
//! What it is for: trying bedside, tests, and figures about speed. The values are plausible, the items, codes and texts
//! that concepts look for all occur, and every key holds. What it is *not*: data about people, or a model of them. No
//! value is drawn from a patient's record; never use it to learn anything about medicine.
//!
//! Code map: `pipeline` runs blocks of patients on threads and writes the files; `patient`, `admission` and `stay` decide
//! what happens to a person; one module per topic (`chart`, `laboratory`, `medication`, `infusion`, …) writes that down as
//! rows; `dictionary` holds the items and codes as tables of facts. `mimiciii` has the same for the tables of MIMIC-III, from
//! the same people, admissions, stays and courses of illness; `layout` says which tables and writers a family has.

mod admission;
mod billing;
mod chart;
mod clinic;
mod course;
mod culture;
mod dates;
mod dictionary;
mod error;
mod gzip;
mod identifier;
mod infusion;
mod laboratory;
mod layout;
mod medication;
mod mimiciii;
mod order;
mod output;
mod patient;
mod pipeline;
mod problem;
mod procedure;
mod random;
mod release;
mod signs;
mod stay;
mod support;
mod table;
mod text;
mod time;

pub use error::Error;
pub use identifier::MOST_PATIENTS;

use bedside_types::ReleaseId;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::atomic::AtomicBool;

/// The generator's version, a part of the release's name: a change that alters any value raises it.
pub const GENERATOR: u32 = 1;

/// ICU stays per patient unless asked otherwise, as in the open demo.
pub const STAYS_PER_PATIENT: f64 = 1.4;

/// The file at the root of a synthetic release that says what it is.
pub const MARKER: &str = "bedside-synth.json";

/// Which family of tables to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dataset {
    /// MIMIC-IV 3.1, without ED and Note.
    MimicIv,
    /// MIMIC-III 1.4, with its notes.
    MimicIii,
}

impl Dataset {
    /// As in names of releases: `mimiciv`, `mimiciii`.
    pub const fn family(self) -> &'static str {
        match self {
            Self::MimicIv => "mimiciv",
            Self::MimicIii => "mimiciii",
        }
    }

    /// The published release whose tables it has.
    const fn schema(self) -> &'static str {
        match self {
            Self::MimicIv => "mimiciv-3.1",
            Self::MimicIii => "mimiciii-1.4",
        }
    }
}

/// What to make.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// The family of tables.
    pub dataset: Dataset,
    /// How many patients, 1 to [`MOST_PATIENTS`].
    pub patients: u64,
    /// Two seeds make two different releases.
    pub seed: u64,
    /// Mean number of ICU stays per patient, 0.1 to 5.0 in steps of 0.1.
    pub stays_per_patient: f64,
    /// How many threads make patients; no effect on what is made.
    pub threads: NonZeroUsize,
}

impl Options {
    /// A MIMIC-IV with the usual number of stays, on one thread.
    pub fn new(patients: u64, seed: u64) -> Self {
        Self {
            dataset: Dataset::MimicIv,
            patients,
            seed,
            stays_per_patient: STAYS_PER_PATIENT,
            threads: NonZeroUsize::MIN,
        }
    }

    /// The name of the release: `mimiciv-synth-1-<patients>-<seed>` (or `mimiciii-…`), with `-s<tenths>` where the number of stays is not the
    /// usual one, so that one name is one content.
    ///
    /// # Errors
    /// Where [`generate`] would refuse the options.
    pub fn release(&self) -> Result<ReleaseId, Error> {
        let tenths = self.tenths()?;
        let name = format!("{}-synth-{GENERATOR}-{}-{}", self.dataset.family(), self.patients, self.seed);
        let name = if tenths == DEFAULT_TENTHS { name } else { format!("{name}-s{tenths}") };
        name.parse().map_err(|_| Error::Internal)
    }

    /// Checks the options; the number of stays as tenths.
    fn tenths(&self) -> Result<u32, Error> {
        if self.patients == 0 || self.patients > MOST_PATIENTS {
            return Err(Error::Patients { patients: self.patients });
        }
        let tenths = self.stays_per_patient * 10.0;
        let whole = tenths.round();
        if !(1.0..=50.0).contains(&whole) || (tenths - whole).abs() > 1e-6 {
            return Err(Error::StaysPerPatient { stays_per_patient: self.stays_per_patient });
        }
        Ok(whole as u32)
    }
}

const DEFAULT_TENTHS: u32 = 14;

/// How far the work is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Patients written.
    pub patients: u64,
    /// Patients asked for.
    pub of: u64,
    /// Bytes of csv written, before compression.
    pub bytes: u64,
}

/// What was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// The release's name.
    pub release: ReleaseId,
    /// Whether it was made now.
    pub outcome: Outcome,
    /// Rows and bytes per table, in the order of the files; empty where the release was there already.
    pub tables: Vec<TableSummary>,
}

/// Whether a release was made now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The files were written.
    Written,
    /// The folder holds this very release, whole; nothing was done.
    AlreadyThere,
}

/// Size of one table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableSummary {
    /// `hosp` or `icu`; `clinical` or `notes`.
    pub module: &'static str,
    /// As in the file's name.
    pub name: &'static str,
    /// Rows without the header.
    pub rows: u64,
    /// Bytes of csv.
    pub bytes: u64,
    /// Bytes of the csv.gz file.
    pub compressed: u64,
}

/// Makes a release in the folder `out`, which must be empty or not exist; its parent is made where it is missing.
///
/// All files are written into a folder beside it, whose name ends in `.partial`, which takes the name of `out` at the end:
/// a run that is killed leaves nothing that looks whole. `progress` is called from the calling thread, after every block of
/// patients.
///
/// # Errors
/// Options out of range, a folder that holds something else, or a file that cannot be written.
pub fn generate(options: &Options, out: &Path, progress: &(dyn Fn(Progress) + Sync)) -> Result<Summary, Error> {
    generate_until(options, out, progress, &AtomicBool::new(false))
}

/// As [`generate`], but ends soon after `stop` is set, and then leaves no files.
///
/// # Errors
/// [`Error::Stopped`], and those of [`generate`].
pub fn generate_until(
    options: &Options,
    out: &Path,
    progress: &(dyn Fn(Progress) + Sync),
    stop: &AtomicBool,
) -> Result<Summary, Error> {
    let release = options.release()?;
    let plan = pipeline::Plan {
        layout: layout::Layout::of(options.dataset),
        seed: options.seed,
        patients: options.patients,
        stays_tenths: options.tenths()?,
        threads: options.threads,
    };
    let marker = release::marker(&release, options);
    let Some(folder) = release::Folder::create(out, plan.layout.folders, &marker)? else {
        return Ok(Summary { release, outcome: Outcome::AlreadyThere, tables: Vec::new() });
    };
    let tables = match pipeline::run(&plan, &folder, progress, stop) {
        Ok(tables) => tables,
        Err(error) => {
            folder.discard();
            return Err(error);
        }
    };
    folder.publish(&marker)?;
    Ok(Summary { release, outcome: Outcome::Written, tables })
}

#[cfg(test)]
mod tests {
    use super::{Dataset, MOST_PATIENTS, Options};

    #[track_caller]
    fn check(patients: u64, seed: u64, stays_per_patient: f64, expected: Result<&str, &str>) {
        let options = Options { stays_per_patient, ..Options::new(patients, seed) };
        let found = options.release().map(|release| release.to_string()).map_err(|error| error.to_string());
        assert_eq!(found.as_deref().map_err(String::as_str), expected);
    }

    #[test]
    fn one_name_is_one_content() {
        check(100, 7, 1.4, Ok("mimiciv-synth-1-100-7"));
        check(100, 7, 2.0, Ok("mimiciv-synth-1-100-7-s20"));
        check(MOST_PATIENTS, u64::MAX, 0.1, Ok("mimiciv-synth-1-300000-18446744073709551615-s1"));
        check(0, 7, 1.4, Err("0 patients: the number must be from 1 to 300000"));
        check(300_001, 7, 1.4, Err("300001 patients: the number must be from 1 to 300000"));
        check(1, 7, 1.45, Err("1.45 stays per patient: the number must be from 0.1 to 5.0, in steps of 0.1"));
        check(1, 7, f64::NAN, Err("NaN stays per patient: the number must be from 0.1 to 5.0, in steps of 0.1"));
        let other = Options { dataset: Dataset::MimicIii, ..Options::new(100, 7) };
        assert_eq!(other.release().unwrap().as_str(), "mimiciii-synth-1-100-7");
    }
}
