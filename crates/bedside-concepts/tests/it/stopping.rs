//! A stop at any moment leaves whole tables, and the next build goes on.

use crate::fixture::{Home, built};
use bedside_concepts::Family::MimicIv;
use bedside_concepts::{Definitions, Error, Event, Outcome};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

const WANTED: [&str; 3] = ["first_day_height", "first_day_weight", "icustay_detail"];

#[test]
fn a_build_that_is_stopped_goes_on_where_it_was() {
    for after in 0..4 {
        let home = Home::new();
        let definitions = Definitions::embedded(MimicIv);
        let stop = AtomicBool::new(after == 0);
        let done = AtomicUsize::new(0);
        let progress = |event: Event<'_>| {
            if matches!(event, Event::ConceptDone { .. }) && done.fetch_add(1, Ordering::SeqCst) + 1 == after {
                stop.store(true, Ordering::SeqCst);
            }
        };
        let stopped = home.build_until(&definitions, &WANTED, &progress, &stop);
        assert!(matches!(stopped, Err(Error::Stopped)), "after {after}: {stopped:?}");
        let before: Vec<String> = derived(&home);
        assert!(before.len() >= after.min(1) && before.len() < 5, "{before:?}");
        let report = home.build(&definitions, &WANTED);
        assert!(report.concepts.iter().all(|c| matches!(c.outcome, Outcome::Built | Outcome::Unchanged)), "{report:?}");
        assert_eq!(built(&report).len() + before.len(), 5, "what was there is not built again");
    }
}

#[test]
fn a_stop_within_a_table_leaves_nothing_of_it() {
    let home = Home::new();
    let definitions = Definitions::embedded(MimicIv);
    let stop = AtomicBool::new(false);
    let progress = |event: Event<'_>| {
        if matches!(event, Event::ConceptStarted { name: "vitalsign" }) {
            stop.store(true, Ordering::SeqCst);
        }
    };
    let stopped = home.build_until(&definitions, &["vitalsign"], &progress, &stop);
    assert!(matches!(stopped, Err(Error::Stopped)), "{stopped:?}");
    assert!(home.table("vitalsign").is_none());
    assert_eq!(built(&home.build(&definitions, &["vitalsign"])), ["vitalsign"]);
}

#[test]
fn files_that_a_killed_build_left_are_swept() {
    let home = Home::new();
    let definitions = Definitions::embedded(MimicIv);
    let folder = home.path().join("releases").join(home.release.as_str()).join("derived/height/patient/00000000");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(".tmp-part-00000.parquet"), "half").unwrap();
    std::fs::write(folder.join("part-00001.parquet"), "unpublished").unwrap();
    assert_eq!(built(&home.build(&definitions, &["height"])), ["height"]);
    assert!(!folder.exists());
}

fn derived(home: &Home) -> Vec<String> {
    home.manifest().tables.values().filter(|t| t.derivation.is_some()).map(|t| t.name.clone()).collect()
}
