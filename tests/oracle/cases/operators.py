"""Every operator over every pair of types, and over the edges of the types it takes."""

from .values import BYTES, COLUMN, FLOAT64, INT64, INTERVAL, NUMERIC, POOLS, STRING, null, over, select

BINARY = ["+", "-", "*", "/", "=", "<", "||", "LIKE", "&", "<<", "IS DISTINCT FROM", "AND"]
MORE = ["!=", "<>", "<=", ">", ">=", "|", "^", ">>", "OR", "IS NOT DISTINCT FROM", "NOT LIKE"]
UNARY = ["-{}", "+{}", "~{}", "NOT {}", "{} IS NULL", "{} IS NOT NULL", "{} IS TRUE", "{} IS NOT FALSE"]


def cases(random):
    for operator in BINARY:
        for left in COLUMN.values():
            for right in COLUMN.values():
                # Both sides of refusal are kept for the operators whose rules differ by type; the rest is thinned out.
                if operator in ("+", "-", "=", "<") or random.random() < 0.15:
                    yield select(f"{left} {operator} {right}")
    for operator in MORE:
        for name, left in COLUMN.items():
            yield select(f"{left} {operator} {left}")
            other = random.choice([t for t in COLUMN if t != name])
            yield select(f"{left} {operator} {COLUMN[other]}")
    for name, pool in POOLS.items():
        for form in UNARY:
            yield select(form.format(COLUMN[name]))
        yield select(f"{null(name)} IS NULL")
        yield select(f"{null(name)} = {pool[0]}")
        yield select(f"{null(name)} + {pool[0]}")
        yield select(f"{pool[0]} IS NOT DISTINCT FROM {null(name)}")
    yield from numbers(random)
    yield from logic()
    yield from texts()
    yield from lists()


def numbers(random):
    for pool in (INT64, FLOAT64, NUMERIC):
        for operator in ("+", "-", "*", "/"):
            for _ in range(9):
                yield select(f"{random.choice(pool)} {operator} {random.choice(pool)}")
            yield over(f"x {operator} 2", [v for v in pool if v not in ("9223372036854775807", "-9223372036854775808")][:5])
    for operator in ("=", "!=", "<", "<=", ">", ">=", "IS DISTINCT FROM"):
        for _ in range(5):
            yield select(f"{random.choice(FLOAT64)} {operator} {random.choice(FLOAT64)}")
            yield select(f"{random.choice(INT64)} {operator} {random.choice(FLOAT64)}")
        yield over(f"x {operator} CAST('nan' AS FLOAT64)", FLOAT64 + ["NULL"])
        yield over(f"x {operator} 0.0", FLOAT64 + ["NULL"])
    for left in ("1", "-1", "9223372036854775807", "CAST(NULL AS INT64)"):
        for right in ("0", "1", "63", "64", "-1"):
            yield select(f"{left} << {right}")
            yield select(f"{left} >> {right}")
    for left in BYTES:
        yield select(f"{left} << 1")
        yield select(f"{left} >> 9")
        yield select(f"~{left}")
        yield select(f"{left} & {left}")
        yield select(f"{left} ^ b'ab'")
    for value in INTERVAL:
        for form in ("-{}", "{} * 2", "{} / 3", "3 * {}", "{} + INTERVAL 1 MONTH", "{} - INTERVAL 25 HOUR", "{} = {}", "{} < INTERVAL 31 DAY"):
            yield select(form.replace("{}", value))
    for value in ("DATE '2020-01-31'", "DATETIME '2020-01-31 10:00:00'", "TIMESTAMP '2020-01-31 10:00:00+00'", "TIME '10:00:00'"):
        for amount in ("1", "INTERVAL 1 DAY", "INTERVAL 1 MONTH", "INTERVAL -1 YEAR", "INTERVAL 90 MINUTE", "INTERVAL 1.5 SECOND", "INTERVAL '1:30' HOUR TO MINUTE"):
            yield select(f"{value} + {amount}")
            yield select(f"{value} - {amount}")
    yield select("DATE '9999-12-31' + 1")
    yield select("DATE '0001-01-01' - 1")
    yield select("1 + DATE '2020-02-28'")
    yield select("DATE '2020-03-01' - DATE '2020-02-01'")
    yield select("DATETIME '2020-03-01 00:00:00' - DATETIME '2020-02-01 12:00:00'")
    yield select("TIMESTAMP '2020-03-01 00:00:00+00' - TIMESTAMP '2020-02-01 12:00:00.5+00'")
    yield select("TIME '10:00:00' - TIME '09:00:00'")
    for text in ("1 + 2 * 3", "(1 + 2) * 3", "2 - 3 - 4", "100 / 10 / 5", "-2 * -3", "- - 1", "1 + -1", "7 & 3 | 8", "1 | 2 ^ 3 & 6", "1 << 2 + 1", "5 % 3", "2 ** 3", "7 // 2", "1 == 1", "! TRUE", "1 <=> 1"):
        yield select(text)
    for text in ("-9223372036854775808", "- 9223372036854775808", "-(-9223372036854775808)", "-(-9223372036854775807 - 1)", "9223372036854775808"):
        yield select(text)


def logic():
    values = ("TRUE", "FALSE", "CAST(NULL AS BOOL)")
    for left in values:
        yield select(f"NOT {left}")
        for test in ("IS TRUE", "IS NOT TRUE", "IS FALSE", "IS NOT FALSE", "IS NULL", "IS NOT NULL"):
            yield select(f"{left} {test}")
        for right in values:
            yield select(f"{left} AND {right}")
            yield select(f"{left} OR {right}")
    for text in ("FALSE AND 1/0 > 1", "TRUE OR 1/0 > 1", "TRUE AND 1/0 > 1", "NULL AND TRUE", "NULL OR NULL", "NOT NULL", "NULL IS NULL", "NULL = NULL", "1 = NULL", "NULL + 1", "NULL || 'a'", "-NULL", "NULL IS TRUE", "TRUE AND FALSE OR TRUE", "NOT TRUE = FALSE", "NOT 1 = 2 AND TRUE", "1 < 2 = TRUE", "TRUE = 1", "1 IS TRUE", "'a' AND TRUE"):
        yield select(text)


def texts():
    for text in STRING:
        yield select(f"{text} LIKE '%b%'")
        yield select(f"{text} LIKE '_'")
        yield select(f"{text} || 'z'")
        yield select(f"{text} < 'b'")
    for value, pattern in [("a%b", "a\\\\%b"), ("a_b", "a\\\\_b"), ("axb", "a_b"), ("ab", "a_b"), ("a\\nb", "a%b"), ("", "%"), ("", ""), ("A", "a"), ("日本", "_本"), ("𝒳", "_"), ("a\\\\b", "a\\\\\\\\b"), ("a", "a\\\\"), ("ab", "%%b"), ("abc", "%b"), ("[a]", "[a]"), ("a.c", "a.c"), ("abc", "a.c")]:
        yield select(f"'{value}' LIKE '{pattern}'")
        yield select(f"b'{value}' LIKE b'{pattern}'") if value.isascii() else select(f"'{value}' NOT LIKE '{pattern}'")
    yield over("x LIKE 'a%'", ["'a'", "'ab'", "'b'", "NULL", "''"])
    yield over("'ab' LIKE x", ["'a%'", "'%b'", "'_'", "NULL", "''"])
    yield over("x || '-' || x", ["'a'", "NULL", "''"])
    for text in ("'a' || 1", "'a' || 1.5", "'a' || TRUE", "1 || 2", "'a' || b'b'", "b'a' || b'b'", "[1] || [2, 3]", "[1] || CAST(NULL AS ARRAY<INT64>)", "[1] || [1.5]", "[1] || 2", "[1] || ['a']", "'a' || DATE '2020-01-01'", "'a' LIKE 1", "'a' LIKE NULL", "'a' ILIKE 'A'", "'a' || NULL", "'B' < 'a'", "'a' = 'A'", "'é' = 'e\\u0301'", "b'\\xff' > b'a'"):
        yield select(text)


def lists():
    for text in (
        "1 IN (1, 2)", "3 IN (1, 2)", "3 IN (1, NULL)", "1 IN (1, NULL)", "NULL IN (1, 2)", "CAST(NULL AS INT64) IN (1, 2)", "1 NOT IN (1, 2)", "3 NOT IN (1, NULL)", "1 IN (1.0, 2.5)", "1.0 IN (1, 2)", "1 IN ('1')", "'a' IN ('a', 'b')", "'a' IN (1)", "DATE '2020-01-01' IN ('2020-01-01')", "DATE '2020-01-01' IN ('soon')", "1 IN ()", "1 IN (NULL)", "CAST('nan' AS FLOAT64) IN (CAST('nan' AS FLOAT64), 1)", "1 IN UNNEST([1, 2])", "3 IN UNNEST([1, NULL])", "3 IN UNNEST(CAST([] AS ARRAY<INT64>))", "3 IN UNNEST(CAST(NULL AS ARRAY<INT64>))", "NULL IN UNNEST([1])", "1 NOT IN UNNEST([2, 3])", "1 IN UNNEST(['a'])", "1 IN UNNEST(1)", "1 IN UNNEST([1.0, 2.0])", "(1, 'a') IN ((1, 'a'), (2, 'b'))", "(1, NULL) IN ((1, 2))", "STRUCT(1, 2) IN (STRUCT(1, 2))", "(1, 2) IN ((1, 2, 3))", "2 BETWEEN 1 AND 3", "2 NOT BETWEEN 1 AND 3", "2 BETWEEN 3 AND 1", "2 BETWEEN NULL AND 1", "2 BETWEEN NULL AND 3", "NULL BETWEEN 1 AND 2", "1.5 BETWEEN 1 AND 2", "'b' BETWEEN 'a' AND 'c'", "'b' BETWEEN 1 AND 2", "DATE '2020-01-01' BETWEEN '2019-01-01' AND '2021-01-01'", "CAST('nan' AS FLOAT64) BETWEEN 0 AND 1", "TRUE BETWEEN FALSE AND TRUE", "[1] IN ([1])", "b'a' IN (b'a')", "(1, 2) = (1, 2)", "(1, NULL) = (1, 2)", "(1, NULL) = (2, 2)", "(1, 2) != (1, 3)", "(1, 2) < (1, 3)", "STRUCT(1 AS a) = STRUCT(1 AS b)", "(1, 'a') = (1, 2)", "(1, 2) IS NOT DISTINCT FROM (1, 2)", "(1, NULL) IS NOT DISTINCT FROM (1, NULL)", "[1] = [1]", "[1] IS DISTINCT FROM [1]", "JSON '1' = JSON '1'",
    ):
        yield select(text)
    yield over("x IN (1, 2)", ["1", "3", "NULL"])
    yield over("x NOT IN (1, NULL)", ["1", "3", "NULL"])
    yield over("x BETWEEN 1 AND 2", ["0", "1", "2", "3", "NULL"])
    yield over("x IN UNNEST([1, NULL])", ["1", "3", "NULL"])
