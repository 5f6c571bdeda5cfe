//! EXPORT DATA and LOAD DATA: statements that do what extracts and loads do, in the same places and by the same code.

use crate::active::Active;
use crate::error::{Error, Result};
use crate::extract::{self, Compression, Extract, ExtractFormat, Header, delimiter};
use crate::load::{
    self, CsvOptions, Detection, JaggedRows, Load, LoadFormat, LoadSource, QuotedNewlines, UnknownValues,
};
use crate::names::Names;
use crate::place::Place;
use crate::principal::{Action, Principal};
use crate::results::Keeping;
use crate::service::Shared;
use crate::submission::{CreateDisposition, Destination, WriteDisposition};
use bedside_engine::{Change, ChangeKind, Prepared, PreparedTransfer};
use bedside_meta::{JobStatistics, TableReference};
use bedside_sql::tree::LoadMode;
use bedside_store::ResultName;
use bedside_types::Value;

/// Rows into files or from files, by a statement.
#[derive(Debug)]
pub(crate) struct Transfer {
    words: String,
    way: Way,
}

#[derive(Debug)]
enum Way {
    Export(Box<Export>),
    Load { load: Box<Load>, target: String },
}

#[derive(Debug)]
struct Export {
    rows: Prepared,
    /// With one `*`.
    place: String,
    format: ExtractFormat,
    compression: Compression,
    present: Present,
}

/// What becomes of files that are there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Present {
    Refused,
    Replaced,
}

/// An anonymous table that goes with this.
struct Passing<'s> {
    shared: &'s Shared,
    name: ResultName,
}

/// The options of a statement; NULL is as good as nothing.
struct Options(Vec<(String, Value)>);

impl Transfer {
    /// What a statement asks for.
    ///
    /// # Errors
    /// [`Error::Invalid`] and [`Error::Unsupported`] for options that are wrong or not done here.
    pub(crate) fn new(prepared: PreparedTransfer, names: &Names) -> Result<Self> {
        let words = prepared.words();
        let options = Options(prepared.options);
        let way = match prepared.kind {
            bedside_engine::Transfer::Export(rows) => Way::Export(Box::new(export(&options, *rows)?)),
            bedside_engine::Transfer::Load { path, mode, columns } => {
                let destination = Destination {
                    table: names.table(&path),
                    create: CreateDisposition::IfNeeded,
                    write: match mode {
                        LoadMode::Append => WriteDisposition::Append,
                        LoadMode::Overwrite => WriteDisposition::Truncate,
                    },
                };
                let load = Load {
                    destination,
                    source: LoadSource::Places(options.texts("uris")),
                    format: load_format(&options)?,
                    detection: if columns.is_some() { Detection::Off } else { Detection::On },
                    columns,
                    unknown: match options.truth("ignore_unknown_values") {
                        Some(true) => UnknownValues::Ignored,
                        _ => UnknownValues::Refused,
                    },
                    most_bad_records: options.number("max_bad_records")?.unwrap_or_default(),
                };
                Way::Load { load: Box::new(load), target: format!("{}.{}", path.dataset, path.table) }
            }
        };
        Ok(Self { words, way })
    }

    /// Whether it may be done at all, before anything is.
    pub(crate) fn check(&self, shared: &Shared, principal: &Principal) -> Result<()> {
        match &self.way {
            Way::Export(export) => {
                principal.may(&Action::Read)?;
                Place::allowed(shared, &export.place).map(drop)
            }
            Way::Load { load, .. } => {
                principal.may(&Action::Write)?;
                let LoadSource::Places(places) = &load.source else { return Ok(()) };
                places.iter().try_for_each(|place| Place::allowed(shared, place).map(drop))
            }
        }
    }

    /// Its first words, with the table that it is about.
    pub(crate) fn words(&self) -> &str {
        &self.words
    }

    /// The query whose rows go out.
    pub(crate) fn rows(&self) -> Option<&Prepared> {
        match &self.way {
            Way::Export(export) => Some(&export.rows),
            Way::Load { .. } => None,
        }
    }

    /// Does it. Blocks.
    pub(crate) fn run(
        &self,
        shared: &Shared,
        names: &Names,
        principal: &Principal,
        active: &Active,
        statistics: &mut JobStatistics,
    ) -> Result<Change> {
        let (kind, target, rows) = match &self.way {
            Way::Export(export) => {
                let rows = export.run(shared, names, principal, active)?;
                statistics.files_written = vec![1];
                (ChangeKind::Exported, export.place.clone(), Some(rows))
            }
            Way::Load { load, target } => {
                load::into_table(shared, active, load, statistics)?;
                (ChangeKind::Loaded, target.clone(), statistics.rows)
            }
        };
        statistics.rows = rows;
        Ok(Change { kind, target, rows, merged: None, warnings: Vec::new() })
    }
}

impl Export {
    /// As on BigQuery, the rows are a table first, which is extracted.
    fn run(&self, shared: &Shared, names: &Names, principal: &Principal, active: &Active) -> Result<u64> {
        if self.present == Present::Refused && Place::allowed(shared, &self.place)?.is_there(shared, &active.stop)? {
            return Err(Error::Exists(format!(
                "Already Exists: files that fit {}; the option overwrite = true replaces them",
                self.place
            )));
        }
        let columns = self.rows.columns();
        let mut keeping = Keeping::new(shared, names, principal, columns)?;
        for batch in self.rows.execute()? {
            active.stop.check()?;
            keeping.write(&batch?)?;
        }
        let passing = Passing { shared, name: keeping.finish()?.0 };
        let (project, columns) = (names.client.clone(), crate::facts::columns(columns));
        let source = TableReference {
            project: project.clone(),
            dataset: passing.name.dataset().to_owned(),
            table: passing.name.table().to_owned(),
        };
        let places = vec![self.place.clone()];
        let extract = Extract { source, places, format: self.format, compression: self.compression };
        extract::into_files(shared, &project, active, &extract, &columns)
    }
}

impl Drop for Passing<'_> {
    fn drop(&mut self) {
        // What stays is in a private folder, and swept in a day.
        drop(self.shared.engine.warehouse().remove_result(&self.name));
    }
}

impl Options {
    fn value(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(given, _)| given == name).map(|(_, value)| value)
    }

    fn text(&self, name: &str) -> Option<&str> {
        match self.value(name) {
            Some(Value::String(text)) => Some(text),
            _ => None,
        }
    }

    /// A text that is one of BigQuery's words.
    fn word(&self, name: &str) -> Option<String> {
        self.text(name).map(str::to_ascii_uppercase)
    }

    fn texts(&self, name: &str) -> Vec<String> {
        let Some(Value::Array(values)) = self.value(name) else { return Vec::new() };
        let text = |value: &Value| match value {
            Value::String(text) => Some(text.clone()),
            _ => None,
        };
        values.iter().filter_map(text).collect()
    }

    fn truth(&self, name: &str) -> Option<bool> {
        match self.value(name) {
            Some(Value::Bool(truth)) => Some(*truth),
            _ => None,
        }
    }

    fn number(&self, name: &str) -> Result<Option<u64>> {
        match self.value(name) {
            Some(Value::Int64(number)) => {
                u64::try_from(*number).map(Some).map_err(|_| invalid(name, "it must not be negative"))
            }
            _ => Ok(None),
        }
    }

    fn delimiter(&self) -> Result<u8> {
        let found = self.text("field_delimiter").map_or(Some(b','), delimiter);
        found.ok_or_else(|| invalid("field_delimiter", "it must be one ASCII character"))
    }
}

fn export(options: &Options, rows: Prepared) -> Result<Export> {
    let place = options.text("uri").unwrap_or_default().to_owned();
    let name = place.rsplit('/').next().unwrap_or_default();
    if place.matches('*').count() != 1 || !name.contains('*') {
        let why = "the name of the file must have one '*', which becomes the file's number";
        return Err(invalid("uri", why));
    }
    let format = match options.word("format").as_deref() {
        Some("CSV") => ExtractFormat::Csv {
            delimiter: options.delimiter()?,
            header: if options.truth("header") == Some(true) { Header::Names } else { Header::None },
        },
        Some("JSON" | "NEWLINE_DELIMITED_JSON") => ExtractFormat::Ndjson,
        Some("PARQUET") => ExtractFormat::Parquet,
        other => return Err(no_format(other)),
    };
    let compression = match options.text("compression") {
        None => Compression::None,
        Some(word) => {
            Compression::of_word(word).ok_or_else(|| Error::Unsupported(format!("the compression {word}")))?
        }
    };
    let present = if options.truth("overwrite") == Some(true) { Present::Replaced } else { Present::Refused };
    Ok(Export { rows, place, format, compression, present })
}

fn load_format(options: &Options) -> Result<LoadFormat> {
    if let Some(encoding) = options.word("encoding").filter(|word| !matches!(word.as_str(), "" | "UTF-8" | "UTF8")) {
        return Err(Error::Unsupported(format!("the encoding {encoding}")));
    }
    if let Some(other) = options.word("compression").filter(|word| !matches!(word.as_str(), "" | "NONE" | "GZIP")) {
        return Err(Error::Unsupported(format!("the compression {other}")));
    }
    let defaults = CsvOptions::default();
    Ok(match options.word("format").as_deref() {
        Some("CSV") => LoadFormat::Csv(CsvOptions {
            delimiter: options.delimiter()?,
            quote: match options.text("quote").map(str::as_bytes) {
                None => defaults.quote,
                Some([]) => None,
                Some([byte]) if byte.is_ascii() => Some(*byte),
                Some(_) => return Err(invalid("quote", "it must be one ASCII character")),
            },
            skip_leading_rows: options.number("skip_leading_rows")?,
            null_marker: options.text("null_marker").map_or(defaults.null_marker, str::to_owned),
            quoted_newlines: match options.truth("allow_quoted_newlines") {
                Some(true) => QuotedNewlines::Allowed,
                _ => QuotedNewlines::Refused,
            },
            jagged_rows: match options.truth("allow_jagged_rows") {
                Some(true) => JaggedRows::Allowed,
                _ => JaggedRows::Refused,
            },
        }),
        Some("JSON" | "NEWLINE_DELIMITED_JSON") => LoadFormat::Ndjson,
        Some("PARQUET") => LoadFormat::Parquet,
        other => return Err(no_format(other)),
    })
}

fn no_format(given: Option<&str>) -> Error {
    match given {
        None => Error::Invalid("Option format is required: CSV, JSON or PARQUET".to_owned()),
        Some(other) => Error::Unsupported(format!("the format {other}")),
    }
}

fn invalid(option: &str, why: &str) -> Error {
    Error::Invalid(format!("Invalid value for the option {option}: {why}"))
}
