"""UNPIVOT."""

P = "WITH p AS (SELECT 'kale' AS product, 51 AS q1, 23 AS q2, NULL AS q3, 5 AS q4 UNION ALL SELECT 'apple', 77, NULL, 25, NULL UNION ALL SELECT 'fig', NULL, NULL, NULL, NULL) "


def cases(random):
    for nulls in ("", "INCLUDE NULLS ", "EXCLUDE NULLS "):
        for columns in ("v FOR k IN (q1, q2, q3, q4)", "v FOR k IN (q1)", "v FOR k IN (q1 AS 'a', q2 'b')", "v FOR k IN (q1 AS 1, q2 AS 2)", "(v, w) FOR k IN ((q1, q2), (q3, q4))", "(v, w) FOR k IN ((q1, q2) AS 'x', (q3, q4) AS 'y')", "(v, w) FOR k IN ((q1, q2) AS 1, (q3, q4) AS 2)", "(v, w, x, y) FOR k IN ((q1, q2, q3, q4))", "(v) FOR k IN (q1, (q2))"):
            for items in ("*", "k, v", "product, COUNT(*) AS n, SUM(v) AS s", "u.*"):
                tail = " GROUP BY product" if "COUNT" in items else ""
                yield f"{P}SELECT {items} FROM p UNPIVOT {nulls}({columns}) AS u{tail}"
            yield f"{P}SELECT MAX(v) AS m FROM p UNPIVOT {nulls}({columns}) WHERE product != 'fig'"
    for kind, pair in (("STRING", "'a', NULL"), ("FLOAT64", "CAST('nan' AS FLOAT64), -0.0"), ("DATE", "DATE '2020-02-29', NULL"), ("BOOL", "TRUE, FALSE"), ("BYTES", "b'a', b''"), ("NUMERIC", "NUMERIC '1.5', NUMERIC '2'"), ("STRUCT", "STRUCT(1 AS x), STRUCT(2 AS x)"), ("ARRAY", "[1], [2]"), ("JSON", "JSON '1', JSON 'null'"), ("INTERVAL", "INTERVAL 1 DAY, INTERVAL 2 MONTH")):
        first, second = pair.split(", ", 1) if kind != "STRUCT" else ("STRUCT(1 AS x)", "STRUCT(2 AS x)")
        yield f"SELECT * FROM (SELECT {first} AS a, CAST({second} AS {kind}) AS b) UNPIVOT(v FOR k IN (a, b))" if kind not in ("STRUCT", "ARRAY") else f"SELECT * FROM (SELECT {first} AS a, {second} AS b) UNPIVOT(v FOR k IN (a, b))"
        yield f"SELECT * FROM (SELECT 1 AS a, {first} AS b) UNPIVOT(v FOR k IN (a, b))"
    yield from STATEMENTS.strip().split("\n")


STATEMENTS = r"""
WITH p AS (SELECT 'kale' AS product, 51 AS q1, 23 AS q2, NULL AS q3, 'x' AS n UNION ALL SELECT 'apple', 77, NULL, 25, 'y') SELECT * FROM p UNPIVOT(sales FOR quarter IN (q1, q2, q3)) ORDER BY 1, 3, 4
WITH p AS (SELECT 'kale' AS product, 51 AS q1, 23 AS q2, NULL AS q3, 'x' AS n UNION ALL SELECT 'apple', 77, NULL, 25, 'y') SELECT * FROM p UNPIVOT INCLUDE NULLS (sales FOR quarter IN (q1, q2 AS 'two', q3)) AS u ORDER BY 1, 4
WITH p AS (SELECT 'kale' AS product, 51 AS q1, 23 AS q2, NULL AS q3, 5 AS q4) SELECT * FROM p UNPIVOT((a, b) FOR half IN ((q1, q2) AS 'h1', (q3, q4) AS 'h2'))
WITH p AS (SELECT 'kale' AS product, 51 AS q1, 23 AS q2, NULL AS q3, 5 AS q4) SELECT * FROM p UNPIVOT((a, b) FOR half IN ((q1, q2), (q3, q4)))
WITH p AS (SELECT 'kale' AS product, 51 AS q1, 23 AS q2, NULL AS q3, 5 AS q4) SELECT * FROM p UNPIVOT EXCLUDE NULLS ((a, b) FOR half IN ((q1, q2) AS 1, (q3, q3) AS 2))
WITH p AS (SELECT 51 AS q1, 23 AS q2) SELECT * FROM p UNPIVOT(v FOR k IN (q1 AS 1, q2 AS 2))
WITH p AS (SELECT 51 AS q1, 23 AS q2) SELECT * FROM p UNPIVOT(v FOR k IN (q1 AS 1, q2 AS 'b'))
WITH p AS (SELECT 51 AS q1, 23 AS q2) SELECT * FROM p UNPIVOT(v FOR k IN (q1 1, q2 2))
WITH p AS (SELECT 51 AS q1, 23 AS q2) SELECT * FROM p UNPIVOT(v FOR k IN (q1 AS 1, q2))
WITH p AS (SELECT 51 AS q1, 23 AS q2) SELECT * FROM p UNPIVOT(v FOR k IN (q1 AS x, q2))
WITH p AS (SELECT 51 AS q1, 23.5 AS q2) SELECT * FROM p UNPIVOT(v FOR k IN (q1, q2))
WITH p AS (SELECT 51 AS q1, 'a' AS q2) SELECT * FROM p UNPIVOT(v FOR k IN (q1, q2))
WITH p AS (SELECT 51 AS q1, 23 AS q2) SELECT * FROM p UNPIVOT(v FOR k IN (q1, q1))
WITH p AS (SELECT 51 AS q1, 23 AS q2) SELECT * FROM p UNPIVOT(v FOR k IN (q1, q3))
WITH p AS (SELECT 51 AS q1, 23 AS q2) SELECT * FROM p UNPIVOT(v FOR k IN (p.q1, q2))
WITH p AS (SELECT 51 AS q1, 23 AS q2) SELECT * FROM p UNPIVOT(v FOR v IN (q1, q2))
WITH p AS (SELECT 51 AS q1, 23 AS q2, 1 AS v) SELECT * FROM p UNPIVOT(v FOR k IN (q1, q2))
WITH p AS (SELECT 51 AS q1, 23 AS q2) SELECT * FROM p UNPIVOT((v, w) FOR k IN (q1, q2))
WITH p AS (SELECT 51 AS q1, 23 AS q2) SELECT * FROM p UNPIVOT((v, w) FOR k IN ((q1), (q2)))
WITH p AS (SELECT 51 AS q1, 23 AS q2) SELECT * FROM p UNPIVOT(v FOR k IN ((q1, q2)))
WITH p AS (SELECT 51 AS q1, 23 AS q2) SELECT * FROM p UNPIVOT((v) FOR k IN ((q1), (q2)))
WITH p AS (SELECT 51 AS q1, 23 AS q2) SELECT * FROM p UNPIVOT((v) FOR k IN (q1, q2))
WITH p AS (SELECT 51 AS q1, 23 AS q2) SELECT u.k FROM p UNPIVOT(v FOR k IN (q1, q2)) AS u
WITH p AS (SELECT 51 AS q1, 23 AS q2) SELECT p.k FROM p UNPIVOT(v FOR k IN (q1, q2))
WITH p AS (SELECT 51 AS q1, 23 AS q2) SELECT q1 FROM p UNPIVOT(v FOR k IN (q1, q2))
WITH p AS (SELECT 51 AS q1, 23 AS q2) SELECT * FROM p AS z UNPIVOT(v FOR k IN (q1, q2)) u
WITH p AS (SELECT 51 AS q1, 23 AS q2) SELECT * FROM p JOIN p AS r USING (q1) UNPIVOT(v FOR k IN (q1, q2)) u
WITH p AS (SELECT 51 AS q1, 23 AS q2) SELECT * FROM (SELECT 1 AS z) JOIN p UNPIVOT(v FOR k IN (q1, q2)) u ON TRUE
WITH p AS (SELECT 51 AS Q1, 23 AS q2) SELECT * FROM p UNPIVOT(V FOR K IN (q1, Q2))
WITH p AS (SELECT 51 AS q1, 23 AS q2) SELECT * FROM p UNPIVOT(v FOR k IN ())
WITH p AS (SELECT 51 AS q1, 23 AS q2) SELECT * FROM p UNPIVOT(v FOR k IN (q1 + 1))
WITH p AS (SELECT 51 AS q1, 23 AS q2) SELECT * FROM p UNPIVOT(v FOR k IN (q1 AS NULL, q2))
WITH p AS (SELECT 51 AS q1, 23 AS q2) SELECT * FROM p UNPIVOT(v FOR k IN (q1 AS 1.5, q2 AS 2))
WITH p AS (SELECT STRUCT(1 AS a, 2 AS b) AS s) SELECT * FROM p UNPIVOT(v FOR k IN (s.a, s.b))
WITH p AS (SELECT [1] AS q1, [2] AS q2) SELECT * FROM p UNPIVOT(v FOR k IN (q1, q2))
WITH p AS (SELECT 51 AS q1, 23 AS q2), r AS (SELECT 1 AS q1) SELECT * FROM p UNPIVOT(v FOR k IN (q1, q2)) PIVOT(SUM(v) FOR k IN ('q1', 'q2'))
WITH p AS (SELECT 51 AS q1, 23 AS q2) SELECT * FROM p UNPIVOT(v FOR k IN (q1, q2)) UNPIVOT(w FOR l IN (v))
WITH p AS (SELECT 51 AS q1, CAST(NULL AS INT64) AS q2) SELECT COUNT(*) FROM p UNPIVOT(v FOR k IN (q1, q2))
WITH p AS (SELECT 1 AS d, 51 AS q1, 23 AS q2, 2 AS D2) SELECT * FROM p UNPIVOT((v, w) FOR d IN ((q1, q2)))
SELECT * FROM UNNEST([STRUCT(1 AS a, 2 AS b)]) UNPIVOT(v FOR k IN (a, b))
WITH p AS (SELECT 1 AS a, 2 AS b) SELECT a FROM p, p AS r UNPIVOT(v FOR k IN (a, b)) AS u ORDER BY a, v
WITH p AS (SELECT 1 AS a, 2 AS b) SELECT u.v, r.a FROM p UNPIVOT(v FOR k IN (a, b)) AS u JOIN p AS r ON u.v = r.a
WITH p AS (SELECT 1 AS a, 2 AS b) SELECT (SELECT SUM(v) FROM p UNPIVOT(v FOR k IN (a, b))) AS s
SELECT x, (SELECT MAX(v) FROM (SELECT x AS a, x + 1 AS b) UNPIVOT(v FOR k IN (a, b))) AS m FROM UNNEST([1, 2]) AS x ORDER BY x
WITH p AS (SELECT 1 AS a, 2 AS b) SELECT * FROM p UNPIVOT(v FOR k IN (a, b)) AS u WHERE u.k = 'b'
WITH p AS (SELECT 1 AS a, 2 AS b) SELECT k, ROW_NUMBER() OVER (ORDER BY v DESC) AS r FROM p UNPIVOT(v FOR k IN (a, b)) ORDER BY k
WITH p AS (SELECT 1 AS a, 2 AS b) SELECT * FROM p UNPIVOT(v IN (a, b))
WITH p AS (SELECT 1 AS a, 2 AS b) SELECT * FROM p UNPIVOT(v FOR k (a, b))
WITH p AS (SELECT 1 AS a, 2 AS b) SELECT * FROM p UNPIVOT(1 FOR k IN (a, b))
WITH p AS (SELECT 1 AS a, 2 AS b) SELECT * FROM p UNPIVOT NULLS (v FOR k IN (a, b))
WITH p AS (SELECT 1 AS unpivot) SELECT unpivot FROM p unpivot
"""
