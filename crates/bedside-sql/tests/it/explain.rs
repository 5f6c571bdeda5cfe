//! Trees of representative statements, as text.

use crate::catalog::{query, query_with};
use bedside_sql::{Parameter, Parameters};
use bedside_types::{SqlType, Value};
use std::fmt::Write;

/// Every statement with its tree, in one snapshot per theme.
fn trees(statements: &[&str]) -> String {
    let mut all = String::new();
    for text in statements {
        let found = query(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        writeln!(all, "{text}\n{found}").unwrap();
    }
    all
}

#[test]
fn grouping() {
    insta::assert_snapshot!(trees(&[
        "SELECT LOWER(s) AS s, COUNT(*) AS n FROM types GROUP BY s",
        "SELECT SUM(i) AS i FROM types HAVING i > 2",
        "SELECT DATETIME_TRUNC(charttime, HOUR) AS hr, AVG(valuenum) FROM chartevents GROUP BY 1 ORDER BY hr",
        "SELECT i + 1, COUNT(DISTINCT s) FROM types GROUP BY i + 1 ORDER BY i + 1 DESC, COUNT(DISTINCT s)",
        "SELECT DISTINCT subject_id FROM icustays ORDER BY subject_id LIMIT 5 OFFSET 2",
        "SELECT MAX(CASE WHEN itemid = 220045 THEN valuenum END) AS hr, stay_id FROM chartevents GROUP BY ALL",
        "SELECT i FROM types GROUP BY i HAVING EXISTS (SELECT 1 FROM icustays WHERE stay_id = types.i)",
        "SELECT STRING_AGG(DISTINCT s, '; ' ORDER BY s DESC LIMIT 2), ARRAY_AGG(i IGNORE NULLS), MIN_BY(s, f) FROM types",
    ]));
}

#[test]
fn joins() {
    insta::assert_snapshot!(trees(&[
        "SELECT * FROM (SELECT stay_id, los FROM icustays) a FULL JOIN (SELECT stay_id, itemid FROM chartevents) b USING (stay_id)",
        "SELECT stay_id, a.stay_id AS x, b.stay_id AS y FROM icustays a LEFT JOIN chartevents b USING (stay_id)",
        "SELECT a.los FROM icustays a, chartevents b WHERE a.stay_id = b.stay_id",
        "SELECT p.dod FROM icustays i INNER JOIN `physionet-data.mimiciv_hosp.patients` AS p ON p.subject_id = i.subject_id AND p.dod >= i.intime",
        "SELECT 1 FROM icustays a LEFT JOIN chartevents b JOIN types c ON b.itemid = c.i ON a.stay_id = b.stay_id",
        "SELECT COUNT(*) FROM `physionet-data`.mimiciv_icu.icustays CROSS JOIN physionet-data.mimiciv_icu.chartevents AS x CROSS JOIN mimiciv_icu.types",
        "SELECT table_name FROM `physionet-data.mimiciv_icu.INFORMATION_SCHEMA.TABLES`",
        "SELECT table_name FROM `physionet-data.mimiciv_icu`.INFORMATION_SCHEMA.TABLES",
    ]));
}

#[test]
fn windows() {
    insta::assert_snapshot!(trees(&[
        "SELECT stay_id FROM icustays QUALIFY ROW_NUMBER() OVER (PARTITION BY subject_id ORDER BY intime) = 1",
        "SELECT SUM(f) OVER w AS a, LAST_VALUE(s IGNORE NULLS) OVER (w ROWS BETWEEN 2 PRECEDING AND UNBOUNDED FOLLOWING) AS b FROM types WINDOW w AS (PARTITION BY i ORDER BY dt DESC)",
        "SELECT s, SUM(SUM(i)) OVER (ORDER BY s) AS running FROM types GROUP BY s",
        "SELECT COUNT(*) OVER (ORDER BY f RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) AS n FROM types",
        "SELECT DISTINCT PERCENTILE_CONT(los, 0.5) OVER () AS median FROM icustays",
    ]));
}

#[test]
fn subqueries_and_sets() {
    insta::assert_snapshot!(trees(&[
        "WITH a AS (SELECT stay_id, los FROM icustays), unused AS (SELECT 1) SELECT x.los FROM a x JOIN a y ON x.stay_id = y.stay_id",
        "SELECT i, (SELECT MAX(c.valuenum) FROM chartevents c WHERE c.itemid = t.i) AS m FROM types t",
        "SELECT stay_id FROM icustays WHERE stay_id NOT IN (SELECT stay_id FROM chartevents WHERE itemid = 1)",
        "SELECT NULL AS x UNION ALL SELECT 1 UNION ALL SELECT i + 0.5 FROM types ORDER BY x",
        "(SELECT i FROM types) EXCEPT DISTINCT (SELECT f FROM types LIMIT 3)",
        "SELECT ARRAY(SELECT AS STRUCT i, s FROM types ORDER BY i)[SAFE_OFFSET(0)].s AS first",
        "SELECT AS STRUCT i, s FROM types",
        "SELECT COUNT(*) FROM (SELECT i, s FROM types UNION ALL SELECT 1, 'a')",
    ]));
}

#[test]
fn arrays() {
    insta::assert_snapshot!(trees(&[
        "SELECT i, e, o FROM types, UNNEST(ints) AS e WITH OFFSET AS o",
        "SELECT i, x FROM types t LEFT JOIN t.ints AS x",
        "SELECT a, x.b FROM UNNEST([STRUCT(1 AS a, 'b' AS b)]) AS x",
        "SELECT hr FROM UNNEST(GENERATE_ARRAY(-24, CEIL(2.5))) AS hr",
        "SELECT i FROM types WHERE EXISTS (SELECT 1 FROM UNNEST(sts) WHERE a = i)",
        "SELECT i IN UNNEST(ints) AS x, i IN UNNEST([1, 2]) AS y FROM types",
    ]));
}

#[test]
fn sugar() {
    insta::assert_snapshot!(trees(&[
        "SELECT * FROM (SELECT s, i, f FROM types) PIVOT(SUM(i) AS a, COUNT(*) AS n FOR s IN ('x', 'y' AS z))",
        "SELECT * EXCEPT (los, intime) REPLACE (stay_id + 1 AS stay_id) FROM icustays",
        "SELECT i BETWEEN 1 AND 2.5 AS a, IF(flag, 1, f) AS b, CASE i WHEN 1 THEN 'x' END AS c, IFNULL(f, 0) AS d FROM types",
        "SELECT dt >= '2150-01-01' AS a, d = dt AS b, DATETIME_SUB(dt, INTERVAL '6' HOUR) AS c, dt - INTERVAL 1 DAY AS e FROM types",
        "SELECT SAFE.LN(f) AS a, SAFE_DIVIDE(i, 2) AS b, SAFE_CAST(s AS FLOAT64) AS c, EXTRACT(WEEK(MONDAY) FROM d) AS e FROM types",
    ]));
}

#[test]
fn parameters_are_typed_values() {
    let parameters = Parameters::Named(vec![
        ("Stay".to_owned(), Parameter { sql_type: SqlType::Int64, value: Value::Int64(7) }),
        ("since".to_owned(), Parameter { sql_type: SqlType::String, value: Value::String("2150-01-01".to_owned()) }),
    ]);
    let text = "SELECT los FROM icustays WHERE stay_id = @stay AND intime > @`since` LIMIT @stay";
    insta::assert_snapshot!(query_with(text, &parameters).unwrap());
    let parameters = Parameters::Positional(vec![Parameter { sql_type: SqlType::Float64, value: Value::Float64(1.5) }]);
    insta::assert_snapshot!(query_with("SELECT los FROM icustays WHERE los > ?", &parameters).unwrap());
}

/// A table's alias wins over a column of that name, as in GoogleSQL, unless it is the end of one quoted path, as people
/// write `FROM `physionet-data.mimiciv_derived.age`` with a column `age`.
#[test]
fn a_table_named_like_its_column() {
    for (text, sql_type) in [
        ("SELECT gender AS x FROM `physionet-data.mimiciv_hosp.gender`", "STRING"),
        ("SELECT gender.subject_id AS x FROM `physionet-data.mimiciv_hosp.gender`", "INT64"),
        ("SELECT gender.gender AS x FROM mimiciv_hosp.gender", "STRING"),
        ("SELECT gender AS x FROM mimiciv_hosp.gender", "STRUCT<subject_id INT64, gender STRING>"),
        ("SELECT g AS x FROM (SELECT 1 AS g) AS g", "STRUCT<g INT64>"),
    ] {
        let found = query(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(found.output[0].sql_type.to_string(), sql_type, "{text}");
    }
}

#[test]
fn names_come_out_as_written() {
    for (text, names) in [
        ("SELECT HADM_ID, i.Stay_Id, los AS LoS FROM icustays i", vec!["HADM_ID", "Stay_Id", "LoS"]),
        ("SELECT 1, los, 2 FROM icustays", vec!["f0_", "los", "f1_"]),
        ("SELECT * FROM (SELECT 1, 2)", vec!["f0_", "f1_"]),
        ("SELECT st.A, STRUCT(1 AS z).z FROM types", vec!["A", "z"]),
        ("SELECT * FROM types PIVOT(SUM(i) FOR f IN (-1.5 AS x))", vec![]),
        ("SELECT x.stay_id FROM icustays x", vec!["stay_id"]),
        ("SELECT 1 AS a UNION ALL SELECT 2 AS b", vec!["a"]),
        ("SELECT a.* FROM (SELECT 1 AS q) a, (SELECT 2 AS q) b", vec!["q"]),
    ] {
        let found = query(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let found: Vec<&str> = found.output.iter().map(|c| c.name.as_str()).collect();
        if !names.is_empty() {
            assert_eq!(found, names, "{text}");
        }
    }
}
