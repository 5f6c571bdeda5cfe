//! A reader of sqllogictest files (<https://sqlite.org/sqllogictest/doc/trunk/about.wiki>), as far as `tests/sql/` uses
//! the format. The crate of that name would change the features that DataFusion's dependencies are built with, and so
//! build DataFusion twice wherever tests and the program are built.
//!
//! Records are separated by empty lines; `#` begins a comment line:
//!
//! ```text
//! query nosort          query rowsort          statement error
//! SELECT 1, 'a'         SELECT …               SELECT 1 = '1'
//! ----                  ----                   ----
//! 1<TAB>a               …                      No matching signature
//! ```
//!
//! Cells are separated by tabs; NULL is `NULL`, the empty string `(empty)`. An error record holds a part of the message.
//! `statement ok` and `statement count 3` (rows inserted, updated or deleted) need no `----`.

use std::fmt::Write as _;

/// One record of a file.
#[derive(Debug)]
pub(crate) struct Record {
    /// Line of the directive, from 1.
    pub(crate) line: usize,
    pub(crate) sql: String,
    pub(crate) expected: Expected,
}

#[derive(Debug)]
pub(crate) enum Expected {
    /// Rows in this order, or in any.
    Rows { rows: Vec<String>, sorted: Sorted },
    /// A part of the message.
    Error(String),
    /// Nothing but that it runs.
    Ok,
    /// So many rows inserted, updated, deleted or in a new table.
    Count(u64),
}

/// What came of a record's statements: the rows of the last query, and what the last change counted.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) rows: Vec<Vec<Option<String>>>,
    pub(crate) count: Option<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sorted {
    AsGiven,
    ByRow,
}

/// The records of a file. A line that is no part of one is an error of the file, not skipped.
pub(crate) fn read(text: &str) -> Result<Vec<Record>, String> {
    let mut lines = text.lines().enumerate().peekable();
    let mut records = Vec::new();
    while let Some((number, line)) = lines.next() {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let mut sql = String::new();
        let mut result = Vec::new();
        let mut in_sql = true;
        while let Some((_, line)) = lines.next_if(|(_, line)| !line.trim().is_empty()) {
            if in_sql && line == "----" {
                in_sql = false;
            } else if in_sql {
                let _ = writeln!(sql, "{line}");
            } else {
                result.push(line.to_owned());
            }
        }
        let expected = match line.trim() {
            "query nosort" => Expected::Rows { rows: result, sorted: Sorted::AsGiven },
            "query rowsort" => Expected::Rows { rows: result, sorted: Sorted::ByRow },
            "statement ok" => Expected::Ok,
            other if other.starts_with("statement count ") => {
                let count = other.trim_start_matches("statement count ").parse();
                Expected::Count(count.map_err(|_| format!("line {}: no number: {other}", number + 1))?)
            }
            "statement error" if !result.is_empty() => Expected::Error(result.join("\n")),
            other => return Err(format!("line {}: not a record: {other}", number + 1)),
        };
        let without_result = matches!(expected, Expected::Ok | Expected::Count(_));
        if sql.is_empty() || in_sql != without_result {
            return Err(format!("line {}: a record needs SQL and `----`", number + 1));
        }
        records.push(Record { line: number + 1, sql, expected });
    }
    Ok(records)
}

/// Compares what a statement gave with what the record says; the difference as text.
pub(crate) fn compare(record: &Record, outcome: Result<Outcome, String>) -> Result<(), String> {
    let outcome = match (&record.expected, outcome) {
        (Expected::Ok, Ok(_)) => return Ok(()),
        (Expected::Count(wanted), Ok(Outcome { count, .. })) if count == Some(*wanted) => return Ok(()),
        (Expected::Count(wanted), Ok(Outcome { count, .. })) => {
            return Err(format!("expected {wanted} rows, found {count:?}"));
        }
        (Expected::Ok | Expected::Count(_), Err(message)) => return Err(format!("failed: {message}")),
        (_, outcome) => outcome.map(|outcome| outcome.rows),
    };
    match (&record.expected, outcome) {
        (Expected::Ok | Expected::Count(_), _) => Ok(()),
        (Expected::Rows { rows, sorted }, Ok(found)) => {
            let mut found: Vec<String> = found.iter().map(|row| cells(row)).collect();
            let mut rows = rows.clone();
            if *sorted == Sorted::ByRow {
                found.sort();
                rows.sort();
            }
            if found == rows {
                Ok(())
            } else {
                Err(format!("expected:\n{}\nfound:\n{}", rows.join("\n"), found.join("\n")))
            }
        }
        (Expected::Error(part), Err(message)) if message.contains(part) => Ok(()),
        (Expected::Error(part), Err(message)) => Err(format!("expected an error with `{part}`, found: {message}")),
        (Expected::Error(part), Ok(found)) => {
            Err(format!("expected an error with `{part}`, found {} rows", found.len()))
        }
        (Expected::Rows { .. }, Err(message)) => Err(format!("failed: {message}")),
    }
}

fn cells(row: &[Option<String>]) -> String {
    let cell = |cell: &Option<String>| match cell.as_deref() {
        None => "NULL".to_owned(),
        Some("") => "(empty)".to_owned(),
        Some(text) => text.replace('\n', "\\n").replace('\t', "\\t"),
    };
    row.iter().map(cell).collect::<Vec<_>>().join("\t")
}

#[test]
fn a_wrong_expectation_is_seen() {
    let rows = |rows| Ok(Outcome { rows, count: None });
    let records =
        read("# rows\nquery rowsort\nSELECT 1\n----\n2\t(empty)\n1\tNULL\n\nstatement error\nx\n----\nbad\n").unwrap();
    let row = |a: &str, b: Option<&str>| vec![Some(a.to_owned()), b.map(str::to_owned)];
    assert!(compare(&records[0], rows(vec![row("1", None), row("2", Some(""))])).is_ok());
    assert!(compare(&records[0], rows(vec![row("1", None), row("2", None)])).is_err());
    assert!(compare(&records[0], Err("x".to_owned())).is_err());
    assert!(compare(&records[1], Err("a bad thing".to_owned())).is_ok());
    assert!(compare(&records[1], rows(vec![])).is_err());
    let records = read("statement ok\nx\n\nstatement count 2\ny\n").unwrap();
    let counted = |count| Ok(Outcome { rows: vec![], count });
    assert!(compare(&records[0], counted(None)).is_ok() && compare(&records[1], counted(Some(2))).is_ok());
    assert!(compare(&records[0], Err(String::new())).is_err() && compare(&records[1], counted(Some(1))).is_err());
    assert!(read("query\nSELECT 1\n----\n").is_err());
    assert!(read("query nosort\nSELECT 1\n").is_err());
}
