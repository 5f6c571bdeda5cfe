"""Aggregates with their modifiers, over groups, over nothing, and what may not stand where."""

from .values import COLUMN, FLOAT64, POOLS, null

NAMES = "COUNT SUM AVG MIN MAX ANY_VALUE ARRAY_AGG STRING_AGG LOGICAL_AND LOGICAL_OR BIT_AND BIT_OR BIT_XOR COUNTIF STDDEV STDDEV_SAMP STDDEV_POP VARIANCE VAR_SAMP VAR_POP ARRAY_CONCAT_AGG".split()
PAIRS = "CORR COVAR_POP COVAR_SAMP".split()

T = "(SELECT 1 AS g, 1 AS i, 1.5 AS f, 'a' AS s, NUMERIC '1.1' AS n, TRUE AS b, DATE '2020-01-01' AS d UNION ALL SELECT 1, 2, -0.5, 'b', NUMERIC '2.2', FALSE, DATE '2020-01-02' UNION ALL SELECT 1, NULL, NULL, NULL, NULL, NULL, NULL UNION ALL SELECT 2, 2, 2.25, 'b', NUMERIC '-3.3', TRUE, DATE '2019-12-31' UNION ALL SELECT 2, -9, 1e10, 'c', NUMERIC '0.000000001', NULL, DATE '2020-01-01' UNION ALL SELECT 3, NULL, NULL, NULL, NULL, NULL, NULL)"


def cases(random):
    for name in NAMES:
        for sql_type, pool in POOLS.items():
            yield f"SELECT {name}({COLUMN[sql_type]}) AS r FROM UNNEST([1]) AS one"
            if name not in ("ARRAY_AGG", "ANY_VALUE") and sql_type not in ("ARRAY<INT64>", "JSON"):
                yield f"SELECT {name}(x) AS r FROM UNNEST([{', '.join(pool)}, NULL]) AS x"
            yield f"SELECT {name}(x) AS r FROM UNNEST(CAST([] AS ARRAY<{sql_type}>)) AS x" if sql_type != "ARRAY<INT64>" else f"SELECT {name}({null(sql_type)}) AS r FROM UNNEST([1]) AS one"
        for column in "ifsnbd":
            yield f"SELECT g, {name}({column}) AS r FROM {T} GROUP BY g ORDER BY g" if name not in ("ANY_VALUE", "ARRAY_AGG", "STRING_AGG") else f"SELECT g, {name}({column} ORDER BY {column}) AS r FROM {T} GROUP BY g ORDER BY g"
        yield f"SELECT {name}(DISTINCT i) AS r FROM {T}" if name not in ("ARRAY_AGG", "ANY_VALUE") else f"SELECT {name}(DISTINCT i ORDER BY i) AS r FROM {T}"
        yield f"SELECT {name}() FROM {T}"
        yield f"SELECT {name}(i, i, i) FROM {T}"
        yield f"SELECT {name}(i) FROM {T} WHERE {name}(i) > 1"
        yield f"SELECT {name}(i IGNORE NULLS ORDER BY i) AS r FROM {T}"
        yield f"SELECT {name}(i ORDER BY i LIMIT 2) AS r FROM {T}"
        yield f"SELECT {name}(i HAVING MAX f) AS r FROM {T} WHERE g = 1"
        yield f"SELECT {name}(s HAVING MIN i) AS r FROM {T}"
        yield f"SELECT {name}(SUM(i)) FROM {T}"
    for name in PAIRS:
        for pair in ("i, f", "f, n", "i, i", "n, n", "s, i", "i, NULL", "i"):
            yield f"SELECT {name}({pair}) AS r FROM {T}"
        yield f"SELECT g, {name}(i, f) AS r FROM {T} GROUP BY g ORDER BY g"
        yield f"SELECT {name}(x, x) AS r FROM UNNEST([1.0, CAST('inf' AS FLOAT64)]) AS x"
        yield f"SELECT {name}(x, x) AS r FROM UNNEST([1.0, CAST('nan' AS FLOAT64)]) AS x"
        yield f"SELECT {name}(x, 1) AS r FROM UNNEST([1.0, 2.0]) AS x"
    for text in (
        "COUNT(*)", "COUNT(1)", "COUNT(NULL)", "COUNT(i)", "COUNT(DISTINCT i)", "COUNT(DISTINCT f)", "COUNT(DISTINCT g, i)", "COUNT(DISTINCT *)", "COUNT(*, 1)", "SUM(*)", "COUNTIF(i > 1)", "COUNTIF(NULL)", "COUNTIF(DISTINCT b)", "COUNTIF(i)", "SUM(DISTINCT i)", "SAFE.SUM(i)", "SUM(1.5)", "SUM(IF(b, 1, 0))", "SUM(CAST(b AS INT64))", "AVG(DISTINCT i)", "AVG(i) + 1", "MIN(s)", "MAX(d)", "MAX(b)", "ARRAY_AGG(i IGNORE NULLS ORDER BY i)", "ARRAY_AGG(i ORDER BY i)", "ARRAY_AGG(i ORDER BY i DESC)", "ARRAY_AGG(i ORDER BY i NULLS LAST)", "ARRAY_AGG(i ORDER BY i DESC NULLS FIRST LIMIT 3)", "ARRAY_AGG(DISTINCT s IGNORE NULLS ORDER BY s DESC)", "ARRAY_AGG(DISTINCT s ORDER BY i)", "ARRAY_AGG(s ORDER BY g, i DESC)", "ARRAY_AGG(STRUCT(g, i) ORDER BY g, i)", "ARRAY_AGG([i])", "ARRAY_AGG(i LIMIT 0)", "ARRAY_AGG(i LIMIT -1)", "ARRAY_AGG(i LIMIT i)", "STRING_AGG(s, '-' ORDER BY s)", "STRING_AGG(s ORDER BY i, s)", "STRING_AGG(DISTINCT s, ';' ORDER BY s)", "STRING_AGG(s, '' ORDER BY s LIMIT 2)", "STRING_AGG(s, s)", "STRING_AGG(s, NULL)", "STRING_AGG(i)", "STRING_AGG(CAST(s AS BYTES), b'-' ORDER BY s)", "LOGICAL_AND(b)", "LOGICAL_OR(b)", "LOGICAL_AND(i > 0)", "BIT_XOR(i)", "BIT_AND(i)", "ANY_VALUE(g HAVING MAX i)", "ANY_VALUE(s HAVING MIN f)", "MAX(i HAVING MAX f)", "SUM(i HAVING MIN g)", "SUM(i) OVER ()", "SUM(i) / COUNT(*)", "SUM(i) * 1.0 / NULLIF(COUNT(i), 0)", "MAX(i) - MIN(i)", "SUM(SUM(i)) OVER ()", "SUM(MAX(i) OVER ())", "ROUND(AVG(f), 2)", "STDDEV(f)", "CORR(i, f)", "ARRAY_LENGTH(ARRAY_AGG(i))", "ARRAY_AGG(i ORDER BY f)[OFFSET(0)]", "ARRAY_CONCAT_AGG([i] ORDER BY i)", "ARRAY_CONCAT_AGG(CAST(NULL AS ARRAY<INT64>))", "IF(COUNT(*) > 3, 'many', 'few')", "COALESCE(SUM(i), 0)", "(SELECT MAX(x) FROM UNNEST([1, 2]) AS x) + COUNT(*)", "i", "i + COUNT(*)", "g, COUNT(*)", "COUNT(*) c, c + 1", "APPROX_COUNT(i)", "MEDIAN(i)", "SUM(x)", "FIRST(i)",
    ):
        yield f"SELECT {text} FROM {T}"
        if "," not in text[-4:] and text not in ("i", "g, COUNT(*)"):
            yield f"SELECT g, {text.replace(' c, c + 1', '')} AS r FROM {T} GROUP BY g ORDER BY g"
    for values in (FLOAT64[:9], ["1e308", "1e308", "-1e308"], ["0.1"] * 10, ["1e16", "1.0", "-1e16"], ["CAST('nan' AS FLOAT64)", "1.0"], ["CAST('inf' AS FLOAT64)", "CAST('-inf' AS FLOAT64)"], ["-0.0", "0.0"], ["-0.0"], ["1e308", "1e308"]):
        for name in ("SUM", "AVG", "MIN", "MAX", "STDDEV_SAMP", "STDDEV_POP", "VAR_SAMP", "VAR_POP", "COUNT"):
            yield f"SELECT {name}(x) AS r FROM UNNEST([{', '.join(values)}]) AS x"
    for values in (["9223372036854775807", "1"], ["9223372036854775807", "9223372036854775807", "-9223372036854775807"], ["-9223372036854775808"], ["1", "2", "2"]):
        for name in ("SUM", "AVG", "MIN", "MAX", "SUM(DISTINCT", "VAR_POP"):
            yield f"SELECT {name}({'x' if '(' not in name else ' x'}) AS r FROM UNNEST([{', '.join(values)}]) AS x".replace("SUM(DISTINCT(", "SUM(DISTINCT")
    for values in (["NUMERIC '99999999999999999999999999999.999999999'", "NUMERIC '1'"], ["NUMERIC '1'", "NUMERIC '2'", "NUMERIC '2'"], ["NUMERIC '0.000000001'", "NUMERIC '0.000000002'"]):
        for name in ("SUM", "AVG", "MIN", "MAX", "STDDEV", "VAR_POP"):
            yield f"SELECT {name}(x) AS r FROM UNNEST([{', '.join(values)}]) AS x"
