//! From the file's shape, where facts span releases, to one complete schema per release.

use super::document::{ColumnText, Document, ForeignKeyText, ReleaseText, TableText};
use crate::model::{Column, Family, ForeignKey, Key, Module, Order, Release, RowCount, Table};
use bedside_types::SqlType;

/// The family with every release resolved; the message says which fact contradicts which.
pub(super) fn family(document: &Document) -> Result<Family, String> {
    if document.format != 1 {
        return Err(format!("format {} is unknown", document.format));
    }
    let listed = |name: &&String| document.tables.iter().any(|table| table.name == **name);
    if let Some(name) = document.telling_tables.iter().find(|name| !listed(name)) {
        return Err(format!("telling table `{name}` is no table"));
    }
    for table in &document.tables {
        check_versions(document, table)
            .map_err(|version| format!("table {}: `{version}` is no release", table.name))?;
    }
    let releases = document.releases.iter().map(|text| release(document, text)).collect::<Result<Vec<_>, _>>()?;
    let modules = document.modules.iter();
    Ok(Family {
        name: document.family.clone(),
        title: document.title.clone(),
        notes: document.notes.clone(),
        modules: modules.map(|(name, words)| Module { name: name.clone(), description: words.clone() }).collect(),
        telling_tables: document.telling_tables.clone(),
        releases,
    })
}

/// Facts by version are about releases that exist: else a slip would lose them silently.
fn check_versions(document: &Document, table: &TableText) -> Result<(), String> {
    let types = table.columns.iter().flat_map(|column| column.type_by_version.keys());
    let named = table.row_counts.keys().chain(table.module_by_version.keys()).chain(table.file_by_version.keys());
    let known = |version: &&String| document.releases.iter().any(|release| release.version == **version);
    match named.chain(types).find(|version| !known(version)) {
        Some(version) => Err(version.clone()),
        None => Ok(()),
    }
}

fn release(document: &Document, text: &ReleaseText) -> Result<Release, String> {
    let schema_version = text.schema.as_ref().unwrap_or(&text.version);
    let scope = Scope { document, text, place: place(document, schema_version)? };
    if let Some(module) = text.modules.iter().find(|module| !document.modules.contains_key(*module)) {
        return Err(format!("release {}: module `{module}` is not described", text.version));
    }
    let tables =
        document.tables.iter().filter_map(|table| scope.table(table).transpose()).collect::<Result<Vec<_>, _>>()?;
    let id = format!("{}-{}", document.family, text.version);
    Ok(Release {
        id: id.parse().map_err(|error| format!("{error}"))?,
        family: document.family.clone(),
        schema_version: schema_version.clone(),
        title: text.title.clone(),
        released: text.released.clone(),
        doi: text.doi.clone(),
        license: text.license.clone(),
        slug: text.slug.clone(),
        modules: text.modules.clone(),
        patients: text.patients,
        changes: text.changes.clone(),
        notes: text.notes.clone(),
        tables,
    })
}

/// Where a full release stands in the order of releases.
fn place(document: &Document, version: &str) -> Result<usize, String> {
    let full = |release: &&ReleaseText| release.schema.is_none();
    let mut versions = document.releases.iter().filter(full).map(|release| release.version.as_str());
    versions.position(|known| known == version).ok_or_else(|| format!("`{version}` is no full release of this file"))
}

/// One release while it is resolved.
struct Scope<'a> {
    document: &'a Document,
    text: &'a ReleaseText,
    /// Of the release whose schema it has.
    place: usize,
}

impl Scope<'_> {
    fn schema_version(&self) -> &str {
        self.text.schema.as_ref().unwrap_or(&self.text.version)
    }

    fn has(&self, since: Option<&String>, until: Option<&String>) -> Result<bool, String> {
        let begun =
            since.map(|version| place(self.document, version)).transpose()?.is_none_or(|first| first <= self.place);
        let alive =
            until.map(|version| place(self.document, version)).transpose()?.is_none_or(|last| self.place <= last);
        Ok(begun && alive)
    }

    fn table(&self, text: &TableText) -> Result<Option<Table>, String> {
        if !self.has(text.since.as_ref(), text.until.as_ref())? {
            return Ok(None);
        }
        let wrong = |why: String| format!("release {}, table {}: {why}", self.text.version, text.name);
        let columns = text.columns.iter().filter_map(|column| self.column(column).transpose());
        let columns = columns.collect::<Result<Vec<_>, _>>().map_err(wrong)?;
        let table = Table {
            module: self.module(text).to_owned(),
            name: text.name.clone(),
            file: self.file(text),
            description: text.description.clone(),
            primary_key: text.primary_key.as_ref().map(|key| Key { columns: key.columns.clone(), status: key.status }),
            alternate_keys: text.alternate_keys.clone(),
            foreign_keys: self.foreign_keys(text, &columns).map_err(wrong)?,
            columns,
            rows: self.rows(text).map_err(wrong)?,
            order: Order { patient: text.order.clone(), item: text.item_order.clone() },
            time: text.time.clone(),
            notes: text.notes.clone(),
        };
        check_names(&table).map_err(wrong)?;
        if !self.text.modules.contains(&table.module) {
            return Err(wrong(format!("its module `{}` is not in the release", table.module)));
        }
        Ok(Some(table))
    }

    fn module<'t>(&self, text: &'t TableText) -> &'t str {
        text.module_by_version.get(self.schema_version()).unwrap_or(&text.module)
    }

    fn file(&self, text: &TableText) -> String {
        let file = text.file_by_version.get(self.schema_version()).unwrap_or(&text.file);
        let plain = if self.text.compressed { None } else { file.strip_suffix(".gz") };
        plain.unwrap_or(file).to_owned()
    }

    fn rows(&self, text: &TableText) -> Result<Option<RowCount>, String> {
        let Some(count) = text.row_counts.get(&self.text.version) else { return Ok(None) };
        let source = self.document.row_count_source.get(&count.source);
        let source = source.ok_or_else(|| format!("row count source `{}` is not listed", count.source))?;
        Ok(Some(RowCount { rows: count.rows, source: source.clone() }))
    }

    fn column(&self, text: &ColumnText) -> Result<Option<Column>, String> {
        if !self.has(text.since.as_ref(), text.until.as_ref())? {
            return Ok(None);
        }
        let sql_type = text.type_by_version.get(self.schema_version()).unwrap_or(&text.sql_type);
        Ok(Some(Column {
            name: text.name.clone(),
            sql_type: sql_type.parse::<SqlType>().map_err(|error| format!("column {}: {error}", text.name))?,
            nullable: text.nullable,
            description: text.description.clone(),
            unit: text.unit.clone(),
            values: text.values.clone(),
            value_range: text.value_range.clone(),
            code_system: text.code_system.clone(),
            quirk: text.quirk.clone(),
            note: text.note.clone(),
            postgres: text.postgres.clone(),
            athena: text.athena.clone(),
        }))
    }

    /// The references that this release can have: its columns and the other table exist.
    fn foreign_keys(&self, text: &TableText, columns: &[Column]) -> Result<Vec<ForeignKey>, String> {
        let here = |name: &String| columns.iter().any(|column| column.name == *name);
        let present = text.foreign_keys.iter().filter(|key| key.columns.iter().all(here));
        present.filter_map(|key| self.foreign_key(key).transpose()).collect()
    }

    fn foreign_key(&self, key: &ForeignKeyText) -> Result<Option<ForeignKey>, String> {
        let (family, path) = key.references.split_once(':').unwrap_or((&self.document.family, &key.references));
        let unknown = || format!("foreign key to `{}`, which is no module.table", key.references);
        let (module, name) = path.split_once('.').ok_or_else(unknown)?;
        let mut module = module;
        // Tables of another family are checked by a test, when all files are read.
        if family == self.document.family {
            let target = self.document.tables.iter().find(|table| table.name == name && table.module == module);
            let target = target.ok_or_else(unknown)?;
            if !self.has(target.since.as_ref(), target.until.as_ref())? {
                return Ok(None);
            }
            module = self.module(target);
        }
        // A demo's count holds for the demo alone; a demo without a count has none.
        let known_orphans = self.text.schema.as_ref().map(|_| key.demo_orphans.unwrap_or(0));
        Ok(Some(ForeignKey {
            columns: key.columns.clone(),
            family: family.to_owned(),
            module: module.to_owned(),
            table: name.to_owned(),
            referenced: key.referenced.clone(),
            status: key.status,
            known_orphans,
        }))
    }
}

/// Keys, orders and the time name columns of the table, and no column comes twice.
fn check_names(table: &Table) -> Result<(), String> {
    let key = table.primary_key.iter().flat_map(|key| &key.columns);
    let named = key
        .chain(table.alternate_keys.iter().flatten())
        .chain(table.order.patient.iter().chain(&table.order.item))
        .chain(&table.time);
    for name in named {
        if !table.columns.iter().any(|column| column.name == *name) {
            return Err(format!("`{name}` is no column of it"));
        }
    }
    for (i, column) in table.columns.iter().enumerate() {
        if table.columns[..i].iter().any(|other| other.name.eq_ignore_ascii_case(&column.name)) {
            return Err(format!("column `{}` comes twice", column.name));
        }
    }
    Ok(())
}
