//! Functions over windows only. Aggregates stand over windows too.

use super::{Function, FunctionKind};

const fn window(name: &'static str, signatures: &'static [&'static str], description: &'static str) -> Function {
    Function { name, kind: FunctionKind::Window, signatures, aliases: &[], description, family: "window" }
}

pub(super) const FUNCTIONS: &[Function] = &[
    window("row_number", &["-> INT64"], "the row's place in its partition, from 1"),
    window("rank", &["-> INT64"], "the place of the first peer, with gaps"),
    window("dense_rank", &["-> INT64"], "the place of the peer group, without gaps"),
    window("percent_rank", &["-> FLOAT64"], "(rank - 1) / (rows - 1)"),
    window("cume_dist", &["-> FLOAT64"], "share of rows before or with the row"),
    window("ntile", &["const INT64 -> INT64"], "which of so many equal parts the row is in, from 1"),
    window("lag", &["T, [const INT64], [T] -> T"], "the value so many rows before, 1 by default"),
    window("lead", &["T, [const INT64], [T] -> T"], "the value so many rows after, 1 by default"),
    window("first_value", &["T -> T"], "the value in the frame's first row"),
    window("last_value", &["T -> T"], "the value in the frame's last row"),
    window("nth_value", &["T, const INT64 -> T"], "the value in the frame's nth row, from 1"),
    window(
        "percentile_cont",
        &[
            "FLOAT64, const FLOAT64 -> FLOAT64",
            "NUMERIC, const NUMERIC -> NUMERIC",
            "BIGNUMERIC, const BIGNUMERIC -> BIGNUMERIC",
        ],
        "the percentile, interpolated between neighbours",
    ),
    window(
        "percentile_disc",
        &["O, const FLOAT64 -> O", "O, const NUMERIC -> O", "O, const BIGNUMERIC -> O"],
        "the percentile as a value that occurs",
    ),
];
