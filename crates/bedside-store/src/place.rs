//! Where things are kept, relative to the home, always with `/`: the one place that builds paths, so that a home may
//! live in a bucket.

use crate::error::{Error, Result};
use bedside_types::ReleaseId;

/// The folder of all releases.
pub(crate) const RELEASES: &str = "releases";
/// The alias file.
pub(crate) const ALIASES: &str = "aliases.json";
/// The folder of what people make.
pub(crate) const PERSONAL: &str = "personal";
/// The folder of code lists.
pub(crate) const CODE_LISTS: &str = "lists";
/// The folder of results of queries.
pub(crate) const RESULTS: &str = "scratch/results";
/// The folder of lock files. They are never deleted: a lock on a deleted file would exclude nobody.
pub(crate) const LOCKS: &str = "locks";
/// What names of files that are not (yet) part of the warehouse begin with.
pub(crate) const TEMPORARY: &str = ".tmp-";
/// What the name of a release that is being deleted begins with.
const REMOVED: &str = ".removed-";

pub(crate) fn release(release: &ReleaseId) -> String {
    format!("{RELEASES}/{release}")
}

pub(crate) fn removed(release: &ReleaseId) -> String {
    format!("{RELEASES}/{REMOVED}{release}")
}

pub(crate) fn manifest(release: &ReleaseId) -> String {
    format!("{RELEASES}/{release}/manifest.json")
}

/// The folder of one generation of one layout of a table.
pub(crate) fn layout(release: &ReleaseId, module: &str, table: &str, layout: &str, generation: &str) -> String {
    format!("{RELEASES}/{release}/{module}/{table}/{layout}/{generation}")
}

/// The file of one subject range; a table without ranges is file 0.
pub(crate) fn part(folder: &str, range: Option<u32>) -> String {
    format!("{folder}/part-{:05}.parquet", range.unwrap_or(0))
}

/// The folder of maps.
pub(crate) fn maps(release: &ReleaseId) -> String {
    format!("{RELEASES}/{release}/maps")
}

/// A map has the checksum of its content in its name, as a map in use must not be overwritten.
pub(crate) fn map(release: &ReleaseId, name: &str, checksum: &str) -> String {
    let checksum = &checksum[..8.min(checksum.len())];
    format!("{}/{name}-{checksum}.parquet", maps(release))
}

pub(crate) fn scratch(release: &ReleaseId) -> String {
    format!("{RELEASES}/{release}/{TEMPORARY}scratch")
}

pub(crate) fn quarantine(release: &ReleaseId) -> String {
    format!("quarantine/{release}")
}

/// A code list, which belongs to no release.
pub(crate) fn code_list(name: &str) -> String {
    format!("{CODE_LISTS}/{name}.csv")
}

pub(crate) fn lock(name: &str) -> String {
    format!("{LOCKS}/{name}.lock")
}

/// The file of an anonymous table.
pub(crate) fn result(table: &str) -> String {
    format!("{RESULTS}/{table}.arrow")
}

/// The temporary name beside the final one.
pub(crate) fn temporary(path: &str) -> String {
    match path.rsplit_once('/') {
        Some((folder, name)) => format!("{folder}/{TEMPORARY}{name}"),
        None => format!("{TEMPORARY}{path}"),
    }
}

/// The folder of one dataset of a project.
pub(crate) fn dataset(project: &str, dataset: &str) -> String {
    format!("{PERSONAL}/{}/{}", encoded(project), encoded(dataset))
}

/// What a dataset that is being dropped is called.
pub(crate) fn dropped(project: &str, dataset: &str) -> String {
    format!("{PERSONAL}/{}/{REMOVED}{}", encoded(project), encoded(dataset))
}

/// The manifest of a dataset.
pub(crate) fn dataset_manifest(project: &str, name: &str) -> String {
    format!("{}/dataset.json", dataset(project, name))
}

/// The folder of what one statement wrote to a table.
pub(crate) fn personal_table(project: &str, name: &str, table: &str, generation: &str) -> String {
    format!("{}/{}/{generation}", dataset(project, name), encoded(table))
}

/// A name of people's choice as a part of a path: small letters, digits, `_` and `-` as they are, every other byte as `+` and
/// two hexadecimal digits, so that no two names meet on a file system that makes no difference between `A` and `a`.
pub(crate) fn encoded(name: &str) -> String {
    /// File systems take 255 bytes; room is left for prefixes.
    const LONGEST: usize = 150;
    let mut text = String::with_capacity(name.len());
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-' => text.push(char::from(byte)),
            other => text.push_str(&format!("+{other:02x}")),
        }
    }
    if text.len() > LONGEST {
        let hash = twox_hash::XxHash64::oneshot(0, name.as_bytes());
        text.truncate(LONGEST);
        text.push_str(&format!("+{hash:016x}"));
    }
    text
}

/// Refuses a name that is to become a part of a path unless it has small letters, digits and `_` only.
pub(crate) fn check_name(name: &str, what: &str) -> Result<()> {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if name.is_empty() || name.len() > 200 || !name.chars().all(allowed) {
        return Err(Error::Unsupported {
            what: format!("{what} `{name}`"),
            why: "names of files have small letters, digits and `_` only".to_owned(),
        });
    }
    Ok(())
}

/// Whether a path read from a manifest stays inside the folder of its release.
pub(crate) fn is_inside(path: &str, release: &ReleaseId) -> bool {
    is_below(path, &self::release(release))
}

/// Whether a path read from a manifest stays below a folder.
pub(crate) fn is_below(path: &str, folder: &str) -> bool {
    let inside = path.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/'));
    inside.is_some_and(|rest| {
        !rest.contains(['\\', '\0', ':']) && rest.split('/').all(|part| !part.is_empty() && part != "." && part != "..")
    })
}

#[cfg(test)]
mod tests {
    use super::{check_name, encoded, is_inside, temporary};

    #[test]
    fn only_paths_inside_the_release_are_inside() {
        let release = "mimiciv-3.1".parse().unwrap();
        for (path, expected) in [
            ("releases/mimiciv-3.1/hosp/admissions/file/1a2b3c4d/part-00000.parquet", true),
            ("releases/mimiciv-3.1", false),
            ("releases/mimiciv-3.10/x", false),
            ("releases/mimiciv-3.1/../mimiciv-2.2/x", false),
            ("releases/mimiciv-3.1//x", false),
            ("/releases/mimiciv-3.1/x", false),
            ("releases/mimiciv-3.1/C:\\x", false),
            ("/etc/passwd", false),
        ] {
            assert_eq!(is_inside(path, &release), expected, "{path}");
        }
    }

    #[test]
    fn names_of_peoples_choice_are_safe_and_differ() {
        for (name, expected) in [
            ("cohort_1", "cohort_1"),
            ("Cohort", "+43ohort"),
            ("..", "+2e+2e"),
            ("a/b", "a+2fb"),
            ("", ""),
            ("ä", "+c3+a4"),
        ] {
            assert_eq!(encoded(name), expected, "{name}");
        }
        let (one, two) = (encoded(&"x".repeat(500)), encoded(&"x".repeat(501)));
        assert!(one != two && one.len() < 200);
    }

    #[test]
    fn names_that_are_parts_of_paths_are_checked() {
        assert!(check_name("d_icd_diagnoses", "table").is_ok());
        for name in ["", "..", "a/b", "A", "a.b"] {
            assert!(check_name(name, "table").is_err(), "{name}");
        }
        assert_eq!(temporary("aliases.json"), ".tmp-aliases.json");
        assert_eq!(temporary("a/b.parquet"), "a/.tmp-b.parquet");
    }
}
