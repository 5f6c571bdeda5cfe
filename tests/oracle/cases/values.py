"""Values of every type, as GoogleSQL writes them: ordinary ones, the edges, and NULL."""

NAN, INF, MINUS_INF = "CAST('nan' AS FLOAT64)", "CAST('inf' AS FLOAT64)", "CAST('-inf' AS FLOAT64)"
INT_MAX, INT_MIN = "9223372036854775807", "-9223372036854775808"

INT64 = ["0", "1", "-1", "2", "-7", "10", "63", INT_MAX, INT_MIN]
FLOAT64 = ["0.0", "-0.0", "1.0", "-1.5", "2.5", "0.1", "2.675", "1e15", "1e-7", "1e308", "-1e308", "5e-324"]
FLOAT64 += [NAN, INF, MINUS_INF]
NUMERIC = ["NUMERIC '0'", "NUMERIC '1.5'", "NUMERIC '-2.5'", "NUMERIC '0.000000001'", "NUMERIC '123456.789'"]
NUMERIC += ["NUMERIC '99999999999999999999999999999.999999999'", "NUMERIC '-99999999999999999999999999999.999999999'"]
BIGNUMERIC = ["BIGNUMERIC '0'", "BIGNUMERIC '-1.25'", "BIGNUMERIC '1e-38'", "BIGNUMERIC '3.14159265358979323846264338'"]
BIGNUMERIC += ["BIGNUMERIC '578960446186580977117854925043439539266.34992332820282019728792003956564819967'"]
BOOL = ["TRUE", "FALSE"]
STRING = ["''", "'a'", "'Abc'", "' b '", "'été'", "'日本'", "'𝒳y'", "'a,b,,c'", "'1'", "'line\\nend'"]
BYTES = ["b''", "b'a'", "b'Abc'", "b'\\x00\\xff'"]
DATE = ["DATE '2020-02-29'", "DATE '0001-01-01'", "DATE '9999-12-31'", "DATE '1970-01-01'", "DATE '2021-01-03'"]
DATETIME = ["DATETIME '2020-02-29 12:34:56.789012'", "DATETIME '0001-01-01 00:00:00'"]
DATETIME += ["DATETIME '9999-12-31 23:59:59.999999'", "DATETIME '2019-12-30 00:00:00'"]
TIMESTAMP = ["TIMESTAMP '2020-02-29 12:34:56.789012+00'", "TIMESTAMP '0001-01-01 00:00:00+00'"]
TIMESTAMP += ["TIMESTAMP '9999-12-31 23:59:59.999999+00'", "TIMESTAMP '1969-12-31 23:59:59.5+00'"]
TIME = ["TIME '12:34:56.789012'", "TIME '00:00:00'", "TIME '23:59:59.999999'"]
INTERVAL = ["INTERVAL 3 DAY", "INTERVAL '1-2 3 4:5:6.789' YEAR TO SECOND", "INTERVAL -10000 YEAR", "INTERVAL 0 SECOND"]
JSON = ["JSON '{\"a\": [1, 2.5, null]}'", "JSON '\"text\"'", "JSON 'null'"]
ARRAY = ["[1, 2, 3]", "CAST([] AS ARRAY<INT64>)", "[1, NULL]"]
STRUCT = ["STRUCT(1 AS a, 'x' AS b)", "STRUCT(CAST(NULL AS INT64) AS a, CAST(NULL AS STRING) AS b)"]

POOLS = {
    "INT64": INT64,
    "FLOAT64": FLOAT64,
    "NUMERIC": NUMERIC,
    "BIGNUMERIC": BIGNUMERIC,
    "BOOL": BOOL,
    "STRING": STRING,
    "BYTES": BYTES,
    "DATE": DATE,
    "DATETIME": DATETIME,
    "TIMESTAMP": TIMESTAMP,
    "TIME": TIME,
    "INTERVAL": INTERVAL,
    "JSON": JSON,
    "ARRAY<INT64>": ARRAY,
    "STRUCT<a INT64, b STRING>": STRUCT,
}

# One expression of each type that is no literal, so that no literal's coercion helps.
COLUMN = {name: f"IF(TRUE, {pool[0]}, {pool[-1]})" for name, pool in POOLS.items()}


def null(sql_type):
    """NULL of a type."""
    return f"CAST(NULL AS {sql_type})"


def pool(sql_type):
    """The values of a type and its NULL."""
    return POOLS[sql_type] + [null(sql_type)]


def over(function, values, alias="x"):
    """The function over a column of values, in their order: the path that constants do not take."""
    return f"SELECT {function} AS r FROM UNNEST([{', '.join(values)}]) AS {alias} WITH OFFSET AS o ORDER BY o"


def select(expression):
    """One row."""
    return f"SELECT {expression} AS r"


def calls(random, name, pools, most):
    """Calls with values from the pools: each value of each pool at least once, then at random, up to `most`."""
    longest = max((len(p) for p in pools), default=0)
    seen = {}
    for i in range(longest):
        seen[", ".join(p[i % len(p)] for p in pools)] = None
    for _ in range(most * 4):
        if len(seen) >= most:
            break
        seen[", ".join(random.choice(p) for p in pools)] = None
    return [select(f"{name}({arguments})") for arguments in list(seen)[:most]]


def wrong(name, good, least, most):
    """Calls that must be refused for their number of arguments or their types."""
    yield select(f"{name}()") if least > 0 else select(f"{name}({', '.join([good] * (most + 1))})")
    yield select(f"{name}({', '.join([good] * (most + 1))})")
    yield select(f"{name}(STRUCT(1 AS a){', ' + good if most > 1 else ''})")
    yield select(f"{name}(*)")
