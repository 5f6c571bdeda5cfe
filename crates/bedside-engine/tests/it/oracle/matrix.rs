//! `docs/reference/conformance.md`: how many answers are equal, by family and kind. With `BEDSIDE_UPDATE=1` it is written anew.

use super::gold::{Case, Exception, Kind};
use super::run::Outcome;
use crate::fixture::workspace;
use std::fmt::Write as _;

const HEAD: &str = "\
# Conformance with GoogleSQL

Made by `BEDSIDE_UPDATE=1 cargo test -p bedside-engine --test it oracle`; do not edit.

Every case is a statement whose answer (names, types, rows, or that it is refused) was recorded from Google's reference
implementation of GoogleSQL; `tests/oracle/README.md` says how. Equal answers of all, by what a case is about:

";

const KINDS: [Kind; 4] = [Kind::Value, Kind::Null, Kind::Edge, Kind::Refusal];

/// Compares the page with what was found, or writes it.
pub(super) fn check(cases: &[Case], outcomes: &[Outcome], exceptions: &[Exception], faults: &mut Vec<String>) {
    let path = workspace().join("docs/reference/conformance.md");
    let text = page(cases, outcomes, exceptions);
    if std::env::var_os("BEDSIDE_UPDATE").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    if std::fs::read_to_string(&path).ok().as_ref() != Some(&text) {
        faults.push("docs/reference/conformance.md is out of date".to_owned());
    }
}

fn page(cases: &[Case], outcomes: &[Outcome], exceptions: &[Exception]) -> String {
    let mut text = HEAD.to_owned();
    let _ = writeln!(text, "| family | value | NULL | edge | refusal | all |\n|---|---|---|---|---|---|");
    let mut families: Vec<&str> = Vec::new();
    for case in cases {
        if !families.contains(&case.family.as_str()) {
            families.push(&case.family);
        }
    }
    let all = || cases.iter().zip(outcomes);
    for family in families.into_iter().map(Some).chain([None]) {
        let _ = write!(text, "| {} |", family.unwrap_or("**all**"));
        for kind in KINDS.into_iter().map(Some).chain([None]) {
            let of = |case: &Case| family.is_none_or(|f| case.family == f) && kind.is_none_or(|k| case.kind == k);
            let total = all().filter(|(case, _)| of(case)).count();
            let equal = all().filter(|(case, outcome)| of(case) && outcome.difference.is_none()).count();
            let _ = write!(text, " {equal} / {total} |");
        }
        text.push('\n');
    }
    // Those without a place come while rows are computed: which of several rows is named first is not fixed.
    let placed = |case: &Case| case.refusal.as_ref().is_some_and(|refusal| refusal.at.is_some());
    let refused = all().filter(|(case, outcome)| placed(case) && outcome.difference.is_none());
    let (both, same) = refused.fold((0, 0), |(both, same), (_, o)| (both + 1, same + usize::from(o.same_message)));
    let _ = write!(
        text,
        "\nOf {both} refusals of both sides before a statement runs, {same} have the same text and place.\n"
    );
    let _ = write!(text, "\n## Where the answers differ\n\n| statement | why |\n|---|---|\n");
    for exception in exceptions {
        let source = exception.source.as_ref().map(|url| format!(" ([source]({url}))")).unwrap_or_default();
        let statement = exception.statement.replace('|', "\\|").replace('\n', " ");
        let _ = writeln!(text, "| `{statement}` | {}{source} |", exception.reason);
    }
    text
}
