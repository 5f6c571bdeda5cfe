//! Extracts.

use super::load::delimiter;
use crate::error::Failure;
use crate::request::job::ExtractConfiguration;
use crate::request::missing;
use bedside_service::{Compression, Extract, ExtractFormat, Header};

/// An extract.
///
/// # Errors
/// 400 for what is missing, wrong or not done here.
pub(crate) fn extract(configuration: &ExtractConfiguration, project: &str) -> Result<Extract, Failure> {
    let source = configuration.source_table.as_ref().ok_or_else(|| missing("sourceTable"))?;
    let format = match configuration.destination_format.as_deref().unwrap_or("CSV").to_ascii_uppercase().as_str() {
        "CSV" => ExtractFormat::Csv {
            delimiter: delimiter(configuration.field_delimiter.as_deref())?,
            header: if configuration.print_header == Some(false) { Header::None } else { Header::Names },
        },
        "NEWLINE_DELIMITED_JSON" | "JSON" => ExtractFormat::Ndjson,
        "PARQUET" => ExtractFormat::Parquet,
        other => return Err(Failure::unsupported(format!("destinationFormat {other}")).at("destinationFormat")),
    };
    let compression = configuration.compression.as_deref().unwrap_or("NONE");
    let compression = Compression::of_word(compression)
        .ok_or_else(|| Failure::unsupported(format!("compression {compression}")).at("compression"))?;
    Ok(Extract { source: source.reference(project)?, places: configuration.destinations()?, format, compression })
}
