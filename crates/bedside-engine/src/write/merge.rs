//! MERGE: what becomes of each row.

use super::{Done, Seen, Writing, broken, told};
use crate::change::{Change, ChangeKind};
use crate::engine::Prepared;
use crate::error::Result;
use arrow::array::{Array, AsArray, BooleanArray, RecordBatch};
use arrow::compute::{filter, filter_record_batch};
use arrow::datatypes::Int64Type;
use bedside_sql::tree::{Merge, MergedRow};

/// Rows by what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MergedRows {
    /// New ones.
    pub inserted: u64,
    /// Those with other values.
    pub updated: u64,
    /// Those that are gone.
    pub deleted: u64,
}

impl Writing<'_> {
    pub(super) fn merge(&self, merge: &Merge, rows: &Prepared) -> Result<Done> {
        let name = &merge.table.schema.path.table;
        let mut table = self.table(name)?;
        let width = table.columns.len();
        let (mut counts, mut seen) = (MergedRows::default(), Seen::default());
        let written = self.write(name, &table.columns, |take| {
            self.each_batch(rows, &mut |batch| take(&merged(batch, width, &mut counts, &mut seen)?))
        })?;
        let total = counts.inserted + counts.updated + counts.deleted;
        let change = Change { merged: Some(counts), ..told(ChangeKind::Merged, Some(total)) };
        if total == 0 {
            return Ok((change, None));
        }
        table.replace(written);
        self.put(name, table, change)
    }
}

/// The rows of a batch that will be there, counted.
fn merged(batch: &RecordBatch, width: usize, counts: &mut MergedRows, seen: &mut Seen) -> Result<RecordBatch> {
    let actions = batch.column(width).as_primitive::<Int64Type>();
    let is = |row: MergedRow| actions.iter().map(|found| Some(found == Some(row as i64))).collect::<BooleanArray>();
    let count = |mask: &BooleanArray| mask.true_count() as u64;
    let (inserted, updated, deleted) = (is(MergedRow::Inserted), is(MergedRow::Updated), is(MergedRow::Deleted));
    counts.inserted += count(&inserted);
    counts.updated += count(&updated);
    counts.deleted += count(&deleted);
    let changed = arrow::compute::or(&updated, &deleted).map_err(broken)?;
    seen.add(&filter(batch.column(width + 1), &changed).map_err(broken)?)?;
    let columns = batch.project(&(0..width).collect::<Vec<_>>()).map_err(broken)?;
    let stays = arrow::compute::not(&deleted).map_err(broken)?;
    debug_assert_eq!(stays.null_count(), 0, "what becomes of a row is known");
    filter_record_batch(&columns, &stays).map_err(broken)
}
