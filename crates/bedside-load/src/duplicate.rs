//! Whether the values of a key are unique, with memory that does not grow with the rows.
//!
//! A key of one INT64 column is marked in bitmaps: MIMIC's ids are dense, so the 158 million of `labevents` need 20 MB.
//! Everything else, and ids so sparse that the bitmaps would grow large, is remembered as a 128-bit fingerprint with its
//! line, dealt by its first bits to 64 parts that go to disk when they grow; at the end each part is sorted on its own. Two
//! different keys among 10^9 share a fingerprint with a probability of 10^-21, so equal fingerprints are equal keys.

use arrow::array::{Array, ArrayRef, AsArray, Int64Array, RecordBatch};
use arrow::datatypes::{DataType, Int64Type};
use arrow::row::{RowConverter, SortField};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use twox_hash::XxHash64;

use crate::error::{Error, Result};
use crate::sort::SpillFile;

/// Examples that a message shows at most.
pub(crate) const MOST_EXAMPLES: usize = 10;
/// Repeated rows that can be set aside; a file with more is not damaged in places but wrong.
const MOST_SET_ASIDE: usize = 1_000_000;

/// The key values of the rows of one batch.
#[derive(Debug)]
pub(crate) enum KeyValues {
    /// Of a key of one INT64 column.
    Numbers(Int64Array),
    /// Of any other key; `None` where a row is passed over.
    Fingerprints(Vec<Option<u128>>),
}

/// What NULL in a key of several columns means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Nulls {
    /// A row with one in its key equals no other, as in SQL.
    PassedOver,
    /// It is a value, as in keys known from data only: `emar_detail` has one row per `emar_id` without a
    /// `parent_field_ordinal`.
    AreValues,
}

impl KeyValues {
    /// The values of the key with these columns.
    pub(crate) fn of(batch: &RecordBatch, columns: &[usize], nulls: Nulls) -> Result<Self> {
        let arrays: Vec<ArrayRef> = columns.iter().map(|index| ArrayRef::clone(batch.column(*index))).collect();
        if let [only] = arrays.as_slice()
            && *only.data_type() == DataType::Int64
        {
            return Ok(Self::Numbers(only.as_primitive::<Int64Type>().clone()));
        }
        let fields = arrays.iter().map(|array| SortField::new(array.data_type().clone())).collect();
        let rows = RowConverter::new(fields)?.convert_columns(&arrays)?;
        let nullable: Vec<_> = arrays.iter().filter(|array| array.null_count() > 0).collect();
        let fingerprint = |row: usize| {
            if nulls == Nulls::PassedOver && nullable.iter().any(|array| array.is_null(row)) {
                return None;
            }
            let bytes = rows.row(row);
            let half = |seed| u128::from(XxHash64::oneshot(seed, bytes.as_ref()));
            Some(half(0) << 64 | half(1))
        };
        Ok(Self::Fingerprints((0..batch.num_rows()).map(fingerprint).collect()))
    }
}

/// Rows whose key an earlier row has.
#[derive(Debug, Default)]
pub(crate) struct Repeats {
    /// How many.
    pub(crate) rows: u64,
    /// The first of them by line, with what to say of each.
    pub(crate) examples: BTreeMap<u64, String>,
    /// All their lines, where they were asked for.
    pub(crate) lines: HashSet<u64>,
}

/// Whether the lines of all repeats are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lines {
    Counted,
    Kept,
}

/// Watches the values of one key go by. Rows with a NULL in the key are passed over.
#[derive(Debug)]
pub(crate) struct KeyCheck {
    name: String,
    lines: Lines,
    marks: Bitmaps,
    fingerprints: Fingerprints,
    repeats: Repeats,
}

impl KeyCheck {
    /// A check of the key with these columns that spills to `folder`.
    pub(crate) fn new(columns: &[String], lines: Lines, folder: &Path) -> Self {
        Self {
            name: columns.join(", "),
            lines,
            marks: Bitmaps::default(),
            fingerprints: Fingerprints::new(folder),
            repeats: Repeats::default(),
        }
    }

    /// Adds the rows that stand at `lines`.
    pub(crate) fn add(&mut self, keys: &KeyValues, lines: &[u64]) -> Result<()> {
        match keys {
            KeyValues::Numbers(numbers) => {
                for (number, line) in numbers.iter().zip(lines).filter_map(|(number, line)| Some((number?, line))) {
                    match self.marks.mark(number) {
                        Mark::New => {}
                        Mark::Old => self.repeats.see(*line, self.lines, || format!("{} = {number}", self.name)),
                        Mark::Full => self.fingerprints.add(u128::from(number as u64) << 64, *line)?,
                    }
                }
            }
            KeyValues::Fingerprints(fingerprints) => {
                for (fingerprint, line) in fingerprints.iter().zip(lines) {
                    if let Some(fingerprint) = fingerprint {
                        self.fingerprints.add(*fingerprint, *line)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// What was found.
    pub(crate) fn finish(mut self) -> Result<Repeats> {
        let fingerprints = std::mem::replace(&mut self.fingerprints, Fingerprints::new(Path::new("")));
        fingerprints.groups(|group| {
            let (_, first) = group[0];
            for (_, line) in &group[1..] {
                self.repeats.see(*line, self.lines, || format!("same as line {first}"));
            }
            Ok(())
        })?;
        Ok(self.repeats)
    }
}

impl Repeats {
    fn see(&mut self, line: u64, lines: Lines, what: impl FnOnce() -> String) {
        self.rows += 1;
        if lines == Lines::Kept && self.lines.len() <= MOST_SET_ASIDE {
            self.lines.insert(line);
        }
        let shown =
            self.examples.len() < MOST_EXAMPLES || self.examples.last_key_value().is_some_and(|(last, _)| line < *last);
        if shown {
            self.examples.insert(line, what());
            if self.examples.len() > MOST_EXAMPLES {
                self.examples.pop_last();
            }
        }
    }

    /// Whether so many rows repeat a key that setting them aside makes no sense.
    pub(crate) fn are_too_many(&self) -> bool {
        self.rows > MOST_SET_ASIDE as u64
    }

    /// The examples as text: `line 7: labevent_id = 172061`.
    pub(crate) fn shown(&self) -> Vec<String> {
        self.examples.iter().map(|(line, what)| format!("line {line}: {what}")).collect()
    }
}

/// A set of integers as bitmaps of 65,536 neighbours each.
#[derive(Debug, Default)]
pub(crate) struct Bitmaps {
    maps: HashMap<i64, Box<[u64; 1024]>>,
    /// The map used last; neighbours in a file are mostly neighbours here.
    last: Option<(i64, Box<[u64; 1024]>)>,
}

/// What marking a number met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    New,
    Old,
    /// There is no room for more maps.
    Full,
}

impl Bitmaps {
    /// 64 MiB.
    const MOST_MAPS: usize = 8 << 10;

    /// Marks a number.
    pub(crate) fn mark(&mut self, number: i64) -> Mark {
        let place = number >> 16;
        if self.last.as_ref().is_none_or(|(last, _)| *last != place) {
            let map = match self.maps.remove(&place) {
                Some(map) => map,
                None if self.maps.len() + 1 >= Self::MOST_MAPS => return Mark::Full,
                None => Box::new([0; 1024]),
            };
            if let Some((last, map)) = self.last.replace((place, map)) {
                self.maps.insert(last, map);
            }
        }
        let Some((_, map)) = &mut self.last else { return Mark::Full };
        let bit = (number & 0xffff) as usize;
        let word = &mut map[bit / 64];
        let old = *word >> (bit % 64) & 1 == 1;
        *word |= 1 << (bit % 64);
        if old { Mark::Old } else { Mark::New }
    }
}

/// Fingerprints with a number each, grouped by equality at the end.
#[derive(Debug)]
pub(crate) struct Fingerprints {
    parts: Vec<Part>,
    held: usize,
    folder: PathBuf,
    spill: Option<SpillFile>,
}

#[derive(Debug, Default)]
struct Part {
    held: Vec<(u128, u64)>,
    /// Places in the spill file and entries there.
    spilled: Vec<(u64, usize)>,
}

const PARTS: usize = 64;
/// Entries held in memory: 8 MiB.
const MOST_HELD: usize = 256 << 10;
const ENTRY_BYTES: usize = 24;

impl Fingerprints {
    /// An empty collection that spills to `folder`.
    pub(crate) fn new(folder: &Path) -> Self {
        let parts = (0..PARTS).map(|_| Part::default()).collect();
        Self { parts, held: 0, folder: folder.to_owned(), spill: None }
    }

    /// Adds a fingerprint with its number.
    pub(crate) fn add(&mut self, fingerprint: u128, number: u64) -> Result<()> {
        // Numbers taken as fingerprints differ in their last bits first.
        let mixed = (fingerprint >> 64) as u64 ^ fingerprint as u64;
        let part = (mixed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 58) as usize;
        self.parts[part].held.push((fingerprint, number));
        self.held += 1;
        if self.held >= MOST_HELD { self.flush() } else { Ok(()) }
    }

    /// Calls `each` with every group of equal fingerprints, its numbers ascending.
    pub(crate) fn groups(mut self, mut each: impl FnMut(&[(u128, u64)]) -> Result<()>) -> Result<()> {
        for part in std::mem::take(&mut self.parts) {
            let mut entries = part.held;
            for (offset, count) in part.spilled {
                let Some(spill) = &self.spill else {
                    return Err(Error::Internal("a spill file is missing".to_owned()));
                };
                let mut bytes = vec![0; count * ENTRY_BYTES];
                spill.read_bytes(offset, &mut bytes)?;
                entries.extend(bytes.chunks_exact(ENTRY_BYTES).filter_map(decode));
            }
            entries.sort_unstable();
            for group in entries.chunk_by(|a, b| a.0 == b.0) {
                each(group)?;
            }
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        let spill = match &mut self.spill {
            Some(spill) => spill,
            none => none.insert(SpillFile::create(&self.folder)?),
        };
        for part in &mut self.parts {
            let mut bytes = Vec::with_capacity(part.held.len() * ENTRY_BYTES);
            for (fingerprint, number) in &part.held {
                bytes.extend_from_slice(&fingerprint.to_le_bytes());
                bytes.extend_from_slice(&number.to_le_bytes());
            }
            part.spilled.push((spill.write_bytes(&bytes)?, part.held.len()));
            part.held.clear();
        }
        self.held = 0;
        Ok(())
    }
}

fn decode(entry: &[u8]) -> Option<(u128, u64)> {
    let (fingerprint, number) = entry.split_first_chunk::<16>()?;
    Some((u128::from_le_bytes(*fingerprint), u64::from_le_bytes(number.try_into().ok()?)))
}

#[cfg(test)]
mod tests {
    use super::{KeyCheck, KeyValues, Lines, MOST_HELD, Nulls};
    use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
    use std::sync::Arc;

    fn check(batch: &RecordBatch, columns: &[usize], lines: Lines) -> super::Repeats {
        let folder = tempfile::tempdir().unwrap();
        let mut check = KeyCheck::new(&["id".to_owned()], lines, folder.path());
        let numbers: Vec<u64> = (2..).take(batch.num_rows()).collect();
        let half = batch.num_rows() / 2;
        for (start, rows) in [(0, half), (half, batch.num_rows() - half)] {
            let keys = KeyValues::of(&batch.slice(start, rows), columns, Nulls::PassedOver).unwrap();
            check.add(&keys, &numbers[start..start + rows]).unwrap();
        }
        check.finish().unwrap()
    }

    fn batch(rows: &[(Option<i64>, Option<&str>)]) -> RecordBatch {
        let ids: ArrayRef = Arc::new(rows.iter().map(|row| row.0).collect::<Int64Array>());
        let texts: ArrayRef = Arc::new(rows.iter().map(|row| row.1).collect::<StringArray>());
        RecordBatch::try_from_iter([("id", ids), ("text", texts)]).unwrap()
    }

    #[test]
    fn repeats_are_found_with_their_lines() {
        let rows = [
            (Some(5), Some("a")),
            (Some(-5), Some("a")),
            (Some(i64::MAX), Some("b")),
            (Some(5), Some("b")),
            (None, Some("a")),
            (None, Some("a")),
            (Some(5), Some("a")),
        ];
        let numbers = check(&batch(&rows), &[0], Lines::Kept);
        assert_eq!((numbers.rows, numbers.shown()), (2, vec!["line 5: id = 5".into(), "line 8: id = 5".into()]));
        let mut lines: Vec<_> = numbers.lines.into_iter().collect();
        lines.sort_unstable();
        assert_eq!(lines, [5, 8]);
        let pairs = check(&batch(&rows), &[0, 1], Lines::Counted);
        assert_eq!((pairs.rows, pairs.shown()), (1, vec!["line 8: same as line 2".to_owned()]));
        assert!(pairs.lines.is_empty());
    }

    #[test]
    fn sparse_and_many_keys_go_to_disk() {
        // One bitmap each, more than there is room for, and more fingerprints than are held.
        let count = MOST_HELD as i64 + 20_000;
        let ids: Vec<i64> = (0..count).map(|id| id << 17).chain([7 << 17, (count - 1) << 17]).collect();
        let ids: ArrayRef = Arc::new(Int64Array::from(ids));
        let repeats = check(&RecordBatch::try_from_iter([("id", ids)]).unwrap(), &[0], Lines::Counted);
        assert_eq!(repeats.rows, 2);
        assert_eq!(repeats.shown()[1], format!("line {}: same as line {}", count + 3, count + 1));
    }
}
