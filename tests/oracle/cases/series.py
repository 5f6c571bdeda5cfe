"""Buckets of time, and distances between vectors."""

from .values import COLUMN, DATE, DATETIME, TIMESTAMP, over, select

WIDTHS = ["1 DAY", "2 DAY", "1 WEEK", "1 MONTH", "7 MONTH", "1 QUARTER", "2 YEAR", "90 MINUTE", "1 MICROSECOND", "25 HOUR", "0 DAY", "-1 DAY", "'1-1' YEAR TO MONTH", "'1 2' DAY TO HOUR", "'1-0 1' YEAR TO DAY"]
POOLS = {
    "DATE": (DATE, ["DATE '2020-01-31'", "DATE '9999-12-31'", "NULL"]),
    "DATETIME": (DATETIME, ["DATETIME '2020-01-31 13:00:00'", "DATETIME '0001-01-01'", "NULL"]),
    "TIMESTAMP": (TIMESTAMP, ["TIMESTAMP '2020-01-31 13:00:00+00'", "NULL"]),
}
VECTORS = ["[1.0, 2.0], [3.0, 4.0]", "[1, 2], [3, 4]", "[0.0], [1.0]", "[1.0, 2.0], [1.0]", "[1.0, NULL], [1.0, 2.0]", "CAST([] AS ARRAY<FLOAT64>), CAST([] AS ARRAY<FLOAT64>)", "[(1, 1.0), (2, 2.0)], [(2, 4.0), (3, 1.0)]", "[('a', 1.0), ('b', 2.0)], [('b', 4.0), ('c', 1.0)]", "[(1, 1.0), (1, 2.0)], [(2, 4.0), (3, 1.0)]", "[(1, 1.0), (2, NULL)], [(2, 4.0), (3, 1.0)]", "NULL, [1.0]", "[1.0], NULL", "[1e308, 2], [3, 4]", "[1e200, 1e200], [1e200, 2e200]", "[CAST('nan' AS FLOAT64)], [3.0]", "[CAST('inf' AS FLOAT64)], [3.0]", "['a'], ['b']", "[1.0]", "[NUMERIC '1'], [NUMERIC '2']", "[1.0, 0.0], [0.0, 1.0]", "[1.0, 1.0], [-1.0, -1.0]"]


def cases(random):
    for sql_type, (values, origins) in POOLS.items():
        name = f"{sql_type}_BUCKET"
        for width in WIDTHS:
            for value in values:
                yield select(f"{name}({value}, INTERVAL {width})")
            yield select(f"{name}({random.choice(values)}, INTERVAL {width}, {random.choice(origins)})")
            yield over(f"SAFE.{name}(x, INTERVAL {width})", [*values, "NULL"])
        for origin in origins:
            for value in values[:2]:
                yield select(f"{name}({value}, INTERVAL 3 MONTH, {origin})")
                yield select(f"{name}({value}, INTERVAL 10 DAY, {origin})")
        for other in ("STRING", "INT64", "TIME"):
            yield select(f"{name}({COLUMN[other]}, INTERVAL 1 DAY)")
        for text in (f"{values[0]}", f"{values[0]}, 1", "", f"{values[0]}, NULL", "NULL, INTERVAL 1 DAY", f"{values[0]}, INTERVAL 1 DAY, {values[0]}, 1"):
            yield select(f"{name}({text})")
    for name in ("COSINE_DISTANCE", "EUCLIDEAN_DISTANCE"):
        for text in VECTORS:
            yield select(f"{name}({text})")
            yield select(f"SAFE.{name}({text})")
        yield f"SELECT {name}(x.v, [1.0, 2.0]) AS r FROM UNNEST([STRUCT([3.0, 4.0] AS v), STRUCT([0.5, -1.0]), STRUCT(NULL)]) AS x WITH OFFSET AS o ORDER BY o"
    for text in ("'abcdef', 'ghi', max_distance => 2", "'a', 'b', max_distance => -1", "'a', 'b', max_distance => NULL", "'a', 'b', 1", "b'ab', b'ba', max_distance => 1", "'', '', max_distance => 0", "'kitten', 'sitting', max_distance => 100"):
        yield select(f"EDIT_DISTANCE({text})")
    for text in ("1", "1.5", "'a'", "NULL", "[1]", "STRUCT(1 AS a, 'x' AS b)", "DATE '2020-01-01'", "NUMERIC '1'", "JSON '1'", "", "1, 2"):
        yield select(f"TYPEOF({text})")
