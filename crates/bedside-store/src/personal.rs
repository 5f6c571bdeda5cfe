//! What a dataset of people's own tables consists of. Its JSON form is versioned like the manifests of releases.

use crate::error::{Error, Result};
use crate::layout::{ColumnSpec, WrittenLayout};
use crate::manifest::{ColumnEntry, FileEntry, check_format};
use crate::place;
use bedside_types::{SqlType, Value};
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::path::Path;

/// The newest format of a dataset's manifest. A dataset without routines is written in the first, which every program reads; one
/// with them must not be rewritten by a program that does not know them.
pub const PERSONAL_FORMAT: u32 = 2;
const WITHOUT_ROUTINES: u32 = 1;

/// One dataset of people's own tables and views. Replaced as a whole, so that a reader sees one state of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PersonalDataset {
    /// The format of this document, at most [`PERSONAL_FORMAT`].
    pub format: u32,
    /// The project.
    pub project: String,
    /// The name, as typed.
    pub name: String,
    /// When it was made, RFC 3339.
    pub created: String,
    /// When it was last changed, RFC 3339.
    pub updated: String,
    /// How often it was changed; names what is written next.
    pub revision: u64,
    /// Options by name: a text's value, the text of any other.
    pub options: BTreeMap<String, String>,
    /// The tables by name.
    pub tables: BTreeMap<String, PersonalTable>,
    /// The views by name; no table has the same one.
    pub views: BTreeMap<String, PersonalView>,
    /// The functions and procedures by name; tables may have the same ones. Since format 2.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub routines: BTreeMap<String, PersonalRoutine>,
    /// Files that statements begun earlier may still read.
    pub retired: Vec<RetiredFile>,
}

/// One table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PersonalTable {
    /// When it was made, RFC 3339.
    pub created: String,
    /// When it was last written, RFC 3339.
    pub updated: String,
    /// Its rows.
    pub rows: u64,
    /// The columns in order. Every file has exactly these.
    pub columns: Vec<PersonalColumn>,
    /// `PARTITION BY` as written; it describes the table and does not change how it is kept.
    pub partition: Option<String>,
    /// The column that `PARTITION BY` is about.
    pub partition_column: Option<String>,
    /// `CLUSTER BY`, likewise.
    pub cluster: Vec<String>,
    /// Options by name.
    pub options: BTreeMap<String, String>,
    /// The files; their rows together are the table.
    pub files: Vec<FileEntry>,
}

/// A column with the rules for its values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonalColumn {
    /// Name, type and statistics; `nullable` says whether NULL may be written.
    #[serde(flatten)]
    pub entry: ColumnEntry,
    /// The most characters (STRING) or bytes (BYTES).
    pub length: Option<u64>,
    /// Digits of a decimal, in all and after the point.
    pub digits: Option<(u32, u32)>,
    /// The text of the expression that gives a value where none is given.
    pub default: Option<String>,
    /// What it means.
    pub description: Option<String>,
}

/// One view.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonalView {
    /// When it was made, RFC 3339.
    pub created: String,
    /// The query's text.
    pub text: String,
    /// Names of its columns, where it has a list of them.
    pub names: Option<Vec<String>>,
    /// Where bare table names in it are looked up.
    pub default_dataset: Option<String>,
    /// The columns that it had when it was made: names and types.
    pub columns: Vec<(String, String)>,
    /// Options by name.
    pub options: BTreeMap<String, String>,
}

/// One function or procedure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonalRoutine {
    /// When it was made, RFC 3339.
    pub created: String,
    /// When it was last replaced, RFC 3339.
    pub updated: String,
    /// What it is: `FUNCTION`, `AGGREGATE FUNCTION`, `TABLE FUNCTION`, `PROCEDURE`.
    pub kind: String,
    /// The statement that made it.
    pub text: String,
    /// The body alone.
    pub body: String,
    /// Where bare table names in it are looked up.
    pub default_dataset: Option<String>,
    /// Its parameters in order.
    pub parameters: Vec<RoutineParameter>,
    /// The type of what it gives, where that is known.
    pub returns: Option<String>,
    /// Options by name.
    pub options: BTreeMap<String, String>,
}

/// A parameter of a function or procedure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoutineParameter {
    /// Its name.
    pub name: String,
    /// `IN`, `OUT` or `INOUT`; functions' have none.
    pub mode: Option<String>,
    /// Its type as GoogleSQL writes it.
    pub sql_type: String,
}

/// A file that is no part of its table any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetiredFile {
    /// Where, relative to the home.
    pub path: String,
    /// When it was retired, microseconds since 1970.
    pub at: i64,
}

impl PersonalDataset {
    /// A dataset without tables. `now` is RFC 3339.
    pub fn new(project: &str, name: &str, now: &str) -> Self {
        Self {
            format: WITHOUT_ROUTINES,
            project: project.to_owned(),
            name: name.to_owned(),
            created: now.to_owned(),
            updated: now.to_owned(),
            revision: 0,
            options: BTreeMap::new(),
            tables: BTreeMap::new(),
            views: BTreeMap::new(),
            routines: BTreeMap::new(),
            retired: Vec::new(),
        }
    }

    /// The oldest format that holds all that it has.
    pub(crate) fn needed_format(&self) -> u32 {
        if self.routines.is_empty() { WITHOUT_ROUTINES } else { PERSONAL_FORMAT }
    }

    /// Names what is written next.
    pub fn generation(&self) -> String {
        format!("{:08x}", self.revision + 1)
    }

    /// Every file that the tables refer to, relative to the home.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.tables.values().flat_map(|table| &table.files).map(|file| file.path.as_str())
    }

    /// Puts a table in place of what has its name; the files that only that one had are retired.
    pub fn put_table(&mut self, name: &str, table: PersonalTable, now_micros: i64) {
        self.views.remove(name);
        let kept: Vec<String> = table.files.iter().map(|file| file.path.clone()).collect();
        if let Some(old) = self.tables.insert(name.to_owned(), table) {
            self.retire(old.files.into_iter().map(|file| file.path).filter(|path| !kept.contains(path)), now_micros);
        }
    }

    /// Takes a table out; its files are retired.
    pub fn remove_table(&mut self, name: &str, now_micros: i64) -> Option<PersonalTable> {
        let table = self.tables.remove(name)?;
        self.retire(table.files.iter().map(|file| file.path.clone()), now_micros);
        Some(table)
    }

    fn retire(&mut self, paths: impl Iterator<Item = String>, at: i64) {
        self.retired.extend(paths.map(|path| RetiredFile { path, at }));
    }

    pub(crate) fn read(text: &[u8], path: &Path) -> Result<Self> {
        check_format(text, path, PERSONAL_FORMAT)?;
        let dataset: Self = serde_json::from_slice(text).map_err(|error| Error::decode(path, error))?;
        // A manifest from elsewhere must not make a query read the host's files.
        let folder = place::dataset(&dataset.project, &dataset.name);
        let mut named = dataset.paths().chain(dataset.retired.iter().map(|file| file.path.as_str()));
        let outside = named.find(|path| !place::is_below(path, &folder)).map(str::to_owned);
        drop(named);
        match outside {
            Some(outside) => Err(Error::decode(path, format_args!("`{outside}` is outside the dataset"))),
            None => Ok(dataset),
        }
    }

    pub(crate) fn write(&self, path: &Path) -> Result<Vec<u8>> {
        let mut text = serde_json::to_vec_pretty(self)
            .map_err(|error| Error::Encode { path: path.to_path_buf(), why: error.to_string() })?;
        text.push(b'\n');
        Ok(text)
    }
}

impl PersonalTable {
    /// Bytes as BigQuery counts them, all columns.
    pub fn logical_bytes(&self) -> u64 {
        self.columns.iter().map(|column| column.entry.logical_bytes).sum()
    }

    /// Size of the files.
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }

    /// A column by name, without regard to case.
    pub fn column(&self, name: &str) -> Option<&PersonalColumn> {
        self.columns.iter().find(|column| column.entry.name.to_lowercase() == name.to_lowercase())
    }

    /// Its rows are those that were written, and no others.
    pub fn replace(&mut self, written: WrittenLayout) {
        self.rows = written.rows;
        self.files = written.entry.files;
        for (column, entry) in self.columns.iter_mut().zip(written.columns) {
            column.entry = entry;
        }
    }

    /// The rows that were written come to those that are there.
    pub fn append(&mut self, written: WrittenLayout) {
        if self.rows == 0 {
            return self.replace(written);
        }
        if written.rows == 0 {
            return;
        }
        self.rows += written.rows;
        self.files.extend(written.entry.files);
        for (column, entry) in self.columns.iter_mut().zip(&written.columns) {
            merge(&mut column.entry, entry);
        }
    }
}

impl PersonalColumn {
    /// A column without rules or values.
    pub fn new(name: &str, sql_type: SqlType) -> Self {
        let entry = ColumnEntry {
            name: name.to_owned(),
            sql_type,
            nullable: true,
            logical_bytes: 0,
            nulls: 0,
            nans: 0,
            infinities: 0,
            min: None,
            max: None,
            distinct: 0,
        };
        Self { entry, length: None, digits: None, default: None, description: None }
    }

    /// How a writer has to write it.
    pub fn spec(&self) -> ColumnSpec {
        let ColumnEntry { name, sql_type, nullable, .. } = &self.entry;
        ColumnSpec { name: name.clone(), sql_type: sql_type.clone(), nullable: *nullable }
    }

    /// The type as declared: `STRING(10)`.
    pub fn declared(&self) -> String {
        let sql_type = &self.entry.sql_type;
        match (self.length, self.digits) {
            (Some(length), _) => format!("{sql_type}({length})"),
            (_, Some((precision, 0))) => format!("{sql_type}({precision})"),
            (_, Some((precision, scale))) => format!("{sql_type}({precision}, {scale})"),
            _ => sql_type.to_string(),
        }
    }
}

/// Statistics of more rows of the same column. How many values are different is then only known to be at least so many.
fn merge(column: &mut ColumnEntry, more: &ColumnEntry) {
    column.logical_bytes += more.logical_bytes;
    column.nulls += more.nulls;
    column.nans += more.nans;
    column.infinities += more.infinities;
    column.distinct = column.distinct.max(more.distinct);
    let further = |old: &Option<String>, new: &Option<String>, wanted: Ordering| match (old, new) {
        (Some(old), Some(new)) => {
            let is_further = compare(&column.sql_type, new, old) == Some(wanted);
            Some(if is_further { new.clone() } else { old.clone() })
        }
        (old, new) => old.clone().or_else(|| new.clone()),
    };
    let (min, max) =
        (further(&column.min, &more.min, Ordering::Less), further(&column.max, &more.max, Ordering::Greater));
    (column.min, column.max) = (min, max);
}

fn compare(sql_type: &SqlType, a: &str, b: &str) -> Option<Ordering> {
    let (a, b) = (crate::value_of_text(sql_type, a)?, crate::value_of_text(sql_type, b)?);
    match (a, b) {
        (Value::Int64(a), Value::Int64(b))
        | (Value::Datetime(a), Value::Datetime(b))
        | (Value::Timestamp(a), Value::Timestamp(b))
        | (Value::Time(a), Value::Time(b)) => Some(a.cmp(&b)),
        (Value::Date(a), Value::Date(b)) => Some(a.cmp(&b)),
        (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(&b)),
        (Value::Float64(a), Value::Float64(b)) => a.partial_cmp(&b),
        (Value::Numeric(a), Value::Numeric(b)) => Some(a.cmp(&b)),
        (Value::String(a), Value::String(b)) | (Value::Json(a), Value::Json(b)) => Some(a.cmp(&b)),
        (Value::BigNumeric(a), Value::BigNumeric(b)) => {
            let parse = |text: &str| crate::statistics::big_numeric(text);
            Some(parse(&a)?.cmp(&parse(&b)?))
        }
        _ => None,
    }
}
