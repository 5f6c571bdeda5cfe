//! Wrong and private spellings of dataset names that occur in public code, and what they mean.

use crate::catalogue;
use crate::names::dataset_names;
use crate::version::numbers;
use crate::words::{Words, read};
use bedside_types::ReleaseKind;

/// The published name for a known wrong or private spelling, for hints: `mimiciv_3_1_hosp` for the `mimiciv_v3_1_hosp` of
/// a PhysioNet news item, `mimiciv_demo_2_2_icu` for `mimic_demo_icu`, `mimiciv_ed` for `mimiciv_3_1_ed` (there is no ED
/// 3.1). `None` for a name that is right already and for one that cannot be told.
pub fn published_spelling(name: &str) -> Option<String> {
    spell(name, &read(name)?)
}

fn spell(name: &str, words: &Words) -> Option<String> {
    let module = words.module.as_deref();
    let family = catalogue().family(&words.family)?;
    let release =
        family.releases.iter().filter(|release| (release.id.kind() == ReleaseKind::Demo) == words.demo).rfind(
            |release| words.version.as_ref().is_none_or(|version| numbers(release.id.version()) == numbers(version)),
        );
    let exact = release.filter(|_| words.demo || words.version.is_some());
    let release = exact.or_else(|| family.newest())?;
    let rules = dataset_names(&release.id, &release.schema_version);
    if rules.iter().any(|rule| rule.name.as_str() == name) {
        return None;
    }
    // A release without a version in its name, or with one that does not exist, can only be meant by its movable name.
    let mut rules = rules.iter().filter(|rule| rule.movable == exact.is_none());
    let all = release.modules.len();
    let found = match module {
        // The module `core` went into `hosp`.
        Some("core") if !release.modules.iter().any(|module| module == "core") => {
            rules.find(|rule| rule.modules == ["hosp"])
        }
        Some(module) => rules.find(|rule| rule.modules == [module]),
        None => rules.find(|rule| rule.modules.len() == all),
    };
    found.map(|rule| rule.name.to_string())
}

#[cfg(test)]
mod tests {
    use super::published_spelling;
    use crate::{catalogue, dataset_names};

    #[test]
    fn known_spellings_lead_to_the_published_names() {
        for (wrong, right) in [
            ("mimiciv_v3_1_hosp", "mimiciv_3_1_hosp"),
            ("mimiciv_v2_2_icu", "mimiciv_2_2_icu"),
            ("MIMICIV_3_1_HOSP", "mimiciv_3_1_hosp"),
            ("mimiciv_hosp_3_1", "mimiciv_3_1_hosp"),
            ("mimiciv-3.1-hosp", "mimiciv_3_1_hosp"),
            ("mimic_iv_hosp", "mimiciv_hosp"),
            ("mimic4_v2_0_hosp", "mimiciv_2_0_hosp"),
            ("mimic_hosp", "mimiciv_hosp"),
            ("mimic_core", "mimiciv_hosp"),
            ("mimiciv_core", "mimiciv_hosp"),
            ("mimiciv_1_0_core", ""),
            ("mimic_icu", "mimiciv_icu"),
            ("mimic_ed", "mimiciv_ed"),
            ("mimic_note", "mimiciv_note"),
            ("mimiciv_3_1_ed", "mimiciv_ed"),
            ("mimiciv_3_1_note", "mimiciv_note"),
            ("mimiciv_ed_2_2", "mimiciv_2_2_ed"),
            ("mimiciv_2_2_note", ""),
            ("mimiciv_notes", "mimiciv_note"),
            ("mimiciv_9_9_hosp", "mimiciv_hosp"),
            ("mimic_demo_hosp", "mimiciv_demo_2_2_hosp"),
            ("mimic_demo_core", "mimiciv_demo_2_2_hosp"),
            ("mimiciv_demo_icu", "mimiciv_demo_2_2_icu"),
            ("mimiciv_ed_demo", "mimiciv_demo_2_2_ed"),
            ("mimic3_v1_4", "mimiciii_1_4"),
            ("mimic_iii", "mimiciii"),
            ("mimic_iii_clinical", "mimiciii_clinical"),
            ("mimiciii_v1_4_notes", "mimiciii_1_4_notes"),
            ("mimic3_demo", "mimiciii_demo_1_4"),
            ("mimiciii_demo", ""),
            ("mimiciv_icu", ""),
            ("mimiciv_demo", ""),
            ("mimic_iv", ""),
            ("mimiciv_hosp_backup", ""),
            ("my_data", ""),
            ("", ""),
        ] {
            assert_eq!(published_spelling(wrong).unwrap_or_default(), right, "{wrong}");
        }
    }

    #[test]
    fn a_versioned_name_is_right_already() {
        for release in catalogue().releases() {
            for rule in dataset_names(&release.id, &release.schema_version).iter().filter(|rule| !rule.movable) {
                assert_eq!(published_spelling(rule.name.as_str()), None, "{}", rule.name);
            }
        }
    }
}
