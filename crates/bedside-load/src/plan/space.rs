//! How much disk space a load needs.

use super::{ReleasePlan, TablePlan};
use crate::options::LoadOptions;

/// Bytes of text in a byte of gzip. The largest files of MIMIC-IV shrink to a tenth to a thirteenth.
const TEXT_PER_GZIP: u64 = 12;
/// A byte of text takes this share of a byte in one layout, as 1/n; measured on both demos: 1/9 to 1/14.
const TEXT_PER_PARQUET: u64 = 8;
/// A byte of text takes this share of a byte in a temporary file, as 1/n; measured on chart rows.
const TEXT_PER_SPILL: u64 = 2;

/// Bytes needed for all tables to load: their files, and the temporary files of those read at the same time.
pub(super) fn needed(plan: &ReleasePlan, options: &LoadOptions) -> u64 {
    let files: u64 = plan.to_load().map(|table| text(table) / TEXT_PER_PARQUET * layouts(table)).sum();
    let mut spills: Vec<u64> = plan.to_load().map(|table| spill(table, options)).collect();
    spills.sort_unstable_by(|a, b| b.cmp(a));
    files + spills.into_iter().take(options.shares().files).sum::<u64>()
}

fn text(table: &TablePlan) -> u64 {
    let bytes = table.file.bytes.unwrap_or_default();
    if table.file.path.to_ascii_lowercase().ends_with(".gz") { bytes * TEXT_PER_GZIP } else { bytes }
}

fn layouts(table: &TablePlan) -> u64 {
    if table.definition.order.item.is_empty() { 1 } else { 2 }
}

fn spill(table: &TablePlan, options: &LoadOptions) -> u64 {
    if text(table) < options.shares().own as u64 { 0 } else { text(table) / TEXT_PER_SPILL }
}
