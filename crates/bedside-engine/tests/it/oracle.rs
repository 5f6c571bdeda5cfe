//! The recorded conformance suite: what Google's reference implementation of GoogleSQL answers (`tests/oracle/gold`), against
//! what the engine answers. `tests/oracle/README.md` says how it is recorded and what is compared.

mod cell;
mod gold;
mod matrix;
mod run;

use crate::fixture::{Home, workspace};
use gold::{Case, Exception, Kind};
use run::Outcome;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

/// Shares of equal answers that must be reached: in every family, and over all.
const FAMILY_SHARE: f64 = 0.98;
const SHARE: f64 = 0.99;

#[test]
fn answers_are_those_of_the_reference_implementation() {
    let folder = workspace().join("tests/oracle");
    let cases = gold::cases(&folder.join("gold"));
    let exceptions = gold::exceptions(&folder.join("exceptions.toml"));
    let home = Home::new();
    let outcomes = run::all(&home, &cases);

    let mut faults = Vec::new();
    let listed: HashMap<&str, &Exception> =
        exceptions.iter().map(|exception| (exception.id.as_str(), exception)).collect();
    let mut report = String::new();
    let mut families: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (case, outcome) in cases.iter().zip(&outcomes) {
        let exception = listed.get(case.id.as_str());
        // Where BigQuery documents another answer than the reference implementation's, there is none to reach here.
        if exception.is_none_or(|exception| exception.source.is_none()) {
            let (passed, total) = families.entry(&case.family).or_default();
            *total += 1;
            *passed += usize::from(outcome.difference.is_none());
        }
        match (&outcome.difference, exception) {
            (Some(difference), None) => {
                faults.push(format!("{} ({}): {}\n  {difference}", case.id, case.family, case.statement));
                let line = serde_json::json!([case.family, case.kind, case.id, case.statement, difference]);
                let _ = writeln!(report, "{line}");
            }
            (None, Some(_)) => faults.push(format!("{}: listed as an exception, but equal", case.id)),
            _ => {}
        }
    }
    // For whoever works on the differences: every one, by line.
    let _ = std::fs::write(workspace().join("target/oracle-differences.jsonl"), report);
    let _ = std::fs::write(workspace().join("target/oracle-messages.jsonl"), messages(&cases, &outcomes));

    faults.extend(unknown(&exceptions, &cases));
    faults.extend(shares(&families));
    matrix::check(&cases, &outcomes, &exceptions, &mut faults);
    let shown = faults.iter().take(40).cloned().collect::<Vec<_>>().join("\n");
    assert!(faults.is_empty(), "{} faults in {} cases:\n{shown}", faults.len(), cases.len());
}

fn unknown(exceptions: &[Exception], cases: &[Case]) -> Vec<String> {
    let missing = exceptions.iter().filter(|exception| !cases.iter().any(|case| case.id == exception.id));
    missing.map(|exception| format!("{}: listed as an exception, but there is no such case", exception.id)).collect()
}

fn shares(families: &BTreeMap<&str, (usize, usize)>) -> Vec<String> {
    let low = |passed: usize, total: usize, share: f64| (passed as f64) < share * total as f64;
    let mut faults: Vec<String> = families
        .iter()
        .filter(|(_, (passed, total))| low(*passed, *total, FAMILY_SHARE))
        .map(|(family, (passed, total))| format!("{family}: only {passed} of {total} are equal"))
        .collect();
    let (passed, total) = families.values().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    if low(passed, total, SHARE) {
        faults.push(format!("only {passed} of {total} are equal"));
    }
    faults
}

/// Refusals of both sides that read differently, by line.
fn messages(cases: &[Case], outcomes: &[Outcome]) -> String {
    let mut text = String::new();
    for (case, outcome) in cases.iter().zip(outcomes) {
        if let (Kind::Refusal, Some(ours), Some(refusal)) = (case.kind, &outcome.refusal, &case.refusal)
            && !outcome.same_message
        {
            let line = serde_json::json!([case.family, case.id, case.statement, refusal.text(), ours]);
            let _ = writeln!(text, "{line}");
        }
    }
    text
}
