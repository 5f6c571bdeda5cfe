//! A copy of a release with all times moved and all ids renumbered has the same derived rows, moved and renumbered: nothing
//! depends on what the ids and the years happen to be.

use crate::compare::{Cell, Table, Tolerance, differences};
use crate::fixture::Home;
use crate::release::make;
use bedside_concepts::{Definitions, Family};
use bedside_datasets::catalogue;
use bedside_types::SqlType;
use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use std::fs::{self, File};
use std::path::Path;

/// The calendar repeats after 400 years, weekdays included.
const YEARS: i64 = 400;
const DAYS: i32 = 146_097;
/// Added to ids, so that their order stays, and they stay in their published ranges.
const RENUMBERED: i64 = 1000;
const IDS: [&str; 4] = ["subject_id", "hadm_id", "stay_id", "icustay_id"];

#[test]
fn a_shifted_copy_has_the_same_rows_shifted() {
    for (family, version) in [(Family::MimicIv, "3.1"), (Family::MimicIii, "1.4")] {
        let folder = tempfile::tempdir().unwrap();
        let (source, target) = (folder.path().join("source"), folder.path().join("target"));
        make(family, 25, 11, &source);
        shift(&source, &target, family, version);
        let release = format!("{}-{version}", family.name());
        let homes = [Home::of_folder(&source, None), Home::of_folder(&target, Some(&release))];
        let definitions = Definitions::embedded(family);
        for home in &homes {
            home.give_code_list();
            let report = home.build(&definitions, &[]);
            assert_eq!(report.failures().count(), 0, "{:?}", report.failures().collect::<Vec<_>>());
        }
        let mut faults = Vec::new();
        for definition in definitions.iter() {
            let [original, copy] =
                homes.each_ref().map(|home| home.select(&format!("SELECT * FROM {}", definition.name)));
            let key: Vec<&str> = definition.page.key.iter().map(String::as_str).collect();
            let lines = differences(&copy, &moved(original), &key, Tolerance::None);
            faults.extend(lines.into_iter().map(|line| format!("{}: {line}", definition.name)));
        }
        assert!(faults.is_empty(), "{family:?}: {}", faults.join("\n"));
    }
}

/// Writes every table of a release anew.
fn shift(source: &Path, target: &Path, family: Family, version: &str) {
    let schema = catalogue().schema(family.name(), version).unwrap();
    let mut tables = 0;
    for table in &schema.tables {
        let found = [format!("{}/{}", table.module, table.file), table.file.clone()];
        let Some(file) = found.iter().find(|file| source.join(file).is_file()) else { continue };
        tables += 1;
        let mut reader = csv::Reader::from_reader(MultiGzDecoder::new(File::open(source.join(file)).unwrap()));
        let path = target.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let mut writer = csv::Writer::from_writer(GzEncoder::new(File::create(path).unwrap(), Compression::fast()));
        let header = reader.headers().unwrap().clone();
        writer.write_record(&header).unwrap();
        let moves: Vec<Move> =
            header.iter().map(|name| Move::of(name, &table.column(&name.to_lowercase()).unwrap().sql_type)).collect();
        for record in reader.records() {
            let record = record.unwrap();
            writer.write_record(record.iter().zip(&moves).map(|(text, move_)| move_.text(text))).unwrap();
        }
        writer.into_inner().unwrap().finish().unwrap();
    }
    assert!(tables >= 20, "{tables} tables");
}

/// How the values of a column change.
enum Move {
    None,
    Id,
    /// A year, or a text that begins with one.
    Year,
}

impl Move {
    fn of(name: &str, sql_type: &SqlType) -> Self {
        let name = name.to_lowercase();
        match sql_type {
            SqlType::Datetime | SqlType::Date => Self::Year,
            SqlType::Int64 if IDS.contains(&name.as_str()) => Self::Id,
            SqlType::Int64 if name == "anchor_year" => Self::Year,
            _ => Self::None,
        }
    }

    fn text(&self, text: &str) -> String {
        match self {
            _ if text.is_empty() => String::new(),
            Self::None => text.to_owned(),
            Self::Id => (text.parse::<i64>().unwrap() + RENUMBERED).to_string(),
            Self::Year => {
                let (year, rest) = text.split_at(4);
                format!("{}{rest}", year.parse::<i64>().unwrap() + YEARS)
            }
        }
    }

    fn cell(&self, cell: Cell) -> Cell {
        match (self, cell) {
            (Self::Id, Cell::Int(id)) => Cell::Int(id + RENUMBERED),
            (Self::Year, Cell::Int(year)) => Cell::Int(year + YEARS),
            (Self::Year, Cell::Date(days)) => Cell::Date(days + DAYS),
            (Self::Year, Cell::Datetime(micros)) => Cell::Datetime(micros + i64::from(DAYS) * 86_400_000_000),
            (_, cell) => cell,
        }
    }
}

/// The rows as the copy must have them.
fn moved(table: Table) -> Table {
    let moves: Vec<Move> = table.columns.iter().map(|(name, sql_type)| Move::of(name, sql_type)).collect();
    let row = |row: Vec<Cell>| row.into_iter().zip(&moves).map(|(cell, move_)| move_.cell(cell)).collect();
    Table { rows: table.rows.into_iter().map(row).collect(), columns: table.columns }
}
