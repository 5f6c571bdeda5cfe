//! The registry against BigQuery's list of functions, and how what is refused reads.

use crate::catalog::Ward;
use bedside_sql::{
    Parameters, SqlErrorKind, differences, forms, function, refused_function, refused_functions, resolve,
};

/// Names of the reference, in capitals.
fn reference() -> impl Iterator<Item = &'static str> {
    let text = include_str!("bigquery_functions.txt");
    text.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace)
}

#[test]
fn no_function_of_the_reference_is_missing() {
    let known = |name: &&str| {
        function(name).is_some()
            || forms().any(|form| form.name == *name)
            || refused_functions().any(|group| group.names.contains(name))
    };
    let missing: Vec<_> = reference().filter(|name| !known(name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn what_differs_is_there() {
    for difference in differences() {
        assert!(function(difference.name).is_some(), "{}", difference.name);
    }
}

#[test]
fn what_is_refused_says_why_and_what_comes_nearest() {
    for (sql, message, hint) in [
        (
            "SELECT ST_GEOGPOINT(1, 2)",
            "ST_GEOGPOINT is not supported: there is no type GEOGRAPHY here",
            "keep places as",
        ),
        ("SELECT ML.SOMETHING(1)", "ML.SOMETHING is not supported: there are no models here", "export the rows"),
        (
            "SELECT ARRAY_INCLUDES([1], 1)",
            "ARRAY_INCLUDES is not supported: it is a function of GoogleSQL",
            "IN UNNEST",
        ),
        ("SELECT SAFE.KEYS.NEW_KEYSET('x')", "KEYS.NEW_KEYSET is not supported: there is no service", "SHA256"),
    ] {
        let error = resolve(sql, &Ward, &Parameters::default()).unwrap_err();
        assert_eq!(error.kind, SqlErrorKind::Unsupported, "{sql}");
        assert!(error.message.starts_with(message), "{}", error.message);
        assert!(error.hint().is_some_and(|text| text.contains(hint)), "{sql}");
    }
    assert!(refused_function("st_anything_new").is_some());
}
