//! The tables that a text names, found without knowing which tables there are.

use crate::error::SqlError;
use crate::parse;
use crate::stack;
use crate::syntax::{
    Body, Call, Condition, GroupBy, InsertRows, Name, Node, NodeKind, OrderItem, Over, PipeKind, Pivot, Query, Select,
    SelectItem, Statement, Table, TableArgument, TableCall, With,
};
use crate::syntax::{BoundSpec, WindowSpec};
use bedside_types::Position;

/// A table that a text names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableName {
    /// The parts of its path, those inside one pair of backticks taken apart: `physionet-data`, `mimiciv_icu`, `icustays`.
    pub path: Vec<String>,
    /// Where it stands.
    pub position: Position,
}

/// The tables that the queries of a text name, in the order of the text, as often as it names them. Common table
/// expressions and arrays of tables already named are none.
///
/// # Errors
/// The first fault of syntax, with its place.
pub fn table_names(text: &str) -> Result<Vec<TableName>, SqlError> {
    stack::with_known_stack(|| {
        let mut search = Search::default();
        for statement in &parse::parse(text)? {
            match statement {
                Statement::Query(query) => search.query(query),
                Statement::CreateTable(create) => create.query.iter().for_each(|query| search.query(query)),
                Statement::CreateView(create) => search.query(&create.query),
                Statement::Export(export) => search.query(&export.query),
                Statement::Insert(insert) => {
                    if let InsertRows::Query(query) = &insert.rows {
                        search.query(query);
                    }
                }
                _ => {}
            }
        }
        Ok(search.found)
    })
}

/// The tables that a query names, as [`table_names`].
pub(crate) fn tables_of(query: &Query) -> Vec<TableName> {
    let mut search = Search::default();
    search.query(query);
    search.found
}

/// What is in sight at a place of the text, and the tables found so far.
#[derive(Debug, Default)]
struct Search {
    ctes: Vec<String>,
    ranges: Vec<String>,
    found: Vec<TableName>,
}

impl Search {
    fn query(&mut self, query: &Query) {
        let visible = self.ctes.len();
        self.with(&query.with);
        let ranges = self.ranges.len();
        self.body(&query.body, &query.order);
        query.limit.iter().for_each(|limit| self.nodes(std::iter::once(&limit.count).chain(&limit.offset)));
        for pipe in &query.pipes {
            self.pipe(&pipe.kind);
        }
        self.ranges.truncate(ranges);
        self.ctes.truncate(visible);
    }

    fn with(&mut self, with: &With) {
        if with.recursive {
            self.ctes.extend(with.ctes.iter().map(|cte| cte.name.text.to_lowercase()));
        }
        for cte in &with.ctes {
            self.query(&cte.query);
            self.ctes.push(cte.name.text.to_lowercase());
        }
    }

    fn pipe(&mut self, pipe: &PipeKind) {
        match pipe {
            PipeKind::Select(select) | PipeKind::Extend(select) | PipeKind::Window(select) => self.select(select, &[]),
            PipeKind::Set(items) => self.nodes(items.iter().map(|(_, node)| node)),
            PipeKind::As(name) => self.ranges.push(name.text.to_lowercase()),
            PipeKind::Where(node) => self.node(node),
            PipeKind::Limit(limit) => self.nodes(std::iter::once(&limit.count).chain(&limit.offset)),
            PipeKind::Aggregate(aggregate) => {
                let items = aggregate.aggregates.iter().chain(aggregate.keys.iter().flatten());
                items.for_each(|key| self.nodes(key.item.keys()));
            }
            PipeKind::Join { right, condition, .. } => {
                self.table(right);
                if let Condition::On(node) = condition {
                    self.node(node);
                }
            }
            PipeKind::Order(items) => self.order(items),
            PipeKind::Operation { inputs, .. } => inputs.iter().for_each(|query| self.query(query)),
            PipeKind::Pivot(pivot, alias) => self.pivot(pivot, alias.as_ref()),
            PipeKind::Unpivot(_, alias) => self.ranges.extend(alias.as_ref().map(|name| name.text.to_lowercase())),
            PipeKind::With(with) => self.with(with),
            PipeKind::Call(call, alias) => {
                self.table_call(call);
                self.ranges.extend(alias.as_ref().map(|name| name.text.to_lowercase()));
            }
            PipeKind::Drop(_) | PipeKind::Rename(_) | PipeKind::Distinct | PipeKind::Sample(_) => {}
        }
    }

    fn pivot(&mut self, pivot: &Pivot, alias: Option<&Name>) {
        pivot.aggregates.iter().chain(&pivot.values).for_each(|(node, _)| self.node(node));
        self.node(&pivot.input);
        self.ranges.extend(alias.map(|name| name.text.to_lowercase()));
    }

    /// ORDER BY sees the names of the SELECT that it stands behind.
    fn body(&mut self, body: &Body, order: &[OrderItem]) {
        match body {
            Body::Select(select) => return self.select(select, order),
            Body::Nested(query) => self.query(query),
            Body::From(from) => self.table(from),
            Body::Set { inputs, .. } => inputs.iter().for_each(|input| self.body(input, &[])),
        }
        self.order(order);
    }

    fn select(&mut self, select: &Select, order: &[OrderItem]) {
        let visible = self.ranges.len();
        if let Some(from) = &select.from {
            self.table(from);
        }
        for item in &select.items {
            match item {
                SelectItem::Expression { node, .. } => self.node(node),
                SelectItem::Star { of, replace, .. } => {
                    of.iter().for_each(|node| self.node(node));
                    replace.iter().for_each(|(node, _)| self.node(node));
                }
            }
        }
        select.filter.iter().chain(&select.having).chain(&select.qualify).for_each(|node| self.node(node));
        if let Some(GroupBy::Items(items)) = &select.group {
            items.iter().for_each(|item| self.nodes(item.keys()));
        }
        select.windows.iter().for_each(|(_, window)| self.window(window));
        self.order(order);
        self.ranges.truncate(visible);
    }

    fn table(&mut self, table: &Table) {
        match table {
            Table::Path { path, alias, .. } => {
                let parts: Vec<String> = path.iter().flat_map(|name| name.text.split('.').map(str::to_owned)).collect();
                let first = path[0].text.to_lowercase();
                let is_cte = path.len() == 1 && self.ctes.contains(&first);
                let is_array = path.len() > 1 && self.ranges.contains(&first);
                let range = alias.as_ref().map(|name| name.text.clone()).or_else(|| parts.last().cloned());
                if !is_cte && !is_array {
                    self.found.push(TableName { path: parts, position: path[0].position });
                }
                self.ranges.extend(range.map(|range| range.to_lowercase()));
            }
            Table::Query { query, alias, .. } => {
                self.query(query);
                self.ranges.extend(alias.as_ref().map(|name| name.text.to_lowercase()));
            }
            Table::Unnest { array, alias, .. } => {
                self.node(array);
                self.ranges.extend(alias.as_ref().map(|name| name.text.to_lowercase()));
            }
            Table::Join { left, right, condition, .. } => {
                self.table(left);
                self.table(right);
                if let Condition::On(node) = condition {
                    self.node(node);
                }
            }
            Table::Pivot { input, pivot, alias } => {
                self.table(input);
                self.pivot(pivot, alias.as_ref());
            }
            Table::Unpivot { input, alias, .. } => {
                self.table(input);
                self.ranges.extend(alias.as_ref().map(|name| name.text.to_lowercase()));
            }
            Table::Sample { input, .. } => self.table(input),
            Table::Function { call, alias } => {
                self.table_call(call);
                let range = alias.as_ref().or(call.path.last());
                self.ranges.extend(range.map(|range| range.text.to_lowercase()));
            }
        }
    }

    fn table_call(&mut self, call: &TableCall) {
        for argument in &call.arguments {
            match argument {
                TableArgument::Value(node) => self.node(node),
                TableArgument::Table(table) => self.table(table),
            }
        }
    }

    fn order(&mut self, order: &[OrderItem]) {
        order.iter().for_each(|item| self.node(&item.node));
    }

    fn window(&mut self, window: &WindowSpec) {
        window.partition.iter().for_each(|node| self.node(node));
        self.order(&window.order);
        for bound in window.frame.iter().flat_map(|frame| [&frame.start, &frame.end]) {
            if let BoundSpec::Preceding(node) | BoundSpec::Following(node) = bound {
                self.node(node);
            }
        }
    }

    fn nodes<'n>(&mut self, nodes: impl IntoIterator<Item = &'n Node>) {
        nodes.into_iter().for_each(|node| self.node(node));
    }

    fn node(&mut self, node: &Node) {
        match &node.kind {
            NodeKind::Null
            | NodeKind::Bool(_)
            | NodeKind::Integer(_)
            | NodeKind::Float(_)
            | NodeKind::String(_)
            | NodeKind::Bytes(_)
            | NodeKind::Typed(..)
            | NodeKind::Parameter(_)
            | NodeKind::Positional(_)
            | NodeKind::System(_)
            | NodeKind::Path(_) => {}
            NodeKind::Field(one, _)
            | NodeKind::Negate(one)
            | NodeKind::Plus(one)
            | NodeKind::BitNot(one)
            | NodeKind::Not(one)
            | NodeKind::Is { operand: one, .. }
            | NodeKind::Interval { amount: one, .. } => self.node(one),
            NodeKind::Subscript(left, _, right)
            | NodeKind::Binary(_, left, right)
            | NodeKind::DistinctFrom { left, right, .. }
            | NodeKind::Like { operand: left, pattern: right, .. }
            | NodeKind::LikeArray { operand: left, patterns: right, .. }
            | NodeKind::InUnnest { operand: left, array: right, .. } => self.nodes([&**left, &**right]),
            NodeKind::And(many) | NodeKind::Or(many) | NodeKind::Concat(many) | NodeKind::Tuple(many) => {
                self.nodes(many);
            }
            NodeKind::Array { values, .. } => self.nodes(values),
            NodeKind::Between { operand, low, high, .. } => self.nodes([&**operand, &**low, &**high]),
            NodeKind::InList { operand, values, .. } | NodeKind::LikeList { operand, patterns: values, .. } => {
                self.nodes(std::iter::once(&**operand).chain(values));
            }
            NodeKind::InQuery { operand, query, .. } => {
                self.node(operand);
                self.query(query);
            }
            NodeKind::Case { operand, arms, otherwise } => {
                self.nodes(operand.iter().map(|node| &**node));
                self.nodes(arms.iter().flat_map(|(condition, result)| [condition, result]));
                self.nodes(otherwise.iter().map(|node| &**node));
            }
            NodeKind::Cast { operand, format, .. } => {
                self.node(operand);
                if let Some(format) = format {
                    self.node(&format.pattern);
                    self.nodes(&format.zone);
                }
            }
            NodeKind::Extract { part, operand, zone } => {
                self.nodes([&**part, &**operand]);
                self.nodes(zone.iter().map(|node| &**node));
            }
            NodeKind::Struct { values, .. } => self.nodes(values.iter().map(|(node, _)| node)),
            NodeKind::ArrayQuery { query, .. } | NodeKind::Exists(query) | NodeKind::Scalar(query) => self.query(query),
            NodeKind::With(values, result) => {
                self.nodes(values.iter().map(|(_, node)| node).chain(std::iter::once(&**result)));
            }
            NodeKind::Call(call) => self.call(call),
        }
    }

    fn call(&mut self, call: &Call) {
        self.nodes(&call.arguments);
        self.nodes(call.having.iter().map(|(_, node)| node));
        self.order(&call.order);
        self.nodes(&call.limit);
        if let Some(Over::Spec(window)) = &call.over {
            self.window(window);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::table_names;

    fn check(text: &str, expected: &[&str]) {
        let found = table_names(text).unwrap();
        let shown: Vec<_> = found.iter().map(|name| format!("{} {}", name.path.join("|"), name.position)).collect();
        assert_eq!(shown, expected, "{text}");
    }

    #[test]
    fn every_place_of_a_query_may_name_tables() {
        check("SELECT 1", &[]);
        check("SELECT * FROM `p-d.icu.stays` s JOIN p.icu.b USING (x)", &["p-d|icu|stays [1:15]", "p|icu|b [1:38]"]);
        check(
            "SELECT (SELECT MAX(x) FROM a.t) + 1 FROM b.u WHERE x IN (SELECT y FROM c.v)",
            &["b|u [1:42]", "a|t [1:28]", "c|v [1:72]"],
        );
        check("SELECT 1 FROM a.t UNION ALL (SELECT 2 FROM b.u) ORDER BY 1", &["a|t [1:15]", "b|u [1:44]"]);
        check(
            "SELECT ROW_NUMBER() OVER (ORDER BY (SELECT 1 FROM a.t)) FROM (SELECT * FROM b.u)",
            &["b|u [1:77]", "a|t [1:51]"],
        );
        check("SELECT\n1\nFROM a.t, a.t", &["a|t [3:6]", "a|t [3:11]"]);
    }

    #[test]
    fn names_given_in_the_text_are_no_tables() {
        check("WITH x AS (SELECT 1 FROM a.t), y AS (SELECT * FROM x) SELECT * FROM Y JOIN x ON TRUE", &["a|t [1:26]"]);
        // A CTE is in sight only behind its definition, and only inside its query.
        check("WITH x AS (SELECT * FROM x) SELECT * FROM x", &["x [1:26]"]);
        check("SELECT * FROM (WITH x AS (SELECT 1) SELECT * FROM x) JOIN x ON TRUE", &["x [1:59]"]);
        // A CTE does not hide a table that is named with its dataset.
        check("WITH age AS (SELECT 1) SELECT * FROM mimiciv_derived.age", &["mimiciv_derived|age [1:38]"]);
        check("SELECT * FROM a.t AS s, s.list, UNNEST(s.list) AS u", &["a|t [1:15]"]);
        assert!(table_names("SELECT FROM").is_err());
    }
}
