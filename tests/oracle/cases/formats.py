"""CAST with FORMAT, and types with parameters."""

from .values import BIGNUMERIC, BYTES, FLOAT64, INT64, NUMERIC, null, over, select

NUMBERS = ["999.99", "000.00", "9,999,999.9", "S999", "999S", "999MI", "999PR", "$999", "L999", "C999", "B999", "99V99", "9.99EEEE", "0.0eeee", "XXXX", "0xxx", "FM999.99", "9G999D9", "99.", ".99", "B0", "09.9", "909", "FM9,990.90", "$9,999.99MI", "S$9,999.99", "$9,999.99PR", "FM0XXX", "SXX", "99.9EEEE", "9EEEE"]
BAD_NUMBERS = ["", "-99", "9.9.9", "SS9", "S9MI", "9X", ",999", "9.9,9", "abc", "9 9", "$9L"]
WRITTEN = ["YYYY YYY YY Y RRRR RR", "MM MON Mon mon MONTH Month month", "DDD DD D DAY Day day DY Dy dy", "YYYY-MM-DD", "YYYYMMDD", "HH HH12 HH24 MI SS SSSSS AM", "HH24:MI:SS.FF1 FF2 FF3 FF6 FF9", "AM A.M. PM P.M. am a.m.", "TZH:TZM", '"at" HH24', '"a\\\\"b"', "  YYYY   MM", "", "xx", "FF", 'YYYY"open', "Q", "IYYY", "DD/MM/YYYY;,.:"]
TIMES = {
    "DATE": ["DATE '2020-02-29'", "DATE '0001-01-01'", "DATE '9999-12-31'", "DATE '2021-01-03'"],
    "DATETIME": ["DATETIME '2020-02-29 13:04:05.067891'", "DATETIME '0012-01-01 00:00:00'", "DATETIME '1999-12-31 12:00:00'"],
    "TIMESTAMP": ["TIMESTAMP '2020-02-29 13:04:05.067891+00'", "TIMESTAMP '1969-12-31 23:59:59.5+00'"],
    "TIME": ["TIME '00:04:05.067891'", "TIME '23:59:59'", "TIME '12:00:00'"],
}
# Texts and patterns that name the year and the month: what they do not name depends on the day of the run.
READ = {
    "DATE": "2020-02-09|YYYY-MM-DD,2020 Feb 9|YYYY MON DD,2020 FEBRUARY 9|YYYY MONTH DD,20200209|YYYYMMDD,18-12-03|RR-MM-DD,78-12-03|RR-MM-DD,50-12-03|RR-MM-DD,49-12-03|RR-MM-DD,2018-12-03|RRRR-MM-DD,18-12-03|RRRR-MM-DD,2020 40|YYYY DDD,  2020-02-09  |YYYY-MM-DD,  2020  -02-09|YYYY-MM-DD,2020-02- 09|YYYY-MM-DD,2020   02  09|YYYY MM DD,2020-02-09|YYYY/MM/DD,2020-02-09x|YYYY-MM-DD,2020-02|YYYY-MM-DD,2020-02-30|YYYY-MM-DD,2020-02-29|YYYY-MM-DD,2020-13-30|YYYY-MM-DD,2020 Sunday|YYYY DAY,2020 20|YYYY YY,2020-02|YYYY-MM,x|YYYY,2020abc02|YYYY\"abc\"MM,2020ABC02|YYYY\"abc\"MM,1 2 3|YYYY MM DD,12345-02-03|YYYY-MM-DD,2020-02-09 10|YYYY-MM-DD HH24,0000-01-01|YYYY-MM-DD,9999-12-31|YYYY-MM-DD",
    "DATETIME": "2020-02-09 13:04:05.678|YYYY-MM-DD HH24:MI:SS.FF3,2020-02-09 13:04:05.678912|YYYY-MM-DD HH24:MI:SS.FF9,2020-02-09 13:04:05.678912|YYYY-MM-DD HH24:MI:SS.FF3,2020-02-09 12:04:05 a.m.|YYYY-MM-DD HH12:MI:SS P.M.,2020-02-09 01:04:05 P.M.|YYYY-MM-DD HH:MI:SS A.M.,2020-02-09 12:04:05|YYYY-MM-DD HH12:MI:SS,2020-02-09 86399|YYYY-MM-DD SSSSS,2020-02-09 86400|YYYY-MM-DD SSSSS,2020-02-09 86399 23|YYYY-MM-DD SSSSS HH24,2020-02-09 24|YYYY-MM-DD HH24,2020-02-09 +05|YYYY-MM-DD TZH,2020-02-09|YYYY-MM-DD,2020-02-09 13 P.M.|YYYY-MM-DD HH24 P.M.",
    "TIME": "13:04|HH24:MI,2020|YYYY,23:59:59.999999|HH24:MI:SS.FF6,1:2:3|HH24:MI:SS,12|HH24,99|HH24",
    "TIMESTAMP": "2020-02-09 13:04:05 +05:30|YYYY-MM-DD HH24:MI:SS TZH:TZM,2020-02-09 13:04:05 -5|YYYY-MM-DD HH24:MI:SS TZH,2020-02-09 13:04:05 -05:30|YYYY-MM-DD HH24:MI:SS TZH:TZM,2020-02-09 13:04:05|YYYY-MM-DD HH24:MI:SS,2020-02-09 +15|YYYY-MM-DD TZH",
}
ENCODINGS = ["BASE64", "BASE64M", "BASE16", "HEX", "BASE8", "BASE2", "UTF-8", "utf8", "ASCII", "FOO"]
PARAMETERS = "'abc' AS STRING(3)|'abcd' AS STRING(3)|'日本語' AS STRING(3)|'' AS STRING(1)|b'abc' AS BYTES(2)|b'ab' AS BYTES(2)|1.256 AS NUMERIC(5, 2)|1.255 AS NUMERIC(5, 2)|-1.255 AS NUMERIC(5, 2)|999.995 AS NUMERIC(5, 2)|999.994 AS NUMERIC(5, 2)|12345 AS NUMERIC(5)|123456 AS NUMERIC(5)|1.5 AS NUMERIC(1)|BIGNUMERIC '1.256' AS BIGNUMERIC(5, 2)|BIGNUMERIC '1234.5' AS BIGNUMERIC(5, 2)|NULL AS STRING(3)|NULL AS NUMERIC(5, 2)|12 AS STRING(1)|12 AS STRING(2)|1 AS INT64(5)|'a' AS STRING(0)|1 AS NUMERIC(40, 2)|1 AS NUMERIC(5, 10)|'a' AS STRING(1, 2)"


def quoted(text):
    return "'" + text.replace("'", "\\'") + "'"


def cases(random):
    for pool in (INT64, FLOAT64, NUMERIC, BIGNUMERIC):
        for pattern in NUMBERS:
            for value in [*random.sample(pool, 2), "12.345" if pool is FLOAT64 else pool[1]]:
                yield select(f"CAST({value} AS STRING FORMAT '{pattern}')")
        yield over(f"CAST(x AS STRING FORMAT '{random.choice(NUMBERS)}')", [*pool[:5], "NULL"])
    for pattern in NUMBERS:
        for value in ("-12", "-0.5", "1234567.891", "0", "CAST('nan' AS FLOAT64)", "CAST('-inf' AS FLOAT64)"):
            yield select(f"CAST({value} AS STRING FORMAT '{pattern}')")
    for pattern in BAD_NUMBERS:
        yield select(f"CAST(12 AS STRING FORMAT '{pattern}')")
    for sql_type, values in TIMES.items():
        for pattern in WRITTEN:
            for value in values[:2]:
                yield select(f"CAST({value} AS STRING FORMAT '{pattern}')")
        yield select(f"CAST({null(sql_type)} AS STRING FORMAT 'YYYY')")
        yield select(f"CAST({values[0]} AS STRING FORMAT NULL)")
        yield select(f"CAST({values[0]} AS STRING FORMAT 1)")
        for pattern in ("HH24:MI AM", "YYYY/MM/DD", "YYYY-MM-DD HH24:MI:SS"):
            yield over(f"CAST(x AS STRING FORMAT '{pattern}')", [*values, "NULL"])
    for zone in ("'Asia/Kolkata'", "'-03:30'", "'x'", "NULL", "1"):
        yield select(f"CAST(TIMESTAMP '2020-02-29 03:04:05+00' AS STRING FORMAT 'YYYY-MM-DD HH24:MI:SS TZH:TZM' AT TIME ZONE {zone})")
        yield select(f"CAST('2020-02-29 03:04:05' AS TIMESTAMP FORMAT 'YYYY-MM-DD HH24:MI:SS' AT TIME ZONE {zone})")
        yield select(f"CAST(DATE '2020-02-29' AS STRING FORMAT 'YYYY' AT TIME ZONE {zone})")
    for sql_type, pairs in READ.items():
        for pair in pairs.split(","):
            text, pattern = pair.split("|")
            yield select(f"CAST({quoted(text)} AS {sql_type} FORMAT {quoted(pattern)})")
            yield select(f"SAFE_CAST({quoted(text)} AS {sql_type} FORMAT {quoted(pattern)})")
        yield select(f"CAST({null('STRING')} AS {sql_type} FORMAT 'YYYY')")
    yield over("SAFE_CAST(x AS DATE FORMAT 'DD.MM.YYYY')", ["'29.02.2020'", "'29.02.2021'", "'x'", "NULL", "''"])
    for encoding in ENCODINGS:
        for value in BYTES:
            yield select(f"CAST({value} AS STRING FORMAT '{encoding}')")
        for text in ("'abc'", "'777'", "'111'", "'zz'", "'é'", "'Af8='", "'Af8'", "''", "NULL", "'6162'", "'616'"):
            yield select(f"CAST({text} AS BYTES FORMAT '{encoding}')")
    for text in ("1 AS INT64 FORMAT '9'", "'1' AS INT64 FORMAT '9'", "TRUE AS STRING FORMAT '9'", "DATE '2020-01-01' AS DATETIME FORMAT 'YYYY'", "'1.5' AS NUMERIC FORMAT '9.9'", "TIMESTAMP '2020-01-01' AS STRING AT TIME ZONE 'UTC'"):
        yield select(f"CAST({text})")
    for text in PARAMETERS.split("|"):
        yield select(f"CAST({text})")
        yield select(f"SAFE_CAST({text})")
