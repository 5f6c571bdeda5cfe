//! Carrying out a change under the lock of its dataset: rows into new files, then a new manifest.

mod import;
mod merge;
mod routine;

pub use import::{Import, Missing, Present};
pub use merge::MergedRows;

use crate::catalog::personal::kept;
use crate::change::{Change, ChangeKind, kind_of};
use crate::constraint::{Chosen, chosen, conform};
use crate::engine::{Engine, Prepared, ResultColumn};
use crate::error::{Error, Result};
use crate::table::PersonalScan;
use arrow::array::{ArrayRef, AsArray, RecordBatch, new_null_array};
use arrow::datatypes::{Int64Type, Schema};
use bedside_sql::tree::{
    self, AlterTable, Alteration, CreateTable, CreateView, DropKind, Operation, Rewrite, SetOptions, TableOption,
};
use bedside_store::{DatasetLock, PersonalColumn, PersonalDataset, PersonalTable, PersonalView, WrittenLayout};
use datafusion::catalog::default_table_source::DefaultTableSource;
use datafusion::logical_expr::LogicalPlanBuilder;
use futures::StreamExt;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How often a running statement looks whether it shall stop.
const LOOK: Duration = Duration::from_millis(50);

/// Files of a table at which an INSERT writes all rows anew into one.
const MOST_FILES: usize = 64;

/// A change on its way into a dataset.
pub(crate) struct Writing<'a> {
    pub(crate) engine: &'a Engine,
    pub(crate) lock: &'a DatasetLock,
    /// As it is now; nobody else can change it.
    pub(crate) dataset: &'a PersonalDataset,
    pub(crate) stop: &'a AtomicBool,
    pub(crate) publishing: Publishing,
}

/// When others see what was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Publishing {
    /// At once.
    Now,
    /// When a transaction ends.
    Later,
}

/// What was done, and the manifest that says so, where there is a new one.
type Done = (Change, Option<PersonalDataset>);

impl Writing<'_> {
    /// Carries out a change; `rows` gives what it writes.
    pub(crate) fn run(&self, change: &tree::Change, rows: Option<&Prepared>) -> Result<Done> {
        match change {
            tree::Change::CreateTable(create) => self.create_table(create, rows),
            tree::Change::CreateView(create) => self.create_view(create),
            tree::Change::CreateRoutine(create) => self.create_routine(create),
            tree::Change::Drop(drop) => self.drop_object(drop),
            tree::Change::AlterTable(alter) => self.alter(alter, rows),
            tree::Change::SetOptions(set) => self.set_options(set),
            tree::Change::Insert(insert) => self.insert(&insert.table.schema.path.table, needed(rows)?),
            tree::Change::Update(rewrite) => self.rewrite(rewrite, needed(rows)?, ChangeKind::Updated),
            tree::Change::Delete(rewrite) => self.rewrite(rewrite, needed(rows)?, ChangeKind::Deleted),
            tree::Change::Merge(merge) => self.merge(merge, needed(rows)?),
            tree::Change::Truncate(table) => self.truncate(&table.schema.path.table),
            tree::Change::CreateSchema(_) | tree::Change::CreateFunction { .. } => {
                Err(Error::Internal("a change of no dataset's content".to_owned()))
            }
        }
    }

    fn create_table(&self, create: &CreateTable, rows: Option<&Prepared>) -> Result<Done> {
        if create.operation == Operation::Skip {
            return Ok((told(ChangeKind::Skipped, None), None));
        }
        let name = &create.path.table;
        let now = self.engine.now_text();
        let mut table = PersonalTable {
            created: now.clone(),
            updated: now,
            rows: 0,
            columns: create.columns.iter().map(kept).collect(),
            partition: create.partition.clone(),
            partition_column: create.partition_column.clone(),
            cluster: create.cluster.clone(),
            options: set_options(BTreeMap::new(), &create.options),
            files: Vec::new(),
        };
        let written = self.write(name, &table.columns, |take| match rows {
            Some(rows) => self.each_batch(rows, take),
            None => Ok(()),
        })?;
        let count = rows.map(|_| written.rows);
        table.replace(written);
        let published = self.publish(|dataset, at| dataset.put_table(name, table, at))?;
        Ok((told(kind_of(create.operation), count), Some(published)))
    }

    fn create_view(&self, create: &CreateView) -> Result<Done> {
        if create.operation == Operation::Skip {
            return Ok((told(ChangeKind::Skipped, None), None));
        }
        let columns = create.columns.iter().map(|column| (column.name.clone(), column.sql_type.to_string()));
        let view = PersonalView {
            created: self.engine.now_text(),
            text: create.view.text.clone(),
            names: create.view.columns.clone(),
            default_dataset: create.view.default_dataset.clone(),
            columns: columns.collect(),
            options: set_options(BTreeMap::new(), &create.options),
        };
        let published = self.publish(|dataset, _| {
            dataset.views.insert(create.view.path.table.clone(), view);
        })?;
        Ok((told(kind_of(create.operation), None), Some(published)))
    }

    fn drop_object(&self, drop: &tree::Drop) -> Result<Done> {
        if drop.operation == Operation::Skip {
            return Ok((told(ChangeKind::Skipped, None), None));
        }
        let published = self.publish(|dataset, at| {
            let name = &drop.path.table;
            if matches!(drop.kind, DropKind::Table | DropKind::View) {
                dataset.remove_table(name, at);
                dataset.views.remove(name);
            } else {
                dataset.routines.remove(name);
            }
        })?;
        Ok((told(ChangeKind::Dropped, None), Some(published)))
    }

    fn insert(&self, name: &str, rows: &Prepared) -> Result<Done> {
        let mut table = self.table(name)?;
        let crowded = table.files.len() >= MOST_FILES;
        let old = if crowded { Some(self.scan(name)?) } else { None };
        let written = self.write(name, &table.columns, |take| {
            if let Some(old) = &old {
                self.each_batch(old, take)?;
            }
            self.each_batch(rows, take)
        })?;
        let count = if crowded { written.rows - table.rows } else { written.rows };
        if count == 0 {
            return Ok((told(ChangeKind::Inserted, Some(0)), None));
        }
        if crowded {
            table.replace(written);
        } else {
            table.append(written);
        }
        self.put(name, table, told(ChangeKind::Inserted, Some(count)))
    }

    fn truncate(&self, name: &str) -> Result<Done> {
        let mut table = self.table(name)?;
        let count = table.rows;
        let written = self.write(name, &table.columns, |_| Ok(()))?;
        table.replace(written);
        self.put(name, table, told(ChangeKind::Truncated, Some(count)))
    }

    /// UPDATE and DELETE: the table's rows as they will be, marked where the statement is about them.
    fn rewrite(&self, rewrite: &Rewrite, rows: &Prepared, kind: ChangeKind) -> Result<Done> {
        let name = &rewrite.table.schema.path.table;
        let mut table = self.table(name)?;
        let width = table.columns.len();
        let (mut count, mut seen) = (0, Seen::default());
        let written = self.write(name, &table.columns, |take| {
            self.each_batch(rows, &mut |batch| {
                let mark = batch.column(width).as_boolean();
                count += mark.true_count() as u64;
                if rewrite.row_number {
                    seen.add(batch.column(width + 1))?;
                }
                let columns = batch.project(&(0..width).collect::<Vec<_>>()).map_err(broken)?;
                match kind {
                    ChangeKind::Deleted => take(&chosen(&columns, mark, Chosen::Others)?),
                    _ => take(&columns),
                }
            })
        })?;
        if count == 0 {
            return Ok((told(kind, Some(0)), None));
        }
        table.replace(written);
        self.put(name, table, told(kind, Some(count)))
    }

    fn alter(&self, alter: &AlterTable, rows: Option<&Prepared>) -> Result<Done> {
        let skipped = Ok((told(ChangeKind::Skipped, None), None));
        if alter.table.is_none() || alter.actions.is_empty() {
            return skipped;
        }
        let mut name = alter.path.table.clone();
        let mut table = self.table(&name)?;
        // Where each column's values come from in the table as it is; `None` for a new column.
        let mut sources: Vec<Option<usize>> = (0..table.columns.len()).map(Some).collect();
        let before = sources.clone();
        let mut renamed = false;
        for action in &alter.actions {
            let place = |table: &PersonalTable, name: &str| {
                let place = table.columns.iter().position(|column| column.entry.name == name);
                place.ok_or_else(|| Error::Internal(format!("no column {name}")))
            };
            match action {
                Alteration::AddColumn(column) => {
                    table.columns.push(kept(column));
                    sources.push(None);
                }
                Alteration::DropColumn(column) => {
                    let at = place(&table, column)?;
                    table.columns.remove(at);
                    sources.remove(at);
                    table.cluster.retain(|name| name != column);
                }
                Alteration::RenameColumn { from, to } => {
                    let at = place(&table, from)?;
                    table.columns[at].entry.name.clone_from(to);
                    table.cluster.iter_mut().filter(|name| *name == from).for_each(|name| name.clone_from(to));
                    renamed = true;
                }
                Alteration::RenameTo(to) => name.clone_from(to),
                Alteration::SetOptions(options) => table.options = set_options(table.options, options),
                Alteration::SetRules(rules) => {
                    let at = place(&table, &rules.name)?;
                    let column = &mut table.columns[at];
                    let PersonalColumn { length, digits, default, description, entry } = kept(rules);
                    column.entry.nullable = entry.nullable;
                    column.entry.sql_type = entry.sql_type;
                    (column.length, column.digits) = (length, digits);
                    (column.default, column.description) = (default, description);
                }
            }
        }
        if sources != before || renamed || rows.is_some() {
            let old = self.scan(&alter.path.table)?;
            let written = self.rearranged(rows.unwrap_or(&old), &name, &table.columns, &sources)?;
            table.replace(written);
        }
        table.updated = self.engine.now_text();
        let old = &alter.path.table;
        let published = self.publish(|dataset, at| {
            if *old != name {
                dataset.tables.remove(old);
            }
            dataset.put_table(&name, table, at);
        })?;
        Ok((told(ChangeKind::Altered, None), Some(published)))
    }

    fn set_options(&self, set: &SetOptions) -> Result<Done> {
        if set.operation == Operation::Skip {
            return Ok((told(ChangeKind::Skipped, None), None));
        }
        let published = self.publish(|dataset, _| {
            let options = match dataset.views.get_mut(&set.path.table) {
                Some(view) => &mut view.options,
                None => &mut dataset.options,
            };
            *options = set_options(std::mem::take(options), &set.options);
        })?;
        Ok((told(ChangeKind::Altered, None), Some(published)))
    }

    /// A table's rows with other columns.
    fn rearranged(
        &self,
        rows: &Prepared,
        name: &str,
        columns: &[PersonalColumn],
        sources: &[Option<usize>],
    ) -> Result<WrittenLayout> {
        let fields: Vec<_> = columns.iter().map(|c| c.entry.sql_type.field(&c.entry.name, true)).collect();
        let schema = Arc::new(Schema::new(fields));
        self.write(name, columns, |take| {
            self.each_batch(rows, &mut |batch| {
                let arrays: Vec<ArrayRef> = sources
                    .iter()
                    .zip(schema.fields())
                    .map(|(source, field)| match source {
                        Some(index) => Arc::clone(batch.column(*index)),
                        None => new_null_array(field.data_type(), batch.num_rows()),
                    })
                    .collect();
                take(&RecordBatch::try_new(Arc::clone(&schema), arrays).map_err(broken)?)
            })
        })
    }

    /// Writes rows into a new file of a table, under its columns' rules.
    fn write(
        &self,
        name: &str,
        columns: &[PersonalColumn],
        give: impl FnOnce(&mut dyn FnMut(&RecordBatch) -> Result<()>) -> Result<()>,
    ) -> Result<WrittenLayout> {
        let specs = columns.iter().map(PersonalColumn::spec).collect();
        let generation = self.dataset.generation();
        let writer = self.engine.warehouse().table_writer(self.lock, name, &generation, specs)?;
        let mut range = writer.range(None)?;
        give(&mut |batch| {
            range.write(&conform(batch, columns)?)?;
            Ok(())
        })?;
        Ok(writer.finish(vec![range.finish()?])?)
    }

    /// Runs a query and gives its batches one after the other.
    fn each_batch(&self, rows: &Prepared, take: &mut dyn FnMut(&RecordBatch) -> Result<()>) -> Result<()> {
        let mut rows = rows.execute()?;
        let workers = self.engine.workers()?.handle().clone();
        loop {
            if self.stop.load(Ordering::Relaxed) {
                return Err(Error::Stopped);
            }
            let next = workers.block_on(async { tokio::time::timeout(LOOK, StreamExt::next(&mut rows)).await });
            match next {
                Err(_) => {}
                Ok(None) => return Ok(()),
                Ok(Some(batch)) => take(&batch?)?,
            }
        }
    }

    /// The rows of a table as it is.
    fn scan(&self, name: &str) -> Result<Prepared> {
        let dataset = Arc::new(self.dataset.clone());
        let provider = PersonalScan::new(self.engine.warehouse().home(), &dataset, name)
            .ok_or_else(|| Error::Internal(format!("no table {name}")))?;
        let columns = dataset.tables.get(name).map(|table| &table.columns);
        let columns = columns
            .into_iter()
            .flatten()
            .map(|column| ResultColumn { name: column.entry.name.clone(), sql_type: column.entry.sql_type.clone() });
        let source = Arc::new(DefaultTableSource::new(Arc::new(provider)));
        let plan = LogicalPlanBuilder::scan("t", source, None)?.build()?;
        Ok(self.engine.prepared(plan, columns.collect()))
    }

    fn table(&self, name: &str) -> Result<PersonalTable> {
        let table = self.dataset.tables.get(name).cloned();
        table.ok_or_else(|| Error::Internal(format!("the table {name} went away under the dataset's lock")))
    }

    fn put(&self, name: &str, mut table: PersonalTable, change: Change) -> Result<Done> {
        table.updated = self.engine.now_text();
        let published = self.publish(|dataset, at| dataset.put_table(name, table, at))?;
        Ok((change, Some(published)))
    }

    /// Replaces the manifest by a changed one.
    fn publish(&self, change: impl FnOnce(&mut PersonalDataset, i64)) -> Result<PersonalDataset> {
        let mut dataset = self.dataset.clone();
        // What is swept away by now need not be remembered.
        let warehouse = self.engine.warehouse();
        dataset.retired.retain(|file| warehouse.path(&file.path).exists());
        change(&mut dataset, self.engine.now());
        dataset.updated = self.engine.now_text();
        match self.publishing {
            Publishing::Now => Ok(warehouse.publish_dataset(self.lock, dataset)?),
            Publishing::Later => {
                // What is written next needs a name of its own.
                dataset.revision += 1;
                Ok(dataset)
            }
        }
    }
}

/// The numbers of a table's rows that were seen.
#[derive(Default)]
struct Seen {
    words: Vec<u64>,
}

impl Seen {
    fn add(&mut self, numbers: &ArrayRef) -> Result<()> {
        for number in numbers.as_primitive::<Int64Type>().values() {
            let number = usize::try_from(*number).unwrap_or_default();
            let (word, bit) = (number / 64, 1_u64 << (number % 64));
            if word >= self.words.len() {
                self.words.resize(word + 1, 0);
            }
            if self.words[word] & bit != 0 {
                let message = "UPDATE/MERGE must match at most one source row for each target row";
                return Err(Error::Constraint(message.to_owned()));
            }
            self.words[word] |= bit;
        }
        Ok(())
    }
}

fn set_options(mut options: BTreeMap<String, String>, set: &[TableOption]) -> BTreeMap<String, String> {
    for option in set {
        match &option.value {
            Some(value) => options.insert(option.name.clone(), value.clone()),
            None => options.remove(&option.name),
        };
    }
    options
}

fn needed(rows: Option<&Prepared>) -> Result<&Prepared> {
    rows.ok_or_else(|| Error::Internal("a change without its rows".to_owned()))
}

fn told(kind: ChangeKind, rows: Option<u64>) -> Change {
    Change { kind, target: String::new(), rows, merged: None, warnings: Vec::new() }
}

#[allow(clippy::needless_pass_by_value, reason = "it goes into map_err")]
fn broken(error: arrow::error::ArrowError) -> Error {
    Error::Internal(format!("rows cannot be rearranged: {error}"))
}
