//! JSON.

use super::{Function, scalar};

const FAMILY: &str = "json";

const TO_TEXT: &[&str] = &["STRING, [STRING] -> STRING", "JSON, [STRING] -> STRING"];
const TO_JSON: &[&str] = &["STRING, STRING -> STRING", "JSON, STRING -> JSON"];
const TO_TEXTS: &[&str] = &["STRING, [STRING] -> ARRAY<STRING>", "JSON, [STRING] -> ARRAY<STRING>"];
const TO_JSONS: &[&str] = &["STRING, [STRING] -> ARRAY<STRING>", "JSON, [STRING] -> ARRAY<JSON>"];

pub(super) const FUNCTIONS: &[Function] = &[
    scalar(
        FAMILY,
        "to_json_string",
        &[],
        &["T, [BOOL] -> STRING"],
        "the value as JSON text, with line breaks if the second is TRUE",
    ),
    scalar(FAMILY, "to_json", &[], &["T -> JSON"], "the value as JSON"),
    scalar(
        FAMILY,
        "parse_json",
        &[],
        &["STRING -> JSON"],
        "the text read as JSON; fails for numbers that no double holds",
    ),
    scalar(FAMILY, "json_value", &[], TO_TEXT, "a scalar at a path, as text; NULL for objects and arrays"),
    scalar(FAMILY, "json_query", &[], TO_JSON, "what is at a path, as JSON"),
    scalar(FAMILY, "json_value_array", &[], TO_TEXTS, "the scalars of an array at a path, as texts"),
    scalar(FAMILY, "json_query_array", &[], TO_JSONS, "the elements of an array at a path, as JSON"),
    scalar(FAMILY, "json_extract_scalar", &[], TO_TEXT, "as JSON_VALUE, with $['name'] in paths"),
    scalar(FAMILY, "json_extract", &[], TO_JSON, "as JSON_QUERY, with $['name'] in paths"),
    scalar(FAMILY, "json_extract_string_array", &[], TO_TEXTS, "as JSON_VALUE_ARRAY, with $['name'] in paths"),
    scalar(FAMILY, "json_extract_array", &[], TO_JSONS, "as JSON_QUERY_ARRAY, with $['name'] in paths"),
    scalar(FAMILY, "json_type", &[], &["JSON -> STRING"], "object, array, string, number, boolean or null"),
    scalar(FAMILY, "json_keys", &[], &["JSON, [INT64] -> ARRAY<STRING>"], "the names of all members, to a depth"),
    scalar(FAMILY, "json_array", &[], &["-> JSON", "ANY... -> JSON"], "an array of the values"),
    scalar(FAMILY, "json_object", &[], &["-> JSON", "ANY... -> JSON"], "an object of names and values in turn"),
    scalar(FAMILY, "int64", &[], &["JSON -> INT64"], "the number as INT64; fails for anything else"),
    scalar(FAMILY, "float64", &["double"], &["JSON -> FLOAT64"], "the number as FLOAT64; fails for anything else"),
    scalar(FAMILY, "bool", &[], &["JSON -> BOOL"], "the boolean; fails for anything else"),
    scalar(FAMILY, "lax_int64", &[], &["JSON -> INT64"], "numbers, booleans and texts of numbers as INT64, else NULL"),
    scalar(
        FAMILY,
        "lax_float64",
        &["lax_double"],
        &["JSON -> FLOAT64"],
        "numbers and texts of numbers as FLOAT64, else NULL",
    ),
    scalar(
        FAMILY,
        "lax_bool",
        &[],
        &["JSON -> BOOL"],
        "booleans, numbers and the texts true and false as BOOL, else NULL",
    ),
    scalar(FAMILY, "lax_string", &[], &["JSON -> STRING"], "texts, numbers and booleans as STRING, else NULL"),
];
