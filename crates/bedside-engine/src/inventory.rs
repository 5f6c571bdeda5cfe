//! What a home holds at one moment: its releases, and which dataset names mean which of them.

use bedside_datasets::{Installed, catalogue, dataset_names, movable_target, names_within};
use bedside_store::{Aliases, Manifest, PersonalDataset, Result, TableEntry, Warehouse};
use bedside_types::{DatasetName, ReleaseId};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use twox_hash::XxHash64;

/// The manifests and dataset names of a home at one moment. A statement sees one inventory from beginning to end.
#[derive(Clone, Debug)]
pub struct Inventory {
    home: PathBuf,
    manifests: Vec<Arc<Manifest>>,
    datasets: Vec<Dataset>,
    personal: Vec<Arc<PersonalDataset>>,
    building: bool,
}

/// The project of datasets that hold temporary tables; nobody can name it.
pub(crate) const TEMPORARY_PROJECT: &str = "_session";

/// A dataset that SQL can name.
#[derive(Clone, Debug)]
pub struct Dataset {
    /// Its name.
    pub name: DatasetName,
    /// The modules whose tables it holds.
    pub modules: Vec<String>,
    /// The release that it is, or points at.
    pub manifest: Arc<Manifest>,
    /// How the name came to mean that release.
    pub pointing: Pointing,
}

/// How a dataset name comes to mean a release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pointing {
    /// It names this release and no other.
    Fixed,
    /// It is movable and follows the rule: full before local before demo before synthetic, the newest first.
    Rule,
    /// It is movable, and somebody said where it points.
    Set,
}

impl Pointing {
    /// The word in listings.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Fixed => "fixed",
            Self::Rule => "by rule",
            Self::Set => "set",
        }
    }
}

impl Inventory {
    /// Reads what is published now.
    ///
    /// # Errors
    /// Those of [`Warehouse::releases`] and [`Warehouse::aliases`].
    pub fn read(warehouse: &Warehouse) -> Result<Self> {
        let manifests = warehouse.releases()?;
        let datasets = datasets(&manifests, &warehouse.aliases()?);
        let mut personal = warehouse.personal_datasets()?;
        personal.retain(|dataset| dataset.project != TEMPORARY_PROJECT);
        Ok(Self { home: warehouse.home().to_path_buf(), manifests, datasets, personal, building: false })
    }

    /// The same home, but every movable name that the release has, or a newer one would have, means this manifest, which
    /// also stands for what is published of its release: what a concept is built from.
    #[must_use]
    pub fn within(mut self, manifest: &Arc<Manifest>) -> Self {
        self.building = true;
        let pointing = Pointing::Set;
        let movable = names_within(&manifest.release, &manifest.schema_version);
        self.datasets.retain(|dataset| movable.iter().all(|rule| rule.name != dataset.name));
        for other in self.manifests.iter_mut().filter(|other| other.release == manifest.release) {
            other.clone_from(manifest);
        }
        for dataset in self.datasets.iter_mut().filter(|dataset| dataset.manifest.release == manifest.release) {
            dataset.manifest.clone_from(manifest);
        }
        self.datasets.extend(movable.into_iter().map(|rule| Dataset {
            name: rule.name,
            modules: rule.modules,
            manifest: Arc::clone(manifest),
            pointing,
        }));
        self
    }

    /// The same home with another state of one dataset of people's own.
    pub(crate) fn with_personal(&self, dataset: &Arc<PersonalDataset>) -> Self {
        let mut inventory = self.clone();
        let is_same = |other: &Arc<PersonalDataset>| other.project == dataset.project && other.name == dataset.name;
        inventory.personal.iter_mut().filter(|other| is_same(other)).for_each(|other| other.clone_from(dataset));
        inventory
    }

    /// Whether it is what a concept is built from: its tables are read through, and not again and again.
    pub(crate) fn is_building(&self) -> bool {
        self.building
    }

    /// The folder that paths in the manifests are relative to.
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// The releases, by name.
    pub fn manifests(&self) -> &[Arc<Manifest>] {
        &self.manifests
    }

    /// The release of that name.
    pub fn manifest(&self, release: &ReleaseId) -> Option<&Arc<Manifest>> {
        self.manifests.iter().find(|manifest| manifest.release == *release)
    }

    /// Every dataset name: the movable ones first, each group by name.
    pub fn datasets(&self) -> &[Dataset] {
        &self.datasets
    }

    /// The dataset of that name; names are case-sensitive, as on BigQuery.
    pub fn dataset(&self, name: &str) -> Option<&Dataset> {
        self.datasets.iter().find(|dataset| dataset.name.as_str() == name)
    }

    /// People's own datasets, by project and name.
    pub fn personal(&self) -> &[Arc<PersonalDataset>] {
        &self.personal
    }

    /// The dataset of that name that people made in a project.
    pub fn personal_dataset(&self, project: &str, name: &str) -> Option<&Arc<PersonalDataset>> {
        self.personal.iter().find(|dataset| dataset.project == project && dataset.name == name)
    }

    /// The dataset that never moves and holds these modules of a release.
    pub fn fixed_name(&self, release: &ReleaseId, modules: &[String]) -> Option<&DatasetName> {
        self.datasets
            .iter()
            .find(|d| d.pointing == Pointing::Fixed && d.manifest.release == *release && d.modules == modules)
            .map(|dataset| &dataset.name)
    }

    /// The movable datasets without those that hold the same tables as others together (`mimiciii`, `mimiciii_demo`), so
    /// that every current table occurs once.
    pub fn current(&self) -> impl Iterator<Item = &Dataset> {
        self.datasets.iter().filter(|dataset| dataset.pointing != Pointing::Fixed && dataset.modules.len() == 1)
    }
}

impl Dataset {
    /// Its tables, by name.
    pub fn tables(&self) -> impl Iterator<Item = &TableEntry> {
        self.manifest.tables.values().filter(|table| self.modules.contains(&table.module))
    }

    /// The table of that name; names are case-sensitive, as on BigQuery.
    pub fn table(&self, name: &str) -> Option<&TableEntry> {
        self.tables().find(|table| table.name == name)
    }
}

impl Dataset {
    /// Stands for the definitions and inputs of all its derived tables together, 16 hex digits; `None` if it has none.
    pub fn concepts_fingerprint(&self) -> Option<String> {
        let derived = self.tables().filter_map(|table| Some((&table.name, &table.derivation.as_ref()?.fingerprint)));
        let text = derived.fold(String::new(), |text, (name, fingerprint)| text + name + " " + fingerprint + "\n");
        (!text.is_empty()).then(|| format!("{:016x}", XxHash64::oneshot(0, text.as_bytes())))
    }
}

/// What the catalogue says of a loaded table; `None` for one that the release's schema does not have.
pub fn facts(manifest: &Manifest, table: &TableEntry) -> Option<&'static bedside_datasets::Table> {
    let catalogue = catalogue();
    let release = catalogue
        .release(&manifest.release)
        .or_else(|| catalogue.schema(&manifest.family, &manifest.schema_version))?;
    release.table(&table.module, &table.name)
}

fn datasets(manifests: &[Arc<Manifest>], aliases: &Aliases) -> Vec<Dataset> {
    let installed: Vec<Installed<'_>> = manifests
        .iter()
        .map(|m| Installed { release: &m.release, schema_version: &m.schema_version, created: &m.created })
        .collect();
    let mut datasets = Vec::new();
    let mut movable = Vec::new();
    for manifest in manifests {
        for rule in dataset_names(&manifest.release, &manifest.schema_version) {
            if rule.movable {
                movable.push(rule.name);
            } else {
                let (name, modules) = (rule.name, rule.modules);
                datasets.push(Dataset { name, modules, manifest: Arc::clone(manifest), pointing: Pointing::Fixed });
            }
        }
    }
    movable.sort();
    movable.dedup();
    let find = |release: &ReleaseId| manifests.iter().find(|manifest| manifest.release == *release);
    datasets.extend(movable.into_iter().filter_map(|name| {
        let set = aliases.target(&name).and_then(find).map(|manifest| (manifest, Pointing::Set));
        let by_rule = || Some((find(movable_target(&name, &installed)?.release)?, Pointing::Rule));
        let (manifest, pointing) = set.or_else(by_rule)?;
        let rules = dataset_names(&manifest.release, &manifest.schema_version);
        let modules = rules.into_iter().find(|rule| rule.name == name)?.modules;
        Some(Dataset { name, modules, manifest: Arc::clone(manifest), pointing })
    }));
    datasets.sort_by(|a, b| (a.pointing == Pointing::Fixed, &a.name).cmp(&(b.pointing == Pointing::Fixed, &b.name)));
    datasets
}
