//! The pages as one document, `docs/reference/concepts.md`.

use crate::definition::{Definition, Definitions};
use crate::graph::Graph;
use std::collections::BTreeMap;
use std::fmt::Write;

const HEAD: &str = "# Concepts of MIMIC-IV\n\n\
    The tables of `mimiciv_derived`, made from the pages in `concepts/mimiciv/`, from which this document is generated. Each\n\
    is one SELECT; `bedside concepts show NAME` prints it. The key of a table and the columns marked \"always\" are checked at\n\
    every build, and a table that breaks them is not published; a value outside its usual range is a warning.\n\n\
    A concept of your own is a `.sql` file with one SELECT and, beside it, a `.toml` page of the same name:\n\n\
    ```toml\n\
    row = \"One row per ICU stay.\"     # what one row is\n\
    key = [\"stay_id\"]                # unique, whatever the data; [] where there is no key, and key_note says why\n\
    literature = []\n\
    caveats = [\"What surprises.\"]\n\n\
    [[column]]                       # each column, in order\n\
    name = \"stay_id\"\n\
    type = \"INT64\"\n\
    meaning = \"The ICU stay.\"\n\
    not_null = true                  # guaranteed; left out where it is not\n\
    # unit = \"mmol/L\"  range = [0, 40]\n\
    ```\n\n\
    `bedside concepts build --with FOLDER` builds it with the others. It reads `` `physionet-data.mimiciv_icu.chartevents` ``\n\
    and its like, and other concepts as `mimiciv_derived.sofa`; every name means the release that is being built.\n";

/// The document, in Markdown.
pub fn reference(definitions: &Definitions) -> String {
    let graph = Graph::new(definitions);
    let mut groups: BTreeMap<&str, Vec<&Definition>> = BTreeMap::new();
    for definition in definitions.iter() {
        groups.entry(&definition.group).or_default().push(definition);
    }
    let mut out = HEAD.to_owned();
    for (group, definitions) in &groups {
        let links: Vec<String> = definitions.iter().map(|definition| format!("[{0}](#{0})", definition.name)).collect();
        let _ = write!(out, "\n**{group}**: {}\n", links.join(", "));
    }
    for definition in groups.values().flatten() {
        section(&mut out, definition, &graph);
    }
    out
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
    let mut inputs: Vec<String> =
        graph.parents(&definition.name).map(|parent| format!("[{parent}](#{parent})")).collect();
    inputs.extend(definition.raw_inputs().iter().map(|table| format!("`{table}`")));
    let _ = write!(out, "\n\nReads {}. Defined in `{}`.\n", inputs.join(", "), definition.file);
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
