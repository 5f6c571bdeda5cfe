//! Which release is this folder? Evidence in, answer out: nothing here reads a file.
//!
//! The first of these that answers decides: what the user asked for; the marker that synthetic data carry; the name of the
//! folder, zip or address; CHANGELOG.txt; tables and columns; row counts of small tables. Where several releases remain or
//! none fits, the files are a local copy: they load under a name of their own, and a hint says how to name them.

mod claim;
mod content;
mod decide;
mod error;
mod fit;
#[cfg(test)]
mod tests;

pub use error::RecognitionError;

use crate::model::Release;
use bedside_types::ReleaseId;
use decide::{Basis, Decision, decide};
use fit::CsvFile;

/// The file that marks synthetic data, at the release's root: JSON with `release` (`mimiciv-synth-1-100-7`) and `schema`
/// (the published release whose tables it has, `mimiciv-2.2`); other fields are for people.
pub const MARKER_FILE: &str = "bedside-synth.json";

/// Everything that can tell which release some files are. All of it but `files` and `fingerprint` may be absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence<'a> {
    /// What the user asked for with `--release`.
    pub wanted: Option<ReleaseId>,
    /// The content of [`MARKER_FILE`].
    pub marker: Option<&'a str>,
    /// Folder, zip or address, whole, outermost first, down to the release's root: `["/data/mimic.zip", "mimic-iv-3.1"]`.
    pub names: Vec<String>,
    /// The content of CHANGELOG.txt.
    pub changelog: Option<&'a str>,
    /// The files of one root (see [`split_roots`](crate::split_roots)).
    pub files: Vec<FileEvidence>,
    /// Eight hexadecimal digits, small letters, that name a local copy; the same files should give the same ones.
    pub fingerprint: String,
}

/// One file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileEvidence {
    /// Path relative to the root or to anything above it, with `/` or `\`.
    pub path: String,
    /// Column names of the header, where it was read.
    pub columns: Option<Vec<String>>,
    /// Rows without the header, where they were counted (see [`tables_to_count`]).
    pub rows: Option<u64>,
}

/// The answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Recognition {
    /// The release.
    pub release: ReleaseId,
    /// The published release whose tables, columns and row counts it has to have: itself, or for synthetic and local ones
    /// a full release, whose row counts then say nothing.
    pub schema: &'static Release,
    /// What decided, for people: `folder name mimic-iv-3.1`; also what speaks against it.
    pub reason: String,
    /// Place in the evidence, module and table of each file that is a table of the release.
    pub files: Vec<(usize, String, String)>,
    /// Places of csv files that are no table of the release; they are worth a word to the user.
    pub ignored: Vec<usize>,
    /// What the user could do to be more exact.
    pub hint: Option<String>,
}

/// Recognises the release that files belong to.
///
/// # Errors
///
/// When the files are no MIMIC, belong to more than one release, hold a table twice, or contradict what was asked for.
pub fn recognise(evidence: &Evidence<'_>) -> Result<Recognition, RecognitionError> {
    let files = csv_files(evidence);
    let decision = decide(evidence, &files)?;
    assign(&files, decision)
}

/// The files whose rows, once counted and put into the evidence, can make [`recognise`] more exact: places in the evidence.
/// Empty where nothing is gained. They are small; the largest is `drgcodes`, the only one that tells 3.0 from 3.1.
pub fn tables_to_count(evidence: &Evidence<'_>) -> Vec<usize> {
    let files = csv_files(evidence);
    let Ok(decision) = decide(evidence, &files) else { return Vec::new() };
    if decision.basis == Basis::Told {
        return Vec::new();
    }
    let telling = crate::catalogue().family(&decision.schema.family).map_or(&[][..], |family| &family.telling_tables);
    let telling = |file: &&CsvFile<'_>| telling.contains(&file.stem) && file.rows.is_none();
    files.iter().filter(telling).map(|file| file.index).collect()
}

fn csv_files<'e>(evidence: &'e Evidence<'_>) -> Vec<CsvFile<'e>> {
    let files = evidence.files.iter().enumerate();
    files.filter_map(|(index, file)| CsvFile::new(index, &file.path, file.columns.as_deref(), file.rows)).collect()
}

/// A list of the demo's patients, which is no table.
const NO_TABLE: &str = "demo_subject_id";

fn assign(files: &[CsvFile<'_>], decision: Decision) -> Result<Recognition, RecognitionError> {
    let mut tables: Vec<(&CsvFile<'_>, &str, &str)> = Vec::new();
    let mut ignored = Vec::new();
    for file in files {
        let Some(table) = fit::table(decision.schema, file) else {
            if file.stem != NO_TABLE {
                ignored.push(file.index);
            }
            continue;
        };
        if let Some((first, ..)) =
            tables.iter().find(|(_, module, name)| (*module, *name) == (&table.module, &table.name))
        {
            return Err(RecognitionError::TwoFiles {
                table: format!("{}.{}", table.module, table.name),
                first: first.path.to_owned(),
                second: file.path.to_owned(),
            });
        }
        tables.push((file, &table.module, &table.name));
    }
    let files =
        tables.iter().map(|(file, module, name)| (file.index, (*module).to_owned(), (*name).to_owned())).collect();
    let Decision { release, schema, reason, hint, .. } = decision;
    Ok(Recognition { release, schema, reason, files, ignored, hint })
}
