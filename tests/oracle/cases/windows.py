"""Window functions: frames of every kind, named windows, NULLs, and what is refused."""

T = "(SELECT 1 AS k, 'a' AS g, 10 AS v, 1.5 AS f UNION ALL SELECT 2, 'a', 10, -0.5 UNION ALL SELECT 3, 'a', NULL, NULL UNION ALL SELECT 4, 'a', 30, CAST('nan' AS FLOAT64) UNION ALL SELECT 5, 'b', 7, 2.0 UNION ALL SELECT 6, 'b', 7, 8.0 UNION ALL SELECT 7, NULL, 1, 1.0)"

RANKS = ["ROW_NUMBER()", "RANK()", "DENSE_RANK()", "PERCENT_RANK()", "CUME_DIST()", "NTILE(2)", "NTILE(3)"]
MOVES = ["LAG(v)", "LEAD(v)", "LAG(v, 2)", "LEAD(v, 2, -1)", "LAG(v, 0)", "LAG(f, 1, 0)", "LEAD(g, 1, 'none')"]
VALUES = ["FIRST_VALUE(v)", "LAST_VALUE(v)", "NTH_VALUE(v, 2)", "FIRST_VALUE(v IGNORE NULLS)", "LAST_VALUE(v IGNORE NULLS)", "NTH_VALUE(v, 1 IGNORE NULLS)", "FIRST_VALUE(v RESPECT NULLS)"]
AGGREGATES = ["SUM(v)", "COUNT(*)", "COUNT(v)", "AVG(v)", "MIN(v)", "MAX(v)", "SUM(f)", "MAX(f)", "ARRAY_AGG(v)", "STRING_AGG(g)", "COUNTIF(v > 7)", "LOGICAL_OR(v > 7)", "STDDEV(v)", "ANY_VALUE(g)", "CORR(v, k)"]
FRAMES = ["ROWS UNBOUNDED PRECEDING", "ROWS BETWEEN 1 PRECEDING AND CURRENT ROW", "ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING", "ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING", "ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING", "ROWS BETWEEN 1 FOLLOWING AND 2 FOLLOWING", "ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING", "RANGE UNBOUNDED PRECEDING", "RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING", "RANGE BETWEEN 2 PRECEDING AND 1 PRECEDING", "RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING", "RANGE CURRENT ROW", "ROWS 1 PRECEDING", "RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW"]


def cases(random):
    for function in RANKS:
        for over in ("ORDER BY k", "PARTITION BY g ORDER BY v, k", "PARTITION BY g ORDER BY k DESC", "ORDER BY v NULLS LAST, k"):
            yield rows(function, over)
    for function in ("RANK()", "DENSE_RANK()", "PERCENT_RANK()", "CUME_DIST()"):
        for over in ("ORDER BY v", "PARTITION BY g ORDER BY v DESC", "ORDER BY f", "ORDER BY g DESC NULLS FIRST"):
            yield rows(function, over)
    for function in MOVES:
        yield rows(function, "ORDER BY k")
        yield rows(function, "PARTITION BY g ORDER BY k DESC")
    for function in VALUES:
        yield rows(function, "PARTITION BY g ORDER BY k")
        for frame in FRAMES[:7]:
            yield rows(function, f"ORDER BY k {frame}")
    for function in AGGREGATES:
        yield rows(function, "PARTITION BY g") if function not in ("ARRAY_AGG(v)", "STRING_AGG(g)") else rows(function, "PARTITION BY g ORDER BY k")
        yield rows(function, "ORDER BY k")
        for frame in random.sample(FRAMES, 6):
            yield rows(function, f"PARTITION BY g ORDER BY k {frame}")
    for function in ("SUM(v)", "COUNT(*)"):
        for key in ("v", "v DESC", "f", "f DESC", "CAST(v AS NUMERIC)", "v NULLS LAST"):
            yield rows(function, f"ORDER BY {key}")
            for low, high in (("1 PRECEDING", "1 FOLLOWING"), ("3 PRECEDING", "CURRENT ROW"), ("CURRENT ROW", "3 FOLLOWING"), ("UNBOUNDED PRECEDING", "1 FOLLOWING"), ("1 FOLLOWING", "25 FOLLOWING"), ("25 PRECEDING", "1 PRECEDING"), ("0.5 PRECEDING", "0.5 FOLLOWING")):
                yield rows(function, f"ORDER BY {key} RANGE BETWEEN {low} AND {high}")
    for p in ("0", "0.5", "1", "0.25", "0.9", "NULL", "2", "-0.1", "NUMERIC '0.5'", "k", "'a'"):
        for function in (f"PERCENTILE_CONT(v, {p})", f"PERCENTILE_DISC(v, {p})", f"PERCENTILE_CONT(v, {p} RESPECT NULLS)", f"PERCENTILE_DISC(g, {p} RESPECT NULLS)", f"PERCENTILE_CONT(f, {p})"):
            yield rows(function, "PARTITION BY g")
    for text in (
        "ROW_NUMBER() OVER () > 0", "SUM(v) OVER w", "SUM(v) OVER (w)", "SUM(v) OVER (w ROWS 1 PRECEDING)", "SUM(v) OVER (w ORDER BY v)", "RANK() OVER (w)", "SUM(v) OVER unknown", "SUM(v) OVER (PARTITION BY g ORDER BY k) / SUM(v) OVER (PARTITION BY g)",
    ):
        yield f"SELECT k, {text} AS r FROM {T} WINDOW w AS (PARTITION BY g ORDER BY k) ORDER BY k"
    yield f"SELECT k, SUM(v) OVER b AS r FROM {T} WINDOW a AS (PARTITION BY g), b AS (a ORDER BY k) ORDER BY k"
    yield f"SELECT k, SUM(v) OVER b AS r FROM {T} WINDOW b AS (a ORDER BY k), a AS (PARTITION BY g) ORDER BY k"
    yield f"SELECT k FROM {T} WINDOW a AS (PARTITION BY g), a AS (ORDER BY k)"
    for function in (
        "ROW_NUMBER()", "SUM(v)", "RANK() OVER ()", "LAG(v) OVER ()", "NTILE(0) OVER (ORDER BY k)", "NTILE(NULL) OVER (ORDER BY k)", "NTILE(k) OVER (ORDER BY k)", "LAG(v, -1) OVER (ORDER BY k)", "LAG(v, NULL) OVER (ORDER BY k)", "LAG(v, k) OVER (ORDER BY k)", "LAG(v, 1, 'a') OVER (ORDER BY k)", "LAG(v, 1, 2.5) OVER (ORDER BY k)", "LAG() OVER (ORDER BY k)", "NTH_VALUE(v, 0) OVER (ORDER BY k)", "NTH_VALUE(v) OVER (ORDER BY k)", "RANK() OVER (ORDER BY k ROWS 1 PRECEDING)", "ROW_NUMBER() OVER (ROWS 1 PRECEDING)", "SUM(v) OVER (RANGE 1 PRECEDING)", "SUM(v) OVER (ORDER BY k ROWS -1 PRECEDING)", "SUM(v) OVER (ORDER BY k ROWS 1.5 PRECEDING)", "SUM(v) OVER (ORDER BY k ROWS k PRECEDING)", "SUM(v) OVER (ORDER BY k ROWS NULL PRECEDING)", "SUM(v) OVER (ORDER BY g RANGE 1 PRECEDING)", "SUM(v) OVER (ORDER BY k, v RANGE 1 PRECEDING)", "SUM(v) OVER (ORDER BY k ROWS BETWEEN 1 FOLLOWING AND 1 PRECEDING)", "SUM(v) OVER (ORDER BY k ROWS BETWEEN UNBOUNDED FOLLOWING AND CURRENT ROW)", "SUM(v) OVER (ORDER BY k ROWS BETWEEN CURRENT ROW AND UNBOUNDED PRECEDING)", "SUM(v) OVER (ORDER BY k ROWS BETWEEN CURRENT ROW AND 1 PRECEDING)", "SUM(v) OVER (ORDER BY k ROWS 1 FOLLOWING)", "COUNT(DISTINCT v) OVER (PARTITION BY g)", "COUNT(DISTINCT v) OVER (ORDER BY k)", "ARRAY_AGG(v ORDER BY k) OVER ()", "ARRAY_AGG(v IGNORE NULLS) OVER (ORDER BY k)", "STRING_AGG(g, '-') OVER (ORDER BY k)", "STRING_AGG(g ORDER BY k) OVER ()", "LOWER(g) OVER ()", "RANK(k) OVER (ORDER BY k)", "SUM(v) OVER (PARTITION BY [1])", "SUM(v) OVER (PARTITION BY f)", "SUM(v) OVER (ORDER BY [k])", "SUM(v) OVER (PARTITION BY 1)", "SUM(v) OVER (ORDER BY 1)", "SUM(v) OVER (PARTITION BY r)", "SUM(SUM(v)) OVER ()", "SUM(ROW_NUMBER() OVER ()) OVER ()", "LAG(v IGNORE NULLS) OVER (ORDER BY k)", "ROW_NUMBER(DISTINCT) OVER ()", "FIRST_VALUE(DISTINCT v) OVER (ORDER BY k)", "PERCENTILE_CONT(v, 0.5)", "PERCENTILE_CONT(v, 0.5) OVER (ORDER BY k)", "PERCENTILE_CONT(v) OVER ()", "PERCENTILE_CONT(g, 0.5) OVER ()", "SAFE.SUM(v) OVER ()", "SUM(v) FILTER (WHERE v > 1) OVER ()", "ROW_NUMBER() OVER (PARTITION BY g, v ORDER BY k)", "FIRST_VALUE(k) OVER (PARTITION BY g ORDER BY v DESC, k)", "v - LAG(v) OVER (ORDER BY k)", "IF(ROW_NUMBER() OVER (ORDER BY k) = 1, 'first', 'later')", "SUM(IF(v > 7, 1, 0)) OVER (ORDER BY k)", "MAX(IF(v IS NULL, 0, v)) OVER (ORDER BY k ROWS BETWEEN 2 PRECEDING AND CURRENT ROW)", "COUNT(*) OVER ()", "AVG(v) OVER (ORDER BY k ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)", "LAST_VALUE(k) OVER (PARTITION BY g ORDER BY v)", "LAST_VALUE(v) OVER (PARTITION BY g ORDER BY k ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)",
    ):
        yield f"SELECT k, {function} AS r FROM {T} ORDER BY k"
    for clause in (
        "QUALIFY ROW_NUMBER() OVER (PARTITION BY g ORDER BY k) = 1", "WHERE v > 5 QUALIFY RANK() OVER (ORDER BY v) = 1", "QUALIFY r > 1", "QUALIFY k = 1", "QUALIFY SUM(v) OVER (PARTITION BY g) > 20 AND v IS NOT NULL", "WHERE ROW_NUMBER() OVER () = 1", "GROUP BY ROW_NUMBER() OVER ()", "QUALIFY TRUE", "QUALIFY ROW_NUMBER() OVER (ORDER BY k)",
    ):
        yield f"SELECT k, ROW_NUMBER() OVER (PARTITION BY g ORDER BY k DESC) AS r FROM {T} {clause}"
    for clause in ("GROUP BY g HAVING SUM(v) > 1 QUALIFY RANK() OVER (ORDER BY SUM(v) DESC) = 1", "GROUP BY g QUALIFY ROW_NUMBER() OVER (ORDER BY g) < 3", "GROUP BY g HAVING RANK() OVER (ORDER BY g) = 1", "GROUP BY g ORDER BY RANK() OVER (ORDER BY g)"):
        yield f"SELECT g, SUM(v) AS total FROM {T} {clause}"
    yield f"SELECT g, SUM(v) AS s, RANK() OVER (ORDER BY SUM(v) DESC) AS r, SUM(SUM(v)) OVER () AS t FROM {T} GROUP BY g ORDER BY g"
    yield f"SELECT k, v FROM {T} ORDER BY ROW_NUMBER() OVER (ORDER BY k DESC)"


def rows(function, over):
    return f"SELECT k, {function} OVER ({over}) AS r FROM {T} ORDER BY k"
