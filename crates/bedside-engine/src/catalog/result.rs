//! Results that are kept, as statements name them: `_<40 hex>.anon<64 hex>`.

use bedside_sql::{ColumnFacts, ColumnSchema, TablePath, TableSchema};
use bedside_store::{ResultFile, ResultName, Warehouse};
use bedside_types::SqlType;
use datafusion::arrow::datatypes::SchemaRef;

/// An anonymous table.
#[derive(Debug)]
pub(crate) struct ResultTable {
    pub(crate) name: ResultName,
    pub(crate) schema: SchemaRef,
    pub(crate) rows: u64,
    pub(crate) file_bytes: u64,
    bytes: Vec<u64>,
    nulls: Vec<u64>,
    project: String,
}

impl ResultTable {
    /// The anonymous table of that name; `None` where there is none, or none any more.
    pub(super) fn find(warehouse: &Warehouse, project: &str, dataset: &str, table: &str) -> Option<Self> {
        let name = ResultName::new(dataset, table)?;
        // One that cannot be read is as good as gone: its query has to be asked again.
        let file = ResultFile::open(warehouse, &name).ok()??;
        Some(Self {
            name,
            schema: file.schema().clone(),
            rows: file.rows(),
            file_bytes: file.bytes(),
            bytes: file.column_bytes().to_vec(),
            nulls: file.column_nulls().to_vec(),
            project: project.to_owned(),
        })
    }

    /// As a statement sees it.
    pub(super) fn table_schema(&self) -> Option<TableSchema> {
        let columns = self.schema.fields().iter().zip(&self.nulls).map(|(field, nulls)| {
            Some(ColumnSchema {
                name: field.name().clone(),
                sql_type: SqlType::of_field(field)?,
                facts: ColumnFacts { may_be_null: *nulls > 0, ..ColumnFacts::default() },
            })
        });
        let path = TablePath {
            project: self.project.clone(),
            dataset: self.name.dataset().to_owned(),
            table: self.name.table().to_owned(),
        };
        Some(TableSchema { path, columns: columns.collect::<Option<_>>()?, keys: Vec::new() })
    }

    /// Bytes of a column as BigQuery counts them.
    pub(super) fn column_bytes(&self, column: &str) -> Option<u64> {
        let fields = self.schema.fields().iter();
        let place = fields.map(|field| field.name().to_lowercase()).position(|name| name == column.to_lowercase());
        self.bytes.get(place?).copied()
    }
}
