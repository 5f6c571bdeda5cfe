//! RANGE: what lies between two days or times. RANGE_SESSIONIZE itself is a table function, see `parse/sessionize.rs`.

use super::{Function, scalar};

const FAMILY: &str = "range";

pub(super) const FUNCTIONS: &[Function] = &[
    scalar(
        FAMILY,
        "range",
        &[],
        &[
            "DATE, DATE -> RANGE<DATE>",
            "DATETIME, DATETIME -> RANGE<DATETIME>",
            "TIMESTAMP, TIMESTAMP -> RANGE<TIMESTAMP>",
        ],
        "from the first to before the second; a NULL end is unbounded",
    ),
    scalar(
        FAMILY,
        "range_start",
        &[],
        &["RANGE<DATE> -> DATE", "RANGE<DATETIME> -> DATETIME", "RANGE<TIMESTAMP> -> TIMESTAMP"],
        "where a range begins, NULL if it is unbounded there",
    ),
    scalar(
        FAMILY,
        "range_end",
        &[],
        &["RANGE<DATE> -> DATE", "RANGE<DATETIME> -> DATETIME", "RANGE<TIMESTAMP> -> TIMESTAMP"],
        "where a range ends, which is not in it, NULL if it is unbounded there",
    ),
    scalar(
        FAMILY,
        "range_contains",
        &[],
        &[
            "RANGE<DATE>, DATE -> BOOL",
            "RANGE<DATETIME>, DATETIME -> BOOL",
            "RANGE<TIMESTAMP>, TIMESTAMP -> BOOL",
            "RANGE<DATE>, RANGE<DATE> -> BOOL",
            "RANGE<DATETIME>, RANGE<DATETIME> -> BOOL",
            "RANGE<TIMESTAMP>, RANGE<TIMESTAMP> -> BOOL",
        ],
        "whether the second, a range or a time, is wholly in the first",
    ),
    scalar(
        FAMILY,
        "range_overlaps",
        &[],
        &[
            "RANGE<DATE>, RANGE<DATE> -> BOOL",
            "RANGE<DATETIME>, RANGE<DATETIME> -> BOOL",
            "RANGE<TIMESTAMP>, RANGE<TIMESTAMP> -> BOOL",
        ],
        "whether two ranges have something in common",
    ),
    scalar(
        FAMILY,
        "range_intersect",
        &[],
        &[
            "RANGE<DATE>, RANGE<DATE> -> RANGE<DATE>",
            "RANGE<DATETIME>, RANGE<DATETIME> -> RANGE<DATETIME>",
            "RANGE<TIMESTAMP>, RANGE<TIMESTAMP> -> RANGE<TIMESTAMP>",
        ],
        "what two ranges have in common, an error where that is nothing",
    ),
    scalar(
        FAMILY,
        "generate_range_array",
        &[],
        &[
            "RANGE<DATE>, INTERVAL, [BOOL = TRUE] -> ARRAY<RANGE<DATE>>",
            "RANGE<DATETIME>, INTERVAL, [BOOL = TRUE] -> ARRAY<RANGE<DATETIME>>",
            "RANGE<TIMESTAMP>, INTERVAL, [BOOL = TRUE] -> ARRAY<RANGE<TIMESTAMP>>",
        ],
        "a range in pieces, each a step long; a shorter last one is left out where the third argument is FALSE",
    ),
    scalar(
        FAMILY,
        "range_sessionize.start",
        &[],
        &["RANGE<DATE> -> INT64", "RANGE<DATETIME> -> INT64", "RANGE<TIMESTAMP> -> INT64"],
        "a number that orders ranges by their start; what RANGE_SESSIONIZE is made of",
    ),
    scalar(
        FAMILY,
        "range_sessionize.end",
        &[],
        &["RANGE<DATE> -> INT64", "RANGE<DATETIME> -> INT64", "RANGE<TIMESTAMP> -> INT64"],
        "a number that orders ranges by their end; what RANGE_SESSIONIZE is made of",
    ),
];
