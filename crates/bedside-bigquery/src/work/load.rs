//! Loads.

use super::destination;
use crate::error::Failure;
use crate::request::job::LoadConfiguration;
use crate::request::missing;
use crate::request::table::TableSchema;
use bedside_service::{
    CsvOptions, Detection, JaggedRows, Load, LoadFormat, LoadSource, QuotedNewlines, UnknownValues, Upload,
};

/// A load; `upload` is the file that came with it.
///
/// # Errors
/// 400 for what is missing, wrong or not done here.
pub(crate) fn load(configuration: &LoadConfiguration, project: &str, upload: Option<Upload>) -> Result<Load, Failure> {
    let (create, write) = (&configuration.create_disposition, &configuration.write_disposition);
    let table = configuration.destination_table.as_ref();
    let write = write.as_deref().unwrap_or("WRITE_APPEND");
    let source = match upload {
        Some(file) => LoadSource::Upload(file),
        None if configuration.source_uris.is_empty() => return Err(missing("sourceUris")),
        None => LoadSource::Places(configuration.source_uris.clone()),
    };
    Ok(Load {
        destination: destination(table, project, create.as_deref(), write)?,
        source,
        format: load_format(configuration)?,
        columns: configuration.schema.as_ref().map(TableSchema::columns).transpose()?,
        detection: if configuration.autodetect == Some(true) { Detection::On } else { Detection::Off },
        unknown: unknown_values(configuration.ignore_unknown_values),
        most_bad_records: configuration.max_bad_records.unwrap_or(0),
    })
}

fn load_format(configuration: &LoadConfiguration) -> Result<LoadFormat, Failure> {
    match configuration.source_format.as_deref().unwrap_or("CSV").to_ascii_uppercase().as_str() {
        "CSV" => csv(configuration).map(LoadFormat::Csv),
        "NEWLINE_DELIMITED_JSON" | "JSON" => Ok(LoadFormat::Ndjson),
        "PARQUET" => Ok(LoadFormat::Parquet),
        other => Err(Failure::unsupported(format!("sourceFormat {other}")).at("sourceFormat")),
    }
}

fn csv(configuration: &LoadConfiguration) -> Result<CsvOptions, Failure> {
    if let Some(encoding) = configuration.encoding.as_deref()
        && !matches!(encoding.to_ascii_uppercase().as_str(), "" | "UTF-8" | "UTF8")
    {
        return Err(Failure::unsupported(format!("encoding {encoding}")).at("encoding"));
    }
    let defaults = CsvOptions::default();
    Ok(CsvOptions {
        delimiter: delimiter(configuration.field_delimiter.as_deref())?,
        quote: match configuration.quote.as_deref() {
            None => defaults.quote,
            Some(text) => one_byte("quote", text)?,
        },
        skip_leading_rows: configuration.skip_leading_rows,
        null_marker: configuration.null_marker.clone().unwrap_or(defaults.null_marker),
        quoted_newlines: match configuration.allow_quoted_newlines {
            Some(true) => QuotedNewlines::Allowed,
            _ => QuotedNewlines::Refused,
        },
        jagged_rows: match configuration.allow_jagged_rows {
            Some(true) => JaggedRows::Allowed,
            _ => JaggedRows::Refused,
        },
    })
}

/// What becomes of values that no column takes.
pub(crate) fn unknown_values(ignored: Option<bool>) -> UnknownValues {
    if ignored == Some(true) { UnknownValues::Ignored } else { UnknownValues::Refused }
}

/// What stands between values.
pub(super) fn delimiter(text: Option<&str>) -> Result<u8, Failure> {
    let found = bedside_service::delimiter(text.unwrap_or(","));
    found.ok_or_else(|| Failure::invalid("fieldDelimiter must be one ASCII character").at("fieldDelimiter"))
}

/// The one byte of a text, none of an empty one.
fn one_byte(field: &str, text: &str) -> Result<Option<u8>, Failure> {
    match text.as_bytes() {
        [] => Ok(None),
        [byte] if byte.is_ascii() => Ok(Some(*byte)),
        _ => Err(Failure::invalid(format!("{field} must be one ASCII character")).at(field)),
    }
}
