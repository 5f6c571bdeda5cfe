"""Clauses: CTEs, set operations, joins, subqueries, grouping, stars, PIVOT, order and limits."""

E = "(SELECT 1 AS id, 'ann' AS name, 10 AS dept, 100.0 AS pay, DATE '2020-01-05' AS since UNION ALL SELECT 2, 'bob', 10, 80.5, DATE '2019-03-01' UNION ALL SELECT 3, 'cid', 20, NULL, DATE '2021-07-09' UNION ALL SELECT 4, 'dee', NULL, 60.0, NULL)"
D = "(SELECT 10 AS dept, 'icu' AS title UNION ALL SELECT 20, 'ed' UNION ALL SELECT 30, 'ward')"
WITH = f"WITH e AS {E}, d AS {D} "


def cases(random):
    for kind in ("JOIN", "INNER JOIN", "LEFT JOIN", "LEFT OUTER JOIN", "RIGHT JOIN", "FULL JOIN", "FULL OUTER JOIN", "CROSS JOIN", ","):
        for columns in ("e.*, title", "id, title", "e.dept, d.dept AS other", "dept, id"):
            for condition in ("", "ON e.dept = d.dept", "USING (dept)", "ON e.dept = d.dept AND id > 1", "ON e.dept < d.dept", "ON TRUE", "ON e.dept = d.dept OR d.title = 'ward'"):
                if (condition == "") == (kind in ("CROSS JOIN", ",")) or random.random() < 0.2:
                    order = " ORDER BY id, title" if "other" not in columns and "dept, id" != columns else ""
                    yield f"{WITH}SELECT {columns} FROM e {kind} d {condition}{order}"
    for text in STATEMENTS.strip().split("\n"):
        yield WITH + text if not text.startswith("!") else text[1:]
    for operation in ("UNION ALL", "UNION DISTINCT", "INTERSECT DISTINCT", "EXCEPT DISTINCT", "UNION", "INTERSECT", "EXCEPT"):
        for left, right in (("SELECT 1 AS a", "SELECT 1"), ("SELECT 1 AS a", "SELECT 2 AS b"), ("SELECT NULL AS a", "SELECT NULL"), ("SELECT 1 AS a", "SELECT 2.5"), ("SELECT 1 AS a", "SELECT 'x'"), ("SELECT 1 AS a", "SELECT 1, 2"), ("SELECT 'a' AS a, 1 AS b", "SELECT NULL, 2.5"), ("SELECT x FROM UNNEST([1, 1, 2, NULL, NULL]) AS x", "SELECT x FROM UNNEST([2, NULL]) AS x"), ("SELECT DATE '2020-01-01' AS a", "SELECT '2020-01-01'"), ("SELECT CAST('nan' AS FLOAT64) AS a", "SELECT CAST('nan' AS FLOAT64)"), ("SELECT NUMERIC '1' AS a", "SELECT 1.5"), ("(SELECT 1 AS a ORDER BY 1 LIMIT 1)", "(SELECT 2)")):
            yield f"{left} {operation} {right}"
    for one in ("SELECT 1 AS a UNION ALL SELECT 2 UNION ALL SELECT 3 ORDER BY a DESC", "SELECT 1 AS a UNION ALL SELECT 2 INTERSECT DISTINCT SELECT 2", "(SELECT 1 AS a UNION ALL SELECT 2) EXCEPT DISTINCT SELECT 2", "SELECT 1 AS a UNION ALL SELECT 2 UNION DISTINCT SELECT 2", "SELECT 1 AS a UNION ALL SELECT 2 ORDER BY 1 LIMIT 1", "SELECT 1 AS a ORDER BY 1 UNION ALL SELECT 2", "SELECT 1 AS a UNION ALL SELECT 2 ORDER BY b", "SELECT 1 AS a, 2 AS a UNION ALL SELECT 3, 4", "SELECT a FROM (SELECT 1 AS a UNION ALL SELECT 2) WHERE a > 1", "SELECT STRUCT(1 AS a) AS s UNION ALL SELECT STRUCT(2 AS b)", "SELECT 1 AS a INTERSECT ALL SELECT 1", "SELECT [1] AS a UNION ALL SELECT [2.5]", "SELECT 1 AS a EXCEPT ALL SELECT 1"):
        yield one
    for tail in ("ORDER BY pay", "ORDER BY pay DESC", "ORDER BY pay NULLS LAST", "ORDER BY pay DESC NULLS FIRST", "ORDER BY 2, 1", "ORDER BY 3", "ORDER BY 0", "ORDER BY -1", "ORDER BY 1 + 1, id", "ORDER BY 'a'", "ORDER BY NULL", "ORDER BY name COLLATE 'und:ci'", "ORDER BY dept, id", "ORDER BY e.id DESC", "ORDER BY nothing", "ORDER BY LENGTH(name), id", "ORDER BY id LIMIT 2", "ORDER BY id LIMIT 2 OFFSET 1", "ORDER BY id LIMIT 0", "ORDER BY id LIMIT 9 OFFSET 9", "ORDER BY id LIMIT -1", "LIMIT 1 + 1", "LIMIT NULL", "LIMIT 'a'", "LIMIT 1.5", "OFFSET 1", "ORDER BY id OFFSET 1", "ORDER BY SUM(id)", "ORDER BY id, id", "ORDER BY CASE WHEN id > 2 THEN 0 ELSE 1 END, id DESC", "ORDER BY [id]", "ORDER BY (id, name)", "ORDER BY id ASC, name DESC"):
        yield f"{WITH}SELECT id, pay FROM e {tail}"
    for where in ("id = 1", "id", "NULL", "pay > 70", "pay > 70 OR pay IS NULL", "NOT pay > 70", "name LIKE '%e%'", "since >= '2020-01-01'", "since BETWEEN '2019-01-01' AND '2020-12-31'", "id IN (SELECT dept / 10 FROM d)", "id NOT IN (SELECT dept FROM d)", "dept NOT IN (SELECT dept FROM d)", "dept IN (SELECT NULL)", "EXISTS (SELECT 1 FROM d WHERE d.dept = e.dept)", "NOT EXISTS (SELECT 1 FROM d WHERE d.dept = e.dept)", "id = (SELECT MIN(id) FROM e)", "id = (SELECT id FROM e)", "id IN (SELECT id, name FROM e)", "name IN (SELECT dept FROM d)", "(id, name) IN (SELECT (1, 'ann'))", "SUM(id) > 1", "x.id = 1", "dept = NULL", "id > ALL (SELECT 1)", "id IN UNNEST([1, 2])", "pay / 0 > 1", "SAFE_DIVIDE(pay, 0) IS NULL", "id = '1'", "since = 'x'", "name = 1", "TRUE AND id < 3", "dept IS DISTINCT FROM 10"):
        yield f"{WITH}SELECT id FROM e WHERE {where}"
    for select, group in (("dept, COUNT(*) AS n", "dept"), ("dept, COUNT(*) AS n", "1"), ("dept AS d2, COUNT(*) AS n", "d2"), ("COUNT(*) AS n", "dept"), ("dept, name, COUNT(*)", "dept"), ("dept + 1 AS k, COUNT(*) AS n", "dept + 1"), ("dept + 1 AS k, COUNT(*) AS n", "dept"), ("dept + 2 AS k, COUNT(*) AS n", "dept + 1"), ("UPPER(name) AS name, COUNT(*) AS n", "name"), ("LEFT(name, 1) AS l, MAX(pay) AS p", "l"), ("1 AS k, COUNT(*) AS n", "k"), ("1 AS k, COUNT(*) AS n", "1"), ("COUNT(*) AS n", "n"), ("COUNT(*) AS n", "1"), ("dept, n", "dept, COUNT(*)"), ("*", "dept"), ("e.dept, SUM(pay) AS s", "e.dept"), ("dept, SUM(pay) AS s", "e.dept"), ("EXTRACT(YEAR FROM since) AS y, COUNT(*) AS n", "y"), ("dept, id, SUM(pay) AS s", "1, 2"), ("dept", "3"), ("dept", "0"), ("dept, COUNT(*) AS n", "ALL"), ("SUM(pay) AS s", "'a'"), ("SUM(pay) AS s", "NULL"), ("dept, COUNT(*) AS n", "dept, dept"), ("[dept] AS a, COUNT(*) AS n", "a"), ("STRUCT(dept) AS a, COUNT(*) AS n", "a"), ("pay, COUNT(*) AS n", "pay"), ("dept, (SELECT title FROM d WHERE d.dept = e.dept) AS t, COUNT(*) AS n", "dept"), ("dept, (SELECT MAX(title) FROM d WHERE d.dept = e.id) AS t", "dept"), ("dept, MAX(name) AS m", "ROLLUP(dept)"), ("IF(dept IS NULL, 0, dept) AS k, COUNT(*) AS n", "1"), ("dept, ARRAY_AGG(name ORDER BY name) AS names", "dept"), ("t.dept AS q, COUNT(*) AS n", "q")):
        yield f"{WITH}SELECT {select} FROM e GROUP BY {group}"
    for having in ("COUNT(*) > 1", "n > 1", "dept = 10", "pay > 1", "SUM(pay) IS NULL", "COUNT(*)", "MAX(name) = 'bob'", "dept IN (SELECT dept FROM d) AND n >= 1", "EXISTS (SELECT 1 FROM d WHERE d.dept = e.dept)", "SUM(COUNT(*)) > 1", "nothing > 1"):
        yield f"{WITH}SELECT dept, COUNT(*) AS n FROM e GROUP BY dept HAVING {having}"
        yield f"{WITH}SELECT COUNT(*) AS n FROM e HAVING {having}"
    for order in ("dept", "n, dept", "COUNT(*), dept", "MAX(name)", "pay", "SUM(pay) DESC", "1", "2, 1", "LOWER(MAX(name))", "dept + n"):
        yield f"{WITH}SELECT dept, COUNT(*) AS n FROM e GROUP BY dept ORDER BY {order}"


STATEMENTS = r"""
SELECT * FROM e ORDER BY id
SELECT e.* FROM e ORDER BY id
SELECT * EXCEPT (pay) FROM e ORDER BY id
SELECT * EXCEPT (pay, since) FROM e ORDER BY id
SELECT * EXCEPT (nothing) FROM e
SELECT * EXCEPT (id, name, dept, pay, since) FROM e
SELECT * EXCEPT (pay, pay) FROM e
SELECT * EXCEPT () FROM e
SELECT * REPLACE (UPPER(name) AS name) FROM e ORDER BY id
SELECT * REPLACE (1 AS nothing) FROM e
SELECT * EXCEPT (pay) REPLACE (id * 2 AS id) FROM e ORDER BY id
SELECT * REPLACE (1 AS id, 2 AS id) FROM e
SELECT e.* EXCEPT (since), d.title FROM e JOIN d USING (dept) ORDER BY id
SELECT e.*, d.* EXCEPT (dept) FROM e JOIN d ON e.dept = d.dept ORDER BY id
SELECT x.* FROM e
SELECT id.* FROM e
SELECT DISTINCT dept FROM e
SELECT DISTINCT dept FROM e ORDER BY dept
SELECT DISTINCT dept FROM e ORDER BY id
SELECT DISTINCT dept, COUNT(*) OVER (PARTITION BY dept) AS n FROM e
SELECT DISTINCT * FROM d
SELECT DISTINCT [1] AS a
SELECT ALL dept FROM e
SELECT ID, Name FROM e ORDER BY id
SELECT E.ID FROM e AS E ORDER BY 1
SELECT e.id FROM e AS x
SELECT id AS i, id + 1 AS j FROM e ORDER BY i
SELECT id AS i, i + 1 FROM e
SELECT id i FROM e WHERE i > 1
SELECT id, id FROM e
SELECT id + 1, id + 2, name, 'x' FROM e ORDER BY name
SELECT COUNT(*), MAX(id) FROM e
SELECT * FROM e JOIN d ON e.dept = d.dept
SELECT * FROM e, d
SELECT * FROM e JOIN d USING (dept)
SELECT a.id, b.id AS boss FROM e AS a JOIN e AS b ON a.dept = b.dept AND a.id < b.id
SELECT id FROM e, d
SELECT dept FROM e, d
SELECT dept FROM e JOIN d USING (dept) ORDER BY dept
SELECT * FROM e JOIN d USING (nothing)
SELECT * FROM e JOIN d USING (id)
SELECT * FROM e JOIN d USING ()
SELECT * FROM e JOIN d
SELECT * FROM e JOIN d ON id
SELECT * FROM e JOIN d ON e.dept = d.title
SELECT * FROM e JOIN d ON COUNT(*) > 1
SELECT e.id, d.title, f.name FROM e JOIN d USING (dept) JOIN e AS f ON f.id = e.id ORDER BY id
SELECT e.id, f.id AS other FROM e LEFT JOIN d USING (dept) LEFT JOIN e AS f ON f.dept = d.dept AND f.id > e.id ORDER BY e.id, other
SELECT id, title FROM e LEFT JOIN d USING (dept) WHERE title IS NULL
SELECT COALESCE(e.dept, d.dept) AS k, COUNT(id) AS n FROM e FULL JOIN d ON e.dept = d.dept GROUP BY k ORDER BY k
SELECT dept, COUNT(id) AS n FROM e FULL JOIN d USING (dept) GROUP BY dept ORDER BY dept
SELECT * FROM (e JOIN d USING (dept)) ORDER BY id
SELECT * FROM e CROSS JOIN d ON TRUE
SELECT * FROM e NATURAL JOIN d
SELECT * FROM e LEFT SEMI JOIN d ON TRUE
SELECT * FROM e e1, e e1
SELECT * FROM nowhere
SELECT * FROM e AS x JOIN nowhere AS y ON TRUE
SELECT (SELECT title FROM d WHERE d.dept = e.dept) AS t FROM e ORDER BY id
SELECT id, (SELECT COUNT(*) FROM e AS o WHERE o.dept = e.dept) AS n FROM e ORDER BY id
SELECT id, (SELECT MAX(o.pay) FROM e AS o WHERE o.id < e.id) AS best FROM e ORDER BY id
SELECT id, (SELECT title FROM d) FROM e
SELECT id, (SELECT title, dept FROM d LIMIT 1) FROM e
SELECT id, (SELECT title FROM d ORDER BY dept LIMIT 1) AS t FROM e ORDER BY id
SELECT id, EXISTS (SELECT 1 FROM d WHERE d.dept = e.dept) AS e FROM e ORDER BY id
SELECT id, dept IN (SELECT dept FROM d) AS i FROM e ORDER BY id
SELECT id, dept NOT IN (SELECT dept FROM d WHERE dept > 10) AS i FROM e ORDER BY id
SELECT id, ARRAY(SELECT title FROM d WHERE d.dept >= e.dept ORDER BY title) AS a FROM e ORDER BY id
SELECT id, (SELECT AS STRUCT title, dept FROM d WHERE d.dept = e.dept) AS s FROM e ORDER BY id
SELECT id, IF(EXISTS (SELECT 1 FROM d WHERE d.dept = e.dept), 'y', 'n') AS f FROM e ORDER BY id
SELECT s.n FROM (SELECT dept, COUNT(*) AS n FROM e GROUP BY dept) AS s WHERE s.n > 1
SELECT (SELECT id FROM e WHERE id = 99) AS r
SELECT (SELECT NULL) AS r
SELECT (SELECT COUNT(*) FROM e WHERE id > 99) AS r
SELECT (SELECT 1, 2)
SELECT (SELECT id FROM e)
SELECT SUM((SELECT COUNT(*) FROM d WHERE d.dept = e.dept)) AS r FROM e
SELECT MAX(id) AS m FROM e WHERE dept IN (SELECT dept FROM d WHERE title = 'icu')
SELECT id FROM e WHERE pay = (SELECT MAX(pay) FROM e AS o WHERE o.dept = e.dept) ORDER BY id
SELECT id FROM e WHERE (SELECT COUNT(*) FROM d WHERE d.dept > e.dept) > 1 ORDER BY id
SELECT id FROM e AS o WHERE EXISTS (SELECT 1 FROM e AS i WHERE i.dept = o.dept AND i.id <> o.id) ORDER BY id
SELECT id FROM (SELECT id FROM e LIMIT 0)
SELECT x.id FROM (SELECT * FROM e WHERE dept = 10) x JOIN (SELECT * FROM d) y ON x.dept = y.dept ORDER BY 1
SELECT * FROM e PIVOT(SUM(pay) FOR dept IN (10, 20))
SELECT * FROM (SELECT dept, pay FROM e) PIVOT(SUM(pay) FOR dept IN (10, 20))
SELECT * FROM (SELECT dept, pay FROM e) PIVOT(SUM(pay) AS s, COUNT(*) AS n FOR dept IN (10 AS ten, 20 AS twenty))
SELECT * FROM (SELECT name, dept, pay FROM e) PIVOT(MAX(pay) FOR dept IN (10, NULL))
SELECT * FROM (SELECT name, pay FROM e) PIVOT(SUM(pay) FOR name IN ('ann', 'bob' AS b))
SELECT * FROM (SELECT dept, pay FROM e) PIVOT(SUM(pay) s FOR dept IN (-1, 10))
SELECT * FROM (SELECT dept, pay FROM e) PIVOT(pay FOR dept IN (10))
SELECT * FROM (SELECT dept, pay FROM e) PIVOT(SUM(pay) FOR dept IN ('a'))
SELECT * FROM (SELECT dept, pay FROM e) PIVOT(SUM(pay) FOR nothing IN (10))
SELECT * FROM (SELECT dept, pay FROM e) PIVOT(SUM(pay) FOR dept IN (10, 10))
SELECT * FROM (SELECT dept, pay FROM e) PIVOT(SUM(pay) FOR dept IN (10)) AS p WHERE p._10 > 1
SELECT * FROM (SELECT since, id FROM e) PIVOT(COUNT(id) FOR since IN (DATE '2020-01-05'))
SELECT * FROM (SELECT id, name, title FROM e JOIN d USING (dept)) UNPIVOT(v FOR k IN (name, title)) ORDER BY id, k
SELECT id, k, v FROM (SELECT id, pay, CAST(dept AS FLOAT64) AS dept FROM e) UNPIVOT INCLUDE NULLS (v FOR k IN (pay, dept)) ORDER BY id, k
SELECT * FROM e UNPIVOT(v FOR k IN (nothing))
SELECT * FROM e TABLESAMPLE SYSTEM (100 PERCENT)
SELECT id FROM e ORDER BY id LIMIT 1;
!WITH a AS (SELECT 1 AS x) SELECT x FROM a
!WITH a AS (SELECT 1 AS x), b AS (SELECT x + 1 AS y FROM a) SELECT x, y FROM a, b
!WITH a AS (SELECT 1 AS x) SELECT * FROM a, a AS b
!WITH a AS (SELECT 1 AS x), a AS (SELECT 2) SELECT * FROM a
!WITH a AS (SELECT x FROM b), b AS (SELECT 1 AS x) SELECT * FROM a
!WITH a AS (SELECT 1 AS x) SELECT (WITH a AS (SELECT 2 AS x) SELECT x FROM a) AS i, x FROM a
!WITH a AS (SELECT 1 AS x) SELECT * FROM (WITH b AS (SELECT x + 1 AS y FROM a) SELECT y FROM b)
!WITH a(x) AS (SELECT 1) SELECT x FROM a
!WITH a AS (SELECT 1), SELECT 2
!WITH a AS (SELECT 1 AS x) SELECT A.X FROM a
!WITH a AS (SELECT 1 AS x UNION ALL SELECT 2) SELECT SUM(x) AS s FROM a
!WITH a AS (SELECT 1 AS x ORDER BY x LIMIT 1) SELECT * FROM a
!WITH RECURSIVE a AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM a WHERE n < 5) SELECT n FROM a ORDER BY n
!WITH a AS (SELECT n FROM a) SELECT * FROM a
!SELECT 1 AS a, 2 AS b, 3
!SELECT 1, 2 AS f0_
!SELECT *
!SELECT 1 WHERE TRUE
!SELECT 1 GROUP BY 1
!SELECT 1 HAVING TRUE
!SELECT 1 ORDER BY 1
!SELECT 1 LIMIT 0
!SELECT COUNT(*)
!SELECT MAX(1)
!SELECT 1 FROM (SELECT 1)
!SELECT f0_ FROM (SELECT 1)
!SELECT * FROM (SELECT 1, 2)
!SELECT * FROM (SELECT 1 AS a, 2 AS a)
!SELECT a FROM (SELECT 1 AS a, 2 AS a)
!SELECT a FROM (SELECT 1 AS a, 2 AS A)
!SELECT x.a FROM (SELECT 1 AS a) AS x, (SELECT 2 AS a) AS y
!SELECT a FROM (SELECT 1 AS a) AS x, (SELECT 2 AS a) AS y
!SELECT x.a, y.a FROM (SELECT 1 AS a) AS x, (SELECT 2 AS a) AS y
!SELECT a FROM (SELECT 1 AS abc)
!SELECT abd FROM (SELECT 1 AS abc)
!SELECT x.abd FROM (SELECT 1 AS abc) AS x
!SELECT y.abc FROM (SELECT 1 AS abc) AS x
!SELECT abc.d FROM (SELECT 1 AS abc)
!SELECT abc.abc FROM (SELECT 1 AS abc)
!SELECT UPER('a')
!SELECT NOSUCH(1)
!SELECT SAFE.NOSUCH(1)
!SELECT a.b.c(1)
!SELECT LOWER('a', 'b')
!SELECT LOWER(a) FROM (SELECT 1 AS a)
!SELECT SUM(a) + b FROM (SELECT 1 AS a, 2 AS b)
!SELECT b, SUM(a) FROM (SELECT 1 AS a, 2 AS b)
!SELECT SUM(a) FROM (SELECT 1 AS a) GROUP BY SUM(a)
!SELECT SUM(SUM(a)) FROM (SELECT 1 AS a)
!SELECT a FROM (SELECT 1 AS a) WHERE SUM(a) > 0
!SELECT a FROM (SELECT 1 AS a) HAVING a > 0
!SELECT a FROM (SELECT 1 AS a) ORDER BY SUM(a)
!SELECT a AS b FROM (SELECT 1 AS a) WHERE b = 1
!SELECT a AS b FROM (SELECT 1 AS a) ORDER BY b
!SELECT a AS b, b AS a FROM (SELECT 1 AS a, 2 AS b UNION ALL SELECT 2, 1) ORDER BY a
!SELECT LOWER(x) AS x, COUNT(*) AS n FROM UNNEST(['A', 'a', 'b']) AS x GROUP BY x ORDER BY x
!SELECT x AS y, COUNT(*) AS n FROM UNNEST([1, 1, 2]) AS x GROUP BY y HAVING n > 1
!SELECT SUM(v) AS v FROM UNNEST([1, 2]) AS v HAVING v > 2
!SELECT x AS r, COUNT(*) AS n FROM UNNEST([0.0, -0.0, CAST('nan' AS FLOAT64), CAST('nan' AS FLOAT64), NULL, NULL]) AS x GROUP BY x
!SELECT DISTINCT x FROM UNNEST([CAST('nan' AS FLOAT64), CAST('nan' AS FLOAT64), NULL, NULL, 1.0]) AS x
!SELECT COUNT(DISTINCT x) AS n FROM UNNEST([CAST('nan' AS FLOAT64), CAST('nan' AS FLOAT64), NULL, 0.0, -0.0]) AS x
!SELECT x FROM UNNEST([1.0, CAST('nan' AS FLOAT64), NULL, CAST('-inf' AS FLOAT64), CAST('inf' AS FLOAT64)]) AS x ORDER BY x
!SELECT x FROM UNNEST([1.0, CAST('nan' AS FLOAT64), NULL, CAST('-inf' AS FLOAT64), CAST('inf' AS FLOAT64)]) AS x ORDER BY x DESC
!SELECT x FROM UNNEST(['b', 'B', 'a', '', NULL, 'é', 'z', '𝒳', '日']) AS x ORDER BY x
!SELECT x FROM UNNEST([b'b', b'\xff', b'', NULL]) AS x ORDER BY x DESC
!SELECT x FROM UNNEST([TRUE, FALSE, NULL]) AS x ORDER BY x
!SELECT x FROM UNNEST([INTERVAL 1 MONTH, INTERVAL 29 DAY, INTERVAL 31 DAY]) AS x ORDER BY x
!SELECT a.x, b.x AS y FROM UNNEST([1, NULL]) AS x, UNNEST([2]) AS y
!SELECT a.x FROM (SELECT 1 AS x) AS a JOIN (SELECT 1 AS x) AS b ON a.x = b.x WHERE x = 1
!SELECT COUNT(*) AS n FROM (SELECT CAST('nan' AS FLOAT64) AS x) AS a JOIN (SELECT CAST('nan' AS FLOAT64) AS x) AS b ON a.x = b.x
!SELECT COUNT(*) AS n FROM (SELECT -0.0 AS x) AS a JOIN (SELECT 0.0 AS x) AS b USING (x)
!SELECT COUNT(*) AS n FROM (SELECT NULL AS x) AS a JOIN (SELECT NULL AS x) AS b ON a.x IS NOT DISTINCT FROM b.x
!SELECT x FROM (SELECT 1 AS x) JOIN (SELECT 1.0 AS x) USING (x)
!SELECT x FROM (SELECT 1 AS x) JOIN (SELECT 'a' AS x) USING (x)
!SELECT x FROM (SELECT 1 AS x) AS a FULL JOIN (SELECT 2.5 AS x) AS b USING (x) ORDER BY x
!SELECT @p
!SELECT ?
!SELECT 1 AS x FROM UNNEST([1, 2]) GROUP BY x
!SELECT IF(x > 0, 1, 0) AS f, COUNT(*) AS n FROM UNNEST([1, -1, 2]) AS x GROUP BY f ORDER BY f
!SELECT x FROM UNNEST([1, 2, 3]) AS x WHERE x IN (SELECT y FROM UNNEST([2, 3]) AS y WHERE y = x) ORDER BY x
!SELECT x, (SELECT x + y FROM UNNEST([10]) AS y) AS s FROM UNNEST([1, 2]) AS x ORDER BY x
!SELECT SUM(x) OVER (ORDER BY x) AS s FROM UNNEST([1, 2]) AS x ORDER BY s
!SELECT DATE_DIFF(d, LAG(d) OVER (ORDER BY d), DAY) AS gap FROM UNNEST([DATE '2020-01-01', DATE '2020-01-04']) AS d ORDER BY d
!SELECT APPROX_COUNT_DISTINCT(x, 1) FROM UNNEST([1]) AS x
!SELECT 1 AS a FROM UNNEST([1]) WHERE a = 1
!SELECT COUNT(*) OVER () AS n FROM UNNEST([1, 2]) AS x GROUP BY x
!SELECT x FROM UNNEST([1, 2]) AS x GROUP BY x ORDER BY COUNT(*) DESC, x
!SELECT MAX(x) AS m, MAX(x) + 1 AS p FROM UNNEST([1, 2]) AS x
!SELECT CASE WHEN MAX(x) > 1 THEN 'big' END AS r FROM UNNEST([1, 2]) AS x
!SELECT x, SUM(COUNT(*)) OVER () AS t FROM UNNEST([1, 1, 2]) AS x GROUP BY x ORDER BY x
!SELECT k, v FROM (SELECT 'a' AS k, 1 AS v UNION ALL SELECT 'b', 2) WHERE (k, v) IN (('a', 1), ('b', 3))
!SELECT * FROM (SELECT 1 AS a) AS x, (SELECT 2 AS b) AS y, (SELECT 3 AS c) AS z
!SELECT x.a, y.b FROM (SELECT 1 AS a) AS x LEFT JOIN (SELECT 2 AS b) AS y ON x.a = y.b
!SELECT DISTINCT x FROM UNNEST([STRUCT(1 AS a), STRUCT(1 AS a)]) AS x
!SELECT MIN(x) FROM UNNEST([STRUCT(1 AS a)]) AS x
!SELECT MAX(x) FROM (SELECT [1] AS x)
!SELECT x FROM (SELECT [1] AS x) ORDER BY x
!SELECT x FROM (SELECT JSON '1' AS x) GROUP BY x
!SELECT 1 AS x, * FROM (SELECT 2 AS y)
!SELECT (1) AS a, ((2)) AS b
!SELECT `x` FROM (SELECT 1 AS `x`)
!SELECT x FROM (SELECT 1 AS x) x
!SELECT x.x FROM (SELECT 1 AS x) x
"""
