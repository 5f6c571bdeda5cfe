//! `bedside concepts`: building the derived tables, and looking at how they are made.

mod build;
mod difference;
mod list;

use super::Context;
use crate::arguments::{ConceptsArguments, ConceptsCommand, DefinitionArguments, GraphArguments, GraphFormat};
use crate::failure::Failure;
use crate::notice::hint;
use crate::output::Destination;
use bedside_concepts::{Definitions, Graph};
use bedside_types::ErrorCode;
use std::collections::BTreeSet;
use std::io::Write;

pub(crate) use build::{Detail, build_release};

/// Does it.
pub(crate) fn run(context: &Context, arguments: &ConceptsArguments) -> Result<(), Failure> {
    match &arguments.command {
        ConceptsCommand::Build(arguments) => build::run(context, arguments),
        ConceptsCommand::List(arguments) => list::list(context, arguments),
        ConceptsCommand::Show(arguments) => list::show(arguments),
        ConceptsCommand::Graph(arguments) => graph(arguments),
        ConceptsCommand::Diff(arguments) => difference::run(context, arguments),
    }
}

/// The program's definitions and those of the user's folders.
fn definitions(arguments: &DefinitionArguments) -> Result<Definitions, Failure> {
    let mut definitions = Definitions::embedded();
    for folder in &arguments.with {
        definitions.add_folder(folder)?;
    }
    Ok(definitions)
}

fn graph(arguments: &GraphArguments) -> Result<(), Failure> {
    let definitions = definitions(&arguments.definitions)?;
    for name in &arguments.names {
        definitions.require(name)?;
    }
    let graph = Graph::new(&definitions);
    let names: BTreeSet<&str> = match arguments.names.as_slice() {
        [] => definitions.names().collect(),
        names => graph.with_ancestors(names.iter().map(String::as_str)),
    };
    print(&match arguments.format {
        GraphFormat::Tree => graph.tree(&arguments.names, &definitions),
        GraphFormat::Dot => graph.dot(&names, &definitions),
        GraphFormat::Json => graph.json(&names, &definitions),
    })?;
    let mut faults = names.iter().filter_map(|name| graph.fault(name));
    match faults.next() {
        None => Ok(()),
        Some(fault) => {
            faults.for_each(|fault| crate::notice::error(&fault.to_string()));
            Err(Failure { code: fault.code(), message: fault.to_string(), excerpt: None, hint: fault.hint() })
        }
    }
}

fn print(text: &str) -> Result<(), Failure> {
    let mut out = Destination::stdout();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(|error| Failure::io("cannot write the result", &error))
}

/// Fails where some concepts did, which have been told one by one.
fn failed(count: u64) -> Failure {
    hint("after the fix run bedside concepts build: it builds only what is missing or stale");
    let message = format!("{} not built", crate::notice::counted(count, "concept"));
    Failure::new(ErrorCode::InvalidData, message)
}
