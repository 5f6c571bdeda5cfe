//! How much disk space a load needs.
//!
//! Measured on the open demos: a layout takes 0.7 to 1.1 times the size of the gzip file that it comes from, and 1/4 to
//! 1/18 of its text; gzip shrinks text to between a fifth and a fourteenth; temporary files take 1/7 of the text of chart
//! rows, and a third more where ranges are sorted in parts. What is computed here is on the safe side of these.

use super::{ReleasePlan, TablePlan};
use crate::options::LoadOptions;

/// Bytes needed for all tables to load: their files, and the temporary files of those read at the same time.
pub(super) fn needed(plan: &ReleasePlan, options: &LoadOptions) -> u64 {
    let files: u64 = plan.to_load().map(|table| Size::of(table).layout * layouts(table)).sum();
    let mut spills: Vec<u64> = plan.to_load().map(|table| spill(table, options)).collect();
    spills.sort_unstable_by(|a, b| b.cmp(a));
    files + spills.into_iter().take(options.shares().files).sum::<u64>()
}

/// Sizes that follow from that of a file, in bytes.
struct Size {
    text: u64,
    layout: u64,
}

impl Size {
    fn of(table: &TablePlan) -> Self {
        let bytes = table.file.bytes.unwrap_or_default();
        if table.file.path.to_ascii_lowercase().ends_with(".gz") {
            Self { text: bytes * 14, layout: bytes + bytes / 5 }
        } else {
            Self { text: bytes, layout: bytes / 4 }
        }
    }
}

fn layouts(table: &TablePlan) -> u64 {
    if table.definition.order.item.is_empty() { 1 } else { 2 }
}

fn spill(table: &TablePlan, options: &LoadOptions) -> u64 {
    let text = Size::of(table).text;
    if text < options.shares().own as u64 { 0 } else { text / 4 }
}
