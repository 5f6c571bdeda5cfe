//! What comes from memory is what comes from the file, and memory is given to those who read again.

use super::{CachedSource, ColumnCache};
use crate::memory::Budget;
use arrow::array::{ArrayRef, BooleanArray, Float64Array, Int64Array, RecordBatch, StringViewArray};
use arrow::compute::concat_batches;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::common::ScalarValue;
use datafusion::common::config::ConfigOptions;
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::parquet::CachedParquetFileReaderFactory;
use datafusion::datasource::physical_plan::{FileScanConfigBuilder, FileSource, ParquetSource};
use datafusion::datasource::source::DataSourceExec;
use datafusion::execution::TaskContext;
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::logical_expr::Operator;
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_expr::expressions::{BinaryExpr, IsNullExpr, col, lit};
use datafusion::physical_plan::{ExecutionPlan, collect};
use datafusion::prelude::SessionConfig;
use object_store::path::Path as ObjectPath;
use parquet::arrow::ArrowWriter;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

const ROWS: i64 = 100_000;

fn schema() -> SchemaRef {
    Arc::new(Schema::new(vec![
        Field::new("id", DataType::Int64, false),
        Field::new("word", DataType::Utf8View, true),
        Field::new("value", DataType::Float64, true),
        Field::new("flag", DataType::Boolean, true),
    ]))
}

/// Row groups of two chunks and a part of one; the last is shorter.
fn write(path: &Path) {
    let ids: Int64Array = (0..ROWS).collect();
    let words: StringViewArray = (0..ROWS).map(|row| (row % 5 > 0).then(|| format!("word {}", row % 100))).collect();
    let values: Float64Array = (0..ROWS).map(|row| (row % 3 > 0).then_some(row as f64 / 8.0)).collect();
    let flags: BooleanArray = (0..ROWS).map(|row| Some(row % 2 == 0)).collect();
    let columns: Vec<ArrayRef> = vec![Arc::new(ids), Arc::new(words), Arc::new(values), Arc::new(flags)];
    let properties = WriterProperties::builder()
        .set_max_row_group_row_count(Some(40_000))
        .set_data_page_row_count_limit(10_000)
        .set_write_batch_size(1_000)
        .set_statistics_enabled(EnabledStatistics::Page)
        .build();
    let mut writer = ArrowWriter::try_new(File::create(path).unwrap(), schema(), Some(properties)).unwrap();
    writer.write(&RecordBatch::try_new(schema(), columns).unwrap()).unwrap();
    writer.close().unwrap();
}

struct Table {
    _folder: tempfile::TempDir,
    file: PartitionedFile,
    context: Arc<TaskContext>,
    budget: Arc<Budget>,
}

impl Table {
    fn new(budget: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("part.parquet");
        write(&path);
        let bytes = std::fs::metadata(&path).unwrap().len();
        let file = PartitionedFile::new(ObjectPath::from_absolute_path(path).unwrap().to_string(), bytes);
        let context = TaskContext::default().with_session_config(SessionConfig::new().with_batch_size(5_000));
        Self { _folder: folder, file, context: Arc::new(context), budget: Arc::new(Budget::new(budget)) }
    }

    fn rows(&self, projection: &[usize], filter: Option<Arc<dyn PhysicalExpr>>, cached: bool) -> RecordBatch {
        let disk = ObjectStoreUrl::local_filesystem();
        let runtime = self.context.runtime_env();
        let footers = runtime.cache_manager.get_file_metadata_cache();
        let reader = Arc::new(CachedParquetFileReaderFactory::new(runtime.object_store(&disk).unwrap(), footers));
        let parquet = ParquetSource::new(schema()).with_parquet_file_reader_factory(reader.clone());
        let mut source: Arc<dyn FileSource> = Arc::new(parquet);
        if cached {
            source = Arc::new(CachedSource::new(source, reader, Arc::clone(&self.budget)));
        }
        if let Some(filter) = filter {
            let mut options = ConfigOptions::default();
            options.execution.parquet.pushdown_filters = true;
            source = source.try_pushdown_filters(vec![filter], &options).unwrap().updated_node.unwrap();
        }
        let config = FileScanConfigBuilder::new(disk, source)
            .with_file(self.file.clone())
            .with_projection_indices(Some(projection.to_vec()))
            .unwrap()
            .build();
        let scan = DataSourceExec::from_data_source(config);
        let wanted = scan.schema();
        let batches = futures::executor::block_on(collect(scan, Arc::clone(&self.context))).unwrap();
        assert!(batches.iter().all(|batch| batch.num_rows() <= 5_000 || batch.num_columns() == 0));
        if projection.is_empty() {
            let rows: usize = batches.iter().map(RecordBatch::num_rows).sum();
            let counted = Schema::new(vec![Field::new("rows", DataType::Int64, false)]);
            return RecordBatch::try_new(Arc::new(counted), vec![Arc::new(Int64Array::from(vec![rows as i64]))])
                .unwrap();
        }
        concat_batches(&wanted, &batches).unwrap()
    }
}

fn compare(column: &str, operator: Operator, value: i64) -> Arc<dyn PhysicalExpr> {
    Arc::new(BinaryExpr::new(col(column, &schema()).unwrap(), operator, lit(value)))
}

fn and(left: Arc<dyn PhysicalExpr>, right: Arc<dyn PhysicalExpr>) -> Arc<dyn PhysicalExpr> {
    Arc::new(BinaryExpr::new(left, Operator::And, right))
}

#[test]
fn memory_gives_what_the_file_gives() {
    let word = |word: &str| -> Arc<dyn PhysicalExpr> {
        let word = lit(ScalarValue::Utf8View(Some(word.to_owned())));
        Arc::new(BinaryExpr::new(col("word", &schema()).unwrap(), Operator::Eq, word))
    };
    let is_null: Arc<dyn PhysicalExpr> = Arc::new(IsNullExpr::new(col("value", &schema()).unwrap()));
    let filters = [
        None,
        Some(compare("id", Operator::Lt, 0)),
        Some(compare("id", Operator::GtEq, 0)),
        Some(compare("id", Operator::Eq, 77_777)),
        Some(and(compare("id", Operator::Gt, 16_000), compare("id", Operator::Lt, 16_500))),
        Some(compare("id", Operator::Gt, 79_990)),
        Some(word("word 7")),
        Some(word("nothing")),
        Some(is_null.clone()),
        Some(and(is_null, and(compare("id", Operator::GtEq, 39_000), word("word 42")))),
    ];
    let projections: [&[usize]; 6] = [&[0], &[2, 1], &[3], &[0, 1, 2, 3], &[1, 0, 1], &[]];
    let plain = Table::new(0);
    // Each in a table of its own, three times; then all in one that already knows parts.
    let shared = Table::new(1 << 30);
    for filter in &filters {
        for projection in projections {
            let expected = plain.rows(projection, filter.clone(), false);
            let own = Table::new(1 << 30);
            for table in [&own, &own, &own, &shared] {
                assert_eq!(table.rows(projection, filter.clone(), true), expected, "{filter:?} {projection:?}");
            }
        }
    }
    assert!(shared.budget.columns().bytes() > 0);
}

#[test]
fn a_column_is_kept_when_it_is_read_again_and_only_what_was_read_of_it() {
    let table = Table::new(1 << 30);
    let kept = || table.budget.columns().bytes();
    table.rows(&[0], None, true);
    assert_eq!(kept(), 0);
    table.rows(&[0, 2], Some(compare("id", Operator::Lt, 100)), true);
    assert_eq!(kept(), 0, "the value was not read before");
    table.rows(&[0], Some(compare("id", Operator::Lt, 100)), true);
    assert_eq!(kept(), 16_384 * 8, "a chunk of ids");
    table.rows(&[0], None, true);
    assert_eq!(kept(), ROWS as usize * 8);
    table.rows(&[0], None, true);
    assert_eq!(kept(), ROWS as usize * 8);
}

#[test]
fn operators_get_the_room_that_columns_have() {
    use datafusion::execution::memory_pool::{MemoryConsumer, MemoryPool};
    let table = Table::new(4 << 20);
    let expected = table.rows(&[0, 1, 2], None, false);
    for _ in 0..3 {
        assert_eq!(table.rows(&[0, 1, 2], None, true), expected);
    }
    assert_eq!(table.budget.columns().bytes(), 0, "they do not fit together");
    table.rows(&[0], None, true);
    table.rows(&[0], None, true);
    assert_eq!(table.budget.columns().bytes(), ROWS as usize * 8);
    let pool: Arc<dyn MemoryPool> = Arc::<Budget>::clone(&table.budget);
    let operator = MemoryConsumer::new("operator").register(&pool);
    operator.try_grow((4 << 20) - 1).unwrap();
    assert_eq!(table.budget.columns().bytes(), 0);
    assert_eq!(table.rows(&[0, 1, 2], None, true), expected);
    assert_eq!(table.budget.columns().bytes(), 0);
}

#[test]
fn of_what_does_not_all_fit_a_part_stays_and_new_habits_win() {
    let cache = ColumnCache::default();
    let chunk: ArrayRef = Arc::new(Int64Array::from(vec![1; 1000]));
    let room = 3 * 8000;
    // A column read as a statement would read it: from memory, or decoded and kept if it is let in.
    let read = |file: &str| {
        let known = cache.read(file, &[0]);
        if cache.chunks(file, &[0], &[0])[0][0].is_some() {
            return true;
        }
        if known.last_read.is_some_and(|last_read| cache.admits(8000, room, last_read)) {
            cache.insert(file, 0, 0, &chunk, room);
        }
        false
    };
    let found = |files: &[&str]| files.iter().filter(|file| read(file)).count();
    let round = ["a", "b", "c", "d", "e"];
    assert_eq!(found(&round), 0);
    assert_eq!(found(&round), 0);
    for _ in 0..3 {
        assert_eq!(found(&round), 3, "three of five fit");
        assert_eq!(cache.bytes(), room);
    }
    // Others are read now: twice, and they have the room of those that nobody reads any more.
    let others = ["x", "y", "z"];
    assert_eq!((found(&others), found(&others), found(&others)), (0, 0, 3));
    cache.insert("a", 0, 1, &chunk, room);
    assert_eq!(cache.bytes(), room, "there was room when it was let in, and is none now");
    cache.shrink(8000);
    assert_eq!(cache.bytes(), 8000);
    assert_eq!(found(&["z"]), 1, "read last, given up last");
    cache.shrink(0);
    assert_eq!(cache.bytes(), 0);
}
