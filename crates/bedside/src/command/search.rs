//! `bedside search`: which item, table or column has to do with some words.

use super::Context;
use crate::arguments::SearchArguments;
use crate::failure::Failure;
use crate::inventory::{current, description, nothing_loaded};
use crate::items;
use crate::notice::{counted, hint, say};
use crate::output::{Listing, count, print_listing, text};
use crate::session::Session;
use bedside_concepts::Family;
use bedside_engine::{Inventory, facts};
use bedside_types::{ReleaseId, SqlType};
use std::cmp::Reverse;

/// One find.
struct Find {
    kind: &'static str,
    name: String,
    place: String,
    rows: u64,
    description: String,
}

/// Looks through the current datasets; every word must occur.
pub(crate) fn run(context: &Context, arguments: &SearchArguments) -> Result<(), Failure> {
    let inventory = Inventory::read(&context.warehouse()?)?;
    if inventory.manifests().is_empty() {
        return Err(nothing_loaded());
    }
    let words: Vec<String> =
        arguments.words.iter().flat_map(|words| words.split_whitespace()).map(str::to_lowercase).collect();
    let mut finds = find_items(context, &inventory, &words)?;
    finds.extend(find_columns(&inventory, &words));
    let unused = if arguments.all { 0 } else { leave_out_unused(&mut finds) };
    if finds.is_empty() {
        say(&format!("nothing has {}; {}", words.join(" and "), searched(&inventory)));
        hint("try fewer words, or the beginning of a word");
        return Ok(());
    }
    let mut listing = Listing::new(&[
        ("kind", SqlType::String),
        ("name", SqlType::String),
        ("in", SqlType::String),
        ("rows", SqlType::Int64),
        ("description", SqlType::String),
    ]);
    for find in finds {
        listing.push([text(find.kind), text(find.name), text(find.place), count(find.rows), text(find.description)]);
    }
    print_listing(&listing, &arguments.output)?;
    say(&searched(&inventory));
    if unused > 0 {
        say(&format!("{} that no loaded row has: --all shows them", counted(unused, "more find")));
    }
    Ok(())
}

/// Where was looked: items have other numbers in another family, so that it matters which ones are there.
fn searched(inventory: &Inventory) -> String {
    let mut releases: Vec<&ReleaseId> = current(inventory).iter().map(|dataset| &dataset.manifest.release).collect();
    releases.sort();
    releases.dedup();
    let absent =
        Family::ALL.into_iter().filter(|family| releases.iter().all(|release| Family::of(release) != Some(*family)));
    let absent: Vec<String> = absent.map(|family| format!("; no release of {} is loaded", family.title())).collect();
    let releases: Vec<&str> = releases.into_iter().map(ReleaseId::as_str).collect();
    format!("looked in {}{}", releases.join(", "), absent.concat())
}

/// Takes out what no row has, unless that is all there is; how many that were.
fn leave_out_unused(finds: &mut Vec<Find>) -> u64 {
    let all = finds.len();
    if finds.iter().any(|find| find.rows > 0) {
        finds.retain(|find| find.rows > 0);
    }
    (all - finds.len()) as u64
}

/// Items by label, category and abbreviation, the most frequent first.
fn find_items(context: &Context, inventory: &Inventory, words: &[String]) -> Result<Vec<Find>, Failure> {
    let session = Session::open(context, None)?;
    let condition: Vec<String> =
        words.iter().map(|word| format!("STRPOS(LOWER(label), {}) > 0", literal(word))).collect();
    let mut items = items::find(&session, inventory, &condition.join(" AND "))?;
    items.sort_by_key(|item| Reverse(item.rows()));
    let find = |item: items::Item| {
        let place = match item.counts.len() {
            0 => item.dictionary.clone(),
            _ => item.counts.keys().cloned().collect::<Vec<_>>().join(", "),
        };
        let kind = item.kind();
        let kind = if kind.is_empty() { kind } else { format!(", {kind}") };
        let unit = item.unit.as_deref().filter(|unit| !unit.is_empty() && *unit != "None");
        let unit = unit.map_or_else(String::new, |unit| format!(" [{unit}]"));
        Find {
            kind: "item",
            name: item.itemid.to_string(),
            place,
            rows: item.rows(),
            description: format!("{}{kind}{unit}", item.label),
        }
    };
    Ok(items.into_iter().map(find).collect())
}

/// Tables and columns by name and description; rows that are not NULL.
fn find_columns(inventory: &Inventory, words: &[String]) -> Vec<Find> {
    let mut finds = Vec::new();
    for dataset in current(inventory) {
        for table in dataset.tables() {
            let facts = facts(&dataset.manifest, table);
            let description = description(dataset, table);
            if matches(words, &[&table.name, description]) {
                finds.push(Find {
                    kind: "table",
                    name: table.name.clone(),
                    place: dataset.name.to_string(),
                    rows: table.rows,
                    description: description.to_owned(),
                });
            }
            for column in &table.columns {
                let facts = facts.and_then(|facts| facts.column(&column.name));
                let derived = table.derivation.iter().flat_map(|derivation| &derivation.columns);
                let mut derived = derived.filter(|known| known.name == column.name).map(|known| known.meaning.as_str());
                let description = facts.map(|facts| facts.description.as_str()).or_else(|| derived.next());
                let description = description.unwrap_or_default();
                let values = facts.map_or_else(String::new, |facts| facts.values.join(" "));
                if matches(words, &[&column.name, description, &values]) {
                    finds.push(Find {
                        kind: "column",
                        name: column.name.clone(),
                        place: format!("{}.{}", dataset.name, table.name),
                        rows: table.rows - column.nulls,
                        description: description.to_owned(),
                    });
                }
            }
        }
    }
    finds
}

/// Whether every word occurs in one of the texts, without regard to case.
fn matches(words: &[String], texts: &[&str]) -> bool {
    let texts: Vec<String> = texts.iter().map(|text| text.to_lowercase()).collect();
    words.iter().all(|word| texts.iter().any(|text| text.contains(word)))
}

/// A GoogleSQL string literal.
fn literal(text: &str) -> String {
    let mut literal = String::from("'");
    for c in text.chars() {
        match c {
            '\'' | '\\' => literal.extend(['\\', c]),
            c if c.is_control() => literal.push_str(&format!("\\U{:08x}", c as u32)),
            c => literal.push(c),
        }
    }
    literal + "'"
}

#[cfg(test)]
mod tests {
    use super::{literal, matches};

    #[test]
    fn words_are_data_never_sql() {
        assert_eq!(literal("o'brien \\ x"), "'o\\'brien \\\\ x'");
        assert_eq!(literal("a\n"), "'a\\U0000000a'");
    }

    #[test]
    fn every_word_must_occur_somewhere() {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert!(matches(&words("blood press"), &["Arterial Blood Pressure", ""]));
        assert!(matches(&words("stay out"), &["outtime", "when the stay ended"]));
        assert!(!matches(&words("blood x"), &["blood"]));
    }
}
