"""RANGE: literals, functions over pairs of ranges, comparison, grouping and order, casts."""

from .values import over, select

ENDS = {
    "DATE": ["0001-01-01", "2020-01-31", "2020-02-29", "2020-03-01", "2021-06-15", "9999-12-31"],
    "DATETIME": ["0001-01-01 00:00:00", "2020-01-31 10:30:00", "2020-02-29 12:34:56.789012", "2020-03-01 00:00:00", "2021-06-15 23:59:59.5", "9999-12-31 23:59:59.999999"],
    "TIMESTAMP": ["0001-01-01 00:00:00+00", "2020-01-31 10:30:00+00", "2020-02-29 12:34:56.789012+00", "2020-03-01 00:00:00+00", "2021-06-15 23:59:59.5+00", "9999-12-31 23:59:59.999999+00"],
}
TEXTS = ["[2020-01-01, 2020-12-31)", "[UNBOUNDED, 2020-12-31)", "[2020-01-01, NULL)", "[null, unbounded)", "[2020-1-1, 2020-2-3)", "[2020-01-01,2020-12-31)", "[2020-01-01,  2020-12-31)", "[ 2020-01-01, 2020-12-31)", "[2020-01-01, 2020-12-31 )", "[2020-01-01, 2020-12-31]", "(2020-01-01, 2020-12-31)", "[2020-01-01)", "[2020-01-01, 2020-02-01, 2020-03-01)", "[2020-01-01, 2020-01-01)", "[2020-01-02, 2020-01-01)", "[2020-02-30, 2020-12-31)", "[, 2020-12-31)", "[, )", "", "UNBOUNDED", " [2020-01-01, 2020-12-31)", "[2020-01-01 10:00:00, 2020-12-31 00:00:00.25)", "[2020-01-01T10:00:00, 2020-12-31)", "[2020-01-01 10:00:00+02, 2020-12-31 00:00:00 America/New_York)"]
STEPS = ["1 DAY", "7 DAY", "1 MONTH", "1 YEAR", "0 DAY", "-1 DAY", "90 MINUTE", "500 HOUR", "'1-1' YEAR TO MONTH", "'10 12' DAY TO HOUR", "'1-0 1' YEAR TO DAY", "'1 -1' DAY TO HOUR", "'0-1 0 1' YEAR TO HOUR"]
FUNCTIONS = ["RANGE_START", "RANGE_END", "RANGE_CONTAINS", "RANGE_OVERLAPS", "RANGE_INTERSECT", "GENERATE_RANGE_ARRAY", "RANGE"]


def pairs(element):
    """Every range between two ends, and the unbounded ones."""
    ends = ENDS[element]
    found = [f"RANGE<{element}> '[{start}, {end})'" for i, start in enumerate(ends) for end in ends[i + 1 :]]
    found += [f"RANGE<{element}> '[UNBOUNDED, {end})'" for end in ends[1:4]]
    found += [f"RANGE<{element}> '[{start}, UNBOUNDED)'" for start in ends[:4]]
    return [*found, f"RANGE<{element}> '[UNBOUNDED, UNBOUNDED)'"]


def cases(random):
    for element, ends in ENDS.items():
        ranges, null, time_null = pairs(element), f"CAST(NULL AS RANGE<{element}>)", f"CAST(NULL AS {element})"
        for text in TEXTS:
            yield select(f"RANGE<{element}> '{text}'")
            yield over(f"SAFE_CAST(x AS RANGE<{element}>)", [f"'{text}'", "NULL"])
        for text in random.sample(TEXTS, 8):
            yield f"SELECT CAST(x AS RANGE<{element}>) AS r FROM UNNEST(['{text}']) AS x"
        yield over("CAST(x AS STRING)", [*ranges, "NULL"])
        yield over("TO_JSON_STRING(x)", [*ranges, "NULL"])
        yield over("TO_JSON(x)", ranges)
        for function in ("RANGE_START", "RANGE_END"):
            yield over(f"{function}(x)", [*ranges, "NULL"])
            yield select(f"{function}({null})")
        times = [f"{element} '{end}'" for end in ends]
        for start in [*times, "NULL", time_null]:
            yield over(f"SAFE.RANGE({start}, x)", [*times, "NULL"])
            yield select(f"RANGE({start}, {random.choice(times)})")
        for left in random.sample(ranges, 8) + [ranges[-1], null]:
            values = [*ranges, "NULL"]
            yield over(f"RANGE_CONTAINS({left}, x)", values)
            yield over(f"RANGE_CONTAINS({left}, x)", [*times, "NULL"])
            yield over(f"RANGE_OVERLAPS({left}, x)", values)
            yield over(f"SAFE.RANGE_INTERSECT({left}, x)", values)
            yield select(f"RANGE_INTERSECT({left}, {random.choice(ranges)})")
            for operator in ("=", "!=", "<", "<=", ">", ">=", "IS DISTINCT FROM"):
                yield over(f"{left} {operator} x", values)
            yield over(f"x BETWEEN {left} AND {random.choice(ranges)}", values)
            yield over(f"x IN ({left}, {random.choice(ranges)}, {random.choice(['NULL', ranges[0]])})", values)
            yield over(f"GREATEST(x, {left})", values)
            yield over(f"LEAST({left}, x, {random.choice(ranges)})", values)
            yield over(f"NULLIF(x, {left})", values)
            yield over(f"CASE x WHEN {left} THEN 1 WHEN {random.choice(ranges)} THEN 2 ELSE 0 END", values)
        some = random.sample(ranges, 7)
        table = f"UNNEST([{', '.join([*some, *some[:4], null, null])}]) AS x"
        for query in (
            f"SELECT x FROM {table} ORDER BY x",
            f"SELECT x FROM {table} ORDER BY x DESC NULLS LAST",
            f"SELECT DISTINCT x FROM {table} ORDER BY 1",
            f"SELECT x, COUNT(*) AS n FROM {table} GROUP BY x ORDER BY x",
            f"SELECT MIN(x) AS a, MAX(x) AS b, COUNT(x) AS c, COUNT(DISTINCT x) AS d FROM {table}",
            f"SELECT MIN(x) AS a, MAX(x) AS b FROM {table} WHERE FALSE",
            f"SELECT ARRAY_AGG(x IGNORE NULLS ORDER BY x) AS a, ARRAY_AGG(DISTINCT x IGNORE NULLS ORDER BY x LIMIT 3) AS b FROM {table}",
            f"SELECT MIN(x) AS a, MAX(x) AS b FROM {table} GROUP BY RANGE_START(x) ORDER BY RANGE_START(MIN(x))",
            f"SELECT x, RANK() OVER (ORDER BY x) AS a, COUNT(*) OVER (PARTITION BY x) AS b, LAG(x) OVER (ORDER BY x) AS c, MAX(x) OVER (ORDER BY x DESC) AS d FROM {table} ORDER BY 1",
            f"SELECT a, COUNT(*) AS n FROM {table} JOIN UNNEST([{', '.join(some[2:5])}]) AS a ON a = x GROUP BY a ORDER BY a",
            f"SELECT a FROM UNNEST([{', '.join(some)}]) AS a WHERE a IN (SELECT x FROM {table} WHERE RANGE_END(x) IS NOT NULL) ORDER BY a",
            f"SELECT x FROM {table} UNION DISTINCT SELECT {ranges[0]} ORDER BY 1",
            f"(SELECT x FROM {table}) INTERSECT DISTINCT (SELECT y FROM UNNEST([{', '.join(some[:2])}]) AS y) ORDER BY 1",
            f"(SELECT x FROM {table}) EXCEPT DISTINCT (SELECT y FROM UNNEST([{', '.join(some[:2])}]) AS y) ORDER BY 1",
            f"SELECT STRUCT(x AS r, 1 AS n) AS s, [x, {null}] AS l FROM {table} ORDER BY x",
            f"SELECT ANY_VALUE(o HAVING MAX x) AS a, ANY_VALUE(o HAVING MIN x) AS b FROM UNNEST([{', '.join(some)}]) AS x WITH OFFSET AS o",
            f"SELECT a.x FROM (SELECT {some[0]} AS x, 1 AS n UNION ALL SELECT {some[1]}, 2) AS a JOIN (SELECT {some[1]} AS x) AS b USING (x)",
            f"SELECT (SELECT MAX(y) FROM UNNEST([x, {some[0]}]) AS y) AS m FROM {table} ORDER BY x",
            f"SELECT STRUCT(x AS a) = STRUCT({some[0]} AS a) AS e, x IN UNNEST([{some[0]}, {some[1]}]) AS i FROM {table} ORDER BY x",
        ):
            yield query
        bounded = [f"RANGE<{element}> '[{ends[1]}, {end})'" for end in ends[2:5]]
        for step in STEPS:
            for value in bounded:
                yield select(f"GENERATE_RANGE_ARRAY({value}, INTERVAL {step})") if step not in ("90 MINUTE", "1 DAY") else select(f"ARRAY_LENGTH(GENERATE_RANGE_ARRAY({value}, INTERVAL {step}))")
            yield select(f"GENERATE_RANGE_ARRAY({bounded[0]}, INTERVAL {step}, {random.choice(['TRUE', 'FALSE'])})") if step != "90 MINUTE" else select(f"ARRAY_LENGTH(GENERATE_RANGE_ARRAY({bounded[0]}, INTERVAL {step}, FALSE))")
            yield select(f"GENERATE_RANGE_ARRAY(RANGE<{element}> '[9998-01-01, 9999-12-31)', INTERVAL {step})") if step in ("1 YEAR", "'1-1' YEAR TO MONTH") else select(f"GENERATE_RANGE_ARRAY({ranges[-1]}, INTERVAL {step})")
        for arguments in (f"{null}, INTERVAL 1 DAY", f"{bounded[0]}, NULL", f"{bounded[0]}, INTERVAL 20 DAY, NULL", f"{bounded[0]}, INTERVAL 20 DAY, 1", f"{bounded[0]}, 20", f"{bounded[0]}", f"NULL, INTERVAL 1 DAY", f"{ranges[-2]}, INTERVAL 1 DAY"):
            yield select(f"GENERATE_RANGE_ARRAY({arguments})")
        for other in ("DATE", "DATETIME", "TIMESTAMP", "STRING", "BYTES", "INT64", "BOOL", "JSON", "ARRAY<DATE>", "STRUCT<DATE, DATE>"):
            yield select(f"CAST({null} AS RANGE<{other}>)")
            yield select(f"CAST({ranges[0]} AS {other})")
            yield select(f"CAST(CAST(NULL AS {other}) AS RANGE<{element}>)")
            if other in ENDS:
                yield select(f"RANGE_OVERLAPS({ranges[0]}, {pairs(other)[0]})")
                yield select(f"RANGE_CONTAINS({ranges[0]}, {other} '{ENDS[other][1]}')")
                yield select(f"{ranges[0]} = {pairs(other)[0]}")
                yield select(f"RANGE({times[0]}, {other} '{ENDS[other][1]}')")
        for function in FUNCTIONS:
            for arguments in ("", "NULL", "NULL, NULL", "1, 2", "'a', 'b'", f"{ranges[0]}, 'x'", f"{ranges[0]}, NULL", f"NULL, {ranges[0]}", f"{ranges[0]}, {ranges[1]}, {ranges[2]}", f"'{ranges[0][8:]}", "DATE '2020-01-01', '2021-01-01'"):
                if arguments.count("'") % 2 == 0:
                    yield select(f"{function}({arguments})")
        for text in (f"{ranges[0]} + 1", f"-{ranges[0]}", f"{ranges[0]} LIKE 'a'", f"{ranges[0]} AND TRUE", f"SUM({ranges[0]})", f"UPPER({ranges[0]})", f"{ranges[0]}.start", f"{ranges[0]}[0]", f"ARRAY_LENGTH({ranges[0]})", f"COALESCE(NULL, {ranges[0]})", f"IF(TRUE, {ranges[0]}, NULL)", f"IFNULL({null}, {ranges[1]})", f"[{ranges[0]}, 'x']", f"RANGE_BUCKET({ranges[1]}, [{ranges[0]}, {ranges[1]}])", f"ARRAY_TO_STRING([{ranges[0]}], ',')", f"CAST([{ranges[0]}] AS ARRAY<STRING>)", f"TO_JSON(STRUCT({ranges[-1]} AS r))", f"TYPEOF({ranges[0]})", f"{null} IS NULL", f"{ranges[0]} IS NULL", f"NOT {ranges[0]}", f"STRING({ranges[0]})", f"LOGICAL_AND({ranges[0]})"):
            yield select(text)
    for text in ("RANGE<INT64> '[1, 2)'", "RANGE<STRING> ''", "RANGE<RANGE<DATE>> ''", "RANGE<> ''", "RANGE<DATE>", "RANGE<DATE>(1, 2)", "CAST(NULL AS RANGE)", "RANGE 'x'", "range<date> '[2020-01-01, 2020-01-02)'", "RANGE < 1", "CAST(NULL AS ARRAY<RANGE<DATE>>)", "CAST(NULL AS STRUCT<a RANGE<DATE>, b ARRAY<RANGE<TIMESTAMP>>>)", "RANGE<DATE> r'[2020-01-01, 2020-01-02)'", "RANGE<DATE> b'[2020-01-01, 2020-01-02)'"):
        yield select(text)
