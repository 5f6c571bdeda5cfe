//! Statements that make, change and drop: what they come to, and where what is wrong with them is.

use crate::catalog::Ward;
use bedside_sql::tree::{Change, Lifetime, Operation, Statement};
use bedside_sql::{
    Catalog, ColumnDefinition, Found, FunctionDefinition, Order, Parameters, Place, Refusal, Schema, Script, System,
    TableDefinition, TablePath, TableSchema, UnknownTable, ViewDefinition, resolve,
};
use bedside_types::SqlType;
use std::sync::Arc;

/// The ward's tables, and a dataset `mine` with a table `t` and a view `v`.
pub(crate) struct Desk;

fn path(table: &str) -> TablePath {
    TablePath { project: "local".to_owned(), dataset: "mine".to_owned(), table: table.to_owned() }
}

fn table() -> TableDefinition {
    let columns = [("i", SqlType::Int64), ("s", SqlType::String), ("n", SqlType::Numeric), ("d", SqlType::Date)];
    let schema = columns.iter().map(|(name, sql_type)| bedside_sql::ColumnSchema {
        name: (*name).to_owned(),
        sql_type: sql_type.clone(),
        facts: bedside_sql::ColumnFacts::default(),
    });
    let schema = Arc::new(TableSchema { path: path("t"), columns: schema.collect(), keys: Vec::new() });
    let mut columns: Vec<_> =
        columns.into_iter().map(|(name, sql_type)| ColumnDefinition::plain(name, sql_type)).collect();
    columns[2].default = Some("1 + 0.5".to_owned());
    TableDefinition { schema, columns }
}

fn view() -> ViewDefinition {
    let text = "SELECT i, s AS text FROM mine.t".to_owned();
    ViewDefinition { path: path("v"), text, columns: None, default_dataset: None }
}

impl Catalog for Desk {
    fn table(&self, parts: &[String]) -> Result<Arc<TableSchema>, UnknownTable> {
        match parts {
            [dataset, name] if dataset == "mine" && name == "t" => Ok(table().schema),
            _ => Ward.table(parts),
        }
    }

    fn view(&self, parts: &[String]) -> Option<Arc<ViewDefinition>> {
        (parts == ["mine", "v"]).then(|| Arc::new(view()))
    }

    fn function(&self, _: &str) -> Option<Arc<FunctionDefinition>> {
        None
    }

    fn place(&self, parts: &[String], lifetime: Lifetime) -> Result<Place, Refusal> {
        let [dataset, name] = parts else {
            let name = parts.last().cloned().unwrap_or_default();
            return Ok(Place { path: path(&name), lifetime, found: Found::Nothing });
        };
        if dataset != "mine" {
            return Err(Refusal::read_only(format!("Access Denied: Dataset {dataset}")).with_hint("write elsewhere"));
        }
        let found = match name.as_str() {
            "t" => Found::Table(Arc::new(table())),
            "v" => Found::View(Arc::new(view())),
            _ => Found::Nothing,
        };
        Ok(Place { path: path(name), lifetime, found })
    }

    fn schema(&self, parts: &[String]) -> Result<Schema, Refusal> {
        let dataset = parts.last().cloned().unwrap_or_default();
        let objects = (dataset == "mine").then_some(2);
        Ok(Schema { project: "local".to_owned(), dataset, objects })
    }
}

fn change(text: &str) -> Change {
    let mut statements = resolve(text, &Desk, &Parameters::default()).unwrap_or_else(|error| panic!("{text}: {error}"));
    match statements.remove(0) {
        Statement::Change(change) => *change,
        other => panic!("{text} is {other:?}"),
    }
}

#[test]
fn what_is_written_has_exactly_the_columns_of_the_table() {
    let insert = change("INSERT INTO mine.t (d, i) VALUES ('2020-01-02', 1)");
    let query = insert.query().unwrap();
    let columns: Vec<_> = query.output.iter().map(|c| format!("{} {}", c.name, c.sql_type)).collect();
    assert_eq!(columns, ["i INT64", "s STRING", "n NUMERIC", "d DATE"]);
    let text = insert.to_string();
    assert!(text.starts_with("INSERT INTO mine.t\n"), "{text}");
    assert!(text.contains("$add("), "the default: {text}");
    let update = change("UPDATE mine.t SET s = 'x' WHERE i = 1");
    let names: Vec<_> = update.query().unwrap().output.iter().map(|c| c.name.clone()).collect();
    assert_eq!(names, ["i", "s", "n", "d", "$mark"]);
    let update = change("UPDATE mine.t SET s = u.s FROM types u WHERE u.i = t.i");
    assert_eq!(update.query().unwrap().output.last().map(|c| c.name.clone()).as_deref(), Some("$row"));
    assert_eq!(update.written(), Some(path("t")));
}

#[test]
fn what_is_there_decides_what_is_done() {
    let operation = |text: &str| match change(text) {
        Change::CreateTable(create) => create.operation,
        Change::CreateView(create) => create.operation,
        Change::CreateSchema(create) => create.operation,
        Change::Drop(drop) => drop.operation,
        other => panic!("{}", other.words()),
    };
    for (text, expected) in [
        ("CREATE TABLE mine.new (a INT64)", Operation::Create),
        ("CREATE OR REPLACE TABLE mine.new (a INT64)", Operation::Create),
        ("CREATE OR REPLACE TABLE mine.t AS SELECT * FROM mine.t", Operation::Replace),
        ("CREATE TABLE IF NOT EXISTS mine.t (a INT64)", Operation::Skip),
        ("CREATE OR REPLACE VIEW mine.v AS SELECT * FROM mine.t", Operation::Replace),
        ("CREATE SCHEMA IF NOT EXISTS mine", Operation::Skip),
        ("CREATE SCHEMA other", Operation::Create),
        ("DROP TABLE mine.t", Operation::Drop),
        ("DROP TABLE IF EXISTS mine.zz", Operation::Skip),
        ("DROP SCHEMA mine CASCADE", Operation::Drop),
    ] {
        assert_eq!(operation(text), expected, "{text}");
    }
}

#[test]
fn faults_have_their_place() {
    for (text, expected) in [
        ("INSERT INTO mine.t (i) SELECT 'x'", "which cannot be inserted into column i, which has type INT64 at [1:24]"),
        ("INSERT INTO\n  elsewhere.t VALUES (1)", "Access Denied: Dataset elsewhere at [2:3]"),
        ("UPDATE mine.t SET zz = 1 WHERE TRUE", "Unrecognized name: zz at [1:19]"),
        ("UPDATE mine.t SET s.x = 1 WHERE TRUE", "Cannot access field x on a value with type STRING at [1:21]"),
        (
            "DELETE mine.v WHERE TRUE",
            "local:mine.v is not allowed for this operation because it is currently a VIEW. at [1:8]",
        ),
        ("DROP SCHEMA mine", "Dataset local:mine is still in use at [1:13]"),
        (
            "CREATE TABLE mine.x (a INT64 DEFAULT (SELECT 1))",
            "A column default expression must not include a subquery at [1:38]",
        ),
        ("CREATE TABLE mine.x (_PARTITIONTIME DATE)", "Field names are not allowed to start with _PARTITION at [1:22]"),
        (
            "CREATE VIEW mine.x AS SELECT @p AS p",
            "Query parameters cannot be used in the definition of a view or function at [1:30]",
        ),
        (
            "CREATE TEMP FUNCTION f(x INT64) AS (SELECT 1)",
            "wrapped with additional parentheses to make it a scalar subquery expression at [1:37]",
        ),
        ("ALTER TABLE mine.t RENAME TO other.x", "Access Denied: Dataset other at [1:30]"),
        ("SELECT textt FROM mine.v", "Unrecognized name: textt; Did you mean text? at [1:8]"),
    ] {
        let error = resolve(text, &Desk, &Parameters::default()).map(|_| ()).unwrap_err();
        assert!(error.to_string().ends_with(expected), "{text}: {error}");
    }
}

#[test]
fn a_script_is_read_as_a_whole_and_resolved_one_by_one() {
    let error = Script::parse("SELECT 1;\nCREATE TABLE").unwrap_err();
    assert_eq!(error.to_string(), "Syntax error: Unexpected end of statement at [2:13]");
    let script = Script::parse("SELECT 1; SELECT * FROM mine.zz; -- end").unwrap();
    assert_eq!((script.len(), script.queries()), (2, 2));
    let mut machine = script.run(&Parameters::default(), System::default());
    let mut next = || match machine.next(&Desk).unwrap() {
        Order::Run(ready) => Some(ready.resolve(&Desk).is_ok()),
        _ => None,
    };
    assert_eq!([next(), next(), next()], [Some(true), Some(false), None]);
}
