//! Choosing between values.

use super::{Function, scalar};

const FAMILY: &str = "conditional";

pub(super) const FUNCTIONS: &[Function] = &[
    scalar(FAMILY, "if", &[], &["BOOL, T, T -> T"], "the second if the first is true, else the third"),
    scalar(FAMILY, "coalesce", &[], &["T... -> T"], "the first that is not NULL"),
    scalar(FAMILY, "ifnull", &[], &["T, T -> T"], "the first, or the second where the first is NULL"),
    scalar(FAMILY, "nullif", &[], &["E, E -> E"], "the first, or NULL where both are equal"),
    scalar(FAMILY, "nullifzero", &[], &["INT64 -> INT64", "FLOAT64 -> FLOAT64", "NUMERIC -> NUMERIC"], "NULL for zero"),
    scalar(FAMILY, "zeroifnull", &[], &["INT64 -> INT64", "FLOAT64 -> FLOAT64", "NUMERIC -> NUMERIC"], "zero for NULL"),
    scalar(FAMILY, "greatest", &[], &["O... -> O"], "the largest; NULL if any is NULL, NaN if any is NaN"),
    scalar(FAMILY, "least", &[], &["O... -> O"], "the smallest; NULL if any is NULL, NaN if any is NaN"),
    scalar(FAMILY, "typeof", &[], &["T -> STRING"], "the name of the value's type"),
    scalar(FAMILY, "error", &[], &["STRING -> INT64"], "fails with the message"),
];
