"""Every cast from a type to a type, over the values of the type and over texts for the type."""

from .values import COLUMN, FLOAT64, POOLS, null, over, select

TEXTS = {
    "INT64": ["0", " 12 ", "-5", "+5", "0x1F", "-0xff", "0X1f", "1.0", "1e3", "", " ", "abc", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "1_000", "٣", "0x8000000000000000", "00012"],
    "FLOAT64": ["1.5", " 1e3 ", "-.5", "5.", "+7", "inf", "+inf", "-Infinity", "NaN", "nan", "1,000", ">300", "", "0x10", "1e400", "-1e400", "1e-400", "1e308", "abc", "1.7976931348623157e308", "-0", "1 2"],
    "NUMERIC": ["1.5", "-0.0000000005", "0.0000000015", "1e28", "1e29", "99999999999999999999999999999.9999999994", " 12 ", "", "nan", "inf", "1.", ".5", "1e-9", "1e-10", "abc", "+3"],
    "BIGNUMERIC": ["1.5", "1e38", "1e39", "1e-38", "1e-39", "578960446186580977117854925043439539266.34992332820282019728792003956564819967", "578960446186580977117854925043439539266.34992332820282019728792003956564819968", "", "x"],
    "BOOL": ["true", "FALSE", "True", "t", "1", "0", "yes", "", " true"],
    "DATE": ["2020-02-29", "2019-02-29", "2020-1-2", "0001-01-01", "9999-12-31", "10000-01-01", "2020-01-01 ", "2020-01-01 10:00:00", "2020-01-01T00:00:00", "20200101", "2020/01/01", "", "2020-13-01", "2020-00-01", "-0001-01-01"],
    "DATETIME": ["2020-02-29 12:34:56", "2020-02-29T12:34:56.789", "2020-1-2 3:4:5", "2020-01-01", "2020-01-01 24:00:00", "2020-01-01 10:00:60", "2020-01-01 10:00:00.1234567", "2020-01-01 10:00:00+00", "2020-01-01 10:00", "2020-01-01t10:00:00", "", "x", "2020-01-01 10:00:00.", "9999-12-31 23:59:59.999999", "0001-01-01 00:00:00"],
    "TIMESTAMP": ["2020-02-29 12:34:56", "2020-02-29 12:34:56+00", "2020-02-29T12:34:56Z", "2020-02-29 12:34:56.789+02:30", "2020-02-29 12:34:56 UTC", "2020-02-29 12:34:56-8", "2020-02-29 12:34:56 America/New_York", "2020-03-08 02:30:00 America/New_York", "2020-01-01", "2020-01-01+01", "x", "", "2020-01-01 10:00:00 Nowhere/City", "9999-12-31 23:59:59.999999+00", "0001-01-01 00:00:00+01", "2020-01-01 10:00:00z"],
    "TIME": ["12:34:56", "1:2:3", "12:34:56.789012", "24:00:00", "12:34", "", "x", "12:60:00", "00:00:00"],
    "INTERVAL": ["1-2 3 4:5:6.789", "0-0 0 0:0:0", "-1-2 -3 -4:5:6", "P1Y2M3DT4H5M6S", "P-1Y", "1-2", "3", "", "x", "1-2 3", "3 4:5:6", "PT0.5S", "10000-0 0 0:0:0", "10001-0 0 0:0:0"],
    "BYTES": ["", "abc", "été"],
    "STRING": ["", "abc"],
    "JSON": ["1", "{}"],
}


def cases(random):
    for source, pool in POOLS.items():
        for target in POOLS:
            yield select(f"CAST({COLUMN[source]} AS {target})")
            yield select(f"SAFE_CAST({null(source)} AS {target})")
            # A literal goes its own way through coercion.
            for value in random.sample(pool, 1):
                yield select(f"CAST({value} AS {target})")
    for target, texts in TEXTS.items():
        for text in texts:
            yield select(f"CAST('{text}' AS {target})")
        quoted = ", ".join(f"'{text}'" for text in texts)
        yield over(f"SAFE_CAST(x AS {target})", [*quoted.split(", "), "NULL"]) if target != "JSON" else select(f"SAFE_CAST('{texts[0]}' AS JSON)")
        for text in texts[-6:]:
            yield f"SELECT CAST(x AS {target}) AS r FROM UNNEST(['{text}']) AS x"
    for target in ("STRING", "INT64", "NUMERIC", "BIGNUMERIC", "BOOL"):
        for value in FLOAT64 + ["0.5", "-0.5", "1.5", "-2.5", "1e14", "123456789012345678.0", "1e-5", "0.00001234", "9.2233720368547758e18", "1e29", "3.0000000000000004", "100000.0", "1e21", "1.7976931348623157e308", "0.3", "1/3"]:
            yield select(f"SAFE_CAST({value} AS {target})")
        yield over(f"SAFE_CAST(x AS {target})", FLOAT64 + ["NULL"])
    for value in ("1.5", "-1.5", "0.5", "2.4999999", "9223372036854775807", "9223372036854775807.5", "-9223372036854775808.4", "1e-9"):
        for target in ("INT64", "FLOAT64", "STRING", "BIGNUMERIC", "BOOL"):
            yield select(f"CAST(NUMERIC '{value}' AS {target})")
    for value in POOLS["DATETIME"] + POOLS["TIMESTAMP"] + POOLS["DATE"] + POOLS["TIME"] + POOLS["INTERVAL"] + ["DATETIME '2020-01-01 10:00:00.12'", "DATETIME '2020-01-01 10:00:00.123'", "TIMESTAMP '2020-01-01 10:00:00.100+00'", "TIME '10:00:00.5'"]:
        yield select(f"CAST({value} AS STRING)")
    for text in (
        "CAST(b'\\xff' AS STRING)", "SAFE_CAST(b'\\xff' AS STRING)", "CAST([1, 2] AS ARRAY<FLOAT64>)", "CAST([1, 2] AS ARRAY<STRING>)", "CAST(['1', 'x'] AS ARRAY<INT64>)", "SAFE_CAST(['1', 'x'] AS ARRAY<INT64>)", "CAST([] AS ARRAY<DATE>)", "CAST((1, 'a') AS STRUCT<a FLOAT64, b STRING>)", "CAST((1, 'a') AS STRUCT<a INT64>)", "CAST(STRUCT(1 AS x) AS STRUCT<y STRING>)", "CAST([1] AS INT64)", "CAST(1 AS ARRAY<INT64>)", "CAST(NULL AS ARRAY<STRUCT<a INT64>>)", "CAST(1 AS FOO)", "CAST(1 AS STRUCT<INT64>)", "CAST(1 AS ARRAY<ARRAY<INT64>>)", "CAST(1)", "CAST('1' AS INT64, 2)", "CAST(TRUE AS STRING)", "CAST(TRUE AS INT64)", "CAST(5 AS BOOL)", "CAST('a' AS STRING(1))", "CAST('ab' AS STRING(1))", "CAST(1.256 AS NUMERIC(5, 2))", "CAST(1234567 AS NUMERIC(5, 2))", "CAST(b'abc' AS BYTES(2))", "CAST(1 AS DECIMAL)", "CAST(1 AS BIGDECIMAL)", "CAST(1 AS int64)", "CAST('2020-01-01' AS date)", "CAST(TIMESTAMP '2020-01-01 23:30:00+00' AS DATE)", "CAST(DATETIME '2020-01-01 23:30:00' AS TIME)", "CAST(DATE '2020-01-01' AS TIMESTAMP)", "CAST(INTERVAL 1 DAY AS STRING)",
    ):
        yield select(text)
