//! The functions and operators of GoogleSQL that this program has, as tables of facts: one table per family in the files
//! beside this one. The resolver chooses a signature here; `bedside-functions` implements what the typed tree then names;
//! documentation, completion, `describe` and "Did you mean" read the same tables.
//!
//! # What a call in the typed tree looks like
//!
//! The tree's function name is the `name` of a row below; arguments have exactly the types of one signature.
//!
//! | in the tree | arguments | result | notes |
//! |---|---|---|---|
//! | `$add` `$subtract` `$multiply` | two numbers of one type (INT64, FLOAT64, NUMERIC, BIGNUMERIC) | the same | overflow fails |
//! | `$add` `$subtract` | DATE, INT64 (`$add` also INT64, DATE) | DATE | days |
//! | `$add` `$subtract` | DATE or DATETIME, INTERVAL (`$add` also swapped) | DATETIME | |
//! | `$add` `$subtract` | TIMESTAMP, INTERVAL (`$add` also swapped); INTERVAL, INTERVAL | TIMESTAMP; INTERVAL | |
//! | `$subtract` | two DATEs, DATETIMEs, TIMESTAMPs | INTERVAL | |
//! | `$multiply` `$divide` | INTERVAL, INT64 (`$multiply` also swapped) | INTERVAL | |
//! | `$divide` | two FLOAT64, NUMERIC or BIGNUMERIC | the same | INT64 was cast to FLOAT64; zero fails |
//! | `$negate` | INT64, FLOAT64, NUMERIC, BIGNUMERIC, INTERVAL | the same | |
//! | `$equal` `$not_equal` `$less` `$less_or_equal` `$greater` `$greater_or_equal` | two of one type | BOOL | NaN equals nothing |
//! | `$is_distinct_from` | two of one type | BOOL | never NULL; NaN is not distinct from NaN |
//! | `$and` `$or` | two or more BOOL | BOOL | flattened |
//! | `$not` | BOOL | BOOL | |
//! | `$is_null` `$is_true` `$is_false` | one | BOOL | never NULL; the negated forms are below `$not` |
//! | `$like` | STRING, STRING or BYTES, BYTES | BOOL | backslash escapes |
//! | `$in` | operand, then one or more values of one type | BOOL | three-valued |
//! | `$in_array` | T, ARRAY<T> | BOOL | `x IN UNNEST(a)`, three-valued; a NULL array gives FALSE |
//! | `$concat` | two or more of STRING, BYTES or ARRAY<T> | the same | `||`, flattened |
//! | `$bit_and` `$bit_or` `$bit_xor` `$shift_left` `$shift_right` `$bit_not` | INT64 (or BYTES) | the same | |
//! | `$array` | zero or more of one type | ARRAY | constructor |
//! | `$struct` | zero or more | STRUCT | constructor, names are in the type |
//! | `$array_at_offset` `$array_at_ordinal` `$safe_array_at_offset` `$safe_array_at_ordinal` | ARRAY<T>, INT64 | T | from 0, from 1 |
//! | `$interval` | INT64, part | INTERVAL | `INTERVAL n DAY` outside date functions, not constant |
//! | `date_add` … `timestamp_sub` | value, INT64, part | see signatures | `INTERVAL n part` is taken apart |
//! | `extract` | value, part | INT64, DATE for `DATE`, TIME for `TIME`, DATETIME for `DATETIME` | |
//! | `coalesce` | one or more of one type | T | `IFNULL` comes as this |
//! | `$add` `$subtract` `$multiply` `$divide` `$negate`, error makes NULL | two (one) numbers of one type | the same | `SAFE_ADD` … `SAFE_NEGATE` come as these |
//!
//! A part is a STRING literal in capitals: `DAY`, `WEEK`, `WEEK(MONDAY)`, `ISOYEAR`. `IF` and `CASE` are
//! [`crate::tree::ExpressionKind::Case`], `CAST` is [`crate::tree::ExpressionKind::Cast`]; `MAX_BY(x, y)` comes as
//! `any_value` with `having`; `STDDEV` and `VARIANCE` as `stddev_samp` and `var_samp`, `POWER` as `pow`, `CEILING` as `ceil`,
//! and so on for every alias.
//!
//! # How signatures are written
//!
//! `STRING, INT64, [INT64] -> STRING`: optional arguments stand in brackets. `T...` is one or more, `PART` a date part,
//! `const INT64` must be a constant. `T` and `U` stand for any type, `O` for one that can be ordered, `E` for one that can be
//! compared for equality; the same letter is the same type throughout. `(STRING, ANY)...` comes again whole. `name => T = v` is
//! given by name and is `v` where it is left out; in brackets it can be given by its place too. The typed tree has such
//! arguments after the others, always all of them.

mod aggregate;
mod array;
mod bit;
mod conditional;
mod date;
mod hash;
mod json;
mod math;
mod net;
mod note;
mod operator;
mod range;
mod refused;
mod series;
mod signature;
mod sketch;
mod string;
mod window;

pub use note::Note;
pub use refused::RefusedFunctions;

pub(crate) use signature::{Parameter, Signature, Template};

use std::collections::HashMap;
use std::sync::LazyLock;

/// A function or operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Function {
    /// The name in the typed tree and, except for operators (`$add`), in SQL; lower case.
    pub name: &'static str,
    /// Where it may stand.
    pub kind: FunctionKind,
    /// Signatures as text, see the module's head.
    pub signatures: &'static [&'static str],
    /// Other names of the same function.
    pub aliases: &'static [&'static str],
    /// What it gives, in one line.
    pub description: &'static str,
    /// The family, which is also a chapter of the reference.
    pub family: &'static str,
}

/// Where a function may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FunctionKind {
    /// Anywhere; one row in, one value out.
    Scalar,
    /// Over groups, and over windows with `OVER`.
    Aggregate,
    /// With `OVER` only.
    Window,
}

/// A function with its signatures parsed.
#[derive(Debug)]
pub(crate) struct Registered {
    pub(crate) function: &'static Function,
    pub(crate) signatures: Vec<Signature>,
}

/// Every function of every family, operators included, in the order of the reference.
pub fn functions() -> impl Iterator<Item = &'static Function> {
    FAMILIES.iter().flat_map(|family| family.iter())
}

/// The function of that name or alias, in any case.
pub fn function(name: &str) -> Option<&'static Function> {
    lookup(name).map(|registered| registered.function)
}

/// The nearest name to one that no function has, in capitals for use in a message.
pub fn nearest_function(name: &str) -> Option<&'static str> {
    bedside_types::nearest(
        name,
        functions()
            .flat_map(|f| std::iter::once(f.name).chain(f.aliases.iter().copied()))
            .filter(|n| !n.starts_with('$')),
    )
}

/// Names that BigQuery's reference lists as functions and that are syntax.
pub fn forms() -> impl Iterator<Item = &'static Note> {
    note::FORMS.iter()
}

/// Functions that answer otherwise than BigQuery's, and how.
pub fn differences() -> impl Iterator<Item = &'static Note> {
    note::DIFFERENCES.iter()
}

/// Functions of BigQuery's reference that are refused by name, by reason.
pub fn refused_functions() -> impl Iterator<Item = &'static RefusedFunctions> {
    refused::REFUSED.iter()
}

/// Why a function of BigQuery's reference is refused; `None` for what is none, or is there. In any case.
pub fn refused_function(name: &str) -> Option<&'static RefusedFunctions> {
    let upper = name.to_ascii_uppercase();
    let family = refused::FAMILIES.iter().find(|(prefix, _)| upper.starts_with(prefix));
    let known = REFUSED_INDEX.get(upper.as_str());
    known.or_else(|| REFUSED_INDEX.get(family?.1)).copied()
}

pub(crate) fn lookup(name: &str) -> Option<&'static Registered> {
    INDEX.get(name.to_ascii_lowercase().as_str())
}

const FAMILIES: [&[Function]; 15] = [
    operator::FUNCTIONS,
    conditional::FUNCTIONS,
    aggregate::FUNCTIONS,
    window::FUNCTIONS,
    date::FUNCTIONS,
    series::FUNCTIONS,
    range::FUNCTIONS,
    math::FUNCTIONS,
    string::FUNCTIONS,
    array::FUNCTIONS,
    hash::FUNCTIONS,
    json::FUNCTIONS,
    bit::FUNCTIONS,
    net::FUNCTIONS,
    sketch::FUNCTIONS,
];

static INDEX: LazyLock<HashMap<&'static str, Registered>> = LazyLock::new(|| {
    let mut index = HashMap::new();
    for function in functions() {
        for name in std::iter::once(function.name).chain(function.aliases.iter().copied()) {
            let signatures = function.signatures.iter().filter_map(|text| Signature::parse(text)).collect();
            index.insert(name, Registered { function, signatures });
        }
    }
    index
});

static REFUSED_INDEX: LazyLock<HashMap<&'static str, &'static RefusedFunctions>> = LazyLock::new(|| {
    refused_functions().flat_map(|group| group.names.iter().map(move |name| (*name, group))).collect()
});

const fn scalar(
    family: &'static str,
    name: &'static str,
    aliases: &'static [&'static str],
    signatures: &'static [&'static str],
    description: &'static str,
) -> Function {
    Function { name, kind: FunctionKind::Scalar, signatures, aliases, description, family }
}

#[cfg(test)]
mod tests {
    use super::{Signature, function, functions, nearest_function, refused_function, refused_functions};
    use std::collections::HashSet;

    #[test]
    fn every_signature_parses_and_every_name_is_used_once() {
        let mut names = HashSet::new();
        for function in functions() {
            assert!(!function.description.is_empty() && !function.signatures.is_empty(), "{}", function.name);
            for signature in function.signatures {
                assert!(Signature::parse(signature).is_some(), "{}: {signature}", function.name);
            }
            for name in std::iter::once(&function.name).chain(function.aliases) {
                assert_eq!(*name, name.to_ascii_lowercase());
                assert!(names.insert(*name), "{name} is there twice");
            }
        }
    }

    #[test]
    fn what_is_refused_is_not_offered() {
        for name in refused_functions().flat_map(|group| group.names) {
            assert_eq!(*name, name.to_ascii_uppercase());
            assert!(function(name).is_none(), "{name} is offered and refused");
        }
        assert_eq!(refused_function("ml.anything").map(|group| group.family), Some("machine learning"));
        assert_eq!(refused_function("St_Distance").map(|group| group.family), Some("geography"));
        assert!(refused_function("lower").is_none());
    }

    #[test]
    fn names_are_found_in_any_case_and_by_alias() {
        assert_eq!(function("Lower").map(|f| f.name), Some("lower"));
        assert_eq!(function("POWER").map(|f| f.name), Some("pow"));
        assert_eq!(nearest_function("lowr"), Some("lower"));
    }
}
