//! Whole runs of the program, as a person at a keyboard sees them.

mod harness;
mod help;
mod journey;
mod mistakes;
mod rows;
mod settings;
