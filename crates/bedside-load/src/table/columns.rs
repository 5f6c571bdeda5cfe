//! A table's columns as a file has them.

use bedside_datasets::{KeyStatus, Table};
use bedside_types::SqlType;

use crate::csv::{FileColumn, Header, Parser};
use crate::duplicate::Nulls;
use crate::error::{Error, Result};
use crate::ingest::{LineNumbers, Shape};
use crate::options::BadRows;
use crate::plan::TablePlan;

/// The columns of one file, matched with its table.
#[derive(Debug)]
pub(crate) struct Columns {
    /// Those of the table in its order, then those that only the file has.
    pub(crate) all: Vec<FileColumn>,
    /// How many of them the table has.
    pub(crate) known: usize,
    /// All names of the file in its order.
    names: Vec<String>,
    /// What is wrong with the header, which only a file without rows may have.
    pub(crate) malformed: Option<String>,
    /// The keys to check.
    pub(crate) keys: Vec<CheckedKey>,
    /// Index of the subject column, where the table is split by patients.
    subject: Option<usize>,
}

/// A key whose values should be unique.
#[derive(Debug)]
pub(crate) struct CheckedKey {
    pub(crate) names: Vec<String>,
    pub(crate) indices: Vec<usize>,
    pub(crate) status: KeyStatus,
}

impl CheckedKey {
    /// Whether a repeated value is an error.
    pub(crate) fn is_declared(&self) -> bool {
        self.status == KeyStatus::Declared
    }
}

impl Columns {
    /// Matches a header line with the columns of a table.
    pub(crate) fn of(table: &TablePlan, header: &[u8]) -> Result<Self> {
        let file = || table.file.path.clone();
        let definition = table.definition;
        let header = Header::read(header);
        let matching = header.matching(definition.columns.iter().map(|column| column.name.as_str()));
        let missing: Vec<String> = definition
            .columns
            .iter()
            .zip(&matching.places)
            .filter(|(_, place)| place.is_none())
            .map(|(column, _)| column.name.clone())
            .collect();
        if !missing.is_empty() {
            return Err(match header.malformed {
                Some(why) => Error::Header { file: file(), why },
                None => Error::MissingColumns { file: file(), columns: missing },
            });
        }
        if let Some(column) = matching.twice {
            return Err(Error::DuplicateColumn { file: file(), column });
        }
        let known = definition.columns.iter().zip(&matching.places).filter_map(|(column, place)| {
            let place = (*place)?;
            Some(FileColumn {
                name: column.name.clone(),
                sql_type: column.sql_type.clone(),
                nullable: column.nullable,
                place,
            })
        });
        let mut columns: Vec<FileColumn> = known.collect();
        let known = columns.len();
        columns.extend(matching.unknown.iter().map(|place| FileColumn {
            name: header.names[*place].clone(),
            sql_type: SqlType::String,
            nullable: true,
            place: *place,
        }));
        let index = |name: &str| columns.iter().position(|column| column.name.eq_ignore_ascii_case(name));
        let keys = keys(definition).filter_map(|(names, status)| {
            let indices = names.iter().map(|name| index(name)).collect::<Option<Vec<_>>>()?;
            Some(CheckedKey { names: names.clone(), indices, status })
        });
        let keys = keys.collect();
        let subject = index("subject_id").filter(|_| !definition.order.patient.is_empty());
        Ok(Self { known, names: header.names, malformed: header.malformed, keys, subject, all: columns })
    }

    /// Whether the table is split by patients.
    pub(crate) fn has_ranges(&self) -> bool {
        self.subject.is_some()
    }

    /// The index of a column.
    pub(crate) fn index(&self, name: &str) -> Option<usize> {
        self.all.iter().position(|column| column.name.eq_ignore_ascii_case(name))
    }

    /// What parsing needs to know.
    pub(crate) fn shape(&self, splits: &[i64], bad_rows: BadRows) -> Result<Shape> {
        let drops_rows = bad_rows == BadRows::Quarantine && self.keys.iter().any(CheckedKey::is_declared);
        let nulls = |key: &CheckedKey| match key.status {
            KeyStatus::Observed => Nulls::AreValues,
            KeyStatus::Declared | KeyStatus::Documented => Nulls::PassedOver,
        };
        Ok(Shape {
            parser: Parser::new(self.all.clone(), self.names.clone())?,
            ranges: self.subject.map(|subject| (subject, splits.to_vec())),
            keys: self.keys.iter().map(|key| (key.indices.clone(), nulls(key))).collect(),
            line_numbers: if drops_rows { LineNumbers::Kept } else { LineNumbers::Dropped },
        })
    }
}

fn keys(table: &Table) -> impl Iterator<Item = (&Vec<String>, KeyStatus)> {
    let primary = table.primary_key.iter().map(|key| (&key.columns, key.status));
    primary.chain(table.alternate_keys.iter().map(|columns| (columns, KeyStatus::Declared)))
}
