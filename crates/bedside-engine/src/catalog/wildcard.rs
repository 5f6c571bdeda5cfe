//! The tables that a wildcard (`dataset.prefix_*`) stands for.

use super::StatementCatalog;
use bedside_sql::{Catalog, TableSchema, UnknownTable};
use std::sync::Arc;

impl StatementCatalog {
    /// As [`Catalog::tables_with_prefix`].
    pub(super) fn with_prefix(&self, path: &[String]) -> Result<Vec<(String, Arc<TableSchema>)>, UnknownTable> {
        let missing = || UnknownTable { message: format!("Not found: Table {}", path.join(".")), nearest: None };
        let Some((last, before)) = path.split_last() else { return Err(missing()) };
        let prefix = last.trim_end_matches('*');
        let (project, dataset) = match before {
            [project, dataset] => (Some(project.as_str()), dataset.as_str()),
            [dataset] => (None, dataset.as_str()),
            [] => (None, self.default_dataset.as_deref().ok_or_else(missing)?),
            _ => return Err(missing()),
        };
        let mut names: Vec<(String, String)> = if let Some(dataset) = self.personal(project, dataset) {
            dataset.tables.iter().map(|(name, table)| (table.created.clone(), name.clone())).collect()
        } else {
            if let Some(project) = project {
                self.check_project(project)?;
            }
            let tables = self.dataset(dataset)?.tables();
            tables.map(|table| (table.loaded_at.clone(), table.name.clone())).collect()
        };
        names.retain(|(_, name)| name.starts_with(prefix));
        // Those made at the same time stand by their names.
        names.sort();
        let parts = |name: &str| {
            let before = project.into_iter().chain([dataset]);
            before.chain([name]).map(str::to_owned).collect::<Vec<_>>()
        };
        let table = |name: String| Ok((name[prefix.len()..].to_owned(), self.table(&parts(&name))?));
        names.into_iter().map(|(_, name)| table(name)).collect()
    }
}
