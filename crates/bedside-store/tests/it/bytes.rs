//! The same rows give the same bytes, and other programs' readers find what was written.

use crate::fixture::{SPLITS, batch, columns, files, ranges, release, spec};
use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::compute::{cast, concat_batches};
use arrow::datatypes::DataType;
use bedside_store::{
    ColumnSpec, ENCODING_VERSION, LayoutName, LayoutSpec, LayoutWriter, PAGE_ROWS, ROW_GROUP_ROWS, Statistics,
    Warehouse, WrittenLayout,
};
use bedside_types::SqlType;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use parquet::file::metadata::{PageIndexPolicy, RowGroupMetaData};
use proptest::prelude::*;
use std::fs::File;
use std::sync::Arc;
use std::thread;
use tempfile::TempDir;

/// Writes one range of the fixture's patient layout.
fn write(batches: &[RecordBatch]) -> (TempDir, WrittenLayout) {
    let home = TempDir::new().unwrap();
    let warehouse = Warehouse::open(home.path()).unwrap();
    let lock = warehouse.lock_release(&release()).unwrap();
    let writer = LayoutWriter::new(&warehouse, &lock, spec(LayoutName::Patient), &[]).unwrap();
    let mut range = writer.range(Some(0)).unwrap();
    for batch in batches {
        range.write(batch).unwrap();
    }
    let range = range.finish().unwrap();
    (home, writer.finish(vec![range]).unwrap())
}

/// The batch with its texts in another Arrow form.
fn with_texts_as(batch: &RecordBatch, form: &DataType) -> RecordBatch {
    let convert = |array: &ArrayRef| match array.data_type() {
        DataType::Utf8 => cast(array, form).unwrap(),
        _ => Arc::clone(array),
    };
    let names = batch.schema();
    let names = names.fields().iter().map(|field| field.name().clone());
    let arrays = batch.columns().iter().map(convert);
    RecordBatch::try_from_iter_with_nullable(names.zip(arrays).map(|(name, array)| (name, array, true))).unwrap()
}

/// Raise `ENCODING_VERSION` with every new digest: files of the old way must keep their names.
#[test]
fn the_bytes_of_this_encoding_version_are_as_recorded() {
    let (_home, written) = write(&[batch(1, 50_000)]);
    assert_eq!((ENCODING_VERSION, written.entry.files[0].xxh64.as_str()), (1, "f3be280700ea5e22"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn bytes_and_statistics_do_not_depend_on_the_batches(cuts in prop::collection::vec(1_usize..40_000, 0..8), form in 0_usize..4) {
        let whole = batch(1, 40_000);
        let form = [
            DataType::Utf8,
            DataType::LargeUtf8,
            DataType::Utf8View,
            DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8)),
        ][form].clone();
        let mut cuts = cuts;
        cuts.extend([0, 40_000]);
        cuts.sort_unstable();
        let parts: Vec<_> =
            cuts.windows(2).map(|pair| with_texts_as(&whole.slice(pair[0], pair[1] - pair[0]), &form)).collect();
        let (one, several) = (write(&[whole]), write(&parts));
        prop_assert_eq!(&one.1, &several.1);
        prop_assert_eq!(files(one.0.path()), files(several.0.path()));
    }
}

#[test]
fn threads_change_nothing() {
    let (calm, busy) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let warehouse = Warehouse::open(calm.path()).unwrap();
    let lock = warehouse.lock_release(&release()).unwrap();
    let one = crate::fixture::write(&warehouse, &lock);
    let warehouse = Warehouse::open(busy.path()).unwrap();
    let lock = warehouse.lock_release(&release()).unwrap();
    let writer = LayoutWriter::new(&warehouse, &lock, spec(LayoutName::Patient), &SPLITS).unwrap();
    let written = thread::scope(|scope| {
        let handles: Vec<_> = ranges()
            .into_iter()
            .rev()
            .map(|(range, batch)| {
                let writer = &writer;
                scope.spawn(move || {
                    let mut range = writer.range(Some(range)).unwrap();
                    range.write(&batch).unwrap();
                    range.finish().unwrap()
                })
            })
            .collect();
        handles.into_iter().map(|handle| handle.join().unwrap()).collect()
    });
    assert_eq!(writer.finish(written).unwrap(), one);
    assert_eq!(files(calm.path()), files(busy.path()));
}

#[test]
fn row_groups_pages_types_and_order_are_as_promised() {
    let rows = ROW_GROUP_ROWS as i64 + 50_000;
    let (home, written) = write(&[batch(1, rows)]);
    let file = File::open(home.path().join(&written.entry.files[0].path)).unwrap();
    let options = ArrowReaderOptions::new().with_page_index_policy(PageIndexPolicy::Required);
    let reader = ParquetRecordBatchReaderBuilder::try_new_with_options(file, options).unwrap();
    let metadata = reader.metadata();
    let groups: Vec<i64> = metadata.row_groups().iter().map(RowGroupMetaData::num_rows).collect();
    assert_eq!(groups, [ROW_GROUP_ROWS as i64, 50_000]);
    assert_eq!(metadata.file_metadata().created_by(), Some("bedside version 1.0.0 (build 1)"));
    assert_eq!(metadata.file_metadata().key_value_metadata(), None);
    let sorted: Vec<i32> =
        metadata.row_group(0).sorting_columns().unwrap().iter().map(|column| column.column_idx).collect();
    assert_eq!(sorted, [0, 1, 2]);
    let offsets = &metadata.offset_index().unwrap()[0];
    assert!(offsets.iter().all(|column| column.page_locations().len() >= ROW_GROUP_ROWS / PAGE_ROWS));
    assert!(
        metadata.row_groups().iter().flat_map(RowGroupMetaData::columns).all(|column| column.statistics().is_some())
    );
    // As a reader without our manifest sees the types.
    let found: Vec<_> = reader.schema().fields().iter().map(|f| (f.data_type().clone(), f.is_nullable())).collect();
    let expected: Vec<_> = columns()
        .into_iter()
        .map(|column| match column.sql_type {
            SqlType::String => (DataType::Utf8, column.nullable),
            other => (other.arrow(), column.nullable),
        })
        .collect();
    assert_eq!(found, expected);
    let read: Vec<_> = reader.build().unwrap().map(Result::unwrap).collect();
    let read = concat_batches(&read[0].schema(), &read).unwrap();
    assert_eq!(read.columns(), batch(1, rows).columns());
}

/// A type, texts of values, and the Arrow type that a reader without the manifest sees.
type Case = (SqlType, &'static [Option<&'static str>], DataType);

#[test]
fn every_type_survives() {
    let utc = DataType::Timestamp(arrow::datatypes::TimeUnit::Microsecond, Some("UTC".into()));
    let cases: Vec<Case> = vec![
        (SqlType::Int64, &[Some("-9223372036854775808"), None, Some("9223372036854775807")], DataType::Int64),
        (SqlType::Float64, &[Some("-inf"), Some("0.1"), Some("NaN")], DataType::Float64),
        (SqlType::Bool, &[Some("true"), None, Some("false")], DataType::Boolean),
        (SqlType::String, &[Some(""), None, Some("Ünïcödé, \"quoted\"\nlines")], DataType::Utf8),
        (SqlType::Json, &[Some("{}"), None, Some("[1]")], DataType::Utf8),
        (SqlType::Date, &[Some("0001-01-01"), None, Some("9999-12-31")], DataType::Date32),
        (
            SqlType::Datetime,
            &[Some("0001-01-01T00:00:00"), None, Some("2150-01-01T01:02:03.456789")],
            SqlType::Datetime.arrow(),
        ),
        (SqlType::Timestamp, &[Some("1970-01-01T00:00:00Z"), None, Some("2150-01-01T01:02:03.456789Z")], utc),
        (SqlType::Time, &[Some("00:00:00"), None, Some("23:59:59.999999")], SqlType::Time.arrow()),
        (
            SqlType::Numeric,
            &[Some("-0.000000001"), None, Some("99999999999999999999999999999.999999999")],
            DataType::Decimal128(38, 9),
        ),
        (
            SqlType::BigNumeric,
            &[Some("-0.00000000000000000000000000000000000001"), None, Some("1.5")],
            DataType::Decimal256(76, 38),
        ),
        (SqlType::Bytes, &[Some(""), None, Some("xyz")], DataType::Binary),
    ];
    let home = TempDir::new().unwrap();
    let warehouse = Warehouse::open(home.path()).unwrap();
    let lock = warehouse.lock_release(&release()).unwrap();
    for (sql_type, texts, seen) in cases {
        let texts: ArrayRef = Arc::new(arrow::array::StringArray::from(texts.to_vec()));
        let values = cast(&texts, &sql_type.arrow()).unwrap();
        assert_eq!(values.null_count(), texts.null_count(), "{sql_type}");
        let column = ColumnSpec { name: "x".into(), sql_type: sql_type.clone(), nullable: true };
        let spec = LayoutSpec {
            module: "hosp".into(),
            table: "types".into(),
            name: LayoutName::File,
            generation: "00000000".into(),
            columns: vec![column],
            order: vec![],
            statistics: Statistics::Gather,
        };
        let writer = LayoutWriter::new(&warehouse, &lock, spec, &[]).unwrap();
        let mut range = writer.range(None).unwrap();
        range.write(&RecordBatch::try_from_iter_with_nullable([("x", Arc::clone(&values), true)]).unwrap()).unwrap();
        let range = range.finish().unwrap();
        let written = writer.finish(vec![range]).unwrap();
        let file = File::open(home.path().join(&written.entry.files[0].path)).unwrap();
        let mut reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap().build().unwrap();
        let read = reader.next().unwrap().unwrap();
        assert_eq!(*read.column(0).data_type(), seen, "{sql_type}");
        assert_eq!(cast(read.column(0), &sql_type.arrow()).unwrap().as_ref(), values.as_ref(), "{sql_type}");
        let entry = &written.columns[0];
        assert_eq!(
            (entry.nulls, entry.distinct),
            (values.null_count() as u64, 3 - values.null_count() as u64),
            "{sql_type}"
        );
        // The bounds read back as the values that they are.
        if !matches!(sql_type, SqlType::Bytes | SqlType::Float64) {
            let mut bounds = [entry.min.clone(), entry.max.clone()];
            let mut expected =
                texts.as_string::<i32>().iter().flatten().map(|text| Some(text.to_owned())).collect::<Vec<_>>();
            bounds.sort();
            expected.sort();
            assert_eq!(bounds.as_slice(), expected, "{sql_type}");
            assert!(entry.min_value().is_some() && entry.max_value().is_some(), "{sql_type}");
        }
    }
    for refused in [SqlType::Interval, SqlType::Array(Box::new(SqlType::Int64))] {
        let columns = vec![ColumnSpec { name: "x".into(), sql_type: refused, nullable: true }];
        let spec = LayoutSpec { columns, name: LayoutName::File, order: vec![], ..spec(LayoutName::File) };
        assert!(LayoutWriter::new(&warehouse, &lock, spec, &[]).is_err());
    }
}
