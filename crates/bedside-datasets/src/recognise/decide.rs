//! The order in which evidence is heard.

use super::claim::{Claim, of_changelog, of_names};
use super::content::{by_content, check_families, family};
use super::fit::{CsvFile, Misfit, nearest_schema, table};
use super::{Evidence, MARKER_FILE, RecognitionError};
use crate::catalogue;
use crate::model::Release;
use bedside_types::{ReleaseId, ReleaseKind, nearest};
use serde::Deserialize;

/// Which release, and why.
#[derive(Debug)]
pub(super) struct Decision {
    pub(super) release: ReleaseId,
    pub(super) schema: &'static Release,
    pub(super) basis: Basis,
    pub(super) reason: String,
    pub(super) hint: Option<String>,
}

/// What a decision rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Basis {
    /// The user, a marker, a name or a change log said so.
    Told,
    /// The files' own content, which row counts can make more exact.
    Content,
}

pub(super) fn decide(evidence: &Evidence<'_>, files: &[CsvFile<'_>]) -> Result<Decision, RecognitionError> {
    let tables: Vec<&CsvFile<'_>> = files.iter().filter(|file| file.is_table()).collect();
    if tables.is_empty() {
        return Err(RecognitionError::NotMimic { found: listed(evidence) });
    }
    if let Some(wanted) = &evidence.wanted {
        return asked_for(wanted, None, "--release", &tables);
    }
    if let Some(text) = evidence.marker {
        let marker = Marker::read(text)?;
        return asked_for(&marker.release, marker.schema, &format!("marker file {MARKER_FILE}"), &tables);
    }

    let claim = of_names(&evidence.names);
    let family = family(&tables, claim.as_ref());
    check_families(&tables, family)?;
    let claim = claim.filter(|claim| claim.words.family == family.name);
    let named = claim.as_ref().and_then(claimed_release);
    if let Some((claim, release)) = claim.as_ref().zip(named) {
        return Ok(told(release, &claim.to_string(), &tables));
    }
    // A change log beside ED or Note files is that of MIMIC-IV, which they were unpacked over.
    let own_changelog = |text: &&str| family.name == "mimiciv" || text.contains(family.title.as_str());
    let changelog = evidence.changelog.filter(own_changelog).and_then(of_changelog);
    if let Some(release) = changelog.and_then(|version| catalogue().schema(&family.name, &version)) {
        return Ok(told(release, "CHANGELOG.txt", &tables));
    }
    let mut decision = by_content(family, claim.as_ref(), &tables, &evidence.fingerprint)?;
    if let Some(claim) = claim.filter(|claim| claim.words.version.is_some()) {
        decision.reason = format!("{}, and {claim} is no release that is known", decision.reason);
    }
    Ok(decision)
}

fn claimed_release(claim: &Claim) -> Option<&'static Release> {
    let version = claim.words.version.as_ref()?;
    let id = format!("{}-{}{version}", claim.words.family, if claim.words.demo { "demo-" } else { "" });
    catalogue().release(&id.parse().ok()?)
}

#[derive(Deserialize)]
struct MarkerText {
    release: String,
    schema: Option<String>,
}

struct Marker {
    release: ReleaseId,
    schema: Option<&'static Release>,
}

impl Marker {
    fn read(text: &str) -> Result<Self, RecognitionError> {
        let damaged = |why: String| RecognitionError::Marker { file: MARKER_FILE, why };
        let text: MarkerText = serde_json::from_str(text).map_err(|error| damaged(error.to_string()))?;
        let release: ReleaseId = text.release.parse().map_err(|error| damaged(format!("{error}")))?;
        if release.kind() != ReleaseKind::Synthetic {
            return Err(damaged(format!("`{release}` is no synthetic release")));
        }
        let published = |name: &str| catalogue().release(&name.parse().ok()?);
        let schema = match text.schema {
            Some(name) => {
                Some(published(&name).ok_or_else(|| damaged(format!("schema `{name}` is no published release")))?)
            }
            None => None,
        };
        Ok(Self { release, schema })
    }
}

/// A release that was named outright, by the user or by the marker.
fn asked_for(
    release: &ReleaseId,
    schema: Option<&'static Release>,
    by: &str,
    tables: &[&CsvFile<'_>],
) -> Result<Decision, RecognitionError> {
    let own_name = matches!(release.kind(), ReleaseKind::Local | ReleaseKind::Synthetic);
    let schema = schema
        .or_else(|| catalogue().release(release))
        .or_else(|| own_name.then(|| nearest_schema(release.family(), tables)).flatten())
        .ok_or_else(|| unknown(release))?;
    if !tables.iter().any(|file| table(schema, file).is_some()) {
        let found: Vec<_> = tables.iter().take(3).map(|file| file.path).collect();
        let more = if tables.len() > 3 { ", …" } else { "" };
        return Err(RecognitionError::OtherRelease { release: release.clone(), found: found.join(", ") + more });
    }
    Ok(Decision { release: release.clone(), ..told(schema, by, tables) })
}

fn unknown(release: &ReleaseId) -> RecognitionError {
    let all: Vec<&ReleaseId> = catalogue().releases().map(|known| &known.id).collect();
    // Of equally near ones the newest.
    let near = nearest(release.as_str(), all.iter().rev().map(|known| known.as_str()));
    let near = near.and_then(|near| all.iter().find(|known| known.as_str() == near).map(|known| (*known).clone()));
    let same: Vec<_> =
        all.iter().filter(|known| known.family() == release.family()).map(|known| (*known).clone()).collect();
    let known = if same.is_empty() { all.into_iter().cloned().collect() } else { same };
    RecognitionError::UnknownRelease { release: release.clone(), nearest: near, known }
}

/// The release as said, with what speaks against it: a column that it must have will stop that table when it is loaded.
fn told(release: &'static Release, by: &str, tables: &[&CsvFile<'_>]) -> Decision {
    let lacking = tables.iter().find_map(|file| Some((file, file.missing(table(release, file)?).next()?)));
    let reason = match lacking {
        Some((file, column)) => format!("{by}, but {} has no column {column}", file.path),
        None => by.to_owned(),
    };
    let other = lacking.and_then(|_| nearest_schema(&release.family, tables));
    let other = other.filter(|other| Misfit::of(other, tables).fits());
    let hint =
        other.map(|other| format!("the columns are those of {0}: if it is that, load it with --release {0}", other.id));
    Decision { release: release.id.clone(), schema: release, basis: Basis::Told, reason, hint }
}

/// How many files there are and the first names, so that a wrong folder is recognised as such.
fn listed(evidence: &Evidence<'_>) -> String {
    let names: Vec<_> = evidence.files.iter().take(3).map(|file| file.path.as_str()).collect();
    match evidence.files.len() {
        0 => "0 files".to_owned(),
        1 => format!("1 file ({})", names.join(", ")),
        n @ 2..=3 => format!("{n} files ({})", names.join(", ")),
        n => format!("{n} files ({}, …)", names.join(", ")),
    }
}
