//! One derived table: from its definition to its place in the manifest.

use super::check::{Candidate, check};
use super::order::RowOrder;
use super::{Build, Done};
use crate::definition::Definition;
use crate::error::{Error, Result};
use crate::input::{Inputs, fingerprint, hexadecimal, inputs, lacking};
use crate::list::CodeList;
use crate::report::{Event, Outcome};
use arrow::array::{Array, AsArray, Int64Array, RecordBatch};
use arrow::datatypes::Int64Type;
use bedside_datasets::DERIVED;
use bedside_engine::{Prepared, Request};
use bedside_store::{
    ChecksumState, ColumnSpec, Derivation, DerivedColumn, LayoutSpec, LayoutWriter, Manifest, RangeWriter, RowState,
    SourceEntry, Statistics, TableEntry, WrittenLayout, WrittenRange, generation,
};
use futures::StreamExt;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// How often a running build looks whether it shall stop.
const LOOK: Duration = Duration::from_millis(50);

impl Build<'_> {
    /// Brings one table up to date.
    pub(super) fn table(&self, definition: &Definition) -> Result<Done> {
        let done = |outcome| Done { outcome, checks: 0, warnings: Vec::new() };
        let manifest = self.manifest();
        let inventory = self.inventory.clone().within(&manifest);
        let inputs = inputs(definition, self.definitions, &inventory, &manifest, self.engine.warehouse())?;
        if let Inputs::Missing(reason) = inputs {
            return Ok(done(Outcome::Skipped(reason)));
        }
        let fingerprint = fingerprint(definition, &inputs, &manifest.subject_splits);
        if let Some(entry) = manifest.table(DERIVED, &definition.name)
            && let Some(derivation) = &entry.derivation
            && derivation.fingerprint == fingerprint
        {
            self.refresh_page(definition, entry, derivation)?;
            let (checks, warnings) = (derivation.checks, entry.warnings.clone());
            return Ok(Done { outcome: Outcome::Unchanged, checks, warnings });
        }
        (self.progress)(Event::ConceptStarted { name: &definition.name });
        let start = Instant::now();
        let entry = match (&inputs, definition.sql()) {
            (Inputs::List(list), _) => self.copy(definition, &manifest, list, &fingerprint)?,
            (_, Some(sql)) => match self.select(definition, sql, &manifest, &fingerprint)? {
                Selected::Written(entry) => *entry,
                Selected::Lacking(reason) => return Ok(done(Outcome::Skipped(reason))),
            },
            (_, None) => return Err(Error::Internal(format!("{} is made of nothing", definition.name))),
        };
        let mut entry = TableEntry { derivation: Some(derivation(definition, &fingerprint, &inputs)), ..entry };
        // The table as it would be, in a manifest that nobody else sees.
        let mut seen = (*self.manifest()).clone();
        seen.put_table(entry.clone());
        let candidate = Candidate { definition, entry: &entry, engine: self.engine, manifest: Arc::new(seen) };
        let found = check(&candidate)?;
        self.check_stop()?;
        entry.warnings.clone_from(&found.warnings);
        if let Some(derivation) = &mut entry.derivation {
            derivation.checks = found.checks;
            derivation.milliseconds = start.elapsed().as_millis() as u64;
        }
        self.publish(|manifest| manifest.put_table(entry))?;
        Ok(Done { outcome: Outcome::Built, checks: found.checks, warnings: found.warnings })
    }

    /// Runs the definition and writes its rows under names that no manifest has yet.
    fn select(
        &self,
        definition: &Definition,
        sql: &str,
        manifest: &Arc<Manifest>,
        fingerprint: &str,
    ) -> Result<Selected> {
        let run = |source| Error::Run { file: definition.file.clone(), source };
        let request = || Request { text: sql, within: Some(Arc::clone(manifest)), ..Request::default() };
        let prepared = match self.engine.prepare(&request()) {
            Ok(prepared) => prepared,
            Err(bedside_engine::Error::Sql(error)) => {
                return lacking(error, definition, self.definitions, manifest).map(Selected::Lacking);
            }
            Err(source) => return Err(run(source)),
        };
        check_columns(definition, &prepared)?;
        // What it picks must not depend on chance, whatever the data.
        if let Some(window) = self.engine.unordered_windows(&request()).map_err(run)?.into_iter().next() {
            return Err(Error::Order { file: definition.file.clone(), window });
        }
        let order = RowOrder::of(&definition.page);
        let prepared = prepared.sorted_by(&order.sort).map_err(run)?;
        let source = SourceEntry {
            file: definition.file.clone(),
            bytes: sql.len() as u64,
            sha256: hexadecimal(&Sha256::digest(sql)),
            checksum: ChecksumState::NotListed,
        };
        let entry = self.write(definition, manifest, &order, fingerprint, source, |ranges| {
            self.each_batch(definition, &prepared, |batch| ranges.write(batch))
        })?;
        Ok(Selected::Written(Box::new(entry)))
    }

    /// Writes the rows of a code list under names that no manifest has yet.
    fn copy(
        &self,
        definition: &Definition,
        manifest: &Manifest,
        list: &CodeList,
        fingerprint: &str,
    ) -> Result<TableEntry> {
        let order = RowOrder::of(&definition.page);
        let batch = list.batch(&definition.page, &order.sort)?;
        let name = definition.page.list.as_ref().map_or("", |list| &list.name);
        let source = SourceEntry {
            file: crate::list::file(name),
            bytes: list.bytes,
            sha256: list.sha256.clone(),
            checksum: ChecksumState::NotListed,
        };
        self.write(definition, manifest, &order, fingerprint, source, |ranges| ranges.write(&batch))
    }

    /// Writes what `rows` gives, in the order of `order`.
    fn write(
        &self,
        definition: &Definition,
        manifest: &Manifest,
        order: &RowOrder,
        fingerprint: &str,
        source: SourceEntry,
        rows: impl FnOnce(&mut Ranges<'_>) -> Result<()>,
    ) -> Result<TableEntry> {
        let columns: Vec<ColumnSpec> = definition
            .page
            .columns
            .iter()
            .map(|column| ColumnSpec {
                name: column.name.clone(),
                sql_type: column.sql_type.clone(),
                // What must have a value is checked below, where the rows can be named.
                nullable: true,
            })
            .collect();
        let splits = &manifest.subject_splits;
        let generation = generation(fingerprint, &columns, splits);
        let spec = LayoutSpec {
            module: DERIVED.to_owned(),
            table: definition.name.clone(),
            name: order.layout(),
            generation: generation.clone(),
            order: order.sort[..order.told].iter().map(|at| columns[*at].name.clone()).collect(),
            columns,
            statistics: Statistics::Gather,
        };
        let writer = LayoutWriter::new(self.engine.warehouse(), self.lock, spec, splits)?;
        let mut ranges =
            Ranges { writer: &writer, subject: order.patient, manifest, current: None, written: Vec::new() };
        rows(&mut ranges)?;
        let written = ranges.finish()?;
        let layout = writer.finish(written)?;
        Ok(table_entry(definition, generation, layout, source, (self.options.now)()))
    }

    /// Gives the batches of a statement to `take`, looking now and then whether to stop.
    fn each_batch(
        &self,
        definition: &Definition,
        prepared: &Prepared,
        mut take: impl FnMut(&RecordBatch) -> Result<()>,
    ) -> Result<()> {
        let run = |source| Error::Run { file: definition.file.clone(), source };
        let waiting = tokio::runtime::Builder::new_current_thread().enable_time().build();
        let waiting = waiting.map_err(|error| Error::Internal(format!("no timer: {error}")))?;
        let mut rows = prepared.execute().map_err(run)?;
        loop {
            let batch = waiting.block_on(async {
                let mut look = tokio::time::interval(LOOK);
                loop {
                    tokio::select! {
                        batch = StreamExt::next(&mut rows) => return Some(batch),
                        _ = look.tick() => if self.stop.load(Ordering::Relaxed) { return None },
                    }
                }
            });
            match batch {
                None => return Err(Error::Stopped),
                Some(None) => return Ok(()),
                Some(Some(batch)) => take(&batch.map_err(run)?)?,
            }
            self.check_stop()?;
        }
    }

    /// Takes over what the page says now where the rows stay as they are.
    fn refresh_page(&self, definition: &Definition, entry: &TableEntry, old: &Derivation) -> Result<()> {
        let new = described(definition, old.clone());
        if new == *old {
            return Ok(());
        }
        let entry = TableEntry { derivation: Some(new), ..entry.clone() };
        self.publish(|manifest| manifest.put_table(entry))
    }

    fn publish(&self, change: impl FnOnce(&mut Manifest)) -> Result<()> {
        // One after the other, so that the state never goes back behind what is published.
        let mut state = self.state();
        let start = || (*state.manifest).clone();
        let now = (self.options.now)();
        let published = self.engine.warehouse().publish(self.lock, start, |manifest| {
            change(manifest);
            manifest.updated = now;
        })?;
        state.manifest = Arc::new(published);
        Ok(())
    }
}

/// What came of running a definition.
enum Selected {
    /// Its rows are written.
    Written(Box<TableEntry>),
    /// The release lacks something that it names.
    Lacking(String),
}

/// Deals sorted rows to the files of the subject ranges.
struct Ranges<'a> {
    writer: &'a LayoutWriter,
    /// Where the patient stands; `None` for one file.
    subject: Option<usize>,
    manifest: &'a Manifest,
    current: Option<(Option<u32>, RangeWriter)>,
    written: Vec<WrittenRange>,
}

impl Ranges<'_> {
    fn write(&mut self, batch: &RecordBatch) -> Result<()> {
        let Some(subject) = self.subject else { return self.append(None, batch) };
        let Some(subjects) = batch.column(subject).as_primitive_opt::<Int64Type>() else {
            return Err(Error::Internal("subject_id does not come as INT64".to_owned()));
        };
        let mut start = 0;
        while start < batch.num_rows() {
            let range = self.range(subjects, start);
            let same = (start..batch.num_rows()).take_while(|row| self.range(subjects, *row) == range).count();
            self.append(Some(range), &batch.slice(start, same))?;
            start += same;
        }
        Ok(())
    }

    /// Rows without a patient are in the first range.
    fn range(&self, subjects: &Int64Array, row: usize) -> u32 {
        if subjects.is_null(row) { 0 } else { self.manifest.range_of(subjects.value(row)) }
    }

    fn append(&mut self, range: Option<u32>, batch: &RecordBatch) -> Result<()> {
        if self.current.as_ref().is_none_or(|(current, _)| *current != range) {
            self.end_range()?;
            self.current = Some((range, self.writer.range(range)?));
        }
        if let Some((_, writer)) = &mut self.current {
            writer.write(batch)?;
        }
        Ok(())
    }

    fn end_range(&mut self) -> Result<()> {
        if let Some((_, writer)) = self.current.take() {
            self.written.push(writer.finish()?);
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Vec<WrittenRange>> {
        self.end_range()?;
        Ok(self.written)
    }
}

/// The definition's columns must be those of its page, in its order.
fn check_columns(definition: &Definition, prepared: &Prepared) -> Result<()> {
    let (given, said) = (prepared.columns(), &definition.page.columns);
    let differ = |why: String| Err(Error::Columns { file: definition.file.clone(), why });
    for (at, (given, said)) in given.iter().zip(said).enumerate() {
        if given.name != said.name || given.sql_type != said.sql_type {
            return differ(format!(
                "column {} is {} {}, but the page says {} {}",
                at + 1,
                given.name,
                given.sql_type,
                said.name,
                said.sql_type
            ));
        }
    }
    if let Some(more) = given.get(said.len()) {
        return differ(format!("column {} is not on the page", more.name));
    }
    if let Some(missing) = said.get(given.len()) {
        return differ(format!("the page has column {}, which the definition does not give", missing.name));
    }
    Ok(())
}

fn table_entry(
    definition: &Definition,
    generation: String,
    layout: WrittenLayout,
    source: SourceEntry,
    now: String,
) -> TableEntry {
    TableEntry {
        module: DERIVED.to_owned(),
        name: definition.name.clone(),
        generation,
        rows: layout.rows,
        expected_rows: None,
        row_state: RowState::Unknown,
        quarantined: 0,
        warnings: Vec::new(),
        source,
        loaded_at: now,
        columns: layout.columns,
        item_counts: layout.item_counts,
        layouts: vec![layout.entry],
        derivation: None,
    }
}

fn derivation(definition: &Definition, fingerprint: &str, inputs: &Inputs) -> Derivation {
    let inputs = match inputs {
        Inputs::Tables(inputs) => inputs.as_slice(),
        Inputs::List(_) | Inputs::Missing(_) => &[],
    };
    let bare = Derivation {
        file: String::new(),
        sql: String::new(),
        fingerprint: fingerprint.to_owned(),
        inputs: inputs.iter().map(|input| input.entry.clone()).collect(),
        bedside_version: env!("CARGO_PKG_VERSION").to_owned(),
        milliseconds: 0,
        checks: 0,
        row: String::new(),
        key: Vec::new(),
        key_note: None,
        literature: Vec::new(),
        caveats: Vec::new(),
        columns: Vec::new(),
    };
    described(definition, bare)
}

/// With what the definition and its page say.
fn described(definition: &Definition, derivation: Derivation) -> Derivation {
    let page = &definition.page;
    let column = |column: &crate::page::PageColumn| DerivedColumn {
        name: column.name.clone(),
        meaning: column.meaning.clone(),
        unit: column.unit.clone(),
        not_null: column.not_null,
        range: column.range,
    };
    Derivation {
        file: definition.file.clone(),
        sql: definition.sql().unwrap_or_default().to_owned(),
        row: page.row.clone(),
        key: page.key.clone(),
        key_note: page.key_note.clone(),
        literature: page.literature.clone(),
        caveats: page.caveats.clone(),
        columns: page.columns.iter().map(column).collect(),
        ..derivation
    }
}
