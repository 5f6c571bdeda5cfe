//! What differs between two tables: of two releases, or two definitions of one thing.

use crate::error::{Error, Result};
use arrow::array::{Array, AsArray};
use arrow::datatypes::Int64Type;
use bedside_engine::{Dataset, Engine, Inventory, Request};
use bedside_store::{ColumnEntry, TableEntry};
use bedside_types::SqlType;

/// Which of the two a row is from; no table has such a column.
const SIDE: &str = "`bedside compares`";

/// A table by the names that SQL gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableRef {
    /// The dataset: `mimiciv_3_1_derived`.
    pub dataset: String,
    /// The table: `sofa`.
    pub table: String,
}

/// What differs between two tables, seen from the first to the second.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The columns by which rows are the same row; empty where rows are compared as a whole.
    pub key: Vec<String>,
    /// Rows that both have, changed or not.
    pub common: u64,
    /// Rows that only the second has.
    pub added: u64,
    /// Rows that only the first has.
    pub removed: u64,
    /// Rows of both with another value in some column; always 0 without a key.
    pub changed: u64,
    /// How many rows of both have another value, by column, those without left out.
    pub changed_columns: Vec<(String, u64)>,
    /// Columns that only the second has, or has with another type.
    pub added_columns: Vec<String>,
    /// Columns that only the first has, or has with another type.
    pub removed_columns: Vec<String>,
}

impl Difference {
    /// Whether the two hold the same.
    pub fn is_none(&self) -> bool {
        self.added + self.removed + self.changed == 0
            && self.added_columns.is_empty()
            && self.removed_columns.is_empty()
    }
}

/// The tables that two datasets both have, by name; then those that only the first, and only the second has.
///
/// # Errors
/// [`Error::NotThere`] for a dataset that is not there, [`Error::Store`].
pub fn common_tables(engine: &Engine, left: &str, right: &str) -> Result<[Vec<String>; 3]> {
    let inventory = Inventory::read(engine.warehouse())?;
    let names = |name: &str| -> Result<Vec<String>> {
        Ok(dataset(&inventory, name)?.tables().map(|table| table.name.clone()).collect())
    };
    let (left, right) = (names(left)?, names(right)?);
    let (both, only_left): (Vec<String>, Vec<String>) = left.into_iter().partition(|name| right.contains(name));
    let only_right = right.into_iter().filter(|name| !both.contains(name)).collect();
    Ok([both, only_left, only_right])
}

/// Compares two tables: row by row where both have the same key by definition, else as multisets of rows. It is done by two
/// groupings in the engine, within its memory.
///
/// # Errors
/// [`Error::NotThere`] for a table that is not there, [`Error::Incomparable`] where no column is common,
/// [`Error::Engine`].
pub fn diff(engine: &Engine, left: &TableRef, right: &TableRef) -> Result<Difference> {
    let inventory = Inventory::read(engine.warehouse())?;
    let (l, r) = (entry(&inventory, left)?, entry(&inventory, right)?);
    let same = |column: &&ColumnEntry, other: &TableEntry| {
        other.column(&column.name).is_some_and(|other| other.sql_type == column.sql_type)
    };
    let common: Vec<&ColumnEntry> = l.columns.iter().filter(|column| same(column, r)).collect();
    if common.is_empty() {
        let why = "no column is common to both".to_owned();
        return Err(Error::Incomparable { left: left.shown(), right: right.shown(), why });
    }
    let alone = |entry: &TableEntry, other: &TableEntry| -> Vec<String> {
        entry.columns.iter().filter(|column| !same(column, other)).map(|column| column.name.clone()).collect()
    };
    let key = common_key(l, r).filter(|key| key.iter().all(|name| common.iter().any(|c| c.name == *name)));
    let compare = Compare { left: left.sql(), right: right.sql(), columns: common };
    let found = match key {
        Some(key) => compare.by_key(engine, key)?,
        None => compare.as_multisets(engine)?,
    };
    Ok(Difference { added_columns: alone(r, l), removed_columns: alone(l, r), ..found })
}

struct Compare<'a> {
    left: String,
    right: String,
    columns: Vec<&'a ColumnEntry>,
}

impl Compare<'_> {
    /// One group per key, as a key occurs at most once on each side; NULLs in a key are one value.
    fn by_key(&self, engine: &Engine, key: &[String]) -> Result<Difference> {
        let others: Vec<_> = self.columns.iter().filter(|column| !key.contains(&column.name)).collect();
        let value = |(at, column): (usize, &&&ColumnEntry)| {
            let name = &column.name;
            // FLOAT64's NaN is one value here, and one that MAX would prefer to any other: each side has one row.
            format!("MAX(IF({SIDE} = 0, `{name}`, NULL)) AS l{at}, MAX(IF({SIDE} = 1, `{name}`, NULL)) AS r{at}")
        };
        let values: Vec<String> = others.iter().enumerate().map(value).collect();
        let differs: Vec<String> = (0..others.len())
            .map(|at| format!("in_left > 0 AND in_right > 0 AND l{at} IS DISTINCT FROM r{at}"))
            .collect();
        let any = if differs.is_empty() { "FALSE".to_owned() } else { differs.join(" OR ") };
        let counts: Vec<String> = differs.iter().map(|differs| format!(", COUNTIF({differs})")).collect();
        let grouped =
            [vec![format!("COUNTIF({SIDE} = 0) AS in_left, COUNTIF({SIDE} = 1) AS in_right")], values].concat();
        let sql = format!(
            "SELECT COUNTIF(in_left > 0 AND in_right > 0), COUNTIF(in_left = 0), COUNTIF(in_right = 0), COUNTIF({any}){} \
             FROM (SELECT {} FROM {} GROUP BY {})",
            counts.concat(),
            grouped.join(", "),
            self.both(),
            quoted(key).join(", "),
        );
        let numbers = numbers(engine, &sql)?;
        let [common, added, removed, changed, columns @ ..] = numbers.as_slice() else {
            return Err(Error::Internal("a comparison gave no numbers".to_owned()));
        };
        let changed_columns = others.iter().zip(columns).filter(|(_, count)| **count > 0);
        Ok(Difference {
            key: key.to_vec(),
            changed_columns: changed_columns.map(|(column, count)| (column.name.clone(), *count)).collect(),
            ..Difference::of(*common, *added, *removed, *changed)
        })
    }

    /// One group per different row.
    fn as_multisets(&self, engine: &Engine) -> Result<Difference> {
        let groupable = |column: &&&ColumnEntry| !matches!(column.sql_type, SqlType::Json);
        let names: Vec<String> = self.columns.iter().filter(groupable).map(|column| column.name.clone()).collect();
        let sql = format!(
            "SELECT COALESCE(SUM(LEAST(in_left, in_right)), 0), COALESCE(SUM(GREATEST(in_right - in_left, 0)), 0), \
             COALESCE(SUM(GREATEST(in_left - in_right, 0)), 0) \
             FROM (SELECT COUNTIF({SIDE} = 0) AS in_left, COUNTIF({SIDE} = 1) AS in_right FROM {} GROUP BY {})",
            self.both(),
            quoted(&names).join(", "),
        );
        let numbers = numbers(engine, &sql)?;
        let [common, added, removed] = numbers.as_slice() else {
            return Err(Error::Internal("a comparison gave no numbers".to_owned()));
        };
        Ok(Difference::of(*common, *added, *removed, 0))
    }

    /// The rows of both, with the side that each is from.
    fn both(&self) -> String {
        let names: Vec<String> = self.columns.iter().map(|column| column.name.clone()).collect();
        // Qualified, as a table may have a column of its own name.
        let columns = names.iter().map(|name| format!("one.`{name}`")).collect::<Vec<_>>().join(", ");
        let (left, right) = (&self.left, &self.right);
        format!(
            "(SELECT 0 AS {SIDE}, {columns} FROM {left} AS one UNION ALL SELECT 1 AS {SIDE}, {columns} FROM {right} AS one)"
        )
    }
}

impl Difference {
    fn of(common: u64, added: u64, removed: u64, changed: u64) -> Self {
        let (key, changed_columns) = (Vec::new(), Vec::new());
        let (added_columns, removed_columns) = (Vec::new(), Vec::new());
        Self { key, common, added, removed, changed, changed_columns, added_columns, removed_columns }
    }
}

impl TableRef {
    fn sql(&self) -> String {
        format!("`{}`.`{}`", self.dataset, self.table)
    }

    fn shown(&self) -> String {
        format!("{}.{}", self.dataset, self.table)
    }
}

fn dataset<'a>(inventory: &'a Inventory, name: &str) -> Result<&'a Dataset> {
    inventory.dataset(name).ok_or_else(|| {
        let names = inventory.datasets().iter().map(|dataset| dataset.name.as_str());
        let nearest = bedside_types::nearest(name, names).map(str::to_owned);
        Error::NotThere { what: format!("dataset {name}"), nearest }
    })
}

fn entry<'a>(inventory: &'a Inventory, table: &TableRef) -> Result<&'a TableEntry> {
    let dataset = dataset(inventory, &table.dataset)?;
    dataset.table(&table.table).ok_or_else(|| {
        let nearest = bedside_types::nearest(&table.table, dataset.tables().map(|table| table.name.as_str()));
        let nearest = nearest.map(|nearest| format!("{}.{nearest}", dataset.name));
        Error::NotThere { what: format!("table {}", table.shown()), nearest }
    })
}

/// The key that both were checked to have.
fn common_key<'a>(left: &'a TableEntry, right: &TableEntry) -> Option<&'a [String]> {
    let (left, right) = (left.derivation.as_ref()?, right.derivation.as_ref()?);
    (!left.key.is_empty() && left.key == right.key).then_some(left.key.as_slice())
}

fn quoted(names: &[String]) -> Vec<String> {
    names.iter().map(|name| format!("`{name}`")).collect()
}

/// The one row of a statement that gives INT64s.
fn numbers(engine: &Engine, text: &str) -> Result<Vec<u64>> {
    let prepared = engine.prepare(&Request { text, ..Request::default() })?;
    let mut numbers = Vec::new();
    for batch in prepared.execute()? {
        let batch = batch?;
        for column in batch.columns().iter().filter(|column| !column.is_empty()) {
            let column = column.as_primitive_opt::<Int64Type>();
            let column = column.ok_or_else(|| Error::Internal("a count is no INT64".to_owned()))?;
            numbers.push(column.value(0) as u64);
        }
    }
    Ok(numbers)
}
