//! The state of a home: what is kept, what a dead program leaves, who else may look.

mod jobs;
mod tokens;
