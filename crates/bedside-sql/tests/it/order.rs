//! Which calls have an order that decides them, on small shapes and on every concept.

mod concepts;

use crate::catalog::query;
use bedside_sql::unordered_windows;

/// The functions that are reported for a statement.
fn reported(text: &str) -> Vec<String> {
    let query = query(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    unordered_windows(&query).unwrap().into_iter().map(|found| found.function).collect()
}

#[test]
fn orders_that_hold_a_key_decide() {
    for text in [
        "SELECT stay_id, los, ROW_NUMBER() OVER (PARTITION BY subject_id ORDER BY intime, stay_id) AS n FROM icustays",
        "SELECT stay_id, los, ROW_NUMBER() OVER (ORDER BY CAST(stay_id AS STRING)) AS n FROM icustays",
        "SELECT stay_id, los, ROW_NUMBER() OVER (ORDER BY stay_id + 1) AS n FROM icustays",
        "SELECT * FROM icustays QUALIFY ROW_NUMBER() OVER (PARTITION BY hadm_id ORDER BY stay_id DESC) = 1",
        // renamed, through a CTE and a subquery
        "WITH a AS (SELECT stay_id AS id, los FROM icustays) SELECT los, LAG(los) OVER (ORDER BY id) FROM (SELECT id AS k, id, los FROM a)",
        "WITH a AS (SELECT stay_id AS id, los FROM icustays) SELECT x.los, LAG(y.los) OVER (ORDER BY y.id) FROM a x JOIN a y ON x.id = y.id",
        // groups, DISTINCT, set operations
        "SELECT s, m, LAG(m) OVER (ORDER BY s) FROM (SELECT s, MAX(i) AS m FROM types GROUP BY s)",
        "SELECT s, m, LAG(m) OVER (ORDER BY s) FROM (SELECT DISTINCT s, s AS m FROM types)",
        "SELECT s, MAX(i), ROW_NUMBER() OVER (ORDER BY s) FROM types GROUP BY s",
        "SELECT s, f, LEAD(f) OVER (ORDER BY s, f) FROM (SELECT s, f FROM types UNION DISTINCT SELECT s, f FROM types)",
        "SELECT i, f, LAG(f) OVER (ORDER BY i, f) FROM (SELECT i, f FROM types EXCEPT DISTINCT SELECT 1, 2.5)",
        "SELECT id, t, x, LAG(x) OVER (ORDER BY t, id) FROM (SELECT 'a' AS t, stay_id AS id, los AS x FROM icustays UNION ALL SELECT 'b', stay_id, los FROM icustays)",
        "SELECT m, ROW_NUMBER() OVER () FROM (SELECT MAX(i) AS m FROM types)",
        // joins
        "SELECT i.stay_id, p.dod, ROW_NUMBER() OVER (ORDER BY i.stay_id) FROM icustays i JOIN patients_of p ON p.subject_id = i.subject_id",
        "SELECT i.stay_id, p.dod, ROW_NUMBER() OVER (ORDER BY i.stay_id) FROM icustays i LEFT JOIN patients_of p ON p.subject_id = i.subject_id",
        "SELECT i.stay_id, p.dod, ROW_NUMBER() OVER (ORDER BY i.stay_id) FROM patients_of p RIGHT JOIN icustays i ON p.subject_id = i.subject_id",
        "SELECT a.los, b.los AS other, ROW_NUMBER() OVER (ORDER BY a.stay_id, b.stay_id) FROM icustays a JOIN icustays b ON a.subject_id = b.subject_id",
        "SELECT a.los, b.m, ROW_NUMBER() OVER (ORDER BY a.stay_id, b.charttime) FROM icustays a LEFT JOIN (SELECT stay_id, charttime, MAX(valuenum) AS m FROM chartevents GROUP BY 1, 2) b ON b.stay_id = a.stay_id AND b.charttime >= a.intime",
        "SELECT i.los, m.top, LAG(i.los) OVER (ORDER BY i.stay_id) FROM icustays i CROSS JOIN (SELECT MAX(los) AS top FROM icustays) m",
        "SELECT los, LAG(los) OVER (ORDER BY stay_id) FROM icustays WHERE stay_id IN (SELECT stay_id FROM chartevents)",
        "SELECT a.los, b.*, ROW_NUMBER() OVER (ORDER BY a.stay_id) FROM icustays a LEFT JOIN (SELECT stay_id, itemid, MAX(valuenum) AS m FROM chartevents WHERE itemid = 1 GROUP BY 1, 2) b ON a.stay_id = b.stay_id",
        // numberings are keys
        "SELECT subject_id, los, LAG(los) OVER (ORDER BY subject_id) FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY subject_id ORDER BY stay_id) AS n FROM icustays) WHERE n = 1",
        "SELECT subject_id, los, LAG(los) OVER (ORDER BY subject_id, n) FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY subject_id ORDER BY stay_id) AS n FROM icustays)",
        // equality with a constant
        "SELECT los, LAG(los) OVER (ORDER BY intime) FROM icustays WHERE stay_id = 3",
        "SELECT stay_id, los, LAG(los) OVER (ORDER BY k) FROM (SELECT i + 1 AS k, stay_id, los FROM icustays JOIN (SELECT DISTINCT i FROM types) t ON t.i = stay_id)",
        "SELECT (SELECT los FROM icustays x WHERE x.stay_id = types.i ORDER BY intime LIMIT 1) FROM types",
        // UNNEST and PIVOT
        "SELECT stay_id, hr, LAG(los) OVER (ORDER BY stay_id, hr) FROM icustays CROSS JOIN UNNEST(GENERATE_ARRAY(0, 23)) AS hr",
        "SELECT stay_id, e, LAG(los) OVER (ORDER BY stay_id, o) FROM icustays CROSS JOIN UNNEST(['a', 'a']) AS e WITH OFFSET AS o",
        "SELECT *, ROW_NUMBER() OVER (ORDER BY i) FROM (SELECT i, s, f FROM types) PIVOT(SUM(f) AS f FOR s IN ('x', 'y'))",
        // aggregates
        "SELECT s, STRING_AGG(DISTINCT CAST(i AS STRING), ',' ORDER BY CAST(i AS STRING)) FROM types GROUP BY s",
        "SELECT subject_id, ARRAY_AGG(los ORDER BY intime, stay_id LIMIT 1)[OFFSET(0)] FROM icustays GROUP BY 1",
        "SELECT s, ARRAY_AGG(f ORDER BY f) FROM types GROUP BY s",
        "SELECT s, STRING_AGG(s) FROM types GROUP BY s",
        "SELECT subject_id, MAX_BY(los, stay_id) FROM icustays GROUP BY 1",
        "SELECT ARRAY(SELECT stay_id FROM icustays ORDER BY stay_id)",
        "SELECT stay_id, los FROM icustays ORDER BY los, stay_id LIMIT 3",
        "SELECT los FROM icustays ORDER BY los LIMIT 3",
    ] {
        let text = text.replace("patients_of", "`physionet-data.mimiciv_hosp.patients`");
        assert_eq!(reported(&text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn ties_that_nobody_can_see_do_no_harm() {
    for text in [
        // all that is read of the row is in the order
        "SELECT i, s FROM (SELECT i, s, f, ROW_NUMBER() OVER (PARTITION BY i ORDER BY f, s) AS n FROM types) WHERE n = 1",
        "SELECT i, s, LAG(s) OVER (PARTITION BY i ORDER BY s) FROM types",
        "SELECT i, LEAD(i) OVER w, ROW_NUMBER() OVER w FROM types WINDOW w AS (PARTITION BY s ORDER BY i)",
        "SELECT COUNT(*) FROM (SELECT i, ROW_NUMBER() OVER (PARTITION BY i ORDER BY f) AS n FROM types) WHERE n = 1",
        "SELECT i, f, FIRST_VALUE(f) OVER (PARTITION BY i ORDER BY f), s FROM types",
        "SELECT s, LAST_VALUE(f IGNORE NULLS) OVER (PARTITION BY i ORDER BY f ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) FROM types",
        "SELECT f, SUM(f) OVER (ORDER BY f ROWS UNBOUNDED PRECEDING) FROM types",
        // peers have one value
        "SELECT s, RANK() OVER (ORDER BY i), DENSE_RANK() OVER (ORDER BY i), PERCENT_RANK() OVER (ORDER BY i), CUME_DIST() OVER (ORDER BY i) FROM types",
        "SELECT s, SUM(f) OVER (ORDER BY i), COUNT(*) OVER (PARTITION BY s), MAX(f) OVER (ORDER BY i RANGE BETWEEN 5 PRECEDING AND CURRENT ROW) FROM types",
        "SELECT s, PERCENTILE_CONT(f, 0.5) OVER (PARTITION BY i), AVG(f) OVER () FROM types",
        "SELECT s, MAX(f) OVER (PARTITION BY i ORDER BY dt ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) FROM types",
        // any will do
        "SELECT s, ANY_VALUE(f) FROM types GROUP BY s",
        "SELECT s, APPROX_QUANTILES(f, 4), APPROX_TOP_COUNT(i, 3), COUNT(DISTINCT i), MAX(f) FROM types GROUP BY s",
        "SELECT COUNT(*) FROM (SELECT 1 FROM types LIMIT 5)",
    ] {
        assert_eq!(reported(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn ties_that_show_are_reported() {
    for (text, functions) in [
        (
            "SELECT stay_id FROM icustays QUALIFY ROW_NUMBER() OVER (PARTITION BY subject_id ORDER BY intime) = 1",
            "ROW_NUMBER",
        ),
        ("SELECT stay_id, ROW_NUMBER() OVER () FROM icustays", "ROW_NUMBER"),
        ("SELECT i, s, LAG(s) OVER (PARTITION BY i ORDER BY dt) FROM types", "LAG"),
        // the value is fixed, but not which of the tied rows gets which
        ("SELECT i, s, dt, LAG(dt) OVER (PARTITION BY i ORDER BY dt) FROM types", "LAG"),
        ("SELECT i, s, NTILE(4) OVER (ORDER BY i) FROM types", "NTILE"),
        ("SELECT i, FIRST_VALUE(s) OVER (PARTITION BY i ORDER BY dt) FROM types", "FIRST_VALUE"),
        ("SELECT i, LAST_VALUE(s) OVER (PARTITION BY i ORDER BY dt) FROM types", "LAST_VALUE"),
        ("SELECT i, NTH_VALUE(s, 2) OVER (PARTITION BY i ORDER BY dt) FROM types", "NTH_VALUE"),
        (
            "SELECT f, FIRST_VALUE(i) OVER (ORDER BY i ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) FROM types",
            "FIRST_VALUE",
        ),
        ("SELECT s, SUM(f) OVER (ORDER BY i ROWS UNBOUNDED PRECEDING) FROM types", "SUM"),
        ("SELECT s, AVG(f) OVER (ORDER BY i ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) FROM types", "AVG"),
        // two numberings of rows that tie: each is fixed, how they pair is not
        (
            "SELECT i, ROW_NUMBER() OVER (ORDER BY i) AS a, ROW_NUMBER() OVER (ORDER BY i DESC) AS b FROM types",
            "ROW_NUMBER ROW_NUMBER",
        ),
        // what is no key
        ("SELECT s, f, LAG(f) OVER (ORDER BY s) FROM (SELECT s, f FROM types UNION ALL SELECT s, f FROM types)", "LAG"),
        (
            "SELECT id, x, LAG(x) OVER (ORDER BY t, id) FROM (SELECT 'a' AS t, stay_id AS id, los AS x FROM icustays UNION ALL SELECT 'a', stay_id, los FROM icustays)",
            "LAG",
        ),
        (
            "SELECT i.los, c.value, LAG(value) OVER (ORDER BY i.stay_id) FROM icustays i JOIN chartevents c ON c.stay_id = i.stay_id",
            "LAG",
        ),
        (
            "SELECT p.dod, i.los, LAG(i.los) OVER (ORDER BY i.stay_id) FROM `physionet-data.mimiciv_hosp.patients` p LEFT JOIN icustays i ON p.subject_id = i.subject_id",
            "LAG",
        ),
        (
            "SELECT a.los, b.los AS o, LAG(b.los) OVER (ORDER BY b.stay_id) FROM icustays a FULL JOIN icustays b ON a.stay_id = b.stay_id",
            "LAG",
        ),
        (
            "SELECT a.los, a.stay_id, LAG(a.los) OVER (ORDER BY b.stay_id) FROM icustays a LEFT JOIN icustays b ON a.stay_id = b.stay_id",
            "LAG",
        ),
        (
            "SELECT a.los, LAG(a.los) OVER (ORDER BY b.one) FROM (SELECT *, 1 AS one FROM icustays) a LEFT JOIN (SELECT stay_id, 1 AS one FROM icustays WHERE stay_id = 1) b ON a.one = b.one",
            "LAG",
        ),
        ("SELECT los, LAG(los) OVER (ORDER BY CAST(stay_id AS FLOAT64)) FROM icustays", "LAG"),
        ("SELECT los, LAG(los) OVER (ORDER BY DIV(stay_id, 2)) FROM icustays", "LAG"),
        (
            "SELECT intime, LAG(los) OVER (ORDER BY d) FROM (SELECT intime, los, DATETIME_ADD(intime, INTERVAL 1 MONTH) AS d FROM (SELECT intime, MAX(los) AS los FROM icustays GROUP BY 1))",
            "LAG",
        ),
        ("SELECT los, LAG(los) OVER (ORDER BY intime) FROM icustays WHERE stay_id = 3 OR los > 1", "LAG"),
        ("SELECT los, LAG(los) OVER (ORDER BY intime) FROM icustays WHERE stay_id IN (3, 4)", "LAG"),
        ("SELECT stay_id, e, LAG(e) OVER (ORDER BY stay_id) FROM icustays CROSS JOIN UNNEST([1, 2]) AS e", "LAG"),
        (
            "SELECT stay_id, e, los, LAG(los) OVER (ORDER BY stay_id, e) FROM icustays CROSS JOIN UNNEST([1, 1]) AS e WITH OFFSET o",
            "",
        ),
        (
            "SELECT stay_id, e, o, LAG(o) OVER (ORDER BY stay_id, e) FROM icustays CROSS JOIN UNNEST([1, 1]) AS e WITH OFFSET o",
            "LAG",
        ),
        // the lower call is in a CTE, a subquery, a subquery in an expression
        (
            "WITH a AS (SELECT stay_id, ROW_NUMBER() OVER (ORDER BY los) AS n FROM icustays) SELECT stay_id FROM a WHERE n = 1",
            "ROW_NUMBER",
        ),
        (
            "SELECT i FROM types WHERE i IN (SELECT stay_id FROM icustays QUALIFY ROW_NUMBER() OVER (ORDER BY los) = 1)",
            "ROW_NUMBER",
        ),
        // aggregates
        ("SELECT s, STRING_AGG(CAST(i AS STRING)) FROM types GROUP BY s", "STRING_AGG"),
        ("SELECT s, ARRAY_AGG(f ORDER BY i LIMIT 1)[OFFSET(0)] FROM types GROUP BY s", "ARRAY_AGG"),
        ("SELECT s, MAX_BY(f, i), ANY_VALUE(f HAVING MIN i) FROM types GROUP BY s", "ANY_VALUE ANY_VALUE"),
        ("SELECT (SELECT los FROM icustays ORDER BY intime LIMIT 1)", "LIMIT"),
        ("SELECT stay_id FROM icustays LIMIT 5", "LIMIT"),
        ("SELECT stay_id FROM icustays ORDER BY los LIMIT 5", "LIMIT"),
        ("SELECT ARRAY(SELECT s FROM types ORDER BY i)", "ARRAY"),
    ] {
        assert_eq!(reported(text).join(" "), functions, "{text}");
    }
}

#[test]
fn findings_say_where_what_and_how() {
    let text = "SELECT stay_id\nFROM icustays\nQUALIFY ROW_NUMBER() OVER (PARTITION BY subject_id ORDER BY intime) = 1";
    let found = unordered_windows(&query(text).unwrap()).unwrap().remove(0);
    assert_eq!((found.position.line, found.position.column), (3, 9));
    assert_eq!(
        found.missing,
        "the place of each row is not decided: rows can agree in icustays.subject_id, icustays.intime"
    );
    assert_eq!(found.hint, "add icustays.stay_id to the order");

    let text = "SELECT s, ARRAY_AGG(f ORDER BY i LIMIT 1) AS x FROM types GROUP BY s";
    let found = unordered_windows(&query(text).unwrap()).unwrap().remove(0);
    assert_eq!(found.hint, "no key of these rows is known: add types.f to the order, or make the rows unique first");
}
