//! Statements run here: the one door to the engine for every command.

use crate::command::Context;
use crate::failure::Failure;
use crate::output::ResultColumn;
use arrow::array::RecordBatch;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
