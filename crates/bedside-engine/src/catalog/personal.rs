//! People's own datasets as statements name them: where things are read, and where they are written.

use super::{INFORMATION_SCHEMA, PUBLIC_PROJECT, StatementCatalog};
use crate::inventory::TEMPORARY_PROJECT;
use bedside_sql::tree::{CreateSchema, Lifetime, Operation};
use bedside_sql::{
    ColumnDefinition, ColumnFacts, ColumnSchema, Found, Place, Refusal, Schema, TableDefinition, TablePath,
    TableSchema, TypeParameters, UnknownTable, ViewDefinition,
};
use bedside_store::{PersonalColumn, PersonalDataset, PersonalTable, PersonalView};
use bedside_types::nearest;
use std::sync::Arc;

/// The project of people's own datasets where no project was named.
pub const DEFAULT_PROJECT: &str = "local";

/// The dataset by which BigQuery lets temporary tables be named.
const SESSION: &str = "_SESSION";

/// The longest name of a dataset or table, bytes.
const LONGEST_NAME: usize = 1024;

/// Beginnings and whole names of datasets that are MIMIC's.
const RESERVED_PREFIXES: [&str; 3] = ["mimiciv_", "mimiciii_", "mimic_"];
const RESERVED_NAMES: [&str; 3] = ["mimiciv", "mimiciii", "mimic"];

impl StatementCatalog {
    /// The project that new datasets belong to.
    pub(super) fn own_project(&self) -> &str {
        self.projects.first().map_or(DEFAULT_PROJECT, String::as_str)
    }

    /// The project that datasets are kept under which the caller names so.
    fn kept_project<'p>(&'p self, name: &'p str) -> &'p str {
        if self.own_name.as_deref() == Some(name) { self.own_project() } else { name }
    }

    /// The dataset that people made, or the temporary tables; a name without a project is looked up in each of theirs.
    pub(super) fn personal(&self, project: Option<&str>, name: &str) -> Option<&Arc<PersonalDataset>> {
        let temporary = self.temporaries.dataset.as_ref();
        match project.map(|project| self.kept_project(project)) {
            Some(TEMPORARY_PROJECT) => temporary.filter(|dataset| dataset.name == name),
            Some(project) => self.inventory.personal_dataset(project, name),
            None if name.eq_ignore_ascii_case(SESSION) => temporary,
            // Without a project, names of releases are theirs.
            None if self.is_of_releases(name) => None,
            None => {
                let own = [self.own_project()].into_iter().chain(self.projects.iter().map(String::as_str));
                own.chain([DEFAULT_PROJECT]).find_map(|project| self.inventory.personal_dataset(project, name))
            }
        }
    }

    /// A temporary table by its name alone.
    pub(super) fn temporary(&self, table: &str) -> Option<&Arc<PersonalDataset>> {
        self.temporaries.dataset.as_ref().filter(|dataset| dataset.tables.contains_key(table))
    }

    /// The view that a path names, with its dataset.
    pub(super) fn stored_view(&self, path: &[String]) -> Option<ViewDefinition> {
        let (dataset, name) = match path {
            [project, dataset, name] => (self.personal(Some(project), dataset)?, name),
            [dataset, name] => (self.personal(None, dataset)?, name),
            [name] if self.temporary(name).is_none() => return self.stored_view(&self.in_default(name)?),
            _ => return None,
        };
        dataset.views.get(name).map(|view| view_definition(dataset, name, view))
    }

    /// Where a statement writes; see [`bedside_sql::Catalog::place`].
    pub(super) fn written_place(&self, path: &[String], lifetime: Lifetime) -> Result<Place, Refusal> {
        if lifetime == Lifetime::Temporary {
            return self.temporary_place(path);
        }
        let (project, dataset, table) = match path {
            [project, dataset, table] => (Some(project.as_str()), dataset, table),
            [dataset, table] if dataset.eq_ignore_ascii_case(SESSION) => {
                return self.temporary_place(std::slice::from_ref(table));
            }
            [dataset, table] => (None, dataset, table),
            [table] if self.temporary(table).is_some() => return self.temporary_place(path),
            [table] => match self.in_default(table) {
                Some(path) => return self.written_place(&path, lifetime),
                None => {
                    let message = format!("Table \"{table}\" must be qualified with a dataset (e.g. dataset.table)");
                    return Err(Refusal::invalid_name(message).with_hint("CREATE TEMP TABLE needs no dataset"));
                }
            },
            _ => return Err(Refusal::not_found(format!("Not found: Table {}", path.join(".")))),
        };
        if project == Some(TEMPORARY_PROJECT) {
            return self.temporary_place(std::slice::from_ref(table));
        }
        check_table_name(table)?;
        Ok(place(self.written_dataset(project, dataset)?, table, Lifetime::Kept))
    }

    /// The dataset that a statement writes something into.
    pub(super) fn written_dataset(
        &self,
        project: Option<&str>,
        dataset: &str,
    ) -> Result<&Arc<PersonalDataset>, Refusal> {
        let project = self.written_project(project, dataset)?;
        self.personal(project, dataset).ok_or_else(|| {
            let project = project.unwrap_or_else(|| self.own_project());
            let message = format!("Not found: Dataset {project}:{dataset}");
            let names = self.inventory.personal().iter().map(|dataset| dataset.name.as_str());
            Refusal::not_found(message).with_hint(match nearest(dataset, names) {
                Some(near) => format!("the nearest dataset is `{near}`; CREATE SCHEMA {dataset} makes a new one"),
                None => format!("CREATE SCHEMA {dataset} makes it"),
            })
        })
    }

    /// The dataset that a statement makes or drops; see [`bedside_sql::Catalog::schema`].
    pub(super) fn written_schema(&self, path: &[String]) -> Result<Schema, Refusal> {
        let (project, dataset) = match path {
            [project, dataset] => (Some(project.as_str()), dataset),
            [dataset] => (None, dataset),
            _ => return Err(Refusal::invalid_name(format!("Invalid dataset name {}", path.join(".")))),
        };
        let project = self.written_project(project, dataset)?;
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let kept = dataset.eq_ignore_ascii_case(SESSION) || dataset.eq_ignore_ascii_case(INFORMATION_SCHEMA);
        if dataset.is_empty() || dataset.len() > LONGEST_NAME || !dataset.chars().all(plain) || kept {
            return Err(Refusal::invalid_name(format!(
                "Invalid dataset ID \"{dataset}\". Dataset IDs must be alphanumeric (plus underscores) and must be at \
                 most {LONGEST_NAME} characters long."
            )));
        }
        let found = self.personal(project, dataset);
        let objects = found.map(|dataset| dataset.tables.len() + dataset.views.len() + dataset.routines.len());
        let named = || project.map_or_else(|| self.own_project(), |project| self.kept_project(project));
        let project = found.map_or_else(named, |found| found.project.as_str());
        Ok(Schema { project: project.to_owned(), dataset: dataset.clone(), objects })
    }

    /// Refuses what is MIMIC's, and projects that are not the user's. With a project of the user's a dataset may have the name of a
    /// release's.
    fn written_project<'p>(&self, project: Option<&'p str>, dataset: &str) -> Result<Option<&'p str>, Refusal> {
        let reserved = self.is_of_releases(dataset);
        if project == Some(PUBLIC_PROJECT) || project.is_none() && reserved {
            let why = if reserved { "releases of MIMIC are read-only" } else { "the project is read-only" };
            let message = format!("Access Denied: Dataset {PUBLIC_PROJECT}:{dataset}: {why}");
            let own = self.own_project();
            return Err(Refusal::read_only(message).with_hint(format!(
                "write into a dataset of your own: CREATE SCHEMA my_dataset, or with your project CREATE SCHEMA \
                 `{own}.{dataset}`"
            )));
        }
        match project {
            Some(name) if !self.is_project(name) => {
                let own = self.own_project();
                Err(Refusal::not_found(format!("Not found: Project {name}"))
                    .with_hint(format!("your project is `{own}`")))
            }
            project => Ok(project),
        }
    }

    /// Whether a dataset's name alone means a release's, loaded or not.
    pub(super) fn is_of_releases(&self, dataset: &str) -> bool {
        let lower = dataset.to_ascii_lowercase();
        RESERVED_NAMES.contains(&lower.as_str())
            || RESERVED_PREFIXES.iter().any(|prefix| lower.starts_with(prefix))
            || self.inventory.dataset(dataset).is_some()
    }

    /// What has to be said where a new dataset has the name of a release's.
    pub(crate) fn shadowed(&self, create: &CreateSchema) -> Option<String> {
        let CreateSchema { project, dataset, operation, .. } = create;
        (*operation == Operation::Create && self.is_of_releases(dataset)).then(|| {
            format!(
                "`{project}.{dataset}` means this dataset from now on; MIMIC's is `{dataset}` or \
                 `{PUBLIC_PROJECT}.{dataset}` as before"
            )
        })
    }

    fn temporary_place(&self, path: &[String]) -> Result<Place, Refusal> {
        let [table] = path else {
            let message = format!("Temporary table {} cannot have a dataset", path.join("."));
            return Err(Refusal::invalid_name(message).with_hint("name it alone: CREATE TEMP TABLE t AS …"));
        };
        check_table_name(table)?;
        match &self.temporaries.dataset {
            Some(dataset) => Ok(place(dataset, table, Lifetime::Temporary)),
            None => Ok(Place {
                path: TablePath {
                    project: TEMPORARY_PROJECT.to_owned(),
                    dataset: SESSION.to_owned(),
                    table: table.clone(),
                },
                lifetime: Lifetime::Temporary,
                found: Found::Nothing,
            }),
        }
    }
}

/// The schema that a query sees of a table.
pub(super) fn table_schema(dataset: &PersonalDataset, name: &str, table: &PersonalTable) -> TableSchema {
    let column = |column: &PersonalColumn| ColumnSchema {
        name: column.entry.name.clone(),
        sql_type: column.entry.sql_type.clone(),
        facts: ColumnFacts {
            may_be_null: column.entry.nulls > 0,
            may_be_nan: column.entry.nans + column.entry.infinities > 0,
        },
    };
    let columns = table.columns.iter().map(column).collect();
    TableSchema { path: path(dataset, name), columns, keys: Vec::new() }
}

/// In BigQuery's words, with the nearest table or view.
pub(super) fn unknown(dataset: &PersonalDataset, table: &str) -> UnknownTable {
    let names = dataset.tables.keys().chain(dataset.views.keys()).map(String::as_str);
    UnknownTable {
        message: format!("Not found: Table {}:{}.{table}", dataset.project, dataset.name),
        nearest: nearest(table, names).map(|near| format!("{}.{near}", dataset.name)),
    }
}

fn place(dataset: &PersonalDataset, name: &str, lifetime: Lifetime) -> Place {
    let found = match (dataset.tables.get(name), dataset.views.get(name)) {
        (Some(table), _) => Found::Table(Arc::new(TableDefinition {
            schema: Arc::new(table_schema(dataset, name, table)),
            columns: table.columns.iter().map(definition).collect(),
        })),
        (None, Some(view)) => Found::View(Arc::new(view_definition(dataset, name, view))),
        (None, None) => Found::Nothing,
    };
    Place { path: path(dataset, name), lifetime, found }
}

fn path(dataset: &PersonalDataset, table: &str) -> TablePath {
    TablePath { project: dataset.project.clone(), dataset: dataset.name.clone(), table: table.to_owned() }
}

fn view_definition(dataset: &PersonalDataset, name: &str, view: &PersonalView) -> ViewDefinition {
    ViewDefinition {
        path: path(dataset, name),
        text: view.text.clone(),
        columns: view.names.clone(),
        default_dataset: view.default_dataset.clone(),
    }
}

/// A column of a table of people's own as statements that write see it.
pub fn definition(column: &PersonalColumn) -> ColumnDefinition {
    let parameters = match (column.length, column.digits) {
        (Some(length), _) => TypeParameters::Length(length),
        (None, Some((precision, scale))) => TypeParameters::Digits { precision, scale },
        (None, None) => TypeParameters::None,
    };
    ColumnDefinition {
        name: column.entry.name.clone(),
        sql_type: column.entry.sql_type.clone(),
        parameters,
        required: !column.entry.nullable,
        default: column.default.clone(),
        description: column.description.clone(),
    }
}

/// The column as it is kept.
pub(crate) fn kept(definition: &ColumnDefinition) -> PersonalColumn {
    let mut column = PersonalColumn::new(&definition.name, definition.sql_type.clone());
    column.entry.nullable = !definition.required;
    match definition.parameters {
        TypeParameters::None => {}
        TypeParameters::Length(length) => column.length = Some(length),
        TypeParameters::Digits { precision, scale } => column.digits = Some((precision, scale)),
    }
    column.default.clone_from(&definition.default);
    column.description.clone_from(&definition.description);
    column
}

fn check_table_name(name: &str) -> Result<(), Refusal> {
    let allowed = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | ' ');
    let kept = name.starts_with("__TABLES") || name == "_metadata";
    if name.is_empty() || name.len() > LONGEST_NAME || !name.chars().all(allowed) || kept {
        return Err(Refusal::invalid_name(format!(
            "Invalid table ID \"{name}\". Table IDs must be alphanumeric (plus underscores) and must be at most \
             {LONGEST_NAME} characters long."
        )));
    }
    Ok(())
}
