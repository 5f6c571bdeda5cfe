//! Sessions: what is read, and into how many streams it is cut.

use super::arrow::{Messages, plain_schema};
use super::message::{ARROW, ArrowSchema, CreateReadSessionRequest, ReadSession, ReadStream, Timestamp};
use super::status;
use crate::error::Failure;
use crate::front::Front;
use crate::handler::jobs::FRONT;
use crate::request::table_reference;
use arrow::datatypes::{Schema, SchemaRef};
use bedside_service::{Principal, RowRange, Submission, TableKind, TableReference};
use data_encoding::HEXLOWER;
use ring::rand::{SecureRandom, SystemRandom};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tonic::Status;

/// How long a session may be read, microseconds. BigQuery's live for six hours, too.
const LIFETIME: i64 = 6 * 3_600_000_000;
/// Sessions that are remembered at once.
const MOST_SESSIONS: usize = 10_000;
/// Streams of one session at most.
const MOST_STREAMS: u64 = 8;
/// Fewer rows are not worth a stream of their own.
const STREAM_ROWS: u64 = 50_000;

/// Sessions that were made here.
#[derive(Debug, Default)]
pub(crate) struct Sessions {
    by_name: Mutex<HashMap<String, Arc<Session>>>,
}

/// One of them.
#[derive(Debug)]
pub(crate) struct Session {
    principal: Principal,
    /// What is read: a table that is kept, with columns in its order.
    pub(crate) table: TableReference,
    pub(crate) columns: Option<Vec<String>>,
    pub(crate) schema: SchemaRef,
    streams: Vec<Range<u64>>,
    expires: i64,
}

impl Sessions {
    /// The session of a stream, and the rows that are in it.
    ///
    /// # Errors
    /// For a stream that nobody, or another, made.
    pub(crate) fn stream(
        &self,
        name: &str,
        principal: &Principal,
        now: i64,
    ) -> Result<(Arc<Session>, Range<u64>), Failure> {
        let unknown = || Failure::not_found("Not found: read stream");
        let (session, stream) = name.split_once("/streams/").ok_or_else(unknown)?;
        let by_name = self.by_name.lock().unwrap_or_else(PoisonError::into_inner);
        let found = by_name.get(session).filter(|found| found.principal == *principal && found.expires > now);
        let found = found.ok_or_else(unknown)?;
        let rows = stream.parse::<usize>().ok().and_then(|stream| found.streams.get(stream)).ok_or_else(unknown)?;
        Ok((Arc::clone(found), rows.clone()))
    }

    fn put(&self, name: String, session: Session, now: i64) {
        let mut by_name = self.by_name.lock().unwrap_or_else(PoisonError::into_inner);
        if by_name.len() >= MOST_SESSIONS {
            by_name.retain(|_, session| session.expires > now);
        }
        if by_name.len() >= MOST_SESSIONS {
            by_name.clear();
        }
        by_name.insert(name, Arc::new(session));
    }
}

/// Makes a session.
pub(crate) async fn create(
    front: &Front,
    principal: &Principal,
    request: CreateReadSessionRequest,
) -> Result<ReadSession, Status> {
    let wanted = request.read_session.unwrap_or_default();
    if wanted.data_format != ARROW {
        return Err(Status::invalid_argument("the data format must be ARROW"));
    }
    let options = wanted.read_options.clone().unwrap_or_default();
    if options.sample_percentage.is_some() {
        return Err(Status::unimplemented("a sample is not supported"));
    }
    if wanted.table_modifiers.as_ref().is_some_and(|modifiers| modifiers.snapshot_time.is_some()) {
        return Err(Status::unimplemented("a snapshot time is not supported"));
    }
    let named = table_of_path(&wanted.table).map_err(status)?;
    let project = request.parent.strip_prefix("projects/").unwrap_or(&named.project).to_owned();
    crate::identifier::project(&project).map_err(status)?;
    let columns = (!options.selected_fields.is_empty()).then(|| options.selected_fields.clone());
    let table = kept_table(front, principal, &project, &named, &options.row_restriction).await.map_err(status)?;
    let range = RowRange { start: 0, most: 0 };
    let page = front.service.table_rows(principal, &table, columns.as_deref(), range).await.map_err(status)?;
    let fields: Vec<_> = page.columns.iter().map(|column| column.sql_type.field(&column.name, true)).collect();
    let schema = plain_schema(&Schema::new(fields));
    let streams = cut(page.total, request.max_stream_count);
    let serialized_schema = Messages::new(Arc::clone(&schema)).map_err(status)?.schema();
    let now = front.access.now();
    let name = name(&project).map_err(status)?;
    let answer = ReadSession {
        name: name.clone(),
        expire_time: Some(Timestamp { seconds: (now + LIFETIME) / 1_000_000, nanos: 0 }),
        arrow_schema: Some(ArrowSchema { serialized_schema }),
        streams: (0..streams.len()).map(|stream| ReadStream { name: format!("{name}/streams/{stream}") }).collect(),
        estimated_row_count: i64::try_from(page.total).unwrap_or(i64::MAX),
        ..wanted
    };
    let session = Session { principal: principal.clone(), table, columns, schema, streams, expires: now + LIFETIME };
    front.sessions.put(name, session, now);
    Ok(answer)
}

/// The table itself, or the result of the query that a restriction, or a view, is.
async fn kept_table(
    front: &Front,
    principal: &Principal,
    project: &str,
    named: &TableReference,
    restriction: &str,
) -> Result<TableReference, Failure> {
    let (service, asker, table) = (front.service.clone(), principal.clone(), named.clone());
    let found = crate::handler::blocking(move || Ok(service.table(&asker, &table)?)).await?;
    let is_view = matches!(found.kind, TableKind::View(_));
    if !is_view && restriction.trim().is_empty() {
        return Ok(named.clone());
    }
    let mut text = format!("SELECT * FROM `{}.{}.{}`", named.project, named.dataset, named.table);
    if !restriction.trim().is_empty() {
        // In lines of its own: a comment at its end must not hide the bracket, which must not be closed inside.
        text += &format!(" WHERE (\n{restriction}\n)");
    }
    let submission = Submission::query(project, FRONT, &text);
    let job = front.service.run_attended(principal, submission, Duration::MAX).await?;
    match (&job.error, job.result) {
        (Some(error), _) => Err(Failure::of_job(error)),
        (None, Some(result)) => Ok(result.table),
        (None, None) => Err(Failure::internal("a query gave no rows")),
    }
}

/// `projects/P/datasets/D/tables/T`.
fn table_of_path(path: &str) -> Result<TableReference, Failure> {
    match path.split('/').collect::<Vec<_>>()[..] {
        ["projects", project, "datasets", dataset, "tables", table] => table_reference(project, dataset, table),
        _ => Err(Failure::invalid("a table is written projects/P/datasets/D/tables/T")),
    }
}

/// A table's rows in ranges of about the same size: none for an empty table.
fn cut(rows: u64, most_streams: i32) -> Vec<Range<u64>> {
    let most = u64::try_from(most_streams).ok().filter(|most| *most > 0).unwrap_or(MOST_STREAMS).min(MOST_STREAMS);
    let streams = rows.div_ceil(STREAM_ROWS).min(most);
    (0..streams).map(|stream| rows * stream / streams..rows * (stream + 1) / streams).collect()
}

fn name(project: &str) -> Result<String, Failure> {
    let mut id = [0; 16];
    SystemRandom::new().fill(&mut id).map_err(|_| Failure::internal("there is no randomness"))?;
    Ok(format!("projects/{project}/locations/us/sessions/{}", HEXLOWER.encode(&id)))
}

#[cfg(test)]
mod tests {
    use super::{cut, table_of_path};

    #[test]
    fn the_streams_hold_every_row_once() {
        for (rows, most, streams) in
            [(0, 0, 0), (1, 0, 1), (50_001, 0, 2), (50_001, 1, 1), (10_000_000, 0, 8), (10_000_000, 3, 3)]
        {
            let ranges = cut(rows, most);
            assert_eq!(ranges.len(), streams, "{rows} {most}");
            assert_eq!(ranges.iter().map(|range| range.end - range.start).sum::<u64>(), rows);
            assert!(ranges.windows(2).all(|pair| pair[0].end == pair[1].start));
        }
    }

    #[test]
    fn a_table_is_read_from_its_path() {
        assert_eq!(table_of_path("projects/p/datasets/d/tables/t").unwrap().to_string(), "p:d.t");
        for path in [
            "",
            "projects/p",
            "projects/p/datasets/d/tables/t/x",
            "projects/p/datasets/../tables/t",
            "projects/p/datasets/d/tables/`",
        ] {
            assert!(table_of_path(path).is_err(), "{path}");
        }
    }
}
