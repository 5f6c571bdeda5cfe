//! The statements of a script as jobs of their own, and what becomes of a text when one of them fails.

use super::{Statement, Text};
use crate::error::{Error, Result};
use bedside_engine::{Prepared, Step};
use bedside_meta::{Evaluation, Job, JobError, JobKey, JobKind, JobState, JobStatistics};

impl Text {
    /// Runs a query whose rows the text itself wants.
    pub(super) fn evaluate(&mut self, prepared: Prepared) -> Result<()> {
        let rows = match self.decided(Step::Evaluation(prepared))? {
            Statement::Query(query) => self.open(&query).and_then(|rows| {
                let rows = rows.collect::<Result<Vec<_>>>()?;
                Ok((rows, query.statistics))
            }),
            Statement::Change(_) => return Err(Error::Internal("an expression became a statement".to_owned())),
        };
        match rows {
            Ok((rows, statistics)) => {
                let count = rows.iter().map(|batch| batch.num_rows() as u64).sum();
                // The columns of the result are those of the last query whose rows go out.
                let evaluation = Evaluation::Expression;
                self.ran(JobStatistics { rows: Some(count), schema: None, evaluation, ..statistics });
                Ok(self.script.answer(&rows)?)
            }
            Err(error) => self.handled(error).map_or(Ok(()), Err),
        }
    }

    /// What went wrong, unless the text handles it.
    pub(super) fn handled(&mut self, error: Error) -> Option<Error> {
        let caught = match &error {
            Error::Engine(error) => self.script.caught(error),
            // Of files that are read and written.
            Error::Invalid(_)
            | Error::NotFound(_)
            | Error::Exists(_)
            | Error::Outside(_)
            | Error::Place(_)
            | Error::Rows(_)
            | Error::Unsupported(_) => self.script.caught_outside(&error.to_string()),
            _ => false,
        };
        if caught {
            self.ran += 1;
            self.set_child(JobStatistics::default(), Some(error.job_error()));
            return None;
        }
        self.note(&error);
        Some(error)
    }

    /// A statement ran: the job's own, or one of a script, which is a job itself.
    pub(super) fn ran(&mut self, statistics: JobStatistics) {
        self.ran += 1;
        self.script.ran(statistics.changed.map(bedside_meta::ChangedRows::total));
        if !self.is_script() {
            self.statistics = statistics;
            return;
        }
        self.statistics.bytes_processed += statistics.bytes_processed;
        self.statistics.bytes_billed += statistics.bytes_billed;
        for table in &statistics.tables {
            if !self.statistics.tables.contains(table) {
                self.statistics.tables.push(table.clone());
            }
        }
        if statistics.schema.is_some() {
            self.statistics.schema.clone_from(&statistics.schema);
            self.statistics.rows = statistics.rows;
        }
        self.set_child(statistics, None);
    }

    fn set_child(&mut self, statistics: JobStatistics, error: Option<JobError>) {
        let key = self.key();
        if !self.is_script() {
            return;
        }
        self.statistics.children = self.planned;
        let id = format!("script_job_{}_{}", key.id, self.planned.saturating_sub(1));
        let (children, processed, billed) =
            (self.planned, self.statistics.bytes_processed, self.statistics.bytes_billed);
        let system = self.script.system();
        (system.last_job, system.children) = (Some(id.clone()), children);
        (system.bytes_processed, system.bytes_billed) = (processed, billed);
        let key = JobKey { project: key.project, id };
        let parent = self.active.job();
        let now = self.shared.now();
        let ran = now.saturating_sub(parent.started.unwrap_or(now));
        self.script.system().slot_milliseconds = u64::try_from(ran).unwrap_or_default();
        let mut child = Job::new(key, JobKind::Query, self.principal.name(), parent.created);
        child.parent = Some(parent.key.id.clone());
        child.text = Some(self.script.statement().to_owned());
        child.front.clone_from(&parent.front);
        child.configuration.clone_from(&parent.configuration);
        child.labels.clone_from(&parent.labels);
        (child.state, child.started, child.ended) = (JobState::Done, parent.started.or(Some(now)), Some(now));
        (child.statistics, child.error) = (statistics, error);
        self.child = Some(child);
    }

    /// Writes the statement of a script that ran last.
    pub(super) fn record_child(&mut self) {
        if let Some(child) = self.child.take() {
            self.shared.record(&child);
        }
    }

    pub(super) fn noted<T>(&mut self, result: Result<T>) -> Result<T> {
        if let Err(error) = &result {
            self.note(error);
        }
        result
    }

    pub(super) fn note(&mut self, error: &Error) {
        let error = error.job_error();
        if self.planned > 0 && self.error.is_none() {
            self.set_child(JobStatistics::default(), Some(error.clone()));
        }
        self.error.get_or_insert(error);
    }
}
