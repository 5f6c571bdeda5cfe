//! Tables into files.

use crate::active::Active;
use crate::error::{Error, Result};
use crate::place::{Place, Scratch, create, fault};
use crate::principal::{Action, Principal};
use crate::service::{Shared, random};
use crate::stream::quoted;
use crate::submission::Priority;
use crate::tables::TableKind;
use arrow::array::{AsArray, RecordBatch};
use bedside_engine::{Prepared, Request};
use bedside_meta::{Column, Job, TableReference};
use bedside_types::SqlType;
use flate2::Compression as Level;
use flate2::write::GzEncoder;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression as Codec, GzipLevel, ZstdLevel};
use parquet::file::properties::WriterProperties;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What a `*` in a place becomes: the number of the file, of which there is one.
const FIRST: &str = "000000000000";

/// A table into files.
#[derive(Clone, Debug)]
pub struct Extract {
    /// The table, kept or anonymous.
    pub source: TableReference,
    /// Where to: files in folders and buckets that are allowed; `*` is a number.
    pub places: Vec<String>,
    /// How.
    pub format: ExtractFormat,
    /// Compressed how.
    pub compression: Compression,
}

/// How rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExtractFormat {
    /// Comma-separated values.
    Csv {
        /// What stands between values.
        delimiter: u8,
        /// What stands in the first line.
        header: Header,
    },
    /// A JSON object a line.
    Ndjson,
    /// Parquet.
    Parquet,
}

/// What stands in the first line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Header {
    /// The columns' names.
    Names,
    /// The first row.
    None,
}

/// How files are compressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Compression {
    /// Not at all.
    #[default]
    None,
    /// gzip.
    Gzip,
    /// snappy, for Parquet.
    Snappy,
    /// zstd, for Parquet.
    Zstd,
}

impl Compression {
    /// That of one of BigQuery's words; `None` for one that is not done here.
    pub fn of_word(word: &str) -> Option<Self> {
        Some(match word.to_ascii_uppercase().as_str() {
            "NONE" | "" => Self::None,
            "GZIP" => Self::Gzip,
            "SNAPPY" => Self::Snappy,
            "ZSTD" => Self::Zstd,
            _ => return None,
        })
    }
}

/// The byte between values that a text stands for, as BigQuery reads it; `None` where it is not one ASCII character.
pub fn delimiter(text: &str) -> Option<u8> {
    match text.as_bytes() {
        b"" => Some(b','),
        b"\\t" | b"tab" => Some(b'\t'),
        [byte] if byte.is_ascii() => Some(*byte),
        _ => None,
    }
}

/// Where lines go.
enum Lines {
    Plain(BufWriter<File>),
    Gzip(Box<GzEncoder<BufWriter<File>>>),
}

/// Puts a table into files.
pub(crate) fn run(shared: &Arc<Shared>, principal: &Principal, active: &Arc<Active>, extract: &Extract) -> Result<Job> {
    principal.may(&Action::Read)?;
    shared.may_read(principal, &extract.source)?;
    let table = shared.table(&extract.source)?;
    if table.kind != TableKind::Table {
        return Err(Error::Invalid(format!(
            "{} is not allowed for this operation because it is currently a VIEW",
            extract.source
        )));
    }
    let (_slot, mut job) = shared.started(principal, active, Priority::Batch)?;
    let columns: Vec<Column> = table
        .columns
        .iter()
        .map(|column| Column { name: column.name.clone(), sql_type: column.sql_type.clone() })
        .collect();
    let project = job.key.project.clone();
    job.statistics.rows = Some(into_files(shared, &project, active, extract, &columns)?);
    job.statistics.files_written = vec![1; extract.places.len()];
    Ok(job)
}

/// Writes the rows of a table with these columns. Gives how many.
pub(crate) fn into_files(
    shared: &Shared,
    project: &str,
    active: &Active,
    extract: &Extract,
    columns: &[Column],
) -> Result<u64> {
    if extract.places.is_empty() {
        return Err(Error::Invalid("Required parameter is missing: destinationUris".to_owned()));
    }
    let mut count = 0;
    for (at, place) in extract.places.iter().enumerate() {
        let place = Place::allowed(shared, &place.replace('*', FIRST))?;
        let rows = shared.rows_for(project, &extract.source, columns, extract.format)?;
        // Rows go into the first file; BigQuery leaves the others empty, too.
        let rows = (at == 0).then_some(rows);
        count += match place {
            Place::File(path) => write(&path, extract, columns, rows, active)?,
            Place::Object(object) => {
                let file = Scratch::new(shared)?;
                let written = fill(file.path(), extract, columns, rows, active)?;
                object.put(shared, &file, &active.stop)?;
                written
            }
        };
    }
    Ok(count)
}

impl Shared {
    /// The rows in the form of a format: texts for CSV, one document for JSON, values for Parquet.
    fn rows_for(
        &self,
        project: &str,
        table: &TableReference,
        columns: &[Column],
        format: ExtractFormat,
    ) -> Result<Prepared> {
        let from = format!("{}.{}.{}", quoted(&table.project), quoted(&table.dataset), quoted(&table.table));
        let selected = match format {
            ExtractFormat::Parquet => "*".to_owned(),
            ExtractFormat::Ndjson => format!("TO_JSON_STRING(STRUCT({}))", names(columns)),
            ExtractFormat::Csv { .. } => columns.iter().map(text_of).collect::<Result<Vec<_>>>()?.join(", "),
        };
        // A name that no column has: it would hide the column.
        let text = format!("SELECT {selected} FROM {from} AS `$rows`");
        Ok(self.engine.prepare(&Request { text: &text, project: Some(project), ..Request::default() })?)
    }
}

fn names(columns: &[Column]) -> String {
    columns.iter().map(|column| quoted(&column.name)).collect::<Vec<_>>().join(", ")
}

/// A value as BigQuery writes it into CSV.
fn text_of(column: &Column) -> Result<String> {
    let name = quoted(&column.name);
    Ok(match &column.sql_type {
        SqlType::String | SqlType::Collated => name,
        SqlType::Bytes => format!("TO_BASE64({name})"),
        SqlType::Json => format!("TO_JSON_STRING({name})"),
        SqlType::Timestamp => format!("FORMAT_TIMESTAMP('%F %H:%M:%E*S UTC', {name})"),
        SqlType::Datetime => format!("FORMAT_DATETIME('%FT%H:%M:%E*S', {name})"),
        SqlType::Array(_) | SqlType::Struct(_) => {
            return Err(Error::Invalid(format!(
                "Operation cannot be performed on a nested schema. Field: {}",
                column.name
            )));
        }
        _ => format!("CAST({name} AS STRING)"),
    })
}

/// Writes a file beside its place and puts it there when it is whole. Gives the rows.
fn write(path: &Path, extract: &Extract, columns: &[Column], rows: Option<Prepared>, active: &Active) -> Result<u64> {
    let temporary = temporary(path)?;
    let result = fill(&temporary, extract, columns, rows, active);
    let result = result.and_then(|count| {
        fs::rename(&temporary, path).map_err(|error| fault("write", path, &error))?;
        Ok(count)
    });
    if result.is_err() {
        // What stays has a name that tells what it is.
        drop(fs::remove_file(&temporary));
    }
    result
}

fn fill(path: &Path, extract: &Extract, columns: &[Column], rows: Option<Prepared>, active: &Active) -> Result<u64> {
    let file = BufWriter::new(create(path)?);
    let batches = rows.map(|rows| rows.execute()).transpose()?;
    let mut count = 0;
    let mut each = |batch: bedside_engine::Result<RecordBatch>| {
        active.stop.check()?;
        let batch = batch?;
        count += batch.num_rows() as u64;
        Ok::<_, Error>(batch)
    };
    let failed = |error: std::io::Error| fault("write", path, &error);
    if extract.format == ExtractFormat::Parquet {
        let fields: Vec<_> = columns.iter().map(|column| column.sql_type.field(&column.name, true)).collect();
        let fields: Vec<_> = fields.iter().map(bedside_store::stored::field).collect();
        let schema = Arc::new(arrow::datatypes::Schema::new(fields));
        let properties = WriterProperties::builder().set_compression(codec(extract.compression)).build();
        let broken = |error| Error::Place(format!("cannot write {}: {error}", path.display()));
        let mut writer = ArrowWriter::try_new(file, Arc::clone(&schema), Some(properties)).map_err(broken)?;
        for batch in batches.into_iter().flatten() {
            let batch = each(batch)?;
            let columns = batch.columns().iter().map(bedside_store::stored::to_stored).collect::<Result<Vec<_>, _>>();
            let batch = columns.and_then(|columns| RecordBatch::try_new(Arc::clone(&schema), columns));
            let batch = batch.map_err(|error| Error::Internal(format!("rows cannot be built: {error}")))?;
            writer.write(&batch).map_err(broken)?;
        }
        writer.into_inner().map_err(broken)?.flush().map_err(failed)?;
        return Ok(count);
    }
    let mut lines = match extract.compression {
        Compression::None => Lines::Plain(file),
        Compression::Gzip => Lines::Gzip(Box::new(GzEncoder::new(file, Level::default()))),
        Compression::Snappy | Compression::Zstd => {
            return Err(Error::Invalid("CSV and JSON can be compressed by GZIP only".to_owned()));
        }
    };
    let mut text = String::new();
    if let ExtractFormat::Csv { delimiter, header: Header::Names } = extract.format {
        push_row(&mut text, columns.iter().map(|column| Some(column.name.as_str())), delimiter);
    }
    for batch in batches.into_iter().flatten() {
        push_rows(&mut text, &each(batch)?, extract.format);
        lines.write(text.as_bytes()).map_err(failed)?;
        text.clear();
    }
    lines.write(text.as_bytes()).and_then(|()| lines.finish()).map_err(failed)?;
    Ok(count)
}

fn push_rows(text: &mut String, batch: &RecordBatch, format: ExtractFormat) {
    let columns: Vec<_> = batch.columns().iter().map(AsArray::as_string_view).collect();
    for row in 0..batch.num_rows() {
        let mut cells =
            columns.iter().map(|column| (!arrow::array::Array::is_null(column, row)).then(|| column.value(row)));
        match format {
            ExtractFormat::Csv { delimiter, .. } => push_row(text, cells, delimiter),
            _ => {
                text.push_str(cells.next().flatten().unwrap_or("{}"));
                text.push('\n');
            }
        }
    }
}

fn push_row<'a>(text: &mut String, cells: impl Iterator<Item = Option<&'a str>>, delimiter: u8) {
    let delimiter = char::from(delimiter);
    for (at, cell) in cells.enumerate() {
        if at > 0 {
            text.push(delimiter);
        }
        match cell {
            None => {}
            Some(cell) if cell.is_empty() || cell.contains([delimiter, '"', '\n', '\r']) => {
                text.push('"');
                text.push_str(&cell.replace('"', "\"\""));
                text.push('"');
            }
            Some(cell) => text.push_str(cell),
        }
    }
    text.push('\n');
}

impl Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        match self {
            Self::Plain(file) => file.write_all(bytes),
            Self::Gzip(file) => file.write_all(bytes),
        }
    }

    fn finish(self) -> std::io::Result<()> {
        match self {
            Self::Plain(mut file) => file.flush(),
            Self::Gzip(file) => file.finish()?.flush(),
        }
    }
}

fn codec(compression: Compression) -> Codec {
    match compression {
        Compression::None => Codec::UNCOMPRESSED,
        Compression::Gzip => Codec::GZIP(GzipLevel::default()),
        Compression::Snappy => Codec::SNAPPY,
        Compression::Zstd => Codec::ZSTD(ZstdLevel::default()),
    }
}

fn temporary(path: &Path) -> Result<PathBuf> {
    Ok(path.with_file_name(format!(".tmp-{}", random::<8>()?)))
}
