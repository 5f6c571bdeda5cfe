//! Putting a table into the manifest.

use bedside_store::{ColumnSpec, Manifest, RowState, SourceEntry, TableEntry};
use std::collections::HashSet;

use super::Session;
use super::check::{Found, checksum_state};
use super::columns::Columns;
use crate::error::{Error, Result};
use crate::plan::TablePlan;

/// A table whose files are in place.
pub(super) struct ReadyTable {
    pub(super) entry: TableEntry,
    /// Where rows were set aside, relative to the home.
    pub(super) quarantine: Option<String>,
}

impl Session<'_> {
    /// Writes the files of the table and describes it.
    pub(super) fn write(
        &self,
        table: &TablePlan,
        columns: &Columns,
        found: Found<'_>,
        dropped: &HashSet<u64>,
    ) -> Result<ReadyTable> {
        let specs: Vec<ColumnSpec> = columns
            .all
            .iter()
            .zip(&found.nulls)
            .map(|(column, (nulls, _))| ColumnSpec {
                name: column.name.clone(),
                sql_type: column.sql_type.clone(),
                nullable: column.nullable || *nulls > 0,
            })
            .collect();
        let Found { digested, quarantine, rows_read, warnings, .. } = found;
        let quarantined = quarantine.rows();
        let written = self.write_layouts(table, columns, &digested.sha256, &specs, rows_read, dropped)?;
        let quarantine = quarantine.finish()?;
        let mut layouts = written.layouts.into_iter();
        let Some(main) = layouts.next() else { return Err(Error::Internal("a table without layouts".to_owned())) };
        let entry = TableEntry {
            module: table.definition.module.clone(),
            name: table.definition.name.clone(),
            generation: written.generation,
            rows: main.rows,
            expected_rows: table.expected_rows,
            row_state: match table.expected_rows {
                None => RowState::Unknown,
                Some(expected) if expected == main.rows => RowState::AsPublished,
                Some(_) => RowState::NotAsPublished,
            },
            quarantined,
            warnings,
            source: SourceEntry {
                file: table.file.path.clone(),
                bytes: digested.bytes,
                sha256: digested.sha256,
                checksum: checksum_state(table),
            },
            loaded_at: (self.options.now)(),
            columns: main.columns,
            item_counts: main.item_counts,
            layouts: std::iter::once(main.entry).chain(layouts.map(|layout| layout.entry)).collect(),
            derivation: None,
        };
        Ok(ReadyTable { entry, quarantine })
    }

    /// Makes the table visible.
    pub(super) fn publish(&self, entry: TableEntry) -> Result<()> {
        let now = (self.options.now)();
        let plan = self.plan;
        self.warehouse.publish(
            self.lock,
            || Manifest::new(plan.release.clone(), &plan.schema.schema_version, &now),
            |manifest| {
                manifest.put_table(entry);
                manifest.updated.clone_from(&now);
            },
        )?;
        Ok(())
    }
}
