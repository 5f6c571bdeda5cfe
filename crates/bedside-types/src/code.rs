//! One table of error codes, with what each front and the shell call them.

/// What went wrong, by what the caller can do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorCode {
    /// The text, an argument or an option is wrong; change it.
    InvalidQuery,
    /// A name that does not exist.
    NotFound,
    /// Something of that name exists already.
    AlreadyExists,
    /// The reader has no right to it, or the place is read-only.
    AccessDenied,
    /// The statement is right but this program does not do it.
    Unsupported,
    /// Input data break a rule of their release.
    InvalidData,
    /// Memory, disk or a limit that the caller set is exhausted.
    ResourcesExceeded,
    /// The caller stopped it.
    Stopped,
    /// A source or the network did not answer as it should; trying again may help.
    Unavailable,
    /// A defect of ours.
    Internal,
}

impl ErrorCode {
    /// Every code, for tests and documentation.
    pub const ALL: [Self; 10] = [
        Self::InvalidQuery,
        Self::NotFound,
        Self::AlreadyExists,
        Self::AccessDenied,
        Self::Unsupported,
        Self::InvalidData,
        Self::ResourcesExceeded,
        Self::Stopped,
        Self::Unavailable,
        Self::Internal,
    ];

    /// BigQuery's `reason` and HTTP status (<https://cloud.google.com/bigquery/docs/error-messages>).
    pub const fn bigquery(self) -> (&'static str, u16) {
        match self {
            Self::InvalidQuery | Self::Unsupported => ("invalidQuery", 400),
            Self::InvalidData => ("invalid", 400),
            Self::NotFound => ("notFound", 404),
            Self::AlreadyExists => ("duplicate", 409),
            Self::AccessDenied => ("accessDenied", 403),
            Self::ResourcesExceeded => ("resourcesExceeded", 400),
            Self::Stopped => ("stopped", 200),
            Self::Unavailable => ("backendError", 503),
            Self::Internal => ("internalError", 500),
        }
    }

    /// PostgreSQL's SQLSTATE (<https://www.postgresql.org/docs/15/errcodes-appendix.html>).
    pub const fn sqlstate(self) -> &'static str {
        match self {
            Self::InvalidQuery => "42601",
            Self::NotFound => "42P01",
            Self::AlreadyExists => "42P07",
            Self::AccessDenied => "42501",
            Self::Unsupported => "0A000",
            Self::InvalidData => "22000",
            Self::ResourcesExceeded => "53000",
            Self::Stopped => "57014",
            Self::Unavailable => "58030",
            Self::Internal => "XX000",
        }
    }

    /// The program's exit code: 1 where the user or the data are at fault, 2 where we are.
    pub const fn exit(self) -> u8 {
        match self {
            Self::Internal => 2,
            _ => 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ErrorCode;
    use std::collections::HashSet;

    #[test]
    fn every_code_has_a_sqlstate_of_its_own_and_only_defects_exit_with_2() {
        let states: HashSet<_> = ErrorCode::ALL.iter().map(|code| code.sqlstate()).collect();
        assert_eq!(states.len(), ErrorCode::ALL.len());
        for code in ErrorCode::ALL {
            assert_eq!(code.sqlstate().len(), 5);
            assert_eq!(code.exit() == 2, code == ErrorCode::Internal);
            assert_eq!(code.bigquery().1 >= 500, matches!(code, ErrorCode::Internal | ErrorCode::Unavailable));
        }
    }
}
