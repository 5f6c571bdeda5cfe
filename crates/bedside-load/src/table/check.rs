//! What must hold of a file before its table is published, and what is only worth a warning.

use bedside_store::ChecksumState;
use bedside_types::ReleaseKind;
use std::collections::HashSet;

use super::columns::Columns;
use super::{RowsRead, Session};
use crate::duplicate::Repeats;
use crate::error::{Error, Result};
use crate::input::Digested;
use crate::options::BadRows;
use crate::plan::TablePlan;
use crate::quarantine::Quarantine;

/// What was found in a file.
pub(crate) struct Found<'a> {
    pub(super) rows: u64,
    pub(super) digested: Digested,
    /// NULLs of each column, and the line of the first.
    pub(super) nulls: Vec<(u64, u64)>,
    /// Of each key.
    pub(super) repeats: Vec<Repeats>,
    pub(super) quarantine: Quarantine<'a>,
    pub(super) rows_read: RowsRead,
    pub(super) warnings: Vec<String>,
}

/// The file is the one that was listed, and the one that SHA256SUMS.txt names.
pub(crate) fn check_source(session: &Session<'_>, table: &TablePlan, digested: &Digested) -> Result<()> {
    let changed = |why: String| Err(Error::Changed { file: table.file.path.clone(), why });
    if let Some(listed) = table.file.bytes
        && listed != digested.bytes
    {
        return changed(format!("{listed} bytes before, {} read", digested.bytes));
    }
    let now = session.source.stat(&table.file)?;
    if now.version != table.file.version || now.bytes != table.file.bytes {
        return changed("its size or time of change".to_owned());
    }
    match &table.checksum {
        Some(expected) if *expected != digested.sha256 => Err(Error::Checksum {
            file: table.file.path.clone(),
            expected: expected.clone(),
            found: digested.sha256.clone(),
        }),
        _ => Ok(()),
    }
}

/// What is wrong with a file that grew is that it grew; and a file that cannot be unpacked is above all not the published
/// one, where its checksum says so.
pub(crate) fn explain(error: Error, table: &TablePlan, digested: &Digested) -> Error {
    if matches!(error, Error::Row { .. } | Error::Compressed { .. })
        && table.file.bytes.is_some_and(|listed| digested.bytes > listed)
    {
        return Error::Changed { file: table.file.path.clone(), why: "it grew".to_owned() };
    }
    match (error, &table.checksum) {
        (Error::Compressed { file, .. }, Some(expected)) if *expected != digested.sha256 => {
            Error::Checksum { file, expected: expected.clone(), found: digested.sha256.clone() }
        }
        (error, _) => error,
    }
}

/// Checks columns, NULLs and keys. The lines of rows to leave out because they repeat a declared key.
pub(crate) fn check_rows(
    session: &Session<'_>,
    table: &TablePlan,
    columns: &Columns,
    found: &mut Found<'_>,
) -> Result<HashSet<u64>> {
    if let Some(why) = &columns.malformed {
        found.warnings.push(format!("malformed header ({why}), but the file has no rows"));
    }
    for column in &columns.all[columns.known..] {
        let schema = &session.plan.schema.id;
        found.warnings.push(format!("column {} is not in {schema}; loaded as STRING", column.name));
    }
    for (column, (count, line)) in columns.all.iter().zip(&found.nulls) {
        if !column.nullable && *count > 0 {
            let plural = if *count == 1 { "" } else { "s" };
            let text =
                format!("column {} is NOT NULL but has {count} NULL{plural}, the first in line {line}", column.name);
            found.warnings.push(text);
        }
    }
    let mut lines = HashSet::new();
    for (key, repeats) in columns.keys.iter().zip(&mut found.repeats) {
        if repeats.rows == 0 {
            continue;
        }
        if !key.is_declared() {
            let text = format!(
                "key ({}) repeats in {} rows: {}",
                key.names.join(", "),
                repeats.rows,
                repeats.shown().join("; ")
            );
            found.warnings.push(text);
        } else if session.options.bad_rows == BadRows::Stop || repeats.are_too_many() {
            return Err(Error::DuplicateKey {
                file: table.file.path.clone(),
                columns: key.names.clone(),
                rows: repeats.rows,
                examples: repeats.shown(),
            });
        } else {
            lines.extend(repeats.lines.drain());
        }
    }
    Ok(lines)
}

/// Compares the row count with the published one. `repeats` of the rows were set aside after they had been parsed.
pub(crate) fn check_counts(
    session: &Session<'_>,
    table: &TablePlan,
    repeats: u64,
    found: &mut Found<'_>,
) -> Result<()> {
    let Some(expected) = table.expected_rows.filter(|expected| *expected != found.rows) else { return Ok(()) };
    // Rows that were set aside and not parsed are rows of the file.
    let rows = found.rows + found.quarantine.rows().saturating_sub(repeats);
    if found.quarantine.rows() > 0 && rows == expected {
        return Ok(());
    }
    let official = table.definition.rows.as_ref().is_some_and(|count| !count.source.contains("unofficial"));
    let published = matches!(session.plan.release.kind(), ReleaseKind::Full | ReleaseKind::Demo);
    if official && published && checksum_state(table) == ChecksumState::Matched {
        return Err(Error::RowCount { file: table.file.path.clone(), expected, found: rows });
    }
    let (difference, word) = if rows > expected { (rows - expected, "more") } else { (expected - rows, "fewer") };
    found.warnings.push(format!("rows: not as published: {rows}, {difference} {word} than {expected}"));
    Ok(())
}

/// What SHA256SUMS.txt says of a file that passed [`check_source`].
pub(crate) fn checksum_state(table: &TablePlan) -> ChecksumState {
    if table.checksum.is_some() { ChecksumState::Matched } else { ChecksumState::NotListed }
}
