//! A Parquet scan that looks into memory first.

use super::scan::CachedMorselizer;
use crate::memory::Budget;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::common::{Result, internal_err};
use datafusion::datasource::physical_plan::parquet::ParquetFileReaderFactory;
use datafusion::datasource::physical_plan::{FileOpener, FileScanConfig, FileSource};
use datafusion::datasource::table_schema::TableSchema;
use datafusion::physical_expr::projection::ProjectionExprs;
use datafusion::physical_expr::{EquivalenceProperties, PhysicalExpr, PhysicalSortExpr};
use datafusion::physical_plan::filter_pushdown::FilterPushdownPropagation;
use datafusion::physical_plan::metrics::ExecutionPlanMetricsSet;
use datafusion::physical_plan::{DisplayFormatType, SortOrderPushdownResult};
use datafusion_datasource::PartitionedFile;
use datafusion_datasource::morsel::Morselizer;
use object_store::ObjectStore;
use std::fmt;
use std::sync::Arc;

/// A source of Parquet files whose columns are kept once they were read twice. Everything that plans ask of it is the
/// Parquet source's to answer; it stands between only when files are read.
#[derive(Clone)]
pub(crate) struct CachedSource {
    parquet: Arc<dyn FileSource>,
    footers: Arc<dyn ParquetFileReaderFactory>,
    budget: Arc<Budget>,
    batch_rows: Option<usize>,
}

impl CachedSource {
    /// In front of a Parquet source that reads footers by `footers`.
    pub(crate) fn new(
        parquet: Arc<dyn FileSource>,
        footers: Arc<dyn ParquetFileReaderFactory>,
        budget: Arc<Budget>,
    ) -> Self {
        Self { parquet, footers, budget, batch_rows: None }
    }

    fn with(&self, parquet: Arc<dyn FileSource>) -> Arc<dyn FileSource> {
        Arc::new(Self { parquet, ..self.clone() })
    }
}

impl FileSource for CachedSource {
    fn create_file_opener(&self, _: Arc<dyn ObjectStore>, _: &FileScanConfig, _: usize) -> Result<Arc<dyn FileOpener>> {
        internal_err!("files are read by morsels")
    }

    fn create_morselizer(
        &self,
        store: Arc<dyn ObjectStore>,
        config: &FileScanConfig,
        partition: usize,
    ) -> Result<Box<dyn Morselizer>> {
        let parquet = self.parquet.create_morselizer(store, config, partition)?;
        // Who wants a few rows of a table reads too little of it to keep, and too much to make place for.
        let Some(batch_rows) = self.batch_rows.filter(|_| config.limit.is_none()) else { return Ok(parquet) };
        let (footers, budget) = (Arc::clone(&self.footers), Arc::clone(&self.budget));
        let morselizer = CachedMorselizer::new(parquet, &*self.parquet, footers, budget, batch_rows, partition)?;
        Ok(Box::new(morselizer))
    }

    fn table_schema(&self) -> &TableSchema {
        self.parquet.table_schema()
    }

    fn with_batch_size(&self, rows: usize) -> Arc<dyn FileSource> {
        Arc::new(Self { parquet: self.parquet.with_batch_size(rows), batch_rows: Some(rows), ..self.clone() })
    }

    fn filter(&self) -> Option<Arc<dyn PhysicalExpr>> {
        self.parquet.filter()
    }

    fn projection(&self) -> Option<&ProjectionExprs> {
        self.parquet.projection()
    }

    fn metrics(&self) -> &ExecutionPlanMetricsSet {
        self.parquet.metrics()
    }

    fn file_type(&self) -> &str {
        self.parquet.file_type()
    }

    fn fmt_extra(&self, format: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.parquet.fmt_extra(format, f)
    }

    fn supports_repartitioning(&self) -> bool {
        self.parquet.supports_repartitioning()
    }

    fn try_pushdown_filters(
        &self,
        filters: Vec<Arc<dyn PhysicalExpr>>,
        config: &ConfigOptions,
    ) -> Result<FilterPushdownPropagation<Arc<dyn FileSource>>> {
        let pushed = self.parquet.try_pushdown_filters(filters, config)?;
        let updated_node = pushed.updated_node.map(|parquet| self.with(parquet));
        Ok(FilterPushdownPropagation { filters: pushed.filters, updated_node })
    }

    fn try_pushdown_sort(
        &self,
        order: &[PhysicalSortExpr],
        properties: &EquivalenceProperties,
    ) -> Result<SortOrderPushdownResult<Arc<dyn FileSource>>> {
        Ok(self.parquet.try_pushdown_sort(order, properties)?.map(|parquet| self.with(parquet)))
    }

    fn reorder_files(&self, files: Vec<PartitionedFile>) -> Vec<PartitionedFile> {
        self.parquet.reorder_files(files)
    }

    fn try_pushdown_projection(&self, projection: &ProjectionExprs) -> Result<Option<Arc<dyn FileSource>>> {
        Ok(self.parquet.try_pushdown_projection(projection)?.map(|parquet| self.with(parquet)))
    }

    fn apply_expressions(
        &self,
        visit: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        self.parquet.apply_expressions(visit)
    }
}
