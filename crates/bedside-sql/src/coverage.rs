//! Whether `tests/sql/*.slt` holds what people write: `tests/sql/coverage.toml` lists what public queries on MIMIC use, and
//! every row of it must occur in two statements, every form of a function's arguments in one.

mod catalog;
mod feature;
mod form;
mod signature;
mod visit;

use crate::parse::parse;
use crate::syntax::{Call, Node, NodeKind, Statement, Table};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use visit::{Part, visit};

/// Rows that need no more than this many statements.
const ENOUGH: usize = 2;

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    function: Vec<Function>,
    syntax: Vec<Syntax>,
    signature: Vec<Signature>,
    part: Vec<DateParts>,
    interval: Vec<Intervals>,
    cast: Vec<Cast>,
    format: Vec<Format>,
}

#[derive(serde::Deserialize)]
struct Function {
    name: String,
    forms: Vec<String>,
}

#[derive(serde::Deserialize)]
struct Syntax {
    feature: String,
}

#[derive(serde::Deserialize)]
struct Signature {
    function: String,
    arguments: String,
    result: String,
}

#[derive(serde::Deserialize)]
struct DateParts {
    function: String,
    parts: Vec<String>,
}

#[derive(serde::Deserialize)]
struct Intervals {
    forms: Vec<String>,
}

#[derive(serde::Deserialize)]
struct Cast {
    function: String,
    to: String,
}

#[derive(serde::Deserialize)]
struct Format {
    function: String,
    format: String,
}

impl Wanted {
    /// What has to occur, in the words of [`uses`], and how often.
    fn rows(&self) -> BTreeMap<String, usize> {
        let mut rows = BTreeMap::new();
        for function in &self.function {
            rows.insert(function.name.clone(), ENOUGH);
            for form in &function.forms {
                rows.insert(format!("{}{form}", function.name), 1);
            }
        }
        rows.extend(self.syntax.iter().map(|row| (row.feature.clone(), ENOUGH)));
        let signature = |row: &Signature| (format!("{}({}) -> {}", row.function, row.arguments, row.result), ENOUGH);
        rows.extend(self.signature.iter().map(signature));
        for row in &self.part {
            rows.extend(row.parts.iter().map(|part| (format!("{} by {part}", row.function), ENOUGH)));
        }
        for row in &self.interval {
            rows.extend(row.forms.iter().map(|form| (format!("INTERVAL {form}"), ENOUGH)));
        }
        rows.extend(self.cast.iter().map(|row| (format!("{} AS {}", row.function, row.to), ENOUGH)));
        rows.extend(self.format.iter().map(|row| (format!("{} '{}'", row.function, row.format), ENOUGH)));
        rows
    }
}

#[test]
fn what_people_write_is_tested() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/sql");
    let wanted: Wanted = toml::from_str(&std::fs::read_to_string(folder.join("coverage.toml")).unwrap()).unwrap();
    for row in &wanted.syntax {
        assert!(feature::is_known(&row.feature), "nothing counts {}", row.feature);
    }
    let statements = statements(&folder);
    assert!(statements.len() >= 300, "only {} statements", statements.len());
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    for text in &statements {
        for used in uses(text) {
            *found.entry(used).or_default() += 1;
        }
    }
    let lacks = |(row, times): (String, usize)| {
        let found = found.get(&row).copied().unwrap_or(0);
        (found < times).then(|| format!("{row}: {found} of {times}"))
    };
    let missing: Vec<String> = wanted.rows().into_iter().filter_map(lacks).collect();
    assert!(missing.is_empty(), "{} rows lack statements:\n{}", missing.len(), missing.join("\n"));
}

/// The texts of the records that give rows.
fn statements(folder: &Path) -> Vec<String> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "slt"));
    files.sort();
    let mut statements = Vec::new();
    for path in files {
        let text = std::fs::read_to_string(path).unwrap();
        for record in text.split("\n\n") {
            let lines: Vec<&str> = record.lines().skip_while(|line| line.starts_with('#')).collect();
            let Some((directive, lines)) = lines.split_first() else { continue };
            if directive.starts_with("query") || directive.starts_with("statement ok") {
                let sql: Vec<&str> = lines.iter().copied().take_while(|line| *line != "----").collect();
                statements.push(sql.join("\n"));
            }
        }
    }
    statements
}

/// All that a statement uses, in the words of `coverage.toml`.
fn uses(text: &str) -> BTreeSet<String> {
    let mut found = feature::of_text(text);
    let statements = parse(text).unwrap_or_default();
    let queries = statements.iter().filter_map(|statement| match statement {
        Statement::Query(query) => Some(query),
        _ => None,
    });
    for query in queries {
        visit(query, &mut |part| {
            feature::of_part(&part, &mut found);
            match part {
                Part::Node(node) => of_node(node, text, &mut found),
                Part::Table(Table::Unnest { array, .. }) => {
                    found.insert("UNNEST".to_owned());
                    found.insert(format!("UNNEST({})", form::operand(array, text)));
                }
                _ => {}
            }
        });
    }
    signature::of_text(text, &mut found);
    found
}

fn of_node(node: &Node, text: &str, found: &mut BTreeSet<String>) {
    if let Some((name, form)) = form::of(node, text) {
        found.insert(format!("{name}{form}"));
        found.insert(name);
    }
    match &node.kind {
        NodeKind::Call(call) => of_call(call, found),
        NodeKind::Extract { part, .. } => {
            found.insert(format!("EXTRACT by {}", form::path_text(part).to_uppercase()));
        }
        NodeKind::Interval { amount, part, .. } => {
            found.insert(format!("INTERVAL {} {}", form::operand(amount, text), part.text.to_uppercase()));
        }
        NodeKind::Cast { to, safe, .. } => {
            found.insert(format!("{} AS {}", if *safe { "SAFE_CAST" } else { "CAST" }, to.sql_type));
        }
        _ => {}
    }
}

/// Date parts and formats.
fn of_call(call: &Call, found: &mut BTreeSet<String>) {
    let name = form::call_name(call);
    if let Some(part) = call.arguments.last().filter(|_| name.ends_with("_DIFF") || name.ends_with("_TRUNC")) {
        found.insert(format!("{name} by {}", form::path_text(part).to_uppercase()));
    }
    if let Some(Node { kind: NodeKind::String(format), .. }) = call.arguments.first() {
        found.insert(format!("{name} '{format}'"));
    }
}
