//! Syntax alone: what is accepted, what is refused and where.

use crate::error::Result;
use crate::stack::with_known_stack;
use crate::syntax::Statement;

fn parse(text: &str) -> Result<usize> {
    // Dropped there too: a tree as deep as allowed needs more than a test's stack in a build without optimisation.
    with_known_stack(|| super::parse(text).map(|statements: Vec<Statement>| statements.len()))
}

#[test]
fn what_people_write_is_read() {
    for text in [
        "SELECT 1",
        "select 1; ; SELECT 2;",
        "SELECT a, b, FROM t",
        "SELECT * EXCEPT (a, b) REPLACE (1 AS c), t.* FROM t",
        "WITH a AS (SELECT 1 x), b AS (SELECT 2) SELECT * FROM a, b",
        "SELECT 1 FROM `p.d.t` AS t LEFT OUTER JOIN p-q-2.d.t u ON t.a = u.a JOIN v USING (a, b)",
        "SELECT 1 FROM a JOIN b JOIN c ON b.x = c.x ON a.x = b.x",
        "SELECT 1 FROM t, UNNEST([1, 2]) AS e WITH OFFSET AS o, t.arr WITH OFFSET",
        "SELECT 1 FROM ((SELECT 1) UNION ALL (SELECT 2)) x",
        "SELECT ((SELECT 1) + 1), ((SELECT 1) UNION ALL (SELECT 2))",
        "SELECT x IN ((SELECT 1) UNION ALL SELECT 2), x NOT IN UNNEST(y)",
        "SELECT CASE a WHEN 1 THEN 2 ELSE 3 END, IF(a, b, c), LEFT(a, 2), `if`",
        "SELECT SUM(x) OVER (PARTITION BY a ORDER BY b DESC NULLS LAST ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)",
        "SELECT LAST_VALUE(x IGNORE NULLS) OVER w FROM t WINDOW w AS (ORDER BY y), v AS (w ROWS UNBOUNDED PRECEDING)",
        "SELECT STRING_AGG(DISTINCT x, ',' ORDER BY x LIMIT 3), ANY_VALUE(x HAVING MAX y)",
        "SELECT ARRAY<STRUCT<a INT64, b ARRAY<STRING>>>[], STRUCT<INT64, x STRING>(1, 'a'), STRUCT(1 a, 2 AS b)",
        "SELECT INTERVAL '1' HOUR, DATE_ADD(d, INTERVAL -1 DAY), EXTRACT(WEEK(MONDAY) FROM d), DATE '2020-01-01'",
        "SELECT a[OFFSET(0)].b, a[SAFE_ORDINAL(1)], f(x).y, t.order, @p, @`q`, ?",
        "SELECT * FROM (SELECT 1) PIVOT(SUM(x) AS s, COUNT(*) FOR y IN ('a' AS b, 'c')) AS p",
        "SELECT * FROM a PIVOT(SUM(x) FOR y IN (1))",
        "SELECT a FROM t WHERE a = 1 AND NOT b OR c IS NOT DISTINCT FROM d GROUP BY 1 HAVING x QUALIFY y ORDER BY 1 LIMIT 2 OFFSET 3",
        "SELECT pivot, unpivot FROM pivot, unpivot",
        "SELECT a FROM t UNPIVOT INCLUDE NULLS ((v, w) FOR k IN ((a, b) AS 'x', (c, d) 'y')) AS u TABLESAMPLE SYSTEM (1.5 PERCENT)",
        "SELECT a FROM t GROUP BY GROUPING SETS ((a, b), ROLLUP(a, (b, c)), CUBE(a), ()), d, ROLLUP(e)",
        "WITH RECURSIVE a AS (SELECT 1 UNION ALL SELECT 1 FROM a) SELECT WITH(x AS 1, y AS x, x + y) FROM a",
        "SELECT 1 FULL OUTER UNION ALL BY NAME ON (a, b) SELECT 2 FULL UNION ALL BY NAME ON (a, b) (SELECT 3)",
        "SELECT 1 INTERSECT DISTINCT STRICT CORRESPONDING BY (a) SELECT 2",
        "FROM a JOIN b USING (c) |> SELECT a, b, |> EXTEND a.* WINDOW w AS (ORDER BY x) |> SET a = 1 |> DROP a |> RENAME a AS b, c d |> AS x",
        "FROM a |> AGGREGATE SUM(x) AS s DESC NULLS LAST, GROUP AND ORDER BY y AS z ASC, ROLLUP(a) |> WHERE x |> LIMIT 1 OFFSET 2 |> ORDER BY 1",
        "FROM a |> DISTINCT |> UNION ALL (SELECT 1), (FROM b |> LIMIT 1) |> LEFT JOIN c ON TRUE |> PIVOT(SUM(x) FOR y IN (1)) |> WITH z AS (SELECT 1)",
        "@{a.b = 1, c = 'x'} SELECT @{d = (1 + 2)} 1 FROM t @{e = [1, 2]} JOIN @{f = g} u ON TRUE GROUP @5 BY 1",
        "SELECT x LIKE ANY UNNEST(y), x NOT LIKE ALL (SELECT z), x LIKE SOME (1, 2) FROM t FOR SYSTEM_TIME AS OF CURRENT_TIMESTAMP() AS u",
        "# only a comment",
        "",
    ] {
        parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    }
}

#[test]
fn what_is_no_googlesql_is_refused_with_its_place() {
    for (text, message) in [
        ("SELECT 1 FROM", "Syntax error: Unexpected end of statement at [1:14]"),
        ("SELECT 1 + FROM", "Syntax error: Unexpected keyword FROM at [1:12]"),
        ("SELECT a b c FROM t", "Syntax error: Expected end of input but got identifier \"c\" at [1:12]"),
        (
            "SELECT 1 UNION SELECT 2",
            "Syntax error: Expected keyword ALL or keyword DISTINCT but got keyword SELECT at [1:16]",
        ),
        ("SELECT 1 = 2 = 3", "Syntax error: Unexpected \"=\" at [1:14]"),
        ("SELECT\n  (1", "Syntax error: Expected \")\" but got end of statement at [2:5]"),
        ("SELECT CAST(1 INT64)", "Syntax error: Expected keyword AS but got identifier \"INT64\" at [1:15]"),
        ("SELECT CAST(1 AS FOO)", "Type not found: FOO at [1:18]"),
        ("SELECT 1::INT64", "Syntax error: Expected end of input but got \":\" at [1:9]"),
        ("SELECT a ILIKE b", "Syntax error: Expected end of input but got identifier \"b\" at [1:16]"),
        ("SELECT 7 % 2", "Syntax error: Expected end of input but got \"%\" at [1:10]"),
        ("foo", "Syntax error: Unexpected identifier \"foo\" at [1:1]"),
        ("DECLARE x", "Syntax error: Unexpected end of statement at [1:10]"),
        ("SELECT 1;\nGRANT `r` ON SCHEMA s TO 'user:x'", "The statement GRANT is not supported at [2:1]"),
        ("CREATE ROW ACCESS POLICY p ON t", "CREATE ROW ACCESS POLICY is not supported at [1:1]"),
        ("BEGIN SELECT 1; END IF", "Syntax error: Unexpected keyword IF at [1:21]"),
        ("WHILE TRUE SELECT 1; END WHILE", "Syntax error: Expected keyword DO but got keyword SELECT at [1:12]"),
        (
            "FROM t WHERE a",
            "Syntax error: WHERE not supported after FROM query; Consider using pipe operator `|> WHERE` at [1:8]",
        ),
        ("FROM t |> FOO", "Syntax error: Expected keyword JOIN but got identifier \"FOO\" at [1:8]"),
        ("FROM t |> FORK (|> LIMIT 1)", "The pipe operator FORK is not supported at [1:11]"),
        ("SELECT * FROM t TABLESAMPLE BERNOULLI (1 PERCENT)", "TABLESAMPLE BERNOULLI is not supported at [1:29]"),
        ("SELECT 1 FROM t MATCH_RECOGNIZE (ORDER BY a)", "MATCH_RECOGNIZE is not supported at [1:17]"),
        ("GRAPH g MATCH (n) RETURN n", "GQL (a query of a property graph) is not supported at [1:1]"),
        ("SELECT @{a} 1", "Syntax error: Expected \"=\" in a hint at [1:11]"),
        ("SELECT @{a = 1", "Syntax error: Expected \"}\" in a hint at [1:15]"),
        (
            "SELECT a FROM t GROUP BY a, ()",
            "GROUP BY () is only allowed when there are no other grouping items at [1:29]",
        ),
        (
            "SELECT * FROM `x`, a RIGHT JOIN b ON TRUE",
            "Syntax error: RIGHT JOIN must be parenthesized when following a comma join at [1:22]",
        ),
        (
            "SELECT 1 UNION ALL SELECT 2 EXCEPT DISTINCT SELECT 3",
            "Syntax error: Different set operations cannot be used in the same query without using parentheses for grouping at [1:29]",
        ),
        ("WITH RECURSIVE a AS (SELECT 1) WITH DEPTH SELECT 1", "WITH DEPTH is not supported at [1:32]"),
        ("SELECT x > ANY ('a')", "Syntax error: Unexpected keyword ANY at [1:12]"),
        ("SELECT x LIKE 'a' IN ('b')", "Syntax error: Expression to the left of IN must be parenthesized at [1:19]"),
        ("SELECT 'a''b'", "Syntax error: Expected end of input but got string literal at [1:11]"),
    ] {
        assert_eq!(parse(text).unwrap_err().to_string(), message, "{text}");
    }
}

#[test]
fn depth_and_length_are_bounded() {
    let deep = |open: &str, close: &str| format!("SELECT {}1{}", open.repeat(10_000), close.repeat(10_000));
    for (open, close) in [
        ("(", ")"),
        ("- ", ""),
        ("NOT ", ""),
        ("CASE WHEN ", " THEN 1 END"),
        ("f(", ")"),
        ("[", "]"),
        ("WITH(a AS ", ", a)"),
        ("WITH(a AS 1, ", ")"),
        ("1 LIKE ANY UNNEST(", ")"),
    ] {
        let error = parse(&deep(open, close)).unwrap_err();
        assert!(error.to_string().contains("nested too deeply"), "{open}: {error}");
    }
    assert!(parse(&format!("SELECT * FROM {}t", "(".repeat(100_000))).is_err());
    assert!(parse(&"(".repeat(1_000_000)).is_err());
    assert!(parse(&format!("SELECT 1{}", " + 1".repeat(100_000))).is_err());
    for (word, count) in [(" OR x", 100_000), (" || x", 100_000), (" UNION ALL SELECT x", 20_000), (" + x", 1_000)] {
        parse(&format!("SELECT x{}", word.repeat(count))).unwrap();
    }
    assert!(parse(&" ".repeat(2 << 20)).is_err());
}
