//! Time series. GAP_FILL itself is a table function, see `parse/gap_fill.rs`.

use super::{Function, scalar};

const FAMILY: &str = "time series";

pub(super) const FUNCTIONS: &[Function] = &[
    scalar(
        FAMILY,
        "date_bucket",
        &[],
        &["DATE, INTERVAL, [DATE] -> DATE"],
        "the start of the bucket that the day is in; buckets are counted from 1950-01-01 unless an origin is given",
    ),
    scalar(
        FAMILY,
        "datetime_bucket",
        &[],
        &["DATETIME, INTERVAL, [DATETIME] -> DATETIME"],
        "the start of the bucket that the time is in, counted from 1950-01-01 unless an origin is given",
    ),
    scalar(
        FAMILY,
        "timestamp_bucket",
        &[],
        &["TIMESTAMP, INTERVAL, [TIMESTAMP] -> TIMESTAMP"],
        "the start of the bucket that the instant is in, counted from 1950-01-01 unless an origin is given",
    ),
    scalar(
        FAMILY,
        "gap_fill.buckets",
        &[],
        &[
            "DATE, DATE, INTERVAL, [DATE] -> ARRAY<DATE>",
            "DATETIME, DATETIME, INTERVAL, [DATETIME] -> ARRAY<DATETIME>",
            "TIMESTAMP, TIMESTAMP, INTERVAL, [TIMESTAMP] -> ARRAY<TIMESTAMP>",
        ],
        "starts of buckets from one time to another; what GAP_FILL is made of",
    ),
    scalar(
        FAMILY,
        "gap_fill.linear",
        &[],
        &[
            "INT64, INT64, O, O, O -> INT64",
            "NUMERIC, NUMERIC, O, O, O -> NUMERIC",
            "BIGNUMERIC, BIGNUMERIC, O, O, O -> BIGNUMERIC",
            "FLOAT64, FLOAT64, O, O, O -> FLOAT64",
        ],
        "the value at the last time, between those at the two times before it; what GAP_FILL is made of",
    ),
];
