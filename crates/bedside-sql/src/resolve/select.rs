//! SELECT: the order in which its clauses act, and what each can see.
//!
//! FROM → WHERE → GROUP BY with aggregates → HAVING → window functions → QUALIFY → the list → DISTINCT → ORDER BY. The list
//! is resolved first, over FROM's columns, with aggregates and window functions replaced by columns that stand for them;
//! aliases in GROUP BY, HAVING, QUALIFY and ORDER BY are copies of what the list resolved to. Grouping then replaces what
//! equals a key ([`super::group`]).

use super::group::Grouping;
use super::grouping_sets::Keys;
use super::query::{condition, ordinal, sort_key};
use super::scope::{Aliases, Allowed, Calls, Context, Scope};
use super::{Resolver, RowColumn, Rows, column, function};
use crate::coerce;
use crate::error::{Result, SqlError};
use crate::syntax::{GroupBy, Name, Node, NodeKind, OrderItem, Select, SelectItem, Shape};
use crate::tree::{ColumnId, Expression, ExpressionKind, Relation, SortKey};
use crate::walk;
use bedside_types::{Position, SqlType, StructField};

/// An item of the list, stars taken apart.
pub(super) struct Item {
    pub(super) name: Option<String>,
    pub(super) expression: Expression,
}

/// What a SELECT selects from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    From,
    /// There is no FROM.
    Nothing,
    /// What stands before the pipe operator.
    Pipe,
}

impl Source {
    fn allowed(self) -> Allowed {
        match self {
            Self::From => Allowed::Both,
            Self::Nothing => Allowed::Neither,
            Self::Pipe => Allowed::Windows,
        }
    }

    fn clause(self) -> &'static str {
        match self {
            Self::From => "SELECT list",
            Self::Nothing => "SELECT without FROM clause",
            Self::Pipe => "pipe SELECT",
        }
    }
}

impl Resolver<'_> {
    pub(super) fn select(&mut self, select: &Select, order: &[OrderItem], outer: Option<&Context<'_>>) -> Result<Rows> {
        if let Some(table) = &select.from {
            let input = self.from(table, outer)?;
            return self.select_over(input, Source::From, select, order, outer);
        }
        refuse_without_from(select, order)?;
        self.select_over((Relation::OneRow, Scope::default()), Source::Nothing, select, order, outer)
    }

    /// The rest of a SELECT, over what it selects from.
    pub(super) fn select_over(
        &mut self,
        (mut relation, scope): (Relation, Scope),
        source: Source,
        select: &Select,
        order: &[OrderItem],
        outer: Option<&Context<'_>>,
    ) -> Result<Rows> {
        if let Some(filter) = &select.filter {
            let context = Context::plain(&scope, outer, "WHERE clause");
            let predicate = condition(self.expression(filter, &context)?, "WHERE clause")?;
            self.without_ruled_out(&mut relation, &predicate);
            relation = Relation::Filter { input: Box::new(relation), predicate };
        }
        let calls = Calls { named: window_definitions(select)?, ..Calls::default() };
        let list = Context {
            calls: Some(&calls),
            allowed: source.allowed(),
            ..Context::plain(&scope, outer, source.clause())
        };
        let items = self.items(select, source, &list)?;
        let mut aliases = Aliases::default();
        for item in &items {
            aliases.add(item.name.as_deref(), item.expression.clone());
        }
        let keys = self.group_keys(select, &aliases, &calls, &scope, outer)?;
        let later = |clause| Context {
            aliases: Some(&aliases),
            calls: Some(&calls),
            allowed: Allowed::Both,
            ..Context::plain(&scope, outer, clause)
        };
        let having = match &select.having {
            Some(node) => {
                let context = Context { allowed: Allowed::Aggregates, ..later("HAVING clause") };
                Some(condition(self.expression(node, &context)?, "HAVING clause")?)
            }
            None => None,
        };
        let qualify = match &select.qualify {
            Some(node) => Some(condition(self.expression(node, &later("QUALIFY clause"))?, "QUALIFY clause")?),
            None => None,
        };
        let mut sort = Vec::new();
        for item in order {
            let expression = match ordinal(&item.node, aliases.items.len(), "ORDER BY")? {
                Some(index) => self.copy(&aliases.items[index])?,
                None => self.expression(&item.node, &later("ORDER BY clause"))?,
            };
            sort.push(sort_key(item, expression)?);
        }
        let parts = Parts { items, having, qualify, sort };
        self.assemble(select, (relation, source), keys, parts, calls, &scope)
    }

    /// Puts the resolved clauses on top of each other.
    fn assemble(
        &mut self,
        select: &Select,
        (mut relation, source): (Relation, Source),
        keys: Option<Keys>,
        mut parts: Parts,
        calls: Calls,
        scope: &Scope,
    ) -> Result<Rows> {
        let aggregates = calls.aggregates.into_inner();
        let groupings = calls.groupings.into_inner();
        let mut windows = calls.windows.into_inner();
        if parts.having.is_some() && keys.is_none() && aggregates.is_empty() {
            let message = "The HAVING clause requires GROUP BY or aggregation to be present";
            return Err(SqlError::rule(message, select.having.as_ref().map_or(select.position, |n| n.position)));
        }
        if parts.qualify.is_some() && windows.is_empty() {
            let message = "The QUALIFY clause requires analytic function to be present";
            return Err(SqlError::rule(message, select.qualify.as_ref().map_or(select.position, |n| n.position)));
        }
        if let Some(having) = parts.having.as_ref().filter(|having| holds_any(having, &windows)) {
            return Err(SqlError::rule("Analytic function not allowed in HAVING clause", having.position));
        }
        if keys.is_some() || !aggregates.is_empty() || !groupings.is_empty() {
            let own = aggregates.iter().map(|(id, _)| *id).chain(windows.iter().map(|(id, _)| *id));
            let own: Vec<ColumnId> = own.chain(groupings.iter().map(|(id, _)| *id)).collect();
            let grouped = self.grouped(relation, keys.unwrap_or_default(), aggregates, groupings)?;
            relation = grouped.relation;
            let grouping = Grouping::new(&grouped.keys, own.into_iter(), scope);
            let clause = source.clause();
            for item in &mut parts.items {
                grouping.apply(&mut item.expression, clause)?;
            }
            for (_, call) in &mut windows {
                let mut result = Ok(());
                walk::of_window_mut(call, &mut |e| {
                    if result.is_ok() {
                        result = grouping.apply(e, "Analytic function");
                    }
                });
                result?;
            }
            if let Some(having) = &mut parts.having {
                grouping.apply(having, "HAVING clause")?;
            }
            if let Some(qualify) = &mut parts.qualify {
                grouping.apply(qualify, "QUALIFY clause")?;
            }
            for key in &mut parts.sort {
                grouping.apply(&mut key.expression, "ORDER BY clause")?;
            }
        }
        if let Some(predicate) = parts.having {
            relation = Relation::Filter { input: Box::new(relation), predicate };
        }
        if !windows.is_empty() {
            relation = Relation::Window { input: Box::new(relation), calls: windows };
        }
        if let Some(predicate) = parts.qualify {
            relation = Relation::Filter { input: Box::new(relation), predicate };
        }
        let (mut relation, mut columns, mut expressions) = self.list(relation, parts.items);
        let mut value_table = false;
        if select.shape != Shape::Row {
            (relation, columns) = self.shape(select, relation, columns)?;
            expressions = columns.iter().map(|c| c.expression(select.position)).collect();
            value_table = true;
        }
        if select.distinct {
            (relation, columns) = self.distinct(relation, columns, &expressions, &mut parts.sort, scope)?;
        }
        if !parts.sort.is_empty() {
            relation = Relation::Sort { input: Box::new(relation), keys: parts.sort };
        }
        Ok(Rows { relation, columns, value_table })
    }

    /// The list's columns; what is a column already keeps its id.
    pub(super) fn list(&mut self, input: Relation, items: Vec<Item>) -> (Relation, Vec<RowColumn>, Vec<Expression>) {
        let mut computed = Vec::new();
        let mut columns = Vec::new();
        let mut expressions = Vec::new();
        for Item { name, expression } in items {
            let sql_type = expression.sql_type.clone();
            let value = match &expression.kind {
                ExpressionKind::Literal(value) => Some(value.clone()),
                _ => None,
            };
            let id = if let ExpressionKind::Column(id) = expression.kind {
                id
            } else {
                let id = self.new_column();
                computed.push((id, expression.clone()));
                id
            };
            expressions.push(expression);
            columns.push(RowColumn { name, id, sql_type, literal: value, row: false });
        }
        (Self::project(input, computed), columns, expressions)
    }

    /// `SELECT AS STRUCT` and `SELECT AS VALUE`.
    fn shape(
        &mut self,
        select: &Select,
        relation: Relation,
        columns: Vec<RowColumn>,
    ) -> Result<(Relation, Vec<RowColumn>)> {
        let position = select.position;
        if select.shape == Shape::Value {
            if columns.len() != 1 {
                return Err(SqlError::rule("SELECT AS VALUE query must have exactly one column", position));
            }
            let columns = columns.into_iter().map(|c| RowColumn { name: None, ..c }).collect();
            return Ok((relation, columns));
        }
        let fields =
            columns.iter().map(|c| StructField { name: c.name.clone(), sql_type: c.sql_type.clone() }).collect();
        let values = columns.iter().map(|c| c.expression(position)).collect();
        let id = self.new_column();
        let sql_type = SqlType::Struct(fields);
        let value = function("$struct", values, sql_type.clone(), position);
        let columns = vec![RowColumn { name: None, id, sql_type, literal: None, row: false }];
        Ok((Self::project(relation, vec![(id, value)]), columns))
    }

    fn distinct(
        &mut self,
        relation: Relation,
        columns: Vec<RowColumn>,
        expressions: &[Expression],
        sort: &mut [SortKey],
        scope: &Scope,
    ) -> Result<(Relation, Vec<RowColumn>)> {
        let mut keys: Vec<(ColumnId, Expression)> = Vec::new();
        let mut visible: Vec<(ColumnId, Expression)> = Vec::new();
        let mut result = Vec::new();
        for (old, expression) in columns.into_iter().zip(expressions) {
            if !coerce::is_groupable(&old.sql_type) {
                let message = format!("Column of type {} cannot be used in SELECT DISTINCT", old.sql_type);
                return Err(SqlError::types(message, expression.position));
            }
            let id = self.new_column();
            keys.push((id, column(old.id, old.sql_type.clone(), expression.position)));
            visible.push((id, expression.clone()));
            result.push(RowColumn { id, ..old });
        }
        let grouping = Grouping::new(&visible, std::iter::empty(), scope).after_distinct();
        for key in sort {
            grouping.apply(&mut key.expression, "ORDER BY clause")?;
        }
        let relation = Relation::Aggregate { input: Box::new(relation), keys, aggregates: Vec::new(), sets: None };
        Ok((relation, result))
    }

    pub(super) fn items(&mut self, select: &Select, source: Source, context: &Context<'_>) -> Result<Vec<Item>> {
        let mut items = Vec::new();
        for item in &select.items {
            match item {
                SelectItem::Expression { node, alias } => {
                    let expression = self.expression(node, context)?;
                    let name = alias.as_ref().map(|a| a.text.clone()).or_else(|| implied_name(node));
                    items.push(Item { name, expression });
                }
                SelectItem::Star { of, except, replace, position } => {
                    if source == Source::Nothing && of.is_none() {
                        return Err(SqlError::rule("SELECT * must have a FROM clause", *position));
                    }
                    let columns = self.star(of.as_ref(), context, *position)?;
                    items.extend(self.starred(columns, except, replace, context, *position)?);
                }
            }
        }
        Ok(items)
    }

    /// What `*` or `x.*` stands for.
    fn star(&mut self, of: Option<&Node>, context: &Context<'_>, position: Position) -> Result<Vec<Item>> {
        let Some(node) = of else {
            let columns = context.scope.star.iter();
            return Ok(columns.map(|c| Item { name: c.name.clone(), expression: c.expression(position) }).collect());
        };
        if let NodeKind::Path(path) = &node.kind
            && let [name] = path.as_slice()
            && let Some(range) = context.scope.range(name)
        {
            let columns = range.columns.iter();
            return Ok(columns.map(|c| Item { name: c.name.clone(), expression: c.expression(position) }).collect());
        }
        let whole = self.expression(node, context)?;
        let SqlType::Struct(fields) = whole.sql_type.clone() else {
            let message = format!("Dot-star is not supported for type {}", whole.sql_type);
            return Err(SqlError::types(message, position));
        };
        let mut items = Vec::new();
        for (index, field) in fields.into_iter().enumerate() {
            let kind = ExpressionKind::Field { operand: Box::new(self.copy(&whole)?), index };
            items.push(Item { name: field.name, expression: Expression { kind, sql_type: field.sql_type, position } });
        }
        Ok(items)
    }

    fn starred(
        &mut self,
        mut items: Vec<Item>,
        except: &[Name],
        replace: &[(Node, Name)],
        context: &Context<'_>,
        position: Position,
    ) -> Result<Vec<Item>> {
        let is = |item: &Item, name: &Name| item.name.as_ref().is_some_and(|n| n.eq_ignore_ascii_case(&name.text));
        let missing = |name: &Name, what: &str, items: &[Item]| {
            let near = bedside_types::nearest(&name.text, items.iter().filter_map(|i| i.name.as_deref()));
            let near = near.map(|n| format!("; Did you mean {n}?")).unwrap_or_default();
            let message = format!("Column {} in SELECT * {what} list does not exist{near}", name.text);
            SqlError::name(message, name.position)
        };
        for name in except {
            if !items.iter().any(|item| is(item, name)) {
                return Err(missing(name, "EXCEPT", &items));
            }
            items.retain(|item| !is(item, name));
        }
        if items.is_empty() {
            return Err(SqlError::rule("SELECT * expands to zero columns after applying EXCEPT", position));
        }
        for (index, (node, name)) in replace.iter().enumerate() {
            if replace[..index].iter().any(|(_, other)| other.text.eq_ignore_ascii_case(&name.text)) {
                let message = format!("Duplicate column {} in SELECT * REPLACE list", name.text);
                return Err(SqlError::rule(message, name.position));
            }
            if !items.iter().any(|item| is(item, name)) {
                return Err(missing(name, "REPLACE", &items));
            }
            let expression = self.expression(node, context)?;
            for item in items.iter_mut().filter(|item| is(item, name)) {
                item.expression = self.copy(&expression)?;
            }
        }
        Ok(items)
    }

    /// The GROUP BY keys over FROM's columns; `None` where there is no GROUP BY.
    fn group_keys(
        &mut self,
        select: &Select,
        aliases: &Aliases,
        calls: &Calls,
        scope: &Scope,
        outer: Option<&Context<'_>>,
    ) -> Result<Option<Keys>> {
        let items = match &select.group {
            None => return Ok(None),
            Some(GroupBy::All(_)) => {
                let keys = aliases.items.iter().filter(|item| !has_call(item, calls));
                let keys = keys.filter(|item| !matches!(item.kind, ExpressionKind::Literal(_)));
                return Ok(Some(Keys { values: keys.cloned().collect(), ..Keys::default() }));
            }
            Some(GroupBy::Items(items)) => items,
        };
        let context = Context::plain(scope, outer, "GROUP BY");
        let mut key = |resolver: &mut Self, node: &Node| {
            let index = match ordinal(node, aliases.items.len(), "GROUP BY")? {
                Some(index) => Some(index),
                None => match &node.kind {
                    NodeKind::Path(path) if path.len() == 1 => aliases.get(&path[0])?,
                    _ => None,
                },
            };
            match index {
                Some(index) if has_call(&aliases.items[index], calls) => {
                    let name = match &node.kind {
                        NodeKind::Path(path) => path[0].text.clone(),
                        _ => (index + 1).to_string(),
                    };
                    let message =
                        format!("Column {name} contains an aggregation function, which is not allowed in GROUP BY");
                    Err(SqlError::rule(message, node.position))
                }
                Some(index) => resolver.copy(&aliases.items[index]),
                None => resolver.expression(node, &context),
            }
        };
        self.group_items(items, &mut key).map(Some)
    }
}

struct Parts {
    items: Vec<Item>,
    having: Option<Expression>,
    qualify: Option<Expression>,
    sort: Vec<SortKey>,
}

/// Whether an expression holds a column that stands for an aggregate or a window function.
pub(super) fn has_call(expression: &Expression, calls: &Calls) -> bool {
    holds_any(expression, &calls.aggregates.borrow())
        || holds_any(expression, &calls.windows.borrow())
        || holds_any(expression, &calls.groupings.borrow())
}

fn holds_any<T>(expression: &Expression, calls: &[(ColumnId, T)]) -> bool {
    if let ExpressionKind::Column(id) = expression.kind {
        return calls.iter().any(|(call, _)| *call == id);
    }
    let mut found = false;
    walk::operands(expression, &mut |operand| found = found || holds_any(operand, calls));
    found
}

/// The name that a column has without AS: the last word of a path or field.
pub(super) fn implied_name(node: &Node) -> Option<String> {
    match &node.kind {
        NodeKind::Path(path) => path.last().map(|name| name.text.clone()),
        NodeKind::Field(_, name) => Some(name.text.clone()),
        _ => None,
    }
}

fn refuse_without_from(select: &Select, order: &[OrderItem]) -> Result<()> {
    let clauses = [
        ("a WHERE", select.filter.as_ref().map(|n| n.position)),
        ("a GROUP BY", select.group.as_ref().map(|_| select.position)),
        ("a HAVING", select.having.as_ref().map(|n| n.position)),
        ("a QUALIFY", select.qualify.as_ref().map(|n| n.position)),
        ("an ORDER BY", order.first().map(|item| item.node.position)),
    ];
    for (clause, position) in clauses {
        if let Some(position) = position {
            let message = format!("Query without FROM clause cannot have {clause} clause");
            return Err(SqlError::rule(message, position));
        }
    }
    if select.distinct {
        return Err(SqlError::rule("Query without FROM clause cannot use SELECT DISTINCT", select.position));
    }
    Ok(())
}

pub(super) fn window_definitions(
    select: &Select,
) -> Result<std::collections::HashMap<String, crate::syntax::WindowSpec>> {
    let mut named: std::collections::HashMap<String, crate::syntax::WindowSpec> = std::collections::HashMap::new();
    for (name, spec) in &select.windows {
        let whole = super::window::flatten(spec, &named)?;
        if named.insert(name.text.to_lowercase(), whole).is_some() {
            return Err(SqlError::name(format!("Duplicate window alias {}", name.text), name.position));
        }
    }
    Ok(named)
}
