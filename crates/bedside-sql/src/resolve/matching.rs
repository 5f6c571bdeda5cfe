//! Set operations by name: `BY NAME` and `CORRESPONDING`.

use super::{Resolver, RowColumn, Rows, query};
use crate::error::{Result, SqlError};
use crate::syntax::{MatchBy, MatchMode, Matching, Name};
use bedside_types::{Position, SqlType, Value};

impl Resolver<'_> {
    /// The inputs, each beginning at its place, with the same columns in the same order; a column that an input has not is NULL
    /// there.
    pub(super) fn matched(
        &mut self,
        matching: &Matching,
        inputs: Vec<Rows>,
        places: &[Position],
        position: Position,
    ) -> Result<Vec<Rows>> {
        let words = matching.by.words();
        let listed_alone =
            matching.columns.is_some() && (matching.mode != MatchMode::Plain || matching.by == MatchBy::Corresponding);
        for (index, rows) in inputs.iter().enumerate() {
            let wanted = matching.columns.as_deref().filter(|_| listed_alone);
            check_names(rows, index + 1, wanted, (words, places[index], position))?;
        }
        let names = match &matching.columns {
            Some(columns) => listed(matching, columns, &inputs, places)?,
            None => common(matching, &inputs, position)?,
        };
        Ok(inputs.into_iter().map(|rows| self.with_columns(rows, &names, position)).collect())
    }

    fn with_columns(&mut self, mut rows: Rows, names: &[String], position: Position) -> Rows {
        let mut missing = Vec::new();
        let mut columns = Vec::new();
        for name in names {
            columns.push(match rows.columns.iter().find(|column| is(column, name)) {
                Some(column) => column.clone(),
                None => {
                    let id = self.new_column();
                    let sql_type = SqlType::Int64;
                    missing.push((id, query::null(sql_type.clone(), position)));
                    RowColumn { name: Some(name.clone()), id, sql_type, literal: Some(Value::Null), row: false }
                }
            });
        }
        // Names are spelled as where they stand first.
        for (column, name) in columns.iter_mut().zip(names) {
            column.name = Some(name.clone());
        }
        rows.relation = Self::project(rows.relation, missing);
        Rows { columns, ..rows }
    }
}

fn is(column: &RowColumn, name: &str) -> bool {
    column.name.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(name))
}

fn has(rows: &Rows, name: &str) -> bool {
    rows.columns.iter().any(|column| is(column, name))
}

fn names_of(rows: &Rows) -> impl Iterator<Item = &str> {
    rows.columns.iter().filter_map(|column| column.name.as_deref())
}

/// Every column of an input must have a name of its own; where columns are listed, every one of these.
fn check_names(
    rows: &Rows,
    number: usize,
    wanted: Option<&[Name]>,
    (words, place, position): (&str, Position, Position),
) -> Result<()> {
    if rows.value_table {
        let message = format!("Value table type not allowed in set operations when {words} is used: query {number}");
        return Err(SqlError::rule(message, position));
    }
    let matters = |column: &RowColumn| wanted.is_none_or(|wanted| wanted.iter().any(|name| is(column, &name.text)));
    for (index, column) in rows.columns.iter().enumerate().filter(|(_, column)| matters(column)) {
        let Some(name) = &column.name else {
            let message = format!(
                "Anonymous columns are not allowed in set operations when {words} is used: query {number}, column {}",
                index + 1
            );
            return Err(SqlError::rule(message, place));
        };
        if rows.columns[..index].iter().any(|earlier| is(earlier, name)) {
            let message =
                format!("Duplicate columns found when using {words} in set operations: {name} in query {number}");
            return Err(SqlError::rule(message, place));
        }
    }
    Ok(())
}

/// The columns that the inputs themselves decide on.
fn common(matching: &Matching, inputs: &[Rows], position: Position) -> Result<Vec<String>> {
    let fault = |message: String| Err(SqlError::rule(message, position));
    let words = matching.by.words();
    let first: Vec<String> = names_of(&inputs[0]).map(str::to_owned).collect();
    let equal = matching.mode == MatchMode::Plain && matching.by != MatchBy::Corresponding;
    match matching.mode {
        MatchMode::Full => {
            let mut names = first;
            for name in inputs[1..].iter().flat_map(names_of) {
                if !names.iter().any(|known| known.eq_ignore_ascii_case(name)) {
                    names.push(name.to_owned());
                }
            }
            Ok(names)
        }
        MatchMode::Left => {
            let lone = inputs.iter().position(|rows| !first.iter().any(|name| has(rows, name)));
            match lone {
                Some(index) => fault(format!(
                    "Query {} of the set operation with LEFT mode does not share any common columns with query 1",
                    index + 1
                )),
                None => Ok(first),
            }
        }
        MatchMode::Plain if equal => {
            let differs = |rows: &Rows| rows.columns.len() != first.len() || first.iter().any(|name| !has(rows, name));
            match inputs.iter().position(differs) {
                Some(index) => fault(format!(
                    "{words} requires all input queries to have identical column names, but query 1 has [{}] and query {} has [{}]",
                    first.join(", "),
                    index + 1,
                    names_of(&inputs[index]).collect::<Vec<_>>().join(", ")
                )),
                None => Ok(first),
            }
        }
        MatchMode::Inner | MatchMode::Plain => {
            let names: Vec<String> =
                first.into_iter().filter(|name| inputs.iter().all(|rows| has(rows, name))).collect();
            if names.is_empty() {
                return fault(format!("Queries of the set operation using {words} do not have any columns in common"));
            }
            Ok(names)
        }
    }
}

/// The columns of `ON (…)` or `BY (…)`.
fn listed(matching: &Matching, columns: &[Name], inputs: &[Rows], places: &[Position]) -> Result<Vec<String>> {
    let names: Vec<String> = columns.iter().map(|name| name.text.clone()).collect();
    let words = matching.by.words();
    let list = if matching.by == MatchBy::Name { "ON" } else { "BY" };
    let clause = format!("{words} {list}");
    if matching.mode == MatchMode::Plain && matching.by != MatchBy::Corresponding {
        let differs = |rows: &Rows| rows.columns.len() != names.len() || names.iter().any(|name| !has(rows, name));
        return match inputs.iter().position(differs) {
            Some(index) => {
                let message = format!(
                    "Query {} must share the same set of column names as the {list} list when using {clause}",
                    index + 1
                );
                Err(SqlError::rule(message, places[index]))
            }
            None => Ok(names),
        };
    }
    for column in columns {
        let missing = inputs.iter().position(|rows| !has(rows, &column.text));
        let everywhere = inputs.iter().all(|rows| !has(rows, &column.text));
        let name = &column.text;
        let message = match (matching.mode, missing) {
            (MatchMode::Full, _) if everywhere => {
                format!("The column name {name} from the {clause} list does not appear in any input queries.")
            }
            (MatchMode::Left, Some(0)) => {
                format!("The column name '{name}' from the LEFT {clause} list must appear in query 1")
            }
            (MatchMode::Inner | MatchMode::Plain, Some(index)) => format!(
                "The column name {name} from the {clause} list does not appear in query {}. All columns in the {list} list must appear in each input query unless FULL {words} or LEFT {words} is specified",
                index + 1
            ),
            _ => continue,
        };
        return Err(SqlError::name(message, column.position));
    }
    Ok(names)
}
