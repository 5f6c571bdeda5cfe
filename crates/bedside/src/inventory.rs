//! What a home holds, as the commands that list and explain see it: releases, dataset names, tables and what the catalogue
//! says of them.

use crate::failure::Failure;
use bedside_datasets::{Installed, catalogue, dataset_names, movable_target};
use bedside_store::{Aliases, Manifest, TableEntry, Warehouse};
use bedside_types::{DatasetName, ErrorCode, nearest};

/// The manifests and aliases of a home at one moment.
#[derive(Debug)]
pub(crate) struct Inventory {
    manifests: Vec<Manifest>,
    aliases: Aliases,
}

/// A dataset that SQL can name.
#[derive(Clone, Debug)]
pub(crate) struct Dataset<'a> {
    /// Its name.
    pub(crate) name: DatasetName,
    /// The modules whose tables it holds.
    pub(crate) modules: Vec<String>,
    /// The release that it is, or points at.
    pub(crate) manifest: &'a Manifest,
    /// How the name came to mean that release.
    pub(crate) pointing: Pointing,
}

/// How a dataset name comes to mean a release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pointing {
    /// It names this release and no other.
    Fixed,
    /// It is movable and follows the rule: full before local before demo before synthetic, the newest first.
    Rule,
    /// It is movable, and somebody said where it points.
    Set,
}

impl Pointing {
    /// The word in listings.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Fixed => "fixed",
            Self::Rule => "by rule",
            Self::Set => "set",
        }
    }
}

impl Inventory {
    /// Reads it.
    pub(crate) fn read(warehouse: &Warehouse) -> Result<Self, Failure> {
        Ok(Self { manifests: warehouse.releases()?, aliases: warehouse.aliases()? })
    }

    /// The releases, by name.
    pub(crate) fn manifests(&self) -> &[Manifest] {
        &self.manifests
    }

    /// Every dataset name: the movable ones first, each group by name.
    pub(crate) fn datasets(&self) -> Vec<Dataset<'_>> {
        let mut datasets = self.movable();
        for manifest in &self.manifests {
            for rule in dataset_names(&manifest.release, &manifest.schema_version) {
                if !rule.movable {
                    datasets.push(Dataset { name: rule.name, modules: rule.modules, manifest, pointing: Pointing::Fixed });
                }
            }
        }
        datasets.sort_by(|a, b| {
            let group = |dataset: &Dataset<'_>| dataset.pointing == Pointing::Fixed;
            (group(a), &a.name).cmp(&(group(b), &b.name))
        });
        datasets
    }

    /// The movable dataset names and where they point, by name.
    pub(crate) fn movable(&self) -> Vec<Dataset<'_>> {
        let installed: Vec<Installed<'_>> = self
            .manifests
            .iter()
            .map(|m| Installed { release: &m.release, schema_version: &m.schema_version, created: &m.created })
            .collect();
        let rules = self.manifests.iter().flat_map(|m| dataset_names(&m.release, &m.schema_version));
        let mut names: Vec<DatasetName> = rules.filter(|rule| rule.movable).map(|rule| rule.name).collect();
        names.sort();
        names.dedup();
        let target = |name: DatasetName| {
            let set = self.aliases.target(&name).and_then(|release| self.manifest(release.as_str()));
            let (manifest, pointing) = match set {
                Some(manifest) => (manifest, Pointing::Set),
                None => (self.manifest(movable_target(&name, &installed)?.release.as_str())?, Pointing::Rule),
            };
            let rules = dataset_names(&manifest.release, &manifest.schema_version);
            let modules = rules.into_iter().find(|rule| rule.name == name)?.modules;
            Some(Dataset { name, modules, manifest, pointing })
        };
        names.into_iter().filter_map(target).collect()
    }

    /// The movable datasets without those that hold the same tables as others together (`mimiciii`, `mimiciii_demo`), so
    /// that every current table occurs once.
    pub(crate) fn current(&self) -> Vec<Dataset<'_>> {
        let mut datasets = self.movable();
        datasets.retain(|dataset| dataset.modules.len() == 1);
        datasets
    }

    /// The release of that name.
    pub(crate) fn manifest(&self, release: &str) -> Option<&Manifest> {
        self.manifests.iter().find(|manifest| manifest.release.as_str() == release)
    }

    /// The dataset of that name, which must be there.
    pub(crate) fn require_dataset(&self, name: &str) -> Result<Dataset<'_>, Failure> {
        if self.manifests.is_empty() {
            return Err(nothing_loaded());
        }
        self.dataset(name).ok_or_else(|| {
            let datasets = self.datasets();
            let failure = unknown("dataset", name, datasets.iter().map(|dataset| dataset.name.as_str()));
            if failure.hint.is_some() { failure } else { failure.with_hint("bedside datasets lists them") }
        })
    }

    /// The dataset of that name.
    pub(crate) fn dataset(&self, name: &str) -> Option<Dataset<'_>> {
        self.datasets().into_iter().find(|dataset| dataset.name.as_str() == name)
    }
}

impl<'a> Dataset<'a> {
    /// Its tables, by name.
    pub(crate) fn tables(&self) -> impl Iterator<Item = &'a TableEntry> {
        self.manifest.tables.values().filter(|table| self.modules.contains(&table.module))
    }

    /// The table of that name, without regard to case.
    pub(crate) fn table(&self, name: &str) -> Option<&'a TableEntry> {
        self.tables().find(|table| table.name.eq_ignore_ascii_case(name))
    }
}

/// What the catalogue says of a loaded table; `None` for one that the release's schema does not have.
pub(crate) fn facts(manifest: &Manifest, table: &TableEntry) -> Option<&'static bedside_datasets::Table> {
    let catalogue = catalogue();
    let release = catalogue
        .release(&manifest.release)
        .or_else(|| catalogue.schema(&manifest.family, &manifest.schema_version))?;
    release.table(&table.module, &table.name)
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
