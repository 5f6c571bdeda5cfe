//! What is known of a relation's rows by definition: which columns fix which others, and which fix the row.
//!
//! An [`Attribute`] is a column or something else that every row has one of: the row itself, or whether an outer join found
//! a partner. A rule `from → to` says that two rows equal in all of `from` (NULLs being equal) are equal in all of `to`. A
//! key is a rule to the row. Attributes of relations below stay in the rules after GROUP BY and DISTINCT have dropped the
//! columns: take one row of each group to stand for it, and they hold for those.

use crate::tree::ColumnId;
use bedside_types::Value;
use std::collections::{HashMap, HashSet};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Attribute(u64);

impl Attribute {
    pub(super) fn made(number: u32) -> Self {
        Self(u64::from(number) | 1 << 32)
    }
}

impl From<ColumnId> for Attribute {
    fn from(column: ColumnId) -> Self {
        Self(u64::from(column.0))
    }
}

#[derive(Clone, Debug)]
pub(super) struct Facts {
    rules: Vec<Rule>,
    /// The row itself.
    pub(super) row: Attribute,
    /// What an expression above can name.
    pub(super) visible: Vec<Attribute>,
    /// Columns that hold one literal.
    pub(super) constants: HashMap<Attribute, Value>,
}

#[derive(Clone, Debug)]
struct Rule {
    from: Vec<Attribute>,
    to: Vec<Attribute>,
}

/// Rules beyond which a CTE's facts are cut down to its output, so that CTEs that use each other stay small.
const RULES: usize = 2_000;

impl Facts {
    /// Rows of which nothing is known but that `row` has these columns.
    pub(super) fn new(row: Attribute, visible: Vec<Attribute>) -> Self {
        let rules = vec![Rule { from: vec![row], to: visible.clone() }];
        Self { rules, row, visible, constants: HashMap::new() }
    }

    /// Rows equal in `from` are equal in `to`.
    pub(super) fn add(&mut self, from: Vec<Attribute>, to: Vec<Attribute>) {
        self.rules.push(Rule { from, to });
    }

    /// Two attributes that always have the same value.
    pub(super) fn equal(&mut self, left: Attribute, right: Attribute) {
        self.add(vec![left], vec![right]);
        self.add(vec![right], vec![left]);
    }

    /// Takes over all that is known of other rows; for rows that are pairs, groups or parts of those.
    pub(super) fn take(&mut self, other: Self) {
        self.rules.extend(other.rules);
        self.constants.extend(other.constants);
    }

    /// As [`Self::take`] for the side of an outer join that may be missing: its rules hold among rows that have it and
    /// among rows that lack it, not across.
    pub(super) fn take_optional(&mut self, other: Self, present: Attribute) {
        self.rules.extend(other.rules.into_iter().map(|mut rule| {
            rule.from.push(present);
            rule
        }));
    }

    /// All that is the same for rows equal in `start`.
    pub(super) fn closure(&self, start: impl IntoIterator<Item = Attribute>) -> HashSet<Attribute> {
        let mut held: HashSet<Attribute> = start.into_iter().collect();
        let mut waiting: Vec<&Rule> = self.rules.iter().collect();
        loop {
            let before = waiting.len();
            waiting.retain(|rule| {
                let fires = rule.from.iter().all(|attribute| held.contains(attribute));
                if fires {
                    held.extend(&rule.to);
                }
                !fires
            });
            if waiting.len() == before {
                return held;
            }
        }
    }

    /// Whether rows equal in `start` are one row.
    pub(super) fn fixes_row(&self, start: impl IntoIterator<Item = Attribute>) -> bool {
        self.closure(start).contains(&self.row)
    }

    /// The fewest of `candidates`, the first ones preferred, that with `start` fix the row; `None` if all of them do not.
    pub(super) fn missing_key(&self, start: &[Attribute], candidates: &[Attribute]) -> Option<Vec<Attribute>> {
        let with = |kept: &[Attribute]| self.fixes_row(start.iter().chain(kept).copied());
        let mut kept = candidates.to_vec();
        if !with(&kept) {
            return None;
        }
        for index in (0..kept.len()).rev() {
            let mut fewer = kept.clone();
            fewer.remove(index);
            if with(&fewer) {
                kept = fewer;
            }
        }
        Some(kept)
    }

    /// The same facts under other names: `columns` says which attribute has which, all others get one from `fresh`.
    pub(super) fn renamed(&self, columns: &[(Attribute, Attribute)], mut fresh: impl FnMut() -> Attribute) -> Self {
        let mut names: HashMap<Attribute, Attribute> = columns.iter().copied().collect();
        let mut rename = |attribute: &Attribute| *names.entry(*attribute).or_insert_with(&mut fresh);
        let mut all = |attributes: &[Attribute]| attributes.iter().map(&mut rename).collect::<Vec<_>>();
        let rules = self.rules.iter().map(|rule| Rule { from: all(&rule.from), to: all(&rule.to) }).collect();
        let row = rename(&self.row);
        let constants = self.constants.iter().map(|(attribute, value)| (rename(attribute), value.clone())).collect();
        Self { rules, row, visible: columns.iter().map(|(_, here)| *here).collect(), constants }
    }

    /// What remains of interest of a CTE: all of it, or where that is much, one key of its output and what single columns
    /// fix.
    pub(super) fn narrowed(self, output: &[Attribute]) -> Self {
        let mut narrow = if self.rules.len() > RULES {
            let mut narrow = Self::new(self.row, output.to_vec());
            let among_output = |held: HashSet<Attribute>| output.iter().filter(|a| held.contains(a)).copied().collect();
            narrow.add(Vec::new(), among_output(self.closure([])));
            for column in output {
                narrow.add(vec![*column], among_output(self.closure([*column])));
            }
            if let Some(key) = self.missing_key(&[], output) {
                narrow.add(key, vec![self.row]);
            }
            narrow.constants = self.constants;
            narrow
        } else {
            self
        };
        narrow.visible = output.to_vec();
        narrow.constants.retain(|attribute, _| output.contains(attribute));
        narrow
    }
}
