//! Statements over a small warehouse: what they give (`tests/sql/*.slt` and `tests/concepts/*.slt` at the top of the
//! workspace), how they are planned, and how they stop.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test stops where it fails")]

mod behaviour;
mod concepts;
mod fixture;
mod logic;
mod odd;
mod oracle;
mod plans;
mod queries_page;
mod reference;
mod registry;
mod script;
mod shared;
mod sofa;

use bedside_engine::Session;
use fixture::{Home, workspace};
use logic::{Outcome, compare, read};

/// Every record of every file in `tests/sql`. Files named `statements…` write: each has a home and a session of its own.
#[test]
fn statements_give_what_is_written() {
    check("tests/sql", str::to_owned);
}

/// Every record of every file in `tests/concepts`.
#[test]
fn definitions_give_what_is_written() {
    check("tests/concepts", concepts::with_definitions);
}

fn check(folder: &str, text_of: fn(&str) -> String) {
    let home = Home::new();
    let mut failures = Vec::new();
    let mut count = 0;
    for path in files(folder) {
        let text = std::fs::read_to_string(&path).unwrap();
        let records = read(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let writes = path.file_stem().is_some_and(|name| name.to_string_lossy().starts_with("statements"));
        let own = writes.then(|| (Home::new(), Session::default()));
        for record in records {
            count += 1;
            let text = text_of(&record.sql);
            let outcome = match &own {
                Some((home, session)) => home.run(&text, session),
                None => home.rows(&text).map(|rows| Outcome { rows, count: None }),
            };
            if let Err(difference) = compare(&record, outcome) {
                let place = format!("{}:{}", path.file_name().unwrap_or_default().display(), record.line);
                failures.push(format!("{place}\n{}{difference}\n", record.sql));
            }
        }
    }
    assert!(count > 0, "there are no records");
    assert!(failures.is_empty(), "{} of {count} records differ:\n\n{}", failures.len(), failures.join("\n"));
}

/// What the tree decided is what DataFusion would: its coercion finds nothing to do.
#[test]
fn types_are_the_same_after_datafusions_coercion() {
    let home = Home::new();
    for path in files("tests/sql") {
        for record in read(&std::fs::read_to_string(&path).unwrap()).unwrap() {
            let Ok(prepared) = home.prepare(&record.sql) else { continue };
            if let Ok((before, after)) = prepared.types_before_and_after_coercion() {
                assert_eq!(before, after, "{}", record.sql);
            }
        }
    }
}

fn files(folder: &str) -> Vec<std::path::PathBuf> {
    let folder = workspace().join(folder);
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "slt"));
    files.sort();
    files
}
