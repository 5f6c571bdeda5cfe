//! Columns as declared, options, partitioning and clustering.

use super::Resolver;
use super::scope::{Context, Range, Scope, ScopeColumn};
use crate::catalog::{ColumnDefinition, TypeParameters, definition};
use crate::coerce;
use crate::error::{Result, SqlError};
use crate::syntax::{self, Declared, Name, Node, NodeKind, OptionItem};
use crate::tree::{ColumnId, Expression, ExpressionKind, TableOption};
use bedside_types::{Position, SqlType, Value, nearest};

/// Options of tables and views; the first three say something about them, the others have no effect here.
pub(super) const TABLE_OPTIONS: &[&str] = &[
    "description",
    "friendly_name",
    "labels",
    "expiration_timestamp",
    "partition_expiration_days",
    "require_partition_filter",
    "kms_key_name",
    "default_rounding_mode",
    "enable_change_history",
    "max_staleness",
    "tags",
];

/// Options of datasets.
pub(super) const SCHEMA_OPTIONS: &[&str] = &[
    "description",
    "friendly_name",
    "labels",
    "location",
    "default_table_expiration_days",
    "default_partition_expiration_days",
    "default_kms_key_name",
    "default_rounding_mode",
    "is_case_insensitive",
    "is_primary",
    "max_time_travel_hours",
    "storage_billing_model",
    "tags",
];

const COLUMN_OPTIONS: &[&str] = &["description", "rounding_mode"];

/// Beginnings of column names that BigQuery keeps for itself
/// (<https://cloud.google.com/bigquery/docs/schemas#column_names>).
const KEPT: [&str; 6] = ["_TABLE_", "_FILE_", "_PARTITION", "_ROW_TIMESTAMP", "__ROOT__", "_COLIDENTIFIER"];

/// Columns that CLUSTER BY may have.
const MOST_CLUSTERED: usize = 4;

impl Resolver<'_> {
    pub(super) fn column_definition(&mut self, column: &syntax::ColumnDefinition) -> Result<ColumnDefinition> {
        check_column_name(&column.name.text, column.name.position)?;
        let Declared { sql_type, position, .. } = &column.declared;
        check_storable(&column.name.text, sql_type, *position)?;
        let default = match &column.default {
            Some((node, text)) => {
                self.check_default(node, sql_type)?;
                Some(text.clone())
            }
            None => None,
        };
        let options = self.options(&column.options, COLUMN_OPTIONS)?;
        let description = options.into_iter().find(|option| option.name == "description");
        Ok(ColumnDefinition {
            name: column.name.text.clone(),
            sql_type: sql_type.clone(),
            parameters: type_parameters(&column.declared)?,
            required: column.required,
            default,
            description: description.and_then(|option| option.value),
        })
    }

    pub(super) fn check_default(&mut self, node: &Node, sql_type: &SqlType) -> Result<()> {
        if holds_query(node) {
            let message = "A column default expression must not include a subquery";
            return Err(SqlError::rule(message, node.position));
        }
        let value = self.constant(node, "column default expression")?;
        if coerce::distance(&value, sql_type).is_none() {
            let message = format!(
                "Column default expression has type {} which cannot be assigned to column type {sql_type}",
                value.sql_type
            );
            return Err(SqlError::types(message, node.position));
        }
        coerce::coerce(value, sql_type).map(|_| ())
    }

    /// OPTIONS, of which `known` may be given.
    pub(super) fn options(&mut self, options: &[OptionItem], known: &[&str]) -> Result<Vec<TableOption>> {
        let mut resolved: Vec<TableOption> = Vec::new();
        for option in options {
            let name = option.name.text.to_lowercase();
            if !known.contains(&name.as_str()) {
                let near = nearest(&name, known.iter().copied());
                let near = near.map(|near| format!("; Did you mean {near}?")).unwrap_or_default();
                return Err(SqlError::name(format!("Unknown option: {name}{near}"), option.name.position));
            }
            if resolved.iter().any(|other| other.name == name) {
                let message = format!("Duplicate option specified for '{name}'");
                return Err(SqlError::rule(message, option.name.position));
            }
            let value = self.constant(&option.value, "OPTIONS")?;
            let is_text = matches!(name.as_str(), "description" | "friendly_name" | "location");
            if is_text && !coerce::is_null(&value) && value.sql_type != SqlType::String {
                let message = format!("Option {name} should be STRING, got {}", value.sql_type);
                return Err(SqlError::types(message, option.value.position));
            }
            let value = match value.kind {
                ExpressionKind::Literal(Value::Null) => None,
                ExpressionKind::Literal(Value::String(text)) => Some(text),
                _ => Some(option.text.clone()),
            };
            resolved.push(TableOption { name, value });
        }
        Ok(resolved)
    }

    /// What `PARTITION BY` is about, as one of the forms that BigQuery has
    /// (<https://cloud.google.com/bigquery/docs/reference/standard-sql/data-definition-language#partition_expression>).
    pub(super) fn partition(&mut self, node: &Node, columns: &[ColumnDefinition]) -> Result<Option<String>> {
        if let NodeKind::Path(path) = &node.kind
            && let [name] = path.as_slice()
            && name.text.eq_ignore_ascii_case("_PARTITIONDATE")
        {
            return Ok(None);
        }
        let star: Vec<ScopeColumn> = columns
            .iter()
            .enumerate()
            .map(|(index, column)| ScopeColumn {
                name: Some(column.name.clone()),
                id: ColumnId(u32::try_from(index).unwrap_or(u32::MAX)),
                field: None,
                sql_type: column.sql_type.clone(),
            })
            .collect();
        let scope = Scope::of_range(None, Range::new(star, None));
        let expression = self.expression(node, &Context::plain(&scope, None, "PARTITION BY"))?;
        match partitioned(&expression) {
            Some(ColumnId(index)) => Ok(columns.get(index as usize).map(|column| column.name.clone())),
            None => {
                let message = "PARTITION BY expression must be DATE(<timestamp_column>), DATE(<datetime_column>), \
                               DATETIME_TRUNC(<datetime_column>, DAY/HOUR/MONTH/YEAR), a DATE column, \
                               TIMESTAMP_TRUNC(<timestamp_column>, DAY/HOUR/MONTH/YEAR), DATE_TRUNC(<date_column>, \
                               MONTH/YEAR), or RANGE_BUCKET(<int64_column>, GENERATE_ARRAY(<int64_value>, \
                               <int64_value>[, <int64_value>]))";
                Err(SqlError::rule(message, node.position))
            }
        }
    }
}

fn partitioned(expression: &Expression) -> Option<ColumnId> {
    match &expression.kind {
        ExpressionKind::Column(id) if expression.sql_type == SqlType::Date => Some(*id),
        ExpressionKind::Call {
            function: "date" | "date_trunc" | "datetime_trunc" | "timestamp_trunc",
            arguments,
            ..
        } => {
            let operand = match &arguments.first()?.kind {
                ExpressionKind::Cast { operand, .. } => operand,
                _ => arguments.first()?,
            };
            matches!(operand.kind, ExpressionKind::Column(_)).then(|| column_id(operand)).flatten()
        }
        ExpressionKind::Cast { operand, .. } if expression.sql_type == SqlType::Date => column_id(operand),
        ExpressionKind::Call { function: "range_bucket", arguments, .. } => {
            let operand = arguments.first()?;
            let array = matches!(arguments.get(1)?.kind, ExpressionKind::Call { function: "generate_array", .. });
            (array && operand.sql_type == SqlType::Int64).then(|| column_id(operand)).flatten()
        }
        _ => None,
    }
}

fn column_id(expression: &Expression) -> Option<ColumnId> {
    match expression.kind {
        ExpressionKind::Column(id) => Some(id),
        _ => None,
    }
}

pub(super) fn cluster(names: &[Name], columns: &[ColumnDefinition]) -> Result<Vec<String>> {
    if names.len() > MOST_CLUSTERED {
        let message = format!("The maximum number of CLUSTER BY columns is {MOST_CLUSTERED}");
        return Err(SqlError::rule(message, names[MOST_CLUSTERED].position));
    }
    let mut cluster = Vec::new();
    for name in names {
        let column = find(columns, &name.text).ok_or_else(|| unrecognized(name, columns))?;
        let clusters = !matches!(
            column.sql_type,
            SqlType::Float64
                | SqlType::Array(_)
                | SqlType::Struct(_)
                | SqlType::Range(_)
                | SqlType::Json
                | SqlType::Interval
                | SqlType::Bytes
                | SqlType::Time
        );
        if !clusters {
            let message = format!("CLUSTER BY expression must be groupable, but type is {}", column.sql_type);
            return Err(SqlError::types(message, name.position));
        }
        cluster.push(column.name.clone());
    }
    Ok(cluster)
}

/// The column of that name, without regard to case.
pub(super) fn find<'c>(columns: &'c [ColumnDefinition], name: &str) -> Option<&'c ColumnDefinition> {
    columns.iter().find(|column| same_name(&column.name, name))
}

pub(super) fn same_name(a: &str, b: &str) -> bool {
    a.to_lowercase() == b.to_lowercase()
}

pub(super) fn unrecognized(name: &Name, columns: &[ColumnDefinition]) -> SqlError {
    let near = nearest(&name.text, columns.iter().map(|column| column.name.as_str()));
    let near = near.map(|near| format!("; Did you mean {near}?")).unwrap_or_default();
    SqlError::name(format!("Unrecognized name: {}{near}", name.text), name.position)
}

pub(super) fn check_column_name(name: &str, position: Position) -> Result<()> {
    let kept = KEPT.iter().find(|kept| name.to_uppercase().starts_with(**kept));
    let message = match kept {
        Some(kept) => format!("Invalid field name \"{name}\". Field names are not allowed to start with {kept}"),
        None if name.is_empty() || name.chars().count() > 300 => {
            format!("Invalid field name \"{name}\". Fields must have 1 to 300 characters")
        }
        None => return Ok(()),
    };
    Err(SqlError::rule(message, position))
}

pub(super) fn check_storable(name: &str, sql_type: &SqlType, position: Position) -> Result<()> {
    match definition::unstorable(sql_type) {
        Some(what) => Err(SqlError::types(format!("Column {name} of a table cannot hold {what}"), position)),
        None => Ok(()),
    }
}

pub(super) fn type_parameters(declared: &Declared) -> Result<TypeParameters> {
    let Declared { sql_type, parameters, position } = declared;
    let fault = |message: String| Err(SqlError::types(message, *position));
    match (sql_type, parameters.as_slice()) {
        (_, []) => Ok(TypeParameters::None),
        (SqlType::String | SqlType::Bytes, [0]) => fault(format!("{sql_type} length must be greater than 0")),
        (SqlType::String | SqlType::Bytes, [length]) => Ok(TypeParameters::Length(*length)),
        (SqlType::Numeric | SqlType::BigNumeric, [_] | [_, _]) => {
            let scale = parameters.get(1).copied().unwrap_or(0);
            let (whole, most_scale) = if *sql_type == SqlType::Numeric { (29, 9) } else { (38, 38) };
            if scale > most_scale {
                return fault(format!("In {sql_type}(P, S), S must be between 0 and {most_scale}"));
            }
            let (least, most) = (scale.max(1), whole + scale);
            if parameters[0] < least || parameters[0] > most {
                let form = if parameters.len() == 1 { "P".to_owned() } else { format!("P, {scale}") };
                return fault(format!("In {sql_type}({form}), P must be between {least} and {most}"));
            }
            let small = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
            Ok(TypeParameters::Digits { precision: small(parameters[0]), scale: small(scale) })
        }
        (SqlType::String | SqlType::Bytes | SqlType::Numeric | SqlType::BigNumeric, _) => {
            fault(format!("{sql_type} does not have so many type parameters"))
        }
        _ => fault(format!("{sql_type} does not support type parameters")),
    }
}

fn holds_query(node: &Node) -> bool {
    match &node.kind {
        NodeKind::Scalar(_) | NodeKind::Exists(_) | NodeKind::ArrayQuery { .. } | NodeKind::InQuery { .. } => true,
        NodeKind::Call(call) => call.arguments.iter().any(holds_query),
        NodeKind::Binary(_, left, right) => holds_query(left) || holds_query(right),
        NodeKind::Cast { operand, .. } | NodeKind::Negate(operand) => holds_query(operand),
        _ => false,
    }
}
