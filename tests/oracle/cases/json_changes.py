"""JSON documents changed at paths, arrays of JSON, and lax paths."""

from .values import null, over, select

DOCUMENT = "JSON '{\"a\": {\"b\": [1, null, {\"c\": \"x\"}]}, \"d\": null, \"e\": [], \"f\": {}}'"
PATHS = ["$", "$.a", "$.a.b", "$.a.b[0]", "$.a.b[1]", "$.a.b[5]", "$.a.c.d", "$.d", "$.d.x", "$.d[2]", "$.e", "$.e[0]", "$.f.g", "$.a[0]", "$.a.b.c", "a", "$.", "$.a.b[-1]", "$.\"x y\""]
VALUES = ["1", "'x'", "NULL", "[1, 2]", "JSON '[3]'", "STRUCT(1 AS k)", "CAST([] AS ARRAY<INT64>)", "CAST(NULL AS ARRAY<INT64>)", "DATE '2020-02-29'", "9007199254740993"]
OPTIONS = {"JSON_SET": "create_if_missing", "JSON_ARRAY_APPEND": "append_each_element", "JSON_ARRAY_INSERT": "insert_each_element"}
LAX = ["lax $.a.b", "lax $.a.b.c", "lax $.a[0].b[0]", "lax recursive $.a.b.c", "recursive lax $.a", "LAX $.a", "lax $", "lax lax $.a", "recursive $.a", "strict $.a", "lax $.z", "lax  $.a", "lax$.a"]
ARRAYS = ["[1, 2]", "[1, null]", "[1.5]", "[\"1\", \"x\"]", "[true, false]", "[]", "null", "1", "{\"a\": 1}", "[[1]]", "[12345678901234567890]", "[1e300]", "[\"true\", 0, 2.0]", "[12345678901234567]"]


def cases(random):
    for name, option in OPTIONS.items():
        for path in PATHS:
            yield select(f"{name}({DOCUMENT}, '{path}', 7)")
            yield select(f"{name}({DOCUMENT}, '{path}', {random.choice(VALUES)}, {option} => FALSE)")
        for value in VALUES:
            for path in ("$.a.b", "$.e[1]", "$.new"):
                yield select(f"{name}({DOCUMENT}, '{path}', {value})")
            yield select(f"{name}({DOCUMENT}, '$.a.b', {value}, {option} => FALSE)")
        for text in ("", DOCUMENT, f"{DOCUMENT}, '$.a'", f"{DOCUMENT}, '$.a', 1, '$.b'", f"{DOCUMENT}, '$.a', 1, '$.b', 2", f"{DOCUMENT}, '$.e', 1, '$.e[0]', 2", f"{DOCUMENT}, NULL, 1", f"{DOCUMENT}, {null('STRING')}, 1, '$.z', 2", f"{null('JSON')}, '$.a', 1", f"{DOCUMENT}, 1, 1", "'{}', '$.a', 1", f"{DOCUMENT}, '$.a', 1, {option} => NULL", f"{DOCUMENT}, '$.a', 1, {option} => 1", f"{DOCUMENT}, '$.a', 1, other => TRUE", f"{DOCUMENT}, '$.a', 1, {option} => TRUE, {option} => TRUE", f"{DOCUMENT}, '$.a', 1, TRUE"):
            yield select(f"{name}({text})")
            yield select(f"SAFE.{name}({text})")
        yield over(f"{name}(PARSE_JSON(x), '$.a[1]', 5)", ["'{}'", "'{\"a\": [0]}'", "'{\"a\": [0, 1, 2]}'", "'[1]'", "'null'", "NULL"])
    for path in PATHS:
        yield select(f"JSON_REMOVE({DOCUMENT}, '{path}')")
        yield select(f"JSON_STRIP_NULLS({DOCUMENT}, '{path}')")
        yield select(f"JSON_STRIP_NULLS({DOCUMENT}, '{path}', remove_empty => TRUE)")
        yield select(f"JSON_STRIP_NULLS({DOCUMENT}, '{path}', include_arrays => FALSE)")
    for text in (f"{DOCUMENT}, '$.a', '$.d'", f"{DOCUMENT}, '$.a.b[0]', '$.a.b[0]'", f"{DOCUMENT}, NULL", f"{DOCUMENT}", f"{null('JSON')}, '$.a'", "", "'{}', '$.a'"):
        yield select(f"JSON_REMOVE({text})")
    for text in (DOCUMENT, f"{DOCUMENT}, remove_empty => TRUE", f"{DOCUMENT}, include_arrays => FALSE, remove_empty => TRUE", f"{DOCUMENT}, include_arrays => NULL", f"{DOCUMENT}, NULL", f"{null('JSON')}", "JSON '[null]', remove_empty => TRUE", "JSON 'null'", "JSON '[[null], {\"a\": null}, 1]', remove_empty => TRUE", "JSON '{\"a\": {}, \"b\": []}', remove_empty => TRUE", "", "1"):
        yield select(f"JSON_STRIP_NULLS({text})")
    for text in ARRAYS:
        yield select(f"JSON_FLATTEN(JSON '{text}')")
        for name in ("BOOL", "INT64", "FLOAT64", "STRING"):
            yield select(f"{name}_ARRAY(JSON '{text}')")
            yield select(f"SAFE.{name}_ARRAY(JSON '{text}')")
            yield select(f"LAX_{name}_ARRAY(JSON '{text}')")
        yield select(f"FLOAT64_ARRAY(JSON '{text}', wide_number_mode => 'exact')")
    for name in ("BOOL", "INT64", "FLOAT64", "STRING"):
        for text in (null("JSON"), "NULL", "", "'[1]'", "JSON '[1]', 1"):
            yield select(f"{name}_ARRAY({text})")
            yield select(f"LAX_{name}_ARRAY({text})")
        yield over(f"LAX_{name}_ARRAY(PARSE_JSON(x))", [f"'{text}'" for text in ARRAYS[:7]] + ["NULL"])
    for text in ("JSON '[1, [2, [3, {\"a\": [4]}]], null]'", "NULL", "", "1"):
        yield select(f"JSON_FLATTEN({text})")
    lists = "JSON '{\"a\": [{\"b\": 1}, {\"b\": [2, {\"c\": 3}]}, [{\"b\": {\"c\": 4}}]]}'"
    for path in LAX:
        yield select(f"JSON_QUERY({lists}, '{path}')")
        yield select(f"JSON_QUERY('{{\"a\": [1]}}', '{path}')")
        yield select(f"JSON_VALUE({lists}, '{path}')")
    for text in (f"{lists}", f"{lists}, 1", f"{lists}, 2", f"{lists}, mode => 'lax'", f"{lists}, mode => 'lax recursive'", f"{lists}, mode => 'x'", f"{lists}, NULL", f"{lists}, 0", f"{lists}, mode => NULL", f"{lists}, 1, mode => 'LAX'", f"{DOCUMENT}", "NULL"):
        yield select(f"JSON_KEYS({text})")
    for text in ("'1.00000000000000001', wide_number_mode => 'round'", "'[123456789012345678901234]', wide_number_mode => 'round'", "'1', wide_number_mode => 'x'", "'1', wide_number_mode => NULL", "'1', wide_number_mode => 1", "'1', 'round'", "'1e400', wide_number_mode => 'round'"):
        yield select(f"PARSE_JSON({text})")
    for text in ("9007199254740993", "[9007199254740993, 1]", "NUMERIC '123456789012345678.123456789'", "NUMERIC '0.5'", "BIGNUMERIC '1e-38'", "1.5", "STRUCT(9007199254740993 AS a)", "'x'", "NULL", "18446744073709551615"):
        for flag in ("TRUE", "FALSE", "NULL"):
            yield select(f"TO_JSON({text}, stringify_wide_numbers => {flag})")
    for text in ("JSON '12345678901234567', wide_number_mode => 'exact'", "JSON '12345678901234567'", "JSON '0.1', wide_number_mode => 'exact'", "JSON '1', wide_number_mode => 'x'", "JSON '1', wide_number_mode => NULL", "JSON '\"1\"'"):
        yield select(f"FLOAT64({text})")
    for text in ("['a', 'b'], [1, 2]", "['a', 'b'], [1]", "['a', NULL], [1, 2]", "['a'], [JSON '{}']", "['a'], ['x']", "NULL, [1]", "'a', 1, 'b'", "'a', 1, 'a', 2", "'b', 1, 'a', [2]"):
        yield select(f"JSON_OBJECT({text})")
