//! Concepts on small synthetic releases, and on the open demo.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "tests"
)]

mod bad_input;
mod checks;
mod code_list;
mod compare;
mod difference;
mod families;
mod filled;
mod fixture;
mod gold;
mod incremental;
mod independence;
mod layouts;
mod naming;
mod properties;
mod properties_mimiciii;
mod recorded;
mod reference;
mod release;
mod releases;
mod shifted;
mod stopping;
