"""Mathematical functions over every numeric type and their edges."""

from .values import BIGNUMERIC, COLUMN, FLOAT64, INT64, NUMERIC, calls, null, over, select, wrong

ONE = "ABS SIGN ROUND TRUNC CEIL CEILING FLOOR SQRT CBRT EXP LN LOG LOG10 SAFE_NEGATE IS_INF IS_NAN".split()
ANGLES = "SIN COS TAN ASIN ACOS ATAN SINH COSH TANH".split()
TWO = "POW POWER MOD DIV SAFE_DIVIDE IEEE_DIVIDE SAFE_ADD SAFE_SUBTRACT SAFE_MULTIPLY ATAN2 LOG ROUND TRUNC".split()
POOLS = {"INT64": INT64, "FLOAT64": FLOAT64, "NUMERIC": NUMERIC, "BIGNUMERIC": BIGNUMERIC}


def cases(random):
    for name in ONE:
        for sql_type, pool in POOLS.items():
            values = [*random.sample(pool, min(3, len(pool))), null(sql_type)]
            for value in values:
                yield select(f"{name}({value})")
            yield select(f"SAFE.{name}({random.choice(pool)})")
            yield over(f"SAFE.{name}(x)", [*pool, "NULL"])
        yield from wrong(name, "1", 1, 2)
        for sql_type in ("STRING", "BOOL", "DATE"):
            yield select(f"{name}({COLUMN[sql_type]})")
    for name in ANGLES:
        for value in ("0.0", "0.5", "-1.0", "1", "NUMERIC '0.25'", "1e308", "710.5", "CAST('nan' AS FLOAT64)", "CAST('inf' AS FLOAT64)", "NULL"):
            yield select(f"{name}({value})")
        yield over(f"SAFE.{name}(x)", [*FLOAT64[:9], "NULL"])
        yield from wrong(name, "1", 1, 1)
        yield select(f"{name}('a')")
    for name in TWO:
        for sql_type, pool in POOLS.items():
            yield from calls(random, name, [pool, pool], 5)
            yield select(f"SAFE.{name}({random.choice(pool)}, {pool[0]})")
            yield select(f"{name}({null(sql_type)}, {pool[1]})")
        yield select(f"{name}(1, 2.5)")
        yield select(f"{name}(NUMERIC '7.5', 2)")
        yield select(f"{name}(7, NUMERIC '2.5')")
        yield select(f"{name}('a', 1)")
        yield over(f"SAFE.{name}(x, 3)", ["1", "-7", "NULL", "10"])
        yield from wrong(name, "1", 1, 2)
    for value in ("2.675", "1.005", "2.345", "-2.5", "0.5", "1234.5678", "15.0", "1e300", "CAST('inf' AS FLOAT64)", "0.1", "5e-324"):
        for digits in ("0", "1", "2", "-1", "-3", "20", "400", "-400", "NULL"):
            yield select(f"ROUND({value}, {digits})")
            if random.random() < 0.5:
                yield select(f"TRUNC({value}, {digits})")
    for value in ("NUMERIC '1.005'", "NUMERIC '-15.55'", "NUMERIC '99999999999999999999999999999.5'", "BIGNUMERIC '2.5e-37'"):
        for digits in ("0", "2", "-1", "9", "40", "-30"):
            yield select(f"ROUND({value}, {digits})")
            yield select(f"TRUNC({value}, {digits})")
    for text in (
        "7 / 2", "DIV(-7, 2)", "MOD(-7, 2)", "MOD(7.5, 2)", "DIV(7.5, 2)", "POW(0, -1)", "POW(-8, 1.5)", "POW(2, 0.5)", "POW(0, 0)", "SAFE.POW(0, -1)", "LOG(8, 2)", "LOG(0)", "LOG(-1)", "LOG(10, 1)", "LOG(10, 0)", "LN(0)", "SAFE.LN(0)", "SQRT(-1)", "SAFE.SQRT(-1)", "EXP(1000)", "EXP(1)", "LOG10(1000)", "LOG10(0)", "ABS(-9223372036854775808)", "SAFE.ABS(-9223372036854775808)", "SAFE_DIVIDE(1, 0)", "SAFE_DIVIDE(0, 0)", "IEEE_DIVIDE(1, 0)", "IEEE_DIVIDE(0, 0)", "IEEE_DIVIDE(-1, 0)", "ROUND(5)", "ROUND(-0.4)", "CEIL(-0.4)", "FLOOR(5)", "GREATEST(1, 2.5)", "LEAST(1, NULL)", "RANGE_BUCKET(20, [0, 10, 20, 30, 40, 50])", "RANGE_BUCKET(-1, [0, 10])", "RANGE_BUCKET(100, [0, 10])", "RANGE_BUCKET(NULL, [0, 10])", "RANGE_BUCKET(1, [])", "RANGE_BUCKET(1, CAST(NULL AS ARRAY<INT64>))", "RANGE_BUCKET(1.5, [1, 2])", "RANGE_BUCKET('b', ['a', 'c'])", "RANGE_BUCKET(1, [0, NULL])", "RANGE_BUCKET(5, [10, 1])", "ROUND(1.5, 0, 'ROUND_HALF_EVEN')", "RAND(1)", "COT(1)", "SEC(1)", "DEGREES(1)", "ACOSH(1)", "ASINH(0.5)", "ATANH(0.5)",
    ):
        yield select(text)
