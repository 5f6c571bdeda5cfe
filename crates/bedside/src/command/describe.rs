//! `bedside describe`: what a dataset, table, column, item or function is.

mod function;

use super::Context;
use crate::arguments::{DescribeArguments, OutputArguments};
use crate::failure::Failure;
use crate::inventory::{current, description, nothing_loaded, require_dataset, table, unknown};
use crate::items::{self, Item};
use crate::notice::{counted, grouped, say};
use crate::output::{Listing, count, print_listing, text};
use crate::session::Session;
use bedside_datasets::catalogue;
use bedside_engine::{Dataset, Inventory, facts};
use bedside_store::{ColumnEntry, Derivation, TableEntry};
use bedside_types::{SqlType, Value};

/// Explains the name.
pub(crate) fn run(context: &Context, arguments: &DescribeArguments) -> Result<(), Failure> {
    let inventory = Inventory::read(&context.warehouse()?)?;
    describe(context, &inventory, &arguments.name, &arguments.output)
}

/// Explains `name` with what `inventory` holds; the shell's `\d` too.
pub(crate) fn describe(
    context: &Context,
    inventory: &Inventory,
    name: &str,
    output: &OutputArguments,
) -> Result<(), Failure> {
    if super::describe_personal::describe(inventory, name, output)? {
        return Ok(());
    }
    let called = if name.ends_with("()") || inventory.manifests().is_empty() { function::named(name) } else { None };
    if let Some(called) = called {
        return function::describe(called, output);
    }
    if name.ends_with("()") && function::is_refused(name) {
        return Ok(());
    }
    if inventory.manifests().is_empty() {
        return Err(nothing_loaded());
    }
    if let Ok(itemid) = name.parse::<i64>() {
        return describe_item(context, inventory, itemid, output);
    }
    let cleaned = name.replace('`', "");
    let mut parts: Vec<&str> = cleaned.split('.').collect();
    if parts.len() > 1 && inventory.dataset(parts[0]).is_none() && inventory.dataset(parts[1]).is_some() {
        parts.remove(0);
    }
    match parts[..] {
        [name] => match inventory.dataset(name) {
            Some(dataset) => describe_dataset(dataset, output),
            None => describe_word(inventory, name, output),
        },
        [dataset, name] => {
            let dataset = require_dataset(inventory, dataset)?;
            let Some(entry) = table(dataset, name) else {
                let what = format!("table in {}", dataset.name);
                return Err(unknown(&what, name, dataset.tables().map(|table| table.name.as_str())));
            };
            describe_table(dataset, entry, output)
        }
        _ => Err(Failure::usage(format!("`{name}` is no dataset, table, dataset.table, column or itemid"))),
    }
}

fn describe_dataset(dataset: &Dataset, output: &OutputArguments) -> Result<(), Failure> {
    let release = &dataset.manifest.release;
    say(&format!("dataset {} of {release} ({}, {})", dataset.name, release.kind().word(), dataset.pointing.word()));
    if let Some(family) = catalogue().family(&dataset.manifest.family) {
        for module in family.modules.iter().filter(|module| dataset.modules.contains(&module.name)) {
            say(&module.description);
        }
    }
    let mut listing = Listing::new(&[
        ("table", SqlType::String),
        ("rows", SqlType::Int64),
        ("columns", SqlType::Int64),
        ("description", SqlType::String),
    ]);
    for table in dataset.tables() {
        let description = description(dataset, table);
        listing.push([
            text(table.name.as_str()),
            count(table.rows),
            count(table.columns.len() as u64),
            text(description),
        ]);
    }
    print_listing(&listing, output)
}

/// A table of a current dataset, else a column of current tables.
fn describe_word(inventory: &Inventory, name: &str, output: &OutputArguments) -> Result<(), Failure> {
    let current = current(inventory);
    if let Some((dataset, entry)) = current.iter().find_map(|dataset| Some((*dataset, table(dataset, name)?))) {
        let others = current.iter().filter(|other| other.name != dataset.name && table(other, name).is_some());
        let others: Vec<String> = others.map(|other| format!("{}.{}", other.name, entry.name)).collect();
        describe_table(dataset, entry, output)?;
        if !others.is_empty() {
            say(&format!("also: {}", others.join(", ")));
        }
        return Ok(());
    }
    let tables = || current.iter().flat_map(|dataset| dataset.tables().map(move |table| (dataset, table)));
    let mut listing = Listing::new(&[
        ("table", SqlType::String),
        ("type", SqlType::String),
        ("nulls", SqlType::String),
        ("values", SqlType::String),
        ("description", SqlType::String),
    ]);
    for (dataset, table) in tables() {
        if let Some(column) = table.column(name) {
            listing.push([
                text(format!("{}.{}", dataset.name, table.name)),
                text(column.sql_type.to_string()),
                text(share(column.nulls, table.rows)),
                text(values(column)),
                text(meaning(dataset, table, column)),
            ]);
        }
    }
    if listing.len() == 0 {
        if let Some(called) = function::named(name) {
            return function::describe(called, output);
        }
        let datasets = current.iter().map(|dataset| dataset.name.as_str());
        let columns = tables().flat_map(|(_, table)| table.columns.iter().map(|column| column.name.as_str()));
        let candidates = tables().map(|(_, table)| table.name.as_str()).chain(datasets).chain(columns);
        let failure = unknown("dataset, table or column", name, candidates);
        let hint = failure.hint.clone().unwrap_or_else(|| format!("bedside search {name}"));
        return Err(failure.with_hint(hint));
    }
    say(&format!("column {} in {}", name.to_lowercase(), counted(listing.len() as u64, "table")));
    print_listing(&listing, output)
}

fn describe_table(dataset: &Dataset, table: &TableEntry, output: &OutputArguments) -> Result<(), Failure> {
    let release = &dataset.manifest.release;
    let rows = counted(table.rows, "row");
    say(&format!("table {}.{} of {release} ({}), {rows}", dataset.name, table.name, release.kind().word()));
    if let Some(derivation) = &table.derivation {
        derived(derivation, table);
    }
    if let Some(facts) = facts(&dataset.manifest, table) {
        say(&facts.description);
        if let Some(key) = &facts.primary_key {
            say(&format!("a row is named by {}", key.columns.join(", ")));
        }
        for note in &facts.notes {
            say(note);
        }
    }
    let mut listing = Listing::new(&[
        ("column", SqlType::String),
        ("type", SqlType::String),
        ("nulls", SqlType::String),
        ("values", SqlType::String),
        ("description", SqlType::String),
    ]);
    for column in &table.columns {
        listing.push([
            text(column.name.as_str()),
            text(column.sql_type.to_string()),
            text(share(column.nulls, table.rows)),
            text(values(column)),
            text(meaning(dataset, table, column)),
        ]);
    }
    print_listing(&listing, output)
}

/// What a derived table is, what to know of it, and where it comes from.
fn derived(derivation: &Derivation, table: &TableEntry) {
    say(&derivation.row);
    if !derivation.key.is_empty() {
        say(&format!("a row is named by {}", derivation.key.join(", ")));
    }
    derivation.key_note.iter().for_each(|note| say(note));
    derivation.caveats.iter().for_each(|caveat| say(&format!("caveat: {caveat}")));
    derivation.literature.iter().for_each(|source| say(&format!("literature: {source}")));
    table.warnings.iter().for_each(|warning| say(&format!("not as expected: {warning}")));
    if derivation.sql.is_empty() {
        let (source, page) = (&table.source, &derivation.file);
        say(&format!("from the code list kept as {} (SHA-256 {}), described in {page}", source.file, source.sha256));
    } else {
        let inputs: Vec<&str> = derivation.inputs.iter().map(|input| input.table.as_str()).collect();
        say(&format!("from {}, by {} (bedside concepts show {})", inputs.join(", "), derivation.file, table.name));
    }
    let (seconds, checks) = (derivation.milliseconds as f64 / 1e3, counted(derivation.checks, "check"));
    let (built, version) = (&table.loaded_at, &derivation.bedside_version);
    say(&format!(
        "built {built} in {seconds:.1} s by bedside {version}, {checks}, fingerprint {}",
        derivation.fingerprint
    ));
}

fn describe_item(
    context: &Context,
    inventory: &Inventory,
    itemid: i64,
    output: &OutputArguments,
) -> Result<(), Failure> {
    let session = Session::open(context, None)?;
    let found = items::find(&session, inventory, &format!("itemid = {itemid}"))?;
    if found.is_empty() {
        return Err(Failure::new(bedside_types::ErrorCode::NotFound, format!("there is no item {itemid}"))
            .with_hint("bedside search finds items by the words of their labels"));
    }
    print_listing(&item_listing(&found), output)
}

/// Items with where they are charted.
fn item_listing(items: &[Item]) -> Listing {
    let mut listing = Listing::new(&[
        ("itemid", SqlType::Int64),
        ("label", SqlType::String),
        ("category", SqlType::String),
        ("unit", SqlType::String),
        ("table", SqlType::String),
        ("rows", SqlType::Int64),
    ]);
    for item in items {
        let mut places: Vec<(String, u64)> = item.counts.iter().map(|(table, rows)| (table.clone(), *rows)).collect();
        if places.is_empty() {
            places.push((item.dictionary.clone(), 0));
        }
        for (table, rows) in places {
            listing.push([
                Value::Int64(item.itemid),
                text(item.label.as_str()),
                text(item.kind()),
                item.unit.clone().map_or(Value::Null, Value::String),
                text(table),
                count(rows),
            ]);
        }
    }
    listing
}

/// What the catalogue says of a column, with its unit and its closed list of values.
fn meaning(dataset: &Dataset, table: &TableEntry, column: &ColumnEntry) -> String {
    if let Some(derivation) = &table.derivation {
        let found = derivation.columns.iter().find(|known| known.name.eq_ignore_ascii_case(&column.name));
        let unit = |unit: &String| format!(" [{unit}]");
        return found.map_or_else(String::new, |found| {
            format!("{}{}", found.meaning, found.unit.as_ref().map_or_else(String::new, unit))
        });
    }
    let Some(facts) = facts(&dataset.manifest, table).and_then(|facts| facts.column(&column.name)) else {
        return "not in the published schema".to_owned();
    };
    let mut meaning = facts.description.clone();
    if let Some(unit) = &facts.unit {
        meaning.push_str(&format!(" [{unit}]"));
    }
    if !facts.values.is_empty() {
        meaning.push_str(&format!(" Values: {}.", facts.values.join(", ")));
    }
    if let Some(quirk) = &facts.quirk {
        meaning.push(' ');
        meaning.push_str(quirk);
    }
    meaning
}

/// NULLs as a share: empty for none, `12 %`.
pub(super) fn share(nulls: u64, rows: u64) -> String {
    match nulls {
        0 => String::new(),
        nulls if nulls == rows => "all".to_owned(),
        nulls => match nulls as f64 / rows as f64 * 100.0 {
            percent if percent < 1.0 => "< 1 %".to_owned(),
            percent if percent > 99.0 => "> 99 %".to_owned(),
            percent => format!("{percent:.0} %"),
        },
    }
}

/// `10 … 20`, or how many different texts there are.
pub(super) fn values(column: &ColumnEntry) -> String {
    match (&column.sql_type, &column.min, &column.max) {
        (SqlType::String | SqlType::Collated | SqlType::Json, Some(_), _) => {
            format!("{} different", grouped(column.distinct))
        }
        (_, Some(min), Some(max)) if min == max => min.clone(),
        (_, Some(min), Some(max)) => format!("{min} … {max}").replace('T', " "),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::share;

    #[test]
    fn shares_are_never_rounded_to_none_or_all() {
        for (nulls, rows, expected) in
            [(0, 10, ""), (10, 10, "all"), (1, 1_000, "< 1 %"), (999, 1_000, "> 99 %"), (1, 8, "12 %")]
        {
            assert_eq!(share(nulls, rows), expected);
        }
    }
}
