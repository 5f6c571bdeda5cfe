//! Numbers.

use super::{Function, scalar};

const FAMILY: &str = "math";

const SAME: &[&str] = &["INT64 -> INT64", "FLOAT64 -> FLOAT64", "NUMERIC -> NUMERIC", "BIGNUMERIC -> BIGNUMERIC"];
const REAL: &[&str] = &["FLOAT64 -> FLOAT64", "NUMERIC -> NUMERIC", "BIGNUMERIC -> BIGNUMERIC"];
const TO_DIGITS: &[&str] =
    &["FLOAT64, [INT64] -> FLOAT64", "NUMERIC, [INT64] -> NUMERIC", "BIGNUMERIC, [INT64] -> BIGNUMERIC"];
const OF_TWO: &[&str] =
    &["FLOAT64, FLOAT64 -> FLOAT64", "NUMERIC, NUMERIC -> NUMERIC", "BIGNUMERIC, BIGNUMERIC -> BIGNUMERIC"];
const SAME_OF_TWO: &[&str] = &[
    "INT64, INT64 -> INT64",
    "FLOAT64, FLOAT64 -> FLOAT64",
    "NUMERIC, NUMERIC -> NUMERIC",
    "BIGNUMERIC, BIGNUMERIC -> BIGNUMERIC",
];
const EXACT_OF_TWO: &[&str] =
    &["INT64, INT64 -> INT64", "NUMERIC, NUMERIC -> NUMERIC", "BIGNUMERIC, BIGNUMERIC -> BIGNUMERIC"];
const DISTANCE: &[&str] = &[
    "ARRAY<FLOAT64>, ARRAY<FLOAT64> -> FLOAT64",
    "ARRAY<STRUCT<INT64, FLOAT64>>, ARRAY<STRUCT<INT64, FLOAT64>> -> FLOAT64",
    "ARRAY<STRUCT<STRING, FLOAT64>>, ARRAY<STRUCT<STRING, FLOAT64>> -> FLOAT64",
];
const FLOAT: &[&str] = &["FLOAT64 -> FLOAT64"];

pub(super) const FUNCTIONS: &[Function] = &[
    scalar(FAMILY, "abs", &[], SAME, "the value without its sign; fails on overflow"),
    scalar(FAMILY, "sign", &[], SAME, "-1, 0 or 1"),
    scalar(
        FAMILY,
        "round",
        &[],
        &[
            "FLOAT64, [INT64] -> FLOAT64",
            "NUMERIC, [INT64, STRING] -> NUMERIC",
            "BIGNUMERIC, [INT64, STRING] -> BIGNUMERIC",
        ],
        "rounded to digits after the point, halves away from zero, or to even ones for 'ROUND_HALF_EVEN'",
    ),
    scalar(FAMILY, "trunc", &[], TO_DIGITS, "cut to digits after the point"),
    scalar(FAMILY, "ceil", &["ceiling"], REAL, "the next whole number up"),
    scalar(FAMILY, "floor", &[], REAL, "the next whole number down"),
    scalar(FAMILY, "sqrt", &[], REAL, "the square root; fails below zero"),
    scalar(FAMILY, "cbrt", &[], REAL, "the cube root"),
    scalar(FAMILY, "pow", &["power"], OF_TWO, "the first to the power of the second"),
    scalar(FAMILY, "exp", &[], REAL, "e to the power of the value; fails on overflow"),
    scalar(FAMILY, "ln", &[], REAL, "the natural logarithm; fails for zero and below"),
    scalar(
        FAMILY,
        "log",
        &[],
        &["FLOAT64, [FLOAT64] -> FLOAT64", "NUMERIC, [NUMERIC] -> NUMERIC", "BIGNUMERIC, [BIGNUMERIC] -> BIGNUMERIC"],
        "the natural logarithm, or that to the base given second",
    ),
    scalar(FAMILY, "log10", &[], REAL, "the decimal logarithm"),
    scalar(FAMILY, "mod", &[], EXACT_OF_TWO, "the remainder with the sign of the first; fails for zero"),
    scalar(FAMILY, "div", &[], EXACT_OF_TWO, "the quotient cut to a whole number; fails for zero"),
    scalar(FAMILY, "safe_divide", &[], OF_TWO, "the quotient, NULL for zero or overflow"),
    scalar(FAMILY, "ieee_divide", &[], &["FLOAT64, FLOAT64 -> FLOAT64"], "the quotient, infinite or NaN for zero"),
    scalar(FAMILY, "safe_add", &[], SAME_OF_TWO, "the sum, NULL on overflow"),
    scalar(FAMILY, "safe_subtract", &[], SAME_OF_TWO, "the difference, NULL on overflow"),
    scalar(FAMILY, "safe_multiply", &[], SAME_OF_TWO, "the product, NULL on overflow"),
    scalar(FAMILY, "safe_negate", &[], SAME, "the value with the other sign, NULL on overflow"),
    scalar(FAMILY, "is_inf", &[], &["FLOAT64 -> BOOL"], "whether the value is infinite"),
    scalar(FAMILY, "is_nan", &[], &["FLOAT64 -> BOOL"], "whether the value is NaN"),
    scalar(FAMILY, "sin", &[], FLOAT, "the sine"),
    scalar(FAMILY, "cos", &[], FLOAT, "the cosine"),
    scalar(FAMILY, "tan", &[], FLOAT, "the tangent"),
    scalar(FAMILY, "asin", &[], FLOAT, "the inverse sine"),
    scalar(FAMILY, "acos", &[], FLOAT, "the inverse cosine"),
    scalar(FAMILY, "atan", &[], FLOAT, "the inverse tangent"),
    scalar(FAMILY, "atan2", &[], &["FLOAT64, FLOAT64 -> FLOAT64"], "the angle of the point (second, first)"),
    scalar(FAMILY, "sinh", &[], FLOAT, "the hyperbolic sine"),
    scalar(FAMILY, "cosh", &[], FLOAT, "the hyperbolic cosine"),
    scalar(FAMILY, "tanh", &[], FLOAT, "the hyperbolic tangent"),
    scalar(FAMILY, "asinh", &[], FLOAT, "the inverse hyperbolic sine"),
    scalar(FAMILY, "acosh", &[], FLOAT, "the inverse hyperbolic cosine; fails below 1"),
    scalar(FAMILY, "atanh", &[], FLOAT, "the inverse hyperbolic tangent"),
    scalar(FAMILY, "cot", &[], FLOAT, "the cotangent; fails for 0"),
    scalar(FAMILY, "sec", &[], FLOAT, "the secant"),
    scalar(FAMILY, "csc", &[], FLOAT, "the cosecant; fails for 0"),
    scalar(FAMILY, "coth", &[], FLOAT, "the hyperbolic cotangent; fails for 0"),
    scalar(FAMILY, "sech", &[], FLOAT, "the hyperbolic secant"),
    scalar(FAMILY, "csch", &[], FLOAT, "the hyperbolic cosecant; fails for 0"),
    scalar(
        FAMILY,
        "parse_numeric",
        &[],
        &["STRING -> NUMERIC"],
        "the text read as NUMERIC, group commas and a trailing sign too",
    ),
    scalar(FAMILY, "parse_bignumeric", &[], &["STRING -> BIGNUMERIC"], "the same as BIGNUMERIC"),
    scalar(
        FAMILY,
        "cosine_distance",
        &[],
        DISTANCE,
        "1 less the cosine of the angle between two vectors; fails for a zero vector",
    ),
    scalar(
        FAMILY,
        "euclidean_distance",
        &[],
        DISTANCE,
        "the distance between two vectors, sparse ones given as index and value",
    ),
    scalar(
        FAMILY,
        "range_bucket",
        &[],
        &["O, ARRAY<O> -> INT64"],
        "how many of the sorted bounds are not larger than the value",
    ),
];
