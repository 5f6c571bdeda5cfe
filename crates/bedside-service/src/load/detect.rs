//! Columns guessed from the first rows.

use super::CsvOptions;
use super::csv::Field;
use arrow::array::{Array, ArrayRef, StringViewArray};
use bedside_engine::cast_texts;
use bedside_sql::ColumnDefinition;
use bedside_types::{SqlType, StructField};
use serde_json::Value;
use std::sync::Arc;

/// What a file of CSV seems to hold.
pub(super) struct Detected {
    pub(super) columns: Vec<ColumnDefinition>,
    /// Lines that are no rows.
    pub(super) header: u64,
}

/// Types that are tried, the narrowest first.
const TRIED: [SqlType; 7] = [
    SqlType::Bool,
    SqlType::Int64,
    SqlType::Float64,
    SqlType::Date,
    SqlType::Time,
    SqlType::Datetime,
    SqlType::Timestamp,
];

/// The first row is a header if all its values are texts and some value below is none.
pub(super) fn csv(rows: &[Vec<Field>], options: &CsvOptions) -> Detected {
    let Some((first, rest)) = rows.split_first() else { return Detected { columns: Vec::new(), header: 0 } };
    let width = rows.iter().map(Vec::len).max().unwrap_or_default();
    let value = |field: &Field| (field.quoted || field.text != options.null_marker).then(|| field.text.clone());
    let kind = |rows: &[Vec<Field>], at: usize| {
        let texts: Vec<String> = rows.iter().filter_map(|row| value(row.get(at)?)).collect();
        of_texts(&texts)
    };
    let top: Vec<SqlType> = (0..width).map(|at| kind(std::slice::from_ref(first), at)).collect();
    let below: Vec<SqlType> = (0..width).map(|at| kind(rest, at)).collect();
    let named = first.len() == width && first.iter().all(|field| !field.text.trim().is_empty());
    let texts = top.iter().all(|sql_type| *sql_type == SqlType::String);
    let is_header = named && texts && (rest.is_empty() || below.iter().any(|sql_type| *sql_type != SqlType::String));
    let types = if is_header { below } else { (0..width).map(|at| kind(rows, at)).collect() };
    let mut columns: Vec<ColumnDefinition> = Vec::with_capacity(width);
    for (at, sql_type) in types.into_iter().enumerate() {
        let mut name = match first.get(at).filter(|_| is_header) {
            Some(field) => as_name(&field.text),
            // In BigQuery's words.
            None => format!("{}_field_{at}", sql_type.to_string().to_ascii_lowercase()),
        };
        while columns.iter().any(|column| column.name.eq_ignore_ascii_case(&name)) {
            name.push_str(&format!("_{at}"));
        }
        columns.push(ColumnDefinition::plain(name, sql_type));
    }
    Detected { columns, header: u64::from(is_header) }
}

/// The members of all objects, in the order in which they come.
pub(super) fn json(rows: &[Value]) -> Vec<ColumnDefinition> {
    let fields = fields(&rows.iter().collect::<Vec<_>>());
    let column = |field: StructField| ColumnDefinition::plain(field.name.unwrap_or_default(), field.sql_type);
    fields.into_iter().map(column).collect()
}

fn fields(objects: &[&Value]) -> Vec<StructField> {
    let mut names: Vec<&String> = Vec::new();
    for key in objects.iter().filter_map(|object| object.as_object()).flat_map(|object| object.keys()) {
        if !names.iter().any(|name| name.eq_ignore_ascii_case(key)) {
            names.push(key);
        }
    }
    let field = |name: &String| {
        let values: Vec<&Value> = objects.iter().filter_map(|object| super::column::member(object, name)).collect();
        StructField { name: Some(name.clone()), sql_type: of_values(&values) }
    };
    names.into_iter().map(field).collect()
}

fn of_values(values: &[&Value]) -> SqlType {
    let present: Vec<&Value> = values.iter().copied().filter(|value| !value.is_null()).collect();
    let all = |is: fn(&Value) -> bool| !present.is_empty() && present.iter().all(|value| is(value));
    if all(Value::is_array) {
        let elements: Vec<&Value> = present.iter().filter_map(|value| value.as_array()).flatten().collect();
        return match of_values(&elements) {
            // BigQuery has no arrays of arrays.
            SqlType::Array(_) => SqlType::Json,
            element => SqlType::Array(Box::new(element)),
        };
    }
    if all(Value::is_object) {
        let fields = fields(&present);
        return if fields.is_empty() { SqlType::Json } else { SqlType::Struct(fields) };
    }
    if all(Value::is_boolean) {
        return SqlType::Bool;
    }
    if all(Value::is_i64) {
        return SqlType::Int64;
    }
    if all(Value::is_number) {
        return SqlType::Float64;
    }
    if all(Value::is_string) {
        let texts: Vec<String> = present.iter().filter_map(|value| value.as_str().map(str::to_owned)).collect();
        // A text that looks like a number was meant as a text.
        return match of_texts(&texts) {
            found @ (SqlType::Date | SqlType::Time | SqlType::Datetime | SqlType::Timestamp) => found,
            _ => SqlType::String,
        };
    }
    SqlType::String
}

fn of_texts(texts: &[String]) -> SqlType {
    if texts.is_empty() {
        return SqlType::String;
    }
    let trimmed: ArrayRef = Arc::new(texts.iter().map(|text| Some(text.trim())).collect::<StringViewArray>());
    let plain_numbers = || {
        texts.iter().all(|text| text.trim().starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.')))
    };
    let fits = |sql_type: &SqlType| match sql_type {
        SqlType::Bool => texts.iter().all(|text| matches!(text.trim().to_ascii_lowercase().as_str(), "true" | "false")),
        // `0x10`, `inf` and `1e5` as an INT64 are none that people write.
        SqlType::Int64 | SqlType::Float64 if !plain_numbers() => false,
        other => cast_texts(&trimmed, other).is_ok_and(|values| values.null_count() == 0),
    };
    TRIED.iter().find(|sql_type| fits(sql_type)).cloned().unwrap_or(SqlType::String)
}

/// A header as a column's name: what BigQuery takes in one.
fn as_name(text: &str) -> String {
    let plain = |c: char| if c.is_alphanumeric() || c == '_' { c } else { '_' };
    let name: String = text.trim().chars().map(plain).collect();
    if name.starts_with(|c: char| c.is_ascii_digit()) { format!("_{name}") } else { name }
}
