//! Arguments by name, and those that are left out.

use crate::error::{Result, SqlError};
use crate::registry::{Parameter, Registered, Signature};
use crate::syntax::{Call, Node, NodeKind};
use bedside_types::Value;

/// A call's arguments by the places of a signature.
pub(super) enum Arranged {
    /// No signature has names or defaults.
    AsWritten,
    /// With named arguments in their places and defaults for those that are left out.
    Filled(Box<Call>),
    /// There is no signature for these.
    NoSignature,
}

/// Named arguments where the signature has them
/// (<https://cloud.google.com/bigquery/docs/reference/standard-sql/functions-reference#named_arguments>).
pub(super) fn arranged(call: &Call, registered: &Registered) -> Result<Arranged> {
    if !registered.signatures.iter().any(Signature::has_names) && call.named.is_empty() {
        return Ok(Arranged::AsWritten);
    }
    for (index, (name, _)) in call.named.iter().enumerate() {
        if !registered.signatures.iter().any(|signature| signature.by_name(&name.text).is_some()) {
            let function = registered.function.name.to_ascii_uppercase();
            let message =
                format!("Named argument {} not found in signature for call to function {function}", name.text);
            return Err(SqlError::name(message, name.position));
        }
        if call.named[..index].iter().any(|(other, _)| other.text.eq_ignore_ascii_case(&name.text)) {
            let message = format!("Duplicate named argument {} found in call to function", name.text);
            return Err(SqlError::rule(message, name.position));
        }
    }
    let filled = registered.signatures.iter().find_map(|signature| fill(call, signature));
    Ok(filled.map_or(Arranged::NoSignature, |call| Arranged::Filled(Box::new(call))))
}

/// The call with every parameter of the signature given; `None` if it does not fit.
fn fill(call: &Call, signature: &Signature) -> Option<Call> {
    let position = call.path[0].position;
    let given = |parameter: &Parameter| {
        let name = parameter.name.as_ref()?;
        call.named.iter().find(|(given, _)| given.text.eq_ignore_ascii_case(name)).map(|(_, node)| node.clone())
    };
    let default = |parameter: &Parameter| {
        let kind = match parameter.default.as_ref()? {
            Value::Bool(value) => NodeKind::Bool(*value),
            Value::Int64(value) => NodeKind::Integer(value.to_string()),
            Value::String(text) => NodeKind::String(text.clone()),
            _ => NodeKind::Null,
        };
        Some(Node { kind, position })
    };
    let mut arguments = call.arguments.clone();
    if arguments.len() > signature.parameters.len() && !signature.takes_positional(arguments.len()) {
        return None;
    }
    let mut left = call.named.len();
    for (place, parameter) in signature.parameters.iter().chain(&signature.named).enumerate() {
        if place < call.arguments.len().min(signature.parameters.len()) {
            if given(parameter).is_some() {
                return None;
            }
            continue;
        }
        match given(parameter) {
            Some(node) => {
                left -= 1;
                arguments.push(node);
            }
            None => arguments.push(default(parameter)?),
        }
    }
    (left == 0).then(|| Call { arguments, named: Vec::new(), ..call.clone() })
}
