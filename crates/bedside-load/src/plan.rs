//! What a load will do: which releases a source holds, which tables are to be loaded, from which files.

mod gather;
mod space;

use bedside_datasets::{Release, Table};
use bedside_store::{Manifest, TableEntry, Warehouse};
use bedside_types::ReleaseId;

use crate::checksum::Checksums;
use crate::error::{Error, Result};
use crate::options::LoadOptions;
use crate::source::{Source, SourceFile};

use gather::Candidate;

/// One release to load.
#[derive(Clone, Debug)]
pub struct ReleasePlan {
    /// The release.
    pub release: ReleaseId,
    /// The published release whose tables and columns it has.
    pub schema: &'static Release,
    /// What it was recognised by: `folder name mimic-iv-3.1`.
    pub reason: String,
    /// How to be more exact, where it could be.
    pub hint: Option<String>,
    /// The tables found, the largest file first.
    pub tables: Vec<TablePlan>,
    /// csv files that are no table of the release, paths in the source.
    pub ignored: Vec<String>,
    /// Tables of the release that are neither in this source nor in the warehouse.
    pub missing: Vec<String>,
    /// Bytes that loading needs on the warehouse's disk, temporary files included; an estimate.
    pub needed_bytes: u64,
    /// Bytes that are free there.
    pub available_bytes: u64,
}

/// One table to load.
#[derive(Clone, Debug)]
pub struct TablePlan {
    /// What is known about it.
    pub definition: &'static Table,
    /// The file.
    pub file: SourceFile,
    /// Its SHA-256 by SHA256SUMS.txt, hexadecimal.
    pub checksum: Option<String>,
    /// Rows that the publisher states.
    pub expected_rows: Option<u64>,
    /// What the warehouse has of it.
    pub state: TableState,
}

/// What the warehouse has of a table.
#[derive(Clone, Debug, PartialEq)]
pub enum TableState {
    /// Nothing.
    New,
    /// The same file, loaded in the same way: nothing to do.
    Published(Box<TableEntry>),
    /// A file of the same size, loaded in the same way. Without a checksum list the file has to be read to tell.
    Compare(Box<TableEntry>),
    /// Another file, or one loaded in another way: it is replaced.
    Outdated,
}

impl TablePlan {
    /// `hosp.admissions`.
    pub fn name(&self) -> String {
        format!("{}.{}", self.definition.module, self.definition.name)
    }

    /// Whether it will be read.
    pub fn is_to_load(&self) -> bool {
        !matches!(self.state, TableState::Published(_))
    }
}

impl ReleasePlan {
    /// The tables that will be read.
    pub fn to_load(&self) -> impl Iterator<Item = &TablePlan> {
        self.tables.iter().filter(|table| table.is_to_load())
    }

    /// Bytes of their files as stored, as far as known.
    pub fn bytes_to_read(&self) -> u64 {
        self.to_load().filter_map(|table| table.file.bytes).sum()
    }
}

/// Looks at a source and at the warehouse and says what loading would do. Reads the list of files, the first line of each
/// table and small texts; small tables where their rows tell the release.
///
/// # Errors
/// [`Error::Source`], [`Error::Recognition`], [`Error::TableTwice`], [`Error::Store`].
pub fn plan(source: &Source, warehouse: &Warehouse, options: &LoadOptions) -> Result<Vec<ReleasePlan>> {
    let (candidates, checksums) = gather::candidates(source, options.release.as_ref())?;
    let mut plans: Vec<ReleasePlan> = Vec::new();
    for candidate in candidates {
        let release = candidate.recognition.release.clone();
        let manifest = warehouse.manifest(&release)?;
        let tables = tables(&candidate, &checksums, manifest.as_ref())?;
        match plans.iter_mut().find(|plan| plan.release == release) {
            Some(plan) => plan.tables.extend(tables),
            None => plans.push(ReleasePlan {
                release,
                schema: candidate.recognition.schema,
                reason: candidate.recognition.reason.clone(),
                hint: candidate.recognition.hint.clone(),
                tables,
                ignored: Vec::new(),
                missing: Vec::new(),
                needed_bytes: 0,
                available_bytes: warehouse.available_bytes()?,
            }),
        }
        if let Some(plan) = plans.iter_mut().find(|plan| plan.release == candidate.recognition.release) {
            plan.ignored.extend(candidate.recognition.ignored.iter().map(|index| candidate.files[*index].path.clone()));
        }
    }
    for plan in &mut plans {
        let manifest = warehouse.manifest(&plan.release)?;
        finish(plan, manifest.as_ref(), options)?;
    }
    Ok(plans)
}

fn tables(candidate: &Candidate, checksums: &Checksums, manifest: Option<&Manifest>) -> Result<Vec<TablePlan>> {
    let recognition = &candidate.recognition;
    let is_published = recognition.schema.id == recognition.release;
    let table = |(index, module, name): &(usize, String, String)| {
        let definition = recognition
            .schema
            .table(module, name)
            .ok_or_else(|| Error::Internal(format!("{module}.{name} is no table of {}", recognition.schema.id)))?;
        let file = candidate.files[*index].clone();
        let checksum = checksums.get(&file.path).map(str::to_owned);
        let state = state(manifest, definition, &file, checksum.as_deref());
        let expected_rows = definition.rows.as_ref().filter(|_| is_published).map(|count| count.rows);
        Ok(TablePlan { definition, file, checksum, expected_rows, state })
    };
    recognition.files.iter().map(table).collect()
}

fn state(manifest: Option<&Manifest>, table: &Table, file: &SourceFile, checksum: Option<&str>) -> TableState {
    let Some((manifest, entry)) = manifest.and_then(|m| Some((m, m.table(&table.module, &table.name)?))) else {
        return TableState::New;
    };
    let columns: Vec<_> = entry
        .columns
        .iter()
        .map(|column| bedside_store::ColumnSpec {
            name: column.name.clone(),
            sql_type: column.sql_type.clone(),
            nullable: column.nullable,
        })
        .collect();
    // A table whose schema or way of encoding was another has another generation.
    let splits =
        if entry.layout(bedside_store::LayoutName::File).is_some() { &[][..] } else { &manifest.subject_splits };
    let same_way = bedside_store::generation(&entry.source.sha256, &columns, splits) == entry.generation
        && table.columns.iter().all(|column| entry.column(&column.name).is_some_and(|c| c.sql_type == column.sql_type));
    match checksum {
        _ if !same_way || entry.quarantined > 0 => TableState::Outdated,
        Some(checksum) if checksum == entry.source.sha256 => TableState::Published(Box::new(entry.clone())),
        None if file.bytes.is_none_or(|bytes| bytes == entry.source.bytes) => {
            TableState::Compare(Box::new(entry.clone()))
        }
        _ => TableState::Outdated,
    }
}

fn finish(plan: &mut ReleasePlan, manifest: Option<&Manifest>, options: &LoadOptions) -> Result<()> {
    plan.tables.sort_by(|a, b| b.file.bytes.cmp(&a.file.bytes).then_with(|| a.file.path.cmp(&b.file.path)));
    for (number, table) in plan.tables.iter().enumerate() {
        if let Some(first) = plan.tables[..number].iter().find(|other| other.name() == table.name()) {
            let mut files = [first.file.path.clone(), table.file.path.clone()];
            files.sort();
            let [first, second] = files;
            let release = plan.release.to_string();
            return Err(Error::TableTwice { release, table: table.name(), first, second });
        }
    }
    let is_there = |table: &Table| {
        plan.tables.iter().any(|found| std::ptr::eq(found.definition, table))
            || manifest.is_some_and(|manifest| manifest.table(&table.module, &table.name).is_some())
    };
    let missing = plan.schema.tables.iter().filter(|table| !is_there(table));
    plan.missing = missing.map(|table| format!("{}.{}", table.module, table.name)).collect();
    plan.needed_bytes = space::needed(plan, options);
    Ok(())
}
