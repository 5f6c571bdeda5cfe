//! Evidence of which releases a source holds.

use bedside_datasets::{
    Evidence, FileEvidence, MARKER_FILE, Recognition, Root, recognise, split_roots, tables_to_count,
};
use bedside_types::{ReleaseId, ReleaseKind};
use std::sync::atomic::AtomicBool;
use twox_hash::XxHash64;

use crate::checksum::{CHECKSUM_FILE, Checksums, join};
use crate::csv::Header;
use crate::error::Result;
use crate::event::Event;
use crate::ingest::Reading;
use crate::scan::visit_rows;
use crate::source::{Source, SourceFile};

/// Texts that are read whole are no larger.
const MOST_TEXT: usize = 16 << 20;
/// The change log of a release.
const CHANGELOG_FILE: &str = "CHANGELOG.txt";
/// Tables that name a local copy best: small, and in every copy of a family.
const ANCHORS: [&str; 3] = ["patients", "edstays", "discharge_detail"];

/// The files of one release in the source.
#[derive(Debug)]
pub(super) struct Candidate {
    pub(super) recognition: Recognition,
    /// Those that the places in `recognition` count.
    pub(super) files: Vec<SourceFile>,
}

/// The releases in a source, and the checksums listed there.
pub(super) fn candidates(source: &Source, wanted: Option<&ReleaseId>) -> Result<(Vec<Candidate>, Checksums)> {
    let files = source.list()?;
    let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
    let roots = split_roots(&paths);
    let mut checksums = Checksums::default();
    let mut candidates = Vec::new();
    if roots.is_empty() {
        // Says what was found instead.
        let files = files.iter().map(|file| FileEvidence { path: file.path.clone(), ..FileEvidence::default() });
        let names = vec![source.name()];
        recognise(&Evidence { wanted: wanted.cloned(), names, files: files.collect(), ..Evidence::default() })?;
    }
    for root in roots {
        add_checksums(source, &root, &mut checksums)?;
        let own: Vec<SourceFile> = root.files.iter().map(|index| files[*index].clone()).collect();
        let wanted = wanted.filter(|release| root.families.iter().any(|family| family == release.family()));
        let recognition = recognise_root(source, &root, &own, wanted, &checksums)?;
        candidates.push(Candidate { recognition, files: own });
    }
    Ok((candidates, checksums))
}

/// Lists in the root and in the folders above it, the nearest first.
fn add_checksums(source: &Source, root: &Root, checksums: &mut Checksums) -> Result<()> {
    let mut folder = root.path.as_str();
    loop {
        if let Some(list) = source.read_small(&join(folder, CHECKSUM_FILE), MOST_TEXT)? {
            checksums.add(folder, &String::from_utf8_lossy(&list));
        }
        if folder.is_empty() {
            return Ok(());
        }
        folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
    }
}

fn recognise_root(
    source: &Source,
    root: &Root,
    files: &[SourceFile],
    wanted: Option<&ReleaseId>,
    checksums: &Checksums,
) -> Result<Recognition> {
    let text = |name: &str| {
        let bytes = source.read_small(&join(&root.path, name), MOST_TEXT)?;
        Ok::<_, crate::Error>(bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
    };
    let (marker, changelog) = (text(MARKER_FILE)?, text(CHANGELOG_FILE)?);
    let evidence_of = |file: &SourceFile| FileEvidence {
        path: file.path.clone(),
        // A file that cannot be read fails on its own, later.
        columns: with_reading(source, file, |reading| reading.header())
            .ok()
            .flatten()
            .map(|line| Header::read(&line).names),
        rows: None,
    };
    let mut names = vec![source.name()];
    names.extend((!root.path.is_empty()).then(|| root.path.clone()));
    let mut evidence = Evidence {
        wanted: wanted.cloned(),
        marker: marker.as_deref(),
        names,
        changelog: changelog.as_deref(),
        files: files.iter().map(evidence_of).collect(),
        fingerprint: "00000000".to_owned(),
    };
    for index in tables_to_count(&evidence) {
        let mut rows = 0;
        let counted = with_reading(source, &files[index], |reading| {
            visit_rows(reading, |_, _| {
                rows += 1;
                Ok(())
            })
        });
        evidence.files[index].rows = counted.ok().map(|()| rows);
    }
    let recognition = recognise(&evidence)?;
    if recognition.release.kind() == ReleaseKind::Local && wanted.is_none() {
        evidence.fingerprint = fingerprint(source, root, files, checksums)?;
        return Ok(recognise(&evidence)?);
    }
    Ok(recognition)
}

/// Eight hexadecimal digits that the same copy always gets, also when other tables are added to it later.
fn fingerprint(source: &Source, root: &Root, files: &[SourceFile], checksums: &Checksums) -> Result<String> {
    let stem = |file: &SourceFile| {
        let name = file.path.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
        name.split('.').next().unwrap_or_default().to_owned()
    };
    let anchor = ANCHORS.iter().find_map(|anchor| files.iter().find(|file| stem(file) == *anchor));
    let text = match anchor {
        Some(file) => match checksums.get(&file.path) {
            Some(checksum) => checksum.to_owned(),
            None => with_reading(source, file, |reading| reading.digest())?.sha256,
        },
        None => {
            let below = |file: &SourceFile| file.path[root.path.len()..].to_ascii_lowercase();
            files.iter().map(|file| format!("{} {:?}", below(file), file.bytes)).collect::<Vec<_>>().join("\n")
        }
    };
    Ok(format!("{:08x}", XxHash64::oneshot(0, text.as_bytes()) >> 32))
}

/// Reads a file before a load, when there is nobody to tell and nothing to stop.
fn with_reading<T>(source: &Source, file: &SourceFile, read: impl FnOnce(Reading<'_>) -> Result<T>) -> Result<T> {
    let stop = AtomicBool::new(false);
    let progress = |_: Event<'_>| {};
    read(Reading { source, file, table: "", progress: &progress, stop: &stop })
}
