"""Pipe syntax: every operator, alone and after others."""

T = "(SELECT 'apples' AS item, 2 AS sales, 'fruit' AS category UNION ALL SELECT 'apples', 7, 'fruit' UNION ALL SELECT 'carrots', 0, 'vegetable' UNION ALL SELECT 'bananas', 15, 'fruit' UNION ALL SELECT NULL, NULL, 'fruit')"
OPERATORS = (
    "WHERE sales > 1", "WHERE category = 'fruit'", "SELECT item, sales", "SELECT *, sales + 1 AS more", "SELECT DISTINCT category", "EXTEND sales * 2 AS double", "EXTEND SUM(sales) OVER (PARTITION BY category) AS total",
    "SET sales = COALESCE(sales, 0)", "SET item = UPPER(item), sales = sales + 1", "DROP category", "DROP item, sales", "RENAME sales AS amount", "RENAME item i, category c", "AS u", "LIMIT 100", "LIMIT 0", "ORDER BY sales, item", "ORDER BY 1 DESC, 2",
    "AGGREGATE COUNT(*) AS n", "AGGREGATE COUNT(*) AS n GROUP BY category", "AGGREGATE SUM(sales) AS s, MAX(item) AS m GROUP BY category AS c", "AGGREGATE AVG(sales) AS m GROUP AND ORDER BY category DESC", "AGGREGATE GROUP BY item, category", "AGGREGATE SUM(sales) AS s GROUP BY ROLLUP(category)", "DISTINCT",
    "JOIN (SELECT 'fruit' AS category, 1 AS id) AS o USING (category)", "LEFT JOIN (SELECT 'fruit' AS k, 1 AS id) AS o ON category = o.k", "CROSS JOIN UNNEST([1, 2]) AS e", "FULL JOIN (SELECT 'new' AS category) AS o USING (category)",
    "UNION ALL (SELECT 'x', 1, 'y')", "UNION DISTINCT (SELECT 'apples', 2, 'fruit')", "INTERSECT DISTINCT (SELECT 'apples', 2, 'fruit')", "EXCEPT DISTINCT (SELECT 'apples', 2, 'fruit')", "FULL UNION ALL BY NAME (SELECT 1 AS sales, 2 AS new)",
    "PIVOT(SUM(sales) FOR category IN ('fruit', 'vegetable' AS veg))", "UNPIVOT(v FOR k IN (item, category))", "TABLESAMPLE SYSTEM (100 PERCENT)", "WHERE t.sales > 1", "SELECT t.item", "WHERE u.sales > 1", "WHERE RANK() OVER (ORDER BY sales) = 1", "WITH w AS (SELECT 'fruit' AS category) |> JOIN w USING (category)",
    "AGGREGATE COUNTIF(sales > 1) AS n, SUM(sales) AS s DESC GROUP BY item", "SELECT SUM(sales) OVER (ORDER BY sales, item) AS running, item", "EXTEND CASE WHEN sales > 5 THEN 'many' ELSE 'few' END AS how",
)


def cases(random):
    for operator in OPERATORS:
        yield f"FROM {T} AS t |> {operator}"
        yield f"SELECT * FROM {T} AS t |> {operator}"
    for _ in range(320):
        chain = random.sample(OPERATORS, random.randint(2, 4))
        yield f"FROM {T} AS t |> " + " |> ".join(chain)
    for text in STATEMENTS.strip().split("\n"):
        yield text.replace("T!", f"WITH t AS {T} ").replace("P!", f"WITH t AS {T} FROM t ")


STATEMENTS = r"""
T!FROM t
T!FROM t WHERE sales > 1
P!|> WHERE sales > 1 |> SELECT item, sales + 1 AS s
P!|> SELECT *
P!|> SELECT t.item, t.*
P!|> SELECT item |> WHERE t.sales > 1
P!|> WHERE t.sales > 1 |> SELECT t.sales
P!|> SELECT DISTINCT category
P!|> SELECT SUM(sales)
P!|> SELECT item, SUM(sales) OVER (PARTITION BY item) AS s |> ORDER BY 1, 2
P!|> SELECT item FROM t
P!|> EXTEND sales * 2 AS d, sales + 1 |> WHERE d > 4
P!|> EXTEND SUM(sales) OVER () AS total |> SELECT item, total
P!|> EXTEND sales AS item |> SELECT item
P!|> EXTEND t.sales * 2 AS d |> SELECT t.item, d
P!|> EXTEND SUM(sales)
P!|> SET sales = sales * 10, item = UPPER(item)
P!|> SET sales = sales * 10 |> SELECT sales, t.sales AS old
P!|> SET nothing = 1
P!|> SET sales = 1, sales = 2
P!|> SET t.sales = 1
P!|> DROP sales, category
P!|> DROP nothing
P!|> DROP item, sales, category
P!|> DROP sales |> SELECT t.sales
P!|> DROP sales |> SELECT sales
P!|> DROP sales, sales
P!|> RENAME sales AS s, item i
P!|> RENAME sales AS s |> SELECT t.sales, s
P!|> RENAME nothing AS s
P!|> RENAME sales AS item
P!|> AS u |> SELECT u.item
P!|> AS u |> SELECT t.item
P!|> AS u |> JOIN t USING (item) |> SELECT u.item, t.sales
P!|> LIMIT 2 OFFSET 1 |> AGGREGATE COUNT(*) AS n
P!|> ORDER BY sales DESC, item |> LIMIT 2
P!|> ORDER BY sales DESC |> SELECT item
P!|> AGGREGATE SUM(sales) AS s, COUNT(*) n GROUP BY item
P!|> AGGREGATE SUM(sales) AS s, COUNT(*) n GROUP BY item |> ORDER BY s DESC
P!|> AGGREGATE SUM(sales) AS s
P!|> AGGREGATE GROUP BY item
P!|> AGGREGATE
P!|> AGGREGATE COUNT(*) GROUP BY UPPER(category) AS c, item i
P!|> AGGREGATE COUNT(*) AS n GROUP AND ORDER BY category DESC, item
P!|> AGGREGATE COUNT(*) AS n DESC GROUP BY category
P!|> AGGREGATE SUM(sales) AS s DESC, COUNT(*) ASC GROUP BY item
P!|> AGGREGATE COUNT(*) AS n ASC NULLS LAST GROUP AND ORDER BY category DESC NULLS FIRST
P!|> AGGREGATE SUM(sales) AS s GROUP BY ROLLUP(category, item) |> ORDER BY category, item, s
P!|> AGGREGATE SUM(sales) AS s, GROUPING(item) AS g GROUP BY GROUPING SETS (item, ())
P!|> AGGREGATE SUM(sales) GROUP BY 1
P!|> AGGREGATE item GROUP BY item
P!|> AGGREGATE SUM(sales) + MAX(sales) AS x GROUP BY item |> SELECT t.item
P!|> AGGREGATE SUM(sales) AS s GROUP BY item |> WHERE s > 8
P!|> AGGREGATE SUM(sales) AS s, s + 1 AS u
P!|> AGGREGATE SUM(sales) AS s GROUP BY t.item, t.category
P!|> AGGREGATE SUM(sales) OVER () AS s
P!|> AGGREGATE ANY_VALUE(item) GROUP BY ALL
P!|> AGGREGATE COUNT(*) GROUP BY ()
P!|> AGGREGATE COUNT(*) AS n, GROUP BY item,
P!|> WHERE item = 'apples' |> AGGREGATE COUNT(*) |> EXTEND 1 AS one
P!|> DISTINCT
P!|> SELECT category |> DISTINCT
P!|> DISTINCT |> SELECT t.item
P!|> JOIN (SELECT 'apples' AS item, 1 AS id) AS o USING (item)
P!|> LEFT JOIN (SELECT 'apples' AS item, 1 AS id) AS o ON t.item = o.item |> SELECT t.item, o.id
P!|> CROSS JOIN UNNEST([1, 2]) AS n |> SELECT item, n |> ORDER BY item, n
P!|> JOIN UNNEST([sales]) AS n |> SELECT item, n
P!|> , UNNEST([1])
P!|> SELECT item |> JOIN t AS u ON item = u.item
P!|> UNION ALL (SELECT 'x', 1, 'y')
P!|> UNION ALL SELECT 'x', 1, 'y'
P!|> UNION ALL (SELECT 'x', 1, 'y'), (SELECT 'z', 2, 'w')
P!|> SELECT category |> UNION DISTINCT (SELECT 'fruit')
P!|> SELECT category |> INTERSECT DISTINCT (SELECT 'fruit')
P!|> SELECT category |> EXCEPT DISTINCT (SELECT 'fruit')
P!|> UNION ALL BY NAME (SELECT 1 AS sales, 'x' AS item, 'y' AS category)
P!|> FULL UNION ALL BY NAME (SELECT 1 AS sales, 'x' AS item, 'y' AS c)
P!|> UNION (SELECT 'x', 1, 'y')
P!|> SELECT item, category, sales |> PIVOT(SUM(sales) FOR item IN ('apples', 'bananas'))
P!|> SELECT sales, category |> PIVOT(SUM(sales) AS s FOR category IN ('fruit' AS f)) AS p |> SELECT p.s_f
P!|> EXTEND sales + 1 AS more |> UNPIVOT(v FOR k IN (sales, more)) |> ORDER BY item, v
P!|> TABLESAMPLE SYSTEM (100 PERCENT)
P!|> WINDOW SUM(sales) OVER (PARTITION BY item) AS s, RANK() OVER (ORDER BY sales) |> ORDER BY item
P!|> WINDOW SUM(sales)
P!|> EXTEND SUM(sales) OVER w AS s WINDOW w AS (PARTITION BY item) |> ORDER BY 1
P!|> SELECT SUM(sales) OVER w AS s WINDOW w AS (PARTITION BY item) |> ORDER BY 1
P!|> CALL nothing(1)
P!|> WHERE SUM(sales) > 1
P!|> WHERE SUM(sales) OVER () > 1 |> SELECT item |> ORDER BY item
P!|> WHERE RANK() OVER (ORDER BY sales DESC) = 1
P!|> WHERE
P!|> FOO
P!|> WITH x AS (SELECT 1 AS one) |> SELECT item, one
P!|> WITH x AS (SELECT 1 AS one) |> CROSS JOIN x |> SELECT item, one
P!|> MATCH_RECOGNIZE (ORDER BY sales MEASURES 1 AS x PATTERN (a) DEFINE a AS TRUE)
T!SELECT * FROM t |> WHERE sales > 3
T!SELECT * FROM t ORDER BY sales LIMIT 2 |> AGGREGATE COUNT(*) AS n
T!SELECT item FROM t UNION ALL SELECT 'x' |> WHERE item = 'x'
T!(SELECT item FROM t) |> WHERE item = 'apples'
T!(FROM t |> SELECT item) |> WHERE item = 'apples'
T!SELECT (FROM t |> AGGREGATE MAX(sales)) AS m
T!SELECT 'apples' IN (FROM t |> SELECT item) AS m, EXISTS(FROM t |> WHERE sales > 100) AS e, ARRAY(FROM t |> SELECT sales |> ORDER BY 1) AS a
T!, u AS (FROM t |> WHERE sales > 1) FROM u |> AGGREGATE COUNT(*) AS n
SELECT 1 AS a |> EXTEND a + 1 AS b |> EXTEND b + 1 AS c
FROM UNNEST([1, 2, 3]) AS x |> WHERE x > 1 |> AGGREGATE SUM(x) AS s
FROM UNNEST([3, 1, 2]) AS x WITH OFFSET AS o |> ORDER BY x |> SELECT o
FROM (SELECT 1 AS a) |> SELECT a
FROM (SELECT 1 AS a) AS x JOIN (SELECT 1 AS a, 2 AS b) AS y USING (a) |> SELECT *
FROM (SELECT 1 AS a) AS x JOIN (SELECT 1 AS a, 2 AS b) AS y ON TRUE |> SELECT *
FROM (SELECT 1 AS a) AS x JOIN (SELECT 1 AS a, 2 AS b) AS y ON TRUE |> SELECT x.a, y.a AS c |> WHERE c = 1
FROM (SELECT 1 AS a) AS x JOIN (SELECT 1 AS a, 2 AS b) AS y ON TRUE |> SET a = 1
FROM (SELECT 1 AS a) AS x JOIN (SELECT 1 AS a, 2 AS b) AS y ON TRUE |> DROP a
FROM (SELECT 1 AS a) AS x JOIN (SELECT 1 AS a, 2 AS b) AS y ON TRUE |> DISTINCT
FROM UNNEST([STRUCT(1 AS a, 2 AS b)]) |> EXTEND a + b AS c
FROM UNNEST([STRUCT(1 AS a, 2 AS b)]) AS s |> EXTEND s.a + b AS c
FROM UNNEST([STRUCT(1 AS a, 2 AS b)]) AS s |> AGGREGATE COUNT(*) AS n GROUP BY s.a
FROM UNNEST([STRUCT(1 AS a, 2 AS b)]) AS s |> DROP a
FROM UNNEST([STRUCT(1 AS a, 2 AS b)]) AS s |> SET a = 5
FROM UNNEST([1,2]) |> SELECT 1
FROM UNNEST([1,2]) AS x |> SELECT AS VALUE x
FROM UNNEST([1,2]) AS x |> SELECT x AS y |> SELECT y, y AS z |> EXTEND y + z AS w |> SELECT * EXCEPT (y)
FROM UNNEST([1,2]) AS x |> SELECT x |> ORDER BY x DESC |> LIMIT 1
FROM UNNEST([1,2]) AS x |> EXTEND x + 1 AS y, y + 1 AS z
FROM UNNEST([1,2]) AS x |> EXTEND x.*
FROM UNNEST([STRUCT(1 AS a)]) AS x |> EXTEND x.* |> SELECT *
FROM UNNEST([1,2]) AS x |> EXTEND *
FROM UNNEST([1,2]) AS x |> SELECT x,
FROM UNNEST([1,2]) AS x |>
|> SELECT 1
FROM nothing |> SELECT 1
FROM
FROM UNNEST([1,2]) AS x SELECT x
FROM UNNEST([1,2]) AS x |> SELECT x WHERE x > 1
FROM UNNEST([1,2]) AS x |> WHERE x > 1 ORDER BY x
FROM UNNEST([1,2]) AS x |> LIMIT 1 |> WHERE x > 0 |> EXTEND x AS x2 |> AS q |> SELECT q.x2
FROM UNNEST([1,2,2]) AS x |> AGGREGATE COUNT(*) AS n GROUP BY x |> AGGREGATE MAX(n) AS m
FROM UNNEST([1,2]) AS x |> SELECT x, x + 1 |> SELECT *
FROM UNNEST([1,2]) AS x |> SELECT 1 AS a, 2 AS a
FROM UNNEST([1,2]) AS x |> SELECT 1 AS a, 2 AS a |> SELECT a
FROM UNNEST([1,2]) AS x |> SELECT 1 AS a, 2 AS a |> DROP a
FROM UNNEST([1,2]) AS x |> SELECT 1 AS a, 2 AS a |> RENAME a AS b
FROM UNNEST([1,2]) AS x |> AGGREGATE SUM(x) AS s GROUP BY x AS s
FROM UNNEST([1,2]) AS x |> AGGREGATE x + SUM(x) AS s GROUP BY x
FROM UNNEST([1, 2]) AS x |> SET x = x * 10
FROM UNNEST([1, 2]) AS x |> SET x = x * 10 |> SELECT x
FROM UNNEST([1, 2]) AS x |> EXTEND 1 AS y |> DROP x |> SELECT x
FROM UNNEST([1, 2]) AS x |> RENAME x AS y |> SELECT y
FROM UNNEST([1, 2]) AS x |> RENAME x AS y |> SELECT x
FROM UNNEST([1, 2]) AS x |> AS u |> SELECT u
FROM UNNEST([1, 2]) AS x |> AS u |> SELECT x
FROM UNNEST([1, 2]) AS x |> AS u
FROM UNNEST([1, 2]) AS x |> WHERE x > 1 |> AS u
FROM (SELECT 1 AS x) AS t |> AS u |> SELECT u.x, x
FROM (SELECT 1 AS x) AS t |> SELECT x AS t |> SELECT t
FROM (SELECT 1 AS x) AS t |> EXTEND 5 AS t |> SELECT t
FROM (SELECT 1 AS x) AS t |> SET x = 2 |> SELECT t
FROM (SELECT 1 AS x) AS t |> EXTEND t AS u |> SELECT u.x
FROM (SELECT 1 AS x) AS t |> SELECT t
FROM (SELECT 1 AS x) AS t |> DISTINCT |> SELECT t
FROM (SELECT 1 AS x, 2 AS y) AS t |> DROP y |> DISTINCT |> SELECT t.y
FROM (SELECT [1] AS x) AS t |> DISTINCT
FROM (SELECT 1 AS x) AS t |> AGGREGATE COUNT(*) AS n GROUP BY x |> SELECT t.x
FROM (SELECT 1 AS x) AS t |> AGGREGATE COUNT(*) AS n GROUP BY [x]
FROM (SELECT 1 AS x) AS t |> AGGREGATE COUNT(*) AS n, 1 AS one
FROM (SELECT 1 AS x) AS t |> AGGREGATE COUNT(*) + x AS n
FROM (SELECT 1 AS x) AS t |> LIMIT 1 + 1
FROM (SELECT 1 AS x) AS t |> LIMIT @p
FROM (SELECT 1 AS x) AS t |> ORDER BY y
FROM (SELECT 1 AS x) AS t |> ORDER BY SUM(x)
FROM (SELECT 1 AS x) AS t |> JOIN (SELECT 1 AS x) AS u
FROM (SELECT 1 AS x) AS t |> JOIN (SELECT 1 AS x) AS t ON TRUE
FROM (SELECT 1 AS x) AS t |> AS u |> JOIN (SELECT 1 AS x) AS t ON TRUE |> SELECT u.x, t.x AS y
FROM (SELECT 1 AS x) AS t |> SELECT x AS a |> AS p |> FULL JOIN (SELECT 2 AS a) AS q USING (a)
FROM (SELECT 1 AS x) AS t |> UNION ALL (SELECT 2.5) |> ORDER BY x
FROM (SELECT 1 AS x) AS t |> UNION ALL (SELECT 2), (SELECT 3) |> AGGREGATE SUM(x) AS s
FROM (SELECT 1 AS x) AS t |> UNION ALL (SELECT 'a')
FROM (SELECT 1 AS x) AS t |> EXCEPT DISTINCT (SELECT 1), (SELECT 2)
FROM (SELECT 1 AS x) AS t |> UNION ALL (SELECT 2) |> SELECT t.x
FROM (SELECT 1 AS x) AS t |> PIVOT(SUM(x) FOR x IN (1)) |> SELECT t._1
FROM (SELECT 1 AS x) AS t |> PIVOT(SUM(x) FOR x IN (1 AS one)) AS p |> SELECT p.one
FROM (SELECT 1 AS x, 'a' AS k) AS t |> UNPIVOT(v FOR n IN (x)) |> SELECT k, v, n
FROM (SELECT 1 AS x, 'a' AS k) AS t |> UNPIVOT INCLUDE NULLS (v FOR n IN (x)) AS q |> SELECT q.n
FROM (SELECT 1 AS x) AS t |> RENAME t.x AS y
FROM (SELECT 1 AS x) AS t |> RENAME x AS y, x AS z
FROM (SELECT 1 AS x) AS t |> DROP t.x
FROM (SELECT 1 AS x) AS t |> EXTEND x AS y, RANK() OVER (ORDER BY x) AS r
FROM (SELECT 1 AS x) AS t |> SET x = SUM(x) OVER ()
FROM (SELECT 1 AS x) AS t |> SET x = SUM(x)
FROM (SELECT 1 AS x) AS t |> ORDER BY SUM(x) OVER ()
FROM (SELECT 1 AS x) AS t |> SELECT *, x + 1 AS y |> SELECT * EXCEPT (x), * REPLACE (5 AS y)
FROM (SELECT 1 AS x) AS t |> WHERE EXISTS (SELECT 1 FROM UNNEST([1]) AS e WHERE e = t.x)
FROM (SELECT 1 AS x) AS t |> WHERE EXISTS (FROM UNNEST([1]) AS e |> WHERE e = x)
FROM (SELECT 1 AS x) AS t |> AS t2 |> AS t3 |> SELECT t3.x
FROM (SELECT 1 AS x) AS t |> SELECT x |> SELECT x |> SELECT x |> AGGREGATE SUM(x)
FROM (SELECT 1 AS x) AS t |> AGGREGATE SUM(x) AS s GROUP BY x AS y, x + 1 AS z |> EXTEND s + y + z AS w
FROM (SELECT 1 AS x) AS t |> AGGREGATE SUM(x) AS s, GROUP BY x
FROM (SELECT 1 AS x) AS t |> AGGREGATE AS s
FROM (SELECT 1 AS x) AS t |> LEFT JOIN UNNEST([1, 2]) AS e ON e > x
FROM (SELECT [1, 2] AS x) AS t |> LEFT JOIN t.x AS e
FROM (SELECT [1, 2] AS x) AS t |> CROSS JOIN t.x AS e |> SELECT e
FROM (SELECT [1, 2] AS x) AS t |> INNER JOIN UNNEST(x) AS e WITH OFFSET AS o ON e > 1 |> SELECT e, o
FROM (SELECT 1 AS x) AS t |> WHERE x
FROM (SELECT 1 AS x) AS t |> TABLESAMPLE SYSTEM (0 PERCENT)
FROM (SELECT 1 AS x) AS t |> WINDOW x + 1 AS y
FROM (SELECT 1 AS x) AS t |> SELECT 1 AS x, x AS y
SELECT DISTINCT x FROM UNNEST([1, 1]) AS x |> EXTEND x + 1 AS y
SELECT x FROM UNNEST([1, 1]) AS x |> SELECT x.y
(SELECT 1 AS a) UNION ALL (SELECT 2) |> AGGREGATE SUM(a) AS s
(SELECT 1 AS a |> EXTEND 2 AS b)
SELECT * FROM ((SELECT 1 AS a) |> EXTEND 2 AS b)
SELECT (SELECT 1 AS a |> SELECT a + 1)
SELECT ARRAY(SELECT 1 AS a |> SELECT a + 1) AS r
SELECT 1 AS a UNION ALL FROM (SELECT 2)
SELECT 1 AS a UNION ALL (FROM (SELECT 2))
WITH RECURSIVE r AS (SELECT 1 AS n |> UNION ALL (SELECT n + 1 FROM r WHERE n < 3)) SELECT * FROM r
WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL (FROM r |> WHERE n < 3 |> SELECT n + 1)) SELECT * FROM r
FROM UNNEST([STRUCT(1 AS a, 2 AS b)]) AS s |> SELECT *
FROM UNNEST([STRUCT(1 AS a, 2 AS b)]) AS s
FROM UNNEST([STRUCT(1 AS a, 2 AS b)]) AS s |> WHERE a = 1 |> LIMIT 5
FROM UNNEST([STRUCT(1 AS a, 2 AS b)]) AS s |> ORDER BY a |> EXTEND 1 AS z
FROM UNNEST([STRUCT(1 AS a, 2 AS b)]) AS s |> DISTINCT
FROM UNNEST([STRUCT(1 AS a, 2 AS b)]) AS s |> CROSS JOIN (SELECT 1 AS q)
SELECT * FROM (FROM UNNEST([STRUCT(1 AS a, 2 AS b)]) AS s |> EXTEND 3 AS c)
"""
