//! The pages of a family as one document, `docs/reference/mimiciv_derived.md`.

use crate::definition::{Definition, Definitions};
use crate::family::Family;
use crate::graph::Graph;
use std::collections::BTreeMap;
use std::fmt::Write;

/// The document of a family's derived tables, in Markdown.
pub fn reference(definitions: &Definitions) -> String {
    let graph = Graph::new(definitions);
    let mut groups: BTreeMap<&str, Vec<&Definition>> = BTreeMap::new();
    for definition in definitions.iter() {
        groups.entry(&definition.group).or_default().push(definition);
    }
    let mut out = head(definitions.family());
    for (group, definitions) in &groups {
        let links: Vec<String> = definitions.iter().map(|definition| format!("[{0}](#{0})", definition.name)).collect();
        let _ = write!(out, "\n**{group}**: {}\n", links.join(", "));
    }
    for definition in groups.values().flatten() {
        section(&mut out, definition, &graph);
    }
    out
}

fn head(family: Family) -> String {
    let (title, dataset, name) = (family.title(), family.dataset(), family.name());
    format!(
        "# Concepts of {title}\n\n\
         The tables of `{dataset}`, made from the pages in `concepts/{name}/`, from which this document is generated. How they\n\
         are built and checked, and how to add your own: [concepts.md](concepts.md).\n"
    )
}

fn section(out: &mut String, definition: &Definition, graph: &Graph) {
    let page = &definition.page;
    let _ = write!(out, "\n## {}\n\n{}", definition.name, page.row);
    if !page.key.is_empty() {
        let _ = write!(out, " Key: `{}`.", page.key.join("`, `"));
    }
    if let Some(note) = &page.key_note {
        let _ = write!(out, " {note}");
    }
    let source = match &page.list {
        Some(list) => format!("Holds {}, given with `--{}`. Described", list.title, list.name),
        None => {
            let mut inputs: Vec<String> =
                graph.parents(&definition.name).map(|parent| format!("[{parent}](#{parent})")).collect();
            inputs.extend(definition.raw_inputs().iter().map(|table| format!("`{table}`")));
            format!("Reads {}. Defined", inputs.join(", "))
        }
    };
    let _ = write!(out, "\n\n{source} in `{}`.\n", definition.file);
    for (title, texts) in [("Know", &page.caveats), ("Literature", &page.literature)] {
        if !texts.is_empty() {
            let _ = write!(out, "\n{title}:\n\n");
            for text in texts {
                let _ = writeln!(out, "- {text}");
            }
        }
    }
    out.push_str("\n| column | type | unit | | meaning | usual range |\n|---|---|---|---|---|---|\n");
    for column in &page.columns {
        let range = column.range.map_or_else(String::new, |(low, high)| format!("{low} to {high}"));
        let unit = column.unit.as_ref().map_or_else(String::new, |unit| format!("`{unit}`"));
        let always = if column.not_null { "always" } else { "" };
        let meaning = column.meaning.replace('|', "\\|");
        let _ = writeln!(out, "| {} | {} | {unit} | {always} | {meaning} | {range} |", column.name, column.sql_type);
    }
}
