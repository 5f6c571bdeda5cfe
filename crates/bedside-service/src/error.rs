//! Why the gate does not do what it was asked, by what the caller can do about it.

use bedside_meta::{JobError, JobKey};
use bedside_types::ErrorCode;

/// An error of the gate. The text is BigQuery's where BigQuery has one.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The statement is wrong, or failed.
    #[error(transparent)]
    Engine(#[from] bedside_engine::Error),
    /// The warehouse cannot be read or written.
    #[error(transparent)]
    Store(#[from] bedside_store::Error),
    /// The state cannot be read or written.
    #[error(transparent)]
    State(#[from] bedside_meta::Error),
    /// An argument is wrong.
    #[error("{0}")]
    Invalid(String),
    /// Something does not exist.
    #[error("{0}")]
    NotFound(String),
    /// Something exists already.
    #[error("{0}")]
    Exists(String),
    /// The principal has no right to it.
    #[error("{0}")]
    Denied(String),
    /// A file or bucket that whoever runs the gate has not allowed.
    #[error("Access Denied: {0}")]
    Outside(String),
    /// It holds something that the caller did not say should go, too.
    #[error("{0}")]
    InUse(String),
    /// The statement reads more than the caller allows to be billed.
    #[error("Query exceeded limit for bytes billed: {limit}. {needed} or higher required.")]
    BytesBilled {
        /// What the caller allows.
        limit: u64,
        /// What would be billed.
        needed: u64,
    },
    /// Input rows are wrong.
    #[error("{0}")]
    Rows(String),
    /// Too many jobs wait; it passes.
    #[error("too many jobs are waiting; try again in a moment")]
    Busy,
    /// No new work is taken, as the program ends.
    #[error("the server is shutting down")]
    Closing,
    /// The job was stopped.
    #[error("{0}")]
    Stopped(String),
    /// A file or bucket cannot be read or written.
    #[error("{0}")]
    Place(String),
    /// It is right but this program does not do it.
    #[error("{0} is not supported")]
    Unsupported(String),
    /// What a job said when it failed.
    #[error("{}", .0.message)]
    Job(JobError),
    /// A defect of ours.
    #[error("internal error: {0}")]
    Internal(String),
}

/// The result of most functions of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// The class of the error.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Engine(error) => error.code(),
            Self::Store(error) => error.code(),
            Self::State(error) => error.code(),
            Self::Invalid(_) | Self::BytesBilled { .. } | Self::InUse(_) => ErrorCode::InvalidQuery,
            Self::NotFound(_) => ErrorCode::NotFound,
            Self::Exists(_) => ErrorCode::AlreadyExists,
            Self::Denied(_) | Self::Outside(_) => ErrorCode::AccessDenied,
            Self::Rows(_) => ErrorCode::InvalidData,
            Self::Busy | Self::Closing | Self::Place(_) => ErrorCode::Unavailable,
            Self::Stopped(_) => ErrorCode::Stopped,
            Self::Unsupported(_) => ErrorCode::Unsupported,
            Self::Job(error) => code_of_reason(&error.reason),
            Self::Internal(_) => ErrorCode::Internal,
        }
    }

    /// What to do next, where there is something.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Engine(error) => error.hint(),
            Self::Store(error) => error.hint(),
            Self::State(error) => error.hint(),
            Self::Outside(_) => {
                Some("whoever runs bedside names the places: --folder FOLDER, --bucket gs://bucket/place".to_owned())
            }
            Self::BytesBilled { .. } => Some("select fewer columns, or allow more".to_owned()),
            _ => None,
        }
    }

    /// BigQuery's reason (<https://cloud.google.com/bigquery/docs/error-messages>).
    pub fn reason(&self) -> &str {
        match self {
            Self::BytesBilled { .. } => "bytesBilledLimitExceeded",
            Self::Invalid(_) | Self::Place(_) => "invalid",
            // Clients ask again by themselves.
            Self::Busy => "rateLimitExceeded",
            Self::Unsupported(_) => "notImplemented",
            Self::Job(error) => &error.reason,
            // A program that writes one dataset keeps others out for a moment.
            Self::InUse(_)
            | Self::Engine(bedside_engine::Error::Store(bedside_store::Error::DatasetLocked { .. }))
            | Self::Store(bedside_store::Error::DatasetLocked { .. }) => "resourceInUse",
            // Clients would go on trying for minutes.
            Self::Engine(_) | Self::Store(_) | Self::State(_) if self.code() == ErrorCode::Unavailable => "invalid",
            other => other.code().bigquery().0,
        }
    }

    /// The HTTP status of its class.
    pub fn status(&self) -> u16 {
        match self {
            Self::Busy => 429,
            Self::Closing => 503,
            Self::Job(error) => error.status,
            Self::Unsupported(_) => 501,
            other if other.code() == ErrorCode::Unavailable => 400,
            other => other.code().bigquery().1,
        }
    }

    /// What part of the request it is about.
    pub fn location(&self) -> Option<String> {
        match self {
            Self::Engine(bedside_engine::Error::Sql(_) | bedside_engine::Error::Function(_)) => {
                Some("query".to_owned())
            }
            Self::Job(error) => error.location.clone(),
            _ => None,
        }
    }

    /// As a job keeps it.
    pub fn job_error(&self) -> JobError {
        JobError {
            reason: self.reason().to_owned(),
            message: self.to_string(),
            location: self.location(),
            status: self.status(),
        }
    }

    pub(crate) fn no_job(key: &JobKey) -> Self {
        Self::NotFound(format!("Not found: Job {key}"))
    }
}

fn code_of_reason(reason: &str) -> ErrorCode {
    let found = ErrorCode::ALL.iter().find(|code| code.bigquery().0 == reason);
    found.copied().unwrap_or(ErrorCode::InvalidQuery)
}

#[cfg(test)]
mod tests {
    use super::Error;
    use bedside_types::ErrorCode;

    #[test]
    fn only_what_passes_by_itself_makes_clients_try_again() {
        let again = ["rateLimitExceeded", "backendError", "internalError", "badGateway"];
        let damaged = bedside_store::Error::Io {
            doing: "read",
            path: "x".into(),
            source: std::io::Error::from(std::io::ErrorKind::Other),
        };
        for (error, passes, status) in [
            (Error::Busy, true, 429),
            (Error::Closing, true, 503),
            (Error::BytesBilled { limit: 1, needed: 10_485_760 }, false, 400),
            (Error::Invalid(String::new()), false, 400),
            (Error::NotFound(String::new()), false, 404),
            (Error::Exists(String::new()), false, 409),
            (Error::Denied(String::new()), false, 403),
            (Error::Stopped(String::new()), false, 200),
            (Error::Store(damaged), false, 400),
        ] {
            assert_eq!((again.contains(&error.reason()), error.status()), (passes, status), "{error:?}");
        }
        let text = Error::BytesBilled { limit: 1, needed: 10_485_760 }.to_string();
        assert_eq!(text, "Query exceeded limit for bytes billed: 1. 10485760 or higher required.");
        let job = Error::Job(Error::NotFound("Not found: Job a:b".to_owned()).job_error());
        assert_eq!((job.code(), job.status()), (ErrorCode::NotFound, 404));
    }
}
