//! What is refused, in which words and where.

use crate::catalog::query;

fn check(cases: &[(&str, &str)]) {
    for (text, message) in cases {
        let error = query(text).err().unwrap_or_else(|| panic!("accepted: {text}"));
        assert_eq!(error.to_string(), *message, "{text}");
    }
}

#[test]
fn unknown_and_ambiguous_names() {
    check(&[
        ("SELECT los2 FROM icustays", "Unrecognized name: los2; Did you mean los? at [1:8]"),
        (
            "SELECT 1\nFROM icustays i\nWHERE i.stayid = 1",
            "Name stayid not found inside i; Did you mean stay_id? at [3:9]",
        ),
        ("SELECT x.a FROM icustays i", "Unrecognized name: x at [1:8]"),
        (
            "SELECT 1 FROM mimiciv_icu.chartevent",
            "Not found: Table mimiciv_icu.chartevent; Did you mean chartevents? at [1:15]",
        ),
        ("SELECT stay_id FROM icustays i, chartevents c", "Column name stay_id is ambiguous at [1:8]"),
        ("SELECT a FROM (SELECT 1 AS a, 2 AS A)", "Column name a is ambiguous at [1:8]"),
        (
            "SELECT 1 AS a, 2 AS A, 3 AS b, 4 AS b",
            "Duplicate column names in the result are not supported. Found duplicate(s): A, b at [1:1]",
        ),
        ("SELECT 1 FROM icustays a, chartevents A", "Duplicate table alias a in the same FROM clause at [1:25]"),
        ("WITH a AS (SELECT 1), A AS (SELECT 2) SELECT 1", "Duplicate alias A for WITH subquery at [1:23]"),
        ("SELECT foo(1)", "Function not found: foo at [1:8]"),
        ("SELECT lowr('a')", "Function not found: lowr; Did you mean lower? at [1:8]"),
        ("SELECT ML.PREDICT(1)", "ML.PREDICT is not supported: there are no models here at [1:8]"),
        ("SELECT SAFE.FOO(1)", "Function not found: FOO at [1:8]"),
        ("SELECT @p", "Query parameter 'p' not found at [1:8]"),
        ("SELECT ?", "Query parameter number 1 is not defined (0 provided) at [1:8]"),
        ("SELECT SUM(i) OVER w FROM types", "Unrecognized window alias w at [1:20]"),
        ("SELECT * EXCEPT (zz) FROM icustays", "Column zz in SELECT * EXCEPT list does not exist at [1:18]"),
        (
            "SELECT * REPLACE (1 AS loss) FROM icustays",
            "Column loss in SELECT * REPLACE list does not exist; Did you mean los? at [1:24]",
        ),
        ("SELECT st.c FROM types", "Field name c does not exist in STRUCT<a INT64, b STRING> at [1:11]"),
        ("SELECT i.a FROM types", "Cannot access field a on a value with type INT64 at [1:10]"),
        ("SELECT DATETIME_DIFF(dt, dt, FOO) FROM types", "A valid date part name is required but found FOO at [1:30]"),
        ("SELECT EXTRACT(EPOCH FROM dt) FROM types", "A valid date part name is required but found EPOCH at [1:16]"),
        (
            "SELECT * FROM (SELECT 1 a) JOIN (SELECT 1 b) USING (b)",
            "Column b in USING clause not found on left side of join at [1:53]",
        ),
        ("SELECT los AS x FROM icustays WHERE x > 1", "Unrecognized name: x at [1:37]"),
        ("SELECT $add(1, 2)", "Syntax error: Unexpected \"$\" at [1:8]"),
        ("SELECT `$add`(1, 2)", "Function not found: $add at [1:8]"),
    ]);
}

#[test]
fn types_that_do_not_fit() {
    check(&[
        ("SELECT 1 = '1'", "No matching signature for operator = for argument types: INT64, STRING at [1:8]"),
        ("SELECT i = s FROM types", "No matching signature for operator = for argument types: INT64, STRING at [1:8]"),
        (
            "SELECT s >= dt FROM types",
            "No matching signature for operator >= for argument types: STRING, DATETIME at [1:8]",
        ),
        (
            "SELECT dt < ts FROM types",
            "No matching signature for operator < for argument types: DATETIME, TIMESTAMP at [1:8]",
        ),
        (
            "SELECT d < ts FROM types",
            "No matching signature for operator < for argument types: DATE, TIMESTAMP at [1:8]",
        ),
        ("SELECT dt = 'soon' FROM types", "Could not cast literal \"soon\" to type DATETIME at [1:13]"),
        ("SELECT i = NULL FROM types", "Operands of = cannot be literal NULL at [1:12]"),
        ("SELECT s LIKE NULL FROM types", "Operands of LIKE cannot be literal NULL at [1:15]"),
        (
            "SELECT i IN (1, 'a') FROM types",
            "No matching signature for operator IN for argument types INT64 and {INT64, STRING} at [1:8]",
        ),
        (
            "SELECT 1 BETWEEN 'a' AND 2",
            "No matching signature for operator BETWEEN for argument types: INT64, STRING, INT64 at [1:8]",
        ),
        ("SELECT 1 LIKE 'a'", "No matching signature for operator LIKE for argument types: INT64, STRING at [1:8]"),
        ("SELECT 1 IS TRUE", "No matching signature for operator IS TRUE for argument types: INT64 at [1:8]"),
        ("SELECT NOT 1", "No matching signature for operator NOT for argument types: INT64 at [1:8]"),
        ("SELECT -'a'", "No matching signature for operator - for argument types: STRING at [1:8]"),
        ("SELECT TRUE AND 2", "No matching signature for operator AND for argument types: BOOL, INT64 at [1:8]"),
        (
            "SELECT dt + 1 FROM types",
            "No matching signature for operator + for argument types: DATETIME, INT64 at [1:8]",
        ),
        (
            "SELECT ints = ints FROM types",
            "No matching signature for operator = for argument types: ARRAY<INT64>, ARRAY<INT64> at [1:8]",
        ),
        (
            "SELECT ABS('a')",
            "No matching signature for function ABS for argument types: STRING. Supported signatures: ABS(INT64); ABS(FLOAT64); ABS(NUMERIC); ABS(BIGNUMERIC) at [1:8]",
        ),
        (
            "SELECT LOWER()",
            "No matching signature for function LOWER with no arguments. Supported signatures: LOWER(STRING); LOWER(BYTES) at [1:8]",
        ),
        (
            "SELECT UNIX_SECONDS(dt) FROM types",
            "No matching signature for function UNIX_SECONDS for argument types: DATETIME. Supported signature: UNIX_SECONDS(TIMESTAMP) at [1:8]",
        ),
        (
            "SELECT SUM(s) FROM types",
            "No matching signature for aggregate function SUM for argument types: STRING. Supported signatures: SUM(INT64); SUM(FLOAT64); SUM(NUMERIC); SUM(BIGNUMERIC); SUM(INTERVAL) at [1:8]",
        ),
        (
            "SELECT IF(1, 2, 3)",
            "No matching signature for function IF for argument types: INT64, INT64, INT64. Supported signature: IF(BOOL, ANY, ANY) at [1:8]",
        ),
        (
            "SELECT COALESCE(1, 'a')",
            "No matching signature for function COALESCE for argument types: INT64, STRING. Supported signature: COALESCE(ANY...) at [1:8]",
        ),
        (
            "SELECT CASE WHEN 1 THEN 2 END",
            "No matching signature for operator CASE; all WHEN argument types must be BOOL but found: INT64 at [1:8]",
        ),
        (
            "SELECT CASE WHEN TRUE THEN 1 ELSE 'a' END",
            "No matching signature for operator CASE; all THEN/ELSE arguments must be coercible to a common type but found: INT64, STRING at [1:8]",
        ),
        ("SELECT CAST(d AS INT64) FROM types", "Invalid cast from DATE to INT64 at [1:13]"),
        ("SELECT [1, 'a']", "Array elements of types {INT64, STRING} do not have a common supertype at [1:8]"),
        (
            "SELECT [[1]]",
            "Cannot construct array with element type ARRAY because nested arrays are not supported at [1:8]",
        ),
        (
            "SELECT i[OFFSET(0)] FROM types",
            "Subscript access using [OFFSET(INT64)] is not supported on values of type INT64 at [1:8]",
        ),
        (
            "SELECT * FROM UNNEST(1)",
            "Values referenced in UNNEST must be arrays. UNNEST contains expression of type INT64 at [1:22]",
        ),
        ("SELECT 1 UNION ALL SELECT 'a'", "Column 1 in UNION ALL has incompatible types: INT64, STRING at [1:10]"),
        (
            "SELECT 1 UNION ALL SELECT 1, 2",
            "Queries in UNION ALL have mismatched column count; query 1 has 1 column, query 2 has 2 columns at [1:10]",
        ),
        (
            "SELECT i IN (SELECT s FROM types) FROM types",
            "Cannot execute IN subquery with uncomparable types INT64 and STRING at [1:8]",
        ),
        ("SELECT 1 FROM types WHERE i", "WHERE clause should return type BOOL, but returns INT64 at [1:27]"),
        (
            "SELECT DATE_ADD(d, INTERVAL 1 HOUR) FROM types",
            "DATE_ADD does not support the HOUR date part when the argument is DATE type at [1:31]",
        ),
        (
            "SELECT DATETIME_ADD(d, INTERVAL 1 HOUR) FROM types",
            "DATETIME_ADD does not support the HOUR date part when the argument is DATE type at [1:35]",
        ),
        ("SELECT s || NULL FROM types", "Operands of || cannot be literal NULL at [1:13]"),
        ("SELECT NOT NULL", "Operands of NOT cannot be literal NULL at [1:12]"),
        (
            "SELECT DATE_DIFF(d, d, HOUR) FROM types",
            "DATE_DIFF does not support the HOUR date part when the argument is DATE type at [1:24]",
        ),
        (
            "SELECT TIMESTAMP_ADD(ts, INTERVAL 1 MONTH) FROM types",
            "TIMESTAMP_ADD does not support the MONTH date part when the argument is TIMESTAMP type at [1:37]",
        ),
        ("SELECT DATE_TRUNC(d, HOUR) FROM types", "DATE_TRUNC does not support the HOUR date part at [1:22]"),
        ("SELECT EXTRACT(HOUR FROM d) FROM types", "EXTRACT from DATE does not support the HOUR date part at [1:16]"),
        ("SELECT DATE_ADD(d, INTERVAL 1.5 DAY) FROM types", "Interval value must be coercible to INT64 type at [1:29]"),
        ("SELECT DATE_ADD(d, INTERVAL 'x' DAY) FROM types", "Could not cast literal \"x\" to type INT64 at [1:29]"),
        ("SELECT DATE '2020-13-01'", "Invalid DATE literal: \"2020-13-01\" at [1:8]"),
        ("SELECT 9223372036854775808", "Invalid integer literal: 9223372036854775808 at [1:8]"),
        ("SELECT NUMERIC '0.0000000001'", "Invalid NUMERIC literal: \"0.0000000001\" at [1:8]"),
        (
            "SELECT * FROM (SELECT 1 x) a JOIN (SELECT 'a' x) b USING (x)",
            "Column 'x' in USING has incompatible types that cannot be directly compared using equality on either side of the join: INT64 and STRING at [1:59]",
        ),
        (
            "SELECT ints FROM types ORDER BY ints",
            "ORDER BY does not support expressions of type ARRAY<INT64> at [1:33]",
        ),
    ]);
}

#[test]
fn rules_of_grouping_and_windows() {
    check(&[
        (
            "SELECT SUM(i), s FROM types",
            "SELECT list expression references column s which is neither grouped nor aggregated at [1:16]",
        ),
        (
            "SELECT s FROM types GROUP BY s ORDER BY i",
            "ORDER BY clause expression references column i which is neither grouped nor aggregated at [1:41]",
        ),
        (
            "SELECT (SELECT MAX(x.i) FROM types x WHERE x.s = types.s) FROM types GROUP BY i",
            "SELECT list expression references column s which is neither grouped nor aggregated at [1:50]",
        ),
        (
            "SELECT COUNT(*) c FROM types GROUP BY c",
            "Column c contains an aggregation function, which is not allowed in GROUP BY at [1:39]",
        ),
        ("SELECT i FROM types GROUP BY MAX(i)", "Aggregate function MAX not allowed in GROUP BY at [1:30]"),
        ("SELECT MAX(MIN(i)) FROM types", "Aggregations of aggregations are not allowed at [1:12]"),
        ("SELECT i FROM types WHERE MAX(i) = 1", "Aggregate function MAX not allowed in WHERE clause at [1:27]"),
        (
            "SELECT i FROM types WHERE ROW_NUMBER() OVER () = 1",
            "Analytic function not allowed in WHERE clause at [1:27]",
        ),
        (
            "SELECT COUNT(*), ROW_NUMBER() OVER () r FROM types HAVING r = 1",
            "Analytic function not allowed in HAVING clause at [1:59]",
        ),
        (
            "SELECT ROW_NUMBER() FROM types",
            "Analytic function ROW_NUMBER cannot be called without an OVER clause at [1:8]",
        ),
        (
            "SELECT LOWER(s) OVER () FROM types",
            "Analytic function call is not supported for scalar function LOWER at [1:8]",
        ),
        ("SELECT LAG(i) OVER () FROM types", "Window ORDER BY is required for analytic function LAG at [1:8]"),
        (
            "SELECT LAG(i IGNORE NULLS) OVER (ORDER BY i) FROM types",
            "IGNORE NULLS and RESPECT NULLS are not allowed for analytic function LAG at [1:8]",
        ),
        (
            "SELECT LAG(i, f) OVER (ORDER BY i) FROM types",
            "No matching signature for analytic function LAG for argument types: INT64, FLOAT64. Supported signature: LAG(ANY, [INT64], [ANY]) at [1:8]",
        ),
        (
            "SELECT LAG(i, i) OVER (ORDER BY i) FROM types",
            "Argument 2 to LAG must be a literal or query parameter at [1:15]",
        ),
        (
            "SELECT RANK() OVER (ORDER BY i ROWS 1 PRECEDING) FROM types",
            "Window framing clause is not allowed for analytic function RANK at [1:8]",
        ),
        (
            "SELECT SUM(i) OVER (ORDER BY i, f RANGE 1 PRECEDING) FROM types",
            "A RANGE-based window with OFFSET PRECEDING or OFFSET FOLLOWING boundaries must have exactly one ORDER BY key at [1:35]",
        ),
        (
            "SELECT SUM(i) OVER (ORDER BY dt RANGE 1 PRECEDING) FROM types",
            "ORDER BY key must be numeric in a RANGE-based window with OFFSET PRECEDING or OFFSET FOLLOWING boundaries, but has type DATETIME at [1:33]",
        ),
        (
            "SELECT SUM(i) OVER (ORDER BY i ROWS BETWEEN 1 FOLLOWING AND 1 PRECEDING) FROM types",
            "Ending window framing expression cannot be OFFSET PRECEDING when the starting window framing expression is OFFSET FOLLOWING at [1:32]",
        ),
        (
            "SELECT SUM(DISTINCT i) OVER (ORDER BY i) FROM types",
            "Window ORDER BY is not allowed if DISTINCT is specified at [1:8]",
        ),
        (
            "SELECT STRING_AGG(s ORDER BY s) OVER () FROM types",
            "ORDER BY in arguments is not supported on analytic functions at [1:8]",
        ),
        ("SELECT COUNT(DISTINCT *) FROM types", "COUNT(*) cannot be used with DISTINCT at [1:8]"),
        ("SELECT LOWER(*) FROM types", "Argument * can only be used in COUNT(*) at [1:8]"),
        ("SELECT LOWER(DISTINCT s) FROM types", "Non-aggregate function LOWER cannot be called with DISTINCT at [1:8]"),
        ("SELECT SUM(i LIMIT 1) FROM types", "Aggregate function SUM does not support LIMIT in arguments at [1:8]"),
        (
            "SELECT SUM(i IGNORE NULLS) FROM types",
            "IGNORE NULLS and RESPECT NULLS are not allowed for aggregate function SUM at [1:8]",
        ),
        (
            "SELECT APPROX_QUANTILES(i, i) FROM types",
            "Argument 2 to APPROX_QUANTILES must be a literal or query parameter at [1:28]",
        ),
        (
            "SELECT DISTINCT i FROM types ORDER BY f",
            "ORDER BY clause expression references column f which is not visible after SELECT DISTINCT at [1:39]",
        ),
        ("SELECT i FROM types ORDER BY 2", "ORDER BY is out of SELECT column number range: 2 at [1:30]"),
        ("SELECT i FROM types GROUP BY 0", "GROUP BY is out of SELECT column number range: 0 at [1:30]"),
        ("SELECT i FROM types ORDER BY 'a'", "Cannot ORDER BY literal values at [1:30]"),
        (
            "SELECT i FROM types HAVING i > 1",
            "The HAVING clause requires GROUP BY or aggregation to be present at [1:28]",
        ),
        (
            "SELECT i FROM types WHERE TRUE QUALIFY i = 1",
            "The QUALIFY clause requires analytic function to be present at [1:40]",
        ),
        ("SELECT *", "SELECT * must have a FROM clause at [1:8]"),
        ("SELECT 1 WHERE TRUE", "Query without FROM clause cannot have a WHERE clause at [1:16]"),
        ("SELECT COUNT(*)", "Aggregate function COUNT not allowed in SELECT without FROM clause at [1:8]"),
        ("SELECT 1 LIMIT -1", "Limit requires non-negative count and offset at [1:16]"),
        ("SELECT 1 LIMIT 'a'", "LIMIT ... OFFSET ... expects INT64, got STRING at [1:16]"),
        ("SELECT 1 LIMIT 1 + 1", "LIMIT expects an integer literal or parameter at [1:16]"),
        (
            "SELECT (SELECT 1, 2)",
            "Scalar subquery cannot have more than one column unless using SELECT AS STRUCT to build STRUCT values at [1:8]",
        ),
        (
            "SELECT 1 FROM icustays JOIN chartevents",
            "Syntax error: INNER JOIN must have an immediately following ON or USING clause at [1:24]",
        ),
        (
            "SELECT * FROM (SELECT s, i FROM types) PIVOT(SUM(i) FOR s IN (1))",
            "PIVOT IN list item must be comparable to PIVOT FOR expression: INT64 and STRING at [1:63]",
        ),
        (
            "SELECT * FROM types PIVOT(LOWER(s) FOR s IN ('a'))",
            "PIVOT expression must be an aggregate function call at [1:27]",
        ),
    ]);
}
