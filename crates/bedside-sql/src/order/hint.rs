//! Findings in words.

use super::call::Missing;
use super::facts::{Attribute, Facts};
use super::{Checker, UnorderedWindow};
use crate::tree::AggregateCall;
use bedside_types::Position;

impl Checker {
    pub(super) fn report(&mut self, call: &AggregateCall, missing: &Missing, facts: &Facts) {
        self.report_at(&call.function.to_ascii_uppercase(), call.position, missing, facts);
    }

    pub(super) fn report_at(&mut self, function: &str, position: Position, missing: &Missing, facts: &Facts) {
        let has = self.list(&missing.start);
        let what = missing.what;
        let missing_words = match has.as_str() {
            "" => format!("{what} is not decided: there is no order"),
            has => format!("{what} is not decided: rows can agree in {has}"),
        };
        self.found.push(UnorderedWindow {
            position,
            function: function.to_owned(),
            missing: missing_words,
            hint: self.remedy(missing, facts),
        });
    }

    /// A key if the input has one that can be named, else all that is read.
    fn remedy(&self, missing: &Missing, facts: &Facts) -> String {
        let named: Vec<Attribute> =
            facts.visible.iter().filter(|attribute| self.names.contains_key(attribute)).copied().collect();
        if let Some(key) = facts.missing_key(&missing.start, &named) {
            return format!("add {} to the order", self.list(&key));
        }
        let held = facts.closure(missing.start.iter().copied());
        let open: Vec<Attribute> = missing.read.iter().filter(|attribute| !held.contains(attribute)).copied().collect();
        match self.list(&open).as_str() {
            "" => "make the rows unique first, with GROUP BY or DISTINCT".to_owned(),
            open => format!("no key of these rows is known: add {open} to the order, or make the rows unique first"),
        }
    }

    fn list(&self, attributes: &[Attribute]) -> String {
        let mut names: Vec<&str> = Vec::new();
        for attribute in attributes {
            let name = self.names.get(attribute).map_or("a computed value", String::as_str);
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names.join(", ")
    }
}
