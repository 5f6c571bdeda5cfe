//! How columns become Parquet, fixed so that the same rows always give the same bytes.

use super::ColumnSpec;
use bedside_types::SqlType;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::metadata::SortingColumn;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;
use twox_hash::XxHash64;

/// Raised whenever the bytes written for the same rows change, so that files of another way of encoding get other names.
/// A test with a recorded digest notices such changes, those of the libraries below included.
pub const ENCODING_VERSION: u32 = 1;

/// Rows in a row group, but for the last: 64 pages.
pub const ROW_GROUP_ROWS: usize = 1 << 20;

/// Rows in a page at most. Skipping within a file goes by pages.
pub const PAGE_ROWS: usize = 1 << 14;

/// Rows handed to the encoder at once; divides a page.
pub(crate) const CHUNK_ROWS: usize = 1 << 13;

/// In the form that readers of the Java library parse; what they cannot parse makes them ignore statistics of texts.
pub(crate) const CREATED_BY: &str = "bedside version 1.0.0 (build 1)";

/// The name of the files' content: 8 hex digits that depend on the source's checksum, the columns, the split points and
/// [`ENCODING_VERSION`], so that a table that is loaded again gets other file names exactly if it has other bytes.
pub fn generation(source_sha256: &str, columns: &[ColumnSpec], splits: &[i64]) -> String {
    let columns: Vec<_> =
        columns.iter().map(|column| format!("{} {} {}", column.name, column.sql_type, column.nullable)).collect();
    let text = format!("{ENCODING_VERSION}\n{source_sha256}\n{}\n{splits:?}", columns.join("\n"));
    format!("{:08x}", XxHash64::oneshot(0, text.as_bytes()) >> 32)
}

/// The settings of the Parquet writer for these columns, sorted by those of the indices `order`.
pub(crate) fn properties(columns: &[ColumnSpec], order: &[usize]) -> WriterProperties {
    let sorting = order
        .iter()
        .map(|index| SortingColumn { column_idx: *index as i32, descending: false, nulls_first: true })
        .collect::<Vec<_>>();
    let mut builder = WriterProperties::builder()
        .set_created_by(CREATED_BY.to_owned())
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(3).unwrap_or_default()))
        .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
        .set_max_row_group_bytes(None)
        .set_data_page_row_count_limit(PAGE_ROWS)
        .set_write_batch_size(1024)
        .set_statistics_enabled(EnabledStatistics::Page)
        .set_statistics_truncate_length(Some(64))
        .set_column_index_truncate_length(Some(64))
        .set_sorting_columns(Some(sorting).filter(|sorting| !sorting.is_empty()));
    for (index, column) in columns.iter().enumerate() {
        let path = ColumnPath::from(column.name.as_str());
        let place_in_order = order.iter().position(|other| *other == index);
        builder = match encoding(&column.sql_type, place_in_order) {
            Chosen::Dictionary => builder.set_column_dictionary_enabled(path, true),
            Chosen::Delta => builder
                .set_column_dictionary_enabled(path.clone(), false)
                .set_column_encoding(path, Encoding::DELTA_BINARY_PACKED),
            Chosen::Plain => {
                builder.set_column_dictionary_enabled(path.clone(), false).set_column_encoding(path, Encoding::PLAIN)
            }
        };
    }
    builder.build()
}

#[derive(Debug, PartialEq, Eq)]
enum Chosen {
    Dictionary,
    Delta,
    Plain,
}

fn encoding(sql_type: &SqlType, place_in_order: Option<usize>) -> Chosen {
    match sql_type {
        SqlType::Bool => Chosen::Plain,
        SqlType::Datetime | SqlType::Timestamp | SqlType::Date | SqlType::Time => Chosen::Delta,
        SqlType::Int64 if place_in_order.is_some() => Chosen::Delta,
        _ => Chosen::Dictionary,
    }
}
