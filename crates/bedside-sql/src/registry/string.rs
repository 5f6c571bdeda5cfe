//! Text and bytes.

use super::{Function, scalar};

const FAMILY: &str = "string";

const SAME: &[&str] = &["STRING -> STRING", "BYTES -> BYTES"];
const TRIM: &[&str] = &["STRING, [STRING] -> STRING", "BYTES, BYTES -> BYTES"];
const PAD: &[&str] = &["STRING, INT64, [STRING] -> STRING", "BYTES, INT64, [BYTES] -> BYTES"];
const COUNTED: &[&str] = &["STRING, INT64 -> STRING", "BYTES, INT64 -> BYTES"];
const TEST: &[&str] = &["STRING, STRING -> BOOL", "BYTES, BYTES -> BOOL"];
const EXTRACT: &[&str] = &["STRING, STRING, [INT64], [INT64] -> STRING", "BYTES, BYTES, [INT64], [INT64] -> BYTES"];
const NORMALIZE: &[&str] = &["STRING, [STRING] -> STRING"];
const LENGTH: &[&str] = &["STRING -> INT64", "BYTES -> INT64"];

pub(super) const FUNCTIONS: &[Function] = &[
    scalar(
        FAMILY,
        "collate",
        &[],
        &["STRING, const STRING -> STRING"],
        "the text with a collation: 'und:ci' compares without regard to case, '' by bytes",
    ),
    scalar(FAMILY, "lower", &[], SAME, "in lower case"),
    scalar(FAMILY, "upper", &[], SAME, "in upper case"),
    scalar(FAMILY, "initcap", &[], &["STRING, [STRING] -> STRING"], "every word with a capital"),
    scalar(
        FAMILY,
        "concat",
        &[],
        &["STRING... -> STRING", "BYTES... -> BYTES"],
        "the texts one after the other; NULL if any is NULL",
    ),
    scalar(
        FAMILY,
        "substr",
        &["substring"],
        &["STRING, INT64, [INT64] -> STRING", "BYTES, INT64, [INT64] -> BYTES"],
        "from a place (from 1, negative from the end), so many characters",
    ),
    scalar(FAMILY, "left", &[], COUNTED, "the first characters"),
    scalar(FAMILY, "right", &[], COUNTED, "the last characters"),
    scalar(FAMILY, "length", &[], LENGTH, "the number of characters, of bytes for BYTES"),
    scalar(FAMILY, "char_length", &["character_length"], &["STRING -> INT64"], "the number of characters"),
    scalar(FAMILY, "byte_length", &["octet_length"], LENGTH, "the number of bytes"),
    scalar(FAMILY, "trim", &[], TRIM, "without blanks, or without the given characters, at both ends"),
    scalar(FAMILY, "ltrim", &[], TRIM, "the same at the start"),
    scalar(FAMILY, "rtrim", &[], TRIM, "the same at the end"),
    scalar(FAMILY, "lpad", &[], PAD, "filled or cut at the left to a length"),
    scalar(FAMILY, "rpad", &[], PAD, "filled or cut at the right to a length"),
    scalar(FAMILY, "repeat", &[], COUNTED, "so many times"),
    scalar(FAMILY, "reverse", &[], SAME, "from last to first"),
    scalar(
        FAMILY,
        "replace",
        &[],
        &["STRING, STRING, STRING -> STRING", "BYTES, BYTES, BYTES -> BYTES"],
        "every occurrence of the second replaced by the third",
    ),
    scalar(
        FAMILY,
        "translate",
        &[],
        &["STRING, STRING, STRING -> STRING", "BYTES, BYTES, BYTES -> BYTES"],
        "characters exchanged one for one",
    ),
    scalar(
        FAMILY,
        "strpos",
        &[],
        &["STRING, STRING -> INT64", "BYTES, BYTES -> INT64"],
        "the place of the second in the first, 0 for none",
    ),
    scalar(
        FAMILY,
        "instr",
        &[],
        &["STRING, STRING, [INT64], [INT64] -> INT64", "BYTES, BYTES, [INT64], [INT64] -> INT64"],
        "the place of an occurrence of the second in the first, 0 for none",
    ),
    scalar(FAMILY, "starts_with", &[], TEST, "whether the first starts with the second"),
    scalar(FAMILY, "ends_with", &[], TEST, "whether the first ends with the second"),
    scalar(
        FAMILY,
        "contains_substr",
        &[],
        &["T, const STRING, json_scope => STRING = 'JSON_VALUES' -> BOOL"],
        "whether a text has the other, case and form aside; of a struct or array whether some value has it",
    ),
    scalar(
        FAMILY,
        "search",
        &[],
        &["T, STRING, json_scope => STRING = 'JSON_VALUES', analyzer => STRING = 'LOG_ANALYZER', \
             analyzer_options => STRING = NULL -> BOOL"],
        "whether texts have all words of a query, or what stands in backticks as it is",
    ),
    scalar(
        FAMILY,
        "text_analyze",
        &[],
        &["STRING, analyzer => STRING = 'LOG_ANALYZER', analyzer_options => STRING = NULL -> ARRAY<STRING>"],
        "the words of a text",
    ),
    scalar(
        FAMILY,
        "bag_of_words",
        &[],
        &["ARRAY<STRING> -> ARRAY<STRUCT<term STRING, count INT64>>"],
        "how often each word occurs, by word",
    ),
    scalar(
        FAMILY,
        "split",
        &[],
        &["STRING, [STRING] -> ARRAY<STRING>", "BYTES, BYTES -> ARRAY<BYTES>"],
        "the pieces between delimiters, commas by default",
    ),
    scalar(FAMILY, "regexp_contains", &[], TEST, "whether a pattern (RE2) is found anywhere"),
    scalar(FAMILY, "regexp_extract", &["regexp_substr"], EXTRACT, "what a pattern, or its one group, matches"),
    scalar(
        FAMILY,
        "regexp_extract_all",
        &[],
        &["STRING, STRING -> ARRAY<STRING>", "BYTES, BYTES -> ARRAY<BYTES>"],
        "everything that a pattern matches",
    ),
    scalar(
        FAMILY,
        "regexp_instr",
        &[],
        &["STRING, STRING, [INT64], [INT64], [INT64] -> INT64", "BYTES, BYTES, [INT64], [INT64], [INT64] -> INT64"],
        "where a pattern matches, 0 for nowhere",
    ),
    scalar(
        FAMILY,
        "regexp_replace",
        &[],
        &["STRING, STRING, STRING -> STRING", "BYTES, BYTES, BYTES -> BYTES"],
        r"every match replaced, \1 being a group",
    ),
    scalar(
        FAMILY,
        "format",
        &[],
        &["STRING -> STRING", "STRING, ANY... -> STRING"],
        "values written by a printf pattern",
    ),
    scalar(FAMILY, "ascii", &[], LENGTH, "the code of the first character"),
    scalar(FAMILY, "unicode", &[], &["STRING -> INT64"], "the code point of the first character"),
    scalar(FAMILY, "chr", &[], &["INT64 -> STRING"], "the character of a code point"),
    scalar(FAMILY, "to_code_points", &[], &["STRING -> ARRAY<INT64>", "BYTES -> ARRAY<INT64>"], "the code points"),
    scalar(FAMILY, "code_points_to_string", &[], &["ARRAY<INT64> -> STRING"], "the text of code points"),
    scalar(FAMILY, "code_points_to_bytes", &[], &["ARRAY<INT64> -> BYTES"], "the bytes of numbers"),
    scalar(FAMILY, "to_hex", &[], &["BYTES -> STRING"], "bytes as hexadecimal digits"),
    scalar(FAMILY, "from_hex", &[], &["STRING -> BYTES"], "hexadecimal digits as bytes"),
    scalar(FAMILY, "to_base64", &[], &["BYTES -> STRING"], "bytes in base 64"),
    scalar(FAMILY, "from_base64", &[], &["STRING -> BYTES"], "base 64 as bytes"),
    scalar(FAMILY, "to_base32", &[], &["BYTES -> STRING"], "bytes in base 32"),
    scalar(FAMILY, "from_base32", &[], &["STRING -> BYTES"], "base 32 as bytes"),
    scalar(FAMILY, "safe_convert_bytes_to_string", &[], &["BYTES -> STRING"], "bytes as text, bad ones replaced"),
    scalar(
        FAMILY,
        "normalize",
        &[],
        NORMALIZE,
        "in Unicode's NFC, or in NFD, NFKC or NFKD where that word stands second",
    ),
    scalar(FAMILY, "normalize_and_casefold", &[], NORMALIZE, "the same without regard to case"),
    scalar(FAMILY, "soundex", &[], &["STRING -> STRING"], "the Soundex code"),
    scalar(
        FAMILY,
        "edit_distance",
        &[],
        &[
            "STRING, STRING, max_distance => INT64 = 9223372036854775807 -> INT64",
            "BYTES, BYTES, max_distance => INT64 = 9223372036854775807 -> INT64",
        ],
        "Levenshtein's distance, at most the one given",
    ),
];
