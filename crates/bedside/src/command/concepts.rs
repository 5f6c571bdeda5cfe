//! `bedside concepts`: building the derived tables, and looking at how they are made.

mod build;
mod code_list;
mod difference;
mod list;
mod naming;

use self::naming::Concepts;
use super::Context;
use crate::arguments::{ConceptsArguments, ConceptsCommand, GraphArguments, GraphFormat};
use crate::failure::Failure;
use crate::notice::{hint, say};
use crate::output::Destination;
use bedside_concepts::{Error, Family, Graph};
use bedside_types::ErrorCode;
use std::collections::BTreeSet;
use std::io::Write;

pub(crate) use build::{Detail, build_release};
pub(crate) use code_list::keep_code_lists;

/// Does it.
pub(crate) fn run(context: &Context, arguments: &ConceptsArguments) -> Result<(), Failure> {
    match &arguments.command {
        ConceptsCommand::Build(arguments) => build::run(context, arguments),
        ConceptsCommand::List(arguments) => list::list(context, arguments),
        ConceptsCommand::Show(arguments) => list::show(context, arguments),
        ConceptsCommand::Graph(arguments) => graph(context, arguments),
        ConceptsCommand::Diff(arguments) => difference::run(context, arguments),
    }
}

fn graph(context: &Context, arguments: &GraphArguments) -> Result<(), Failure> {
    let concepts = Concepts::read(context, &arguments.definitions)?;
    let (family, roots) = roots(&concepts, &arguments.names)?;
    let definitions = concepts.of(family);
    let graph = Graph::new(definitions);
    let names: BTreeSet<&str> = match roots.as_slice() {
        [] => definitions.names().collect(),
        names => graph.with_ancestors(names.iter().map(String::as_str)),
    };
    print(&match arguments.format {
        GraphFormat::Tree => graph.tree(&roots, definitions),
        GraphFormat::Dot => graph.dot(&names, definitions),
        GraphFormat::Json => graph.json(&names, definitions),
    })?;
    let mut faults = names.iter().filter_map(|name| graph.fault(name));
    match faults.next() {
        None => Ok(()),
        Some(fault) => {
            faults.for_each(|fault| crate::notice::error(&fault.to_string()));
            Err(faulty(fault))
        }
    }
}

/// What is wrong with a definition.
fn faulty(fault: &Error) -> Failure {
    Failure { code: fault.code(), message: fault.to_string(), excerpt: None, hint: fault.hint() }
}

/// The family to draw and the concepts to begin with, none for all.
fn roots(concepts: &Concepts, names: &[String]) -> Result<(Family, Vec<String>), Failure> {
    match names {
        [] => {
            let [family, others @ ..] = concepts.present() else {
                return Err(Failure::internal("there is no family of concepts"));
            };
            for other in others {
                say(&format!(
                    "the tables of {}; bedside concepts graph {} draws those of {}",
                    family.dataset(),
                    other.dataset(),
                    other.title()
                ));
            }
            return Ok((*family, Vec::new()));
        }
        [name] => {
            if let Some(family) = Family::of_derived(name) {
                return Ok((family, Vec::new()));
            }
        }
        _ => {}
    }
    let found = names.iter().map(|name| concepts.find(name, concepts.present())).collect::<Result<Vec<_>, _>>()?;
    let families: BTreeSet<Family> = found.iter().map(|(family, _)| *family).collect();
    let names = found.into_iter().map(|(_, name)| name).collect();
    match families.into_iter().collect::<Vec<_>>()[..] {
        [family] => Ok((family, names)),
        _ => Err(Failure::usage("these are concepts of several families: draw one family at a time")),
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
