"""Functions of text and bytes."""

from .values import BYTES, COLUMN, STRING, calls, null, over, select, wrong

LISTS = {
    "SUBSTR": "'hello', 2|'hello', 0|'hello', -3|'hello', -3, 2|'hello', 2, 0|'hello', 2, -1|'hello', 99|'hello', -99|'hello', -99, 97|'日本語', 2|'𝒳yz', 1, 1|b'hello', 2, 3|b'hello', -2|'', 1|NULL, 1|'a', NULL|'a', 1, NULL|'hello', 9223372036854775807|'hello', -9223372036854775808|'hello', 1, 9223372036854775807|1, 1|'a'|'a', 'b'|'a', 1.5",
    "SUBSTRING": "'hello', 2, 2|'hello', -1",
    "LEFT": "'hello', 2|'hello', 0|'hello', 99|'hello', -1|'日本', 1|b'abc', 2|NULL, 1|'a', NULL|'a'",
    "RIGHT": "'hello', 2|'hello', 0|'hello', 99|'hello', -1|'𝒳y', 2|b'abc', 2|NULL, 1|'a', NULL",
    "LENGTH": "'é'|'𝒳'|b'\\xff\\x00'|''|NULL|1",
    "CHAR_LENGTH": "'日本'|''|b'a'|NULL",
    "CHARACTER_LENGTH": "'ab'",
    "BYTE_LENGTH": "'日本'|b'ab'|''|NULL",
    "OCTET_LENGTH": "'é'",
    "TRIM": "'  a  '|'xxaxx', 'x'|'xyaxy', 'xy'|'', 'x'|b'xax', b'x'|b'a'|'\\t\\n a\\u00a0'|NULL|'a', NULL|'日a日', '日'|1|'a', 1",
    "LTRIM": "'  a  '|'xxaxx', 'x'|b'xax', b'x'|NULL|'a', ''",
    "RTRIM": "'  a  '|'xxaxx', 'x'|b'xax', b'x'|NULL",
    "LPAD": "'a', 5|'a', 5, 'xy'|'abc', 2|'a', 0|'a', -1|'a', 3, ''|b'a', 3, b'-'|b'a', 3|NULL, 3|'a', NULL|'日', 3, '本'|'a', 'b'",
    "RPAD": "'a', 5|'a', 5, 'xy'|'abc', 2|'a', 0|'a', -1|'a', 3, ''|b'a', 3, b'-'|NULL, 3|'日', 3, '本'",
    "REPEAT": "'ab', 3|'ab', 0|'ab', -1|'', 5|b'a', 2|NULL, 2|'a', NULL|'a', 1.5",
    "REVERSE": "'abc'|'日本'|''|b'ab'|NULL|'e\\u0301'|1",
    "REPLACE": "'banana', 'an', 'x'|'abc', '', 'x'|'abc', 'b', ''|'', 'a', 'b'|b'aba', b'a', b'c'|NULL, 'a', 'b'|'a', NULL, 'b'|'a', 'a', NULL|'日本', '本', 'x'|'a', 'b'|'a', 1, 'b'|'aaa', 'aa', 'b'",
    "TRANSLATE": "'banana', 'an', 'xy'|'banana', 'an', 'x'|'banana', '', 'x'|b'ab', b'a', b'c'|'a', 'aa', 'bc'|'日本', '日', 'x'|NULL, 'a', 'b'|'a', NULL, 'b'|'abc', 'ab', 'xyz'",
    "STRPOS": "'banana', 'an'|'banana', ''|'', 'a'|'日本', '本'|b'ab', b'b'|'a', NULL|NULL, 'a'|'a', 1|'a', b'a'",
    "INSTR": "'banana', 'an'|'banana', 'an', 3|'banana', 'an', -1|'banana', 'an', 1, 2|'banana', 'an', -1, 2|'banana', 'an', 0|'banana', 'an', 1, 0|'banana', '', 1|b'banana', b'an', 3|NULL, 'a'|'banana', 'ann'|'日本日', '日', 2|'banana', 'an', 99|'a', 'a', NULL|'banana', 'an', -3",
    "STARTS_WITH": "'abc', 'ab'|'abc', ''|'abc', 'B'|b'ab', b'a'|NULL, 'a'|'a', NULL|'a', 1",
    "ENDS_WITH": "'abc', 'bc'|'abc', ''|b'ab', b'b'|NULL, 'a'|'a', NULL|'日本', '本'",
    "SPLIT": "'a,b,c'|'a,b,,c,'|''|'', ','|'abc', ''|'a--b', '--'|b'a,b', b','|b'ab'|NULL|'a', NULL|'日,本'|'abc', 'x'|'aaa', 'aa'|1",
    "LOWER": "'ÀÉ'|'ẞ'|'İ'|'ΑΣ'|b'ABC'|b'\\xc3\\x80'|''|NULL|1",
    "UPPER": "'àé'|'ß'|'ŉ'|'ﬁ'|'ǆ'|b'abc'|''|NULL|1",
    "INITCAP": "'hello world'|'HELLO-wORLD o\\'neil'|'a_b c1d'|'été à'|''|NULL|'a-b c', ' '|'ab cd', ''|'xaxb', 'x'|'1st place'",
    "CONCAT": "'a', 'b'|'a', NULL|'a'|b'a', b'b'|'a', b'b'|'a', 1|1, 2|'a', 1.5, TRUE|'a', DATE '2020-01-01'|NULL, NULL|'', ''|1.0|'日', '本'|[1], [2]|TIMESTAMP '2020-01-01 00:00:00+00', 'x'|NUMERIC '1.50', 'x'",
    "REGEXP_CONTAINS": "'abc', 'b'|'abc', '^b'|'a\\nb', 'a.b'|'ABC', '(?i)b'|'a\\nb', '(?s)a.b'|'abc', '('|'a', ''|NULL, 'a'|'a', NULL|b'\\xff', b'\\\\xff'|'日', '\\\\p{Han}'|'a', '(?=a)'|'aa', '(a)\\\\1'|'a1', r'\\d'|'é', r'\\w'|'a', b'a'|'a+b', r'a\\+b'|'x', '[[:alpha:]]'|'a\\nb', '(?m)^b$'|'foo', 'fo{1001}'|'\\u00a0', r'\\s'|'a', '\\\\Qa\\\\E'",
    "REGEXP_EXTRACT": "'foo@bar', '@(.*)'|'foo', 'o+'|'foo', 'x'|'foo', '(x)?foo'|'foo', '()foo'|'foo', '(f)(o)'|'banana', 'an', 3|'banana', 'a(n)', 1, 2|'banana', 'an', 99|'banana', 'an', 0|'banana', 'an', 1, 0|NULL, 'a'|'a', NULL|b'ab', b'b'|'日本', '本'|'日本日', '日', 2|'foo', '('|'aab', 'a*?'|'', ''|'abc', '', 4|'abc', '$', 4",
    "REGEXP_SUBSTR": "'foo bar', 'b.*'|'banana', 'an', 1, 2",
    "REGEXP_EXTRACT_ALL": "'a1b22', r'\\d+'|'a1b22', r'([a-z])\\d'|'abc', 'x'|'abc', ''|'', ''|b'a1', b'[0-9]'|NULL, 'a'|'a', NULL|'a', '(a)(b)'|'日本', '.'|'aaa', 'a(b)?'",
    "REGEXP_INSTR": "'banana', 'an'|'banana', 'an', 3|'banana', 'an', 1, 2|'banana', 'an', 1, 1, 1|'banana', 'a(n)', 1, 1, 0|'banana', 'x'|'banana', 'an', 0|'banana', 'an', 1, 1, 2|NULL, 'a'|'日本', '本'|b'ab', b'b'|'a', '(a)(b)?'|'banana', 'a(n)', 1, 2, 1",
    "REGEXP_REPLACE": "'abcabc', 'b', 'x'|'abc', '(a)(b)', r'\\2\\1'|'abc', 'b', r'[\\0]'|'abc', 'b', '$1'|'abc', 'b', r'\\1'|'abc', 'b', r'\\\\'|'abc', '', '-'|'', '', 'x'|'abc', 'x*', '-'|'abc', '(', 'x'|NULL, 'a', 'b'|'a', 'a', NULL|b'ab', b'b', b'c'|'日本', '本', 'x'|'abc', 'b', r'\\x'|'aaa', 'a', ''|'abc', '(?i)B', 'x'|'a b', r'\\s', '\\\\n'",
    "FORMAT": "'%d', 42|'%5d|', 42|'%-5d|', 42|'%05d', 42|'%+d', 42|'% d', 42|\"%'d\", 1234567|'%x', 255|'%X', 255|'%#x', 255|'%o', 8|'%d', -1|'%x', -255|'%f', 1.5|'%.2f', 2.675|'%.0f', 2.5|'%10.3f|', 3.14159|'%e', 12345.678|'%.2E', 0.00012|'%g', 1e10|'%g', 0.0001|'%G', 1e-10|'%f', CAST('nan' AS FLOAT64)|'%f', CAST('inf' AS FLOAT64)|'%F', CAST('-inf' AS FLOAT64)|'%5.1f', -0.0|'%s', 'a'|'%5s|', 'a'|'%-5s|', '日'|'%.2s', 'abc'|'%t', 'a'|'%T', 'a\\'b'|'%t', 1.0|'%T', 1.5|'%t', DATE '2020-01-01'|'%T', DATE '2020-01-01'|'%t', TIMESTAMP '2020-01-01 10:00:00+00'|'%T', TIMESTAMP '2020-01-01 10:00:00+00'|'%t', DATETIME '2020-01-01 10:00:00.5'|'%T', DATETIME '2020-01-01 10:00:00.5'|'%t', [1, 2]|'%T', ['a', NULL]|'%t', (1, 'a')|'%T', STRUCT(1 AS a, 'b' AS b)|'%t', NULL|'%T', NULL|'%s', NULL|'%d', NULL|NULL|'%%'|'plain'|'%d %s', 1, 'a'|'%d'|'%d', 1, 2|'%d', 'a'|'%s', 1|'%z', 1|'%*d', 5, 42|'%.*f', 2, 1.239|'%-*d|', 5, 42|'%t', b'\\xff'|'%T', b'\\xff'|'%t', TRUE|'%T', NUMERIC '1.50'|'%t', NUMERIC '1.50'|'%f', NUMERIC '1.5'|'%d', NUMERIC '1.5'|'%.3f', NUMERIC '2.0005'|'%t', INTERVAL 1 DAY|'%T', INTERVAL 1 DAY|'%t', JSON '{\"a\":1}'|'%T', JSON '[1]'|'%p', JSON '{\"a\":1}'|'%P', JSON '{\"a\":1}'|'%t', TIME '10:00:00'|'%T', CAST('nan' AS FLOAT64)|'%T', 1e20|'%t', 1e20|'%T', 0.1|'%i', 7|'%u', 7|'%c', 65|'%s', DATE '2020-01-01'|'%10t|', 1.5|'%-10T|', 'a'|'%5.2f%%', 12.345|'%', 1|'%d', 1.5|1, 2|'%T', [DATE '2020-01-01']|'%T', ''|'%T', 'line\\nend'|'%T', 'été'|'%t', CAST([] AS ARRAY<INT64>)|'%+.3e', 1.0|'%#g', 1.0|'%,d', 1|'%t', BIGNUMERIC '1.5'|'%T', 9223372036854775807|'%g', 123456789.0|'%g', 100000.0|'%g', 1000000.0|'%.10g', 0.1|'%e', 0.0|'%a', 1.0",
    "ASCII": "'a'|''|'é'|b'a'|NULL|'ab'",
    "UNICODE": "'é'|''|'𝒳'|NULL|'ab'",
    "CHR": "65|0|128512|-1|1114112|55296|NULL|'a'",
    "TO_CODE_POINTS": "'aé𝒳'|b'a\\xff'|''|NULL|1",
    "CODE_POINTS_TO_STRING": "[97, 233, 119987]|[]|[97, NULL]|[-1]|[55296]|NULL|['a']",
    "CODE_POINTS_TO_BYTES": "[97, 255]|[]|[256]|[-1]|[NULL]|NULL",
    "TO_HEX": "b'\\x00\\xff'|b''|NULL|'a'",
    "FROM_HEX": "'00ff'|'FF'|'f'|''|'0g'|NULL|b'a'",
    "TO_BASE64": "b'\\xde\\xad\\xbe\\xef'|b''|b'a'|NULL|'a'",
    "FROM_BASE64": "'3q2+7w=='|'3q2+7w'|''|'!'|'YQ'|'YQ==='|NULL|'Y Q = ='",
    "TO_BASE32": "b'abcde\\xff'|b''|b'a'|NULL",
    "FROM_BASE32": "'MFRGGZDF74======'|''|'!'|'ME======'|'me======'|NULL",
    "SAFE_CONVERT_BYTES_TO_STRING": "b'abc'|b'a\\xffb'|b'\\xe6\\x97'|b''|NULL|'a'",
    "NORMALIZE": "'e\\u0301'|'ﬁ', NFKC|'é', NFD|'é', NFKD|''|NULL|'a', FOO|'a', 'NFC'|'Å'|b'a'",
    "NORMALIZE_AND_CASEFOLD": "'ÉA'|'ﬁ', NFKC|'ß'|NULL",
    "SOUNDEX": "'Ashcraft'|'Tymczak'|''|'123'|'a'|'Pfister'|'Honeyman'|NULL|'été'|'O Hara'|'lloyd'",
    "EDIT_DISTANCE": "'kitten', 'sitting'|'', 'abc'|'a', 'a'|'日本', '日'|NULL, 'a'|b'ab', b'b'|'abc', 'xyz', max_distance => 2|'a', 'b', max_distance => -1",
    "COLLATE": "'a', 'und:ci'",
}


def cases(random):
    for name, arguments in LISTS.items():
        for one in split(arguments):
            yield select(f"{name}({one})")
        ordinary = split(arguments)[0]
        yield select(f"SAFE.{name}({ordinary})")
        yield select(f"SAFE.{name}({random.choice(split(arguments))})")
        yield select(f"{name}()")
        yield select(f"{name}({ordinary}, 1, 2, 3, 4, 5, 6)")
        yield select(f"{name}({COLUMN['STRUCT<a INT64, b STRING>']})")
        yield select(f"{name}({', '.join([null('STRING')] * (ordinary.count(', ') + 1))})")
    for form in ("LOWER(x)", "UPPER(x)", "LENGTH(x)", "BYTE_LENGTH(x)", "TRIM(x)", "REVERSE(x)", "SUBSTR(x, 2)", "SUBSTR(x, -1)", "LEFT(x, 2)", "RIGHT(x, 2)", "LPAD(x, 4, '*')", "RPAD(x, 4)", "REPEAT(x, 2)", "REPLACE(x, 'b', 'BB')", "STRPOS(x, 'b')", "INSTR(x, ',', 1, 2)", "STARTS_WITH(x, 'a')", "ENDS_WITH(x, 'c')", "SPLIT(x)", "SPLIT(x, '')", "INITCAP(x)", "CONCAT(x, '!')", "REGEXP_CONTAINS(x, '[b-z]')", "REGEXP_EXTRACT(x, '.(.)')", "REGEXP_EXTRACT_ALL(x, '.')", "REGEXP_REPLACE(x, '[a-c]', '<\\\\0>')", "REGEXP_INSTR(x, ',')", "FORMAT('%5s|', x)", "FORMAT('%T', x)", "ASCII(x)", "UNICODE(x)", "TO_CODE_POINTS(x)", "TRANSLATE(x, 'abc', 'xyz')", "NORMALIZE(x)", "SOUNDEX(x)", "EDIT_DISTANCE(x, 'abc')", "TO_HEX(SHA256(x))", "CAST(x AS BYTES)", "SAFE_CAST(x AS INT64)", "MD5(x)", "FARM_FINGERPRINT(x)", "TO_JSON_STRING(x)"):
        yield over(form, [*[v for v in STRING if "été" not in v or "ASCII" not in form], "NULL"])
    for form in ("TO_HEX(x)", "TO_BASE64(x)", "TO_BASE32(x)", "LENGTH(x)", "REVERSE(x)", "SUBSTR(x, 1, 1)", "SAFE_CONVERT_BYTES_TO_STRING(x)", "LOWER(x)", "UPPER(x)", "SPLIT(x, b'b')", "TO_CODE_POINTS(x)", "CONCAT(x, x)", "MD5(x)", "SHA1(x)", "SHA512(x)", "REPLACE(x, b'b', b'-')", "STARTS_WITH(x, b'A')", "REGEXP_CONTAINS(x, b'b')"):
        yield over(form, [*BYTES, "NULL"])


def split(arguments):
    """Argument lists between bars; a bar inside quotes belongs to its text."""
    out, quote, start = [], None, 0
    for at, c in enumerate(arguments):
        if quote:
            quote = None if c == quote and arguments[at - 1] != "\\" else quote
        elif c in "'\"":
            quote = c
        elif c == "|":
            out.append(arguments[start:at])
            start = at + 1
    return [*out, arguments[start:]]
