//! A stack of known size. Nesting is bounded by the parser; this is what that bound is measured against.

use crate::error::{Result, SqlError};
use bedside_types::Position;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Bytes. The deepest statement that the parser lets pass needs less than half of it in a build without optimisation.
const STACK: usize = 64 << 20;

/// Runs a step with that much stack, on the caller's own where it has as much left: a new one is a mapping, not a thread.
pub(crate) fn with_known_stack<T>(step: impl FnOnce() -> Result<T>) -> Result<T> {
    let step = || stacker::maybe_grow(STACK, STACK, step);
    catch_unwind(AssertUnwindSafe(step)).unwrap_or_else(|_| {
        let message = "the statement could not be read because of a defect of this program";
        Err(SqlError::internal(message, Position::new(1, 1)))
    })
}
