//! Sketches: summaries of many values that can be merged.

use super::{Function, FunctionKind, scalar};

const FAMILY: &str = "HyperLogLog++";

const QUANTILES: &str = "KLL quantiles";

const fn quantiles(name: &'static str, signatures: &'static [&'static str], description: &'static str) -> Function {
    Function { name, kind: FunctionKind::Aggregate, signatures, aliases: &[], description, family: QUANTILES }
}

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
    quantiles(
        "kll_quantiles.init_int64",
        &["INT64, [const INT64 = 1000], [weight => INT64 = 1] -> BYTES"],
        "a sketch of how the values are spread; ranks are off by at most one part of the second argument",
    ),
    quantiles(
        "kll_quantiles.init_float64",
        &["FLOAT64, [const INT64 = 1000], [weight => INT64 = 1] -> BYTES"],
        "a sketch of how the values are spread; ranks are off by at most one part of the second argument",
    ),
    quantiles("kll_quantiles.merge_partial", &["BYTES -> BYTES"], "the sketches as one"),
    quantiles(
        "kll_quantiles.merge_int64",
        &["BYTES, const INT64 -> ARRAY<INT64>"],
        "the least value, so many quantiles, the last of them the greatest value, of what the sketches saw together",
    ),
    quantiles(
        "kll_quantiles.merge_float64",
        &["BYTES, const INT64 -> ARRAY<FLOAT64>"],
        "the least value, so many quantiles, the last of them the greatest value, of what the sketches saw together",
    ),
    quantiles(
        "kll_quantiles.merge_point_int64",
        &["BYTES, const FLOAT64 -> INT64"],
        "the value that so large a part of what the sketches saw together is not above",
    ),
    quantiles(
        "kll_quantiles.merge_point_float64",
        &["BYTES, const FLOAT64 -> FLOAT64"],
        "the value that so large a part of what the sketches saw together is not above",
    ),
    scalar(
        QUANTILES,
        "kll_quantiles.extract_int64",
        &[],
        &["BYTES, INT64 -> ARRAY<INT64>"],
        "the least value that a sketch saw and so many quantiles, the last of them the greatest value",
    ),
    scalar(
        QUANTILES,
        "kll_quantiles.extract_float64",
        &[],
        &["BYTES, INT64 -> ARRAY<FLOAT64>"],
        "the least value that a sketch saw and so many quantiles, the last of them the greatest value",
    ),
    scalar(
        QUANTILES,
        "kll_quantiles.extract_point_int64",
        &[],
        &["BYTES, FLOAT64 -> INT64"],
        "the value that so large a part of what a sketch saw is not above",
    ),
    scalar(
        QUANTILES,
        "kll_quantiles.extract_point_float64",
        &[],
        &["BYTES, FLOAT64 -> FLOAT64"],
        "the value that so large a part of what a sketch saw is not above",
    ),
];
