//! Which signature of a function arguments fit best.

use crate::coerce::{self, Distance};
use crate::error::Result;
use crate::registry::{Signature, Template};
use crate::tree::{ColumnId, Expression, ExpressionKind};
use bedside_types::SqlType;
use std::collections::BTreeMap;

/// A signature with its letters filled in.
#[derive(Debug)]
pub(super) struct Chosen {
    /// The type of each argument; `None` keeps the argument's own.
    arguments: Vec<Option<SqlType>>,
    pub(super) result: SqlType,
}

impl Chosen {
    /// The arguments as values of the signature's types.
    pub(super) fn coerce(&self, arguments: Vec<Expression>) -> Result<Vec<Expression>> {
        let pairs = arguments.into_iter().zip(&self.arguments);
        pairs
            .map(|(argument, to)| to.as_ref().map_or(Ok(argument.clone()), |to| coerce::coerce(argument, to)))
            .collect()
    }
}

/// The signature whose types are nearest; of equally near ones the first.
pub(super) fn choose(signatures: &[Signature], arguments: &[Expression]) -> Option<Chosen> {
    let mut best: Option<(Distance, Chosen)> = None;
    for signature in signatures {
        if let Some((distance, chosen)) = fit(signature, arguments)
            && best.as_ref().is_none_or(|(nearest, _)| distance < *nearest)
        {
            best = Some((distance, chosen));
        }
    }
    best.map(|(_, chosen)| chosen)
}

fn fit(signature: &Signature, arguments: &[Expression]) -> Option<(Distance, Chosen)> {
    if !signature.takes(arguments.len()) {
        return None;
    }
    let letters = letters(signature, arguments)?;
    let fill = |letter: char| letters.get(&letter).cloned();
    let mut total = Distance::default();
    let mut types = Vec::with_capacity(arguments.len());
    for (index, argument) in arguments.iter().enumerate() {
        let template = &signature.parameter(index, arguments.len())?.template;
        if *template == Template::Any {
            types.push(None);
            continue;
        }
        let wanted = template.fill(&fill)?;
        total += coerce::distance(argument, &wanted)?;
        types.push(Some(wanted));
    }
    let result = signature.result.fill(&fill)?;
    if matches!(&result, SqlType::Array(element) if matches!(**element, SqlType::Array(_))) {
        return None;
    }
    Some((total, Chosen { arguments: types, result }))
}

/// The type that each letter of a signature stands for with these arguments.
fn letters(signature: &Signature, arguments: &[Expression]) -> Option<BTreeMap<char, SqlType>> {
    let mut found: BTreeMap<char, Vec<Expression>> = BTreeMap::new();
    for (index, argument) in arguments.iter().enumerate() {
        match &signature.parameter(index, arguments.len())?.template {
            Template::Letter(letter) => found.entry(*letter).or_default().push(outline(argument)),
            Template::Array(element) => {
                let Template::Letter(letter) = **element else { continue };
                let values = found.entry(letter).or_default();
                match (&argument.kind, &argument.sql_type) {
                    _ if coerce::is_null(argument) => {}
                    // An empty constructor has no type of its own.
                    (ExpressionKind::Call { function: "$array", arguments, .. }, _) => {
                        values.extend(arguments.iter().map(outline));
                    }
                    (_, SqlType::Array(element)) => {
                        values.push(super::column(ColumnId(u32::MAX), (**element).clone(), argument.position));
                    }
                    _ => return None,
                }
            }
            _ => {}
        }
    }
    let mut types = BTreeMap::new();
    for (letter, values) in found {
        let sql_type = coerce::supertype(values.iter())?;
        let fits = match letter {
            'O' => coerce::is_orderable(&sql_type),
            'E' => coerce::is_comparable(&sql_type),
            _ => true,
        };
        if !fits {
            return None;
        }
        types.insert(letter, sql_type);
    }
    // A letter that no argument decides, as in an empty array.
    for letter in ['T', 'U', 'O', 'E'] {
        types.entry(letter).or_insert(SqlType::Int64);
    }
    Some(types)
}

/// What the search for a common type looks at: literals and constructors whole, of anything else the type alone.
fn outline(argument: &Expression) -> Expression {
    match &argument.kind {
        ExpressionKind::Literal(_) | ExpressionKind::Call { function: "$array" | "$struct", .. } => argument.clone(),
        _ => super::column(ColumnId(u32::MAX), argument.sql_type.clone(), argument.position),
    }
}
