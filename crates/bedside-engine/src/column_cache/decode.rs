//! Rows of a file from the columns in memory, and from the file what is not there yet.

use super::scan::Scan;
use datafusion::arrow::array::{Array, ArrayRef, BooleanArray, RecordBatch, RecordBatchOptions};
use datafusion::arrow::compute::BatchCoalescer;
use datafusion::common::cast::as_boolean_array;
use datafusion::common::{Result, internal_datafusion_err};
use datafusion::datasource::physical_plan::parquet::{ParquetAccessPlan, RowGroupAccess};
use object_store::local::LocalFileSystem;
use object_store::path::Path as ObjectPath;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder, RowSelection, RowSelector,
};
use parquet::file::metadata::ParquetMetaData;
use std::collections::VecDeque;
use std::fs::File;
use std::sync::Arc;

/// Rows that are kept together: a page.
const CHUNK_ROWS: usize = bedside_store::PAGE_ROWS;

/// Neighbouring rows of a row group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Chunk {
    pub(super) group: usize,
    /// Its place among all chunks of the file.
    pub(super) number: usize,
    /// Its first row in the group.
    pub(super) start: usize,
    pub(super) rows: usize,
}

/// The chunks that have a row of the plan.
pub(super) fn chunks(metadata: &ParquetMetaData, plan: &ParquetAccessPlan) -> Vec<Chunk> {
    let mut chunks = Vec::new();
    let mut first = 0;
    for (group, access) in plan.inner().iter().enumerate() {
        let rows = metadata.row_group(group).num_rows() as usize;
        let count = rows.div_ceil(CHUNK_ROWS);
        let mut wanted = vec![matches!(access, RowGroupAccess::Scan); count];
        if let RowGroupAccess::Selection(selection) = access {
            let mut row = 0;
            for selector in selection.iter() {
                if !selector.skip && selector.row_count > 0 {
                    wanted[row / CHUNK_ROWS..(row + selector.row_count).div_ceil(CHUNK_ROWS)].fill(true);
                }
                row += selector.row_count;
            }
        }
        let chunk = |place: usize| {
            let start = place * CHUNK_ROWS;
            Chunk { group, number: first + place, start, rows: CHUNK_ROWS.min(rows - start) }
        };
        chunks.extend((0..count).filter(|place| wanted[*place]).map(chunk));
        first += count;
    }
    chunks
}

/// The rows of a file that pass, in order.
pub(super) struct ChunkReader {
    scan: Arc<Scan>,
    path: String,
    footer: ArrowReaderMetadata,
    chunks: Vec<Chunk>,
    /// By column and chunk what was in memory when the reading began.
    kept: Vec<Vec<Option<ArrayRef>>>,
    /// Which chunk is next.
    next: usize,
    missing: Option<Missing>,
    /// Rows that passed and do not fill a batch yet.
    coalescer: BatchCoalescer,
    ready: VecDeque<RecordBatch>,
    failed: bool,
}

/// Columns of a row group that are not in memory as a whole, from the first chunk that lacks one.
struct Missing {
    group: usize,
    /// Their places among the scan's columns, in the file's order.
    places: Vec<usize>,
    reader: ParquetRecordBatchReader,
}

impl ChunkReader {
    pub(super) fn new(
        scan: Arc<Scan>,
        path: String,
        footer: ArrowReaderMetadata,
        chunks: Vec<Chunk>,
        kept: Vec<Vec<Option<ArrayRef>>>,
    ) -> Self {
        let coalescer = BatchCoalescer::new(Arc::clone(&scan.output), scan.batch_rows);
        let ready = VecDeque::new();
        Self { scan, path, footer, chunks, kept, next: 0, missing: None, coalescer, ready, failed: false }
    }

    fn advance(&mut self) -> Result<Option<RecordBatch>> {
        loop {
            if let Some(batch) = self.ready.pop_front() {
                return Ok(Some(self.scan.projector.project_batch(&batch)?));
            }
            if self.next < self.chunks.len() {
                let batch = self.chunk(self.next)?;
                self.next += 1;
                self.filter(&batch)?;
            } else if self.coalescer.get_buffered_rows() > 0 {
                self.coalescer.finish_buffered_batch()?;
            } else {
                return Ok(None);
            }
            self.ready.extend(std::iter::from_fn(|| self.coalescer.next_completed_batch()));
        }
    }

    /// All columns of a chunk.
    fn chunk(&mut self, index: usize) -> Result<RecordBatch> {
        let chunk = self.chunks[index];
        let mut columns: Vec<_> = self.kept.iter_mut().map(|kept| kept[index].take()).collect();
        if columns.iter().any(Option::is_none)
            || self.missing.as_ref().is_some_and(|missing| missing.group == chunk.group)
        {
            self.decode(chunk, index, &mut columns)?;
        }
        let columns: Option<Vec<_>> = columns.into_iter().collect();
        let columns = columns.ok_or_else(|| internal_datafusion_err!("a column of {} was not read", self.path))?;
        let options = RecordBatchOptions::new().with_row_count(Some(chunk.rows));
        Ok(RecordBatch::try_new_with_options(Arc::clone(&self.scan.schema), columns, &options)?)
    }

    /// Reads what is missing of a chunk, and keeps it.
    fn decode(&mut self, chunk: Chunk, index: usize, columns: &mut [Option<ArrayRef>]) -> Result<()> {
        if self.missing.as_ref().is_none_or(|missing| missing.group != chunk.group) {
            self.missing = Some(self.open(chunk.group, index, columns)?);
        }
        let Some(missing) = &mut self.missing else { return Ok(()) };
        let batch = missing.reader.next().transpose()?;
        let batch = batch.filter(|batch| batch.num_rows() == chunk.rows);
        let batch =
            batch.ok_or_else(|| internal_datafusion_err!("{} has other rows than its footer says", self.path))?;
        let (_, decoded, _) = batch.into_parts();
        for (place, mut column) in missing.places.iter().zip(decoded) {
            if columns[*place].is_none() {
                // Nobody else has it yet, so that this can give back what was reserved too much.
                column.shrink_to_fit();
                self.scan.keep(&self.path, self.scan.columns[*place], chunk.number, &column);
                columns[*place] = Some(column);
            }
        }
        Ok(())
    }

    /// A reader of the columns of a row group of which a chunk is missing, at this one or behind it.
    fn open(&self, group: usize, index: usize, columns: &[Option<ArrayRef>]) -> Result<Missing> {
        let ahead = self.chunks[index..].iter().take_while(|chunk| chunk.group == group).count();
        let lacks = |place: &usize| {
            columns[*place].is_none() || self.kept[*place][index + 1..index + ahead].iter().any(Option::is_none)
        };
        let mut places: Vec<_> = (0..columns.len()).filter(lacks).collect();
        places.sort_by_key(|place| self.scan.columns[*place]);
        let mut selectors = Vec::new();
        let mut row = 0;
        for chunk in &self.chunks[index..index + ahead] {
            selectors.push(RowSelector::skip(chunk.start - row));
            selectors.push(RowSelector::select(chunk.rows));
            row = chunk.start + chunk.rows;
        }
        let path = LocalFileSystem::new().path_to_filesystem(&ObjectPath::from(self.path.as_str()))?;
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(File::open(path)?, self.footer.clone());
        let mask =
            ProjectionMask::roots(builder.parquet_schema(), places.iter().map(|place| self.scan.columns[*place]));
        let reader = builder
            .with_projection(mask)
            .with_row_groups(vec![group])
            .with_row_selection(RowSelection::from(selectors))
            .with_batch_size(CHUNK_ROWS)
            .build()?;
        Ok(Missing { group, places, reader })
    }

    /// Lets the rows of a chunk through that pass.
    fn filter(&mut self, batch: &RecordBatch) -> Result<()> {
        let rows = batch.num_rows();
        let passing = self.scan.filter.as_ref().map(|filter| filter.evaluate(batch)?.into_array(rows)).transpose()?;
        let passing = passing.as_deref().map(as_boolean_array).transpose()?;
        let count = passing.map_or(rows, BooleanArray::true_count);
        let width = self.scan.output.fields().len();
        let columns = batch.columns()[..width].to_vec();
        let options = RecordBatchOptions::new().with_row_count(Some(if width == 0 { count } else { rows }));
        let batch = RecordBatch::try_new_with_options(Arc::clone(&self.scan.output), columns, &options)?;
        match passing {
            _ if count == 0 => (),
            Some(passing) if count < rows && width > 0 => self.coalescer.push_batch_with_filter(batch, passing)?,
            _ if self.coalescer.get_buffered_rows() > 0 => self.coalescer.push_batch(batch)?,
            // Nothing is copied where all rows pass.
            _ => {
                let (rows, most) = (batch.num_rows(), self.scan.batch_rows);
                self.ready.extend((0..rows).step_by(most).map(|start| batch.slice(start, most.min(rows - start))));
            }
        }
        Ok(())
    }
}

impl Iterator for ChunkReader {
    type Item = Result<RecordBatch>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        let batch = self.advance();
        self.failed = batch.is_err();
        batch.transpose()
    }
}
