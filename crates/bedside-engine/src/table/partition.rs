//! Partitions and order of a scan.
//!
//! All event tables of a release are split on the same subjects, so a scan declares range partitioning by `subject_id`
//! beside its order: grouping, windows and joins by patient then run inside a partition. Order alone would make DataFusion
//! slower, as it adds an order-preserving shuffle.

use bedside_store::{LayoutEntry, LayoutName};
use datafusion::arrow::compute::SortOptions;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::common::Result;
use datafusion::common::SplitPoint;
use datafusion::physical_expr::expressions::col;
use datafusion::physical_expr::{LexOrdering, Partitioning, PhysicalSortExpr, RangePartitioning};
use datafusion::scalar::ScalarValue;
use std::ops::Range;

const ASCENDING: SortOptions = SortOptions { descending: false, nulls_first: true };

/// The files of each partition, by their place in the layout, and what may be said of the partitions.
#[derive(Debug)]
pub(crate) struct Partitions {
    pub(crate) files: Vec<Vec<usize>>,
    pub(crate) partitioning: Option<Partitioning>,
}

/// Neighbouring subject ranges share a partition; which do depends on the release and `wanted` alone, so that all tables of
/// a release fall apart alike. A layout without ranges is one partition.
pub(crate) fn of_layout(schema: &SchemaRef, layout: &LayoutEntry, splits: &[i64], wanted: usize) -> Result<Partitions> {
    let ranged = layout.files.iter().all(|file| file.range.is_some()) && schema.index_of("subject_id").is_ok();
    if !ranged {
        return Ok(Partitions { files: vec![(0..layout.files.len()).collect()], partitioning: None });
    }
    let parts = stretches(splits.len() + 1, wanted);
    let files = parts
        .iter()
        .map(|part| {
            let inside = |index: &usize| layout.files[*index].range.is_some_and(|r| part.contains(&(r as usize)));
            (0..layout.files.len()).filter(inside).collect()
        })
        .collect();
    let points =
        parts.iter().skip(1).map(|part| SplitPoint::new(vec![ScalarValue::Int64(Some(splits[part.start - 1]))]));
    let order = LexOrdering::new([PhysicalSortExpr::new(col("subject_id", schema)?, ASCENDING)]);
    let partitioning = order.map(|order| RangePartitioning::try_new(order, points.collect())).transpose()?;
    Ok(Partitions { files, partitioning: partitioning.map(Partitioning::Range) })
}

/// The order of the rows inside a partition; none where files are not in each other's order, as items begin anew in each.
pub(crate) fn order(schema: &SchemaRef, layout: &LayoutEntry) -> Option<LexOrdering> {
    if layout.name == LayoutName::Item && layout.files.len() > 1 {
        return None;
    }
    let column = |name: &String| Some(PhysicalSortExpr::new(col(name, schema).ok()?, ASCENDING));
    LexOrdering::new(layout.order.iter().map_while(column))
}

/// `ranges` cut into at most `wanted` stretches of nearly equal length.
fn stretches(ranges: usize, wanted: usize) -> Vec<Range<usize>> {
    let parts = wanted.clamp(1, ranges);
    (0..parts).map(|i| i * ranges / parts..(i + 1) * ranges / parts).collect()
}

#[cfg(test)]
mod tests {
    use super::stretches;

    #[test]
    fn stretches_cover_all_ranges_once() {
        for (ranges, wanted, expected) in [(1, 4, 1), (7, 2, 2), (32, 5, 5), (3, 0, 1)] {
            let parts = stretches(ranges, wanted);
            assert_eq!(parts.len(), expected);
            assert_eq!(parts.iter().cloned().flatten().collect::<Vec<_>>(), (0..ranges).collect::<Vec<_>>());
            assert!(parts.iter().all(|part| !part.is_empty()));
        }
    }
}
