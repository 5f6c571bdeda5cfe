//! Where the files of a release's event tables are split, so that no patient spans two files of a layout.

use bedside_datasets::{Release, Table};

/// Ranges at most. Divisible by 2, 3, 4, 6, 8, 12, 16 and 24, the usual numbers of cores; a range of the largest table
/// (433 million chart rows) has nine million rows.
const MOST_RANGES: usize = 48;
/// Patients that a range should have at least: to open one more file takes a third of a millisecond, in small tables more
/// than to read what is in it.
const LEAST_PATIENTS: usize = 625;
/// Ranges that even a demo of 100 patients has, for cores to share.
const LEAST_RANGES: usize = 4;
/// Bytes of source for which a range is worth having, where patients are not known.
const LEAST_BYTES: u64 = 4 << 20;

/// Split points at the quantiles of these patients.
pub(crate) fn splits_of_patients(mut subjects: Vec<i64>) -> Vec<i64> {
    subjects.sort_unstable();
    subjects.dedup();
    let count = subjects.len();
    let ranges = (count / LEAST_PATIENTS).clamp(LEAST_RANGES, MOST_RANGES).min(count.max(1));
    (1..ranges).map(|range| subjects[range * count / ranges]).collect()
}

/// Split points spread evenly over the range of ids that the catalogue states, for files of so many bytes.
pub(crate) fn even_splits(release: &Release, bytes: u64) -> Vec<i64> {
    let stated = release.tables.iter().find_map(stated_range);
    let Some((low, high)) = stated else { return Vec::new() };
    let ranges = usize::try_from(bytes / LEAST_BYTES).unwrap_or(MOST_RANGES).clamp(1, MOST_RANGES) as i64;
    (1..ranges).map(|range| low + (high - low + 1) / ranges * range).collect()
}

/// The first and last id in `8 digits, 10000000-19999999`.
fn stated_range(table: &Table) -> Option<(i64, i64)> {
    let text = table.column("subject_id")?.value_range.as_deref()?;
    let (before, after) = text.split_once('-')?;
    let low = before.rsplit(|c: char| !c.is_ascii_digit()).next()?;
    let high = after.split(|c: char| !c.is_ascii_digit()).next()?;
    let (low, high) = (low.parse().ok()?, high.parse().ok()?);
    (low < high).then_some((low, high))
}

#[cfg(test)]
mod tests {
    use super::{MOST_RANGES, even_splits, splits_of_patients};

    #[test]
    fn ranges_have_as_many_patients_each() {
        for (patients, ranges) in [(0, 1), (1, 1), (3, 3), (100, 4), (10_000, 16), (364_627, MOST_RANGES)] {
            let splits = splits_of_patients((0..patients).map(|i| 10_000_000 + i * 7).rev().collect());
            assert_eq!(splits.len() + 1, ranges, "{patients}");
            assert!(splits.is_sorted_by(|a, b| a < b));
        }
        assert_eq!(splits_of_patients((1..=8).collect()), [3, 5, 7]);
    }

    #[test]
    fn without_patients_the_stated_range_is_divided() {
        let release = bedside_datasets::catalogue().schema("mimiciv", "3.1").unwrap();
        let splits = even_splits(release, u64::MAX);
        assert_eq!(splits.len() + 1, MOST_RANGES);
        assert!(splits[0] > 10_000_000 && *splits.last().unwrap() < 20_000_000);
        assert!(even_splits(release, 1000).is_empty());
    }
}
