//! Making, changing and deleting datasets, tables and views without SQL.

use super::find::{no_dataset, no_table};
use super::{Dataset, Table, TableKind, labels};
use crate::error::{Error, Result};
use crate::principal::{Action, Principal};
use crate::service::{Service, Shared};
use crate::stream::quoted;
use bedside_engine::{Import, Missing, Present, Request, Session, Step, Writes};
use bedside_meta::{DatasetReference, TableReference};
use bedside_sql::{ColumnDefinition, TablePath};
use bedside_store::PersonalDataset;
use bedside_types::ErrorCode;
use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

/// A dataset to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDataset {
    /// Its name.
    pub reference: DatasetReference,
    /// What it is.
    pub description: Option<String>,
    /// A name for people.
    pub friendly_name: Option<String>,
    /// Where it shall say that it is.
    pub location: Option<String>,
    /// Labels by key.
    pub labels: BTreeMap<String, String>,
}

/// What changes of a dataset; `None` leaves it as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(clippy::option_option, reason = "to leave, to take away and to set are three things")]
pub struct DatasetUpdate {
    /// What it is; an inner `None` takes it away.
    pub description: Option<Option<String>>,
    /// A name for people, likewise.
    pub friendly_name: Option<Option<String>>,
    /// All its labels from now on.
    pub labels: Option<BTreeMap<String, String>>,
}

/// What becomes of a dataset's tables when it is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contents {
    /// They stay, and so does the dataset: it has to be empty.
    Keep,
    /// They go.
    Delete,
}

/// A table or view to be made.
#[derive(Clone, Debug, PartialEq)]
pub struct NewTable {
    /// Its name.
    pub reference: TableReference,
    /// What it is made of.
    pub kind: NewTableKind,
    /// What it is.
    pub description: Option<String>,
    /// A name for people.
    pub friendly_name: Option<String>,
    /// Labels by key.
    pub labels: BTreeMap<String, String>,
}

/// What a new table is made of.
#[derive(Clone, Debug, PartialEq)]
pub enum NewTableKind {
    /// Columns, without rows.
    Table {
        /// The columns in order.
        columns: Vec<ColumnDefinition>,
        /// What describes its partitions; it changes nothing else.
        partition: Option<String>,
        /// What describes its order; it changes nothing else.
        cluster: Vec<String>,
    },
    /// A query.
    View(String),
}

/// What changes of a table; `None` leaves it as it is.
#[derive(Clone, Debug, Default, PartialEq)]
#[allow(clippy::option_option, reason = "to leave, to take away and to set are three things")]
pub struct TableUpdate {
    /// What it is; an inner `None` takes it away.
    pub description: Option<Option<String>>,
    /// A name for people, likewise.
    pub friendly_name: Option<Option<String>>,
    /// All its labels from now on.
    pub labels: Option<BTreeMap<String, String>>,
    /// All its columns: those that are there may get other descriptions and take NULL from now on; new ones come at the end.
    pub columns: Option<Vec<ColumnDefinition>>,
    /// A view's query.
    pub query: Option<String>,
}

impl Service {
    /// Makes a dataset. Not to be called from asynchronous code.
    ///
    /// # Errors
    /// [`Error::Exists`]; [`Error::Denied`] where nothing can be made; [`Error::Invalid`] for a name that is none.
    pub fn create_dataset(&self, principal: &Principal, new: &NewDataset) -> Result<Dataset> {
        principal.may(&Action::Write)?;
        let NewDataset { reference, description, friendly_name, location, labels } = new;
        let options = [
            ("description", description.as_deref().map(literal)),
            ("friendly_name", friendly_name.as_deref().map(literal)),
            ("location", location.as_deref().map(literal)),
            ("labels", labels::write(labels)),
        ];
        let name = format!("{}.{}", quoted(&reference.project), quoted(&reference.dataset));
        self.shared.sql(&reference.project, &format!("CREATE SCHEMA {name}{}", clause(&options)))?;
        self.shared.dataset(reference)
    }

    /// Changes what a dataset says of itself. Not to be called from asynchronous code.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Denied`] for one of a release.
    pub fn update_dataset(
        &self,
        principal: &Principal,
        reference: &DatasetReference,
        update: &DatasetUpdate,
    ) -> Result<Dataset> {
        principal.may(&Action::Write)?;
        self.shared.edit(reference, |dataset| {
            set(&mut dataset.options, "description", update.description.clone());
            set(&mut dataset.options, "friendly_name", update.friendly_name.clone());
            set(&mut dataset.options, "labels", update.labels.as_ref().map(labels::write));
            Ok(())
        })?;
        self.shared.dataset(reference)
    }

    /// Deletes a dataset. Not to be called from asynchronous code.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Denied`], [`Error::InUse`] where it has tables that shall stay.
    pub fn delete_dataset(
        &self,
        principal: &Principal,
        reference: &DatasetReference,
        contents: Contents,
    ) -> Result<()> {
        principal.may(&Action::Write)?;
        if contents == Contents::Keep && !self.shared.tables(reference)?.is_empty() {
            return Err(Error::InUse(format!("Dataset {reference} is still in use")));
        }
        let name = format!("{}.{}", quoted(&reference.project), quoted(&reference.dataset));
        self.shared.sql(&reference.project, &format!("DROP SCHEMA {name} CASCADE"))
    }

    /// Makes a table without rows, or a view. Not to be called from asynchronous code.
    ///
    /// # Errors
    /// [`Error::Exists`], [`Error::NotFound`] for the dataset, [`Error::Denied`], [`Error::Invalid`]; what is wrong with a
    /// view's query.
    pub fn create_table(&self, principal: &Principal, new: &NewTable) -> Result<Table> {
        principal.may(&Action::Write)?;
        let NewTable { reference, kind, description, friendly_name, labels } = new;
        match kind {
            NewTableKind::View(query) => {
                let options = [
                    ("description", description.as_deref().map(literal)),
                    ("friendly_name", friendly_name.as_deref().map(literal)),
                    ("labels", labels::write(labels)),
                ];
                let text = format!("CREATE VIEW {}{} AS\n{query}", name(reference), clause(&options));
                self.shared.sql(&reference.project, &text)?;
            }
            NewTableKind::Table { columns, partition, cluster } => {
                let mut options = BTreeMap::new();
                set(&mut options, "description", description.clone().map(Some));
                set(&mut options, "friendly_name", friendly_name.clone().map(Some));
                set(&mut options, "labels", Some(labels::write(labels)));
                let import = Import {
                    path: path(reference),
                    columns: columns.clone(),
                    missing: Missing::Create,
                    present: Present::Refuse,
                    partition: partition.clone(),
                    cluster: cluster.clone(),
                    options,
                };
                check_columns(columns)?;
                self.shared.engine.import(&import, &AtomicBool::new(false), || Ok(std::iter::empty()))?;
            }
        }
        self.shared.table(reference)
    }

    /// Changes what a table or view says of itself, and its columns. Not to be called from asynchronous code.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Denied`]; [`Error::Invalid`] for columns that do not begin with those that are there.
    pub fn update_table(
        &self,
        principal: &Principal,
        reference: &TableReference,
        update: &TableUpdate,
    ) -> Result<Table> {
        principal.may(&Action::Write)?;
        let table = self.shared.table(reference)?;
        if let Some(query) = &update.query {
            let TableKind::View(_) = table.kind else {
                return Err(Error::Invalid(format!("{reference} is no view")));
            };
            self.shared.sql(&reference.project, &format!("CREATE OR REPLACE VIEW {} AS\n{query}", name(reference)))?;
        }
        if let (Some(columns), TableKind::Table) = (&update.columns, &table.kind) {
            let added = added(reference, &table.columns, columns)?;
            if !added.is_empty() {
                let text = format!("ALTER TABLE {} {}", name(reference), added.join(", "));
                self.shared.sql(&reference.project, &text)?;
            }
        }
        self.shared.edit(&reference.dataset(), |dataset| {
            let tables = dataset.tables.get_mut(&reference.table).map(|table| &mut table.options);
            let options = match tables {
                Some(options) => Some(options),
                None => dataset.views.get_mut(&reference.table).map(|view| &mut view.options),
            };
            let options = options.ok_or_else(|| no_table(reference))?;
            set(options, "description", update.description.clone());
            set(options, "friendly_name", update.friendly_name.clone());
            set(options, "labels", update.labels.as_ref().map(labels::write));
            let kept = dataset.tables.get_mut(&reference.table).map(|table| &mut table.columns);
            for (kept, column) in kept.into_iter().flatten().zip(update.columns.iter().flatten()) {
                kept.description.clone_from(&column.description);
                kept.default.clone_from(&column.default);
                kept.entry.nullable |= !column.required;
            }
            Ok(())
        })?;
        self.shared.table(reference)
    }

    /// Deletes a table or view. Not to be called from asynchronous code.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Denied`].
    pub fn delete_table(&self, principal: &Principal, reference: &TableReference) -> Result<()> {
        principal.may(&Action::Write)?;
        let kind = match self.shared.table(reference)?.kind {
            TableKind::Table => "TABLE",
            TableKind::View(_) => "VIEW",
        };
        self.shared.sql(&reference.project, &format!("DROP {kind} {}", name(reference)))
    }
}

impl Shared {
    /// Runs a statement of our own that writes.
    fn sql(&self, project: &str, text: &str) -> Result<()> {
        let request = Request { text, project: Some(project), ..Request::default() };
        let mut script = self.engine.script(&request, &Session::default(), Writes::Allowed).map_err(without_place)?;
        if script.is_script() {
            return Err(Error::Invalid("the query is more than one statement".to_owned()));
        }
        let stop = AtomicBool::new(false);
        while let Some(step) = script.next(&stop).map_err(without_place)? {
            if let Step::Change(change) = step {
                change.execute(&stop)?;
            }
        }
        Ok(())
    }

    /// Changes the manifest of a dataset under its lock.
    fn edit(
        &self,
        reference: &DatasetReference,
        change: impl FnOnce(&mut PersonalDataset) -> Result<()>,
    ) -> Result<()> {
        let inventory = self.inventory()?;
        if Self::release(&inventory, reference).is_some() {
            return Err(Error::Denied(format!("Access Denied: Dataset {reference}: releases of MIMIC are read-only")));
        }
        let names = self.names(&reference.project);
        let warehouse = self.engine.warehouse();
        let lock = self.engine.lock_dataset(&names.kept, &reference.dataset, &AtomicBool::new(false))?;
        let dataset = warehouse.personal_dataset(&names.kept, &reference.dataset)?;
        let mut dataset = dataset.ok_or_else(|| no_dataset(reference))?;
        change(&mut dataset)?;
        dataset.updated = self.engine.now_text();
        warehouse.publish_dataset(&lock, dataset)?;
        Ok(())
    }
}

/// The clauses that add what is new behind the columns that are there.
fn added(reference: &TableReference, old: &[ColumnDefinition], new: &[ColumnDefinition]) -> Result<Vec<String>> {
    let refused = |why: String| Err(Error::Invalid(format!("Provided Schema does not match Table {reference}. {why}")));
    for (index, column) in old.iter().enumerate() {
        match new.get(index) {
            Some(other) if !other.name.eq_ignore_ascii_case(&column.name) => {
                return refused(format!("Field {} is missing in new schema", column.name));
            }
            Some(other) if other.sql_type != column.sql_type => {
                let (old, new) = (&column.sql_type, &other.sql_type);
                return refused(format!("Field {} has changed type from {old} to {new}", column.name));
            }
            Some(other) if other.required && !column.required => {
                return refused(format!("Field {} has changed mode from NULLABLE to REQUIRED", column.name));
            }
            Some(_) => {}
            None => return refused(format!("Field {} is missing in new schema", column.name)),
        }
    }
    let added = &new[old.len()..];
    if let Some(required) = added.iter().find(|column| column.required) {
        return refused(format!("Cannot add required fields to an existing schema. (field: {})", required.name));
    }
    check_columns(new)?;
    Ok(added.iter().map(|column| format!("ADD COLUMN {} {}", quoted(&column.name), column.declared())).collect())
}

/// Names of columns as BigQuery takes them.
pub(crate) fn check_columns(columns: &[ColumnDefinition]) -> Result<()> {
    const LONGEST: usize = 300;
    if columns.is_empty() {
        return Err(Error::Invalid("Schema has no fields.".to_owned()));
    }
    for (index, column) in columns.iter().enumerate() {
        let name = &column.name;
        let allowed = |c: char| c.is_alphanumeric() || matches!(c, '_' | ' ' | '-');
        if name.is_empty() || name.chars().count() > LONGEST || !name.chars().all(allowed) {
            return Err(Error::Invalid(format!(
                "Invalid field name \"{name}\". Fields must contain only letters, numbers, underscores, dashes and spaces, \
                 and be at most {LONGEST} characters long."
            )));
        }
        if columns[..index].iter().any(|other| other.name.eq_ignore_ascii_case(name)) {
            return Err(Error::Invalid(format!("Field {name} already exists in schema")));
        }
    }
    Ok(())
}

#[allow(clippy::option_option, reason = "to leave, to take away and to set are three things")]
fn set(options: &mut BTreeMap<String, String>, name: &str, value: Option<Option<String>>) {
    match value {
        Some(Some(value)) => drop(options.insert(name.to_owned(), value)),
        Some(None) => drop(options.remove(name)),
        None => {}
    }
}

fn clause(options: &[(&str, Option<String>)]) -> String {
    let given = options.iter().filter_map(|(name, value)| Some(format!("{name} = {}", value.as_ref()?)));
    let given: Vec<_> = given.collect();
    if given.is_empty() { String::new() } else { format!(" OPTIONS({})", given.join(", ")) }
}

/// A STRING as GoogleSQL writes it.
fn literal(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            c if c.is_control() => out.push_str(&format!("\\U{:08x}", c as u32)),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

fn name(reference: &TableReference) -> String {
    let TableReference { project, dataset, table } = reference;
    format!("{}.{}.{}", quoted(project), quoted(dataset), quoted(table))
}

pub(crate) fn path(reference: &TableReference) -> TablePath {
    TablePath { project: reference.project.clone(), dataset: reference.dataset.clone(), table: reference.table.clone() }
}

/// The fault of a statement that the client did not write: its place means nothing to them.
fn without_place(error: bedside_engine::Error) -> Error {
    let bedside_engine::Error::Sql(sql) = &error else { return error.into() };
    let message = sql.message.clone();
    match error.code() {
        ErrorCode::NotFound => Error::NotFound(message),
        ErrorCode::AlreadyExists => Error::Exists(message),
        ErrorCode::AccessDenied => Error::Denied(message),
        ErrorCode::InvalidQuery => Error::Invalid(message),
        _ => error.into(),
    }
}
