//! What Tab offers: words of the language, functions, datasets, tables and columns.

use bedside_engine::Inventory;
use std::collections::{BTreeMap, BTreeSet};

/// Words of GoogleSQL that start or join clauses.
const KEYWORDS: [&str; 62] = [
    "ALL",
    "AND",
    "ARRAY",
    "AS",
    "ASC",
    "BETWEEN",
    "BY",
    "CASE",
    "CAST",
    "CROSS",
    "CURRENT",
    "DATE",
    "DATETIME",
    "DESC",
    "DISTINCT",
    "ELSE",
    "END",
    "EXCEPT",
    "EXISTS",
    "EXTRACT",
    "FALSE",
    "FIRST",
    "FOLLOWING",
    "FROM",
    "FULL",
    "GROUP",
    "HAVING",
    "IF",
    "IN",
    "INNER",
    "INTERSECT",
    "INTERVAL",
    "IS",
    "JOIN",
    "LAST",
    "LEFT",
    "LIKE",
    "LIMIT",
    "NOT",
    "NULL",
    "NULLS",
    "OFFSET",
    "ON",
    "OR",
    "ORDER",
    "OVER",
    "PARTITION",
    "PRECEDING",
    "QUALIFY",
    "RIGHT",
    "ROWS",
    "SELECT",
    "STRUCT",
    "THEN",
    "TRUE",
    "UNION",
    "UNNEST",
    "USING",
    "WHEN",
    "WHERE",
    "WINDOW",
    "WITH",
];

/// Commands of the shell.
pub(super) const COMMANDS: [&str; 7] = ["\\?", "\\d", "\\dt", "\\format", "\\q", "\\timing", "\\dataset"];

/// The names to complete with, as of when they were gathered.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    /// Keywords and functions, upper case.
    words: BTreeSet<String>,
    /// Datasets and their tables.
    datasets: BTreeMap<String, Vec<String>>,
    /// Columns of all tables.
    columns: BTreeSet<String>,
}

impl Names {
    /// The names that the home has now, and those of the language.
    pub(crate) fn gather(inventory: &Inventory) -> Self {
        let functions = bedside_sql::functions().map(|function| function.name).filter(|name| !name.starts_with('$'));
        let words = KEYWORDS.iter().map(|word| (*word).to_owned()).chain(functions.map(str::to_uppercase)).collect();
        let mut names = Self { words, ..Self::default() };
        for dataset in inventory.datasets() {
            let tables = dataset.tables().map(|table| table.name.clone()).collect();
            names.datasets.insert(dataset.name.to_string(), tables);
            names.columns.extend(dataset.tables().flat_map(|table| &table.columns).map(|column| column.name.clone()));
        }
        for dataset in inventory.personal() {
            let tables = dataset.tables.keys().chain(dataset.views.keys()).cloned().collect();
            names.datasets.insert(dataset.name.clone(), tables);
            let columns = dataset.tables.values().flat_map(|table| &table.columns);
            names.columns.extend(columns.map(|column| column.entry.name.clone()));
        }
        names
    }

    /// Where the word before the cursor begins, and what it may become.
    pub(crate) fn complete(&self, line: &str, cursor: usize) -> (usize, Vec<String>) {
        let before = &line[..cursor];
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | '\\' | '?');
        let start = before.char_indices().rev().find(|(_, c)| !is_part(*c)).map_or(0, |(at, c)| at + c.len_utf8());
        let word = &before[start..];
        if word.starts_with('\\') {
            return (start, COMMANDS.iter().filter(|c| c.starts_with(word)).map(|c| format!("{c} ")).collect());
        }
        if word.is_empty() {
            return (start, Vec::new());
        }
        match word.rsplit_once('.') {
            Some((path, table)) => {
                let dataset = path.rsplit('.').next().unwrap_or(path);
                let tables = self.datasets.get(dataset).into_iter().flatten();
                (start + path.len() + 1, tables.filter(|name| begins(name, table)).cloned().collect())
            }
            None => (start, self.words_like(word)),
        }
    }

    fn words_like(&self, word: &str) -> Vec<String> {
        let lower = word.chars().any(|c| c.is_ascii_lowercase());
        let keywords = self.words.iter().filter(|name| begins(name, word));
        let keywords = keywords.map(|name| if lower { name.to_lowercase() } else { name.clone() });
        let columns = self.columns.iter().filter(|name| begins(name, word)).cloned();
        let datasets = self.datasets.keys().filter(|name| begins(name, word)).map(|name| format!("{name}."));
        // What the data have comes before what the language has.
        let mut found: Vec<String> = Vec::new();
        for name in columns.chain(datasets).chain(keywords) {
            if !found.contains(&name) {
                found.push(name);
            }
        }
        found
    }
}

fn begins(name: &str, start: &str) -> bool {
    name.get(..start.len()).is_some_and(|beginning| beginning.eq_ignore_ascii_case(start))
}

#[cfg(test)]
mod tests {
    use super::Names;

    fn names() -> Names {
        Names {
            words: ["SELECT", "SAFE_CAST"].map(str::to_owned).into(),
            datasets: [("mimiciv_icu".to_owned(), vec!["icustays".to_owned(), "inputevents".to_owned()])].into(),
            columns: ["stay_id", "subject_id"].map(str::to_owned).into(),
        }
    }

    #[test]
    fn words_complete_by_where_they_stand() {
        for (line, start, expected) in [
            ("se", 0, vec!["select"]),
            ("SE", 0, vec!["SELECT"]),
            ("SELECT s", 7, vec!["stay_id", "subject_id", "safe_cast", "select"]),
            ("FROM mimiciv_icu.i", 17, vec!["icustays", "inputevents"]),
            ("FROM `physionet-data.mimiciv_icu.icu", 33, vec!["icustays"]),
            ("FROM mimic", 5, vec!["mimiciv_icu."]),
            ("FROM nothing.i", 13, vec![]),
            ("\\d", 0, vec!["\\d ", "\\dt ", "\\dataset "]),
            ("SELECT ", 7, vec![]),
        ] {
            let (found_start, found) = names().complete(line, line.len());
            assert_eq!((found_start, found), (start, expected.into_iter().map(str::to_owned).collect()), "{line}");
        }
    }

    #[test]
    fn the_keywords_are_in_order_and_once() {
        assert!(super::KEYWORDS.is_sorted_by(|a, b| a < b));
    }
}
