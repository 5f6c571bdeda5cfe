"""Dates and times: every part, every format element, both ends of the calendar."""

from .values import COLUMN, DATE, DATETIME, INTERVAL, TIME, TIMESTAMP, null, over, select

DATE_PARTS = ["DAY", "WEEK", "WEEK(MONDAY)", "WEEK(SATURDAY)", "ISOWEEK", "MONTH", "QUARTER", "YEAR", "ISOYEAR"]
TIME_PARTS = ["HOUR", "MINUTE", "SECOND", "MILLISECOND", "MICROSECOND"]
OTHER_PARTS = ["DAYOFWEEK", "DAYOFYEAR", "DATE", "TIME", "DATETIME", "EPOCH", "FOO", "WEEK(FOO)"]
POOLS = {"DATE": DATE, "DATETIME": DATETIME, "TIMESTAMP": TIMESTAMP, "TIME": TIME}

# Elements that the C library beneath this build of the reference implementation does not know (%k, %l, %P, %J; %F and %G in
# PARSE_*) are in tests/sql instead; the year 1 is left out where that library pads years and others do not (%G, %c).
FORMATS = "%Y %y %C %m %d %e %j %a %A %b %B %h %H %I %M %S %p %F %T %R %D %c %x %X %u %w %U %W %V %G %g %Q %s %E3S %E*S %E4Y"
FORMATS = f"{FORMATS} %Z %z %Ez %n %t %% %E0S %E6S".split(" ")

PARSES = {
    "DATE": "'%Y-%m-%d', '2020-02-29'|'%Y-%m-%d', '2021-02-29'|'%Y%m%d', '20200229'|'%d/%m/%y', '01/02/68'|'%d/%m/%y', '01/02/69'|'%b %e, %Y', 'Feb  9, 2020'|'%B %d %Y', 'february 09 2020'|'%A %d %B %Y', 'Saturday 29 February 2020'|'%Y-%m-%d', 'x'|'%D', '02/29/20'|'%x', '02/29/20'|'%Y-%j', '2020-060'|'%Y', '2020'|'%m', '02'|'%Y-%m-%d', '2020-02-29x'|'%Y-%m-%d', ' 2020-02-29 '|'%Y-%m-%d', '2020-2-9'|'%Y-%m-%d', ''|'', ''|'', '2020'|'%Y-%m-%d %H', '2020-02-29 10'|'%Q', '2'|'%Y', '10000'|'%Y-%m-%d', NULL|NULL, '2020'|'%s', '0'|'%C%y', '1999'|'%U %w %Y', '08 6 2020'|'%z', 'x'|'%Y-%m-%d', 20200101|'%Y %m', '2020  03'|'%Y%m%d', '2020-02-29'|'%E4Y', '2020'|'%a', 'Sat'|'%Y-%b-%d', '2020-FEB-01'|'%Ex', '02/29/20'|'%Y-%W-%w', '2020-08-6'|'%y', '5'|'%%%Y', '%2020'|'%t%Y', '  2020'|'%n%Y%n', '2020'|'%v', '1'",
    "DATETIME": "'%Y-%m-%d %H:%M:%S', '2020-02-29 12:34:56'|'%Y-%m-%d %T', '2020-02-29 12:34:56'|'%Y-%m-%d %R', '2020-02-29 12:34'|'%Y-%m-%d %E*S', '2020-02-29 56.789'|'%Y-%m-%d %H:%M:%E*S', '2020-02-29 12:34:56.789012'|'%Y-%m-%d %H:%M:%E3S', '2020-02-29 12:34:56.789'|'%Y-%m-%d %H:00:00', '2020-02-29 12:00:00'|'%Y-%m-%d %H:00:00', '2020-02-29 12:01:00'|'%Y-%m-%d %I:%M %p', '2020-02-29 12:34 AM'|'%Y-%m-%d %I:%M %p', '2020-02-29 12:34 pm'|'%Y-%m-%d %I', '2020-02-29 13'|'%Y-%m-%d %H', '2020-02-29 24'|'%c', 'Sat Feb 29 12:34:56 2020'|'%Y-%m-%d %T', '2020-02-29 12:34:60'|'%Y-%m-%d %T', '2020-02-29 23:59:60'|'%Y', '2020'|'%s', '1582979696'|'%Y-%m-%d %T%z', '2020-02-29 12:34:56+01'|'%Y-%m-%d', '0000-01-01'|'%Y-%m-%d', NULL|'%H', '7'|'%p', 'AM'|'%Y-%m-%d %X', '2020-02-29 12:34:56'|'%Y-%m-%dT%T', '2020-02-29T12:34:56'|'%Y-%m-%d %T', '2020-02-29T12:34:56'|'%Y-%m-%d %T', '2020-02-29 12:34'|'%Y-%m-%d %H:%M:%S', '2020-02-29 1:2:3'|'%Y-%m-%d %T', ' 2020-02-29   12:34:56 '|'%Y-%m-%d %E0S', '2020-02-29 12.5'|'%Y-%m-%d %S', '2020-02-29 61'",
    "TIMESTAMP": "'%Y-%m-%d %T', '2020-02-29 12:34:56'|'%Y-%m-%d %T%z', '2020-02-29 12:34:56+0130'|'%Y-%m-%d %T%Ez', '2020-02-29 12:34:56+01:30'|'%Y-%m-%d %T %Z', '2020-02-29 12:34:56 America/New_York'|'%Y-%m-%d %T', '2020-02-29 12:34:56', 'America/New_York'|'%Y-%m-%d %T', '2020-02-29 12:34:56', '+02'|'%s', '1582979696'|'%s', '-1'|'%s', '1582979696.5'|'%Y-%m-%d %T', '2020-03-08 02:30:00', 'America/New_York'|'%Y-%m-%d %T', '2020-02-29 12:34:56', 'Nowhere'|'%Y-%m-%d %H:%M:%E*S', '2020-02-29 12:34:56.123456'|'%Y-%m-%d %H:%M:%E*S', '2020-02-29 12:34:56.1234567'|NULL, '2020'|'%Y-%m-%d', '9999-12-31'|'%Y-%m-%d %T%z', '9999-12-31 23:59:59-01'|'%Y-%m-%d', '2020-01-01', NULL|'%a %b %d %H:%M:%S %Y', 'Sat Feb 29 12:34:56 2020'|'%Y-%m-%dT%TZ', '2020-02-29T12:34:56Z'|'%Y-%m-%d %T%z', '2020-02-29 12:34:56Z'",
    "TIME": "'%H:%M:%S', '12:34:56'|'%T', '12:34:56'|'%R', '12:34'|'%I:%M %p', '12:34 AM'|'%I:%M:%S %p', '01:02:03 PM'|'%E*S', '56.789'|'%H', '24'|'%H:%M', '1:2'|'%Y-%m-%d', '2020-01-01'|'', ''|NULL, '1'|'%T', NULL|'%T', '12:34:60'|'%T', '23:59:60'|'%X', '01:02:03'|'%M', '59'|'%S', '5'|'%H%M', '0730'",
}


def cases(random):
    for name, pool in POOLS.items():
        parts = DATE_PARTS + TIME_PARTS + OTHER_PARTS
        for part in parts:
            yield select(f"EXTRACT({part} FROM {random.choice(pool)})")
            yield over(f"EXTRACT({part} FROM x)", [*pool, null(name)])
        for part in DATE_PARTS + TIME_PARTS + OTHER_PARTS[:2] + OTHER_PARTS[5:7]:
            yield select(f"{name}_TRUNC({random.choice(pool)}, {part})")
            yield over(f"SAFE.{name}_TRUNC(x, {part})", [*pool, null(name)])
            yield select(f"{name}_DIFF({random.choice(pool)}, {random.choice(pool)}, {part})")
            yield over(f"{name}_DIFF(x, {pool[-1]}, {part})", [*pool, null(name)])
            for verb in ("ADD", "SUB"):
                value, amount = random.choice(pool), random.choice(["1", "-1", "25", "13", "400"])
                yield select(f"{name}_{verb}({value}, INTERVAL {amount} {part})")
            yield select(f"SAFE.{name}_ADD({pool[-1]}, INTERVAL 9223372036854775807 {part})")
            yield over(f"SAFE.{name}_ADD(x, INTERVAL 1 {part})", [*pool, null(name)])
        for other, others in POOLS.items():
            yield select(f"{name}_DIFF({pool[0]}, {others[0]}, DAY)")
            yield select(f"{name}_ADD({others[0]}, INTERVAL 1 MONTH)")
            yield select(f"{name}_SUB({others[0]}, INTERVAL 90 MINUTE)")
            yield select(f"{name}_TRUNC({others[0]}, MONTH)")
            yield select(f"{name}_TRUNC({others[0]}, HOUR)")
            yield select(f"{name}({others[0]})")
            yield select(f"{name}({null(other)})")
            yield select(f"{COLUMN[name]} < {COLUMN[other]}")
            yield select(f"FORMAT_{name}('%F %T', {others[0]})")
        for element in FORMATS:
            values = [v for v in pool if "0001-" not in v or element not in ("%G", "%c")]
            yield select(f"FORMAT_{name}('[{element}]', {random.choice(values)})")
            if element in ("%U", "%V", "%G", "%j", "%Q", "%E*S", "%E3S", "%s", "%Y", "%y", "%C", "%W", "%g", "%u", "%I", "%l", "%p"):
                yield over(f"FORMAT_{name}('{element}', x)", [*values, null(name)])
        yield select(f"FORMAT_{name}(NULL, {pool[0]})")
        yield select(f"FORMAT_{name}('%F', {null(name)})")
        yield select(f"FORMAT_{name}('', {pool[0]})")
        yield select(f"FORMAT_{name}({pool[0]}, '%F')")
        yield select(f"FORMAT_{name}('plain é')")
        yield select(f"{name}()")
        yield select(f"{name}(1)")
        yield select(f"{name}('x', 'y', 'z')")
        yield select(f"{name}(STRUCT(1))")
        yield select(f"SAFE.{name}('x')")
        for one in PARSES[name].split("|"):
            yield select(f"PARSE_{name}({one})")
        yield select(f"SAFE.PARSE_{name}('%Y-%m-%d', 'x')")
        yield select(f"PARSE_{name}('%F')")
        yield over(f"SAFE.PARSE_{name}('%H:%M:%S', x)" if name == "TIME" else f"SAFE.PARSE_{name}('%Y-%m-%d', x)", ["'2020-02-29'", "'10:11:12'", "'x'", "''", "NULL"])
        yield over(f"CAST(x AS STRING)", [*pool, null(name)])
        yield over(f"CAST(x AS DATE)", [*pool, null(name)])
    for text in ("PARSE_DATE('%F', '2020-02-29')", "FORMAT_TIME('%k %l %P', TIME '07:05:00')", "FORMAT_DATE('%J', DATE '2020-02-29')", "EXTRACT(NANOSECOND FROM TIME '07:05:00')"):
        yield select(text)
    yield from constructors()
    yield from idioms(random)
    yield from intervals()


def constructors():
    for text in (
        "DATE(2020, 2, 29)", "DATE(2021, 2, 29)", "DATE(0, 1, 1)", "DATE(10000, 1, 1)", "DATE(2020, 13, 1)", "DATE(NULL, 1, 1)", "SAFE.DATE(2021, 2, 29)", "DATE('2020-02-29')", "DATE('2020-02-29 10:00:00')", "DATE(TIMESTAMP '2020-01-01 01:00:00+00', 'America/New_York')", "DATE(TIMESTAMP '2020-01-01 01:00:00+00', 'Nowhere')", "DATE(TIMESTAMP '2020-01-01 01:00:00+00', NULL)", "DATE(DATETIME '2020-01-01 23:59:59')", "DATE(2020, 2)", "DATE(2020.5, 1, 1)", "DATETIME(2020, 2, 29, 12, 34, 56)", "DATETIME(2020, 2, 29, 24, 0, 0)", "DATETIME(2020, 2, 29, 23, 59, 60)", "DATETIME(2020, 2, 30, 0, 0, 0)", "DATETIME(DATE '2020-01-01', TIME '10:00:00')", "DATETIME(DATE '2020-01-01')", "DATETIME(TIMESTAMP '2020-01-01 10:00:00+00')", "DATETIME(TIMESTAMP '2020-07-01 10:00:00+00', 'Europe/Berlin')", "DATETIME('2020-01-01 10:00:00')", "DATETIME(DATE '2020-01-01', NULL)", "DATETIME(TIMESTAMP '9999-12-31 23:59:59+00', '+01')", "TIME(12, 34, 56)", "TIME(24, 0, 0)", "TIME(12, 60, 0)", "TIME(23, 59, 60)", "TIME(DATETIME '2020-01-01 10:11:12.5')", "TIME(TIMESTAMP '2020-01-01 10:00:00+00', 'America/New_York')", "TIME(NULL, 1, 1)", "SAFE.TIME(25, 0, 0)", "TIMESTAMP('2020-01-01 10:00:00')", "TIMESTAMP('2020-01-01 10:00:00', 'America/New_York')", "TIMESTAMP('2020-01-01 10:00:00+02', 'America/New_York')", "TIMESTAMP(DATE '2020-07-01', 'Europe/Berlin')", "TIMESTAMP(DATETIME '2020-07-01 10:00:00', 'Asia/Tokyo')", "TIMESTAMP(DATETIME '2020-03-08 02:30:00', 'America/New_York')", "TIMESTAMP(DATETIME '2020-11-01 01:30:00', 'America/New_York')", "TIMESTAMP(DATE '2020-01-01', '+05:30')", "TIMESTAMP(DATE '0001-01-01', '+14')", "TIMESTAMP(DATE '2020-01-01', 'utc')", "TIMESTAMP(DATE '2020-01-01', 'EST')", "TIMESTAMP(DATE '2020-01-01', 'America/new_york')", "TIMESTAMP(DATE '2020-01-01', '')", "STRING(TIMESTAMP '2020-01-01 10:00:00.5+00')", "STRING(TIMESTAMP '2020-07-01 10:00:00+00', 'Europe/Berlin')", "STRING(DATE '2020-01-01')", "STRING(DATETIME '2020-01-01 10:00:00')", "STRING(TIME '10:00:00')", "STRING(1)", "UNIX_SECONDS(TIMESTAMP '1969-12-31 23:59:59.5+00')", "UNIX_MILLIS(TIMESTAMP '1969-12-31 23:59:59.9995+00')", "UNIX_MICROS(TIMESTAMP '0001-01-01 00:00:00+00')", "UNIX_SECONDS(NULL)", "UNIX_SECONDS(DATETIME '2020-01-01 00:00:00')", "UNIX_DATE(DATE '1969-12-31')", "UNIX_DATE(NULL)", "UNIX_DATE('2020-01-01')", "TIMESTAMP_SECONDS(-1)", "TIMESTAMP_SECONDS(253402300800)", "TIMESTAMP_SECONDS(NULL)", "TIMESTAMP_MILLIS(1500)", "TIMESTAMP_MILLIS(9223372036854775807)", "TIMESTAMP_MICROS(-62135596800000000)", "TIMESTAMP_MICROS(-62135596800000001)", "SAFE.TIMESTAMP_SECONDS(9223372036854775807)", "TIMESTAMP_SECONDS(1.5)", "DATE_FROM_UNIX_DATE(-719162)", "DATE_FROM_UNIX_DATE(-719163)", "DATE_FROM_UNIX_DATE(2932896)", "DATE_FROM_UNIX_DATE(2932897)", "DATE_FROM_UNIX_DATE(NULL)", "LAST_DAY(DATE '2020-02-01')", "LAST_DAY(DATE '2021-02-01', MONTH)", "LAST_DAY(DATE '2020-02-01', YEAR)", "LAST_DAY(DATE '2020-02-01', QUARTER)", "LAST_DAY(DATE '2020-02-01', WEEK)", "LAST_DAY(DATE '2020-02-01', WEEK(MONDAY))", "LAST_DAY(DATE '2020-02-01', ISOWEEK)", "LAST_DAY(DATE '2020-02-01', ISOYEAR)", "LAST_DAY(DATE '2020-02-01', DAY)", "LAST_DAY(DATE '2020-02-01', HOUR)", "LAST_DAY(DATETIME '2020-02-01 10:00:00')", "LAST_DAY(DATE '9999-12-31', WEEK)", "LAST_DAY(DATE '9999-12-31', ISOWEEK)", "LAST_DAY(NULL)", "LAST_DAY(TIMESTAMP '2020-02-01 10:00:00+00')", "LAST_DAY('2020-02-01')", "EXTRACT(HOUR FROM TIMESTAMP '2020-07-01 10:00:00+00' AT TIME ZONE 'Europe/Berlin')", "EXTRACT(DATE FROM TIMESTAMP '2020-01-01 01:00:00+00' AT TIME ZONE 'America/New_York')", "EXTRACT(DATETIME FROM TIMESTAMP '2020-01-01 01:00:00+00' AT TIME ZONE '-03:30')", "EXTRACT(HOUR FROM DATETIME '2020-01-01 01:00:00' AT TIME ZONE 'UTC')", "EXTRACT(YEAR FROM '2020-01-01')", "EXTRACT(YEAR FROM 2020)", "EXTRACT(YEAR FROM NULL)", "EXTRACT('YEAR' FROM DATE '2020-01-01')", "TIMESTAMP_TRUNC(TIMESTAMP '2020-01-01 03:00:00+00', DAY, 'America/New_York')", "TIMESTAMP_TRUNC(TIMESTAMP '2020-11-01 06:30:00+00', HOUR, 'America/New_York')", "TIMESTAMP_TRUNC(TIMESTAMP '2020-01-01 03:00:00+00', WEEK, 'Asia/Tokyo')", "FORMAT_TIMESTAMP('%F %T %Z %z %Ez', TIMESTAMP '2020-07-01 10:00:00+00', 'America/New_York')", "FORMAT_TIMESTAMP('%F %T %Z %z', TIMESTAMP '2020-07-01 10:00:00+00', '+05:30')", "FORMAT_TIMESTAMP('%c', TIMESTAMP '2020-07-01 10:00:00+00', NULL)", "TIMESTAMP '2020-03-08 07:30:00 America/New_York'", "DATE_TRUNC(DATE '0001-01-01', ISOYEAR)", "DATE_TRUNC(DATE '0001-01-01', WEEK)", "DATE_ADD('2020-01-01', INTERVAL 1 DAY)", "DATE_ADD(DATE '2020-01-01', 1)", "DATE_ADD(DATE '2020-01-01', INTERVAL 1 DAY, 2)", "DATE_DIFF('2020-02-01', '2020-01-01', DAY)", "DATE_DIFF(DATE '2020-01-01', DATE '2019-01-01')", "DATE_DIFF(DATE '2020-01-01', DATE '2019-01-01', 'DAY')", "DATE_DIFF(DATE '2020-01-01', DATE '2019-01-01', DAY, 1)", "TIME_ADD(TIME '23:00:00', INTERVAL 90 MINUTE)", "TIME_SUB(TIME '00:30:00', INTERVAL 1 HOUR)", "TIME_DIFF(TIME '01:00:00', TIME '23:00:00', HOUR)", "TIME_TRUNC(TIME '12:34:56.789', MINUTE)", "CURRENT_DATE() IS NOT NULL", "CURRENT_DATETIME = CURRENT_DATETIME()", "CURRENT_DATE('Nowhere')", "CURRENT_TIMESTAMP('UTC')", "CURRENT_TIME() IS NOT NULL", "CURRENT_DATE('UTC') = CURRENT_DATE()",
    ):
        yield select(text)


def idioms(random):
    for left, right in [("2020-01-31 00:00:00", "2020-01-01 23:59:59"), ("2020-03-01 10:00:00", "2020-02-28 11:00:00"), ("2021-01-01 00:00:00", "2020-12-31 23:59:59"), ("2020-01-01 00:59:59.999999", "2020-01-01 00:00:00"), ("2019-12-29 00:00:00", "2020-01-05 00:00:00"), ("9999-12-31 00:00:00", "0001-01-01 00:00:00")]:
        for part in DATE_PARTS + TIME_PARTS:
            yield select(f"DATETIME_DIFF(DATETIME '{left}', DATETIME '{right}', {part})")
        for part in ["DAY", *TIME_PARTS]:
            yield select(f"TIMESTAMP_DIFF(TIMESTAMP '{left}+00', TIMESTAMP '{right}+00', {part})")
    for day in ("2020-01-31", "2020-02-29", "2021-02-28", "2019-12-31", "2020-12-28", "0001-01-03", "9999-12-31", "2018-01-01", "2016-01-03"):
        for part in ("WEEK", "ISOWEEK", "ISOYEAR", "WEEK(THURSDAY)", "DAYOFWEEK", "DAYOFYEAR", "QUARTER"):
            yield select(f"EXTRACT({part} FROM DATE '{day}')")
        for amount in ("1 MONTH", "-1 MONTH", "1 YEAR", "-4 YEAR", "1 QUARTER", "-1 WEEK"):
            yield select(f"DATE_ADD(DATE '{day}', INTERVAL {amount})")
            yield select(f"DATETIME_SUB(DATETIME '{day} 06:00:00', INTERVAL {amount})")
        for part in ("WEEK", "WEEK(TUESDAY)", "ISOWEEK", "ISOYEAR", "QUARTER"):
            yield select(f"DATETIME_TRUNC(DATETIME '{day} 12:34:56', {part})")
        yield select(f"FORMAT_DATE('%a %j %U %W %V %G %u %w %Q', DATE '{day}')")
    for text in (
        "DATE '2020-01-01' < '2020-01-02'", "DATETIME '2020-01-01 00:00:00' = DATE '2020-01-01'", "DATE '2020-01-01' = 'x'", "TIMESTAMP '2020-01-01 00:00:00+00' = DATE '2020-01-01'", "DATETIME '2020-01-01 00:00:00' = TIMESTAMP '2020-01-01 00:00:00+00'", "TIME '10:00:00' < '11:00:00'", "DATETIME '2020-01-01 00:00:00' > '2019-12-31'", "TIMESTAMP '2020-01-01 00:00:00+00' > '2019-12-31'",
        "ARRAY_LENGTH(GENERATE_DATE_ARRAY('2020-01-01', '2020-12-31'))", "GENERATE_DATE_ARRAY('2020-01-30', '2020-04-01', INTERVAL 1 MONTH)", "GENERATE_DATE_ARRAY('2020-01-10', '2020-01-01', INTERVAL -3 DAY)", "GENERATE_DATE_ARRAY('2020-01-10', '2020-01-01')", "GENERATE_DATE_ARRAY('2020-01-01', '2020-01-10', INTERVAL 0 DAY)", "GENERATE_DATE_ARRAY(NULL, '2020-01-10')", "GENERATE_DATE_ARRAY('2020-01-01', '2020-01-10', INTERVAL 1 HOUR)", "GENERATE_DATE_ARRAY('9999-12-30', '9999-12-31')", "GENERATE_DATE_ARRAY('2020-01-01', '2021-01-01', INTERVAL 1 QUARTER)", "GENERATE_TIMESTAMP_ARRAY('2020-01-01', '2020-01-02', INTERVAL 6 HOUR)", "GENERATE_TIMESTAMP_ARRAY('2020-01-01', '2020-01-01 00:00:01', INTERVAL 400 MILLISECOND)", "GENERATE_TIMESTAMP_ARRAY('2020-01-02', '2020-01-01', INTERVAL -12 HOUR)", "GENERATE_TIMESTAMP_ARRAY('2020-01-01', '2020-01-02', INTERVAL 0 DAY)", "GENERATE_TIMESTAMP_ARRAY('2020-01-01', NULL, INTERVAL 1 DAY)", "GENERATE_TIMESTAMP_ARRAY('2020-01-01', '2020-03-01', INTERVAL 1 MONTH)", "GENERATE_TIMESTAMP_ARRAY('2020-01-01', '2020-01-02')",
    ):
        yield select(text)


def intervals():
    for value in [*INTERVAL, "INTERVAL '1 25:00:00' DAY TO SECOND", "INTERVAL 45 DAY", "INTERVAL '-0-13 40 -30:0:0' YEAR TO SECOND", "CAST(NULL AS INTERVAL)"]:
        for name in ("JUSTIFY_DAYS", "JUSTIFY_HOURS", "JUSTIFY_INTERVAL"):
            yield select(f"{name}({value})")
        for part in ("YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND", "MILLISECOND", "MICROSECOND", "DATE"):
            yield select(f"EXTRACT({part} FROM {value})")
        yield select(f"CAST({value} AS STRING)")
        yield select(f"FORMAT('%t', {value})")
    for text in (
        "MAKE_INTERVAL(1, 2, 3, 4, 5, 6)", "MAKE_INTERVAL(year => 1)", "MAKE_INTERVAL(day => 1, hour => -2)", "MAKE_INTERVAL()", "MAKE_INTERVAL(10001)", "MAKE_INTERVAL(NULL)", "MAKE_INTERVAL(1, second => 30)", "MAKE_INTERVAL('a')", "INTERVAL 1 DAY = INTERVAL 24 HOUR", "INTERVAL 1 MONTH = INTERVAL 30 DAY", "INTERVAL 1 MONTH > INTERVAL 29 DAY", "INTERVAL 1 DAY + DATE '2020-01-01'", "DATE '2020-01-31' + INTERVAL 1 MONTH", "DATE '2020-01-01' + INTERVAL 1 HOUR", "TIMESTAMP '2020-01-01 00:00:00+00' + INTERVAL 1 MONTH", "TIMESTAMP '2020-01-01 00:00:00+00' - INTERVAL 36 HOUR", "DATETIME '9999-12-31 00:00:00' + INTERVAL 1 DAY", "INTERVAL 10000 YEAR + INTERVAL 1 MONTH", "JUSTIFY_DAYS(1)", "JUSTIFY_HOURS()", "INTERVAL 1 DAY * 1.5", "INTERVAL 1 MONTH / 2", "INTERVAL 1 DAY / 0", "INTERVAL 7 DAY / 2", "-INTERVAL '1-2 3 4:5:6' YEAR TO SECOND", "[INTERVAL 1 DAY, INTERVAL 2 HOUR]", "GREATEST(INTERVAL 1 MONTH, INTERVAL 31 DAY)", "TO_JSON_STRING(INTERVAL 1 DAY)",
    ):
        yield select(text)
    for form in ("JUSTIFY_INTERVAL(x)", "x * 2", "-x", "x + INTERVAL 1 DAY", "CAST(x AS STRING)", "EXTRACT(DAY FROM x)", "x < INTERVAL 2 DAY", "DATETIME '2020-01-31 00:00:00' + x"):
        yield over(form, ["INTERVAL 1 DAY", "INTERVAL '1-2 3 4:5:6.5' YEAR TO SECOND", "INTERVAL -30 HOUR", "NULL"])
