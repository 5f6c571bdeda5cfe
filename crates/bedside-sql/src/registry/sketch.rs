//! Sketches: summaries of many values that can be merged.

use super::{Function, FunctionKind, scalar};

const FAMILY: &str = "HyperLogLog++";

const fn aggregate(name: &'static str, signatures: &'static [&'static str], description: &'static str) -> Function {
    Function { name, kind: FunctionKind::Aggregate, signatures, aliases: &[], description, family: FAMILY }
}

pub(super) const FUNCTIONS: &[Function] = &[
    aggregate(
        "hll_count.init",
        &[
            "INT64, [const INT64 = 15] -> BYTES",
            "NUMERIC, [const INT64 = 15] -> BYTES",
            "BIGNUMERIC, [const INT64 = 15] -> BYTES",
            "STRING, [const INT64 = 15] -> BYTES",
            "BYTES, [const INT64 = 15] -> BYTES",
        ],
        "a sketch of the different values, of 2 to the power of the second argument registers",
    ),
    aggregate("hll_count.merge", &["BYTES -> INT64"], "about how many different values the sketches saw together"),
    aggregate("hll_count.merge_partial", &["BYTES -> BYTES"], "the sketches as one"),
    scalar(FAMILY, "hll_count.extract", &[], &["BYTES -> INT64"], "about how many different values a sketch saw"),
];
