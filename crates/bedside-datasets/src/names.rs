//! The dataset names that a release answers to, and which release a movable name means.
//!
//! The names are those of BigQuery's `physionet-data`: `mimiciv_3_1_hosp` never moves, `mimiciv_hosp` follows what is
//! installed. Releases with the schema of 1.0 keep the names that they had then, `mimic_core`, `mimic_hosp`, `mimic_icu`,
//! because queries written for those names expect those columns.

use crate::version::numbers;
use bedside_types::{DatasetName, ReleaseId, ReleaseKind};
use std::cmp::Reverse;

/// The module that holds the tables derived from a release's own.
pub const DERIVED: &str = "derived";

/// A dataset name of a release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatasetRule {
    /// The name.
    pub name: DatasetName,
    /// The modules whose tables it holds.
    pub modules: Vec<String>,
    /// Whether other releases may have the name too, so that it points at one of them (see [`movable_target`]).
    pub movable: bool,
}

/// The names that a release answers to, versioned ones first. `schema_version` is that of
/// [`Release`](crate::Release::schema_version). A family that is not known has none.
pub fn dataset_names(release: &ReleaseId, schema_version: &str) -> Vec<DatasetRule> {
    let demo = release.kind() == ReleaseKind::Demo;
    let version = release.version().replace(['-', '.'], "_");
    let first_names = numbers(schema_version) < vec![2];
    let mut rules = Vec::new();
    match release.family() {
        "mimiciv" if first_names => {
            rules.extend(
                ["core", "hosp", "icu"].map(|module| (format!("mimiciv_{version}_{module}"), vec![module], false)),
            );
            rules.extend(["core", "hosp", "icu"].map(|module| (format!("mimic_{module}"), vec![module], true)));
            rules.push((format!("mimiciv_{version}_{DERIVED}"), vec![DERIVED], false));
            rules.push((format!("mimic_{DERIVED}"), vec![DERIVED], true));
        }
        "mimiciv" => {
            let modules = ["hosp", "icu", DERIVED];
            rules.extend(modules.map(|module| (format!("mimiciv_{version}_{module}"), vec![module], false)));
            rules.extend(modules.map(|module| (format!("mimiciv_{module}"), vec![module], true)));
        }
        "mimiciv-ed" => {
            rules.push((format!("mimiciv_{version}_ed"), vec!["ed"], false));
            rules.push((if first_names { "mimic_ed" } else { "mimiciv_ed" }.to_owned(), vec!["ed"], true));
        }
        "mimiciv-note" => {
            rules.push((format!("mimiciv_{version}_note"), vec!["note"], false));
            rules.push(("mimiciv_note".to_owned(), vec!["note"], true));
        }
        "mimiciii" => {
            let all = || vec!["clinical", "notes"];
            let modules = ["clinical", "notes", DERIVED];
            rules.extend(modules.map(|module| (format!("mimiciii_{version}_{module}"), vec![module], false)));
            rules.push((format!("mimiciii_{version}"), all(), false));
            rules.extend(modules.map(|module| (format!("mimiciii_{module}"), vec![module], true)));
            rules.push(("mimiciii".to_owned(), all(), true));
            if demo {
                rules.push(("mimiciii_demo".to_owned(), all(), true));
            }
        }
        _ => {}
    }
    // A release's characters are a subset of a dataset's once `-` and `.` are replaced, so every name is sound.
    rules.into_iter().filter_map(|(name, modules, movable)| rule(&name, &modules, movable)).collect()
}

/// The movable names as they are meant where everything is of one release: what a concept is built from. Beside the
/// release's own they are those of the newest schema, so that one text fits all: `mimiciv_hosp` of a release with the schema
/// of 1.0 holds its hosp and its core.
pub fn names_within(release: &ReleaseId, schema_version: &str) -> Vec<DatasetRule> {
    let mut rules: Vec<_> = dataset_names(release, schema_version).into_iter().filter(|rule| rule.movable).collect();
    if release.family() == "mimiciv" && numbers(schema_version) < vec![2] {
        let newest = [("mimiciv_hosp", vec!["hosp", "core"]), ("mimiciv_icu", vec!["icu"])];
        rules.extend(newest.into_iter().filter_map(|(name, modules)| rule(name, &modules, true)));
        rules.extend(rule(&format!("mimiciv_{DERIVED}"), &[DERIVED], true));
    }
    rules
}

fn rule(name: &str, modules: &[&str], movable: bool) -> Option<DatasetRule> {
    let modules = modules.iter().map(|module| (*module).to_owned()).collect();
    Some(DatasetRule { name: name.parse().ok()?, modules, movable })
}

/// A release in a warehouse, as far as movable names depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Installed<'a> {
    /// The release.
    pub release: &'a ReleaseId,
    /// The full release whose schema it has.
    pub schema_version: &'a str,
    /// When it was first loaded: RFC 3339 in UTC, all with the same number of digits, so that text order is time order.
    pub created: &'a str,
}

/// The release that a movable name means: the newest full release by version, else the local copy created last, else the
/// newest demo, else the synthetic release created last. `None` where no installed release answers to the name as a
/// movable one.
pub fn movable_target<'a>(name: &DatasetName, installed: &[Installed<'a>]) -> Option<Installed<'a>> {
    let answers = |candidate: &&Installed<'_>| {
        let rules = dataset_names(candidate.release, candidate.schema_version);
        rules.iter().any(|rule| rule.movable && rule.name == *name)
    };
    installed.iter().filter(answers).copied().max_by(|a, b| preference(a).cmp(&preference(b)))
}

/// What the winner has most of; the name decides where all else is equal, so that the order of candidates never does.
fn preference<'a>(candidate: &Installed<'a>) -> (Reverse<ReleaseKind>, Vec<u64>, &'a str, &'a str) {
    let kind = candidate.release.kind();
    let versioned = matches!(kind, ReleaseKind::Full | ReleaseKind::Demo);
    let version = if versioned { numbers(candidate.release.version()) } else { Vec::new() };
    (Reverse(kind), version, candidate.created, candidate.release.as_str())
}

#[cfg(test)]
mod tests {
    use super::{DERIVED, Installed, dataset_names, movable_target, names_within};
    use crate::catalogue;
    use bedside_types::ReleaseId;
    use std::collections::HashMap;

    fn check(release: &str, schema_version: &str, fixed: &[&str], movable: &[&str]) {
        let rules = dataset_names(&release.parse().unwrap(), schema_version);
        let names = |wanted: bool| -> Vec<_> {
            rules.iter().filter(|rule| rule.movable == wanted).map(|rule| rule.name.as_str()).collect()
        };
        assert_eq!(names(false), fixed, "{release}");
        assert_eq!(names(true), movable, "{release}");
    }

    #[test]
    fn releases_answer_to_the_published_names() {
        let iv = ["mimiciv_hosp", "mimiciv_icu", "mimiciv_derived"];
        let old = ["mimic_core", "mimic_hosp", "mimic_icu", "mimic_derived"];
        check("mimiciv-3.1", "3.1", &["mimiciv_3_1_hosp", "mimiciv_3_1_icu", "mimiciv_3_1_derived"], &iv);
        check("mimiciv-2.0", "2.0", &["mimiciv_2_0_hosp", "mimiciv_2_0_icu", "mimiciv_2_0_derived"], &iv);
        check(
            "mimiciv-1.0",
            "1.0",
            &["mimiciv_1_0_core", "mimiciv_1_0_hosp", "mimiciv_1_0_icu", "mimiciv_1_0_derived"],
            &old,
        );
        check(
            "mimiciv-demo-2.2",
            "2.2",
            &["mimiciv_demo_2_2_hosp", "mimiciv_demo_2_2_icu", "mimiciv_demo_2_2_derived"],
            &iv,
        );
        check(
            "mimiciv-synth-1-100-7",
            "3.1",
            &["mimiciv_synth_1_100_7_hosp", "mimiciv_synth_1_100_7_icu", "mimiciv_synth_1_100_7_derived"],
            &iv,
        );
        check(
            "mimiciv-local-1a2b3c4d",
            "3.1",
            &["mimiciv_local_1a2b3c4d_hosp", "mimiciv_local_1a2b3c4d_icu", "mimiciv_local_1a2b3c4d_derived"],
            &iv,
        );
        let local = ["core", "hosp", "icu", "derived"].map(|module| format!("mimiciv_local_1a2b3c4d_{module}"));
        let local = local.each_ref().map(String::as_str);
        check("mimiciv-local-1a2b3c4d", "1.0", &local, &old);
        check("mimiciv-ed-2.2", "2.2", &["mimiciv_2_2_ed"], &["mimiciv_ed"]);
        check("mimiciv-ed-1.0", "1.0", &["mimiciv_1_0_ed"], &["mimic_ed"]);
        check("mimiciv-ed-demo-2.2", "2.2", &["mimiciv_demo_2_2_ed"], &["mimiciv_ed"]);
        check("mimiciv-ed-local-1a2b3c4d", "2.2", &["mimiciv_local_1a2b3c4d_ed"], &["mimiciv_ed"]);
        check("mimiciv-note-2.2", "2.2", &["mimiciv_2_2_note"], &["mimiciv_note"]);
        let iii = ["mimiciii_clinical", "mimiciii_notes", "mimiciii_derived", "mimiciii"];
        let fixed = ["mimiciii_1_4_clinical", "mimiciii_1_4_notes", "mimiciii_1_4_derived", "mimiciii_1_4"];
        check("mimiciii-1.4", "1.4", &fixed, &iii);
        let fixed =
            ["mimiciii_demo_1_4_clinical", "mimiciii_demo_1_4_notes", "mimiciii_demo_1_4_derived", "mimiciii_demo_1_4"];
        let demo = ["mimiciii_clinical", "mimiciii_notes", "mimiciii_derived", "mimiciii", "mimiciii_demo"];
        check("mimiciii-demo-1.4", "1.4", &fixed, &demo);
        check("omop-5.4", "5.4", &[], &[]);
    }

    #[test]
    fn every_published_release_has_its_modules_under_names_of_its_own() {
        let mut owners = HashMap::new();
        for release in catalogue().releases() {
            let rules = dataset_names(&release.id, &release.schema_version);
            for module in &release.modules {
                assert!(
                    rules.iter().any(|rule| !rule.movable && rule.modules == [module.clone()]),
                    "{} {module}",
                    release.id
                );
            }
            for rule in rules {
                let known = |module: &String| module == DERIVED || release.modules.contains(module);
                assert!(rule.modules.iter().all(known), "{}", rule.name);
                if !rule.movable {
                    assert_eq!(owners.insert(rule.name.clone(), &release.id), None, "{}", rule.name);
                }
            }
        }
    }

    #[test]
    fn within_a_release_the_newest_names_mean_its_own_tables() {
        let check = |release: &str, schema_version: &str, expected: &[&str]| {
            let rules = names_within(&release.parse().unwrap(), schema_version);
            let shown: Vec<_> = rules.iter().map(|rule| format!("{} {}", rule.name, rule.modules.join("+"))).collect();
            assert_eq!(shown, expected, "{release}");
        };
        let newest = ["mimiciv_hosp hosp", "mimiciv_icu icu", "mimiciv_derived derived"];
        check("mimiciv-3.1", "3.1", &newest);
        check("mimiciv-demo-2.2", "2.2", &newest);
        let first = ["mimic_core core", "mimic_hosp hosp", "mimic_icu icu", "mimic_derived derived"];
        let both = ["mimiciv_hosp hosp+core", "mimiciv_icu icu", "mimiciv_derived derived"];
        check("mimiciv-1.0", "1.0", &[first.as_slice(), &both].concat());
    }

    /// Installed releases as `name created`, the expected one first; every rotation must give it.
    fn check_target(name: &str, schema_version: &str, installed: &[(&str, &str)], expected: Option<&str>) {
        let ids: Vec<(ReleaseId, &str)> = installed.iter().map(|(id, at)| (id.parse().unwrap(), *at)).collect();
        for shift in 0..ids.len().max(1) {
            let mut candidates: Vec<_> =
                ids.iter().map(|(release, created)| Installed { release, schema_version, created }).collect();
            candidates.rotate_left(shift);
            let target = movable_target(&name.parse().unwrap(), &candidates);
            assert_eq!(target.map(|target| target.release.as_str()), expected, "{name} {installed:?}");
        }
    }

    #[test]
    fn a_movable_name_prefers_full_then_local_then_demo_then_synthetic() {
        let (early, late) = ("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z");
        let full = [("mimiciv-2.2", late), ("mimiciv-2.10", early), ("mimiciv-local-1a2b3c4d", late)];
        check_target("mimiciv_hosp", "2.2", &full, Some("mimiciv-2.10"));
        let local = [("mimiciv-local-ffffffff", early), ("mimiciv-local-00000000", late), ("mimiciv-demo-2.2", late)];
        check_target("mimiciv_icu", "2.2", &local, Some("mimiciv-local-00000000"));
        let demo = [("mimiciv-demo-2.2", early), ("mimiciv-synth-1-300000-9", late)];
        check_target("mimiciv_hosp", "2.2", &demo, Some("mimiciv-demo-2.2"));
        let synthetic = [("mimiciv-synth-1-999-7", early), ("mimiciv-synth-1-100-7", late)];
        check_target("mimiciv_hosp", "2.2", &synthetic, Some("mimiciv-synth-1-100-7"));
        check_target(
            "mimiciii_demo",
            "1.4",
            &[("mimiciii-1.4", late), ("mimiciii-demo-1.4", early)],
            Some("mimiciii-demo-1.4"),
        );
        check_target("mimiciii", "1.4", &[("mimiciii-1.4", early), ("mimiciii-demo-1.4", late)], Some("mimiciii-1.4"));
        check_target("mimiciv_ed", "2.2", &[("mimiciv-demo-2.2", late)], None);
        check_target("mimiciv_3_1_hosp", "3.1", &[("mimiciv-3.1", late)], None);
        check_target("mimiciv_hosp", "1.0", &[("mimiciv-1.0", late)], None);
        check_target("mimic_core", "1.0", &[("mimiciv-1.0", late)], Some("mimiciv-1.0"));
        check_target("mimiciv_hosp", "2.2", &[], None);
    }
}
