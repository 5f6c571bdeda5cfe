"""JSON: to it, from it, and paths into it."""

from .values import COLUMN, POOLS, null, over, select

DOCUMENT = "{\"a\": {\"b\": [1, {\"c\": \"x\"}, null, 2.50, true]}, \"d e\": \"q\\\\\"r\", \"f\": null, \"g\": \"\", \"é\": \"日\", \"n\": -0.0, \"big\": 12345678901234567890, \"a.b\": 7}"
PATHS = ["$", "$.a", "$.a.b", "$.a.b[0]", "$.a.b[1].c", "$.a.b[2]", "$.a.b[3]", "$.a.b[4]", "$.a.b[9]", "$.f", "$.g", "$.z", "$['d e']", "$.\\\"d e\\\"", "$[\\'a\\']", "$.é", "$.n", "$.big", "$.a.b[-1]", "a", "$.", "$..a", "$.a[", "$.a.b[*]", "", "$.\\\"a.b\\\"", "$.a.b.c", "$.A"]


def cases(random):
    for name in ("JSON_VALUE", "JSON_QUERY", "JSON_EXTRACT", "JSON_EXTRACT_SCALAR"):
        for path in PATHS:
            yield f"SELECT {name}('{DOCUMENT}', '{path}') AS r"
            if path.isascii():
                yield f"SELECT {name}(JSON '{DOCUMENT}', '{path}') AS r"
        for arguments in ("'{}'", "'[1'", "'x', '$'", "'', '$'", "NULL, '$'", "'{}', NULL", "'1', '$'", "'\"a\"', '$'", "'null', '$'", "JSON 'null', '$'", "1, '$'", "'{}', 1", "'{\"a\":1,\"a\":2}', '$.a'", "'{\"a\": 1} x', '$.a'", "'[1, 2]', '$[1]'", "'{\"a\":\"\\\\u00e9\"}', '$.a'", "' {\"a\" :  [1 , 2]} ', '$.a'", "", "'{}', '$', 1"):
            yield select(f"{name}({arguments})")
        yield f"SELECT {name}(x, '$.a') AS r FROM UNNEST(['{{\"a\": 1}}', '{{\"a\": [2]}}', '{{\"b\": 3}}', 'bad', NULL]) AS x WITH OFFSET AS o ORDER BY o"
        yield f"SELECT SAFE.{name}('{{}}', 'bad') AS r"
    for name in ("TO_JSON_STRING", "TO_JSON"):
        for sql_type, pool in POOLS.items():
            for value in pool:
                yield select(f"{name}({value})")
            yield select(f"{name}({null(sql_type)})")
            if not sql_type.startswith("ARRAY"):
                yield over(f"{name}(x)", [*pool, null(sql_type)])
        for text in ("STRUCT(1 AS a, 'x' AS b)", "STRUCT(1, 2)", "[1, NULL]", "[STRUCT('a\"b' AS k)]", "'\\u0001\\t\\n\\\\/'", "'</script>\\u2028'", "9007199254740993", "-9007199254740993", "9007199254740992", "1.0", "1e21", "0.1", "b'\\xff'", "STRUCT([STRUCT(NULL AS a)] AS b)", "[1, 2], TRUE", "STRUCT(1 AS a, [2] AS b), TRUE", "1, 2", "", "NULL", "1, stringify_wide_numbers => TRUE", "9007199254740993, stringify_wide_numbers => TRUE"):
            yield select(f"{name}({text})")
    for text in ("1", "[1, 2.5]", "{\"b\": 1, \"a\": 2}", "\"x\"", "null", "true", "nan", "[1,]", "{", "", "1e400", "12345678901234567890", "0.1", "1.0", "1e3", "{\"a\": 1, \"a\": 2}", "[[[]]]", " 1 ", "1 2", "-0", "1.00000000000000001"):
        yield select(f"PARSE_JSON('{text}')")
        yield select(f"TO_JSON_STRING(SAFE.PARSE_JSON('{text}'))")
    for text in (
        "JSON '{\"a\": {\"b\": 2}}'.a.b", "JSON '[1, 2]'[0]", "JSON '{\"a\": 1}'['a']", "JSON '{\"a\": 1}'.z", "JSON '{\"a\": 1}'['z']", "JSON '[1]'[5]", "INT64(JSON '5')", "INT64(JSON '5.0')", "INT64(JSON '5.5')", "INT64(JSON '\"5\"')", "FLOAT64(JSON '5')", "FLOAT64(JSON '1e400')", "BOOL(JSON 'true')", "BOOL(JSON '1')", "STRING(JSON '\"a\"')", "STRING(JSON '1')", "INT64(JSON 'null')", "LAX_INT64(JSON '\"5\"')", "LAX_FLOAT64(JSON '\"x\"')", "LAX_BOOL(JSON '\"true\"')", "LAX_STRING(JSON '1.5')", "JSON_TYPE(JSON '1')", "JSON_TYPE(JSON '[]')", "JSON_TYPE(JSON 'null')", "JSON_TYPE(NULL)", "JSON_QUERY_ARRAY(JSON '[1, \"a\"]')", "JSON_VALUE_ARRAY(JSON '[1, \"a\"]')", "JSON_EXTRACT_ARRAY('[1, {\"a\": 2}]', '$')", "JSON_EXTRACT_STRING_ARRAY('[\"a\", \"b\"]')", "JSON_QUERY_ARRAY('{}', '$.a')", "JSON_VALUE_ARRAY('[[1]]')", "JSON_QUERY('[1, 2]', '$[0]')", "SAFE.INT64(JSON '\"x\"')", "PARSE_JSON(NULL)", "PARSE_JSON(1)", "PARSE_JSON('1', 2)", "PARSE_JSON('1.00000000000000001', wide_number_mode => 'round')", "JSON_OBJECT('a', 1)", "JSON_ARRAY(1, 'a')", "JSON_KEYS(JSON '{\"a\": 1}')", "CAST(JSON '1' AS STRING)", "CAST('1' AS JSON)", "JSON '1' IS NULL", "JSON 'null' IS NULL", f"TO_JSON({COLUMN['DATE']})", "FORMAT('%t', JSON '1')", "JSON_VALUE(TO_JSON(STRUCT('x' AS a)), '$.a')",
    ):
        yield select(text)
