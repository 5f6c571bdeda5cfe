//! A made-up MIMIC-III in which the rules of the derived tables come into play, those that no row of the open demo shows
//! among them: events without a stay, errors, times that meet to the second, notes, masked and misspelt numbers, dialysis of
//! every kind, codes at the ends of their ranges.
//!
//! `recorded/mimiciii/answers` holds what another implementation of the specification, in another language, makes of
//! `recorded/mimiciii/source`: tab-separated, `\N` for NULL. Where the specification leaves the order of equals open, it
//! goes by the order of our definitions.

use crate::compare::{Table, Tolerance, differences};
use crate::fixture::Home;
use arrow::array::{ArrayRef, RecordBatch, StringArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, Schema, TimeUnit};
use bedside_concepts::Definitions;
use bedside_concepts::Family::MimicIii;
use bedside_types::SqlType;
use std::fs;
use std::path::Path;
use std::sync::Arc;

/// All but `ccs_multi_dx`, which is a list, and `ccs_dx`, which is made from it.
const TABLES: usize = 83;

#[test]
fn every_table_of_mimiciii_holds_the_recorded_rows() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recorded/mimiciii");
    let home = Home::of_folder(&folder.join("source"), Some("mimiciii-1.4"));
    let definitions = Definitions::embedded(MimicIii);
    let report = home.build(&definitions, &[]);
    let mut faults: Vec<String> =
        report.failures().map(|(concept, error)| format!("{}: {error}", concept.name)).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let mut compared = 0;
    for definition in definitions.iter() {
        let name = &definition.name;
        let Ok(text) = fs::read_to_string(folder.join(format!("answers/{name}.tsv"))) else { continue };
        let found = home.select(&format!("SELECT * FROM {name}"));
        let expected = answers(&text, &found.columns);
        let key: Vec<&str> = definition.page.key.iter().map(String::as_str).collect();
        let lines = differences(&found, &expected, &key, Tolerance::Billionth);
        faults.extend(lines.into_iter().map(|line| format!("{name}: {line}")));
        compared += 1;
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert_eq!(compared, TABLES);
}

/// A recorded table, read as `columns`, whose names stand in its first line.
fn answers(text: &str, columns: &[(String, SqlType)]) -> Table {
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().unwrap().split('\t').collect();
    assert_eq!(names, columns.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>());
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split('\t').collect()).collect();
    let array = |at: usize, sql_type: &SqlType| -> ArrayRef {
        let texts: StringArray = rows.iter().map(|row| Some(row[at]).filter(|text| *text != r"\N")).collect();
        let values = cast(&texts, &data_type(sql_type)).unwrap();
        assert_eq!(values.null_count(), arrow::array::Array::null_count(&texts), "{}", names[at]);
        values
    };
    let arrays: Vec<ArrayRef> = columns.iter().enumerate().map(|(at, (_, sql_type))| array(at, sql_type)).collect();
    let fields: Vec<Field> =
        columns.iter().map(|(name, sql_type)| Field::new(name, data_type(sql_type), true)).collect();
    let batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).unwrap();
    Table::new(columns.to_vec(), &[batch])
}

fn data_type(sql_type: &SqlType) -> DataType {
    match sql_type {
        SqlType::Bool => DataType::Boolean,
        SqlType::Int64 => DataType::Int64,
        SqlType::Float64 => DataType::Float64,
        SqlType::Numeric => DataType::Decimal128(38, 9),
        SqlType::String => DataType::Utf8,
        SqlType::Datetime => DataType::Timestamp(TimeUnit::Microsecond, None),
        other => panic!("no recorded table has a {other:?}"),
    }
}
