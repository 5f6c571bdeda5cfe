"""WITH(name AS value, ..., result) as an expression."""


def cases(random):
    yield from STATEMENTS.strip().split("\n")
    for value in ("1", "NULL", "'x'", "1.5", "DATE '2020-02-29'", "[1, 2]", "STRUCT(1 AS f)", "CAST('nan' AS FLOAT64)", "NUMERIC '1.5'", "b'\\xff'"):
        yield f"SELECT WITH(a AS {value}, a) AS r"
        yield f"SELECT WITH(a AS {value}, b AS a, [b]) AS r"
        yield f"SELECT WITH(a AS {value}, a + 1) AS r"
        yield f"SELECT WITH(a AS {value}, TO_JSON_STRING(a)) AS r"
        yield f"SELECT WITH(a AS x, b AS {value}, IF(a > 1, b, NULL)) AS r FROM UNNEST([1, 2]) AS x"


STATEMENTS = r"""
SELECT WITH(a AS 1, b AS a + 1, a + b) AS r
SELECT WITH(a AS 1, a) AS r, WITH(x AS 2, y AS x * x, WITH(z AS y + x, z + y)) AS s
SELECT WITH(a AS x + 1, a * a) AS r FROM UNNEST([1, 2]) AS x ORDER BY r
SELECT WITH(s AS SUM(x), n AS COUNT(*), s / n) AS r FROM UNNEST([1, 2]) AS x
SELECT WITH(s AS SUM(x) OVER (), s / x) AS r FROM UNNEST([1, 2]) AS x ORDER BY r
SELECT WITH(a AS 1, a AS 2, a) AS r
SELECT WITH(a AS 1, a AS 2, 3) AS r
SELECT WITH(a AS b, b AS 2, a) AS r
SELECT WITH(1 + 1) AS r
SELECT WITH() AS r
SELECT WITH(a AS 1) AS r
SELECT WITH(a AS 1, ) AS r
SELECT WITH(a AS 1, b) AS r
SELECT WITH(a AS x, (SELECT a + 1)) AS r FROM UNNEST([1, 2]) AS x ORDER BY r
SELECT WITH(a AS [1, 2], ARRAY(SELECT e + ARRAY_LENGTH(a) FROM UNNEST(a) AS e)) AS r
SELECT WITH(a AS x + 1, (SELECT SUM(y + a) FROM UNNEST([1, 2]) AS y)) AS r FROM UNNEST([1, 2]) AS x ORDER BY r
SELECT x, WITH(a AS x + 1, a) AS r FROM UNNEST([1, 2]) AS x WHERE WITH(b AS x > 1, b) GROUP BY x HAVING WITH(c AS COUNT(*), c > 0) ORDER BY WITH(d AS x, -d)
SELECT WITH(a AS STRUCT(1 AS f), a.f) AS r
SELECT WITH(x AS 5, x) AS r, x FROM UNNEST([1, 2]) AS x ORDER BY x
SELECT WITH(a AS 'x', a + 1) AS r
SELECT WITH(a AS SUM(x), SUM(a)) AS r FROM UNNEST([1]) AS x
SELECT WITH(a AS x, SUM(x) OVER (ORDER BY a)) AS r FROM UNNEST([1]) AS x
SELECT SUM(WITH(a AS x, a + 1)) AS r FROM UNNEST([1, 2]) AS x
SELECT MAX(WITH(a AS x, b AS a, a * b)) OVER () AS r FROM UNNEST([1, 2]) AS x
SELECT WITH(a AS 1 / 0, 1) AS r
SELECT WITH(a AS 1, IF(TRUE, a, 1 / 0)) AS r
SELECT WITH(A AS 1, a) AS r
SELECT WITH(`a b` AS 1, `a b`) AS r
SELECT WITH(a AS (SELECT MAX(y) FROM UNNEST([1, 3]) AS y), a + a) AS r
SELECT WITH(a AS x, b AS (SELECT a + 1), b) AS r FROM UNNEST([1, 2]) AS x ORDER BY r
SELECT COUNT(*) AS n FROM UNNEST([1, 2]) AS x JOIN UNNEST([2, 3]) AS y ON WITH(a AS x, a = y)
SELECT CASE WITH(a AS 1, a) WHEN 1 THEN 'one' END AS r
SELECT WITH(a AS 1, WITH(a AS 2, a) + a) AS r
SELECT WITH(a AS 1, (WITH b AS (SELECT 2 AS c) SELECT c FROM b)) AS r
SELECT (WITH a AS (SELECT 1 AS b) SELECT b FROM a) AS r
SELECT WITH (a AS 1, a) AS r
SELECT WITH(a AS 1, b AS 2, c AS 3, d AS 4, a * b * c * d) AS r
SELECT x, COUNT(*) AS n FROM (SELECT WITH(a AS e, MOD(a, 2)) AS x FROM UNNEST([1, 2, 3]) AS e) GROUP BY x ORDER BY x
SELECT DATE_DIFF(WITH(a AS DATE '2020-02-29', a), DATE '2020-01-01', DAY) AS r
"""
