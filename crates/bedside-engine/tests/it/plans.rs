//! How statements are planned: what prunes, what needs no shuffle.

use crate::fixture::Home;

fn check(statement: &str, wanted: &[&str], unwanted: &[&str]) {
    let plan = Home::new().prepare(statement).unwrap().explain().unwrap();
    let physical = plan.split("\n\n").last().unwrap();
    for part in wanted {
        assert!(physical.contains(part), "no `{part}` for\n{statement}\n{physical}");
    }
    for part in unwanted {
        assert!(!physical.contains(part), "`{part}` for\n{statement}\n{physical}");
    }
}

#[test]
fn filters_on_items_ids_and_times_prune() {
    for predicate in [
        "itemid = 220045",
        "itemid IN (220045, 220210)",
        "charttime >= '2150-01-01'",
        "charttime BETWEEN DATETIME '2150-01-01' AND '2150-12-31'",
        "DATE(charttime) = '2150-03-01'",
        "CAST(charttime AS DATE) >= DATE '2150-03-01'",
        "EXTRACT(YEAR FROM charttime) = 2150",
        "EXTRACT(DATE FROM charttime) = '2150-03-01'",
        "DATETIME_TRUNC(charttime, DAY) = DATETIME '2150-03-01'",
        "DATE_TRUNC(charttime, MONTH) < '2150-04-01'",
        "valuenum > 100",
        "valuenum > 0 AND valuenum < 300.5",
        "subject_id = 1",
        "CAST(itemid AS FLOAT64) = 220045",
        "value LIKE 'No%'",
    ] {
        check(&format!("SELECT stay_id FROM chartevents WHERE {predicate}"), &["pruning_predicate"], &[]);
    }
}

/// Each patient's rows are in a file, and so a row group, of their own; the fourth has none.
#[test]
fn what_prunes_is_not_read() {
    let home = Home::new();
    for (predicate, groups) in [
        ("itemid = 224650", 1),
        ("itemid IN (224650, 1)", 1),
        ("charttime >= '2165-01-01'", 1),
        ("charttime < CAST('2161-01-01' AS DATETIME)", 2),
        ("charttime BETWEEN DATETIME '2150-01-01' AND '2150-12-31'", 1),
        ("DATE(charttime) = '2150-03-01'", 1),
        ("CAST(charttime AS DATE) >= DATE '2165-03-01'", 1),
        ("EXTRACT(YEAR FROM charttime) = 2150", 1),
        ("EXTRACT(DATE FROM charttime) = '2150-03-01'", 1),
        ("DATETIME_TRUNC(charttime, DAY) = DATETIME '2150-03-01'", 1),
        ("DATE_TRUNC(charttime, MONTH) < '2150-04-01'", 1),
        ("valuenum > 105", 1),
        ("valuenum > 0 AND valuenum < 70.5", 2),
        ("subject_id = 1", 1),
        ("stay_id = 2001", 1),
        ("hadm_id = 301", 1),
        ("CAST(itemid AS FLOAT64) = 224650", 1),
        ("value LIKE '11%'", 1),
        ("warning = 0", 3),
        ("valuenum IS NOT NULL", 3),
    ] {
        let profile =
            home.prepare(&format!("SELECT stay_id FROM chartevents WHERE {predicate}")).unwrap().profile().unwrap();
        assert_eq!(row_groups_read(&profile), groups, "{predicate}\n{profile}");
    }
}

/// From `row_groups_pruned_statistics=3 total → 1 matched`.
fn row_groups_read(profile: &str) -> usize {
    let counts = profile.split("row_groups_pruned_statistics=").skip(1);
    counts
        .map(|rest| rest.split_once("→ ").unwrap().1.split_once(" matched").unwrap().0.parse::<usize>().unwrap())
        .sum()
}

#[test]
fn items_that_are_found_by_their_label_are_read_in_item_order() {
    let home = Home::new();
    let with_list = |select: &str| format!("{select} FROM chartevents AS c WHERE c.itemid = 220210");
    for (text, same) in [
        (
            "SELECT c.value FROM d_items AS d JOIN chartevents AS c ON c.itemid = d.itemid WHERE d.label LIKE 'Resp%'",
            "SELECT c.value",
        ),
        (
            "SELECT c.value FROM chartevents AS c JOIN d_items AS d USING (itemid) WHERE LOWER(label) = 'respiratory rate'",
            "SELECT c.value",
        ),
        (
            "SELECT c.value FROM d_items AS d LEFT JOIN chartevents AS c ON c.itemid = d.itemid WHERE d.abbreviation = 'RR'",
            "SELECT c.value",
        ),
        (
            "SELECT COUNT(*) FROM chartevents WHERE itemid IN (SELECT itemid FROM d_items WHERE label LIKE 'Resp%')",
            "SELECT COUNT(*)",
        ),
        (
            "WITH items AS (SELECT itemid FROM d_items WHERE category = 'Respiratory') SELECT i.los \
             FROM chartevents AS c JOIN icustays AS i ON i.stay_id = c.stay_id JOIN items ON items.itemid = c.itemid",
            "SELECT (SELECT los FROM icustays AS i WHERE i.stay_id = c.stay_id)",
        ),
    ] {
        check(text, &["/icu/chartevents/item/"], &["/icu/chartevents/patient/"]);
        let rows = home.rows(text).unwrap();
        assert_eq!(rows, home.rows(&with_list(same)).unwrap(), "{text}");
        assert_eq!(rows.len(), 1, "{text}");
    }
}

#[test]
fn items_are_not_looked_up_where_that_could_change_rows_or_gains_nothing() {
    for text in [
        // Events without such an item are asked for.
        "SELECT c.value FROM chartevents AS c LEFT JOIN d_items AS d ON d.itemid = c.itemid AND d.label LIKE 'Resp%'",
        "SELECT COUNT(*) FROM chartevents WHERE itemid NOT IN (SELECT itemid FROM d_items WHERE label LIKE 'Resp%')",
        // Most of the rows.
        "SELECT c.value FROM chartevents AS c JOIN d_items AS d USING (itemid) WHERE label LIKE 'Heart%'",
        // One patient.
        "SELECT c.value FROM chartevents AS c JOIN d_items AS d USING (itemid) WHERE label LIKE 'Resp%' AND subject_id = 1",
        // By chance.
        "SELECT COUNT(*) FROM chartevents WHERE itemid IN (SELECT itemid FROM d_items WHERE label LIKE 'Resp%' AND RAND() < 2)",
        // A filter that cannot be run; the statement says so itself.
        "SELECT c.value FROM chartevents AS c JOIN d_items AS d USING (itemid) WHERE CAST(label AS INT64) = 1",
    ] {
        check(text, &["/icu/chartevents/patient/"], &["/icu/chartevents/item/"]);
    }
}

#[test]
fn what_is_grouped_by_patient_needs_no_shuffle() {
    check(
        "SELECT subject_id, stay_id, charttime, AVG(valuenum) AS mean FROM chartevents GROUP BY 1, 2, 3",
        &["ordering_mode=Sorted", "SinglePartitioned"],
        &["RepartitionExec", "SortExec"],
    );
    check(
        "SELECT stay_id, ROW_NUMBER() OVER (PARTITION BY subject_id, stay_id ORDER BY charttime) AS place FROM chartevents",
        &["SegmentWindowExec"],
        &["RepartitionExec", "SortExec"],
    );
    check(
        "SELECT a.hadm_id, p.gender FROM mimiciv_hosp.admissions AS a JOIN mimiciv_hosp.patients AS p USING (subject_id)",
        &[],
        &["RepartitionExec"],
    );
}

#[test]
fn what_is_grouped_by_stay_and_time_needs_no_shuffle_as_a_stay_has_one_patient() {
    let home = Home::new();
    for keys in ["stay_id, charttime", "charttime, hadm_id, 1"] {
        let text = format!(
            "SELECT stay_id, charttime, AVG(valuenum), COUNT(*) FROM chartevents GROUP BY {keys} ORDER BY 1, 2"
        );
        check(&text, &["ordering_mode=", "SinglePartitioned"], &["RepartitionExec"]);
        // Of a computed key nothing is known.
        let from = "FROM (SELECT stay_id + 0 AS stay_id, hadm_id + 0 AS hadm_id, charttime, valuenum FROM chartevents)";
        let computed = text.replace("FROM chartevents", from);
        check(&computed, &["RepartitionExec"], &["SinglePartitioned"]);
        assert_eq!(home.rows(&text).unwrap(), home.rows(&computed).unwrap());
    }
    check(
        "SELECT stay_id, ROW_NUMBER() OVER (PARTITION BY stay_id ORDER BY charttime) AS place, \
         LAG(valuenum) OVER (PARTITION BY hadm_id, stay_id ORDER BY charttime) AS before \
         FROM chartevents WHERE valuenum > 0 QUALIFY place < 3",
        &["SegmentWindowExec"],
        &["RepartitionExec"],
    );
}

#[test]
fn parts_of_a_union_that_are_cut_alike_are_grouped_where_they_are() {
    let home = Home::new();
    let text = "SELECT stay_id, day, COUNT(*), SUM(n) FROM (SELECT stay_id, DATE(charttime) AS day, valuenum AS n FROM chartevents \
                UNION ALL SELECT stay_id, DATE(intime), los FROM icustays) GROUP BY stay_id, day ORDER BY 1, 2";
    check(text, &["InterleaveExec", "SinglePartitioned"], &["RepartitionExec"]);
    let computed = text.replace("SELECT stay_id, DATE(intime)", "SELECT stay_id + 0, DATE(intime)");
    check(&computed, &["RepartitionExec"], &["SinglePartitioned"]);
    assert_eq!(home.rows(text).unwrap(), home.rows(&computed).unwrap());

    // One window over another, and groups over both.
    let from = "(SELECT stay_id, charttime AS t FROM chartevents UNION ALL SELECT stay_id, intime FROM icustays)";
    let text = format!(
        "SELECT stay_id, later, COUNT(*) FROM (SELECT stay_id, before, LEAD(t) OVER (PARTITION BY stay_id ORDER BY t, before) AS later \
         FROM (SELECT stay_id, t, LAG(t) OVER (PARTITION BY stay_id ORDER BY t) AS before FROM {from})) \
         GROUP BY stay_id, later ORDER BY 1, 2"
    );
    check(&text, &["InterleaveExec"], &["RepartitionExec"]);
    let computed = text.replace("SELECT stay_id, intime", "SELECT stay_id + 0, intime");
    assert_eq!(home.rows(&text).unwrap(), home.rows(&computed).unwrap());
}

/// Whether groups are made below a join.
fn groups_first(home: &Home, text: &str) -> bool {
    let plan = home.prepare(text).unwrap().explain().unwrap();
    let physical = plan.split("\n\n").last().unwrap();
    physical.find("JoinExec").unwrap() < physical.find("AggregateExec").unwrap()
}

#[test]
fn events_are_grouped_before_their_dictionary_is_joined() {
    let home = Home::new();
    let calls = "COUNT(*), COUNT(DISTINCT c.stay_id), AVG(c.valuenum), MAX(c.charttime), COUNTIF(c.value IS NULL)";
    for (keys, order) in [
        ("c.itemid, d.label", "1"),
        ("d.itemid, d.label", "1"),
        ("d.label, c.stay_id, d.itemid, d.category", "1, 2"),
        ("c.itemid, UPPER(d.label)", "1"),
    ] {
        let text = format!(
            "SELECT {keys}, {calls} FROM chartevents AS c JOIN d_items AS d ON d.itemid = c.itemid GROUP BY ALL ORDER BY {order}"
        );
        assert!(groups_first(&home, &text), "{text}");
        let computed = text.replace("d.itemid = c.itemid", "d.itemid + 0 = c.itemid");
        assert!(!groups_first(&home, &computed), "{computed}");
        assert_eq!(home.rows(&text).unwrap(), home.rows(&computed).unwrap(), "{text}");
    }
}

#[test]
fn events_are_not_grouped_early_where_that_could_be_another_result() {
    let home = Home::new();
    let items = "FROM chartevents AS c JOIN d_items AS d ON d.itemid = c.itemid";
    for text in [
        // Several items may have one label.
        format!("SELECT d.label, COUNT(*) {items} GROUP BY 1"),
        // Events without an item stay.
        format!("SELECT c.itemid, d.label, COUNT(*) {} GROUP BY 1, 2", items.replace("JOIN", "LEFT JOIN")),
        // Fails for some values, which the join may drop.
        format!("SELECT c.itemid, d.label, MAX(CAST(c.value AS INT64)) {items} GROUP BY 1, 2"),
        format!("SELECT c.itemid, d.label, SUM(c.stay_id) {items} GROUP BY 1, 2"),
        // Of both sides.
        format!("SELECT c.itemid, d.label, COUNTIF(c.valueuom = d.unitname) {items} GROUP BY 1, 2"),
        format!("SELECT c.itemid, d.label, COUNT(d.unitname) {items} GROUP BY 1, 2"),
        format!("SELECT c.itemid, d.label, COUNT(d.label) {items} GROUP BY 1, 2"),
        format!("SELECT c.itemid, CAST(d.abbreviation AS INT64), COUNT(*) {items} GROUP BY 1, 2"),
        format!("SELECT c.itemid, d.label, COUNT(*) {items} AND d.label > c.value GROUP BY 1, 2"),
        // Most events are dropped.
        format!("SELECT c.itemid, d.label, COUNT(*) {items} WHERE d.label LIKE 'Heart%' GROUP BY 1, 2"),
        // A patient may have several admissions.
        "SELECT c.subject_id, a.insurance, COUNT(*) FROM chartevents AS c JOIN mimiciv_hosp.admissions AS a \
         ON a.subject_id = c.subject_id GROUP BY 1, 2"
            .to_owned(),
    ] {
        assert!(!groups_first(&home, &text), "{text}");
    }
}

#[test]
fn few_long_texts_are_grouped_by_their_numbers() {
    let home = Home::new();
    let numbered = |text: &str| {
        let plan = home.prepare(text).unwrap().explain().unwrap();
        plan.split("\n\n").last().unwrap().contains("$number_of_text")
    };
    let events = "FROM chartevents AS c LEFT JOIN icustays AS i ON i.stay_id = c.stay_id AND i.los > 1.6";
    for text in [
        format!("SELECT i.first_careunit, COUNT(*) {events} GROUP BY 1 ORDER BY 1"),
        format!("SELECT DISTINCT i.first_careunit AS unit {events} ORDER BY unit DESC"),
        format!(
            "SELECT c.itemid, i.first_careunit, MIN(i.first_careunit), SUM(c.valuenum) {events} GROUP BY 1, 2 ORDER BY 1, 2"
        ),
        format!(
            "SELECT i.first_careunit, SUM(c.valuenum) AS s {events} GROUP BY 1 \
             HAVING i.first_careunit LIKE 'M%' OR s < 300 ORDER BY s"
        ),
        format!(
            "SELECT c.itemid, COUNT(DISTINCT i.first_careunit), COUNT(i.first_careunit) {events} GROUP BY 1 ORDER BY 1"
        ),
        format!("SELECT COUNT(DISTINCT i.first_careunit) {events}"),
        format!(
            "SELECT unit, COUNT(*) FROM (SELECT i.first_careunit AS unit {events} \
             UNION ALL SELECT i.first_careunit {events} WHERE c.warning = 1) GROUP BY unit ORDER BY unit"
        ),
        format!("SELECT c.warning, i.first_careunit, COUNT(*) {events} GROUP BY ROLLUP (1, 2) ORDER BY 1, 2, 3"),
    ] {
        let computed = text.replace("i.first_careunit", "CONCAT(i.first_careunit, '')");
        assert!(!numbered(&computed) && numbered(&text) != text.contains("ROLLUP"), "{text}");
        assert_eq!(home.rows(&text).unwrap(), home.rows(&computed).unwrap(), "{text}");
    }
    for text in [
        // Nearly every row has a text of its own, or short ones.
        "SELECT i.first_careunit, COUNT(*) FROM icustays AS i GROUP BY 1".to_owned(),
        "SELECT valueuom, COUNT(*) FROM chartevents GROUP BY 1".to_owned(),
        format!("SELECT MAX(i.first_careunit) {events}"),
        format!("SELECT c.itemid, COUNT(*) {events} WHERE i.first_careunit LIKE 'M%' GROUP BY 1"),
    ] {
        assert!(!numbered(&text), "{text}");
    }
}

#[test]
fn windows_give_one_row_a_partition_where_more_would_be_dropped() {
    let home = Home::new();
    let percentile = "PERCENTILE_CONT(valuenum, 0.5) OVER (PARTITION BY itemid)";
    let one = format!(
        "SELECT itemid, p FROM (SELECT itemid, {percentile} AS p, ROW_NUMBER() OVER (PARTITION BY itemid ORDER BY charttime) AS n \
         FROM chartevents) WHERE n = 1 ORDER BY itemid"
    );
    check(&one, &["SegmentWindowExec"], &["one row a partition"]);
    for text in [
        format!("SELECT DISTINCT itemid, {percentile} AS p FROM chartevents ORDER BY itemid"),
        format!(
            "SELECT itemid, ANY_VALUE(p) AS p FROM (SELECT itemid, {percentile} AS p FROM chartevents) GROUP BY itemid ORDER BY 1"
        ),
        format!(
            "SELECT itemid, MAX(p * 2) / 2 AS p FROM (SELECT itemid, {percentile} AS p FROM chartevents) GROUP BY 1 ORDER BY 1"
        ),
    ] {
        check(&text, &["one row a partition"], &[]);
        assert_eq!(home.rows(&text).unwrap(), home.rows(&one).unwrap(), "{text}");
    }
    for text in [
        // Other columns, other functions, frames that move, counts of rows.
        format!("SELECT DISTINCT itemid, stay_id, {percentile} AS p FROM chartevents"),
        format!(
            "SELECT DISTINCT itemid, {percentile} AS p, RANK() OVER (PARTITION BY itemid ORDER BY charttime) AS r FROM chartevents"
        ),
        "SELECT DISTINCT itemid, MAX(valuenum) OVER (PARTITION BY itemid ORDER BY charttime) AS p FROM chartevents"
            .to_owned(),
        format!(
            "SELECT itemid, COUNT(p) AS n FROM (SELECT itemid, {percentile} AS p FROM chartevents) GROUP BY itemid"
        ),
        format!("SELECT DISTINCT itemid, {percentile} + RAND() AS p FROM chartevents"),
    ] {
        check(&text, &["SegmentWindowExec"], &["one row a partition"]);
    }
}

/// Results of several patients may be of no admission, and belong to one group.
#[test]
fn keys_with_nulls_are_not_widened() {
    check(
        "SELECT hadm_id, flag, COUNT(*) AS n FROM mimiciv_hosp.labevents GROUP BY 1, 2",
        &["RepartitionExec"],
        &["subject_id@", "SinglePartitioned"],
    );
}

/// Sides whose keys repeat, as far as is known.
const HOURS_AND_VALUES: &str = "WITH hours AS (SELECT s AS stay, DATETIME_ADD(DATETIME '2150-01-01', INTERVAL h HOUR) AS t \
     FROM UNNEST(GENERATE_ARRAY(1, 3)) AS s, UNNEST(GENERATE_ARRAY(0, 47)) AS h), \
     v AS (SELECT s AS stay, DATETIME_ADD(DATETIME '2150-01-01', INTERVAL 7 * m MINUTE) AS t, m \
     FROM UNNEST(GENERATE_ARRAY(1, 3)) AS s, UNNEST(GENERATE_ARRAY(0, 300)) AS m) ";

#[test]
fn ranges_of_time_within_a_stay_are_searched_in_whatever_spelling() {
    for condition in [
        "v.t > DATETIME_SUB(hours.t, INTERVAL 1 HOUR) AND v.t <= hours.t",
        "v.t BETWEEN hours.t AND DATETIME_ADD(hours.t, INTERVAL 1 HOUR)",
        "hours.t >= v.t AND DATETIME_SUB(hours.t, INTERVAL 6 HOUR) < v.t",
        "DATETIME_ADD(v.t, INTERVAL 1 HOUR) > hours.t AND v.t <= hours.t AND MOD(v.m, 3) != MOD(hours.stay, 2)",
        "v.t < hours.t",
    ] {
        for kind in ["JOIN", "LEFT JOIN", "RIGHT JOIN"] {
            let from = format!("FROM hours {kind} v ON v.stay = hours.stay AND {condition}");
            let searched = format!("{HOURS_AND_VALUES} SELECT COUNT(*), COUNT(v.m), SUM(v.m) {from}");
            check(&searched, &["IntervalJoinExec"], &["HashJoinExec"]);
            // Keys that are doubles are left to hash joins.
            let doubles = "CAST(v.stay AS FLOAT64) = CAST(hours.stay AS FLOAT64)";
            let looked_at = searched.replace("v.stay = hours.stay", doubles);
            check(&looked_at, &["HashJoinExec"], &["IntervalJoinExec"]);
            let home = Home::new();
            assert_eq!(home.rows(&searched).unwrap(), home.rows(&looked_at).unwrap(), "{searched}");
        }
    }
}

#[test]
fn a_small_side_is_held_and_the_events_are_looked_at_as_they_come() {
    let home = Home::new();
    for kind in ["JOIN", "RIGHT JOIN"] {
        let text = format!(
            "SELECT c.itemid, c.charttime, i.los FROM icustays AS i {kind} chartevents AS c ON i.stay_id = c.stay_id \
             AND c.charttime BETWEEN i.intime AND DATETIME_ADD(i.intime, INTERVAL 1 HOUR) ORDER BY 1, 2"
        );
        check(&text, &["LookupJoinExec"], &[" HashJoinExec", " IntervalJoinExec", "RepartitionExec"]);
        let doubles = text.replace("i.stay_id = c.stay_id", "CAST(i.stay_id AS FLOAT64) = CAST(c.stay_id AS FLOAT64)");
        check(&doubles, &[" HashJoinExec"], &["Interval"]);
        assert_eq!(home.rows(&text).unwrap(), home.rows(&doubles).unwrap(), "{text}");
    }
    // What is held tells the scan which stays it needs.
    let one = "SELECT c.itemid FROM icustays AS i JOIN chartevents AS c ON i.stay_id = c.stay_id AND c.charttime > i.intime \
               WHERE i.los = 1.5";
    assert_eq!(row_groups_read(&home.prepare(one).unwrap().profile().unwrap()), 1 + 1);
}

#[test]
fn what_a_join_would_hold_beyond_its_part_of_the_budget_is_merged() {
    let text = "SELECT a.stay_id, b.itemid FROM chartevents AS a JOIN chartevents AS b ON a.charttime = b.charttime";
    for (memory, wanted, unwanted) in
        [(64 << 20, "HashJoinExec", "Merge"), (2 << 10, "SortMergeJoinExec", "HashJoinExec")]
    {
        let plan = Home::with(2, memory).prepare(text).unwrap().explain().unwrap();
        let physical = plan.split("\n\n").last().unwrap();
        assert!(physical.contains(wanted) && !physical.contains(unwanted), "{physical}");
    }
}

#[test]
fn one_item_is_read_from_item_order_and_one_patient_from_patient_order() {
    let item = "SELECT subject_id, valuenum FROM chartevents WHERE itemid = 224650";
    check(item, &["/item/"], &["/patient/"]);
    check("SELECT valuenum FROM chartevents WHERE subject_id = 2 AND itemid = 224650", &["/patient/"], &["/item/"]);
}
