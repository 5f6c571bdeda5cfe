//! Query parameters.

use bedside_types::{SqlType, Value};

/// The values for `@name` and `?` in a statement.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Parameters {
    /// None are given.
    #[default]
    None,
    /// For `@name`; names without regard to case.
    Named(Vec<(String, Parameter)>),
    /// For `?`, in order.
    Positional(Vec<Parameter>),
}

/// One parameter's value.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Its declared type.
    pub sql_type: SqlType,
    /// Its value, of that type or NULL.
    pub value: Value,
}
