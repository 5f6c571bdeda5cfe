//! EXPORT DATA and LOAD DATA: what is asked for. Which places may be written and read, whoever runs the statement says.

use super::assign::assigned;
use super::definition::find;
use super::{Resolver, query};
use crate::catalog::Found;
use crate::error::{Result, SqlError};
use crate::syntax::{self, OptionItem};
use crate::tree::{Export, Lifetime, Load, Query, Relation};
use bedside_types::{Position, SqlType, nearest};

/// What an option's value is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Texts,
    Number,
    Truth,
    /// BigQuery has it; here it is refused, because it would be wrong to pass over it.
    Refused,
}

/// <https://cloud.google.com/bigquery/docs/reference/standard-sql/export-statements#export_option_list>
const EXPORT: &[(&str, Kind)] = &[
    ("compression", Kind::Text),
    ("field_delimiter", Kind::Text),
    ("format", Kind::Text),
    ("header", Kind::Truth),
    ("overwrite", Kind::Truth),
    ("uri", Kind::Text),
    ("use_avro_logical_types", Kind::Truth),
    ("auto_create_column_families", Kind::Refused),
    ("bigtable_options", Kind::Refused),
    ("spanner_options", Kind::Refused),
    ("truncate", Kind::Refused),
];

/// <https://cloud.google.com/bigquery/docs/reference/standard-sql/load-statements#load_option_list>
const LOAD: &[(&str, Kind)] = &[
    ("allow_jagged_rows", Kind::Truth),
    ("allow_quoted_newlines", Kind::Truth),
    ("compression", Kind::Text),
    ("encoding", Kind::Text),
    ("field_delimiter", Kind::Text),
    ("format", Kind::Text),
    ("ignore_unknown_values", Kind::Truth),
    ("max_bad_records", Kind::Number),
    ("null_marker", Kind::Text),
    ("quote", Kind::Text),
    ("skip_leading_rows", Kind::Number),
    ("uris", Kind::Texts),
    ("bigtable_options", Kind::Refused),
    ("column_name_character_map", Kind::Refused),
    ("date_format", Kind::Refused),
    ("datetime_format", Kind::Refused),
    ("decimal_target_types", Kind::Refused),
    ("enable_list_inference", Kind::Refused),
    ("enable_logical_types", Kind::Refused),
    ("enum_as_string", Kind::Refused),
    ("file_set_spec_type", Kind::Refused),
    ("hive_partition_uri_prefix", Kind::Refused),
    ("json_extension", Kind::Refused),
    ("null_markers", Kind::Refused),
    ("preserve_ascii_control_characters", Kind::Refused),
    ("projection_fields", Kind::Refused),
    ("reference_file_schema_uri", Kind::Refused),
    ("require_hive_partition_filter", Kind::Refused),
    ("sheet_range", Kind::Refused),
    ("source_column_match", Kind::Refused),
    ("time_format", Kind::Refused),
    ("time_zone", Kind::Refused),
    ("timestamp_format", Kind::Refused),
];

impl Resolver<'_> {
    pub(super) fn export(&mut self, export: &syntax::Export) -> Result<Export> {
        let options = self.transfer_options(&export.options, EXPORT, "uri", export.position)?;
        Ok(Export { options, rows: query(&export.query, self)? })
    }

    pub(super) fn load(&mut self, load: &syntax::Load) -> Result<Load> {
        let position = load.table[0].position;
        let options = self.transfer_options(&load.files, LOAD, "uris", load.position)?;
        let place = self.place(&load.table, Lifetime::Kept)?;
        if place.lifetime == Lifetime::Temporary {
            return Err(SqlError::unsupported("LOAD DATA into a temporary table", position));
        }
        if let Found::View(_) = place.found {
            return Err(super::statement::not_allowed(&place.path, "VIEW", position));
        }
        let mut columns = Vec::new();
        for column in load.columns.iter().flatten() {
            let resolved = self.column_definition(column)?;
            if find(&columns, &resolved.name).is_some() {
                let message = format!("Duplicate column name {} in LOAD DATA", resolved.name);
                return Err(SqlError::name(message, column.name.position));
            }
            columns.push(resolved);
        }
        let columns = load.columns.is_some().then_some(columns);
        Ok(Load { options, path: place.path, mode: load.mode, columns })
    }

    /// One row with a column for each option that is given.
    fn transfer_options(
        &mut self,
        options: &[OptionItem],
        known: &[(&str, Kind)],
        needed: &str,
        position: Position,
    ) -> Result<Query> {
        let mut row: Vec<(String, _)> = Vec::new();
        for option in options {
            let name = option.name.text.to_lowercase();
            let kind = known.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind);
            let sql_type = match kind {
                Some(Kind::Text) => SqlType::String,
                Some(Kind::Texts) => SqlType::Array(Box::new(SqlType::String)),
                Some(Kind::Number) => SqlType::Int64,
                Some(Kind::Truth) => SqlType::Bool,
                Some(Kind::Refused) => {
                    return Err(SqlError::unsupported(format!("The option {name}"), option.name.position));
                }
                None => {
                    let near = nearest(&name, known.iter().map(|(known, _)| *known));
                    let near = near.map(|near| format!("; Did you mean {near}?")).unwrap_or_default();
                    return Err(SqlError::name(format!("Unknown option: {name}{near}"), option.name.position));
                }
            };
            if row.iter().any(|(other, _)| *other == name) {
                let message = format!("Duplicate option specified for '{name}'");
                return Err(SqlError::rule(message, option.name.position));
            }
            let value = self.constant(&option.value, "OPTIONS")?;
            let value = assigned(value, &sql_type, |found| {
                format!("Option value type is invalid: Option name: {name}, expected type: {sql_type}, got {found}")
            })?;
            row.push((name, value));
        }
        if !row.iter().any(|(name, _)| name == needed) {
            return Err(SqlError::rule(format!("Option {needed} is required"), position));
        }
        Ok(self.output_of(Relation::OneRow, row))
    }
}
