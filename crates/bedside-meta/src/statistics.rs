//! What is known of a job and what it did. Kept as JSON; a field that an older program did not write has its default.

use crate::reference::{DatasetReference, TableReference};
use bedside_types::SqlType;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Statistics of one job. Bytes are counted as BigQuery counts them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct JobStatistics {
    /// What kind of statement it is.
    pub statement: Option<StatementType>,
    /// Logical bytes of the columns that it reads.
    pub bytes_processed: u64,
    /// What BigQuery would charge for.
    pub bytes_billed: u64,
    /// Whether the rows are those of an earlier job.
    pub cache_hit: bool,
    /// The tables that it reads.
    pub tables: Vec<TableReference>,
    /// The columns of its rows; `None` where it gives none.
    pub schema: Option<Vec<Column>>,
    /// Rows of the result, or that were loaded or copied.
    pub rows: Option<u64>,
    /// Rows that a DML statement changed.
    pub changed: Option<ChangedRows>,
    /// What a DDL statement did.
    pub ddl: Option<Ddl>,
    /// Statements of a script that were jobs of their own.
    pub children: u64,
    /// What a statement of a script is to it.
    pub evaluation: Evaluation,
    /// Files that a load read.
    pub input_files: u64,
    /// Their size.
    pub input_bytes: u64,
    /// Size of what a load or copy wrote, logical bytes.
    pub output_bytes: u64,
    /// Rows that a load left out.
    pub bad_records: u64,
    /// Files that an extract wrote, per place that was named.
    pub files_written: Vec<u64>,
}

/// What a statement of a script is to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Evaluation {
    /// One of its statements.
    #[default]
    Statement,
    /// A value that one of them wanted.
    Expression,
}

/// A column of a result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type; written as GoogleSQL writes it.
    #[serde(rename = "type", serialize_with = "write_type", deserialize_with = "read_type")]
    pub sql_type: SqlType,
}

/// Rows that a DML statement changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangedRows {
    /// Rows that are new.
    pub inserted: u64,
    /// Rows that have other values.
    pub updated: u64,
    /// Rows that are gone.
    pub deleted: u64,
}

/// What a DDL statement did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ddl {
    /// What was done.
    pub operation: DdlOperation,
    /// What it was done to.
    pub target: DdlTarget,
}

/// What a DDL statement does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum DdlOperation {
    /// It makes something.
    Create,
    /// It replaces something.
    Replace,
    /// It changes a definition.
    Alter,
    /// It drops something.
    Drop,
    /// It has nothing to do.
    Skip,
}

/// What a DDL statement is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DdlTarget {
    /// A table or view.
    Table(TableReference),
    /// A dataset.
    Dataset(DatasetReference),
    /// A function.
    Routine(String),
}

/// BigQuery's kinds of statements (<https://cloud.google.com/bigquery/docs/reference/rest/v2/Job#JobStatistics2>).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[allow(missing_docs, reason = "the names are BigQuery's")]
pub enum StatementType {
    Select,
    Insert,
    Update,
    Delete,
    TruncateTable,
    CreateTable,
    CreateTableAsSelect,
    CreateView,
    CreateFunction,
    CreateSchema,
    AlterTable,
    DropTable,
    DropView,
    DropFunction,
    DropSchema,
    Script,
    Merge,
    CreateProcedure,
    CreateTableFunction,
    CreateSnapshotTable,
    DropProcedure,
    DropTableFunction,
    DropSnapshotTable,
    AlterView,
    AlterSchema,
    ExportData,
    LoadData,
}

impl ChangedRows {
    /// All of them together.
    pub fn total(self) -> u64 {
        self.inserted + self.updated + self.deleted
    }
}

impl DdlOperation {
    /// BigQuery's word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Create => "CREATE",
            Self::Replace => "REPLACE",
            Self::Alter => "ALTER",
            Self::Drop => "DROP",
            Self::Skip => "SKIP",
        }
    }
}

impl StatementType {
    /// BigQuery's word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Select => "SELECT",
            Self::Insert => "INSERT",
            Self::Update => "UPDATE",
            Self::Delete => "DELETE",
            Self::TruncateTable => "TRUNCATE_TABLE",
            Self::CreateTable => "CREATE_TABLE",
            Self::CreateTableAsSelect => "CREATE_TABLE_AS_SELECT",
            Self::CreateView => "CREATE_VIEW",
            Self::CreateFunction => "CREATE_FUNCTION",
            Self::CreateSchema => "CREATE_SCHEMA",
            Self::AlterTable => "ALTER_TABLE",
            Self::DropTable => "DROP_TABLE",
            Self::DropView => "DROP_VIEW",
            Self::DropFunction => "DROP_FUNCTION",
            Self::DropSchema => "DROP_SCHEMA",
            Self::Script => "SCRIPT",
            Self::Merge => "MERGE",
            Self::CreateProcedure => "CREATE_PROCEDURE",
            Self::CreateTableFunction => "CREATE_TABLE_FUNCTION",
            Self::CreateSnapshotTable => "CREATE_SNAPSHOT_TABLE",
            Self::DropProcedure => "DROP_PROCEDURE",
            Self::DropTableFunction => "DROP_TABLE_FUNCTION",
            Self::DropSnapshotTable => "DROP_SNAPSHOT_TABLE",
            Self::AlterView => "ALTER_VIEW",
            Self::AlterSchema => "ALTER_SCHEMA",
            Self::ExportData => "EXPORT_DATA",
            Self::LoadData => "LOAD_DATA",
        }
    }
}

fn write_type<S: Serializer>(sql_type: &SqlType, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(sql_type)
}

fn read_type<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SqlType, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map_err(serde::de::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::{Column, JobStatistics, StatementType};
    use bedside_types::{SqlType, StructField};

    #[test]
    fn statistics_survive_json_and_what_is_missing_has_its_default() {
        let field = StructField { name: Some("a b".to_owned()), sql_type: SqlType::Interval };
        let nested = SqlType::Array(Box::new(SqlType::Struct(vec![field])));
        let statistics = JobStatistics {
            statement: Some(StatementType::CreateTableAsSelect),
            schema: Some(vec![Column { name: "x".to_owned(), sql_type: nested }]),
            bytes_processed: 7,
            ..JobStatistics::default()
        };
        let text = serde_json::to_string(&statistics).unwrap();
        assert!(text.contains("CREATE_TABLE_AS_SELECT"), "{text}");
        assert_eq!(serde_json::from_str::<JobStatistics>(&text).unwrap(), statistics);
        assert_eq!(serde_json::from_str::<JobStatistics>("{}").unwrap(), JobStatistics::default());
    }
}
