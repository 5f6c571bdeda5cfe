//! What a definition is made from, as one release and its home have it.

use crate::definition::{Definition, Definitions, derived, without_project};
use crate::error::{Error, Result};
use crate::list::CodeList;
use crate::schema::{NewestSchema, is_published, table_of};
use bedside_datasets::catalogue;
use bedside_engine::Inventory;
use bedside_sql::{Parameters, SqlError, SqlErrorKind, TableName, resolve};
use bedside_store::{DerivationInput, Manifest, Warehouse};
use sha2::{Digest, Sha256};

/// What there is of what a definition is made from.
#[derive(Debug)]
pub(crate) enum Inputs {
    /// All tables of its SELECT.
    Tables(Vec<Input>),
    /// The code list that it is.
    List(CodeList),
    /// Something is missing, for a reason that is not the definition's fault.
    Missing(String),
}

/// An input with its content.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Input {
    pub(crate) entry: DerivationInput,
    /// Stands for the content more surely than the generation does.
    pub(crate) content: String,
}

/// The inputs of a definition in the release of `manifest`, in whose inventory they are looked up, or its code list.
///
/// # Errors
/// [`Error::UnknownTable`] for a table that no release has, [`Error::CodeList`] for a list that was damaged.
pub(crate) fn inputs(
    definition: &Definition,
    definitions: &Definitions,
    inventory: &Inventory,
    manifest: &Manifest,
    warehouse: &Warehouse,
) -> Result<Inputs> {
    if let Some(list) = &definition.page.list {
        let missing = || {
            let why = format!("it is made of {}, which is no part of MIMIC and not here", list.title);
            Inputs::Missing(format!("{why}: bedside concepts build --{} FILE takes it", list.name))
        };
        return Ok(CodeList::kept(warehouse, &definition.page)?.map_or_else(missing, Inputs::List));
    }
    let mut inputs = Vec::new();
    for name in definition.inputs() {
        match present(name, inventory) {
            Some(input) => inputs.push(input),
            None => return Ok(Inputs::Missing(missing(name, definition, definitions, manifest)?)),
        }
    }
    inputs.sort();
    inputs.dedup();
    Ok(Inputs::Tables(inputs))
}

fn present(name: &TableName, inventory: &Inventory) -> Option<Input> {
    let [dataset, table] = without_project(&name.path) else { return None };
    let dataset = inventory.dataset(dataset)?;
    let entry = dataset.table(table)?;
    let content = match &entry.derivation {
        Some(derivation) => derivation.fingerprint.clone(),
        None => entry.source.sha256.clone(),
    };
    let release = dataset.manifest.release.to_string();
    let entry = DerivationInput { release, table: entry.key(), generation: entry.generation.clone() };
    Some(Input { entry, content })
}

/// Why a table is not there.
fn missing(
    name: &TableName,
    definition: &Definition,
    definitions: &Definitions,
    manifest: &Manifest,
) -> Result<String> {
    let shown = without_project(&name.path).join(".");
    if derived(definition.family, &name.path).is_some() {
        return Ok(format!("{shown} is not built"));
    }
    if !is_published(&name.path) {
        let unknown = NewestSchema { definitions }.unknown(&name.path);
        let (file, position) = (definition.file.clone(), name.position);
        return Err(Error::UnknownTable { file, position, message: unknown.message, nearest: unknown.nearest });
    }
    let [dataset, table] = without_project(&name.path) else { return Ok(format!("{shown} is not loaded")) };
    let own = catalogue().family(&manifest.family);
    let of_family = own.is_some_and(|family| family.releases.iter().any(|r| table_of(r, dataset, table).is_some()));
    let schema = catalogue().schema(&manifest.family, &manifest.schema_version);
    let in_schema = schema.is_some_and(|schema| table_of(schema, dataset, table).is_some());
    Ok(match (of_family, in_schema) {
        (true, false) => format!("release {} has no table {shown}", manifest.release),
        _ => format!("{shown} is not loaded"),
    })
}

/// What a fault of the definition means: where the newest releases have what this one lacks, it is the release that is
/// short of it, and the reason is given; otherwise it is an error.
pub(crate) fn lacking(
    error: SqlError,
    definition: &Definition,
    definitions: &Definitions,
    manifest: &Manifest,
) -> Result<String> {
    let newest = NewestSchema { definitions };
    let fails = || definition.sql().is_some_and(|sql| resolve(sql, &newest, &Parameters::None).is_err());
    if error.kind != SqlErrorKind::Name || fails() {
        return Err(Error::Sql { file: definition.file.clone(), source: error });
    }
    let place = format!("{}:{}", error.position.line, error.position.column);
    Ok(format!("release {} lacks what {}:{place} names: {}", manifest.release, definition.file, error.message))
}

/// Stands for all that the rows of a table follow from, 16 hex digits.
pub(crate) fn fingerprint(definition: &Definition, inputs: &Inputs, splits: &[i64]) -> String {
    let mut text = format!("{}\n{}\n{splits:?}\n", env!("CARGO_PKG_NAME"), bedside_engine::SEMANTICS_VERSION);
    let page = &definition.page;
    for column in &page.columns {
        text.push_str(&format!("{} {} {}\n", column.name, column.sql_type, column.not_null));
    }
    text.push_str(&format!("{:?}\n", page.key));
    match inputs {
        Inputs::Tables(inputs) => {
            for Input { entry, content } in inputs {
                text.push_str(&format!("{} {} {} {content}\n", entry.release, entry.table, entry.generation));
            }
        }
        Inputs::List(list) => text.push_str(&list.sha256),
        Inputs::Missing(_) => {}
    }
    text.push_str(definition.sql().unwrap_or_default());
    hexadecimal(&Sha256::digest(text)[..8])
}

/// Two digits for every byte.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}
