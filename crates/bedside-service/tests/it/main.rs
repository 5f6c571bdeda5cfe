//! The gate from outside: jobs, limits, results, tables, and what is left after a kill.

mod fixture;
mod jobs;
mod limits;
mod recovery;
mod results;
mod tables;
