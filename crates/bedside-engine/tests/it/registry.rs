//! Every function that the resolver offers is implemented, or refused by name; the list of the latter only shrinks.

use crate::fixture::Home;
use bedside_sql::{FunctionKind, functions};

/// Functions that the resolver knows and the engine refuses.
pub(crate) const MISSING: &[&str] = &["session_user"];

/// Functions that have a form of their own in a plan, or that the resolver turns into another.
const NATIVE: &[&str] = &[
    "$and",
    "$in",
    "$is_false",
    "$is_null",
    "$is_true",
    "$not",
    "$or",
    "coalesce",
    "collate",
    "current_date",
    "current_datetime",
    "current_time",
    "current_timestamp",
    "grouping",
    "if",
    "ifnull",
    "max_by",
    "min_by",
    "nullif",
    "nullifzero",
    "typeof",
    "zeroifnull",
];

#[test]
fn what_is_offered_is_there_or_listed() {
    let missing: Vec<_> = functions()
        .map(|function| function.name)
        .filter(|name| !NATIVE.contains(name) && !bedside_functions::is_implemented(name))
        .collect();
    let listed: Vec<_> = functions().map(|function| function.name).filter(|name| MISSING.contains(name)).collect();
    assert_eq!(missing, listed);
    assert_eq!(listed.len(), MISSING.len(), "a listed function does not exist");
}

#[test]
fn what_is_not_there_is_refused_before_it_runs() {
    let home = Home::new();
    let error = home.prepare("SELECT SESSION_USER()").map(|_| ()).unwrap_err();
    assert!(error.contains("the function SESSION_USER is not supported"), "{error}");
    assert!(functions().any(|function| function.kind == FunctionKind::Window));
}
