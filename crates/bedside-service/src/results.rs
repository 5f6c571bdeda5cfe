//! Rows that are kept for a day, and reading them by position.

use crate::error::{Error, Result};
use crate::names::Names;
use crate::principal::Principal;
use crate::run::blocking;
use crate::service::{Service, Shared, random};
use crate::text::{PlannedQuery, Text};
use arrow::array::RecordBatch;
use arrow::datatypes::Schema;
use bedside_engine::ResultColumn;
use bedside_meta::{Column, Job, JobKey, JobResult, JobState, Kept, TableReference};
use bedside_store::{ResultFile, ResultName, ResultWriter, WrittenResult};
use bedside_types::SqlType;
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// Results that are deleted at a time.
const AT_A_TIME: usize = 256;

/// Rows by position, counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowRange {
    /// The first.
    pub start: u64,
    /// How many at most.
    pub most: usize,
}

/// Some rows of a table or result.
#[derive(Clone, Debug)]
pub struct RowPage {
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows, in the Arrow forms of [`SqlType::arrow`].
    pub batches: Vec<RecordBatch>,
    /// Where the first of them is.
    pub start: u64,
    /// How many rows there are in all.
    pub total: u64,
}

impl RowPage {
    /// How many rows it has.
    pub fn rows(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }
}

impl Service {
    /// Rows of a query that is done, by position.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a job that is not there or whose rows are kept no more; [`Error::Job`] for one that failed;
    /// [`Error::Invalid`] for one that is not done or gives no rows.
    pub async fn result_rows(&self, principal: &Principal, key: &JobKey, range: RowRange) -> Result<RowPage> {
        let job = self.job(principal, key).await?;
        self.rows_of(principal, &job, range).await
    }

    /// The same for a job that was just asked for.
    ///
    /// # Errors
    /// As [`Service::result_rows`].
    pub async fn rows_of(&self, principal: &Principal, job: &Job, range: RowRange) -> Result<RowPage> {
        let key = &job.key;
        if job.state != JobState::Done {
            return Err(Error::Invalid(format!("Job {key} is not done")));
        }
        if let Some(error) = &job.error {
            return Err(Error::Job(error.clone()));
        }
        let result = job.result.clone().ok_or_else(|| Error::Invalid(format!("Job {key} gives no rows")))?;
        self.table_rows(principal, &result.table, None, range).await
    }
}

/// Rows on their way into an anonymous table.
pub(crate) struct Keeping {
    name: ResultName,
    writer: ResultWriter,
    most: u64,
}

impl Keeping {
    pub(crate) fn new(shared: &Shared, names: &Names, principal: &Principal, columns: &[ResultColumn]) -> Result<Self> {
        let name = anonymous(names, principal)?;
        let fields: Vec<_> = columns.iter().map(|c| c.sql_type.field(&c.name, true)).collect();
        let writer = ResultWriter::new(shared.engine.warehouse(), name.clone(), &Arc::new(Schema::new(fields)))?;
        Ok(Self { name, writer, most: shared.options.result_bytes })
    }

    /// # Errors
    /// [`Error::Engine`] for more than all results may have.
    pub(crate) fn write(&mut self, batch: &RecordBatch) -> Result<()> {
        self.writer.write(batch)?;
        if self.writer.logical_bytes() > self.most {
            return Err(Error::Engine(bedside_engine::Error::Resources(format!(
                "the result is larger than the {} bytes that all results together may have",
                self.most
            ))));
        }
        Ok(())
    }

    /// The table, once it is whole, and how large it is.
    pub(crate) fn finish(self) -> Result<(ResultName, WrittenResult)> {
        let written = self.writer.finish()?;
        Ok((self.name, written))
    }
}

impl Shared {
    /// Runs a query and keeps its rows as an anonymous table.
    pub(crate) fn keep(&self, text: &mut Text, query: PlannedQuery) -> Result<()> {
        let mut keeping = Keeping::new(self, text.names(), text.principal(), query.columns())?;
        let given = text.rows(query, None, |batch| keeping.write(batch))?;
        if given.handled {
            return Ok(());
        }
        let (name, written) = keeping.finish()?;
        let lifetime = i64::try_from(self.options.result_lifetime.as_millis()).unwrap_or(i64::MAX);
        text.set_result(JobResult {
            table: TableReference {
                project: text.names().client.clone(),
                dataset: name.dataset().to_owned(),
                table: name.table().to_owned(),
            },
            anonymous: true,
            rows: written.rows,
            bytes: written.bytes,
            expires: Some(self.now().saturating_add(lifetime)),
        });
        Ok(())
    }

    /// Rows of an anonymous table; `None` where the name is of none.
    pub(crate) fn anonymous_rows(
        &self,
        table: &TableReference,
        columns: Option<&[String]>,
        range: RowRange,
    ) -> Result<Option<RowPage>> {
        let Some(name) = ResultName::new(&table.dataset, &table.table) else { return Ok(None) };
        let file = ResultFile::open(self.engine.warehouse(), &name)?;
        let mut file = file.ok_or_else(|| Error::NotFound(format!("Not found: Table {table}")))?;
        let schema = Arc::clone(file.schema());
        let places = chosen(&schema, columns)?;
        let end = range.start.saturating_add(range.most as u64);
        let batches = file.read(range.start..end)?;
        let project = |batch: &RecordBatch| {
            batch.project(&places).map_err(|error| Error::Internal(format!("rows cannot be cut: {error}")))
        };
        let columns = places.iter().map(|place| {
            let field = schema.field(*place);
            let sql_type = SqlType::of_field(field)
                .ok_or_else(|| Error::Internal(format!("column {} has no type", field.name())))?;
            Ok(Column { name: field.name().clone(), sql_type })
        });
        Ok(Some(RowPage {
            columns: columns.collect::<Result<_>>()?,
            batches: batches.iter().map(project).collect::<Result<_>>()?,
            start: range.start,
            total: file.rows(),
        }))
    }

    /// Deletes what has expired, and the oldest results while all together are too large.
    pub(crate) fn delete_old_results(&self) -> Result<()> {
        let now = self.now();
        let mut bytes = self.database.kept_bytes()?;
        loop {
            let oldest = self.database.oldest_kept(AT_A_TIME)?;
            let found = oldest.len();
            let mut gone: Vec<Kept> = Vec::new();
            for kept in oldest {
                if kept.expires > now && bytes <= self.options.result_bytes {
                    break;
                }
                bytes = bytes.saturating_sub(kept.bytes);
                if let Some(name) = ResultName::new(&kept.table.dataset, &kept.table.table) {
                    self.engine.warehouse().remove_result(&name)?;
                }
                gone.push(kept);
            }
            self.database.forget_kept(&gone)?;
            if gone.len() < found || gone.is_empty() {
                return Ok(());
            }
        }
    }
}

/// The places of the columns that are asked for, in the order of the table.
pub(crate) fn chosen(schema: &Schema, columns: Option<&[String]>) -> Result<Vec<usize>> {
    let Some(columns) = columns else { return Ok((0..schema.fields().len()).collect()) };
    let place = |name: &String| {
        let place = schema.fields().iter().position(|field| field.name().eq_ignore_ascii_case(name));
        place.ok_or_else(|| Error::Invalid(format!("No such field: {name}.")))
    };
    let mut places = columns.iter().map(place).collect::<Result<Vec<_>>>()?;
    places.sort_unstable();
    places.dedup();
    Ok(places)
}

/// A name that nobody can guess, in the dataset that all anonymous tables of a principal in a project have.
fn anonymous(names: &Names, principal: &Principal) -> Result<ResultName> {
    let mut digest = Sha256::new();
    digest.update(names.kept.as_bytes());
    digest.update([0]);
    digest.update(principal.name().as_bytes());
    let dataset: String = data_encoding::HEXLOWER.encode(&digest.finalize()[..20]);
    let name = ResultName::new(&format!("_{dataset}"), &format!("anon{}", random::<32>()?));
    name.ok_or_else(|| Error::Internal("an anonymous table without a name".to_owned()))
}

/// Reads where that keeps nobody else.
pub(crate) async fn page(
    shared: &Arc<Shared>,
    read: impl FnOnce(&Shared) -> Result<RowPage> + Send + 'static,
) -> Result<RowPage> {
    let shared = Arc::clone(shared);
    blocking(move || read(&shared)).await
}
