//! Rows per item.

use arrow::array::Int64Array;
use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasherDefault, Hasher};

/// A table with more different items than this keeps no counts; MIMIC-IV has about 4,000 chart items.
pub const MOST_ITEMS: usize = 100_000;

/// Rows per value of an item column.
#[derive(Clone, Debug, Default)]
pub(crate) struct ItemCounts {
    counts: HashMap<i64, u64, BuildHasherDefault<ItemHasher>>,
    overflow: bool,
}

impl ItemCounts {
    pub(crate) fn add(&mut self, items: &Int64Array) {
        // Equal neighbours are counted together: the rule where rows are sorted by item, cheap where they are not.
        let mut run: Option<(i64, u64)> = None;
        for item in items.iter().flatten() {
            match &mut run {
                Some((value, count)) if *value == item => *count += 1,
                _ => {
                    if let Some((value, count)) = run.replace((item, 1)) {
                        self.count(value, count);
                    }
                }
            }
        }
        if let Some((value, count)) = run {
            self.count(value, count);
        }
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        self.overflow |= other.overflow;
        for (item, count) in &other.counts {
            self.count(*item, *count);
        }
    }

    /// The counts, `None` if there were too many items.
    pub(crate) fn finish(self) -> Option<BTreeMap<i64, u64>> {
        (!self.overflow).then(|| self.counts.into_iter().collect())
    }

    fn count(&mut self, item: i64, count: u64) {
        if self.overflow {
            return;
        }
        *self.counts.entry(item).or_default() += count;
        if self.counts.len() > MOST_ITEMS {
            self.overflow = true;
            self.counts = HashMap::default();
        }
    }
}

/// Item ids come from a public dictionary, so that nobody gains by collisions.
#[derive(Default)]
struct ItemHasher(u64);

impl Hasher for ItemHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = super::distinct::hash_bytes(bytes);
    }

    fn write_i64(&mut self, value: i64) {
        self.0 = super::distinct::hash_integer(value);
    }
}

#[cfg(test)]
mod tests {
    use super::{ItemCounts, MOST_ITEMS};
    use arrow::array::Int64Array;

    #[test]
    fn rows_without_an_item_are_not_counted_and_too_many_items_give_no_counts() {
        let mut counts = ItemCounts::default();
        counts.add(&Int64Array::from(vec![Some(7), Some(7), None, Some(7), Some(5)]));
        let mut more = ItemCounts::default();
        more.add(&Int64Array::from(vec![5, 220_045]));
        counts.merge(&more);
        assert_eq!(counts.clone().finish().unwrap(), [(5, 2), (7, 3), (220_045, 1)].into());
        counts.add(&(0..=MOST_ITEMS as i64).collect::<Int64Array>());
        assert_eq!(counts.finish(), None);
    }
}
