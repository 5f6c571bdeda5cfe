//! Writing one layout of one table: sorted batches in, part files with statistics out.

mod chunks;
mod encoding;
mod order;
mod range;

use crate::disk;
use crate::error::{Error, Result};
use crate::manifest::{ColumnEntry, FileEntry, LayoutEntry, LayoutName};
use crate::place;
use crate::statistics::{ColumnStatistics, ItemCounts};
use crate::stored;
use crate::warehouse::{ReleaseLock, Warehouse};
use arrow::datatypes::{Schema, SchemaRef};
use bedside_types::SqlType;
use parquet::file::properties::WriterPropertiesPtr;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

pub(crate) use encoding::CREATED_BY;
pub use encoding::{ENCODING_VERSION, PAGE_ROWS, ROW_GROUP_ROWS, generation};
pub use range::{RangeWriter, WrittenRange};

/// A column to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnSpec {
    /// Its name.
    pub name: String,
    /// Its type; in a release any but INTERVAL, ARRAY and STRUCT.
    pub sql_type: SqlType,
    /// Whether NULL may occur. Otherwise the file declares the column required, and a NULL is an error.
    pub nullable: bool,
}

/// What to write.
#[derive(Clone, Debug)]
pub struct LayoutSpec {
    /// The module: `hosp`.
    pub module: String,
    /// The table in small letters: `admissions`.
    pub table: String,
    /// Which layout.
    pub name: LayoutName,
    /// See [`generation`].
    pub generation: String,
    /// The columns in order.
    pub columns: Vec<ColumnSpec>,
    /// The columns by which the rows of each range come sorted: ascending, NULLs first. May be empty for
    /// [`LayoutName::File`]; otherwise it has `subject_id`.
    pub order: Vec<String>,
    /// Whether to gather statistics.
    pub statistics: Statistics,
}

/// Which statistics a writer gathers. One layout of a table is enough, as all hold the same rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Statistics {
    /// All columns, and rows per item where there is an `itemid`.
    Gather,
    /// Only the smallest and greatest values of the order columns in each file.
    OrderOnly,
}

/// Writes one layout of one table. Its ranges may be written one after the other or by several threads; nothing is visible
/// under its final name before [`LayoutWriter::finish`], and nothing is left when it is dropped before.
#[derive(Debug)]
pub struct LayoutWriter {
    plan: Arc<Plan>,
}

/// A layout whose files are in place, to be put into a manifest.
#[derive(Clone, Debug, PartialEq)]
pub struct WrittenLayout {
    /// Rows written.
    pub rows: u64,
    /// For [`crate::TableEntry::layouts`].
    pub entry: LayoutEntry,
    /// For [`crate::TableEntry::columns`]; empty with [`Statistics::OrderOnly`].
    pub columns: Vec<ColumnEntry>,
    /// For [`crate::TableEntry::item_counts`]; `None` with [`Statistics::OrderOnly`].
    pub item_counts: Option<BTreeMap<i64, u64>>,
}

/// What all ranges of a layout share.
#[derive(Debug)]
struct Plan {
    warehouse: Warehouse,
    spec: LayoutSpec,
    /// The folder of the part files, relative to the home.
    folder: String,
    schema: SchemaRef,
    /// Indices of the order columns.
    order: Vec<usize>,
    /// Index of the item column, where rows per item are to be counted.
    item: Option<usize>,
    /// Index of the subject column, where there are ranges.
    subject: Option<usize>,
    splits: Vec<i64>,
    properties: WriterPropertiesPtr,
}

impl LayoutWriter {
    /// A writer for the locked release. `splits` are the release's [`crate::Manifest::subject_splits`].
    ///
    /// # Errors
    /// [`Error::Unsupported`] for a type or name that files cannot have, [`Error::Rows`] for an order column that does not
    /// exist, [`Error::DiskFull`], [`Error::AccessDenied`], [`Error::Io`].
    pub fn new(warehouse: &Warehouse, lock: &ReleaseLock, spec: LayoutSpec, splits: &[i64]) -> Result<Self> {
        place::check_name(&spec.module, "module")?;
        place::check_name(&spec.table, "table")?;
        place::check_name(&spec.generation, "generation")?;
        for column in &spec.columns {
            if matches!(column.sql_type, SqlType::Interval | SqlType::Array(_) | SqlType::Struct(_)) {
                return Err(Error::Unsupported {
                    what: format!("column {} of {}.{}", column.name, spec.module, spec.table),
                    why: format!("the warehouse has no columns of type {}", column.sql_type),
                });
            }
        }
        let folder = place::layout(lock.release(), &spec.module, &spec.table, spec.name.word(), &spec.generation);
        Self::in_folder(warehouse, folder, spec, splits)
    }

    /// A writer into a folder relative to the home.
    pub(crate) fn in_folder(warehouse: &Warehouse, folder: String, spec: LayoutSpec, splits: &[i64]) -> Result<Self> {
        let index = |name: &str| spec.columns.iter().position(|column| column.name.eq_ignore_ascii_case(name));
        let order: Vec<usize> = spec
            .order
            .iter()
            .map(|name| index(name).ok_or_else(|| rows_error(&spec, format!("there is no order column {name}"))))
            .collect::<Result<_>>()?;
        let subject = match spec.name {
            LayoutName::File => None,
            LayoutName::Patient | LayoutName::Item => {
                let subject = index("subject_id")
                    .filter(|subject| order.contains(subject) && spec.columns[*subject].sql_type == SqlType::Int64);
                Some(
                    subject
                        .ok_or_else(|| rows_error(&spec, "subject_id is no order column of type INT64".to_owned()))?,
                )
            }
        };
        let item = index("itemid")
            .filter(|item| spec.statistics == Statistics::Gather && spec.columns[*item].sql_type == SqlType::Int64);
        let fields: Vec<_> = spec
            .columns
            .iter()
            .map(|column| stored::field(&column.sql_type.field(&column.name, column.nullable)))
            .collect();
        disk::create_folder(&warehouse.path(&folder))?;
        let plan = Plan {
            warehouse: warehouse.clone(),
            folder,
            schema: Arc::new(Schema::new(fields)),
            properties: Arc::new(encoding::properties(&spec.columns, &order, spec.name)),
            spec,
            order,
            item,
            subject,
            splits: splits.to_vec(),
        };
        Ok(Self { plan: Arc::new(plan) })
    }

    /// Begins the file of one subject range; `None` for the only file of [`LayoutName::File`].
    ///
    /// # Errors
    /// [`Error::Rows`] for a range that does not exist, [`Error::DiskFull`], [`Error::AccessDenied`], [`Error::Io`].
    pub fn range(&self, range: Option<u32>) -> Result<RangeWriter> {
        let exists = match (range, self.plan.subject) {
            (None, None) => true,
            (Some(range), Some(_)) => range as usize <= self.plan.splits.len(),
            _ => false,
        };
        if !exists {
            return Err(rows_error(&self.plan.spec, format!("there is no range {range:?}")));
        }
        RangeWriter::new(Arc::clone(&self.plan), range)
    }

    /// Puts the files of all ranges in place, in whatever order they come: renamed, and the folder synced. Ranges without
    /// rows leave no file.
    ///
    /// # Errors
    /// [`Error::Rows`] for a range that comes twice, [`Error::DiskFull`], [`Error::AccessDenied`], [`Error::Io`].
    pub fn finish(self, mut ranges: Vec<WrittenRange>) -> Result<WrittenLayout> {
        let spec = &self.plan.spec;
        ranges.sort_by_key(|range| range.range);
        if let Some(twice) = ranges.windows(2).find(|pair| pair[0].range == pair[1].range) {
            return Err(rows_error(spec, format!("range {:?} comes twice", twice[0].range)));
        }
        let mut statistics: Vec<_> =
            spec.columns.iter().map(|column| ColumnStatistics::new(&column.sql_type)).collect();
        let mut items = ItemCounts::default();
        for range in &ranges {
            for (all, part) in statistics.iter_mut().zip(&range.statistics) {
                if let Some(part) = part {
                    all.merge(part);
                }
            }
            items.merge(&range.items);
        }
        ranges.retain(|range| range.rows > 0);
        if ranges.is_empty() {
            // Other programs that read the folder find the columns in it.
            ranges.push(self.range(self.plan.subject.map(|_| 0))?.finish()?);
        }
        let rows = ranges.iter().map(|range| range.rows).sum();
        let files = ranges.into_iter().map(WrittenRange::put_in_place).collect::<Result<Vec<FileEntry>>>()?;
        disk::sync_folder(&self.plan.warehouse.path(&self.plan.folder))?;
        let gather = spec.statistics == Statistics::Gather;
        let columns = spec.columns.iter().zip(&statistics).filter(|_| gather);
        Ok(WrittenLayout {
            rows,
            entry: LayoutEntry { name: spec.name, order: spec.order.clone(), files },
            columns: columns.map(|(column, statistics)| statistics.entry(&column.name, column.nullable)).collect(),
            item_counts: self.plan.item.and_then(|_| items.finish()),
        })
    }
}

impl Plan {
    fn part(&self, range: Option<u32>) -> (String, PathBuf, PathBuf) {
        let path = place::part(&self.folder, range);
        let temporary = self.warehouse.path(&place::temporary(&path));
        let target = self.warehouse.path(&path);
        (path, temporary, target)
    }
}

fn rows_error(spec: &LayoutSpec, why: String) -> Error {
    Error::Rows { table: format!("{}.{}", spec.module, spec.table), layout: spec.name.word(), why }
}
