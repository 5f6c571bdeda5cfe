"""CASE, IF, COALESCE and their like: NULLs, what is not evaluated, supertypes."""

from .values import COLUMN, FLOAT64, POOLS, null, over, select


def cases(random):
    for text in (
        "IF(TRUE, 1, 2)", "IF(FALSE, 1, 2)", "IF(NULL, 1, 2)", "IF(TRUE, 1, 1/0)", "IF(FALSE, 1/0, 2)", "IF(TRUE, NULL, 2)", "IF(TRUE, NULL, NULL)", "IF(TRUE, 1, 2.5)", "IF(TRUE, 1, 'a')", "IF(1, 2, 3)", "IF(TRUE, 1)", "IF(TRUE, 1, 2, 3)", "IF('true', 1, 2)", "COALESCE(NULL, 1, 2)", "COALESCE(1)", "COALESCE(NULL)", "COALESCE()", "COALESCE(1, 1/0)", "COALESCE(NULL, 1/0)", "COALESCE(1, 2.5)", "COALESCE(1, 'a')", "COALESCE(NULL, 'a')", "COALESCE(DATE '2020-01-01', '2021-01-01')", "COALESCE(NULL, NULL)", "IFNULL(NULL, 1)", "IFNULL(1, 2)", "IFNULL(1, 2.5)", "IFNULL(1)", "IFNULL(1, 2, 3)", "IFNULL(NULL, NULL)", "NULLIF(1, 1)", "NULLIF(1, 2)", "NULLIF(1, 1.0)", "NULLIF(NULL, 1)", "NULLIF(1, NULL)", "NULLIF(1, 'a')", "NULLIF(1)", "NULLIF('a', 'a')", "NULLIF([1], [1])", "NULLIF(0.0, -0.0)", "NULLIF(CAST('nan' AS FLOAT64), CAST('nan' AS FLOAT64))", "NULLIFZERO(0)", "NULLIFZERO(1.5)", "NULLIFZERO('a')", "ZEROIFNULL(NULL)", "ZEROIFNULL(2)", "ZEROIFNULL(CAST(NULL AS FLOAT64))", "CASE WHEN TRUE THEN 1 END", "CASE WHEN FALSE THEN 1 END", "CASE WHEN NULL THEN 1 ELSE 2 END", "CASE 1 WHEN 1 THEN 'a' WHEN 2 THEN 'b' END", "CASE NULL WHEN NULL THEN 1 ELSE 2 END", "CASE 1 WHEN NULL THEN 1 ELSE 2 END", "CASE 1 WHEN 1.0 THEN 'a' END", "CASE 1 WHEN 'a' THEN 2 END", "CASE WHEN 1 THEN 2 END", "CASE WHEN TRUE THEN 1 ELSE 2.5 END", "CASE WHEN TRUE THEN 1 ELSE 'a' END", "CASE WHEN TRUE THEN NULL ELSE 1 END", "CASE WHEN TRUE THEN 1 WHEN 1/0 > 1 THEN 2 END", "CASE 2 WHEN 1 THEN 1/0 ELSE 3 END", "CASE WHEN TRUE THEN NULL END", "CASE 'a' WHEN 'a' THEN 1 WHEN 'a' THEN 2 END", "CASE WHEN FALSE THEN DATE '2020-01-01' ELSE '2020-02-02' END", "GREATEST(1, 2, 3)", "GREATEST(1, NULL)", "GREATEST(1, 2.5)", "GREATEST('a', 'B')", "GREATEST(1, 'a')", "GREATEST()", "GREATEST(1)", "GREATEST(NULL)", "GREATEST(CAST('nan' AS FLOAT64), 1)", "GREATEST(CAST('nan' AS FLOAT64), NULL)", "GREATEST(DATE '2020-01-01', DATETIME '2020-01-01 10:00:00')", "GREATEST(0.0, -0.0)", "GREATEST(-0.0, 0.0)", "GREATEST([1], [2])", "GREATEST(TRUE, FALSE)", "GREATEST(b'a', b'b')", "GREATEST(INTERVAL 1 DAY, INTERVAL 25 HOUR)", "LEAST(1, 2, 3)", "LEAST(1, NULL)", "LEAST(CAST('nan' AS FLOAT64), 1)", "LEAST('a', 'B')", "LEAST(1, 2.5, NUMERIC '0.5')", "LEAST(STRUCT(1), STRUCT(2))", "ERROR('stop')", "IF(FALSE, ERROR('stop'), 1)", "IF(TRUE, ERROR('stop'), 1)", "ERROR(1)", "ERROR(NULL)", "ERROR()", "COALESCE(ERROR('stop'), 1)", "SAFE.IF(TRUE, 1, 2)", "SAFE.COALESCE(1)", "SAFE.ERROR('x')", "IF(TRUE, [1], NULL)", "IF(TRUE, [], [1.5])", "COALESCE(STRUCT(1 AS a), NULL)", "COALESCE(STRUCT(1 AS a), STRUCT(2 AS b))", "IF(TRUE, STRUCT(1 AS a), STRUCT(2.5 AS a))", "NOT COALESCE(NULL, TRUE)",
    ):
        yield select(text)
    for name, pool in POOLS.items():
        value, absent = pool[0], null(name)
        yield select(f"IF(TRUE, {value}, {absent})")
        yield select(f"COALESCE({absent}, {value})")
        yield select(f"IFNULL({absent}, {pool[-1]})")
        yield select(f"NULLIF({value}, {value})")
        yield select(f"GREATEST({value}, {pool[-1]})")
        yield select(f"LEAST({value}, {pool[-1]}, {absent})")
        yield select(f"CASE WHEN FALSE THEN {value} END")
        yield select(f"CASE {value} WHEN {value} THEN 1 ELSE 2 END")
        # Which types have a supertype, once for values that are no literals and once for literals.
        for other, others in POOLS.items():
            if name < other:
                form = random.choice(["IF(TRUE, {}, {})", "COALESCE({}, {})", "CASE WHEN TRUE THEN {} ELSE {} END", "GREATEST({}, {})", "[{}, {}]", "NULLIF({}, {})"])
                yield select(form.format(COLUMN[name], COLUMN[other]))
                yield select(form.format(COLUMN[other], value))
                yield f"SELECT {COLUMN[name]} AS r UNION ALL SELECT {COLUMN[other]}"
    for form in ("IF(x > 1, x, NULL)", "COALESCE(x, 7)", "IFNULL(x, -1)", "NULLIF(x, 2)", "CASE x WHEN 1 THEN 'one' WHEN 2 THEN 'two' ELSE 'many' END", "CASE WHEN x = 1 THEN 'one' WHEN x IS NULL THEN 'none' END", "GREATEST(x, 2)", "LEAST(x, 2)", "IF(x = 0, 0, 10 / x)", "CASE WHEN x = 0 THEN NULL ELSE DIV(10, x) END", "COALESCE(NULLIF(x, 0), 5)", "ZEROIFNULL(x)", "NULLIFZERO(x)", "IF(x IS NULL, ERROR('absent'), x)", "SAFE_DIVIDE(10, x)"):
        yield over(form, ["1", "2", "NULL", "0", "3"])
    for form in ("GREATEST(x, 1.0)", "LEAST(x, 1.0)", "NULLIF(x, 0.0)", "IF(x > 0, 'positive', 'other')", "COALESCE(x, 0)"):
        yield over(form, [*FLOAT64, "NULL"])
