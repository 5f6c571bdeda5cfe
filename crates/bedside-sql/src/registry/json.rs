//! JSON.

use super::{Function, scalar};

const FAMILY: &str = "json";

pub(super) const FUNCTIONS: &[Function] = &[
    scalar(FAMILY, "to_json_string", &[], &["T, [BOOL] -> STRING"], "the value as JSON text"),
    scalar(FAMILY, "to_json", &[], &["T -> JSON"], "the value as JSON"),
    scalar(FAMILY, "parse_json", &[], &["STRING -> JSON"], "the text read as JSON"),
    scalar(
        FAMILY,
        "json_value",
        &[],
        &["STRING, [STRING] -> STRING", "JSON, [STRING] -> STRING"],
        "a scalar at a path, as text",
    ),
    scalar(
        FAMILY,
        "json_query",
        &[],
        &["STRING, [STRING] -> STRING", "JSON, [STRING] -> JSON"],
        "what is at a path, as JSON",
    ),
    scalar(
        FAMILY,
        "json_extract_scalar",
        &[],
        &["STRING, [STRING] -> STRING", "JSON, [STRING] -> STRING"],
        "a scalar at a path, as text",
    ),
    scalar(
        FAMILY,
        "json_extract",
        &[],
        &["STRING, [STRING] -> STRING", "JSON, [STRING] -> JSON"],
        "what is at a path, as JSON",
    ),
];
