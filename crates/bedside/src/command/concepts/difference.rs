//! What two tables, or the tables of two datasets, do not share.

use crate::arguments::DiffArguments;
use crate::command::Context;
use crate::failure::Failure;
use crate::notice::{counted, say};
use crate::output::{Listing, count, print_listing, text};
use crate::session;
use crate::stop;
use bedside_concepts::{Difference, TableRef, common_tables, diff};
use bedside_engine::Engine;
use bedside_types::SqlType;

/// Compares them.
pub(super) fn run(context: &Context, arguments: &DiffArguments) -> Result<(), Failure> {
    let engine = Engine::open(context.warehouse()?, session::options(&context.configuration))?;
    let pairs = pairs(&engine, &arguments.left, &arguments.right)?;
    let mut listing = Listing::new(&[
        ("table", SqlType::String),
        ("compared_by", SqlType::String),
        ("common", SqlType::Int64),
        ("removed", SqlType::Int64),
        ("added", SqlType::Int64),
        ("changed", SqlType::Int64),
        ("changed_columns", SqlType::String),
    ]);
    let mut different = 0;
    for (left, right) in &pairs {
        stop::check(&context.stop)?;
        let found = diff(&engine, left, right)?;
        different += u64::from(!found.is_none());
        listing.push([
            text(if left.table == right.table {
                left.table.clone()
            } else {
                format!("{} {}", left.table, right.table)
            }),
            text(if found.key.is_empty() { "whole rows".to_owned() } else { found.key.join(", ") }),
            count(found.common),
            count(found.removed),
            count(found.added),
            count(found.changed),
            text(columns(&found)),
        ]);
    }
    print_listing(&listing, &arguments.output)?;
    say(&format!("{} of {} different", different, counted(pairs.len() as u64, "table")));
    Ok(())
}

/// The tables to compare.
fn pairs(engine: &Engine, left: &str, right: &str) -> Result<Vec<(TableRef, TableRef)>, Failure> {
    let table = |dataset: &str, table: &str| TableRef { dataset: dataset.to_owned(), table: table.to_owned() };
    match (left.split_once('.'), right.split_once('.')) {
        (Some((a, left)), Some((b, right))) => Ok(vec![(table(a, left), table(b, right))]),
        (None, None) => {
            let [both, only_left, only_right] = common_tables(engine, left, right)?;
            for (dataset, only) in [(left, only_left), (right, only_right)] {
                if !only.is_empty() {
                    say(&format!("only in {dataset}: {}", only.join(", ")));
                }
            }
            Ok(both.iter().map(|name| (table(left, name), table(right, name))).collect())
        }
        _ => Err(Failure::usage("compare two datasets, or two tables as dataset.table")),
    }
}

/// `respiration 3, +note, -flag`.
fn columns(found: &Difference) -> String {
    let changed = found.changed_columns.iter().map(|(name, rows)| format!("{name} {rows}"));
    let added = found.added_columns.iter().map(|name| format!("+{name}"));
    let removed = found.removed_columns.iter().map(|name| format!("-{name}"));
    changed.chain(removed).chain(added).collect::<Vec<_>>().join(", ")
}
