//! What each kind of relation does to the facts of its inputs; the calls in it are checked on the way.

use super::expression::{assume, conjuncts, define, has_distinct_elements, literal_of, read, sources};
use super::facts::{Attribute, Facts};
use super::{Checker, Live};
use crate::tree::{AggregateCall, ColumnId, Expression, ExpressionKind, JoinKind, Relation, SetOperationKind, SortKey};
use crate::walk;
use std::collections::HashSet;

impl Checker {
    /// Facts of a relation's rows, of which `live` columns are read above it.
    pub(super) fn relation(&mut self, relation: &Relation, live: &Live) -> Facts {
        walk::expressions(relation, &mut |expression| self.subqueries(expression));
        match relation {
            Relation::OneRow => {
                let mut facts = Facts::new(self.fresh(), Vec::new());
                facts.add(Vec::new(), vec![facts.row]);
                facts
            }
            Relation::Table { table, columns, .. } => self.table(table, columns),
            Relation::Cte { cte, columns } => {
                let Some((name, facts)) = self.ctes.get(cte).cloned() else {
                    let visible = columns.iter().map(|(_, here)| (*here).into()).collect();
                    return Facts::new(self.fresh(), visible);
                };
                let mut pairs = Vec::new();
                for (there, here) in columns {
                    if let Some(column) = self.names.get(&(*there).into()).cloned() {
                        let column = column.rsplit('.').next().unwrap_or(&column);
                        self.names.insert((*here).into(), format!("{name}.{column}"));
                    }
                    pairs.push(((*there).into(), (*here).into()));
                }
                facts.renamed(&pairs, || self.fresh())
            }
            Relation::With { definitions, body } => {
                for definition in definitions {
                    let output: Vec<Attribute> = definition.query.output.iter().map(|c| c.column.into()).collect();
                    let facts = self.query(&definition.query).narrowed(&output);
                    self.ctes.insert(definition.cte, (definition.name.clone(), facts));
                }
                self.relation(body, live)
            }
            Relation::Project { input, computed } => self.project(input, computed, live),
            Relation::Filter { input, predicate } => {
                let mut facts = self.relation(input, &and(live, [predicate]));
                let mut parts = Vec::new();
                conjuncts(predicate, &mut parts);
                facts.constants.extend(parts.into_iter().filter_map(literal_of));
                assume(&mut facts, predicate, &mut |facts, from, to| facts.add(from, vec![to]));
                facts
            }
            Relation::Join { kind, left, right, condition } => self.join(*kind, left, right, condition.as_ref(), live),
            Relation::Aggregate { input, keys, aggregates, sets: None } => self.aggregate(input, keys, aggregates),
            Relation::Aggregate { input, keys, aggregates, sets: Some(sets) } => {
                let results: Vec<Attribute> = sets.marks.iter().map(|(id, _)| (*id).into()).collect();
                let visible = self.aggregate(input, keys, aggregates).visible;
                // A group of one set may have the keys of a group of another.
                Facts::new(self.fresh(), visible.into_iter().chain(results).collect())
            }
            Relation::Window { input, calls } => self.window(input, calls, live),
            Relation::SetOperation { kind, inputs, columns } => self.set_operation(*kind, inputs, columns, live),
            Relation::Recursion { kind, base, step, columns, .. } => {
                for (input, outputs) in [&**base, &**step] {
                    self.relation(input, &outputs.iter().copied().collect());
                }
                let columns: Vec<Attribute> = columns.iter().map(|column| (*column).into()).collect();
                let mut facts = Facts::new(self.fresh(), columns.clone());
                if *kind == SetOperationKind::UnionDistinct {
                    facts.add(columns, vec![facts.row]);
                }
                facts
            }
            Relation::Unnest { input, array, element, offset, .. } => {
                self.unnest(input, array, *element, *offset, live)
            }
            Relation::Sort { input, keys } => self.relation(input, &and(live, keys.iter().map(|key| &key.expression))),
            Relation::Limit { input, count, offset } => self.limit(input, *count, *offset, live),
        }
    }

    fn table(&mut self, table: &crate::catalog::TableSchema, columns: &[(usize, ColumnId)]) -> Facts {
        let mut here: Vec<(usize, Attribute)> = columns.iter().map(|(place, id)| (*place, (*id).into())).collect();
        // Key columns that the statement does not name: nothing can refer to them, but a hint can.
        for place in table.keys.iter().flatten() {
            if here.iter().all(|(known, _)| known != place) {
                here.push((*place, self.fresh()));
            }
        }
        for (place, attribute) in &here {
            if let Some(column) = table.columns.get(*place) {
                self.names.insert(*attribute, format!("{}.{}", table.path.table, column.name));
            }
        }
        let mut facts = Facts::new(self.fresh(), here.iter().map(|(_, attribute)| *attribute).collect());
        for key in &table.keys {
            let key = here.iter().filter(|(place, _)| key.contains(place)).map(|(_, attribute)| *attribute);
            facts.add(key.collect(), vec![facts.row]);
        }
        facts
    }

    fn project(&mut self, input: &Relation, computed: &[(ColumnId, Expression)], live: &Live) -> Facts {
        let mut facts = self.relation(input, &and(live, computed.iter().map(|(_, expression)| expression)));
        for (id, expression) in computed {
            self.name_computed(*id, expression);
            define(&mut facts, (*id).into(), expression);
            facts.visible.push((*id).into());
        }
        facts
    }

    fn name_computed(&mut self, id: ColumnId, expression: &Expression) {
        if let ExpressionKind::Column(column) = expression.kind
            && let Some(name) = self.names.get(&column.into()).cloned()
        {
            self.names.entry(id.into()).or_insert(name);
        }
    }

    fn join(
        &mut self,
        kind: JoinKind,
        left: &Relation,
        right: &Relation,
        condition: Option<&Expression>,
        live: &Live,
    ) -> Facts {
        let live = and(live, condition);
        let left = self.relation(left, &live);
        let right = self.relation(right, &live);
        let rows = (left.row, right.row);
        let mut facts = Facts::new(self.fresh(), left.visible.iter().chain(&right.visible).copied().collect());
        facts.add(vec![rows.0, rows.1], vec![facts.row]);
        facts.add(vec![facts.row], vec![rows.0, rows.1]);
        match kind {
            JoinKind::Inner => {
                facts.take(left);
                facts.take(right);
                if let Some(condition) = condition {
                    assume(&mut facts, condition, &mut |facts, from, to| facts.add(from, vec![to]));
                }
            }
            JoinKind::Left => self.outer_join(&mut facts, left, right, condition),
            JoinKind::Right => self.outer_join(&mut facts, right, left, condition),
            JoinKind::Full => {
                for side in [left, right] {
                    let present = self.fresh();
                    facts.add(vec![side.row], vec![present]);
                    facts.take_optional(side, present);
                }
            }
        }
        facts
    }

    /// All rows of `kept`, with those of `optional` that the condition joins to them.
    fn outer_join(&mut self, facts: &mut Facts, kept: Facts, optional: Facts, condition: Option<&Expression>) {
        let present = self.fresh();
        let rows = (kept.row, optional.row);
        // Whether a row finds a partner rests on what the condition reads of it.
        facts.add(vec![rows.0], vec![present]);
        facts.add(vec![rows.1], vec![present]);
        let its: HashSet<Attribute> = optional.visible.iter().copied().collect();
        match condition.map(sources) {
            None => facts.add(Vec::new(), vec![present]),
            Some(Some(mut read)) => {
                read.retain(|attribute| !its.contains(attribute));
                facts.add(read, vec![present]);
            }
            Some(None) => {}
        }
        facts.take(kept);
        facts.take_optional(optional, present);
        if let Some(condition) = condition {
            assume(facts, condition, &mut |facts, mut from, to| {
                if its.contains(&to) {
                    from.push(present);
                    facts.add(from, vec![to]);
                }
            });
        }
    }

    fn aggregate(
        &mut self,
        input: &Relation,
        keys: &[(ColumnId, Expression)],
        aggregates: &[(ColumnId, AggregateCall)],
    ) -> Facts {
        let mut live = Live::new();
        keys.iter().for_each(|(_, key)| read(key, &mut |column| live.extend([column])));
        for (_, call) in aggregates {
            walk::of_aggregate(call, &mut |e| read(e, &mut |column| live.extend([column])));
        }
        let mut facts = self.relation(input, &live);
        for (id, key) in keys {
            self.name_computed(*id, key);
            define(&mut facts, (*id).into(), key);
        }
        let group: Vec<Attribute> = keys.iter().map(|(id, _)| (*id).into()).collect();
        for (_, call) in aggregates {
            self.check_aggregate(call, &group, &mut facts);
        }
        facts.add(group.clone(), vec![facts.row]);
        let results: Vec<Attribute> = aggregates.iter().map(|(id, _)| (*id).into()).collect();
        facts.add(vec![facts.row], results.clone());
        facts.visible = group.into_iter().chain(results).collect();
        facts
    }

    fn set_operation(
        &mut self,
        kind: SetOperationKind,
        inputs: &[(Relation, Vec<ColumnId>)],
        columns: &[ColumnId],
        live: &Live,
    ) -> Facts {
        let mut arms = Vec::new();
        for (input, outputs) in inputs {
            let read = |(output, column): (&ColumnId, &ColumnId)| {
                (kind != SetOperationKind::UnionAll || live.contains(column)).then_some(*output)
            };
            let live = outputs.iter().zip(columns).filter_map(read).collect();
            let outputs: Vec<Attribute> = outputs.iter().map(|output| (*output).into()).collect();
            for (output, column) in outputs.iter().zip(columns) {
                if let Some(name) = self.names.get(output).cloned() {
                    self.names.entry((*column).into()).or_insert(name);
                }
            }
            arms.push((self.relation(input, &live), outputs));
        }
        let columns: Vec<Attribute> = columns.iter().map(|column| (*column).into()).collect();
        let mut facts = Facts::new(self.fresh(), columns.clone());
        if kind == SetOperationKind::UnionAll {
            if let Some(key) = key_of_union(&arms, &columns) {
                facts.add(key, vec![facts.row]);
            }
            return facts;
        }
        facts.add(columns.clone(), vec![facts.row]);
        if kind != SetOperationKind::UnionDistinct {
            // What remains are rows of the first input, each once.
            let (first, outputs) = arms.swap_remove(0);
            facts.equal(facts.row, first.row);
            facts.take(first);
            outputs.into_iter().zip(columns).for_each(|(output, column)| facts.equal(output, column));
        }
        facts
    }

    fn unnest(
        &mut self,
        input: &Relation,
        array: &Expression,
        element: ColumnId,
        offset: Option<ColumnId>,
        live: &Live,
    ) -> Facts {
        let below = self.relation(input, &and(live, [array]));
        let mut facts = Facts::new(self.fresh(), below.visible.clone());
        let (element, offset) = (Attribute::from(element), offset.map(Attribute::from));
        facts.add(vec![facts.row], vec![below.row, element]);
        facts.visible.push(element);
        if let Some(offset) = offset {
            facts.add(vec![below.row, offset], vec![facts.row]);
            facts.add(vec![facts.row], vec![offset]);
            facts.visible.push(offset);
            if let Some(mut sources) = sources(array) {
                sources.push(offset);
                facts.add(sources, vec![element]);
            }
        }
        if has_distinct_elements(array) {
            facts.add(vec![below.row, element], vec![facts.row]);
        }
        facts.take(below);
        facts
    }

    fn limit(&mut self, input: &Relation, count: Option<u64>, offset: u64, live: &Live) -> Facts {
        let (sorted, keys): (&Relation, &[SortKey]) = match input {
            Relation::Sort { input, keys } => (input, keys),
            other => (other, &[]),
        };
        if let Relation::Sort { keys, .. } = input {
            keys.iter().for_each(|key| self.subqueries(&key.expression));
        }
        let mut facts = self.relation(sorted, &and(live, keys.iter().map(|key| &key.expression)));
        if count != Some(0) && (count.is_some() || offset > 0) {
            self.check_limit(sorted, keys, live, &mut facts);
        }
        if count == Some(1) {
            facts.add(Vec::new(), vec![facts.row]);
        }
        facts
    }
}

/// `live` and what the expressions read.
pub(super) fn and<'e>(live: &Live, expressions: impl IntoIterator<Item = &'e Expression>) -> Live {
    let mut all = live.clone();
    expressions.into_iter().for_each(|expression| read(expression, &mut |column| all.extend([column])));
    all
}

/// Columns that fix a row of a UNION ALL: one in which every input has a literal of its own, and a key of every input.
fn key_of_union(arms: &[(Facts, Vec<Attribute>)], columns: &[Attribute]) -> Option<Vec<Attribute>> {
    let is_tag = |place: &usize| {
        let mut seen = Vec::new();
        arms.iter().all(|(facts, outputs)| match facts.constants.get(&outputs[*place]) {
            Some(value) if !seen.contains(&value) => {
                seen.push(value);
                true
            }
            _ => false,
        })
    };
    let tag = (0..columns.len()).find(is_tag)?;
    let mut key = vec![columns[tag]];
    for (facts, outputs) in arms {
        for column in facts.missing_key(&[], outputs)? {
            let place = outputs.iter().position(|output| *output == column)?;
            if !key.contains(&columns[place]) {
                key.push(columns[place]);
            }
        }
    }
    Some(key)
}
