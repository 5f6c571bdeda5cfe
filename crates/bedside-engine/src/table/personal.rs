//! A table of people's own as DataFusion scans it: all its files, spread over the partitions.

use super::statistics;
use super::stored::FromStored;
use async_trait::async_trait;
use bedside_store::{PersonalDataset, PersonalTable, stored};
use datafusion::arrow::datatypes::{Schema, SchemaRef};
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::{Result, Statistics, plan_datafusion_err};
use datafusion::config::ConfigOptions;
use datafusion::datasource::TableType;
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::{FileGroup, FileScanConfigBuilder, ParquetSource};
use datafusion::datasource::source::DataSourceExec;
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::logical_expr::{Expr, ScalarUDF};
use datafusion::physical_expr::expressions::Column;
use datafusion::physical_expr::{PhysicalExpr, ScalarFunctionExpr};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::projection::ProjectionExec;
use object_store::path::Path as ObjectPath;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A table of people's own. Its columns have their logical types; the files' form of INTERVAL is undone above the scan.
#[derive(Debug)]
pub(crate) struct PersonalScan {
    home: PathBuf,
    dataset: Arc<PersonalDataset>,
    name: String,
    schema: SchemaRef,
    stored: SchemaRef,
}

impl PersonalScan {
    /// The table of that name; `None` if the dataset has none such.
    pub(crate) fn new(home: &Path, dataset: &Arc<PersonalDataset>, name: &str) -> Option<Self> {
        let table = dataset.tables.get(name)?;
        let fields = table.columns.iter().map(|c| c.entry.sql_type.field(&c.entry.name, c.entry.nullable));
        let schema = Schema::new(fields.collect::<Vec<_>>());
        let kept = schema.fields().iter().map(|field| stored::field(field)).collect::<Vec<_>>();
        Some(Self {
            home: home.to_path_buf(),
            dataset: Arc::clone(dataset),
            name: name.to_owned(),
            schema: Arc::new(schema),
            stored: Arc::new(Schema::new(kept)),
        })
    }

    fn table(&self) -> Result<&PersonalTable> {
        self.dataset.tables.get(&self.name).ok_or_else(|| plan_datafusion_err!("no table {}", self.name))
    }

    /// Each file to the partition that has the fewest rows so far.
    fn groups(&self, wanted: usize) -> Result<Vec<FileGroup>> {
        let table = self.table()?;
        let count = wanted.clamp(1, table.files.len().max(1));
        let mut groups: Vec<(u64, Vec<PartitionedFile>)> = vec![(0, Vec::new()); count];
        for file in &table.files {
            let path = ObjectPath::from_absolute_path(std::path::absolute(self.home.join(&file.path))?)?;
            if let Some((rows, files)) = groups.iter_mut().min_by_key(|(rows, _)| *rows) {
                *rows += file.rows.max(1);
                files.push(PartitionedFile::new(path.to_string(), file.bytes));
            }
        }
        Ok(groups.into_iter().map(|(_, files)| FileGroup::new(files)).collect())
    }
}

#[async_trait]
impl TableProvider for PersonalScan {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    fn statistics(&self) -> Option<Statistics> {
        self.table().ok().map(statistics::of_personal)
    }

    async fn scan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        _: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let table = self.table()?;
        let source = Arc::new(ParquetSource::new(Arc::clone(&self.stored)));
        let config = FileScanConfigBuilder::new(ObjectStoreUrl::local_filesystem(), source)
            .with_file_groups(self.groups(state.config().target_partitions())?)
            .with_statistics(statistics::of_personal(table))
            .with_projection_indices(projection.cloned())?
            .with_limit(limit)
            .build();
        let scan: Arc<dyn ExecutionPlan> = DataSourceExec::from_data_source(config);
        let projected = match projection {
            Some(indices) => Arc::new(self.schema.project(indices)?),
            None => Arc::clone(&self.schema),
        };
        let as_stored = |(kept, field): (&Arc<_>, &Arc<_>)| {
            datafusion::arrow::datatypes::Field::data_type(kept)
                == datafusion::arrow::datatypes::Field::data_type(field)
        };
        if scan.schema().fields().iter().zip(projected.fields()).all(as_stored) {
            return Ok(scan);
        }
        let mut columns: Vec<(Arc<dyn PhysicalExpr>, String)> = Vec::new();
        for (index, field) in projected.fields().iter().enumerate() {
            let column: Arc<dyn PhysicalExpr> = Arc::new(Column::new(field.name(), index));
            let kept = scan.schema().field(index).data_type().clone();
            let column = if kept == *field.data_type() {
                column
            } else {
                let function = Arc::new(ScalarUDF::new_from_impl(FromStored::new(field.data_type().clone())));
                let (name, arguments) = (function.name().to_owned(), vec![column]);
                let options = Arc::new(ConfigOptions::default());
                Arc::new(ScalarFunctionExpr::new(&name, function, arguments, Arc::clone(field), options))
            };
            columns.push((column, field.name().clone()));
        }
        Ok(Arc::new(ProjectionExec::try_new(columns, scan)?))
    }
}
