//! Which of a file's rows a scan needs, and whether they come from memory or from Parquet.

use super::decode::{Chunk, ChunkReader, chunks};
use super::{ColumnCache, Footer};
use crate::memory::Budget;
use datafusion::arrow::array::{ArrayRef, RecordBatch};
use datafusion::arrow::datatypes::{Schema, SchemaRef};
use datafusion::common::{DataFusionError, Result};
use datafusion::datasource::physical_plan::FileSource;
use datafusion::datasource::physical_plan::parquet::{
    PagePruningAccessPlanFilter, ParquetAccessPlan, ParquetFileMetrics, ParquetFileReaderFactory,
    RowGroupAccessPlanFilter,
};
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_expr::expressions::{Column, DynamicFilterTracking};
use datafusion::physical_expr::projection::{ProjectionExprs, Projector};
use datafusion::physical_expr::utils::{collect_columns, reassign_expr_columns};
use datafusion::physical_optimizer::pruning::{PruningPredicate, PruningPredicateBuilder};
use datafusion::physical_plan::metrics::{ExecutionPlanMetricsSet, MetricBuilder, MetricType, PruningMetrics};
use datafusion_datasource::PartitionedFile;
use datafusion_datasource::morsel::{Morsel, MorselPlan, MorselPlanner, Morselizer};
use futures::stream::{BoxStream, StreamExt, iter};
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
use parquet::file::metadata::{PageIndexPolicy, ParquetMetaData};
use std::fmt;
use std::sync::{Arc, OnceLock};

/// What all files of a scan's partition have in common.
pub(super) struct Scan {
    parquet: Box<dyn Morselizer>,
    footers: Arc<dyn ParquetFileReaderFactory>,
    budget: Arc<Budget>,
    partition: usize,
    pub(super) batch_rows: usize,
    /// The columns of the files as the table has them.
    table: SchemaRef,
    /// The columns that are read, by their place in the files: those of the output, then those of the predicate alone.
    pub(super) columns: Vec<usize>,
    pub(super) schema: SchemaRef,
    /// The first of these, of which the output is made.
    pub(super) output: SchemaRef,
    /// The predicate as pruning wants it, on the table's columns.
    predicate: Option<Arc<dyn PhysicalExpr>>,
    /// What it says of bounds, where that is the same for all files.
    pruning: OnceLock<Pruning>,
    /// The predicate on the columns that are read.
    pub(super) filter: Option<Arc<dyn PhysicalExpr>>,
    pub(super) projector: Projector,
    /// Row groups that need not be read, as a Parquet scan counts them.
    groups: PruningMetrics,
}

/// Plans files that are in memory, or are to be kept there, itself, and leaves the others to Parquet.
pub(super) struct CachedMorselizer(Arc<Scan>);

impl CachedMorselizer {
    pub(super) fn new(
        parquet: Box<dyn Morselizer>,
        source: &dyn FileSource,
        footers: Arc<dyn ParquetFileReaderFactory>,
        budget: Arc<Budget>,
        batch_rows: usize,
        partition: usize,
    ) -> Result<Self> {
        let table = Arc::clone(source.table_schema().file_schema());
        let all = || ProjectionExprs::from_indices(&(0..table.fields().len()).collect::<Vec<_>>(), &table);
        let projection = source.projection().cloned().unwrap_or_else(all);
        let mut columns = projection.column_indices();
        let projected = columns.len();
        let predicate = source.filter();
        if let Some(predicate) = &predicate {
            let mut filtered: Vec<_> = collect_columns(predicate).iter().map(Column::index).collect();
            filtered.sort_unstable();
            filtered.dedup();
            filtered.retain(|column| !columns.contains(column));
            columns.extend(filtered);
        }
        let schema = Arc::new(table.project(&columns)?);
        let output = Arc::new(table.project(&columns[..projected])?);
        let filter = predicate.clone().map(|filter| reassign_expr_columns(filter, &schema)).transpose()?;
        let projection = projection.try_map_exprs(|expression| reassign_expr_columns(expression, &output))?;
        let projector = projection.make_projector(&output)?;
        let groups = MetricBuilder::new(source.metrics())
            .with_type(MetricType::Summary)
            .pruning_metrics("row_groups_pruned_statistics", partition);
        let scan = Scan {
            parquet,
            footers,
            budget,
            partition,
            batch_rows,
            table,
            columns,
            schema,
            output,
            predicate,
            pruning: OnceLock::new(),
            filter,
            projector,
            groups,
        };
        Ok(Self(Arc::new(scan)))
    }
}

impl fmt::Debug for CachedMorselizer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CachedMorselizer").field("columns", &self.0.columns).finish_non_exhaustive()
    }
}

impl Morselizer for CachedMorselizer {
    fn plan_file(&self, file: PartitionedFile) -> Result<Box<dyn MorselPlanner>> {
        let scan = &self.0;
        // Without columns there is nothing to keep, and a range of bytes is no number of rows.
        if scan.columns.is_empty() || file.range.is_some() {
            return scan.parquet.plan_file(file);
        }
        let known = scan.cache().read(file.path().as_ref(), &scan.columns);
        match (known.last_read, known.footer) {
            (None, _) | (_, Some(Footer::Differs)) => scan.parquet.plan_file(file),
            (Some(last_read), Some(Footer::Fits(footer))) => scan.plan(file, &footer, last_read),
            (Some(last_read), None) => Ok(Box::new(Unopened { scan: Arc::clone(scan), file, last_read })),
        }
    }
}

impl Scan {
    fn cache(&self) -> &ColumnCache {
        self.budget.columns()
    }

    /// Keeps a chunk that was decoded.
    pub(super) fn keep(&self, file: &str, column: usize, number: usize, chunk: &ArrayRef) {
        self.cache().insert(file, column, number, chunk, self.budget.room_for_columns());
    }

    /// Reads the file from memory if all that is needed is there, or may be kept there from now on.
    fn plan(
        self: &Arc<Self>,
        file: PartitionedFile,
        footer: &ArrowReaderMetadata,
        last_read: u64,
    ) -> Result<Box<dyn MorselPlanner>> {
        let path = file.path().as_ref();
        let needed = self.needed(footer.metadata());
        let chunks = chunks(footer.metadata(), &needed);
        let numbers: Vec<_> = chunks.iter().map(|chunk| chunk.number).collect();
        let kept = self.cache().chunks(path, &self.columns, &numbers);
        let wanted: usize = kept
            .iter()
            .zip(&self.columns)
            .map(|(kept, column)| {
                let missing = chunks.iter().zip(kept).filter(|(_, kept)| kept.is_none());
                missing.map(|(chunk, _)| self.bytes_of(footer.metadata(), chunk, *column)).sum::<usize>()
            })
            .sum();
        if wanted > 0 && !self.cache().admits(wanted, self.budget.room_for_columns(), last_read) {
            return self.parquet.plan_file(file);
        }
        if self.predicate.is_some() {
            let matched = needed.row_group_indexes().len();
            self.groups.add_matched(matched);
            self.groups.add_pruned(needed.len() - matched);
        }
        let reader = ChunkReader::new(Arc::clone(self), path.to_owned(), footer.clone(), chunks, kept);
        Ok(Box::new(Open(iter(reader).boxed())))
    }

    /// The row groups and pages that may hold rows that pass.
    fn needed(&self, metadata: &ParquetMetaData) -> ParquetAccessPlan {
        let all = ParquetAccessPlan::new_all(metadata.row_groups().len());
        match &self.predicate {
            None => all,
            // What a join has learned by now may be more than at the last file.
            Some(predicate) if DynamicFilterTracking::classify(predicate).contains_dynamic_filter() => {
                Pruning::new(predicate, &self.table).left(all, &self.table, metadata)
            }
            Some(predicate) => {
                let pruning = self.pruning.get_or_init(|| Pruning::new(predicate, &self.table));
                pruning.left(all, &self.table, metadata)
            }
        }
    }

    /// About how many bytes a chunk will have.
    fn bytes_of(&self, metadata: &ParquetMetaData, chunk: &Chunk, column: usize) -> usize {
        /// Of a text that a view holds itself.
        const SHORT: usize = 12;
        let data_type = self.table.field(column).data_type();
        let width = data_type.primitive_width().unwrap_or_else(|| {
            let column = metadata.row_group(chunk.group).column(column);
            let bytes = column.unencoded_byte_array_data_bytes().unwrap_or(0) as usize;
            let each = bytes / column.num_values().max(1) as usize;
            size_of::<u128>() + if each > SHORT { each } else { 0 }
        });
        chunk.rows * width
    }

    fn footer(&self, metadata: Arc<ParquetMetaData>) -> Footer {
        let types = self.table.fields().iter().map(|field| field.as_ref().clone().with_metadata([].into()));
        let options = ArrowReaderOptions::new().with_schema(Arc::new(Schema::new(types.collect::<Vec<_>>())));
        ArrowReaderMetadata::try_new(metadata, options).map_or(Footer::Differs, Footer::Fits)
    }
}

/// A predicate as it is held against the bounds of row groups and pages.
struct Pruning {
    groups: Option<Arc<PruningPredicate>>,
    pages: PagePruningAccessPlanFilter,
    /// Pruning writes into these, also for files that are left to Parquet in the end; nobody reads them.
    metrics: ParquetFileMetrics,
}

impl Pruning {
    fn new(predicate: &Arc<dyn PhysicalExpr>, table: &SchemaRef) -> Self {
        let groups = PruningPredicateBuilder::new().with_file_schema(Arc::clone(table)).build(Arc::clone(predicate));
        let pages = PagePruningAccessPlanFilter::new(predicate, Arc::clone(table));
        Self { groups, pages, metrics: ParquetFileMetrics::new(0, "", &ExecutionPlanMetricsSet::new()) }
    }

    fn left(&self, all: ParquetAccessPlan, table: &Schema, metadata: &ParquetMetaData) -> ParquetAccessPlan {
        let parquet = metadata.file_metadata().schema_descr();
        let mut left = RowGroupAccessPlanFilter::new(all);
        if let Some(groups) = &self.groups {
            left.prune_by_statistics(table, parquet, metadata.row_groups(), groups, &self.metrics);
        }
        self.pages.prune_plan_with_page_index(left.build(), table, parquet, metadata, &self.metrics)
    }
}

/// A file whose footer is still to be read.
struct Unopened {
    scan: Arc<Scan>,
    file: PartitionedFile,
    last_read: u64,
}

impl fmt::Debug for Unopened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unopened").field("file", &self.file.path()).finish_non_exhaustive()
    }
}

impl MorselPlanner for Unopened {
    fn plan(self: Box<Self>) -> Result<Option<MorselPlan>> {
        let Self { scan, file, last_read } = *self;
        let opened = async move {
            let unread = ExecutionPlanMetricsSet::new();
            let mut reader = scan.footers.create_reader(scan.partition, file.clone(), None, &unread)?;
            let options = ArrowReaderOptions::new().with_page_index_policy(PageIndexPolicy::Optional);
            let metadata = reader.get_metadata(Some(&options)).await;
            let footer = scan.footer(metadata.map_err(DataFusionError::from)?);
            scan.cache().set_footer(file.path().as_ref(), footer.clone());
            match footer {
                Footer::Fits(footer) => scan.plan(file, &footer, last_read),
                Footer::Differs => scan.parquet.plan_file(file),
            }
        };
        Ok(Some(MorselPlan::new().with_pending_planner(opened)))
    }
}

/// A file whose rows are at hand.
struct Open(BoxStream<'static, Result<RecordBatch>>);

impl fmt::Debug for Open {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Open").finish_non_exhaustive()
    }
}

impl MorselPlanner for Open {
    fn plan(self: Box<Self>) -> Result<Option<MorselPlan>> {
        Ok(Some(MorselPlan::new().with_morsels(vec![self])))
    }
}

impl Morsel for Open {
    fn into_stream(self: Box<Self>) -> BoxStream<'static, Result<RecordBatch>> {
        self.0
    }
}
