//! GoogleSQL's functions for DataFusion, with GoogleSQL's answers: integer overflow and division by zero are errors, NULL
//! and NaN follow its rules, dates count boundaries, decimals round half away from zero, texts go by code points. Sums and
//! means of doubles are exact, so that they do not depend on the order of the rows.
//!
//! ```
//! use arrow::datatypes::DataType;
//! use bedside_functions::{OnError, scalar};
//!
//! let lower = scalar("lower", &DataType::Utf8View, OnError::Fail);
//! assert!(lower.is_some());
//! assert!(scalar("width_bucket", &DataType::Int64, OnError::Fail).is_none());
//! ```
//!
//! Types are decided by the resolver and given to every function; nothing here coerces. What has a native expression in
//! DataFusion (`AND`, `IN`, comparisons without NaN) is the engine's to lower and has no function here unless it needs one.

mod aggregate;
mod call;
mod civil;
mod error;
mod function;
mod numbering;
mod numeric;
mod quantiles;
mod repeats;
mod scalar;
mod sketch;
mod span;
mod text;
mod window;

pub use aggregate::{Aggregate, Modifiers, adds_whole_numbers, aggregate, folds, over_frames, plain_extreme};
pub use bedside_types::write_json_text;
pub use call::OnError;
pub use error::Error;
pub use numbering::Numbering;
pub use scalar::JSON_BOX;
pub use scalar::value_text::{cast_text, write_json};
pub use window::window;

use arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use datafusion::logical_expr::ScalarUDF;
use function::Function;
use std::sync::Arc;

/// The scalar function or operator of that name in the typed tree, giving this type; `None` if there is none here.
pub fn scalar(name: &str, result: &DataType, on_error: OnError) -> Option<Arc<ScalarUDF>> {
    scalar::spec(name).map(|spec| Function::udf(spec, result.clone(), on_error))
}

/// Whether a function takes arguments of these types; constants are given with their value. Nothing is evaluated.
///
/// # Errors
/// [`Error::Unsupported`] naming what is not there, so that a statement is refused before it runs.
pub fn check(name: &str, result: &DataType, arguments: &[(DataType, Option<ScalarValue>)]) -> Result<(), Error> {
    match scalar::spec(name) {
        Some(spec) => Function::check(spec, result, arguments),
        None => Err(Error::Unsupported(format!("the function {}", name.to_uppercase()))),
    }
}

/// Whether a call may make a statement fail for some row; `constants` has the values of those arguments that are literals.
/// Functions that are not ours never do.
pub fn may_fail(function: &ScalarUDF, constants: &[Option<&ScalarValue>]) -> bool {
    function.inner().downcast_ref::<Function>().is_some_and(|function| function.may_fail(constants))
}

/// The regular expression that is found in a text where any of these is, for REGEXP_CONTAINS; `None` where they cannot be
/// written as one.
pub fn any_pattern(patterns: &[&str]) -> Option<String> {
    scalar::patterns::any_of(patterns)
}

/// Whether some function here has that name.
pub fn is_implemented(name: &str) -> bool {
    scalar::spec(name).is_some() || aggregate::NAMES.contains(&name) || window::NAMES.contains(&name)
}
