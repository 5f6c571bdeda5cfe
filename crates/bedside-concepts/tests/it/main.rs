//! Concepts on small synthetic releases.

mod bad_input;
mod checks;
mod difference;
mod fixture;
mod incremental;
mod layouts;
mod reference;
mod releases;
mod stopping;
