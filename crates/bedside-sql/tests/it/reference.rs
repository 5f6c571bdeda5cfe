//! `docs/reference/statements.md` lists every statement of BigQuery's reference, and what it says of each holds. With
//! `BEDSIDE_UPDATE=1` the test writes the list anew.

mod statements;

use bedside_sql::{Script, SqlErrorKind};
use statements::{Entry, SECTIONS, Status};
use std::fmt::Write as _;

const BEGIN: &str =
    "<!-- made by a test of bedside-sql: BEDSIDE_UPDATE=1 cargo test -p bedside-sql --test it reference -->\n";
const END: &str = "<!-- end -->\n";

#[test]
fn every_statement_is_what_the_reference_says() {
    for entry in SECTIONS.iter().flat_map(|(_, entries)| *entries) {
        let read = Script::parse(entry.example);
        match (entry.status, read) {
            (Status::Supported | Status::Different, Err(error)) => panic!("{}: {error}", entry.example),
            (Status::Refused, Ok(_)) => panic!("{} is not refused", entry.example),
            (Status::Refused, Err(error)) => {
                assert_eq!(error.kind, SqlErrorKind::Unsupported, "{}: {error}", entry.example);
            }
            _ => {}
        }
    }
}

#[test]
fn the_list_is_up_to_date() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference/statements.md");
    let text = std::fs::read_to_string(path).unwrap();
    let (before, rest) = text.split_once(BEGIN).expect("the list has a beginning");
    let (old, after) = rest.split_once(END).expect("the list has an end");
    let new = list();
    if std::env::var_os("BEDSIDE_UPDATE").is_some() {
        std::fs::write(path, format!("{before}{BEGIN}{new}{END}{after}")).unwrap();
    } else {
        assert!(old == new, "docs/reference/statements.md is out of date");
    }
}

fn list() -> String {
    let mut text = String::new();
    for (section, entries) in SECTIONS {
        let _ = write!(text, "\n### {section}\n\n| statement | | |\n|---|---|---|\n");
        for Entry { statement, status, note, .. } in *entries {
            let status = match status {
                Status::Supported => "yes",
                Status::Different => "different",
                Status::Refused => "refused",
            };
            let _ = writeln!(text, "| `{statement}` | {status} | {note} |");
        }
    }
    text.push('\n');
    text
}
