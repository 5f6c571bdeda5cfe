//! Datasets, tables and views without SQL; copies.

use crate::fixture::{Home, ITEMS, PROJECT, numbers, table};
use bedside_service::{
    ColumnDefinition, Contents, Copy, CreateDisposition, DatasetKind, DatasetReference, DatasetUpdate, Destination,
    NewDataset, NewTable, NewTableKind, Principal, RowRange, Submission, TableKind, TableReference, TableUpdate, Work,
    WriteDisposition,
};
use bedside_types::{ErrorCode, SqlType};
use std::collections::BTreeMap;

fn reference(project: &str, dataset: &str) -> DatasetReference {
    DatasetReference { project: project.to_owned(), dataset: dataset.to_owned() }
}

fn labels(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

fn new_dataset(name: &str) -> NewDataset {
    NewDataset {
        reference: reference(PROJECT, name),
        description: Some("what\n\"I\" \\ made".to_owned()),
        friendly_name: None,
        location: None,
        labels: labels(&[("team", "icu")]),
    }
}

fn new_table(name: &str, columns: &[(&str, SqlType)]) -> NewTable {
    let columns = columns.iter().map(|(name, sql_type)| ColumnDefinition::plain(*name, sql_type.clone()));
    NewTable {
        reference: table("mine", name),
        kind: NewTableKind::Table { columns: columns.collect(), partition: None, cluster: Vec::new() },
        description: Some("a table".to_owned()),
        friendly_name: Some("Table".to_owned()),
        labels: labels(&[("a", "b")]),
    }
}

#[test]
fn releases_are_in_mimics_project_and_own_datasets_in_any_other() {
    let home = Home::new();
    let (owner, service) = (Principal::owner(), &home.service);
    assert_eq!(service.projects(&owner, PROJECT).unwrap(), ["physionet-data", PROJECT]);
    let public = service.datasets(&owner, "physionet-data").unwrap();
    let icu = public.iter().find(|dataset| dataset.reference.dataset == "mimiciv_icu").unwrap();
    assert_eq!(icu.kind, DatasetKind::Release("mimiciv-demo-2.2".to_owned()));
    let items = service.tables(&owner, &icu.reference).unwrap();
    assert_eq!((items.len(), items[0].rows, items[0].columns.len()), (1, ITEMS as u64, 2));
    assert!(items[0].created > 1_700_000_000_000 && items[0].columns[1].description.is_some());
    assert_eq!(service.datasets(&owner, PROJECT).unwrap(), []);
    service.create_dataset(&owner, &new_dataset("mine")).unwrap();
    for project in [PROJECT, "another", "local"] {
        let own = service.datasets(&owner, project).unwrap();
        assert_eq!(own.len(), 1, "{project}");
        assert_eq!(own[0].reference, reference(project, "mine"));
    }
    for (project, dataset) in [(PROJECT, "mimiciv_icu"), ("physionet-data", "mine"), (PROJECT, "nothing")] {
        let error = service.dataset(&owner, &reference(project, dataset)).unwrap_err();
        assert_eq!(error.code(), ErrorCode::NotFound, "{project}.{dataset}");
        assert_eq!(error.to_string(), format!("Not found: Dataset {project}:{dataset}"));
    }
}

#[test]
fn datasets_are_made_changed_and_deleted() {
    let home = Home::new();
    let (owner, service) = (Principal::owner(), &home.service);
    let made = service.create_dataset(&owner, &new_dataset("mine")).unwrap();
    assert_eq!(made.description.as_deref(), Some("what\n\"I\" \\ made"));
    assert_eq!(made.labels, labels(&[("team", "icu")]));
    let error = service.create_dataset(&owner, &new_dataset("mine")).unwrap_err();
    assert_eq!(error.status(), 409, "{error}");
    let error = service.create_dataset(&owner, &new_dataset("a b")).unwrap_err();
    assert_eq!(error.code(), ErrorCode::InvalidQuery, "{error}");
    assert!(!error.to_string().contains(" at ["), "{error}");
    let update = DatasetUpdate {
        description: Some(None),
        friendly_name: Some(Some("Mine".to_owned())),
        labels: Some(labels(&[("x", "y")])),
    };
    let changed = service.update_dataset(&owner, &made.reference, &update).unwrap();
    assert_eq!((changed.description, changed.friendly_name.as_deref()), (None, Some("Mine")));
    assert_eq!(changed.labels, labels(&[("x", "y")]));
    let icu = reference("physionet-data", "mimiciv_icu");
    assert_eq!(service.update_dataset(&owner, &icu, &update).unwrap_err().code(), ErrorCode::AccessDenied);
    assert!(service.delete_dataset(&owner, &icu, Contents::Delete).is_err());

    service.create_table(&owner, &new_table("t", &[("x", SqlType::Int64)])).unwrap();
    let error = service.delete_dataset(&owner, &made.reference, Contents::Keep).unwrap_err();
    assert_eq!((error.reason(), error.status()), ("resourceInUse", 400));
    service.delete_dataset(&owner, &made.reference, Contents::Delete).unwrap();
    assert_eq!(service.dataset(&owner, &made.reference).unwrap_err().status(), 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_and_views_are_made_changed_and_deleted() {
    let home = Home::new();
    let (owner, service) = (Principal::owner(), home.service.clone());
    service.create_dataset(&owner, &new_dataset("mine")).unwrap();
    let nested: SqlType = "STRUCT<a INT64, b ARRAY<STRING>>".parse().unwrap();
    let columns = [("x", SqlType::Int64), ("s", nested.clone())];
    let made = service.create_table(&owner, &new_table("t", &columns)).unwrap();
    assert_eq!((made.kind.clone(), made.columns.len(), made.rows), (TableKind::Table, 2, 0));
    assert_eq!((made.description.as_deref(), made.friendly_name.as_deref()), (Some("a table"), Some("Table")));
    assert_eq!(service.create_table(&owner, &new_table("t", &columns)).unwrap_err().status(), 409);
    for (name, columns) in [("u", &[][..]), ("u", &[("x", SqlType::Int64), ("X", SqlType::Int64)]), ("a.b", &columns)] {
        assert_eq!(service.create_table(&owner, &new_table(name, columns)).unwrap_err().status(), 400, "{name}");
    }
    home.run("INSERT INTO mine.t (x) VALUES (5)").await;
    let mut columns: Vec<_> = columns.iter().map(|(n, t)| ColumnDefinition::plain(*n, t.clone())).collect();
    columns.push(ColumnDefinition::plain("new_one", nested));
    columns[0].description = Some("a number".to_owned());
    let update = TableUpdate { columns: Some(columns.clone()), description: Some(None), ..TableUpdate::default() };
    let changed = tokio::task::block_in_place(|| service.update_table(&owner, &made.reference, &update)).unwrap();
    assert_eq!((changed.columns.len(), changed.description, changed.rows), (3, None, 1));
    assert_eq!(changed.columns[0].description.as_deref(), Some("a number"));
    columns.remove(0);
    let update = TableUpdate { columns: Some(columns), ..TableUpdate::default() };
    let error = service.update_table(&owner, &made.reference, &update).unwrap_err();
    assert!(error.to_string().contains("Field x is missing in new schema"), "{error}");

    let query = "SELECT x + 1 AS y -- a comment\nFROM `my-project.mine.t`";
    let view =
        NewTable { reference: table("mine", "v"), kind: NewTableKind::View(query.to_owned()), ..new_table("v", &[]) };
    let made = service.create_table(&owner, &view).unwrap();
    assert_eq!((made.kind.clone(), made.columns[0].name.as_str()), (TableKind::View(query.to_owned()), "y"));
    assert_eq!(home.query("SELECT y FROM mine.v").await, [Some(6)]);
    let update = TableUpdate { query: Some("SELECT 9 AS z".to_owned()), ..TableUpdate::default() };
    assert_eq!(service.update_table(&owner, &made.reference, &update).unwrap().columns[0].name, "z");
    assert_eq!(home.query("SELECT z FROM mine.v").await, [Some(9)]);
    let range = RowRange { start: 0, most: 1 };
    let error = service.table_rows(&owner, &made.reference, None, range).await.unwrap_err();
    assert!(error.to_string().contains("VIEW"), "{error}");
    assert_eq!(service.tables(&owner, &reference(PROJECT, "mine")).unwrap().len(), 2);
    for name in ["t", "v"] {
        service.delete_table(&owner, &table("mine", name)).unwrap();
        assert_eq!(service.delete_table(&owner, &table("mine", name)).unwrap_err().status(), 404);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_of_tables_have_their_places() {
    let home = Home::new();
    let (owner, service) = (Principal::owner(), &home.service);
    let items = TableReference { project: "physionet-data".to_owned(), ..table("mimiciv_icu", "d_items") };
    for (start, most) in [(0, 3), (8_190, 5), (29_998, 10), (30_000, 1), (99_999, 1)] {
        let page = service.table_rows(&owner, &items, None, RowRange { start, most }).await.unwrap();
        let end = (start + most as u64).min(ITEMS as u64) as i64;
        assert_eq!(numbers(&page), (start as i64..end).map(Some).collect::<Vec<_>>(), "{start}");
        assert_eq!((page.total, page.columns.len()), (ITEMS as u64, 2));
    }
    let label = ["label".to_owned()];
    let page = service.table_rows(&owner, &items, Some(&label), RowRange { start: 7, most: 1 }).await.unwrap();
    assert_eq!(page.columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>(), ["label"]);
    let error = service.table_rows(&owner, &items, Some(&["x".to_owned()]), RowRange { start: 0, most: 1 }).await;
    assert!(error.unwrap_err().to_string().contains("No such field: x"));
    // A table of several files, one of them with an interval.
    home.run("CREATE SCHEMA mine; CREATE TABLE mine.t AS SELECT a, INTERVAL a DAY AS i FROM UNNEST(GENERATE_ARRAY(0, 9)) AS a")
        .await;
    home.run("INSERT INTO mine.t SELECT a, INTERVAL a DAY FROM UNNEST(GENERATE_ARRAY(10, 19)) AS a").await;
    let page = service.table_rows(&owner, &table("mine", "t"), None, RowRange { start: 8, most: 4 }).await.unwrap();
    assert_eq!(page.total, 20);
    assert_eq!(page.columns[1].sql_type, SqlType::Interval);
    assert_eq!(numbers(&page).len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn copies_hold_the_rows_and_rules_of_their_sources() {
    let home = Home::new();
    home.run("CREATE SCHEMA mine; CREATE TABLE mine.t (x INT64 NOT NULL OPTIONS(description = 'why')); INSERT INTO mine.t VALUES (1)")
        .await;
    let copy = |sources: Vec<TableReference>, name: &str, write| Submission {
        work: Work::Copy(Copy {
            sources,
            destination: Destination { table: table("mine", name), create: CreateDisposition::IfNeeded, write },
        }),
        ..Submission::query(PROJECT, "test", "")
    };
    let job = home.submit(copy(vec![table("mine", "t")], "u", WriteDisposition::Empty)).await.unwrap();
    assert_eq!((job.error, job.statistics.rows), (None, Some(1)));
    let made = home.service.table(&Principal::owner(), &table("mine", "u")).unwrap();
    assert!(made.columns[0].required && made.columns[0].description.as_deref() == Some("why"));
    let both = vec![table("mine", "t"), table("mine", "u")];
    home.submit(copy(both, "u", WriteDisposition::Append)).await.unwrap();
    assert_eq!(home.query("SELECT COUNT(*) FROM mine.u").await, [Some(3)]);
    let items = TableReference { project: "physionet-data".to_owned(), ..table("mimiciv_icu", "d_items") };
    home.submit(copy(vec![items.clone()], "items", WriteDisposition::Truncate)).await.unwrap();
    assert_eq!(home.query("SELECT COUNT(DISTINCT label) FROM mine.items").await, [Some(ITEMS)]);
    let job = home.submit(copy(vec![table("mine", "t"), items], "w", WriteDisposition::Empty)).await.unwrap();
    assert!(job.error.unwrap().message.contains("does not have the same columns"));
    let job = home.submit(copy(vec![table("mine", "none")], "w", WriteDisposition::Empty)).await.unwrap();
    assert_eq!(job.error.unwrap().status, 404);
}
