//! Rows of tables by position.

use super::find::{no_dataset, no_table};
use crate::error::{Error, Result};
use crate::principal::Principal;
use crate::results::{RowPage, RowRange, chosen, page};
use crate::service::{Service, Shared};
use arrow::datatypes::Schema;
use bedside_meta::{Column, TableReference};
use bedside_store::{ColumnEntry, FileEntry};

impl Service {
    /// Rows of a table that is kept, or of an anonymous one, by position: the same rows are at the same place every time until
    /// the table is written. The columns are those that are named, in the table's order.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Invalid`] for a view or an unknown column.
    pub async fn table_rows(
        &self,
        principal: &Principal,
        table: &TableReference,
        columns: Option<&[String]>,
        range: RowRange,
    ) -> Result<RowPage> {
        let (principal, table, columns) = (principal.clone(), table.clone(), columns.map(<[String]>::to_vec));
        page(&self.shared, move |shared| {
            shared.may_read(&principal, &table)?;
            match shared.anonymous_rows(&table, columns.as_deref(), range)? {
                Some(page) => Ok(page),
                None => shared.kept_rows(&table, columns.as_deref(), range),
            }
        })
        .await
    }
}

impl Shared {
    fn kept_rows(&self, table: &TableReference, columns: Option<&[String]>, range: RowRange) -> Result<RowPage> {
        let inventory = self.inventory()?;
        let dataset = table.dataset();
        if let Some(release) = Self::release(&inventory, &dataset) {
            let entry = release.table(&table.table).ok_or_else(|| no_table(table))?;
            let layout = entry.main_layout().ok_or_else(|| no_table(table))?;
            let all: Vec<&ColumnEntry> = entry.columns.iter().collect();
            return self.file_rows(&layout.files, &all, columns, range);
        }
        let own = self.own(&inventory, &dataset).ok_or_else(|| no_dataset(&dataset))?;
        if own.views.contains_key(&table.table) {
            return Err(Error::Invalid(format!("Cannot list a table of type VIEW: {table}")));
        }
        let found = own.tables.get(&table.table).ok_or_else(|| no_table(table))?;
        let all: Vec<&ColumnEntry> = found.columns.iter().map(|column| &column.entry).collect();
        self.file_rows(&found.files, &all, columns, range)
    }

    fn file_rows(
        &self,
        files: &[FileEntry],
        all: &[&ColumnEntry],
        columns: Option<&[String]>,
        range: RowRange,
    ) -> Result<RowPage> {
        let fields: Vec<_> = all.iter().map(|column| column.sql_type.field(&column.name, true)).collect();
        let places = chosen(&Schema::new(fields), columns)?;
        let end = range.start.saturating_add(range.most as u64);
        let batches = self.engine.warehouse().rows(files, all, &places, range.start..end)?;
        let named = places.iter().filter_map(|place| all.get(*place));
        let columns = named.map(|column| Column { name: column.name.clone(), sql_type: column.sql_type.clone() });
        let total = files.iter().map(|file| file.rows).sum();
        Ok(RowPage { columns: columns.collect(), batches, start: range.start, total })
    }
}
