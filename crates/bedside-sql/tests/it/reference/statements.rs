//! Every statement of BigQuery's reference
//! (<https://cloud.google.com/bigquery/docs/reference/standard-sql/introduction>), and what becomes of it here.

/// A statement.
pub(super) struct Entry {
    /// As the reference calls it.
    pub(super) statement: &'static str,
    pub(super) status: Status,
    /// How it differs, or why it is refused.
    pub(super) note: &'static str,
    /// A text that shows it.
    pub(super) example: &'static str,
}

/// What becomes of a statement.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    /// It does what it does on BigQuery.
    Supported,
    /// It runs, and the note says how it differs.
    Different,
    /// It is refused by name.
    Refused,
}

const fn entry(statement: &'static str, status: Status, note: &'static str, example: &'static str) -> Entry {
    Entry { statement, status, note, example }
}

use Status::{Different, Refused, Supported};

pub(super) const SECTIONS: &[(&str, &[Entry])] = &[
    (
        "Data definition",
        &[
            entry(
                "CREATE SCHEMA",
                Supported,
                "`default_…` and other options are kept and have no effect",
                "CREATE SCHEMA IF NOT EXISTS a OPTIONS (description = 'x')",
            ),
            entry(
                "CREATE TABLE",
                Different,
                "`PARTITION BY` and `CLUSTER BY` are checked and kept, and change no plan and no result; tables do not expire",
                "CREATE OR REPLACE TABLE a.t (x INT64 DEFAULT 1 NOT NULL) PARTITION BY DATE_TRUNC(d, MONTH) CLUSTER BY x AS SELECT 1",
            ),
            entry(
                "CREATE TABLE … PRIMARY KEY, FOREIGN KEY",
                Refused,
                "BigQuery does not enforce them either: leave them out",
                "CREATE TABLE a.t (x INT64, PRIMARY KEY (x) NOT ENFORCED)",
            ),
            entry(
                "CREATE TABLE … COLLATE",
                Refused,
                "a column has no collation of its own; write COLLATE(x, 'und:ci') where it is compared",
                "CREATE TABLE a.t (x STRING COLLATE 'und:ci')",
            ),
            entry("CREATE TABLE LIKE", Supported, "of a release's table, too", "CREATE TABLE a.t LIKE a.u"),
            entry("CREATE TABLE COPY", Supported, "of a release's table, too", "CREATE TABLE a.t COPY a.u"),
            entry("CREATE TABLE CLONE", Different, "a copy", "CREATE TABLE a.t CLONE a.u"),
            entry(
                "CREATE SNAPSHOT TABLE",
                Different,
                "an ordinary table, a copy: it can be written",
                "CREATE SNAPSHOT TABLE a.t CLONE a.u",
            ),
            entry("CREATE VIEW", Supported, "", "CREATE OR REPLACE VIEW a.v (x) AS SELECT 1"),
            entry("CREATE TEMP VIEW", Refused, "`WITH`, or a temporary table", "CREATE TEMP VIEW v AS SELECT 1"),
            entry(
                "CREATE MATERIALIZED VIEW",
                Different,
                "kept as a view: it is as new as its tables whenever it is read, and nothing is stored",
                "CREATE MATERIALIZED VIEW a.v CLUSTER BY x OPTIONS (enable_refresh = TRUE) AS SELECT 1 AS x",
            ),
            entry(
                "CREATE MATERIALIZED VIEW AS REPLICA OF",
                Refused,
                "about BigQuery as a service",
                "CREATE MATERIALIZED VIEW a.v AS REPLICA OF a.u",
            ),
            entry(
                "CREATE EXTERNAL TABLE",
                Refused,
                "SQL reads no files and services of others",
                "CREATE EXTERNAL TABLE a.t OPTIONS (uris = ['gs://b/f'], format = 'CSV')",
            ),
            entry(
                "CREATE EXTERNAL SCHEMA",
                Refused,
                "SQL reads no files and services of others",
                "CREATE EXTERNAL SCHEMA a",
            ),
            entry(
                "CREATE FUNCTION",
                Supported,
                "SQL; parameters of `ANY TYPE`; kept in a dataset or `TEMP`",
                "CREATE FUNCTION a.f(x INT64, y ANY TYPE) RETURNS INT64 AS (x + y)",
            ),
            entry(
                "CREATE AGGREGATE FUNCTION",
                Different,
                "SQL; not with `OVER`; the body has aggregates, operators and calls",
                "CREATE AGGREGATE FUNCTION a.f(x INT64, n INT64 NOT AGGREGATE) AS (SUM(x) * n)",
            ),
            entry(
                "CREATE FUNCTION … LANGUAGE js, python; REMOTE",
                Refused,
                "functions are written in SQL; nothing is sent anywhere",
                "CREATE FUNCTION a.f(x FLOAT64) RETURNS FLOAT64 LANGUAGE js AS 'return x'",
            ),
            entry(
                "CREATE TABLE FUNCTION",
                Supported,
                "parameters of a type, `ANY TYPE`, `TABLE<…>` and `ANY TABLE`; `RETURNS TABLE<…>`",
                "CREATE TABLE FUNCTION a.f(x INT64, t TABLE<z STRING>) RETURNS TABLE<y INT64> AS SELECT x AS y FROM t",
            ),
            entry(
                "CREATE PROCEDURE",
                Supported,
                "SQL; `IN`, `OUT`, `INOUT`, `ANY TYPE`; kept in a dataset",
                "CREATE OR REPLACE PROCEDURE a.p(x INT64, OUT y STRING) BEGIN SET y = CAST(x AS STRING); END",
            ),
            entry(
                "CREATE PROCEDURE … WITH CONNECTION (Spark)",
                Refused,
                "procedures are written in SQL",
                "CREATE PROCEDURE a.p() WITH CONNECTION `c` OPTIONS (engine = 'SPARK') LANGUAGE PYTHON",
            ),
            entry(
                "CREATE ROW ACCESS POLICY",
                Refused,
                "rights are not given in SQL",
                "CREATE ROW ACCESS POLICY p ON a.t GRANT TO ('user:x') FILTER USING (TRUE)",
            ),
            entry("CREATE DATA_POLICY", Refused, "rights are not given in SQL", "CREATE DATA_POLICY p"),
            entry(
                "CREATE SEARCH INDEX",
                Refused,
                "results do not depend on it",
                "CREATE SEARCH INDEX i ON a.t(ALL COLUMNS)",
            ),
            entry("CREATE VECTOR INDEX", Refused, "results do not depend on it", "CREATE VECTOR INDEX i ON a.t(x)"),
            entry(
                "CREATE MODEL",
                Refused,
                "no models here",
                "CREATE MODEL a.m OPTIONS (model_type = 'linear_reg') AS SELECT 1",
            ),
            entry(
                "CREATE PROPERTY GRAPH",
                Refused,
                "graph queries are not supported",
                "CREATE PROPERTY GRAPH a.g NODE TABLES (a.t)",
            ),
            entry("CREATE CONNECTION", Refused, "SQL reads no files and services of others", "CREATE CONNECTION c"),
            entry(
                "CREATE CAPACITY, RESERVATION, ASSIGNMENT",
                Refused,
                "about BigQuery as a service",
                "CREATE RESERVATION `p.r` OPTIONS (slot_capacity = 1)",
            ),
            entry(
                "ALTER SCHEMA SET OPTIONS",
                Supported,
                "",
                "ALTER SCHEMA IF EXISTS a SET OPTIONS (description = 'x')",
            ),
            entry(
                "ALTER SCHEMA SET DEFAULT COLLATE, ADD REPLICA, DROP REPLICA",
                Refused,
                "about BigQuery as a service",
                "ALTER SCHEMA a ADD REPLICA `eu`",
            ),
            entry("ALTER TABLE SET OPTIONS", Supported, "", "ALTER TABLE a.t SET OPTIONS (description = 'x')"),
            entry(
                "ALTER TABLE ADD COLUMN, DROP COLUMN, RENAME COLUMN",
                Supported,
                "",
                "ALTER TABLE a.t ADD COLUMN IF NOT EXISTS x INT64, DROP COLUMN y, RENAME COLUMN z TO w",
            ),
            entry("ALTER TABLE RENAME TO", Supported, "within its dataset", "ALTER TABLE a.t RENAME TO u"),
            entry(
                "ALTER TABLE ADD PRIMARY KEY, ADD FOREIGN KEY, DROP CONSTRAINT",
                Refused,
                "BigQuery does not enforce them either",
                "ALTER TABLE a.t ADD PRIMARY KEY (x) NOT ENFORCED",
            ),
            entry(
                "ALTER TABLE SET DEFAULT COLLATE",
                Refused,
                "a column has no collation of its own; write COLLATE(x, 'und:ci') where it is compared",
                "ALTER TABLE a.t SET DEFAULT COLLATE 'und:ci'",
            ),
            entry(
                "ALTER COLUMN SET OPTIONS, SET DEFAULT, DROP DEFAULT, DROP NOT NULL",
                Supported,
                "",
                "ALTER TABLE a.t ALTER COLUMN x SET DEFAULT 1, ALTER COLUMN y DROP NOT NULL",
            ),
            entry(
                "ALTER COLUMN SET DATA TYPE",
                Supported,
                "to a wider type, as on BigQuery",
                "ALTER TABLE a.t ALTER COLUMN x SET DATA TYPE NUMERIC",
            ),
            entry(
                "ALTER VIEW SET OPTIONS, ALTER MATERIALIZED VIEW SET OPTIONS",
                Supported,
                "",
                "ALTER VIEW a.v SET OPTIONS (description = 'x')",
            ),
            entry(
                "ALTER VIEW ALTER COLUMN SET OPTIONS",
                Refused,
                "a view's columns have no descriptions",
                "ALTER VIEW a.v ALTER COLUMN x SET OPTIONS (description = 'x')",
            ),
            entry("ALTER MODEL", Refused, "no models here", "ALTER MODEL a.m SET OPTIONS (description = 'x')"),
            entry(
                "ALTER ORGANIZATION, PROJECT, BI_CAPACITY, CAPACITY, RESERVATION",
                Refused,
                "about BigQuery as a service",
                "ALTER PROJECT `p` SET OPTIONS (`region-us.default_time_zone` = 'UTC')",
            ),
            entry(
                "ALTER VECTOR INDEX REBUILD",
                Refused,
                "results do not depend on it",
                "ALTER VECTOR INDEX i ON a.t REBUILD",
            ),
            entry("DROP SCHEMA", Supported, "", "DROP SCHEMA IF EXISTS a CASCADE"),
            entry("UNDROP SCHEMA", Refused, "what was dropped is gone", "UNDROP SCHEMA a"),
            entry("DROP TABLE, DROP SNAPSHOT TABLE", Supported, "", "DROP TABLE IF EXISTS a.t"),
            entry("DROP VIEW, DROP MATERIALIZED VIEW", Supported, "", "DROP MATERIALIZED VIEW a.v"),
            entry(
                "DROP FUNCTION, DROP TABLE FUNCTION, DROP PROCEDURE",
                Supported,
                "",
                "DROP TABLE FUNCTION IF EXISTS a.f",
            ),
            entry(
                "DROP EXTERNAL TABLE",
                Refused,
                "SQL reads no files and services of others",
                "DROP EXTERNAL TABLE a.t",
            ),
            entry(
                "DROP ROW ACCESS POLICY, DROP ALL ROW ACCESS POLICIES",
                Refused,
                "rights are not given in SQL",
                "DROP ALL ROW ACCESS POLICIES ON a.t",
            ),
            entry("DROP SEARCH INDEX, DROP VECTOR INDEX", Refused, "there are none", "DROP SEARCH INDEX i ON a.t"),
            entry("DROP MODEL", Refused, "no models here", "DROP MODEL a.m"),
            entry(
                "DROP CAPACITY, RESERVATION, ASSIGNMENT",
                Refused,
                "about BigQuery as a service",
                "DROP CAPACITY `p.c`",
            ),
        ],
    ),
    (
        "Data manipulation",
        &[
            entry(
                "INSERT",
                Supported,
                "`VALUES` with `DEFAULT`, or a query",
                "INSERT INTO a.t (x) VALUES (1), (DEFAULT)",
            ),
            entry(
                "UPDATE",
                Different,
                "fields of a STRUCT, too; not with nested statements in parentheses",
                "UPDATE a.t SET x = 1, s.f = 2 FROM a.u WHERE t.y = u.y",
            ),
            entry("DELETE", Supported, "", "DELETE FROM a.t WHERE TRUE"),
            entry("TRUNCATE TABLE", Supported, "", "TRUNCATE TABLE a.t"),
            entry(
                "MERGE",
                Supported,
                "",
                "MERGE a.t USING a.u ON t.x = u.x WHEN MATCHED AND u.y THEN DELETE WHEN NOT MATCHED THEN INSERT ROW WHEN NOT MATCHED BY SOURCE THEN UPDATE SET x = 1",
            ),
            entry(
                "EXPLAIN query",
                Different,
                "BigQuery has no such statement: the plan as rows of text, as `bedside query --explain` shows it",
                "EXPLAIN SELECT 1",
            ),
        ],
    ),
    (
        "Control",
        &[
            entry(
                "GRANT",
                Refused,
                "rights are not given in SQL",
                "GRANT `roles/bigquery.dataViewer` ON SCHEMA a TO 'user:x'",
            ),
            entry(
                "REVOKE",
                Refused,
                "rights are not given in SQL",
                "REVOKE `roles/bigquery.dataViewer` ON SCHEMA a FROM 'user:x'",
            ),
        ],
    ),
    (
        "Procedural language",
        &[
            entry("DECLARE", Different, "without parameters of types (`STRING(5)`)", "DECLARE a, b INT64 DEFAULT 1"),
            entry(
                "SET",
                Supported,
                "one variable, several from a STRUCT, system variables",
                "DECLARE a, b INT64; SET (a, b) = (1, 2); SET @@dataset_id = 'x'",
            ),
            entry(
                "EXECUTE IMMEDIATE",
                Supported,
                "`INTO`, `USING`; one statement, not one of the procedural language but `CALL` and `ASSERT`",
                "DECLARE a INT64; EXECUTE IMMEDIATE 'SELECT ?' INTO a USING 1",
            ),
            entry("BEGIN … END", Supported, "", "BEGIN DECLARE x INT64; SET x = 1; END"),
            entry(
                "BEGIN … EXCEPTION WHEN ERROR THEN … END",
                Supported,
                "`@@error.message`, `.statement_text`, `.stack_trace`, `.formatted_stack_trace`",
                "BEGIN SELECT 1; EXCEPTION WHEN ERROR THEN SELECT @@error.message; END",
            ),
            entry("CASE, CASE expression", Supported, "", "CASE WHEN TRUE THEN SELECT 1; ELSE SELECT 2; END CASE"),
            entry("IF", Supported, "", "IF TRUE THEN SELECT 1; ELSEIF FALSE THEN SELECT 2; ELSE SELECT 3; END IF"),
            entry("labels", Supported, "", "a: LOOP LEAVE a; END LOOP a"),
            entry(
                "LOOP, WHILE, REPEAT, FOR … IN",
                Supported,
                "a loop ends when its job is cancelled",
                "FOR r IN (SELECT 1 AS x) DO SELECT r.x; END FOR",
            ),
            entry("BREAK, LEAVE, CONTINUE, ITERATE", Supported, "", "LOOP CONTINUE; ITERATE; BREAK; LEAVE; END LOOP"),
            entry("RAISE", Supported, "", "RAISE USING MESSAGE = 'x'"),
            entry("RETURN", Supported, "", "RETURN"),
            entry("CALL", Supported, "", "CALL a.p(1)"),
            entry(
                "BEGIN TRANSACTION, COMMIT TRANSACTION, ROLLBACK TRANSACTION",
                Different,
                "over the tables of one dataset, and temporary ones; rows only",
                "BEGIN TRANSACTION; COMMIT; BEGIN; ROLLBACK TRANSACTION",
            ),
            entry("ASSERT", Supported, "", "ASSERT 1 = 1 AS 'x'"),
        ],
    ),
    (
        "Export and load",
        &[
            entry(
                "EXPORT DATA",
                Different,
                "into the folders and buckets that `--folder` and `--bucket` name; CSV, JSON, Parquet; one file",
                "EXPORT DATA OPTIONS (uri = 'gs://b/*.csv', format = 'CSV') AS SELECT 1",
            ),
            entry(
                "LOAD DATA",
                Different,
                "from the folders and buckets that `--folder` and `--bucket` name; CSV, JSON, Parquet; not with `PARTITION BY`, \
                 `CLUSTER BY`, `OPTIONS`",
                "LOAD DATA INTO a.t FROM FILES (format = 'CSV', uris = ['gs://b/f.csv'])",
            ),
            entry("EXPORT MODEL", Refused, "no models here", "EXPORT MODEL a.m OPTIONS (uri = 'gs://b/m')"),
        ],
    ),
];
