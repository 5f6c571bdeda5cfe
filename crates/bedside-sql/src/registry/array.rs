//! Arrays.

use super::{Function, scalar};

const FAMILY: &str = "array";

pub(super) const FUNCTIONS: &[Function] = &[
    scalar(FAMILY, "array_length", &[], &["ARRAY<T> -> INT64"], "the number of elements"),
    scalar(
        FAMILY,
        "array_to_string",
        &[],
        &["ARRAY<STRING>, STRING, [STRING] -> STRING", "ARRAY<BYTES>, BYTES, [BYTES] -> BYTES"],
        "the elements joined; NULLs are passed over unless a text for them is given",
    ),
    scalar(FAMILY, "array_concat", &[], &["ARRAY<T>... -> ARRAY<T>"], "the arrays joined"),
    scalar(FAMILY, "array_reverse", &[], &["ARRAY<T> -> ARRAY<T>"], "the elements from last to first"),
    scalar(FAMILY, "array_first", &[], &["ARRAY<T> -> T"], "the first element; fails for an empty array"),
    scalar(FAMILY, "array_last", &[], &["ARRAY<T> -> T"], "the last element; fails for an empty array"),
    scalar(
        FAMILY,
        "array_slice",
        &[],
        &["ARRAY<T>, INT64, INT64 -> ARRAY<T>"],
        "the elements from a place to another, both included, from 0, negative from the end",
    ),
    scalar(
        FAMILY,
        "generate_array",
        &[],
        &[
            "INT64, INT64, [INT64] -> ARRAY<INT64>",
            "NUMERIC, NUMERIC, [NUMERIC] -> ARRAY<NUMERIC>",
            "BIGNUMERIC, BIGNUMERIC, [BIGNUMERIC] -> ARRAY<BIGNUMERIC>",
            "FLOAT64, FLOAT64, [FLOAT64] -> ARRAY<FLOAT64>",
        ],
        "numbers from the first to the second, both included, by a step of 1 or the third",
    ),
    scalar(
        FAMILY,
        "generate_date_array",
        &[],
        &["DATE, DATE, [INT64, PART] -> ARRAY<DATE>"],
        "days from the first to the second, both included, by a day or INTERVAL n part",
    ),
    scalar(
        FAMILY,
        "generate_timestamp_array",
        &[],
        &["TIMESTAMP, TIMESTAMP, INT64, PART -> ARRAY<TIMESTAMP>"],
        "instants from the first to the second, both included, by INTERVAL n part",
    ),
];
