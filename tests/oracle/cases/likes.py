"""LIKE ANY, SOME and ALL over lists, arrays and subqueries."""

TEXTS = ("'abc'", "''", "'a%c'", "NULL", "CAST(NULL AS STRING)", "'a\\nb'", "'日本'")
LISTS = ("'a%', 'x'", "'x', 'y'", "NULL, 'a%'", "NULL, 'x'", "'%'", "''", "'_b_', '%c'", "r'a\\%c'", "'日_'")


def cases(random):
    for form in ("LIKE ANY", "LIKE SOME", "LIKE ALL", "NOT LIKE ANY", "NOT LIKE ALL"):
        for text in TEXTS:
            for values in LISTS:
                if random.random() < 0.6:
                    yield f"SELECT {text} {form} ({values}) AS r"
                if text != "NULL" and form != "LIKE SOME":
                    yield f"SELECT {text} {form} UNNEST([{values}]) AS r"
        for array in ("ARRAY<STRING>[]", "CAST(NULL AS ARRAY<STRING>)", "ARRAY<STRING>[NULL]", "[1]", "'a'", "1", "SPLIT('a%,x')", "ARRAY(SELECT p FROM UNNEST(['a%', 'b']) AS p)", "['a'], ['b']"):
            yield f"SELECT 'abc' {form} UNNEST({array}) AS r"
            yield f"SELECT CAST(NULL AS STRING) {form} UNNEST({array}) AS r"
        for query in ("SELECT 'a%'", "SELECT 'x' UNION ALL SELECT 'a%'", "SELECT 'x' LIMIT 0", "SELECT CAST(NULL AS STRING)", "SELECT 1", "SELECT 'a', 'b'", "SELECT b'a%'"):
            yield f"SELECT 'abc' {form} ({query}) AS r"
        for patterns in ("()", "'a'", "1", "(1)", "('a', 1)", "('a', b'b')", "(NULL)", "((SELECT 'a%'), 'x')", "((SELECT 'a%'))", "(CONCAT('a', '%'))", "('a',)"):
            yield f"SELECT 'abc' {form} {patterns} AS r"
        yield f"SELECT b'abc' {form} (b'a%', b'\\xff') AS r"
        yield f"SELECT b'abc' {form} UNNEST([b'a%', NULL]) AS r"
        yield f"SELECT b'abc' {form} UNNEST(ARRAY_CONCAT([b'a%'], [b'x'])) AS r"
        yield f"SELECT 1 {form} ('a') AS r"
        yield f"SELECT x FROM UNNEST(['apple', 'kiwi', 'fig', NULL]) AS x WHERE x {form} ('a%', '%i%') ORDER BY x"
        yield f"SELECT x FROM UNNEST(['apple', 'kiwi', 'fig', NULL]) AS x WHERE NOT x {form} ('a%', '%i%') ORDER BY x"
        yield f"SELECT x FROM UNNEST(['apple', 'kiwi', 'fig', NULL]) AS x WHERE x {form} UNNEST(SPLIT('a%,%w%')) ORDER BY x"
        yield f"SELECT s.x, s.p, s.x {form} UNNEST(s.p) AS r FROM UNNEST([STRUCT('ab' AS x, ['a%', 'b'] AS p), ('cd', ARRAY<STRING>[]), (CAST(NULL AS STRING), ['a']), ('ef', ['e_'])]) AS s ORDER BY 1"
        yield f"SELECT x FROM UNNEST(['apple', 'kiwi']) AS x WHERE x {form} (SELECT p FROM UNNEST(['a%', 'k%']) AS p WHERE p != 'k%') ORDER BY x"
        yield f"SELECT COUNTIF(x {form} ('a%', 'k_wi')) AS n FROM UNNEST(['apple', 'kiwi']) AS x"
        yield f"SELECT 'a' {form} ('a') = TRUE"
        yield f"SELECT ('a' {form} ('a')) = TRUE AS r"
        yield f"SELECT 'a' {form} ('a') AND 'b' {form} ('b') AS r"
    yield from ("SELECT 'a' = ANY ('a')", "SELECT 'a' = ALL (SELECT 'a')", "SELECT 'a' < SOME ('a')", "SELECT 'a' LIKE 'a' ESCAPE 'b'", "SELECT 'a' LIKE ANY", "SELECT 'a' LIKE ANY UNNEST", "SELECT 1 = 2 = 3", "SELECT 1 IS NULL IS NULL", "SELECT 1 IN (1) IN (2)", "SELECT 1 IS NULL = TRUE", "SELECT 'a' ILIKE 'A'")
