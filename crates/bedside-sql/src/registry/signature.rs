//! Signatures as data: parsed from the text in the tables.

use bedside_types::{SqlType, StructField, Value};

/// A signature.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Signature {
    /// Parameters that are given by place.
    pub(crate) parameters: Vec<Parameter>,
    /// Parameters that are given by name only. In the typed tree they follow the others, all of them, in this order.
    pub(crate) named: Vec<Parameter>,
    pub(crate) result: Template,
    /// How many of the last parameters may come again, together and any number of times.
    pub(crate) repeated: usize,
}

/// One parameter of a signature.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Parameter {
    pub(crate) template: Template,
    pub(crate) optional: bool,
    pub(crate) constant: bool,
    /// The name that it can be given by.
    pub(crate) name: Option<String>,
    /// What stands for it where it is left out.
    pub(crate) default: Option<Value>,
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
        // Arrows of named parameters are `=>`.
        let (arguments, result) = text.split_once("->")?;
        let mut signature =
            Self { parameters: Vec::new(), named: Vec::new(), result: Template::parse(result.trim())?, repeated: 0 };
        let mut optional = false;
        for piece in split(arguments) {
            let mut piece = piece.trim();
            if piece.is_empty() {
                continue;
            }
            if let Some(group) = piece.strip_prefix('(').and_then(|group| group.strip_suffix(")...")) {
                for template in split(group) {
                    signature.parameters.push(Parameter::parse(template.trim(), optional)?);
                    signature.repeated += 1;
                }
                continue;
            }
            // `[INT64, PART]` is split into `[INT64` and `PART]`: optional from the bracket on.
            let bracketed = piece.starts_with('[') || optional;
            if let Some(rest) = piece.strip_prefix('[') {
                optional = true;
                piece = rest;
            }
            piece = piece.strip_suffix(']').unwrap_or(piece);
            if let Some(rest) = piece.strip_suffix("...") {
                signature.repeated = 1;
                piece = rest;
            }
            let parameter = Parameter::parse(piece, optional)?;
            if parameter.name.is_some() && !bracketed {
                signature.named.push(parameter);
            } else {
                signature.parameters.push(parameter);
            }
        }
        Some(signature)
    }

    /// The parameter that takes the argument at `index` of so many.
    pub(crate) fn parameter(&self, index: usize, count: usize) -> Option<&Parameter> {
        let positional = count.checked_sub(self.named.len())?;
        if index >= positional {
            return self.named.get(index - positional);
        }
        self.parameters.get(index).or_else(|| {
            let beyond = (index - self.parameters.len()).checked_rem(self.repeated)?;
            self.parameters.get(self.parameters.len() - self.repeated + beyond)
        })
    }

    /// Whether so many arguments fit, those of named parameters among them.
    pub(crate) fn takes(&self, count: usize) -> bool {
        count.checked_sub(self.named.len()).is_some_and(|positional| self.takes_positional(positional))
    }

    /// Whether so many arguments by place fit.
    pub(crate) fn takes_positional(&self, count: usize) -> bool {
        let least = self.parameters.iter().filter(|p| !p.optional).count();
        let beyond = count.saturating_sub(self.parameters.len());
        count >= least && (beyond == 0 || beyond.checked_rem(self.repeated) == Some(0))
    }

    /// Whether something can be given by name, or has a default.
    pub(crate) fn has_names(&self) -> bool {
        !self.named.is_empty() || self.parameters.iter().any(|p| p.name.is_some() || p.default.is_some())
    }

    /// The parameter of that name.
    pub(crate) fn by_name(&self, name: &str) -> Option<&Parameter> {
        let mut all = self.parameters.iter().chain(&self.named);
        all.find(|p| p.name.as_ref().is_some_and(|own| own.eq_ignore_ascii_case(name)))
    }
}

impl Parameter {
    /// Reads `const INT64`, `max_distance => INT64 = 1`.
    fn parse(text: &str, optional: bool) -> Option<Self> {
        let (name, text) = match text.split_once("=>") {
            Some((name, rest)) => (Some(name.trim().to_owned()), rest.trim()),
            None => (None, text),
        };
        let (text, default) = match text.split_once(" = ") {
            Some((text, default)) => (text.trim(), Some(default_value(default.trim())?)),
            None => (text, None),
        };
        let constant = text.starts_with("const ");
        let template = Template::parse(text.strip_prefix("const ").unwrap_or(text))?;
        Some(Self { template, optional, constant, name, default })
    }
}

/// A default as the tables write it.
fn default_value(text: &str) -> Option<Value> {
    Some(match text {
        "NULL" => Value::Null,
        "TRUE" => Value::Bool(true),
        "FALSE" => Value::Bool(false),
        _ => match text.strip_prefix('\'').and_then(|text| text.strip_suffix('\'')) {
            Some(text) => Value::String(text.to_owned()),
            None => Value::Int64(text.parse().ok()?),
        },
    })
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
                } else if let Ok(sql_type) = text.parse() {
                    Self::Fixed(sql_type)
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

/// Pieces between commas that stand outside angle brackets and parentheses.
fn split(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut depth, mut start) = (0, 0);
    for (at, c) in text.char_indices() {
        match c {
            '<' | '(' => depth += 1,
            // The arrow of a name closes nothing.
            '>' if text[..at].ends_with('=') => {}
            '>' | ')' => depth -= 1,
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
    use bedside_types::{SqlType, Value};

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

    #[test]
    fn named_parameters_follow_and_groups_repeat_whole() {
        let text = "JSON, (STRING, ANY)..., create_if_missing => BOOL = TRUE -> JSON";
        let signature = Signature::parse(text).unwrap();
        assert!(signature.takes(4) && signature.takes(6) && !signature.takes(5));
        assert_eq!(signature.parameter(3, 6).unwrap().template, Template::Fixed(SqlType::String));
        assert_eq!(signature.parameter(5, 6).unwrap().default, Some(Value::Bool(true)));
        let signature = Signature::parse("[year => INT64 = 0], [month => INT64 = 0] -> INTERVAL").unwrap();
        assert_eq!((signature.parameters.len(), signature.named.len()), (2, 0));
        assert!(signature.by_name("MONTH").is_some() && signature.has_names());
    }
}
