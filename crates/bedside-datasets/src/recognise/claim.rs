//! What names and CHANGELOG.txt claim about a release.

use crate::version::{is_dotted, numbers};
use crate::words::{Words, read};
use std::fmt;

/// A name that says which release its folder holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Claim {
    /// As written: `mimic-iv-3.1`, `mimiciv/3.1`.
    pub(super) name: String,
    pub(super) words: Words,
}

/// As told to people.
impl fmt::Display for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let archive = self.name.to_ascii_lowercase().contains(".zip");
        write!(f, "{} {}", if archive { "zip name" } else { "folder name" }, self.name)
    }
}

/// Folders that lie inside a release or between it and its name.
const BETWEEN: [&str; 10] = ["hosp", "icu", "core", "ed", "note", "notes", "clinical", "csv", "data", "files"];

/// The innermost name with a family and a version, else the innermost one with a family. Names are folders, zips or
/// addresses, outermost first; a folder in between that has another name of its own ends the search, because it may be a
/// copy of anything.
pub(super) fn of_names(names: &[String]) -> Option<Claim> {
    let parts: Vec<&str> = names.iter().flat_map(|name| components(name)).collect();
    let mut unversioned = None;
    for (at, part) in parts.iter().enumerate().rev() {
        if let Some(words) = read(part) {
            let claim = Claim { name: (*part).to_owned(), words };
            if claim.words.version.is_some() {
                return Some(claim);
            }
            unversioned = unversioned.or(Some(claim));
            continue;
        }
        let version = part.strip_prefix(['v', 'V']).unwrap_or(part);
        let above = at.checked_sub(1).and_then(|above| Some((parts[above], read(parts[above])?)));
        match above {
            Some((name, words)) if is_dotted(version) && words.version.is_none() => {
                let words = Words { version: Some(version.to_owned()), ..words };
                return Some(Claim { name: format!("{name}/{part}"), words });
            }
            _ if BETWEEN.iter().any(|word| part.eq_ignore_ascii_case(word)) => {}
            _ => break,
        }
    }
    unversioned
}

fn components(name: &str) -> impl Iterator<Item = &str> {
    // What follows `?` or `#` in an address is no folder.
    let address = name.contains("://");
    let end = if address { name.find(['?', '#']).unwrap_or(name.len()) } else { name.len() };
    name[..end].split(['/', '\\']).filter(|part| !part.is_empty() && *part != ".")
}

/// The newest version that a heading of a change log names. Headings look like `## v3.1`, `MIMIC-IV v2.2`,
/// `3.0 - 2024-07-23`.
pub(super) fn of_changelog(text: &str) -> Option<String> {
    let versions = text.lines().filter_map(heading_version);
    versions.max_by(|a, b| numbers(a).cmp(&numbers(b))).map(str::to_owned)
}

fn heading_version(line: &str) -> Option<&str> {
    let line = line.trim();
    // Items of a list tell of values, not of versions.
    if line.len() > 80 || ["- ", "* ", "+ "].iter().any(|bullet| line.starts_with(bullet)) {
        return None;
    }
    line.split([' ', '\t', '#', '*', '=', '[', ']', '(', ')', ':', ',', '_'])
        .filter(|word| !word.is_empty() && *word != "-")
        .find(|word| {
            !matches!(word.to_ascii_lowercase().as_str(), "mimic-iv" | "mimic" | "iv" | "version" | "release" | "v")
        })
        .map(|word| word.strip_prefix(['v', 'V']).unwrap_or(word))
        .filter(|word| is_dotted(word))
}

#[cfg(test)]
mod tests {
    use super::{of_changelog, of_names};

    /// The claim as `family[-demo]-version`, as in names of releases.
    fn check(names: &[&str], expected: &str) {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let claim = of_names(&names).map(|claim| claim.words).map(|words| {
            let demo = if words.demo { "-demo" } else { "" };
            format!("{}{demo}-{}", words.family, words.version.as_deref().unwrap_or("?"))
        });
        assert_eq!(claim.unwrap_or_default(), expected, "{names:?}");
    }

    #[test]
    fn names_from_physionet_and_from_clouds_are_read() {
        for (name, expected) in [
            ("mimic-iv-3.1", "mimiciv-3.1"),
            ("mimic-iv-3.1.zip", "mimiciv-3.1"),
            ("/home/a b/Downloads/mimic-iv-3.1 (1).zip", "mimiciv-3.1"),
            ("physionet.org/files/mimiciv/3.1", "mimiciv-3.1"),
            ("physionet.org/files/mimiciv/3.1/hosp", "mimiciv-3.1"),
            ("https://physionet.org/files/mimiciv/3.1/", "mimiciv-3.1"),
            ("https://physionet.org/files/mimiciv/3.1/?download=mimic-iv-2.2", "mimiciv-3.1"),
            ("mimiciv/v2.2/data", "mimiciv-2.2"),
            ("C:\\data\\mimiciv\\2.2\\icu", "mimiciv-2.2"),
            ("mimiciv-3.1", "mimiciv-3.1"),
            ("MIMIC_IV_2.2", "mimiciv-2.2"),
            ("mimiciv_2_2", "mimiciv-2.2"),
            ("mimic-iv-clinical-database-demo-2.2", "mimiciv-demo-2.2"),
            ("mimic-iv-clinical-database-demo-2.2.zip", "mimiciv-demo-2.2"),
            ("physionet.org/files/mimic-iv-demo/2.2", "mimiciv-demo-2.2"),
            ("s3://physionet-open/mimic-iv-demo/2.2/", "mimiciv-demo-2.2"),
            ("mimic-iii-clinical-database-1.4", "mimiciii-1.4"),
            ("mimic-iii-clinical-database-demo-1.4", "mimiciii-demo-1.4"),
            ("physionet.org/files/mimiciii/1.4", "mimiciii-1.4"),
            ("physionet.org/files/mimiciii-demo/1.4", "mimiciii-demo-1.4"),
            ("gs://mimiciii-1.4.physionet.org", "mimiciii-1.4"),
            ("gs://mimic-iv-ed-2.2.physionet.org/ed", "mimiciv-ed-2.2"),
            ("mimic-iv-ed-2.2", "mimiciv-ed-2.2"),
            ("mimic-iv-ed-demo-2.2", "mimiciv-ed-demo-2.2"),
            ("mimic-iv-ed/2.2", "mimiciv-ed-2.2"),
            ("mimic-iv-note-deidentified-free-text-clinical-notes-2.2.zip", "mimiciv-note-2.2"),
            ("mimic-iv-note-2.2/note", "mimiciv-note-2.2"),
            ("arn:aws:s3:us-east-1:724665945834:accesspoint/mimiciv-v3-1-01/mimiciv/3.1", "mimiciv-3.1"),
            ("s3://x/mimiciv-v2-2-01", "mimiciv-2.2"),
            ("mimic-iv-9.9", "mimiciv-9.9"),
            ("mimic-iv", "mimiciv-?"),
            ("mimic-iv-demo/hosp", "mimiciv-demo-?"),
            ("mimic-iv-3.1/mimic-iv", "mimiciv-3.1"),
            ("mimic-iv-3.1-subset", ""),
            ("mimic-iv-3.1/my-subset", ""),
            ("mimic-iv-3.1/my-subset/hosp", ""),
            ("3.1", ""),
            ("data/2.2/hosp", ""),
            ("hosp", ""),
            ("", ""),
        ] {
            check(&[name], expected);
        }
        check(&["/data", "mimic-iv-2.2", "mimic-iv-3.1"], "mimiciv-3.1");
        check(&["/data/mimiciv", "3.1"], "mimiciv-3.1");
        check(&[], "");
    }

    #[test]
    fn the_newest_heading_of_a_change_log_counts() {
        for (text, expected) in [
            ("# MIMIC-IV v3.1\n\n- d_labitems restored\n\n# MIMIC-IV v3.0\n\n# v2.2\n", "3.1"),
            ("# Changelog\n\nAll changes since 1.0.\n\n## [2.0] - 2022-06-12\n## [1.0] - 2021-03-16\n", "2.0"),
            ("v1.0\nv2.0\nv2.1\nv2.10\n", "2.10"),
            ("MIMIC-IV 2.2\n============\n", "2.2"),
            ("- 0.5 mg was written as 9.5\nthe 9.9 files\n", ""),
            ("nothing here", ""),
            ("", ""),
        ] {
            assert_eq!(of_changelog(text).unwrap_or_default(), expected, "{text}");
        }
    }
}
