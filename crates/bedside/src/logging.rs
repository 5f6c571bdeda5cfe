//! Logs, for those who look for a fault in bedside itself: on standard error, only with BEDSIDE_LOG (as in
//! `BEDSIDE_LOG=debug`).

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::FilterFn;
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

/// The variable that turns logs on and filters them.
const VARIABLE: &str = "BEDSIDE_LOG";

/// Starts to log if the variable is set. Only our own crates log: others would write SQL and values at some levels.
pub(crate) fn start() {
    let Ok(filter) = EnvFilter::try_from_env(VARIABLE) else { return };
    let ours = FilterFn::new(|metadata| metadata.target().starts_with("bedside"));
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(false).with_filter(ours);
    // Fails only where someone else set a subscriber before, which nobody does.
    let _ = tracing_subscriber::registry().with(filter).with(lines).try_init();
}
