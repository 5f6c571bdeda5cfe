//! Concepts on small synthetic releases.

mod fixture;
mod incremental;
