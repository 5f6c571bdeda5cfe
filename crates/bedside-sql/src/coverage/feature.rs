//! Syntax by the names that `coverage.toml` gives it.

use super::visit::{Part, visit};
use crate::registry::{FunctionKind, function};
use crate::syntax::{
    Body, Call, Condition, GroupBy, GroupItem, Join, Node, NodeKind, Over, Query, Select, SelectItem, SetOperation,
    Statement, Table,
};
use bedside_types::SqlType;
use std::collections::BTreeSet;

/// A feature and whether a text has it.
type Seen = (&'static str, fn(&str) -> bool);

/// What is seen in the text alone.
const IN_TEXT: &[Seen] = &[
    ("double-quoted string literal", |text| quotes(text).any(|quote| quote == "\"")),
    ("raw string literal r\"...\"/r'...'", |text| quotes(text).any(|quote| quote == "r")),
    ("comment with '#'", |text| quotes(text).any(|quote| quote == "#")),
    ("multi-statement (contains ; between statements)", |text| text.trim_end().trim_end_matches(';').contains(";\n")),
    ("CREATE TABLE [IF NOT EXISTS] AS", |text| starts(text, "CREATE TABLE") && text.contains(" AS")),
    ("CREATE OR REPLACE TABLE", |text| starts(text, "CREATE OR REPLACE TABLE")),
    ("DROP TABLE/VIEW [IF EXISTS]", |text| starts(text, "DROP TABLE") || starts(text, "DROP VIEW")),
    ("unquoted dashed project path (a-b.c.d)", |text| text.contains(" physionet-data.")),
];

/// What is seen in the syntax tree.
const IN_TREE: &[&str] = &[
    "backtick `project.dataset.table` (one quoted path)",
    "backtick `dataset.table` (no project)",
    "two-part unquoted dataset.table after FROM/JOIN",
    "bare table name FROM/JOIN without dataset (CTE or default dataset)",
    "ORDER BY",
    "ORDER BY ordinal",
    "GROUP BY expression/alias",
    "GROUP BY ordinal",
    "WITH (CTE)",
    "INNER JOIN / JOIN",
    "LEFT JOIN",
    "RIGHT JOIN",
    "FULL [OUTER] JOIN",
    "CROSS JOIN",
    "comma join of tables",
    "JOIN ... USING",
    "IS NULL / IS NOT NULL",
    "CASE WHEN",
    "LIKE",
    "SELECT DISTINCT",
    "CASE inside aggregate (pivot by MAX(CASE))",
    "UNION ALL",
    "UNION DISTINCT",
    "BETWEEN",
    "!= operator",
    "<> operator",
    "INTERVAL integer literal",
    "INTERVAL quoted string",
    "INTERVAL expression",
    "integer division a/b",
    "COUNT(*)",
    "COUNT(DISTINCT ...)",
    "window ORDER BY DESC",
    "NUMERIC/BIGNUMERIC cast",
    "LIMIT",
    "HAVING",
    "IN (subquery)",
    "NOT IN",
    "UNNEST(...)",
    "ROWS frame",
    "RANGE frame",
    "IGNORE NULLS",
    "PIVOT",
    "string concatenation ||",
    "array subscript OFFSET/ORDINAL/SAFE_OFFSET",
    "SELECT * EXCEPT (...)",
    "named WINDOW clause",
    "OVER named window (OVER w)",
    "QUALIFY",
    "INFORMATION_SCHEMA",
    "date/datetime arithmetic with + or - INTERVAL",
    "NULLS FIRST/LAST",
    "scalar subquery in SELECT",
    "EXISTS (subquery)",
    "EXTRACT(DATE FROM dt)",
    "query parameter @name",
    "AGGREGATE ... ORDER BY/LIMIT inside agg",
];

pub(super) fn is_known(feature: &str) -> bool {
    IN_TEXT.iter().any(|(known, _)| *known == feature) || IN_TREE.contains(&feature)
}

pub(super) fn of_text(text: &str) -> BTreeSet<String> {
    IN_TEXT.iter().filter(|(_, is_in)| is_in(text)).map(|(name, _)| (*name).to_owned()).collect()
}

pub(super) fn of_part(part: &Part<'_>, found: &mut BTreeSet<String>) {
    let mut add = |feature: &str, is: bool| {
        if is {
            found.insert(feature.to_owned());
        }
    };
    match part {
        Part::Query(query) => of_query(query, &mut add),
        Part::Body(Body::Set { operation, .. }) => {
            add("UNION ALL", *operation == SetOperation::UnionAll);
            add("UNION DISTINCT", *operation == SetOperation::UnionDistinct);
        }
        Part::Body(_) => {}
        Part::Select(select) => of_select(select, &mut add),
        Part::Table(table) => of_table(table, &mut add),
        Part::Window(spec) => {
            add("window ORDER BY DESC", spec.order.iter().any(|item| item.descending));
            add("NULLS FIRST/LAST", spec.order.iter().any(|item| item.nulls_first.is_some()));
            add("ROWS frame", spec.frame.as_ref().is_some_and(|frame| frame.rows));
            add("RANGE frame", spec.frame.as_ref().is_some_and(|frame| !frame.rows));
        }
        Part::Node(node) => of_node(node, &mut add),
    }
}

fn of_query(query: &Query, add: &mut dyn FnMut(&str, bool)) {
    add("ORDER BY", !query.order.is_empty());
    add("ORDER BY ordinal", query.order.iter().any(|item| matches!(item.node.kind, NodeKind::Integer(_))));
    add("NULLS FIRST/LAST", query.order.iter().any(|item| item.nulls_first.is_some()));
    add("WITH (CTE)", !query.with.ctes.is_empty());
    add("LIMIT", query.limit.is_some());
}

fn of_select(select: &Select, add: &mut dyn FnMut(&str, bool)) {
    add("SELECT DISTINCT", select.distinct);
    add("HAVING", select.having.is_some());
    add("QUALIFY", select.qualify.is_some());
    add("named WINDOW clause", !select.windows.is_empty());
    let ordinal = |node: &Node| matches!(node.kind, NodeKind::Integer(_));
    if let Some(GroupBy::Items(items)) = &select.group {
        let keys: Vec<&Node> = items.iter().flat_map(GroupItem::keys).collect();
        add("GROUP BY ordinal", keys.iter().any(|node| ordinal(node)));
        add("GROUP BY expression/alias", keys.iter().any(|node| !ordinal(node)));
    }
    for item in &select.items {
        match item {
            SelectItem::Star { except, .. } => add("SELECT * EXCEPT (...)", !except.is_empty()),
            SelectItem::Expression { node, .. } => {
                add("scalar subquery in SELECT", matches!(node.kind, NodeKind::Scalar(_)));
            }
        }
    }
    // Without a word, what stands before a comma is no JOIN.
    if let Some(Table::Join { kind: Join::Cross, right, condition: Condition::None, .. }) = &select.from {
        add("comma join of tables", matches!(**right, Table::Path { .. } | Table::Query { .. }));
    }
}

fn of_table(table: &Table, add: &mut dyn FnMut(&str, bool)) {
    match table {
        Table::Path { path, .. } => {
            let dots = path[0].text.matches('.').count();
            add("backtick `project.dataset.table` (one quoted path)", path.len() == 1 && dots >= 2);
            add("backtick `dataset.table` (no project)", path.len() == 1 && dots == 1);
            add("two-part unquoted dataset.table after FROM/JOIN", path.len() == 2);
            add("bare table name FROM/JOIN without dataset (CTE or default dataset)", path.len() == 1 && dots == 0);
            add("INFORMATION_SCHEMA", path.iter().any(|name| name.text.contains("INFORMATION_SCHEMA")));
        }
        Table::Unnest { .. } => add("UNNEST(...)", true),
        Table::Pivot { .. } => add("PIVOT", true),
        Table::Join { kind, condition, .. } => {
            add("INNER JOIN / JOIN", *kind == Join::Inner);
            add("LEFT JOIN", *kind == Join::Left);
            add("RIGHT JOIN", *kind == Join::Right);
            add("FULL [OUTER] JOIN", *kind == Join::Full);
            add("CROSS JOIN", *kind == Join::Cross);
            add("JOIN ... USING", matches!(condition, Condition::Using(_)));
        }
        Table::Query { .. } | Table::Unpivot { .. } | Table::Sample { .. } | Table::Function { .. } => {}
    }
}

fn of_node(node: &Node, add: &mut dyn FnMut(&str, bool)) {
    match &node.kind {
        NodeKind::Is { .. } => add("IS NULL / IS NOT NULL", true),
        NodeKind::Case { .. } => add("CASE WHEN", true),
        NodeKind::Like { .. } => add("LIKE", true),
        NodeKind::Between { .. } => add("BETWEEN", true),
        NodeKind::Binary(binary, left, right) => {
            add("!= operator", binary.symbol == "!=");
            add("<> operator", binary.symbol == "<>");
            add("integer division a/b", binary.symbol == "/");
            let interval = |node: &Node| matches!(node.kind, NodeKind::Interval { .. });
            let moves = matches!(binary.symbol, "+" | "-") && (interval(left) || interval(right));
            add("date/datetime arithmetic with + or - INTERVAL", moves);
        }
        NodeKind::Interval { amount, .. } => match amount.kind {
            NodeKind::Integer(_) => add("INTERVAL integer literal", true),
            NodeKind::String(_) => add("INTERVAL quoted string", true),
            _ => add("INTERVAL expression", true),
        },
        NodeKind::Cast { to, .. } => {
            add("NUMERIC/BIGNUMERIC cast", matches!(to.sql_type, SqlType::Numeric | SqlType::BigNumeric));
        }
        NodeKind::InQuery { negated, .. } => {
            add("IN (subquery)", true);
            add("NOT IN", *negated);
        }
        NodeKind::InList { negated, .. } => add("NOT IN", *negated),
        NodeKind::Concat(_) => add("string concatenation ||", true),
        NodeKind::Subscript(..) => add("array subscript OFFSET/ORDINAL/SAFE_OFFSET", true),
        NodeKind::Exists(_) => add("EXISTS (subquery)", true),
        NodeKind::Extract { part, .. } => {
            add("EXTRACT(DATE FROM dt)", super::form::path_text(part).eq_ignore_ascii_case("DATE"));
        }
        NodeKind::Parameter(_) => add("query parameter @name", true),
        NodeKind::Call(call) => of_call(call, add),
        _ => {}
    }
}

fn of_call(call: &Call, add: &mut dyn FnMut(&str, bool)) {
    let name = super::form::call_name(call);
    add("COUNT(*)", call.star);
    add("COUNT(DISTINCT ...)", call.distinct && name == "COUNT");
    add("IGNORE NULLS", call.ignore_nulls == Some(true));
    add("OVER named window (OVER w)", matches!(call.over, Some(Over::Named(_))));
    add("AGGREGATE ... ORDER BY/LIMIT inside agg", !call.order.is_empty() || call.limit.is_some());
    let aggregate = function(&name).is_some_and(|function| function.kind == FunctionKind::Aggregate);
    let case = |node: &Node| matches!(node.kind, NodeKind::Case { .. });
    add("CASE inside aggregate (pivot by MAX(CASE))", aggregate && call.arguments.iter().any(case));
}

/// What begins each string and comment of a text: `'`, `"`, `r`, `#`, `-`.
fn quotes(text: &str) -> impl Iterator<Item = &'static str> {
    let mut found = Vec::new();
    let mut inside: Option<char> = None;
    let mut before = ' ';
    for character in text.chars() {
        match (inside, character) {
            (Some('\n'), '\n') => inside = None,
            (Some(quote), c) if quote == c && before != '\\' => inside = None,
            (None, '\'' | '"' | '`') => {
                if before.eq_ignore_ascii_case(&'r') && character != '`' {
                    found.push("r");
                }
                found.push(if character == '"' { "\"" } else { "'" });
                inside = Some(character);
            }
            (None, '#') => {
                found.push("#");
                inside = Some('\n');
            }
            (None, '-') if before == '-' => inside = Some('\n'),
            _ => {}
        }
        before = character;
    }
    found.into_iter()
}

fn starts(text: &str, words: &str) -> bool {
    text.split(';').any(|statement| statement.trim_start().to_uppercase().starts_with(words))
}

#[test]
fn features_are_seen_where_they_are() {
    let sees = |text: &str, feature: &str| {
        let mut found = of_text(text);
        for statement in crate::parse::parse(text).unwrap() {
            if let Statement::Query(query) = statement {
                visit(&query, &mut |part| of_part(&part, &mut found));
            }
        }
        found.contains(feature)
    };
    assert!(sees("SELECT \"a\"", "double-quoted string literal"));
    assert!(!sees("SELECT 'a \" b'", "double-quoted string literal"));
    assert!(sees("SELECT 1 # one", "comment with '#'"));
    assert!(!sees("SELECT '#'", "comment with '#'"));
    assert!(sees("SELECT a FROM t, u", "comma join of tables"));
    assert!(!sees("SELECT a FROM t JOIN u USING (a)", "comma join of tables"));
    assert!(sees("SELECT MAX(CASE WHEN a THEN 1 END) FROM t", "CASE inside aggregate (pivot by MAX(CASE))"));
    assert!(!sees("SELECT CASE WHEN a THEN 1 END FROM t", "CASE inside aggregate (pivot by MAX(CASE))"));
}
