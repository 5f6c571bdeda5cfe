//! What concepts there are, and one of them in full.

use super::naming::Concepts;
use super::{faulty, print};
use crate::arguments::{FormatArgument, ListArguments, OutputArguments, ShowArguments};
use crate::command::Context;
use crate::failure::Failure;
use crate::inventory::current;
use crate::notice::say;
use crate::output::{Listing, count, print_listing, text};
use bedside_concepts::Graph;
use bedside_engine::Inventory;
use bedside_types::{SqlType, Value};

/// Lists the concepts of the families that are loaded, with what of them is built in the release that `mimiciv_derived` or
/// `mimiciii_derived` means.
pub(super) fn list(context: &Context, arguments: &ListArguments) -> Result<(), Failure> {
    let concepts = Concepts::read(context, &arguments.definitions)?;
    let inventory = Inventory::read(&context.warehouse()?)?;
    let datasets = current(&inventory);
    let mut listing = Listing::new(&[
        ("dataset", SqlType::String),
        ("concept", SqlType::String),
        ("group", SqlType::String),
        ("level", SqlType::Int64),
        ("rows", SqlType::Int64),
        ("built", SqlType::String),
        ("one_row", SqlType::String),
    ]);
    for family in concepts.present() {
        let built = datasets.iter().find(|dataset| dataset.name.as_str() == family.dataset());
        if let Some(dataset) = built {
            say(&format!("{} is {}", family.dataset(), dataset.manifest.release));
        }
        let definitions = concepts.of(*family);
        let graph = Graph::new(definitions);
        for name in graph.order() {
            let entry = built.and_then(|dataset| dataset.table(name));
            let definition = definitions.get(name);
            let fault = graph.fault(name).map(|fault| format!("FAULTY: {fault}"));
            let row = fault.or_else(|| definition.map(|definition| definition.page.row.clone())).unwrap_or_default();
            listing.push([
                text(family.dataset()),
                text(name),
                text(definition.map_or("", |definition| definition.group.as_str())),
                graph.level(name).map_or(Value::Null, |level| count(level as u64)),
                entry.map_or(Value::Null, |entry| count(entry.rows)),
                entry.map_or(Value::Null, |entry| text(entry.loaded_at.as_str())),
                text(row),
            ]);
        }
    }
    print_listing(&listing, &arguments.output)
}

/// The definition on standard output; what is known of it beside.
pub(super) fn show(context: &Context, arguments: &ShowArguments) -> Result<(), Failure> {
    let concepts = Concepts::read(context, &arguments.definitions)?;
    let (family, name) = concepts.find(&arguments.name, concepts.present())?;
    let definitions = concepts.of(family);
    if let Some((_, fault)) = definitions.faults().find(|(other, _)| *other == name) {
        return Err(faulty(fault));
    }
    let definition = definitions.require(&name)?;
    let graph = Graph::new(definitions);
    let page = &definition.page;
    say(&format!("{}.{}, defined in {}", family.dataset(), definition.name, definition.file));
    say(&page.row);
    if !page.key.is_empty() {
        say(&format!("a row is named by {}", page.key.join(", ")));
    }
    page.key_note.iter().for_each(|note| say(note));
    match &page.list {
        Some(list) => say(&format!("its rows are those of {}, given with --{}", list.title, list.name)),
        None => {
            let inputs = graph.parents(&definition.name).map(str::to_owned).chain(definition.raw_inputs());
            say(&format!("reads {}", inputs.collect::<Vec<_>>().join(", ")));
        }
    }
    let readers: Vec<&str> = graph.children(&definition.name).collect();
    if !readers.is_empty() {
        say(&format!("read by {}", readers.join(", ")));
    }
    page.caveats.iter().for_each(|caveat| say(&format!("caveat: {caveat}")));
    page.literature.iter().for_each(|source| say(&format!("literature: {source}")));
    let mut listing = Listing::new(&[
        ("column", SqlType::String),
        ("type", SqlType::String),
        ("unit", SqlType::String),
        ("range", SqlType::String),
        ("meaning", SqlType::String),
    ]);
    for column in &page.columns {
        listing.push([
            text(column.name.as_str()),
            text(column.sql_type.to_string()),
            text(column.unit.as_deref().unwrap_or_default()),
            text(column.range.map_or_else(String::new, |(low, high)| format!("{low} to {high}"))),
            text(column.meaning.as_str()),
        ]);
    }
    print_listing(&listing, &OutputArguments { format: Some(FormatArgument::Table), output: None })?;
    definition.sql().map_or(Ok(()), |sql| print(&format!("\n{sql}")))
}
