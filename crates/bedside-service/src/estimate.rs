//! What a text would do and cost, without running it.

use crate::error::{Error, Result};
use crate::facts;
use crate::names::Names;
use crate::principal::Principal;
use crate::run::blocking;
use crate::service::{Service, Shared};
use crate::submission::{Query, Submission, Work};
use bedside_engine::{Request, Session, Step, TouchedTable, Writes};
use bedside_meta::{JobStatistics, StatementType};
use bedside_types::ErrorCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

const TIB: f64 = (1_u64 << 40) as f64;

/// Statements and decisions of a text that are looked at.
const MOST_TURNS: u32 = 10_000;

/// What is known of a text before it runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimate {
    /// Kind of statement, bytes, tables, columns; of a script the sums of its statements.
    pub statistics: JobStatistics,
    /// How sure the bytes are.
    pub accuracy: Accuracy,
    /// What BigQuery would charge, US dollars.
    pub price: f64,
}

/// How sure an estimate is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accuracy {
    /// These are the bytes.
    Precise,
    /// At least these: statements of a script that need what those before them make could not be looked at.
    LowerBound,
}

impl Service {
    /// What a text of SQL would do, and what BigQuery would charge for it. Nothing runs and nothing is recorded.
    ///
    /// # Errors
    /// What is wrong with the text; [`Error::BytesBilled`].
    pub async fn dry_run(&self, principal: &Principal, submission: &Submission) -> Result<Estimate> {
        let (shared, principal, submission) = (Arc::clone(&self.shared), principal.clone(), submission.clone());
        blocking(move || shared.estimate(&principal, &submission)).await
    }

    /// The same for code that may block.
    ///
    /// # Errors
    /// As [`Service::dry_run`].
    pub fn dry_run_blocking(&self, principal: &Principal, submission: &Submission) -> Result<Estimate> {
        self.shared.estimate(principal, submission)
    }
}

impl Shared {
    fn estimate(&self, principal: &Principal, submission: &Submission) -> Result<Estimate> {
        let names = self.names(&submission.project);
        let (statistics, accuracy) = match &submission.work {
            Work::Query(query) => self.of_text(principal, &names, query)?,
            _ => (JobStatistics::default(), Accuracy::Precise),
        };
        let price = statistics.bytes_billed as f64 / TIB * self.options.price_per_tib;
        Ok(Estimate { statistics, accuracy, price })
    }

    fn of_text(&self, principal: &Principal, names: &Names, query: &Query) -> Result<(JobStatistics, Accuracy)> {
        let default_dataset =
            query.default_dataset.as_ref().map(|found| format!("{}.{}", found.project, found.dataset));
        let request = Request {
            text: &query.text,
            parameters: query.parameters.clone(),
            default_dataset: default_dataset.as_deref(),
            project: Some(&names.client),
            ..Request::default()
        };
        let script = self.engine.script(&request, &Session::default(), Writes::Allowed)?;
        let mut script = script.at_most(MOST_TURNS);
        let stop = AtomicBool::new(false);
        let mut whole = JobStatistics::default();
        let mut accuracy = Accuracy::Precise;
        let mut changes = false;
        loop {
            let step = match script.next(&stop) {
                Ok(Some(step)) => step,
                Ok(None) => break,
                // It may be about what the statements before it make.
                Err(error) if changes && matches!(error.code(), ErrorCode::NotFound | ErrorCode::InvalidQuery) => {
                    accuracy = Accuracy::LowerBound;
                    continue;
                }
                Err(error) => return Err(error.into()),
            };
            let (tables, statistics): (&[TouchedTable], _) = match &step {
                Step::Query(prepared) | Step::Evaluation(prepared) => {
                    (prepared.tables(), facts::of_query(prepared, names))
                }
                Step::Change(change) => {
                    changes = true;
                    (change.tables(), facts::of_change(change, names))
                }
                Step::Transfer(transfer) => {
                    changes = true;
                    (transfer.tables(), facts::of_transfer(transfer, names))
                }
            };
            for table in tables {
                self.may_read(principal, &names.table(&table.path))?;
            }
            let ends = matches!(step, Step::Evaluation(_));
            if !script.is_script() {
                whole = statistics;
                continue;
            }
            whole.statement = Some(StatementType::Script);
            whole.bytes_processed += statistics.bytes_processed;
            whole.bytes_billed += statistics.bytes_billed;
            for table in statistics.tables {
                if !whole.tables.contains(&table) {
                    whole.tables.push(table);
                }
            }
            if ends {
                // What follows depends on rows.
                accuracy = Accuracy::LowerBound;
                break;
            }
        }
        if script.is_cut() {
            accuracy = Accuracy::LowerBound;
        }
        match query.maximum_bytes_billed {
            Some(limit) if whole.bytes_billed > limit => Err(Error::BytesBilled { limit, needed: whole.bytes_billed }),
            _ => Ok((whole, accuracy)),
        }
    }
}
