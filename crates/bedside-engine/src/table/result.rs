//! A result that is kept as DataFusion scans it.

use crate::catalog::ResultTable;
use async_trait::async_trait;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::stats::Precision;
use datafusion::common::{Result, Statistics};
use datafusion::datasource::TableType;
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::{ArrowSource, FileGroup, FileScanConfigBuilder};
use datafusion::datasource::source::DataSourceExec;
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::logical_expr::Expr;
use datafusion::physical_plan::ExecutionPlan;
use object_store::path::Path as ObjectPath;
use std::path::PathBuf;
use std::sync::Arc;

/// An anonymous table: one Arrow file, in the order that its query gave.
#[derive(Debug)]
pub(crate) struct ResultScan {
    path: PathBuf,
    file_bytes: u64,
    schema: SchemaRef,
    statistics: Statistics,
}

impl ResultScan {
    /// The table whose file is at `path`.
    pub(crate) fn new(table: &ResultTable, path: PathBuf) -> Self {
        let statistics =
            Statistics { num_rows: Precision::Exact(table.rows as usize), ..Statistics::new_unknown(&table.schema) };
        Self { path, file_bytes: table.file_bytes, schema: Arc::clone(&table.schema), statistics }
    }
}

#[async_trait]
impl TableProvider for ResultScan {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    fn statistics(&self) -> Option<Statistics> {
        Some(self.statistics.clone())
    }

    async fn scan(
        &self,
        _: &dyn Session,
        projection: Option<&Vec<usize>>,
        _: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let path = ObjectPath::from_absolute_path(std::path::absolute(&self.path)?)?;
        let file = PartitionedFile::new(path.to_string(), self.file_bytes);
        let source = Arc::new(ArrowSource::new_file_source(Arc::clone(&self.schema)));
        let config = FileScanConfigBuilder::new(ObjectStoreUrl::local_filesystem(), source)
            .with_file_groups(vec![FileGroup::new(vec![file])])
            .with_statistics(self.statistics.clone())
            .with_projection_indices(projection.cloned())?
            .with_limit(limit)
            .build();
        Ok(DataSourceExec::from_data_source(config))
    }
}
