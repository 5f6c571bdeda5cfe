//! Rows that are kept: pages, SQL over them, and how they go.

use crate::fixture::{Home, ITEMS, PROJECT, numbers, table};
use bedside_service::{
    CreateDisposition, Destination, Error, JobKey, Principal, RowRange, Submission, TableReference, WriteDisposition,
};
use bedside_types::ErrorCode;

fn destination(name: &str, write: WriteDisposition) -> Destination {
    Destination { table: table("mine", name), create: CreateDisposition::IfNeeded, write }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_a_result_are_its_rows_in_order() {
    let home = Home::new();
    let owner = Principal::owner();
    let job = home.run("SELECT itemid, label FROM mimiciv_icu.d_items ORDER BY itemid DESC").await;
    let mut found = Vec::new();
    loop {
        let range = RowRange { start: found.len() as u64, most: 7_777 };
        let page = home.service.rows_of(&owner, &job, range).await.unwrap();
        assert_eq!(page.total, ITEMS as u64);
        if page.rows() == 0 {
            break;
        }
        found.extend(numbers(&page).into_iter().flatten());
    }
    assert_eq!(found, (0..ITEMS).rev().collect::<Vec<_>>());
    let result = job.result.unwrap();
    assert!(result.anonymous && result.rows == ITEMS as u64);
    // The same rows by the anonymous table's name, for clients and for SQL.
    let range = RowRange { start: 5, most: 2 };
    let columns = ["LABEL".to_owned(), "itemid".to_owned()];
    let page = home.service.table_rows(&owner, &result.table, Some(&columns[1..]), range).await.unwrap();
    assert_eq!(numbers(&page), [Some(ITEMS - 6), Some(ITEMS - 7)]);
    let known = home.service.table(&owner, &result.table).unwrap();
    assert_eq!((known.rows, known.columns.len(), known.bytes), (ITEMS as u64, 2, (8 + 7) * ITEMS as u64));
    let TableReference { dataset, table, .. } = &result.table;
    for name in [format!("{dataset}.{table}"), format!("`{PROJECT}.{dataset}.{table}`")] {
        let job = home.run(&format!("SELECT COUNT(DISTINCT label) FROM {name} WHERE itemid < 100")).await;
        assert_eq!(home.numbers(&job).await, [Some(100)]);
        assert_eq!(job.statistics.bytes_processed, 15 * ITEMS as u64);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_type_comes_back_from_a_result() {
    let home = Home::new();
    let text = "SELECT * FROM UNNEST([STRUCT(1 AS a, 1.5 AS b, NUMERIC '1.000000001' AS c, BIGNUMERIC '1e-38' AS d, TRUE AS e, \
                'ä' AS f, b'\\x00' AS g, DATE '0001-01-01' AS h, DATETIME '9999-12-31 23:59:59.999999' AS i, \
                TIME '00:00:00.000001' AS j, TIMESTAMP '1969-12-31 23:59:59.999999+00' AS k, \
                INTERVAL '1-2 3 4:5:6.789' YEAR TO SECOND AS l, JSON '{\"a\": [1]}' AS m, [1, 2] AS n, \
                STRUCT(1 AS x, ['long enough for a buffer of its own'] AS y) AS o)])";
    let job = home.run(text).await;
    assert_eq!(job.error, None);
    let table = job.result.unwrap().table;
    let columns = "a, b, c, d, e, f, TO_BASE64(g) AS g, h, i, j, k, CAST(l AS STRING) AS l, TO_JSON_STRING(m) AS m, n[OFFSET(1)] AS n, o.y[OFFSET(0)] AS o";
    let over = format!(
        "SELECT COUNT(*) FROM (SELECT DISTINCT * FROM (SELECT {columns} FROM {}.{} UNION ALL SELECT {columns} FROM ({text})))",
        table.dataset, table.table
    );
    assert_eq!(home.query(&over).await, [Some(1)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_destination_takes_rows_as_its_dispositions_say() {
    let home = Home::new();
    home.run("CREATE SCHEMA mine").await;
    let into = |text: &'static str, write| {
        let home = &home;
        async move { home.run_with(text, |query| query.destination = Some(destination("t", write))).await.unwrap() }
    };
    let job = into("SELECT 1 AS x, 'a' AS s", WriteDisposition::Empty).await;
    assert_eq!(job.error, None);
    let result = job.result.clone().unwrap();
    assert_eq!((result.table, result.anonymous, result.rows), (table("mine", "t"), false, 1));
    assert_eq!(home.numbers(&job).await, [Some(1)]);
    let error = into("SELECT 2 AS x, 'b' AS s", WriteDisposition::Empty).await.error.unwrap();
    assert_eq!((error.reason.as_str(), error.status), ("duplicate", 409));
    assert_eq!(error.message, "Already Exists: Table my-project:mine.t");
    // Columns go by their names; one that is missing is NULL.
    assert_eq!(into("SELECT 'c' AS s, 3 AS X", WriteDisposition::Append).await.error, None);
    assert_eq!(into("SELECT 4 AS x", WriteDisposition::Append).await.error, None);
    assert_eq!(home.query("SELECT SUM(x) FROM mine.t").await, [Some(8)]);
    assert_eq!(home.query("SELECT COUNT(s) FROM mine.t").await, [Some(2)]);
    for (text, why) in [
        ("SELECT 'x' AS x", "Field x has changed type from INT64 to STRING"),
        ("SELECT 1 AS x, 2 AS y", "Cannot add fields (field: y)"),
    ] {
        let error = into(text, WriteDisposition::Append).await.error.unwrap();
        assert!(error.message.contains(why), "{}", error.message);
    }
    assert_eq!(into("SELECT DATE '2020-01-01' AS d", WriteDisposition::Truncate).await.error, None);
    assert_eq!(home.query("SELECT COUNT(d) FROM mine.t").await, [Some(1)]);
    let never = |query: &mut bedside_service::Query| {
        query.destination = Some(Destination {
            table: table("mine", "u"),
            create: CreateDisposition::Never,
            write: WriteDisposition::Empty,
        });
    };
    let error = home.run_with("SELECT 1 AS x", never).await.unwrap().error.unwrap();
    assert_eq!((error.reason.as_str(), error.message.as_str()), ("notFound", "Not found: Table my-project:mine.u"));
    let elsewhere = |query: &mut bedside_service::Query| {
        query.destination = Some(Destination {
            table: table("nowhere", "u"),
            create: CreateDisposition::IfNeeded,
            write: WriteDisposition::Empty,
        });
    };
    let error = home.run_with("SELECT 1 AS x", elsewhere).await.unwrap().error.unwrap();
    assert_eq!(error.reason, "notFound", "{}", error.message);
}

#[tokio::test(flavor = "multi_thread")]
async fn results_go_when_they_are_too_old_or_together_too_large() {
    let home = Home::with(|options| options.result_bytes = 100_000);
    let owner = Principal::owner();
    let mut jobs = Vec::new();
    // More than the chores wait for; each result has some thousand bytes.
    for n in 0..130 {
        jobs.push(home.run(&format!("SELECT a + {n} FROM UNNEST(GENERATE_ARRAY(1, 400)) AS a")).await);
    }
    let files = || std::fs::read_dir(home.path().join("scratch/results")).unwrap();
    let bytes: u64 = files().map(|file| file.unwrap().metadata().unwrap().len()).sum();
    assert!(bytes < 400_000, "{bytes} bytes are left");
    let mut there = Vec::new();
    for job in &jobs {
        let found = home.service.rows_of(&owner, job, RowRange { start: 0, most: 1 }).await;
        assert!(found.as_ref().err().is_none_or(|error| error.code() == ErrorCode::NotFound), "{found:?}");
        there.push(found.is_ok());
    }
    let gone = there.iter().filter(|there| !**there).count();
    assert!(gone > 20, "{gone} of 130 are gone");
    // The clock stands still: of one moment those go that were made first.
    assert!(there.is_sorted(), "{there:?}");
    // One alone that is larger than all may be.
    let job = home.run("SELECT a FROM UNNEST(GENERATE_ARRAY(1, 100000)) AS a").await;
    assert_eq!(job.error.unwrap().reason, "resourcesExceeded");
    let temporary = files().filter(|file| file.as_ref().unwrap().file_name().to_string_lossy().starts_with(".tmp"));
    assert_eq!(temporary.count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn names_that_are_guessed_are_not_found() {
    let home = Home::new();
    let owner = Principal::owner();
    let job = home.run("SELECT 1").await;
    let right = job.result.unwrap().table;
    for (dataset, table) in [
        (right.dataset.clone(), format!("anon{}", "0".repeat(64))),
        (format!("_{}", "0".repeat(40)), right.table.clone()),
        (right.dataset.clone(), "../../bedside.db".to_owned()),
        (right.dataset.clone(), "anon/../../x".to_owned()),
    ] {
        let guess = TableReference { project: PROJECT.to_owned(), dataset, table };
        let range = RowRange { start: 0, most: 1 };
        let error = home.service.table_rows(&owner, &guess, None, range).await.unwrap_err();
        assert_eq!(error.code(), ErrorCode::NotFound, "{guess}");
    }
    let key = JobKey { project: PROJECT.to_owned(), id: "none".to_owned() };
    let error = home.service.result_rows(&owner, &key, RowRange { start: 0, most: 1 }).await.unwrap_err();
    assert!(matches!(error, Error::NotFound(_)));
    let made = home.submit(Submission::query(PROJECT, "test", "CREATE SCHEMA mine")).await.unwrap();
    let error = home.service.rows_of(&owner, &made, RowRange { start: 0, most: 1 }).await.unwrap_err();
    assert!(error.to_string().contains("gives no rows"), "{error}");
}
