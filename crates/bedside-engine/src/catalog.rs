//! Names in a statement: every spelling of a table's path, and what DataFusion scans for it.

pub(crate) mod described;
mod history;
mod information_schema;
pub(crate) mod personal;
mod personal_listing;
mod result;
mod routine;
mod routine_listing;
mod rows;
mod virtual_table;
mod wildcard;

use crate::inventory::{Dataset, Inventory};
use crate::table::{PersonalScan, ResultScan, StoredTable};
use crate::temporary::Temporaries;
use bedside_datasets::{DERIVED, KeyStatus, Release, catalogue, dataset_names, published_spelling};
use bedside_sql::tree::Lifetime;
use bedside_sql::{
    Catalog, ColumnFacts, ColumnSchema, FunctionDefinition, Place, Refusal, Routine, RoutinePlace, Schema, TablePath,
    TableSchema, UnknownTable, ViewDefinition,
};
use bedside_store::{Manifest, PersonalDataset, PersonalTable, TableEntry, Warehouse};
use bedside_types::{ReleaseId, ReleaseKind, nearest};
use datafusion::catalog::TableProvider;
use std::sync::Arc;
use virtual_table::VirtualTable;

pub(crate) use result::ResultTable;

/// The project that MIMIC's datasets are published in on BigQuery.
pub const PUBLIC_PROJECT: &str = "physionet-data";

const INFORMATION_SCHEMA: &str = "INFORMATION_SCHEMA";

/// The tables that one statement may name: the inventory at its beginning, and the names that it may leave out.
#[derive(Clone, Debug)]
pub(crate) struct StatementCatalog {
    inventory: Arc<Inventory>,
    warehouse: Warehouse,
    projects: Arc<[String]>,
    /// What the caller calls the project of people's own datasets.
    own_name: Option<String>,
    /// With its project before it, where clients send one.
    default_dataset: Option<String>,
    temporaries: Temporaries,
}

/// What a path means.
enum Meaning<'a> {
    Stored(&'a Dataset, &'a TableEntry),
    Personal(&'a Arc<PersonalDataset>, String, &'a PersonalTable),
    Virtual(VirtualTable<'a>),
    Result(ResultTable),
}

impl StatementCatalog {
    /// `projects` are names beside [`PUBLIC_PROJECT`] that the project part may have; `default_dataset` is what a bare table
    /// name is looked up in.
    pub(crate) fn new(
        inventory: Arc<Inventory>,
        warehouse: Warehouse,
        projects: Arc<[String]>,
        default_dataset: Option<&str>,
    ) -> Self {
        let default_dataset = default_dataset.map(str::to_owned);
        let temporaries = Temporaries::default();
        Self { inventory, warehouse, projects, own_name: None, default_dataset, temporaries }
    }

    /// The same for a caller who calls the project of people's own datasets by this name.
    pub(crate) fn called(self, project: Option<&str>) -> Self {
        Self { own_name: project.filter(|project| !self.is_project(project)).map(str::to_owned), ..self }
    }

    /// The same with the temporary tables and functions of a session.
    pub(crate) fn with(self, temporaries: Temporaries) -> Self {
        Self { temporaries, ..self }
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
            Meaning::Personal(dataset, name, _) => {
                Some(Arc::new(PersonalScan::new(self.inventory.home(), dataset, &name)?))
            }
            Meaning::Virtual(table) => table.provider(),
            Meaning::Result(table) => {
                let path = self.warehouse.result_path(&table.name);
                Some(Arc::new(ResultScan::new(&table, path)))
            }
        }
    }

    /// Bytes of a column of a stored table as BigQuery counts them.
    pub(crate) fn column_bytes(&self, path: &TablePath, column: &str) -> Option<u64> {
        match self.meaning(&Self::parts(path)).ok()? {
            Meaning::Stored(_, entry) => Some(entry.column(column)?.logical_bytes),
            Meaning::Personal(_, _, table) => Some(table.column(column)?.entry.logical_bytes),
            Meaning::Result(table) => table.column_bytes(column),
            Meaning::Virtual(_) => None,
        }
    }

    /// What kind of release a table is of; `None` for one that lists names.
    pub(crate) fn kind(&self, path: &TablePath) -> Option<ReleaseKind> {
        match self.meaning(&Self::parts(path)).ok()? {
            Meaning::Stored(dataset, _) => Some(dataset.manifest.kind),
            Meaning::Personal(..) | Meaning::Virtual(_) | Meaning::Result(_) => None,
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
        let (project, dataset, table) = match path {
            [project, dataset, table] => (Some(project.as_str()), dataset, table),
            [dataset, table] => (None, dataset, table),
            [table] => match (self.temporary(table), self.in_default(table)) {
                (Some(dataset), _) => return Self::of_personal(dataset, table),
                (None, Some(path)) => return self.meaning(&path),
                (None, None) => return Err(self.without_dataset(table)),
            },
            _ => return Err(UnknownTable { message: format!("Not found: Table {}", path.join(".")), nearest: None }),
        };
        if let Some(found) = self.personal(project, dataset) {
            return Self::of_personal(found, table).map_err(|unknown| self.with_release(unknown, dataset, table));
        }
        let own = project.unwrap_or_else(|| self.own_project());
        if let Some(table) = ResultTable::find(&self.warehouse, own, dataset, table) {
            return Ok(Meaning::Result(table));
        }
        if let Some(project) = project {
            self.check_project(project)?;
        }
        let dataset = self.dataset(dataset)?;
        if let Some(entry) = dataset.table(table) {
            return Ok(Meaning::Stored(dataset, entry));
        }
        VirtualTable::of_dataset(dataset, table).map(Meaning::Virtual).ok_or_else(|| self.unknown_table(dataset, table))
    }

    /// A name in the default dataset, as a whole path.
    fn in_default(&self, name: &str) -> Option<Vec<String>> {
        let dataset = self.default_dataset.as_ref()?.split('.');
        Some(dataset.chain([name]).map(str::to_owned).collect())
    }

    /// What is not in a dataset of people's own that has the name of a release's may have been meant of that.
    fn with_release(&self, unknown: UnknownTable, dataset: &str, table: &str) -> UnknownTable {
        match self.inventory.dataset(dataset).filter(|release| release.table(table).is_some()) {
            Some(_) => UnknownTable { nearest: Some(format!("`{PUBLIC_PROJECT}.{dataset}.{table}`")), ..unknown },
            None => unknown,
        }
    }

    /// A table of a dataset that people made.
    fn of_personal<'a>(dataset: &'a Arc<PersonalDataset>, table: &str) -> Result<Meaning<'a>, UnknownTable> {
        if let Some(found) = dataset.tables.get(table) {
            return Ok(Meaning::Personal(dataset, table.to_owned(), found));
        }
        let listing = VirtualTable::of_personal(dataset, table).map(Meaning::Virtual);
        listing.ok_or_else(|| personal::unknown(dataset, table))
    }

    /// `prefix` is nothing, a dataset, a project, a region, or a project and one of the others.
    fn information_schema(&self, prefix: &[String], view: &str) -> Result<Meaning<'_>, UnknownTable> {
        let is_region = |name: &str| name.to_ascii_lowercase().starts_with("region-");
        if let Some(dataset) = self.personal_scope(prefix) {
            let found = VirtualTable::personal_schema(dataset, view).map(Meaning::Virtual);
            return found.ok_or_else(|| unknown_view(view));
        }
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
            (None, Some(dataset)) if prefix.is_empty() => {
                self.inventory.dataset(dataset.rsplit('.').next().unwrap_or(dataset))
            }
            (scope, _) => scope,
        };
        let found = VirtualTable::information_schema(&self.inventory, scope, view).map(Meaning::Virtual);
        found.ok_or_else(|| unknown_view(view))
    }

    /// The dataset of people's own that INFORMATION_SCHEMA is asked about.
    fn personal_scope(&self, prefix: &[String]) -> Option<&Arc<PersonalDataset>> {
        match prefix {
            [] => match self.in_default("")?.as_slice() {
                [project, dataset, _] => self.personal(Some(project), dataset),
                [dataset, _] => self.personal(None, dataset),
                _ => None,
            },
            [dataset] => self.personal(None, dataset),
            [project, dataset] => self.personal(Some(project), dataset),
            _ => None,
        }
    }

    fn is_project(&self, name: &str) -> bool {
        name == PUBLIC_PROJECT
            || name == personal::DEFAULT_PROJECT
            || self.projects.iter().any(|project| project == name)
            || self.own_name.as_deref() == Some(name)
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
        let names = || {
            let own = self.inventory.personal().iter().map(|dataset| dataset.name.as_str());
            self.inventory.datasets().iter().map(|dataset| dataset.name.as_str()).chain(own)
        };
        let right = published_spelling(name).filter(|right| names().any(|name| name == right));
        let nearest = right.or_else(|| nearest(name, names()).map(str::to_owned));
        Err(UnknownTable { message: format!("Not found: Dataset {PUBLIC_PROJECT}:{name}{missing}"), nearest })
    }

    /// The nearest is a name in the same dataset, else the same name in another.
    fn unknown_table(&self, dataset: &Dataset, table: &str) -> UnknownTable {
        let near = nearest(table, dataset.tables().map(|table| table.name.as_str()));
        let near = near.map(|near| format!("{}.{near}", dataset.name));
        let elsewhere = || self.holder(table).map(|holder| format!("{}.{table}", holder.name));
        let is_unbuilt = dataset.modules == [DERIVED] && dataset.tables().next().is_none();
        let unbuilt = if is_unbuilt {
            format!(": run bedside concepts build {}", dataset.manifest.release)
        } else {
            String::new()
        };
        UnknownTable {
            message: format!("Not found: Table {PUBLIC_PROJECT}:{}.{table}{unbuilt}", dataset.name),
            nearest: near.or_else(elsewhere),
        }
    }

    /// The movable dataset that has such a table; of several the one of the newest family.
    fn holder(&self, table: &str) -> Option<&Dataset> {
        let holders = self.inventory.current().filter(|dataset| dataset.table(table).is_some());
        holders.fold(None, |newest: Option<&Dataset>, next| match newest {
            Some(newest) if newest.manifest.family >= next.manifest.family => Some(newest),
            _ => Some(next),
        })
    }

    /// In BigQuery's words; the nearest is the one movable dataset that has such a table.
    fn without_dataset(&self, table: &str) -> UnknownTable {
        let holder = self.holder(table);
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
            Meaning::Personal(dataset, name, table) => personal::table_schema(dataset, &name, table),
            Meaning::Virtual(table) => table.schema(),
            Meaning::Result(table) => table.table_schema().ok_or_else(|| UnknownTable {
                message: format!("Not found: Table {}", path.join(".")),
                nearest: None,
            })?,
        }))
    }

    fn tables_with_prefix(&self, path: &[String]) -> Result<Vec<(String, Arc<TableSchema>)>, UnknownTable> {
        self.with_prefix(path)
    }

    fn view(&self, path: &[String]) -> Option<Arc<ViewDefinition>> {
        self.stored_view(path).map(Arc::new)
    }

    fn default_dataset(&self) -> Option<&str> {
        self.default_dataset.as_deref()
    }

    fn function(&self, name: &str) -> Option<Arc<FunctionDefinition>> {
        self.temporaries.functions.get(&name.to_lowercase()).cloned()
    }

    fn routine(&self, path: &[String]) -> Option<Routine> {
        self.stored_routine(path)
    }

    fn routine_place(&self, path: &[String]) -> Result<RoutinePlace, Refusal> {
        self.written_routine(path)
    }

    fn place(&self, path: &[String], lifetime: Lifetime) -> Result<Place, Refusal> {
        self.written_place(path, lifetime)
    }

    fn schema(&self, path: &[String]) -> Result<Schema, Refusal> {
        self.written_schema(path)
    }
}

/// The one column of a plan.
const PLAN: rows::Columns = &[("plan", bedside_types::SqlType::String)];

/// The lines of a plan as a table.
pub(crate) fn lines(lines: &[Vec<bedside_types::Value>]) -> Option<Arc<dyn TableProvider>> {
    rows::table(PLAN, lines)
}

fn unknown_view(view: &str) -> UnknownTable {
    UnknownTable {
        message: format!("Not found: Table {PUBLIC_PROJECT}:{INFORMATION_SCHEMA}.{view}"),
        nearest: nearest(view, information_schema::VIEWS).map(|view| format!("{INFORMATION_SCHEMA}.{view}")),
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
    let Some(table) = crate::inventory::facts(manifest, entry) else { return Vec::new() };
    let primary = table.primary_key.iter().filter(|key| key.status != KeyStatus::Observed).map(|key| &key.columns);
    primary.chain(&table.alternate_keys).filter_map(places).collect()
}
