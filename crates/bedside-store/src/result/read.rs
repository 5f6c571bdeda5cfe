//! Reading a result by position.

use super::{ENTRY, Entry, FORMAT, ResultName};
use crate::error::{Error, Result};
use crate::warehouse::Warehouse;
use arrow::array::RecordBatch;
use arrow::buffer::Buffer;
use arrow::datatypes::SchemaRef;
use arrow::ipc::convert::fb_to_schema;
use arrow::ipc::reader::{FileDecoder, read_footer_length};
use arrow::ipc::{Block, root_as_footer};
use std::fmt::{self, Display};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What stands behind a footer: its length and the format's magic word.
const TRAILER: u64 = 10;

/// A result that is kept, open for reading: what was deleted meanwhile can still be read.
pub struct ResultFile {
    path: PathBuf,
    file: File,
    size: u64,
    schema: SchemaRef,
    decoder: FileDecoder,
    blocks: Vec<Block>,
    entry: Entry,
}

impl ResultFile {
    /// Opens the file of an anonymous table; `None` where it is not, or no longer, kept.
    ///
    /// # Errors
    /// [`Error::Damaged`], [`Error::AccessDenied`], [`Error::Io`].
    pub fn open(warehouse: &Warehouse, name: &ResultName) -> Result<Option<Self>> {
        let path = warehouse.result_path(name);
        let mut file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Error::io("read", &path, error)),
        };
        let (footer, size) = footer(&mut file, &path)?;
        let damaged = |why: &dyn Display| Error::decode(&path, why);
        let footer = root_as_footer(&footer).map_err(|error| damaged(&error))?;
        let schema = footer.schema().ok_or_else(|| damaged(&"it has no schema"))?;
        let schema = Arc::new(fb_to_schema(schema));
        let entry = footer.custom_metadata().into_iter().flatten().find(|entry| entry.key() == Some(ENTRY));
        let entry = entry.and_then(|entry| entry.value()).ok_or_else(|| damaged(&"it has no index"))?;
        let entry: Entry = serde_json::from_str(entry).map_err(|error| damaged(&error))?;
        let blocks: Vec<Block> = footer.recordBatches().iter().flatten().copied().collect();
        let columns = schema.fields().len();
        if entry.format != FORMAT
            || entry.starts.len() != blocks.len()
            || entry.bytes.len() != columns
            || entry.nulls.len() != columns
        {
            return Err(damaged(&"its index is not of this file"));
        }
        if entry.dataset != name.dataset {
            return Ok(None);
        }
        let decoder = FileDecoder::new(Arc::clone(&schema), footer.version());
        Ok(Some(Self { path, file, size, schema, decoder, blocks, entry }))
    }

    /// The columns' names and Arrow types.
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// Its rows.
    pub fn rows(&self) -> u64 {
        self.entry.rows
    }

    /// Size of the file.
    pub fn bytes(&self) -> u64 {
        self.size
    }

    /// Bytes of each column as BigQuery counts them.
    pub fn column_bytes(&self) -> &[u64] {
        &self.entry.bytes
    }

    /// NULLs of each column.
    pub fn column_nulls(&self) -> &[u64] {
        &self.entry.nulls
    }

    /// The rows of these places, counted from 0; what is behind the last row is left out. Reads no batch that holds none of
    /// them.
    ///
    /// # Errors
    /// [`Error::Damaged`], [`Error::Io`].
    pub fn read(&mut self, places: Range<u64>) -> Result<Vec<RecordBatch>> {
        let end = places.end.min(self.entry.rows);
        let mut batches = Vec::new();
        if places.start >= end {
            return Ok(batches);
        }
        let mut index = self.entry.starts.partition_point(|start| *start <= places.start).saturating_sub(1);
        while index < self.blocks.len() && self.entry.starts[index] < end {
            let batch = self.batch(index)?;
            let start = self.entry.starts[index];
            let from = places.start.saturating_sub(start) as usize;
            let to = ((end - start) as usize).min(batch.num_rows());
            if from < to {
                batches.push(batch.slice(from, to - from));
            }
            index += 1;
        }
        Ok(batches)
    }

    fn batch(&mut self, index: usize) -> Result<RecordBatch> {
        let block = self.blocks[index];
        let length = u64::try_from(block.metaDataLength()).ok().zip(u64::try_from(block.bodyLength()).ok());
        let place = u64::try_from(block.offset()).ok().zip(length.map(|(metadata, body)| metadata + body));
        let place = place.filter(|(start, length)| start + length <= self.size);
        let (start, length) = place.ok_or_else(|| Error::decode(&self.path, "a batch is outside the file"))?;
        let bytes = read_at(&mut self.file, &self.path, start, length)?;
        let batch = self.decoder.read_record_batch(&block, &Buffer::from_vec(bytes));
        let batch = batch.map_err(|error| Error::decode(&self.path, error))?;
        batch.ok_or_else(|| Error::decode(&self.path, "a batch is none"))
    }
}

impl fmt::Debug for ResultFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ResultFile({} rows)", self.entry.rows)
    }
}

/// The footer, and the size of the file.
fn footer(file: &mut File, path: &Path) -> Result<(Vec<u8>, u64)> {
    let size = file.metadata().map_err(|error| Error::io("read", path, error))?.len();
    if size < TRAILER {
        return Err(Error::decode(path, "it is too short"));
    }
    let trailer = read_at(file, path, size - TRAILER, TRAILER)?;
    let trailer: [u8; 10] = trailer.try_into().map_err(|_| Error::decode(path, "it is too short"))?;
    let length = read_footer_length(trailer).map_err(|error| Error::decode(path, error))? as u64;
    if length + TRAILER > size {
        return Err(Error::decode(path, "its footer is longer than the file"));
    }
    Ok((read_at(file, path, size - TRAILER - length, length)?, size))
}

fn read_at(file: &mut File, path: &Path, start: u64, length: u64) -> Result<Vec<u8>> {
    let mut bytes = vec![0; length as usize];
    let read = file.seek(SeekFrom::Start(start)).and_then(|_| file.read_exact(&mut bytes));
    read.map_err(|error| Error::io("read", path, error))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use crate::result::{ResultFile, ResultName, ResultWriter};
    use crate::warehouse::Warehouse;
    use arrow::array::{ArrayRef, AsArray, Int64Array, RecordBatch, StringViewArray};
    use arrow::datatypes::Int64Type;
    use std::sync::Arc;

    fn name() -> ResultName {
        ResultName::new(&format!("_{}", "0".repeat(40)), &format!("anon{}", "1".repeat(64))).unwrap()
    }

    fn batch(from: i64, to: i64) -> RecordBatch {
        let numbers: ArrayRef = Arc::new((from..to).map(Some).collect::<Int64Array>());
        let texts = (from..to).map(|n| (n % 2 == 0).then(|| format!("a text longer than a view {n}")));
        let texts: ArrayRef = Arc::new(texts.collect::<StringViewArray>());
        RecordBatch::try_from_iter_with_nullable([("n", numbers, true), ("t", texts, true)]).unwrap()
    }

    fn numbers(batches: &[RecordBatch]) -> Vec<i64> {
        batches.iter().flat_map(|batch| batch.column(0).as_primitive::<Int64Type>().values().to_vec()).collect()
    }

    #[test]
    fn rows_are_read_by_position_whatever_batches_they_came_in() {
        let home = tempfile::tempdir().unwrap();
        let warehouse = Warehouse::open(home.path()).unwrap();
        let mut writer = ResultWriter::new(&warehouse, name(), &batch(0, 1).schema()).unwrap();
        let mut at = 0;
        for size in [1, 5000, 3, 20_000, 0, 77] {
            writer.write(&batch(at, at + size)).unwrap();
            at += size;
        }
        assert!(ResultFile::open(&warehouse, &name()).unwrap().is_none());
        let written = writer.finish().unwrap();
        assert_eq!(written.rows, at as u64);
        let mut file = ResultFile::open(&warehouse, &name()).unwrap().unwrap();
        assert_eq!((file.rows(), file.bytes()), (at as u64, written.bytes));
        assert_eq!(file.column_bytes()[0], 8 * at as u64);
        assert_eq!(file.column_bytes().iter().sum::<u64>(), written.logical_bytes);
        assert_eq!(file.column_nulls(), [0, at as u64 / 2]);
        for (from, to) in [(0, 1), (0, 30_000), (4090, 4100), (8192, 8193), (25_000, 25_081), (25_081, 30_000), (7, 7)]
        {
            let expected: Vec<i64> = (from..to.min(at)).collect();
            assert_eq!(numbers(&file.read(from as u64..to as u64).unwrap()), expected, "{from}..{to}");
        }
    }

    #[test]
    fn a_view_into_a_large_buffer_writes_its_own_text_alone() {
        let home = tempfile::tempdir().unwrap();
        let warehouse = Warehouse::open(home.path()).unwrap();
        let large = batch(0, 100_000);
        let mut writer = ResultWriter::new(&warehouse, name(), &large.schema()).unwrap();
        writer.write(&large.slice(50_000, 2)).unwrap();
        assert!(writer.finish().unwrap().bytes < 10_000);
    }

    #[test]
    fn what_is_not_finished_leaves_nothing_and_a_damaged_file_is_said() {
        let home = tempfile::tempdir().unwrap();
        let warehouse = Warehouse::open(home.path()).unwrap();
        let mut writer = ResultWriter::new(&warehouse, name(), &batch(0, 1).schema()).unwrap();
        writer.write(&batch(0, 9)).unwrap();
        drop(writer);
        let folder = warehouse.result_path(&name()).parent().unwrap().to_path_buf();
        assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);
        for content in [&b""[..], b"ARROW1", &[7; 4000]] {
            std::fs::write(warehouse.result_path(&name()), content).unwrap();
            let error = ResultFile::open(&warehouse, &name()).unwrap_err();
            assert!(error.to_string().contains("damaged"), "{error}");
        }
    }
}
