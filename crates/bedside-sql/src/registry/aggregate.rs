//! Aggregates.

use super::{Function, FunctionKind};

const fn aggregate(
    name: &'static str,
    aliases: &'static [&'static str],
    signatures: &'static [&'static str],
    description: &'static str,
) -> Function {
    Function { name, kind: FunctionKind::Aggregate, signatures, aliases, description, family: "aggregate" }
}

const STATISTIC: &[&str] = &["FLOAT64 -> FLOAT64"];
const STATISTIC_OF_TWO: &[&str] = &["FLOAT64, FLOAT64 -> FLOAT64"];

pub(super) const FUNCTIONS: &[Function] = &[
    aggregate("count_star", &[], &["-> INT64"], "the number of rows; written COUNT(*)"),
    aggregate("count", &[], &["T -> INT64"], "the number of values that are not NULL"),
    aggregate(
        "grouping",
        &[],
        &["E -> INT64"],
        "1 where ROLLUP, CUBE or GROUPING SETS left this key of GROUP BY out of the row's set, else 0",
    ),
    aggregate("countif", &[], &["BOOL -> INT64"], "the number of rows for which the condition is true"),
    aggregate(
        "sum",
        &[],
        &[
            "INT64 -> INT64",
            "FLOAT64 -> FLOAT64",
            "NUMERIC -> NUMERIC",
            "BIGNUMERIC -> BIGNUMERIC",
            "INTERVAL -> INTERVAL",
        ],
        "the sum; fails on overflow, NULL over no value",
    ),
    aggregate(
        "avg",
        &[],
        &["FLOAT64 -> FLOAT64", "NUMERIC -> NUMERIC", "BIGNUMERIC -> BIGNUMERIC", "INTERVAL -> INTERVAL"],
        "the mean",
    ),
    aggregate("min", &[], &["O -> O"], "the smallest value; NaN if any is NaN"),
    aggregate("max", &[], &["O -> O"], "the largest value; NaN if any is NaN"),
    aggregate("any_value", &[], &["T -> T"], "some value"),
    aggregate("max_by", &[], &["T, O -> T"], "the first where the second is largest"),
    aggregate("min_by", &[], &["T, O -> T"], "the first where the second is smallest"),
    aggregate("array_agg", &[], &["T -> ARRAY<T>"], "the values as an array, NULLs kept"),
    aggregate("array_concat_agg", &[], &["ARRAY<T> -> ARRAY<T>"], "the arrays joined"),
    aggregate(
        "string_agg",
        &[],
        &["STRING, [const STRING] -> STRING", "BYTES, [const BYTES] -> BYTES"],
        "the texts joined by a delimiter, a comma by default; NULLs are passed over",
    ),
    aggregate("logical_and", &[], &["BOOL -> BOOL"], "whether all are true"),
    aggregate("logical_or", &[], &["BOOL -> BOOL"], "whether one is true"),
    aggregate("bit_and", &[], &["INT64 -> INT64"], "bits that all have"),
    aggregate("bit_or", &[], &["INT64 -> INT64"], "bits that one has"),
    aggregate("bit_xor", &[], &["INT64 -> INT64"], "bits that an odd number has"),
    aggregate("stddev_samp", &["stddev"], STATISTIC, "the sample standard deviation"),
    aggregate("stddev_pop", &[], STATISTIC, "the population standard deviation"),
    aggregate("var_samp", &["variance"], STATISTIC, "the sample variance"),
    aggregate("var_pop", &[], STATISTIC, "the population variance"),
    aggregate("corr", &[], STATISTIC_OF_TWO, "Pearson's correlation"),
    aggregate("covar_pop", &[], STATISTIC_OF_TWO, "the population covariance"),
    aggregate("covar_samp", &[], STATISTIC_OF_TWO, "the sample covariance"),
    aggregate("approx_count_distinct", &[], &["E -> INT64"], "about how many different values"),
    aggregate(
        "approx_quantiles",
        &[],
        &["O, const INT64 -> ARRAY<O>"],
        "values that split the input into so many parts of equal size, both ends included",
    ),
    aggregate(
        "approx_top_count",
        &[],
        &["E, const INT64 -> ARRAY<STRUCT<value E, count INT64>>"],
        "the most frequent values",
    ),
    aggregate(
        "approx_top_sum",
        &[],
        &[
            "E, INT64, const INT64 -> ARRAY<STRUCT<value E, sum INT64>>",
            "E, FLOAT64, const INT64 -> ARRAY<STRUCT<value E, sum FLOAT64>>",
            "E, NUMERIC, const INT64 -> ARRAY<STRUCT<value E, sum NUMERIC>>",
        ],
        "the values with the largest sums of weights",
    ),
];
