"""Hashes and bits: what must agree to the last bit."""

from .values import BYTES, INT64, STRING, over, select, wrong


def cases(random):
    for name in ("FARM_FINGERPRINT", "MD5", "SHA1", "SHA256", "SHA512"):
        for value in STRING + BYTES + ["NULL", "'" + "x" * 100 + "'", "'" + "0123456789abcdef" * 5 + "'", "CAST(NULL AS BYTES)"]:
            yield select(f"{name}({value})")
        yield over(f"{name}(x)", [*STRING, "NULL"])
        yield from wrong(name, "'a'", 1, 1)
        yield select(f"{name}(1)")
        yield select(f"SAFE.{name}('a')")
    for value in INT64 + BYTES + ["NULL", "1.5", "'a'"]:
        yield select(f"BIT_COUNT({value})")
    yield over("BIT_COUNT(x)", [*INT64, "NULL"])
    yield from wrong("BIT_COUNT", "1", 1, 1)
    for text in ("LENGTH(GENERATE_UUID())", "RAND() BETWEEN 0 AND 1", "GENERATE_UUID(1)", "RAND() = RAND()", "REGEXP_CONTAINS(GENERATE_UUID(), r'^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$')"):
        yield select(text)
