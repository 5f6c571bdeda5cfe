//! A stack of known size. Nesting is bounded by the parser; this is what that bound is measured against.

use crate::error::{Result, SqlError};
use bedside_types::Position;

/// Bytes. The deepest statement that the parser lets pass needs less than half of it in a build without optimisation.
const STACK: usize = 64 << 20;

/// Runs a step on a thread with that stack and waits for it.
pub(crate) fn with_known_stack<T: Send>(step: impl FnOnce() -> Result<T> + Send) -> Result<T> {
    let fault = |message: &str| SqlError::internal(message, Position::new(1, 1));
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name("resolve".to_owned()).stack_size(STACK);
        let handle = thread.spawn_scoped(scope, step).map_err(|error| {
            SqlError::too_large(format!("no thread to read the statement on: {error}"), Position::new(1, 1))
        })?;
        handle
            .join()
            .unwrap_or_else(|_| Err(fault("the statement could not be read because of a defect of this program")))
    })
}
