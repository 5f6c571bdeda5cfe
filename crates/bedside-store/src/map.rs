//! Maps from an id to what it determines: stay → patient and admission, admission → patient.

use crate::disk;
use crate::error::{Error, Result};
use crate::manifest::{Manifest, MapEntry};
use crate::place;
use crate::read;
use crate::warehouse::{ReleaseLock, Warehouse};
use arrow::array::{Array, ArrayRef, Int64Array, RecordBatch};
use arrow::datatypes::{DataType, Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::properties::WriterProperties;
use std::sync::Arc;
use twox_hash::XxHash64;

/// An id and what it determines, in memory: 8 bytes per id and dependent (MIMIC-IV 3.1 has 94,458 stays and 546,028
/// admissions).
#[derive(Clone, Debug, PartialEq)]
pub struct IdMap {
    name: String,
    dependents: Vec<String>,
    ids: Int64Array,
    values: Vec<Int64Array>,
}

impl IdMap {
    /// A map of the ids in `ids`, in any order, repeated or not; `values` are the columns of the dependents, row for row.
    /// Rows without an id are left out. `None` if an id comes with two different values (NULL is one of its own).
    pub fn new(name: &str, dependents: &[&str], ids: &Int64Array, values: &[Int64Array]) -> Option<Self> {
        let value = |column: &Int64Array, row: usize| column.is_valid(row).then(|| column.value(row));
        let mut rows: Vec<usize> = (0..ids.len()).filter(|row| ids.is_valid(*row)).collect();
        rows.sort_by_key(|row| ids.value(*row));
        let same_id = |a: usize, b: usize| ids.value(a) == ids.value(b);
        let conflict = rows.windows(2).any(|pair| {
            same_id(pair[0], pair[1]) && values.iter().any(|column| value(column, pair[0]) != value(column, pair[1]))
        });
        if conflict || values.len() != dependents.len() || values.iter().any(|column| column.len() != ids.len()) {
            return None;
        }
        rows.dedup_by(|a, b| same_id(*a, *b));
        let take = |column: &Int64Array| rows.iter().map(|row| value(column, *row)).collect::<Int64Array>();
        Some(Self {
            name: name.to_owned(),
            dependents: dependents.iter().map(|name| (*name).to_owned()).collect(),
            ids: take(ids),
            values: values.iter().map(take).collect(),
        })
    }

    /// The name of the id: `stay_id`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the id determines, in the order of the columns.
    pub fn dependents(&self) -> &[String] {
        &self.dependents
    }

    /// The ids, ascending, each once.
    pub fn ids(&self) -> &Int64Array {
        &self.ids
    }

    /// The values of a dependent, in the order of the ids.
    pub fn values(&self, dependent: &str) -> Option<&Int64Array> {
        let index = self.dependents.iter().position(|name| name.eq_ignore_ascii_case(dependent))?;
        self.values.get(index)
    }

    /// Where an id stands among the ids.
    pub fn position(&self, id: i64) -> Option<usize> {
        self.ids.values().binary_search(&id).ok()
    }

    /// What an id determines: outer `None` for an id that is not in the map, inner for NULL.
    pub fn get(&self, id: i64, dependent: &str) -> Option<Option<i64>> {
        let values = self.values(dependent)?;
        let position = self.position(id)?;
        Some(values.is_valid(position).then(|| values.value(position)))
    }

    fn encode(&self) -> Result<Vec<u8>, parquet::errors::ParquetError> {
        let mut fields = vec![Field::new(&self.name, DataType::Int64, false)];
        fields.extend(self.dependents.iter().map(|name| Field::new(name, DataType::Int64, true)));
        let schema = Arc::new(Schema::new(fields));
        let mut columns: Vec<ArrayRef> = vec![Arc::new(self.ids.clone())];
        columns.extend(self.values.iter().map(|values| Arc::new(values.clone()) as ArrayRef));
        let properties = WriterProperties::builder()
            .set_created_by(crate::layout::CREATED_BY.to_owned())
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?))
            .set_dictionary_enabled(false)
            .set_encoding(Encoding::DELTA_BINARY_PACKED)
            .build();
        let options = ArrowWriterOptions::new().with_properties(properties).with_skip_arrow_metadata(true);
        let mut writer = ArrowWriter::try_new_with_options(Vec::new(), Arc::clone(&schema), options)?;
        writer.write(&RecordBatch::try_new(schema, columns)?)?;
        writer.into_inner()
    }
}

impl Warehouse {
    /// Writes a map of the locked release, made from `table` (`icu.icustays`) of that generation. It counts from the moment
    /// on that a manifest has the entry.
    ///
    /// # Errors
    /// [`Error::DiskFull`], [`Error::AccessDenied`], [`Error::Io`], [`Error::Unsupported`] for a name that no file can have.
    pub fn write_map(&self, lock: &ReleaseLock, map: &IdMap, table: &str, generation: &str) -> Result<MapEntry> {
        place::check_name(&map.name, "map")?;
        let folder = self.path(&place::maps(lock.release()));
        let content = map.encode().map_err(|error| Error::encode(&folder, error))?;
        let xxh64 = format!("{:016x}", XxHash64::oneshot(0, &content));
        let path = place::map(lock.release(), &map.name, &xxh64);
        disk::create_folder(&folder)?;
        disk::replace(self.home(), &path, &content)?;
        Ok(MapEntry {
            path,
            bytes: content.len() as u64,
            xxh64,
            table: table.to_owned(),
            generation: generation.to_owned(),
            ids: map.ids.len() as u64,
            dependents: map.dependents.clone(),
        })
    }

    /// Reads a map of a manifest into memory; `None` if it has none of that name.
    ///
    /// # Errors
    /// [`Error::Damaged`], [`Error::AccessDenied`], [`Error::Io`].
    pub fn open_map(&self, manifest: &Manifest, name: &str) -> Result<Option<IdMap>> {
        let Some(entry) = manifest.maps.get(name) else { return Ok(None) };
        let path = self.path(&entry.path);
        let names: Vec<&str> = std::iter::once(name).chain(entry.dependents.iter().map(String::as_str)).collect();
        let mut batches: Vec<Vec<Int64Array>> = Vec::new();
        read::integers(&path, &names, |columns| batches.push(columns.into_iter().cloned().collect()))?;
        let column = |index: usize| batches.iter().flat_map(|batch| batch[index].iter()).collect::<Int64Array>();
        let ids = column(0);
        let values = (1..names.len()).map(column).collect();
        if ids.null_count() > 0 || ids.values().windows(2).any(|pair| pair[0] >= pair[1]) {
            return Err(Error::decode(&path, "its ids are not sorted"));
        }
        Ok(Some(IdMap { name: name.to_owned(), dependents: entry.dependents.clone(), ids, values }))
    }
}
