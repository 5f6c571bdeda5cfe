//! Finding datasets and tables in the inventory.

use super::{Dataset, DatasetKind, Table, TableKind, labels};
use crate::error::{Error, Result};
use crate::service::Shared;
use bedside_engine::{Inventory, PUBLIC_PROJECT, column_definition, column_description, table_description};
use bedside_meta::{DatasetReference, TableReference};
use bedside_sql::ColumnDefinition;
use bedside_store::{PersonalDataset, PersonalTable, PersonalView, ResultFile, ResultName, TableEntry};
use bedside_types::{SqlType, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Where everything says that it is: clients send it back.
const LOCATION: &str = "US";

type Release<'a> = &'a bedside_engine::Dataset;

impl Shared {
    pub(crate) fn datasets(&self, project: &str) -> Result<Vec<Dataset>> {
        let inventory = self.inventory()?;
        let mut datasets: Vec<Dataset> = if project == PUBLIC_PROJECT {
            inventory.datasets().iter().map(release).collect()
        } else {
            let names = self.names(project);
            let own = inventory.personal().iter().filter(|dataset| dataset.project == names.kept);
            own.map(|dataset| personal(project, dataset)).collect()
        };
        datasets.sort_by(|a, b| a.reference.cmp(&b.reference));
        Ok(datasets)
    }

    pub(crate) fn dataset(&self, reference: &DatasetReference) -> Result<Dataset> {
        let inventory = self.inventory()?;
        if let Some(dataset) = Self::release(&inventory, reference) {
            return Ok(release(dataset));
        }
        if let Some(dataset) = self.own(&inventory, reference) {
            return Ok(personal(&reference.project, dataset));
        }
        if ResultName::new(&reference.dataset, &format!("anon{}", "0".repeat(64))).is_some() {
            return Ok(anonymous(reference));
        }
        Err(no_dataset(reference))
    }

    pub(crate) fn tables(&self, reference: &DatasetReference) -> Result<Vec<Table>> {
        let inventory = self.inventory()?;
        if let Some(dataset) = Self::release(&inventory, reference) {
            return Ok(dataset.tables().map(|entry| released(dataset, entry)).collect());
        }
        let dataset = self.own(&inventory, reference).ok_or_else(|| no_dataset(reference))?;
        let tables = dataset.tables.iter().map(|(name, table)| kept(reference, name, table));
        let views = dataset.views.iter().map(|(name, found)| view(reference, name, found));
        let mut tables: Vec<Table> = tables.chain(views).collect();
        tables.sort_by(|a, b| a.reference.cmp(&b.reference));
        Ok(tables)
    }

    pub(crate) fn table(&self, reference: &TableReference) -> Result<Table> {
        if let Some(name) = ResultName::new(&reference.dataset, &reference.table) {
            return self.result(reference, &name);
        }
        let inventory = self.inventory()?;
        let dataset = reference.dataset();
        if let Some(dataset) = Self::release(&inventory, &dataset) {
            let entry = dataset.table(&reference.table).ok_or_else(|| no_table(reference))?;
            return Ok(released(dataset, entry));
        }
        let own = self.own(&inventory, &dataset).ok_or_else(|| no_dataset(&dataset))?;
        match (own.tables.get(&reference.table), own.views.get(&reference.table)) {
            (Some(table), _) => Ok(kept(&dataset, &reference.table, table)),
            (None, Some(found)) => Ok(view(&dataset, &reference.table, found)),
            (None, None) => Err(no_table(reference)),
        }
    }

    /// What the warehouse holds now.
    pub(crate) fn inventory(&self) -> Result<Arc<Inventory>> {
        Ok(Arc::new(Inventory::read(self.engine.warehouse())?))
    }

    /// A dataset of a release. Those are in MIMIC's project alone.
    pub(super) fn release<'a>(inventory: &'a Inventory, reference: &DatasetReference) -> Option<Release<'a>> {
        inventory.dataset(&reference.dataset).filter(|_| reference.project == PUBLIC_PROJECT)
    }

    pub(super) fn own<'a>(
        &self,
        inventory: &'a Inventory,
        reference: &DatasetReference,
    ) -> Option<&'a Arc<PersonalDataset>> {
        let names = self.names(&reference.project);
        inventory.personal_dataset(&names.kept, &reference.dataset)
    }

    fn result(&self, reference: &TableReference, name: &ResultName) -> Result<Table> {
        let file = ResultFile::open(self.engine.warehouse(), name)?.ok_or_else(|| no_table(reference))?;
        let record = self.database.kept(&reference.dataset, &reference.table)?.ok_or_else(|| no_table(reference))?;
        let columns = file.schema().fields().iter().map(|field| {
            SqlType::of_field(field).map(|sql_type| ColumnDefinition::plain(field.name().clone(), sql_type))
        });
        let columns = columns.collect::<Option<_>>();
        Ok(Table {
            columns: columns.ok_or_else(|| Error::Internal("a column without a type".to_owned()))?,
            rows: file.rows(),
            bytes: file.column_bytes().iter().sum(),
            created: record.created,
            modified: record.created,
            expires: Some(record.expires),
            ..empty(reference.clone())
        })
    }
}

pub(super) fn no_dataset(reference: &DatasetReference) -> Error {
    Error::NotFound(format!("Not found: Dataset {reference}"))
}

pub(super) fn no_table(reference: &TableReference) -> Error {
    Error::NotFound(format!("Not found: Table {reference}"))
}

/// RFC 3339 as milliseconds since 1970.
fn milliseconds(time: &str) -> i64 {
    match bedside_store::value_of_text(&SqlType::Timestamp, time) {
        Some(Value::Timestamp(micros)) => micros / 1_000,
        _ => 0,
    }
}

fn release(dataset: &bedside_engine::Dataset) -> Dataset {
    let manifest = &dataset.manifest;
    Dataset {
        reference: DatasetReference { project: PUBLIC_PROJECT.to_owned(), dataset: dataset.name.to_string() },
        kind: DatasetKind::Release(manifest.release.to_string()),
        description: Some(format!("{} of {}", dataset.modules.join(", "), manifest.release)),
        friendly_name: None,
        location: LOCATION.to_owned(),
        labels: BTreeMap::new(),
        created: milliseconds(&manifest.created),
        modified: milliseconds(&manifest.updated),
    }
}

pub(super) fn personal(project: &str, dataset: &PersonalDataset) -> Dataset {
    let option = |name: &str| dataset.options.get(name).cloned();
    Dataset {
        reference: DatasetReference { project: project.to_owned(), dataset: dataset.name.clone() },
        kind: DatasetKind::Personal,
        description: option("description"),
        friendly_name: option("friendly_name"),
        location: option("location").unwrap_or_else(|| LOCATION.to_owned()),
        labels: option("labels").map(|text| labels::read(&text)).unwrap_or_default(),
        created: milliseconds(&dataset.created),
        modified: milliseconds(&dataset.updated),
    }
}

fn anonymous(reference: &DatasetReference) -> Dataset {
    Dataset {
        reference: reference.clone(),
        kind: DatasetKind::Anonymous,
        description: None,
        friendly_name: None,
        location: LOCATION.to_owned(),
        labels: BTreeMap::new(),
        created: 0,
        modified: 0,
    }
}

fn empty(reference: TableReference) -> Table {
    Table {
        reference,
        kind: TableKind::Table,
        columns: Vec::new(),
        rows: 0,
        bytes: 0,
        created: 0,
        modified: 0,
        expires: None,
        description: None,
        friendly_name: None,
        labels: BTreeMap::new(),
        partition: None,
        partition_column: None,
        cluster: Vec::new(),
    }
}

fn released(dataset: &bedside_engine::Dataset, entry: &TableEntry) -> Table {
    let reference = TableReference {
        project: PUBLIC_PROJECT.to_owned(),
        dataset: dataset.name.to_string(),
        table: entry.name.clone(),
    };
    let column = |column: &bedside_store::ColumnEntry| ColumnDefinition {
        description: column_description(dataset, entry, &column.name),
        required: !column.nullable,
        ..ColumnDefinition::plain(column.name.clone(), column.sql_type.clone())
    };
    Table {
        columns: entry.columns.iter().map(column).collect(),
        rows: entry.rows,
        bytes: entry.logical_bytes(),
        created: milliseconds(&entry.loaded_at),
        modified: milliseconds(&entry.loaded_at),
        description: Some(table_description(dataset, entry)).filter(|text| !text.is_empty()),
        ..empty(reference)
    }
}

fn kept(dataset: &DatasetReference, name: &str, table: &PersonalTable) -> Table {
    let option = |name: &str| table.options.get(name).cloned();
    Table {
        columns: table.columns.iter().map(column_definition).collect(),
        rows: table.rows,
        bytes: table.logical_bytes(),
        created: milliseconds(&table.created),
        modified: milliseconds(&table.updated),
        description: option("description"),
        friendly_name: option("friendly_name"),
        labels: option("labels").map(|text| labels::read(&text)).unwrap_or_default(),
        partition: table.partition.clone(),
        partition_column: table.partition_column.clone(),
        cluster: table.cluster.clone(),
        ..empty(within(dataset, name))
    }
}

fn view(dataset: &DatasetReference, name: &str, view: &PersonalView) -> Table {
    let option = |name: &str| view.options.get(name).cloned();
    let column = |(name, text): &(String, String)| {
        ColumnDefinition::plain(name.clone(), text.parse().unwrap_or(SqlType::String))
    };
    Table {
        kind: TableKind::View(view.text.clone()),
        columns: view.columns.iter().map(column).collect(),
        created: milliseconds(&view.created),
        modified: milliseconds(&view.created),
        description: option("description"),
        friendly_name: option("friendly_name"),
        labels: option("labels").map(|text| labels::read(&text)).unwrap_or_default(),
        ..empty(within(dataset, name))
    }
}

fn within(dataset: &DatasetReference, table: &str) -> TableReference {
    TableReference { project: dataset.project.clone(), dataset: dataset.dataset.clone(), table: table.to_owned() }
}
