//! Dates and times. The functions named after DATE, DATETIME and TIMESTAMP go by the types of their arguments, not by
//! their names, as on BigQuery.

use super::{Function, scalar};

const FAMILY: &str = "date and time";

const MOVE: &[&str] =
    &["DATE, INT64, PART -> DATE", "DATETIME, INT64, PART -> DATETIME", "TIMESTAMP, INT64, PART -> TIMESTAMP"];
const MOVE_DATETIME: &[&str] = &["DATETIME, INT64, PART -> DATETIME", "TIMESTAMP, INT64, PART -> TIMESTAMP"];
const MOVE_TIMESTAMP: &[&str] = &["TIMESTAMP, INT64, PART -> TIMESTAMP", "DATETIME, INT64, PART -> DATETIME"];
const MOVE_TIME: &[&str] = &["TIME, INT64, PART -> TIME"];
const DIFFERENCE_DATE: &[&str] =
    &["DATE, DATE, PART -> INT64", "DATETIME, DATETIME, PART -> INT64", "TIMESTAMP, TIMESTAMP, PART -> INT64"];
const DIFFERENCE_DATETIME: &[&str] = &["DATETIME, DATETIME, PART -> INT64", "TIMESTAMP, TIMESTAMP, PART -> INT64"];
const DIFFERENCE_TIMESTAMP: &[&str] = &["TIMESTAMP, TIMESTAMP, PART -> INT64", "DATETIME, DATETIME, PART -> INT64"];
const TRUNCATE: &[&str] =
    &["DATE, PART -> DATE", "DATETIME, PART -> DATETIME", "TIMESTAMP, PART, [STRING] -> TIMESTAMP"];
const TRUNCATE_DATETIME: &[&str] = &["DATETIME, PART -> DATETIME", "TIMESTAMP, PART, [STRING] -> TIMESTAMP"];
const TRUNCATE_TIMESTAMP: &[&str] = &["TIMESTAMP, PART, [STRING] -> TIMESTAMP", "DATETIME, PART -> DATETIME"];

pub(super) const FUNCTIONS: &[Function] = &[
    scalar(
        FAMILY,
        "date",
        &[],
        &[
            "INT64, INT64, INT64 -> DATE",
            "DATE -> DATE",
            "DATETIME -> DATE",
            "TIMESTAMP, [STRING] -> DATE",
            "STRING -> DATE",
        ],
        "a day from year, month and day, or the day of a time",
    ),
    scalar(
        FAMILY,
        "datetime",
        &[],
        &[
            "INT64, INT64, INT64, INT64, INT64, INT64 -> DATETIME",
            "DATE, TIME -> DATETIME",
            "DATETIME -> DATETIME",
            "DATE -> DATETIME",
            "TIMESTAMP, [STRING] -> DATETIME",
            "STRING -> DATETIME",
        ],
        "a civil time from its parts, from a day, or from an instant",
    ),
    scalar(
        FAMILY,
        "time",
        &[],
        &["INT64, INT64, INT64 -> TIME", "TIME -> TIME", "DATETIME -> TIME", "TIMESTAMP, [STRING] -> TIME"],
        "a time of day from its parts or of a time",
    ),
    scalar(
        FAMILY,
        "timestamp",
        &[],
        &[
            "STRING, [STRING] -> TIMESTAMP",
            "DATETIME, [STRING] -> TIMESTAMP",
            "DATE, [STRING] -> TIMESTAMP",
            "TIMESTAMP -> TIMESTAMP",
        ],
        "an instant from text or from a civil time, in UTC unless a zone is given",
    ),
    scalar(FAMILY, "current_date", &[], &["[STRING] -> DATE"], "today, in UTC unless a zone is given"),
    scalar(
        FAMILY,
        "current_datetime",
        &[],
        &["[STRING] -> DATETIME"],
        "now as a civil time, in UTC unless a zone is given",
    ),
    scalar(FAMILY, "current_time", &[], &["[STRING] -> TIME"], "the time of day, in UTC unless a zone is given"),
    scalar(FAMILY, "current_timestamp", &[], &["-> TIMESTAMP"], "now"),
    scalar(FAMILY, "date_add", &[], MOVE, "moved forward by INTERVAL n part"),
    scalar(FAMILY, "date_sub", &[], MOVE, "moved back by INTERVAL n part"),
    scalar(
        FAMILY,
        "datetime_add",
        &[],
        MOVE_DATETIME,
        "moved forward by INTERVAL n part; months clamp to their last day",
    ),
    scalar(FAMILY, "datetime_sub", &[], MOVE_DATETIME, "moved back by INTERVAL n part; months clamp to their last day"),
    scalar(FAMILY, "timestamp_add", &[], MOVE_TIMESTAMP, "moved forward by INTERVAL n part"),
    scalar(FAMILY, "timestamp_sub", &[], MOVE_TIMESTAMP, "moved back by INTERVAL n part"),
    scalar(FAMILY, "time_add", &[], MOVE_TIME, "moved forward, round the clock"),
    scalar(FAMILY, "time_sub", &[], MOVE_TIME, "moved back, round the clock"),
    scalar(
        FAMILY,
        "date_diff",
        &[],
        DIFFERENCE_DATE,
        "boundaries of the part crossed from the second to the first; whole elapsed parts for TIMESTAMP",
    ),
    scalar(
        FAMILY,
        "datetime_diff",
        &[],
        DIFFERENCE_DATETIME,
        "boundaries of the part crossed from the second to the first; whole elapsed parts for TIMESTAMP",
    ),
    scalar(
        FAMILY,
        "timestamp_diff",
        &[],
        DIFFERENCE_TIMESTAMP,
        "whole elapsed parts for TIMESTAMP; boundaries of the part crossed for DATETIME and DATE",
    ),
    scalar(FAMILY, "time_diff", &[], &["TIME, TIME, PART -> INT64"], "boundaries of the part crossed"),
    scalar(FAMILY, "date_trunc", &[], TRUNCATE, "cut to the start of the part"),
    scalar(FAMILY, "datetime_trunc", &[], TRUNCATE_DATETIME, "cut to the start of the part"),
    scalar(FAMILY, "timestamp_trunc", &[], TRUNCATE_TIMESTAMP, "cut to the start of the part"),
    scalar(FAMILY, "time_trunc", &[], &["TIME, PART -> TIME"], "cut to the start of the part"),
    scalar(
        FAMILY,
        "extract",
        &[],
        &[
            "DATE, PART -> INT64",
            "DATETIME, PART -> INT64",
            "TIMESTAMP, PART, [STRING] -> INT64",
            "TIME, PART -> INT64",
            "INTERVAL, PART -> INT64",
        ],
        "a part; DATE and TIME are parts too. Written EXTRACT(part FROM value)",
    ),
    scalar(
        FAMILY,
        "last_day",
        &[],
        &["DATE, [PART] -> DATE", "DATETIME, [PART] -> DATE"],
        "the last day of the month or part",
    ),
    scalar(
        FAMILY,
        "format_date",
        &[],
        &["STRING, DATE -> STRING", "STRING, DATETIME -> STRING", "STRING, TIMESTAMP, [STRING] -> STRING"],
        "a day written by a pattern",
    ),
    scalar(
        FAMILY,
        "format_datetime",
        &[],
        &["STRING, DATETIME -> STRING", "STRING, TIMESTAMP, [STRING] -> STRING"],
        "a civil time written by a pattern",
    ),
    scalar(FAMILY, "format_time", &[], &["STRING, TIME -> STRING"], "a time of day written by a pattern"),
    scalar(
        FAMILY,
        "format_timestamp",
        &[],
        &["STRING, TIMESTAMP, [STRING] -> STRING", "STRING, DATETIME -> STRING"],
        "an instant written by a pattern, in UTC unless a zone is given",
    ),
    scalar(FAMILY, "parse_date", &[], &["STRING, STRING -> DATE"], "the text read by a pattern, all of it"),
    scalar(FAMILY, "parse_datetime", &[], &["STRING, STRING -> DATETIME"], "the text read by a pattern, all of it"),
    scalar(FAMILY, "parse_time", &[], &["STRING, STRING -> TIME"], "the text read by a pattern, all of it"),
    scalar(
        FAMILY,
        "parse_timestamp",
        &[],
        &["STRING, STRING, [STRING] -> TIMESTAMP"],
        "the text read by a pattern, all of it, in UTC unless a zone is given",
    ),
    scalar(
        FAMILY,
        "string",
        &[],
        &["TIMESTAMP, [STRING] -> STRING", "DATE -> STRING", "TIME -> STRING", "DATETIME -> STRING", "JSON -> STRING"],
        "a time as text, in UTC unless a zone is given; of JSON the text",
    ),
    scalar(FAMILY, "unix_seconds", &[], &["TIMESTAMP -> INT64"], "seconds since 1970, rounded down"),
    scalar(FAMILY, "unix_millis", &[], &["TIMESTAMP -> INT64"], "milliseconds since 1970, rounded down"),
    scalar(FAMILY, "unix_micros", &[], &["TIMESTAMP -> INT64"], "microseconds since 1970"),
    scalar(FAMILY, "unix_date", &[], &["DATE -> INT64"], "days since 1970-01-01"),
    scalar(FAMILY, "timestamp_seconds", &[], &["INT64 -> TIMESTAMP"], "the instant so many seconds after 1970"),
    scalar(FAMILY, "timestamp_millis", &[], &["INT64 -> TIMESTAMP"], "the instant so many milliseconds after 1970"),
    scalar(FAMILY, "timestamp_micros", &[], &["INT64 -> TIMESTAMP"], "the instant so many microseconds after 1970"),
    scalar(FAMILY, "date_from_unix_date", &[], &["INT64 -> DATE"], "the day so many days after 1970-01-01"),
    scalar(
        FAMILY,
        "make_interval",
        &[],
        &[
            "[year => INT64 = 0], [month => INT64 = 0], [day => INT64 = 0], [hour => INT64 = 0], [minute => INT64 = 0], \
           [second => INT64 = 0] -> INTERVAL",
        ],
        "an interval from years, months, days, hours, minutes and seconds",
    ),
    scalar(FAMILY, "justify_days", &[], &["INTERVAL -> INTERVAL"], "30 days made a month"),
    scalar(FAMILY, "justify_hours", &[], &["INTERVAL -> INTERVAL"], "24 hours made a day"),
    scalar(FAMILY, "justify_interval", &[], &["INTERVAL -> INTERVAL"], "both"),
];
