//! What went wrong in a script, as its handlers see it.

use super::system::stack_type;
use bedside_types::{Position, SqlType, Value};

/// What a handler is called for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Failure {
    pub(crate) message: String,
    pub(crate) statement: String,
    /// The statements that were running, the innermost first.
    pub(crate) stack: Vec<Place>,
}

/// A statement that was running: where it is in its text, and the procedure whose text that is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) position: Position,
    pub(crate) procedure: Option<String>,
}

impl Failure {
    /// The type and value of `@@error.…`.
    pub(crate) fn part(&self, name: &str) -> (SqlType, Value) {
        match name {
            "error.stack_trace" => (stack_type(), Value::Array(self.stack.iter().map(Place::row).collect())),
            "error.statement_text" => (SqlType::String, Value::String(self.statement.clone())),
            "error.formatted_stack_trace" => {
                let lines: Vec<String> = self.stack.iter().map(Place::line).collect();
                (SqlType::String, Value::String(lines.join("\n")))
            }
            _ => (SqlType::String, Value::String(self.message.clone())),
        }
    }
}

impl Place {
    fn row(&self) -> Value {
        let procedure = self.procedure.clone().map_or(Value::Null, Value::String);
        let number = |number: u32| Value::Int64(i64::from(number));
        Value::Struct(vec![number(self.position.line), number(self.position.column), Value::Null, procedure])
    }

    fn line(&self) -> String {
        let Position { line, column } = self.position;
        format!("At {}[{line}:{column}]", self.procedure.as_deref().unwrap_or_default())
    }
}
