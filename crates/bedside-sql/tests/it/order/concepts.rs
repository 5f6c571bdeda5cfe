//! Every concept, over the tables of its family and the keys that the concepts' pages give.

use bedside_datasets::{KeyStatus, catalogue};
use bedside_sql::tree::Statement;
use bedside_sql::{
    Catalog, ColumnFacts, ColumnSchema, Parameters, TablePath, TableSchema, UnknownTable, resolve, unordered_windows,
};
use bedside_types::SqlType;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Raw tables as the newest release of the family has them, derived ones as their pages say.
struct Definitions {
    family: &'static str,
    version: &'static str,
    pages: BTreeMap<String, toml::Table>,
}

impl Catalog for Definitions {
    fn table(&self, path: &[String]) -> Result<Arc<TableSchema>, UnknownTable> {
        let message = format!("Not found: Table {}", path.join("."));
        let unknown = || UnknownTable { message, nearest: None };
        let [.., dataset, table] = path else { return Err(unknown()) };
        let module = dataset.strip_prefix(self.family).and_then(|rest| rest.strip_prefix('_')).unwrap_or_default();
        let (columns, keys) =
            if module == "derived" { self.derived(table) } else { self.raw(module, table) }.ok_or_else(unknown)?;
        let place = |name: &String| columns.iter().position(|(column, _)| column == name);
        let keys = keys.iter().map(|key| key.iter().filter_map(place).collect()).collect();
        let column = |(name, sql_type): &(String, SqlType)| ColumnSchema {
            name: name.clone(),
            sql_type: sql_type.clone(),
            facts: ColumnFacts::default(),
        };
        let path = TablePath { project: "physionet-data".into(), dataset: dataset.clone(), table: table.clone() };
        Ok(Arc::new(TableSchema { path, columns: columns.iter().map(column).collect(), keys }))
    }
}

type Shape = (Vec<(String, SqlType)>, Vec<Vec<String>>);

impl Definitions {
    fn derived(&self, table: &str) -> Option<Shape> {
        let page = self.pages.get(table)?;
        let text = |value: &toml::Value| value.as_str().unwrap().to_owned();
        let columns = page["column"].as_array().unwrap().iter();
        let columns = columns.map(|column| (text(&column["name"]), text(&column["type"]).parse().unwrap())).collect();
        let key: Vec<String> = page["key"].as_array().unwrap().iter().map(text).collect();
        Some((columns, if key.is_empty() { Vec::new() } else { vec![key] }))
    }

    fn raw(&self, module: &str, table: &str) -> Option<Shape> {
        let table = catalogue().schema(self.family, self.version)?.table(module, table)?;
        let columns = table.columns.iter().map(|column| (column.name.clone(), column.sql_type.clone())).collect();
        let primary = table.primary_key.iter().filter(|key| key.status != KeyStatus::Observed);
        Some((columns, primary.map(|key| key.columns.clone()).chain(table.alternate_keys.clone()).collect()))
    }
}

#[test]
fn every_concept_decides_its_rows() {
    check("mimiciv", "2.2", 65);
    check("mimiciii", "1.4", 84);
}

fn check(family: &'static str, version: &'static str, tables: usize) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../concepts").join(family);
    let mut files: Vec<PathBuf> = Vec::new();
    for group in std::fs::read_dir(root).unwrap() {
        files.extend(std::fs::read_dir(group.unwrap().path()).unwrap().map(|file| file.unwrap().path()));
    }
    files.sort();
    let name = |path: &Path| path.file_stem().unwrap().to_string_lossy().into_owned();
    let of =
        |extension: &'static str| files.iter().filter(move |path| path.extension().is_some_and(|e| e == extension));
    let pages = of("toml").map(|path| (name(path), std::fs::read_to_string(path).unwrap().parse().unwrap()));
    let definitions = Definitions { family, version, pages: pages.collect() };

    let mut found = Vec::new();
    for path in of("sql") {
        let text = std::fs::read_to_string(path).unwrap();
        let statements = resolve(&text, &definitions, &Parameters::default());
        let mut statements = statements.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let Statement::Query(query) = statements.remove(0) else { panic!("{} is no query", path.display()) };
        for finding in unordered_windows(&query).unwrap() {
            let (line, column) = (finding.position.line, finding.position.column);
            let place = format!("{}:{line}:{column}", name(path));
            found.push(format!("{place}: {}: {}; {}", finding.function, finding.missing, finding.hint));
        }
    }
    assert_eq!(of("sql").count(), tables);
    assert!(found.is_empty(), "{}", found.join("\n"));
}
