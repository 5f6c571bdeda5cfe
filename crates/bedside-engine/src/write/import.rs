//! Rows into a table from outside SQL: the destination of a query, a load, a copy.

use super::{Writing, broken};
use crate::catalog::personal::kept;
use crate::change::{Change, ChangeKind};
use crate::engine::{Engine, Request};
use crate::error::{Error, Result};
use arrow::array::{ArrayRef, RecordBatch, RecordBatchOptions, new_null_array};
use arrow::datatypes::Schema;
use bedside_sql::tree::Lifetime;
use bedside_sql::{Catalog, ColumnDefinition, Found, TablePath};
use bedside_store::{PersonalColumn, PersonalTable};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Where rows go, and what becomes of those that are there.
#[derive(Clone, Debug)]
pub struct Import {
    /// The table.
    pub path: TablePath,
    /// The columns of the rows, in order, with the rules that a new table gets.
    pub columns: Vec<ColumnDefinition>,
    /// What happens where there is no such table.
    pub missing: Missing,
    /// What happens where there is one.
    pub present: Present,
    /// What a new table is partitioned by and clustered by, as written; they describe it.
    pub partition: Option<String>,
    /// Columns that a new table is clustered by.
    pub cluster: Vec<String>,
    /// Options of a new table.
    pub options: BTreeMap<String, String>,
}

/// What an import does where its table is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// It makes the table.
    Create,
    /// It fails.
    Refuse,
}

/// What an import does with a table that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Present {
    /// Its rows go, and it gets the columns of those that come.
    Replace,
    /// The rows come to those that are there.
    Append,
    /// It fails unless the table has no rows.
    RefuseRows,
    /// It fails.
    Refuse,
}

impl Engine {
    /// Puts rows into a table of people's own. `rows` is called once the table is locked and known to take such columns; its
    /// batches have exactly them. Readers see all of it or nothing. Not to be called from asynchronous code.
    ///
    /// # Errors
    /// [`Error::Place`] for a place that cannot be written or does not exist; [`Error::Exists`]; [`Error::Constraint`] for
    /// columns or rows that the table does not take; what `rows` gives; as [`crate::PreparedChange::execute`].
    pub fn import<I>(&self, import: &Import, stop: &AtomicBool, rows: impl FnOnce() -> Result<I>) -> Result<Change>
    where
        I: Iterator<Item = Result<RecordBatch>>,
    {
        let path = [&import.path.project, &import.path.dataset, &import.path.table].map(Clone::clone);
        let project = Some(import.path.project.as_str());
        let place = self.catalog(&Request { project, ..Request::default() })?.place(&path, Lifetime::Kept);
        let place = place.map_err(Error::Place)?;
        if let Found::View(_) = place.found {
            let TablePath { project, dataset, table } = &import.path;
            return Err(Error::Constraint(format!("{project}:{dataset}.{table} is a view: it takes no rows")));
        }
        let warehouse = self.warehouse();
        let lock = self.lock_dataset(&place.path.project, &place.path.dataset, stop)?;
        let Some(dataset) = warehouse.personal_dataset(&place.path.project, &place.path.dataset)? else {
            return Err(Error::Missing(format!("Not found: Dataset {}:{}", import.path.project, import.path.dataset)));
        };
        warehouse.sweep_dataset(&lock, self.now())?;
        let publishing = super::Publishing::Now;
        Writing { engine: self, lock: &lock, dataset: &dataset, stop, publishing }.import(import, rows)
    }
}

impl Writing<'_> {
    fn import<I>(&self, import: &Import, rows: impl FnOnce() -> Result<I>) -> Result<Change>
    where
        I: Iterator<Item = Result<RecordBatch>>,
    {
        let TablePath { project, dataset, table: name } = &import.path;
        let target = format!("{dataset}.{name}");
        let found = self.dataset.tables.get(name);
        let exists = || Error::Exists(format!("Already Exists: Table {project}:{target}"));
        let (mut table, kind) = match (found, import.present) {
            (None, _) if import.missing == Missing::Refuse => {
                return Err(Error::Missing(format!("Not found: Table {project}:{target}")));
            }
            (None, _) => (self.new_table(import), ChangeKind::Created),
            (Some(_), Present::Refuse) => return Err(exists()),
            (Some(table), Present::RefuseRows) if table.rows > 0 => return Err(exists()),
            (Some(old), Present::Replace) => {
                let created = old.created.clone();
                (PersonalTable { created, ..self.new_table(import) }, ChangeKind::Replaced)
            }
            (Some(table), _) => (table.clone(), ChangeKind::Inserted),
        };
        let sources = match kind {
            ChangeKind::Inserted => sources(import, &table)?,
            _ => (0..table.columns.len()).map(Some).collect(),
        };
        let crowded = kind == ChangeKind::Inserted && table.files.len() >= super::MOST_FILES;
        let old = if crowded { Some(self.scan(name)?) } else { None };
        let before = if crowded { table.rows } else { 0 };
        let rows = rows()?;
        let written = self.write(name, &table.columns, |take| {
            if let Some(old) = &old {
                self.each_batch(old, take)?;
            }
            for batch in rows {
                if self.stop.load(Ordering::Relaxed) {
                    return Err(Error::Stopped);
                }
                take(&arranged(&batch?, &table.columns, &sources)?)?;
            }
            Ok(())
        })?;
        let count = written.rows - before;
        if kind == ChangeKind::Inserted && !crowded {
            table.append(written);
        } else {
            table.replace(written);
        }
        let change = Change { kind, target, rows: Some(count), merged: None, warnings: Vec::new() };
        if kind == ChangeKind::Inserted && count == 0 {
            return Ok(change);
        }
        self.put(name, table, change).map(|(change, _)| change)
    }

    fn new_table(&self, import: &Import) -> PersonalTable {
        let now = self.engine.now_text();
        PersonalTable {
            created: now.clone(),
            updated: now,
            rows: 0,
            columns: import.columns.iter().map(kept).collect(),
            partition: import.partition.clone(),
            partition_column: None,
            cluster: import.cluster.clone(),
            options: import.options.clone(),
            files: Vec::new(),
        }
    }
}

/// Which of the rows' columns each column of the table takes; `None` for one that they have not.
fn sources(import: &Import, table: &PersonalTable) -> Result<Vec<Option<usize>>> {
    let TablePath { project, dataset, table: name } = &import.path;
    let refused = |why: String| {
        Err(Error::Constraint(format!("Provided Schema does not match Table {project}:{dataset}.{name}. {why}")))
    };
    for column in &import.columns {
        match table.column(&column.name) {
            None => return refused(format!("Cannot add fields (field: {})", column.name)),
            Some(kept) if kept.entry.sql_type != column.sql_type => {
                let (old, new) = (&kept.entry.sql_type, &column.sql_type);
                return refused(format!("Field {} has changed type from {old} to {new}", column.name));
            }
            Some(_) => {}
        }
    }
    let place = |kept: &PersonalColumn| {
        let name = kept.entry.name.to_lowercase();
        import.columns.iter().position(|column| column.name.to_lowercase() == name)
    };
    let sources: Vec<_> = table.columns.iter().map(place).collect();
    let missing = table.columns.iter().zip(&sources).find(|(kept, source)| source.is_none() && !kept.entry.nullable);
    match missing {
        Some((kept, _)) => refused(format!("Field {} is missing in new schema", kept.entry.name)),
        None => Ok(sources),
    }
}

fn arranged(batch: &RecordBatch, columns: &[PersonalColumn], sources: &[Option<usize>]) -> Result<RecordBatch> {
    let fields: Vec<_> = columns.iter().map(|c| c.entry.sql_type.field(&c.entry.name, true)).collect();
    let arrays: Vec<ArrayRef> = sources
        .iter()
        .zip(&fields)
        .map(|(source, field)| match source {
            Some(index) => Arc::clone(batch.column(*index)),
            None => new_null_array(field.data_type(), batch.num_rows()),
        })
        .collect();
    let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
    RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), arrays, &options).map_err(broken)
}
