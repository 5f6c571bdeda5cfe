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
    scalar(
        FAMILY,
        "to_json",
        &[],
        &["T, stringify_wide_numbers => BOOL = FALSE -> JSON"],
        "the value as JSON; numbers that no double holds as text where that is asked for",
    ),
    scalar(
        FAMILY,
        "parse_json",
        &[],
        &["STRING, wide_number_mode => STRING = 'exact' -> JSON"],
        "the text read as JSON; numbers that no double holds fail, or are rounded where the mode is 'round'",
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
    scalar(
        FAMILY,
        "json_keys",
        &[],
        &["JSON, [INT64 = NULL], mode => STRING = 'strict' -> ARRAY<STRING>"],
        "the names of all members, to a depth; in arrays too where the mode is 'lax', nested ones where 'lax recursive'",
    ),
    scalar(FAMILY, "json_array", &[], &["-> JSON", "ANY... -> JSON"], "an array of the values"),
    scalar(
        FAMILY,
        "json_object",
        &[],
        &["-> JSON", "(STRING, ANY)... -> JSON", "ARRAY<STRING>, ARRAY<T> -> JSON"],
        "an object of names and values in turn, or of an array of each",
    ),
    scalar(
        FAMILY,
        "json_set",
        &[],
        &["JSON, (STRING, ANY)..., create_if_missing => BOOL = TRUE -> JSON"],
        "the document with values at paths, which are made where they are missing",
    ),
    scalar(FAMILY, "json_remove", &[], &["JSON, STRING... -> JSON"], "the document without what is at the paths"),
    scalar(
        FAMILY,
        "json_strip_nulls",
        &[],
        &["JSON, [STRING = '$'], include_arrays => BOOL = TRUE, remove_empty => BOOL = FALSE -> JSON"],
        "the document without nulls below a path, without empty objects and arrays too where that is asked for",
    ),
    scalar(
        FAMILY,
        "json_array_append",
        &[],
        &["JSON, (STRING, ANY)..., append_each_element => BOOL = TRUE -> JSON"],
        "the document with values at the end of the arrays at the paths",
    ),
    scalar(
        FAMILY,
        "json_array_insert",
        &[],
        &["JSON, (STRING, ANY)..., insert_each_element => BOOL = TRUE -> JSON"],
        "the document with values put into arrays before the paths' elements",
    ),
    scalar(FAMILY, "json_flatten", &[], &["JSON -> ARRAY<JSON>"], "what is no array, out of arrays of any depth"),
    scalar(FAMILY, "int64", &[], &["JSON -> INT64"], "the number as INT64; fails for anything else"),
    scalar(
        FAMILY,
        "float64",
        &["double"],
        &["JSON, wide_number_mode => STRING = 'round' -> FLOAT64"],
        "the number as FLOAT64; fails for anything else, and for what no double holds where the mode is 'exact'",
    ),
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
    scalar(FAMILY, "bool_array", &[], &["JSON -> ARRAY<BOOL>"], "as BOOL, of each element; fails for what is no array"),
    scalar(FAMILY, "int64_array", &[], &["JSON -> ARRAY<INT64>"], "as INT64, of each element"),
    scalar(
        FAMILY,
        "float64_array",
        &["double_array"],
        &["JSON, wide_number_mode => STRING = 'round' -> ARRAY<FLOAT64>"],
        "as FLOAT64, of each element",
    ),
    scalar(FAMILY, "string_array", &[], &["JSON -> ARRAY<STRING>"], "as STRING, of each element"),
    scalar(FAMILY, "lax_bool_array", &[], &["JSON -> ARRAY<BOOL>"], "as LAX_BOOL, of each element"),
    scalar(FAMILY, "lax_int64_array", &[], &["JSON -> ARRAY<INT64>"], "as LAX_INT64, of each element"),
    scalar(
        FAMILY,
        "lax_float64_array",
        &["lax_double_array"],
        &["JSON -> ARRAY<FLOAT64>"],
        "as LAX_FLOAT64, of each element",
    ),
    scalar(FAMILY, "lax_string_array", &[], &["JSON -> ARRAY<STRING>"], "as LAX_STRING, of each element"),
];
