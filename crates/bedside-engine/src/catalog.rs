//! Names in a statement: every spelling of a table's path, and what DataFusion scans for it.

mod described;
mod information_schema;
mod rows;
mod virtual_table;

use crate::inventory::{Dataset, Inventory};
use crate::table::StoredTable;
use bedside_datasets::{KeyStatus, Release, catalogue, dataset_names, published_spelling};
use bedside_sql::{Catalog, ColumnFacts, ColumnSchema, TablePath, TableSchema, UnknownTable};
use bedside_store::{Manifest, TableEntry};
use bedside_types::{ReleaseId, ReleaseKind, nearest};
use datafusion::catalog::TableProvider;
use std::sync::Arc;
use virtual_table::VirtualTable;

/// The project that MIMIC's datasets are published in on BigQuery.
pub const PUBLIC_PROJECT: &str = "physionet-data";

const INFORMATION_SCHEMA: &str = "INFORMATION_SCHEMA";

/// The tables that one statement may name: the inventory at its beginning, and the names that it may leave out.
#[derive(Clone, Debug)]
pub(crate) struct StatementCatalog {
    inventory: Arc<Inventory>,
    projects: Arc<[String]>,
    default_dataset: Option<String>,
}

/// What a path means.
enum Meaning<'a> {
    Stored(&'a Dataset, &'a TableEntry),
    Virtual(VirtualTable<'a>),
}

impl StatementCatalog {
    /// `projects` are names beside [`PUBLIC_PROJECT`] that the project part may have; `default_dataset` is what a bare table
    /// name is looked up in.
    pub(crate) fn new(inventory: Arc<Inventory>, projects: Arc<[String]>, default_dataset: Option<&str>) -> Self {
        // A default may come with its project, as clients send it.
        let default_dataset = default_dataset.map(|d| d.rsplit('.').next().unwrap_or(d).to_owned());
        Self { inventory, projects, default_dataset }
    }

    /// The inventory that this statement sees.
    pub(crate) fn inventory(&self) -> &Inventory {
        &self.inventory
    }

    /// What DataFusion scans for a table that [`Catalog::table`] gave.
    pub(crate) fn provider(&self, path: &TablePath) -> Option<Arc<dyn TableProvider>> {
        match self.meaning(&Self::parts(path)).ok()? {
            Meaning::Stored(dataset, entry) => {
                let table = StoredTable::new(&self.inventory, &dataset.manifest, &entry.key())?;
                Some(Arc::new(table))
            }
            Meaning::Virtual(table) => table.provider(),
        }
    }

    /// What kind of release a table is of; `None` for one that lists names.
    pub(crate) fn kind(&self, path: &TablePath) -> Option<ReleaseKind> {
        match self.meaning(&Self::parts(path)).ok()? {
            Meaning::Stored(dataset, _) => Some(dataset.manifest.kind),
            Meaning::Virtual(_) => None,
        }
    }

    fn parts(path: &TablePath) -> Vec<String> {
        let dataset = path.dataset.split('.').filter(|part| !part.is_empty());
        [path.project.as_str()].into_iter().chain(dataset).chain([path.table.as_str()]).map(str::to_owned).collect()
    }

    fn meaning(&self, path: &[String]) -> Result<Meaning<'_>, UnknownTable> {
        if let [prefix @ .., schema, view] = path
            && schema.eq_ignore_ascii_case(INFORMATION_SCHEMA)
        {
            return self.information_schema(prefix, view);
        }
        let (dataset, table) = match path {
            [project, dataset, table] => {
                self.check_project(project)?;
                (dataset, table)
            }
            [dataset, table] => (dataset, table),
            [table] => match &self.default_dataset {
                Some(dataset) => (dataset, table),
                None => return Err(self.without_dataset(table)),
            },
            _ => return Err(UnknownTable { message: format!("Not found: Table {}", path.join(".")), nearest: None }),
        };
        let dataset = self.dataset(dataset)?;
        if let Some(entry) = dataset.table(table) {
            return Ok(Meaning::Stored(dataset, entry));
        }
        VirtualTable::of_dataset(dataset, table).map(Meaning::Virtual).ok_or_else(|| unknown_table(dataset, table))
    }

    /// `prefix` is nothing, a dataset, a project, a region, or a project and one of the others.
    fn information_schema(&self, prefix: &[String], view: &str) -> Result<Meaning<'_>, UnknownTable> {
        let is_region = |name: &str| name.to_ascii_lowercase().starts_with("region-");
        let scope = match prefix {
            [] => None,
            [one] if is_region(one) || self.is_project(one) => None,
            [one] => Some(self.dataset(one)?),
            [project, one] => {
                self.check_project(project)?;
                if is_region(one) { None } else { Some(self.dataset(one)?) }
            }
            _ => {
                let message = format!("Not found: Table {}.{INFORMATION_SCHEMA}.{view}", prefix.join("."));
                return Err(UnknownTable { message, nearest: None });
            }
        };
        let scope = match (scope, &self.default_dataset) {
            (None, Some(dataset)) if prefix.is_empty() => self.inventory.dataset(dataset),
            (scope, _) => scope,
        };
        VirtualTable::information_schema(&self.inventory, scope, view).map(Meaning::Virtual).ok_or_else(|| {
            UnknownTable {
                message: format!("Not found: Table {PUBLIC_PROJECT}:{INFORMATION_SCHEMA}.{view}"),
                nearest: nearest(view, information_schema::VIEWS).map(|view| format!("{INFORMATION_SCHEMA}.{view}")),
            }
        })
    }

    fn is_project(&self, name: &str) -> bool {
        name == PUBLIC_PROJECT || self.projects.iter().any(|project| project == name)
    }

    fn check_project(&self, name: &str) -> Result<(), UnknownTable> {
        if self.is_project(name) {
            return Ok(());
        }
        let known = [PUBLIC_PROJECT].into_iter().chain(self.projects.iter().map(String::as_str));
        let nearest = nearest(name, known).unwrap_or(PUBLIC_PROJECT).to_owned();
        Err(UnknownTable { message: format!("Not found: Project {name}"), nearest: Some(nearest) })
    }

    fn dataset(&self, name: &str) -> Result<&Dataset, UnknownTable> {
        if let Some(dataset) = self.inventory.dataset(name) {
            return Ok(dataset);
        }
        let missing = match not_loaded(name) {
            Some(release) => format!(": release {release} is not loaded"),
            None if self.inventory.manifests().is_empty() => ": nothing is loaded yet".to_owned(),
            None => String::new(),
        };
        let names = || self.inventory.datasets().iter().map(|dataset| dataset.name.as_str());
        let right = published_spelling(name).filter(|right| names().any(|name| name == right));
        let nearest = right.or_else(|| nearest(name, names()).map(str::to_owned));
        Err(UnknownTable { message: format!("Not found: Dataset {PUBLIC_PROJECT}:{name}{missing}"), nearest })
    }

    /// In BigQuery's words; the nearest is the one movable dataset that has such a table.
    fn without_dataset(&self, table: &str) -> UnknownTable {
        let holder = self.inventory.current().find(|dataset| dataset.table(table).is_some());
        UnknownTable {
            message: format!("Table \"{table}\" must be qualified with a dataset (e.g. dataset.table)"),
            nearest: holder.map(|dataset| format!("{}.{table}", dataset.name)),
        }
    }
}

impl Catalog for StatementCatalog {
    fn table(&self, path: &[String]) -> Result<Arc<TableSchema>, UnknownTable> {
        Ok(Arc::new(match self.meaning(path)? {
            Meaning::Stored(dataset, entry) => {
                let fixed = self.inventory.fixed_name(&dataset.manifest.release, &dataset.modules);
                TableSchema {
                    path: TablePath {
                        project: PUBLIC_PROJECT.to_owned(),
                        dataset: fixed.unwrap_or(&dataset.name).to_string(),
                        table: entry.name.clone(),
                    },
                    columns: stored_columns(entry),
                    keys: documented_keys(&dataset.manifest, entry),
                }
            }
            Meaning::Virtual(table) => table.schema(),
        }))
    }
}

/// The published release that a dataset name belongs to.
fn not_loaded(name: &str) -> Option<&'static ReleaseId> {
    let answers = |release: &&Release| {
        dataset_names(&release.id, &release.schema_version)
            .iter()
            .any(|rule| !rule.movable && rule.name.as_str() == name)
    };
    catalogue().releases().find(answers).map(|release| &release.id)
}

fn stored_columns(entry: &TableEntry) -> Vec<ColumnSchema> {
    let column = |column: &bedside_store::ColumnEntry| ColumnSchema {
        name: column.name.clone(),
        sql_type: column.sql_type.clone(),
        facts: ColumnFacts { may_be_null: column.nulls > 0, may_be_nan: column.nans + column.infinities > 0 },
    };
    entry.columns.iter().map(column).collect()
}

/// The keys that MIMIC's constraints or documentation promise. What only happens to hold in some release is none.
fn documented_keys(manifest: &Manifest, entry: &TableEntry) -> Vec<Vec<usize>> {
    let place = |name: &String| entry.columns.iter().position(|column| column.name.eq_ignore_ascii_case(name));
    let places = |columns: &Vec<String>| columns.iter().map(place).collect::<Option<Vec<_>>>();
    if let Some(derivation) = &entry.derivation {
        // Checked before the table was published.
        return Some(&derivation.key).filter(|key| !key.is_empty()).and_then(places).into_iter().collect();
    }
    let schema = catalogue().schema(&manifest.family, &manifest.schema_version);
    let Some(table) = schema.and_then(|release| release.table(&entry.module, &entry.name)) else { return Vec::new() };
    let primary = table.primary_key.iter().filter(|key| key.status != KeyStatus::Observed).map(|key| &key.columns);
    primary.chain(&table.alternate_keys).filter_map(places).collect()
}

fn unknown_table(dataset: &Dataset, table: &str) -> UnknownTable {
    let nearest = nearest(table, dataset.tables().map(|table| table.name.as_str()));
    UnknownTable {
        message: format!("Not found: Table {PUBLIC_PROJECT}:{}.{table}", dataset.name),
        nearest: nearest.map(|nearest| format!("{}.{nearest}", dataset.name)),
    }
}
