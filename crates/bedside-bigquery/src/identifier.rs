//! Names in addresses. What is no name of BigQuery's never reaches the gate.

use crate::error::Failure;

const LONGEST: usize = 1024;

/// A project: letters, digits, `-`, `_`, and `.` or `:` of domain-scoped ones.
pub(crate) fn project(text: &str) -> Result<(), Failure> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':');
    check("project ID", text, allowed)
}

/// A dataset: letters, digits and `_`.
pub(crate) fn dataset(text: &str) -> Result<(), Failure> {
    check("dataset ID", text, |c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
}

/// A table: letters of any language, digits, `_`, `-` and blanks inside
/// (<https://cloud.google.com/bigquery/docs/tables#table_naming>); `INFORMATION_SCHEMA.X` has a dot.
pub(crate) fn table(text: &str) -> Result<(), Failure> {
    check("table ID", text, |c| c.is_alphanumeric() || matches!(c, '_' | '-' | ' ' | '$' | '.'))
}

/// A job: letters, digits, `_` and `-`.
pub(crate) fn job(text: &str) -> Result<(), Failure> {
    check("job ID", text, |c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
}

fn check(what: &str, text: &str, allowed: impl Fn(char) -> bool) -> Result<(), Failure> {
    let well_formed = !text.is_empty() && text.len() <= LONGEST && text.chars().all(allowed);
    if well_formed && !text.starts_with('.') && !text.contains("..") {
        return Ok(());
    }
    // Cut, so that an answer is not as long as a hostile request.
    let shown: String = text.chars().filter(|c| !c.is_control()).take(100).collect();
    Err(Failure::invalid(format!("Invalid {what} \"{shown}\".")))
}

#[cfg(test)]
mod tests {
    use super::{dataset, job, project, table};

    #[test]
    fn names_are_taken_and_tricks_are_not() {
        assert!(project("physionet-data").is_ok() && project("example.com:project-1").is_ok());
        assert!(dataset("mimiciv_3_1_icu").is_ok() && table("größe 2").is_ok() && job("bqjob_r1_2-3").is_ok());
        let long = "x".repeat(1025);
        for text in ["", "..", "../x", "a/b", "a\\b", "a\0b", ".hidden", "a\nb", "a..b", "x';--", &long] {
            for check in [project, dataset, table, job] {
                assert!(check(text).is_err(), "{text}");
            }
        }
        assert!(job("a.b").is_err() && dataset("a.b").is_err());
    }
}
