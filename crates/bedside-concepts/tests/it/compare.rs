//! Two tables as multisets of rows: equal within the tolerance of their types, or the first differences in words.
//!
//! Rows are sorted into groups by all cells that must be equal exactly, with where their numbers are NULL; inside a group
//! the numbers are paired. Nothing is rounded, so a value at the edge of a rounding step cannot tell equal rows apart.

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, Float64Type, Int16Type, Int32Type, Int64Type, TimeUnit,
    TimestampMicrosecondType,
};
use bedside_types::SqlType;
use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

/// Rows of values, with the name and type of each column.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) columns: Vec<(String, SqlType)>,
    pub(crate) rows: Vec<Vec<Cell>>,
}

/// One value. The order is that of the variants, NULL first.
#[derive(Clone, Debug, PartialEq, PartialOrd)]
pub(crate) enum Cell {
    Null,
    Bool(bool),
    Int(i64),
    /// Days since 1970.
    Date(i32),
    /// Microseconds since 1970.
    Datetime(i64),
    Text(String),
    Float(f64),
    /// Billionths.
    Numeric(i128),
}

/// How far two numbers of equal rows may lie apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tolerance {
    /// FLOAT64 by 1e-9 of the value, NUMERIC by 1e-9.
    Billionth,
    /// Not at all: the same bits.
    None,
}

impl Table {
    /// Reads batches whose columns hold what `columns` says, in whatever width the writer chose.
    pub(crate) fn new(columns: Vec<(String, SqlType)>, batches: &[RecordBatch]) -> Self {
        let mut rows = Vec::new();
        for batch in batches {
            let read: Vec<Vec<Cell>> =
                columns.iter().zip(batch.columns()).map(|((_, sql_type), array)| cells(array, sql_type)).collect();
            rows.extend((0..batch.num_rows()).map(|row| read.iter().map(|column| column[row].clone()).collect()));
        }
        Self { columns, rows }
    }

    /// The table without some of its columns.
    pub(crate) fn without(&self, names: &[&str]) -> Self {
        let kept: Vec<usize> =
            (0..self.columns.len()).filter(|at| !names.contains(&self.columns[*at].0.as_str())).collect();
        let pick = |row: &Vec<Cell>| kept.iter().map(|at| row[*at].clone()).collect();
        Self {
            columns: kept.iter().map(|at| self.columns[*at].clone()).collect(),
            rows: self.rows.iter().map(pick).collect(),
        }
    }

    fn place(&self, name: &str) -> usize {
        self.columns.iter().position(|(column, _)| column == name).unwrap_or_else(|| panic!("no column {name}"))
    }
}

/// The first differences of two tables, at most `MOST_SHOWN` rows, by the columns `key` where it has any; empty where the
/// tables are equal.
pub(crate) fn differences(found: &Table, expected: &Table, key: &[&str], tolerance: Tolerance) -> Vec<String> {
    let names = |table: &Table| table.columns.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    if names(found) != names(expected) {
        return vec![format!("columns {:?}, expected {:?}", names(found), names(expected))];
    }
    let mut groups: BTreeMap<String, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
    for (row, cells) in found.rows.iter().enumerate() {
        groups.entry(group(cells, tolerance)).or_default().0.push(row);
    }
    for (row, cells) in expected.rows.iter().enumerate() {
        groups.entry(group(cells, tolerance)).or_default().1.push(row);
    }
    let (mut extra, mut missing) = (Vec::new(), Vec::new());
    for (mine, theirs) in groups.values() {
        let (left, right) = unmatched(found, mine, expected, theirs, tolerance);
        extra.extend(left);
        missing.extend(right);
    }
    extra.sort_unstable();
    missing.sort_unstable();
    describe((found, extra), (expected, missing), key, tolerance)
}

const MOST_SHOWN: usize = 5;

/// The cells that must be equal exactly, and which numbers are NULL, as one text.
fn group(cells: &[Cell], tolerance: Tolerance) -> String {
    let mut text = String::new();
    for cell in cells {
        let written = match (cell, tolerance) {
            (Cell::Float(_) | Cell::Numeric(_), Tolerance::Billionth) => write!(text, "number\u{1f}"),
            // Every bit counts, and -0 is not 0.
            (Cell::Float(value), Tolerance::None) => write!(text, "{:016x}\u{1f}", value.to_bits()),
            _ => write!(text, "{cell:?}\u{1f}"),
        };
        written.expect("text grows");
    }
    text
}

/// The rows of a group that are left over when as many as can be are paired.
fn unmatched(
    found: &Table,
    mine: &[usize],
    expected: &Table,
    theirs: &[usize],
    tolerance: Tolerance,
) -> (Vec<usize>, Vec<usize>) {
    let sorted = |table: &Table, rows: &[usize]| {
        let mut rows = rows.to_vec();
        rows.sort_by(|a, b| table.rows[*a].partial_cmp(&table.rows[*b]).unwrap_or(std::cmp::Ordering::Equal));
        rows
    };
    let (mine, theirs) = (sorted(found, mine), sorted(expected, theirs));
    let same = |left: usize, right: usize| alike(&found.rows[mine[left]], &expected.rows[theirs[right]], tolerance);
    if mine.len() == theirs.len() && (0..mine.len()).all(|place| same(place, place)) {
        return (Vec::new(), Vec::new());
    }
    // Numbers that differ in their last digits can sort differently: then the largest pairing, by augmenting paths.
    let mut partner: Vec<Option<usize>> = vec![None; theirs.len()];
    for left in 0..mine.len() {
        augment(left, theirs.len(), &same, &mut partner, &mut vec![false; theirs.len()]);
    }
    let mut paired = vec![false; mine.len()];
    partner.iter().flatten().for_each(|left| paired[*left] = true);
    let extra = (0..mine.len()).filter(|left| !paired[*left]).map(|left| mine[left]).collect();
    let missing = (0..theirs.len()).filter(|right| partner[*right].is_none()).map(|right| theirs[right]).collect();
    (extra, missing)
}

fn augment(
    left: usize,
    rights: usize,
    same: &impl Fn(usize, usize) -> bool,
    partner: &mut [Option<usize>],
    seen: &mut [bool],
) -> bool {
    for right in 0..rights {
        if seen[right] || !same(left, right) {
            continue;
        }
        seen[right] = true;
        let free = partner[right].is_none_or(|other| augment(other, rights, same, partner, seen));
        if free {
            partner[right] = Some(left);
            return true;
        }
    }
    false
}

fn alike(left: &[Cell], right: &[Cell], tolerance: Tolerance) -> bool {
    left.iter().zip(right).all(|(left, right)| close(left, right, tolerance))
}

fn close(left: &Cell, right: &Cell, tolerance: Tolerance) -> bool {
    match (left, right, tolerance) {
        (Cell::Float(left), Cell::Float(right), Tolerance::None) => left.to_bits() == right.to_bits(),
        (Cell::Float(left), Cell::Float(right), Tolerance::Billionth) => {
            left == right
                || (left.is_nan() && right.is_nan())
                || (left - right).abs() <= 1e-9 * left.abs().max(right.abs())
        }
        (Cell::Numeric(left), Cell::Numeric(right), Tolerance::Billionth) => (left - right).abs() <= 1,
        _ => left == right,
    }
}

/// One line per differing row; rows of the same key show which columns differ.
fn describe(
    (found, mut extra): (&Table, Vec<usize>),
    (expected, mut missing): (&Table, Vec<usize>),
    key: &[&str],
    tolerance: Tolerance,
) -> Vec<String> {
    let (extras, missings) = (extra.len(), missing.len());
    if extras + missings == 0 {
        return Vec::new();
    }
    let mut lines = vec![format!(
        "{} rows, expected {}; {extras} of them are not expected, {missings} expected ones are missing",
        found.rows.len(),
        expected.rows.len()
    )];
    let places: Vec<usize> = key.iter().map(|name| expected.place(name)).collect();
    let of = |table: &Table, row: usize| places.iter().map(|place| table.rows[row][*place].clone()).collect::<Vec<_>>();
    if !places.is_empty() {
        missing.retain(|theirs| {
            let key = of(expected, *theirs);
            let Some(at) = extra.iter().position(|mine| of(found, *mine) == key) else { return true };
            let mine = extra.remove(at);
            if lines.len() <= MOST_SHOWN {
                lines.push(format!(
                    "{}: {}",
                    shown(expected, *theirs, &places),
                    unlike(found, mine, expected, *theirs, tolerance)
                ));
            }
            false
        });
    }
    let all: Vec<usize> = (0..expected.columns.len()).collect();
    lines.extend(extra.iter().take(MOST_SHOWN).map(|row| format!("not expected: {}", shown(found, *row, &all))));
    lines.extend(missing.iter().take(MOST_SHOWN).map(|row| format!("missing: {}", shown(expected, *row, &all))));
    lines
}

fn unlike(found: &Table, mine: usize, expected: &Table, theirs: usize, tolerance: Tolerance) -> String {
    let mut parts = Vec::new();
    for (place, (name, _)) in found.columns.iter().enumerate() {
        let (left, right) = (&found.rows[mine][place], &expected.rows[theirs][place]);
        if !close(left, right, tolerance) {
            parts.push(format!("{name} is {left}, expected {right}"));
        }
    }
    parts.join("; ")
}

fn shown(table: &Table, row: usize, places: &[usize]) -> String {
    let parts = places.iter().map(|place| format!("{} {}", table.columns[*place].0, table.rows[row][*place]));
    parts.collect::<Vec<_>>().join(", ")
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("NULL"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Int(value) => write!(f, "{value}"),
            Self::Date(days) => {
                write!(f, "{:?}", arrow::temporal_conversions::date32_to_datetime(*days).map(|t| t.date()))
            }
            Self::Datetime(micros) => {
                write!(f, "{:?}", arrow::temporal_conversions::timestamp_us_to_datetime(*micros))
            }
            Self::Text(text) => write!(f, "{text:?}"),
            Self::Float(value) => write!(f, "{value:?}"),
            Self::Numeric(billionths) => {
                let sign = if *billionths < 0 { "-" } else { "" };
                let size = billionths.unsigned_abs();
                write!(f, "{sign}{}.{:09}", size / 1_000_000_000, size % 1_000_000_000)
            }
        }
    }
}

/// The values of a column as `sql_type`. Integers of any width, decimals of any scale up to 9, and doubles that stand for
/// decimals are read by value.
fn cells(array: &ArrayRef, sql_type: &SqlType) -> Vec<Cell> {
    (0..array.len()).map(|row| if array.is_null(row) { Cell::Null } else { cell(array, row, sql_type) }).collect()
}

fn cell(array: &ArrayRef, row: usize, sql_type: &SqlType) -> Cell {
    match (sql_type, array.data_type()) {
        (SqlType::Int64, DataType::Int64) => Cell::Int(array.as_primitive::<Int64Type>().value(row)),
        (SqlType::Int64, DataType::Int32) => Cell::Int(i64::from(array.as_primitive::<Int32Type>().value(row))),
        (SqlType::Int64, DataType::Int16) => Cell::Int(i64::from(array.as_primitive::<Int16Type>().value(row))),
        (SqlType::Float64, DataType::Float64) => Cell::Float(array.as_primitive::<Float64Type>().value(row)),
        (SqlType::Float64, DataType::Int64) => Cell::Float(array.as_primitive::<Int64Type>().value(row) as f64),
        (SqlType::Numeric, DataType::Decimal128(_, scale @ 0..=9)) => {
            Cell::Numeric(array.as_primitive::<Decimal128Type>().value(row) * 10_i128.pow(9 - *scale as u32))
        }
        (SqlType::Numeric, DataType::Float64) => {
            Cell::Numeric((array.as_primitive::<Float64Type>().value(row) * 1e9).round() as i128)
        }
        (SqlType::Bool, DataType::Boolean) => Cell::Bool(array.as_boolean().value(row)),
        (SqlType::Date, DataType::Date32) => Cell::Date(array.as_primitive::<Date32Type>().value(row)),
        (SqlType::Datetime, DataType::Timestamp(TimeUnit::Microsecond, None)) => {
            Cell::Datetime(array.as_primitive::<TimestampMicrosecondType>().value(row))
        }
        (SqlType::String, DataType::Utf8) => Cell::Text(array.as_string::<i32>().value(row).to_owned()),
        (SqlType::String, DataType::Utf8View) => Cell::Text(array.as_string_view().value(row).to_owned()),
        (sql_type, held) => panic!("{sql_type:?} is held as {held}"),
    }
}

/// The comparison itself must be able to fail.
mod tests {
    use super::{Cell, Table, Tolerance, differences};
    use bedside_types::SqlType;

    fn table(rows: &[(i64, Option<f64>, i128)]) -> Table {
        let columns = [("id", SqlType::Int64), ("x", SqlType::Float64), ("n", SqlType::Numeric)];
        Table {
            columns: columns.into_iter().map(|(name, sql_type)| (name.to_owned(), sql_type)).collect(),
            rows: rows
                .iter()
                .map(|(id, x, n)| vec![Cell::Int(*id), x.map_or(Cell::Null, Cell::Float), Cell::Numeric(*n)])
                .collect(),
        }
    }

    #[track_caller]
    fn check(
        found: &[(i64, Option<f64>, i128)],
        expected: &[(i64, Option<f64>, i128)],
        tolerance: Tolerance,
        lines: &[&str],
    ) {
        assert_eq!(differences(&table(found), &table(expected), &["id"], tolerance), lines);
    }

    #[test]
    fn the_order_of_rows_does_not_matter_but_their_number_does() {
        let rows = [(1, Some(2.0), 5), (1, Some(2.0), 5), (2, None, 0)];
        check(&rows, &[rows[2], rows[0], rows[1]], Tolerance::None, &[]);
        check(
            &rows[1..],
            &rows,
            Tolerance::Billionth,
            &[
                "2 rows, expected 3; 0 of them are not expected, 1 expected ones are missing",
                "missing: id 1, x 2.0, n 0.000000005",
            ],
        );
    }

    #[test]
    fn numbers_may_differ_by_a_billionth_where_that_is_said() {
        check(&[(1, Some(1e6), 5)], &[(1, Some(1e6 + 9e-4), 6)], Tolerance::Billionth, &[]);
        check(
            &[(1, Some(1e6), 5)],
            &[(1, Some(1e6 + 2e-3), 7)],
            Tolerance::Billionth,
            &[
                "1 rows, expected 1; 1 of them are not expected, 1 expected ones are missing",
                "id 1: x is 1000000.0, expected 1000000.002; n is 0.000000005, expected 0.000000007",
            ],
        );
        check(
            &[(1, Some(0.0), 0)],
            &[(1, Some(-0.0), 0)],
            Tolerance::None,
            &[
                "1 rows, expected 1; 1 of them are not expected, 1 expected ones are missing",
                "id 1: x is 0.0, expected -0.0",
            ],
        );
        check(
            &[(1, None, 0)],
            &[(1, Some(0.0), 0)],
            Tolerance::Billionth,
            &[
                "1 rows, expected 1; 1 of them are not expected, 1 expected ones are missing",
                "id 1: x is NULL, expected 0.0",
            ],
        );
    }

    /// Sorted by `x`, the first of one side stands beside the second of the other.
    #[test]
    fn rows_are_paired_also_where_their_last_digits_sort_them_differently() {
        let (low, high) = (1.0, 1.0 + 5e-10);
        check(
            &[(1, Some(low), 100), (1, Some(high), 900)],
            &[(1, Some(low), 900), (1, Some(high), 100)],
            Tolerance::Billionth,
            &[],
        );
    }

    #[test]
    fn other_columns_are_a_difference() {
        let mut other = table(&[]);
        other.columns.swap(1, 2);
        let lines = differences(&table(&[]), &other, &[], Tolerance::Billionth);
        assert_eq!(lines, [r#"columns ["id", "x", "n"], expected ["id", "n", "x"]"#]);
    }
}
