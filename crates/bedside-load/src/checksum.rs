//! SHA256SUMS.txt, as PhysioNet writes it.

use std::collections::HashMap;

/// The name of the list, in the root of a release.
pub(crate) const CHECKSUM_FILE: &str = "SHA256SUMS.txt";

/// Checksums by path in the source.
#[derive(Debug, Default)]
pub(crate) struct Checksums {
    by_path: HashMap<String, String>,
}

impl Checksums {
    /// Adds the list found in `folder` (empty for the source's root): lines of 64 hexadecimal digits, blanks and a path
    /// relative to the list. Other lines are passed over. Paths that are there already keep their checksum.
    pub(crate) fn add(&mut self, folder: &str, list: &str) {
        for line in list.lines() {
            let Some((sum, path)) = line.trim().split_once([' ', '\t']) else { continue };
            let path = path.trim_start_matches([' ', '\t', '*']).trim_start_matches("./");
            if sum.len() == 64 && sum.bytes().all(|byte| byte.is_ascii_hexdigit()) && !path.is_empty() {
                self.by_path.entry(join(folder, path)).or_insert_with(|| sum.to_ascii_lowercase());
            }
        }
    }

    /// The checksum of the file at `path`.
    pub(crate) fn get(&self, path: &str) -> Option<&str> {
        self.by_path.get(path).map(String::as_str)
    }
}

/// A path below a folder of the source.
pub(crate) fn join(folder: &str, path: &str) -> String {
    if folder.is_empty() { path.to_owned() } else { format!("{folder}/{path}") }
}

#[cfg(test)]
mod tests {
    use super::Checksums;

    #[test]
    fn lists_of_any_dress_are_read() {
        let sum = "6E".repeat(32);
        let mut checksums = Checksums::default();
        let list = format!("{sum}  a.csv\r\n{sum} *./hosp/b c.csv.gz\nabc  d.csv\n\n{sum}\n# comment\n");
        checksums.add("mimic", &list);
        assert_eq!(checksums.get("mimic/a.csv"), Some("6e".repeat(32).as_str()));
        assert!(checksums.get("mimic/hosp/b c.csv.gz").is_some());
        assert_eq!(checksums.by_path.len(), 2);
    }
}
