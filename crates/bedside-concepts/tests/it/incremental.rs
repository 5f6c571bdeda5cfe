//! What is built again when something changes, and what is not.

use crate::fixture::{Home, built, shown};
use bedside_concepts::Definitions;

#[test]
fn every_concept_is_built_once() {
    let home = Home::new();
    let definitions = Definitions::embedded();
    let report = home.build(&definitions, &[]);
    let not_built: Vec<_> = report
        .concepts
        .iter()
        .map(|c| format!("{}: {}", c.name, shown(c)))
        .filter(|c| !c.ends_with(": built"))
        .collect();
    assert_eq!(not_built, Vec::<String>::new());
    for concept in &report.concepts {
        eprintln!("{} {:?} {:?} {:?}", concept.name, concept.rows, concept.elapsed, concept.warnings);
    }
    let again = home.build(&definitions, &[]);
    assert_eq!(built(&again), Vec::<&str>::new());
    eprintln!("{:?} {:?}", report.elapsed, again.elapsed);
}
