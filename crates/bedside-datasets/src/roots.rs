//! Splits a list of files into releases that lie beside each other.

use crate::catalogue;
use crate::path::{family_has, is_module, is_table, module_has, split, stem};
use std::collections::{BTreeMap, BTreeSet};

/// The files of one release, as far as paths can tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root {
    /// The folder that holds the release, with `/`, relative to where the paths begin; empty for that place itself. It is the
    /// folder above `hosp`, `icu`, `core`, `ed`, `note`, or the one that holds the tables.
    pub path: String,
    /// The families whose tables these can be. ED and Note that were unpacked over MIMIC-IV are roots of their own with the
    /// same path.
    pub families: Vec<String>,
    /// Places in the list of paths: tables of this release, and the csv files beside them that are no known tables.
    pub files: Vec<usize>,
}

/// Groups the files below one folder, or in one zip, into releases, by path. Files that are no csv, and csv files with no
/// table near them, are in no root; no root at all means that there is no MIMIC.
///
/// ```
/// let paths = ["iv/hosp/patients.csv.gz", "iv/icu/icustays.csv.gz", "iv/ed/triage.csv.gz", "iii/PATIENTS.csv"];
/// let roots = bedside_datasets::split_roots(&paths);
/// let seen: Vec<_> = roots.iter().map(|root| (root.path.as_str(), root.files.as_slice())).collect();
/// assert_eq!(seen, [("iii", [3].as_slice()), ("iv", &[0, 1]), ("iv", &[2])]);
/// ```
pub fn split_roots<P: AsRef<str>>(paths: &[P]) -> Vec<Root> {
    let files: Vec<(usize, String, String)> = paths
        .iter()
        .enumerate()
        .filter_map(|(i, path)| {
            let path = path.as_ref().replace('\\', "/");
            let stem = stem(&path)?;
            Some((i, directory(&path, &stem), stem))
        })
        .collect();
    let modules = module_directories(&files);
    let root_of = |directory: &str| if modules.contains(directory) { split(directory).0 } else { directory }.to_owned();

    let mut roots: BTreeMap<(String, Group), Vec<usize>> = BTreeMap::new();
    for (i, directory, stem) in files.iter().filter(|(_, _, stem)| is_table(stem)) {
        roots.entry((root_of(directory), Group::of(stem))).or_default().push(*i);
    }
    // A csv file that is no table goes with the first release whose tables lie in the same root.
    for (i, directory, _) in files.iter().filter(|(_, _, stem)| !is_table(stem)) {
        let path = root_of(directory);
        if let Some((_, files)) = roots.iter_mut().find(|((root, _), _)| *root == path) {
            files.push(*i);
        }
    }
    roots
        .into_iter()
        .map(|((path, group), mut files)| {
            files.sort_unstable();
            Root { path, families: group.families(), files }
        })
        .collect()
}

/// The families that can lie in one release's folder: MIMIC-III and IV share most names and are told apart later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    Clinical,
    Ed,
    Note,
}

impl Group {
    fn of(stem: &str) -> Self {
        if family_has("mimiciv-ed", stem) {
            Self::Ed
        } else if family_has("mimiciv-note", stem) {
            Self::Note
        } else {
            Self::Clinical
        }
    }

    fn families(self) -> Vec<String> {
        let names = catalogue().families().iter().map(|family| family.name.clone());
        match self {
            Self::Clinical => names.filter(|name| name != "mimiciv-ed" && name != "mimiciv-note").collect(),
            Self::Ed => vec!["mimiciv-ed".to_owned()],
            Self::Note => vec!["mimiciv-note".to_owned()],
        }
    }
}

/// Where the file lies, without a folder named as the file itself, which some unpackers make (`patients.csv/patients.csv`).
fn directory(path: &str, table: &str) -> String {
    let (directory, _) = split(path);
    let (above, last) = split(directory);
    let last = last.to_ascii_lowercase();
    let last = last.strip_suffix(".gz").unwrap_or(&last);
    if last.strip_suffix(".csv").unwrap_or(last) == table { above.to_owned() } else { directory.to_owned() }
}

/// The directories that are modules of a release: named as one, and at least half of their tables are that module's (a
/// folder named `icu` may hold all of MIMIC-III).
fn module_directories(files: &[(usize, String, String)]) -> BTreeSet<String> {
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (_, directory, stem) in files {
        let folder = split(directory).1;
        if is_module(folder) && is_table(stem) {
            let count = counts.entry(directory).or_default();
            count.0 += 1;
            count.1 += usize::from(module_has(folder, stem));
        }
    }
    counts.into_iter().filter(|(_, (all, own))| own * 2 >= *all).map(|(directory, _)| directory.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::split_roots;
    use crate::catalogue;

    /// Expected roots as `path: files` with the files' numbers.
    fn check(paths: &[&str], expected: &[(&str, &str, &[usize])]) {
        let roots = split_roots(paths);
        let seen: Vec<_> =
            roots.iter().map(|root| (root.path.as_str(), root.families.join(" "), root.files.clone())).collect();
        let expected: Vec<_> =
            expected.iter().map(|(path, families, files)| (*path, (*families).to_owned(), files.to_vec())).collect();
        assert_eq!(seen, expected, "{paths:?}");
    }

    const BOTH: &str = "mimiciii mimiciv";

    #[test]
    fn releases_in_separate_folders_are_separate_roots() {
        check(&["hosp/admissions.csv.gz", "icu/icustays.csv.gz", "LICENSE.txt"], &[("", BOTH, &[0, 1])]);
        check(&["core/admissions.csv", "hosp/emar.csv", "icu/icustays.csv"], &[("", BOTH, &[0, 1, 2])]);
        check(
            &["data/mimic-iv-demo/hosp/omr.csv.gz", "data/mimic-iv-ed/ed/triage.csv.gz", "data/mimic-iii/CALLOUT.csv"],
            &[
                ("data/mimic-iii", BOTH, &[2]),
                ("data/mimic-iv-demo", BOTH, &[0]),
                ("data/mimic-iv-ed", "mimiciv-ed", &[1]),
            ],
        );
        check(
            &["3.1/hosp/patients.csv.gz", "2.2/hosp/patients.csv.gz", "3.1/icu/d_items.csv.gz"],
            &[("2.2", BOTH, &[1]), ("3.1", BOTH, &[0, 2])],
        );
    }

    #[test]
    fn every_release_in_any_spelling_is_one_root() {
        for release in catalogue().releases() {
            let plain: Vec<_> = release.tables.iter().map(|table| table.file.clone()).collect();
            for prefix in ["", "a/", "ICU/b/c d/"] {
                for spell in
                    [str::to_lowercase, str::to_uppercase, |path: &str| path.trim_end_matches(".gz").to_owned()]
                {
                    let mut paths: Vec<_> = plain.iter().map(|path| format!("{prefix}{}", spell(path))).collect();
                    paths.push(format!("{prefix}LICENSE.txt"));
                    let roots = split_roots(&paths);
                    assert_eq!(roots.len(), 1, "{paths:?}");
                    assert_eq!(roots[0].path, prefix.trim_end_matches('/'));
                    assert_eq!(roots[0].files.len(), plain.len());
                    assert!(roots[0].families.contains(&release.family));
                }
            }
        }
    }

    #[test]
    fn ed_and_note_in_the_same_place_are_releases_of_their_own() {
        let paths = ["hosp/omr.csv.gz", "ed/edstays.csv.gz", "note/discharge.csv.gz", "note/x.csv", "icu/d_items.csv"];
        check(&paths, &[("", BOTH, &[0, 3, 4]), ("", "mimiciv-ed", &[1]), ("", "mimiciv-note", &[2])]);
        check(&["all/omr.csv", "all/triage.csv"], &[("all", BOTH, &[0]), ("all", "mimiciv-ed", &[1])]);
    }

    #[test]
    fn odd_layouts_are_understood() {
        check(&["admissions.csv"], &[("", BOTH, &[0])]);
        check(&["a/HOSP/ADMISSIONS.CSV", "a/ICU/ICUSTAYS.CSV"], &[("a", BOTH, &[0, 1])]);
        check(&["a\\hosp\\admissions.csv", "a\\icu\\icustays.csv"], &[("a", BOTH, &[0, 1])]);
        check(&["hosp/omr.csv/omr.csv", "hosp/patients.csv.gz"], &[("", BOTH, &[0, 1])]);
        check(&["icu/CALLOUT.csv", "icu/PATIENTS.csv", "icu/ICUSTAYS.csv"], &[("icu", BOTH, &[0, 1, 2])]);
        check(&["notes/NOTEEVENTS.csv", "ADMISSIONS.csv"], &[("", BOTH, &[0, 1])]);
        check(&["note/radiology.csv.gz", "note/my_list.csv"], &[("", "mimiciv-note", &[0, 1])]);
        check(&["hosp/omr.csv", "hosp/extra.csv", "other/sheet.csv"], &[("", BOTH, &[0, 1])]);
        check(&["sheet.csv", "README.md"], &[]);
        check(&[], &[]);
    }
}
