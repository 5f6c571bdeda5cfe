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
fn what_has_one_row_per_key_is_joined_by_hash() {
    let text = "SELECT c.itemid FROM chartevents AS c JOIN icustays AS i ON i.stay_id = c.stay_id \
                AND c.charttime BETWEEN i.intime AND i.outtime";
    check(text, &["HashJoinExec"], &["IntervalJoinExec"]);
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
