//! Functions that stand over windows only.

use datafusion::functions_window::{cume_dist, lead_lag, nth_value, ntile, rank, row_number};
use datafusion::logical_expr::WindowUDF;
use std::sync::Arc;

/// Names that [`window`] implements. PERCENTILE_CONT and PERCENTILE_DISC are aggregates over whole partitions.
pub(crate) const NAMES: &[&str] = &[
    "cume_dist",
    "dense_rank",
    "first_value",
    "lag",
    "last_value",
    "lead",
    "nth_value",
    "ntile",
    "percent_rank",
    "rank",
    "row_number",
];

/// The window function of that name. Ranks come as UINT64 and must be cast.
pub fn window(name: &str) -> Option<Arc<WindowUDF>> {
    Some(match name {
        "row_number" => row_number::row_number_udwf(),
        "rank" => rank::rank_udwf(),
        "dense_rank" => rank::dense_rank_udwf(),
        "percent_rank" => rank::percent_rank_udwf(),
        "cume_dist" => cume_dist::cume_dist_udwf(),
        "ntile" => ntile::ntile_udwf(),
        "lag" => lead_lag::lag_udwf(),
        "lead" => lead_lag::lead_udwf(),
        "first_value" => nth_value::first_value_udwf(),
        "last_value" => nth_value::last_value_udwf(),
        "nth_value" => nth_value::nth_value_udwf(),
        _ => return None,
    })
}
