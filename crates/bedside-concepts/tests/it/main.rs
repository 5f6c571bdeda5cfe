//! Concepts on small synthetic releases, and on the open demo.

mod bad_input;
mod checks;
mod compare;
mod difference;
mod filled;
mod fixture;
mod gold;
mod incremental;
mod independence;
mod layouts;
mod properties;
mod reference;
mod release;
mod releases;
mod stopping;
