"""Every type through every way that this environment's clients read rows: NULL, empty values, extremes, Unicode, microseconds."""

import datetime
import decimal
import math
import unittest

import common

UTC = datetime.timezone.utc
NAN = float("nan")

# Type, literals, and the values that Python has for them.
TYPES = {
    "INT64": [("-9223372036854775808", -(2**63)), ("9223372036854775807", 2**63 - 1), ("0", 0)],
    "FLOAT64": [("1.5", 1.5), ("CAST('NaN' AS FLOAT64)", NAN), ("CAST('-inf' AS FLOAT64)", -math.inf), ("1.7976931348623157e308", 1.7976931348623157e308), ("5e-324", 5e-324), ("0.1 + 0.2", 0.30000000000000004), ("-0.0", -0.0)],
    "NUMERIC": [("NUMERIC '-99999999999999999999999999999.999999999'", decimal.Decimal("-99999999999999999999999999999.999999999")), ("NUMERIC '0.000000001'", decimal.Decimal("0.000000001")), ("NUMERIC '0'", decimal.Decimal(0))],
    "BIGNUMERIC": [("BIGNUMERIC '-123456789012345678901234567890123456.00000000000000000000000000000000000001'", decimal.Decimal("-123456789012345678901234567890123456.00000000000000000000000000000000000001")), ("BIGNUMERIC '1.5'", decimal.Decimal("1.5"))],
    "BOOL": [("TRUE", True), ("FALSE", False)],
    "STRING": [("''", ""), ("'NULL'", "NULL"), ("'a\"b\\\\c\\n\\t\\u0001'", 'a"b\\c\n\t\x01'), ("'é 温度 😀'", "é 温度 😀")],
    "BYTES": [("b''", b""), ("b'\\x00\\xff'", b"\x00\xff")],
    "DATE": [("DATE '0001-01-01'", datetime.date(1, 1, 1)), ("DATE '2150-01-31'", datetime.date(2150, 1, 31)), ("DATE '9999-12-31'", datetime.date(9999, 12, 31))],
    "DATETIME": [("DATETIME '2150-01-31 10:00:00'", datetime.datetime(2150, 1, 31, 10)), ("DATETIME '0001-01-01 00:00:00.000001'", datetime.datetime(1, 1, 1, 0, 0, 0, 1)), ("DATETIME '9999-12-31 23:59:59.999999'", datetime.datetime(9999, 12, 31, 23, 59, 59, 999999))],
    "TIME": [("TIME '00:00:00'", datetime.time(0)), ("TIME '12:34:56.5'", datetime.time(12, 34, 56, 500000)), ("TIME '23:59:59.999999'", datetime.time(23, 59, 59, 999999))],
    "TIMESTAMP": [("TIMESTAMP '2020-01-01 00:00:00.123456+00'", datetime.datetime(2020, 1, 1, 0, 0, 0, 123456, UTC)), ("TIMESTAMP '0001-01-01 00:00:00+00'", datetime.datetime(1, 1, 1, tzinfo=UTC)), ("TIMESTAMP '9999-12-31 23:59:59.999999+00'", datetime.datetime(9999, 12, 31, 23, 59, 59, 999999, UTC))],
    "INTERVAL": [("INTERVAL '1-2 -3 4:5:6.000007' YEAR TO SECOND", (14, -3, 14706000007)), ("INTERVAL 0 DAY", (0, 0, 0))],
    "JSON": [("JSON '{\"a\": [1, null, \"é\"]}'", {"a": [1, None, "é"]}), ("JSON '\"x\"'", "x")],
    "ARRAY<INT64>": [("[1, 2]", [1, 2]), ("CAST([] AS ARRAY<INT64>)", [])],
    "STRUCT": [("STRUCT(1 AS x, 'é' AS y, [STRUCT(DATE '2150-01-31' AS d)] AS z)", {"x": 1, "y": "é", "z": [{"d": datetime.date(2150, 1, 31)}]})],
    "ARRAY<STRUCT>": [("[STRUCT(1 AS x, 'a' AS y), STRUCT(NULL, NULL)]", [{"x": 1, "y": "a"}, {"x": None, "y": None}])],
}


def statement(name):
    """Rows 0, 1, … with a NULL first (arrays have none: it comes as an empty one)."""
    literals = [literal for literal, _ in TYPES[name]]
    first = literals[0]
    parts = [f"SELECT 0 AS i, IF(FALSE, {first}, NULL) AS v"] + [f"SELECT {place + 1}, {literal}" for place, literal in enumerate(literals)]
    return f"SELECT i, v FROM ({' UNION ALL '.join(parts)}) ORDER BY i"


def expected(name):
    return [[] if name.startswith("ARRAY") else None, *(value for _, value in TYPES[name])]


def plain(value):
    """A value of pandas, Arrow or dateutil as Python's own."""
    if value is None or type(value).__name__ in ("NaTType", "NAType"):
        return None
    if type(value).__name__ == "relativedelta":
        micros = ((value.hours * 60 + value.minutes) * 60 + value.seconds) * 1_000_000 + value.microseconds
        return (value.years * 12 + value.months, value.days, micros)
    if type(value).__name__ == "DateOffset":
        parts = value.kwds
        nanoseconds = parts.get("nanoseconds", 0) or getattr(value, "nanoseconds", 0)
        return (parts.get("months", 0), parts.get("days", 0), nanoseconds // 1000)
    if type(value).__name__ == "MonthDayNano":
        return (value.months, value.days, value.nanoseconds // 1000)
    if type(value).__name__ == "ndarray":
        return [plain(element) for element in value.tolist()]
    if isinstance(value, dict):
        return {key: plain(element) for key, element in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(element) for element in value]
    if type(value).__name__ == "Timestamp":
        return value.to_pydatetime(warn=False)
    if hasattr(value, "item") and not isinstance(value, (str, bytes)):
        return value.item()
    return value


def dates(value):
    """Midnights as dates: what pandas makes of dates inside structs."""
    if isinstance(value, dict):
        return {key: dates(element) for key, element in value.items()}
    if isinstance(value, list):
        return [dates(element) for element in value]
    return value.date() if isinstance(value, datetime.datetime) and value.time() == datetime.time(0) else value


def word(name, read):
    """`yes` where every value came exactly; `NaN` where NULL and NaN are one; else what happened, with what came on standard output."""
    import json

    try:
        got = [plain(value) for value in read(statement(name))]
    except Exception as error:
        return f"fails ({type(error).__name__})"
    want = expected(name)
    if name == "JSON" and any(isinstance(value, str) for value in got):
        try:
            got = [json.loads(value) if isinstance(value, str) else value for value in got]
        except ValueError:
            pass
    same = lambda a, b: repr(a) == repr(b) or (isinstance(a, datetime.datetime) and isinstance(b, datetime.datetime) and a.tzinfo is not None and b.tzinfo is not None and a == b)
    if len(got) == len(want) and all(same(a, b) or isinstance(b, decimal.Decimal) and a == b for a, b in zip(got, want)):
        return "yes"
    without_nan = [None if isinstance(value, float) and math.isnan(value) else value for value in got]
    without_null = [None if isinstance(value, float) and math.isnan(value) else value for value in want]
    if list(map(repr, without_nan)) == list(map(repr, without_null)):
        return "NULL is NaN"
    if list(map(repr, map(dates, without_nan))) == list(map(repr, want)):
        return "dates inside are datetimes"
    print(f"{name}: {got!r} where {want!r} was written")
    return "differs"


class Types(unittest.TestCase):
    maxDiff = None

    def readers(self):
        from google.cloud import bigquery  # noqa: F401

        client = common.client()
        label = f"gcb {common.CLIENT.removeprefix('gcb-')}"
        frames = {} if common.version() >= (3, 14) or not common.has_storage() else {"create_bqstorage_client": False}
        rows = lambda text: [row.v for row in client.query(text).result()]
        frame = lambda text: list(client.query(text).to_dataframe(**frames).v)
        arrow = lambda text: client.query(text).to_arrow(**frames).column("v").to_pylist()
        return {f"{label} rows": rows, f"{label} pandas": frame, f"{label} Arrow": arrow}

    def test_every_type(self):
        for label, read in self.readers().items():
            words = {name: word(name, read) for name in TYPES}
            common.saw(label, words)
            if label.endswith("rows"):
                with self.subTest(label):
                    # Where the client's own reader of rows cannot hold a value, nothing here can help.
                    self.assertEqual({name: found for name, found in words.items() if found != "yes"}, {})


if __name__ == "__main__":
    unittest.main()
