//! Every value of the open demos comes back from the warehouse as the source has it, in every layout, in order.

use super::fixture::{assert_complete, load_folder, manifest, options, shared_data};
use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Date32Type, Decimal128Type, Float64Type, Int64Type, TimestampMicrosecondType};
use bedside_load::LoadOptions;
use bedside_store::{LayoutEntry, LayoutName, Manifest, RowState, TableEntry};
use bedside_types::SqlType;
use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::cmp::Ordering;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::Path;

#[test]
fn every_value_of_the_demos_comes_back() {
    let Some(data) = shared_data() else { return };
    let home = tempfile::tempdir().unwrap();
    let options = LoadOptions { release: None, ..options() };
    for (folder, release, tables) in [
        ("mimic-iv-clinical-database-demo-2.2", "mimiciv-demo-2.2", 31),
        ("mimic-iv-ed-demo-2.2", "mimiciv-ed-demo-2.2", 6),
        ("mimic-iii-clinical-database-demo-1.4", "mimiciii-demo-1.4", 26),
    ] {
        let folder = data.join(folder);
        let report = load_folder(&folder, home.path(), &options);
        assert_complete(&report);
        let manifest = manifest(home.path(), release);
        assert_eq!(manifest.tables.len(), tables);
        for table in manifest.tables.values() {
            assert_eq!(table.row_state, RowState::AsPublished, "{} {:?}", table.key(), table.warnings);
            assert_eq!(table.warnings.len(), usize::from(table.name == "noteevents"), "{:?}", table.warnings);
            let source = Source::read(&folder, table);
            for layout in &table.layouts {
                compare(&manifest, table, layout, &source, home.path());
            }
        }
        assert!(manifest.facts.iter().any(|fact| fact.holds && fact.dependent == "subject_id"));
    }
    assert_eq!(fs::read_dir(home.path().join("releases")).unwrap().count(), 3);
}

/// Texts of MIMIC-III's notes hold line breaks, commas, doubled quotes and what looks like a record, over pages.
#[test]
fn notes_of_tens_of_kilobytes_come_back() {
    let header = "ROW_ID,SUBJECT_ID,HADM_ID,CHARTDATE,CHARTTIME,STORETIME,CATEGORY,DESCRIPTION,CGID,ISERROR,TEXT\n";
    let line = "7,3,\"\"no\"\" distress,, BP 120/80\n\n12,9,100001,2130-01-01,\"\"Echo\"\"\n\r\n\t[**2130-1-1**] µg\n";
    let mut text = header.to_owned();
    for row in 0..60_usize {
        let (subject, note) = (1 + row % 7, line.repeat(1 + row * 17 % 900));
        text.push_str(&format!("{row},{subject},,2130-01-02 00:00:00,,,\"Echo\",\"Report\",,,\"{note}\"\n"));
    }
    assert!(text.len() > 1 << 20);
    for packed in ["", ".gz"] {
        let (folder, home) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let path = folder.path().join(format!("NOTEEVENTS.csv{packed}"));
        if packed.is_empty() {
            fs::write(path, &text).unwrap();
        } else {
            let mut writer = GzEncoder::new(File::create(path).unwrap(), Compression::fast());
            writer.write_all(text.as_bytes()).unwrap();
            writer.finish().unwrap();
        }
        let options = LoadOptions { release: Some("mimiciii-1.4".parse().unwrap()), ..options() };
        assert_complete(&load_folder(folder.path(), home.path(), &options));
        let manifest = manifest(home.path(), "mimiciii-1.4");
        let table = &manifest.tables["notes.noteevents"];
        let source = Source::read(folder.path(), table);
        assert_eq!(source.rows.len(), 60);
        table.layouts.iter().for_each(|layout| compare(&manifest, table, layout, &source, home.path()));
    }
}

/// A field as it stands in the file.
#[derive(Debug, PartialEq)]
struct Cell {
    text: String,
    quoted: bool,
}

/// A file read in the plainest way, columns in the order of the table.
struct Source {
    rows: Vec<Vec<Cell>>,
}

impl Source {
    fn read(folder: &Path, table: &TableEntry) -> Self {
        let bytes = fs::read(folder.join(&table.source.file)).unwrap();
        let mut text = String::new();
        if bytes.starts_with(&[0x1f, 0x8b]) {
            MultiGzDecoder::new(bytes.as_slice()).read_to_string(&mut text).unwrap();
        } else {
            text = String::from_utf8(bytes).unwrap();
        }
        let mut lines = records(&text).into_iter();
        let header = lines.next().unwrap();
        if table.rows == 0 {
            assert!(lines.next().is_none());
            return Self { rows: Vec::new() };
        }
        let place = |name: &str| header.iter().position(|cell| cell.text.eq_ignore_ascii_case(name)).unwrap();
        let places: Vec<_> = table.columns.iter().map(|column| place(&column.name)).collect();
        let arrange = |row: Vec<Cell>| {
            assert_eq!(row.len(), header.len());
            let mut cells: Vec<Option<Cell>> = row.into_iter().map(Some).collect();
            places.iter().map(|place| cells[*place].take().unwrap()).collect()
        };
        Self { rows: lines.map(arrange).collect() }
    }
}

fn records(text: &str) -> Vec<Vec<Cell>> {
    let mut records = Vec::new();
    let mut record = Vec::new();
    let mut cell = Cell { text: String::new(), quoted: false };
    let mut within = false;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if within && characters.peek() == Some(&'"') => cell.text.push(characters.next().unwrap()),
            '"' if within => within = false,
            '"' if cell.text.is_empty() && !cell.quoted => (within, cell.quoted) = (true, true),
            ',' if !within => record.push(std::mem::replace(&mut cell, Cell { text: String::new(), quoted: false })),
            '\n' if !within => {
                record.push(std::mem::replace(&mut cell, Cell { text: String::new(), quoted: false }));
                records.push(std::mem::take(&mut record));
            }
            _ => cell.text.push(character),
        }
    }
    records
}

fn compare(manifest: &Manifest, table: &TableEntry, layout: &LayoutEntry, source: &Source, home: &Path) {
    let order: Vec<usize> = layout
        .order
        .iter()
        .map(|name| table.columns.iter().position(|column| column.name.eq_ignore_ascii_case(name)).unwrap())
        .collect();
    let range = |row: &Vec<Cell>| match layout.name {
        LayoutName::File => 0,
        _ => {
            let subject = table.columns.iter().position(|column| column.name == "subject_id").unwrap();
            row[subject].text.parse().map_or(0, |subject| manifest.range_of(subject))
        }
    };
    let mut expected: Vec<&Vec<Cell>> = source.rows.iter().collect();
    expected.sort_by(|a, b| {
        let columns = order.iter().map(|index| compare_cells(&a[*index], &b[*index], &table.columns[*index].sql_type));
        range(a).cmp(&range(b)).then(columns.fold(Ordering::Equal, Ordering::then))
    });
    let mut row = 0;
    for file in &layout.files {
        let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(home.join(&file.path)).unwrap()).unwrap();
        let mut rows = 0;
        for batch in reader.build().unwrap() {
            let batch = batch.unwrap();
            for at in 0..batch.num_rows() {
                assert_eq!(file.range.unwrap_or(0), range(expected[row]));
                check_row(table, &batch, at, expected[row]);
                row += 1;
            }
            rows += batch.num_rows() as u64;
        }
        assert_eq!(rows, file.rows);
    }
    assert_eq!(row, source.rows.len(), "{} {:?}", table.key(), layout.name);
}

fn compare_cells(a: &Cell, b: &Cell, sql_type: &SqlType) -> Ordering {
    match sql_type {
        SqlType::Int64 => a.text.parse::<i64>().ok().cmp(&b.text.parse().ok()),
        // Times of one form order as texts; NULL is the empty text.
        _ => a.text.cmp(&b.text),
    }
}

fn check_row(table: &TableEntry, batch: &RecordBatch, row: usize, expected: &[Cell]) {
    for ((column, entry), cell) in batch.columns().iter().zip(&table.columns).zip(expected) {
        let place = || format!("{}.{}: {cell:?}", table.key(), entry.name);
        if column.is_null(row) {
            let is_null = cell.text.is_empty() && (entry.sql_type != SqlType::String || !cell.quoted);
            assert!(is_null, "{}", place());
            continue;
        }
        let text = cell.text.as_str();
        match column.data_type() {
            DataType::Int64 => {
                assert_eq!(column.as_primitive::<Int64Type>().value(row), text.parse::<i64>().unwrap(), "{}", place());
            }
            DataType::Float64 => {
                let value = column.as_primitive::<Float64Type>().value(row);
                assert_eq!(value.to_bits(), text.parse::<f64>().unwrap().to_bits(), "{}", place());
            }
            DataType::Decimal128(..) => {
                let value = column.as_primitive::<Decimal128Type>().value(row);
                let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
                assert_eq!(value, format!("{whole}{fraction:0<9}").parse::<i128>().unwrap(), "{}", place());
            }
            DataType::Date32 => {
                let day = column.as_primitive::<Date32Type>().value_as_date(row).unwrap();
                assert_eq!(day.to_string(), text.trim_end_matches(" 00:00:00"), "{}", place());
            }
            DataType::Timestamp(..) => {
                let time = column.as_primitive::<TimestampMicrosecondType>().value_as_datetime(row).unwrap();
                assert_eq!(time.format("%Y-%m-%d %H:%M:%S%.f").to_string(), text, "{}", place());
            }
            DataType::Utf8View => assert_eq!(column.as_string_view().value(row), text, "{}", place()),
            DataType::Utf8 => assert_eq!(column.as_string::<i32>().value(row), text, "{}", place()),
            other => panic!("{other}"),
        }
    }
}
