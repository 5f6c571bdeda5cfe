//! Jobs in the file.

use super::{Database, Inner};
use crate::error::{Error, Result};
use crate::job::{Job, JobError, JobKind, JobState};
use crate::reference::JobKey;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// What a job is told that was running when its program died. Clients must not take it for something that passes.
const DIED: &str = "The job was stopped: the server that ran it ended before the job was done";

const COLUMNS: &str = "project, id, parent, request, principal, front, kind, state, created, started, ended, text, \
                       configuration, labels, error, statistics, result";

/// Which jobs a list has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JobFilter {
    /// The project; all where it is empty.
    pub project: String,
    /// Whose they are; all where `None`.
    pub principal: Option<String>,
    /// In one of these states; in any where there are none.
    pub states: Vec<JobState>,
    /// Statements of this script; `None` for jobs that are no statement of a script.
    pub parent: Option<String>,
    /// Submitted at or after this time, milliseconds since 1970.
    pub created_from: Option<i64>,
    /// Submitted at or before it.
    pub created_to: Option<i64>,
    /// What [`JobPage::next`] of the page before was.
    pub page: Option<String>,
    /// The most jobs that are given.
    pub most: usize,
}

/// Some jobs, the newest first.
#[derive(Clone, Debug, PartialEq)]
pub struct JobPage {
    /// They.
    pub jobs: Vec<Job>,
    /// Names the next page; `None` where there is none.
    pub next: Option<String>,
}

impl Database {
    /// Writes jobs as they are now, all or none; those of the same key are replaced.
    ///
    /// # Errors
    /// [`Error::DiskFull`], [`Error::Sqlite`].
    pub fn put(&self, jobs: &[&Job]) -> Result<()> {
        let mut inner = self.inner();
        if jobs.iter().any(|job| job.state != JobState::Done) {
            inner.instance.announce()?;
        }
        let Inner { connection, instance } = &mut *inner;
        let transaction = connection.transaction()?;
        for job in jobs {
            put(&transaction, job, &instance.name)?;
        }
        Ok(transaction.commit()?)
    }

    /// A job.
    ///
    /// # Errors
    /// [`Error::Damaged`], [`Error::Sqlite`].
    pub fn job(&self, key: &JobKey) -> Result<Option<Job>> {
        let inner = self.inner();
        let text = format!("SELECT {COLUMNS} FROM jobs WHERE project = ?1 AND id = ?2");
        let mut statement = inner.connection.prepare_cached(&text)?;
        statement.query_row(params![key.project, key.id], |row| Ok(job(row))).optional()?.transpose()
    }

    /// The newest job that a request made, submitted at or after `since`.
    ///
    /// # Errors
    /// As [`Database::job`].
    pub fn job_of_request(&self, project: &str, request: &str, since: i64) -> Result<Option<Job>> {
        let inner = self.inner();
        let text = format!(
            "SELECT {COLUMNS} FROM jobs WHERE project = ?1 AND request = ?2 AND created >= ?3 \
             ORDER BY created DESC LIMIT 1"
        );
        let mut statement = inner.connection.prepare_cached(&text)?;
        statement.query_row(params![project, request, since], |row| Ok(job(row))).optional()?.transpose()
    }

    /// Every job of that id, whatever project it is in.
    ///
    /// # Errors
    /// As [`Database::job`].
    pub fn jobs_called(&self, id: &str) -> Result<Vec<Job>> {
        let inner = self.inner();
        let text = format!("SELECT {COLUMNS} FROM jobs WHERE id = ?1 ORDER BY created DESC");
        let mut statement = inner.connection.prepare(&text)?;
        let found = statement.query_map(params![id], |row| Ok(job(row)))?;
        found.collect::<rusqlite::Result<Vec<_>>>()?.into_iter().collect()
    }

    /// A page of jobs, the newest first.
    ///
    /// # Errors
    /// As [`Database::job`]; [`Error::Damaged`] for a page that this never gave.
    pub fn jobs(&self, filter: &JobFilter) -> Result<JobPage> {
        let mut text = format!("SELECT {COLUMNS}, number FROM jobs WHERE TRUE");
        let mut values: Vec<Value> = Vec::new();
        let mut also = |condition: &str, more: Vec<Value>| {
            text.push_str(" AND ");
            text.push_str(condition);
            values.extend(more);
        };
        if !filter.project.is_empty() {
            also("project = ?", vec![filter.project.clone().into()]);
        }
        match &filter.parent {
            Some(parent) => also("parent = ?", vec![parent.clone().into()]),
            None => also("parent IS NULL", vec![]),
        }
        if let Some(principal) = &filter.principal {
            also("principal = ?", vec![principal.clone().into()]);
        }
        if !filter.states.is_empty() {
            let marks = vec!["?"; filter.states.len()].join(", ");
            let words = filter.states.iter().map(|state| state.word().to_owned().into());
            also(&format!("state IN ({marks})"), words.collect());
        }
        if let Some(from) = filter.created_from {
            also("created >= ?", vec![from.into()]);
        }
        if let Some(to) = filter.created_to {
            also("created <= ?", vec![to.into()]);
        }
        if let Some(page) = &filter.page {
            let (created, number) =
                place(page).ok_or_else(|| Error::Damaged(format!("`{page}` is no page of jobs")))?;
            also("(created, number) < (?, ?)", vec![created.into(), number.into()]);
        }
        text.push_str(" ORDER BY created DESC, number DESC LIMIT ?");
        values.push((i64::try_from(filter.most).unwrap_or(i64::MAX - 1) + 1).into());

        let inner = self.inner();
        let mut statement = inner.connection.prepare_cached(&text)?;
        let found = statement.query_map(params_from_iter(values), |row| Ok((job(row), row.get::<_, i64>(17)?)))?;
        let mut found = found.collect::<rusqlite::Result<Vec<_>>>()?;
        let more = found.len() > filter.most;
        found.truncate(filter.most);
        let last = found.last().map(|(_, number)| *number);
        let jobs = found.into_iter().map(|(job, _)| job).collect::<Result<Vec<_>>>()?;
        let next = jobs.last().zip(last).filter(|_| more).map(|(job, number)| format!("{}.{number}", job.created));
        Ok(JobPage { jobs, next })
    }

    /// Forgets a job and the statements of a script.
    ///
    /// # Errors
    /// [`Error::Sqlite`].
    pub fn forget_job(&self, key: &JobKey) -> Result<()> {
        let inner = self.inner();
        inner.connection.execute(
            "DELETE FROM jobs WHERE project = ?1 AND (id = ?2 OR parent = ?2) AND state = 'DONE'",
            params![key.project, key.id],
        )?;
        Ok(())
    }

    /// Forgets jobs that were submitted before a time, and all but the newest so many. Gives how many.
    ///
    /// # Errors
    /// [`Error::Sqlite`].
    pub fn forget_jobs(&self, before: i64, most: u64) -> Result<usize> {
        let inner = self.inner();
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let old =
            inner.connection.execute("DELETE FROM jobs WHERE created < ?1 AND state = 'DONE'", params![before])?;
        let many = inner.connection.execute(
            "DELETE FROM jobs WHERE number <= (SELECT COALESCE(MAX(number), 0) FROM jobs) - ?1 AND state = 'DONE'",
            params![most],
        )?;
        Ok(old + many)
    }

    /// Asks the program that runs a job to stop it. False where no such job is undone.
    ///
    /// # Errors
    /// [`Error::Sqlite`].
    pub fn ask_to_stop(&self, key: &JobKey) -> Result<bool> {
        let inner = self.inner();
        let changed = inner.connection.execute(
            "UPDATE jobs SET stop = 1 WHERE project = ?1 AND id = ?2 AND state <> 'DONE'",
            params![key.project, key.id],
        )?;
        Ok(changed > 0)
    }

    /// The jobs of this program that others asked to stop.
    ///
    /// # Errors
    /// [`Error::Sqlite`].
    pub fn asked_to_stop(&self) -> Result<Vec<JobKey>> {
        let inner = self.inner();
        let mut statement = inner
            .connection
            .prepare_cached("SELECT project, id FROM jobs WHERE instance = ?1 AND state <> 'DONE' AND stop = 1")?;
        let found = statement
            .query_map(params![inner.instance.name], |row| Ok(JobKey { project: row.get(0)?, id: row.get(1)? }))?;
        Ok(found.collect::<rusqlite::Result<_>>()?)
    }

    /// Jobs of programs that died are done and have failed. No lock is taken where there are none.
    pub(super) fn recover(&self, now: i64, is_gone: impl Fn(&str) -> bool) -> Result<()> {
        let inner = self.inner();
        let instances = {
            let mut statement = inner.connection.prepare("SELECT DISTINCT instance FROM jobs WHERE state <> 'DONE'")?;
            let found = statement.query_map([], |row| row.get::<_, String>(0))?;
            found.collect::<rusqlite::Result<Vec<_>>>()?
        };
        let error =
            json(&JobError { reason: "stopped".to_owned(), message: DIED.to_owned(), location: None, status: 200 })?;
        for instance in instances.iter().filter(|instance| is_gone(instance)) {
            inner.connection.execute(
                "UPDATE jobs SET state = 'DONE', ended = ?2, error = ?3, result = NULL \
                 WHERE instance = ?1 AND state <> 'DONE'",
                params![instance, now, error],
            )?;
        }
        Ok(())
    }
}

fn put(connection: &Connection, job: &Job, instance: &str) -> Result<()> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO jobs (project, id, parent, request, instance, principal, front, kind, state, created, started, ended, \
         text, configuration, labels, error, statistics, result) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18) \
         ON CONFLICT (project, id) DO UPDATE SET state = excluded.state, started = excluded.started, \
         ended = excluded.ended, error = excluded.error, statistics = excluded.statistics, result = excluded.result",
    )?;
    let labels = if job.labels.is_empty() { None } else { Some(json(&job.labels)?) };
    statement.execute(params![
        job.key.project,
        job.key.id,
        job.parent,
        job.request,
        instance,
        job.principal,
        job.front,
        job.kind.word(),
        job.state.word(),
        job.created,
        job.started,
        job.ended,
        job.text,
        job.configuration,
        labels,
        job.error.as_ref().map(json).transpose()?,
        json(&job.statistics)?,
        job.result.as_ref().map(json).transpose()?,
    ])?;
    if let Some(result) = &job.result {
        super::results::put(connection, job, result)?;
    }
    Ok(())
}

fn job(row: &Row<'_>) -> Result<Job> {
    let word = |index: usize| row.get::<_, String>(index);
    let (kind, state) = (word(6)?, word(7)?);
    let unknown = |word: &str| Error::Damaged(format!("a job with the unknown word {word}"));
    Ok(Job {
        key: JobKey { project: row.get(0)?, id: row.get(1)? },
        parent: row.get(2)?,
        request: row.get(3)?,
        principal: row.get(4)?,
        front: row.get(5)?,
        kind: JobKind::of_word(&kind).ok_or_else(|| unknown(&kind))?,
        state: JobState::of_word(&state).ok_or_else(|| unknown(&state))?,
        created: row.get(8)?,
        started: row.get(9)?,
        ended: row.get(10)?,
        text: row.get(11)?,
        configuration: row.get(12)?,
        labels: read_json(row.get(13)?)?.unwrap_or_default(),
        error: read_json(row.get(14)?)?,
        statistics: read_json(row.get(15)?)?.unwrap_or_default(),
        result: read_json(row.get(16)?)?,
    })
}

fn place(page: &str) -> Option<(i64, i64)> {
    let (created, number) = page.split_once('.')?;
    Some((created.parse().ok()?, number.parse().ok()?))
}

fn json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Error::Damaged(error.to_string()))
}

fn read_json<T: DeserializeOwned>(text: Option<String>) -> Result<Option<T>> {
    let read = text.map(|text| serde_json::from_str(&text)).transpose();
    read.map_err(|error| Error::Damaged(error.to_string()))
}
