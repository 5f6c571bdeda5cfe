//! Statistics against a count of the same rows value by value.

use crate::fixture::release;
use arrow::array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray};
use bedside_store::{ColumnSpec, LayoutName, LayoutSpec, LayoutWriter, Statistics, Warehouse, WrittenLayout};
use bedside_types::{SqlType, Value};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tempfile::TempDir;

type Row = (i64, Option<i64>, Option<i64>, Option<f64>, Option<String>);

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let number = prop_oneof![
        Just(f64::NAN),
        Just(-0.0),
        Just(0.0),
        Just(f64::INFINITY),
        (-50_i32..50).prop_map(|value| f64::from(value) / 4.0),
    ];
    let text = prop_oneof!["[a-c]{0,3}", "[α-γ]{0,6}", "[x-z ]{10,80}"];
    let row = (
        0_i64..30,
        prop::option::of(220_000_i64..220_010),
        prop::option::weighted(0.8, -5_000_000_i64..5_000_000),
        prop::option::weighted(0.7, number),
        prop::option::weighted(0.9, text),
    );
    prop::collection::vec(row, 0..400)
}

/// Writes the rows in item order, split at these subjects, from several batches.
fn write(rows: &[Row], splits: &[i64], statistics: Statistics) -> WrittenLayout {
    let home = TempDir::new().unwrap();
    let warehouse = Warehouse::open(home.path()).unwrap();
    let lock = warehouse.lock_release(&release()).unwrap();
    let column = |name: &str, sql_type, nullable| ColumnSpec { name: name.into(), sql_type, nullable };
    let spec = LayoutSpec {
        module: "icu".into(),
        table: "chartevents".into(),
        name: LayoutName::Item,
        generation: "00000000".into(),
        columns: vec![
            column("subject_id", SqlType::Int64, false),
            column("itemid", SqlType::Int64, true),
            column("charttime", SqlType::Datetime, true),
            column("valuenum", SqlType::Float64, true),
            column("value", SqlType::String, true),
        ],
        order: ["itemid", "subject_id", "charttime"].map(str::to_owned).to_vec(),
        statistics,
    };
    let writer = LayoutWriter::new(&warehouse, &lock, spec, splits).unwrap();
    let mut written = Vec::new();
    for range in 0..=splits.len() {
        let mut mine: Vec<&Row> = rows.iter().filter(|row| splits.partition_point(|s| *s <= row.0) == range).collect();
        mine.sort_by_key(|row| (row.1, row.0, row.2));
        let mut writer = writer.range(Some(range as u32)).unwrap();
        mine.chunks(37).for_each(|rows| writer.write(&batch(rows)).unwrap());
        written.push(writer.finish().unwrap());
    }
    written.reverse();
    writer.finish(written).unwrap()
}

fn batch(rows: &[&Row]) -> RecordBatch {
    let arrays: [(&str, ArrayRef); 5] = [
        ("subject_id", Arc::new(rows.iter().map(|row| Some(row.0)).collect::<Int64Array>())),
        ("itemid", Arc::new(rows.iter().map(|row| row.1).collect::<Int64Array>())),
        ("charttime", Arc::new(rows.iter().map(|row| row.2).collect::<TimestampMicrosecondArray>())),
        ("valuenum", Arc::new(rows.iter().map(|row| row.3).collect::<Float64Array>())),
        ("value", Arc::new(rows.iter().map(|row| row.4.clone()).collect::<StringArray>())),
    ];
    RecordBatch::try_from_iter(arrays).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn they_equal_a_plain_count(rows in rows(), split in 0_i64..30) {
        let written = write(&rows, &[split, split + 5], Statistics::Gather);
        prop_assert_eq!(written.rows, rows.len() as u64);
        let mut items = BTreeMap::new();
        rows.iter().filter_map(|row| row.1).for_each(|item| *items.entry(item).or_insert(0) += 1);
        prop_assert_eq!(written.item_counts.as_ref(), Some(&items));

        let [subject, item, time, number, text] = written.columns.as_slice() else { panic!("five columns") };
        prop_assert_eq!((subject.nulls, subject.logical_bytes), (0, 8 * rows.len() as u64));
        prop_assert_eq!(subject.min_value(), rows.iter().map(|row| row.0).min().map(Value::Int64));
        prop_assert_eq!(subject.max_value(), rows.iter().map(|row| row.0).max().map(Value::Int64));
        let subjects = rows.iter().map(|row| row.0).collect::<BTreeSet<_>>().len() as u64;
        prop_assert!(subject.distinct.abs_diff(subjects) <= 1, "{} {subjects}", subject.distinct);
        prop_assert_eq!(item.nulls, rows.iter().filter(|row| row.1.is_none()).count() as u64);
        prop_assert_eq!(time.min_value(), rows.iter().filter_map(|row| row.2).min().map(Value::Datetime));
        prop_assert_eq!(time.max_value(), rows.iter().filter_map(|row| row.2).max().map(Value::Datetime));
        prop_assert_eq!(time.logical_bytes, 8 * rows.iter().filter(|row| row.2.is_some()).count() as u64);

        let numbers: Vec<f64> = rows.iter().filter_map(|row| row.3).collect();
        let ordinary: Vec<f64> = numbers.iter().copied().filter(|value| !value.is_nan()).collect();
        prop_assert_eq!(number.nulls as usize, rows.len() - numbers.len());
        prop_assert_eq!(number.nans as usize, numbers.len() - ordinary.len());
        prop_assert_eq!(number.infinities as usize, ordinary.iter().filter(|value| value.is_infinite()).count());
        prop_assert_eq!(number.logical_bytes as usize, 8 * numbers.len());
        let min = ordinary.iter().copied().reduce(f64::min).map(|value| Value::Float64(value + 0.0));
        let max = ordinary.iter().copied().reduce(f64::max).map(|value| Value::Float64(value + 0.0));
        prop_assert_eq!((number.min_value(), number.max_value()), (min, max));
        let different: BTreeSet<u64> = numbers
            .iter()
            .map(|value| if value.is_nan() { f64::NAN } else { value + 0.0 }.to_bits())
            .collect();
        prop_assert!(number.distinct.abs_diff(different.len() as u64) <= 3, "{} {}", number.distinct, different.len());

        let texts: Vec<&str> = rows.iter().filter_map(|row| row.4.as_deref()).collect();
        prop_assert_eq!(text.nulls as usize, rows.len() - texts.len());
        prop_assert_eq!(text.logical_bytes as usize, texts.iter().map(|text| 2 + text.len()).sum::<usize>());
        if let (Some(min), Some(max)) = (texts.iter().min(), texts.iter().max()) {
            prop_assert!(min.starts_with(text.min.as_deref().unwrap()) && max.starts_with(text.max.as_deref().unwrap()));
            let whole = Value::String((*max).to_owned());
            prop_assert!(text.max_value().is_none_or(|value| value == whole), "a cut text is no bound");
            prop_assert!(max.len() > 60 || text.max_value() == Some(whole));
        }
    }

    #[test]
    fn each_file_knows_the_bounds_of_its_order_columns(rows in rows(), split in 1_i64..29) {
        let splits = [split];
        let written = write(&rows, &splits, Statistics::OrderOnly);
        prop_assert!(written.columns.is_empty() && written.item_counts.is_none());
        for file in written.entry.files.iter().filter(|file| file.rows > 0) {
            let range = file.range.unwrap() as usize;
            let mine: Vec<&Row> = rows.iter().filter(|row| splits.partition_point(|s| *s <= row.0) == range).collect();
            prop_assert_eq!(file.rows, mine.len() as u64);
            let text = |value: Option<i64>| value.map(|value| value.to_string());
            prop_assert_eq!(&file.minima[0], &text(mine.iter().filter_map(|row| row.1).min()));
            prop_assert_eq!(&file.maxima[1], &text(mine.iter().map(|row| row.0).max()));
        }
    }
}
