//! What a function reports when it cannot give a value.

use bedside_types::ErrorCode;
use datafusion::common::DataFusionError;

/// Why a function gave no value. Texts of [`Error::Evaluation`] are in BigQuery's words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The arguments have no result: `division by zero: 1 / 0`. The only kind that `SAFE.` turns into NULL.
    #[error("{0}")]
    Evaluation(String),
    /// The combination of types or options is GoogleSQL but is not implemented.
    #[error("{0} is not supported")]
    Unsupported(String),
    /// Called with other types than the plan promised; a defect of ours.
    #[error("{0}")]
    Internal(String),
}

impl Error {
    /// The class of the error.
    pub const fn code(&self) -> ErrorCode {
        match self {
            Self::Evaluation(_) => ErrorCode::InvalidQuery,
            Self::Unsupported(_) => ErrorCode::Unsupported,
            Self::Internal(_) => ErrorCode::Internal,
        }
    }

    /// What to do about it, where there is something.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Evaluation(text) if text.starts_with("division by zero") => {
                Some("SAFE_DIVIDE(x, y) gives NULL where y is 0".to_owned())
            }
            Self::Evaluation(text) if text.starts_with("Bad ") || text.starts_with("Invalid ") => {
                Some("SAFE_CAST(x AS type) gives NULL where x does not convert".to_owned())
            }
            _ => None,
        }
    }

    /// The error of ours inside an error of the engine, if there is one.
    pub fn within(error: &DataFusionError) -> Option<Self> {
        match error.find_root() {
            DataFusionError::External(inner) => inner.downcast_ref().cloned(),
            DataFusionError::ArrowError(inner, _) => match inner.as_ref() {
                arrow::error::ArrowError::ExternalError(inner) => inner
                    .downcast_ref::<Self>()
                    .cloned()
                    .or_else(|| inner.downcast_ref::<DataFusionError>().and_then(Self::within)),
                _ => None,
            },
            DataFusionError::ParquetError(inner) => Self::of_condition(&inner.to_string()),
            _ => None,
        }
    }

    /// What a condition reported while a file was decoded: of that, DataFusion passes on nothing but the debug form.
    fn of_condition(text: &str) -> Option<Self> {
        let (_, error) = text.split_once("Error evaluating filter predicate: ")?;
        let quoted = |kind: &str| unquoted(error.split_once(kind)?.1);
        quoted("Evaluation(\"").map(Self::Evaluation).or_else(|| quoted("Unsupported(\"").map(Self::Unsupported))
    }
}

/// The text that Rust's debug form begins with, its quotation mark left out, up to the one that ends it.
fn unquoted(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut characters = text.chars();
    loop {
        match characters.next()? {
            '"' => return Some(out),
            '\\' => out.push(match characters.next()? {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                '0' => '\0',
                'u' => {
                    let digits: String = characters.by_ref().skip(1).take_while(|c| *c != '}').collect();
                    char::from_u32(u32::from_str_radix(&digits, 16).ok()?)?
                }
                other => other,
            }),
            other => out.push(other),
        }
    }
}

impl From<Error> for DataFusionError {
    fn from(error: Error) -> Self {
        Self::External(Box::new(error))
    }
}

impl From<arrow::error::ArrowError> for Error {
    fn from(error: arrow::error::ArrowError) -> Self {
        Self::Internal(error.to_string())
    }
}

pub(crate) type Result<T> = std::result::Result<T, Error>;

/// An evaluation error with this text.
pub(crate) fn fail<T>(text: impl Into<String>) -> Result<T> {
    Err(Error::Evaluation(text.into()))
}

#[cfg(test)]
mod tests {
    use super::Error;

    #[test]
    fn what_a_condition_reports_is_read_from_its_debug_form() {
        for text in ["Bad int64 value: None", "a \"quoted\" \\ text\n\tin\0 lines", "é, 心, \u{200b}\u{1b}", ""] {
            for error in [Error::Evaluation(text.to_owned()), Error::Unsupported(text.to_owned())] {
                let written =
                    format!("External: Compute error: Error evaluating filter predicate: External({error:?})");
                assert_eq!(Error::of_condition(&written), Some(error));
            }
        }
        for other in ["EOF: file too short", "Error evaluating filter predicate: Internal(\"x\")", "Evaluation(\"x\")"]
        {
            assert_eq!(Error::of_condition(other), None);
        }
    }
}
