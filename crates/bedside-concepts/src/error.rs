//! What can go wrong with concepts, by what the caller can do about it.

use bedside_sql::{SqlError, UnorderedWindow};
use bedside_types::{ErrorCode, Position};
use std::io;
use std::path::PathBuf;

/// Why a concept, or all of them, cannot be built. The text names the file and the place in it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A folder or a file with definitions cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Io {
        /// The folder or file.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// A definition without a page, a page without a definition, or a file name that no table can have.
    #[error("{file}: {why}")]
    File {
        /// The file.
        file: String,
        /// What is wrong.
        why: String,
        /// What to do.
        hint: String,
    },
    /// The page is not sound.
    #[error("{file}:{position}: {why}", position = place(*position))]
    Page {
        /// The TOML file.
        file: String,
        /// Where in it.
        position: Position,
        /// What is wrong.
        why: String,
    },
    /// A file does not hold the code list that it was given as.
    #[error("{place}{line}: {why}", line = at_line(*line))]
    CodeList {
        /// The path or URL.
        place: String,
        /// The line; 0 where it is about the whole file.
        line: u64,
        /// What is wrong.
        why: String,
        /// What to give instead.
        hint: String,
    },
    /// Two files define one table.
    #[error("{table} is defined twice: in {first} and in {second}")]
    Twice {
        /// The table.
        table: String,
        /// One file.
        first: String,
        /// The other.
        second: String,
    },
    /// Definitions that need each other.
    #[error("{file}: {} need each other: {}", names(cycle), circle(cycle))]
    Cycle {
        /// The file of the concept.
        file: String,
        /// Each reads the next, the last the first.
        cycle: Vec<String>,
    },
    /// The definition is no sound statement.
    #[error("{file}:{position}: {message}", position = place(source.position), message = source.message)]
    Sql {
        /// The file.
        file: String,
        /// What is wrong, and where.
        source: SqlError,
    },
    /// A table that no release has.
    #[error("{file}:{position}: {message}", position = place(*position))]
    UnknownTable {
        /// The file.
        file: String,
        /// Where in it.
        position: Position,
        /// In BigQuery's words.
        message: String,
        /// The nearest name.
        nearest: Option<String>,
    },
    /// A call picks or lines up rows by an order that leaves ties.
    #[error("{file}:{position}: {}: {}", window.function, window.missing, position = place(window.position))]
    Order {
        /// The SQL file.
        file: String,
        /// The call, and what would decide it.
        window: UnorderedWindow,
    },
    /// The definition gives other columns than its page says.
    #[error("{file}: {why}")]
    Columns {
        /// The SQL file.
        file: String,
        /// The first difference.
        why: String,
    },
    /// A guarantee does not hold; the table was not published.
    #[error("{file}: {why}: {}", rows.join("; "))]
    Check {
        /// The SQL file.
        file: String,
        /// The guarantee.
        why: String,
        /// Keys of rows that break it, at most ten.
        rows: Vec<String>,
    },
    /// Running the definition failed.
    #[error("{file}: {source}")]
    Run {
        /// The file.
        file: String,
        /// Why.
        source: bedside_engine::Error,
    },
    /// No concept has this name.
    #[error("no concept is called {name}")]
    UnknownConcept {
        /// The name asked for.
        name: String,
        /// The nearest name.
        nearest: Option<String>,
    },
    /// A dataset or table to compare is not there.
    #[error("there is no {what}")]
    NotThere {
        /// The dataset or table.
        what: String,
        /// The nearest name.
        nearest: Option<String>,
    },
    /// There are no concepts for such releases.
    #[error("there are no concepts for releases of the family {family}")]
    UnknownFamily {
        /// The family: `mimiciii`.
        family: String,
    },
    /// The two tables cannot be compared.
    #[error("cannot compare {left} with {right}: {why}")]
    Incomparable {
        /// One table.
        left: String,
        /// The other.
        right: String,
        /// Why.
        why: String,
    },
    /// The warehouse cannot be read or written.
    #[error(transparent)]
    Store(#[from] bedside_store::Error),
    /// A statement of our own failed.
    #[error(transparent)]
    Engine(#[from] bedside_engine::Error),
    /// The caller stopped it.
    #[error("stopped")]
    Stopped,
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
            Self::Io { source, .. } if source.kind() == io::ErrorKind::NotFound => ErrorCode::NotFound,
            Self::Io { source, .. } if source.kind() == io::ErrorKind::PermissionDenied => ErrorCode::AccessDenied,
            Self::Io { .. } => ErrorCode::Unavailable,
            Self::File { .. }
            | Self::Page { .. }
            | Self::Twice { .. }
            | Self::Cycle { .. }
            | Self::Order { .. }
            | Self::Columns { .. }
            | Self::Incomparable { .. } => ErrorCode::InvalidQuery,
            Self::Sql { source, .. } => source.code(),
            Self::UnknownTable { .. } | Self::UnknownConcept { .. } | Self::NotThere { .. } => ErrorCode::NotFound,
            Self::Check { .. } | Self::CodeList { .. } => ErrorCode::InvalidData,
            Self::Run { source, .. } | Self::Engine(source) => source.code(),
            Self::UnknownFamily { .. } => ErrorCode::Unsupported,
            Self::Store(error) => error.code(),
            Self::Stopped => ErrorCode::Stopped,
            Self::Internal(_) => ErrorCode::Internal,
        }
    }

    /// What to do next, where there is something.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::File { hint, .. } | Self::CodeList { hint, .. } => Some(hint.clone()),
            Self::Twice { .. } => Some("rename one of the files; the table is called like its file".to_owned()),
            Self::Sql { source, .. } => source.hint(),
            Self::Order { window, .. } => Some(window.hint.clone()),
            Self::UnknownConcept { nearest: None, .. } => Some("bedside concepts list shows all of them".to_owned()),
            Self::NotThere { nearest: None, .. } => Some("bedside datasets shows what there is".to_owned()),
            Self::UnknownTable { nearest, .. }
            | Self::UnknownConcept { nearest, .. }
            | Self::NotThere { nearest, .. } => nearest.as_ref().map(|nearest| format!("did you mean {nearest}?")),
            Self::Check { .. } => Some("the table as it was before, if there was one, is still in place".to_owned()),
            Self::Run { source, .. } | Self::Engine(source) => source.hint(),
            Self::Store(error) => error.hint(),
            _ => None,
        }
    }

    /// The place in a definition's file that it is about: the file, and line and column.
    pub fn place(&self) -> Option<(&str, Position)> {
        match self {
            Self::Page { file, position, .. } | Self::UnknownTable { file, position, .. } => Some((file, *position)),
            Self::Sql { file, source } => Some((file, source.position)),
            Self::Order { file, window } => Some((file, window.position)),
            _ => None,
        }
    }
}

/// `:12`, or nothing for the whole file.
fn at_line(line: u64) -> String {
    if line == 0 { String::new() } else { format!(":{line}") }
}

/// `12:5`, as compilers write it.
fn place(position: Position) -> String {
    format!("{}:{}", position.line, position.column)
}

fn names(cycle: &[String]) -> String {
    match cycle {
        [one] => format!("{one} and itself"),
        [all @ .., last] => format!("{} and {last}", all.join(", ")),
        [] => String::new(),
    }
}

fn circle(cycle: &[String]) -> String {
    let first = cycle.first().map(String::as_str);
    cycle.iter().map(String::as_str).chain(first).collect::<Vec<_>>().join(" reads ")
}
