//! Looking names up in what a home holds, with messages for those that are not there.

use crate::failure::Failure;
use bedside_engine::{Dataset, Inventory, Pointing, facts};
use bedside_store::{PersonalDataset, TableEntry};
use bedside_types::{ErrorCode, nearest};

/// The movable dataset names and where they point, by name.
pub(crate) fn movable(inventory: &Inventory) -> impl Iterator<Item = &Dataset> {
    inventory.datasets().iter().filter(|dataset| dataset.pointing != Pointing::Fixed)
}

/// The datasets that movable names mean, each current table once: MIMIC-IV's before MIMIC-III's, so that a bare name means
/// the newer family's.
pub(crate) fn current(inventory: &Inventory) -> Vec<&Dataset> {
    let mut datasets: Vec<&Dataset> = inventory.current().collect();
    datasets.sort_by_key(|dataset| dataset.manifest.family == "mimiciii");
    datasets
}

/// The dataset of people's own of that name (`mine`, `project.mine`).
pub(crate) fn personal<'a>(inventory: &'a Inventory, name: &str) -> Option<&'a PersonalDataset> {
    let (project, name) = match name.rsplit_once('.') {
        Some((project, name)) => (Some(project), name),
        None => (None, name),
    };
    let named = |dataset: &&std::sync::Arc<PersonalDataset>| {
        dataset.name == name && project.is_none_or(|project| dataset.project == project)
    };
    inventory.personal().iter().find(named).map(AsRef::as_ref)
}

/// The dataset of that name, which must be there.
pub(crate) fn require_dataset<'a>(inventory: &'a Inventory, name: &str) -> Result<&'a Dataset, Failure> {
    if inventory.manifests().is_empty() {
        return Err(nothing_loaded());
    }
    inventory.dataset(name).ok_or_else(|| {
        let failure = unknown("dataset", name, inventory.datasets().iter().map(|dataset| dataset.name.as_str()));
        if failure.hint.is_some() { failure } else { failure.with_hint("bedside datasets lists them") }
    })
}

/// The table of that name, without regard to case.
pub(crate) fn table<'a>(dataset: &'a Dataset, name: &str) -> Option<&'a TableEntry> {
    dataset.tables().find(|table| table.name.eq_ignore_ascii_case(name))
}

/// The sentence about a table; empty where there is none.
pub(crate) fn description<'a>(dataset: &Dataset, table: &'a TableEntry) -> &'a str {
    let derived = table.derivation.as_ref().map(|derivation| derivation.row.as_str());
    derived.or_else(|| Some(facts(&dataset.manifest, table)?.description.as_str())).unwrap_or_default()
}

/// A name that stands for nothing in the home, with the nearest of `candidates`.
pub(crate) fn unknown<'a>(what: &str, name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Failure {
    let failure = Failure::new(ErrorCode::NotFound, format!("there is no {what} `{name}`"));
    match nearest(name, candidates) {
        Some(nearest) => failure.with_hint(format!("did you mean `{nearest}`?")),
        None => failure,
    }
}

/// What is missing in a home without releases.
pub(crate) fn nothing_loaded() -> Failure {
    Failure::new(ErrorCode::NotFound, "nothing is loaded yet")
        .with_hint("bedside demo makes and loads synthetic data; bedside load SOURCE loads your own")
}
