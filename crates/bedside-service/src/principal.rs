//! Who asks, and what they may do. Every decision of the gate is made here.

use crate::error::{Error, Result};
use bedside_meta::Job;

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    name: String,
}

/// What somebody wants to do.
#[derive(Debug)]
pub(crate) enum Action<'a> {
    /// Read an anonymous table that a job of this principal made.
    ReadResult(&'a str),
    /// See or stop a job.
    Job(&'a Job),
    /// Read a table of a release or of people's own.
    Read,
    /// Write a dataset of people's own.
    Write,
}

impl Principal {
    /// The one whose machine it is.
    pub fn owner() -> Self {
        Self { name: "owner".to_owned() }
    }

    /// A name that jobs and results are kept under.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Decides. The owner reads and writes everything that is here; jobs and results are those of whoever made them.
    pub(crate) fn may(&self, action: &Action<'_>) -> Result<()> {
        match action {
            Action::Read | Action::Write => Ok(()),
            Action::ReadResult(maker) if *maker == self.name => Ok(()),
            // Whose it is, is not for others to know.
            Action::ReadResult(_) => Err(Error::NotFound("Not found: Table".to_owned())),
            Action::Job(job) if job.principal == self.name => Ok(()),
            Action::Job(job) => Err(Error::no_job(&job.key)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Action, Principal};
    use bedside_meta::{Job, JobKey, JobKind};
    use bedside_types::ErrorCode;

    #[test]
    fn jobs_and_results_are_their_makers_and_do_not_exist_for_others() {
        let owner = Principal::owner();
        let key = JobKey { project: "p".to_owned(), id: "j".to_owned() };
        let job = |principal| Job::new(key.clone(), JobKind::Query, principal, 0);
        assert!(owner.may(&Action::Job(&job("owner"))).is_ok());
        let refused = owner.may(&Action::Job(&job("somebody"))).unwrap_err();
        assert_eq!((refused.code(), refused.to_string().as_str()), (ErrorCode::NotFound, "Not found: Job p:j"));
        assert_eq!(owner.may(&Action::ReadResult("somebody")).unwrap_err().code(), ErrorCode::NotFound);
    }
}
