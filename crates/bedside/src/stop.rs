//! Ctrl-C, as one flag that everything looks at.

use crate::failure::Failure;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Begins to listen for Ctrl-C and the signals that end a program. The first sets the flag, so that work stops and cleans
/// up; a second one, while the flag is still set, ends the program at once.
pub(crate) fn listen() -> Result<Arc<AtomicBool>, Failure> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = stop.clone();
    let handler = move || {
        if flag.swap(true, Ordering::Relaxed) {
            #[expect(clippy::exit, reason = "the person at the keyboard does not want to wait for the cleaning up")]
            std::process::exit(1);
        }
    };
    ctrlc::set_handler(handler).map_err(|error| Failure::internal(format!("cannot listen for Ctrl-C: {error}")))?;
    Ok(stop)
}

/// Fails once the flag is set.
pub(crate) fn check(stop: &AtomicBool) -> Result<(), Failure> {
    if stop.load(Ordering::Relaxed) { Err(Failure::stopped()) } else { Ok(()) }
}
