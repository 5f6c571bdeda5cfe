//! Runs the cases and says what differs.

use super::cell::Cell;
use super::gold::{Case, Stage};
use crate::fixture::Home;
use bedside_engine::ResultColumn;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Functions whose last bits may differ, and by how many units in the last place.
const UNITS: &[(&str, u64)] = &[
    // The reference implementation calls the mathematical library that it was compiled with (musl's), BigQuery another.
    ("SIN", 1),
    ("COS", 1),
    ("CBRT", 1),
    ("ATAN2", 1),
    // It adds up squares in doubles, row by row, so that its last bits depend on the order of the rows; ours are exact
    // until the end.
    ("STDDEV", 2),
    ("STDDEV_SAMP", 2),
    ("STDDEV_POP", 2),
    ("VARIANCE", 2),
    ("VAR_SAMP", 2),
    ("VAR_POP", 2),
    ("CORR", 2),
];

/// What came of a case.
#[derive(Clone, Debug, Default)]
pub(super) struct Outcome {
    /// How the answer differs; `None` where it does not.
    pub(super) difference: Option<String>,
    /// Our message, where the engine refused.
    pub(super) refusal: Option<String>,
    /// Whether both refused with the same text and place.
    pub(super) same_message: bool,
}

/// The outcomes of all cases, in their order.
pub(super) fn all(home: &Home, cases: &[Case]) -> Vec<Outcome> {
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut done = Vec::new();
        while let Some((at, case)) = take(&next, cases) {
            done.push((at, outcome(home, case)));
        }
        done
    };
    let mut outcomes = vec![Outcome::default(); cases.len()];
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(worker)).collect();
        for (at, outcome) in threads.into_iter().flat_map(|thread| thread.join().unwrap()) {
            outcomes[at] = outcome;
        }
    });
    outcomes
}

fn take<'a>(next: &AtomicUsize, cases: &'a [Case]) -> Option<(usize, &'a Case)> {
    let at = next.fetch_add(1, Ordering::Relaxed);
    cases.get(at).map(|case| (at, case))
}

type Answer = (Vec<ResultColumn>, Vec<Vec<Cell>>);

fn outcome(home: &Home, case: &Case) -> Outcome {
    match (answer(home, &case.statement), &case.refusal) {
        (Ok(answer), None) => Outcome { difference: difference(case, &answer), ..Outcome::default() },
        (Ok((_, rows)), Some(refusal)) => {
            let difference = format!("refused there: {}; here: {rows:?}", refusal.text());
            Outcome { difference: Some(difference), ..Outcome::default() }
        }
        (Err((_, ours)), None) => {
            let difference = format!("refused here: {ours}; there: {:?} {:?}", case.columns, case.rows);
            Outcome { difference: Some(difference), refusal: Some(ours), ..Outcome::default() }
        }
        (Err((_, ours)), Some(_)) if ours.starts_with("internal error") => {
            Outcome { difference: Some(ours.clone()), refusal: Some(ours), same_message: false }
        }
        (Err((stage, ours)), Some(refusal)) => {
            let same_message = ours == refusal.text() && (stage == refusal.stage || refusal.stage == Stage::Run);
            Outcome { difference: None, refusal: Some(ours), same_message }
        }
    }
}

fn answer(home: &Home, statement: &str) -> Result<Answer, (Stage, String)> {
    let prepared = home.prepare(statement).map_err(|error| (Stage::Analysis, error))?;
    let run = |error: bedside_engine::Error| (Stage::Run, error.to_string());
    let mut rows = Vec::new();
    for batch in prepared.execute().map_err(run)? {
        let batch = batch.map_err(run)?;
        for row in 0..batch.num_rows() {
            rows.push(batch.columns().iter().map(|column| Cell::ours(column, row)).collect());
        }
    }
    Ok((prepared.columns().to_vec(), rows))
}

fn difference(case: &Case, (columns, rows): &Answer) -> Option<String> {
    let types: Vec<String> = columns.iter().map(|column| column.sql_type.to_string()).collect();
    if !types.iter().eq(case.columns.iter().map(|(_, sql_type)| sql_type)) {
        return Some(format!("types {types:?}, there {:?}", case.columns));
    }
    // BigQuery names what has no name; the reference implementation leaves it empty.
    let mut unnamed = 0..;
    let names: Vec<String> = case
        .columns
        .iter()
        .map(|(name, _)| match name.as_str() {
            "" => format!("f{}_", unnamed.next().unwrap_or_default()),
            name => name.to_owned(),
        })
        .collect();
    if !columns.iter().map(|column| &column.name).eq(&names) {
        let ours: Vec<&String> = columns.iter().map(|column| &column.name).collect();
        return Some(format!("names {ours:?}, there {names:?}"));
    }
    let recorded = |row: &Vec<serde_json::Value>| -> Vec<Cell> {
        row.iter().zip(columns).map(|(value, column)| Cell::recorded(value, &column.sql_type)).collect()
    };
    let mut expected: Vec<Vec<Cell>> = case.rows.iter().map(recorded).collect();
    let mut rows = rows.clone();
    if !case.ordered {
        let key = |row: &Vec<Cell>| format!("{row:?}");
        expected.sort_by_key(key);
        rows.sort_by_key(key);
    }
    let statement = case.statement.to_ascii_uppercase();
    let units = UNITS.iter().filter(|(name, _)| statement.contains(&format!("{name}("))).map(|(_, units)| *units);
    let units = units.max().unwrap_or(0);
    let same = |(a, b): (&Vec<Cell>, &Vec<Cell>)| a.iter().zip(b).all(|(a, b)| a.equals(b, units));
    let equal = rows.len() == expected.len() && rows.iter().zip(&expected).all(same);
    (!equal).then(|| format!("{rows:?}, there {expected:?}"))
}
