//! Texts that come again in a batch: what a function gives for one of them it gives for all.
//!
//! Columns of texts have few different values, and a file keeps those in a dictionary, so that equal texts of a batch mostly
//! have the same view: the text itself, or where it stands. Views are compared, never texts.

use arrow::array::{Array, StringViewArray, UInt32Array};

/// Rows of which the function is asked at least, so that looking for repeats is worth it.
const LEAST_ROWS: usize = 256;

/// A text is looked for in one place of so many; one that was pushed out of its place is taken for new.
const PLACES: usize = 1 << 10;

/// The different texts of a batch.
pub(crate) struct Repeats {
    /// A row of each.
    pub(crate) first: UInt32Array,
    /// For each row which of them it has.
    pub(crate) of_row: UInt32Array,
}

impl Repeats {
    /// `None` where less than every other text is a repeat.
    pub(crate) fn find(texts: &StringViewArray) -> Option<Self> {
        let rows = texts.len();
        if rows < LEAST_ROWS || u32::try_from(rows).is_err() {
            return None;
        }
        let mut places = vec![(0_u128, u32::MAX); PLACES];
        let mut null = u32::MAX;
        let mut first = Vec::new();
        let mut of_row = Vec::with_capacity(rows);
        // Tables are sorted by patient, so that many texts come in runs.
        let mut run = (0_u128, u32::MAX);
        for (row, view) in texts.views().iter().enumerate() {
            let is_null = texts.is_null(row);
            if run.0 == *view && run.1 != u32::MAX && !is_null {
                of_row.push(run.1);
                continue;
            }
            let known = if is_null {
                &mut null
            } else {
                let (seen, known) = &mut places[place(*view)];
                if *seen != *view {
                    (*seen, *known) = (*view, u32::MAX);
                }
                known
            };
            if *known == u32::MAX {
                if first.len() >= rows / 2 {
                    return None;
                }
                *known = first.len() as u32;
                first.push(row as u32);
            }
            of_row.push(*known);
            // Under a NULL stands whatever, that of an empty text too.
            run = (*view, if is_null { u32::MAX } else { *known });
        }
        Some(Self { first: first.into(), of_row: of_row.into() })
    }
}

/// Fibonacci hashing: the upper bits of a product with the golden ratio.
fn place(view: u128) -> usize {
    let mixed = ((view >> 64) as u64 ^ (view as u64).rotate_left(32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> (64 - PLACES.trailing_zeros())) as usize
}

#[cfg(test)]
mod tests {
    use super::{LEAST_ROWS, Repeats};
    use arrow::array::{Array, StringViewArray};
    use arrow::compute::take;

    #[test]
    fn every_row_gets_its_own_text_back() {
        let long = |row: usize| format!("a text that does not fit into a view, {}", row % 7);
        for kinds in [1, 2, 7, 200, 3000] {
            let text = |row: usize| match row % kinds {
                0 => None,
                kind if kind % 2 == 0 => Some(long(kind)),
                kind => Some(kind.to_string()),
            };
            let texts: StringViewArray = (0..8192).map(text).collect();
            let repeats = Repeats::find(&texts);
            // Long texts of this array stand each in a place of its own, so they are no repeats: nearly every other one at last.
            assert_eq!(repeats.is_some(), kinds <= 7, "{kinds}");
            let Some(repeats) = repeats else { continue };
            let back = take(&take(&texts, &repeats.first, None).unwrap(), &repeats.of_row, None).unwrap();
            assert_eq!(back.as_ref(), &texts as &dyn Array);
        }
    }

    #[test]
    fn runs_end_at_nulls() {
        let text = |row: usize| [Some(""), None, Some(""), Some("a"), Some("a"), None, None][row / 3 % 7];
        for start in 0..21 {
            let texts: StringViewArray = (start..start + 8192).map(text).collect();
            let repeats = Repeats::find(&texts).unwrap();
            assert_eq!(repeats.first.len(), 3);
            let back = take(&take(&texts, &repeats.first, None).unwrap(), &repeats.of_row, None).unwrap();
            assert_eq!(back.as_ref(), &texts as &dyn Array);
        }
    }

    #[test]
    fn short_texts_are_found_and_many_different_ones_given_up() {
        let texts = |kinds: usize| (0..8192).map(|row| Some((row % kinds).to_string())).collect::<StringViewArray>();
        assert!(Repeats::find(&texts(50)).is_some_and(|repeats| repeats.first.len() <= 100));
        assert!(Repeats::find(&texts(8192)).is_none());
        assert!(Repeats::find(&texts(5).slice(0, LEAST_ROWS - 1)).is_none());
    }
}
