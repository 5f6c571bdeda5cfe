//! Copying tables.

use crate::active::Active;
use crate::error::{Error, Result};
use crate::principal::{Action, Principal};
use crate::run::import;
use crate::service::Shared;
use crate::stream::quoted;
use crate::submission::{Copy, Priority};
use bedside_engine::{Prepared, Request};
use bedside_meta::{Job, TableReference};
use bedside_sql::{ColumnDefinition, TablePath};
use std::sync::Arc;

/// Puts the rows of the sources into the destination, one source after the other.
pub(crate) fn run(shared: &Arc<Shared>, principal: &Principal, active: &Arc<Active>, copy: &Copy) -> Result<Job> {
    principal.may(&Action::Write)?;
    for source in &copy.sources {
        shared.may_read(principal, source)?;
    }
    let (_slot, mut job) = shared.started(principal, active, Priority::Interactive)?;
    let sources = copy.sources.iter().map(|source| shared.whole(&job.key.project, source));
    let sources = sources.collect::<Result<Vec<Prepared>>>()?;
    let first =
        sources.first().ok_or_else(|| Error::Invalid("Required parameter is missing: sourceTables".to_owned()))?;
    if let Some(other) = sources.iter().position(|source| source.columns() != first.columns()) {
        let (one, other) = (&copy.sources[0], &copy.sources[other]);
        return Err(Error::Invalid(format!("Table {other} does not have the same columns as table {one}")));
    }
    let columns = shared.definitions(&job.key.project, &copy.sources[0], first);
    let import = import(&copy.destination, columns);
    let done = shared.engine.import(&import, active.stop.flag(), || {
        let rows = sources.iter().map(Prepared::execute).collect::<Result<Vec<_>, _>>()?;
        Ok(rows.into_iter().flatten())
    });
    let done = done.map_err(|error| match error {
        bedside_engine::Error::Stopped => active.stop.error(),
        other => other.into(),
    })?;
    job.statistics.rows = done.rows;
    job.statistics.output_bytes = sources.iter().map(Prepared::logical_bytes).sum();
    Ok(job)
}

impl Shared {
    /// All rows of a table.
    pub(crate) fn whole(&self, project: &str, table: &TableReference) -> Result<Prepared> {
        let text =
            format!("SELECT * FROM {}.{}.{}", quoted(&table.project), quoted(&table.dataset), quoted(&table.table));
        Ok(self.engine.prepare(&Request { text: &text, project: Some(project), ..Request::default() })?)
    }

    /// The columns of a table with their rules, where it is one of people's own.
    fn definitions(&self, project: &str, table: &TableReference, rows: &Prepared) -> Vec<ColumnDefinition> {
        let names = self.names(project);
        let path = TablePath {
            project: names.kept(&table.project).to_owned(),
            dataset: table.dataset.clone(),
            table: table.table.clone(),
        };
        let columns = rows.columns().iter();
        let plain = columns.map(|column| ColumnDefinition::plain(column.name.clone(), column.sql_type.clone()));
        self.engine.definition(&path).unwrap_or_else(|| plain.collect())
    }
}
