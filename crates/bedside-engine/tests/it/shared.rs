//! CTEs that are computed once: what they give however many threads and however little memory there is, and when.

use crate::fixture::Home;

/// A number of rows that does not fit into a few megabytes.
const MANY: &str = "SELECT x, MOD(x, 1000) AS g, CONCAT('a text of some length, number ', CAST(x AS STRING)) AS s \
    FROM UNNEST(GENERATE_ARRAY(1, 200000)) AS x JOIN (SELECT 1 AS one) ON one <= x";

/// Heart rates by hour.
const HOURS: &str = "SELECT subject_id, stay_id, DATETIME_TRUNC(charttime, HOUR) AS hour, AVG(valuenum) AS mean, COUNT(*) AS n \
    FROM chartevents WHERE itemid IN (220045, 220210, 223761) GROUP BY 1, 2, 3";

/// Statements with `{t}` for a CTE `t`: they give the same rows where it is written out at every use.
const STATEMENTS: [(&str, &str); 17] = [
    (
        HOURS,
        "SELECT a.hour AS earlier, b.hour AS later FROM {t} AS a JOIN {t} AS b ON a.stay_id = b.stay_id AND a.hour < b.hour ORDER BY 1, 2",
    ),
    (
        HOURS,
        "SELECT hour, mean FROM {t} WHERE stay_id = 1001 UNION ALL SELECT hour, -mean FROM {t} WHERE stay_id = 3001",
    ),
    (HOURS, "SELECT COUNT(*) FROM {t} UNION ALL SELECT COUNT(*) FROM {t} AS u WHERE mean > 90"),
    (HOURS, "SELECT COUNT(*) FROM {t} AS a CROSS JOIN {t} AS b"),
    (
        HOURS,
        "SELECT i.stay_id, (SELECT MAX(mean) FROM {t} AS u WHERE u.stay_id = i.stay_id) AS top, \
        (SELECT COUNT(*) FROM {t} AS u WHERE u.hour > i.intime) AS later FROM icustays AS i",
    ),
    (
        HOURS,
        "SELECT stay_id FROM icustays AS i WHERE EXISTS (SELECT 1 FROM {t} AS u WHERE u.stay_id = i.stay_id AND u.mean > 100) \
        AND i.stay_id NOT IN (SELECT stay_id FROM {t} AS v WHERE v.mean < 70)",
    ),
    (
        HOURS,
        "SELECT a.stay_id, a.mean AS now, b.mean AS before FROM {t} AS a LEFT JOIN {t} AS b \
        ON a.stay_id = b.stay_id AND b.hour = DATETIME_SUB(a.hour, INTERVAL 1 HOUR)",
    ),
    (
        HOURS,
        "SELECT * FROM (SELECT stay_id, mean FROM {t} ORDER BY mean DESC, stay_id LIMIT 2) \
        UNION ALL SELECT * FROM (SELECT stay_id, mean FROM {t} AS u ORDER BY mean, stay_id LIMIT 1)",
    ),
    (HOURS, "SELECT stay_id, n FROM {t} EXCEPT DISTINCT SELECT stay_id, n FROM {t} AS u WHERE u.n > 1"),
    (
        HOURS,
        "WITH best AS (SELECT stay_id, MAX(mean) AS mean FROM {t} GROUP BY stay_id) \
        SELECT b.stay_id, b.mean AS high, c.mean AS low FROM best AS b JOIN best AS c ON c.mean <= b.mean JOIN {t} AS u ON u.mean = b.mean",
    ),
    (
        "SELECT stay_id, charttime, ROW_NUMBER() OVER (PARTITION BY stay_id ORDER BY charttime, itemid) AS rn FROM chartevents",
        "SELECT a.stay_id, a.charttime AS first, b.charttime AS second FROM {t} AS a JOIN {t} AS b ON a.stay_id = b.stay_id AND b.rn = a.rn + 1",
    ),
    (
        "SELECT c.stay_id FROM chartevents AS c JOIN d_items AS d USING (itemid) WHERE d.label = 'nothing has this label'",
        "SELECT COUNT(*) FROM {t} AS a JOIN {t} AS b USING (stay_id)",
    ),
    (MANY, "SELECT COUNT(*), SUM(a.x), MAX(b.s) FROM {t} AS a JOIN {t} AS b ON a.x = b.x + 1"),
    (MANY, "SELECT (SELECT SUM(x) FROM {t}), (SELECT MAX(s) FROM {t} AS u), (SELECT COUNT(DISTINCT g) FROM {t} AS v)"),
    (
        MANY,
        "SELECT a.g, COUNT(*) FROM {t} AS a JOIN (SELECT g, MAX(x) AS x FROM {t} AS u GROUP BY g) AS b ON a.g = b.g AND a.x = b.x \
        WHERE a.g < 5 GROUP BY 1",
    ),
    (MANY, "SELECT x, s FROM {t} WHERE x = 77 UNION ALL SELECT x, s FROM {t} AS u WHERE x = 199999"),
    (
        MANY,
        "SELECT (SELECT COUNT(*) FROM {t}), ARRAY(SELECT x FROM {t} AS u ORDER BY x LIMIT 3), 5 IN (SELECT x FROM {t} AS v)",
    ),
];

fn shared(cte: &str, statement: &str) -> String {
    format!("WITH t AS ({cte}) SELECT * FROM ({})", statement.replace("{t}", "t"))
}

fn sorted(home: &Home, text: &str) -> Vec<Vec<Option<String>>> {
    let mut rows = home.rows(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    rows.sort();
    rows
}

/// Whether no statement holds memory any more, once the threads have had their turn to let go of it.
fn is_released(home: &Home) -> bool {
    (0..1_000_000).any(|_| {
        std::thread::yield_now();
        home.engine.memory_in_use() == 0
    })
}

#[test]
fn rows_are_those_of_the_cte_written_out() {
    let [one, four] = [1, 4].map(|threads| Home::with(threads, 256 << 20));
    for (cte, statement) in STATEMENTS {
        let text = shared(cte, statement);
        let written_out = statement.replace("{t} AS", &format!("({cte}) AS")).replace("{t}", &format!("({cte}) AS t"));
        let expected = sorted(&four, &written_out);
        assert!(!expected.is_empty(), "nothing to compare for {statement}");
        assert!(four.prepare(&text).unwrap().explain().unwrap().contains("shared t:"), "not shared: {statement}");
        assert_eq!(sorted(&one, &text), expected, "with one thread: {statement}");
        assert_eq!(sorted(&four, &text), expected, "with four threads: {statement}");
        assert!(is_released(&one) && is_released(&four), "{statement}");
    }
}

#[test]
fn what_does_not_fit_into_memory_is_spilled() {
    let big = Home::with(2, 4 << 30);
    for threads in [1, 4] {
        let home = Home::with(threads, 24 << 20);
        for (cte, statement) in STATEMENTS.into_iter().filter(|(cte, _)| *cte == MANY) {
            let text = shared(cte, statement);
            assert_eq!(sorted(&home, &text), sorted(&big, &text), "{statement}");
            assert!(is_released(&home), "{statement}");
        }
        let text = shared(
            &MANY.replace("200000", "600000"),
            "SELECT COUNT(*), MAX(a.s) FROM (SELECT g, MAX(x) AS x FROM {t} GROUP BY g) AS b JOIN {t} AS a ON a.g = b.g AND a.x <= b.x",
        );
        assert_eq!(sorted(&home, &text), sorted(&big, &text));
        assert!(!profile(&home, &text).contains("spilled_rows=0"), "{}", profile(&home, &text));
        assert!(profile(&big, &text).contains("spilled_rows=0"), "{}", profile(&big, &text));
    }
}

/// What was measured of the shared part `t` itself.
fn profile(home: &Home, text: &str) -> String {
    let profile = home.prepare(text).unwrap().profile().unwrap();
    let line = profile.lines().find(|line| line.starts_with("shared t, metrics=")).unwrap();
    line.to_owned()
}

#[test]
fn who_wants_few_rows_computes_few() {
    // Ten billion rows.
    let endless = "WITH n AS (SELECT x, y FROM UNNEST(GENERATE_ARRAY(1, 100000)) AS x CROSS JOIN UNNEST(GENERATE_ARRAY(1, 100000)) AS y)";
    for threads in [1, 4] {
        let home = Home::with(threads, 256 << 20);
        let text = format!(
            "{endless} SELECT * FROM (SELECT x FROM n LIMIT 2) UNION ALL SELECT * FROM (SELECT y FROM n LIMIT 3)"
        );
        assert!(home.prepare(&text).unwrap().explain().unwrap().contains("shared n:"));
        assert_eq!(home.rows(&text).unwrap().len(), 5);
        let mut stopped =
            home.prepare(&format!("{endless} SELECT x FROM n UNION ALL SELECT y FROM n")).unwrap().execute().unwrap();
        assert!(stopped.next().unwrap().unwrap().num_rows() > 0);
        drop(stopped);
        assert!(is_released(&home));
    }
}

#[test]
fn a_fault_reaches_every_reader_once() {
    let home = Home::with(4, 256 << 20);
    let text = "WITH t AS (SELECT stay_id, SUM(DIV(1, stay_id - 1001)) AS s FROM chartevents GROUP BY stay_id) \
        SELECT a.s FROM t AS a JOIN t AS b USING (stay_id)";
    assert_eq!(home.rows(text).unwrap_err(), "division by zero: 1 / 0");
}

fn physical(text: &str) -> String {
    let plan = Home::new().prepare(text).unwrap().explain().unwrap();
    plan.split("\n\n").last().unwrap().to_owned()
}

#[test]
fn a_shared_part_reads_what_its_uses_want_and_once() {
    let plan = physical(&shared(
        HOURS,
        "SELECT hour FROM {t} WHERE stay_id = 1001 UNION ALL SELECT hour FROM {t} AS u WHERE stay_id = 3001 AND n > 1",
    ));
    let (uses, part) = plan.split_once("shared t:").unwrap();
    assert_eq!(uses.matches("SharedExec: t, ").count(), 2, "{plan}");
    assert_eq!(part.matches("DataSourceExec").count(), 1, "{plan}");
    assert!(part.contains("stay_id@") && part.contains("1001") && part.contains("3001"), "{part}");
    assert!(!part.contains("avg"), "nobody reads the mean: {part}");
    // Uses of one that is grouped by patient need no shuffle either.
    let plan = physical(&shared(
        HOURS,
        "SELECT subject_id, MAX(mean) FROM {t} GROUP BY 1 UNION ALL SELECT subject_id, MIN(mean) FROM {t} AS u GROUP BY 1",
    ));
    assert!(!plan.contains("RepartitionExec"), "{plan}");
}

#[test]
fn a_filter_of_one_use_is_not_forced_on_others() {
    let plan =
        physical(&shared(HOURS, "SELECT hour FROM {t} WHERE stay_id = 1001 UNION ALL SELECT hour FROM {t} AS u"));
    assert!(!plan.split_once("shared t:").unwrap().1.contains("1001"), "{plan}");
}

#[test]
fn what_is_cheap_to_read_again_is_written_out() {
    for (text, scans) in [
        (
            "WITH t AS (SELECT * FROM chartevents WHERE itemid > 0) SELECT valuenum FROM t WHERE itemid = 1 UNION ALL SELECT valuenum FROM t WHERE itemid = 2",
            2,
        ),
        ("WITH t AS (SELECT stay_id, MAX(valuenum) AS top FROM chartevents GROUP BY stay_id) SELECT top FROM t", 1),
        ("WITH t AS (SELECT x FROM UNNEST([1, 2, 3]) AS x) SELECT a.x FROM t AS a JOIN t AS b USING (x)", 0),
    ] {
        let plan = physical(text);
        assert!(!plan.contains("SharedExec"), "{plan}");
        assert_eq!(plan.matches("DataSourceExec").count(), scans, "{plan}");
    }
}
