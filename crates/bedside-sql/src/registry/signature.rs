//! Signatures as data: parsed from the text in the tables.

use bedside_types::{SqlType, StructField};

/// A signature.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Signature {
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) result: Template,
    /// How often the last parameter may come beyond once: once, or any number.
    pub(crate) repeated: bool,
}

/// One parameter of a signature.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Parameter {
    pub(crate) template: Template,
    pub(crate) optional: bool,
    pub(crate) constant: bool,
}

/// A type with letters for types that the arguments decide.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Template {
    /// A type.
    Fixed(SqlType),
    /// A letter: `T`, `U` (any), `O` (orderable), `E` (comparable).
    Letter(char),
    /// An array of a template.
    Array(Box<Template>),
    /// A struct of named templates.
    Struct(Vec<(String, Template)>),
    /// A date part.
    Part,
    /// Any type, each argument its own.
    Any,
}

impl Signature {
    /// Reads `STRING, [INT64] -> STRING`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (arguments, result) = text.split_once("->")?;
        let mut parameters = Vec::new();
        let mut repeated = false;
        let mut optional = false;
        for piece in split(arguments) {
            let mut piece = piece.trim();
            if piece.is_empty() {
                continue;
            }
            // `[INT64, PART]` is split into `[INT64` and `PART]`: optional from the bracket on.
            if let Some(rest) = piece.strip_prefix('[') {
                optional = true;
                piece = rest;
            }
            piece = piece.strip_suffix(']').unwrap_or(piece);
            if let Some(rest) = piece.strip_suffix("...") {
                repeated = true;
                piece = rest;
            }
            let constant = piece.starts_with("const ");
            let template = Template::parse(piece.strip_prefix("const ").unwrap_or(piece))?;
            parameters.push(Parameter { template, optional, constant });
        }
        Some(Self { parameters, result: Template::parse(result.trim())?, repeated })
    }

    /// The parameter that takes the argument at `index`.
    pub(crate) fn parameter(&self, index: usize) -> Option<&Parameter> {
        self.parameters.get(index).or_else(|| self.parameters.last().filter(|_| self.repeated))
    }

    /// Whether so many arguments fit.
    pub(crate) fn takes(&self, count: usize) -> bool {
        let least = self.parameters.iter().filter(|p| !p.optional).count();
        count >= least && (self.repeated || count <= self.parameters.len())
    }
}

impl Template {
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        Some(match text {
            "PART" => Self::Part,
            "ANY" => Self::Any,
            "T" | "U" | "O" | "E" => Self::Letter(text.chars().next()?),
            _ => {
                if let Some(element) = text.strip_prefix("ARRAY<").and_then(|t| t.strip_suffix('>')) {
                    Self::Array(Box::new(Self::parse(element)?))
                } else if let Some(fields) = text.strip_prefix("STRUCT<").and_then(|t| t.strip_suffix('>')) {
                    let fields = split(fields).into_iter().map(|field| {
                        let (name, template) = field.trim().split_once(' ')?;
                        Some((name.to_owned(), Self::parse(template)?))
                    });
                    Self::Struct(fields.collect::<Option<_>>()?)
                } else {
                    Self::Fixed(text.parse().ok()?)
                }
            }
        })
    }

    /// The type with letters filled in.
    pub(crate) fn fill(&self, letter: &dyn Fn(char) -> Option<SqlType>) -> Option<SqlType> {
        Some(match self {
            Self::Fixed(sql_type) => sql_type.clone(),
            Self::Letter(name) => letter(*name)?,
            Self::Array(element) => SqlType::Array(Box::new(element.fill(letter)?)),
            Self::Struct(fields) => SqlType::Struct(
                fields
                    .iter()
                    .map(|(name, t)| Some(StructField { name: Some(name.clone()), sql_type: t.fill(letter)? }))
                    .collect::<Option<_>>()?,
            ),
            Self::Part => SqlType::String,
            Self::Any => return None,
        })
    }
}

/// Pieces between commas that stand outside angle brackets.
fn split(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut depth, mut start) = (0, 0);
    for (at, c) in text.char_indices() {
        match c {
            '<' => depth += 1,
            '>' => depth -= 1,
            ',' if depth == 0 => {
                pieces.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    pieces.push(&text[start..]);
    pieces
}

#[cfg(test)]
mod tests {
    use super::{Signature, Template};
    use bedside_types::SqlType;

    #[test]
    fn optional_repeated_and_constant_parameters_are_read() {
        let signature = Signature::parse("DATE, DATE, [INT64, PART] -> ARRAY<DATE>").unwrap();
        assert_eq!(signature.parameters.iter().map(|p| p.optional).collect::<Vec<_>>(), [false, false, true, true]);
        assert_eq!(signature.result, Template::Array(Box::new(Template::Fixed(SqlType::Date))));
        let signature = Signature::parse("T, const INT64 -> T").unwrap();
        assert!(signature.parameters[1].constant && !signature.takes(3));
        assert!(Signature::parse("E, E... -> BOOL").unwrap().takes(9));
        assert!(Signature::parse("-> INT64").unwrap().takes(0));
    }
}
