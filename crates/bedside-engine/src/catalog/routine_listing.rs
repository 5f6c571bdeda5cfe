//! Functions and procedures in INFORMATION_SCHEMA.

use super::information_schema::text;
use super::personal_listing::{named, option_rows};
use super::rows::timestamp;
use bedside_store::{PersonalDataset, PersonalRoutine};
use bedside_types::Value;

/// The rows of a listing about the routines of one dataset.
pub(super) fn rows(listing: &str, dataset: &PersonalDataset) -> Vec<Vec<Value>> {
    let routines = || dataset.routines.iter();
    match listing {
        "ROUTINES" => routines().map(|(name, routine)| definition(named(dataset, name), routine)).collect(),
        "ROUTINE_OPTIONS" => {
            routines().flat_map(|(name, routine)| option_rows(&named(dataset, name), &routine.options)).collect()
        }
        _ => routines().flat_map(|(name, routine)| parameters(&named(dataset, name), routine)).collect(),
    }
}

fn definition(name: Vec<Value>, routine: &PersonalRoutine) -> Vec<Value> {
    let is_procedure = routine.kind == "PROCEDURE";
    let returns = routine.returns.as_ref().map_or(Value::Null, |returns| text(returns.as_str()));
    let mut row = name.clone();
    row.extend(name);
    row.extend([
        text(routine.kind.as_str()),
        returns,
        text(if is_procedure { "PROCEDURE" } else { "SQL" }),
        text(routine.body.as_str()),
        Value::Null,
        Value::Null,
        Value::Null,
        timestamp(&routine.created),
        timestamp(&routine.updated),
        text(routine.text.as_str()),
    ]);
    row
}

/// A row for each parameter, and one for what a function gives, at 0.
fn parameters(name: &[Value], routine: &PersonalRoutine) -> Vec<Vec<Value>> {
    let row = |place: usize, mode: Value, is_result: &str, parameter: Value, sql_type: &str| {
        let mut row = name.to_vec();
        row.extend([Value::Int64(place as i64), mode, text(is_result), parameter, text(sql_type)]);
        row.extend([Value::Null, Value::Null]);
        row
    };
    let result = routine.returns.iter().map(|returns| row(0, Value::Null, "YES", Value::Null, returns));
    let parameters = routine.parameters.iter().enumerate().map(|(place, parameter)| {
        let mode = parameter.mode.as_ref().map_or(Value::Null, |mode| text(mode.as_str()));
        row(place + 1, mode, "NO", text(parameter.name.as_str()), &parameter.sql_type)
    });
    result.chain(parameters).collect()
}
