//! `bedside describe` of people's own datasets, tables and views.

use super::describe::{share, values};
use crate::arguments::OutputArguments;
use crate::failure::Failure;
use crate::inventory::personal;
use crate::notice::{counted, say};
use crate::output::{Listing, count, print_listing, text};
use bedside_engine::Inventory;
use bedside_store::{PersonalDataset, PersonalTable, PersonalView};
use bedside_types::{SqlType, Value};

/// Explains the name if it is one of a personal dataset, or of something in one; tells whether it is.
pub(super) fn describe(inventory: &Inventory, name: &str, output: &OutputArguments) -> Result<bool, Failure> {
    let name = name.replace('`', "");
    if let Some(dataset) = personal(inventory, &name) {
        describe_dataset(dataset, output)?;
        return Ok(true);
    }
    let Some((dataset, object)) = name.rsplit_once('.') else { return Ok(false) };
    let Some(dataset) = personal(inventory, dataset) else { return Ok(false) };
    match (dataset.tables.get(object), dataset.views.get(object)) {
        (Some(table), _) => describe_table(dataset, object, table, output)?,
        (None, Some(view)) => describe_view(dataset, object, view, output)?,
        (None, None) => {
            let what = format!("table in {}", dataset.name);
            let names = dataset.tables.keys().chain(dataset.views.keys()).map(String::as_str);
            return Err(crate::inventory::unknown(&what, object, names));
        }
    }
    Ok(true)
}

fn describe_dataset(dataset: &PersonalDataset, output: &OutputArguments) -> Result<(), Failure> {
    say(&format!("dataset {} of project {}, yours", dataset.name, dataset.project));
    dataset.options.get("description").into_iter().for_each(|description| say(description));
    let mut listing = Listing::new(&[
        ("table", SqlType::String),
        ("kind", SqlType::String),
        ("rows", SqlType::Int64),
        ("columns", SqlType::Int64),
        ("description", SqlType::String),
    ]);
    let described = |description: Option<&String>| text(description.map_or("", String::as_str));
    for (name, table) in &dataset.tables {
        let description = described(table.options.get("description"));
        let columns = count(table.columns.len() as u64);
        listing.push([text(name.as_str()), text("table"), count(table.rows), columns, description]);
    }
    for (name, view) in &dataset.views {
        let description = described(view.options.get("description"));
        let columns = count(view.columns.len() as u64);
        listing.push([text(name.as_str()), text("view"), Value::Null, columns, description]);
    }
    print_listing(&listing, output)
}

fn describe_table(
    dataset: &PersonalDataset,
    name: &str,
    table: &PersonalTable,
    output: &OutputArguments,
) -> Result<(), Failure> {
    say(&format!("table {}.{name}, yours, {}", dataset.name, counted(table.rows, "row")));
    table.options.get("description").into_iter().for_each(|description| say(description));
    let mut listing = Listing::new(&[
        ("column", SqlType::String),
        ("type", SqlType::String),
        ("nulls", SqlType::String),
        ("values", SqlType::String),
        ("description", SqlType::String),
    ]);
    for column in &table.columns {
        let required = if column.entry.nullable { "" } else { " NOT NULL" };
        listing.push([
            text(column.entry.name.as_str()),
            text(format!("{}{required}", column.declared())),
            text(share(column.entry.nulls, table.rows)),
            text(values(&column.entry)),
            text(column.description.as_deref().unwrap_or_default()),
        ]);
    }
    print_listing(&listing, output)
}

fn describe_view(
    dataset: &PersonalDataset,
    name: &str,
    view: &PersonalView,
    output: &OutputArguments,
) -> Result<(), Failure> {
    say(&format!("view {}.{name}, yours", dataset.name));
    view.options.get("description").into_iter().for_each(|description| say(description));
    say(&view.text);
    let mut listing = Listing::new(&[("column", SqlType::String), ("type", SqlType::String)]);
    for (column, sql_type) in &view.columns {
        listing.push([text(column.as_str()), text(sql_type.as_str())]);
    }
    print_listing(&listing, output)
}
